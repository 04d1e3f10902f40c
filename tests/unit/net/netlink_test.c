/* SPDX-License-Identifier: MIT */
/* Replies as bytes: what ends them, what is skipped, what is malformed; bounded requests. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../../src/net/inside.h"
#include "message.h"

enum { SEQ = 77, PORT = 4711 };

/* A datagram of several messages. */
static struct {
	char bytes[4096] __attribute__((aligned(NLMSG_ALIGNTO)));
	size_t len;
} datagram;

static struct nlmsghdr *append(unsigned type, unsigned flags, const void *payload, size_t len)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(datagram.bytes + datagram.len);

	nlh->nlmsg_type = (uint16_t)type;
	nlh->nlmsg_flags = (uint16_t)flags;
	nlh->nlmsg_seq = SEQ;
	nlh->nlmsg_pid = PORT;
	memcpy(mnl_nlmsg_put_extra_header(nlh, len), payload, len);
	datagram.len += NLMSG_ALIGN(nlh->nlmsg_len);
	return nlh;
}

static int reset(void **state)
{
	(void)state;
	memset(&datagram, 0, sizeof(datagram));
	return 0;
}

static int count(const struct nlmsghdr *nlh, void *ctx)
{
	(void)nlh;
	++*(int *)ctx;
	return 0;
}

static int refuse(const struct nlmsghdr *nlh, void *ctx)
{
	count(nlh, ctx);
	return -EPROTO;
}

static int parse(struct nl_reply *reply, int *taken)
{
	*taken = 0;
	*reply = (struct nl_reply){ 0 };
	return nl_parse(datagram.bytes, datagram.len, SEQ, PORT, count, taken, reply);
}

static void dump_ends_with_done(void **state)
{
	struct nl_reply reply;
	int taken, zero = 0;

	(void)state;
	append(RTM_NEWLINK, NLM_F_MULTI, "abcd", 4);
	append(RTM_NEWLINK, NLM_F_MULTI, "abcd", 4);
	assert_int_equal(parse(&reply, &taken), 0);
	assert_int_equal(taken, 2);
	assert_false(reply.done);
	append(NLMSG_DONE, NLM_F_MULTI, &zero, sizeof(zero));
	assert_int_equal(parse(&reply, &taken), 0);
	assert_true(reply.done);
	assert_int_equal(reply.error, 0);
	assert_false(reply.interrupted);
}

static void single_answer_is_its_own_end(void **state)
{
	struct nl_reply reply;
	int taken;

	(void)state;
	append(RTM_NEWNSID, 0, "abcd", 4);
	assert_int_equal(parse(&reply, &taken), 0);
	assert_int_equal(taken, 1);
	assert_true(reply.done);
}

static void dump_may_fail_at_its_end(void **state)
{
	struct nl_reply reply;
	int taken, error = -EPERM;

	(void)state;
	append(NLMSG_DONE, NLM_F_MULTI, &error, sizeof(error));
	assert_int_equal(parse(&reply, &taken), 0);
	assert_true(reply.done);
	assert_int_equal(reply.error, -EPERM);
}

static void interrupted_dump_is_noticed(void **state)
{
	struct nl_reply reply;
	int taken;

	(void)state;
	append(RTM_NEWLINK, NLM_F_MULTI | NLM_F_DUMP_INTR, "abcd", 4);
	assert_int_equal(parse(&reply, &taken), 0);
	assert_true(reply.interrupted);
}

static void what_answers_something_else_is_skipped(void **state)
{
	struct nl_reply reply;
	int taken;

	(void)state;
	append(RTM_NEWLINK, NLM_F_MULTI, "abcd", 4)->nlmsg_seq = SEQ - 1;
	append(RTM_NEWLINK, NLM_F_MULTI, "abcd", 4)->nlmsg_pid = 0;
	assert_int_equal(parse(&reply, &taken), 0);
	assert_int_equal(taken, 0);
	assert_int_equal(reply.foreign, 2);
}

static void malformed_records_are_counted(void **state)
{
	struct nl_reply reply = { 0 };
	int taken = 0;

	(void)state;
	append(RTM_NEWLINK, NLM_F_MULTI, "abcd", 4);
	append(RTM_NEWLINK, NLM_F_MULTI, "abcd", 4);
	assert_int_equal(nl_parse(datagram.bytes, datagram.len, SEQ, PORT, refuse, &taken, &reply),
			 0);
	assert_int_equal(taken, 2);
	assert_int_equal(reply.malformed, 2);
}

static void lying_length_ends_it(void **state)
{
	struct nl_reply reply;
	int taken;

	(void)state;
	append(RTM_NEWLINK, NLM_F_MULTI, "abcd", 4)->nlmsg_len = 9999;
	assert_int_equal(parse(&reply, &taken), -EPROTO);
	assert_int_equal(taken, 0);
	reset(NULL);
	append(RTM_NEWLINK, NLM_F_MULTI, "abcd", 4)->nlmsg_len = 3;
	assert_int_equal(parse(&reply, &taken), -EPROTO);
	reset(NULL);
	append(RTM_NEWLINK, NLM_F_MULTI, "abcd", 4)->nlmsg_len = 0xfffffff0;
	assert_int_equal(parse(&reply, &taken), -EPROTO);
	assert_int_equal(taken, 0);
}

