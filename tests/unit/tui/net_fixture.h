/* SPDX-License-Identifier: MIT */
/* Networks that go with the host of fixture.h, made by hand; freed with their graph. */
#ifndef NSVIEW_TESTS_TUI_NET_FIXTURE_H
#define NSVIEW_TESTS_TUI_NET_FIXTURE_H

#include "unit/net_sample.h"

#include "fixture.h"

static inline struct net_link *add_link(struct net_ns *at, uint32_t number, const char *name,
					const char *kind)
{
	struct net_link *link = net_sample_link(at, name, kind);

	link->index = number;
	return link;
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

static inline void wire_lab(struct net_sample *nets, struct net_ns *host, struct net_ns *lab,
			    struct net_link *bridge, const struct net_wish *wish)
{
	struct net_link *port, *end;

	if (wish->lab_idle || wish->lab_unread)
		return;
	port = add_link(host, 6, "vlab", "veth");
	end = add_link(lab, 2, "eth0", "veth");
	end->flags = 0;
	port->oper = NET_OPER_LOWERLAYERDOWN;
	net_sample_port(nets, port, bridge);
	net_sample_veth(nets, port, end)->up = false;
}

static inline void add_more(struct net_sample *nets, struct net_ns *host,
			    const struct net_wish *wish)
{
	if (wish->unresolved) {
		struct net_link *link = add_link(host, 8, "lost", "veth");

		link->peer.how = NET_HOW_UNRESOLVED;
		net_sample_wire(nets, NET_WIRE_VETH, link, NULL)->words = "nobody\033 told";
	}
	if (wish->tap) {
		struct net_wire *wire =
			net_sample_wire(nets, NET_WIRE_TUN, add_link(host, 9, "tap0", "tun"), NULL);

		wire->process = graph_process(nets->graph, 50);
		wire->fd = 7;
	}
}

/* host: br0 with veth1 and vlab; docker:web and netns:lab are at their other ends. */
static inline struct graph *make_network(const struct net_wish *wish)
{
	struct graph *g = make_graph(&wish->host);
	struct net_sample *nets = net_sample_on(g);
	struct net_ns *host = net_sample_ns(nets, host_ino(NS_NET));
	struct net_ns *web = net_sample_ns(nets, other_ino(NS_NET, 1));
	struct net_ns *lab = net_sample_ns(nets, other_ino(NS_NET, 4));
	struct net_link *bridge, *port, *end;

	if (wish->extra)
		add_link(host, 2, "dummy0", "dummy");
	bridge = add_link(host, 4, "br0", "bridge");
	port = add_link(host, 5, "veth1", "veth");
	end = add_link(web, 2, wish->renamed ? wish->renamed : "eth0", "veth");
	net_sample_addr(bridge, "172.17.0.1", 16);
	net_sample_addr(end, "172.17.0.2", 16);
	net_sample_port(nets, port, bridge);
	net_sample_veth(nets, port, end)->up = !wish->web_down;
	end->flags = wish->web_down ? 0 : IFF_UP;
	wire_lab(nets, host, lab, bridge, wish);
	if (wish->upper) {
		end = add_link(lab, 9, "mv0", "macvlan");
		net_sample_end(&end->lower, port);
		net_sample_wire(nets, NET_WIRE_MACVLAN, end, port);
	}
	if (wish->lab_unread)
		lab->parts[NET_PART_LINKS] = (struct net_known){ .fact = fact_from_error(-EPERM),
								 .why = "it may not be entered" };
	add_more(nets, host, wish);
	return g;
}

#endif
