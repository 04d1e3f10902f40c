/* SPDX-License-Identifier: MIT */
/*
 * Whether bridges send a frame for one to where that one is: entries of their tables that nobody
 * learned, and ports that neither learn nor are flooded. What they learn by themselves is right
 * where who answers has just been heard; not where nobody was asked, or where frames come from
 * several sides: from two who have the same address, or back to a bridge that sent them.
 */
#include <string.h>

#include <nsview/cleanup.h>

#include "why_parts.h"

enum { FLAG_STICKY = 0x40 };

static bool is_for(const struct net_neigh *n, const struct net_link *bridge,
		   const struct net_mac *mac)
{
	return !n->ip.family && !n->to.family && n->master == bridge->index &&
	       n->mac.len == mac->len && memcmp(n->mac.bytes, mac->bytes, mac->len) == 0;
}

/* An entry that the bridge does not forget; learned: any. */
static const struct net_neigh *entry(const struct net_link *bridge, const struct net_mac *mac,
				     bool learned)
{
	for (size_t i = 0; i < bridge->net->nneighs; i++) {
		const struct net_neigh *n = &bridge->net->neighs[i];

		if (is_for(n, bridge, mac) &&
		    (learned || (n->state & (NET_NEIGH_PERMANENT | NET_NEIGH_NOARP))))
			return n;
	}
	return NULL;
}

static bool flag(const struct net_link *port, const char *key)
{
	const struct net_detail *d = net_link_port_detail(port, key);

	return !d || d->num;
}

static bool fail_entry(struct walk *w, const struct net_link *bridge, const struct net_link *port,
		       const struct net_neigh *n)
{
	autobuffer inside = BUFFER_INIT;
	char mac[NET_MAC_TEXT];

	why_put_inside(w, bridge->net, &inside);
	why_fail(w, "bridge", bridge->net,
		 "an entry of %s %s says that %s is at %s, but it is behind %s", bridge->name,
		 buffer_str(&inside), net_mac_text(&n->mac, mac), n->link ? n->link->name : "?",
		 port->name);
	why_show(w, bridge->net, "bridge fdb show br %s", why_word(bridge->name));
	why_fix(w, bridge->net, "bridge fdb del %s dev %s master", mac,
		why_word(n->link ? n->link->name : NULL));
	return false;
}

/* Permanent entries are of the bridge's own addresses: those it takes in itself. */
static bool fail_own(struct walk *w, const struct net_link *bridge, const struct net_neigh *n)
{
	autobuffer inside = BUFFER_INIT;
	char mac[NET_MAC_TEXT];

	why_put_inside(w, bridge->net, &inside);
	why_fail(w, "bridge", bridge->net, "%s %s takes %s for an address of its own", bridge->name,
		 buffer_str(&inside), net_mac_text(&n->mac, mac));
	why_show(w, bridge->net, "bridge fdb show br %s", why_word(bridge->name));
	why_fix(w, bridge->net, "bridge fdb del %s dev %s master", mac,
		why_word(n->link ? n->link->name : NULL));
	return false;
}

static bool fail_flood(struct walk *w, const struct net_link *bridge, const struct net_link *port)
{
	autobuffer inside = BUFFER_INIT;

	why_put_inside(w, bridge->net, &inside);
	why_fail(w, "bridge", bridge->net,
		 "%s, a port of %s %s, neither learns who is behind it nor is flooded", port->name,
		 bridge->name, buffer_str(&inside));
	why_show(w, bridge->net, "bridge -d link show dev %s", why_word(port->name));
	why_fix(w, bridge->net, "bridge link set dev %s learning on flood on",
		why_word(port->name));
	return false;
}

static const struct net_neigh *entry_at(const struct net_link *bridge, const struct net_mac *mac,
					const struct net_link *port)
{
	for (size_t i = 0; i < bridge->net->nneighs; i++) {
		const struct net_neigh *n = &bridge->net->neighs[i];

		if (is_for(n, bridge, mac) && n->index == port->index)
			return n;
	}
	return NULL;
}

static bool filters_vlans(const struct net_link *bridge)
{
	const struct net_detail *d = net_link_detail(bridge, "vlan_filtering");

	return d && d->num;
}

