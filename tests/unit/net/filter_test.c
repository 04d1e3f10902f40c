/* SPDX-License-Identifier: MIT */
/* Rules of nftables from their expressions: what can be decided, and what says that it cannot. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <netinet/in.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "../../../src/net/filter.h"
#include "message.h"

static struct arena arena;
static struct message m;
static struct nlattr *list, *elem, *data;

static int release(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static void rule_begin(uint8_t family)
{
	struct nfgenmsg *msg =
		message_begin(&m, NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWRULE, sizeof(*msg));

	msg->nfgen_family = family;
	mnl_attr_put_strz(m.head, NFTA_RULE_TABLE, "t");
	mnl_attr_put_strz(m.head, NFTA_RULE_CHAIN, "c");
	list = mnl_attr_nest_start(m.head, NFTA_RULE_EXPRESSIONS);
}

static void expression(const char *name)
{
	elem = mnl_attr_nest_start(m.head, NFTA_LIST_ELEM);
	mnl_attr_put_strz(m.head, NFTA_EXPR_NAME, name);
	data = mnl_attr_nest_start(m.head, NFTA_EXPR_DATA);
}

static void expression_end(void)
{
	mnl_attr_nest_end(m.head, data);
	mnl_attr_nest_end(m.head, elem);
}

static void put_be32(uint16_t type, uint32_t value)
{
	mnl_attr_put_u32(m.head, type, htonl(value));
}

static void put_value(uint16_t type, const void *value, size_t len)
{
	struct nlattr *nest = mnl_attr_nest_start(m.head, type);

	mnl_attr_put(m.head, NFTA_DATA_VALUE, len, value);
	mnl_attr_nest_end(m.head, nest);
}

static void payload_to(uint32_t reg, uint32_t base, uint32_t offset, uint32_t len)
{
	expression("payload");
	put_be32(NFTA_PAYLOAD_DREG, reg);
	put_be32(NFTA_PAYLOAD_BASE, base);
	put_be32(NFTA_PAYLOAD_OFFSET, offset);
	put_be32(NFTA_PAYLOAD_LEN, len);
	expression_end();
}

static void payload(uint32_t base, uint32_t offset, uint32_t len)
{
	payload_to(NFT_REG_1, base, offset, len);
}

static void cmp(uint32_t op, const void *value, size_t len)
{
	expression("cmp");
	put_be32(NFTA_CMP_SREG, NFT_REG_1);
	put_be32(NFTA_CMP_OP, op);
	put_value(NFTA_CMP_DATA, value, len);
	expression_end();
}

static void verdict(int code)
{
	struct nlattr *value, *nest;

	expression("immediate");
	put_be32(NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
	value = mnl_attr_nest_start(m.head, NFTA_IMMEDIATE_DATA);
	nest = mnl_attr_nest_start(m.head, NFTA_DATA_VERDICT);
	put_be32(NFTA_VERDICT_CODE, (uint32_t)code);
	mnl_attr_nest_end(m.head, nest);
	mnl_attr_nest_end(m.head, value);
	expression_end();
}

static struct net_filter_rule rule_end(const struct filter_sets *sets)
{
	static const struct filter_sets none;
	struct filter_place place;
	struct net_filter_rule rule;

	mnl_attr_nest_end(m.head, list);
	assert_int_equal(filter_rule_parse(m.head, sets ? sets : &none, &arena, &place, &rule), 0);
	assert_string_equal(place.table, "t");
	assert_string_equal(place.chain, "c");
	return rule;
}

static void address_and_verdict_are_decided(void **state)
{
	struct net_filter_rule rule;

	(void)state;
	rule_begin(NFPROTO_IPV4);
	payload(NFT_PAYLOAD_NETWORK_HEADER, 16, 4);
	cmp(NFT_CMP_EQ, "\x0a\0\0\x05", 4);
	verdict(NF_DROP);
	rule = rule_end(NULL);
	assert_true(rule.sound);
	assert_true(rule.names_packet);
	assert_int_equal(rule.verdict, NET_VERDICT_DROP);
	assert_int_equal(rule.nmatches, 1);
	assert_int_equal(rule.matches[0].field, NET_FIELD_DADDR);
	assert_int_equal(rule.matches[0].family, AF_INET);
	assert_int_equal(rule.matches[0].len, 4);
	assert_string_equal(rule.text, "ip daddr 10.0.0.5 drop");
}

/* 10.1.0.0/16 comes as its first two bytes. */
static void beginning_of_an_address_is_a_prefix(void **state)
{
	struct net_filter_rule rule;

	(void)state;
	rule_begin(NFPROTO_IPV4);
	payload(NFT_PAYLOAD_NETWORK_HEADER, 12, 2);
	cmp(NFT_CMP_NEQ, "\x0a\x01", 2);
	rule = rule_end(NULL);
	assert_true(rule.sound);
	assert_int_equal(rule.verdict, NET_VERDICT_NONE);
	assert_true(rule.matches[0].invert);
	assert_memory_equal(rule.matches[0].mask, "\xff\xff\0\0", 4);
	assert_string_equal(rule.text, "ip saddr != 10.1.0.0/16");
}

