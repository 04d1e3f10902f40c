/* SPDX-License-Identifier: MIT */
/* What a failed call makes of a fact, and the words for it. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <nsview/fact.h>

static void assert_state(int error, enum fact_state want)
{
	struct fact fact = fact_from_error(error);

	assert_int_equal(fact.state, want);
	assert_int_equal(fact.error, error);
	assert_false(fact_is_known(fact));
}

static void refusal_vanishing_and_old_kernel_are_told_apart(void **state)
{
	(void)state;
	assert_state(-EACCES, FACT_DENIED);
	assert_state(-EPERM, FACT_DENIED);
	assert_state(-EMFILE, FACT_DENIED);
	assert_state(-ESRCH, FACT_GONE);
	assert_state(-ENOENT, FACT_GONE);
	assert_state(-ESTALE, FACT_GONE);
	assert_state(-ENOSYS, FACT_UNSUPPORTED);
	assert_state(-ENOTTY, FACT_UNSUPPORTED);
	assert_state(-EINVAL, FACT_UNSUPPORTED);
}

static void unforeseen_error_is_never_known(void **state)
{
	(void)state;
	for (int error = -1; error > -4096; error--) {
		struct fact fact = fact_from_error(error);

		assert_in_range(fact.state, FACT_DENIED, FACT_UNSUPPORTED);
		assert_string_not_equal(fact_why(fact), "");
	}
}

static void reason_names_the_error(void **state)
{
	(void)state;
	assert_string_equal(fact_why(fact_from_error(-EACCES)), "permission denied");
	assert_string_equal(fact_why(fact_from_error(-EPERM)), "operation not permitted");
	assert_string_equal(fact_why(fact_from_error(-ESRCH)), "gone before it was read");
	assert_string_equal(fact_why(fact_from_error(-ENOSYS)), "not supported by this kernel");
	assert_string_equal(fact_why((struct fact){ FACT_UNREAD, 0 }), "not read");
}

/* A missing file is not always a process that went away: whoever called knows better. */
static void state_given_by_the_caller_beats_the_errno(void **state)
{
	const struct fact fact = { FACT_UNSUPPORTED, -ENOENT };

	(void)state;
	assert_string_not_equal(fact_why(fact), fact_why(fact_from_error(-ENOENT)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refusal_vanishing_and_old_kernel_are_told_apart),
		cmocka_unit_test(unforeseen_error_is_never_known),
		cmocka_unit_test(reason_names_the_error),
		cmocka_unit_test(state_given_by_the_caller_beats_the_errno),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
