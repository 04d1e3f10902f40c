/* SPDX-License-Identifier: MIT */
/* What filters refuse, in which words; and what no filter may do to the program. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "filter_sample.h"

struct refusal {
	const char *text, *sentence;
};

static void refuse_all(const struct refusal *r)
{
	for (; r->text; r++) {
		struct filter *f = NULL;
		struct error err = { 0 };

		assert_int_equal(filter_compile(&table, r->text, &f, &err), -EINVAL);
		assert_int_equal(err.code, -EINVAL);
		assert_string_equal(err.text, r->sentence);
		assert_null(f);
	}
}

static void unknown_column_names_the_nearest(void **state)
{
	const struct refusal all[] = {
		{ "typ", "filter: unknown column \"typ\" at 1; did you mean \"type\"?" },
		{ "type == net && nproc > 1",
		  "filter: unknown column \"nproc\" at 16; did you mean \"nprocs\"?" },
		{ "BOOTOF", "filter: unknown column \"BOOTOF\" at 1; did you mean \"BOOTOFF\"?" },
		{ "xyzzy_plugh",
		  "filter: unknown column \"xyzzy_plugh\" at 1; --list-columns lists them" },
		{ "type == \"\xc3\xa9\" || \xc3\xa9t\x1b",
		  "filter: unknown column \"\\u{e9}t\\x1b\" at 16; --list-columns lists them" },
		{ NULL, NULL },
	};

	(void)state;
	refuse_all(all);
}

static void wrong_grammar_names_its_place(void **state)
{
	const struct refusal all[] = {
		{ "", "filter: the expression is empty" },
		{ "  ", "filter: the expression is empty" },
		{ "type ==", "filter: expected a value at 8, found the end" },
		{ "type == )", "filter: expected a value at 9, found \")\"" },
		{ "type == and nprocs",
		  "filter: \"and\" at 9 is an operator; quote it to mean the text" },
		{ "type &&", "filter: expected a column at 8, found the end" },
		{ "&& type", "filter: expected a column at 1, found \"&&\"" },
		{ "5 < nprocs", "filter: unknown column \"5\" at 1; --list-columns lists them" },
		{ "\"net\" == type", "filter: expected a column at 1, found \"net\"" },
		{ "type net", "filter: expected an operator at 6, found \"net\"" },
		{ "type == net nprocs", "filter: expected an operator at 13, found \"nprocs\"" },
		{ "type = net", "filter: \"=\" at 6 is no operator; did you mean \"==\"?" },
		{ "type & lost", "filter: \"&\" at 6 is no operator; did you mean \"&&\"?" },
		{ "type | lost", "filter: \"|\" at 6 is no operator; did you mean \"||\"?" },
		{ "type ~ net", "filter: \"~\" at 6 is no operator; did you mean \"=~\"?" },
		{ "(type", "filter: the \"(\" at 1 is not closed" },
		{ "type && (lost || (type)", "filter: the \"(\" at 9 is not closed" },
		{ "type)", "filter: the \")\" at 5 closes nothing" },
		{ "()", "filter: expected a column at 2, found \")\"" },
		{ "(type net)", "filter: expected \")\" or an operator at 7, found \"net\"" },
		{ "type == \"net", "filter: the quote at 9 is not closed" },
		{ "type == 'net\"", "filter: the quote at 9 is not closed" },
		{ "type == \"net\\\"", "filter: the quote at 9 is not closed" },
		{ "!", "filter: expected a column at 2, found the end" },
		{ NULL, NULL },
	};

	(void)state;
	refuse_all(all);
}

static void wrong_literal_is_refused_before_any_row(void **state)
{
	const struct refusal all[] = {
		{ "nprocs > many",
		  "filter: \"many\" at 10 is not a number, as column \"nprocs\" needs" },
		{ "nprocs == ''",
		  "filter: \"\" at 11 is not a number, as column \"nprocs\" needs" },
		{ "nprocs == -",
		  "filter: \"-\" at 11 is not a number, as column \"nprocs\" needs" },
		{ "nprocs == 0x",
		  "filter: \"0x\" at 11 is not a number, as column \"nprocs\" needs" },
		{ "nprocs == 5KB",
		  "filter: \"5KB\" at 11 is not a number, as column \"nprocs\" needs" },
		{ "nprocs:5x", "filter: \"5x\" at 8 is not a number, as column \"nprocs\" needs" },
		{ "id == 18446744073709551616",
		  "filter: \"18446744073709551616\" at 7 is not a number of at most 64 bits, as "
		  "column \"id\" needs" },
		{ "id == 18014398509481984K",
		  "filter: \"18014398509481984K\" at 7 is not a number of at most 64 bits, as "
		  "column \"id\" needs" },
		{ "lost == maybe",
		  "filter: \"maybe\" at 9 is neither true nor false, as column \"lost\" needs" },
		{ "lost < 1", "filter: column \"lost\" is true or false and takes only == and !=, "
			      "not the operator before 8" },
		{ "lost =~ t", "filter: column \"lost\" is true or false and takes only == and !=, "
			       "not the operator before 9" },
		{ NULL, NULL },
	};

	(void)state;
	refuse_all(all);
}

static void long_wrong_word_is_cut_between_characters(void **state)
{
	char text[201] = "";
	struct filter *f;
	struct error err = { 0 };

	(void)state;
	for (int i = 0; i < 200; i++)
		text[i] = ("\xc3\xa9"
			   "a")[i % 3]; /* byte 40 is inside an e-acute */
	assert_int_equal(filter_compile(&table, text, &f, &err), -EINVAL);
	assert_non_null(strstr(err.text, "\\u{e9}a...\" at 1; "));
	assert_true(strlen(err.text) < 200);
}

