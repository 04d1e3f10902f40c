/* SPDX-License-Identifier: MIT */
/*
 * Targets of xtables that translate, refuse or mark, from their structures. What the kernel may
 * choose by itself (several addresses, random ports) is told as a range, or makes the rule unsound.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/xt_mark.h>

#include "filter_xt.h"

static void nat_address(struct build *b, const void *first, const void *last, size_t len)
{
	struct net_filter_rule *rule = b->rule;
	char text[NET_IP_TEXT];

	rule->nat_first = (struct net_ip){ .family = len == 4 ? AF_INET : AF_INET6 };
	rule->nat_last = rule->nat_first;
	memcpy(rule->nat_first.bytes, first, len);
	memcpy(rule->nat_last.bytes, last, len);
	rule->has_nat_ip = true;
	buffer_printf(&b->text, " to %s", net_ip_text(&rule->nat_first, text));
	if (!net_ip_equal(&rule->nat_first, &rule->nat_last))
		buffer_printf(&b->text, "-%s", net_ip_text(&rule->nat_last, text));
}

static void nat_port(struct build *b, uint16_t first, uint16_t last)
{
	b->rule->nat_ports = (struct net_range){ ntohs(first), ntohs(last) };
	b->rule->has_nat_ports = true;
	buffer_printf(&b->text, " port %u", ntohs(first));
	if (first != last)
		buffer_printf(&b->text, "-%u", ntohs(last));
}

static bool nat(struct build *b, enum net_verdict verdict, unsigned flags)
{
	b->rule->verdict = verdict;
	b->rule->names_packet = true;
	build_word(b, net_verdict_names[verdict]);
	return !(flags & (NF_NAT_RANGE_PROTO_OFFSET | NF_NAT_RANGE_NETMAP));
}

static bool nat_range2(struct build *b, enum net_verdict verdict, const void *info)
{
	struct nf_nat_range2 range;
	bool known;

	memcpy(&range, info, sizeof(range));
	known = nat(b, verdict, range.flags);
	if (range.flags & NF_NAT_RANGE_MAP_IPS)
		nat_address(b, &range.min_addr, &range.max_addr, b->family == AF_INET6 ? 16 : 4);
	if (range.flags & NF_NAT_RANGE_PROTO_SPECIFIED)
		nat_port(b, range.min_proto.all, range.max_proto.all);
	return known && b->family;
}

static bool nat_range1(struct build *b, enum net_verdict verdict, const void *info)
{
	struct nf_nat_range2 range = { 0 };

	memcpy(&range, info, sizeof(struct nf_nat_range));
	return nat_range2(b, verdict, &range);
}

static bool nat_compat(struct build *b, enum net_verdict verdict, const void *info)
{
	struct nf_nat_ipv4_multi_range_compat multi;
	bool known;

	memcpy(&multi, info, sizeof(multi));
	known = nat(b, verdict, multi.range[0].flags);
	if (multi.range[0].flags & NF_NAT_RANGE_MAP_IPS)
		nat_address(b, &multi.range[0].min_ip, &multi.range[0].max_ip, 4);
	if (multi.range[0].flags & NF_NAT_RANGE_PROTO_SPECIFIED)
		nat_port(b, multi.range[0].min.all, multi.range[0].max.all);
	return known && multi.rangesize == 1;
}

static bool xt_dnat2(struct build *b, const void *info)
{
	return nat_range2(b, NET_VERDICT_DNAT, info);
}

static bool xt_dnat1(struct build *b, const void *info)
{
	return nat_range1(b, NET_VERDICT_DNAT, info);
}

static bool xt_dnat0(struct build *b, const void *info)
{
	return nat_compat(b, NET_VERDICT_DNAT, info);
}

static bool xt_snat1(struct build *b, const void *info)
{
	return nat_range1(b, NET_VERDICT_SNAT, info);
}

static bool xt_snat0(struct build *b, const void *info)
{
	return nat_compat(b, NET_VERDICT_SNAT, info);
}

static bool xt_masquerade(struct build *b, const void *info)
{
	return nat_compat(b, NET_VERDICT_MASQUERADE, info);
}

static bool xt_redirect(struct build *b, const void *info)
{
	return nat_compat(b, NET_VERDICT_REDIRECT, info);
}

static bool xt_reject(struct build *b, const void *info)
{
	(void)info;
	b->rule->verdict = NET_VERDICT_REJECT;
	build_word(b, "reject");
	return true;
}

/* IPv6 has the newer structure under the same revision. */
static bool xt_masquerade6(struct build *b, const void *info)
{
	return nat_range1(b, NET_VERDICT_MASQUERADE, info);
}

static bool xt_redirect6(struct build *b, const void *info)
{
	return nat_range1(b, NET_VERDICT_REDIRECT, info);
}

static bool xt_set_mark(struct build *b, const void *info)
{
	struct xt_mark_tginfo2 mark;

	memcpy(&mark, info, sizeof(mark));
	b->rule->sets_mark = true;
	b->rule->mark = mark.mark;
	b->rule->mark_mask = mark.mask;
	build_word(b, "meta mark set ");
	buffer_printf(&b->text, "0x%x", mark.mark);
	if (mark.mask != UINT32_MAX)
		buffer_printf(&b->text, "/0x%x", mark.mask);
	return true;
}

static bool xt_log(struct build *b, const void *info)
{
	(void)info;
	build_word(b, "log");
	return true;
}

const struct xt_extension xt_targets[] = {
	{ "LOG", 0, 0, xt_log },
	{ "DNAT", 2, sizeof(struct nf_nat_range2), xt_dnat2 },
	{ "DNAT", 1, sizeof(struct nf_nat_range), xt_dnat1 },
	{ "DNAT", 0, sizeof(struct nf_nat_ipv4_multi_range_compat), xt_dnat0 },
	{ "SNAT", 1, sizeof(struct nf_nat_range), xt_snat1 },
	{ "SNAT", 0, sizeof(struct nf_nat_ipv4_multi_range_compat), xt_snat0 },
	{ "MASQUERADE", 0, sizeof(struct nf_nat_ipv4_multi_range_compat), xt_masquerade },
	{ "MASQUERADE", 0, sizeof(struct nf_nat_range), xt_masquerade6 },
	{ "REDIRECT", 0, sizeof(struct nf_nat_ipv4_multi_range_compat), xt_redirect },
	{ "REDIRECT", 0, sizeof(struct nf_nat_range), xt_redirect6 },
	{ "REJECT", 0, sizeof(uint32_t), xt_reject },
	{ "MARK", 2, sizeof(struct xt_mark_tginfo2), xt_set_mark },
	{ NULL, 0, 0, NULL },
};
