/* SPDX-License-Identifier: MIT */
/*
 * Extensions of xtables inside nftables, as iptables-nft(8) makes them: those that container
 * engines use are decoded by their structures, in a table; the others are named and left
 * undecided. Structures are believed only with the size that they have.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/xt_addrtype.h>
#include <linux/netfilter/xt_conntrack.h>
#include <linux/netfilter/xt_multiport.h>
#include <linux/netfilter/xt_tcpudp.h>

#include <nsview/escape.h>

#include "filter_build.h"

enum { RANGE_MAX_PORTS = 15 };

struct extension {
	const char *name;
	uint32_t revision;
	bool target;
	size_t size; /* of its structure, 0: it decides nothing */
	bool (*run)(struct build *b, const void *info);
};

static struct reg field_reg(const struct build *b, enum net_field field, uint8_t len)
{
	struct reg r = { .field = field, .len = len, .family = b->family };

	memset(r.mask, 0xff, len);
	return r;
}

static void put_port(uint8_t *bytes, uint16_t port)
{
	bytes[0] = (uint8_t)(port >> 8);
	bytes[1] = (uint8_t)port;
}

/* One range; all of them is no condition. */
static bool port_range(struct build *b, enum net_field field, const uint16_t ports[2], bool invert)
{
	struct reg r = field_reg(b, field, 2);
	struct net_interval *in;
	struct net_match *m;

	if (ports[0] == 0 && ports[1] == UINT16_MAX && !invert)
		return true;
	m = match_begin(b, &r, invert);
	if (!m)
		return false;
	in = arena_alloc(b->arena, sizeof(*in));
	put_port(in->first, ports[0]);
	put_port(in->last, ports[1]);
	m->in = in;
	m->nin = 1;
	match_end(b, m);
	return true;
}

static bool xt_tcp(struct build *b, const void *info)
{
	struct xt_tcp tcp;

	memcpy(&tcp, info, sizeof(tcp));
	if (tcp.option || tcp.flg_mask || (tcp.invflags & (XT_TCP_INV_FLAGS | XT_TCP_INV_OPTION)))
		return false;
	return port_range(b, NET_FIELD_SPORT, tcp.spts, tcp.invflags & XT_TCP_INV_SRCPT) &&
	       port_range(b, NET_FIELD_DPORT, tcp.dpts, tcp.invflags & XT_TCP_INV_DSTPT);
}

static bool xt_udp(struct build *b, const void *info)
{
	struct xt_udp udp;

	memcpy(&udp, info, sizeof(udp));
	return port_range(b, NET_FIELD_SPORT, udp.spts, udp.invflags & XT_UDP_INV_SRCPT) &&
	       port_range(b, NET_FIELD_DPORT, udp.dpts, udp.invflags & XT_UDP_INV_DSTPT);
}

static bool xt_multiport(struct build *b, const void *info)
{
	struct xt_multiport_v1 multi;
	struct reg r;
	struct net_interval *in;
	struct net_match *m;

	memcpy(&multi, info, sizeof(multi));
	if (multi.flags > XT_MULTIPORT_DESTINATION || multi.count > RANGE_MAX_PORTS)
		return false;
	r = field_reg(b, multi.flags == XT_MULTIPORT_SOURCE ? NET_FIELD_SPORT : NET_FIELD_DPORT, 2);
	m = match_begin(b, &r, multi.invert);
	if (!m)
		return false;
	in = arena_alloc(b->arena, RANGE_MAX_PORTS * sizeof(*in));
	for (uint8_t i = 0; i < multi.count; i++) {
		bool range = multi.pflags[i] && i + 1 < multi.count;

		put_port(in[m->nin].first, multi.ports[i]);
		put_port(in[m->nin].last, multi.ports[i + range]);
		m->nin++;
		i = (uint8_t)(i + range);
	}
	m->in = in;
	match_end(b, m);
	return true;
}

/* The condition that (field & mask) has some bit: not none of them. */
static bool some_bit(struct build *b, enum net_field field, uint32_t mask, bool invert)
{
	struct reg r = field_reg(b, field, 4);
	uint32_t raw = htonl(mask);
	struct net_match *m;

	memcpy(r.mask, &raw, sizeof(raw));
	m = match_begin(b, &r, !invert);
	if (!m)
		return false;
	m->in = arena_alloc(b->arena, sizeof(struct net_interval));
	m->nin = 1;
	match_end(b, m);
	return true;
}

