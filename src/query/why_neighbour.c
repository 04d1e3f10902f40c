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

const struct net_neigh *why_neigh_entry(const struct net_link *from, const struct net_ip *ip)
{
	for (size_t i = 0; i < from->net->nneighs; i++) {
		const struct net_neigh *n = &from->net->neighs[i];

		if (n->index == from->index && net_ip_equal(&n->ip, ip) && !(n->flags & 0x08))
			return n;
	}
	return NULL;
}

bool why_neigh_is_fixed(const struct net_neigh *n)
{
	return n && n->mac.len && (n->state & (NET_NEIGH_PERMANENT | NET_NEIGH_NOARP));
}

static bool is_resolved(const struct net_neigh *n)
{
	return n && n->mac.len &&
	       (n->state & (NET_NEIGH_REACHABLE | NET_NEIGH_STALE | NET_NEIGH_DELAY |
			    NET_NEIGH_PROBE | NET_NEIGH_PERMANENT | NET_NEIGH_NOARP));
}

const struct net_mac *why_known_mac(const struct walk *w, const struct net_link *from,
				    const struct net_ip *ip)
{
	const struct net_neigh *n = why_neigh_entry(from, ip);

	if (is_resolved(n))
		return &n->mac;
	for (size_t i = 0; w->back && i < w->ncrossings; i++)
		if (w->crossings[i].to == from && net_ip_equal(&w->crossings[i].sender, ip))
			return &w->crossings[i].from->mac;
	return NULL;
}

/* On the way back, whoever was asked knows who asked. */
static void note_crossing(struct walk *w, const struct net_link *from, const struct net_link *to,
			  const struct asking *q)
{
	if (!w->back && w->ncrossings < MET_MAX && !is_resolved(why_neigh_entry(from, &q->ip)))
		w->crossings[w->ncrossings++] = (struct crossing){ from, to, q->sender };
}

/* Another who has the address, and would answer as well. */
static const struct place *rival(const struct segment *s, const struct place *target,
				 const struct asking *q)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct place *p = &s->places[i];

		if (!p->cost && p->link->net != target->link->net &&
		    why_answers(p, q) == ANSWER_YES)
			return p;
	}
	return NULL;
}

static void fail_rival(struct walk *w, const struct place *other, const struct net_ip *ip)
{
	const struct net_addr *a = net_ns_addr(other->link->net, ip);
	const struct net_link *link = a && a->link ? a->link : other->link;
	autobuffer inside = BUFFER_INIT;
	char text[NET_IP_TEXT];

	why_put_inside(w, link->net, &inside);
	why_ip(ip, text);
	why_fail(w, "neighbour", link->net, "%s of %s has the address %s as well, and answers",
		 link->name, buffer_str(&inside) + strcspn(buffer_str(&inside), " ") + 1, text);
	if (!a) { /* a route alone makes it local there */
		why_show(w, link->net, "ip route show table all type local %s", text);
		why_advise(w, "remove the local route to %s", text);
		return;
	}
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

/* A bridge sends a frame for whoever sent it back to where it came from: nowhere. */
static bool has_twin(const struct segment *s, const struct place *target,
		     const struct net_link *from)
{
	bool bridge = net_link_is(from, "bridge") || net_link_is(target->link, "bridge");

	for (const struct place *p = target; p->before >= 0; p = &s->places[p->before])
		bridge = bridge || p->via;
	return bridge && from->mac.len && same_mac(&from->mac, &target->link->mac);
}

static bool fail_twin(struct walk *w, const struct net_link *from, const struct net_link *to)
{
	autobuffer a = BUFFER_INIT, b = BUFFER_INIT;
	struct net_mac other = to->mac;
	char text[NET_MAC_TEXT];

	why_put_link(w, from, &a);
	why_put_link(w, to, &b);
	why_fail(w, "neighbour", to->net, "%s and %s have the same hardware address %s",
		 buffer_str(&a), buffer_str(&b), net_mac_text(&to->mac, text));
	why_show(w, to->net, "ip link show dev %s", why_word(to->name));
	other.bytes[other.len - 1] ^= 0x55;
	why_fix(w, to->net, "ip link set dev %s address %s", why_word(to->name),
		net_mac_text(&other, text));
	return false;
}

static void doubt_entry(struct walk *w, const struct net_link *from, const struct net_neigh *n)
{
	char ip[NET_IP_TEXT], mac[NET_MAC_TEXT];

	/* That takes its time, and meanwhile nothing gets through. */
	if (is_resolved(n))
		buffer_printf(why_hop(w, WHY_SKIP, "neighbour", from->net),
			      "%s is still taken to be at %s, until that is found to be wrong",
			      why_ip(&n->ip, ip), net_mac_text(&n->mac, mac));
	else if (n && (n->state & (NET_NEIGH_FAILED | NET_NEIGH_INCOMPLETE)))
		buffer_printf(why_hop(w, WHY_WARN, "neighbour", from->net),
			      "%s did not answer when it was asked for last", why_ip(&n->ip, ip));
}

bool why_resolves(const struct net_link *link)
{
	return link->hw == 1 && !(link->flags & IFF_LOOPBACK);
}

bool why_neighbour(struct walk *w, const struct segment *s, const struct place *target,
		   const struct net_link *from, const struct asking *q)
{
	const struct net_neigh *n = why_neigh_entry(from, &q->ip);
	const struct place *other = rival(s, target, q);
	bool right = n && n->mac.len && same_mac(&n->mac, &target->link->mac);
	bool fixed = why_neigh_is_fixed(n);

	if (!why_resolves(from) || !why_resolves(target->link))
		return true;
	if (!fixed && (from->flags & FLAG_NOARP))
		return fail_arp_off(w, from);
	if (!fixed && (target->link->flags & FLAG_NOARP))
		return fail_arp_off(w, target->link);
	if (fixed && !right) {
		fail_entry(w, from, n, &target->link->mac);
		return false;
	}
	if (has_twin(s, target, from))
		return fail_twin(w, from, target->link);
	if (!fixed && other && n && n->mac.len && same_mac(&n->mac, &other->link->mac)) {
		fail_rival(w, other, &q->ip);
		return false;
	}
	if (!fixed && other && !right)
		skip_rival(w, other, &q->ip);
	if (q->ip.family == AF_INET && !(right && (fixed || (n->state & NET_NEIGH_REACHABLE)))) {
		why_arp_rules(w, from->net);
		if (target->link->net != from->net)
			why_arp_rules(w, target->link->net);
	}
	if (!right)
		doubt_entry(w, from, n);
	note_crossing(w, from, target->link, q);
	return true;
}
