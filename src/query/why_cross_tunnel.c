/* SPDX-License-Identifier: MIT */
/*
 * The two ends of a tunnel against each other: what differs, what the table of one has about a
 * hardware address, and crossing one that carries packets. Those that carry frames are part of a
 * segment, see why_segment.c.
 */
#include <string.h>

#include <nsview/cleanup.h>

#include "why_tunnel.h"

void why_tunnel_differs(struct walk *w, const struct net_link *near, const struct net_link *far)
{
	const struct tunnel_kind *kind = tunnel_kind_of(near);
	autobuffer a = BUFFER_INIT, b = BUFFER_INIT;
	struct net_ip remote = tunnel_ip(far, "remote");
	char ip[NET_IP_TEXT];

	why_put_link(w, near, &a);
	why_put_link(w, far, &b);
	switch (tunnel_compare(near, far)) {
	case TUNNEL_PORT:
		why_fail(w, near->kind, far->net, "%s sends to UDP port %u, but %s has port %u",
			 buffer_str(&a), tunnel_port(near), buffer_str(&b), tunnel_port(far));
		why_advise(w, "make %s or %s again, with the other's port", buffer_str(&a),
			   buffer_str(&b));
		break;
	case TUNNEL_ID:
		why_fail(w, near->kind, far->net, "%s sends with %s %ju, but %s takes in %s %ju",
			 buffer_str(&a), kind->id_word, (uintmax_t)tunnel_id(near, false),
			 buffer_str(&b), kind->id_word, (uintmax_t)tunnel_id(far, true));
		why_advise(w, "make %s or %s again, with the other's %s", buffer_str(&a),
			   buffer_str(&b), kind->id_word);
		break;
	default:
		why_fail(w, near->kind, far->net, "%s takes in only what comes from %s, not %s",
			 buffer_str(&b), why_ip(&remote, ip), buffer_str(&a));
		why_advise(w, "make %s again, with the remote end that %s has", buffer_str(&b),
			   buffer_str(&a));
	}
	why_show(w, far->net, "ip -d link show dev %s", why_word(far->name));
}

static bool is_about(const struct net_neigh *e, const struct net_link *near,
		     const struct net_mac *mac)
{
	return e->index == near->index && !e->ip.family && e->to.family && e->mac.len == mac->len &&
	       memcmp(e->mac.bytes, mac->bytes, mac->len) == 0;
}

bool why_tunnel_entry(struct walk *w, const struct net_link *near, const struct net_ip *remote,
		      const struct net_mac *mac)
{
	const struct net_neigh *wrong = NULL;
	autobuffer place = BUFFER_INIT;
	char text[NET_MAC_TEXT], to[NET_IP_TEXT], ip[NET_IP_TEXT];

	for (size_t i = 0; i < near->net->nneighs; i++) {
		const struct net_neigh *e = &near->net->neighs[i];

		if (!is_about(e, near, mac))
			continue;
		if (net_ip_equal(&e->to, remote) || tunnel_is_group(remote))
			return true;
		wrong = e;
	}
	if (!wrong)
		return true;
	why_put_link(w, near, &place);
	net_mac_text(mac, text);
	why_ip(&wrong->to, to);
	if (!(wrong->state & (NET_NEIGH_PERMANENT | NET_NEIGH_NOARP))) {
		buffer_printf(why_hop(w, WHY_WARN, near->kind, near->net),
			      "%s has learned that %s is behind %s, not %s", buffer_str(&place),
			      text, to, why_ip(remote, ip));
		return true;
	}
	why_fail(w, near->kind, near->net,
		 "a permanent entry of %s says that %s is behind %s, but it is behind %s",
		 buffer_str(&place), text, to, why_ip(remote, ip));
	why_show(w, near->net, "bridge fdb show dev %s", why_word(near->name));
	why_fix(w, near->net, "bridge fdb del %s dev %s dst %s", text, why_word(near->name), to);
	return false;
}

void why_put_tunnel(const struct net_link *near, struct buffer *out)
{
	const struct tunnel_kind *kind = tunnel_kind_of(near);

	if (kind->id_word && tunnel_id(near, false))
		buffer_printf(out, ", %s %ju", kind->id_word, (uintmax_t)tunnel_id(near, false));
}

/* How well it is the one that takes it in; one that names where it leads comes before others. */
static int rank(const struct tunnel_far *far)
{
	return (far->differs == TUNNEL_SAME) * 4 + ((far->link->flags & IFF_UP) != 0) * 2 +
	       (tunnel_ip(far->link, "remote").family != 0);
}

/* The one at the remote end, at best one that is as it should be. */
static struct tunnel_far best_far(const struct walk *w, const struct net_link *near,
				  const struct net_ip *remote)
{
	struct tunnel_far far = { 0 }, best = { 0 };

	while (tunnel_next_far(w->net, near, remote, &far))
		if (!best.link || rank(&far) > rank(&best))
			best = far;
	return best;
}

static void put_wire(struct walk *w, const struct net_link *near, const struct net_link *far)
{
	struct buffer *text = why_hop(w, WHY_OK, near->kind, far->net);

	why_put_link(w, near, text);
	buffer_text(text, " -- ");
	why_put_link(w, far, text);
	buffer_printf(text, " %s", why_link_state(far));
	why_put_tunnel(near, text);
}

const struct net_link *why_tunnel_cross(struct walk *w, const struct net_link *near,
					const struct packet *p)
{
	struct net_ip remote = tunnel_ip(near, "remote");
	struct tunnel_far far = best_far(w, near, &remote);
	struct place down = { .link = far.link, .fault = FAULT_DOWN, .at_fault = far.link };

	if (net_link_is(near, "wireguard"))
		return why_wireguard_cross(w, near, p);
	if (!remote.family && !tunnel_is_external(near)) {
		why_tunnel_skip(w, near,
				": its other end is another one for each packet, which is not "
				"followed");
		return NULL;
	}
	if (!far.link || tunnel_is_external(near)) {
		why_tunnel_out(w, near);
		return NULL;
	}
	if (far.differs != TUNNEL_SAME) {
		why_tunnel_differs(w, near, far.link);
		return NULL;
	}
	if (!(far.link->flags & IFF_UP)) {
		why_fault(w, &down, near->kind);
		return NULL;
	}
	why_link_hooks(w, near, false);
	put_wire(w, near, far.link);
	if (!why_carry(w, near, &remote, far.link))
		return NULL;
	why_link_hooks(w, far.link, true);
	return far.link;
}
