/* SPDX-License-Identifier: MIT */
/*
 * Who takes a packet that has arrived: the socket that the kernel would find (compute_score in its
 * net/ipv4/inet_hashtables.c and udp.c, the same in net/ipv6), or the one that comes nearest and
 * why it does not count. No command makes a program listen elsewhere: here is only advice.
 */
#include <string.h>

#include <nsview/cleanup.h>

#include "why_parts.h"

enum { EQUAL_MAX = 8 };

/* Why a socket does not take it, the best last. */
enum fit {
	FIT_NOT,     /* has nothing to do with it */
	FIT_PROTO,   /* the same port of the other protocol */
	FIT_FAMILY,  /* of the other family */
	FIT_V6ONLY,  /* of IPv6, and says not to take IPv4 */
	FIT_DEVICE,  /* bound to another link */
	FIT_VRF,     /* not in the VRF by which it comes */
	FIT_ADDRESS, /* bound to another address */
	FIT_PEER,    /* connected to somebody else */
	FIT_FULL,    /* it takes it, but no more than it has */
	FIT_RIGHT,
};

static bool is_waiting(const struct net_socket *s)
{
	if (s->proto == NET_PROTO_TCP)
		return s->state == NET_SOCKET_LISTEN;
	return s->proto == NET_PROTO_UDP && s->lport;
}

/* ::ffff:10.0.0.1 as what it is. */
static struct net_ip plain_ip(const struct net_ip *ip)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct net_ip four = { .family = AF_INET };

	if (ip->family != AF_INET6 || memcmp(ip->bytes, mapped, sizeof(mapped)) != 0)
		return *ip;
	memcpy(four.bytes, ip->bytes + 12, 4);
	return four;
}

static enum fit fit_address(const struct net_socket *s, const struct packet *p)
{
	struct net_ip local = plain_ip(&s->local);

	if (s->wildcard || net_ip_is_any(&local)) {
		if (s->family == p->dst.family)
			return FIT_RIGHT;
		if (s->family != AF_INET6)
			return FIT_FAMILY;
		return s->v6only_known && s->v6only ? FIT_V6ONLY : FIT_RIGHT;
	}
	if (local.family != p->dst.family)
		return FIT_FAMILY;
	return net_ip_equal(&local, &p->dst) ? FIT_RIGHT : FIT_ADDRESS;
}

static const struct net_link *in_of(const struct packet *p)
{
	return p->bound ? p->bound : p->in;
}

static bool is_connected(const struct net_socket *s)
{
	return s->proto == NET_PROTO_UDP && s->remote.family && !net_ip_is_any(&s->remote);
}

/* A port that the kernel has yet to choose is hardly the one. */
static enum fit fit_peer(const struct net_socket *s, const struct packet *p)
{
	struct net_ip remote = plain_ip(&s->remote);

	return net_ip_equal(&remote, &p->src) && (!s->rport || s->rport == p->sport) ? FIT_RIGHT
										     : FIT_PEER;
}

/* In a VRF, sockets that are bound to no link take it only where a sysctl says so. */
static enum fit fit_link(const struct net_socket *s, const struct net_link *in)
{
	const struct net_link *vrf = why_vrf_of(in);
	const char *key = s->proto == NET_PROTO_UDP ? "net/ipv4/udp_l3mdev_accept"
						    : "net/ipv4/tcp_l3mdev_accept";
	int64_t accept = 0;

	if (s->index)
		return !in || s->index == in->index || (vrf && s->index == vrf->index) ? FIT_RIGHT
										       : FIT_DEVICE;
	return vrf && net_ns_sysctl(in->net, key, &accept) == 0 && !accept ? FIT_VRF : FIT_RIGHT;
}

static enum fit fit_of(const struct net_socket *s, const struct packet *p)
{
	enum fit fit;

	if (!is_waiting(s) || s->lport != p->dport)
		return FIT_NOT;
	if (s->proto != p->proto)
		return FIT_PROTO;
	fit = fit_address(s, p);
	if (fit != FIT_RIGHT)
		return fit;
	fit = fit_link(s, in_of(p));
	if (fit != FIT_RIGHT)
		return fit;
	if (is_connected(s))
		return fit_peer(s, p);
	/* One more than the queue is long is let in. */
	if (s->proto == NET_PROTO_TCP && s->rqueue > s->wqueue)
		return FIT_FULL;
	return FIT_RIGHT;
}

