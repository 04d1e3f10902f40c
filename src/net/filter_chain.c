/* SPDX-License-Identifier: MIT */
/* Tables and chains of nftables into values. Hook numbers mean something per family only. */
#include <errno.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "filter.h"
#include "uapi.h"

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

/* 6.16 and 6.17 have no attribute of its own for the beginning of a name: it ends without a NUL. */
static bool is_prefix(const struct nlattr *a, const char *name)
{
	return mnl_attr_get_type(a) == UAPI_NFTA_DEVICE_PREFIX ||
	       strlen(name) == mnl_attr_get_payload_len(a);
}

static void add_device(const struct nlattr *a, struct arena *arena, struct vec *names,
		       struct vec *prefixes, struct buffer *words)
{
	const char *name = nl_text(a, arena);
	bool prefix = name && is_prefix(a, name);

	if (!name)
		return;
	*(const char **)vec_add(prefix ? prefixes : names) = name;
	buffer_printf(words, "%s%s%s", words->len ? "," : "", name, prefix ? "*" : "");
}

static const char *const *keep_names(struct vec *names, struct arena *arena)
{
	if (!names->n)
		return NULL;
	vec_add(names); /* ends it */
	return vec_keep(names, arena);
}

/* A list of them, beside which one alone may stand for itself again. */
static void parse_devices(const struct nlattr *one, const struct nlattr *list, struct arena *arena,
			  struct net_filter_chain *out)
{
	struct nl_walk w = nl_walk_nested(list);
	autovec names = VEC(const char *), prefixes = VEC(const char *);
	autobuffer words = BUFFER_INIT;
	const struct nlattr *a;

	while (list && nl_next(&w, &a))
		add_device(a, arena, &names, &prefixes, &words);
	if (one && !list)
		add_device(one, arena, &names, &prefixes, &words);
	out->device = words.len ? arena_copy(arena, words.data, words.len) : NULL;
	out->devices = keep_names(&names, arena);
	out->prefixes = keep_names(&prefixes, arena);
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
	parse_devices(tb[NFTA_HOOK_DEV], tb[NFTA_HOOK_DEVS], arena, out);
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
