/* SPDX-License-Identifier: MIT */
/*
 * What a bridge does with a frame: to which of its ports it goes, and to its own stack; state and
 * VLANs of ports, isolated and locked ones, flooding. What a bridge has learned matters to it only
 * where a port is locked: a broadcast goes everywhere, and that is what begins a conversation.
 */
#include <string.h>

#include "why_segment.h"

static bool port_flag(const struct net_link *port, const char *key, bool otherwise)
{
	const struct net_detail *d = net_link_port_detail(port, key);

	return d ? d->num != 0 : otherwise;
}

static bool filters_vlans(const struct net_link *bridge)
{
	const struct net_detail *d = net_link_detail(bridge, "vlan_filtering");

	return d && d->num && fact_is_known(bridge->net->parts[NET_PART_VLANS].fact);
}

static const struct net_vlan *vlan_of(const struct net_link *port, uint16_t vid)
{
	for (uint32_t i = 0; i < port->nvlans; i++)
		if (port->vlans[i].first <= vid && vid <= port->vlans[i].last)
			return &port->vlans[i];
	return NULL;
}

static uint16_t pvid_of(const struct net_link *port)
{
	for (uint32_t i = 0; i < port->nvlans; i++)
		if (port->vlans[i].pvid)
			return port->vlans[i].first;
	return 0;
}

/* The VLAN of a frame that comes in; 0: any, as where nothing is filtered. */
static uint16_t vlan_in(const struct net_link *bridge, const struct net_link *port, uint16_t tag,
			struct step *step)
{
	uint16_t vid = tag ? tag : pvid_of(port);

	if (!filters_vlans(bridge))
		return 0;
	if (vid && vlan_of(port, vid))
		return vid;
	if (step->fault == FAULT_NONE)
		*step = (struct step){
			.fault = FAULT_VLAN_IN, .at = port, .via = bridge, .vlan = tag
		};
	return 0;
}

/* The tag with which it leaves. */
static uint16_t vlan_out(const struct net_link *bridge, const struct net_link *port, uint16_t vid,
			 uint16_t tag, struct step *step)
{
	const struct net_vlan *vlan = vlan_of(port, vid);

	if (!filters_vlans(bridge))
		return tag;
	if (vid && !vlan && step->fault == FAULT_NONE)
		*step = (struct step){
			.fault = FAULT_VLAN_OUT, .at = port, .via = bridge, .vlan = vid
		};
	return vlan && !vlan->untagged ? vid : 0;
}

/* State is of an enabled port: one without carrier is disabled for that. */
static bool is_stopped(const struct net_link *port)
{
	return why_link_is_up(port) && port->port_state >= 0 &&
	       port->port_state != NET_PORT_FORWARDING;
}

static bool knows_source(const struct search *w, const struct net_link *port)
{
	const struct net_ns *net = port->net;

	for (size_t i = 0; i < net->nneighs; i++) {
		const struct net_neigh *n = &net->neighs[i];

		if (!n->ip.family && n->index == port->index && n->mac.len == w->from->mac.len &&
		    memcmp(n->mac.bytes, w->from->mac.bytes, n->mac.len) == 0)
			return true;
	}
	return false;
}

static void to_ports(struct search *w, const struct net_link *bridge, const struct net_link *in,
		     uint16_t vid, uint16_t tag, const struct step *before)
{
	for (size_t i = 0; i < bridge->net->nlinks; i++) {
		const struct net_link *port = bridge->net->links[i];
		struct step step = *before;
		uint16_t out;

		if (port->master.link != bridge ||
		    (port == in && !port_flag(port, "hairpin", false)))
			continue;
		if (step.fault == FAULT_NONE && is_stopped(port))
			step = (struct step){ .fault = FAULT_PORT, .at = port, .via = bridge };
		else if (step.fault == FAULT_NONE && in && port_flag(in, "isolated", false) &&
			 port_flag(port, "isolated", false))
			step = (struct step){ .fault = FAULT_ISOLATED, .at = port, .via = bridge };
		else if (step.fault == FAULT_NONE && w->flood && !port_flag(port, w->flood, true))
			step = (struct step){ .fault = *w->flood == 'b' ? FAULT_FLOOD
									: FAULT_FLOOD_MANY,
					      .at = port,
					      .via = bridge };
		out = vlan_out(bridge, port, vid, tag, &step);
		step.via = bridge;
		segment_go(w, port, SIDE_OUT, out, &step);
	}
}

void segment_through_bridge(struct search *w, const struct net_link *port, uint16_t tag)
{
	const struct net_link *bridge = port->master.link;
	struct step step = { .via = bridge }, own;
	uint16_t vid, out;

	if (!(bridge->flags & IFF_UP))
		step = (struct step){ .fault = FAULT_DOWN, .at = bridge, .via = bridge };
	else if (is_stopped(port))
		step = (struct step){ .fault = FAULT_PORT, .at = port, .via = bridge };
	else if (port_flag(port, "locked", false) && !knows_source(w, port))
		step = (struct step){ .fault = FAULT_LOCKED, .at = port, .via = bridge };
	vid = vlan_in(bridge, port, tag, &step);
	to_ports(w, bridge, port, vid, tag, &step);
	own = step;
	out = vlan_out(bridge, bridge, vid, tag, &own);
	own.via = NULL;
	segment_go(w, bridge, SIDE_IN, out, &own);
}

void segment_from_bridge(struct search *w, const struct net_link *bridge, uint16_t tag)
{
	struct step step = { .via = bridge };
	uint16_t vid;

	if (!(bridge->flags & IFF_UP))
		step = (struct step){ .fault = FAULT_DOWN, .at = bridge, .via = bridge };
	else if (segment_drops(bridge))
		step = (struct step){ .fault = FAULT_QDISC, .at = bridge, .via = bridge };
	vid = vlan_in(bridge, bridge, tag, &step);
	to_ports(w, bridge, NULL, vid, tag, &step);
}
