/* SPDX-License-Identifier: MIT */
/*
 * Which address the kernel sends from where the sender has chosen none: of IPv4 the route's own,
 * else the first primary one of the link that is good enough; of IPv6 the best of all by the rules
 * of RFC 6724, section 5. Pure.
 */
#include "why_parts.h"

/* Of IPv4: whether it may be used for a route of that scope. */
static bool may_send(const struct net_addr *a, uint8_t scope)
{
	return a->ip.family == AF_INET && !(a->flags & NET_ADDR_SECONDARY) && a->scope <= scope;
}

static bool is_beside(const struct net_addr *a, const struct net_ip *next)
{
	return net_ip_within(next, a->peer.family ? &a->peer : &a->ip, a->len);
}

/* inet_select_addr() in the kernel's words. */
static const struct net_addr *select_four(const struct net_ns *at, const struct net_link *link,
					  const struct net_ip *next, uint8_t scope)
{
	const struct net_addr *first = NULL, *a = NULL;

	while (link && (a = net_link_next_addr(link, a))) {
		if (!may_send(a, scope))
			continue;
		if (!next->family || is_beside(a, next))
			return a;
		first = first ? first : a;
	}
	/* Else an address of any other link. */
	for (size_t i = 0; !first && i < at->naddrs; i++)
		if (may_send(&at->addrs[i], scope) && at->addrs[i].scope != NET_SCOPE_LINK)
			first = &at->addrs[i];
	return first;
}

/* Multicast scopes, as that RFC compares them. */
static int reach_of(const struct net_ip *ip)
{
	bool loopback = true;

	for (int i = 0; i < 15; i++)
		loopback = loopback && !ip->bytes[i];
	if ((loopback && ip->bytes[15] == 1) || (ip->bytes[0] == 0xfe && ip->bytes[1] >> 6 == 2))
		return 2;
	return ip->bytes[0] == 0xfe && ip->bytes[1] >> 6 == 3 ? 5 : 14;
}

/* Which kind of address it is, by the policy table that every kernel starts with. */
static int label_of(const struct net_ip *ip)
{
	static const struct {
		const char *prefix;
		uint8_t len;
		int label;
	} table[] = {
		{ "::1", 128, 0 },   { "::ffff:0:0", 96, 4 }, { "::", 96, 3 },
		{ "2001::", 32, 6 }, { "2001:10::", 28, 7 },  { "3ffe::", 16, 12 },
		{ "2002::", 16, 2 }, { "fec0::", 10, 11 },    { "fc00::", 7, 5 },
	};
	struct net_ip prefix;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (net_ip_parse(table[i].prefix, &prefix) == 0 &&
		    net_ip_within(ip, &prefix, table[i].len))
			return table[i].label;
	return 1;
}

static int common_bits(const struct net_ip *a, const struct net_ip *b, int most)
{
	int bits = 0;

	while (bits < most && net_ip_within(a, b, (unsigned)bits + 1))
		bits++;
	return bits;
}

/* Rules 1 to 8, the weightier the further in front. */
enum { RULES = 6 };
static void rate(const struct net_addr *a, const struct net_link *out, const struct net_ip *dst,
		 int points[RULES])
{
	int reach = reach_of(&a->ip);

	points[0] = net_ip_equal(&a->ip, dst);
	points[1] = reach >= reach_of(dst) ? -reach : reach - 128;
	points[2] = !(a->flags & NET_ADDR_DEPRECATED);
	points[3] = !out || a->link == out;
	points[4] = label_of(&a->ip) == label_of(dst);
	points[5] = common_bits(&a->ip, dst, a->len);
}

static bool is_better(const int a[RULES], const int b[RULES])
{
	for (int i = 0; i < RULES; i++)
		if (a[i] != b[i])
			return a[i] > b[i];
	return false;
}

static bool is_usable_six(const struct net_addr *a)
{
	return a->ip.family == AF_INET6 && a->link && (a->link->flags & IFF_UP) &&
	       !(a->flags & (NET_ADDR_TENTATIVE | NET_ADDR_DADFAILED));
}

/* ipv6_dev_get_saddr() in the kernel's words; those of the link out come first. */
static const struct net_addr *select_six(const struct net_ns *at, const struct net_link *out,
					 const struct net_ip *dst)
{
	const struct net_addr *best = NULL;
	int most[RULES] = { 0 }, points[RULES];

	for (int own = 1; own >= 0; own--)
		for (size_t i = 0; i < at->naddrs; i++) {
			const struct net_addr *a = &at->addrs[i];

			if (!is_usable_six(a) || (a->link == out) != own ||
			    (a->link != out && reach_of(dst) == 2))
				continue;
			rate(a, out, dst, points);
			if (best && !is_better(points, most))
				continue;
			best = a;
			for (int k = 0; k < RULES; k++)
				most[k] = points[k];
		}
	return best;
}

struct net_ip why_select(const struct net_ns *at, const struct net_link *link,
			 const struct net_ip *next, const struct net_ip *dst, uint8_t scope)
{
	const struct net_addr *a = dst->family == AF_INET6 ? select_six(at, link, dst)
							   : select_four(at, link, next, scope);

	return a ? a->ip : (struct net_ip){ 0 };
}

struct net_ip why_source(const struct net_ns *at, const struct route_answer *route,
			 const struct packet *p)
{
	static const struct net_ip none;
	const struct net_hop *hop = route->hop;

	if (route->route && route->route->prefsrc.family)
		return route->route->prefsrc;
	if (route->route && route->route->type == NET_ROUTE_LOCAL)
		return p->dst;
	return why_select(at, hop ? hop->link : NULL,
			  hop && hop->gateway.family == p->dst.family ? &hop->gateway : &none,
			  &p->dst, route->route ? route->route->scope : NET_SCOPE_GLOBAL);
}
