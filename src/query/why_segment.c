/* SPDX-License-Identifier: MIT */
/*
 * Where a frame gets from a link without being routed: over wires, bridges, bonds, VLANs and
 * macvlans. Where it is stopped it goes on all the same, at the price of one fault: so the way
 * with the fewest faults is found, and what is wrong on it. Pure. Knows no addresses of layer 3
 * but to tell who answers.
 */
#include <stdlib.h>
#include <string.h>

#include <nsview/error.h>

#include "why_segment.h"
#include "why_tunnel.h"

enum { FAULTS_MAX = 4, PLACES_MAX = 20000 };

static struct place *find_place(struct segment *s, const struct net_link *link, enum side side,
				uint16_t vlan)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->places[i].link == link && s->places[i].side == side &&
		    s->places[i].vlan == vlan)
			return &s->places[i];
	return NULL;
}

static struct place *add_place(struct segment *s)
{
	if (s->n == s->cap) {
		s->cap = s->cap ? s->cap * 2 : 16;
		s->places = reallocarray(s->places, s->cap, sizeof(*s->places));
		if (!s->places)
			die("out of memory");
	}
	return &s->places[s->n++];
}

/* What is wrong with the port that a bond uses is told before that it has another one. */
static unsigned price_of(enum fault fault)
{
	return fault == FAULT_NONE ? 0 : fault == FAULT_BACKUP ? 2 : 1;
}

void segment_go(struct search *w, const struct net_link *link, enum side side, uint16_t vlan,
		const struct step *step)
{
	unsigned cost = w->out->places[w->current].cost + price_of(step->fault);
	struct place *known = find_place(w->out, link, side, vlan);

	if ((known && known->cost <= cost) || cost > FAULTS_MAX)
		return;
	if (w->out->n >= PLACES_MAX) {
		w->out->cut = true;
		return;
	}
	if (!known)
		known = add_place(w->out);
	*known = (struct place){ .link = link,
				 .side = side,
				 .vlan = vlan,
				 .before = w->current,
				 .cost = cost,
				 .fault = step->fault,
				 .at_fault = step->at,
				 .via = step->via,
				 .tunnel = step->tunnel,
				 .remote = step->remote,
				 .fault_vlan = step->vlan };
}

static void leave(struct search *w, const char *words)
{
	const struct place *p = &w->out->places[w->current];
	bool clean = !p->cost && (p->link->flags & IFF_UP);

	if (w->out->exit && (w->out->exit_clean || !clean))
		return;
	w->out->exit = p->link;
	w->out->exit_words = words;
	w->out->exit_clean = clean;
	w->out->exit_at = w->current;
}

bool segment_drops(const struct net_link *link)
{
	return link->qdisc && strcmp(link->qdisc, "blackhole") == 0;
}

static struct step from_to(const struct net_link *a, const struct net_link *b)
{
	if (!(a->flags & IFF_UP))
		return (struct step){ .fault = FAULT_DOWN, .at = a };
	if (!(b->flags & IFF_UP))
		return (struct step){ .fault = FAULT_DOWN, .at = b };
	if (a->carrier_known && !a->carrier)
		return (struct step){ .fault = FAULT_CARRIER, .at = a };
	if (segment_drops(a))
		return (struct step){ .fault = FAULT_QDISC, .at = a };
	return (struct step){ 0 };
}

static bool is_port_of(const struct net_link *link, const char *kind)
{
	return link->master.link && net_link_is(link->master.link, kind);
}

static bool is_macvlan(const struct net_link *link)
{
	return net_link_is(link, "macvlan") || net_link_is(link, "macvtap");
}

static bool shares_lower(const struct net_link *link)
{
	return is_macvlan(link) || net_link_is(link, "ipvlan") || net_link_is(link, "ipvtap");
}

static uint16_t vlan_id(const struct net_link *link)
{
	const struct net_detail *d = net_link_detail(link, "id");

	return d ? (uint16_t)d->num : 0;
}

