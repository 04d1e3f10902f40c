/* SPDX-License-Identifier: MIT */
/*
 * The page of one link: where it is, what it is connected with, its addresses and numbers. Reads
 * what was collected with the graph.
 */
#include <stdlib.h>
#include <string.h>

#include <nsview/render.h>

#include "net.h"
#include "show.h"

enum { ANY = (1 << NS_TYPES) - 1, ADDRS_SHOWN = 100 };

static const struct net_link *link_of(const struct page *page)
{
	return page->row.item;
}

static void say_namespace(struct page *page)
{
	words_ns(&page->words, page->row.ns);
	buffer_char(&page->text, ' ');
	words_who_ns(&page->words, page->row.ns);
}

static void say_kind(struct page *page)
{
	const char *kind = net_link_kind(link_of(page));

	words_escape(&page->words, *kind ? kind : "?", strlen(*kind ? kind : "?"));
}

static void say_state(struct page *page)
{
	static const struct {
		const char *state, *meaning;
	} meanings[] = {
		{ "DOWN", "switched off" },
		{ "LLD", "the other end, or what it stands on, is down" },
		{ "NOCARR", "no carrier" },
		{ "BLOCKED", "the bridge lets nothing through" },
	};
	const char *state = net_link_state(link_of(page));

	buffer_text(&page->text, state);
	for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++)
		if (strcmp(meanings[i].state, state) == 0)
			buffer_printf(&page->text, " (%s)", meanings[i].meaning);
}

static void say_wire(struct page *page, const struct net_wire *wire)
{
	const struct net_link *link = link_of(page), *far = wiring_far(wire, link);
	const struct wiring_line line = { .link = link, .like = 1, .stub = wire };

	if (far) {
		net_far_words(page->t, page->graph, far, link, &page->text);
		buffer_printf(&page->text, "  %s", net_wire_kind_names[wire->kind]);
	} else {
		net_stub_words(&page->words, &line);
	}
	buffer_text(&page->text, wire->up ? "\n" : ", nothing passes\n");
}

static void say_wires(struct page *page)
{
	const struct net_wire **wires;
	size_t n = net_wires_of(page->graph->net, link_of(page), &wires);

	for (size_t i = 0; i < n && i < SHOW_MEMBERS; i++)
		say_wire(page, wires[i]);
	if (!n)
		buffer_text(&page->text, "none");
	if (n > SHOW_MEMBERS)
		buffer_printf(&page->text, "and %zu more", n - SHOW_MEMBERS);
	free(wires);
}

static void say_addresses(struct page *page)
{
	const struct net_addr *addr = NULL;
	char text[NET_IP_TEXT];
	unsigned n = 0;

	if (!say_net_part(page, link_of(page)->net, NET_PART_ADDRS))
		return;
	while ((addr = net_link_next_addr(link_of(page), addr)) && n++ < ADDRS_SHOWN) {
		const char *scope = net_scope_name(addr->scope);

		buffer_printf(&page->text, "%s/%u", net_ip_text(&addr->ip, text), addr->len);
		if (addr->peer.family)
			buffer_printf(&page->text, " peer %s", net_ip_text(&addr->peer, text));
		buffer_printf(&page->text, "  %s%s", scope ? scope : "",
			      addr->flags & NET_ADDR_DADFAILED ? ", in use elsewhere\n" : "\n");
	}
	if (addr)
		buffer_text(&page->text, "and more");
	if (!n)
		buffer_text(&page->text, "none");
}

static void say_alias(struct page *page)
{
	if (link_of(page)->alias)
		words_escape(&page->words, link_of(page)->alias, strlen(link_of(page)->alias));
}

static void say_more(struct page *page)
{
	buffer_printf(&page->text, "nsview net --around net:%ju", (uintmax_t)page->row.ns->ino);
}

static const struct page_entry entries[] = {
	{ "Namespace", ANY, NULL, say_namespace },
	{ "Kind", ANY, NULL, say_kind },
	{ "State", ANY, NULL, say_state },
	{ "Wires", ANY, NULL, say_wires },
	{ "Addresses", ANY, NULL, say_addresses },
	{ "Index", ANY, "index", NULL },
	{ "Mac", ANY, "mac", NULL },
	{ "Mtu", ANY, "mtu", NULL },
	{ "Alias", ANY, NULL, say_alias },
	{ "Received", ANY, "rx_bytes", NULL },
	{ "Sent", ANY, "tx_bytes", NULL },
	{ "Run", ANY, NULL, say_more },
	{ 0 },
};

static void say_title(struct page *page)
{
	const struct net_link *link = link_of(page);

	words_escape(&page->words, link->name, strlen(link->name));
	buffer_text(&page->text, " of ");
	net_place_words(&page->words, link->net);
}

int show_link(const struct term *t, const struct graph *g, const struct ns *ns,
	      const struct net_link *link)
{
	const struct row row = { .graph = g, .ns = ns, .item = link };

	return page_print(t, &row, say_title, entries, &link_columns);
}
