/* SPDX-License-Identifier: MIT */
/* The JSON document, read back by a JSON reader. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <jansson.h>

#include <nsview/render.h>
#include <nsview/version.h>

/* What the cells of the one row hold: set by a test before it prints. */
static struct value cells[2];

static void get_first(const struct row *row, struct value *out)
{
	struct buffer scratch = out->scratch;

	(void)row;
	*out = cells[0];
	out->scratch = scratch;
}

static void get_second(const struct row *row, struct value *out)
{
	struct buffer scratch = out->scratch;

	(void)row;
	*out = cells[1];
	out->scratch = scratch;
}

static void json_pair(const struct row *row, const char *key, struct json *j)
{
	(void)row;
	json_begin_array(j, key);
	json_uint(j, NULL, 7);
	json_uint(j, NULL, 8);
	json_end_array(j);
}

static const struct column columns[] = {
	{ .heading = "FIRST", .key = "first", .get = get_first },
	{ .heading = "SECOND", .key = "second", .get = get_second },
	{ .heading = "PAIR", .key = "pair", .get = get_first, .json = json_pair },
};
static const struct column_list list = { { &columns[0], &columns[1], &columns[2] }, 3 };

struct sample {
	struct ns user, pid;
	struct graph graph;
};

static int set_up(void **state)
{
	struct sample *s = calloc(1, sizeof(*s));

	if (!s)
		return -1;
	memset(cells, 0, sizeof(cells));
	s->user = (struct ns){ .ino = 4026531837, .type = NS_USER, .initial = true };
	s->pid = (struct ns){ .ino = 4026531836, .type = NS_PID, .initial = true };
	s->graph.host[NS_USER] = &s->user;
	s->graph.host[NS_PID] = &s->pid;
	s->graph.hostname = (struct fact_text){ fact_known(), 6, "web-07" };
	s->graph.kernel.fact = fact_from_error(-EACCES);
	s->graph.time = 1795316645; /* 2026-11-22T03:04:05Z */
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	free(*state);
	return 0;
}

