/* SPDX-License-Identifier: MIT */
/*
 * The packets that carry a tunnel: walked like any other, from the namespace below the near end to
 * that below the far one, and told in one line where all is well. Where they leave this host, or
 * arrive where nobody takes them in, that is the answer.
 */
#include <string.h>

#include <nsview/cleanup.h>

#include "why_tunnel.h"

enum { TUNNELS_MAX = 4 };

static struct packet outer_packet(const struct walk *w, const struct net_link *near,
				  const struct net_ip *remote)
{
	const struct tunnel_kind *kind = tunnel_kind_of(near);

	return (struct packet){ .src = tunnel_ip(near, "local"),
				.dst = *remote,
				.proto = NET_PROTO_UDP,
				.ipproto = kind->ipproto,
				.dport = tunnel_port(near),
				/* Without ports it belongs to what went the other way before. */
				.rewritten = w->back && !kind->has_port };
}

static void put_outer(const struct packet *p, struct buffer *out)
{
	char src[NET_IP_TEXT], dst[NET_IP_TEXT];

	buffer_printf(out, "%s -> %s", why_ip(&p->src, src), why_ip(&p->dst, dst));
	if (p->dport)
		buffer_printf(out, " udp/%u", p->dport);
	else
		buffer_printf(out, " IP protocol %u", p->ipproto);
}

static bool check_local(struct walk *w, const struct net_link *near, const struct net_ns *under)
{
	struct net_ip local = tunnel_ip(near, "local");
	autobuffer place = BUFFER_INIT, inside = BUFFER_INIT;
	char ip[NET_IP_TEXT];

	if (!local.family || net_ns_addr(under, &local))
		return true;
	why_put_link(w, near, &place);
	why_put_inside(w, under, &inside);
	why_fail(w, near->kind, under, "%s sends from %s, which is no address %s",
		 buffer_str(&place), why_ip(&local, ip), buffer_str(&inside));
	why_show(w, near->net, "ip -d link show dev %s", why_word(near->name));
	why_advise(w, "give %s back to a link %s, or make %s without it", ip, buffer_str(&inside),
		   near->name);
	return false;
}

/* A device that it is bound to, where the route would lead elsewhere. */
static bool check_device(struct walk *w, const struct net_link *near, const struct packet *p)
{
	const struct net_link *lower = near->lower.link;
	struct route_answer r;

	if (!lower)
		return true;
	why_route(lower->net, p, &r);
	if (r.result != ROUTE_FOUND || !r.hop || r.hop->link == lower)
		return true;
	why_put_link(w, near, why_hop(w, WHY_SKIP, near->kind, near->net));
	buffer_printf(&w->out->hops[w->out->nhops - 1].text,
		      " is bound to %s, but the route leads by %s: not evaluated", lower->name,
		      r.hop->link->name);
	return false;
}

bool why_tunnel_skip(struct walk *w, const struct net_link *near, const char *words)
{
	struct buffer *text = why_hop(w, WHY_SKIP, near->kind, near->net);

	why_put_link(w, near, text);
	buffer_text(text, words);
	return false;
}

static const struct net_addr *address_on(const struct net_link *link, uint8_t family)
{
	const struct net_addr *a = NULL;

	while (link && (a = net_link_next_addr(link, a)))
		if (a->ip.family == family && a->scope < NET_SCOPE_LINK)
			return a;
	return NULL;
}

/* What is sent to a group goes as far as frames for one of its members. */
static const struct net_ns *walk_to_member(struct walk *w, const struct net_link *near,
					   const struct net_link *far, struct packet *p)
{
	const struct net_link *lower = near->lower.link, *member = far ? far->lower.link : NULL;
	const struct net_addr *own = address_on(lower, p->dst.family);
	const struct net_addr *its = address_on(member, p->dst.family);

	if (!own || !its) {
		why_tunnel_skip(w, near, ": by which links its group is reached cannot be told");
		return NULL;
	}
	p->src = p->src.family ? p->src : own->ip;
	p->out = lower;
	if (!why_filter(w, lower->net, NET_HOOK_OUTPUT, p) ||
	    !why_filter(w, lower->net, NET_HOOK_POSTROUTING, p))
		return NULL;
	p->in = why_cross(w, lower, &its->ip, p);
	p->out = NULL;
	if (!p->in || !why_filter(w, p->in->net, NET_HOOK_PREROUTING, p))
		return NULL;
	return p->in->net;
}

