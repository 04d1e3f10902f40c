/* SPDX-License-Identifier: MIT */
/* The byte buffer holds what was appended, always ends in NUL, and keeps its memory on clear. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <nsview/buffer.h>

static void new_buffer_is_the_empty_string(void **state)
{
	autobuffer b = BUFFER_INIT;

	(void)state;
	assert_string_equal(buffer_str(&b), "");
	assert_null(b.data);
	buffer_clear(&b);
	assert_string_equal(buffer_str(&b), "");
	buffer_append(&b, NULL, 0);
	assert_string_equal(buffer_str(&b), "");
}

static void appends_follow_each_other(void **state)
{
	autobuffer b = BUFFER_INIT;

	(void)state;
	buffer_text(&b, "net");
	buffer_char(&b, ':');
	buffer_printf(&b, "[%u]", 4026531840U);
	buffer_append(&b, "xyz", 2);
	assert_string_equal(buffer_str(&b), "net:[4026531840]xy");
	assert_int_equal(b.len, 18);
}

static void nul_bytes_count(void **state)
{
	autobuffer b = BUFFER_INIT;

	(void)state;
	buffer_append(&b, "a\0b", 3);
	buffer_char(&b, '\0');
	assert_int_equal(b.len, 4);
	assert_memory_equal(b.data, "a\0b\0", 5);
}

/* Lengths around every size at which the memory grows. */
static void growth_keeps_contents_and_ends_in_nul(void **state)
{
	autobuffer b = BUFFER_INIT;

	(void)state;
	for (size_t i = 0; i < 5000; i++) {
		buffer_char(&b, (char)('a' + i % 26));
		assert_int_equal(b.len, i + 1);
		assert_true(b.cap > b.len);
		assert_int_equal(b.data[b.len], '\0');
	}
	for (size_t i = 0; i < 5000; i++)
		assert_int_equal(b.data[i], 'a' + i % 26);
}

static void long_printf_is_not_cut(void **state)
{
	for (int width = 1; width < 400; width++) {
		autobuffer b = BUFFER_INIT;

		(void)state;
		buffer_char(&b, '<');
		buffer_printf(&b, "%*d", width, 7);
		buffer_char(&b, '>');
		assert_int_equal(b.len, width + 2);
		assert_int_equal(strlen(b.data), width + 2);
		assert_memory_equal(b.data + width, "7>", 3);
	}
}

static void clear_keeps_the_memory(void **state)
{
	autobuffer b = BUFFER_INIT;
	const char *memory;

	(void)state;
	buffer_text(&b, "something");
	memory = b.data;
	buffer_clear(&b);
	assert_int_equal(b.len, 0);
	assert_string_equal(buffer_str(&b), "");
	buffer_text(&b, "else");
	assert_ptr_equal(b.data, memory);
	assert_string_equal(buffer_str(&b), "else");
}

static void reserved_room_is_there(void **state)
{
	autobuffer b = BUFFER_INIT;

	(void)state;
	buffer_text(&b, "abc");
	buffer_reserve(&b, 1000);
	assert_true(b.cap >= 1004);
	assert_string_equal(buffer_str(&b), "abc");
}

static void release_makes_it_new(void **state)
{
	struct buffer b = BUFFER_INIT;

	(void)state;
	buffer_text(&b, "abc");
	buffer_release(&b);
	assert_null(b.data);
	assert_int_equal(b.len, 0);
	assert_int_equal(b.cap, 0);
	buffer_release(&b);
	buffer_text(&b, "d");
	assert_string_equal(buffer_str(&b), "d");
	buffer_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(new_buffer_is_the_empty_string),
		cmocka_unit_test(appends_follow_each_other),
		cmocka_unit_test(nul_bytes_count),
		cmocka_unit_test(growth_keeps_contents_and_ends_in_nul),
		cmocka_unit_test(long_printf_is_not_cut),
		cmocka_unit_test(clear_keeps_the_memory),
		cmocka_unit_test(reserved_room_is_there),
		cmocka_unit_test(release_makes_it_new),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
