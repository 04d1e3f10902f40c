/* SPDX-License-Identifier: MIT */
/*
 * Expressions of nftables that load a field or compare one: together they become conditions. What
 * a register holds is followed only as far as it is surely that field.
 */
#include <arpa/inet.h>
#include <string.h>

#include <linux/if_ether.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include "filter_build.h"

enum { TCP_FLAGS_AT = 13, ADDRESSES_AT = 8, PORTS_END = 4, ETHERTYPE_AT = 12, NEITHER = 0xff };

/* NFT_REG_1 to 4 are of sixteen bytes, NFT_REG32_00 and up of four. */
struct reg *reg_at(struct build *b, const struct nlattr *a)
{
	uint32_t n;

	if (!nl_be32(a, &n))
		return NULL;
	if (n >= NFT_REG_1 && n <= NFT_REG_4)
		return &b->regs[(n - NFT_REG_1) * 4];
	return n >= NFT_REG32_00 && n < NFT_REG32_00 + 16 ? &b->regs[n - NFT_REG32_00] : NULL;
}

bool reg_load(struct build *b, const struct nlattr *dreg, int field, uint8_t len)
{
	struct reg *r = reg_at(b, dreg);

	if (!r)
		return false;
	*r = (struct reg){ .field = field, .len = len, .family = b->family };
	memset(r->mask, 0xff, len);
	/* What was in those that it takes beside the first is gone. */
	for (int i = 1; i * 4 < len && r + i < b->regs + REGS; i++)
		r[i] = (struct reg){ .field = FIELD_NONE };
	return field != FIELD_NONE;
}

const struct nlattr *data_value(const struct nlattr *data, size_t *out_len)
{
	nl_attrs tb[NFTA_DATA_MAX + 1];

	nl_attrs_nested(data, tb, NFTA_DATA_MAX + 1);
	if (!tb[NFTA_DATA_VALUE])
		return NULL;
	*out_len = mnl_attr_get_payload_len(tb[NFTA_DATA_VALUE]);
	return *out_len && *out_len <= 16 ? tb[NFTA_DATA_VALUE] : NULL;
}

/* Numbers of the host's byte order, which stand in ours the other way round. */
bool is_host_order(const struct reg *r)
{
	static const int fields[] = { NET_FIELD_IIF,	  NET_FIELD_OIF,	  NET_FIELD_MARK,
				      NET_FIELD_CT_STATE, NET_FIELD_FIB_TYPE_DST, NET_FIELD_NUMGEN,
				      NET_FIELD_HASH };

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (fields[i] == r->field)
			return htonl(1) != 1 && !r->turned;
	return false;
}

void copy_value(uint8_t out[16], const void *data, size_t len, const struct reg *r)
{
	const uint8_t *from = data;

	memset(out, 0, 16);
	for (size_t i = 0; i < len && r->shift + i < 16; i++)
		out[r->shift + i] = is_host_order(r) ? from[len - 1 - i] : from[i];
}

struct net_match match_of(const struct reg *r, bool invert)
{
	struct net_match m = { .field = (enum net_field)r->field,
			       .family = r->family,
			       .len = r->len,
			       .invert = invert };

	memcpy(m.mask, r->mask, sizeof(m.mask));
	return m;
}

struct net_match *match_begin(struct build *b, const struct reg *r, bool invert)
{
	struct net_match *m;

	/* One behind what sets the mark does not keep it from doing so. */
	if (b->matches.n >= MATCHES_MAX || b->rule->sets_mark)
		return NULL;
	m = vec_add(&b->matches);
	*m = match_of(r, invert);
	return m;
}

bool names_packet(int field)
{
	return field == NET_FIELD_SADDR || field == NET_FIELD_DADDR || field == NET_FIELD_SPORT ||
	       field == NET_FIELD_DPORT || (field >= NET_FIELD_IIFNAME && field <= NET_FIELD_OIF);
}

void match_end(struct build *b, struct net_match *m)
{
	b->rule->names_packet = b->rule->names_packet || names_packet(m->field);
	for (uint32_t i = 0; i < m->nparts; i++)
		b->rule->names_packet = b->rule->names_packet || names_packet(m->parts[i].field);
	if (b->text.len)
		buffer_char(&b->text, ' ');
	filter_match_text(&b->text, m);
	/* What follows in the rule is of that family. */
	if (m->field == NET_FIELD_NFPROTO && m->nin == 1 && !m->invert)
		b->family = m->in[0].first[0];
}

static struct net_interval *one_interval(struct build *b, struct net_match *m)
{
	struct net_interval *in = arena_alloc(b->arena, sizeof(*in));

	m->in = in;
	m->nin = 1;
	return in;
}

