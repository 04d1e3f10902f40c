/* SPDX-License-Identifier: MIT */
/*
 * RTM_NEWROUTE and RTM_NEWRULE into values (rtnetlink(7), ip-route(8), ip-rule(8)). What is not
 * decoded and could change where a packet goes is said (partly), so that nobody draws conclusions.
 */
#include <errno.h>
#include <string.h>

#include <linux/fib_rules.h>

#include "parse.h"
#include "uapi.h"

static unsigned bits_of(uint8_t family)
{
	return family == AF_INET ? 32 : family == AF_INET6 ? 128 : 0;
}

/* An address of the route's family; anything else is malformed. */
static int get_prefix(const struct nlattr *a, uint8_t family, struct net_ip *out)
{
	struct net_ip ip;

	if (!a)
		return 0;
	if (!nl_ip(a, &ip) || ip.family != family)
		return -EPROTO;
	*out = ip;
	return 0;
}

/* RTA_VIA: a gateway of another family than the route. */
static void get_via(const struct nlattr *a, struct net_ip *out)
{
	const struct rtvia *via;
	size_t len;

	if (!a || mnl_attr_get_payload_len(a) < sizeof(*via))
		return;
	via = mnl_attr_get_payload(a);
	len = mnl_attr_get_payload_len(a) - sizeof(*via);
	if (len * 8 != bits_of((uint8_t)via->rtvia_family))
		return;
	*out = (struct net_ip){ .family = (uint8_t)via->rtvia_family };
	memcpy(out->bytes, via->rtvia_addr, len);
}

static void hop_attrs(nl_attrs *tb, struct net_hop *hop)
{
	nl_ip(tb[RTA_GATEWAY], &hop->gateway);
	get_via(tb[RTA_VIA], &hop->gateway);
	hop->encapsulated = tb[RTA_ENCAP_TYPE] || tb[RTA_NEWDST];
}

static int get_hops(const struct nlattr *multipath, struct vec *hops)
{
	const char *at = mnl_attr_get_payload(multipath);
	size_t left = mnl_attr_get_payload_len(multipath);

	while (left >= sizeof(struct rtnexthop)) {
		const struct rtnexthop *nh = (const void *)at;
		nl_attrs tb[RTA_MAX + 1] = { NULL };
		struct net_hop *hop;
		const struct nlattr *a;
		struct nl_walk w;
		size_t len = nh->rtnh_len;

		if (len < sizeof(*nh) || len > left)
			return -EPROTO;
		w = nl_walk(at + sizeof(*nh), len - sizeof(*nh));
		while (nl_next(&w, &a))
			if (mnl_attr_get_type(a) <= RTA_MAX)
				tb[mnl_attr_get_type(a)] = a;
		hop = vec_add(hops);
		hop->index = (uint32_t)nh->rtnh_ifindex;
		hop->weight = nh->rtnh_hops + 1U;
		hop->flags = nh->rtnh_flags;
		hop_attrs(tb, hop);
		len = RTNH_ALIGN(len);
		at += len;
		left -= len < left ? len : left;
	}
	return 0;
}

static int route_hops(nl_attrs *tb, const struct rtmsg *msg, struct arena *arena,
		      struct net_route *out)
{
	autovec hops = VEC(struct net_hop);
	int ret = 0;

	if (tb[RTA_MULTIPATH]) {
		ret = get_hops(tb[RTA_MULTIPATH], &hops);
	} else if (tb[RTA_OIF] || tb[RTA_GATEWAY] || tb[RTA_VIA]) {
		struct net_hop *hop = vec_add(&hops);

		hop->weight = 1;
		hop->flags = msg->rtm_flags & 0xff;
		nl_u32(tb[RTA_OIF], &hop->index);
		hop_attrs(tb, hop);
	}
	out->hops = vec_keep(&hops, arena);
	out->nhops = (uint32_t)hops.n;
	return ret;
}

