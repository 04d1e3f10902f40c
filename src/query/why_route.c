/* SPDX-License-Identifier: MIT */
/*
 * Looks up a route as the kernel does (ip-rule(8), ip-route(8)): policy rules by rising priority,
 * in each table the longest prefix, then the lowest metric; "throw" goes on to the next rule.
 * A rule with a condition that was not decoded makes the answer unknown.
 */
#include <string.h>

#include "why_parts.h"

enum verdict { NO, YES, MAYBE };

static bool in_prefix(const struct net_ip *ip, const struct net_ip *prefix, unsigned len)
{
	if (!len)
		return true;
	return ip->family && net_ip_within(ip, prefix, len);
}

static bool link_is(const struct net_link *link, const char *name)
{
	/* What comes from inside has lo as its link in. */
	return strcmp(link ? link->name : "lo", name) == 0;
}

/* Whether a rule is for this packet. */
static enum verdict rule_applies(const struct net_rule *rule, const struct packet *p)
{
	bool match = in_prefix(&p->src, &rule->src, rule->src_len) &&
		     in_prefix(&p->dst, &rule->dst, rule->dst_len);

	if (rule->iif)
		match = match && link_is(p->in, rule->iif);
	if (rule->oif) /* only sockets bound to a link have one */
		match = false;
	if (rule->ipproto)
		match = match && rule->ipproto == (p->proto == NET_PROTO_UDP ? 17 : 6);
	if (rule->has_dports)
		match = match && p->dport >= rule->dports.first && p->dport <= rule->dports.last;
	if (rule->has_mark && !p->rewritten)
		match = match && (rule->mark & rule->mark_mask) == 0;
	if (rule->l3mdev)
		match = match && p->in && p->in->master.link &&
			net_link_is(p->in->master.link, "vrf");
	if (match && (rule->partly || rule->has_sports || rule->has_uids || rule->tos ||
		      rule->l3mdev || (rule->has_mark && p->rewritten)))
		return MAYBE;
	return match != rule->invert ? YES : NO;
}

static bool hop_is_usable(const struct net_hop *hop)
{
	return !(hop->flags & NET_HOP_DEAD) && hop->link && (hop->link->flags & IFF_UP);
}

/* The first hop of a route that the kernel could take; NULL: none, it passes the route over. */
static const struct net_hop *usable_hop(const struct net_route *route)
{
	for (uint32_t i = 0; i < route->nhops; i++)
		if (hop_is_usable(&route->hops[i]))
			return &route->hops[i];
	return NULL;
}

static bool route_matches(const struct net_route *route, uint32_t table, const struct packet *p)
{
	return route->table == table && route->family == p->dst.family && !route->tos &&
	       in_prefix(&p->dst, &route->dst, route->len) &&
	       in_prefix(&p->src, &route->src, route->src_len) &&
	       route->type != NET_ROUTE_MULTICAST && route->type != NET_ROUTE_BROADCAST;
}

static bool is_better(const struct net_route *a, const struct net_route *b)
{
	if (!b || a->len != b->len)
		return !b || a->len > b->len;
	return a->metric < b->metric;
}

/* The best route of a table; NULL: none, also where it says to look elsewhere. */
static const struct net_route *look_in(const struct net_ns *at, uint32_t table,
				       const struct packet *p)
{
	const struct net_route *best = NULL;

	for (size_t i = 0; i < at->nroutes; i++) {
		const struct net_route *route = &at->routes[i];

		if (!route_matches(route, table, p) || !is_better(route, best))
			continue;
		if (route->type == NET_ROUTE_UNICAST && !usable_hop(route))
			continue;
		best = route;
	}
	return best && best->type != NET_ROUTE_THROW ? best : NULL;
}

static bool is_suppressed(const struct net_rule *rule, const struct net_route *route)
{
	return rule && rule->suppress_len >= 0 && route->len <= (uint32_t)rule->suppress_len;
}

