/* SPDX-License-Identifier: MIT */
/*
 * A packet's way at layer 3, from namespace to namespace: in each the filters of its hooks, the
 * route, whether it forwards, and then to who is next on the segment. What it is told about the
 * kernel's order: raw and mangle before routing, DNAT before routing, SNAT after it; replies are
 * translated back where the translation was made.
 */
#include <string.h>

#include <nsview/cleanup.h>

#include "why_tunnel.h"

enum { ROUTERS_MAX = 32 };
enum step { STEP_ON, STEP_ARRIVED, STEP_STOPPED };

static const struct net_link *loopback_of(const struct net_ns *at)
{
	for (size_t i = 0; i < at->nlinks; i++)
		if (at->links[i]->flags & IFF_LOOPBACK)
			return at->links[i];
	return NULL;
}

static bool is_translated(const struct packet *a, const struct packet *b)
{
	return !net_ip_equal(&a->src, &b->src) || !net_ip_equal(&a->dst, &b->dst) ||
	       a->dport != b->dport;
}

/* A hook, and what it made of the packet. */
bool why_pass(struct walk *w, const struct net_ns *at, enum net_hook hook, struct packet *p)
{
	struct packet before = *p;
	bool passed = why_filter(w, at, hook, p);

	if (!p->reply && is_translated(&before, p) && w->ntranslations < TRANSLATIONS_MAX)
		w->translations[w->ntranslations++] =
			(struct translation){ .at = at, .before = before, .after = *p };
	return passed;
}

/* What IPsec makes of a packet is not evaluated. */
static void skip_policies(struct walk *w, const struct net_ns *at)
{
	struct buffer *text;

	if (!at->policies && !at->policies_unread)
		return;
	text = why_hop(w, WHY_SKIP, "ipsec", at);
	why_place(w->net, at, text);
	if (at->policies_unread)
		buffer_text(text, ": its policies of IPsec could not be read");
	else
		buffer_printf(text, ": %u polic%s of IPsec %s not evaluated", at->policies,
			      at->policies == 1 ? "y" : "ies", at->policies == 1 ? "is" : "are");
	why_put_command(w, at, text, "ip xfrm policy");
}

/* Filters know a connection of which they have seen the beginning, and then the answer. */
void why_meet(struct walk *w, const struct net_ns *at, struct packet *p)
{
	size_t i = 0;

	if (p->icmp)
		return;
	while (i < w->nmet && w->met[i] != at)
		i++;
	p->stray = p->reply && i == w->nmet;
	p->unheard = p->third && (i == w->nmet || !w->heard[i]);
	if (i < w->nmet) {
		w->heard[i] = w->heard[i] || p->reply;
		return;
	}
	skip_policies(w, at);
	if (p->reply || w->nmet == MET_MAX)
		return;
	w->heard[w->nmet] = false;
	w->met[w->nmet++] = at;
}

/* To whom a reply goes is known before it is routed, from whom it claims to be only after. */
static void take_back(const struct walk *w, const struct net_ns *at, struct packet *p)
{
	struct net_ip src = p->src;
	uint16_t port = p->sport;

	p->later.family = 0;
	for (size_t i = w->ntranslations; p->reply && i-- > 0;) {
		const struct translation *t = &w->translations[i];

		if (t->at != at || !net_ip_equal(&src, &t->after.dst) ||
		    !net_ip_equal(&p->dst, &t->after.src) || port != t->after.dport)
			continue;
		p->dst = t->before.src;
		src = p->later = t->before.dst;
		port = p->later_port = t->before.dport;
	}
}

static void take_source_back(struct packet *p)
{
	if (!p->later.family)
		return;
	p->src = p->later;
	p->sport = p->later_port;
	p->later.family = 0;
}

static void say_route(struct walk *w, const struct net_ns *at, const struct packet *p,
		      const struct route_answer *r)
{
	struct buffer *text = why_hop(w, WHY_OK, "route", at);
	char ip[NET_IP_TEXT];

	buffer_text(text, why_ip(&p->dst, ip));
	if (!r->hop || r->route->type == NET_ROUTE_LOCAL) {
		buffer_text(text, " is its own address");
		return;
	}
	if (r->hop->gateway.family)
		buffer_printf(text, " via %s", why_ip(&r->hop->gateway, ip));
	buffer_printf(text, " dev %s", r->hop->link->name);
	if (!r->hop->gateway.family)
		buffer_text(text, " (connected)");
	if (r->route->table != NET_TABLE_MAIN && r->route->table != NET_TABLE_LOCAL)
		buffer_printf(text, ", table %u", r->route->table);
	if (r->route->nhops > 1)
		buffer_text(text, ", one of several ways");
}

