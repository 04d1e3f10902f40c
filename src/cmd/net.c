/* SPDX-License-Identifier: MIT */
/*
 * `nsview net`: network namespaces, their links, and the wires between them; or, with an option
 * for a kind of thing, a table of that kind over all of them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/wiring.h>

#include "netview.h"

struct net_options {
	struct listing_options listing;
	const char *around;
	bool all;
	bool tables[8]; /* by index into named_tables */
};

static const void *link_item(const struct net_ns *net, size_t i)
{
	return net->links[i];
}

static const void *addr_item(const struct net_ns *net, size_t i)
{
	return &net->addrs[i];
}

static const void *route_item(const struct net_ns *net, size_t i)
{
	return &net->routes[i];
}

static const void *rule_item(const struct net_ns *net, size_t i)
{
	return &net->rules[i];
}

static const void *neigh_item(const struct net_ns *net, size_t i)
{
	return &net->neighs[i];
}

static const void *socket_item(const struct net_ns *net, size_t i)
{
	return &net->sockets[i];
}

static const void *listener_item(const struct net_ns *net, size_t i)
{
	return net_socket_listens(&net->sockets[i]) ? &net->sockets[i] : NULL;
}

static const void *filter_item(const struct net_ns *net, size_t i)
{
	return &net->filter_lines[i];
}

/* By the option that asks for them, which is also the key of the array in JSON. */
static const struct command_table named_tables[] = {
	{ "links", &link_columns },
	{ "addrs", &addr_columns },
	{ "routes", &route_columns },
	{ "rules", &rule_columns },
	{ "neigh", &neigh_columns },
	{ "listen", &socket_columns },
	{ "sockets", &socket_columns },
	{ "firewall", &firewall_columns },
	{ NULL, NULL },
};
enum { NET_TABLES = sizeof(named_tables) / sizeof(named_tables[0]) - 1 };
_Static_assert(sizeof(((struct net_options *)0)->tables) == NET_TABLES * sizeof(bool),
	       "one for each");

/* In the same order: which part of struct net_ns each lists. An item may be NULL: passed over. */
static const struct net_table {
	unsigned what;
	size_t count; /* offset of the number of items */
	const void *(*item)(const struct net_ns *net, size_t i);
} net_tables[NET_TABLES] = {
	{ NET_LINKS | NET_ADDRS, offsetof(struct net_ns, nlinks), link_item },
	{ NET_LINKS | NET_ADDRS, offsetof(struct net_ns, naddrs), addr_item },
	{ NET_LINKS | NET_ROUTES, offsetof(struct net_ns, nroutes), route_item },
	{ NET_RULES, offsetof(struct net_ns, nrules), rule_item },
	{ NET_LINKS | NET_NEIGH, offsetof(struct net_ns, nneighs), neigh_item },
	{ NET_SOCKETS, offsetof(struct net_ns, nsockets), listener_item },
	{ NET_SOCKETS, offsetof(struct net_ns, nsockets), socket_item },
	{ NET_FILTER, offsetof(struct net_ns, nfilter_lines), filter_item },
};

static const struct command_table *name_of(const struct net_table *table)
{
	return &named_tables[table - net_tables];
}

#define TABLE_OPTION(index, name, help)                                                            \
	{                                                                                          \
		0, name, OPTION_FLAG, offsetof(struct net_options, tables[index]), NULL, NULL,     \
			help                                                                       \
	}
static const struct option_spec net_option_table[] = {
	{ 'a', "all", OPTION_FLAG, offsetof(struct net_options, all), NULL, NULL,
	  "also namespaces with lo only, and each of those that are alike" },
	{ 0, "around", OPTION_TEXT, offsetof(struct net_options, around), "TARGET[,N]", "target",
	  "only what is within N wires (1) of TARGET" },
	TABLE_OPTION(0, "links", "table of links"),
	TABLE_OPTION(1, "addrs", "table of addresses"),
	TABLE_OPTION(2, "routes", "table of routes, of all routing tables"),
	TABLE_OPTION(3, "rules", "table of policy routing rules"),
	TABLE_OPTION(4, "neigh", "table of neighbours"),
	TABLE_OPTION(5, "listen", "table of listening sockets"),
	TABLE_OPTION(6, "sockets", "table of all sockets"),
	TABLE_OPTION(7, "firewall", "table of rules of packet filters"),
	{ 'J', "json", OPTION_OPTIONAL, offsetof(struct net_options, listing.json), "FORMAT",
	  "pretty|lines", "JSON: everything; of a table, its rows" },
	{ 'o', "output", OPTION_TEXT, offsetof(struct net_options, listing.columns), "LIST",
	  "columns", "columns of a table; +LIST adds to the default" },
	{ 0, "output-all", OPTION_FLAG, offsetof(struct net_options, listing.all_columns), NULL,
	  NULL, "all columns of a table" },
	{ 'n', "noheadings", OPTION_FLAG, offsetof(struct net_options, listing.noheadings), NULL,
	  NULL, "no headings" },
	{ 'r', "raw", OPTION_FLAG, offsetof(struct net_options, listing.raw), NULL, NULL,
	  "one space between fields, spaces within as \\x20" },
	{ 'u', "notruncate", OPTION_FLAG, offsetof(struct net_options, listing.notruncate), NULL,
	  NULL, "do not cut text to make it fit" },
	{ 'Q', "filter", OPTION_TEXT, offsetof(struct net_options, listing.filter), "EXPR",
	  "filter", "only rows of a table where EXPR is true (nsview help filters)" },
	{ 'H', "list-columns", OPTION_FLAG, offsetof(struct net_options, listing.list_columns),
	  NULL, NULL, "list the columns of a table" },
	{ 0 },
};