/* Whether the table has an answer; then out is filled in. */
static bool try_table(const struct net_ns *at, uint32_t table, const struct net_rule *rule,
		      const struct packet *p, struct route_answer *out)
{
	const struct net_route *route = look_in(at, table, p);

	if (!route || is_suppressed(rule, route))
		return false;
	*out = (struct route_answer){ ROUTE_FOUND, route, usable_hop(route), rule };
	if (route->type == NET_ROUTE_BLACKHOLE || route->type == NET_ROUTE_UNREACHABLE ||
	    route->type == NET_ROUTE_PROHIBIT)
		out->result = ROUTE_REFUSED;
	return true;
}

/* Without rules that could be read: what every host has. */
static void look_in_usual_tables(const struct net_ns *at, const struct packet *p,
				 struct route_answer *out)
{
	static const uint32_t tables[] = { NET_TABLE_LOCAL, NET_TABLE_MAIN, NET_TABLE_DEFAULT };

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (try_table(at, tables[i], NULL, p, out))
			return;
}

/* One rule; true where the search ends with it. */
static bool try_rule(const struct net_ns *at, const struct net_rule *rule, const struct packet *p,
		     uint32_t *go_to, struct route_answer *out)
{
	switch (rule_applies(rule, p)) {
	case NO:
		return false;
	case MAYBE:
		*out = (struct route_answer){ ROUTE_UNKNOWN, NULL, NULL, rule };
		return true;
	case YES:
		break;
	}
	switch (rule->action) {
	case NET_RULE_TABLE:
		return try_table(at, rule->table, rule, p, out);
	case NET_RULE_GOTO:
		*go_to = rule->go_to;
		return false;
	case NET_RULE_BLACKHOLE:
	case NET_RULE_UNREACHABLE:
	case NET_RULE_PROHIBIT:
		*out = (struct route_answer){ ROUTE_REFUSED, NULL, NULL, rule };
		return true;
	default:
		return false;
	}
}

void why_route(const struct net_ns *at, const struct packet *p, struct route_answer *out)
{
	uint32_t go_to = 0;

	*out = (struct route_answer){ .result = ROUTE_NONE };
	if (!fact_is_known(at->parts[NET_PART_ROUTES].fact)) {
		out->result = ROUTE_UNKNOWN;
		return;
	}
	if (!fact_is_known(at->parts[NET_PART_RULES].fact)) {
		look_in_usual_tables(at, p, out);
		return;
	}
	for (size_t i = 0; i < at->nrules; i++) {
		const struct net_rule *rule = &at->rules[i];

		if (rule->family != p->dst.family || rule->priority < go_to)
			continue;
		if (try_rule(at, rule, p, &go_to, out))
			return;
	}
}

static bool may_be_source(const struct net_addr *addr, const struct packet *p)
{
	enum { SCOPE_HOST = 254, SCOPE_LINK = 253 };
	bool far = !net_ip_within(&p->dst, &addr->ip, addr->len);

	return addr->ip.family == p->dst.family && !(addr->flags & NET_ADDR_DADFAILED) &&
	       !(far && addr->scope >= SCOPE_LINK && addr->scope <= SCOPE_HOST);
}

struct net_ip why_source(const struct net_ns *at, const struct route_answer *route,
			 const struct packet *p)
{
	const struct net_addr *first = NULL;

	if (route->route && route->route->prefsrc.family)
		return route->route->prefsrc;
	if (route->route && route->route->type == NET_ROUTE_LOCAL)
		return p->dst;
	for (size_t i = 0; i < at->naddrs; i++) {
		const struct net_addr *addr = &at->addrs[i];

		if (!route->hop || addr->link != route->hop->link || !may_be_source(addr, p))
			continue;
		/* The one in the same prefix as where it goes next, else the link's first. */
		if (net_ip_within(route->hop->gateway.family ? &route->hop->gateway : &p->dst,
				  &addr->ip, addr->len))
			return addr->ip;
		first = first ? first : addr;
	}
	/* Else an address of any other link. */
	for (size_t i = 0; !first && i < at->naddrs; i++)
		if (may_be_source(&at->addrs[i], p) && at->addrs[i].scope == 0)
			first = &at->addrs[i];
	return first ? first->ip : (struct net_ip){ 0 };
}