static void route_metrics(const struct nlattr *metrics, struct net_route *out)
{
	nl_attrs tb[RTAX_MTU + 1];

	nl_attrs_nested(metrics, tb, RTAX_MTU + 1);
	nl_u32(tb[RTAX_MTU], &out->mtu);
}

static void route_numbers(nl_attrs *tb, const struct rtmsg *msg, struct net_route *out)
{
	*out = (struct net_route){
		.family = msg->rtm_family,
		.len = msg->rtm_dst_len,
		.src_len = msg->rtm_src_len,
		.tos = msg->rtm_tos,
		.scope = msg->rtm_scope,
		.protocol = msg->rtm_protocol,
		.type = msg->rtm_type < NET_ROUTE_TYPES ? (enum net_route_type)msg->rtm_type
							: NET_ROUTE_UNSPEC,
		.table = msg->rtm_table,
		.flags = msg->rtm_flags,
	};
	out->partly = msg->rtm_type >= NET_ROUTE_TYPES;
	nl_u32(tb[RTA_TABLE], &out->table);
	nl_u32(tb[RTA_PRIORITY], &out->metric);
	nl_u32(tb[RTA_NH_ID], &out->nexthop_id);
	route_metrics(tb[RTA_METRICS], out);
}

int route_parse(const struct nlmsghdr *nlh, struct arena *arena, struct net_route *out)
{
	const struct rtmsg *msg = nl_extra(nlh, sizeof(*msg));
	nl_attrs tb[RTA_MAX + 1];
	unsigned bits;
	int ret;

	if (nlh->nlmsg_type != RTM_NEWROUTE)
		return -ENOENT;
	if (!msg)
		return -EPROTO;
	bits = bits_of(msg->rtm_family);
	/* Multicast and MPLS routes come along; a clone is no route but a cached answer. */
	if (!bits || (msg->rtm_flags & RTM_F_CLONED))
		return -ENOENT;
	if (msg->rtm_dst_len > bits || msg->rtm_src_len > bits)
		return -EPROTO;
	nl_attrs_get(nlh, sizeof(*msg), tb, RTA_MAX + 1);
	route_numbers(tb, msg, out);
	ret = get_prefix(tb[RTA_DST], msg->rtm_family, &out->dst);
	if (ret == 0)
		ret = get_prefix(tb[RTA_SRC], msg->rtm_family, &out->src);
	if (ret == 0)
		ret = get_prefix(tb[RTA_PREFSRC], msg->rtm_family, &out->prefsrc);
	if (ret == 0 && ((out->len && !out->dst.family) || (out->src_len && !out->src.family)))
		ret = -EPROTO;
	return ret < 0 ? ret : route_hops(tb, msg, arena, out);
}

static bool get_range(const struct nlattr *a, size_t width, struct net_range *out)
{
	struct fib_rule_port_range ports;
	struct fib_rule_uid_range uids;

	if (!a || mnl_attr_get_payload_len(a) != 2 * width)
		return false;
	if (width == sizeof(ports.start)) {
		memcpy(&ports, mnl_attr_get_payload(a), sizeof(ports));
		*out = (struct net_range){ ports.start, ports.end };
	} else {
		memcpy(&uids, mnl_attr_get_payload(a), sizeof(uids));
		*out = (struct net_range){ uids.start, uids.end };
	}
	return true;
}

/* Attributes that are no condition, or one that is in the structure. */
static bool rule_attr_known(unsigned type)
{
	return type == FRA_FLOW || type == FRA_PAD ||
	       (type <= FRA_DPORT_RANGE && type != FRA_TUN_ID);
}

static bool rule_partly(const struct nlmsghdr *nlh)
{
	struct nl_walk w = nl_walk_message(nlh, sizeof(struct fib_rule_hdr));
	const struct nlattr *a;

	while (nl_next(&w, &a))
		if (!rule_attr_known(mnl_attr_get_type(a)))
			return true;
	return false;
}

