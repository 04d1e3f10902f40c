/* SPDX-License-Identifier: MIT */
/*
 * What the page of a network namespace has of its network: links with where they lead, routes,
 * listening sockets with who has them open. Reads what was collected with the graph; where nothing
 * was, there is the number of links only.
 */
#include <stdlib.h>
#include <string.h>

#include <nsview/render.h>

#include "cell.h"
#include "net.h"
#include "show.h"

static const struct net_ns *net_of(const struct page *page)
{
	return page->graph->net ? net_find(page->graph->net, page->row.ns) : NULL;
}

bool say_net_part(struct page *page, const struct net_ns *net, enum net_part part)
{
	const struct net_known *known = net ? &net->parts[part] : NULL;

	if (!known)
		return false;
	if (known->fact.state == FACT_UNREAD)
		buffer_text(&page->text, "(not read yet)");
	else if (!fact_is_known(known->fact)) {
		words_unknown(&page->words, known->fact);
		if (known->why) {
			buffer_text(&page->text, ": ");
			words_escape(&page->words, known->why, strlen(known->why));
		}
	}
	return fact_is_known(known->fact);
}

/* option: of the command that shows the rest. */
static void end_part(struct page *page, const struct net_ns *net, enum net_part part, size_t n,
		     const char *option)
{
	const struct net_known *known = &net->parts[part];

	if (!n)
		buffer_text(&page->text, "none");
	if (n > SHOW_MEMBERS)
		buffer_printf(&page->text, "and %zu more: nsview net --%s net:%ju\n",
			      n - SHOW_MEMBERS, option, (uintmax_t)page->row.ns->ino);
	if (known->torn || known->missing) {
		buffer_text(&page->text, "not all: ");
		if (known->why)
			words_escape(&page->words, known->why, strlen(known->why));
		else
			buffer_printf(&page->text, "%u left out", known->missing);
	}
}

/* A wire whose other end is no link that was seen, or is not that of the name. */
static void say_wires(struct page *page, const struct net_link *link)
{
	const struct net_wire **wires;
	size_t n = net_wires_of(page->graph->net, link, &wires);

	for (size_t i = 0; i < n; i++) {
		const struct net_link *far = wiring_far(wires[i], link);
		const struct wiring_line line = { .link = link, .like = 1, .stub = wires[i] };

		if (wires[i]->a != link || (far && far != link->master.link))
			continue;
		buffer_text(&page->text, ", ");
		if (far)
			buffer_text(&page->text, "port of ");
		if (far)
			words_escape(&page->words, far->name, strlen(far->name));
		else
			net_stub_words(&page->words, &line);
	}
	free(wires);
}

static void say_link(struct page *page, const struct net_link *link)
{
	size_t far;

	net_link_words(page->t, page->graph, link, &page->text, &far);
	net_link_rest_words(&page->words, link);
	say_wires(page, link);
	buffer_char(&page->text, '\n');
}

void say_net_links(struct page *page)
{
	const struct net_ns *net = net_of(page);

	if (!net)
		page_say_column(page, column_find(&ns_columns, "nlinks", strlen("nlinks")));
	if (!say_net_part(page, net, NET_PART_LINKS))
		return;
	for (size_t i = 0; i < net->nlinks && i < SHOW_MEMBERS; i++)
		say_link(page, net->links[i]);
	end_part(page, net, NET_PART_LINKS, net->nlinks, "links");
}

/* A cell of a table of networks behind some words, if there is anything in it. */
static void say_cell(struct page *page, const char *before, const struct column_table *table,
		     const char *key, const void *item)
{
	const struct row row = { .graph = page->graph, .ns = page->row.ns, .item = item };
	struct value *v = &page->value;

	cell_read(column_find(table, key, strlen(key)), &row, v);
	if (v->fact.state == FACT_NONE)
		return;
	buffer_text(&page->text, before);
	value_display(v);
	words_escape(&page->words, v->text, v->len);
}

/* As ip-route(8) has it. */
static void say_route(struct page *page, const struct net_route *route)
{
	const struct column_table *t = &route_columns;

	if (route->type != NET_ROUTE_UNICAST)
		buffer_printf(&page->text, "%s ", net_route_type_names[route->type]);
	say_cell(page, "", t, "dst", route);
	say_cell(page, " via ", t, "gateway", route);
	say_cell(page, " dev ", t, "link", route);
	say_cell(page, " src ", t, "prefsrc", route);
	if (route->metric)
		say_cell(page, " metric ", t, "metric", route);
	if (route->table != NET_TABLE_MAIN)
		say_cell(page, " table ", t, "table", route);
	buffer_char(&page->text, '\n');
}

/* Those of the kernel's own table follow from the addresses. */
void say_net_routes(struct page *page)
{
	const struct net_ns *net = net_of(page);
	size_t n = 0;

	if (!say_net_part(page, net, NET_PART_ROUTES))
		return;
	for (size_t i = 0; i < net->nroutes; i++)
		if (net->routes[i].table != NET_TABLE_LOCAL && ++n <= SHOW_MEMBERS)
			say_route(page, &net->routes[i]);
	end_part(page, net, NET_PART_ROUTES, n, "routes");
}

void say_net_listeners(struct page *page)
{
	const struct net_ns *net = net_of(page);
	size_t n = 0;

	if (!say_net_part(page, net, NET_PART_SOCKETS))
		return;
	for (size_t i = 0; i < net->nsockets; i++) {
		const struct net_socket *socket = &net->sockets[i];

		if (!net_socket_listens(socket) || ++n > SHOW_MEMBERS)
			continue;
		say_cell(page, "", &socket_columns, "proto", socket);
		say_cell(page, " ", &socket_columns, "local", socket);
		say_cell(page, " ", &socket_columns, "holders", socket);
		buffer_char(&page->text, '\n');
	}
	end_part(page, net, NET_PART_SOCKETS, n, "listen");
}
