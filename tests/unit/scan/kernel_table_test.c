/* SPDX-License-Identifier: MIT */
/* Which namespace an inode number stands for, when the kernel gives numbers again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../src/scan/kernel_table.h"

static void what_was_noted_is_found(void **state)
{
	struct kernel_table t = { 0 };
	struct ns_record record = { .id = 7 };

	(void)state;
	assert_null(kernel_table_find(&t, NS_NET, 1000));
	assert_true(kernel_table_note(&t, NS_NET, 1000, 7, &record));
	assert_ptr_equal(kernel_table_find(&t, NS_NET, 1000)->record, &record);
	assert_null(kernel_table_find(&t, NS_UTS, 1000));
	assert_null(kernel_table_find(&t, NS_NET, 0));
	assert_null(kernel_table_find(&t, NS_NET, 1000 + (1ULL << 32)));
	kernel_table_release(&t);
}

static void another_id_is_another_namespace(void **state)
{
	struct kernel_table t = { 0 };

	(void)state;
	assert_true(kernel_table_note(&t, NS_NET, 1000, 7, NULL));
	assert_true(kernel_table_note(&t, NS_NET, 1000, 7, NULL));
	assert_false(kernel_table_note(&t, NS_NET, 1000, 8, NULL));
	assert_int_equal(kernel_table_find(&t, NS_NET, 1000)->id, 7);
	kernel_table_release(&t);
}

static void without_ids_nothing_is_told_apart(void **state)
{
	struct kernel_table t = { 0 };

	(void)state;
	assert_true(kernel_table_note(&t, NS_NET, 1000, 0, NULL));
	assert_true(kernel_table_note(&t, NS_NET, 1000, 0, NULL));
	assert_true(kernel_table_note(&t, NS_NET, 1000, 8, NULL));
	kernel_table_release(&t);
}

static void it_grows(void **state)
{
	struct kernel_table t = { 0 };

	(void)state;
	for (uint32_t i = 1; i <= 20000; i++)
		assert_true(kernel_table_note(&t, (enum ns_type)(i % NS_TYPES), i, i, NULL));
	for (uint32_t i = 1; i <= 20000; i++)
		assert_int_equal(kernel_table_find(&t, (enum ns_type)(i % NS_TYPES), i)->id, i);
	kernel_table_release(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_noted_is_found),
		cmocka_unit_test(another_id_is_another_namespace),
		cmocka_unit_test(without_ids_nothing_is_told_apart),
		cmocka_unit_test(it_grows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