static void put_socket(const struct net_socket *s, struct buffer *out)
{
	struct net_ip local = plain_ip(&s->local);
	const struct process *p = s->holders ? s->holders->process : NULL;
	const char *any = s->family == AF_INET6 ? "::" : "0.0.0.0";
	char ip[NET_IP_TEXT];
	bool six = local.family ? local.family == AF_INET6 : s->family == AF_INET6;

	buffer_printf(out, six ? "[%s]:%u" : "%s:%u", local.family ? net_ip_text(&local, ip) : any,
		      s->lport);
	if (!p)
		return;
	buffer_char(out, ' ');
	if (p->facts && fact_is_known(p->facts->comm.fact))
		buffer_text(out, p->facts->comm.data);
	buffer_printf(out, "(%d)", (int)p->pid);
}

struct scene {
	const char *inside, *who, *dst, *proto;
	const struct net_socket *socket;
	const struct packet *p;
};

static void on_not(struct walk *w, const struct net_ns *at, const struct scene *s)
{
	why_fail(w, "listener", at, "nobody listens on %s port %u %s", s->proto, s->p->dport,
		 s->inside);
	why_advise(w, "start what should listen there");
}

static void on_proto(struct walk *w, const struct net_ns *at, const struct scene *s)
{
	const char *other = net_proto_names[s->socket->proto];

	why_fail(w, "listener", at, "nobody listens on %s port %u %s, only on %s: %s", s->proto,
		 s->p->dport, s->inside, other, s->who);
	why_advise(w, "ask for /%s, or start what should listen on %s", other, s->proto);
}

static void on_family(struct walk *w, const struct net_ns *at, const struct scene *s)
{
	why_fail(w, "listener", at, "%s %s listens for %s only", s->who, s->inside,
		 s->socket->family == AF_INET6 ? "IPv6" : "IPv4");
	why_advise(w, "let it listen on %s as well", s->dst);
}

static void on_address(struct walk *w, const struct net_ns *at, const struct scene *s)
{
	why_fail(w, "listener", at, "%s %s does not listen on %s", s->who, s->inside, s->dst);
	why_advise(w, "let it listen on %s, or on all addresses", s->dst);
}

static void on_device(struct walk *w, const struct net_ns *at, const struct scene *s)
{
	const struct net_link *in = in_of(s->p);

	why_fail(w, "listener", at, "%s %s is bound to %s, but it comes in by %s", s->who,
		 s->inside, s->socket->link ? s->socket->link->name : "another link", in->name);
	why_advise(w, "let it listen on all links, or on %s", in->name);
}

static void on_vrf(struct walk *w, const struct net_ns *at, const struct scene *s)
{
	const struct net_link *vrf = why_vrf_of(in_of(s->p));

	why_fail(w, "listener", at, "%s %s listens outside of the VRF %s, by which it comes in",
		 s->who, s->inside, vrf->name);
	why_fix(w, at, "sysctl -w net.ipv4.%s_l3mdev_accept=1", s->proto);
}

static void on_peer(struct walk *w, const struct net_ns *at, const struct scene *s)
{
	why_fail(w, "listener", at, "%s %s is connected to somebody else", s->who, s->inside);
	why_advise(w, "start what should take it");
}

static void on_full(struct walk *w, const struct net_ns *at, const struct scene *s)
{
	why_fail(w, "listener", at,
		 "%s %s has a full queue: %u connections wait to be accepted, of %u", s->who,
		 s->inside, s->socket->rqueue, s->socket->wqueue);
	why_advise(w, "look why it accepts none");
}

static void (*const misfits[])(struct walk *w, const struct net_ns *at, const struct scene *s) = {
	[FIT_NOT] = on_not,	  [FIT_PROTO] = on_proto,   [FIT_FAMILY] = on_family,
	[FIT_V6ONLY] = on_family, [FIT_DEVICE] = on_device, [FIT_ADDRESS] = on_address,
	[FIT_VRF] = on_vrf,	  [FIT_PEER] = on_peer,	    [FIT_FULL] = on_full,
};

/*
 * Of those that would take it the kernel prefers who is bound to the address, whatever else is so,
 * and of these who is of IPv4 where that is asked for. Whether a queue is full it does not ask. For
 * the rest it has an order in which they were made, or a hash (SO_REUSEPORT, socket(7)).
 */
