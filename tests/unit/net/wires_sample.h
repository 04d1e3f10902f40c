/* SPDX-License-Identifier: MIT */
/* Namespaces with links and numbers put together by hand, for what is found out across them. */
#ifndef NSVIEW_TESTS_NET_WIRES_SAMPLE_H
#define NSVIEW_TESTS_NET_WIRES_SAMPLE_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../../../src/net/index.h"
#include "../../../src/net/parse.h"

static struct net *net;
static struct graph *graph;

static inline int set_up(void **state)
{
	(void)state;
	graph = graph_new();
	net = calloc(1, sizeof(*net));
	assert_non_null(net);
	net->graph = graph;
	return 0;
}

static inline int tear_down(void **state)
{
	(void)state;
	net_free(net);
	graph_free(graph);
	return 0;
}

static inline struct net_ns *add_ns(uint64_t ino)
{
	struct net_ns *ns = net_ns_new(net, graph_add(graph, NS_NET, ino));

	net_add(net, ns);
	ns->parts[NET_PART_LINKS].fact = fact_known();
	return ns;
}

/* Links are added by rising index. */
static inline struct net_link *add_link(struct net_ns *ns, uint32_t index, const char *name,
					const char *kind)
{
	struct net_link *link = arena_alloc(&ns->arena, sizeof(*link));
	struct net_link **links =
		arena_alloc(&ns->arena, (ns->nlinks + 1) * sizeof(struct net_link *));

	for (size_t i = 0; i < ns->nlinks; i++)
		links[i] = ns->links[i];
	*link = (struct net_link){ .net = ns,
				   .index = index,
				   .name = name,
				   .kind = kind,
				   .flags = IFF_UP,
				   .oper = NET_OPER_UP,
				   .port_state = -1 };
	link->peer.nsid = link->lower.nsid = link->master.nsid = NSID_NONE;
	links[ns->nlinks++] = link;
	ns->links = links;
	return link;
}

static inline struct net_link *add_veth(struct net_ns *ns, uint32_t index, const char *name,
					uint32_t peer, int32_t nsid)
{
	struct net_link *link = add_link(ns, index, name, "veth");

	link->peer = (struct net_end){ .how = NET_HOW_UNRESOLVED, .index = peer, .nsid = nsid };
	return link;
}

static inline void know(struct net_ns *ns, int32_t id, struct net_ns *to)
{
	autovec ids = VEC(struct net_nsid);

	for (size_t i = 0; i < ns->nnsids; i++)
		*(struct net_nsid *)vec_add(&ids) = ns->nsids[i];
	*(struct net_nsid *)vec_add(&ids) = (struct net_nsid){ id, to };
	nsids_keep(ns, &ids);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
