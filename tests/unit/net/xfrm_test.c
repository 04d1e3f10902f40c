/* SPDX-License-Identifier: MIT */
/* How many policies of IPsec there are: what a kernel may answer, and a file that may lie. */
// wrap: mnl_socket_open2 mnl_socket_sendto mnl_socket_recvfrom
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <linux/xfrm.h>

#include "../../../src/net/read.h"
#include "wrap_mnl.h"

static const char with_xfrm[] = "sk               Eth Pid        Groups\n"
				"0000000000000000 0   0          00000000\n"
				"0000000000000000 6   0          00000000\n";
static const char without[] = "sk               Eth Pid        Groups\n"
			      "0000000000000000 0   6          00000000\n";

static struct {
	uint32_t seq, port;
	int asked;
	uint16_t type; /* of the reply */
	int error;     /* NLMSG_ERROR with this */
	uint32_t counts[6];
	size_t counts_len; /* bytes of them; 0: there is no such attribute */
	uint16_t lie;	   /* what the attribute says to be its length; 0: the truth */
	struct xfrm_userpolicy_default by_default;
	int default_error;  /* of the second question */
	bool default_short; /* its reply has no room for the answer */
} fake;

struct mnl_socket *__wrap_mnl_socket_open2(int protocol, int flags);

/* A kernel may be without IPsec. */
struct mnl_socket *__wrap_mnl_socket_open2(int protocol, int flags)
{
	assert_int_equal(protocol, NETLINK_XFRM);
	return mnl_socket_fdopen(socket(AF_NETLINK, SOCK_RAW | flags, NETLINK_ROUTE));
}

ssize_t __wrap_mnl_socket_sendto(const struct mnl_socket *nl, const void *buf, size_t len)
{
	const struct nlmsghdr *nlh = buf;

	assert_int_equal(nlh->nlmsg_type, fake.asked ? XFRM_MSG_GETDEFAULT : XFRM_MSG_GETSPDINFO);
	fake.seq = nlh->nlmsg_seq;
	fake.port = mnl_socket_get_portid(nl);
	fake.asked++;
	return (ssize_t)len;
}

ssize_t __wrap_mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf, size_t size)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	int error = fake.asked > 1 ? fake.default_error : fake.error;
	struct nlattr *a;

	(void)nl;
	(void)size;
	nlh->nlmsg_type = error ? NLMSG_ERROR : fake.asked > 1 ? XFRM_MSG_GETDEFAULT : fake.type;
	nlh->nlmsg_seq = fake.seq;
	nlh->nlmsg_pid = fake.port;
	if (error) {
		((struct nlmsgerr *)mnl_nlmsg_put_extra_header(nlh, sizeof(struct nlmsgerr)))
			->error = error;
		return nlh->nlmsg_len;
	}
	if (fake.asked > 1) {
		if (!fake.default_short)
			memcpy(mnl_nlmsg_put_extra_header(nlh, sizeof(fake.by_default)),
			       &fake.by_default, sizeof(fake.by_default));
		return nlh->nlmsg_len;
	}
	*(uint32_t *)mnl_nlmsg_put_extra_header(nlh, sizeof(uint32_t)) = 0;
	a = (struct nlattr *)((char *)buf + nlh->nlmsg_len);
	if (fake.counts_len)
		mnl_attr_put(nlh, XFRMA_SPD_INFO, fake.counts_len, fake.counts);
	if (fake.lie)
		a->nla_len = fake.lie;
	return nlh->nlmsg_len;
}

static int reset(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof(fake));
	fake.type = XFRM_MSG_NEWSPDINFO;
	fake.counts_len = sizeof(fake.counts);
	return 0;
}

static struct net_ns read_with(int error)
{
	struct inside in = { .error = { [INSIDE_XFRM] = error } };
	struct net_ns net = { 0 };

	if (!error)
		in.error[INSIDE_XFRM] =
			nl_open(&in.conn[INSIDE_XFRM], NETLINK_XFRM, nl_now() + 2000);
	fake.asked = 0;
	xfrm_read(&net, &in);
	nl_close(&in.conn[INSIDE_XFRM]);
	return net;
}

static void policies_are_counted(void **state)
{
	struct net_ns net;

	(void)state;
	memcpy(fake.counts, (uint32_t[6]){ 1, 2, 4, 8, 16, 32 }, sizeof(fake.counts));
	net = read_with(0);
	assert_int_equal(net.policies, 7);
	assert_false(net.policies_unread);
}