static bool xt_conntrack(struct build *b, const void *info)
{
	const uint32_t known = NET_CT_INVALID | NET_CT_ESTABLISHED | NET_CT_RELATED | NET_CT_NEW;
	struct xt_conntrack_mtinfo3 ct;
	uint16_t flags;

	memcpy(&ct, info, sizeof(ct));
	flags = (uint16_t)(ct.match_flags & ~XT_CONNTRACK_STATE_ALIAS);
	if (flags != XT_CONNTRACK_STATE || (ct.state_mask & ~known))
		return false;
	return some_bit(b, NET_FIELD_CT_STATE, ct.state_mask, ct.invert_flags & XT_CONNTRACK_STATE);
}

static bool xt_addrtype(struct build *b, const void *info)
{
	struct xt_addrtype_info_v1 type;
	struct reg r = field_reg(b, NET_FIELD_FIB_TYPE_DST, 4);
	struct net_interval *in;
	struct net_match *m;

	memcpy(&type, info, sizeof(type));
	if (type.source || (type.flags & ~(uint32_t)XT_ADDRTYPE_INVERT_DEST))
		return false;
	m = match_begin(b, &r, type.flags & XT_ADDRTYPE_INVERT_DEST);
	if (!m)
		return false;
	in = arena_alloc(b->arena, 16 * sizeof(*in));
	for (uint8_t i = 0; i < 16; i++)
		if (type.dest >> i & 1) {
			in[m->nin].first[3] = in[m->nin].last[3] = i;
			m->nin++;
		}
	m->in = in;
	match_end(b, m);
	return true;
}

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

static const struct extension extensions[] = {
	{ "comment", 0, false, 0, NULL },
	{ "tcp", 0, false, sizeof(struct xt_tcp), xt_tcp },
	{ "udp", 0, false, sizeof(struct xt_udp), xt_udp },
	{ "multiport", 1, false, sizeof(struct xt_multiport_v1), xt_multiport },
	{ "conntrack", 3, false, sizeof(struct xt_conntrack_mtinfo3), xt_conntrack },
	{ "addrtype", 1, false, sizeof(struct xt_addrtype_info_v1), xt_addrtype },
	{ "LOG", 0, true, 0, NULL },
	{ "DNAT", 2, true, sizeof(struct nf_nat_range2), xt_dnat2 },
	{ "DNAT", 1, true, sizeof(struct nf_nat_range), xt_dnat1 },
	{ "DNAT", 0, true, sizeof(struct nf_nat_ipv4_multi_range_compat), xt_dnat0 },
	{ "SNAT", 1, true, sizeof(struct nf_nat_range), xt_snat1 },
	{ "SNAT", 0, true, sizeof(struct nf_nat_ipv4_multi_range_compat), xt_snat0 },
	{ "MASQUERADE", 0, true, sizeof(struct nf_nat_ipv4_multi_range_compat), xt_masquerade },
	{ "REDIRECT", 0, true, sizeof(struct nf_nat_ipv4_multi_range_compat), xt_redirect },
	{ "REJECT", 0, true, sizeof(uint32_t), xt_reject },
};

static const struct extension *find_extension(const char *name, uint32_t revision, bool target)
{
	for (size_t i = 0; name && i < sizeof(extensions) / sizeof(extensions[0]); i++) {
		const struct extension *e = &extensions[i];

		if (e->target == target && e->revision == revision && strcmp(e->name, name) == 0)
			return e;
	}
	return NULL;
}

/* The kernel rounds structures up, to 8 bytes. */
static bool run_extension(struct build *b, const struct extension *e, const struct nlattr *info)
{
	if (!e->size)
		return true;
	if (!info || mnl_attr_get_payload_len(info) < e->size ||
	    mnl_attr_get_payload_len(info) >= e->size + 8)
		return false;
	return e->run(b, mnl_attr_get_payload(info));
}

static bool run_xt(struct build *b, attrs tb, bool target)
{
	const char *name = nl_text(tb[NFTA_MATCH_NAME], b->arena);
	const struct extension *e;
	uint32_t revision = 0;

	nl_be32(tb[NFTA_MATCH_REV], &revision);
	e = find_extension(name, revision, target);
	if (e && run_extension(b, e, tb[NFTA_MATCH_INFO]))
		return true;
	if (target && b->rule->verdict == NET_VERDICT_NONE) {
		b->rule->verdict = NET_VERDICT_OTHER;
		b->rule->target = name;
	}
	build_word(b, "[xt ");
	escape_text(&b->text, name ? name : "?", strlen(name ? name : "?"), ESCAPE_UTF8);
	buffer_char(&b->text, ']');
	b->rule->sound = false;
	return true;
}

bool run_xt_match(struct build *b, attrs tb)
{
	return run_xt(b, tb, false);
}

/* Its attributes have the same numbers. */
bool run_xt_target(struct build *b, attrs tb)
{
	return run_xt(b, tb, true);
}
