/* SPDX-License-Identifier: MIT */
// wrap: getpwuid_r getgrgid_r
/* A search in a list: all of it, also what is folded. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"

static size_t shown(struct browser *b)
{
	return browser_list(b)->nshown;
}

WITH_BROWSER(a_process_is_found_in_a_set_that_is_folded, browser_new(40, 90))
{
	type(b, "2");
	assert_int_equal(shown(b), 3);
	type(b, "/4124");
	assert_true(shows(b, "\n 1 of 1\n/4124"));
	assert_true(here(b)->single);
	assert_int_equal(here(b)->row.process->pid, 4124);
	assert_int_equal(shown(b), 5); /* its set alone was opened */
	press(b, VK_ENTER);
	assert_int_equal(here(b)->row.process->pid, 4124);
}

WITH_BROWSER(what_was_opened_on_the_way_is_folded_again, browser_new(40, 90))
{
	type(b, "2/cron");
	assert_int_equal(shown(b), 5);
	press(b, VK_BACKSPACE);
	press(b, VK_BACKSPACE);
	press(b, VK_BACKSPACE);
	press(b, VK_BACKSPACE);
	assert_int_equal(shown(b), 3);
	type(b, "4124");
	assert_int_equal(here(b)->row.process->pid, 4124);
	assert_int_equal(shown(b), 5);
	press(b, VK_ESC);
	assert_int_equal(shown(b), 3);
	assert_int_equal(browser_list(b)->at, 0);
}

WITH_BROWSER(n_goes_on_through_all_of_it, browser_new(40, 90))
{
	type(b, "2/docker:web");
	/* The set, and its two processes. */
	assert_true(shows(b, " 1 of 3\n"));
	assert_int_equal(shown(b), 3);
	press(b, VK_ENTER);
	type(b, "n");
	assert_true(shows(b, " 2 of 3\n"));
	assert_int_equal(here(b)->row.process->pid, 4123);
	assert_true(here(b)->single);
	type(b, "n");
	assert_int_equal(here(b)->row.process->pid, 4124);
	type(b, "n");
	assert_false(here(b)->single);
	type(b, "N");
	assert_int_equal(here(b)->row.process->pid, 4124);
}

/* What nobody has read cannot be searched: it is wished for first, of each new graph. */
WITH_BROWSER(the_facts_are_read_first, browser_new(40, 90))
{
	assert_false(browser_wants_members(b));
	type(b, "2/4124");
	assert_true(b->members);
	press(b, VK_ENTER);
	assert_false(browser_wants_members(b));
	browser_graph(b, make_graph(&whole_host));
	press(b, VK_HOME);
	browser_key(b, 'n');
	assert_true(browser_wants_members(b));
	assert_int_equal(browser_list(b)->at, 0);
	browser_members_read(b);
	assert_false(browser_wants_members(b));
	assert_int_equal(here(b)->row.process->pid, 4124);
	/* In a list that is never folded there is nothing to wait for. */
	type(b, "1/net");
	assert_false(browser_wants_members(b));
	press(b, VK_ESC);
}

WITH_BROWSER(a_branch_that_is_folded_is_searched, browser_new(40, 80))
{
	size_t all;

	type(b, "t");
	all = shown(b);
	go_to_ns(b, NS_USER, 0);
	type(b, "h");
	assert_int_equal(shown(b), 1);
	type(b, "/4026532104");
	assert_true(shows(b, "\n 1 of 1\n/"));
	assert_int_equal(shown(b), all);
	press(b, VK_ESC);
	assert_int_equal(shown(b), 1);
	type(b, "/zzz");
	assert_true(shows(b, "\n not found\n/zzz"));
	assert_int_equal(shown(b), 1);
	press(b, VK_ENTER);
	type(b, "n");
	assert_true(shows(b, "\n not found: zzz\n"));
}

WITH_BROWSER(what_a_filter_hides_is_not_found, browser_new(40, 90))
{
	struct error err = { 0 };

	type(b, "2");
	assert_true(filter_apply(b, "nprocs == 1", &err));
	type(b, "/4124");
	assert_true(shows(b, "\n not found\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_process_is_found_in_a_set_that_is_folded),
		cmocka_unit_test(what_was_opened_on_the_way_is_folded_again),
		cmocka_unit_test(n_goes_on_through_all_of_it),
		cmocka_unit_test(the_facts_are_read_first),
		cmocka_unit_test(a_branch_that_is_folded_is_searched),
		cmocka_unit_test(what_a_filter_hides_is_not_found),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
