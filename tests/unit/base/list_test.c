/* SPDX-License-Identifier: MIT */
/* Lists that grow, one at a time and after they have lost some; a sanitizer sees what is amiss. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <nsview/list.h>

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
		cmocka_unit_test(elements_stay_while_a_list_grows),
		cmocka_unit_test(a_list_that_has_lost_some_grows_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
