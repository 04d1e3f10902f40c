/* SPDX-License-Identifier: MIT */
/*
 * Whether bridges send a frame for one to where that one is: entries of their tables that nobody
 * learned, and ports that neither learn nor are flooded. What they learn by themselves is right,
 * since who answers has just been heard.
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

static bool sends_there(struct walk *w, const struct net_link *bridge, const struct net_link *port,
			const struct net_mac *mac)
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
	return true;
}

bool why_learned(struct walk *w, const struct segment *s, const struct place *target)
{
	const struct net_mac *mac = &target->link->mac;

	for (const struct place *p = target; p->before >= 0; p = &s->places[p->before])
		if (p->via && p->side == SIDE_OUT && mac->len &&
		    !sends_there(w, p->via, p->link, mac))
			return false;
	return true;
}
