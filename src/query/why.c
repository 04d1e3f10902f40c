/* SPDX-License-Identifier: MIT */
/*
 * Whether one namespace can reach another: chooses the address, walks there (why_walk.c), looks
 * who listens, and walks back. Where the way there is broken, what is at the far end is told all
 * the same, since it may be broken as well.
 */
#include <stdlib.h>
#include <string.h>

#include <nsview/cleanup.h>
#include <nsview/error.h>

#include "why_tunnel.h"

enum { SCOPE_GLOBAL = 0, SCOPE_LINK = 253 };

static bool has_family(const struct net_ns *at, uint8_t family)
{
	for (size_t i = 0; i < at->naddrs; i++)
		if (at->addrs[i].ip.family == family && at->addrs[i].scope < SCOPE_LINK)
			return true;
	return false;
}

static bool is_beside(const struct net_ns *from, const struct net_ip *ip)
{
	for (size_t i = 0; i < from->naddrs; i++)
		if (from->addrs[i].len && net_ip_within(ip, &from->addrs[i].ip, from->addrs[i].len))
			return true;
	return false;
}

/*
 * How well an address of `to` serves: -1 not at all. What is broken must not change which one it
 * is, if possible, so that a route counts for little.
 */
static int rank(const struct why_question *q, const struct net_addr *a)
{
	struct packet p = { .dst = a->ip, .proto = q->proto, .dport = q->port };
	struct route_answer r;
	int points = 0;

	if (q->from == q->to)
		return a->ip.family == AF_INET ? 2 : 1;
	if (a->scope >= SCOPE_LINK)
		return -1;
	if (net_ns_addr(q->from, &a->ip))
		return 0;
	why_route(q->from, &p, &r);
	points += a->ip.family == AF_INET && has_family(q->from, AF_INET) ? 32 : 0;
	points += is_beside(q->from, &a->ip) ? 16 : 0;
	points += r.result == ROUTE_FOUND ? 8 : 0;
	points += a->ip.family == AF_INET ? 4 : 0;
	points += a->scope == SCOPE_GLOBAL ? 2 : 0;
	points += a->link && why_link_is_up(a->link) ? 1 : 0;
	return points;
}

static const struct net_addr *choose_address(const struct why_question *q)
{
	const struct net_addr *best = NULL;
	int most = -1;

	for (size_t i = 0; i < q->to->naddrs; i++) {
		int points = rank(q, &q->to->addrs[i]);

		if (points > most) {
			most = points;
			best = &q->to->addrs[i];
		}
	}
	return best;
}

static bool skip_end(struct walk *w, const struct net_ns *at)
{
	struct buffer *text = why_hop(w, WHY_SKIP, "namespace", at);

	why_place(w->net, at, text);
	buffer_printf(text, " could not be looked into: %s",
		      at->entry_words ? at->entry_words : fact_why(at->parts[NET_PART_LINKS].fact));
	return false;
}

static bool is_seen(const struct net_ns *at)
{
	return fact_is_known(at->parts[NET_PART_LINKS].fact) &&
	       fact_is_known(at->parts[NET_PART_ADDRS].fact);
}

static bool no_destination(struct walk *w)
{
	const struct net_ns *to = w->q->to;
	const struct net_link *down = NULL;
	autobuffer inside = BUFFER_INIT;

	/* IPv6 loses addresses that way. */
	for (size_t i = 0; i < to->nlinks; i++)
		if (!(to->links[i]->flags & (IFF_UP | IFF_LOOPBACK)))
			down = to->links[i];
	why_put_inside(w, to, &inside);
	why_fail(w, "address", to, "no link has an address %s", buffer_str(&inside));
	why_show(w, to, "ip addr");
	if (down)
		why_advise(w, "set %s up and give it an address", down->name);
	else
		why_advise(w, "give one of its links an address");
	return false;
}

static bool is_group(const struct net_ip *ip)
{
	return ip->family == AF_INET ? ip->bytes[0] >= 224 : ip->bytes[0] == 0xff;
}

static bool is_link_local(const struct net_ip *ip)
{
	return ip->family == AF_INET6 && ip->bytes[0] == 0xfe && (ip->bytes[1] & 0xc0) == 0x80;
}

static bool choose_destination(struct walk *w)
{
	const struct why_question *q = w->q;
	struct net_ip *dst = &w->out->destination;
	const struct net_addr *chosen;
	char ip[NET_IP_TEXT];

	if (!is_seen(q->from))
		return skip_end(w, q->from);
	if (!q->ip.family && !is_seen(q->to))
		return skip_end(w, q->to);
	*dst = q->ip;
	if (!dst->family) {
		chosen = choose_address(q);
		if (!chosen)
			return no_destination(w);
		*dst = chosen->ip;
	}
	if (!is_group(dst) && !is_link_local(dst))
		return true;
	buffer_printf(why_hop(w, WHY_SKIP, "address", q->from),
		      is_group(dst) ? "%s is of a group or a broadcast, which is not followed"
				    : "%s hangs on which link it is asked for by",
		      why_ip(dst, ip));
	return false;
}

