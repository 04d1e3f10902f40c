/* SPDX-License-Identifier: MIT */
/*
 * Crossing from one link to who has an address on the same segment: the wires on the way, each a
 * hop; and who answers. What a frame passes is found by why_segment.c, what the sender takes for
 * the other's hardware address is looked at by why_neighbour.c.
 */
#include <stdlib.h>
#include <string.h>

#include <nsview/cleanup.h>
#include <nsview/error.h>

#include "why_parts.h"

static const struct place *place_before(const struct segment *s, const struct place *p)
{
	return p->before < 0 ? NULL : &s->places[p->before];
}

static const struct place *best_answer(const struct segment *s, const struct net_ip *ip,
				       const struct net_ns *preferred)
{
	const struct place *best = NULL;

	for (size_t i = 0; i < s->n; i++) {
		const struct place *p = &s->places[i];

		if (!segment_answers(p, ip))
			continue;
		if (!best || p->cost < best->cost ||
		    (p->cost == best->cost && p->link->net == preferred &&
		     best->link->net != preferred))
			best = p;
	}
	return best;
}

static bool answers_for_others(const struct net_link *link)
{
	int64_t all = 0;

	net_ns_sysctl(link->net, "net/ipv4/conf/all/proxy_arp", &all);
	return link->conf4.known && link->conf4.forwarding && (all || link->conf4.proxy_arp);
}

/* A router that answers ARP in the name of others. */
static const struct place *proxy_answer(const struct segment *s, const struct net_link *from,
					const struct net_ip *ip)
{
	for (size_t i = 0; i < s->n && ip->family == AF_INET; i++) {
		const struct place *p = &s->places[i];
		struct packet packet = { .dst = *ip, .in = p->link };
		struct route_answer r;

		if (p->side != SIDE_STACK || p->cost || p->link->net == from->net ||
		    !answers_for_others(p->link))
			continue;
		why_route(p->link->net, &packet, &r);
		if (r.result == ROUTE_FOUND && r.hop && r.hop->link != p->link)
			return p;
	}
	return NULL;
}

static const char *title_of(const struct place *a, const struct place *b)
{
	const char *kind = a->link->kind;

	if (b->via)
		return "bridge";
	if (a->side == SIDE_IN && b->link->kind)
		kind = b->link->kind;
	return kind ? kind : "link";
}

static void put_end(struct walk *w, const struct net_link *link, bool state, struct buffer *out)
{
	why_put_link(w, link, out);
	if (state)
		buffer_printf(out, " %s", why_link_state(link));
	if (link->master.link)
		buffer_printf(out, ", port of %s", link->master.link->name);
}

static void put_wire(struct walk *w, const struct place *a, const struct place *b,
		     struct buffer *out)
{
	autobuffer text = BUFFER_INIT;

	why_put_link(w, a->link, &text);
	if (!why_link_is_up(a->link))
		buffer_printf(&text, " %s", why_link_state(a->link));
	buffer_text(&text, " -- ");
	put_end(w, b->link, true, &text);
	buffer_clear(out);
	buffer_text(out, buffer_str(&text));
}

/* A step that is worth a line: a wire, or one that fails. */
static void report_step(struct walk *w, const struct place *a, const struct place *b)
{
	bool wire = a->side == SIDE_OUT && b->side == SIDE_IN;

	if (b->fault != FAULT_NONE) {
		why_fault(w, b, title_of(a, b));
		if (wire)
			put_wire(w, a, b, &w->out->hops[w->out->nhops - 1].text);
		return;
	}
	if (!wire)
		return;
	if (a->link->mtu != b->link->mtu) {
		struct buffer *text = why_hop(w, WHY_WARN, title_of(a, b), b->link->net);

		put_wire(w, a, b, text);
		buffer_printf(text, "; MTU %u against %u: larger packets may be lost", a->link->mtu,
			      b->link->mtu);
		return;
	}
	put_wire(w, a, b, why_hop(w, WHY_OK, title_of(a, b), b->link->net));
}