static void bad_regular_expression_says_why(void **state)
{
	static const char *const bad[] = { "who =~ '['", "who =~ '('", "who =~ 'a{2,1}'" };
	struct filter *f;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct error err = { 0 };
		const char *start = "filter: bad regular expression at 8: ";

		assert_int_equal(filter_compile(&table, bad[i], &f, &err), -EINVAL);
		assert_memory_equal(err.text, start, strlen(start));
		assert_true(strlen(err.text) > strlen(start));
	}
}

static void regular_expression_that_takes_all_memory_is_refused(void **state)
{
	static const char *const large[] = {
		"who =~ 'a{255}{255}'",
		"who =~ '((a{99}){99}){99}'",
		"who =~ '(((((((((((((a+)+)+)+)+)+)+)+)+)+)+)+)+)+'",
		"who =~ 'a++++++++++++++++++++++++++++++++'",
		"who =~ '([]x]{500}[[:alpha:]]{500}){3}'",
		"who =~ 'a{9999999999999999999999}'",
	};
	static const char *const sound[] = {
		"who =~ '[0-9a-f]{64}.*[0-9a-f]{64}'",
		"who =~ '[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}'",
		"who =~ '(a+b+c+)+d+e+f+g+h+i+j+k+l+m+n+o+'",
		"who =~ '[]+++++++++++++++++++++++++++++++++++++++]'",
	};
	const char *sentence = "filter: bad regular expression at 8: it is too large with its "
			       "repetitions written out";
	struct filter *f;

	(void)state;
	for (size_t i = 0; i < sizeof(large) / sizeof(large[0]); i++) {
		struct error err = { 0 };

		assert_int_equal(filter_compile(&table, large[i], &f, &err), -EINVAL);
		assert_string_equal(err.text, sentence);
	}
	for (size_t i = 0; i < sizeof(sound) / sizeof(sound[0]); i++)
		filter_free(compile(sound[i]));
}

static void back_references_are_refused(void **state)
{
	const struct refusal all[] = {
		{ "who =~ '(a*)*\\1'", "filter: bad regular expression at 8: extended expressions "
				       "have no back-references" },
		{ NULL, NULL },
	};

	(void)state;
	refuse_all(all);
	filter_free(compile("who =~ '[\\1]'"));
	filter_free(compile("who =~ '\\\\1'"));
}

/* n times `open`, then the middle, then n times `close`. */
static char *nest(size_t n, char open, const char *middle, const char *close)
{
	struct buffer b = BUFFER_INIT;

	for (size_t i = 0; i < n; i++)
		buffer_char(&b, open);
	buffer_text(&b, middle);
	for (size_t i = 0; i < n; i++)
		buffer_text(&b, close);
	return b.data;
}

static void deep_nesting_is_an_error_not_a_crash(void **state)
{
	static const struct {
		char open;
		const char *close;
	} shapes[] = { { '(', ")" }, { '!', "" } };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char *deep = nest(10000, shapes[i].open, "type", shapes[i].close);
		char *fine = nest(100, shapes[i].open, "type", shapes[i].close);
		struct filter *f;
		struct error err = { 0 };

		assert_int_equal(filter_compile(&table, deep, &f, &err), -EINVAL);
		assert_string_equal(err.text, "filter: nested more than 100 deep at 101");
		filter_free(compile(fine));
		free(deep);
		free(fine);
	}
}

static void long_chains_do_not_nest(void **state)
{
	const struct cells cells = known_cells();
	struct buffer b = BUFFER_INIT;

	(void)state;
	for (int i = 0; i < 20000; i++)
		buffer_text(&b, "type == mnt || nprocs == 5 && lost && ");
	buffer_text(&b, "type == net");
	assert_int_equal(ask(&cells, b.data), FILTER_YES);
	buffer_text(&b, "s");
	assert_int_equal(ask(&cells, b.data), FILTER_NO);
	buffer_release(&b);
}

static void failed_compile_frees_what_it_had(void **state)
{
	struct filter *f;

	(void)state;
	/* Under the address sanitizer a leaked expression fails this test. */
	assert_int_equal(
		filter_compile(&table, "who =~ a && who =~ b && (type == 'c' || ", &f, NULL),
		-EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unknown_column_names_the_nearest),
		cmocka_unit_test(wrong_grammar_names_its_place),
		cmocka_unit_test(wrong_literal_is_refused_before_any_row),
		cmocka_unit_test(long_wrong_word_is_cut_between_characters),
		cmocka_unit_test(bad_regular_expression_says_why),
		cmocka_unit_test(regular_expression_that_takes_all_memory_is_refused),
		cmocka_unit_test(back_references_are_refused),
		cmocka_unit_test(deep_nesting_is_an_error_not_a_crash),
		cmocka_unit_test(long_chains_do_not_nest),
		cmocka_unit_test(failed_compile_frees_what_it_had),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