/* Who should have been arrived at. */
static const struct net_ns *far_end(const struct walk *w, const struct packet *p)
{
	const struct net_addr **owners;
	const struct net_ns *end = w->q->to;
	size_t n = end ? 0 : net_addrs_with_ip(w->net, &p->dst, &owners);

	for (size_t i = 0; i < n && !end; i++)
		end = owners[i]->link ? owners[i]->link->net : NULL;
	if (!w->q->to)
		free(owners);
	return end && net_ns_addr(end, &p->dst) ? end : NULL;
}

static bool take_in(struct walk *w, const struct net_ns *at, struct packet *p)
{
	if (!why_pass(w, at, NET_HOOK_INPUT, p))
		return false;
	return !p->dport || w->back || why_listener(w, at, p);
}

/* The way there is broken: what waits at its end? */
static void look_at_end(struct walk *w, struct packet p)
{
	const struct net_ns *end;

	p.dst = w->out->destination;
	p.dport = w->q->port;
	end = far_end(w, &p);
	if (!end || !p.src.family || w->q->from == end)
		return;
	for (size_t i = 0; i < end->naddrs; i++)
		if (net_ip_equal(&end->addrs[i].ip, &p.dst))
			p.in = end->addrs[i].link;
	p.out = NULL;
	take_in(w, end, &p);
}

static bool wrong_end(struct walk *w, const struct net_ns *arrived, const struct packet *p)
{
	const struct net_addr *a = net_ns_addr(arrived, &p->dst);
	autobuffer inside = BUFFER_INIT, wanted = BUFFER_INIT;
	char ip[NET_IP_TEXT];

	/* Whoever translates may send it elsewhere. */
	if (!w->q->to || arrived == w->q->to || w->ntranslations)
		return false;
	why_put_inside(w, arrived, &inside);
	why_place(w->net, w->q->to, &wanted);
	why_ip(&p->dst, ip);
	why_fail(w, "address", arrived, "%s is also an address %s: it arrives there, not at %s", ip,
		 buffer_str(&inside), buffer_str(&wanted));
	why_show(w, arrived, "ip addr show to %s", ip);
	if (a && a->link)
		why_fix(w, arrived, "ip addr del %s/%u dev %s", ip, a->len,
			why_word(a->link->name));
	return true;
}

/* Hops of the way back that are as they should be are one line. */
static void fold_back(struct walk *w, size_t from, const struct packet *p)
{
	struct why *why = w->out;
	char src[NET_IP_TEXT], dst[NET_IP_TEXT];

	why_fold(w, from);
	if (why->broken == SIZE_MAX && why->arrived != w->q->from)
		buffer_printf(why_hop(w, WHY_OK, "way back", p->in ? p->in->net : NULL), "%s -> %s",
			      why_ip(&p->src, src), why_ip(&p->dst, dst));
}

static void wrong_reply(struct walk *w, const struct packet *p)
{
	char from[NET_IP_TEXT], wanted[NET_IP_TEXT];
	autobuffer inside = BUFFER_INIT;

	why_put_inside(w, w->q->from, &inside);
	why_fail(w, "nat", w->q->from,
		 "the answer comes from %s, but one from %s is waited for %s: the way back does "
		 "not pass where the address was translated",
		 why_ip(&p->src, from), why_ip(&w->out->destination, wanted), buffer_str(&inside));
	why_advise(w, "translate the source as well, where the destination is");
}

/*
 * A UDP socket that is bound to no address answers from whichever the kernel chooses, unless its
 * program takes care; who has asked waits for one from the address that it asked. Its route is
 * looked up before that is known.
 */
static void answer_from(struct walk *w, const struct net_ns *arrived, struct packet *p)
{
	struct packet answer = *p;
	char chosen[NET_IP_TEXT], asked[NET_IP_TEXT];
	struct route_answer r;
	struct net_ip src;

	if (p->proto != NET_PROTO_UDP || !w->anywhere)
		return;
	answer.src.family = 0;
	why_route(arrived, &answer, &r);
	src = r.result == ROUTE_FOUND ? why_source(arrived, &r, &answer) : p->src;
	if (net_ip_equal(&src, &p->src)) {
		p->once = r.result == ROUTE_FOUND;
		p->src.family = p->once ? 0 : p->src.family;
	} else if (src.family) {
		buffer_printf(why_hop(w, WHY_WARN, "source", arrived),
			      "a program that does not choose answers from %s, not from %s",
			      why_ip(&src, chosen), why_ip(&p->src, asked));
	}
}

