/* SPDX-License-Identifier: MIT */
/* RTM_GETNSID: the request as it is sent, and replies as a kernel may give them. */
// wrap: mnl_socket_sendto mnl_socket_recvfrom
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>

#include <nsview/nsid.h>

#include "wrap_mnl.h"

enum { NS_FD = 19, NO_ATTR = -1000 };

/* One message of the queue that the fake kernel answers with. */
struct answer {
	int error;	 /* NLMSG_ERROR with this -errno */
	int fail;	 /* the receiving call fails with this errno */
	int32_t id;	 /* else RTM_NEWNSID, NO_ATTR: without the id */
	int32_t seq_off; /* how far it is from being the answer to the request */
	int32_t port_off;
	bool short_attr; /* the id has two bytes only */
};

static struct {
	char request[256];
	size_t request_len;
	int send_errno;
	const struct answer *answers;
	size_t n, at;
} fake;

ssize_t __wrap_mnl_socket_sendto(const struct mnl_socket *nl, const void *buf, size_t len)
{
	(void)nl;
	if (fake.send_errno) {
		errno = fake.send_errno;
		return -1;
	}
	assert_true(len <= sizeof(fake.request));
	memcpy(fake.request, buf, len);
	fake.request_len = len;
	return (ssize_t)len;
}

static void put_answer(struct nlmsghdr *nlh, const struct answer *a)
{
	if (a->error) {
		struct nlmsgerr *e = mnl_nlmsg_put_extra_header(nlh, sizeof(*e));

		nlh->nlmsg_type = NLMSG_ERROR;
		e->error = a->error;
		return;
	}
	nlh->nlmsg_type = RTM_NEWNSID;
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct rtgenmsg));
	/* One that must not be taken for the id. */
	mnl_attr_put_u32(nlh, NETNSA_TARGET_NSID, 99);
	if (a->short_attr)
		mnl_attr_put_u16(nlh, NETNSA_NSID, 7);
	else if (a->id != NO_ATTR)
		mnl_attr_put_u32(nlh, NETNSA_NSID, (uint32_t)a->id);
}

ssize_t __wrap_mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf, size_t size)
{
	const struct nlmsghdr *request = (const struct nlmsghdr *)(const void *)fake.request;
	const struct answer *a = &fake.answers[fake.at++];
	struct nlmsghdr *nlh;

	assert_true(fake.at <= fake.n);
	assert_true(size >= 1024);
	if (a->fail) {
		errno = a->fail;
		return -1;
	}
	memset(buf, 0, 1024);
	nlh = mnl_nlmsg_put_header(buf);
	nlh->nlmsg_seq = request->nlmsg_seq + (uint32_t)a->seq_off;
	nlh->nlmsg_pid = mnl_socket_get_portid(nl) + (uint32_t)a->port_off;
	put_answer(nlh, a);
	return (ssize_t)nlh->nlmsg_len;
}

static int ask(const struct answer *answers, size_t n, int32_t *out_id)
{
	struct nsid *nsid;
	int error = 0, ret;

	fake.answers = answers;
	fake.n = n;
	fake.at = 0;
	nsid = nsid_open(&error);
	assert_non_null(nsid);
	ret = nsid_get(nsid, NS_FD, out_id);
	nsid_close(nsid);
	return ret;
}

static int reset(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof(fake));
	return 0;
}

static void request_names_the_descriptor_and_assigns_nothing(void **state)
{
	static const struct answer answers[] = { { .id = 3 } };
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)(const void *)fake.request;
	const struct nlattr *attr = mnl_nlmsg_get_payload_offset(nlh, sizeof(struct rtgenmsg));
	int32_t id;

	(void)state;
	assert_int_equal(ask(answers, 1, &id), 0);
	assert_int_equal(nlh->nlmsg_type, RTM_GETNSID);
	assert_int_equal(nlh->nlmsg_flags, NLM_F_REQUEST);
	assert_int_not_equal(nlh->nlmsg_seq, 0);
	assert_int_equal(mnl_attr_get_type(attr), NETNSA_FD);
	assert_int_equal(mnl_attr_get_u32(attr), NS_FD);
	assert_int_equal(nlh->nlmsg_len, fake.request_len);
}

static void assigned_id_is_given(void **state)
{
	static const struct answer answers[] = { { .id = 42 } };
	int32_t id = -5;

	(void)state;
	assert_int_equal(ask(answers, 1, &id), 0);
	assert_int_equal(id, 42);
}

static void id_zero_is_an_id(void **state)
{
	static const struct answer answers[] = { { .id = 0 } };
	int32_t id = -5;

	(void)state;
	assert_int_equal(ask(answers, 1, &id), 0);
	assert_int_equal(id, 0);
}

static void minus_one_means_none_assigned(void **state)
{
	static const struct answer answers[] = { { .id = NETNSA_NSID_NOT_ASSIGNED } };
	int32_t id = -5;

	(void)state;
	assert_int_equal(ask(answers, 1, &id), -ENOENT);
	assert_int_equal(id, -5);
}

static void error_of_the_kernel_is_passed_on(void **state)
{
	static const struct answer answers[] = { { .error = -EPERM } };
	int32_t id;

	(void)state;
	assert_int_equal(ask(answers, 1, &id), -EPERM);
}

static void failing_calls_are_passed_on(void **state)
{
	static const struct answer answers[] = { { .fail = ENOBUFS } };
	int32_t id;

	(void)state;
	assert_int_equal(ask(answers, 1, &id), -ENOBUFS);
	fake.send_errno = EACCES;
	assert_int_equal(ask(answers, 1, &id), -EACCES);
}

static void interrupted_call_is_repeated(void **state)
{
	static const struct answer answers[] = { { .fail = EINTR }, { .id = 8 } };
	int32_t id;

	(void)state;
	assert_int_equal(ask(answers, 2, &id), 0);
	assert_int_equal(id, 8);
}

static void messages_that_answer_something_else_are_skipped(void **state)
{
	static const struct answer answers[] = {
		{ .id = 1, .seq_off = -1 },
		{ .id = 2, .port_off = 1 },
		{ .error = -EPERM, .seq_off = 1 },
		{ .id = 4 },
	};
	int32_t id;

	(void)state;
	assert_int_equal(ask(answers, 4, &id), 0);
	assert_int_equal(id, 4);
}

static void reply_without_a_whole_id_is_none_of_ours(void **state)
{
	static const struct answer absent[] = { { .id = NO_ATTR } };
	static const struct answer shortened[] = { { .short_attr = true } };
	int32_t id = -5;

	(void)state;
	assert_int_equal(ask(absent, 1, &id), -EPROTO);
	assert_true(ask(shortened, 1, &id) < 0);
	assert_int_equal(id, -5);
}

#define CASE(name) cmocka_unit_test_setup(name, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(request_names_the_descriptor_and_assigns_nothing),
		CASE(assigned_id_is_given),
		CASE(id_zero_is_an_id),
		CASE(minus_one_means_none_assigned),
		CASE(error_of_the_kernel_is_passed_on),
		CASE(failing_calls_are_passed_on),
		CASE(interrupted_call_is_repeated),
		CASE(messages_that_answer_something_else_are_skipped),
		CASE(reply_without_a_whole_id_is_none_of_ours),
	};

	wrap_mnl();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