/* What follows is of IPv4, of IPv6, of ARP (0), or of none of these. */
static bool cmp_ethertype(struct build *b, const struct reg *r, uint32_t op, const uint8_t *value)
{
	struct reg family = { .field = NET_FIELD_NFPROTO, .len = 1, .mask = { 0xff } };
	unsigned type = (unsigned)value[0] << 8 | value[1];
	struct net_match *m;

	if (r->len != 2 || op > NFT_CMP_NEQ)
		return false;
	m = match_begin(b, &family, op == NFT_CMP_NEQ);
	if (!m)
		return false;
	one_interval(b, m)->first[0] = type == ETH_P_IP	    ? AF_INET
				       : type == ETH_P_IPV6 ? AF_INET6
				       : type == ETH_P_ARP  ? 0
							    : NEITHER;
	memcpy((void *)m->in[0].last, m->in[0].first, sizeof(m->in[0].last));
	match_end(b, m);
	return true;
}

bool run_cmp(struct build *b, attrs tb)
{
	const struct reg *r = reg_at(b, tb[NFTA_CMP_SREG]);
	struct net_interval *in;
	const struct nlattr *value;
	struct net_match *m;
	uint32_t op;
	size_t len;

	value = data_value(tb[NFTA_CMP_DATA], &len);
	if (!r || r->field == FIELD_NONE || !value || !nl_be32(tb[NFTA_CMP_OP], &op))
		return false;
	if (r->field == FIELD_ETHERTYPE)
		return len == 2 && cmp_ethertype(b, r, op, mnl_attr_get_payload(value));
	/* Less and more are compared as bytes, which says nothing of such numbers. */
	if (op > NFT_CMP_NEQ && is_host_order(r))
		return false;
	if (op > NFT_CMP_GTE || (op > NFT_CMP_NEQ && len != r->len))
		return false;
	m = match_begin(b, r, op == NFT_CMP_NEQ || op == NFT_CMP_LT || op == NFT_CMP_GT);
	if (!m)
		return false;
	in = one_interval(b, m);
	copy_value(in->first, mnl_attr_get_payload(value), len, r);
	memcpy(in->last, in->first, sizeof(in->last));
	/* Shorter than what was loaded: the beginning is compared. */
	for (size_t i = r->shift + len; i < sizeof(m->mask); i++)
		m->mask[i] = 0;
	/* Less is: not from there on; more is: not up to there. */
	if (op == NFT_CMP_LT || op == NFT_CMP_GTE)
		memset(in->last, 0xff, r->len);
	else if (op == NFT_CMP_GT || op == NFT_CMP_LTE)
		memset(in->first, 0, sizeof(in->first));
	match_end(b, m);
	return true;
}

bool run_range(struct build *b, attrs tb)
{
	const struct reg *r = reg_at(b, tb[NFTA_RANGE_SREG]);
	const struct nlattr *from, *to;
	struct net_interval *in;
	struct net_match *m;
	size_t from_len = 0, to_len = 0;
	uint32_t op;

	from = data_value(tb[NFTA_RANGE_FROM_DATA], &from_len);
	to = data_value(tb[NFTA_RANGE_TO_DATA], &to_len);
	if (!r || r->field == FIELD_NONE || !from || !to || !nl_be32(tb[NFTA_RANGE_OP], &op))
		return false;
	if (from_len != r->len || to_len != r->len || is_host_order(r) ||
	    r->field == FIELD_ETHERTYPE)
		return false;
	m = match_begin(b, r, op == NFT_RANGE_NEQ);
	if (!m)
		return false;
	in = one_interval(b, m);
	copy_value(in->first, mnl_attr_get_payload(from), from_len, r);
	copy_value(in->last, mnl_attr_get_payload(to), to_len, r);
	match_end(b, m);
	return true;
}

/* A mark that was set before is another one; only where IP is filtered is it of such a protocol. */
static bool has_key(const struct build *b, uint32_t key)
{
	if (key == NFT_META_MARK)
		return !b->rule->sets_mark;
	return key != NFT_META_NFPROTO || b->place.family == NFPROTO_INET ||
	       b->place.family == NFPROTO_IPV4 || b->place.family == NFPROTO_IPV6;
}

bool run_meta(struct build *b, attrs tb)
{
	static const struct {
		uint32_t key;
		int field;
		uint8_t len;
	} keys[] = {
		{ NFT_META_PROTOCOL, FIELD_ETHERTYPE, 2 },
		{ NFT_META_L4PROTO, NET_FIELD_L4PROTO, 1 },
		{ NFT_META_NFPROTO, NET_FIELD_NFPROTO, 1 },
		{ NFT_META_IIFNAME, NET_FIELD_IIFNAME, 16 },
		{ NFT_META_OIFNAME, NET_FIELD_OIFNAME, 16 },
		{ NFT_META_IIF, NET_FIELD_IIF, 4 },
		{ NFT_META_OIF, NET_FIELD_OIF, 4 },
		{ NFT_META_MARK, NET_FIELD_MARK, 4 },
	};
	uint32_t key;

	/* Setting something changes no verdict of this rule, but maybe of a later one. */
	if (tb[NFTA_META_SREG] || !nl_be32(tb[NFTA_META_KEY], &key))
		return set_mark(b, tb);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i].key == key && has_key(b, key))
			return reg_load(b, tb[NFTA_META_DREG], keys[i].field, keys[i].len);
	reg_load(b, tb[NFTA_META_DREG], FIELD_NONE, 0);
	return false;
}

