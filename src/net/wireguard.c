/* SPDX-License-Identifier: MIT */
/*
 * What a WireGuard link knows of itself and of its peers (generic netlink, linux/wireguard.h).
 * Asked only where there is such a link, and by a list of families that the kernel has already:
 * asking for one by its name would load a module. Private keys and those shared with a peer come
 * with the answer; they are never kept, and are wiped.
 */
#include <errno.h>
#include <string.h>

#include <netinet/in.h>

#include <linux/genetlink.h>
#include <linux/wireguard.h>

#include "parse.h"
#include "read.h"

enum { PEERS_MAX = 65536, ALLOWED_MAX = 1 << 20 };

static bool get_key(const struct nlattr *a, uint8_t out[NET_KEY])
{
	if (!a || mnl_attr_get_payload_len(a) != NET_KEY)
		return false;
	memcpy(out, mnl_attr_get_payload(a), NET_KEY);
	return true;
}

static void get_endpoint(const struct nlattr *a, struct net_peer *peer)
{
	size_t len = a ? mnl_attr_get_payload_len(a) : 0;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
	sa_family_t family = AF_UNSPEC;

	if (len >= sizeof(family))
		memcpy(&family, mnl_attr_get_payload(a), sizeof(family));
	if (family == AF_INET && len >= sizeof(four)) {
		memcpy(&four, mnl_attr_get_payload(a), sizeof(four));
		peer->endpoint.family = AF_INET;
		memcpy(peer->endpoint.bytes, &four.sin_addr, 4);
		peer->port = ntohs(four.sin_port);
	} else if (family == AF_INET6 && len >= sizeof(six)) {
		memcpy(&six, mnl_attr_get_payload(a), sizeof(six));
		peer->endpoint.family = AF_INET6;
		memcpy(peer->endpoint.bytes, &six.sin6_addr, 16);
		peer->port = ntohs(six.sin6_port);
	}
}

static bool get_allowed(const struct nlattr *a, struct net_allowed *out)
{
	nl_attrs tb[WGALLOWEDIP_A_MAX + 1];
	uint16_t family = AF_UNSPEC;

	nl_attrs_nested(a, tb, WGALLOWEDIP_A_MAX + 1);
	*out = (struct net_allowed){ .len = 0 };
	return nl_u16(tb[WGALLOWEDIP_A_FAMILY], &family) &&
	       nl_ip(tb[WGALLOWEDIP_A_IPADDR], &out->ip) &&
	       nl_u8(tb[WGALLOWEDIP_A_CIDR_MASK], &out->len) && family == out->ip.family &&
	       out->len <= (family == AF_INET6 ? 128 : 32);
}

/* A peer that did not fit into one message goes on in the next, with the same key. */
static struct wg_peer *find_peer(struct wg_device *d, const uint8_t key[NET_KEY])
{
	struct wg_peer *peers = d->peers.at;
	size_t n = d->peers.n;

	if (n && memcmp(peers[n - 1].peer.key, key, NET_KEY) == 0)
		return &peers[n - 1];
	if (n >= PEERS_MAX)
		return NULL;
	peers = vec_add(&d->peers);
	peers->first = d->allowed.n;
	memcpy(peers->peer.key, key, NET_KEY);
	return peers;
}

static bool take_allowed(struct wg_device *d, struct wg_peer *p, const struct nlattr *list)
{
	struct nl_walk w = nl_walk_nested(list);
	const struct nlattr *a;
	bool whole = true;

	while (nl_next(&w, &a)) {
		struct net_allowed one;

		if (!get_allowed(a, &one) || d->allowed.n >= ALLOWED_MAX) {
			whole = false;
			continue;
		}
		*(struct net_allowed *)vec_add(&d->allowed) = one;
		p->peer.nallowed++;
	}
	return whole;
}

static bool take_peer(struct wg_device *d, const struct nlattr *a)
{
	nl_attrs tb[WGPEER_A_MAX + 1];
	int64_t handshake[2]; /* struct __kernel_timespec */
	uint8_t key[NET_KEY];
	struct wg_peer *p;

	nl_attrs_nested(a, tb, WGPEER_A_MAX + 1);
	p = get_key(tb[WGPEER_A_PUBLIC_KEY], key) ? find_peer(d, key) : NULL;
	if (!p)
		return false;
	get_endpoint(tb[WGPEER_A_ENDPOINT], &p->peer);
	nl_u16(tb[WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL], &p->peer.keepalive);
	nl_u64(tb[WGPEER_A_RX_BYTES], &p->peer.rx_bytes);
	nl_u64(tb[WGPEER_A_TX_BYTES], &p->peer.tx_bytes);
	if (tb[WGPEER_A_LAST_HANDSHAKE_TIME] &&
	    mnl_attr_get_payload_len(tb[WGPEER_A_LAST_HANDSHAKE_TIME]) == sizeof(handshake)) {
		memcpy(handshake, mnl_attr_get_payload(tb[WGPEER_A_LAST_HANDSHAKE_TIME]),
		       sizeof(handshake));
		p->peer.handshake = handshake[0];
	}
	return take_allowed(d, p, tb[WGPEER_A_ALLOWEDIPS]);
}

