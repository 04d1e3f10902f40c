/* SPDX-License-Identifier: MIT */
/*
 * Records of netlink messages: bytes in, values out. Pure; what they return lives in arena. Each
 * gives 0, or -EPROTO for a message that is malformed, or -ENOENT for one that is not wanted.
 * Numbers of links stay numbers here; join.c makes pointers of them. Private to net/.
 */
#ifndef NSVIEW_NET_PARSE_H
#define NSVIEW_NET_PARSE_H

#include <nsview/net.h>

#include "netlink.h"

int link_parse(const struct nlmsghdr *nlh, struct arena *arena, struct net_link *out);
/* Appends the VLANs of a link that an AF_BRIDGE message tells to a vec of struct net_vlan. */
int vlans_parse(const struct nlmsghdr *nlh, struct vec *vlans, uint32_t *out_index);
int addr_parse(const struct nlmsghdr *nlh, struct arena *arena, struct net_addr *out);
int route_parse(const struct nlmsghdr *nlh, struct arena *arena, struct net_route *out);
int qdisc_parse(const struct nlmsghdr *nlh, struct arena *arena, uint32_t *out_index,
		struct net_qdisc *out);
/* RTM_NEWTFILTER: its kind, NULL where the message tells of no filter. */
int tc_filter_parse(const struct nlmsghdr *nlh, struct arena *arena, const char **out_kind);
int rule_parse(const struct nlmsghdr *nlh, struct arena *arena, struct net_rule *out);
int neigh_parse(const struct nlmsghdr *nlh, struct net_neigh *out);
/* A WireGuard link from one or more messages, each of which adds to it; all zero but the vecs. */
struct wg_peer {
	struct net_peer peer;
	size_t first; /* of allowed */
};
struct wg_device {
	struct net_wireguard wg;
	struct vec peers;   /* struct wg_peer */
	struct vec allowed; /* struct net_allowed, peer by peer */
};
int wireguard_parse(const struct nlmsghdr *nlh, struct wg_device *d);
const struct net_wireguard *wireguard_keep(struct wg_device *d, struct arena *arena);
/* RTM_NEWNSID: -1 where the kernel has no number for it. */
int nsid_parse(const struct nlmsghdr *nlh, int32_t *out);
/* Messages of sock_diag(7). */
int inet_diag_parse(const struct nlmsghdr *nlh, enum net_proto proto, struct net_socket *out);
int unix_diag_parse(const struct nlmsghdr *nlh, struct arena *arena, struct net_socket *out);
int packet_diag_parse(const struct nlmsghdr *nlh, struct net_socket *out);
int vsock_diag_parse(const struct nlmsghdr *nlh, struct net_socket *out);
/* A line of /proc/net/raw or raw6, for kernels without RAW sockets in sock_diag. */
int raw_line_parse(struct span line, uint8_t family, struct net_socket *out);

/* What net/ knows of a kind of link. */
struct link_kind {
	const char *name;
	enum net_wire_kind wire;
	bool paired;  /* the other end is a peer, not what it stands on */
	bool no_link; /* IFLA_LINK says nothing: it is its own number */
	const struct detail_spec *details;
};
/* NULL for one that has no row. */
const struct link_kind *link_kind_find(const char *kind);
/* Kind-specific values: of the link's own kind, or of its being a port of that kind. */
void link_details(const char *kind, const struct nlattr *data, bool port, struct arena *arena,
		  const struct net_detail **out, uint32_t *out_n);

#endif
