/* SPDX-License-Identifier: MIT */
/* Networks made by hand, for tests of what is derived from them and of how they are shown. */
#ifndef NSVIEW_TESTS_NET_SAMPLE_H
#define NSVIEW_TESTS_NET_SAMPLE_H

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <nsview/net.h>

enum { SAMPLE_NETS = 64, SAMPLE_LINKS = 64, SAMPLE_WIRES = 256, SAMPLE_ADDRS = 16 };

struct net_sample {
	struct graph *graph;
	struct net net;
	struct net_ns *list[SAMPLE_NETS];
	struct net_wire wires[SAMPLE_WIRES];
};

static inline void net_sample_drop(struct net *net)
{
	for (size_t i = 0; i < net->n; i++) {
		for (size_t k = 0; k < net->list[i]->nlinks; k++)
			free(net->list[i]->links[k]);
		free(net->list[i]->links);
		free(net->list[i]->addrs);
		free(net->list[i]);
	}
	free((char *)net - offsetof(struct net_sample, net));
}

/* Networks that go with a graph, as after net_attach. */
static inline struct net_sample *net_sample_on(struct graph *g)
{
	struct net_sample *s = calloc(1, sizeof(*s));

	assert(s);
	s->graph = s->net.graph = g;
	s->net.list = s->list;
	s->net.wires = s->wires;
	g->net = &s->net;
	g->net_free = net_sample_drop;
	return s;
}

static inline struct net_sample *net_sample_new(void)
{
	return net_sample_on(graph_new());
}

static inline void net_sample_free(struct net_sample *s)
{
	graph_free(s->graph);
}

static inline struct net_link *net_sample_link(struct net_ns *net, const char *name,
					       const char *kind)
{
	struct net_link *link = calloc(1, sizeof(*link));

	assert(link && net->nlinks < SAMPLE_LINKS);
	*link = (struct net_link){ .net = net,
				   .index = (uint32_t)net->nlinks + 1,
				   .name = name,
				   .kind = kind,
				   .flags = IFF_UP,
				   .oper = NET_OPER_UP,
				   .mtu = 1500,
				   .port_state = -1 };
	net->links[net->nlinks++] = link;
	return link;
}

/* A namespace with a loopback link that is up; the first is the host's, if no other is. */
static inline struct net_ns *net_sample_ns(struct net_sample *s, uint64_t ino)
{
	struct net_ns *net = calloc(1, sizeof(*net));
	struct net_link *lo;

	assert(net && s->net.n < SAMPLE_NETS);
	net->all = &s->net;
	net->at = s->net.n;
	net->ns = graph_add(s->graph, NS_NET, ino);
	net->via_nsid = -1;
	net->entry = NET_ENTRY_JOINED;
	net->parts[NET_PART_LINKS].fact = net->parts[NET_PART_ADDRS].fact = fact_known();
	net->links = calloc(SAMPLE_LINKS, sizeof(struct net_link *));
	net->addrs = calloc(SAMPLE_ADDRS, sizeof(struct net_addr));
	s->list[s->net.n++] = net;
	if (!s->graph->host[NS_NET])
		s->graph->host[NS_NET] = net->ns;
	lo = net_sample_link(net, "lo", NULL);
	lo->flags |= IFF_LOOPBACK;
	return net;
}

static inline void net_sample_addr(struct net_link *link, const char *ip, uint8_t len)
{
	struct net_addr *addr = &link->net->addrs[link->net->naddrs++];

	assert(link->net->naddrs <= SAMPLE_ADDRS);
	addr->link = link;
	addr->index = link->index;
	addr->len = len;
	assert(net_ip_parse(ip, &addr->ip) == 0);
}

static inline struct net_wire *net_sample_wire(struct net_sample *s, enum net_wire_kind kind,
					       struct net_link *a, struct net_link *b)
{
	struct net_wire *wire = &s->wires[s->net.nwires++];

	assert(s->net.nwires <= SAMPLE_WIRES);
	*wire = (struct net_wire){ .kind = kind,
				   .a = a,
				   .b = b,
				   .fd = -1,
				   .how = b ? NET_HOW_BOTH : NET_HOW_UNRESOLVED,
				   .up = true };
	return wire;
}

static inline void net_sample_end(struct net_end *end, struct net_link *link)
{
	*end = (struct net_end){ .how = NET_HOW_BOTH,
				 .index = link->index,
				 .nsid = -1,
				 .link = link,
				 .net = link->net };
}

/* A veth pair, ends resolved. */
static inline struct net_wire *net_sample_veth(struct net_sample *s, struct net_link *a,
					       struct net_link *b)
{
	net_sample_end(&a->peer, b);
	net_sample_end(&b->peer, a);
	return net_sample_wire(s, NET_WIRE_VETH, a, b);
}

static inline void net_sample_port(struct net_sample *s, struct net_link *port,
				   struct net_link *bridge)
{
	net_sample_end(&port->master, bridge);
	port->port_kind = "bridge";
	net_sample_wire(s, NET_WIRE_BRIDGE, port, bridge);
}

#endif