static void same_bytes_of_an_unknown_family_are_not_an_address(void **state)
{
	struct net_filter_rule rule;

	(void)state;
	rule_begin(NFPROTO_INET);
	payload(NFT_PAYLOAD_NETWORK_HEADER, 12, 4);
	cmp(NFT_CMP_EQ, "\x0a\0\0\x05", 4);
	verdict(NF_DROP);
	rule = rule_end(NULL);
	assert_false(rule.sound);
	assert_int_equal(rule.nmatches, 0);
	assert_string_equal(rule.text, "[payload] [cmp] drop");
}

static void expression_that_is_not_known_makes_it_unsound(void **state)
{
	struct net_filter_rule rule;

	(void)state;
	rule_begin(NFPROTO_IPV4);
	expression("li\033mit");
	expression_end();
	verdict(NF_ACCEPT);
	rule = rule_end(NULL);
	assert_false(rule.sound);
	assert_int_equal(rule.verdict, NET_VERDICT_ACCEPT);
	assert_string_equal(rule.text, "[li\033mit] accept");
}

/* A register that was overwritten by what is not understood is no address any more. */
static void register_given_something_else_is_forgotten(void **state)
{
	struct net_filter_rule rule;

	(void)state;
	rule_begin(NFPROTO_IPV4);
	payload(NFT_PAYLOAD_NETWORK_HEADER, 16, 4);
	payload(NFT_PAYLOAD_LL_HEADER, 0, 4);
	cmp(NFT_CMP_EQ, "\x0a\0\0\x05", 4);
	rule = rule_end(NULL);
	assert_false(rule.sound);
	assert_int_equal(rule.nmatches, 0);
}

static void port_comparisons_are_intervals(void **state)
{
	struct net_filter_rule rule;

	(void)state;
	rule_begin(NFPROTO_IPV4);
	payload(NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2);
	cmp(NFT_CMP_GTE, "\x04\x00", 2);
	payload(NFT_PAYLOAD_TRANSPORT_HEADER, 0, 2);
	cmp(NFT_CMP_LT, "\x00\x0a", 2);
	rule = rule_end(NULL);
	assert_true(rule.sound);
	assert_int_equal(rule.nmatches, 2);
	assert_memory_equal(rule.matches[0].in[0].first, "\x04\x00", 2);
	assert_memory_equal(rule.matches[0].in[0].last, "\xff\xff", 2);
	assert_false(rule.matches[0].invert);
	/* Less than ten: not ten or more. */
	assert_true(rule.matches[1].invert);
	assert_memory_equal(rule.matches[1].in[0].first, "\x00\x0a", 2);
}

static void lookup_takes_the_sets_values(void **state)
{
	struct filter_element elements[] = {
		{ .key = { 10, 0, 0, 0 } },
		{ .key = { 11, 0, 0, 0 }, .end = true },
		{ .key = { 192, 168, 0, 1 } },
	};
	struct filter_set set = { .table = "t",
				  .name = "s",
				  .family = NFPROTO_IPV4,
				  .flags = NFT_SET_INTERVAL,
				  .key_len = 4,
				  .plain = true };
	struct filter_sets sets = { &set, 1 };
	struct vec v = { elements, 3, 3, sizeof(elements[0]) };
	struct net_filter_rule rule;

	(void)state;
	filter_set_close(&set, &v, &arena);
	assert_int_equal(set.n, 2);
	assert_memory_equal(set.last, "\x0a\xff\xff\xff\xff\xff\xff\xff", 8);
	for (int plain = 1; plain >= 0; plain--) {
		set.plain = plain;
		rule_begin(NFPROTO_IPV4);
		payload(NFT_PAYLOAD_NETWORK_HEADER, 12, 4);
		expression("lookup");
		mnl_attr_put_strz(m.head, NFTA_LOOKUP_SET, "s");
		put_be32(NFTA_LOOKUP_SREG, NFT_REG_1);
		expression_end();
		rule = rule_end(&sets);
		assert_int_equal(rule.sound, plain);
		assert_int_equal(rule.nmatches, plain);
	}
}