static void what_is_blocked_by_default_counts(void **state)
{
	struct net_ns net;

	(void)state;
	fake.by_default = (struct xfrm_userpolicy_default){ .in = XFRM_USERPOLICY_BLOCK,
							    .fwd = XFRM_USERPOLICY_BLOCK,
							    .out = XFRM_USERPOLICY_ACCEPT };
	net = read_with(0);
	assert_int_equal(net.policies, 2);
	assert_false(net.policies_unread);
	fake.default_short = true;
	net = read_with(0);
	assert_true(net.policies_unread && !net.policies);
	fake.default_error = -EPERM;
	net = read_with(0);
	assert_true(net.policies_unread && !net.policies);
	fake.default_error = -EINVAL; /* as a kernel before 5.15 */
	net = read_with(0);
	assert_false(net.policies_unread || net.policies);
}

static void none_are_none(void **state)
{
	struct net_ns net = read_with(0);

	(void)state;
	assert_int_equal(fake.asked, 2);
	assert_int_equal(net.policies, 0);
	assert_false(net.policies_unread);
}

/* A proc root whose list of netlink sockets this is. */
static int loaded_with(const char *list)
{
	char root[] = "/tmp/nsview-xfrm.XXXXXX", path[64];
	int fd, ret;
	FILE *file;

	assert_non_null(mkdtemp(root));
	fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	snprintf(path, sizeof(path), "%s/thread-self", root);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/thread-self/net", root);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/thread-self/net/netlink", root);
	if (list) {
		file = fopen(path, "w");
		assert_non_null(file);
		fputs(list, file);
		fclose(file);
	}
	ret = xfrm_is_loaded(fd);
	close(fd);
	unlink(path);
	snprintf(path, sizeof(path), "%s/thread-self/net", root);
	rmdir(path);
	snprintf(path, sizeof(path), "%s/thread-self", root);
	rmdir(path);
	rmdir(root);
	return ret;
}

/* A socket of that kind would load a module. */
static void it_is_in_use_where_the_kernel_has_a_socket_of_it(void **state)
{
	(void)state;
	assert_int_equal(loaded_with(with_xfrm), 1);
	assert_int_equal(loaded_with(without), 0);
	assert_int_equal(loaded_with(""), 0);
	assert_int_equal(loaded_with(NULL), -ENOENT);
}

static void what_is_not_wanted_is_not_asked(void **state)
{
	struct net_ns net = read_with(-ENOENT);

	(void)state;
	assert_int_equal(fake.asked, 0);
	assert_false(net.policies || net.policies_unread);
}

static void what_cannot_be_asked_is_not_none(void **state)
{
	struct net_ns net = read_with(-EMFILE);

	(void)state;
	assert_true(net.policies_unread);
	assert_int_equal(fake.asked, 0);
	fake.error = -EPERM;
	net = read_with(0);
	assert_int_equal(fake.asked, 1);
	assert_true(net.policies_unread);
	assert_int_equal(net.policies, 0);
}

static void reply_that_lies_is_not_none(void **state)
{
	struct net_ns net;

	(void)state;
	memcpy(fake.counts, (uint32_t[6]){ 1, 2, 4, 8, 16, 32 }, sizeof(fake.counts));
	fake.counts_len = 8; /* too short */
	net = read_with(0);
	assert_true(net.policies_unread && !net.policies);
	fake.counts_len = 0; /* not there */
	net = read_with(0);
	assert_true(net.policies_unread && !net.policies);
	fake.counts_len = sizeof(fake.counts);
	for (uint16_t lie = 1; lie < 200; lie = (uint16_t)(lie * 2)) {
		fake.lie = lie; /* shorter than an attribute, cut, longer than the message */
		net = read_with(0);
		assert_true(net.policies_unread && !net.policies);
	}
	fake.lie = 0;
	fake.type = XFRM_MSG_NEWPOLICY;
	net = read_with(0);
	assert_true(net.policies_unread && !net.policies);
}

/* They never wrap round to none. */
static void as_many_as_cannot_be_are_not_none(void **state)
{
	struct net_ns net;

	(void)state;
	memcpy(fake.counts, (uint32_t[6]){ UINT32_MAX, 1, 0, 0, 0, 0 }, sizeof(fake.counts));
	net = read_with(0);
	assert_true(net.policies || net.policies_unread);
}

#define CASE(name) cmocka_unit_test_setup(name, reset)

static void wrap(void)
{
	wrap_mnl();
#ifdef LAZY
	mnl.socket_open2 = __wrap_mnl_socket_open2;
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(policies_are_counted),
		CASE(what_is_blocked_by_default_counts),
		CASE(none_are_none),
		CASE(it_is_in_use_where_the_kernel_has_a_socket_of_it),
		CASE(what_is_not_wanted_is_not_asked),
		CASE(what_cannot_be_asked_is_not_none),
		CASE(reply_that_lies_is_not_none),
		CASE(as_many_as_cannot_be_are_not_none),
	};

	wrap();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