static json_t *print(const struct sample *s, size_t nrows)
{
	static const struct row rows[2];
	char *data = NULL;
	size_t len;
	struct term t = { .out = open_memstream(&data, &len) };
	json_t *root;

	assert_non_null(t.out);
	assert_int_equal(document_print(&t, &s->graph, "things", &list, rows, nrows), 0);
	fclose(t.out);
	assert_int_equal(data[len - 1], '\n');
	root = json_loads(data, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(root);
	free(data);
	return root;
}

static json_t *first_row(json_t *root)
{
	return json_array_get(json_object_get(root, "things"), 0);
}

static const char *text_at(json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	assert_non_null(text);
	return text;
}

static void document_has_its_four_members(void **state)
{
	json_t *root = print(*state, 2);

	assert_int_equal(json_object_size(root), 4);
	assert_int_equal(json_integer_value(json_object_get(root, "schema")), 1);
	assert_true(json_is_object(json_object_get(root, "host")));
	assert_true(json_is_object(json_object_get(root, "completeness")));
	assert_int_equal(json_array_size(json_object_get(root, "things")), 2);
	json_decref(root);
}

static void no_rows_are_an_empty_array(void **state)
{
	json_t *root = print(*state, 0);

	assert_true(json_is_array(json_object_get(root, "things")));
	assert_int_equal(json_array_size(json_object_get(root, "things")), 0);
	json_decref(root);
}

static void host_is_named_with_its_kernel_and_ours(void **state)
{
	json_t *root = print(*state, 0), *host = json_object_get(root, "host");

	assert_string_equal(text_at(host, "hostname"), "web-07");
	assert_true(json_is_null(json_object_get(host, "kernel")));
	assert_string_equal(text_at(host, "kernel_why"), "permission denied");
	assert_string_equal(text_at(host, "nsview"), NSVIEW_VERSION);
	json_decref(root);
}

static void time_is_rfc_3339_utc_of_the_snapshot(void **state)
{
	json_t *root = print(*state, 0);

	assert_string_equal(text_at(json_object_get(root, "host"), "time"), "2026-11-22T03:04:05Z");
	json_decref(root);
}

static void host_namespaces_are_numbers_or_null_with_why(void **state)
{
	json_t *root = print(*state, 0);
	json_t *ns = json_object_get(json_object_get(root, "host"), "namespaces");

	assert_int_equal(json_integer_value(json_object_get(ns, "user")), 4026531837);
	assert_true(json_is_null(json_object_get(ns, "net")));
	assert_string_equal(text_at(ns, "net_why"), "not in this view");
	assert_null(json_object_get(ns, "user_why"));
	json_decref(root);
}

static void host_is_visible_only_with_its_user_and_pid_namespace(void **state)
{
	struct sample *s = *state;
	json_t *root = print(s, 0);

	assert_true(json_is_true(json_object_get(json_object_get(root, "host"), "visible")));
	json_decref(root);
	s->graph.host[NS_PID] = NULL;
	root = print(s, 0);
	assert_true(json_is_false(json_object_get(json_object_get(root, "host"), "visible")));
	json_decref(root);
}

static void numbers_are_numbers_and_ids_are_strings(void **state)
{
	json_t *root, *row;

	cells[0] = (struct value){ .fact = fact_known(), .kind = VALUE_INT, .signed_num = -5 };
	cells[1] = (struct value){ .fact = fact_known(), .kind = VALUE_ID, .num = UINT64_MAX };
	root = print(*state, 1);
	row = first_row(root);
	assert_int_equal(json_integer_value(json_object_get(row, "first")), -5);
	assert_string_equal(text_at(row, "second"), "18446744073709551615");
	json_decref(root);
	cells[0] = (struct value){ .fact = fact_known(), .kind = VALUE_UINT, .num = 4026531837 };
	cells[1] = (struct value){ .fact = fact_known(), .kind = VALUE_BOOL, .num = 1 };
	root = print(*state, 1);
	row = first_row(root);
	assert_int_equal(json_integer_value(json_object_get(row, "first")), 4026531837);
	assert_true(json_is_true(json_object_get(row, "second")));
	json_decref(root);
}

static void none_is_null_and_unknown_is_null_with_why(void **state)
{
	json_t *root, *row;

	cells[0] = (struct value){ .fact = fact_none(), .kind = VALUE_UINT, .num = 3 };
	cells[1] = (struct value){ .fact = fact_from_error(-EACCES), .kind = VALUE_TEXT };
	root = print(*state, 1);
	row = first_row(root);
	assert_true(json_is_null(json_object_get(row, "first")));
	assert_null(json_object_get(row, "first_why"));
	assert_true(json_is_null(json_object_get(row, "second")));
	assert_string_equal(text_at(row, "second_why"), "permission denied");
	json_decref(root);
}

static void hostile_text_is_valid_utf8_and_reversible(void **state)
{
	static const char text[] = "\"\\\n\xff\x1b";
	json_t *root;

	cells[0] = (struct value){
		.fact = fact_known(), .kind = VALUE_TEXT, .text = text, .len = sizeof(text) - 1
	};
	root = print(*state, 1);
	assert_string_equal(text_at(first_row(root), "first"), "\"\\\\\n\\xff\x1b");
	json_decref(root);
}

static void empty_text_is_an_empty_string(void **state)
{
	json_t *root;

	cells[0] = (struct value){ .fact = fact_known(), .kind = VALUE_TEXT, .text = "" };
	root = print(*state, 1);
	assert_string_equal(text_at(first_row(root), "first"), "");
	json_decref(root);
}

static void column_with_structure_writes_itself(void **state)
{
	json_t *root = print(*state, 1), *pair = json_object_get(first_row(root), "pair");

	assert_int_equal(json_array_size(pair), 2);
	assert_int_equal(json_integer_value(json_array_get(pair, 1)), 8);
	json_decref(root);
}

static void write_error_is_reported(void **state)
{
	const struct sample *s = *state;
	struct term t = { .out = fopen("/dev/full", "w") };

	if (!t.out)
		skip();
	setvbuf(t.out, NULL, _IONBF, 0);
	assert_int_equal(document_print(&t, &s->graph, "things", &list, NULL, 0), -EIO);
	fclose(t.out);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(document_has_its_four_members),
		TEST(no_rows_are_an_empty_array),
		TEST(host_is_named_with_its_kernel_and_ours),
		TEST(time_is_rfc_3339_utc_of_the_snapshot),
		TEST(host_namespaces_are_numbers_or_null_with_why),
		TEST(host_is_visible_only_with_its_user_and_pid_namespace),
		TEST(numbers_are_numbers_and_ids_are_strings),
		TEST(none_is_null_and_unknown_is_null_with_why),
		TEST(hostile_text_is_valid_utf8_and_reversible),
		TEST(empty_text_is_an_empty_string),
		TEST(column_with_structure_writes_itself),
		TEST(write_error_is_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