static void map_of_verdicts_is_decided_line_by_line(void **state)
{
	struct filter_element elements[] = {
		{ .key = { 0, 80 }, .last = { 0, 80 }, .to = { NET_VERDICT_DROP, NULL } },
		{ .key = { 0, 22 }, .last = { 0, 22 }, .to = { NET_VERDICT_JUMP, "ssh" } },
	};
	struct filter_set set = { .table = "t",
				  .name = "m",
				  .family = NFPROTO_IPV4,
				  .flags = NFT_SET_MAP,
				  .key_len = 2,
				  .plain = true,
				  .verdicts = true };
	struct filter_sets sets = { &set, 1 };
	struct vec v = { elements, 2, 2, sizeof(elements[0]) };
	struct net_filter_rule rule;

	(void)state;
	filter_set_close(&set, &v, &arena);
	for (int plain = 1; plain >= 0; plain--) {
		set.plain = plain;
		rule_begin(NFPROTO_IPV4);
		payload(NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2);
		expression("lookup");
		mnl_attr_put_strz(m.head, NFTA_LOOKUP_SET, "m");
		put_be32(NFTA_LOOKUP_SREG, NFT_REG_1);
		put_be32(NFTA_LOOKUP_DREG, NFT_REG_VERDICT);
		expression_end();
		rule = rule_end(&sets);
		assert_int_equal(rule.sound, plain);
		/* What is not known decides all the same. */
		assert_int_equal(rule.verdict, plain ? NET_VERDICT_MAP : NET_VERDICT_OTHER);
		if (!plain)
			continue;
		assert_int_equal(rule.ncases, 2);
		assert_string_equal(rule.text, "th dport vmap { 22 : jump ssh, 80 : drop }");
		assert_int_equal(rule.cases[0].verdict, NET_VERDICT_JUMP);
		assert_string_equal(rule.cases[0].target, "ssh");
		assert_memory_equal(rule.cases[1].match.in[0].first, "\x00\x50", 2);
	}
}

static void element(uint32_t flags, const void *key, size_t key_len, const void *last,
		    const void *value, size_t value_len)
{
	struct nlattr *elements, *one;

	message_begin(&m, NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWSETELEM, sizeof(struct nfgenmsg));
	elements = mnl_attr_nest_start(m.head, NFTA_SET_ELEM_LIST_ELEMENTS);
	one = mnl_attr_nest_start(m.head, NFTA_LIST_ELEM);
	if (flags)
		put_be32(NFTA_SET_ELEM_FLAGS, flags);
	if (key)
		put_value(NFTA_SET_ELEM_KEY, key, key_len);
	if (last)
		put_value(NFTA_SET_ELEM_KEY_END, last, key_len);
	if (value)
		put_value(NFTA_SET_ELEM_DATA, value, value_len);
	mnl_attr_nest_end(m.head, one);
	mnl_attr_nest_end(m.head, elements);
}

static void elements_of_the_wrong_length_are_refused(void **state)
{
	struct filter_set set = { .key_len = 8, .value_len = 8 };
	struct vec v = VEC(struct filter_element);

	(void)state;
	element(0, "\x0a\0\0\1\0P\0\0", 8, NULL, "\x0a\0\0\2\x1f\x90\0\0", 8);
	assert_int_equal(filter_elements_parse(m.head, &set, &arena, &v), 0);
	assert_int_equal(v.n, 1);
	element(0, "\x0a\0\0\1", 4, NULL, "\x0a\0\0\2\x1f\x90\0\0", 8);
	assert_int_equal(filter_elements_parse(m.head, &set, &arena, &v), -EPROTO);
	element(0, "\x0a\0\0\1\0P\0\0", 8, NULL, "\x0a\0\0\2", 4);
	assert_int_equal(filter_elements_parse(m.head, &set, &arena, &v), -EPROTO);
	element(0, "\x0a\0\0\1\0P\0\0", 8, NULL, NULL, 0);
	assert_int_equal(filter_elements_parse(m.head, &set, &arena, &v), -EPROTO);
	/* Only concatenations have both ends of an interval in one element. */
	element(0, "\x0a\0\0\1\0P\0\0", 8, "\x0a\0\0\xff\0P\0\0", "\x0a\0\0\2\x1f\x90\0\0", 8);
	assert_int_equal(filter_elements_parse(m.head, &set, &arena, &v), -EPROTO);
	set.flags = NFT_SET_INTERVAL | 0x80;
	assert_int_equal(filter_elements_parse(m.head, &set, &arena, &v), 0);
	vec_release(&v);
}