static void walk_back(struct walk *w, const struct net_ns *arrived, const struct packet *there)
{
	struct packet p = { .src = there->dst,
			    .dst = there->src,
			    .proto = there->proto,
			    .sport = there->dport,
			    .reply = true,
			    .rewritten = there->rewritten };
	size_t before = w->out->nhops;
	const struct net_ns *end;

	w->back = true;
	p.by = w->listens;
	answer_from(w, arrived, &p);
	end = why_walk(w, arrived, &p);
	if (end && end != w->q->from) {
		autobuffer inside = BUFFER_INIT;
		char ip[NET_IP_TEXT];

		why_put_inside(w, end, &inside);
		why_fail(w, "address", end, "the answer to %s arrives %s", why_ip(&p.dst, ip),
			 buffer_str(&inside));
	} else if (end && take_in(w, end, &p) && !net_ip_equal(&p.src, &w->out->destination)) {
		wrong_reply(w, &p);
	}
	fold_back(w, before, &p);
	w->back = false;
}

static void follow(struct walk *w)
{
	const struct why_question *q = w->q;
	struct packet p = { .dst = w->out->destination, .proto = q->proto, .dport = q->port };
	const struct net_ns *arrived = why_walk(w, q->from, &p);

	w->out->source = p.src;
	if (!arrived) {
		look_at_end(w, p);
		return;
	}
	w->out->arrived = arrived;
	if (!wrong_end(w, arrived, &p) && take_in(w, arrived, &p))
		walk_back(w, arrived, &p);
}

static void answer(struct walk *w)
{
	struct why *out = w->out;

	if (choose_destination(w))
		follow(w);
	if (out->broken != SIZE_MAX)
		out->answer = WHY_UNREACHABLE;
	else
		out->answer = w->unsure || !out->arrived ? WHY_CANNOT_TELL : WHY_REACHABLE;
}

void why_find(const struct net *net, const struct why_question *q, struct why *out)
{
	struct walk w = { .net = net, .q = q, .out = out };

	*out = (struct why){ .broken = SIZE_MAX };
	why_each_way(&w, answer);
}

static bool mark_near(const struct net_ns *at, bool *near)
{
	bool fresh = at && !near[at->at];

	if (fresh)
		near[at->at] = true;
	return fresh;
}

/* Any tunnel may lead to any other of its kind: entries of their tables are not read yet. */
static bool spread_tunnels(const struct net *net, bool *near)
{
	const struct tunnel_kind *kinds[TUNNEL_KINDS_MAX] = { NULL };
	bool any = false;

	for (int marking = 0; marking < 2; marking++)
		for (size_t i = 0; i < net->n; i++)
			for (size_t k = 0; k < net->list[i]->nlinks; k++) {
				const struct net_link *link = net->list[i]->links[k];
				const struct tunnel_kind *kind = tunnel_kind_of(link);
				const struct net_ns *under = kind ? tunnel_under(link) : NULL;

				if (!kind)
					continue;
				if (near[i] || (under && near[under->at]))
					kinds[tunnel_kind_number(kind)] = kind;
				if (!marking || !kinds[tunnel_kind_number(kind)])
					continue;
				any = mark_near(link->net, near) || any;
				any = mark_near(under, near) || any;
				/* One of these may have been made anywhere, but mostly here. */
				if (strcmp(kind->name, "wireguard") == 0)
					any = mark_near(net->list[0], near) || any;
			}
	return any;
}

/* Marks those that a wire leads to from one that is marked; false: there were none. */
static bool spread(const struct net *net, bool *near)
{
	bool any = false;

	for (size_t i = 0; i < net->nwires; i++) {
		const struct net_link *a = net->wires[i].a, *b = net->wires[i].b;

		if (!a || !b || near[a->net->at] == near[b->net->at])
			continue;
		near[a->net->at] = near[b->net->at] = true;
		any = true;
	}
	return any;
}

size_t why_near(const struct net *net, struct net_ns *const *ends, size_t n, struct net_ns ***out)
{
	bool *near = calloc(net->n + 1, sizeof(bool));
	size_t count = 0;

	*out = calloc(net->n + 1, sizeof(struct net_ns *));
	if (!near || !*out)
		die("out of memory");
	for (size_t i = 0; i < n; i++)
		near[ends[i]->at] = true;
	while (spread(net, near) || spread_tunnels(net, near))
		;
	for (size_t i = 0; i < net->n; i++)
		if (near[i])
			(*out)[count++] = net->list[i];
	free(near);
	return count;
}
