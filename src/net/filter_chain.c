/* SPDX-License-Identifier: MIT */
/* Tables and chains of nftables into values. Hook numbers mean something per family only. */
#include <errno.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "filter.h"

enum { FAMILY_NETDEV = 5, FAMILY_BRIDGE = 7, FAMILY_ARP = 3, FAMILY_INET = 1 };

const char *filter_family_name(uint8_t family)
{
	static const struct {
		uint8_t family;
		const char *name;
	} names[] = {
		{ FAMILY_INET, "inet" },     { 2, "ip" },	    { 10, "ip6" },
		{ FAMILY_NETDEV, "netdev" }, { FAMILY_ARP, "arp" }, { FAMILY_BRIDGE, "bridge" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].family == family)
			return names[i].name;
	return NULL;
}

enum net_hook filter_hook(uint8_t family, uint32_t number)
{
	static const enum net_hook inet[] = { NET_HOOK_PREROUTING,  NET_HOOK_INPUT,
					      NET_HOOK_FORWARD,	    NET_HOOK_OUTPUT,
					      NET_HOOK_POSTROUTING, NET_HOOK_INGRESS };
	static const enum net_hook netdev[] = { NET_HOOK_INGRESS, NET_HOOK_EGRESS };
	static const enum net_hook arp[] = { NET_HOOK_INPUT, NET_HOOK_OUTPUT, NET_HOOK_FORWARD };

	if (family == FAMILY_NETDEV)
		return number < 2 ? netdev[number] : NET_HOOK_NONE;
	if (family == FAMILY_ARP)
		return number < 3 ? arp[number] : NET_HOOK_NONE;
	return number < 6 ? inet[number] : NET_HOOK_NONE;
}

static void parse_devices(const struct nlattr *list, struct arena *arena,
			  struct net_filter_chain *out)
{
	struct nl_walk w = nl_walk_nested(list);
	autovec names = VEC(const char *);
	const struct nlattr *a;

	while (nl_next(&w, &a)) {
		const char *name = nl_text(a, arena);

		if (name)
			*(const char **)vec_add(&names) = name;
	}
	if (names.n)
		out->device = *(const char **)names.at;
	if (names.n < 2)
		return;
	vec_add(&names); /* ends it */
	out->devices = vec_keep(&names, arena);
}

static void parse_hook(const struct nlattr *hook, uint8_t family, struct arena *arena,
		       struct net_filter_chain *out)
{
	nl_attrs tb[NFTA_HOOK_MAX + 1];
	uint32_t number = UINT32_MAX, priority = 0;

	nl_attrs_nested(hook, tb, NFTA_HOOK_MAX + 1);
	nl_be32(tb[NFTA_HOOK_HOOKNUM], &number);
	nl_be32(tb[NFTA_HOOK_PRIORITY], &priority);
	out->hook = filter_hook(family, number);
	out->priority = (int32_t)priority;
	out->device = nl_text(tb[NFTA_HOOK_DEV], arena);
	if (tb[NFTA_HOOK_DEVS])
		parse_devices(tb[NFTA_HOOK_DEVS], arena, out);
}

int filter_chain_parse(const struct nlmsghdr *nlh, struct arena *arena,
		       struct net_filter_chain *out)
{
	const struct nfgenmsg *msg = nl_extra(nlh, sizeof(*msg));
	nl_attrs tb[NFTA_CHAIN_MAX + 1];
	uint32_t policy = NF_ACCEPT;

	if (nlh->nlmsg_type != (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWCHAIN))
		return -ENOENT;
	if (!msg)
		return -EPROTO;
	nl_attrs_get(nlh, sizeof(*msg), tb, NFTA_CHAIN_MAX + 1);
	*out = (struct net_filter_chain){ .family = filter_family_name(msg->nfgen_family) };
	out->table = nl_text(tb[NFTA_CHAIN_TABLE], arena);
	out->name = nl_text(tb[NFTA_CHAIN_NAME], arena);
	if (!out->family || !out->table || !out->name)
		return -EPROTO;
	if (tb[NFTA_CHAIN_HOOK]) {
		parse_hook(tb[NFTA_CHAIN_HOOK], msg->nfgen_family, arena, out);
		out->type = nl_text(tb[NFTA_CHAIN_TYPE], arena);
		nl_be32(tb[NFTA_CHAIN_POLICY], &policy);
		out->policy = policy == NF_DROP ? NET_VERDICT_DROP : NET_VERDICT_ACCEPT;
	} else {
		out->policy = NET_VERDICT_RETURN;
	}
	return 0;
}

int filter_table_parse(const struct nlmsghdr *nlh, struct arena *arena, uint8_t *out_family,
		       const char **out_name, bool *out_dormant)
{
	const struct nfgenmsg *msg = nl_extra(nlh, sizeof(*msg));
	nl_attrs tb[NFTA_TABLE_MAX + 1];
	uint32_t flags = 0;

	if (nlh->nlmsg_type != (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWTABLE))
		return -ENOENT;
	if (!msg)
		return -EPROTO;
	nl_attrs_get(nlh, sizeof(*msg), tb, NFTA_TABLE_MAX + 1);
	nl_be32(tb[NFTA_TABLE_FLAGS], &flags);
	*out_family = msg->nfgen_family;
	*out_name = nl_text(tb[NFTA_TABLE_NAME], arena);
	*out_dormant = flags & NFT_TABLE_F_DORMANT;
	return *out_name ? 0 : -EPROTO;
}
