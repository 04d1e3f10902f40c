/* SPDX-License-Identifier: MIT */
/*
 * RTM_NEWLINK into a link (rtnetlink(7), linux/if_link.h). Where it leads stays two numbers, an
 * ifindex and the number of a namespace, which mean something only to the namespace that said
 * them. Whatever the kernel leaves out is unknown, not zero.
 */
#include <errno.h>
#include <string.h>

#include <net/if_arp.h>
#include <linux/if_bridge.h>
#include <linux/ip.h>

#include "parse.h"
#include "read.h"
#include "uapi.h"

enum {
	/* linux/ipv6.h, which does not go together with netinet/in.h */
	CONF6_FORWARDING = 0,
	CONF6_ACCEPT_RA = 3,
	CONF6_PROXY_NDP = 22,
	CONF6_MC_FORWARDING = 25,
	CONF6_DISABLE_IPV6 = 26,
	CONF6_IGNORE_LINKDOWN = 39,
	CONF6_FORCE_FORWARDING = 59, /* 6.17 */
};

/* The n-th of an attribute that is an array of 32-bit numbers; `none` where it ends before. */
static int32_t array_or(const struct nlattr *a, size_t n, int32_t none)
{
	int32_t value = none;

	if ((n + 1) * sizeof(value) <= mnl_attr_get_payload_len(a))
		memcpy(&value, (const char *)mnl_attr_get_payload(a) + n * sizeof(value),
		       sizeof(value));
	return value;
}

static int32_t array_at(const struct nlattr *a, size_t n)
{
	return array_or(a, n, 0);
}

/* The kernel numbers them from 1. */
static int32_t conf4_at(const struct nlattr *a, size_t n)
{
	return array_at(a, n - 1);
}

static void parse_conf4(const struct nlattr *inet, struct net_conf4 *out)
{
	nl_attrs tb[IFLA_INET_CONF + 1];
	const struct nlattr *a;

	nl_attrs_nested(inet, tb, IFLA_INET_CONF + 1);
	a = tb[IFLA_INET_CONF];
	if (!a || mnl_attr_get_payload_len(a) < IPV4_DEVCONF_ROUTE_LOCALNET * sizeof(int32_t))
		return;
	*out = (struct net_conf4){
		.known = true,
		.forwarding = conf4_at(a, IPV4_DEVCONF_FORWARDING),
		.rp_filter = conf4_at(a, IPV4_DEVCONF_RP_FILTER),
		.accept_local = conf4_at(a, IPV4_DEVCONF_ACCEPT_LOCAL),
		.route_localnet = conf4_at(a, IPV4_DEVCONF_ROUTE_LOCALNET),
		.arp_ignore = conf4_at(a, IPV4_DEVCONF_ARP_IGNORE),
		.arp_filter = conf4_at(a, IPV4_DEVCONF_ARPFILTER),
		.arp_announce = conf4_at(a, IPV4_DEVCONF_ARP_ANNOUNCE),
		.proxy_arp = conf4_at(a, IPV4_DEVCONF_PROXY_ARP),
		.bc_forwarding = conf4_at(a, IPV4_DEVCONF_BC_FORWARDING),
		.mc_forwarding = conf4_at(a, IPV4_DEVCONF_MC_FORWARDING),
		.src_valid_mark = conf4_at(a, IPV4_DEVCONF_SRC_VMARK),
		.ignore_linkdown = conf4_at(a, IPV4_DEVCONF_IGNORE_ROUTES_WITH_LINKDOWN),
	};
}

static void parse_conf6(const struct nlattr *inet6, struct net_conf6 *out)
{
	nl_attrs tb[IFLA_INET6_CONF + 1];
	const struct nlattr *a;

	nl_attrs_nested(inet6, tb, IFLA_INET6_CONF + 1);
	a = tb[IFLA_INET6_CONF];
	if (!a || mnl_attr_get_payload_len(a) <= CONF6_DISABLE_IPV6 * sizeof(int32_t))
		return;
	*out = (struct net_conf6){
		.known = true,
		.forwarding = array_at(a, CONF6_FORWARDING),
		.disable_ipv6 = array_at(a, CONF6_DISABLE_IPV6),
		.proxy_ndp = array_at(a, CONF6_PROXY_NDP),
		.accept_ra = array_at(a, CONF6_ACCEPT_RA),
		.mc_forwarding = array_at(a, CONF6_MC_FORWARDING),
		.ignore_linkdown = array_at(a, CONF6_IGNORE_LINKDOWN),
		.force_forwarding = array_or(a, CONF6_FORCE_FORWARDING, -1),
	};
}

