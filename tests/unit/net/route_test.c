/* SPDX-License-Identifier: MIT */
/* Routes, policy rules, addresses and neighbours as the kernel tells them. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <linux/fib_rules.h>
#include <linux/net_namespace.h>

#include "../../../src/net/parse.h"
#include "message.h"

static struct arena arena;

static int release(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static struct rtmsg *route_begin(struct message *m, uint8_t family, uint8_t len)
{
	struct rtmsg *msg = message_begin(m, RTM_NEWROUTE, sizeof(*msg));

	msg->rtm_family = family;
	msg->rtm_dst_len = len;
	msg->rtm_type = RTN_UNICAST;
	msg->rtm_table = RT_TABLE_MAIN;
	return msg;
}

static void default_route_has_a_gateway_and_no_destination(void **state)
{
	struct net_route route;
	struct message m;

	(void)state;
	route_begin(&m, AF_INET, 0);
	mnl_attr_put_u32(m.head, RTA_OIF, 4);
	mnl_attr_put_u32(m.head, RTA_PRIORITY, 100);
	put_ip(&m, RTA_GATEWAY, "192.0.2.1");
	assert_int_equal(route_parse(m.head, &arena, &route), 0);
	assert_int_equal(route.dst.family, 0);
	assert_int_equal(route.metric, 100);
	assert_int_equal(route.table, NET_TABLE_MAIN);
	assert_int_equal(route.nhops, 1);
	assert_int_equal(route.hops[0].index, 4);
	assert_int_equal(route.hops[0].weight, 1);
	assert_int_equal(route.hops[0].gateway.bytes[3], 1);
}

static void table_above_255_comes_as_an_attribute(void **state)
{
	struct net_route route;
	struct message m;

	(void)state;
	route_begin(&m, AF_INET, 24)->rtm_table = RT_TABLE_UNSPEC;
	put_ip(&m, RTA_DST, "10.0.0.0");
	mnl_attr_put_u32(m.head, RTA_TABLE, 1000);
	assert_int_equal(route_parse(m.head, &arena, &route), 0);
	assert_int_equal(route.table, 1000);
	assert_int_equal(route.nhops, 0);
}

static void blackhole_leads_nowhere(void **state)
{
	struct net_route route;
	struct message m;

	(void)state;
	route_begin(&m, AF_INET, 16)->rtm_type = RTN_BLACKHOLE;
	put_ip(&m, RTA_DST, "10.77.0.0");
	assert_int_equal(route_parse(m.head, &arena, &route), 0);
	assert_int_equal(route.type, NET_ROUTE_BLACKHOLE);
	assert_int_equal(route.nhops, 0);
}

static void put_hop(struct message *m, int index, uint8_t hops, const char *gateway)
{
	struct rtnexthop *nh = mnl_nlmsg_get_payload_tail(m->head);

	mnl_nlmsg_put_extra_header(m->head, sizeof(*nh));
	nh->rtnh_ifindex = index;
	nh->rtnh_hops = hops;
	if (gateway)
		put_ip(m, RTA_GATEWAY, gateway);
	nh->rtnh_len = (unsigned short)((char *)mnl_nlmsg_get_payload_tail(m->head) - (char *)nh);
}

static void multipath_has_all_its_hops(void **state)
{
	struct net_route route;
	struct nlattr *list;
	struct message m;

	(void)state;
	route_begin(&m, AF_INET, 16);
	put_ip(&m, RTA_DST, "10.88.0.0");
	list = mnl_attr_nest_start(m.head, RTA_MULTIPATH);
	put_hop(&m, 3, 1, "10.9.0.1");
	put_hop(&m, 5, 0, NULL);
	mnl_attr_nest_end(m.head, list);
	assert_int_equal(route_parse(m.head, &arena, &route), 0);
	assert_int_equal(route.nhops, 2);
	assert_int_equal(route.hops[0].index, 3);
	assert_int_equal(route.hops[0].weight, 2);
	assert_int_equal(route.hops[0].gateway.family, AF_INET);
	assert_int_equal(route.hops[1].index, 5);
	assert_int_equal(route.hops[1].gateway.family, 0);
}

static void hop_that_lies_about_its_length_is_refused(void **state)
{
	struct net_route route;
	struct nlattr *list;
	struct message m;
	struct rtnexthop *nh;

	(void)state;
	for (unsigned len = 0; len < 70000; len += 7001) {
		route_begin(&m, AF_INET, 16);
		put_ip(&m, RTA_DST, "10.88.0.0");
		list = mnl_attr_nest_start(m.head, RTA_MULTIPATH);
		nh = mnl_nlmsg_get_payload_tail(m.head);
		put_hop(&m, 3, 0, NULL);
		mnl_attr_nest_end(m.head, list);
		nh->rtnh_len = (unsigned short)len;
		assert_int_equal(route_parse(m.head, &arena, &route), -EPROTO);
	}
}

static void gateway_may_be_of_the_other_family(void **state)
{
	struct {
		uint16_t family;
		uint8_t bytes[16];
	} via = { AF_INET6, { 0xfe, 0x80, [15] = 1 } };
	struct net_route route;
	struct message m;

	(void)state;
	route_begin(&m, AF_INET, 0);
	mnl_attr_put_u32(m.head, RTA_OIF, 4);
	mnl_attr_put(m.head, RTA_VIA, sizeof(via), &via);
	assert_int_equal(route_parse(m.head, &arena, &route), 0);
	assert_int_equal(route.hops[0].gateway.family, AF_INET6);
	assert_int_equal(route.hops[0].gateway.bytes[15], 1);
}

static void malformed_and_foreign_routes_are_refused(void **state)
{
	struct net_route route;
	struct message m;

	(void)state;
	route_begin(&m, AF_INET, 33);
	assert_int_equal(route_parse(m.head, &arena, &route), -EPROTO);
	route_begin(&m, AF_INET, 24);
	assert_int_equal(route_parse(m.head, &arena, &route), -EPROTO);
	route_begin(&m, AF_INET, 24);
	put_ip(&m, RTA_DST, "fd00::");
	assert_int_equal(route_parse(m.head, &arena, &route), -EPROTO);
	route_begin(&m, 28, 20); /* MPLS */
	assert_int_equal(route_parse(m.head, &arena, &route), -ENOENT);
	route_begin(&m, AF_INET, 0)->rtm_flags = RTM_F_CLONED;
	assert_int_equal(route_parse(m.head, &arena, &route), -ENOENT);
}

