/* SPDX-License-Identifier: MIT */
// wrap: getpwuid_r getgrgid_r
/* The list: a cursor that stays on its object, folding, filter, sort, search, marks. */
#include <locale.h>
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"

WITH_BROWSER(the_cursor_stays_on_its_object, browser_new(24, 80))
{
	uint64_t ino;

	go_to_ns(b, NS_NET, 1);
	ino = here(b)->row.ns->ino;
	browser_graph(b, make_graph(&(struct host_wish){ .without_job = true, .more = true }));
	assert_int_equal(here(b)->row.ns->ino, ino);
	assert_ptr_equal(here(b)->row.graph, b->graph);
}

WITH_BROWSER(the_cursor_stays_on_its_line, browser_new(24, 80))
{
	struct list *l = browser_list(b);
	size_t line;

	go_to_ns(b, NS_NET, 1);
	l->top = 3;
	free(screen_of(b));
	line = l->at - l->top;
	/* A row comes in above it. */
	browser_graph(b, make_graph(&(struct host_wish){ .more = true }));
	free(screen_of(b));
	assert_int_equal(l->top, 4);
	assert_int_equal(l->at - l->top, line);
}

WITH_BROWSER(a_number_used_again_is_another_object, browser_new(24, 80))
{
	struct view_ref before;

	go_to_ns(b, NS_NET, 1);
	before = here(b)->ref;
	assert_int_equal(before.life, 100);
	browser_graph(b, make_graph(&(struct host_wish){ .reused = true }));
	assert_null(ref_find_ns(b->graph, &before));
}

/* A graph that comes so many milliseconds after the one before. */
static void graph_after(struct browser *b, int ms, struct graph *g)
{
	b->now_ms += ms;
	browser_graph(b, g);
}

WITH_BROWSER(what_vanished_stays_for_some_seconds, browser_new(50, 100))
{
	go_to_ns(b, NS_PID, 3);
	browser_graph(b, make_graph(&(struct host_wish){ .without_job = true }));
	assert_int_equal(here(b)->change, CHANGE_VANISHED);
	assert_true(shows(b, ">x4026532304 pid"));
	for (int i = 0; i < 10; i++) {
		graph_after(b, HISTORY_MS / 10 - 1,
			    make_graph(&(struct host_wish){ .without_job = true }));
		assert_int_equal(here(b)->change, CHANGE_VANISHED);
	}
	assert_int_equal(b->history.nold, 1);
	graph_after(b, 10, make_graph(&(struct host_wish){ .without_job = true }));
	assert_int_equal(here(b)->change, CHANGE_NONE);
	assert_true(hides(b, "4026532304"));
	assert_int_equal(b->history.nold, 0);
}

/* However seldom the host is read, a change is to be seen until the next time. */
WITH_BROWSER(a_change_is_shown_for_one_graph_at_least, browser_new(50, 100))
{
	graph_after(b, 60000, make_graph(&(struct host_wish){ .more = true }));
	assert_true(shows(b, " +4026532707 uts"));
	graph_after(b, 60000, make_graph(&whole_host));
	assert_true(shows(b, " x4026532707 uts"));
	graph_after(b, 60000, make_graph(&whole_host));
	assert_true(hides(b, "4026532707 uts"));
}

/* Where much comes and goes it is not kept without end: what went first goes first. */
WITH_BROWSER(few_old_graphs_are_kept, browser_new(50, 100))
{
	for (int i = 0; i < 4 * HISTORY_GRAPHS; i++) {
		browser_graph(b, make_graph(&(struct host_wish){ .more = i % 2,
								 .without_job = i % 3 == 0 }));
		free(screen_of(b));
	}
	assert_true(b->history.nold <= HISTORY_GRAPHS);
}

/* What the heap has given out; 0 where the C library does not tell, or has another heap. */
static size_t in_use(void)
{
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
	return mallinfo2().uordblks;
#else
	return 0;
#endif
}

WITH_BROWSER(a_thousand_refreshes_take_no_memory, browser_new(24, 80))
{
	size_t before = 0;

	type(b, "2 jj1");
	for (int i = 0; i < 1100; i++) {
		graph_after(b, 2000,
			    make_graph(&(struct host_wish){ .more = i % 2,
							    .without_job = i % 3 == 0,
							    .pinned = i % 5 == 0 }));
		type(b, i % 7 ? "" : "j");
		free(screen_of(b));
		if (i == 109) /* the same host as 990 later */
			before = in_use();
		if (i == 1099)
			assert_in_range(in_use(), before - before / 10, before + before / 10);
	}
}

WITH_BROWSER(what_appeared_is_marked_for_some_seconds, browser_new(50, 100))
{
	browser_graph(b, make_graph(&(struct host_wish){ .more = true }));
	assert_true(shows(b, " +4026532707 uts"));
	for (int i = 0; i < 4; i++)
		graph_after(b, HISTORY_MS / 5, make_graph(&(struct host_wish){ .more = true }));
	assert_true(shows(b, " +4026532707 uts"));
	graph_after(b, HISTORY_MS / 5, make_graph(&(struct host_wish){ .more = true }));
	assert_true(shows(b, "  4026532707 uts"));
}

/* A namespace that no process is in is news only where it was searched for before as well. */
WITH_BROWSER(only_what_was_searched_for_can_appear, browser_new(50, 100))
{
	struct graph *g = make_graph(&(struct host_wish){ .more = true, .pinned = true });

	g->completeness.searched = 1 << SOURCE_FDS;
	browser_graph(b, g);
	assert_true(shows(b, " !4026532503 ") && shows(b, " +4026532707 uts"));
	g = make_graph(&whole_host); /* and vanish: a search less has nothing to say of it */
	browser_graph(b, g);
	assert_true(hides(b, "4026532503"));
	g = make_graph(&(struct host_wish){ .pinned = true });
	browser_graph(b, g);
	assert_true(shows(b, " +4026532503 "));
}