/* It came to another namespace than that of the far end. */
static bool fail_elsewhere(struct walk *w, const struct net_ns *end, const struct net_link *far,
			   const struct packet *p)
{
	autobuffer inside = BUFFER_INIT, wanted = BUFFER_INIT;
	char ip[NET_IP_TEXT];

	if (!far || end == tunnel_under(far))
		return false;
	why_put_inside(w, end, &inside);
	why_put_inside(w, tunnel_under(far), &wanted);
	why_fail(w, "address", end, "%s is also an address %s: it arrives there, not %s",
		 why_ip(&p->dst, ip), buffer_str(&inside), buffer_str(&wanted));
	why_show(w, end, "ip addr show to %s", ip);
	return true;
}

/* Where they arrive, if they are taken in there; NULL: a hop says why not. */
static const struct net_ns *carry(struct walk *w, const struct net_link *near,
				  const struct net_link *far, struct packet *p)
{
	const struct net_ns *under = tunnel_under(near), *end;
	size_t ntranslations = w->ntranslations, nmet = w->nmet;

	if (tunnel_is_group(&p->dst))
		end = walk_to_member(w, near, far, p);
	else
		end = why_walk(w, under, p);
	if (end && (fail_elsewhere(w, end, far, p) || !why_filter(w, end, NET_HOOK_INPUT, p)))
		end = NULL;
	/* What is inside knows nothing of it. */
	w->outer_translated = w->outer_translated || w->ntranslations > ntranslations;
	w->ntranslations = ntranslations;
	w->nmet = nmet;
	return end;
}

static bool may_carry(struct walk *w, const struct net_link *near, const struct packet *p)
{
	const struct net_ns *under = tunnel_under(near);

	if (!under)
		return why_tunnel_skip(w, near, ": where its packets are routed could not be told");
	if (w->outer >= TUNNELS_MAX)
		return why_tunnel_skip(w, near,
				       ": one tunnel within the other is not followed any further");
	return check_local(w, near, under) && check_device(w, near, p);
}

const struct net_ns *why_carry_packet(struct walk *w, const struct net_link *near,
				      const struct net_link *far, struct packet *p)
{
	size_t before = w->out->nhops;
	const struct net_ns *end;

	if (!may_carry(w, near, p))
		return NULL;
	w->outer++;
	end = carry(w, near, far, p);
	w->outer--;
	why_fold(w, before);
	if (end)
		put_outer(p, why_hop(w, WHY_OK, "outer", end));
	return end;
}

bool why_carry(struct walk *w, const struct net_link *near, const struct net_ip *remote,
	       const struct net_link *far)
{
	struct packet p = outer_packet(w, near, remote);

	return why_carry_packet(w, near, far, &p) != NULL;
}

/* Whether a walk on trial leaves no doubt that it leads nowhere. */
static bool leads_nowhere(const struct walk *w, const struct net_link *near,
			  const struct net_ip *remote)
{
	struct why scratch = { .broken = SIZE_MAX };
	struct packet p = outer_packet(w, near, remote);
	struct walk trial = *w;
	const struct net_ns *end;
	bool nowhere;

	trial.out = &scratch;
	trial.unsure = false;
	end = why_carry_packet(&trial, near, NULL, &p);
	nowhere = end || (scratch.broken != SIZE_MAX && !trial.unsure);
	why_release(&scratch);
	return nowhere;
}

static void put_fix_remote(struct walk *w, const struct net_link *near, const struct net_ip *to)
{
	struct net_ip remote = tunnel_ip(near, "remote");
	char ip[NET_IP_TEXT];

	why_ip(to, ip);
	if (!net_link_is(near, "vxlan"))
		why_advise(w, "make %s again with %s as its remote end", near->name, ip);
	else if (remote.family)
		why_fix(w, near->net, "ip link set dev %s type vxlan id %ju remote %s",
			why_word(near->name), (uintmax_t)tunnel_id(near, false), ip);
	else
		why_fix(w, near->net, "bridge fdb append 00:00:00:00:00:00 dev %s dst %s",
			why_word(near->name), ip);
}

