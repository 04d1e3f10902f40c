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

#include "why_tunnel.h"

static const struct place *place_before(const struct segment *s, const struct place *p)
{
	return p->before < 0 ? NULL : &s->places[p->before];
}

static const struct place *best_answer(const struct segment *s, const struct asking *q,
				       const struct net_ns *preferred)
{
	const struct place *best = NULL;

	for (size_t i = 0; i < s->n; i++) {
		const struct place *p = &s->places[i];

		if (why_answers(p, q) != ANSWER_YES)
			continue;
		if (!best || p->cost < best->cost ||
		    (p->cost == best->cost && p->link->net == preferred &&
		     best->link->net != preferred))
			best = p;
	}
	return best;
}

/* A router that answers in the name of others. */
static const struct place *proxy_answer(const struct segment *s, const struct net_link *from,
					const struct asking *q)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct place *p = &s->places[i];

		if (!p->cost && p->link->net != from->net && why_answers(p, q) == ANSWER_FOR_OTHERS)
			return p;
	}
	return NULL;
}

/* To whom frames for that hardware address get, whoever would answer. */
static const struct place *place_of_mac(const struct segment *s, const struct net_mac *mac)
{
	for (size_t i = 0; i < s->n && mac && mac->len; i++) {
		const struct place *p = &s->places[i];

		if (p->side == SIDE_STACK && !p->cost && p->link->mac.len == mac->len &&
		    memcmp(p->link->mac.bytes, mac->bytes, mac->len) == 0)
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
	if (b->tunnel)
		why_put_tunnel(b->tunnel, &w->out->hops[w->out->nhops - 1].text);
}

bool why_path_filters(struct walk *w, const struct segment *s, const struct place *p,
		      const struct packet *packet)
{
	const struct place *before = place_before(s, p);

	return !before ||
	       (why_path_filters(w, s, before, packet) && why_pass_link(w, before, p, packet) &&
		why_pass_bridge(w, before, p, packet));
}

/* The hops from the start to p, up to the first that fails. */
static bool report_path(struct walk *w, const struct segment *s, const struct place *p,
			const struct packet *packet)
{
	const struct place *before = place_before(s, p);

	if (!before) {
		why_link_hooks(w, p->link, false);
		return true;
	}
	if (!report_path(w, s, before, packet) || !why_pass_link(w, before, p, packet))
		return false;
	report_step(w, before, p);
	if (p->fault != FAULT_NONE || (p->tunnel && !why_carry(w, p->tunnel, &p->remote, p->link)))
		return false;
	if (p->side != SIDE_STACK)
		why_link_hooks(w, p->link, p->side == SIDE_IN);
	return why_pass_bridge(w, before, p, packet);
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
		segment_find(w->net, owners[i]->link, NULL, &far);
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

/* Whether tunnels on the way to p send what is for its address to where it is. */
static bool tunnels_know(struct walk *w, const struct segment *s, const struct place *p)
{
	const struct net_mac *mac = &p->link->mac;

	for (; p; p = place_before(s, p))
		if (p->tunnel && mac->len && !why_tunnel_entry(w, p->tunnel, &p->remote, mac))
			return false;
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

	if (s->cut) {
		why_put_link(w, from, why_hop(w, WHY_SKIP, "wire", from->net));
		buffer_text(&w->out->hops[w->out->nhops - 1].text,
			    ": its segment is larger than can be followed");
		return;
	}
	if (s->exit && s->exit_clean && tunnel_kind_of(s->exit) &&
	    tunnel_kind_of(s->exit)->frames) {
		if (report_path(w, s, &s->places[s->exit_at], p))
			why_tunnel_out(w, s->exit);
		return;
	}
	if (s->exit && s->exit_clean) {
		struct buffer *out = why_hop(w, WHY_SKIP, "wire", s->exit->net);

		if (!s->exit_words)
			buffer_text(out, "it leaves this host at ");
		why_put_link(w, s->exit, out);
		if (s->exit_words)
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
static const struct place *mute(const struct segment *s, const struct asking *q)
{
	for (size_t i = 0; i < s->n; i++)
		if (!s->places[i].cost && why_answers(&s->places[i], q) > ANSWER_FOR_OTHERS)
			return &s->places[i];
	return NULL;
}

static void fail_mute(struct walk *w, const struct net_link *link, const struct asking *q,
		      const char *key)
{
	autobuffer inside = BUFFER_INIT, all_key = BUFFER_INIT;
	char text[NET_IP_TEXT];
	int64_t all = 0;

	buffer_printf(&all_key, "net/ipv4/conf/all/%s", key);
	net_ns_sysctl(link->net, buffer_str(&all_key), &all);
	why_put_inside(w, link->net, &inside);
	why_fail(w, "neighbour", link->net, "%s %s keeps it from answering for %s on %s", key,
		 buffer_str(&inside), why_ip(&q->ip, text), link->name);
	why_show(w, link->net, "sysctl %s net/ipv4/conf/%s/%s", buffer_str(&all_key),
		 why_word(link->name), key);
	why_fix(w, link->net, "sysctl -w net/ipv4/conf/%s/%s=0", all ? "all" : why_word(link->name),
		key);
}

static void report_mute(struct walk *w, const struct place *p, const struct asking *q)
{
	struct packet request = { .src = q->sender, .dst = q->ip, .in = p->link };
	enum answer answer = why_answers(p, q);

	if (answer == ANSWER_REFUSED)
		why_check_source(w, p->link->net, &request);
	else
		fail_mute(w, p->link, q, answer == ANSWER_FILTERED ? "arp_filter" : "arp_ignore");
}

/* Who takes the frame; NULL: nobody, or somebody who keeps silent. */
static const struct place *find_target(const struct walk *w, const struct segment *s,
				       const struct net_link *from, const struct asking *q,
				       const struct place *silent)
{
	const struct net_neigh *entry = why_neigh_entry(from, &q->ip);
	const struct place *fixed = why_neigh_is_fixed(entry) ? place_of_mac(s, &entry->mac) : NULL;
	const struct place *target = best_answer(s, q, w->back ? w->q->from : w->q->to);
	const struct place *proxy;

	if (fixed)
		return fixed;
	if (target && !target->cost)
		return target;
	proxy = proxy_answer(s, from, q);
	if (proxy)
		return proxy;
	/* What leaves by a way without a fault may arrive out of sight. */
	if (silent || (s->exit && s->exit_clean && !w->q->to))
		return NULL;
	return target;
}

/* Where nobody answers, none may need to: from may know the address already. */
static const struct place *find_known(const struct walk *w, struct segment *s,
				      const struct net_link *from, const struct asking *q,
				      const struct place *target)
{
	const struct net_mac *mac = why_known_mac(w, from, &q->ip);
	const struct place *known;
	struct segment unicast;

	if (!mac || (target && !target->cost))
		return target;
	segment_find(w->net, from, NULL, &unicast);
	known = place_of_mac(&unicast, mac);
	if (!known) {
		segment_release(&unicast);
		return target;
	}
	segment_release(s);
	*s = unicast;
	return known;
}

const struct net_link *why_cross(struct walk *w, const struct net_link *from,
				 const struct net_ip *ip, const struct packet *p)
{
	struct asking q = why_asking(from, ip, &p->src);
	const struct net_link *arrived = NULL;
	const struct place *target, *silent;
	struct segment s;

	segment_find(w->net, from, ip->family == AF_INET6 ? "mcast_flood" : "bcast_flood", &s);
	silent = mute(&s, &q);
	target = find_target(w, &s, from, &q, silent);
	target = find_known(w, &s, from, &q, target);
	if (!target && silent)
		report_mute(w, silent, &q);
	else if (!target)
		not_there(w, &s, from, ip, p);
	else if (report_path(w, &s, target, p) && tunnels_know(w, &s, target) &&
		 why_discover(w, &s, target, from, &q) && why_neighbour(w, &s, target, from, &q) &&
		 why_learned(w, &s, target, w->back || !why_known_mac(w, from, ip)))
		arrived = target->link;
	segment_release(&s);
	return arrived;
}