WITH_BROWSER(a_tree_folds_and_opens, browser_new(40, 80))
{
	size_t all;

	type(b, "t");
	go_to_ns(b, NS_USER, 0);
	all = browser_list(b)->nshown;
	type(b, "h");
	assert_int_equal(browser_list(b)->nshown, 1);
	assert_true(shows(b, "+4026531837"));
	type(b, "l");
	assert_int_equal(browser_list(b)->nshown, all);
	type(b, "jh"); /* a leaf: to what it hangs under */
	assert_int_equal(here(b)->row.ns->type, NS_USER);
}

WITH_BROWSER(a_set_opens_into_its_processes, browser_new(40, 90))
{
	type(b, "2");
	assert_true(shows(b, "> + host"));
	type(b, "jl");
	assert_true(shows(b, "> - docker:web"));
	assert_true(shows(b, "      docker:web nginx 4124"));
	type(b, "j");
	assert_true(here(b)->single);
	assert_int_equal(here(b)->row.process->pid, 4123);
	browser_graph(b, make_graph(&(struct host_wish){ .more = true }));
	assert_int_equal(here(b)->row.process->pid, 4123);
	type(b, "hh");
	assert_true(shows(b, "> + docker:web"));
}

WITH_BROWSER(rows_sort_by_a_column_and_stay_stable, browser_new(40, 80))
{
	struct list *l = browser_list(b);

	l->sort = column_find(&ns_columns, "nprocs", 6);
	l->reverse = true;
	browser_rebuild(b);
	for (size_t i = 1; i < l->nshown; i++) {
		const struct item *x = &l->items[l->shown[i - 1]], *y = &l->items[l->shown[i]];

		assert_true(x->row.ns->nprocs >= y->row.ns->nprocs);
		if (x->row.ns->nprocs == y->row.ns->nprocs)
			assert_true(ref_compare(&x->ref, &y->ref) < 0);
	}
}

WITH_BROWSER(unknown_cells_come_last_also_in_reverse, browser_new(40, 80))
{
	struct list *l = browser_list(b);

	l->sort = column_find(&ns_columns, "pid", 3);
	for (int i = 0; i < 2; i++) {
		l->reverse = i == 1;
		browser_rebuild(b);
		assert_null(l->items[l->shown[l->nshown - 1]].row.ns->lead);
	}
}

WITH_BROWSER(a_filter_keeps_what_is_above_in_a_tree, browser_new(40, 80))
{
	struct error err = { 0 };

	type(b, "t");
	assert_true(filter_apply(b, "type == net && nprocs == 0", &err));
	assert_int_equal(browser_list(b)->nshown, 2);
	assert_true(shows(b, "└─4026532403"));
	assert_false(filter_apply(b, "type ==", &err));
	assert_int_equal(browser_list(b)->nshown, 2);
}

WITH_BROWSER(a_search_counts_and_goes_round, browser_new(40, 80))
{
	size_t at, nth, count;

	assert_true(list_search(browser_list(b), "NGINX", true, false, &at, &nth, &count) == false);
	assert_true(list_search(browser_list(b), "nginx", true, false, &at, &nth, &count));
	assert_int_equal(count, 6);
	assert_int_equal(nth, 1);
	list_go(browser_list(b), at);
	assert_true(list_search(browser_list(b), "nginx", false, false, &at, &nth, &count));
	assert_int_equal(nth, 6);
}

WITH_BROWSER(what_is_wide_or_hostile_keeps_columns_aligned, browser_new(24, 80))
{
	struct graph *g = graph_new();
	struct canvas c = { 0 };

	add_named(g, 1, 0, 0, "systemd");
	add_named(g, 2, 1 << NS_UTS, 1, "\033[31m\xe6\xbc\xa2\xe5\xad\x97");
	add_named(g, 3, 1 << NS_UTS, 2, "e\xcc\x81\xff\xe2\x80\xae\n");
	graph_seal(g);
	type(b, "2");
	browser_graph(b, g);
	browser_draw(b, &c);
	for (unsigned i = 0; i < c.rows; i++) {
		assert_true(c.lines[i].columns <= 80);
		assert_null(memchr(buffer_str(&c.lines[i].text), '\033', c.lines[i].text.len));
	}
	assert_true(shows(b, "\\x1b[31m\xe6\xbc\xa2\xe5\xad\x97     "));
	assert_true(shows(b, "e\xcc\x81\\xff\\u{202e}\\n"));
	canvas_release(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_cursor_stays_on_its_object),
		cmocka_unit_test(the_cursor_stays_on_its_line),
		cmocka_unit_test(a_number_used_again_is_another_object),
		cmocka_unit_test(what_vanished_stays_for_some_seconds),
		cmocka_unit_test(what_appeared_is_marked_for_some_seconds),
		cmocka_unit_test(a_change_is_shown_for_one_graph_at_least),
		cmocka_unit_test(few_old_graphs_are_kept),
		cmocka_unit_test(a_thousand_refreshes_take_no_memory),
		cmocka_unit_test(only_what_was_searched_for_can_appear),
		cmocka_unit_test(a_tree_folds_and_opens),
		cmocka_unit_test(a_set_opens_into_its_processes),
		cmocka_unit_test(rows_sort_by_a_column_and_stay_stable),
		cmocka_unit_test(unknown_cells_come_last_also_in_reverse),
		cmocka_unit_test(a_filter_keeps_what_is_above_in_a_tree),
		cmocka_unit_test(a_search_counts_and_goes_round),
		cmocka_unit_test(what_is_wide_or_hostile_keeps_columns_aligned),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