/* Rules for frames, as ebtables(8) and nft(8) have them: they see more than addresses. */
static void skip_frame_rules(struct walk *w, const struct net_link *bridge)
{
	for (const struct net_filter_chain *c = bridge->net->chains; c; c = c->next)
		if (strcmp(c->family, "bridge") == 0 && c->type && !c->dormant &&
		    (c->nrules || c->policy == NET_VERDICT_DROP)) {
			struct buffer *text = why_hop(w, WHY_SKIP, "filter", bridge->net);

			why_put_link(w, bridge, text);
			buffer_printf(text, ": rules for frames are not evaluated: %s %s", c->table,
				      c->name);
			return;
		}
}

/* A bridge may show its frames to the filters of layer 3, as br_netfilter does. */
static bool bridge_filters(struct walk *w, const struct place *p, const struct packet *packet)
{
	bool six = packet->dst.family == AF_INET6;
	const struct net_link *bridge = p->via;
	const struct net_detail *own;
	struct packet copy = *packet;
	int64_t all = 0;

	if (!bridge || p->side != SIDE_OUT)
		return true;
	skip_frame_rules(w, bridge);
	own = net_link_detail(bridge, six ? "nf_call_ip6tables" : "nf_call_iptables");
	net_ns_sysctl(bridge->net,
		      six ? "net/bridge/bridge-nf-call-ip6tables"
			  : "net/bridge/bridge-nf-call-iptables",
		      &all);
	copy.in = copy.out = bridge;
	return (!all && !(own && own->num)) || why_filter(w, bridge->net, NET_HOOK_FORWARD, &copy);
}

/* The hops from the start to p, up to the first that fails. */
static bool report_path(struct walk *w, const struct segment *s, const struct place *p,
			const struct packet *packet)
{
	const struct place *before = place_before(s, p);

	if (!before)
		return true;
	if (!report_path(w, s, before, packet))
		return false;
	report_step(w, before, p);
	return p->fault == FAULT_NONE && bridge_filters(w, p, packet);
}

/* A bridge that one end gets to, and a link of the same namespace that only the other does. */
static bool is_gap(const struct place *a, const struct place *b, const struct net_link **bridge,
		   const struct net_link **port)
{
	bool first = net_link_is(a->link, "bridge");

	*bridge = first ? a->link : b->link;
	*port = first ? b->link : a->link;
	return a->link->net == b->link->net && a->side == SIDE_STACK && b->side == SIDE_STACK &&
	       !a->cost && !b->cost && net_link_is(*bridge, "bridge") && net_link_is(*port, "veth");
}

static bool find_gap(const struct segment *s, const struct segment *far,
		     const struct net_link **bridge, const struct net_link **port)
{
	for (size_t a = 0; a < s->n; a++)
		for (size_t b = 0; b < far->n; b++)
			if (is_gap(&s->places[a], &far->places[b], bridge, port))
				return true;
	return false;
}

/* Who has it is on the same host, but what leads there hangs on no bridge. */
static bool fail_no_port(struct walk *w, const struct segment *s, const struct net_ip *ip)
{
	const struct net_link *bridge = NULL, *port = NULL;
	autobuffer inside = BUFFER_INIT;
	const struct net_addr **owners;
	size_t n = net_addrs_with_ip(w->net, ip, &owners);
	bool found = false;

	for (size_t i = 0; i < n && !found; i++) {
		struct segment far;

		if (!owners[i]->link)
			continue;
		segment_find(w->net, owners[i]->link, &far);
		found = find_gap(s, &far, &bridge, &port);
		segment_release(&far);
	}
	free(owners);
	if (!found)
		return false;
	why_put_inside(w, port->net, &inside);
	why_fail(w, "bridge", port->net, "%s is no port of %s %s", port->name, bridge->name,
		 buffer_str(&inside));
	why_show(w, port->net, "bridge link show");
	why_fix(w, port->net, "ip link set dev %s master %s", why_word(port->name),
		why_word(bridge->name));
	return true;
}

