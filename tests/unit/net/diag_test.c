/* SPDX-License-Identifier: MIT */
/* Sockets as sock_diag and /proc/net/raw tell them. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <linux/inet_diag.h>
#include <linux/packet_diag.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>

#include "../../../src/net/parse.h"
#include "message.h"

static struct arena arena;

static int release(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static struct inet_diag_msg *inet_begin(struct message *m, uint8_t family)
{
	struct inet_diag_msg *msg = message_begin(m, SOCK_DIAG_BY_FAMILY, sizeof(*msg));

	msg->idiag_family = family;
	msg->idiag_state = 10;
	msg->id.idiag_sport = htons(80);
	msg->idiag_inode = 12345;
	msg->idiag_uid = 1000;
	return msg;
}

static void listener_has_a_port_and_no_other_end(void **state)
{
	struct net_socket s;
	struct message m;

	(void)state;
	inet_begin(&m, AF_INET);
	assert_int_equal(inet_diag_parse(m.head, NET_PROTO_TCP, &s), 0);
	assert_int_equal(s.state, NET_SOCKET_LISTEN);
	assert_int_equal(s.lport, 80);
	assert_true(s.wildcard);
	assert_int_equal(s.local.family, AF_INET);
	assert_int_equal(s.remote.family, 0);
	assert_int_equal(s.inode, 12345);
	assert_true(s.uid_known);
	assert_false(s.v6only_known);
}

static void connection_has_both_ends(void **state)
{
	struct net_socket s;
	struct message m;
	struct inet_diag_msg *msg = inet_begin(&m, AF_INET);

	(void)state;
	msg->idiag_state = 1;
	msg->id.idiag_dport = htons(4000);
	inet_pton(AF_INET, "10.0.0.1", msg->id.idiag_src);
	inet_pton(AF_INET, "10.0.0.2", msg->id.idiag_dst);
	msg->id.idiag_cookie[0] = 2;
	msg->id.idiag_cookie[1] = 1;
	assert_int_equal(inet_diag_parse(m.head, NET_PROTO_TCP, &s), 0);
	assert_false(s.wildcard);
	assert_int_equal(s.rport, 4000);
	assert_int_equal(s.remote.bytes[3], 2);
	assert_int_equal(s.cookie, UINT64_C(1) << 32 | 2);
	/* IPv4's four bytes alone are the address. */
	assert_int_equal(s.local.bytes[4], 0);
}

static void ipv6_may_say_that_it_takes_no_ipv4(void **state)
{
	struct net_socket s;
	struct message m;

	(void)state;
	inet_begin(&m, AF_INET6);
	mnl_attr_put_u8(m.head, INET_DIAG_SKV6ONLY, 1);
	assert_int_equal(inet_diag_parse(m.head, NET_PROTO_TCP, &s), 0);
	assert_true(s.v6only_known && s.v6only);
}

static void raw_socket_has_a_protocol_where_others_have_a_port(void **state)
{
	struct net_socket s;
	struct message m;

	(void)state;
	inet_begin(&m, AF_INET)->id.idiag_sport = htons(1);
	assert_int_equal(inet_diag_parse(m.head, NET_PROTO_RAW, &s), 0);
	assert_int_equal(s.lport, 0);
	assert_int_equal(s.protocol, 1);
}

static void short_or_foreign_message_is_refused(void **state)
{
	struct net_socket s;
	struct message m;

	(void)state;
	message_begin(&m, SOCK_DIAG_BY_FAMILY, sizeof(struct inet_diag_msg) - 1);
	assert_int_equal(inet_diag_parse(m.head, NET_PROTO_TCP, &s), -EPROTO);
	inet_begin(&m, AF_UNIX);
	assert_int_equal(inet_diag_parse(m.head, NET_PROTO_TCP, &s), -EPROTO);
	inet_begin(&m, AF_INET);
	assert_int_equal(unix_diag_parse(m.head, &arena, &s), -EPROTO);
	assert_int_equal(packet_diag_parse(m.head, &s), -EPROTO);
}

static void unix_names_are_paths_or_abstract(void **state)
{
	struct unix_diag_msg *msg;
	struct net_socket s;
	struct message m;

	(void)state;
	msg = message_begin(&m, SOCK_DIAG_BY_FAMILY, sizeof(*msg));
	msg->udiag_family = AF_UNIX;
	msg->udiag_ino = 7;
	mnl_attr_put(m.head, UNIX_DIAG_NAME, 7, "/run/x");
	mnl_attr_put_u32(m.head, UNIX_DIAG_PEER, 8);
	assert_int_equal(unix_diag_parse(m.head, &arena, &s), 0);
	assert_int_equal(s.path_len, 6);
	assert_string_equal(s.path, "/run/x");
	assert_int_equal(s.peer_inode, 8);
	msg = message_begin(&m, SOCK_DIAG_BY_FAMILY, sizeof(*msg));
	msg->udiag_family = AF_UNIX;
	mnl_attr_put(m.head, UNIX_DIAG_NAME, 5, "\0a\0b");
	assert_int_equal(unix_diag_parse(m.head, &arena, &s), 0);
	assert_int_equal(s.path_len, 5);
	assert_memory_equal(s.path, "\0a\0b", 5);
}

static int raw_line(const char *text, uint8_t family, struct net_socket *out)
{
	return raw_line_parse((struct span){ text, strlen(text) }, family, out);
}

static void raw_lines_are_read(void **state)
{
	struct net_socket s;

	(void)state;
	assert_int_equal(raw_line("  sl  local_address rem_address   st tx_queue", AF_INET, &s),
			 -ENOENT);
	assert_int_equal(
		raw_line("   1: 0100007F:0001 00000000:0000 07 00000000:00000010 00:00000000 "
			 "00000000     0        0 4242 2 0000000000000000 0",
			 AF_INET, &s),
		0);
	assert_int_equal(s.protocol, 1);
	assert_int_equal(s.local.family, AF_INET);
	assert_int_equal(s.local.bytes[0], 127);
	assert_int_equal(s.remote.family, 0);
	assert_int_equal(s.rqueue, 16);
	assert_int_equal(s.inode, 4242);
	assert_int_equal(s.state, NET_SOCKET_CLOSE);
	assert_int_equal(raw_line("   1: 0100007F:0001 00000000", AF_INET, &s), -EPROTO);
	assert_int_equal(
		raw_line("   1: 0100007F:0001 00000000:0000 07 00000000:00000010 00:00000000 "
			 "00000000     0        0 4242 2 0000000000000000 0",
			 AF_INET6, &s),
		-EPROTO);
}

#define CASE(name) cmocka_unit_test_teardown(name, release)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(listener_has_a_port_and_no_other_end),
		CASE(connection_has_both_ends),
		CASE(ipv6_may_say_that_it_takes_no_ipv4),
		CASE(raw_socket_has_a_protocol_where_others_have_a_port),
		CASE(short_or_foreign_message_is_refused),
		CASE(unix_names_are_paths_or_abstract),
		CASE(raw_lines_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
