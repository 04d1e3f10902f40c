/* SPDX-License-Identifier: MIT */
/*
 * Messages of sock_diag(7) into sockets, one form per address family; and the lines of
 * /proc/net/raw, for kernels that have no raw sockets in sock_diag. Who holds them is not told
 * here.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/packet_diag.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <linux/vm_sockets_diag.h>

#include "parse.h"

static enum net_socket_state state_of(uint8_t state)
{
	return state < NET_SOCKET_STATES ? (enum net_socket_state)state : NET_SOCKET_UNKNOWN;
}

static uint64_t cookie_of(const uint32_t half[2])
{
	return (uint64_t)half[1] << 32 | half[0];
}

static struct net_ip ip_of(uint8_t family, const void *bytes)
{
	struct net_ip ip = { .family = family };

	memcpy(ip.bytes, bytes, family == AF_INET ? 4 : 16);
	return ip;
}

static void inet_ends(const struct inet_diag_msg *msg, struct net_socket *out)
{
	bool raw = out->proto == NET_PROTO_RAW;

	out->local = ip_of(out->family, msg->id.idiag_src);
	out->wildcard = net_ip_is_any(&out->local);
	out->rport = raw ? 0 : ntohs(msg->id.idiag_dport);
	out->remote = ip_of(out->family, msg->id.idiag_dst);
	if (net_ip_is_any(&out->remote) && !out->rport)
		out->remote.family = 0;
	/* A raw socket has the number of an IP protocol where others have a port. */
	if (raw)
		out->protocol = ntohs(msg->id.idiag_sport);
	else
		out->lport = ntohs(msg->id.idiag_sport);
}

int inet_diag_parse(const struct nlmsghdr *nlh, enum net_proto proto, struct net_socket *out)
{
	const struct inet_diag_msg *msg = nl_extra(nlh, sizeof(*msg));
	nl_attrs tb[INET_DIAG_SKV6ONLY + 1];
	uint8_t v6only = 0;

	if (nlh->nlmsg_type != SOCK_DIAG_BY_FAMILY)
		return -ENOENT;
	if (!msg || (msg->idiag_family != AF_INET && msg->idiag_family != AF_INET6))
		return -EPROTO;
	*out = (struct net_socket){
		.proto = proto,
		.state = state_of(msg->idiag_state),
		.family = msg->idiag_family,
		.index = msg->id.idiag_if,
		.inode = msg->idiag_inode,
		.uid = msg->idiag_uid,
		.uid_known = true,
		.rqueue = msg->idiag_rqueue,
		.wqueue = msg->idiag_wqueue,
		.cookie = cookie_of(msg->id.idiag_cookie),
	};
	nl_attrs_get(nlh, sizeof(*msg), tb, INET_DIAG_SKV6ONLY + 1);
	out->v6only_known = nl_u8(tb[INET_DIAG_SKV6ONLY], &v6only);
	out->v6only = v6only;
	inet_ends(msg, out);
	return 0;
}

int unix_diag_parse(const struct nlmsghdr *nlh, struct arena *arena, struct net_socket *out)
{
	const struct unix_diag_msg *msg = nl_extra(nlh, sizeof(*msg));
	nl_attrs tb[UNIX_DIAG_MAX + 1];
	uint32_t peer = 0;
	struct unix_diag_rqlen queue;

	if (nlh->nlmsg_type != SOCK_DIAG_BY_FAMILY)
		return -ENOENT;
	if (!msg || msg->udiag_family != AF_UNIX)
		return -EPROTO;
	*out = (struct net_socket){
		.proto = NET_PROTO_UNIX,
		.state = state_of(msg->udiag_state),
		.family = AF_UNIX,
		.type = msg->udiag_type,
		.inode = msg->udiag_ino,
		.cookie = cookie_of(msg->udiag_cookie),
	};
	nl_attrs_get(nlh, sizeof(*msg), tb, UNIX_DIAG_MAX + 1);
	out->uid_known = nl_u32(tb[UNIX_DIAG_UID], &out->uid);
	nl_u32(tb[UNIX_DIAG_PEER], &peer);
	out->peer_inode = peer;
	if (tb[UNIX_DIAG_NAME]) {
		out->path_len = mnl_attr_get_payload_len(tb[UNIX_DIAG_NAME]);
		out->path =
			arena_copy(arena, mnl_attr_get_payload(tb[UNIX_DIAG_NAME]), out->path_len);
	}
	/* A path comes with the NUL at its end; in an abstract name every byte counts. */
	if (out->path_len > 1 && out->path[0])
		out->path_len = (uint32_t)strnlen(out->path, out->path_len);
	if (tb[UNIX_DIAG_RQLEN] && mnl_attr_get_payload_len(tb[UNIX_DIAG_RQLEN]) == sizeof(queue)) {
		memcpy(&queue, mnl_attr_get_payload(tb[UNIX_DIAG_RQLEN]), sizeof(queue));
		out->rqueue = queue.udiag_rqueue;
		out->wqueue = queue.udiag_wqueue;
	}
	return 0;
}

