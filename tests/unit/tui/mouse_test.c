/* SPDX-License-Identifier: MIT */
// wrap: getpwuid_r getgrgid_r
/* The mouse: each part of the screen, and what it must leave alone. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"

static void mouse(struct browser *b, enum mouse_what what, unsigned row, unsigned col)
{
	free(screen_of(b)); /* as it is seen */
	browser_mouse(b, &(struct mouse_event){ what, row, col });
	type(b, "");
}

WITH_BROWSER(rows_are_chosen_and_scrolled, browser_new(24, 80))
{
	type(b, "F");
	mouse(b, MOUSE_CLICK, 5, 10);
	assert_int_equal(browser_list(b)->at, 2);
	assert_false(b->follow);
	mouse(b, MOUSE_WHEEL_DOWN, 5, 10);
	assert_int_equal(browser_list(b)->at, 5);
	mouse(b, MOUSE_WHEEL_UP, 5, 10);
	mouse(b, MOUSE_WHEEL_UP, 5, 10);
	assert_int_equal(browser_list(b)->at, 0);
	mouse(b, MOUSE_CLICK, 2, 10); /* the headings */
	assert_int_equal(browser_list(b)->at, 0);
	mouse(b, MOUSE_CLICK, 6, 10);
	mouse(b, MOUSE_DOUBLE, 6, 10);
	assert_int_equal(browser_list(b)->at, 3);
	assert_int_equal(b->mode, MODE_DETAIL);
}

WITH_BROWSER(below_the_last_row_is_nothing, browser_new(50, 80))
{
	type(b, "2j");
	mouse(b, MOUSE_CLICK, 20, 10);
	mouse(b, MOUSE_DOUBLE, 20, 10);
	assert_int_equal(browser_list(b)->at, 1);
	assert_int_equal(b->mode, MODE_LIST);
}

WITH_BROWSER(tabs_are_opened, browser_new(24, 80))
{
	mouse(b, MOUSE_CLICK, 1, 16);
	assert_int_equal(b->tab, 1);
	mouse(b, MOUSE_CLICK, 1, 1);
	assert_int_equal(b->tab, 0);
	mouse(b, MOUSE_CLICK, 1, 0);
	mouse(b, MOUSE_CLICK, 1, 15);
	mouse(b, MOUSE_CLICK, 1, 70);
	mouse(b, MOUSE_CLICK, 0, 16);
	assert_int_equal(b->tab, 0);
}

WITH_BROWSER(a_name_is_chosen_and_followed, browser_new(24, 80))
{
	struct layout l = browser_layout(b);
	const struct jump *j;
	unsigned row, col;

	go_to_ns(b, NS_NET, 1);
	free(screen_of(b));
	assert_true(b->detail.njumps > 1);
	j = &b->detail.jumps[1];
	row = l.detail.top + (unsigned)j->line;
	col = 1 + (unsigned)j->at;
	mouse(b, MOUSE_CLICK, row, col);
	assert_int_equal(b->mode, MODE_DETAIL);
	/* The pane is larger now; its lines begin further up. */
	row = browser_layout(b).detail.top + (unsigned)j->line;
	mouse(b, MOUSE_CLICK, row, col);
	assert_int_equal(b->detail.here, 1);
	mouse(b, MOUSE_DOUBLE, row, col);
	assert_int_equal(b->ncrumbs, 1);
	mouse(b, MOUSE_DOUBLE, row, 79);
	assert_int_equal(b->ncrumbs, 1);
}

WITH_BROWSER(menus_and_pages_are_scrolled, browser_new(24, 80))
{
	type(b, "s");
	mouse(b, MOUSE_WHEEL_DOWN, 10, 5);
	assert_int_equal(b->menu.here, 3);
	mouse(b, MOUSE_WHEEL_UP, 10, 5);
	mouse(b, MOUSE_CLICK, 5, 5);
	assert_int_equal(b->menu.here, 2);
	mouse(b, MOUSE_CLICK, 22, 5);
	assert_int_equal(b->menu.here, 2);
	mouse(b, MOUSE_DOUBLE, 5, 5);
	assert_true(shows(b, "sort: TYPE"));
	type(b, "?");
	mouse(b, MOUSE_WHEEL_DOWN, 10, 5);
	assert_int_equal(b->over.doc.top, 3);
	mouse(b, MOUSE_CLICK, 1, 16); /* the tabs are not there for it */
	assert_int_equal(b->mode, MODE_PAGE);
}

WITH_BROWSER(what_is_typed_and_asked_is_left_alone, browser_new(24, 80))
{
	type(b, "/4026531835");
	mouse(b, MOUSE_CLICK, 8, 5);
	assert_int_equal(browser_list(b)->at, 0);
	press(b, VK_ESC);
	browser_resize(b, 5, 20);
	mouse(b, MOUSE_CLICK, 3, 5);
	browser_resize(b, 24, 80);
	assert_int_equal(browser_list(b)->at, 0);
}

/* Anywhere, anything, at any size. */
WITH_BROWSER(any_events_do_no_harm, browser_new(24, 80))
{
	unsigned seed = 7;

	for (int i = 0; i < 3000; i++) {
		unsigned r;

		seed = seed * 1103515245 + 12345;
		r = seed >> 8;
		browser_mouse(b, &(struct mouse_event){ (enum mouse_what)(r % 4), r / 4 % 60,
							r / 240 % 200 });
		if (i % 5 == 0)
			type(b, (char[]){ "12ts?cw\r"[r / 7 % 8], '\0' });
		if (i % 9 == 0)
			press(b, VK_ESC);
		if (i % 31 == 0)
			browser_resize(b, 1 + r % 60, 1 + r / 60 % 200);
		free(screen_of(b));
		b->quit = false;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_chosen_and_scrolled),
		cmocka_unit_test(below_the_last_row_is_nothing),
		cmocka_unit_test(tabs_are_opened),
		cmocka_unit_test(a_name_is_chosen_and_followed),
		cmocka_unit_test(menus_and_pages_are_scrolled),
		cmocka_unit_test(what_is_typed_and_asked_is_left_alone),
		cmocka_unit_test(any_events_do_no_harm),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