/* "dnat to ip saddr . tcp dport map { 10.0.0.1-10.0.0.255 . 80 : 10.0.0.2 . 8080, * : ... }" */
static void map_of_values_is_a_translation_for_each_line(void **state)
{
	struct filter_set set = { .table = "t",
				  .name = "m",
				  .family = NFPROTO_IPV4,
				  .flags = NFT_SET_MAP | NFT_SET_INTERVAL | 0x80,
				  .key_len = 8,
				  .value_len = 8,
				  .plain = true };
	struct filter_sets sets = { &set, 1 };
	struct vec v = VEC(struct filter_element);
	struct net_filter_rule rule;

	(void)state;
	element(2, NULL, 0, NULL, "\x0a\0\0\3\0\x09\0\0", 8);
	assert_int_equal(filter_elements_parse(m.head, &set, &arena, &v), 0);
	element(0, "\x0a\0\0\1\0P\0\0", 8, "\x0a\0\0\xff\0P\0\0", "\x0a\0\0\2\x1f\x90\0\0", 8);
	assert_int_equal(filter_elements_parse(m.head, &set, &arena, &v), 0);
	filter_set_close(&set, &v, &arena);
	vec_release(&v);
	assert_int_equal(set.n, 1);
	assert_true(set.otherwise);
	rule_begin(NFPROTO_IPV4);
	payload_to(NFT_REG32_00, NFT_PAYLOAD_NETWORK_HEADER, 12, 4);
	payload_to(NFT_REG32_01, NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2);
	expression("lookup");
	mnl_attr_put_strz(m.head, NFTA_LOOKUP_SET, "m");
	put_be32(NFTA_LOOKUP_SREG, NFT_REG_1);
	put_be32(NFTA_LOOKUP_DREG, NFT_REG_1);
	expression_end();
	expression("nat");
	put_be32(NFTA_NAT_TYPE, NFT_NAT_DNAT);
	put_be32(NFTA_NAT_FAMILY, NFPROTO_IPV4);
	put_be32(NFTA_NAT_REG_ADDR_MIN, NFT_REG_1);
	put_be32(NFTA_NAT_REG_PROTO_MIN, NFT_REG32_01);
	expression_end();
	rule = rule_end(&sets);
	assert_true(rule.sound && rule.otherwise && !rule.drawn);
	assert_int_equal(rule.verdict, NET_VERDICT_DNAT);
	assert_int_equal(rule.ncases, 2);
	assert_string_equal(rule.text,
			    "dnat to ip saddr . th dport map { 10.0.0.1-10.0.0.255 . 80 : "
			    "10.0.0.2 port 8080, * : 10.0.0.3 port 9 }");
	assert_int_equal(rule.cases[0].match.field, NET_FIELD_TUPLE);
	assert_int_equal(rule.cases[0].match.nparts, 2);
	assert_int_equal(rule.cases[0].nat->nat_ports.first, 8080);
	assert_memory_equal(rule.cases[1].nat->nat_first.bytes, "\x0a\0\0\3", 4);
}

static void lots(uint32_t n)
{
	rule_begin(NFPROTO_IPV4);
	expression("numgen");
	put_be32(NFTA_NG_DREG, NFT_REG_1);
	put_be32(NFTA_NG_MODULUS, n);
	put_be32(NFTA_NG_OFFSET, 5);
	expression_end();
	expression("lookup");
	mnl_attr_put_strz(m.head, NFTA_LOOKUP_SET, "m");
	put_be32(NFTA_LOOKUP_SREG, NFT_REG_1);
	put_be32(NFTA_LOOKUP_DREG, NFT_REG_VERDICT);
	expression_end();
}