/* It is right again as soon as who has it is heard; entries of other VLANs do not count. */
static void skip_learned(struct walk *w, const struct net_link *bridge, const struct net_link *port,
			 const struct net_mac *mac)
{
	const struct net_neigh *n = entry(bridge, mac, true);
	struct buffer *text;
	char address[NET_MAC_TEXT];

	if (!n || filters_vlans(bridge) || entry_at(bridge, mac, port))
		return;
	text = why_hop(w, WHY_SKIP, "bridge", bridge->net);
	why_put_link(w, bridge, text);
	buffer_printf(text, " has heard %s behind %s last, but it is behind %s: not evaluated",
		      net_mac_text(mac, address), n->link ? n->link->name : "?", port->name);
	why_put_command(w, bridge->net, text, "bridge fdb show br %s", why_word(bridge->name));
}

static bool sends_there(struct walk *w, const struct net_link *bridge, const struct net_link *port,
			const struct net_mac *mac, bool heard)
{
	const struct net_neigh *fixed = entry(bridge, mac, false);

	if (fixed && (fixed->state & NET_NEIGH_PERMANENT))
		return fail_own(w, bridge, fixed);
	/* Unless it is sticky, the entry follows who is heard elsewhere. */
	if (fixed && fixed->index != port->index &&
	    ((fixed->flags & FLAG_STICKY) || !flag(port, "learning")))
		return fail_entry(w, bridge, port, fixed);
	if (!fixed && !flag(port, "flood") && !flag(port, "learning") && !entry(bridge, mac, true))
		return fail_flood(w, bridge, port);
	if (!heard)
		skip_learned(w, bridge, port, mac);
	return true;
}

/* The bridge at which the ways to two of them part; NULL: there is none. */
static const struct net_link *parting(const struct segment *s, const struct place *a,
				      const struct place *b)
{
	for (; a->before >= 0; a = &s->places[a->before])
		for (const struct place *p = b; p->before >= 0; p = &s->places[p->before])
			if (a->via && a->via == p->via && a->link != p->link &&
			    a->side == SIDE_OUT && p->side == SIDE_OUT)
				return a->via;
	return NULL;
}

/* What is for the one goes to the other, as soon as that is heard. */
static void warn_same(struct walk *w, const struct segment *s, const struct place *target)
{
	const struct net_mac *mac = &target->link->mac;

	for (size_t i = 0; mac->len && i < s->n; i++) {
		const struct place *p = &s->places[i];
		const struct net_link *bridge;
		struct buffer *text;
		char address[NET_MAC_TEXT];

		if (p->side != SIDE_STACK || p->cost || p->link == target->link ||
		    p->link->mac.len != mac->len ||
		    memcmp(p->link->mac.bytes, mac->bytes, mac->len) != 0)
			continue;
		bridge = parting(s, target, p);
		if (!bridge)
			continue;
		text = why_hop(w, WHY_WARN, "bridge", bridge->net);
		why_put_link(w, p->link, text);
		buffer_text(text, " and ");
		why_put_link(w, target->link, text);
		buffer_printf(text,
			      " have the same hardware address %s: %s sends to whichever it "
			      "has heard last",
			      net_mac_text(mac, address), bridge->name);
	}
}

static bool enters(const struct place *p)
{
	return p->side == SIDE_IN && !p->cost && p->link->master.link &&
	       net_link_is(p->link->master.link, "bridge") && !filters_vlans(p->link->master.link);
}

/* Where a frame came to p's bridge before it did so at p; or where it began there. */
static bool was_there(const struct segment *s, const struct place *p)
{
	const struct net_link *bridge = p->link->master.link;

	if (s->places[0].link == bridge)
		return true;
	for (const struct place *other = s->places; other < p; other++)
		if (other->link->master.link == bridge && other->link != p->link && enters(other))
			return true;
	return false;
}

/* A bridge that a frame enters twice takes its sender to be where it came from last. */
static void skip_loops(struct walk *w, const struct segment *s)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct place *p = &s->places[i];
		struct buffer *text;

		if (!enters(p) || !was_there(s, p))
			continue;
		text = why_hop(w, WHY_SKIP, "bridge", p->link->net);
		why_put_link(w, p->link->master.link, text);
		buffer_printf(text, ": frames that it sent come back by %s: not evaluated",
			      p->link->name);
		return;
	}
}

bool why_learned(struct walk *w, const struct segment *s, const struct place *target, bool heard)
{
	const struct net_mac *mac = &target->link->mac;

	for (const struct place *p = target; p->before >= 0; p = &s->places[p->before])
		if (p->via && p->side == SIDE_OUT && mac->len &&
		    !sends_there(w, p->via, p->link, mac, heard))
			return false;
	warn_same(w, s, target);
	skip_loops(w, s);
	return true;
}
