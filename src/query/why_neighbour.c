/* SPDX-License-Identifier: MIT */
/*
 * Whether the sender has the right hardware address of who is next, or gets it: entries that are
 * fixed and wrong, ARP that is off, and others who have the same address and answer as well. It
 * reads what the neighbour table was; the kernel may be about to forget it.
 */
#include <string.h>

#include <nsview/cleanup.h>

#include "why_parts.h"

enum { FLAG_NOARP = 0x80 };

static bool same_mac(const struct net_mac *a, const struct net_mac *b)
{
	return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

static const struct net_neigh *neighbour(const struct net_link *from, const struct net_ip *ip)
{
	for (size_t i = 0; i < from->net->nneighs; i++) {
		const struct net_neigh *n = &from->net->neighs[i];

		if (n->index == from->index && net_ip_equal(&n->ip, ip) && !(n->flags & 0x08))
			return n;
	}
	return NULL;
}

/* Another who has the address, and would answer as well. */
static const struct place *rival(const struct segment *s, const struct place *target,
				 const struct net_ip *ip)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct place *p = &s->places[i];

		if (!p->cost && p->link->net != target->link->net && segment_answers(p, ip))
			return p;
	}
	return NULL;
}

static void fail_rival(struct walk *w, const struct place *other, const struct net_ip *ip)
{
	const struct net_addr *a = net_ns_addr(other->link->net, ip);
	const struct net_link *link = a->link ? a->link : other->link;
	autobuffer inside = BUFFER_INIT;
	char text[NET_IP_TEXT];

	why_put_inside(w, link->net, &inside);
	why_ip(ip, text);
	why_fail(w, "neighbour", link->net, "%s of %s has the address %s as well, and answers",
		 link->name, buffer_str(&inside) + strcspn(buffer_str(&inside), " ") + 1, text);
	why_show(w, link->net, "ip addr show dev %s", why_word(link->name));
	why_fix(w, link->net, "ip addr del %s/%u dev %s", text, a->len, why_word(link->name));
}

static void skip_rival(struct walk *w, const struct place *other, const struct net_ip *ip)
{
	struct buffer *text = why_hop(w, WHY_SKIP, "neighbour", other->link->net);
	char address[NET_IP_TEXT];

	why_put_link(w, other->link, text);
	buffer_printf(text, " has %s as well: who answers first cannot be told",
		      why_ip(ip, address));
}

static void fail_entry(struct walk *w, const struct net_link *from, const struct net_neigh *n,
		       const struct net_mac *real)
{
	char ip[NET_IP_TEXT], has[NET_MAC_TEXT], told[NET_MAC_TEXT];
	autobuffer inside = BUFFER_INIT;

	why_put_inside(w, from->net, &inside);
	why_ip(&n->ip, ip);
	why_fail(w, "neighbour", from->net,
		 "a permanent neighbour entry %s says that %s is at %s, but it is at %s",
		 buffer_str(&inside), ip, net_mac_text(&n->mac, told), net_mac_text(real, has));
	why_show(w, from->net, "ip neigh show %s", ip);
	why_fix(w, from->net, "ip neigh del %s dev %s", ip, why_word(from->name));
}

static bool fail_arp_off(struct walk *w, const struct net_link *link)
{
	autobuffer inside = BUFFER_INIT;

	why_put_inside(w, link->net, &inside);
	why_fail(w, "neighbour", link->net, "ARP is switched off on %s %s", link->name,
		 buffer_str(&inside));
	why_show(w, link->net, "ip link show dev %s", why_word(link->name));
	why_fix(w, link->net, "ip link set dev %s arp on", why_word(link->name));
	return false;
}

static bool resolves(const struct net_link *link)
{
	return link->hw == 1 && !(link->flags & IFF_LOOPBACK);
}

bool why_neighbour(struct walk *w, const struct segment *s, const struct place *target,
		   const struct net_link *from, const struct net_ip *ip)
{
	enum { FIXED = NET_NEIGH_PERMANENT | NET_NEIGH_NOARP };
	const struct net_neigh *n = neighbour(from, ip);
	const struct place *other = rival(s, target, ip);
	bool right = n && n->mac.len && same_mac(&n->mac, &target->link->mac);
	bool fixed = n && (n->state & FIXED);

	if (!resolves(from) || !resolves(target->link))
		return true;
	if (fixed && right)
		return true;
	if ((from->flags & FLAG_NOARP) && !fixed)
		return fail_arp_off(w, from);
	if ((target->link->flags & FLAG_NOARP) && !fixed)
		return fail_arp_off(w, target->link);
	if (fixed && n->mac.len) {
		fail_entry(w, from, n, &target->link->mac);
		return false;
	}
	if (other && n && n->mac.len && same_mac(&n->mac, &other->link->mac)) {
		fail_rival(w, other, ip);
		return false;
	}
	if (other && !right)
		skip_rival(w, other, ip);
	if (n && (n->state & (NET_NEIGH_FAILED | NET_NEIGH_INCOMPLETE))) {
		char text[NET_IP_TEXT];

		buffer_printf(why_hop(w, WHY_WARN, "neighbour", from->net),
			      "%s did not answer when it was asked for last", why_ip(ip, text));
	}
	return true;
}
