/* SPDX-License-Identifier: MIT */
/* WireGuard links, tc and XDP from messages put together by hand: no kernel need have them. */
#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <linux/genetlink.h>
#include <linux/wireguard.h>

#include "../../../src/net/parse.h"
#include "../../../src/net/uapi.h"
#include "message.h"

static struct arena arena;
static struct message m;
static struct wg_device device;
static struct nlattr *peers;

static int setup(void **state)
{
	(void)state;
	device = (struct wg_device){ .peers = VEC(struct wg_peer),
				     .allowed = VEC(struct net_allowed) };
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	vec_release(&device.peers);
	vec_release(&device.allowed);
	arena_release(&arena);
	return 0;
}

static void put_key(uint16_t type, uint8_t fill)
{
	uint8_t key[NET_KEY];

	memset(key, fill, sizeof(key));
	mnl_attr_put(m.head, type, sizeof(key), key);
}

static void device_begin(void)
{
	struct genlmsghdr *msg = message_begin(&m, 30, sizeof(*msg));

	msg->cmd = WG_CMD_GET_DEVICE;
	mnl_attr_put_u32(m.head, WGDEVICE_A_IFINDEX, 3);
	put_key(WGDEVICE_A_PRIVATE_KEY, 0xee);
	put_key(WGDEVICE_A_PUBLIC_KEY, 1);
	mnl_attr_put_u16(m.head, WGDEVICE_A_LISTEN_PORT, 51820);
	peers = mnl_attr_nest_start(m.head, WGDEVICE_A_PEERS);
}

static struct nlattr *peer_begin(uint8_t key, const char *endpoint)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(1234) };
	struct nlattr *peer = mnl_attr_nest_start(m.head, 0);

	put_key(WGPEER_A_PUBLIC_KEY, key);
	put_key(WGPEER_A_PRESHARED_KEY, 0xdd);
	if (endpoint) {
		inet_pton(AF_INET, endpoint, &at.sin_addr);
		mnl_attr_put(m.head, WGPEER_A_ENDPOINT, sizeof(at), &at);
	}
	mnl_attr_put_u64(m.head, WGPEER_A_RX_BYTES, 99);
	return peer;
}

static void put_allowed(const char *ip, uint8_t len, uint16_t family)
{
	struct nlattr *one = mnl_attr_nest_start(m.head, 0);

	mnl_attr_put_u16(m.head, WGALLOWEDIP_A_FAMILY, family);
	put_ip(&m, WGALLOWEDIP_A_IPADDR, ip);
	mnl_attr_put_u8(m.head, WGALLOWEDIP_A_CIDR_MASK, len);
	mnl_attr_nest_end(m.head, one);
}

static void peer_end(struct nlattr *peer)
{
	mnl_attr_nest_end(m.head, peer);
}

static int device_end(void)
{
	mnl_attr_nest_end(m.head, peers);
	return wireguard_parse(m.head, &device);
}

static void keys_endpoint_and_allowed_ips_are_kept(void **state)
{
	char key[NET_KEY_TEXT], ip[NET_IP_TEXT];
	const struct net_wireguard *wg;
	struct nlattr *peer, *allowed;

	(void)state;
	device_begin();
	peer = peer_begin(2, "192.0.2.1");
	allowed = mnl_attr_nest_start(m.head, WGPEER_A_ALLOWEDIPS);
	put_allowed("10.0.0.0", 8, AF_INET);
	put_allowed("fd00::", 64, AF_INET6);
	mnl_attr_nest_end(m.head, allowed);
	peer_end(peer);
	assert_int_equal(device_end(), 0);
	wg = wireguard_keep(&device, &arena);
	assert_true(wg->has_key);
	assert_string_equal(net_key_text(wg->key, key),
			    "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=");
	assert_int_equal(wg->port, 51820);
	assert_int_equal(wg->npeers, 1);
	assert_string_equal(net_ip_text(&wg->peers[0].endpoint, ip), "192.0.2.1");
	assert_int_equal(wg->peers[0].port, 1234);
	assert_int_equal(wg->peers[0].rx_bytes, 99);
	assert_int_equal(wg->peers[0].handshake, 0);
	assert_int_equal(wg->peers[0].nallowed, 2);
	assert_string_equal(net_ip_text(&wg->peers[0].allowed[1].ip, ip), "fd00::");
	assert_int_equal(wg->peers[0].allowed[1].len, 64);
}

static bool has_byte(const void *data, size_t len, uint8_t byte)
{
	size_t run = 0;

	for (size_t i = 0; i < len; i++) {
		run = ((const uint8_t *)data)[i] == byte ? run + 1 : 0;
		if (run >= 8)
			return true;
	}
	return false;
}

