/* SPDX-License-Identifier: MIT */
// wrap: mnl_socket_sendto mnl_socket_recvfrom
/* A part that takes several dumps, of which one is refused. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../../src/net/read.h"
#include "message.h"

/* What the fake kernel answers: an empty dump, or that it will not. */
static struct {
	uint32_t seq, port;
	int dumps;   /* asked for so far */
	int refused; /* the number of that which is, from 1; 0: none */
	int error;   /* with this */
	bool answered;
} fake;

ssize_t __wrap_mnl_socket_sendto(const struct mnl_socket *nl, const void *buf, size_t len);
ssize_t __wrap_mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf, size_t size);

ssize_t __wrap_mnl_socket_sendto(const struct mnl_socket *nl, const void *buf, size_t len)
{
	fake.seq = ((const struct nlmsghdr *)buf)->nlmsg_seq;
	fake.port = mnl_socket_get_portid(nl);
	fake.dumps++;
	fake.answered = false;
	return (ssize_t)len;
}

ssize_t __wrap_mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf, size_t size)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	bool refused = fake.dumps == fake.refused;

	(void)nl;
	(void)size;
	if (fake.answered) {
		errno = EAGAIN;
		return -1;
	}
	fake.answered = true;
	nlh->nlmsg_seq = fake.seq;
	nlh->nlmsg_pid = fake.port;
	nlh->nlmsg_type = refused ? NLMSG_ERROR : NLMSG_DONE;
	nlh->nlmsg_flags = refused ? 0 : NLM_F_MULTI;
	if (refused)
		((struct nlmsgerr *)mnl_nlmsg_put_extra_header(nlh, sizeof(struct nlmsgerr)))
			->error = fake.error;
	else
		*(int *)mnl_nlmsg_put_extra_header(nlh, sizeof(int)) = 0;
	return (ssize_t)nlh->nlmsg_len;
}

/* Reads the neighbours of a namespace, and tells what is known of them. */
static struct net_known neighbours(int refused, int error)
{
	struct net_ns net = { .arena = ARENA_INIT };
	struct inside in = { .texts = BUFFER_INIT };
	struct net_known known;

	fake.dumps = 0;
	fake.refused = refused;
	fake.error = error;
	assert_int_equal(nl_open(&in.conn[INSIDE_ROUTE], NETLINK_ROUTE, nl_now() + 5000), 0);
	net_ns_read(&net, &in, NET_NEIGH);
	known = net.parts[NET_PART_NEIGH];
	nl_close(&in.conn[INSIDE_ROUTE]);
	arena_release(&net.arena);
	return known;
}

static void three_kinds_of_neighbours_are_asked_for(void **state)
{
	struct net_known known = neighbours(0, 0);

	(void)state;
	assert_int_equal(fake.dumps, 3);
	assert_true(fact_is_known(known.fact));
	assert_int_equal(known.missing, 0);
}

static void what_is_refused_of_them_is_missing(void **state)
{
	struct net_known known;

	(void)state;
	for (int refused = 2; refused <= 3; refused++) {
		known = neighbours(refused, -EPERM);
		assert_true(fact_is_known(known.fact));
		assert_int_equal(known.missing, 1);
		assert_non_null(known.why);
	}
	known = neighbours(1, -EPERM);
	assert_int_equal(known.fact.state, FACT_DENIED);
}

static void what_a_kernel_has_not_is_not_missing(void **state)
{
	struct net_known known = neighbours(3, -EOPNOTSUPP);

	(void)state;
	assert_true(fact_is_known(known.fact));
	assert_int_equal(known.missing, 0);
}

/* What is loaded when it is needed is not there for the linker to wrap. */
static void wrap(void)
{
#ifdef LAZY
	mnl_must();
	mnl.socket_sendto = __wrap_mnl_socket_sendto;
	mnl.socket_recvfrom = __wrap_mnl_socket_recvfrom;
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_kinds_of_neighbours_are_asked_for),
		cmocka_unit_test(what_is_refused_of_them_is_missing),
		cmocka_unit_test(what_a_kernel_has_not_is_not_missing),
	};

	wrap();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