/* Calls for each link that stands on lower. */
static void each_upper(struct search *w, const struct net_link *lower, uint16_t tag,
		       void (*each)(struct search *w, const struct net_link *upper,
				    const struct net_link *lower, uint16_t tag))
{
	for (size_t i = 0; i < w->net->n; i++)
		for (size_t k = 0; k < w->net->list[i]->nlinks; k++)
			if (w->net->list[i]->links[k]->lower.link == lower)
				each(w, w->net->list[i]->links[k], lower, tag);
}

static void up_to(struct search *w, const struct net_link *upper, const struct net_link *lower,
		  uint16_t tag)
{
	struct step step = from_to(lower, upper);

	if (shares_lower(upper))
		segment_go(w, upper, SIDE_IN, tag, &step);
	else if (net_link_is(upper, "vlan") && tag && vlan_id(upper) == tag)
		segment_go(w, upper, SIDE_IN, 0, &step);
}

static bool bridges_siblings(const struct net_link *link)
{
	const struct net_detail *mode = net_link_detail(link, "mode");

	return !is_macvlan(link) || !mode || !mode->text || strcmp(mode->text, "bridge") == 0;
}

static void to_sibling(struct search *w, const struct net_link *upper, const struct net_link *lower,
		       uint16_t tag)
{
	const struct net_link *from = w->out->places[w->current].link;
	struct step step = from_to(from, upper);

	if (upper == from || !shares_lower(upper))
		return;
	/* Without the lower one they have no carrier. */
	if (step.fault != FAULT_DOWN && !(lower->flags & IFF_UP))
		step = (struct step){ .fault = FAULT_DOWN, .at = lower };
	else if (step.fault == FAULT_NONE && !bridges_siblings(from))
		step = (struct step){ .fault = FAULT_MODE, .at = from };
	else if (step.fault == FAULT_NONE && !bridges_siblings(upper))
		step = (struct step){ .fault = FAULT_MODE, .at = upper };
	segment_go(w, upper, SIDE_IN, tag, &step);
}

static void down_from(struct search *w, const struct net_link *link, uint16_t tag)
{
	const struct net_link *lower = link->lower.link;
	struct step step, none = { 0 };

	if (!lower) {
		leave(w, link->lower.words ? link->lower.words
					   : "what it stands on could not be seen");
		return;
	}
	step = from_to(link, lower);
	if (net_link_is(link, "vlan")) {
		segment_go(w, lower, SIDE_OUT, vlan_id(link), &step);
		return;
	}
	each_upper(w, lower, tag, to_sibling);
	none = (struct step){ .fault = FAULT_PARENT, .at = link };
	segment_go(w, lower, SIDE_STACK, tag, step.fault ? &step : &none);
	segment_go(w, lower, SIDE_OUT, tag, &step);
}

static struct step by_member(struct step step, const struct net_link *member)
{
	const struct net_detail *state = net_link_port_detail(member, "state");

	if (step.fault == FAULT_NONE && state && state->text && strcmp(state->text, "backup") == 0)
		return (struct step){ .fault = FAULT_BACKUP, .at = member };
	return step;
}

static void to_members(struct search *w, const struct net_link *bond, uint16_t tag)
{
	for (size_t i = 0; i < bond->net->nlinks; i++) {
		const struct net_link *member = bond->net->links[i];
		struct step step = by_member(from_to(bond, member), member);

		if (member->master.link == bond)
			segment_go(w, member, SIDE_OUT, tag, &step);
	}
}

static void to_peer(struct search *w, const struct net_link *link, uint16_t tag)
{
	struct step step;

	if (!link->peer.link) {
		leave(w, link->peer.words ? link->peer.words : "its other end could not be found");
		return;
	}
	step = from_to(link, link->peer.link);
	segment_go(w, link->peer.link, SIDE_IN, tag, &step);
}

