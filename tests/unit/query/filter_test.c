/* SPDX-License-Identifier: MIT */
/* What filters answer, on a small column table of their own. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "filter_sample.h"

struct question {
	const char *text;
	enum filter_answer answer;
};

static void ask_all(const struct cells *cells, const struct question *q)
{
	for (; q->text; q++) {
		enum filter_answer a = ask(cells, q->text);

		if (a != q->answer)
			fail_msg("'%s': expected %d, got %d", q->text, q->answer, a);
	}
}

static void text_compares_bytewise(void **state)
{
	const struct cells cells = known_cells();
	const struct question all[] = {
		{ "type == \"net\"", FILTER_YES },
		{ "type == net", FILTER_YES },
		{ "type == 'net'", FILTER_YES },
		{ "type==net", FILTER_YES },
		{ "type == ne", FILTER_NO },
		{ "type == nets", FILTER_NO },
		{ "type == NET", FILTER_NO },
		{ "type != net", FILTER_NO },
		{ "type != mnt", FILTER_YES },
		{ "type < nets", FILTER_YES },
		{ "type < ne", FILTER_NO },
		{ "type <= net", FILTER_YES },
		{ "type > mnt", FILTER_YES },
		{ "type > Z", FILTER_YES },
		{ "type >= net", FILTER_YES },
		{ "type < net", FILTER_NO },
		{ "type > \"\\xff\"", FILTER_YES },
		{ "type > net", FILTER_NO },
		{ "type < \"\xc3\xa9\"", FILTER_YES },
		{ NULL, 0 },
	};

	(void)state;
	ask_all(&cells, all);
}

static void word_operators_are_the_same_in_any_case(void **state)
{
	const struct cells cells = known_cells();
	const struct question all[] = {
		{ "type eq net", FILTER_YES },
		{ "type NE net", FILTER_NO },
		{ "nprocs lt 6", FILTER_YES },
		{ "nprocs le 4", FILTER_NO },
		{ "nprocs gt 5", FILTER_NO },
		{ "nprocs ge 5", FILTER_YES },
		{ "type eq net and nprocs eq 5", FILTER_YES },
		{ "type eq mnt OR nprocs eq 5", FILTER_YES },
		{ "not type eq net", FILTER_NO },
		{ NULL, 0 },
	};

	(void)state;
	ask_all(&cells, all);
}

static void names_of_columns_ignore_case(void **state)
{
	const struct cells cells = known_cells();
	const struct question all[] = {
		{ "TYPE == net", FILTER_YES },
		{ "Type == net", FILTER_YES },
		{ "BOOTOFF == -7", FILTER_YES },
		{ "boot_off == -7", FILTER_YES },
		{ NULL, 0 },
	};

	(void)state;
	ask_all(&cells, all);
}

static void colon_is_contains_for_text_and_equals_for_numbers(void **state)
{
	const struct cells cells = known_cells();
	const struct question all[] = {
		{ "type:net", FILTER_YES },
		{ "type:et", FILTER_YES },
		{ "type: net", FILTER_YES },
		{ "type:nett", FILTER_NO },
		{ "who:docker:web", FILTER_YES },
		{ "who:\"web nginx\"", FILTER_YES },
		{ "who:podman", FILTER_NO },
		{ "who:\"\"", FILTER_YES },
		{ "nprocs:5", FILTER_YES },
		{ "nprocs:50", FILTER_NO },
		{ "lost:yes", FILTER_YES },
		{ "lost:0", FILTER_NO },
		{ NULL, 0 },
	};

	(void)state;
	ask_all(&cells, all);
}

static void numbers_compare_by_size(void **state)
{
	const struct cells cells = known_cells();
	const struct question all[] = {
		{ "nprocs == 5", FILTER_YES },
		{ "nprocs == 05", FILTER_YES },
		{ "nprocs == 0x5", FILTER_YES },
		{ "nprocs == \"5\"", FILTER_YES },
		{ "nprocs < 10", FILTER_YES },
		{ "nprocs > 10", FILTER_NO },
		{ "nprocs > -1", FILTER_YES },
		{ "nprocs == -5", FILTER_NO },
		{ "nprocs >= -0", FILTER_YES },
		{ "boot_off < 0", FILTER_YES },
		{ "boot_off > -8", FILTER_YES },
		{ "boot_off > -7", FILTER_NO },
		{ "boot_off >= -7", FILTER_YES },
		{ "boot_off < -6", FILTER_YES },
		{ "boot_off == 7", FILTER_NO },
		{ "id == 1311768467294899695", FILTER_YES },
		{ "id == 0x1234567890ABCDEF", FILTER_YES },
		{ "id < 18446744073709551615", FILTER_YES },
		{ NULL, 0 },
	};

	(void)state;
	ask_all(&cells, all);
}

static void suffixes_count_in_1024s(void **state)
{
	struct cells cells = known_cells();

	(void)state;
	cells.nprocs = 2048;
	assert_int_equal(ask(&cells, "nprocs == 2K"), FILTER_YES);
	assert_int_equal(ask(&cells, "nprocs == 2k"), FILTER_YES);
	assert_int_equal(ask(&cells, "nprocs < 1M"), FILTER_YES);
	cells.nprocs = 3ULL << 30;
	assert_int_equal(ask(&cells, "nprocs == 3G"), FILTER_YES);
	cells.offset = -1024;
	assert_int_equal(ask(&cells, "boot_off == -1K"), FILTER_YES);
}

static void extreme_signed_numbers_compare_right(void **state)
{
	struct cells cells = known_cells();

	(void)state;
	cells.offset = INT64_MIN;
	assert_int_equal(ask(&cells, "boot_off == -9223372036854775808"), FILTER_YES);
	assert_int_equal(ask(&cells, "boot_off < -9223372036854775807"), FILTER_YES);
	assert_int_equal(ask(&cells, "boot_off =~ '^-9223372036854775808$'"), FILTER_YES);
	cells.offset = INT64_MAX;
	assert_int_equal(ask(&cells, "boot_off < 18446744073709551615"), FILTER_YES);
}

static void bare_number_against_text_is_text(void **state)
{
	struct cells cells = known_cells();

	(void)state;
	cells.type = "9";
	assert_int_equal(ask(&cells, "type == 9"), FILTER_YES);
	assert_int_equal(ask(&cells, "type == 09"), FILTER_NO);
	assert_int_equal(ask(&cells, "type > 10"), FILTER_YES);
}

static void booleans_take_six_words(void **state)
{
	const struct cells cells = known_cells();
	const struct question all[] = {
		{ "lost == true", FILTER_YES },
		{ "lost == yes", FILTER_YES },
		{ "lost == 1", FILTER_YES },
		{ "lost == TRUE", FILTER_YES },
		{ "lost == false", FILTER_NO },
		{ "lost == no", FILTER_NO },
		{ "lost == 0", FILTER_NO },
		{ "lost != no", FILTER_YES },
		{ NULL, 0 },
	};

	(void)state;
	ask_all(&cells, all);
}

static void column_alone_is_true_where_it_has_a_value(void **state)
{
	struct cells cells = known_cells();
	const struct question full[] = {
		{ "type", FILTER_YES }, { "nprocs", FILTER_YES },   { "lost", FILTER_YES },
		{ "!type", FILTER_NO }, { "boot_off", FILTER_YES }, { NULL, 0 },
	};
	const struct question empty[] = {
		{ "type", FILTER_NO },	   { "nprocs", FILTER_NO },   { "lost", FILTER_NO },
		{ "!nprocs", FILTER_YES }, { "boot_off", FILTER_NO }, { NULL, 0 },
	};

	(void)state;
	ask_all(&cells, full);
	cells.type = "";
	cells.nprocs = 0;
	cells.offset = 0;
	cells.lost = false;
	ask_all(&cells, empty);
}

static void regular_expressions_are_extended(void **state)
{
	const struct cells cells = known_cells();
	const struct question all[] = {
		{ "who =~ docker", FILTER_YES },
		{ "who =~ \"^docker:(web|db)\"", FILTER_YES },
		{ "who =~ '^web'", FILTER_NO },
		{ "who !~ '^web'", FILTER_YES },
		{ "who =~ 'ngin{1}x$'", FILTER_YES },
		{ "who =~ '[[:space:]]'", FILTER_YES },
		{ "who =~ \"docker\\:web\"", FILTER_YES },
		{ "who =~ 'docker.web.*'", FILTER_YES },
		{ "nprocs =~ '^5$'", FILTER_YES },
		{ "nprocs !~ '^5$'", FILTER_NO },
		{ "boot_off =~ '^-7$'", FILTER_YES },
		{ NULL, 0 },
	};

	(void)state;
	ask_all(&cells, all);
}

static void text_behind_a_nul_is_matched_too(void **state)
{
	static const char who[] = "sleep\0infinity";
	struct cells cells = known_cells();

	(void)state;
	cells.who = who;
	cells.who_len = sizeof(who) - 1;
	assert_int_equal(ask(&cells, "who =~ 'infinity$'"), FILTER_YES);
	assert_int_equal(ask(&cells, "who =~ '^sleep infinity$'"), FILTER_YES);
	assert_int_equal(ask(&cells, "who:infinity"), FILTER_YES);
	assert_int_equal(ask(&cells, "who == sleep"), FILTER_NO);
}

static void text_is_not_read_beyond_its_length(void **state)
{
	struct cells cells = known_cells();

	(void)state;
	cells.who_len = 6;
	assert_int_equal(ask(&cells, "who == docker"), FILTER_YES);
	assert_int_equal(ask(&cells, "who =~ 'docker$'"), FILTER_YES);
	assert_int_equal(ask(&cells, "who:web"), FILTER_NO);
}

static void absent_value_is_a_known_answer(void **state)
{
	struct cells cells = known_cells();
	const struct question all[] = {
		{ "type == net", FILTER_NO },
		{ "type != net", FILTER_YES },
		{ "type", FILTER_NO },
		{ "!type", FILTER_YES },
		{ "type =~ '.*'", FILTER_NO },
		{ "type !~ net", FILTER_YES },
		{ "type:net", FILTER_NO },
		{ "type == ''", FILTER_NO },
		{ "nprocs < 1", FILTER_NO },
		{ "nprocs >= 0", FILTER_NO },
		{ "nprocs == 5", FILTER_NO },
		{ "nprocs != 5", FILTER_YES },
		{ "lost", FILTER_NO },
		{ "lost != yes", FILTER_YES },
		{ NULL, 0 },
	};

	(void)state;
	cells.type_fact = cells.nprocs_fact = cells.lost_fact = fact_none();
	ask_all(&cells, all);
}

static void unknown_value_is_never_yes_or_no(void **state)
{
	static const uint16_t states[] = { FACT_UNREAD, FACT_DENIED, FACT_GONE, FACT_UNSUPPORTED };
	struct cells cells = known_cells();
	const struct question all[] = {
		{ "type == net", FILTER_UNKNOWN },
		{ "type != net", FILTER_UNKNOWN },
		{ "type", FILTER_UNKNOWN },
		{ "!type", FILTER_UNKNOWN },
		{ "type =~ net", FILTER_UNKNOWN },
		{ "type !~ net", FILTER_UNKNOWN },
		{ "nprocs > 1", FILTER_UNKNOWN },
		{ "!(nprocs > 1)", FILTER_UNKNOWN },
		{ NULL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		cells.type_fact.state = cells.nprocs_fact.state = states[i];
		ask_all(&cells, all);
	}
}

/* type is unknown, nprocs == 5 is yes, nprocs == 6 is no. */
static void logic_has_three_values(void **state)
{
	struct cells cells = known_cells();
	const struct question all[] = {
		{ "type && nprocs == 5", FILTER_UNKNOWN },
		{ "nprocs == 5 && type", FILTER_UNKNOWN },
		{ "type && nprocs == 6", FILTER_NO },
		{ "nprocs == 6 && type", FILTER_NO },
		{ "type || nprocs == 5", FILTER_YES },
		{ "nprocs == 5 || type", FILTER_YES },
		{ "type || nprocs == 6", FILTER_UNKNOWN },
		{ "nprocs == 6 || type", FILTER_UNKNOWN },
		{ "type && type", FILTER_UNKNOWN },
		{ "type || !type", FILTER_UNKNOWN },
		{ "nprocs == 5 && nprocs == 5", FILTER_YES },
		{ "nprocs == 5 && nprocs == 6", FILTER_NO },
		{ "nprocs == 6 || nprocs == 6", FILTER_NO },
		{ "type || nprocs == 6 || nprocs == 5", FILTER_YES },
		{ "type && nprocs == 5 && nprocs == 6", FILTER_NO },
		{ NULL, 0 },
	};

	(void)state;
	cells.type_fact.state = FACT_DENIED;
	ask_all(&cells, all);
}

