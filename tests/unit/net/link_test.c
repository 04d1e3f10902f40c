/* SPDX-License-Identifier: MIT */
/* Links as the kernel tells them: numbers, ends, kinds, ports, VLANs; also short and lying ones. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <linux/if_bridge.h>
#include <linux/ip.h>

#include "../../../src/net/parse.h"
#include "../../../src/net/read.h"
#include "message.h"

static struct arena arena;

static int release(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static struct net_link parsed(struct message *m)
{
	struct net_link link;

	assert_int_equal(link_parse(m->head, &arena, &link), 0);
	return link;
}

static void plain_card_has_its_numbers(void **state)
{
	struct net_link link;
	struct message m;
	struct ifinfomsg *msg = link_begin(&m, 4, "eth0");

	(void)state;
	msg->ifi_flags = IFF_UP | IFF_RUNNING;
	mnl_attr_put_u32(m.head, IFLA_MTU, 1400);
	mnl_attr_put_u8(m.head, IFLA_OPERSTATE, 6);
	mnl_attr_put_u8(m.head, IFLA_CARRIER, 1);
	mnl_attr_put(m.head, IFLA_ADDRESS, 6, "\x02\x42\xac\x11\x00\x02");
	mnl_attr_put_strz(m.head, IFLA_IFALIAS, "up\nlink");
	mnl_attr_put_strz(m.head, IFLA_PARENT_DEV_NAME, "virtio0");
	mnl_attr_put_strz(m.head, IFLA_PARENT_DEV_BUS_NAME, "virtio");
	link = parsed(&m);
	assert_int_equal(link.index, 4);
	assert_string_equal(link.name, "eth0");
	assert_int_equal(link.mtu, 1400);
	assert_int_equal(link.oper, NET_OPER_UP);
	assert_true(link.carrier_known && link.carrier);
	assert_int_equal(link.mac.len, 6);
	assert_string_equal(link.alias, "up\nlink");
	assert_string_equal(link.bus, "virtio");
	assert_null(link.kind);
	assert_int_equal(link.peer.how, NET_HOW_NONE);
	assert_int_equal(link.lower.how, NET_HOW_NONE);
	assert_int_equal(link.master.how, NET_HOW_NONE);
	assert_int_equal(link.port_state, -1);
	assert_true(net_link_is_up(&link));
	assert_false(link.stats_known);
	assert_false(link.conf4.known);
}

static void veth_has_a_peer_and_nothing_below(void **state)
{
	struct net_link link;
	struct message m;

	(void)state;
	link_begin(&m, 2, "eth0");
	mnl_attr_put_u32(m.head, IFLA_LINK, 7);
	mnl_attr_put_u32(m.head, IFLA_LINK_NETNSID, 0);
	put_kind(&m, "veth");
	link = parsed(&m);
	assert_int_equal(link.peer.how, NET_HOW_UNRESOLVED);
	assert_int_equal(link.peer.index, 7);
	assert_int_equal(link.peer.nsid, 0);
	assert_int_equal(link.lower.how, NET_HOW_NONE);
}

static void peer_here_and_peer_without_a_number_differ(void **state)
{
	struct message m;

	(void)state;
	link_begin(&m, 2, "a");
	mnl_attr_put_u32(m.head, IFLA_LINK, 3);
	put_kind(&m, "veth");
	assert_int_equal(parsed(&m).peer.nsid, NSID_NONE);
	link_begin(&m, 2, "a");
	mnl_attr_put_u32(m.head, IFLA_LINK, 3);
	mnl_attr_put_u32(m.head, IFLA_LINK_NETNSID, (uint32_t)-1);
	put_kind(&m, "veth");
	assert_int_equal(parsed(&m).peer.nsid, NSID_UNASSIGNED);
}

static void macvlan_stands_on_a_link(void **state)
{
	struct net_link link;
	struct message m;
	struct nlattr *info, *data;

	(void)state;
	link_begin(&m, 5, "mv0");
	mnl_attr_put_u32(m.head, IFLA_LINK, 2);
	mnl_attr_put_u32(m.head, IFLA_LINK_NETNSID, 3);
	info = mnl_attr_nest_start(m.head, IFLA_LINKINFO);
	mnl_attr_put_strz(m.head, IFLA_INFO_KIND, "macvlan");
	data = mnl_attr_nest_start(m.head, IFLA_INFO_DATA);
	mnl_attr_put_u32(m.head, IFLA_MACVLAN_MODE, MACVLAN_MODE_BRIDGE);
	mnl_attr_nest_end(m.head, data);
	mnl_attr_nest_end(m.head, info);
	link = parsed(&m);
	assert_int_equal(link.lower.index, 2);
	assert_int_equal(link.lower.nsid, 3);
	assert_int_equal(link.peer.how, NET_HOW_NONE);
	assert_string_equal(net_link_detail(&link, "mode")->text, "bridge");
	assert_int_equal(net_link_detail(&link, "mode")->num, MACVLAN_MODE_BRIDGE);
}

/* IFLA_LINK of a VXLAN device is its own number; what it is bound to stands among its values. */
static void vxlan_says_where_it_stands_in_its_own_values(void **state)
{
	struct net_link link;
	struct message m;
	struct nlattr *info, *data;

	(void)state;
	link_begin(&m, 9, "vx");
	mnl_attr_put_u32(m.head, IFLA_LINK, 9);
	mnl_attr_put_u32(m.head, IFLA_LINK_NETNSID, 1);
	info = mnl_attr_nest_start(m.head, IFLA_LINKINFO);
	mnl_attr_put_strz(m.head, IFLA_INFO_KIND, "vxlan");
	data = mnl_attr_nest_start(m.head, IFLA_INFO_DATA);
	mnl_attr_put_u32(m.head, IFLA_VXLAN_ID, 42);
	mnl_attr_put_u32(m.head, IFLA_VXLAN_LINK, 4);
	mnl_attr_put_u16(m.head, IFLA_VXLAN_PORT, htons(4789));
	put_ip(&m, IFLA_VXLAN_GROUP, "10.0.0.9");
	mnl_attr_nest_end(m.head, data);
	mnl_attr_nest_end(m.head, info);
	link = parsed(&m);
	assert_int_equal(link.lower.index, 4);
	assert_int_equal(link.lower.nsid, 1);
	assert_int_equal(net_link_detail(&link, "id")->num, 42);
	assert_int_equal(net_link_detail(&link, "port")->num, 4789);
	assert_int_equal(net_link_detail(&link, "remote")->ip.bytes[3], 9);
	assert_null(net_link_detail(&link, "local"));
}

