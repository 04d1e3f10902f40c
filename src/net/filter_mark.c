/* SPDX-License-Identifier: MIT */
/* Expressions of nftables that mask a field, and the one that sets the mark of a packet. */
#include <arpa/inet.h>
#include <string.h>

#include <linux/netfilter/nf_tables.h>

#include "filter_build.h"

/* What is put into the mark is known, as far as it hangs on the mark itself at most. */
static bool mark_from(const struct reg *r, struct net_filter_rule *rule)
{
	uint32_t mask;

	memcpy(&mask, r->mask, sizeof(mask));
	if (r->constant && r->value_len == sizeof(rule->mark)) {
		memcpy(&rule->mark, r->value, sizeof(rule->mark));
		rule->mark_mask = UINT32_MAX;
	} else if (r->marks || r->field == NET_FIELD_MARK) {
		memcpy(&rule->mark, r->value, sizeof(rule->mark));
		rule->mark = ntohl(rule->mark);
		rule->mark_mask = ~ntohl(mask);
	} else {
		return false;
	}
	return true;
}

/* "meta mark set 1", "meta mark set meta mark and 0xffff xor 0x10000" */
bool set_mark(struct build *b, attrs tb)
{
	const struct reg *r = reg_at(b, tb[NFTA_META_SREG]);
	uint32_t key = UINT32_MAX;

	nl_be32(tb[NFTA_META_KEY], &key);
	b->rule->reads = key != NFT_META_MARK;
	if (!r || key != NFT_META_MARK || b->rule->sets_mark || !mark_from(r, b->rule))
		return false;
	b->rule->sets_mark = true;
	build_word(b, "meta mark set");
	if (b->rule->mark_mask != UINT32_MAX)
		buffer_printf(&b->text, " meta mark and 0x%x xor", ~b->rule->mark_mask);
	buffer_printf(&b->text, " 0x%x", b->rule->mark);
	return true;
}

/* (a field & mask) ^ xor; with the latter it is no field any more, at most a mark to be. */
static bool mask_field(struct reg *to, const struct reg *from, const uint8_t mask[16],
		       const uint8_t xor [16])
{
	static const uint8_t none[16];

	*to = *from;
	for (size_t i = 0; i < sizeof(to->mask); i++)
		to->mask[i] &= mask[i];
	if (memcmp(xor, none, sizeof(none)) == 0)
		return true;
	memcpy(to->value, xor, sizeof(to->value));
	to->marks = to->field == NET_FIELD_MARK;
	to->field = FIELD_NONE;
	return to->marks;
}

bool run_bitwise(struct build *b, attrs tb)
{
	const struct reg *from = reg_at(b, tb[NFTA_BITWISE_SREG]);
	struct reg *to = reg_at(b, tb[NFTA_BITWISE_DREG]);
	const struct nlattr *mask, *xor;
	size_t mask_len = 0, xor_len = 0;
	uint32_t op = NFT_BITWISE_BOOL;
	uint8_t bytes[16], flips[16];

	nl_be32(tb[NFTA_BITWISE_OP], &op);
	mask = data_value(tb[NFTA_BITWISE_MASK], &mask_len);
	xor = data_value(tb[NFTA_BITWISE_XOR], &xor_len);
	if (!from || !to || op != NFT_BITWISE_BOOL || !mask || !xor || from->field == FIELD_NONE) {
		reg_load(b, tb[NFTA_BITWISE_DREG], FIELD_NONE, 0);
		return false;
	}
	copy_value(bytes, mnl_attr_get_payload(mask), mask_len, from);
	copy_value(flips, mnl_attr_get_payload(xor), xor_len, from);
	return mask_field(to, from, bytes, flips);
}
