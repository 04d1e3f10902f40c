/* SPDX-License-Identifier: MIT */
/* Dumps that are interrupted, overrun, refused, or never answered. */
// wrap: mnl_socket_sendto mnl_socket_recvfrom
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../../src/net/netlink.h"
#include "message.h"
#include "wrap_mnl.h"

/* What the fake kernel answers each dump with: one record and the end, in one datagram. */
static struct {
	uint32_t seq, port;
	int dumps;	/* asked for so far */
	int torn;	/* the first so many are interrupted */
	int overruns;	/* the first so many lose something */
	int error;	/* NLMSG_ERROR with this */
	bool silent;	/* never answers */
	bool answered;	/* the dump under way */
	bool lost;	/* ... has had its overrun */
	int wrong_type; /* records have it */
} fake;

ssize_t __wrap_mnl_socket_sendto(const struct mnl_socket *nl, const void *buf, size_t len)
{
	fake.seq = ((const struct nlmsghdr *)buf)->nlmsg_seq;
	fake.port = mnl_socket_get_portid(nl);
	fake.dumps++;
	fake.answered = fake.lost = false;
	return (ssize_t)len;
}

static size_t put(char *at, unsigned type, unsigned flags, int value)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(at);

	nlh->nlmsg_type = (uint16_t)type;
	nlh->nlmsg_flags = (uint16_t)flags;
	nlh->nlmsg_seq = fake.seq;
	nlh->nlmsg_pid = fake.port;
	if (type == NLMSG_ERROR)
		((struct nlmsgerr *)mnl_nlmsg_put_extra_header(nlh, sizeof(struct nlmsgerr)))
			->error = value;
	else
		*(int *)mnl_nlmsg_put_extra_header(nlh, sizeof(int)) = value;
	return nlh->nlmsg_len;
}

ssize_t __wrap_mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf, size_t size)
{
	unsigned flags = NLM_F_MULTI | (fake.dumps <= fake.torn ? NLM_F_DUMP_INTR : 0);
	size_t len;

	(void)nl;
	(void)size;
	if (fake.silent || fake.answered) {
		errno = EAGAIN;
		return -1;
	}
	if (fake.dumps <= fake.overruns && !fake.lost) {
		fake.lost = true;
		errno = ENOBUFS;
		return -1;
	}
	fake.answered = true;
	if (fake.error)
		return (ssize_t)put(buf, NLMSG_ERROR, 0, fake.error);
	len = put(buf, RTM_NEWLINK, flags, fake.dumps);
	return (ssize_t)(len + put((char *)buf + len, NLMSG_DONE, flags, 0));
}

static struct arena arena;
static int records, last;

static int take(const struct nlmsghdr *nlh, void *ctx)
{
	(void)ctx;
	records++;
	last = *(const int *)mnl_nlmsg_get_payload(nlh);
	return fake.wrong_type ? -EPROTO : 0;
}

static void forget(void *ctx)
{
	(void)ctx;
	records = 0;
}

static struct net_known dump(unsigned patience_ms)
{
	struct net_known known;
	struct nl_request request;
	struct nl_conn conn;

	assert_int_equal(nl_open(&conn, NETLINK_ROUTE, nl_now() + patience_ms), 0);
	nl_begin(&request, RTM_GETLINK, NLM_F_DUMP, sizeof(struct ifinfomsg));
	nl_dump(&conn, &request, take, forget, NULL, &arena, &known);
	nl_close(&conn);
	return known;
}

static int reset(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof(fake));
	records = last = 0;
	return 0;
}

static int release(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static void whole_dump_is_known(void **state)
{
	struct net_known known = dump(5000);

	(void)state;
	assert_int_equal(known.fact.state, FACT_KNOWN);
	assert_false(known.torn);
	assert_int_equal(records, 1);
	assert_int_equal(fake.dumps, 1);
}

static void interrupted_dump_is_asked_for_again(void **state)
{
	struct net_known known;

	(void)state;
	fake.torn = 2;
	known = dump(5000);
	assert_int_equal(known.fact.state, FACT_KNOWN);
	assert_false(known.torn);
	/* Only those of the last one count. */
	assert_int_equal(records, 1);
	assert_int_equal(last, 3);
}

static void dump_that_never_holds_still_is_kept_and_marked(void **state)
{
	struct net_known known;

	(void)state;
	fake.torn = 1000;
	known = dump(5000);
	assert_int_equal(known.fact.state, FACT_KNOWN);
	assert_true(known.torn);
	assert_non_null(known.why);
	assert_int_equal(fake.dumps, NL_DUMP_TRIES);
	assert_int_equal(records, 1);
}

static void overrun_is_asked_for_again(void **state)
{
	struct net_known known;

	(void)state;
	fake.overruns = 1;
	known = dump(5000);
	assert_false(known.torn);
	assert_int_equal(fake.dumps, 2);
}

static void refusal_is_the_fact(void **state)
{
	struct net_known known;

	(void)state;
	fake.error = -EPERM;
	known = dump(5000);
	assert_int_equal(known.fact.state, FACT_DENIED);
	assert_int_equal(known.fact.error, -EPERM);
	assert_int_equal(fake.dumps, 1);
	assert_int_equal(records, 0);
}

static void silence_ends_at_the_deadline(void **state)
{
	uint64_t start = nl_now();
	struct net_known known;

	(void)state;
	fake.silent = true;
	known = dump(40);
	assert_int_equal(known.fact.error, -ETIMEDOUT);
	assert_string_equal(fact_why(known.fact), "took too long");
	assert_true(nl_now() >= start + 40);
	assert_int_equal(fake.dumps, 1);
}

static void records_that_are_not_understood_are_counted(void **state)
{
	struct net_known known;

	(void)state;
	fake.wrong_type = 1;
	known = dump(5000);
	assert_int_equal(known.fact.state, FACT_KNOWN);
	assert_int_equal(known.missing, 1);
	assert_non_null(known.why);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, reset, release)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(whole_dump_is_known),
		CASE(interrupted_dump_is_asked_for_again),
		CASE(dump_that_never_holds_still_is_kept_and_marked),
		CASE(overrun_is_asked_for_again),
		CASE(refusal_is_the_fact),
		CASE(silence_ends_at_the_deadline),
		CASE(records_that_are_not_understood_are_counted),
	};

	wrap_mnl();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
