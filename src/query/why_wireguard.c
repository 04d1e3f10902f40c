/* SPDX-License-Identifier: MIT */
/*
 * Crossing a WireGuard link, as wg(8) tells it: the peer that the destination belongs to, what
 * carries the packet to its endpoint, and there the link with that peer's key, which must know the
 * sender by its key and let the source address come from it.
 */
#include <string.h>

#include <nsview/cleanup.h>

#include "why_tunnel.h"

/* The peer with the longest prefix that has ip; NULL: none. */
static const struct net_peer *peer_of(const struct net_wireguard *wg, const struct net_ip *ip)
{
	const struct net_peer *best = NULL;
	int most = -1;

	for (uint32_t i = 0; i < wg->npeers; i++)
		for (uint32_t k = 0; k < wg->peers[i].nallowed; k++) {
			const struct net_allowed *a = &wg->peers[i].allowed[k];

			if (a->len > most && net_ip_within(ip, &a->ip, a->len)) {
				most = a->len;
				best = &wg->peers[i];
			}
		}
	return best;
}

static const struct net_peer *peer_with_key(const struct net_wireguard *wg,
					    const uint8_t key[NET_KEY])
{
	for (uint32_t i = 0; i < wg->npeers; i++)
		if (memcmp(wg->peers[i].key, key, NET_KEY) == 0)
			return &wg->peers[i];
	return NULL;
}

static const struct net_link *link_with_key(const struct net *net, const uint8_t key[NET_KEY])
{
	for (size_t i = 0; i < net->n; i++)
		for (size_t k = 0; k < net->list[i]->nlinks; k++) {
			const struct net_link *link = net->list[i]->links[k];

			if (link->wireguard && link->wireguard->has_key &&
			    memcmp(link->wireguard->key, key, NET_KEY) == 0)
				return link;
		}
	return NULL;
}

static void show_link(struct walk *w, const struct net_link *link)
{
	why_show(w, link->net, "wg show %s", why_word(link->name));
}

/* As the peer is once it was heard: it speaks to where what came last came from. */
static struct net_peer as_heard(const struct walk *w, const struct net_link *near,
				const struct net_peer *peer)
{
	struct net_peer heard = *peer;

	for (size_t i = 0; i < w->nlearned; i++) {
		const struct endpoint *e = &w->learned[i];

		if (e->at != near || memcmp(e->of->wireguard->key, peer->key, NET_KEY) != 0)
			continue;
		heard.endpoint = e->ip;
		heard.port = e->port;
	}
	return heard;
}

static void hear(struct walk *w, const struct net_link *at, const struct net_link *of,
		 const struct packet *outer)
{
	if (w->nlearned < ENDPOINTS_MAX)
		w->learned[w->nlearned++] =
			(struct endpoint){ at, of, outer->src, of->wireguard->port };
}

static bool choose_peer(struct walk *w, const struct net_link *near, const struct packet *p,
			struct net_peer *out)
{
	const struct net_peer *peer = peer_of(near->wireguard, &p->dst);
	autobuffer place = BUFFER_INIT;
	char ip[NET_IP_TEXT], key[NET_KEY_TEXT];

	why_put_link(w, near, &place);
	why_ip(&p->dst, ip);
	if (!peer) {
		why_fail(w, near->kind, near->net, "no peer of %s has %s among its allowed IPs",
			 buffer_str(&place), ip);
		show_link(w, near);
		why_advise(w, "add %s to the allowed IPs of the peer that has it", ip);
		return false;
	}
	*out = as_heard(w, near, peer);
	if (out->endpoint.family)
		return true;
	why_fail(w, near->kind, near->net,
		 "%s does not know where its peer %s is: it has no endpoint", buffer_str(&place),
		 net_key_text(peer->key, key));
	show_link(w, near);
	why_advise(w, "give that peer an endpoint, or let it speak first");
	return false;
}

