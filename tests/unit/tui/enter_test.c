/* SPDX-License-Identifier: MIT */
// wrap: getpwuid_r getgrgid_r
/* Stepping inside: the question before it, and the words of a command that was typed. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../src/tui/tui_words.h"
#include "../../../src/tui/view_keys.h"
#include "fixture.h"

/* What `nsview enter --dry-run` would have said of each way, in turn. */
static void foreseen(struct browser *b, const char *first, const char *second)
{
	browser_foreseen(b, !first, first, first ? strlen(first) : 0);
	if (b->foresee.len && b->question.n)
		browser_foreseen(b, !second, second, second ? strlen(second) : 0);
}

WITH_BROWSER(it_is_asked_which_way, browser_new(24, 80))
{
	go_to_ns(b, NS_NET, 1);
	free(screen_of(b));
	type(b, "e");
	assert_string_equal(buffer_str(&b->foresee), "enter 4123 --still=5123 --dry-run --quiet");
	assert_false(browser_is_asking(b));
	browser_foreseen(b, true, "", 0);
	assert_string_equal(buffer_str(&b->foresee),
			    "enter net:4026532103 --still=100 --dry-run --quiet");
	browser_foreseen(b, true, "", 0);
	assert_true(browser_is_asking(b));
	assert_true(shows(b, "\n enter net:[4026532103] docker:web nginx?\n"
			     " a all of 4123  o only this one  Esc no\n"));
	type(b, "j?x");
	assert_true(browser_is_asking(b));
	assert_int_equal(b->command.len, 0);
	type(b, "o");
	assert_false(browser_is_asking(b));
	assert_string_equal(buffer_str(&b->command), "enter net:4026532103 --still=100");
}

WITH_BROWSER(no_is_an_answer, browser_new(24, 80))
{
	static const int noes[] = { VK_ESC, 'n', 'q' };

	for (size_t i = 0; i < 3; i++) {
		type(b, "e");
		foreseen(b, NULL, NULL);
		assert_true(browser_is_asking(b));
		press(b, noes[i]);
		assert_false(browser_is_asking(b));
		assert_false(b->quit);
	}
	type(b, "e");
	foreseen(b, NULL, NULL);
	browser_interrupt(b);
	assert_false(browser_is_asking(b) || b->quit);
	assert_int_equal(b->command.len, 0);
}

/* Whoever types on is not asked about something else then. */
WITH_BROWSER(an_answer_that_comes_late_is_for_nobody, browser_new(24, 80))
{
	type(b, "ej");
	browser_foreseen(b, true, "", 0);
	assert_false(browser_is_asking(b));
	browser_foreseen(b, false, "nsview: no\n", 11);
	assert_true(hides(b, "\n no\n"));
}

WITH_BROWSER(what_cannot_be_done_is_not_offered, browser_new(24, 80))
{
	go_to_ns(b, NS_NET, 1);
	type(b, "e");
	foreseen(b, "nsview: cannot join the mount namespace\n", NULL);
	assert_true(shows(b, "\n o only this one  Esc no\n"));
	type(b, "a");
	assert_true(browser_is_asking(b));
	type(b, "o");
	assert_string_equal(buffer_str(&b->command), "enter net:4026532103 --still=100");
}

WITH_BROWSER(instead_of_asking_it_is_said_why_not, browser_new(24, 80))
{
	type(b, "2je");
	assert_string_equal(buffer_str(&b->foresee), "enter 4123 --still=5123 --dry-run --quiet");
	foreseen(b, "nsview: there is no process 4123\n", NULL);
	assert_false(browser_is_asking(b));
	assert_true(shows(b, "\n there is no process 4123\n"));
	/* In full, however long it is. */
	type(b, "e");
	foreseen(b,
		 "nsview: cannot join the mount namespace mnt:[4026546412] of process 2: "
		 "CAP_SYS_ADMIN is missing in user:[4026531837], our own user namespace\n",
		 NULL);
	assert_true(shows(b, "── it cannot be entered ──"));
	assert_true(shows(b, "our own user namespace\n"));
	press(b, VK_ESC);
	assert_int_equal(b->mode, MODE_LIST);
	type(b, "e");
	foreseen(b, "", NULL);
	assert_true(shows(b, "\n it cannot be entered\n"));
}

WITH_BROWSER(a_process_and_what_has_none_have_one_way, browser_new(24, 80))
{
	go_to_ns(b, NS_NET, 4);
	type(b, "e");
	foreseen(b, NULL, NULL);
	assert_true(shows(b, "\n o only this one  Esc no\n"));
	press(b, VK_ESC);
	type(b, "2je");
	foreseen(b, NULL, NULL);
	assert_true(shows(b, "\n y yes  Esc no\n"));
	type(b, "y");
	assert_string_equal(buffer_str(&b->command), "enter 4123 --still=5123");
}

/* Its start time is not known everywhere; then `enter` goes by the number alone. */
WITH_BROWSER(what_has_no_life_is_told_by_its_number, browser_new(24, 80))
{
	graph_process(b->graph, 4123)->facts->start.fact = (struct fact){ .state = FACT_DENIED };
	type(b, "2je");
	assert_string_equal(buffer_str(&b->foresee), "enter 4123 --dry-run --quiet");
}

/* A browser whose nsview is in these namespaces. */
static struct browser *browser_in(const struct process *p, struct browser *b)
{
	for (int type = 0; type < NS_TYPES; type++)
		b->graph->self[type] = p->set->ns[type];
	return b;
}

WITH_BROWSER(where_nsview_is_itself_nobody_is_led, browser_new(24, 80))
{
	browser_in(graph_process(b->graph, 4123), b);
	go_to_ns(b, NS_NET, 1);
	type(b, "e");
	assert_int_equal(b->foresee.len, 0);
	assert_true(shows(b, "\n nsview is in it already: entering would change nothing\n"));
	type(b, "2je");
	assert_int_equal(b->foresee.len, 0);
	assert_true(shows(b, "\n nsview is in all its namespaces already: entering would change "
			     "nothing\n"));
}