static void no_private_key_is_kept(void **state)
{
	const struct net_wireguard *wg;
	struct nlattr *peer;

	(void)state;
	device_begin();
	peer = peer_begin(2, NULL);
	peer_end(peer);
	assert_int_equal(device_end(), 0);
	wg = wireguard_keep(&device, &arena);
	assert_false(has_byte(wg, sizeof(*wg), 0xee));
	assert_false(has_byte(wg->peers, sizeof(*wg->peers), 0xdd));
	assert_int_equal(wg->peers[0].endpoint.family, 0);
}

static void peer_goes_on_in_the_next_message(void **state)
{
	const struct net_wireguard *wg;
	struct nlattr *peer, *allowed;

	(void)state;
	for (int i = 0; i < 2; i++) {
		device_begin();
		if (i == 0)
			peer_end(peer_begin(7, "192.0.2.7"));
		peer = peer_begin(8, "192.0.2.8");
		allowed = mnl_attr_nest_start(m.head, WGPEER_A_ALLOWEDIPS);
		put_allowed(i ? "10.1.0.0" : "10.0.0.0", 16, AF_INET);
		mnl_attr_nest_end(m.head, allowed);
		peer_end(peer);
		assert_int_equal(device_end(), 0);
	}
	wg = wireguard_keep(&device, &arena);
	assert_int_equal(wg->npeers, 2);
	assert_int_equal(wg->peers[0].nallowed, 0);
	assert_int_equal(wg->peers[1].nallowed, 2);
	assert_int_equal(wg->peers[1].allowed[1].ip.bytes[1], 1);
}

static void lying_lengths_are_malformed(void **state)
{
	struct nlattr *peer, *allowed;

	(void)state;
	device_begin();
	peer = peer_begin(2, NULL);
	allowed = mnl_attr_nest_start(m.head, WGPEER_A_ALLOWEDIPS);
	put_allowed("10.0.0.0", 33, AF_INET);
	put_allowed("10.0.0.0", 8, AF_INET6);
	mnl_attr_nest_end(m.head, allowed);
	peer_end(peer);
	assert_int_equal(device_end(), -EPROTO);
	assert_int_equal(device.allowed.n, 0);
	m.head->nlmsg_len = sizeof(*m.head) + 2;
	assert_int_equal(wireguard_parse(m.head, &device), -EPROTO);
}

static void qdiscs_and_filters_are_told(void **state)
{
	struct net_qdisc q;
	struct tcmsg *msg;
	uint32_t index;
	const char *kind;

	(void)state;
	msg = message_begin(&m, RTM_NEWQDISC, sizeof(*msg));
	msg->tcm_ifindex = 4;
	msg->tcm_handle = 0xffff0000;
	mnl_attr_put_strz(m.head, TCA_KIND, "clsact");
	assert_int_equal(qdisc_parse(m.head, &arena, &index, &q), 0);
	assert_int_equal(index, 4);
	assert_string_equal(q.kind, "clsact");
	msg = message_begin(&m, RTM_NEWTFILTER, sizeof(*msg));
	mnl_attr_put_strz(m.head, TCA_KIND, "u32");
	assert_int_equal(tc_filter_parse(m.head, &arena, &kind), 0);
	assert_null(kind);
	mnl_attr_put_u32(m.head, TCA_OPTIONS, 0);
	assert_int_equal(tc_filter_parse(m.head, &arena, &kind), 0);
	assert_string_equal(kind, "u32");
	m.head->nlmsg_len = sizeof(*m.head) + 4;
	assert_int_equal(tc_filter_parse(m.head, &arena, &kind), -EPROTO);
}

static void xdp_is_told_with_its_program(void **state)
{
	struct net_link link;
	struct nlattr *xdp;

	(void)state;
	link_begin(&m, 2, "eth0");
	xdp = mnl_attr_nest_start(m.head, IFLA_XDP);
	mnl_attr_put_u8(m.head, IFLA_XDP_ATTACHED, XDP_ATTACHED_SKB);
	mnl_attr_put_u32(m.head, IFLA_XDP_PROG_ID, 77);
	mnl_attr_nest_end(m.head, xdp);
	assert_int_equal(link_parse(m.head, &arena, &link), 0);
	assert_int_equal(link.xdp, NET_XDP_GENERIC);
	assert_int_equal(link.xdp_prog, 77);
	link_begin(&m, 2, "eth0");
	assert_int_equal(link_parse(m.head, &arena, &link), 0);
	assert_int_equal(link.xdp, NET_XDP_NONE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(keys_endpoint_and_allowed_ips_are_kept),
		TEST(no_private_key_is_kept),
		TEST(peer_goes_on_in_the_next_message),
		TEST(lying_lengths_are_malformed),
		TEST(qdiscs_and_filters_are_told),
		TEST(xdp_is_told_with_its_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
