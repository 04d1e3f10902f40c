/* SPDX-License-Identifier: MIT */
/*
 * Looks up a route as the kernel does (ip-rule(8), ip-route(8)): policy rules by rising priority,
 * in each table the longest prefix, then the lowest metric; "throw" goes on to the next rule.
 * A rule with a condition that was not decoded makes the answer unknown.
 */
#include <string.h>

#include "why_parts.h"

enum verdict { NO, YES, MAYBE };
enum { DOUBTS_MAX = 8 }; /* each doubles the work */

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

static enum verdict at_most(enum verdict a, enum verdict b)
{
	if (a == NO || b == NO)
		return NO;
	return a == MAYBE || b == MAYBE ? MAYBE : YES;
}

/* A port that is not known is one that the kernel chooses. */
static enum verdict port_within(const struct packet *p, uint16_t port,
				const struct net_range *range)
{
	const struct net_range chosen = why_chosen_ports(p);

	if (port || (!p->sport && !p->dport))
		return port >= range->first && port <= range->last ? YES : NO;
	if (range->last < chosen.first || range->first > chosen.last)
		return NO;
	return range->first <= chosen.first && range->last >= chosen.last ? YES : MAYBE;
}

const struct net_link *why_vrf_of(const struct net_link *link)
{
	if (link && net_link_is(link, "vrf"))
		return link;
	return link && link->master.link && net_link_is(link->master.link, "vrf")
		       ? link->master.link
		       : NULL;
}

/* The table of the VRF that a packet belongs to; 0: it belongs to none. */
static uint32_t table_of_vrf(const struct packet *p)
{
	const struct net_link *vrf = p->vrf ? p->vrf : why_vrf_of(p->by ? p->by : p->in);
	const struct net_detail *table = vrf ? net_link_detail(vrf, "table") : NULL;

	return table ? (uint32_t)table->num : 0;
}

/* Whether a rule is for this packet. */
static enum verdict rule_applies(const struct net_rule *rule, const struct packet *p)
{
	bool match = in_prefix(&p->src, &rule->src, rule->src_len) &&
		     in_prefix(&p->dst, &rule->dst, rule->dst_len);
	enum verdict ports = YES;

	if (rule->iif)
		match = match && link_is(p->in, rule->iif);
	/* Only sockets bound to a link have one, and packets are sent with a TOS of 0. */
	if (rule->oif)
		match = match && p->by && strcmp(p->by->name, rule->oif) == 0;
	if (rule->tos)
		match = false;
	if (rule->ipproto)
		match = match && rule->ipproto == why_ipproto(p);
	if (rule->has_dports)
		ports = at_most(ports, port_within(p, p->dport, &rule->dports));
	if (rule->has_sports)
		ports = at_most(ports, port_within(p, p->sport, &rule->sports));
	match = match && ports != NO;
	if (rule->has_mark && !p->rewritten)
		match = match && ((rule->mark ^ p->mark) & rule->mark_mask) == 0;
	if (rule->l3mdev)
		match = match && table_of_vrf(p);
	if (match &&
	    (rule->partly || ports == MAYBE || rule->has_uids || (rule->has_mark && p->rewritten)))
		return MAYBE;
	return match != rule->invert ? YES : NO;
}

static bool hop_is_usable(const struct net_hop *hop, const struct packet *p)
{
	return !(hop->flags & NET_HOP_DEAD) && hop->link && (hop->link->flags & IFF_UP) &&
	       (!p->by || p->by == hop->link || net_link_is(p->by, "vrf"));
}

const struct net_hop *why_usable_hop(const struct net_route *route, const struct packet *p,
				     unsigned n)
{
	for (uint32_t i = 0; i < route->nhops; i++)
		if (hop_is_usable(&route->hops[i], p) && n-- == 0)
			return &route->hops[i];
	return NULL;
}

static bool leads_by(const struct net_route *route, const struct net_link *link)
{
	for (uint32_t i = 0; i < route->nhops; i++)
		if (route->hops[i].link == link)
			return true;
	return false;
}

/* Of a socket that is bound to a link, only routes by that one count; to a VRF, all. */
static bool is_by(const struct net_route *route, const struct packet *p)
{
	return !p->by || net_link_is(p->by, "vrf") || !route->nhops || leads_by(route, p->by);
}

static bool route_matches(const struct net_route *route, uint32_t table, const struct packet *p)
{
	return route->table == table && route->family == p->dst.family && !route->tos &&
	       in_prefix(&p->dst, &route->dst, route->len) &&
	       in_prefix(&p->src, &route->src, route->src_len);
}

/* Of equal ones the first; of IPv6, one by which a packet came in before others. */
static bool is_better(const struct net_route *a, const struct net_route *b, const struct packet *p)
{
	if (!b || a->len != b->len)
		return !b || a->len > b->len;
	if (a->metric != b->metric)
		return a->metric < b->metric;
	return a->family == AF_INET6 && p->in && leads_by(a, p->in) && !leads_by(b, p->in);
}

/* The best route of a table; NULL: none, also where it says to look elsewhere. */
static const struct net_route *look_in(const struct net_ns *at, uint32_t table,
				       const struct packet *p)
{
	const struct net_route *best = NULL;

	for (size_t i = 0; i < at->nroutes; i++) {
		const struct net_route *route = &at->routes[i];

		if (!route_matches(route, table, p) || !is_better(route, best, p))
			continue;
		if ((route->type == NET_ROUTE_UNICAST && !why_usable_hop(route, p, 0)) ||
		    (route->type == NET_ROUTE_LOCAL && !is_by(route, p)))
			continue;
		best = route;
	}
	return best && best->type != NET_ROUTE_THROW ? best : NULL;
}

