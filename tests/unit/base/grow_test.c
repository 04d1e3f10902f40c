/* SPDX-License-Identifier: MIT */
/* An array that grows keeps what is in it, and moves seldom. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <nsview/grow.h>

static void what_is_in_it_stays(void **state)
{
	uint32_t *list = NULL;
	size_t n = 0, cap = 0;

	(void)state;
	for (uint32_t i = 0; i < 1000; i++) {
		list = grow(list, n, &cap, sizeof(*list));
		assert_true(cap > n);
		list[n++] = i;
	}
	for (uint32_t i = 0; i < 1000; i++)
		assert_int_equal(list[i], i);
	free(list);
}

static void where_there_is_room_nothing_is_done(void **state)
{
	char *list = NULL, *again;
	size_t cap = 0, first;

	(void)state;
	list = grow(list, 0, &cap, 1);
	first = cap;
	for (size_t n = 1; n < first; n++) {
		again = grow(list, n, &cap, 1);
		assert_ptr_equal(again, list);
		assert_int_equal(cap, first);
	}
	list = grow(list, first, &cap, 1);
	assert_int_equal(cap, 2 * first);
	free(list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_in_it_stays),
		cmocka_unit_test(where_there_is_room_nothing_is_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
