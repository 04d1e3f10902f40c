/* SPDX-License-Identifier: MIT */
/* What is passed to the kernel. */
// wrap: ioctl
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <nsview/kern.h>

enum { ASKED_FD = 7, ANSWER = 9 };

int __wrap_ioctl(int fd, unsigned long request, ...);

int __wrap_ioctl(int fd, unsigned long request, ...)
{
	unsigned long argument;
	va_list ap;

	(void)request;
	va_start(ap, request);
	argument = va_arg(ap, unsigned long);
	va_end(ap);
	assert_int_equal(fd, ASKED_FD);
	assert_int_equal(argument, 0);
	return ANSWER;
}

static int first_of_three(int a, int b, unsigned long c)
{
	(void)b;
	(void)c;
	return a;
}

/*
 * Leaves something where a third argument is passed, so that one that is missing is not 0 by
 * chance. By a pointer that the compiler cannot see through.
 */
static int (*volatile leave_argument)(int a, int b, unsigned long c) = first_of_three;

/* The pidfd ioctls refuse any other. */
static void requests_without_an_argument_pass_zero(void **state)
{
	(void)state;
	for (int link = 0; link < NS_LINKS; link++) {
		leave_argument(1, 2, ~0UL);
		assert_int_equal(kern_pidfd_ns(ASKED_FD, (enum ns_link)link), ANSWER);
	}
	leave_argument(1, 2, ~0UL);
	assert_int_equal(kern_ns_owner(ASKED_FD), ANSWER);
	leave_argument(1, 2, ~0UL);
	assert_int_equal(kern_ns_parent(ASKED_FD), ANSWER);
	leave_argument(1, 2, ~0UL);
	assert_int_equal(kern_socket_ns(ASKED_FD), ANSWER);
}

/* Cut to the room that there is, it would be the name of another. */
static void a_name_too_long_for_a_link_is_refused(void **state)
{
	(void)state;
	assert_int_equal(kern_link_up("sixteen-letters-"), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_without_an_argument_pass_zero),
		cmocka_unit_test(a_name_too_long_for_a_link_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