static void port_of_a_bridge_has_a_state(void **state)
{
	struct net_link link;
	struct message m;
	struct nlattr *info, *data;

	(void)state;
	link_begin(&m, 3, "veth3a");
	mnl_attr_put_u32(m.head, IFLA_MASTER, 2);
	info = mnl_attr_nest_start(m.head, IFLA_LINKINFO);
	mnl_attr_put_strz(m.head, IFLA_INFO_KIND, "veth");
	mnl_attr_put_strz(m.head, IFLA_INFO_SLAVE_KIND, "bridge");
	data = mnl_attr_nest_start(m.head, IFLA_INFO_SLAVE_DATA);
	mnl_attr_put_u8(m.head, IFLA_BRPORT_STATE, 4);
	mnl_attr_put_u8(m.head, IFLA_BRPORT_ISOLATED, 1);
	mnl_attr_nest_end(m.head, data);
	mnl_attr_nest_end(m.head, info);
	link = parsed(&m);
	assert_int_equal(link.master.index, 2);
	assert_int_equal(link.port_state, NET_PORT_BLOCKING);
	assert_string_equal(net_link_port_detail(&link, "state")->text, "blocking");
	assert_int_equal(net_link_port_detail(&link, "isolated")->type, NET_DETAIL_BOOL);
	assert_int_equal(net_link_port_detail(&link, "isolated")->num, 1);
}

static void sysctls_come_with_the_link(void **state)
{
	int32_t conf4[IPV4_DEVCONF_MAX] = { 0 }, conf6[60] = { 0 };
	struct nlattr *spec, *family;
	struct net_link link;
	struct message m;

	(void)state;
	conf4[IPV4_DEVCONF_FORWARDING - 1] = 1;
	conf4[IPV4_DEVCONF_RP_FILTER - 1] = 2;
	conf6[26] = 1;
	link_begin(&m, 3, "a");
	spec = mnl_attr_nest_start(m.head, IFLA_AF_SPEC);
	family = mnl_attr_nest_start(m.head, AF_INET);
	mnl_attr_put(m.head, IFLA_INET_CONF, sizeof(conf4), conf4);
	mnl_attr_nest_end(m.head, family);
	family = mnl_attr_nest_start(m.head, AF_INET6);
	mnl_attr_put(m.head, IFLA_INET6_CONF, sizeof(conf6), conf6);
	mnl_attr_nest_end(m.head, family);
	mnl_attr_nest_end(m.head, spec);
	link = parsed(&m);
	assert_true(link.conf4.known);
	assert_int_equal(link.conf4.forwarding, 1);
	assert_int_equal(link.conf4.rp_filter, 2);
	assert_int_equal(link.conf4.arp_ignore, 0);
	assert_true(link.conf6.known);
	assert_int_equal(link.conf6.disable_ipv6, 1);
}

