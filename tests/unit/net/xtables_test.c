/* SPDX-License-Identifier: MIT */
/* Tables of legacy iptables from bytes: what is decided, and what a lying kernel gets. */
#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../../src/net/xtables.h"
#include "../../../src/net/xtables_uapi.h"

#include <linux/netfilter/xt_limit.h>
#include <linux/netfilter/xt_tcpudp.h>

enum { ROOM = 8192 };

static struct arena arena;
static struct vec chains = VEC(struct net_filter_chain);
/* Entries are of eight bytes each, but what is before them in a reply is not. */
static struct {
	uint32_t aligns;
	struct {
		struct ipt_getinfo info;
		char list[ROOM];
	} block;
} reply __attribute__((aligned(8)));
_Static_assert((sizeof(uint32_t) + sizeof(struct ipt_getinfo)) % 8 == 0, "entries are aligned");
static struct ipt_entry *entry; /* being put together */

static int setup(void **state)
{
	(void)state;
	memset(&reply.block, 0, sizeof(reply.block));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	vec_release(&chains);
	chains.n = chains.cap = 0;
	chains.at = NULL;
	arena_release(&arena);
	return 0;
}

static void begin_entry(void)
{
	entry = (void *)&reply.block.list[reply.block.info.size];
	entry->target_offset = sizeof(*entry);
}

static void *put_match(const char *name, uint8_t revision, size_t size)
{
	struct xt_entry_match *m = (void *)((char *)entry + entry->target_offset);

	strcpy(m->u.user.name, name);
	m->u.user.revision = revision;
	m->u.match_size = (uint16_t)XT_ALIGN(sizeof(*m) + size);
	entry->target_offset = (uint16_t)(entry->target_offset + m->u.match_size);
	return m->data;
}

static void *end_entry(const char *target, size_t size)
{
	struct xt_entry_target *t = (void *)((char *)entry + entry->target_offset);

	strcpy(t->u.user.name, target);
	t->u.target_size = (uint16_t)XT_ALIGN(sizeof(*t) + size);
	entry->next_offset = (uint16_t)(entry->target_offset + t->u.target_size);
	reply.block.info.size += entry->next_offset;
	return t->data;
}

static void end_with(int verdict)
{
	*(int *)end_entry("", sizeof(int)) = verdict;
}

static void put_policy(unsigned hook, int verdict)
{
	reply.block.info.underflow[hook] = reply.block.info.size;
	begin_entry();
	end_with(verdict);
}

static void begin_hook(unsigned hook)
{
	reply.block.info.valid_hooks |= 1U << hook;
	reply.block.info.hook_entry[hook] = reply.block.info.size;
}

static void put_error(const char *name)
{
	begin_entry();
	strcpy(end_entry(XT_ERROR_TARGET, XT_FUNCTION_MAXNAMELEN), name);
}

static int parse(void)
{
	return xtables_parse(XTABLES_IP, "filter",
			     (struct span){ (char *)&reply.block,
					    sizeof(reply.block.info) + reply.block.info.size },
			     &arena, &chains);
}

static const struct net_filter_chain *chain(size_t i)
{
	assert_true(i < chains.n);
	return &((struct net_filter_chain *)chains.at)[i];
}

enum { ACCEPT = -2, DROP = -1 };

static void built_in_chain_has_its_policy(void **state)
{
	(void)state;
	begin_hook(NF_INET_LOCAL_IN);
	put_policy(NF_INET_LOCAL_IN, DROP);
	put_error("ERROR");
	assert_int_equal(parse(), 0);
	assert_int_equal(chains.n, 1);
	assert_string_equal(chain(0)->name, "INPUT");
	assert_string_equal(chain(0)->family, "ip");
	assert_int_equal(chain(0)->hook, NET_HOOK_INPUT);
	assert_int_equal(chain(0)->policy, NET_VERDICT_DROP);
	assert_int_equal(chain(0)->nrules, 0);
	assert_true(chain(0)->legacy);
}

static void addresses_and_ports_are_decided(void **state)
{
	const struct net_filter_rule *rule;
	struct xt_tcp *tcp;

	(void)state;
	begin_hook(NF_INET_LOCAL_IN);
	begin_entry();
	entry->ip.src.s_addr = inet_addr("10.0.0.0");
	entry->ip.smsk.s_addr = inet_addr("255.0.0.0");
	entry->ip.invflags = IPT_INV_SRCIP;
	entry->ip.proto = 6;
	entry->counters.pcnt = 7;
	strcpy(entry->ip.iniface, "eth");
	memset(entry->ip.iniface_mask, 0xff, 3);
	tcp = put_match("tcp", 0, sizeof(*tcp));
	tcp->spts[1] = UINT16_MAX;
	tcp->dpts[0] = tcp->dpts[1] = 80;
	end_with(DROP);
	put_policy(NF_INET_LOCAL_IN, ACCEPT);
	put_error("ERROR");
	assert_int_equal(parse(), 0);
	rule = chain(0)->rules;
	assert_non_null(rule);
	assert_true(rule->sound);
	assert_int_equal(rule->verdict, NET_VERDICT_DROP);
	assert_int_equal(rule->packets, 7);
	assert_int_equal(rule->handle, 1);
	assert_int_equal(rule->nmatches, 4);
	assert_string_equal(rule->text, "ip saddr != 10.0.0.0/8 iifname \"eth*\" meta l4proto tcp "
					"th dport 80 drop");
}

