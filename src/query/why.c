/* SPDX-License-Identifier: MIT */
/*
 * Whether one namespace can reach another: walks to the address that was chosen (why_walk.c), looks
 * who listens, and walks back. Where the way there is broken, what is at the far end is told all
 * the same, since it may be broken as well.
 */
#include <stdlib.h>
#include <string.h>

#include <nsview/cleanup.h>
#include <nsview/error.h>

#include "why_tunnel.h"

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
	const struct net_link *vrf = why_vrf_of(p->in);

	/* From its routes on it has come by the VRF; sockets may be bound to either. */
	if (vrf) {
		p->bound = p->bound ? p->bound : p->in;
		p->in = vrf;
	}
	if (!why_pass(w, at, NET_HOOK_INPUT, p))
		return false;
	return !p->dport || w->back || why_listener(w, at, p);
}

static bool translates_anywhere(const struct net *net)
{
	for (size_t i = 0; i < net->n; i++)
		for (const struct net_filter_chain *c = net->list[i]->chains; c; c = c->next)
			if (c->type && strcmp(c->type, "nat") == 0 && c->nrules)
				return true;
	return false;
}

/*
 * The way there is broken: what waits at its end? Where it is only not known, it may be translated
 * on the rest of it, and end elsewhere.
 */
static void look_at_end(struct walk *w, struct packet p)
{
	const struct net_ns *end;

	if (w->out->broken == SIZE_MAX && translates_anywhere(w->net))
		return;
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
			    .chosen = there->chosen,
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

static struct net_range chosen_ports(const struct net_ns *from)
{
	struct net_range range = { 0, 0 };

	for (size_t i = 0; i < from->nsysctls; i++)
		if (strcmp(from->sysctls[i].name, "net/ipv4/ip_local_port_range") == 0 &&
		    from->sysctls[i].value) {
			char *end;

			range.first = (uint32_t)strtoul(from->sysctls[i].value, &end, 10);
			range.last = (uint32_t)strtoul(end, NULL, 10);
		}
	return range;
}

static void follow(struct walk *w)
{
	const struct why_question *q = w->q;
	struct packet p = { .dst = w->out->destination,
			    .proto = q->proto,
			    .dport = q->port,
			    .chosen = chosen_ports(q->from) };
	const struct packet first = p;
	const struct net_ns *arrived = why_walk(w, q->from, &p);

	w->out->source = p.src;
	if (!arrived) {
		look_at_end(w, p);
		return;
	}
	w->out->arrived = arrived;
	if (wrong_end(w, arrived, &p) || !take_in(w, arrived, &p))
		return;
	walk_back(w, arrived, &p);
	why_third(w, &first);
}

static void answer(struct walk *w)
{
	struct why *out = w->out;

	if (why_choose_destination(w))
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