static void parse_conf(const struct nlattr *spec, struct net_link *out)
{
	nl_attrs tb[AF_INET6 + 1];

	nl_attrs_nested(spec, tb, AF_INET6 + 1);
	parse_conf4(tb[AF_INET], &out->conf4);
	parse_conf6(tb[AF_INET6], &out->conf6);
}

static void parse_stats(const struct nlattr *a, struct net_link *out)
{
	struct rtnl_link_stats64 s = { 0 };
	size_t len = a ? mnl_attr_get_payload_len(a) : 0;

	/* It grew over time; what we read was always there. */
	if (len < 8 * sizeof(uint64_t))
		return;
	memcpy(&s, mnl_attr_get_payload(a), len < sizeof(s) ? len : sizeof(s));
	out->stats_known = true;
	out->stats = (struct net_stats){
		.rx_packets = s.rx_packets,
		.rx_bytes = s.rx_bytes,
		.rx_errors = s.rx_errors,
		.rx_dropped = s.rx_dropped,
		.tx_packets = s.tx_packets,
		.tx_bytes = s.tx_bytes,
		.tx_errors = s.tx_errors,
		.tx_dropped = s.tx_dropped,
	};
}

static void parse_altnames(const struct nlattr *list, struct arena *arena, struct net_link *out)
{
	struct nl_walk w = nl_walk_nested(list);
	autovec names = VEC(const char *);
	const struct nlattr *a;

	while (nl_next(&w, &a))
		if (mnl_attr_get_type(a) == IFLA_ALT_IFNAME)
			*(const char **)vec_add(&names) = nl_text(a, arena);
	if (names.n)
		vec_add(&names); /* ends it */
	out->altnames = vec_keep(&names, arena);
}

static void parse_kind(const struct nlattr *info, struct arena *arena, struct net_link *out)
{
	nl_attrs tb[IFLA_INFO_MAX + 1];

	nl_attrs_nested(info, tb, IFLA_INFO_MAX + 1);
	out->kind = nl_text(tb[IFLA_INFO_KIND], arena);
	out->port_kind = nl_text(tb[IFLA_INFO_SLAVE_KIND], arena);
	link_details(out->kind, tb[IFLA_INFO_DATA], false, arena, &out->details, &out->ndetails);
	link_details(out->port_kind, tb[IFLA_INFO_SLAVE_DATA], true, arena, &out->port_details,
		     &out->nport_details);
}

/* The kernel's numbers are those of enum net_xdp. */
static void parse_xdp(const struct nlattr *xdp, struct net_link *out)
{
	nl_attrs tb[IFLA_XDP_MAX + 1];
	uint8_t mode = NET_XDP_NONE;

	nl_attrs_nested(xdp, tb, IFLA_XDP_MAX + 1);
	nl_u8(tb[IFLA_XDP_ATTACHED], &mode);
	out->xdp = mode <= NET_XDP_SEVERAL ? (enum net_xdp)mode : NET_XDP_SEVERAL;
	if (out->xdp != NET_XDP_NONE)
		nl_u32(tb[IFLA_XDP_PROG_ID], &out->xdp_prog);
}

static void parse_port_state(struct net_link *out)
{
	const struct net_detail *state = net_link_port_detail(out, "state");

	out->port_state = -1;
	if (state && strcmp(out->port_kind, "bridge") == 0 && state->num < NET_PORT_STATES)
		out->port_state = (int)state->num;
}

static struct net_end open_end(uint32_t index, int32_t nsid)
{
	return (struct net_end){ NET_HOW_UNRESOLVED, index, nsid, NULL, NULL, NULL };
}

/* IFLA_LINK and IFLA_LINK_NETNSID: a peer, or what it stands on. */
static void parse_ends(nl_attrs tb[IFLA_MAX + 1], struct net_link *out)
{
	const struct link_kind *kind = link_kind_find(out->kind);
	uint32_t index = 0, master = 0;
	int32_t nsid = -1;
	bool linked = nl_u32(tb[IFLA_LINK], &index);
	bool elsewhere = nl_s32(tb[IFLA_LINK_NETNSID], &nsid);

	if (elsewhere && nsid < 0)
		nsid = NSID_UNASSIGNED;
	out->master.nsid = out->lower.nsid = out->peer.nsid = -1;
	if (nl_u32(tb[IFLA_MASTER], &master) && master)
		out->master = open_end(master, -1);
	if (kind && kind->no_link) {
		const struct net_detail *link = net_link_detail(out, "link");

		index = link ? (uint32_t)link->num : 0;
		linked = index != 0;
	}
	if (kind && kind->paired && (linked || elsewhere))
		out->peer = open_end(index, nsid);
	else if (elsewhere || (linked && index))
		out->lower = open_end(index, nsid);
}