static struct fib_rule_hdr *rule_begin(struct message *m, uint8_t action)
{
	struct fib_rule_hdr *msg = message_begin(m, RTM_NEWRULE, sizeof(*msg));

	msg->family = AF_INET;
	msg->action = action;
	mnl_attr_put_u32(m->head, FRA_SUPPRESS_PREFIXLEN, UINT32_MAX);
	return msg;
}

static void rule_has_its_conditions(void **state)
{
	const struct fib_rule_port_range ports = { 80, 90 };
	struct net_rule rule;
	struct message m;

	(void)state;
	rule_begin(&m, FR_ACT_TO_TBL)->src_len = 24;
	put_ip(&m, FRA_SRC, "10.9.0.0");
	mnl_attr_put_u32(m.head, FRA_PRIORITY, 32765);
	mnl_attr_put_u32(m.head, FRA_TABLE, 777);
	mnl_attr_put_u32(m.head, FRA_FWMARK, 5);
	mnl_attr_put_u32(m.head, FRA_FWMASK, 7);
	mnl_attr_put_strz(m.head, FRA_IIFNAME, "eth0");
	mnl_attr_put(m.head, FRA_DPORT_RANGE, sizeof(ports), &ports);
	assert_int_equal(rule_parse(m.head, &arena, &rule), 0);
	assert_int_equal(rule.action, NET_RULE_TABLE);
	assert_int_equal(rule.priority, 32765);
	assert_int_equal(rule.table, 777);
	assert_true(rule.has_mark);
	assert_int_equal(rule.mark, 5);
	assert_int_equal(rule.mark_mask, 7);
	assert_string_equal(rule.iif, "eth0");
	assert_null(rule.oif);
	assert_true(rule.has_dports);
	assert_int_equal(rule.dports.last, 90);
	assert_int_equal(rule.suppress_len, -1);
	assert_false(rule.partly);
}

static void rule_with_an_unknown_condition_says_so(void **state)
{
	struct net_rule rule;
	struct message m;

	(void)state;
	rule_begin(&m, FR_ACT_BLACKHOLE);
	mnl_attr_put_u32(m.head, 200, 1);
	assert_int_equal(rule_parse(m.head, &arena, &rule), 0);
	assert_int_equal(rule.action, NET_RULE_BLACKHOLE);
	assert_true(rule.partly);
	rule_begin(&m, FR_ACT_TO_TBL);
	mnl_attr_put_u64(m.head, FRA_TUN_ID, 1);
	assert_int_equal(rule_parse(m.head, &arena, &rule), 0);
	assert_true(rule.partly);
}