/* Of what is set there, only the zone changes what is known of a connection. */
static bool set_ct(struct build *b, uint32_t key)
{
	if (key != NFT_CT_MARK && key != NFT_CT_LABELS && key != NFT_CT_EVENTMASK) {
		b->rule->reads = false;
		return false;
	}
	build_word(b, "ct set");
	return true;
}

bool run_ct(struct build *b, attrs tb)
{
	uint32_t key = 0;

	if (tb[NFTA_CT_SREG] && nl_be32(tb[NFTA_CT_KEY], &key))
		return set_ct(b, key);
	if (tb[NFTA_CT_SREG] || !nl_be32(tb[NFTA_CT_KEY], &key) || key != NFT_CT_STATE) {
		reg_load(b, tb[NFTA_CT_DREG], FIELD_NONE, 0);
		return false;
	}
	return reg_load(b, tb[NFTA_CT_DREG], NET_FIELD_CT_STATE, 4);
}

/* Where fields stand behind the network header, by family; see run_payload. */
static const struct {
	uint8_t family;
	uint32_t offset;
	uint8_t size;
	enum net_field field;
} header_fields[] = {
	{ AF_INET, 9, 1, NET_FIELD_L4PROTO }, { AF_INET, 12, 4, NET_FIELD_SADDR },
	{ AF_INET, 16, 4, NET_FIELD_DADDR },  { AF_INET6, 6, 1, NET_FIELD_L4PROTO },
	{ AF_INET6, 8, 16, NET_FIELD_SADDR }, { AF_INET6, 24, 16, NET_FIELD_DADDR },
};

static bool load_network(struct build *b, const struct nlattr *dreg, uint32_t offset, uint32_t len)
{
	for (size_t i = 0; i < sizeof(header_fields) / sizeof(header_fields[0]); i++) {
		/* A beginning of it is a prefix. */
		if (header_fields[i].family != b->family || header_fields[i].offset != offset ||
		    len == 0 || len > header_fields[i].size)
			continue;
		if (!reg_load(b, dreg, (int)header_fields[i].field, (uint8_t)len))
			return false;
		reg_at(b, dreg)->len = header_fields[i].size;
		return true;
	}
	return false;
}

/* One that writes addresses or ports sends the packet elsewhere; other fields do not matter. */
static bool write_payload(struct build *b, uint32_t base, uint32_t offset)
{
	bool matters =
		base == NFT_PAYLOAD_NETWORK_HEADER ? offset >= ADDRESSES_AT : offset < PORTS_END;

	if (matters) {
		b->rule->reads = false;
		b->rule->verdict = NET_VERDICT_OTHER;
	}
	return false;
}

bool run_payload(struct build *b, attrs tb)
{
	uint32_t base = 0, offset = 0, len = 0;

	if (!nl_be32(tb[NFTA_PAYLOAD_BASE], &base) || !nl_be32(tb[NFTA_PAYLOAD_OFFSET], &offset) ||
	    !nl_be32(tb[NFTA_PAYLOAD_LEN], &len))
		return false;
	if (tb[NFTA_PAYLOAD_SREG])
		return write_payload(b, base, offset);
	if (base == NFT_PAYLOAD_NETWORK_HEADER &&
	    load_network(b, tb[NFTA_PAYLOAD_DREG], offset, len))
		return true;
	if (base == NFT_PAYLOAD_TRANSPORT_HEADER && len == 2 && (offset == 0 || offset == 2))
		return reg_load(b, tb[NFTA_PAYLOAD_DREG],
				offset ? NET_FIELD_DPORT : NET_FIELD_SPORT, 2);
	if (base == NFT_PAYLOAD_TRANSPORT_HEADER && len == 1 && offset == 0)
		return reg_load(b, tb[NFTA_PAYLOAD_DREG], NET_FIELD_ICMP_TYPE, 1);
	if (base == NFT_PAYLOAD_TRANSPORT_HEADER && len == 1 && offset == TCP_FLAGS_AT)
		return reg_load(b, tb[NFTA_PAYLOAD_DREG], NET_FIELD_TCP_FLAGS, 1);
	if (base == NFT_PAYLOAD_LL_HEADER && len == 2 && offset == ETHERTYPE_AT &&
	    b->place.family == NFPROTO_BRIDGE)
		return reg_load(b, tb[NFTA_PAYLOAD_DREG], FIELD_ETHERTYPE, 2);
	reg_load(b, tb[NFTA_PAYLOAD_DREG], FIELD_NONE, 0);
	return false;
}

bool run_fib(struct build *b, attrs tb)
{
	uint32_t flags = 0, result = 0;

	nl_be32(tb[NFTA_FIB_FLAGS], &flags);
	nl_be32(tb[NFTA_FIB_RESULT], &result);
	if (flags == NFTA_FIB_F_DADDR && result == NFT_FIB_RESULT_ADDRTYPE)
		return reg_load(b, tb[NFTA_FIB_DREG], NET_FIELD_FIB_TYPE_DST, 4);
	reg_load(b, tb[NFTA_FIB_DREG], FIELD_NONE, 0);
	return false;
}
