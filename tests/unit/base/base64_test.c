/* SPDX-License-Identifier: MIT */
/* The examples of RFC 4648, section 10, and bytes that are no text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <nsview/base64.h>

static void check(const void *data, size_t len, const char *wanted)
{
	autobuffer out = BUFFER_INIT;

	base64_append(&out, data, len);
	assert_string_equal(buffer_str(&out), wanted);
}

static void what_is_missing_of_three_bytes_is_padded(void **state)
{
	static const char *const wanted[] = { "",	  "Zg==",     "Zm8=",	 "Zm9v",
					      "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy" };

	(void)state;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++)
		check("foobar", i, wanted[i]);
}

static void any_byte_is_written(void **state)
{
	(void)state;
	check("\0\0\0", 3, "AAAA");
	check("\xfb\xff\xbf", 3, "+/+/");
	check("\xff", 1, "/w==");
}

static void it_is_appended(void **state)
{
	autobuffer out = BUFFER_INIT;

	(void)state;
	buffer_text(&out, "c;");
	base64_append(&out, "f", 1);
	assert_string_equal(buffer_str(&out), "c;Zg==");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_missing_of_three_bytes_is_padded),
		cmocka_unit_test(any_byte_is_written),
		cmocka_unit_test(it_is_appended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