static void local_address_is_ours_and_the_other_the_peers(void **state)
{
	struct net_addr addr;
	struct ifaddrmsg *msg;
	struct message m;

	(void)state;
	msg = message_begin(&m, RTM_NEWADDR, sizeof(*msg));
	*msg = (struct ifaddrmsg){ AF_INET, 32, 0, 0, 3 };
	put_ip(&m, IFA_LOCAL, "10.1.1.1");
	put_ip(&m, IFA_ADDRESS, "10.1.1.2");
	mnl_attr_put_strz(m.head, IFA_LABEL, "ppp0");
	mnl_attr_put_u32(m.head, IFA_FLAGS, NET_ADDR_PERMANENT | 0x400);
	assert_int_equal(addr_parse(m.head, &arena, &addr), 0);
	assert_int_equal(addr.ip.bytes[3], 1);
	assert_int_equal(addr.peer.bytes[3], 2);
	assert_int_equal(addr.flags, NET_ADDR_PERMANENT | 0x400);
	assert_string_equal(addr.label, "ppp0");
	assert_int_equal(addr.valid, UINT32_MAX);
}

static void address_of_another_family_than_it_says_is_refused(void **state)
{
	struct net_addr addr;
	struct ifaddrmsg *msg;
	struct message m;

	(void)state;
	msg = message_begin(&m, RTM_NEWADDR, sizeof(*msg));
	*msg = (struct ifaddrmsg){ AF_INET, 24, 0, 0, 3 };
	put_ip(&m, IFA_ADDRESS, "fd00::1");
	assert_int_equal(addr_parse(m.head, &arena, &addr), -EPROTO);
	msg = message_begin(&m, RTM_NEWADDR, sizeof(*msg));
	*msg = (struct ifaddrmsg){ AF_INET, 64, 0, 0, 3 };
	put_ip(&m, IFA_ADDRESS, "10.0.0.1");
	assert_int_equal(addr_parse(m.head, &arena, &addr), -EPROTO);
}

static void neighbours_and_what_bridges_learned_differ(void **state)
{
	struct net_neigh neigh;
	struct ndmsg *msg;
	struct message m;

	(void)state;
	msg = message_begin(&m, RTM_NEWNEIGH, sizeof(*msg));
	msg->ndm_family = AF_INET;
	msg->ndm_ifindex = 4;
	msg->ndm_state = NUD_FAILED;
	put_ip(&m, NDA_DST, "10.0.0.9");
	assert_int_equal(neigh_parse(m.head, &neigh), 0);
	assert_int_equal(neigh.ip.bytes[3], 9);
	assert_int_equal(neigh.mac.len, 0);
	assert_string_equal(net_neigh_state_name(neigh.state), "FAILED");
	msg = message_begin(&m, RTM_NEWNEIGH, sizeof(*msg));
	msg->ndm_family = AF_BRIDGE;
	msg->ndm_ifindex = 5;
	mnl_attr_put(m.head, NDA_LLADDR, 6, "\x02\x42\xac\x11\x00\x02");
	mnl_attr_put_u16(m.head, NDA_VLAN, 7);
	put_ip(&m, NDA_DST, "10.0.0.8");
	assert_int_equal(neigh_parse(m.head, &neigh), 0);
	assert_int_equal(neigh.ip.family, 0);
	assert_int_equal(neigh.to.bytes[3], 8);
	assert_int_equal(neigh.vlan, 7);
	assert_int_equal(neigh.mac.len, 6);
}

#define CASE(name) cmocka_unit_test_teardown(name, release)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(default_route_has_a_gateway_and_no_destination),
		CASE(table_above_255_comes_as_an_attribute),
		CASE(blackhole_leads_nowhere),
		CASE(multipath_has_all_its_hops),
		CASE(hop_that_lies_about_its_length_is_refused),
		CASE(gateway_may_be_of_the_other_family),
		CASE(malformed_and_foreign_routes_are_refused),
		CASE(rule_has_its_conditions),
		CASE(rule_with_an_unknown_condition_says_so),
		CASE(local_address_is_ours_and_the_other_the_peers),
		CASE(address_of_another_family_than_it_says_is_refused),
		CASE(neighbours_and_what_bridges_learned_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
