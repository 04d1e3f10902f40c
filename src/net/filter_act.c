/* SPDX-License-Identifier: MIT */
/* Expressions of nftables that decide, or only count. */
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include "filter_build.h"

void build_word(struct build *b, const char *text)
{
	if (b->text.len)
		buffer_char(&b->text, ' ');
	buffer_text(&b->text, text);
}

bool filter_verdict_parse(const struct nlattr *a, struct arena *arena, struct filter_verdict *out)
{
	static const struct {
		int code;
		enum net_verdict verdict;
	} codes[] = {
		{ NF_ACCEPT, NET_VERDICT_ACCEPT },  { NF_DROP, NET_VERDICT_DROP },
		{ NFT_RETURN, NET_VERDICT_RETURN }, { NFT_JUMP, NET_VERDICT_JUMP },
		{ NFT_GOTO, NET_VERDICT_GOTO },	    { NFT_CONTINUE, NET_VERDICT_NONE },
	};
	nl_attrs tb[NFTA_VERDICT_MAX + 1];
	uint32_t code;

	nl_attrs_nested(a, tb, NFTA_VERDICT_MAX + 1);
	if (!nl_be32(tb[NFTA_VERDICT_CODE], &code))
		return false;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].code == (int)code) {
			*out = (struct filter_verdict){ codes[i].verdict,
							nl_text(tb[NFTA_VERDICT_CHAIN], arena) };
			return true;
		}
	return false;
}

void put_verdict(struct buffer *out, enum net_verdict verdict, const char *target)
{
	buffer_text(out, verdict == NET_VERDICT_NONE ? "continue" : net_verdict_names[verdict]);
	if (!target)
		return;
	buffer_char(out, ' ');
	buffer_text(out, target);
}

static bool set_verdict(struct build *b, const struct nlattr *verdict)
{
	struct filter_verdict v;

	if (!filter_verdict_parse(verdict, b->arena, &v))
		return false;
	b->rule->verdict = v.verdict;
	b->rule->target = v.target;
	build_word(b, "");
	put_verdict(&b->text, v.verdict, v.target);
	return true;
}

bool run_immediate(struct build *b, attrs tb)
{
	nl_attrs data[NFTA_DATA_MAX + 1];
	struct reg *r = reg_at(b, tb[NFTA_IMMEDIATE_DREG]);
	const struct nlattr *value;
	size_t len = 0;

	nl_attrs_nested(tb[NFTA_IMMEDIATE_DATA], data, NFTA_DATA_MAX + 1);
	if (data[NFTA_DATA_VERDICT])
		return set_verdict(b, data[NFTA_DATA_VERDICT]);
	value = data_value(tb[NFTA_IMMEDIATE_DATA], &len);
	if (!r || !value)
		return false;
	*r = (struct reg){ .field = FIELD_NONE, .constant = true, .value_len = (uint8_t)len };
	memcpy(r->value, mnl_attr_get_payload(value), len);
	return true;
}

bool run_reject(struct build *b, attrs tb)
{
	(void)tb;
	b->rule->verdict = NET_VERDICT_REJECT;
	build_word(b, "reject");
	return true;
}

bool run_counter(struct build *b, attrs tb)
{
	b->rule->counted = nl_be64(tb[NFTA_COUNTER_PACKETS], &b->rule->packets) &&
			   nl_be64(tb[NFTA_COUNTER_BYTES], &b->rule->bytes);
	build_word(b, "counter");
	return true;
}

bool run_log(struct build *b, attrs tb)
{
	(void)tb;
	build_word(b, "log");
	return true;
}
