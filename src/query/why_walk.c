/* SPDX-License-Identifier: MIT */
/*
 * A packet's way at layer 3, from namespace to namespace: in each the filters of its hooks, the
 * route, whether it forwards, and then to who is next on the segment. What it is told about the
 * kernel's order: raw and mangle before routing, DNAT before routing, SNAT after it; replies are
 * translated back where the translation was made.
 */
#include <string.h>

#include <nsview/cleanup.h>

#include "why_parts.h"

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
static bool pass(struct walk *w, const struct net_ns *at, enum net_hook hook, struct packet *p)
{
	struct packet before = *p;
	bool passed = why_filter(w, at, hook, p);

	if (!p->reply && is_translated(&before, p) && w->ntranslations < TRANSLATIONS_MAX)
		w->translations[w->ntranslations++] =
			(struct translation){ .at = at, .before = before, .after = *p };
	return passed;
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
}

static void skip_route(struct walk *w, const struct net_ns *at, const struct route_answer *r)
{
	struct buffer *text = why_hop(w, WHY_SKIP, "route", at);
	autobuffer inside = BUFFER_INIT;

	why_put_inside(w, at, &inside);
	if (r->rule)
		buffer_printf(text,
			      "the routing rule of priority %u %s has conditions that are not "
			      "evaluated",
			      r->rule->priority, buffer_str(&inside));
	else if (r->route)
		buffer_printf(text, "the route %s has something that is not evaluated",
			      buffer_str(&inside));
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

/* What its own loopback link is needed for: also packets to its other addresses pass it. */
static enum step to_itself(struct walk *w, const struct net_ns *at, struct packet *p)
{
	const struct net_link *lo = loopback_of(at);
	struct place down = { .link = lo, .fault = FAULT_DOWN, .at_fault = lo };

	if (lo && !(lo->flags & IFF_UP)) {
		why_fault(w, &down, "link");
		return STEP_STOPPED;
	}
	p->out = lo;
	if (!pass(w, at, NET_HOOK_OUTPUT, p))
		return STEP_STOPPED;
	p->in = lo;
	return STEP_ARRIVED;
}

/* The kernel looks twice: with the source that the first look gave, a rule may say otherwise. */
static bool first_route(struct walk *w, const struct net_ns *at, struct packet *p,
			struct route_answer *r)
{
	if (!find_route(w, at, p, r))
		return false;
	if (!p->src.family) {
		p->src = why_source(at, r, p);
		if (!p->src.family)
			return no_source(w, at, p);
		if (!find_route(w, at, p, r))
			return false;
	}
	say_source(w, at, p, r);
	say_route(w, at, p, r);
	return true;
}

static bool cross(struct walk *w, const struct route_answer *r, struct packet *p)
{
	const struct net_link *link = r->hop->link;

	if (r->route->nhops > 1)
		buffer_text(why_hop(w, WHY_SKIP, "route", link->net),
			    "it has several ways; only this one is followed");
	p->in = why_cross(w, link, r->hop->gateway.family ? &r->hop->gateway : &p->dst, p);
	p->out = NULL;
	return p->in != NULL;
}

static enum step send_out(struct walk *w, const struct net_ns *at, const struct route_answer *r,
			  struct packet *p)
{
	p->out = r->hop->link;
	if (!pass(w, at, NET_HOOK_POSTROUTING, p) || !pass(w, at, NET_HOOK_EGRESS, p))
		return STEP_STOPPED;
	take_source_back(p);
	return cross(w, r, p) ? STEP_ON : STEP_STOPPED;
}

/* From inside. */
static enum step start(struct walk *w, const struct net_ns *at, struct packet *p)
{
	struct route_answer r;
	struct net_ip dst;

	take_back(w, at, p);
	dst = p->dst;
	if (!first_route(w, at, p, &r))
		return STEP_STOPPED;
	if (r.route->type == NET_ROUTE_LOCAL)
		return to_itself(w, at, p);
	p->out = r.hop->link;
	if (!pass(w, at, NET_HOOK_OUTPUT, p))
		return STEP_STOPPED;
	if (!net_ip_equal(&dst, &p->dst)) { /* translated: it is routed again */
		if (!find_route(w, at, p, &r))
			return STEP_STOPPED;
		say_route(w, at, p, &r);
		if (r.route->type == NET_ROUTE_LOCAL) {
			p->in = loopback_of(at);
			return STEP_ARRIVED;
		}
	}
	return send_out(w, at, &r, p);
}

static int64_t greatest(const struct net_ns *at, const char *all, int64_t own)
{
	int64_t value = 0;

	net_ns_sysctl(at, all, &value);
	return own > value ? own : value;
}

static bool fail_own_source(struct walk *w, const struct net_ns *at, const struct packet *p)
{
	const struct net_addr *a = net_ns_addr(at, &p->src);
	autobuffer inside = BUFFER_INIT;
	char ip[NET_IP_TEXT];

	why_put_inside(w, at, &inside);
	why_fail(w, "source", at, "%s, which it comes from, is also an address %s",
		 why_ip(&p->src, ip), buffer_str(&inside));
	why_show(w, at, "ip addr show to %s", ip);
	if (a && a->link)
		why_fix(w, at, "ip addr del %s/%u dev %s", ip, a->len, why_word(a->link->name));
	return false;
}

static bool fail_reverse_path(struct walk *w, const struct net_ns *at, const struct packet *p,
			      const struct route_answer *r)
{
	autobuffer inside = BUFFER_INIT;
	char ip[NET_IP_TEXT];

	why_put_inside(w, at, &inside);
	why_ip(&p->src, ip);
	if (r->hop)
		why_fail(w, "rp_filter", at,
			 "rp_filter %s drops what comes from %s by %s, since the way back is by %s",
			 buffer_str(&inside), ip, p->in->name, r->hop->link->name);
	else
		why_fail(w, "rp_filter", at,
			 "rp_filter %s drops what comes from %s by %s, since there is no way back",
			 buffer_str(&inside), ip, p->in->name);
	why_show(w, at, "ip route get %s", ip);
	if (r->hop)
		why_fix(w, at, "sysctl -w net/ipv4/conf/%s/rp_filter=2", why_word(p->in->name));
	else
		why_fix_route(w, at, &p->src);
	return false;
}

/* Where it claims to come from must be where it came from: the kernel asks its routes. */
static bool check_source(struct walk *w, const struct net_ns *at, const struct packet *p)
{
	enum { STRICT = 1 };
	struct packet back = {
		.src = p->dst, .dst = p->src, .proto = p->proto, .rewritten = p->rewritten
	};
	int64_t mode = greatest(at, "net/ipv4/conf/all/rp_filter", p->in->conf4.rp_filter);
	struct route_answer r;

	if (p->src.family != AF_INET)
		return true;
	why_route(at, &back, &r);
	if (r.result == ROUTE_UNKNOWN)
		return true;
	if (r.route && r.route->type == NET_ROUTE_LOCAL &&
	    !greatest(at, "net/ipv4/conf/all/accept_local", p->in->conf4.accept_local))
		return fail_own_source(w, at, p);
	if (!mode || (r.result == ROUTE_FOUND && (mode != STRICT || !r.hop)))
		return true;
	for (uint32_t i = 0; r.result == ROUTE_FOUND && i < r.route->nhops; i++)
		if (r.route->hops[i].link == p->in)
			return true;
	return fail_reverse_path(w, at, p, &r);
}

static bool forwards(const struct net_ns *at, const struct packet *p, bool *all_on)
{
	bool six = p->dst.family == AF_INET6;
	int64_t all = 0;
	int ret = net_ns_sysctl(at, six ? "net/ipv6/conf/all/forwarding" : "net/ipv4/ip_forward",
				&all);

	*all_on = all != 0;
	if (six || !p->in->conf4.known)
		return ret < 0 || all;
	return p->in->conf4.forwarding != 0;
}

static bool check_forwarding(struct walk *w, const struct net_ns *at, const struct packet *p)
{
	autobuffer inside = BUFFER_INIT;
	bool six = p->dst.family == AF_INET6, all;
	const char *key = six ? "net.ipv6.conf.all.forwarding" : "net.ipv4.ip_forward";

	if (forwards(at, p, &all)) {
		why_put_inside(w, at, &inside);
		buffer_printf(why_hop(w, WHY_OK, "forward", at), "on %s", buffer_str(&inside));
		return true;
	}
	why_put_inside(w, at, &inside);
	if (all) {
		why_fail(w, "forward", at, "IP forwarding is off for what comes in by %s %s",
			 p->in->name, buffer_str(&inside));
		why_show(w, at, "sysctl net/ipv4/conf/%s/forwarding", why_word(p->in->name));
		why_fix(w, at, "sysctl -w net/ipv4/conf/%s/forwarding=1", why_word(p->in->name));
		return false;
	}
	why_fail(w, "forward", at, "IP%s forwarding is off %s", six ? "v6" : "",
		 buffer_str(&inside));
	why_show(w, at, "sysctl %s", key);
	why_fix(w, at, "sysctl -w %s=1", key);
	return false;
}

/* Come in by a link. */
static enum step arrive(struct walk *w, const struct net_ns *at, struct packet *p)
{
	struct route_answer r;

	if (!pass(w, at, NET_HOOK_INGRESS, p))
		return STEP_STOPPED;
	take_back(w, at, p);
	if (!pass(w, at, NET_HOOK_PREROUTING, p) || !find_route(w, at, p, &r) ||
	    !check_source(w, at, p))
		return STEP_STOPPED;
	if (r.route->type == NET_ROUTE_LOCAL)
		return STEP_ARRIVED;
	say_route(w, at, p, &r);
	p->out = r.hop->link;
	if (!check_forwarding(w, at, p) || !pass(w, at, NET_HOOK_FORWARD, p))
		return STEP_STOPPED;
	return send_out(w, at, &r, p);
}

const struct net_ns *why_walk(struct walk *w, const struct net_ns *at, struct packet *p)
{
	for (int i = 0; i < ROUTERS_MAX; i++) {
		enum step step = p->in ? arrive(w, at, p) : start(w, at, p);

		if (step == STEP_ARRIVED)
			take_source_back(p);
		if (step != STEP_ON)
			return step == STEP_ARRIVED ? at : NULL;
		at = p->in->net;
	}
	why_fail(w, "route", at, "it is sent in circles: %d routers were not enough", ROUTERS_MAX);
	return NULL;
}