static void and_binds_tighter_than_or_and_not_tightest(void **state)
{
	const struct cells cells = known_cells();
	const struct question all[] = {
		{ "nprocs == 5 || nprocs == 5 && nprocs == 6", FILTER_YES },
		{ "(nprocs == 5 || nprocs == 5) && nprocs == 6", FILTER_NO },
		{ "nprocs == 6 && nprocs == 6 || nprocs == 5", FILTER_YES },
		{ "nprocs == 6 && (nprocs == 6 || nprocs == 5)", FILTER_NO },
		{ "!nprocs == 6", FILTER_YES },
		{ "!nprocs == 6 && nprocs == 6", FILTER_NO },
		{ "!(nprocs == 6 && nprocs == 6)", FILTER_YES },
		{ "!!nprocs == 5", FILTER_YES },
		{ "not not not nprocs == 5", FILTER_NO },
		{ "nprocs>4&&nprocs<6||type==mnt", FILTER_YES },
		{ NULL, 0 },
	};

	(void)state;
	ask_all(&cells, all);
}

static void double_quotes_protect_quotes_and_backslashes_only(void **state)
{
	struct cells cells = known_cells();

	(void)state;
	cells.type = "a\"b\\c\\d";
	assert_int_equal(ask(&cells, "type == \"a\\\"b\\\\c\\d\""), FILTER_YES);
	assert_int_equal(ask(&cells, "type == 'a\"b\\c\\d'"), FILTER_YES);
	cells.type = "a.b";
	assert_int_equal(ask(&cells, "type =~ \"^a\\.b$\""), FILTER_YES);
	cells.type = "axb";
	assert_int_equal(ask(&cells, "type =~ \"^a\\.b$\""), FILTER_NO);
}