/* To each link that may be at its other end, also where that one differs. */
static void to_far_ends(struct search *w, const struct net_link *link, uint16_t tag)
{
	struct net_ip remotes[TUNNEL_REMOTES_MAX];
	size_t n = tunnel_is_external(link) ? 0 : tunnel_remotes(link, remotes);
	bool lost = !n;

	for (size_t i = 0; i < n; i++) {
		struct tunnel_far far = { 0 };
		bool any = false;

		while (tunnel_next_far(w->net, link, &remotes[i], &far)) {
			struct step step = from_to(link, far.link);

			any = true;
			if (step.fault == FAULT_NONE && far.differs != TUNNEL_SAME)
				step = (struct step){ .fault = FAULT_TUNNEL, .at = far.link };
			step.tunnel = link;
			step.remote = remotes[i];
			segment_go(w, far.link, SIDE_IN, tag, &step);
		}
		lost = lost || !any;
	}
	if (lost)
		leave(w, "its other end is not seen");
}

static void expand_out(struct search *w, const struct net_link *link, uint16_t tag)
{
	if (link->peer.how != NET_HOW_NONE)
		to_peer(w, link, tag);
	else if (net_link_is(link, "bridge"))
		segment_from_bridge(w, link, tag);
	else if (shares_lower(link) || net_link_is(link, "vlan"))
		down_from(w, link, tag);
	else if (net_link_is(link, "bond") || net_link_is(link, "team"))
		to_members(w, link, tag);
	else if (tunnel_kind_of(link) && tunnel_kind_of(link)->frames)
		to_far_ends(w, link, tag);
	else if (net_link_is(link, "tun"))
		leave(w, "a process has its other end");
	else if (link->kind)
		leave(w, "what is behind a link of that kind is not followed");
	else if (!(link->flags & IFF_LOOPBACK))
		leave(w, NULL);
}

static void expand_in(struct search *w, const struct net_link *link, uint16_t tag)
{
	const struct step none = { 0 };

	if (is_port_of(link, "bridge")) {
		segment_through_bridge(w, link, tag);
		return;
	}
	if (is_port_of(link, "bond") || is_port_of(link, "team")) {
		struct step step = by_member(from_to(link, link->master.link), link);

		segment_go(w, link->master.link, SIDE_IN, tag, &step);
		return;
	}
	if (link->master.how != NET_HOW_NONE && !is_port_of(link, "vrf")) {
		leave(w, "a switch that is not of the kernel's own kind has it");
		return;
	}
	each_upper(w, link, tag, up_to);
	if (!tag)
		segment_go(w, link, SIDE_STACK, 0, &none);
}

/* The next place with that price that was not looked at; -1: none. */
static int next_place(const struct segment *s, const bool *done, unsigned cost)
{
	for (size_t i = 0; i < s->n; i++)
		if (!done[i] && s->places[i].cost == cost)
			return (int)i;
	return -1;
}

void segment_find(const struct net *net, const struct net_link *from, const char *flood,
		  struct segment *out)
{
	struct search w = { .net = net, .from = from, .flood = flood, .out = out };
	bool *done = calloc(PLACES_MAX, sizeof(bool));

	*out = (struct segment){ 0 };
	if (!done)
		die("out of memory");
	*add_place(out) = (struct place){ .link = from, .side = SIDE_OUT, .before = -1 };
	for (unsigned cost = 0; cost <= FAULTS_MAX; cost++)
		while ((w.current = next_place(out, done, cost)) >= 0) {
			const struct place p = out->places[w.current];

			done[w.current] = true;
			if (p.side == SIDE_OUT)
				expand_out(&w, p.link, p.vlan);
			else if (p.side == SIDE_IN)
				expand_in(&w, p.link, p.vlan);
		}
	free(done);
}

void segment_release(struct segment *s)
{
	free(s->places);
}