int wireguard_parse(const struct nlmsghdr *nlh, struct wg_device *d)
{
	const struct genlmsghdr *msg = nl_extra(nlh, sizeof(*msg));
	nl_attrs tb[WGDEVICE_A_MAX + 1];
	const struct nlattr *a;
	struct nl_walk w;
	bool whole = true;

	if (!msg || msg->cmd != WG_CMD_GET_DEVICE)
		return -EPROTO;
	nl_attrs_get(nlh, sizeof(*msg), tb, WGDEVICE_A_MAX + 1);
	d->wg.has_key = get_key(tb[WGDEVICE_A_PUBLIC_KEY], d->wg.key) || d->wg.has_key;
	nl_u16(tb[WGDEVICE_A_LISTEN_PORT], &d->wg.port);
	nl_u32(tb[WGDEVICE_A_FWMARK], &d->wg.fwmark);
	w = nl_walk_nested(tb[WGDEVICE_A_PEERS]);
	while (nl_next(&w, &a))
		whole = take_peer(d, a) && whole;
	return whole ? 0 : -EPROTO;
}

const struct net_wireguard *wireguard_keep(struct wg_device *d, struct arena *arena)
{
	struct net_wireguard *wg = arena_alloc(arena, sizeof(*wg));
	struct net_peer *peers = arena_alloc(arena, (d->peers.n + 1) * sizeof(*peers));
	const struct net_allowed *allowed = vec_keep(&d->allowed, arena);

	*wg = d->wg;
	wg->peers = peers;
	wg->npeers = (uint32_t)d->peers.n;
	for (size_t i = 0; i < d->peers.n; i++) {
		const struct wg_peer *p = &((struct wg_peer *)d->peers.at)[i];

		peers[i] = p->peer;
		peers[i].allowed = allowed ? allowed + p->first : NULL;
	}
	return wg;
}

static int take_device(const struct nlmsghdr *nlh, void *ctx)
{
	int ret = wireguard_parse(nlh, ctx);

	/* There are keys in it. */
	explicit_bzero((char *)nlh + NLMSG_HDRLEN, nlh->nlmsg_len - NLMSG_HDRLEN);
	return ret;
}

static void forget_device(void *ctx)
{
	struct wg_device *d = ctx;

	d->wg = (struct net_wireguard){ .has_key = false };
	d->peers.n = d->allowed.n = 0;
}

static int take_family(const struct nlmsghdr *nlh, void *ctx)
{
	const struct genlmsghdr *msg = nl_extra(nlh, sizeof(*msg));
	nl_attrs tb[CTRL_ATTR_MAX + 1];
	uint16_t *id = ctx;
	const struct nlattr *name;

	if (!msg || msg->cmd != CTRL_CMD_NEWFAMILY)
		return -EPROTO;
	nl_attrs_get(nlh, sizeof(*msg), tb, CTRL_ATTR_MAX + 1);
	name = tb[CTRL_ATTR_FAMILY_NAME];
	if (name && mnl_attr_get_payload_len(name) == sizeof(WG_GENL_NAME) &&
	    memcmp(mnl_attr_get_payload(name), WG_GENL_NAME, sizeof(WG_GENL_NAME)) == 0)
		nl_u16(tb[CTRL_ATTR_FAMILY_ID], id);
	return 0;
}

static void forget_family(void *ctx)
{
	*(uint16_t *)ctx = 0;
}

static struct genlmsghdr *begin(struct nl_request *r, uint16_t family, uint8_t cmd)
{
	struct genlmsghdr *msg = nl_begin(r, family, NLM_F_DUMP, sizeof(*msg));

	msg->cmd = cmd;
	msg->version = 1;
	return msg;
}

static uint16_t find_family(struct nl_conn *conn, struct arena *arena)
{
	struct net_known known = { 0 };
	struct nl_request request;
	uint16_t id = 0;

	begin(&request, GENL_ID_CTRL, CTRL_CMD_GETFAMILY);
	nl_dump(conn, &request, take_family, forget_family, &id, arena, &known);
	return id;
}

static void read_link(struct nl_conn *conn, uint16_t family, struct net_link *link,
		      struct arena *arena)
{
	struct wg_device d = { .peers = VEC(struct wg_peer), .allowed = VEC(struct net_allowed) };
	struct nl_request request;

	begin(&request, family, WG_CMD_GET_DEVICE);
	nl_put_u32(&request, WGDEVICE_A_IFINDEX, link->index);
	nl_dump(conn, &request, take_device, forget_device, &d, arena, &link->wireguard_known);
	if (fact_is_known(link->wireguard_known.fact))
		link->wireguard = wireguard_keep(&d, arena);
	vec_release(&d.peers);
	vec_release(&d.allowed);
}

void wireguard_read(struct net_ns *net, struct inside *in)
{
	struct nl_conn *conn = NULL;
	uint16_t family = 0;

	for (size_t i = 0; i < net->nlinks; i++) {
		struct net_link *link = net->links[i];

		if (!net_link_is(link, "wireguard"))
			continue;
		if (!conn) {
			conn = inside_generic(in);
			family = conn->socket ? find_family(conn, &net->arena) : 0;
		}
		if (family)
			read_link(conn, family, link, &net->arena);
		else
			known_fail(&link->wireguard_known,
				   conn->socket ? -EOPNOTSUPP : in->error[INSIDE_GENERIC], NULL,
				   &net->arena);
	}
}