static void kernels_words_are_kept_as_they_are(void **state)
{
	struct nl_reply reply;
	struct nlmsgerr e = { .error = -EINVAL };
	struct nlmsghdr *nlh;
	int taken;

	(void)state;
	e.msg.nlmsg_len = sizeof(e.msg);
	nlh = append(NLMSG_ERROR, NLM_F_CAPPED | NLM_F_ACK_TLVS, &e, sizeof(e));
	mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, "No \033[31msuch");
	datagram.len = NLMSG_ALIGN(nlh->nlmsg_len);
	assert_int_equal(parse(&reply, &taken), 0);
	assert_true(reply.done);
	assert_int_equal(reply.error, -EINVAL);
	assert_string_equal(reply.words, "No \x1b[31msuch");
}

static void words_behind_the_whole_request_are_found(void **state)
{
	struct nl_reply reply;
	struct {
		struct nlmsgerr e;
		char rest[8];
	} whole = { .e = { .error = -EINVAL } };
	struct nlmsghdr *nlh;
	int taken;

	(void)state;
	whole.e.msg.nlmsg_len = sizeof(whole.e.msg) + sizeof(whole.rest);
	nlh = append(NLMSG_ERROR, NLM_F_ACK_TLVS, &whole, sizeof(whole));
	mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, "reason");
	datagram.len = NLMSG_ALIGN(nlh->nlmsg_len);
	assert_int_equal(parse(&reply, &taken), 0);
	assert_string_equal(reply.words, "reason");
	/* And a length that leads out of the message leads nowhere. */
	((struct nlmsgerr *)mnl_nlmsg_get_payload(nlh))->msg.nlmsg_len = 0xfffffff0;
	assert_int_equal(parse(&reply, &taken), 0);
	assert_string_equal(reply.words, "");
}

static void impossible_error_is_a_protocol_error(void **state)
{
	struct nl_reply reply;
	int taken, error = 17;

	(void)state;
	append(NLMSG_DONE, NLM_F_MULTI, &error, sizeof(error));
	parse(&reply, &taken);
	assert_int_equal(reply.error, -EPROTO);
}

static void request_does_not_outgrow_its_room(void **state)
{
	struct nl_request r;
	char name[200];

	(void)state;
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	nl_begin(&r, RTM_GETLINK, NLM_F_DUMP, sizeof(struct ifinfomsg));
	nl_put_text(&r, IFLA_IFNAME, name);
	assert_false(r.full);
	nl_put_text(&r, IFLA_IFNAME, name);
	nl_put_text(&r, IFLA_IFNAME, name);
	assert_true(r.full);
	assert_true(r.head->nlmsg_len <= sizeof(r.room));
}

static void values_of_another_size_are_none(void **state)
{
	struct message m;
	nl_attrs tb[8];
	uint32_t value = 5;
	struct net_ip ip = { 0 };

	(void)state;
	message_begin(&m, RTM_NEWLINK, 4);
	mnl_attr_put_u16(m.head, 1, 7);
	mnl_attr_put(m.head, 2, 5, "12345");
	mnl_attr_put_u32(m.head, 3, 9);
	nl_attrs_get(m.head, 4, tb, 8);
	assert_false(nl_u32(tb[1], &value));
	assert_false(nl_u32(tb[5], &value));
	assert_int_equal(value, 5);
	assert_false(nl_ip(tb[2], &ip));
	assert_int_equal(ip.family, 0);
	assert_true(nl_u32(tb[3], &value));
	assert_int_equal(value, 9);
}

static void text_ends_at_its_attribute(void **state)
{
	struct arena arena = ARENA_INIT;
	struct message m;
	nl_attrs tb[4];

	(void)state;
	message_begin(&m, RTM_NEWLINK, 4);
	mnl_attr_put(m.head, 1, 4, "veth");
	mnl_attr_put(m.head, 2, 6, "a\0bcd");
	nl_attrs_get(m.head, 4, tb, 4);
	assert_string_equal(nl_text(tb[1], &arena), "veth");
	assert_string_equal(nl_text(tb[2], &arena), "a");
	assert_null(nl_text(tb[3], &arena));
	arena_release(&arena);
}

static void texts_are_found_by_name_and_end_where_cut(void **state)
{
	struct buffer texts = BUFFER_INIT;
	struct span all, value;
	struct {
		int error;
		uint32_t len;
	} head = { 0, 3 };

	(void)state;
	buffer_append(&texts, "a", 2);
	buffer_append(&texts, &head, sizeof(head));
	buffer_text(&texts, "one");
	head.error = -EACCES;
	head.len = 0;
	buffer_append(&texts, "b", 2);
	buffer_append(&texts, &head, sizeof(head));
	all = (struct span){ texts.data, texts.len };
	assert_int_equal(texts_find(all, "a", &value), 0);
	assert_int_equal(value.len, 3);
	assert_memory_equal(value.data, "one", 3);
	assert_int_equal(texts_find(all, "b", &value), -EACCES);
	assert_int_equal(texts_find(all, "c", &value), -ENOENT);
	for (size_t len = 0; len < 2 + sizeof(head) + 3; len++)
		assert_int_equal(texts_find((struct span){ texts.data, len }, "a", &value),
				 -ENOENT);
	buffer_release(&texts);
}

#define CASE(name) cmocka_unit_test_setup(name, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(dump_ends_with_done),
		CASE(single_answer_is_its_own_end),
		CASE(dump_may_fail_at_its_end),
		CASE(interrupted_dump_is_noticed),
		CASE(what_answers_something_else_is_skipped),
		CASE(malformed_records_are_counted),
		CASE(lying_length_ends_it),
		CASE(kernels_words_are_kept_as_they_are),
		CASE(words_behind_the_whole_request_are_found),
		CASE(impossible_error_is_a_protocol_error),
		CASE(request_does_not_outgrow_its_room),
		CASE(values_of_another_size_are_none),
		CASE(text_ends_at_its_attribute),
		CASE(texts_are_found_by_name_and_end_where_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