static void rule_conditions(nl_attrs *tb, struct arena *arena, struct net_rule *out)
{
	uint8_t l3mdev = 0;
	uint32_t raw;

	out->iif = nl_text(tb[FRA_IIFNAME], arena);
	out->oif = nl_text(tb[FRA_OIFNAME], arena);
	out->has_mark = nl_u32(tb[FRA_FWMARK], &out->mark);
	out->mark_mask = UINT32_MAX;
	nl_u32(tb[FRA_FWMASK], &out->mark_mask);
	/* A mark of 0 with a mask of 0 is what a rule without a mark has. */
	out->has_mark = (out->has_mark || tb[FRA_FWMASK]) && (out->mark || out->mark_mask);
	nl_u8(tb[FRA_L3MDEV], &l3mdev);
	out->l3mdev = l3mdev;
	nl_u8(tb[FRA_IP_PROTO], &out->ipproto);
	out->has_uids = get_range(tb[FRA_UID_RANGE], 4, &out->uids);
	out->has_sports = get_range(tb[FRA_SPORT_RANGE], 2, &out->sports);
	out->has_dports = get_range(tb[FRA_DPORT_RANGE], 2, &out->dports);
	if (nl_u32(tb[FRA_SUPPRESS_PREFIXLEN], &raw) && raw != UINT32_MAX)
		out->suppress_len = (int32_t)raw;
	if (nl_u32(tb[FRA_SUPPRESS_IFGROUP], &raw) && raw != UINT32_MAX)
		out->suppress_group = (int32_t)raw;
}

static enum net_rule_action rule_action(uint8_t action)
{
	static const enum net_rule_action actions[FR_ACT_MAX + 1] = {
		[FR_ACT_UNSPEC] = NET_RULE_UNSPEC,
		[FR_ACT_TO_TBL] = NET_RULE_TABLE,
		[FR_ACT_GOTO] = NET_RULE_GOTO,
		[FR_ACT_NOP] = NET_RULE_NOP,
		[FR_ACT_RES3] = NET_RULE_OTHER,
		[FR_ACT_RES4] = NET_RULE_OTHER,
		[FR_ACT_BLACKHOLE] = NET_RULE_BLACKHOLE,
		[FR_ACT_PROHIBIT] = NET_RULE_PROHIBIT,
		[FR_ACT_UNREACHABLE] = NET_RULE_UNREACHABLE,
	};

	return action <= FR_ACT_MAX ? actions[action] : NET_RULE_OTHER;
}

int rule_parse(const struct nlmsghdr *nlh, struct arena *arena, struct net_rule *out)
{
	const struct fib_rule_hdr *msg = nl_extra(nlh, sizeof(*msg));
	nl_attrs tb[FRA_MAX + 1];
	int ret;

	if (nlh->nlmsg_type != RTM_NEWRULE)
		return -ENOENT;
	if (!msg)
		return -EPROTO;
	if (!bits_of(msg->family))
		return -ENOENT;
	if (msg->dst_len > bits_of(msg->family) || msg->src_len > bits_of(msg->family))
		return -EPROTO;
	nl_attrs_get(nlh, sizeof(*msg), tb, FRA_MAX + 1);
	*out = (struct net_rule){
		.family = msg->family,
		.action = rule_action(msg->action),
		.table = msg->table,
		.invert = msg->flags & FIB_RULE_INVERT,
		.src_len = msg->src_len,
		.dst_len = msg->dst_len,
		.tos = msg->tos,
		.suppress_len = -1,
		.suppress_group = -1,
		.partly = rule_partly(nlh),
	};
	nl_u32(tb[FRA_TABLE], &out->table);
	nl_u32(tb[FRA_PRIORITY], &out->priority);
	nl_u32(tb[FRA_GOTO], &out->go_to);
	nl_u8(tb[FRA_PROTOCOL], &out->protocol);
	rule_conditions(tb, arena, out);
	ret = get_prefix(tb[FRA_DST], msg->family, &out->dst);
	return ret < 0 ? ret : get_prefix(tb[FRA_SRC], msg->family, &out->src);
}
