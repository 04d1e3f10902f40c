/* SPDX-License-Identifier: MIT */
/* Who gets a pseudo-terminal, and what a table of --verify comes to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <nsview/pty.h>
#include <nsview/verify.h>

static void none_where_nothing_differs(void **state)
{
	const struct pty_case c = { .terminal = { true, true, true }, .controlling = true };

	(void)state;
	assert_false(enter_needs_pty(&c));
}

static void one_where_users_or_mounts_differ(void **state)
{
	const struct pty_case user = { .terminal = { true }, .user_differs = true };
	const struct pty_case mnt = { .terminal = { true }, .mnt_differs = true };

	(void)state;
	assert_true(enter_needs_pty(&user));
	assert_true(enter_needs_pty(&mnt));
}

static void one_where_the_terminal_can_only_be_written_to_or_named(void **state)
{
	const struct pty_case out = { .terminal = { false, true, false }, .mnt_differs = true };
	const struct pty_case named = { .controlling = true, .mnt_differs = true };

	(void)state;
	assert_true(enter_needs_pty(&out));
	assert_true(enter_needs_pty(&named));
}

static void none_without_any_terminal(void **state)
{
	const struct pty_case c = { .user_differs = true, .mnt_differs = true };

	(void)state;
	assert_false(enter_needs_pty(&c));
}

static void what_is_asked_for_is_done(void **state)
{
	const struct pty_case share = { .share_tty = true,
					.terminal = { true, true, true },
					.user_differs = true };
	const struct pty_case pty = { .pty = true };

	(void)state;
	assert_false(enter_needs_pty(&share));
	assert_true(enter_needs_pty(&pty));
}

static void only_what_ought_to_be_isolated_counts(void **state)
{
	const struct verify_row rows[] = {
		{ .expected = true, .result = VERIFY_ISOLATED },
		{ .expected = true, .result = VERIFY_PARTLY },
		{ .expected = false, .result = VERIFY_SHARED },
		{ .expected = false, .result = VERIFY_UNSURE },
	};

	(void)state;
	assert_int_equal(verify_status(rows, 4), 0);
}

static void shared_is_worse_than_not_known(void **state)
{
	const struct verify_row rows[] = {
		{ .expected = true, .result = VERIFY_UNSURE },
		{ .expected = true, .result = VERIFY_SHARED },
	};

	(void)state;
	assert_int_equal(verify_status(rows, 1), 3);
	assert_int_equal(verify_status(rows, 2), 1);
	assert_int_equal(verify_status(rows + 1, 1), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(none_where_nothing_differs),
		cmocka_unit_test(one_where_users_or_mounts_differ),
		cmocka_unit_test(one_where_the_terminal_can_only_be_written_to_or_named),
		cmocka_unit_test(none_without_any_terminal),
		cmocka_unit_test(what_is_asked_for_is_done),
		cmocka_unit_test(only_what_ought_to_be_isolated_counts),
		cmocka_unit_test(shared_is_worse_than_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