/* It may be out of sight, but does not even get there. */
static bool fail_exit(struct walk *w, const struct segment *s, const struct packet *p)
{
	struct place down = { .link = s->exit, .fault = FAULT_DOWN, .at_fault = s->exit };

	if (report_path(w, s, &s->places[s->exit_at], p) && !(s->exit->flags & IFF_UP))
		why_fault(w, &down, "link");
	return true;
}

static void not_there(struct walk *w, const struct segment *s, const struct net_link *from,
		      const struct net_ip *ip, const struct packet *p)
{
	autobuffer place = BUFFER_INIT;
	char text[NET_IP_TEXT];

	if (s->exit && s->exit_clean) {
		struct buffer *out = why_hop(w, WHY_SKIP, "wire", s->exit->net);

		why_put_link(w, s->exit, out);
		buffer_printf(out, ": %s", s->exit_words);
		return;
	}
	if (fail_no_port(w, s, ip) || (s->exit && fail_exit(w, s, p)))
		return;
	why_put_link(w, from, &place);
	why_fail(w, "neighbour", from->net, "nobody on the segment of %s answers for %s%s",
		 buffer_str(&place), why_ip(ip, text),
		 net_ip_equal(ip, &p->dst) ? "" : ", the gateway");
	why_show(w, from->net, "ip neigh show dev %s", why_word(from->name));
	if (!why_fix_route(w, from->net, &p->dst))
		why_advise(w, "look who should have %s", text);
}

/* One that has it, but does not answer on the link where it is asked. */
static const struct place *mute(const struct segment *s, const struct net_ip *ip)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->places[i].side == SIDE_STACK && !s->places[i].cost &&
		    net_ns_addr(s->places[i].link->net, ip) && ip->family == AF_INET)
			return &s->places[i];
	return NULL;
}

static void fail_mute(struct walk *w, const struct net_link *link, const struct net_ip *ip)
{
	autobuffer inside = BUFFER_INIT;
	char text[NET_IP_TEXT];
	int64_t all = 0;

	net_ns_sysctl(link->net, "net/ipv4/conf/all/arp_ignore", &all);
	why_put_inside(w, link->net, &inside);
	why_fail(w, "neighbour", link->net,
		 "arp_ignore %s keeps it from answering for %s on %s, which does not have it",
		 buffer_str(&inside), why_ip(ip, text), link->name);
	why_show(w, link->net, "sysctl net/ipv4/conf/all/arp_ignore net/ipv4/conf/%s/arp_ignore",
		 why_word(link->name));
	why_fix(w, link->net, "sysctl -w net/ipv4/conf/%s/arp_ignore=0",
		all ? "all" : why_word(link->name));
}

const struct net_link *why_cross(struct walk *w, const struct net_link *from,
				 const struct net_ip *ip, const struct packet *p)
{
	const struct net_link *arrived = NULL;
	const struct place *target, *silent;
	struct segment s;

	segment_find(w->net, from, &s);
	target = best_answer(&s, ip, w->back ? w->q->from : w->q->to);
	silent = mute(&s, ip);
	if (!target || target->cost) {
		const struct place *proxy = proxy_answer(&s, from, ip);

		target = proxy ? proxy : target;
	}
	/* What leaves by a way without a fault may arrive out of sight. */
	if (target && target->cost && s.exit && s.exit_clean && !w->q->to)
		target = NULL;
	if (target && target->cost && silent)
		target = NULL;
	if (!target && silent)
		fail_mute(w, silent->link, ip);
	else if (!target)
		not_there(w, &s, from, ip, p);
	else if (report_path(w, &s, target, p) && why_neighbour(w, &s, target, from, ip))
		arrived = target->link;
	segment_release(&s);
	return arrived;
}
