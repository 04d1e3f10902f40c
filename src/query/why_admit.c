/* SPDX-License-Identifier: MIT */
/*
 * What a namespace demands of a packet before it takes it in or passes it on: that it forwards at
 * all, and that where a packet claims to come from is where it may have come from (martians and
 * rp_filter, ip-sysctl in the kernel's documentation). IPv6 has nothing of the latter. What it is
 * told about the kernel's order: of what is forwarded, whether it forwards comes first.
 */
#include <nsview/cleanup.h>

#include "why_parts.h"

enum { STRICT = 1, PROTOCOL_KERNEL = 2, USUAL_RULES = 3 };

int64_t why_greatest(const struct net_ns *at, const char *all, int64_t own)
{
	int64_t value = 0;

	net_ns_sysctl(at, all, &value);
	return own > value ? own : value;
}

static bool is_loopback_ip(const struct net_ip *ip)
{
	return ip->family == AF_INET && ip->bytes[0] == 127;
}

bool why_keeps_loopback(const struct net_link *link, const struct packet *p)
{
	return !(link->flags & IFF_LOOPBACK) &&
	       (is_loopback_ip(&p->src) || is_loopback_ip(&p->dst)) &&
	       !why_greatest(link->net, "net/ipv4/conf/all/route_localnet",
			     link->conf4.route_localnet);
}

/* With rules or local routes of one's own, the kernel asks its routes instead of its addresses. */
static bool asks_routes(const struct net_ns *at)
{
	size_t rules = 0;

	for (size_t i = 0; i < at->nrules; i++)
		rules += at->rules[i].family == AF_INET;
	if (fact_is_known(at->parts[NET_PART_RULES].fact) && rules != USUAL_RULES)
		return true;
	for (size_t i = 0; i < at->nroutes; i++)
		if (at->routes[i].family == AF_INET && at->routes[i].type == NET_ROUTE_LOCAL &&
		    at->routes[i].protocol != PROTOCOL_KERNEL)
			return true;
	return false;
}

static bool leads_out_by(const struct net_route *route, const struct net_link *link)
{
	for (uint32_t i = 0; i < route->nhops; i++)
		if (route->hops[i].link == link)
			return true;
	return false;
}

static bool has_address(const struct net_link *link, uint8_t family)
{
	const struct net_addr *a = NULL;

	while ((a = net_link_next_addr(link, a)))
		if (a->ip.family == family)
			return true;
	return false;
}

/* The route back is known; is it one that rp_filter in that mode is content with? */
static enum admit judge_back(const struct packet *p, const struct route_answer *r, int64_t mode,
			     bool accepts_local)
{
	if (r->result == ROUTE_UNKNOWN)
		return mode ? ADMIT_UNKNOWN : ADMIT_YES;
	if (r->route && r->route->type == NET_ROUTE_BROADCAST)
		return ADMIT_REVERSE;
	if (r->result != ROUTE_FOUND)
		return mode ? ADMIT_REVERSE : ADMIT_YES;
	if (r->route->type == NET_ROUTE_LOCAL && !accepts_local)
		return ADMIT_OWN;
	if (!mode || leads_out_by(r->route, p->in))
		return ADMIT_YES;
	return mode == STRICT || !has_address(p->in, AF_INET) ? ADMIT_REVERSE : ADMIT_YES;
}

enum admit why_admit(const struct net_ns *at, const struct packet *p, struct route_answer *out_back)
{
	struct packet back = { .src = p->dst,
			       .dst = p->src,
			       .proto = p->proto,
			       .sport = p->dport,
			       .dport = p->sport,
			       .in = p->out,
			       .vrf = why_vrf_of(p->in),
			       .rewritten = p->rewritten };
	int64_t mode, accepts_local;

	*out_back = (struct route_answer){ .result = ROUTE_NONE };
	if (p->src.family != AF_INET || (p->in->flags & IFF_LOOPBACK))
		return ADMIT_YES;
	if (why_keeps_loopback(p->in, p))
		return ADMIT_LOOPBACK;
	mode = why_greatest(at, "net/ipv4/conf/all/rp_filter", p->in->conf4.rp_filter);
	accepts_local =
		why_greatest(at, "net/ipv4/conf/all/accept_local", p->in->conf4.accept_local);
	if (!mode && !asks_routes(at))
		return accepts_local || !net_ns_addr(at, &p->src) ? ADMIT_YES : ADMIT_OWN;
	if (why_greatest(at, "net/ipv4/conf/all/src_valid_mark", p->in->conf4.src_valid_mark))
		back.mark = p->mark;
	why_route(at, &back, out_back);
	return judge_back(p, out_back, mode, accepts_local);
}

static void fail_own_source(struct walk *w, const struct net_ns *at, const struct packet *p)
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
	else
		why_fix(w, at, "sysctl -w net/ipv4/conf/%s/accept_local=1", why_word(p->in->name));
}

void why_fail_loopback(struct walk *w, const struct net_link *link, const struct packet *p)
{
	const struct net_ip *which = is_loopback_ip(&p->src) ? &p->src : &p->dst;
	autobuffer inside = BUFFER_INIT;
	char ip[NET_IP_TEXT];

	why_put_inside(w, link->net, &inside);
	why_fail(w, "source", link->net, "%s is a loopback address, which %s %s lets not pass",
		 why_ip(which, ip), link->name, buffer_str(&inside));
	why_show(w, link->net, "sysctl net/ipv4/conf/%s/route_localnet", why_word(link->name));
	why_fix(w, link->net, "sysctl -w net/ipv4/conf/%s/route_localnet=1", why_word(link->name));
}

static void fail_reverse_path(struct walk *w, const struct net_ns *at, const struct packet *p,
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
}

static void skip_reverse_path(struct walk *w, const struct net_ns *at)
{
	buffer_text(why_hop(w, WHY_SKIP, "rp_filter", at),
		    "the way back is chosen by rules that are not evaluated");
}

bool why_check_source(struct walk *w, const struct net_ns *at, const struct packet *p)
{
	struct route_answer back;

	switch (why_admit(at, p, &back)) {
	case ADMIT_YES:
		return true;
	case ADMIT_UNKNOWN:
		skip_reverse_path(w, at);
		return true;
	case ADMIT_OWN:
		fail_own_source(w, at, p);
		return false;
	case ADMIT_LOOPBACK:
		why_fail_loopback(w, p->in, p);
		return false;
	case ADMIT_REVERSE:
		fail_reverse_path(w, at, p, &back);
		return false;
	}
	return true;
}

static bool forwards(const struct net_ns *at, const struct packet *p, bool *all_on)
{
	bool six = p->dst.family == AF_INET6;
	int64_t all = 0;
	int ret = net_ns_sysctl(at, six ? "net/ipv6/conf/all/forwarding" : "net/ipv4/ip_forward",
				&all);

	*all_on = all != 0;
	if (six)
		return ret < 0 || all || p->in->conf6.force_forwarding > 0;
	return p->in->conf4.known ? p->in->conf4.forwarding != 0 : ret < 0 || all;
}

bool why_check_forwarding(struct walk *w, const struct net_ns *at, const struct packet *p)
{
	autobuffer inside = BUFFER_INIT;
	bool six = p->dst.family == AF_INET6, all;
	const char *key = six ? "net.ipv6.conf.all.forwarding" : "net.ipv4.ip_forward";

	why_put_inside(w, at, &inside);
	if (forwards(at, p, &all)) {
		buffer_printf(why_hop(w, WHY_OK, "forward", at), "on %s", buffer_str(&inside));
		return true;
	}
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