static void needs_are_those_of_every_column_named(void **state)
{
	struct filter *f = compile("type == net || !(nprocs > 1 && boot_off)");

	(void)state;
	assert_int_equal(filter_needs(f), 1 | 4 | 8);
	filter_free(f);
	filter_free(NULL);
}

static void filter_keeps_no_pointer_into_its_source(void **state)
{
	const struct cells cells = known_cells();
	struct row row = { .graph = (const struct graph *)(const void *)&cells };
	char *text = strdup("type == net && who =~ docker && who:web");
	struct filter *f;

	(void)state;
	assert_non_null(text);
	f = compile(text);
	memset(text, 'x', strlen(text));
	free(text);
	assert_int_equal(filter_match(f, &row), FILTER_YES);
	filter_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_compares_bytewise),
		cmocka_unit_test(word_operators_are_the_same_in_any_case),
		cmocka_unit_test(names_of_columns_ignore_case),
		cmocka_unit_test(colon_is_contains_for_text_and_equals_for_numbers),
		cmocka_unit_test(numbers_compare_by_size),
		cmocka_unit_test(suffixes_count_in_1024s),
		cmocka_unit_test(extreme_signed_numbers_compare_right),
		cmocka_unit_test(bare_number_against_text_is_text),
		cmocka_unit_test(booleans_take_six_words),
		cmocka_unit_test(column_alone_is_true_where_it_has_a_value),
		cmocka_unit_test(regular_expressions_are_extended),
		cmocka_unit_test(text_behind_a_nul_is_matched_too),
		cmocka_unit_test(text_is_not_read_beyond_its_length),
		cmocka_unit_test(absent_value_is_a_known_answer),
		cmocka_unit_test(unknown_value_is_never_yes_or_no),
		cmocka_unit_test(logic_has_three_values),
		cmocka_unit_test(and_binds_tighter_than_or_and_not_tightest),
		cmocka_unit_test(double_quotes_protect_quotes_and_backslashes_only),
		cmocka_unit_test(needs_are_those_of_every_column_named),
		cmocka_unit_test(filter_keeps_no_pointer_into_its_source),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