static void parse_addresses(nl_attrs tb[IFLA_MAX + 1], struct net_link *out)
{
	nl_mac(tb[IFLA_ADDRESS], &out->mac);
	nl_mac(tb[IFLA_PERM_ADDRESS], &out->permanent);
	/* Of a tunnel it is an IP address, shown among the details. */
	if (out->hw != ARPHRD_ETHER && out->hw != ARPHRD_LOOPBACK && out->hw != ARPHRD_INFINIBAND &&
	    out->hw != ARPHRD_IEEE80211)
		out->mac.len = 0;
}

static void parse_numbers(nl_attrs tb[IFLA_MAX + 1], struct net_link *out)
{
	uint8_t oper = NET_OPER_UNKNOWN, carrier = 0;

	nl_u32(tb[IFLA_MTU], &out->mtu);
	nl_u32(tb[IFLA_TXQLEN], &out->txqlen);
	nl_u32(tb[IFLA_GROUP], &out->group);
	nl_u32(tb[IFLA_PROMISCUITY], &out->promiscuity);
	nl_u32(tb[IFLA_CARRIER_CHANGES], &out->carrier_changes);
	nl_u8(tb[IFLA_OPERSTATE], &oper);
	out->oper = oper < NET_OPERS ? (enum net_oper)oper : NET_OPER_UNKNOWN;
	out->carrier_known = nl_u8(tb[IFLA_CARRIER], &carrier);
	out->carrier = carrier;
}

int link_parse(const struct nlmsghdr *nlh, struct arena *arena, struct net_link *out)
{
	const struct ifinfomsg *msg = nl_extra(nlh, sizeof(*msg));
	nl_attrs tb[IFLA_MAX + 1];

	if (nlh->nlmsg_type != RTM_NEWLINK)
		return -ENOENT;
	if (!msg || msg->ifi_index <= 0)
		return -EPROTO;
	nl_attrs_get(nlh, sizeof(*msg), tb, IFLA_MAX + 1);
	*out = (struct net_link){ .index = (uint32_t)msg->ifi_index,
				  .hw = msg->ifi_type,
				  .flags = msg->ifi_flags };
	out->name = nl_text(tb[IFLA_IFNAME], arena);
	if (!out->name)
		out->name = "";
	out->alias = nl_text(tb[IFLA_IFALIAS], arena);
	out->qdisc = nl_text(tb[IFLA_QDISC], arena);
	out->bus = nl_text(tb[IFLA_PARENT_DEV_BUS_NAME], arena);
	out->device = nl_text(tb[IFLA_PARENT_DEV_NAME], arena);
	parse_numbers(tb, out);
	parse_addresses(tb, out);
	parse_altnames(tb[IFLA_PROP_LIST], arena, out);
	parse_stats(tb[IFLA_STATS64], out);
	parse_kind(tb[IFLA_LINKINFO], arena, out);
	parse_xdp(tb[IFLA_XDP], out);
	parse_conf(tb[IFLA_AF_SPEC], out);
	parse_port_state(out);
	parse_ends(tb, out);
	return 0;
}

int vlans_parse(const struct nlmsghdr *nlh, struct vec *vlans, uint32_t *out_index)
{
	const struct ifinfomsg *msg = nl_extra(nlh, sizeof(*msg));
	nl_attrs tb[IFLA_MAX + 1];
	const struct nlattr *a;
	struct net_vlan *range = NULL;
	struct nl_walk w;

	if (nlh->nlmsg_type != RTM_NEWLINK || !msg || msg->ifi_index <= 0)
		return -EPROTO;
	*out_index = (uint32_t)msg->ifi_index;
	nl_attrs_get(nlh, sizeof(*msg), tb, IFLA_MAX + 1);
	w = nl_walk_nested(tb[IFLA_AF_SPEC]);
	while (nl_next(&w, &a)) {
		struct bridge_vlan_info info;

		if (mnl_attr_get_type(a) != IFLA_BRIDGE_VLAN_INFO ||
		    mnl_attr_get_payload_len(a) != sizeof(info))
			continue;
		memcpy(&info, mnl_attr_get_payload(a), sizeof(info));
		if (range && (info.flags & BRIDGE_VLAN_INFO_RANGE_END)) {
			range->last = info.vid;
			range = NULL;
			continue;
		}
		range = vec_add(vlans);
		*range = (struct net_vlan){ info.vid, info.vid, info.flags & BRIDGE_VLAN_INFO_PVID,
					    info.flags & BRIDGE_VLAN_INFO_UNTAGGED };
		if (!(info.flags & BRIDGE_VLAN_INFO_RANGE_BEGIN))
			range = NULL;
	}
	return 0;
}