static void fail_remote(struct walk *w, const struct net_link *near, const struct net_ip *remote,
			const struct net_ip *guess)
{
	autobuffer place = BUFFER_INIT;
	char ip[NET_IP_TEXT], better[NET_IP_TEXT];

	why_put_link(w, near, &place);
	why_fail(w, near->kind, near->net, "%s leads to %s, but the one that leads to it is at %s",
		 buffer_str(&place), why_ip(remote, ip), why_ip(guess, better));
	why_show(w, near->net, "ip -d link show dev %s", why_word(near->name));
	put_fix_remote(w, near, guess);
}

static void fail_no_remote(struct walk *w, const struct net_link *near)
{
	struct net_ip guess = tunnel_guess(w->net, near);
	autobuffer place = BUFFER_INIT;

	why_put_link(w, near, &place);
	why_fail(w, near->kind, near->net, "%s has no other end: neither a remote nor an entry",
		 buffer_str(&place));
	why_show(w, near->net, "bridge fdb show dev %s", why_word(near->name));
	if (guess.family)
		put_fix_remote(w, near, &guess);
	else
		why_advise(w, "give %s a remote end", near->name);
}

/* One that takes in whatever comes, for others to tell apart. */
static bool has_external(const struct net *net, const struct net_link *near,
			 const struct net_ns *under)
{
	for (size_t i = 0; i < net->n; i++)
		for (size_t k = 0; k < net->list[i]->nlinks; k++) {
			const struct net_link *one = net->list[i]->links[k];

			if (tunnel_kind_of(one) == tunnel_kind_of(near) &&
			    tunnel_under(one) == under && tunnel_is_external(one) &&
			    tunnel_port(one) == tunnel_port(near))
				return true;
		}
	return false;
}

static void nobody_takes_it(struct walk *w, const struct net_link *near, const struct net_ns *end)
{
	autobuffer inside = BUFFER_INIT;

	if (has_external(w->net, near, end)) {
		why_tunnel_skip(w, near,
				": a link that is steered by others (external) takes it in there");
		return;
	}
	why_put_inside(w, end, &inside);
	why_fail(w, near->kind, end, "no %s %s takes in what %s sends", near->kind,
		 buffer_str(&inside), near->name);
	why_show(w, end, "ip -d link show type %s", near->kind);
	why_advise(w, "make the other end of %s %s", near->name, buffer_str(&inside));
}

/* Of several the first with nobody that is seen. */
static struct net_ip lost_remote(const struct net *net, const struct net_link *near,
				 const struct net_ip *remotes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct tunnel_far far = { 0 };

		if (!tunnel_next_far(net, near, &remotes[i], &far))
			return remotes[i];
	}
	return remotes[0];
}

void why_tunnel_out(struct walk *w, const struct net_link *near)
{
	struct net_ip remotes[TUNNEL_REMOTES_MAX], guess = tunnel_guess(w->net, near), remote;
	size_t n = tunnel_remotes(near, remotes);
	const struct net_ns *end;
	struct packet p;

	if (tunnel_is_external(near)) {
		why_tunnel_skip(w, near, " is steered by others (external), which is not followed");
		return;
	}
	if (!n) {
		fail_no_remote(w, near);
		return;
	}
	remote = lost_remote(w->net, near, remotes, n);
	if (tunnel_is_group(&remote)) {
		why_tunnel_skip(w, near, ": no other member of its group is seen on this host");
		return;
	}
	if (guess.family && leads_nowhere(w, near, &remote)) {
		fail_remote(w, near, &remote, &guess);
		return;
	}
	p = outer_packet(w, near, &remote);
	end = why_carry_packet(w, near, NULL, &p);
	if (end)
		nobody_takes_it(w, near, end);
}
