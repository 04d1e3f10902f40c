/* SPDX-License-Identifier: MIT */
/* Cells: their order, and what a person sees of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <nsview/column.h>

static struct value number(uint64_t num)
{
	return (struct value){ .fact = fact_known(), .kind = VALUE_UINT, .num = num };
}

static struct value signed_number(int64_t num)
{
	return (struct value){ .fact = fact_known(), .kind = VALUE_INT, .signed_num = num };
}

static struct value text(const char *data, size_t len)
{
	return (struct value){ .fact = fact_known(), .kind = VALUE_TEXT, .text = data, .len = len };
}

static struct value unknown(enum fact_state state)
{
	/* A number left over from the cell before must not matter. */
	return (struct value){ .fact = { (uint16_t)state, 0 }, .kind = VALUE_UINT, .num = 7 };
}

static void assert_before(struct value a, struct value b)
{
	assert_true(value_compare(&a, &b) < 0);
	assert_true(value_compare(&b, &a) > 0);
	assert_int_equal(value_compare(&a, &a), 0);
}

static void assert_shown(struct value v, const char *expected)
{
	value_display(&v);
	assert_int_equal(v.len, strlen(expected));
	assert_memory_equal(v.text, expected, v.len);
	value_release(&v);
}

static void numbers_order_by_size_not_by_digits(void **state)
{
	(void)state;
	assert_before(number(9), number(10));
	assert_before(number(1), number(UINT64_MAX));
	assert_before(signed_number(-10), signed_number(-9));
	assert_before(signed_number(INT64_MIN), signed_number(INT64_MAX));
}

static void text_orders_bytewise_and_the_shorter_first(void **state)
{
	(void)state;
	assert_before(text("ab", 2), text("abc", 3));
	assert_before(text("", 0), text("a", 1));
	assert_before(text("Z", 1), text("a", 1));
	assert_before(text("a\0a", 3), text("a\0b", 3));
	assert_before(text("z", 1), text("\xc3\xa4", 2));
}

static void none_comes_after_known_and_unknown_last(void **state)
{
	(void)state;
	assert_before(number(UINT64_MAX), unknown(FACT_NONE));
	assert_before(unknown(FACT_NONE), unknown(FACT_DENIED));
	assert_before(text("zzz", 3), unknown(FACT_UNREAD));
}

static void two_unknown_cells_are_equal(void **state)
{
	struct value denied = unknown(FACT_DENIED), gone = unknown(FACT_GONE);

	(void)state;
	denied.num = 1;
	assert_int_equal(value_compare(&denied, &gone), 0);
	assert_int_equal(value_compare(&gone, &denied), 0);
}

static void numbers_are_shown_to_their_last_digit(void **state)
{
	struct value id = number(UINT64_MAX);

	(void)state;
	id.kind = VALUE_ID;
	assert_shown(number(0), "0");
	assert_shown(number(4026531833U), "4026531833");
	assert_shown(id, "18446744073709551615");
	assert_shown(signed_number(INT64_MIN), "-9223372036854775808");
	assert_shown(signed_number(INT64_MAX), "9223372036854775807");
}

static void booleans_are_words(void **state)
{
	struct value yes = number(1), no = number(0);

	(void)state;
	yes.kind = no.kind = VALUE_BOOL;
	assert_shown(yes, "yes");
	assert_shown(no, "no");
}

static void denied_is_not_none(void **state)
{
	static const enum fact_state unknowns[] = { FACT_UNREAD, FACT_DENIED, FACT_GONE,
						    FACT_UNSUPPORTED };

	(void)state;
	assert_shown(unknown(FACT_NONE), "-");
	for (size_t i = 0; i < sizeof(unknowns) / sizeof(*unknowns); i++)
		assert_shown(unknown(unknowns[i]), "?");
}

static void empty_text_does_not_make_an_empty_field(void **state)
{
	(void)state;
	assert_shown(text("", 0), "-");
	assert_shown(text("a b", 3), "a b");
}

static void scratch_is_reused_from_cell_to_cell(void **state)
{
	struct value v = VALUE_INIT;
	const char *first;

	(void)state;
	v.fact = fact_known();
	v.kind = VALUE_UINT;
	v.num = 123456;
	value_display(&v);
	first = v.text;
	v.num = 7;
	value_display(&v);
	assert_ptr_equal(v.text, first);
	assert_string_equal(v.text, "7");
	value_release(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_order_by_size_not_by_digits),
		cmocka_unit_test(text_orders_bytewise_and_the_shorter_first),
		cmocka_unit_test(none_comes_after_known_and_unknown_last),
		cmocka_unit_test(two_unknown_cells_are_equal),
		cmocka_unit_test(numbers_are_shown_to_their_last_digit),
		cmocka_unit_test(booleans_are_words),
		cmocka_unit_test(denied_is_not_none),
		cmocka_unit_test(empty_text_does_not_make_an_empty_field),
		cmocka_unit_test(scratch_is_reused_from_cell_to_cell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
