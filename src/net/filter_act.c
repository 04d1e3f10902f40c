/* SPDX-License-Identifier: MIT */
/* Expressions of nftables that decide, translate, or only count. */
#include <arpa/inet.h>
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

void build_verdict(struct build *b, enum net_verdict verdict, const char *target)
{
	build_word(b, verdict == NET_VERDICT_NONE ? "continue" : net_verdict_names[verdict]);
	if (!target)
		return;
	buffer_char(&b->text, ' ');
	buffer_text(&b->text, target);
}

static bool set_verdict(struct build *b, const struct nlattr *verdict)
{
	struct filter_verdict v;

	if (!filter_verdict_parse(verdict, b->arena, &v))
		return false;
	b->rule->verdict = v.verdict;
	b->rule->target = v.target;
	build_verdict(b, v.verdict, v.target);
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

static bool get_constant(struct build *b, const struct nlattr *reg, const struct reg **out)
{
	*out = reg ? reg_at(b, reg) : NULL;
	return *out && (*out)->constant;
}

static bool nat_ports(struct build *b, const struct nlattr *min, const struct nlattr *max)
{
	const struct reg *first, *last;
	uint16_t port;

	if (!min)
		return true;
	if (!get_constant(b, min, &first) || first->value_len < 2)
		return false;
	memcpy(&port, first->value, sizeof(port));
	b->rule->nat_ports = (struct net_range){ ntohs(port), ntohs(port) };
	b->rule->has_nat_ports = true;
	if (max && get_constant(b, max, &last) && last->value_len >= 2) {
		memcpy(&port, last->value, sizeof(port));
		b->rule->nat_ports.last = ntohs(port);
	}
	buffer_printf(&b->text, " port %u", b->rule->nat_ports.first);
	if (b->rule->nat_ports.last != b->rule->nat_ports.first)
		buffer_printf(&b->text, "-%u", b->rule->nat_ports.last);
	return true;
}

static bool nat_addresses(struct build *b, uint32_t family, const struct nlattr *min,
			  const struct nlattr *max)
{
	const struct reg *first, *last;
	size_t len = family == NFPROTO_IPV6 ? 16 : 4;
	char text[NET_IP_TEXT];

	if (!min)
		return true;
	if (!get_constant(b, min, &first) || first->value_len < len)
		return false;
	b->rule->nat_first.family = len == 16 ? AF_INET6 : AF_INET;
	memcpy(b->rule->nat_first.bytes, first->value, len);
	b->rule->nat_last = b->rule->nat_first;
	b->rule->has_nat_ip = true;
	if (max && get_constant(b, max, &last) && last->value_len >= len)
		memcpy(b->rule->nat_last.bytes, last->value, len);
	buffer_printf(&b->text, " to %s", net_ip_text(&b->rule->nat_first, text));
	if (!net_ip_equal(&b->rule->nat_first, &b->rule->nat_last))
		buffer_printf(&b->text, "-%s", net_ip_text(&b->rule->nat_last, text));
	return true;
}

bool run_nat(struct build *b, attrs tb)
{
	uint32_t type = 0, family = 0;

	if (!nl_be32(tb[NFTA_NAT_TYPE], &type) || !nl_be32(tb[NFTA_NAT_FAMILY], &family))
		return false;
	b->rule->verdict = type == NFT_NAT_SNAT ? NET_VERDICT_SNAT : NET_VERDICT_DNAT;
	b->rule->names_packet = true;
	build_word(b, net_verdict_names[b->rule->verdict]);
	return nat_addresses(b, family, tb[NFTA_NAT_REG_ADDR_MIN], tb[NFTA_NAT_REG_ADDR_MAX]) &&
	       nat_ports(b, tb[NFTA_NAT_REG_PROTO_MIN], tb[NFTA_NAT_REG_PROTO_MAX]);
}

bool run_masq(struct build *b, attrs tb)
{
	b->rule->verdict = NET_VERDICT_MASQUERADE;
	build_word(b, "masquerade");
	return nat_ports(b, tb[NFTA_MASQ_REG_PROTO_MIN], tb[NFTA_MASQ_REG_PROTO_MAX]);
}

bool run_redir(struct build *b, attrs tb)
{
	b->rule->verdict = NET_VERDICT_REDIRECT;
	b->rule->names_packet = true;
	build_word(b, "redirect to");
	return nat_ports(b, tb[NFTA_REDIR_REG_PROTO_MIN], tb[NFTA_REDIR_REG_PROTO_MAX]);
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