static void skip_route(struct walk *w, const struct net_ns *at, const struct route_answer *r)
{
	struct buffer *text = why_hop(w, WHY_SKIP, "route", at);
	autobuffer inside = BUFFER_INIT;

	why_put_inside(w, at, &inside);
	if (r->route)
		buffer_printf(text, "the route %s has something that is not evaluated",
			      buffer_str(&inside));
	else if (r->rule)
		buffer_printf(text,
			      "the routing rule of priority %u %s has conditions that are not "
			      "evaluated",
			      r->rule->priority, buffer_str(&inside));
	else
		buffer_printf(text, "the routes %s could not be read", buffer_str(&inside));
}

/* Whether there is a route that can be followed; else the hop is added. */
static bool find_route(struct walk *w, const struct net_ns *at, const struct packet *p,
		       struct route_answer *r)
{
	why_route(at, p, r);
	if (r->result == ROUTE_UNKNOWN ||
	    (r->route && (r->route->partly || (r->hop && r->hop->encapsulated)))) {
		skip_route(w, at, r);
		return false;
	}
	if (r->result != ROUTE_FOUND) {
		why_no_route(w, at, p, r);
		return false;
	}
	return true;
}

static void say_source(struct walk *w, const struct net_ns *at, const struct packet *p,
		       const struct route_answer *r)
{
	const struct net_link *link = r->hop ? r->hop->link : loopback_of(at);
	const struct net_addr *a = net_ns_addr(at, &p->src);
	struct buffer *text;
	char ip[NET_IP_TEXT];

	if (w->back)
		return;
	text = why_hop(w, WHY_OK, "source", at);
	if (link)
		buffer_printf(text, "%s %s ", link->name, why_link_state(link));
	buffer_text(text, why_ip(&p->src, ip));
	if (a)
		buffer_printf(text, "/%u", a->len);
}

static bool no_source(struct walk *w, const struct net_ns *at, const struct packet *p)
{
	autobuffer inside = BUFFER_INIT;

	why_put_inside(w, at, &inside);
	why_fail(w, "source", at, "there is no address to send from %s", buffer_str(&inside));
	why_show(w, at, "ip%s addr", why_ip_option(&p->dst));
	why_advise(w, "give the link an address");
	return false;
}

/* Of IPv4, what is bound to a link goes out by it also where no route says so, but of a VRF. */
static bool goes_by_its_link(struct walk *w, const struct net_ns *at, const struct packet *p,
			     struct route_answer *r)
{
	if (!p->by || p->dst.family != AF_INET || why_vrf_of(p->by))
		return false;
	why_route(at, p, r);
	if (r->result == ROUTE_FOUND || r->result == ROUTE_UNKNOWN)
		return false;
	w->by_hop = (struct net_hop){ .index = p->by->index,
				      .link = (struct net_link *)p->by,
				      .weight = 1 };
	w->by_route = (struct net_route){ .family = AF_INET,
					  .type = NET_ROUTE_UNICAST,
					  .table = NET_TABLE_MAIN,
					  .hops = &w->by_hop,
					  .nhops = 1 };
	*r = (struct route_answer){ ROUTE_FOUND, &w->by_route, &w->by_hop, NULL };
	return true;
}

/*
 * The kernel looks twice: with the source that the first look gave, a rule may say otherwise. Of
 * IPv6 it does so only where the first found nothing.
 */
static bool first_route(struct walk *w, const struct net_ns *at, struct packet *p,
			struct route_answer *r)
{
	bool six = p->dst.family == AF_INET6, looked = false;
	const struct route_answer *first = NULL;
	struct route_answer one;

	if (!p->src.family) {
		why_route(at, p, r);
		why_take_way(w, r, p);
		one = *r;
		first = &one;
		looked = (six || p->once) && r->result == ROUTE_FOUND;
		if (six || r->result == ROUTE_FOUND)
			p->src = why_source(at, r, p);
		if (!p->src.family && r->result == ROUTE_FOUND)
			return no_source(w, at, p);
	}
	if (!looked && !goes_by_its_link(w, at, p, r) && !find_route(w, at, p, r))
		return false;
	/* The same way as was taken for its source. */
	if (first && first->route == r->route)
		r->hop = first->hop;
	else
		why_take_way(w, r, p);
	say_source(w, at, p, r);
	say_route(w, at, p, r);
	return true;
}

static bool cross(struct walk *w, const struct route_answer *r, struct packet *p)
{
	const struct net_link *link = r->hop->link;

	if (tunnel_kind_of(link) && !tunnel_kind_of(link)->frames)
		p->in = why_tunnel_cross(w, link, p);
	else
		p->in = why_cross(w, link, &p->next, p);
	p->out = NULL;
	return p->in != NULL;
}