/* Only where each number has its line is it one of these for sure. */
static void what_is_drawn_is_told_where_no_lot_is_a_blank(void **state)
{
	struct filter_element elements[2] = { { .to = { NET_VERDICT_DROP, NULL } },
					      { .to = { NET_VERDICT_ACCEPT, NULL } } };
	struct filter_set set = { .table = "t",
				  .name = "m",
				  .family = NFPROTO_IPV4,
				  .flags = NFT_SET_MAP,
				  .key_len = 4,
				  .plain = true,
				  .verdicts = true };
	struct filter_sets sets = { &set, 1 };
	struct vec v = { elements, 2, 2, sizeof(elements[0]) };
	struct net_filter_rule rule;

	(void)state;
	for (uint32_t i = 0; i < 2; i++) {
		uint32_t key = 5 + i;

		memcpy(elements[i].key, &key, sizeof(key));
		memcpy(elements[i].last, &key, sizeof(key));
	}
	filter_set_close(&set, &v, &arena);
	for (uint32_t n = 1; n <= 3; n++) {
		lots(n);
		rule = rule_end(&sets);
		assert_true(rule.sound);
		assert_int_equal(rule.drawn, n == 2);
		assert_int_equal(rule.ncases, 2);
	}
	assert_string_equal(rule.text, "numgen vmap { 5 : drop, 6 : accept }");
}

static void writes(uint32_t base, uint32_t offset)
{
	rule_begin(NFPROTO_IPV4);
	expression("payload");
	put_be32(NFTA_PAYLOAD_SREG, NFT_REG_1);
	put_be32(NFTA_PAYLOAD_BASE, base);
	put_be32(NFTA_PAYLOAD_OFFSET, offset);
	put_be32(NFTA_PAYLOAD_LEN, 4);
	expression_end();
}

static void what_writes_addresses_decides_and_what_only_looks_does_not(void **state)
{
	struct net_filter_rule rule;

	(void)state;
	writes(NFT_PAYLOAD_NETWORK_HEADER, 16);
	rule = rule_end(NULL);
	assert_false(rule.sound || rule.reads);
	assert_int_equal(rule.verdict, NET_VERDICT_OTHER);
	writes(NFT_PAYLOAD_NETWORK_HEADER, 1);
	rule = rule_end(NULL);
	assert_int_equal(rule.verdict, NET_VERDICT_NONE);
	rule_begin(NFPROTO_IPV4);
	expression("limit");
	expression_end();
	rule = rule_end(NULL);
	assert_true(!rule.sound && rule.reads);
	rule_begin(NFPROTO_IPV4);
	expression("notrack");
	expression_end();
	rule = rule_end(NULL);
	assert_false(rule.sound || rule.reads);
}

static void mark_that_is_set_is_known(void **state)
{
	const uint32_t mark = 7;
	struct net_filter_rule rule;

	(void)state;
	rule_begin(NFPROTO_IPV4);
	expression("immediate");
	put_be32(NFTA_IMMEDIATE_DREG, NFT_REG_1);
	put_value(NFTA_IMMEDIATE_DATA, &mark, sizeof(mark));
	expression_end();
	expression("meta");
	put_be32(NFTA_META_SREG, NFT_REG_1);
	put_be32(NFTA_META_KEY, NFT_META_MARK);
	expression_end();
	rule = rule_end(NULL);
	assert_true(rule.sound && rule.sets_mark);
	assert_int_equal(rule.mark, 7);
	assert_string_equal(rule.text, "meta mark set 0x7");
}

static void translation_has_its_address_and_port(void **state)
{
	struct net_filter_rule rule;

	(void)state;
	rule_begin(NFPROTO_IPV4);
	expression("immediate");
	put_be32(NFTA_IMMEDIATE_DREG, NFT_REG_1);
	put_value(NFTA_IMMEDIATE_DATA, "\x0a\x01\x01\x01", 4);
	expression_end();
	expression("immediate");
	put_be32(NFTA_IMMEDIATE_DREG, NFT_REG_2);
	put_value(NFTA_IMMEDIATE_DATA, "\x00\x50", 2);
	expression_end();
	expression("nat");
	put_be32(NFTA_NAT_TYPE, NFT_NAT_DNAT);
	put_be32(NFTA_NAT_FAMILY, NFPROTO_IPV4);
	put_be32(NFTA_NAT_REG_ADDR_MIN, NFT_REG_1);
	put_be32(NFTA_NAT_REG_PROTO_MIN, NFT_REG_2);
	expression_end();
	rule = rule_end(NULL);
	assert_true(rule.sound);
	assert_int_equal(rule.verdict, NET_VERDICT_DNAT);
	assert_true(rule.has_nat_ip && rule.has_nat_ports);
	assert_int_equal(rule.nat_ports.first, 80);
	assert_string_equal(rule.text, "dnat to 10.1.1.1 port 80");
}

