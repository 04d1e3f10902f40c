/* SPDX-License-Identifier: MIT */
/*
 * Arrays and lists that grow keep what is in them, also after they have lost some; a sanitizer sees
 * what is amiss.
 */
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

static unsigned *add_up_to(unsigned *list, unsigned *n, unsigned to)
{
	while (*n < to) {
		list = list_room(list, *n, sizeof(*list));
		list[*n] = *n;
		++*n;
	}
	return list;
}

static void elements_stay_while_a_list_grows(void **state)
{
	unsigned n = 0, *list = add_up_to(NULL, &n, 1000);

	(void)state;
	for (unsigned i = 0; i < n; i++)
		assert_int_equal(list[i], i);
	free(list);
}

static void a_list_that_has_lost_some_grows_again(void **state)
{
	(void)state;
	for (unsigned kept = 0; kept < 40; kept++) {
		unsigned n = 0, *list = add_up_to(NULL, &n, 40);

		n = kept;
		list = add_up_to(list, &n, 80);
		for (unsigned i = 0; i < n; i++)
			assert_int_equal(list[i], i);
		free(list);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_in_it_stays),
		cmocka_unit_test(where_there_is_room_nothing_is_done),
		cmocka_unit_test(elements_stay_while_a_list_grows),
		cmocka_unit_test(a_list_that_has_lost_some_grows_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
