/* SPDX-License-Identifier: MIT */
/* Networks that go with the host of fixture.h, made by hand; freed with their graph. */
#ifndef NSVIEW_TESTS_TUI_NET_FIXTURE_H
#define NSVIEW_TESTS_TUI_NET_FIXTURE_H

#include <nsview/net.h>

#include "fixture.h"

enum { FIXTURE_LINKS = 64, FIXTURE_NETS = 64, FIXTURE_WIRES = 128 };

static inline struct net *net_new(struct graph *g)
{
	struct net *net = calloc(1, sizeof(*net));

	assert_non_null(net);
	net->graph = g;
	net->arena = (struct arena)ARENA_INIT;
	net->list = calloc(FIXTURE_NETS, sizeof(struct net_ns *));
	net->wires = arena_alloc(&net->arena, FIXTURE_WIRES * sizeof(*net->wires));
	net_attach(net);
	return net;
}

static inline struct net_link *add_link(struct net_ns *at, uint32_t number, const char *name,
					const char *kind)
{
	struct net_link *link = arena_alloc(&at->arena, sizeof(*link));

	*link = (struct net_link){ .net = at,
				   .index = number,
				   .name = name,
				   .kind = kind,
				   .flags = IFF_UP,
				   .oper = NET_OPER_UP,
				   .mtu = 1500,
				   .port_state = -1 };
	at->links[at->nlinks++] = link;
	return link;
}

static inline struct net_ns *add_net(struct net *net, struct ns *ns)
{
	struct net_ns *at = calloc(1, sizeof(*at));

	assert_non_null(at);
	*at = (struct net_ns){ .all = net, .at = net->n, .ns = ns, .via_nsid = -1 };
	at->entry = NET_ENTRY_JOINED;
	at->arena = (struct arena)ARENA_INIT;
	at->parts[NET_PART_LINKS].fact = at->parts[NET_PART_ADDRS].fact = fact_known();
	at->links = arena_alloc(&at->arena, FIXTURE_LINKS * sizeof(struct net_link *));
	net->list[net->n++] = at;
	add_link(at, 1, "lo", NULL)->flags |= IFF_LOOPBACK;
	return at;
}

static inline struct net_wire *add_wire(struct net *net, enum net_wire_kind kind,
					struct net_link *a, struct net_link *b)
{
	struct net_wire *wire = &net->wires[net->nwires++];

	*wire = (struct net_wire){ .kind = kind,
				   .a = a,
				   .b = b,
				   .fd = -1,
				   .how = b ? NET_HOW_BOTH : NET_HOW_UNRESOLVED,
				   .up = true };
	return wire;
}

static inline void set_end(struct net_end *end, struct net_link *link)
{
	*end = (struct net_end){ .how = NET_HOW_BOTH,
				 .index = link->index,
				 .nsid = -1,
				 .link = link,
				 .net = link->net };
}

static inline struct net_wire *add_veth(struct net *net, struct net_link *a, struct net_link *b)
{
	set_end(&a->peer, b);
	set_end(&b->peer, a);
	return add_wire(net, NET_WIRE_VETH, a, b);
}

static inline void add_port(struct net *net, struct net_link *port, struct net_link *bridge)
{
	set_end(&port->master, bridge);
	add_wire(net, NET_WIRE_BRIDGE, port, bridge);
}

static inline void add_ip(struct net_link *link, const char *ip, uint8_t len)
{
	struct net_ns *at = link->net;

	if (!at->addrs)
		at->addrs = arena_alloc(&at->arena, FIXTURE_LINKS * sizeof(*at->addrs));
	at->addrs[at->naddrs] = (struct net_addr){ .link = link, .index = link->index, .len = len };
	assert_int_equal(net_ip_parse(ip, &at->addrs[at->naddrs++].ip), 0);
}

/* What differs from one look to the next. */
struct net_wish {
	struct host_wish host;
	bool lab_idle;	     /* it has lo only, and there is no pair to it */
	bool lab_unread;     /* its links could not be read */
	bool web_down;	     /* eth0 of docker:web is switched off */
	bool extra;	     /* the host has one more link, before the others */
	bool unresolved;     /* ... and one whose other end was not found */
	bool tap;	     /* ... and one that process 50 has open */
	bool upper;	     /* ... and in netns:lab a macvlan on veth1 */
	const char *renamed; /* what eth0 of docker:web is called */
};

static inline void wire_lab(struct net *net, struct net_ns *host, struct net_ns *lab,
			    struct net_link *bridge, const struct net_wish *wish)
{
	struct net_link *port, *end;

	if (wish->lab_idle || wish->lab_unread)
		return;
	port = add_link(host, 6, "vlab", "veth");
	end = add_link(lab, 2, "eth0", "veth");
	end->flags = 0;
	port->oper = NET_OPER_LOWERLAYERDOWN;
	add_port(net, port, bridge);
	add_veth(net, port, end)->up = false;
}

static inline void add_more(struct net *net, struct net_ns *host, const struct net_wish *wish)
{
	if (wish->unresolved) {
		struct net_link *link = add_link(host, 8, "lost", "veth");

		link->peer.how = NET_HOW_UNRESOLVED;
		add_wire(net, NET_WIRE_VETH, link, NULL)->words = "nobody\033 told";
	}
	if (wish->tap) {
		struct net_wire *wire =
			add_wire(net, NET_WIRE_TUN, add_link(host, 9, "tap0", "tun"), NULL);

		wire->process = graph_process(net->graph, 50);
		wire->fd = 7;
	}
}

/* host: br0 with veth1 and vlab; docker:web and netns:lab are at their other ends. */
static inline struct graph *make_network(const struct net_wish *wish)
{
	struct graph *g = make_graph(&wish->host);
	struct net *net = net_new(g);
	struct net_ns *host = add_net(net, g->host[NS_NET]);
	struct net_ns *web = add_net(net, graph_find(g, NS_NET, other_ino(NS_NET, 1)));
	struct net_ns *lab = add_net(net, graph_find(g, NS_NET, other_ino(NS_NET, 4)));
	struct net_link *bridge, *port, *end;

	if (wish->extra)
		add_link(host, 2, "dummy0", "dummy");
	bridge = add_link(host, 4, "br0", "bridge");
	port = add_link(host, 5, "veth1", "veth");
	end = add_link(web, 2, wish->renamed ? wish->renamed : "eth0", "veth");
	add_ip(bridge, "172.17.0.1", 16);
	add_ip(end, "172.17.0.2", 16);
	add_port(net, port, bridge);
	add_veth(net, port, end)->up = !wish->web_down;
	end->flags = wish->web_down ? 0 : IFF_UP;
	wire_lab(net, host, lab, bridge, wish);
	if (wish->upper) {
		end = add_link(lab, 9, "mv0", "macvlan");
		set_end(&end->lower, port);
		add_wire(net, NET_WIRE_MACVLAN, end, port);
	}
	if (wish->lab_unread)
		lab->parts[NET_PART_LINKS] = (struct net_known){ .fact = fact_from_error(-EPERM),
								 .why = "it may not be entered" };
	add_more(net, host, wish);
	return g;
}

#endif