/* Its first rule is behind the entry with its name; what nobody wrote at its end is not shown. */
static void jump_finds_its_chain_by_offset(void **state)
{
	struct ipt_entry *jump;

	(void)state;
	begin_hook(NF_INET_FORWARD);
	begin_entry();
	jump = entry;
	end_with(0);
	begin_entry();
	end_with((int)reply.block.info.size + (int)sizeof(*entry) + 40); /* falls through */
	put_policy(NF_INET_FORWARD, ACCEPT);
	put_error("web");
	*(int *)((char *)jump + jump->target_offset + sizeof(struct xt_entry_target)) =
		(int)reply.block.info.size;
	begin_entry();
	end_with(DROP);
	begin_entry();
	end_with(XT_RETURN);
	put_error("ERROR");
	assert_int_equal(parse(), 0);
	assert_int_equal(chains.n, 2);
	assert_int_equal(chain(0)->rules->verdict, NET_VERDICT_JUMP);
	assert_string_equal(chain(0)->rules->target, "web");
	assert_string_equal(chain(0)->rules->text, "jump web");
	assert_int_equal(chain(0)->rules->next->verdict, NET_VERDICT_NONE);
	assert_string_equal(chain(1)->name, "web");
	assert_null(chain(1)->type);
	assert_int_equal(chain(1)->nrules, 1);
}

static void jump_to_nowhere_is_not_sound(void **state)
{
	(void)state;
	begin_hook(NF_INET_FORWARD);
	begin_entry();
	end_with(3);
	put_policy(NF_INET_FORWARD, ACCEPT);
	put_error("ERROR");
	assert_int_equal(parse(), 0);
	assert_false(chain(0)->rules->sound);
	assert_string_equal(chain(0)->rules->text, "jump ?");
}

static void what_is_not_decoded_is_named(void **state)
{
	(void)state;
	begin_hook(NF_INET_LOCAL_IN);
	begin_entry();
	put_match("limit", 0, sizeof(struct xt_rateinfo));
	end_with(ACCEPT);
	begin_entry();
	end_entry("TPROXY\n", 16);
	begin_entry();
	end_entry("TCPMSS", 8);
	put_policy(NF_INET_LOCAL_IN, ACCEPT);
	put_error("ERROR");
	assert_int_equal(parse(), 0);
	assert_false(chain(0)->rules->sound);
	assert_string_equal(chain(0)->rules->text, "[xt limit] accept");
	assert_int_equal(chain(0)->rules->next->verdict, NET_VERDICT_OTHER);
	assert_string_equal(chain(0)->rules->next->text, "[xt TPROXY\n]");
	assert_true(chain(0)->rules->next->next->sound);
	assert_int_equal(chain(0)->rules->next->next->verdict, NET_VERDICT_NONE);
}

/* A structure of another size than it has is not believed. */
static void match_of_another_size_is_not_decoded(void **state)
{
	(void)state;
	begin_hook(NF_INET_LOCAL_IN);
	begin_entry();
	put_match("tcp", 0, sizeof(struct xt_tcp) + 32);
	end_with(ACCEPT);
	put_policy(NF_INET_LOCAL_IN, ACCEPT);
	put_error("ERROR");
	assert_int_equal(parse(), 0);
	assert_false(chain(0)->rules->sound);
	assert_int_equal(chain(0)->rules->nmatches, 0);
}

static void chain_without_policy_is_malformed(void **state)
{
	(void)state;
	begin_hook(NF_INET_LOCAL_IN);
	begin_entry();
	end_with(ACCEPT);
	reply.block.info.underflow[NF_INET_LOCAL_IN] = UINT32_MAX;
	put_error("ERROR");
	assert_int_equal(parse(), -EPROTO);
	assert_int_equal(chains.n, 0);
}

static void every_cut_is_malformed(void **state)
{
	size_t whole;

	(void)state;
	begin_hook(NF_INET_LOCAL_IN);
	begin_entry();
	put_match("tcp", 0, sizeof(struct xt_tcp));
	end_with(ACCEPT);
	put_policy(NF_INET_LOCAL_IN, ACCEPT);
	put_error("ERROR");
	whole = sizeof(reply.block.info) + reply.block.info.size;
	for (size_t len = 0; len < whole; len++)
		assert_int_equal(xtables_parse(XTABLES_IP, "filter",
					       (struct span){ (char *)&reply.block, len }, &arena,
					       &chains),
				 -EPROTO);
	assert_int_equal(chains.n, 0);
	assert_int_equal(parse(), 0);
}

static void other_tables_have_no_place(void **state)
{
	(void)state;
	assert_int_equal(
		xtables_parse(XTABLES_IP, "strange",
			      (struct span){ (char *)&reply.block, sizeof(reply.block.info) },
			      &arena, &chains),
		-EOPNOTSUPP);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(built_in_chain_has_its_policy),	 TEST(addresses_and_ports_are_decided),
		TEST(jump_finds_its_chain_by_offset),	 TEST(jump_to_nowhere_is_not_sound),
		TEST(what_is_not_decoded_is_named),	 TEST(match_of_another_size_is_not_decoded),
		TEST(chain_without_policy_is_malformed), TEST(every_cut_is_malformed),
		TEST(other_tables_have_no_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