/* web shares its user namespace with the first process, which is elsewhere in others. */
WITH_BROWSER(what_it_shares_can_be_entered_with_the_others, browser_new(24, 80))
{
	browser_in(graph_process(b->graph, 4123), b);
	go_to_ns(b, NS_USER, 0);
	type(b, "e");
	foreseen(b, NULL, NULL);
	assert_true(shows(b, "\n a all of 1  Esc no\n"));
}

/* What has vanished is asked about by its old name: whoever knows says that it is gone. */
WITH_BROWSER(what_has_vanished_keeps_its_name, browser_new(24, 80))
{
	type(b, "2jj");
	browser_graph(b, make_graph(&(struct host_wish){ .without_job = true }));
	type(b, "e");
	assert_string_equal(buffer_str(&b->foresee), "enter 8801 --still=9801 --dry-run --quiet");
	type(b, "1");
	go_to_ns(b, NS_PID, 3);
	type(b, "e");
	assert_string_equal(buffer_str(&b->foresee), "enter 8801 --still=9801 --dry-run --quiet");
	foreseen(b, "nsview: gone\n", "nsview: gone\n");
	assert_true(shows(b, "\n gone\n"));
}

WITH_BROWSER(with_readonly_there_is_no_such_key, browser_new(24, 80))
{
	static const struct tui_options readonly = { .interval_ms = 2000, .readonly = true };

	b->options = &readonly;
	type(b, "e");
	assert_int_equal(b->foresee.len, 0);
	assert_true(shows(b, "\n not with --readonly\n"));
	type(b, "j");
	assert_true(shows(b, " sSort FFollow        wWho yCopy "));
	browser_resize(b, 100, 100);
	type(b, "?");
	assert_true(hides(b, "step inside"));
}

/* At the smallest size, the question and a row of the list are there. */
WITH_BROWSER(a_small_screen_has_room_for_it, browser_new(8, 40))
{
	type(b, "e");
	foreseen(b, NULL, NULL);
	assert_true(shows(b, "> 4026531835 cgroup"));
	assert_true(shows(b, "\n a all of 1  o only this one  Esc no\n"));
}

static void check_words(const char *line, const char *wanted, bool terminal, bool readonly)
{
	static const char *const program[] = { "/bin/nsview", "--ascii", NULL };
	autobuffer got = BUFFER_INIT;
	struct error err = { 0 };
	struct tui_words w;

	assert_int_equal(tui_words_make(&w, program, line, &err), 0);
	assert_int_equal(w.nprogram, 2);
	for (char **word = w.argv + 2; *word; word++)
		buffer_printf(&got, "<%s>", *word);
	assert_string_equal(buffer_str(&got), wanted);
	assert_int_equal(tui_words_want_terminal(&w), terminal);
	assert_int_equal(tui_words_check_readonly(&w, &err) == 0, readonly);
	tui_words_release(&w);
}

static void words_are_parted_as_a_shell_does_it(void **state)
{
	(void)state;
	check_words("  nsview ls  -Q 'a b' \"c'd\" e\\ f ", "<ls><-Q><a b><c'd><e f>", false, true);
	check_words("show ''", "<show><>", false, true);
	check_words("enter 4123", "<enter><4123>", true, false);
	check_words("enter --dry-run 1", "<enter><--dry-run><1>", false, false);
	check_words("enter 1 -- ps", "<enter><1><--><ps>", false, false);
	check_words("--proc /proc enter 1", "<--proc></proc><enter><1>", false, false);
}

static void what_is_no_line_of_words_is_told(void **state)
{
	static const char *const program[] = { "nsview", NULL };
	static const char *const lines[] = { "", "   ", "nsview", "show 'a", "show \"" };
	struct error err = { 0 };
	struct tui_words w;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		assert_int_equal(tui_words_make(&w, program, lines[i], &err), -EINVAL);
		tui_words_release(&w);
	}
}

static void an_option_is_put_behind_the_command(void **state)
{
	static const char *const program[] = { "nsview", NULL };
	char option[] = "--x";
	struct tui_words w;
	char **argv;

	(void)state;
	assert_int_equal(tui_words_make(&w, program, "enter 1 2", NULL), 0);
	argv = tui_words_with(&w, option);
	assert_string_equal(argv[1], "enter");
	assert_string_equal(argv[2], "--x");
	assert_string_equal(argv[3], "1");
	assert_string_equal(argv[4], "2");
	assert_null(argv[5]);
	free(argv);
	tui_words_release(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_asked_which_way),
		cmocka_unit_test(no_is_an_answer),
		cmocka_unit_test(an_answer_that_comes_late_is_for_nobody),
		cmocka_unit_test(what_cannot_be_done_is_not_offered),
		cmocka_unit_test(instead_of_asking_it_is_said_why_not),
		cmocka_unit_test(a_process_and_what_has_none_have_one_way),
		cmocka_unit_test(what_has_no_life_is_told_by_its_number),
		cmocka_unit_test(where_nsview_is_itself_nobody_is_led),
		cmocka_unit_test(what_it_shares_can_be_entered_with_the_others),
		cmocka_unit_test(what_has_vanished_keeps_its_name),
		cmocka_unit_test(with_readonly_there_is_no_such_key),
		cmocka_unit_test(a_small_screen_has_room_for_it),
		cmocka_unit_test(words_are_parted_as_a_shell_does_it),
		cmocka_unit_test(what_is_no_line_of_words_is_told),
		cmocka_unit_test(an_option_is_put_behind_the_command),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