/* Whether it is a neighbour was decided when the route was made, and is not told. */
static bool is_own_gateway(struct walk *w, const struct net_ns *at, const struct net_hop *hop)
{
	autobuffer inside = BUFFER_INIT;
	char ip[NET_IP_TEXT];

	if (hop->gateway.family != AF_INET || !net_ns_addr(at, &hop->gateway))
		return false;
	why_put_inside(w, at, &inside);
	buffer_printf(why_hop(w, WHY_SKIP, "route", at),
		      "the gateway %s is an address %s itself: not evaluated",
		      why_ip(&hop->gateway, ip), buffer_str(&inside));
	return true;
}

static enum step send_out(struct walk *w, const struct net_ns *at, const struct route_answer *r,
			  struct packet *p)
{
	p->out = r->hop->link;
	p->next = r->hop->gateway.family ? r->hop->gateway : p->dst;
	if (is_own_gateway(w, at, r->hop))
		return STEP_STOPPED;
	if (why_keeps_loopback(p->out, p)) {
		why_fail_loopback(w, p->out, p);
		return STEP_STOPPED;
	}
	if (!why_pass(w, at, NET_HOOK_POSTROUTING, p) || !why_pass(w, at, NET_HOOK_EGRESS, p))
		return STEP_STOPPED;
	take_source_back(p);
	return cross(w, r, p) ? STEP_ON : STEP_STOPPED;
}

/*
 * Also packets to its other addresses pass its loopback link: by all hooks, but not by the routes
 * again. Sockets take them for having come by the link that has the address.
 */
static enum step to_itself(struct walk *w, const struct net_ns *at, const struct route_answer *r,
			   struct packet *p)
{
	const struct net_link *lo = loopback_of(at);
	struct place down = { .link = lo, .fault = FAULT_DOWN, .at_fault = lo };

	if (!lo || !(lo->flags & IFF_UP)) {
		if (lo)
			why_fault(w, &down, "link");
		return STEP_STOPPED;
	}
	p->out = lo;
	if (!why_pass(w, at, NET_HOOK_POSTROUTING, p) || !why_pass(w, at, NET_HOOK_EGRESS, p))
		return STEP_STOPPED;
	take_source_back(p);
	p->in = lo;
	p->bound = r->hop ? r->hop->link : NULL;
	p->out = NULL;
	return why_pass(w, at, NET_HOOK_INGRESS, p) && why_pass(w, at, NET_HOOK_PREROUTING, p)
		       ? STEP_ARRIVED
		       : STEP_STOPPED;
}

static const struct net_link *first_link(const struct net_ns *at, const struct route_answer *r)
{
	return r->route->type == NET_ROUTE_LOCAL ? loopback_of(at) : r->hop->link;
}

/* From inside. */
static enum step start(struct walk *w, const struct net_ns *at, struct packet *p)
{
	struct route_answer r;
	struct net_ip dst;

	dst = p->dst;
	if (!first_route(w, at, p, &r))
		return STEP_STOPPED;
	take_back(w, at, p);
	p->out = first_link(at, &r);
	p->reroute = false;
	if (!why_pass(w, at, NET_HOOK_OUTPUT, p))
		return STEP_STOPPED;
	if (!net_ip_equal(&dst, &p->dst) || p->reroute) { /* it is routed again */
		if (!find_route(w, at, p, &r))
			return STEP_STOPPED;
		why_take_way(w, &r, p);
		say_route(w, at, p, &r);
	}
	return r.route->type == NET_ROUTE_LOCAL ? to_itself(w, at, &r, p) : send_out(w, at, &r, p);
}

/* Come in by a link. */
static enum step arrive(struct walk *w, const struct net_ns *at, struct packet *p)
{
	struct route_answer r;

	p->bound = p->by = NULL;
	if (!why_pass(w, at, NET_HOOK_INGRESS, p))
		return STEP_STOPPED;
	take_back(w, at, p);
	if (!why_pass(w, at, NET_HOOK_PREROUTING, p) || !find_route(w, at, p, &r))
		return STEP_STOPPED;
	if (r.route->type == NET_ROUTE_LOCAL)
		return why_check_source(w, at, p) ? STEP_ARRIVED : STEP_STOPPED;
	why_take_way(w, &r, p);
	say_route(w, at, p, &r);
	p->out = r.hop->link;
	if (!why_check_forwarding(w, at, p) || !why_check_source(w, at, p) ||
	    !why_pass(w, at, NET_HOOK_FORWARD, p))
		return STEP_STOPPED;
	return send_out(w, at, &r, p);
}

const struct net_ns *why_walk(struct walk *w, const struct net_ns *at, struct packet *p)
{
	for (int i = 0; i < ROUTERS_MAX; i++) {
		enum step step;

		why_meet(w, at, p);
		step = p->in ? arrive(w, at, p) : start(w, at, p);

		if (step == STEP_ARRIVED)
			take_source_back(p);
		if (step != STEP_ON)
			return step == STEP_ARRIVED ? at : NULL;
		at = p->in->net;
	}
	why_fail(w, "route", at, "it is sent in circles: %d routers were not enough", ROUTERS_MAX);
	return NULL;
}
