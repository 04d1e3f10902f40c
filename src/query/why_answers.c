/* SPDX-License-Identifier: MIT */
/*
 * Who answers when a neighbour is asked for: ARP and neighbour discovery as the kernel does them.
 * An ARP request is a packet of IPv4 that is routed, so that rp_filter and rules decide on it as
 * well; addresses of IPv6 belong to their link. Pure.
 */
#include "why_parts.h"

enum { FLAG_PROXY = 0x08 };

/* Whether one of link's addresses (NULL: of any link) is ip, no worse than scope, beside sender. */
static bool confirms(const struct net_ns *at, const struct net_link *link, const struct net_ip *ip,
		     uint8_t scope, const struct net_ip *sender)
{
	for (size_t i = 0; i < at->naddrs; i++) {
		const struct net_addr *a = &at->addrs[i];

		if (net_ip_equal(&a->ip, ip) && a->scope <= scope && (!link || a->link == link) &&
		    (!sender || net_ip_within(sender, &a->ip, a->len)))
			return true;
	}
	return false;
}

/* The sysctl arp_ignore, the greater of the link's and that of all. */
static bool is_ignored(const struct net_link *link, const struct net_ip *ip,
		       const struct net_ip *sender)
{
	switch (why_greatest(link->net, "net/ipv4/conf/all/arp_ignore", link->conf4.arp_ignore)) {
	case 1:
		return !confirms(link->net, link, ip, NET_SCOPE_HOST, NULL);
	case 2:
		return !confirms(link->net, link, ip, NET_SCOPE_HOST, sender);
	case 3:
		return !confirms(link->net, NULL, ip, NET_SCOPE_LINK, NULL);
	case 8:
		return true;
	default:
		return false;
	}
}

/* The sysctl arp_filter: only where it would itself send to who asks. */
static bool is_filtered(const struct net_link *link, const struct net_ip *ip,
			const struct net_ip *sender)
{
	struct packet back = { .src = *ip, .dst = *sender, .vrf = why_vrf_of(link) };
	struct route_answer r;

	if (!why_greatest(link->net, "net/ipv4/conf/all/arp_filter", link->conf4.arp_filter))
		return false;
	why_route(link->net, &back, &r);
	return r.result != ROUTE_UNKNOWN && (!r.hop || r.hop->link != link);
}

static bool has_proxy(const struct net_link *link, const struct net_ip *ip)
{
	for (size_t i = 0; i < link->net->nneighs; i++) {
		const struct net_neigh *n = &link->net->neighs[i];

		if ((n->flags & FLAG_PROXY) && n->index == link->index && net_ip_equal(&n->ip, ip))
			return true;
	}
	return false;
}

static enum answer proxy_four(const struct net_link *link, const struct asking *q,
			      const struct route_answer *r)
{
	if (!link->conf4.forwarding || r->result != ROUTE_FOUND || !r->hop || r->hop->link == link)
		return ANSWER_NOT;
	return why_greatest(link->net, "net/ipv4/conf/all/proxy_arp", link->conf4.proxy_arp) ||
			       has_proxy(link, &q->ip)
		       ? ANSWER_FOR_OTHERS
		       : ANSWER_NOT;
}

static enum answer answer_four(const struct net_link *link, const struct asking *q)
{
	struct packet p = { .src = q->sender, .dst = q->ip, .in = link };
	struct route_answer r, back;
	enum admit admit;

	if (!fact_is_known(link->net->parts[NET_PART_ROUTES].fact))
		return net_ns_addr(link->net, &q->ip) ? ANSWER_YES : ANSWER_NOT;
	why_route(link->net, &p, &r);
	if (r.result == ROUTE_UNKNOWN)
		return net_ns_addr(link->net, &q->ip) ? ANSWER_YES : ANSWER_NOT;
	if (r.result != ROUTE_FOUND)
		return ANSWER_NOT;
	if (r.route->type != NET_ROUTE_LOCAL)
		p.out = r.hop ? r.hop->link : NULL;
	admit = q->sender.family ? why_admit(link->net, &p, &back) : ADMIT_YES;
	if (r.route->type != NET_ROUTE_LOCAL)
		return admit == ADMIT_YES ? proxy_four(link, q, &r) : ANSWER_NOT;
	if (admit != ADMIT_YES && admit != ADMIT_UNKNOWN)
		return ANSWER_REFUSED;
	if (is_ignored(link, &q->ip, q->sender.family ? &q->sender : NULL))
		return ANSWER_IGNORED;
	return q->sender.family && is_filtered(link, &q->ip, &q->sender) ? ANSWER_FILTERED
									 : ANSWER_YES;
}

static enum answer answer_six(const struct net_link *link, const struct asking *q)
{
	const struct net_addr *a = NULL;

	while ((a = net_link_next_addr(link, a)))
		if (net_ip_equal(&a->ip, &q->ip) &&
		    !(a->flags & (NET_ADDR_TENTATIVE | NET_ADDR_DADFAILED)))
			return ANSWER_YES;
	return link->conf6.forwarding &&
			       why_greatest(link->net, "net/ipv6/conf/all/proxy_ndp",
					    link->conf6.proxy_ndp) &&
			       has_proxy(link, &q->ip)
		       ? ANSWER_FOR_OTHERS
		       : ANSWER_NOT;
}

enum answer why_answers(const struct place *place, const struct asking *q)
{
	if (place->side != SIDE_STACK)
		return ANSWER_NOT;
	return q->ip.family == AF_INET6 ? answer_six(place->link, q) : answer_four(place->link, q);
}

/* The sysctl arp_announce says how choosy it is; what it sends has its source at hand. */
static struct net_ip sender_four(const struct net_link *from, const struct net_ip *ip,
				 const struct net_ip *src)
{
	const struct net_addr *a = NULL;
	int64_t announce =
		why_greatest(from->net, "net/ipv4/conf/all/arp_announce", from->conf4.arp_announce);

	if (announce < 2 && src->family == AF_INET && net_ns_addr(from->net, src)) {
		if (announce == 0)
			return *src;
		while ((a = net_link_next_addr(from, a)))
			if (net_ip_within(src, &a->ip, a->len) && net_ip_within(ip, &a->ip, a->len))
				return *src;
	}
	return why_select(from->net, from, ip, ip, NET_SCOPE_LINK);
}

struct asking why_asking(const struct net_link *from, const struct net_ip *ip,
			 const struct net_ip *src)
{
	struct asking q = { .ip = *ip };

	if (ip->family == AF_INET)
		q.sender = sender_four(from, ip, src);
	else if (net_ns_addr(from->net, src))
		q.sender = *src;
	return q;
}
