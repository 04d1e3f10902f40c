/* SPDX-License-Identifier: MIT */
/* The writer's bytes, and that a JSON reader gets back what was written. */
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <nsview/json.h>

/* What a test wrote so far; memory is filled in by document_end. */
struct document {
	struct json json;
	char *data;
	size_t len;
};

static void document_start(struct document *d, bool pretty)
{
	memset(d, 0, sizeof(*d));
	d->json.out = open_memstream(&d->data, &d->len);
	d->json.pretty = pretty;
	assert_non_null(d->json.out);
}

static void document_end(struct document *d, const char *want)
{
	assert_int_equal(fclose(d->json.out), 0);
	assert_string_equal(d->data, want);
	assert_int_equal(d->len, strlen(want));
	free(d->data);
}

static void write_sample(struct json *j)
{
	json_begin_object(j, NULL);
	json_str(j, "type", "net");
	json_begin_array(j, "pids");
	json_uint(j, NULL, 1);
	json_uint(j, NULL, 77);
	json_end_array(j);
	json_begin_object(j, "owner");
	json_none(j, "uid");
	json_end_object(j);
	json_bool(j, "named", true);
	json_bool(j, "initial", false);
	json_end_object(j);
	json_end_line(j);
}

static void compact_output_is_one_line(void **state)
{
	struct document d;

	(void)state;
	document_start(&d, false);
	write_sample(&d.json);
	write_sample(&d.json);
	document_end(&d,
		     "{\"type\":\"net\",\"pids\":[1,77],\"owner\":{\"uid\":null},\"named\":true,"
		     "\"initial\":false}\n"
		     "{\"type\":\"net\",\"pids\":[1,77],\"owner\":{\"uid\":null},\"named\":true,"
		     "\"initial\":false}\n");
}

static void pretty_output_is_indented_by_two(void **state)
{
	struct document d;

	(void)state;
	document_start(&d, true);
	write_sample(&d.json);
	document_end(&d, "{\n"
			 "  \"type\": \"net\",\n"
			 "  \"pids\": [\n"
			 "    1,\n"
			 "    77\n"
			 "  ],\n"
			 "  \"owner\": {\n"
			 "    \"uid\": null\n"
			 "  },\n"
			 "  \"named\": true,\n"
			 "  \"initial\": false\n"
			 "}\n");
}

static void empty_containers_take_no_lines(void **state)
{
	struct document d;

	(void)state;
	document_start(&d, true);
	json_begin_object(&d.json, NULL);
	json_begin_array(&d.json, "a");
	json_end_array(&d.json);
	json_begin_object(&d.json, "o");
	json_end_object(&d.json);
	json_end_object(&d.json);
	document_end(&d, "{\n  \"a\": [],\n  \"o\": {}\n}");
}

static void top_level_values_are_not_joined(void **state)
{
	struct document d;

	(void)state;
	document_start(&d, false);
	json_uint(&d.json, NULL, 1);
	json_end_line(&d.json);
	json_uint(&d.json, NULL, 2);
	fputc('\n', d.json.out);
	json_uint(&d.json, NULL, 3);
	document_end(&d, "1\n2\n3");
}

static void numbers_reach_both_ends(void **state)
{
	struct document d;

	(void)state;
	document_start(&d, false);
	json_begin_array(&d.json, NULL);
	json_uint(&d.json, NULL, 0);
	json_uint(&d.json, NULL, UINT64_MAX);
	json_int(&d.json, NULL, INT64_MIN);
	json_int(&d.json, NULL, -1);
	json_int(&d.json, NULL, INT64_MAX);
	json_end_array(&d.json);
	document_end(&d, "[0,18446744073709551615,-9223372036854775808,-1,9223372036854775807]");
}

static void id_is_a_string(void **state)
{
	struct document d;

	(void)state;
	document_start(&d, false);
	json_begin_object(&d.json, NULL);
	json_id(&d.json, "cookie", 9007199254740993);
	json_end_object(&d.json);
	document_end(&d, "{\"cookie\":\"9007199254740993\"}");
}

static void unknown_says_why_in_a_sibling(void **state)
{
	struct document d;

	(void)state;
	document_start(&d, false);
	json_begin_object(&d.json, NULL);
	json_unknown(&d.json, "uid", "permission denied");
	json_begin_array(&d.json, "pids");
	json_unknown(&d.json, NULL, "permission denied");
	json_end_array(&d.json);
	json_end_object(&d.json);
	document_end(&d, "{\"uid\":null,\"uid_why\":\"permission denied\",\"pids\":[null]}");
}

static void assert_quoted(const char *text, size_t len, const char *want)
{
	struct document d;

	document_start(&d, false);
	json_text(&d.json, NULL, text, len);
	document_end(&d, want);
}

static void text_is_quoted(void **state)
{
	(void)state;
	assert_quoted("", 0, "\"\"");
	assert_quoted("sleep 10", 8, "\"sleep 10\"");
	assert_quoted("a\"b/", 4, "\"a\\\"b/\"");
	assert_quoted("\xc3\xbc", 2, "\"\xc3\xbc\"");
}

static void backslash_becomes_four(void **state)
{
	(void)state;
	assert_quoted("\\", 1, "\"\\\\\\\\\"");
	assert_quoted("\\\"", 2, "\"\\\\\\\\\\\"\"");
}

static void controls_and_hidden_characters_are_numbered(void **state)
{
	(void)state;
	assert_quoted("a\0\n\33\177b", 6, "\"a\\u0000\\u000a\\u001b\\u007fb\"");
	assert_quoted("\xc2\x9b", 2, "\"\\u009b\"");
	assert_quoted("\xe2\x80\xa8\xe2\x80\xa9", 6, "\"\\u2028\\u2029\"");
	assert_quoted("\xe2\x80\xae\xd8\x9c", 5, "\"\\u202e\\u061c\"");
	assert_quoted("\xf3\xa0\x81\x81", 4, "\"\\udb40\\udc41\"");
}

static void invalid_bytes_are_spelled_in_ascii(void **state)
{
	(void)state;
	assert_quoted("\xff", 1, "\"\\\\xff\"");
	assert_quoted("x\xc3\"", 3, "\"x\\\\xc3\\\"\"");
}

/* Every pair of bytes in one document each, as a reader would meet them. */
static void any_bytes_make_json_that_parses(void **state)
{
	(void)state;
	for (unsigned pair = 0; pair < 0x10000; pair++) {
		const char text[2] = { (char)(pair >> 8), (char)pair };
		struct document d;
		json_t *value;

		document_start(&d, false);
		json_begin_array(&d.json, NULL);
		json_text(&d.json, NULL, text, 2);
		json_end_array(&d.json);
		fclose(d.json.out);
		value = json_loadb(d.data, d.len, JSON_ALLOW_NUL, NULL);
		if (!value)
			fail_msg("bytes %04x make: %s", pair, d.data);
		json_decref(value);
		free(d.data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compact_output_is_one_line),
		cmocka_unit_test(pretty_output_is_indented_by_two),
		cmocka_unit_test(empty_containers_take_no_lines),
		cmocka_unit_test(top_level_values_are_not_joined),
		cmocka_unit_test(numbers_reach_both_ends),
		cmocka_unit_test(id_is_a_string),
		cmocka_unit_test(unknown_says_why_in_a_sibling),
		cmocka_unit_test(text_is_quoted),
		cmocka_unit_test(backslash_becomes_four),
		cmocka_unit_test(controls_and_hidden_characters_are_numbered),
		cmocka_unit_test(invalid_bytes_are_spelled_in_ascii),
		cmocka_unit_test(any_bytes_make_json_that_parses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