/* The table asked for, NULL for the picture. -EINVAL where there are several. */
static int choose_table(const struct net_options *o, const struct net_table **out,
			struct error *err)
{
	*out = NULL;
	for (size_t i = 0; i < NET_TABLES; i++) {
		if (!o->tables[i])
			continue;
		if (*out)
			return error_set(err, -EINVAL, "--%s and --%s exclude each other",
					 name_of(*out)->option, named_tables[i].option);
		*out = &net_tables[i];
	}
	if (!*out && (o->listing.columns || o->listing.all_columns || o->listing.filter ||
		      o->listing.raw || o->listing.list_columns))
		return error_set(err, -EINVAL,
				 "columns and filters are of tables: add --links, --addrs, "
				 "--routes, --rules, --neigh, --listen, --sockets or --firewall");
	if (!*out && o->listing.json && strcmp(o->listing.json, "lines") == 0)
		return error_set(err, -EINVAL,
				 "--json=lines is of tables; everything is one document");
	return 0;
}

static size_t count_items(const struct netview *n, const struct net_table *table)
{
	size_t count = 0;

	for (size_t i = 0; i < n->nchosen; i++)
		count += *(const size_t *)((const char *)n->chosen[i] + table->count);
	return count;
}

static bool print_table(struct netview *n, const struct net_table *table, const struct listing *l,
			const struct net_options *o)
{
	struct row *rows = calloc(count_items(n, table) + 1, sizeof(*rows));
	size_t kept = 0;

	if (!rows)
		die("out of memory");
	for (size_t i = 0; i < n->nchosen; i++) {
		const struct net_ns *net = n->chosen[i];
		size_t count = *(const size_t *)((const char *)net + table->count);

		for (size_t k = 0; k < count; k++) {
			rows[kept] = (struct row){ .graph = n->view.graph,
						   .ns = net->ns,
						   .item = table->item(net, k) };
			kept += rows[kept].item && view_passes(&n->view, l->filter, &rows[kept]);
		}
	}
	if (kept || l->format == TABLE_JSON)
		listing_print(l, &o->listing, &n->view, name_of(table)->option, rows, kept, NULL,
			      0);
	free(rows);
	return kept > 0;
}

static bool print_picture(struct netview *n, enum table_format format, const struct net_options *o)
{
	struct wiring wiring;
	struct pager pager;
	bool any;

	if (format != TABLE_LAID_OUT) {
		net_json(&n->view.term, n->view.graph, n->net, n->chosen, n->nchosen);
		return n->nchosen > 0;
	}
	netview_wiring(n, o->all, &wiring);
	any = wiring.nlines > 0 || wiring.nfolded > 0;
	pager = pager_start(&n->view.inv->global);
	net_print(&n->view.term, n->view.graph, &wiring);
	pager_end(&pager);
	wiring_release(&wiring);
	return any;
}

static unsigned parts_wanted(const struct net_table *table, enum table_format format)
{
	if (table)
		return table->what;
	return format == TABLE_LAID_OUT ? NET_LINKS | NET_ADDRS : NET_ALL;
}

static int show(struct netview *n, const struct net_table *table, const struct listing *l,
		const struct net_options *o)
{
	bool any;

	netview_read_names(n, l->needs);
	n->told = table ? table->what : 0;
	if (table)
		any = print_table(n, table, l, o);
	else
		any = print_picture(n, l->format, o);
	return netview_finish(n, any);
}

static int run(const struct invocation *inv)
{
	const struct net_options *o = inv->options;
	const struct net_table *table;
	struct listing listing = { 0 };
	struct netview n = { 0 };
	struct error err = { 0 };
	int status = EXIT_TROUBLE;
	int ret = choose_table(o, &table, &err);

	if (ret == 0 && o->listing.list_columns)
		return listing_print_columns(name_of(table)->columns);
	if (ret == 0)
		ret = listing_init(&listing, &o->listing,
				   table ? name_of(table)->columns : &link_columns, &err);
	if (ret == 0)
		ret = netview_open(&n, inv, o->around, parts_wanted(table, listing.format), &err);
	if (ret < 0)
		report(&err);
	else
		status = show(&n, table, &listing, o);
	netview_close(&n);
	listing_release(&listing);
	return status;
}

const struct command command_net = {
	.name = "net",
	.args = "[TARGET...]",
	.summary = "show network namespaces, their links, and the wires between them",
	.options = net_option_table,
	.options_size = sizeof(struct net_options),
	.tables = named_tables,
	.complete = "target",
	.run = run,
};
