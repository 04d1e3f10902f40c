/* SPDX-License-Identifier: MIT */
/*
 * Which address is asked for: the one that was named, else of those that the other end has the one
 * that serves best. What cannot be looked into, or followed, is said instead.
 */
#include <nsview/cleanup.h>

#include "why_parts.h"

static bool has_family(const struct net_ns *at, uint8_t family)
{
	for (size_t i = 0; i < at->naddrs; i++)
		if (at->addrs[i].ip.family == family && at->addrs[i].scope < NET_SCOPE_LINK)
			return true;
	return false;
}

static bool is_beside(const struct net_ns *from, const struct net_ip *ip)
{
	for (size_t i = 0; i < from->naddrs; i++)
		if (from->addrs[i].len && net_ip_within(ip, &from->addrs[i].ip, from->addrs[i].len))
			return true;
	return false;
}

/*
 * How well an address of `to` serves: -1 not at all. What is broken must not change which one it
 * is, if possible, so that a route counts for little.
 */
static int rank(const struct why_question *q, const struct net_addr *a)
{
	struct packet p = { .dst = a->ip, .proto = q->proto, .dport = q->port };
	struct route_answer r;
	int points = 0;

	if (q->from == q->to)
		return a->ip.family == AF_INET ? 2 : 1;
	if (a->scope >= NET_SCOPE_LINK)
		return -1;
	if (net_ns_addr(q->from, &a->ip) || (a->flags & (NET_ADDR_TENTATIVE | NET_ADDR_DADFAILED)))
		return 0;
	why_route(q->from, &p, &r);
	points += a->ip.family == AF_INET && has_family(q->from, AF_INET) ? 32 : 0;
	points += is_beside(q->from, &a->ip) ? 16 : 0;
	points += r.result == ROUTE_FOUND ? 8 : 0;
	points += a->ip.family == AF_INET ? 4 : 0;
	points += a->scope == NET_SCOPE_GLOBAL ? 2 : 0;
	points += a->link && why_link_is_up(a->link) ? 1 : 0;
	return points;
}

static const struct net_addr *choose_address(const struct why_question *q)
{
	const struct net_addr *best = NULL;
	int most = -1;

	for (size_t i = 0; i < q->to->naddrs; i++) {
		int points = rank(q, &q->to->addrs[i]);

		if (points > most) {
			most = points;
			best = &q->to->addrs[i];
		}
	}
	return best;
}

static bool skip_end(struct walk *w, const struct net_ns *at)
{
	struct buffer *text = why_hop(w, WHY_SKIP, "namespace", at);

	why_place(w->net, at, text);
	buffer_printf(text, " could not be looked into: %s",
		      at->entry_words ? at->entry_words : fact_why(at->parts[NET_PART_LINKS].fact));
	return false;
}

static bool is_seen(const struct net_ns *at)
{
	return fact_is_known(at->parts[NET_PART_LINKS].fact) &&
	       fact_is_known(at->parts[NET_PART_ADDRS].fact);
}

static bool no_destination(struct walk *w)
{
	const struct net_ns *to = w->q->to;
	const struct net_link *down = NULL;
	autobuffer inside = BUFFER_INIT;

	/* IPv6 loses addresses that way. */
	for (size_t i = 0; i < to->nlinks; i++)
		if (!(to->links[i]->flags & (IFF_UP | IFF_LOOPBACK)))
			down = to->links[i];
	why_put_inside(w, to, &inside);
	why_fail(w, "address", to, "no link has an address %s", buffer_str(&inside));
	why_show(w, to, "ip addr");
	if (down)
		why_advise(w, "set %s up and give it an address", down->name);
	else
		why_advise(w, "give one of its links an address");
	return false;
}

static bool is_group(const struct net_ip *ip)
{
	return ip->family == AF_INET ? ip->bytes[0] >= 224 : ip->bytes[0] == 0xff;
}

static bool is_link_local(const struct net_ip *ip)
{
	return ip->family == AF_INET6 && ip->bytes[0] == 0xfe && (ip->bytes[1] & 0xc0) == 0x80;
}

bool why_choose_destination(struct walk *w)
{
	const struct why_question *q = w->q;
	struct net_ip *dst = &w->out->destination;
	const struct net_addr *chosen;
	char ip[NET_IP_TEXT];

	if (!is_seen(q->from))
		return skip_end(w, q->from);
	if (!q->ip.family && !is_seen(q->to))
		return skip_end(w, q->to);
	*dst = q->ip;
	if (!dst->family) {
		chosen = choose_address(q);
		if (!chosen)
			return no_destination(w);
		*dst = chosen->ip;
	}
	if (!is_group(dst) && !is_link_local(dst))
		return true;
	buffer_printf(why_hop(w, WHY_SKIP, "address", q->from),
		      is_group(dst) ? "%s is of a group or a broadcast, which is not followed"
				    : "%s hangs on which link it is asked for by",
		      why_ip(dst, ip));
	return false;
}