static void base_chain_has_hook_and_policy(void **state)
{
	struct net_filter_chain chain;
	struct nfgenmsg *msg;
	struct nlattr *hook;

	(void)state;
	msg = message_begin(&m, NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWCHAIN, sizeof(*msg));
	msg->nfgen_family = NFPROTO_INET;
	mnl_attr_put_strz(m.head, NFTA_CHAIN_TABLE, "t");
	mnl_attr_put_strz(m.head, NFTA_CHAIN_NAME, "in");
	mnl_attr_put_strz(m.head, NFTA_CHAIN_TYPE, "filter");
	put_be32(NFTA_CHAIN_POLICY, NF_DROP);
	hook = mnl_attr_nest_start(m.head, NFTA_CHAIN_HOOK);
	put_be32(NFTA_HOOK_HOOKNUM, NF_INET_FORWARD);
	put_be32(NFTA_HOOK_PRIORITY, (uint32_t)-10);
	mnl_attr_nest_end(m.head, hook);
	assert_int_equal(filter_chain_parse(m.head, &arena, &chain), 0);
	assert_string_equal(chain.family, "inet");
	assert_int_equal(chain.hook, NET_HOOK_FORWARD);
	assert_int_equal(chain.priority, -10);
	assert_int_equal(chain.policy, NET_VERDICT_DROP);
}

/* By an attribute of its own, or as 6.16 has it: a name without its end. */
static void links_of_a_hook_may_be_named_by_their_beginning(void **state)
{
	struct net_filter_chain chain;
	struct nlattr *hook, *devices;
	struct nfgenmsg *msg;

	(void)state;
	msg = message_begin(&m, NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWCHAIN, sizeof(*msg));
	msg->nfgen_family = 5;
	mnl_attr_put_strz(m.head, NFTA_CHAIN_TABLE, "t");
	mnl_attr_put_strz(m.head, NFTA_CHAIN_NAME, "c");
	hook = mnl_attr_nest_start(m.head, NFTA_CHAIN_HOOK);
	put_be32(NFTA_HOOK_HOOKNUM, NF_NETDEV_INGRESS);
	mnl_attr_put_strz(m.head, NFTA_HOOK_DEV, "eth0");
	devices = mnl_attr_nest_start(m.head, NFTA_HOOK_DEVS);
	mnl_attr_put_strz(m.head, NFTA_DEVICE_NAME, "eth0");
	mnl_attr_put(m.head, NFTA_DEVICE_NAME, 2, "wl");
	mnl_attr_put(m.head, 2, 4, "veth");
	mnl_attr_nest_end(m.head, devices);
	mnl_attr_nest_end(m.head, hook);
	assert_int_equal(filter_chain_parse(m.head, &arena, &chain), 0);
	assert_int_equal(chain.hook, NET_HOOK_INGRESS);
	assert_string_equal(chain.device, "eth0,wl*,veth*");
	assert_string_equal(chain.devices[0], "eth0");
	assert_null(chain.devices[1]);
	assert_string_equal(chain.prefixes[0], "wl");
	assert_string_equal(chain.prefixes[1], "veth");
	assert_null(chain.prefixes[2]);
}

#define CASE(name) cmocka_unit_test_teardown(name, release)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(address_and_verdict_are_decided),
		CASE(beginning_of_an_address_is_a_prefix),
		CASE(same_bytes_of_an_unknown_family_are_not_an_address),
		CASE(expression_that_is_not_known_makes_it_unsound),
		CASE(register_given_something_else_is_forgotten),
		CASE(port_comparisons_are_intervals),
		CASE(lookup_takes_the_sets_values),
		CASE(map_of_verdicts_is_decided_line_by_line),
		CASE(elements_of_the_wrong_length_are_refused),
		CASE(map_of_values_is_a_translation_for_each_line),
		CASE(what_is_drawn_is_told_where_no_lot_is_a_blank),
		CASE(what_writes_addresses_decides_and_what_only_looks_does_not),
		CASE(mark_that_is_set_is_known),
		CASE(translation_has_its_address_and_port),
		CASE(base_chain_has_hook_and_policy),
		CASE(links_of_a_hook_may_be_named_by_their_beginning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