static void alternative_names_are_all_there(void **state)
{
	struct nlattr *list;
	struct net_link link;
	struct message m;

	(void)state;
	link_begin(&m, 3, "a");
	list = mnl_attr_nest_start(m.head, IFLA_PROP_LIST);
	mnl_attr_put_strz(m.head, IFLA_ALT_IFNAME, "one");
	mnl_attr_put_strz(m.head, IFLA_ALT_IFNAME, "two");
	mnl_attr_nest_end(m.head, list);
	link = parsed(&m);
	assert_string_equal(link.altnames[0], "one");
	assert_string_equal(link.altnames[1], "two");
	assert_null(link.altnames[2]);
}

static void malformed_link_is_refused(void **state)
{
	struct net_link link;
	struct message m;

	(void)state;
	message_begin(&m, RTM_NEWLINK, 4);
	assert_int_equal(link_parse(m.head, &arena, &link), -EPROTO);
	link_begin(&m, 0, "a");
	assert_int_equal(link_parse(m.head, &arena, &link), -EPROTO);
	link_begin(&m, 1, "a")->ifi_index = -5;
	assert_int_equal(link_parse(m.head, &arena, &link), -EPROTO);
	link_begin(&m, 1, "a");
	m.head->nlmsg_type = RTM_DELLINK;
	assert_int_equal(link_parse(m.head, &arena, &link), -ENOENT);
}

static void attribute_that_leads_out_ends_them(void **state)
{
	struct net_link link;
	struct message m;
	struct nlattr *last;

	(void)state;
	link_begin(&m, 1, "a");
	last = mnl_nlmsg_get_payload_tail(m.head);
	mnl_attr_put_u32(m.head, IFLA_MTU, 1500);
	last->nla_len = 60000;
	link = parsed(&m);
	assert_string_equal(link.name, "a");
	assert_int_equal(link.mtu, 0);
}

static void vlans_are_single_or_ranges(void **state)
{
	const struct bridge_vlan_info info[] = {
		{ BRIDGE_VLAN_INFO_PVID | BRIDGE_VLAN_INFO_UNTAGGED, 1 },
		{ BRIDGE_VLAN_INFO_RANGE_BEGIN, 10 },
		{ BRIDGE_VLAN_INFO_RANGE_END, 20 },
		{ 0, 30 },
	};
	struct vec vlans = VEC(struct net_vlan);
	const struct net_vlan *v;
	struct nlattr *spec;
	struct message m;
	uint32_t index;

	(void)state;
	link_begin(&m, 3, "a")->ifi_family = AF_BRIDGE;
	spec = mnl_attr_nest_start(m.head, IFLA_AF_SPEC);
	for (size_t i = 0; i < 4; i++)
		mnl_attr_put(m.head, IFLA_BRIDGE_VLAN_INFO, sizeof(info[i]), &info[i]);
	mnl_attr_nest_end(m.head, spec);
	assert_int_equal(vlans_parse(m.head, &vlans, &index), 0);
	assert_int_equal(index, 3);
	assert_int_equal(vlans.n, 3);
	v = vlans.at;
	assert_true(v[0].first == 1 && v[0].last == 1 && v[0].pvid && v[0].untagged);
	assert_true(v[1].first == 10 && v[1].last == 20 && !v[1].pvid && !v[1].untagged);
	assert_true(v[2].first == 30 && v[2].last == 30);
	vec_release(&vlans);
}

/* The operational state follows the flags and the carrier after a while. */
static void state_that_lags_does_not_count(void **state)
{
	struct net_link link = { .flags = IFF_UP | NET_IFF_LOWER_UP,
				 .oper = NET_OPER_DOWN,
				 .carrier_known = true,
				 .carrier = true };

	(void)state;
	assert_true(net_link_is_up(&link));
	link.oper = NET_OPER_UP;
	link.carrier = false;
	assert_false(net_link_is_up(&link));
	link.carrier = true;
	link.flags |= NET_IFF_DORMANT;
	assert_false(net_link_is_up(&link));
	link.flags = NET_IFF_LOWER_UP;
	assert_false(net_link_is_up(&link));
}

#define CASE(name) cmocka_unit_test_teardown(name, release)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(plain_card_has_its_numbers),
		CASE(veth_has_a_peer_and_nothing_below),
		CASE(peer_here_and_peer_without_a_number_differ),
		CASE(macvlan_stands_on_a_link),
		CASE(vxlan_says_where_it_stands_in_its_own_values),
		CASE(port_of_a_bridge_has_a_state),
		CASE(sysctls_come_with_the_link),
		CASE(alternative_names_are_all_there),
		CASE(malformed_link_is_refused),
		CASE(attribute_that_leads_out_ends_them),
		CASE(vlans_are_single_or_ranges),
		CASE(state_that_lags_does_not_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