/* Whether the other end knows who sends, and takes the address from there. */
static bool is_welcome(struct walk *w, const struct net_link *near, const struct net_link *far,
		       const struct packet *p)
{
	const struct net_peer *us = peer_with_key(far->wireguard, near->wireguard->key);
	autobuffer a = BUFFER_INIT, b = BUFFER_INIT;
	char ip[NET_IP_TEXT], key[NET_KEY_TEXT];

	why_put_link(w, near, &a);
	why_put_link(w, far, &b);
	if (!us) {
		why_fail(w, far->kind, far->net, "%s has no peer with the key of %s, %s",
			 buffer_str(&b), buffer_str(&a), net_key_text(near->wireguard->key, key));
		show_link(w, far);
		why_advise(w, "make %s a peer of %s", buffer_str(&a), buffer_str(&b));
		return false;
	}
	if (peer_of(far->wireguard, &p->src) == us)
		return true;
	why_ip(&p->src, ip);
	why_fail(w, far->kind, far->net,
		 "%s does not let %s come from %s: it is not among the "
		 "allowed IPs of that peer",
		 buffer_str(&b), ip, buffer_str(&a));
	show_link(w, far);
	why_advise(w, "add %s to the allowed IPs of the peer %s", ip, net_key_text(us->key, key));
	return false;
}

static void put_wire(struct walk *w, const struct net_link *near, const struct net_link *far)
{
	struct buffer *text = why_hop(w, WHY_OK, near->kind, far->net);
	char key[NET_KEY_TEXT];

	why_put_link(w, near, text);
	buffer_text(text, " -- ");
	why_put_link(w, far, text);
	buffer_printf(text, " %s, peer %s", why_link_state(far),
		      net_key_text(far->wireguard->key, key));
}

static struct packet outer_packet(const struct walk *w, const struct net_link *near,
				  const struct net_peer *peer)
{
	return (struct packet){ .dst = peer->endpoint,
				.proto = NET_PROTO_UDP,
				.ipproto = IPPROTO_UDP,
				.sport = near->wireguard->port,
				.dport = peer->port,
				.mark = near->wireguard->fwmark,
				/* It belongs to what went the other way before. */
				.rewritten = w->back };
}

/* It came to where no link with that key is. */
static void fail_key(struct walk *w, const struct net_link *near, const struct net_ns *end,
		     const struct net_peer *peer)
{
	autobuffer inside = BUFFER_INIT;
	char key[NET_KEY_TEXT];

	why_put_inside(w, end, &inside);
	why_fail(w, near->kind, end, "no WireGuard link %s has the key %s, which %s sends for",
		 buffer_str(&inside), net_key_text(peer->key, key), near->name);
	why_show(w, end, "wg show");
	why_advise(w, "correct the endpoint or the key of that peer");
}

static void fail_port(struct walk *w, const struct net_link *near, const struct net_link *far,
		      uint16_t port)
{
	autobuffer a = BUFFER_INIT, b = BUFFER_INIT;

	why_put_link(w, near, &a);
	why_put_link(w, far, &b);
	why_fail(w, near->kind, far->net, "%s sends to UDP port %u, but %s has port %u",
		 buffer_str(&a), port, buffer_str(&b), far->wireguard->port);
	show_link(w, far);
	why_advise(w, "correct the port of the endpoint of that peer of %s", buffer_str(&a));
}

static const struct net_link *to_far(struct walk *w, const struct net_link *near,
				     const struct net_link *far, const struct net_peer *peer,
				     const struct packet *p)
{
	struct place down = { .link = far, .fault = FAULT_DOWN, .at_fault = far };
	struct packet outer = outer_packet(w, near, peer);

	if (!(far->flags & IFF_UP)) {
		why_fault(w, &down, near->kind);
		return NULL;
	}
	if (w->back && w->outer_translated) {
		why_tunnel_skip(w, near,
				": what carries it was translated on the way there, which "
				"is not followed back");
		return NULL;
	}
	put_wire(w, near, far);
	if (!why_carry_packet(w, near, far, &outer))
		return NULL;
	if (outer.dport != far->wireguard->port) {
		fail_port(w, near, far, outer.dport);
		return NULL;
	}
	if (!is_welcome(w, near, far, p))
		return NULL;
	hear(w, far, near, &outer);
	return far;
}

const struct net_link *why_wireguard_cross(struct walk *w, const struct net_link *near,
					   const struct packet *p)
{
	const struct net_link *far;
	const struct net_ns *end;
	struct net_peer peer;
	struct packet outer;

	if (!near->wireguard) {
		why_tunnel_skip(w, near,
				": its peers could not be read, which takes CAP_NET_ADMIN");
		return NULL;
	}
	if (!choose_peer(w, near, p, &peer))
		return NULL;
	far = link_with_key(w->net, peer.key);
	if (far)
		return to_far(w, near, far, &peer, p);
	outer = outer_packet(w, near, &peer);
	end = why_carry_packet(w, near, NULL, &outer);
	if (end)
		fail_key(w, near, end, &peer);
	return NULL;
}
