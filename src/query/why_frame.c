/* SPDX-License-Identifier: MIT */
/*
 * Filters that a frame meets between the ends of a segment: those of layer 3 that a bridge shows it
 * to, rules of nftables for one link, and rules for frames, as ebtables(8) and nft(8) have them.
 */
#include <string.h>

#include <nsview/cleanup.h>

#include "why_parts.h"

/* Those of a bridge that a frame passes in a step: from port to port, out of it, or into it. */
static unsigned frame_hooks(const struct place *before, const struct place *p)
{
	if (p->via && p->side == SIDE_OUT && before->side == SIDE_IN)
		return 1U << NET_HOOK_PREROUTING | 1U << NET_HOOK_FORWARD |
		       1U << NET_HOOK_POSTROUTING;
	if (p->via && p->side == SIDE_OUT)
		return 1U << NET_HOOK_OUTPUT | 1U << NET_HOOK_POSTROUTING;
	if (p->side == SIDE_IN && net_link_is(p->link, "bridge") &&
	    before->link->master.link == p->link)
		return 1U << NET_HOOK_PREROUTING | 1U << NET_HOOK_INPUT;
	return 0;
}

static const struct net_filter_chain *frame_rules(const struct net_link *bridge, unsigned hooks)
{
	for (const struct net_filter_chain *c = bridge->net->chains; c; c = c->next)
		if (strcmp(c->family, "bridge") == 0 && c->type && !c->dormant &&
		    (hooks >> c->hook & 1) && (c->nrules || c->policy == NET_VERDICT_DROP))
			return c;
	return NULL;
}

static void skip_frame_rules(struct walk *w, const struct net_link *bridge,
			     const struct net_filter_chain *c, const char *words)
{
	struct buffer *text = why_hop(w, WHY_SKIP, "filter", bridge->net);
	autobuffer list = BUFFER_INIT;

	why_put_link(w, bridge, text);
	buffer_printf(text, ": %s: %s %s", words, c->table, c->name);
	why_put_list_chain(c, &list);
	why_put_command(w, bridge->net, text, "%s", buffer_str(&list));
}

/* They see by which ports it comes and goes, at each hook only those that are known there. */
static bool pass_frame_hooks(struct walk *w, const struct place *before, const struct place *p,
			     const struct net_link *bridge, struct packet *frame)
{
	static const struct {
		enum net_hook hook;
		bool in, out;
	} hooks[] = {
		{ NET_HOOK_PREROUTING, true, false },  { NET_HOOK_INPUT, true, false },
		{ NET_HOOK_FORWARD, true, true },      { NET_HOOK_OUTPUT, false, true },
		{ NET_HOOK_POSTROUTING, false, true },
	};
	unsigned which = frame_hooks(before, p);

	for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++) {
		frame->in = hooks[i].in ? before->link : NULL;
		frame->out = hooks[i].out ? p->link : NULL;
		if ((which >> hooks[i].hook & 1) &&
		    !why_filter(w, bridge->net, hooks[i].hook, frame))
			return false;
	}
	return true;
}

static bool pass_frame_rules(struct walk *w, const struct place *before, const struct place *p,
			     const struct packet *packet)
{
	const struct net_link *bridge = p->via ? p->via : p->link;
	const struct net_filter_chain *c = frame_rules(bridge, frame_hooks(before, p));
	struct packet frame = *packet;

	if (!c)
		return true;
	if (before->vlan || p->vlan) {
		skip_frame_rules(w, bridge, c, "rules for frames of a VLAN are not evaluated");
		return true;
	}
	frame.frame = true;
	if (!pass_frame_hooks(w, before, p, bridge, &frame))
		return false;
	if (frame.mark != packet->mark || frame.rewritten != packet->rewritten)
		skip_frame_rules(w, bridge, c, "that rules for frames mark them is not evaluated");
	return true;
}

static bool is_changed(const struct packet *a, const struct packet *b)
{
	return !net_ip_equal(&a->src, &b->src) || !net_ip_equal(&a->dst, &b->dst) ||
	       a->dport != b->dport;
}

/* As if it were forwarded, in by the bridge and out by it. */
static bool show_to_filters(struct walk *w, const struct net_link *bridge, struct packet *p)
{
	const struct packet before = *p;

	why_meet(w, bridge->net, p);
	p->in = bridge;
	p->out = NULL;
	if (!why_filter(w, bridge->net, NET_HOOK_PREROUTING, p))
		return false;
	p->out = bridge;
	if (!why_filter(w, bridge->net, NET_HOOK_FORWARD, p) ||
	    !why_filter(w, bridge->net, NET_HOOK_POSTROUTING, p))
		return false;
	if (!is_changed(&before, p))
		return true;
	why_put_link(w, bridge, why_hop(w, WHY_SKIP, "nat", bridge->net));
	buffer_text(&w->out->hops[w->out->nhops - 1].text,
		    ": frames are translated on their way, which is not followed");
	return false;
}

/* A bridge may show its frames to the filters of layer 3, as br_netfilter does. */
bool why_pass_bridge(struct walk *w, const struct place *before, const struct place *p,
		     const struct packet *packet)
{
	bool six = packet->dst.family == AF_INET6;
	const struct net_link *bridge = p->via;
	const struct net_detail *own;
	struct packet copy = *packet;
	int64_t all = 0;

	if (!pass_frame_rules(w, before, p, packet))
		return false;
	if (!bridge || p->side != SIDE_OUT || packet->arp)
		return true;
	/* What its own stack sends has been filtered there. */
	if (before->side != SIDE_IN)
		return true;
	own = net_link_detail(bridge, six ? "nf_call_ip6tables" : "nf_call_iptables");
	net_ns_sysctl(bridge->net,
		      six ? "net/bridge/bridge-nf-call-ip6tables"
			  : "net/bridge/bridge-nf-call-iptables",
		      &all);
	return (!all && !(own && own->num)) || show_to_filters(w, bridge, &copy);
}

/* Rules for one link, where a frame passes it on the way: at the ends they are met anyhow. */
bool why_pass_link(struct walk *w, const struct place *before, const struct place *p,
		   const struct packet *packet)
{
	struct packet copy = *packet;

	copy.in = before->link;
	copy.out = NULL;
	if (before->side == SIDE_IN && p->side != SIDE_STACK &&
	    !why_filter(w, before->link->net, NET_HOOK_INGRESS, &copy))
		return false;
	copy.in = NULL;
	copy.out = p->link;
	return p->side != SIDE_OUT || why_filter(w, p->link->net, NET_HOOK_EGRESS, &copy);
}