/* Only of what leads somewhere: a refusal stands. */
static bool is_suppressed(const struct net_rule *rule, const struct route_answer *r)
{
	if (!rule || r->result != ROUTE_FOUND)
		return false;
	if (rule->suppress_len >= 0 && r->route->len <= (uint32_t)rule->suppress_len)
		return true;
	return rule->suppress_group >= 0 && r->hop && r->hop->link &&
	       r->hop->link->group == (uint32_t)rule->suppress_group;
}

static enum route_result result_of(const struct net_route *route)
{
	switch (route->type) {
	case NET_ROUTE_UNICAST:
	case NET_ROUTE_LOCAL:
		return ROUTE_FOUND;
	case NET_ROUTE_BLACKHOLE:
	case NET_ROUTE_UNREACHABLE:
	case NET_ROUTE_PROHIBIT:
	case NET_ROUTE_BROADCAST: /* no connection is made to everybody */
		return ROUTE_REFUSED;
	default:
		return ROUTE_UNKNOWN;
	}
}

/* Whether the table has an answer; then out is filled in. */
static bool try_table(const struct net_ns *at, uint32_t table, const struct net_rule *rule,
		      const struct packet *p, struct route_answer *out)
{
	const struct net_route *route = look_in(at, table, p);
	struct route_answer found;

	if (!route)
		return false;
	found = (struct route_answer){ result_of(route), route, why_usable_hop(route, p, 0), rule };
	if (is_suppressed(rule, &found))
		return false;
	*out = found;
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

/* Before the first rule of that priority; where there is none, the rule is passed over. */
static size_t goto_rule(const struct net_ns *at, size_t from)
{
	const struct net_rule *rule = &at->rules[from];

	for (size_t i = from + 1; i < at->nrules; i++)
		if (at->rules[i].family == rule->family && at->rules[i].priority == rule->go_to)
			return i - 1;
	return from;
}

/* What a rule that applies does; true where the search ends with it. */
static bool run_rule(const struct net_ns *at, size_t *i, const struct packet *p,
		     struct route_answer *out)
{
	const struct net_rule *rule = &at->rules[*i];

	switch (rule->action) {
	case NET_RULE_TABLE:
		return try_table(at, rule->l3mdev ? table_of_vrf(p) : rule->table, rule, p, out);
	case NET_RULE_GOTO:
		*i = goto_rule(at, *i);
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

static void look_from(const struct net_ns *at, size_t i, const struct packet *p, int doubts,
		      struct route_answer *out);

/* A rule that cannot be told to apply does not matter where the answer is the same. */
static void look_both_ways(const struct net_ns *at, size_t i, const struct packet *p, int doubts,
			   struct route_answer *out)
{
	struct route_answer with = { .result = ROUTE_NONE }, without = { .result = ROUTE_NONE };
	size_t next = i;

	if (!run_rule(at, &next, p, &with))
		look_from(at, next + 1, p, doubts + 1, &with);
	look_from(at, i + 1, p, doubts + 1, &without);
	*out = without;
	if (with.result != without.result || with.route != without.route ||
	    (!with.route && with.rule != without.rule))
		*out = (struct route_answer){ ROUTE_UNKNOWN, NULL, NULL, &at->rules[i] };
}

/* Tries the rules from one on. */
static void look_from(const struct net_ns *at, size_t i, const struct packet *p, int doubts,
		      struct route_answer *out)
{
	for (; i < at->nrules; i++) {
		enum verdict applies =
			at->rules[i].family == p->dst.family ? rule_applies(&at->rules[i], p) : NO;

		if (applies == MAYBE && doubts < DOUBTS_MAX) {
			look_both_ways(at, i, p, doubts, out);
			return;
		}
		if (applies == MAYBE) {
			*out = (struct route_answer){ ROUTE_UNKNOWN, NULL, NULL, &at->rules[i] };
			return;
		}
		if (applies == YES && run_rule(at, &i, p, out))
			return;
	}
}

void why_route(const struct net_ns *at, const struct packet *p, struct route_answer *out)
{
	*out = (struct route_answer){ .result = ROUTE_NONE };
	if (!fact_is_known(at->parts[NET_PART_ROUTES].fact))
		out->result = ROUTE_UNKNOWN;
	else if (!fact_is_known(at->parts[NET_PART_RULES].fact))
		look_in_usual_tables(at, p, out);
	else
		look_from(at, 0, p, 0, out);
}

enum net_route_type why_type_of(const struct net_ns *at, const struct packet *p)
{
	struct packet copy = *p;
	struct route_answer r = { .result = ROUTE_NONE };

	copy.vrf = p->vrf ? p->vrf : why_vrf_of(p->in);
	copy.in = copy.out = NULL;
	if (p->dst.family == AF_INET)
		r.route = look_in(at, copy.vrf ? table_of_vrf(&copy) : NET_TABLE_LOCAL, &copy);
	else
		why_route(at, &copy, &r);
	return r.route ? r.route->type : NET_ROUTE_UNICAST;
}