int packet_diag_parse(const struct nlmsghdr *nlh, struct net_socket *out)
{
	const struct packet_diag_msg *msg = nl_extra(nlh, sizeof(*msg));
	nl_attrs tb[PACKET_DIAG_UID + 1];

	if (nlh->nlmsg_type != SOCK_DIAG_BY_FAMILY)
		return -ENOENT;
	if (!msg || msg->pdiag_family != AF_PACKET)
		return -EPROTO;
	*out = (struct net_socket){
		.proto = NET_PROTO_PACKET,
		.state = NET_SOCKET_CLOSE,
		.family = AF_PACKET,
		.type = msg->pdiag_type,
		.protocol = msg->pdiag_num,
		.inode = msg->pdiag_ino,
		.cookie = cookie_of(msg->pdiag_cookie),
	};
	nl_attrs_get(nlh, sizeof(*msg), tb, PACKET_DIAG_UID + 1);
	out->uid_known = nl_u32(tb[PACKET_DIAG_UID], &out->uid);
	if (tb[PACKET_DIAG_INFO] &&
	    mnl_attr_get_payload_len(tb[PACKET_DIAG_INFO]) >= sizeof(out->index))
		memcpy(&out->index, mnl_attr_get_payload(tb[PACKET_DIAG_INFO]), sizeof(out->index));
	return 0;
}

int vsock_diag_parse(const struct nlmsghdr *nlh, struct net_socket *out)
{
	const struct vsock_diag_msg *msg = nl_extra(nlh, sizeof(*msg));

	if (nlh->nlmsg_type != SOCK_DIAG_BY_FAMILY)
		return -ENOENT;
	if (!msg || msg->vdiag_family != AF_VSOCK)
		return -EPROTO;
	*out = (struct net_socket){
		.proto = NET_PROTO_VSOCK,
		.state = state_of(msg->vdiag_state),
		.family = AF_VSOCK,
		.type = msg->vdiag_type,
		.lcid = msg->vdiag_src_cid,
		.lport = msg->vdiag_src_port,
		.rcid = msg->vdiag_dst_cid,
		.rport = msg->vdiag_dst_port,
		.inode = msg->vdiag_ino,
		.cookie = cookie_of(msg->vdiag_cookie),
	};
	return 0;
}

/* The kernel prints an address as 32-bit words of its own byte order. */
static bool hex_ip(const char *text, uint8_t family, struct net_ip *out)
{
	size_t words = family == AF_INET ? 1 : 4;

	*out = (struct net_ip){ .family = family };
	for (size_t i = 0; i < words; i++) {
		char part[9] = { 0 };
		uint32_t word;

		memcpy(part, text + i * 8, 8);
		if (strspn(part, "0123456789abcdefABCDEF") != 8)
			return false;
		word = (uint32_t)strtoul(part, NULL, 16);
		memcpy(out->bytes + i * 4, &word, sizeof(word));
	}
	return true;
}

int raw_line_parse(struct span line, uint8_t family, struct net_socket *out)
{
	char text[256], local[40], remote[40];
	unsigned lport, rport, state, tx, rx, uid;
	uint64_t inode;

	if (line.len >= sizeof(text))
		return -EPROTO;
	memcpy(text, line.data, line.len);
	text[line.len] = '\0';
	if (strchr(text, ':') == NULL || strstr(text, "local_address"))
		return -ENOENT;
	/* NOLINTNEXTLINE(cert-err34-c): the kernel writes these numbers */
	if (sscanf(text, "%*u: %32[^:]:%x %32[^:]:%x %x %x:%x %*x:%*x %*x %u %*u %" SCNu64, local,
		   &lport, remote, &rport, &state, &tx, &rx, &uid, &inode) != 9)
		return -EPROTO;
	if (strlen(local) != (family == AF_INET ? 8 : 32) || strlen(remote) != strlen(local))
		return -EPROTO;
	*out = (struct net_socket){
		.proto = NET_PROTO_RAW,
		.state = state_of((uint8_t)state),
		.family = family,
		.protocol = (uint16_t)lport,
		.inode = inode,
		.uid = uid,
		.uid_known = true,
		.rqueue = rx,
		.wqueue = tx,
	};
	if (!hex_ip(local, family, &out->local) || !hex_ip(remote, family, &out->remote))
		return -EPROTO;
	out->wildcard = net_ip_is_any(&out->local);
	if (net_ip_is_any(&out->remote))
		out->remote.family = 0;
	return 0;
}