static unsigned rank_of(const struct net_socket *s, const struct packet *p)
{
	enum { TAKES = 1, SAME_FAMILY = 2, ADDRESS = 4, CONNECTED = 8 };
	struct net_ip local = plain_ip(&s->local);
	unsigned rank = TAKES;

	if (p->dst.family == AF_INET && s->family == AF_INET)
		rank |= SAME_FAMILY;
	if (!s->wildcard && !net_ip_is_any(&local))
		rank |= ADDRESS;
	if (is_connected(s))
		rank |= CONNECTED;
	return rank;
}

struct choice {
	const struct net_socket *socket;
	enum fit fit;
	unsigned rank; /* 0: none takes it, and socket is the one that comes nearest */
};

static struct choice judge(const struct net_socket *s, const struct packet *p)
{
	enum fit fit = fit_of(s, p);
	bool takes = fit == FIT_FULL || fit == FIT_RIGHT;

	return (struct choice){ s, fit, takes ? rank_of(s, p) : 0 };
}

static struct choice find_best(const struct net_ns *at, const struct packet *p)
{
	struct choice best = { .fit = FIT_NOT };

	for (size_t i = 0; i < at->nsockets; i++) {
		struct choice one = judge(&at->sockets[i], p);

		if (one.rank > best.rank || (one.rank == best.rank && one.fit > best.fit))
			best = one;
	}
	return best;
}

/* Of those that are as good, one of each that makes a difference: so many. */
static unsigned find_equal(const struct net_ns *at, const struct packet *p, struct choice best,
			   struct choice out[EQUAL_MAX])
{
	unsigned n = 0;

	for (size_t i = 0; i < at->nsockets; i++) {
		struct choice one = judge(&at->sockets[i], p);
		bool known = one.rank != best.rank;

		for (unsigned k = 0; k < n && !known; k++)
			known = out[k].fit == one.fit && out[k].socket->index == one.socket->index;
		if (!known && n < EQUAL_MAX)
			out[n++] = one;
	}
	return n;
}

/* Who takes it, or the one that comes nearest; where that cannot be foreseen, each in its turn. */
static struct choice choose(struct walk *w, const struct net_ns *at, const struct packet *p)
{
	struct choice best = find_best(at, p), equal[EQUAL_MAX];
	unsigned n = best.rank ? find_equal(at, p, best, equal) : 0, way = 0;

	if (n < 2)
		return best;
	if (n == EQUAL_MAX || !why_take_case(w, at, n, &way))
		buffer_text(why_hop(w, WHY_SKIP, "listener", at),
			    "several sockets may take it; only one of them is looked at");
	return equal[way < n ? way : 0];
}

static bool skip_unread(struct walk *w, const struct net_ns *at, const char *inside)
{
	const struct net_known *known = &at->parts[NET_PART_SOCKETS];

	if (fact_is_known(known->fact) && !known->torn && !known->missing)
		return false;
	buffer_printf(why_hop(w, WHY_SKIP, "listener", at), "not all sockets %s could be read: %s",
		      inside, known->why ? known->why : fact_why(known->fact));
	return true;
}

bool why_listener(struct walk *w, const struct net_ns *at, const struct packet *p)
{
	struct scene s = { .p = p, .proto = p->proto == NET_PROTO_UDP ? "udp" : "tcp" };
	const struct choice best = choose(w, at, p);
	autobuffer inside = BUFFER_INIT, who = BUFFER_INIT;
	char ip[NET_IP_TEXT];

	why_put_inside(w, at, &inside);
	if (best.fit != FIT_RIGHT && skip_unread(w, at, buffer_str(&inside)))
		return true;
	if (best.socket)
		put_socket(best.socket, &who);
	if (best.fit == FIT_RIGHT) {
		w->listens = best.socket->index ? best.socket->link : NULL;
		/* A connection that is taken from a VRF belongs to it. */
		if (!best.socket->index && p->proto == NET_PROTO_TCP)
			w->listens = why_vrf_of(in_of(p));
		w->anywhere = best.socket->wildcard;
		buffer_text(why_hop(w, WHY_OK, "listener", at), buffer_str(&who));
		return true;
	}
	s.socket = best.socket;
	s.inside = buffer_str(&inside);
	s.who = buffer_str(&who);
	s.dst = why_ip(&p->dst, ip);
	misfits[best.fit](w, at, &s);
	why_show(w, at, "ss -%slnp sport = %u", p->proto == NET_PROTO_UDP ? "u" : "t", p->dport);
	return false;
}
