/* SPDX-License-Identifier: MIT */
/* Tables of made-up columns: layout, cutting, trees, escaping, and the streamed formats. */
#include <errno.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <nsview/render.h>

static void get_ino(const struct row *row, struct value *out)
{
	out->fact = fact_known();
	out->kind = VALUE_UINT;
	out->num = row->ns->ino;
}

static void get_type(const struct row *row, struct value *out)
{
	out->fact = fact_known();
	out->kind = VALUE_TEXT;
	out->text = ns_types[row->ns->type].name;
	out->len = strlen(out->text);
}

static void get_id(const struct row *row, struct value *out)
{
	out->fact = row->ns->facts->id.fact;
	out->kind = VALUE_ID;
	out->num = row->ns->facts->id.num;
}

static void get_text(struct value *out, struct fact_text text)
{
	out->fact = text.fact;
	out->kind = VALUE_TEXT;
	out->text = text.data;
	out->len = text.len;
}

static void get_path(const struct row *row, struct value *out)
{
	get_text(out, row->ns->facts->mnt_root);
}

static void get_who(const struct row *row, struct value *out)
{
	get_text(out, row->ns->facts->hostname);
}

enum { NS, TYPE, ID, PATH, WHO };
static const struct column columns[] = {
	[NS] = { .heading = "NS", .key = "ns", .kind = VALUE_UINT, .right = true, .get = get_ino },
	[TYPE] = { .heading = "TYPE", .key = "type", .kind = VALUE_TEXT, .get = get_type },
	[ID] = { .heading = "ID", .key = "id", .kind = VALUE_ID, .right = true, .get = get_id },
	[PATH] = { .heading = "PATH", .key = "path", .elastic = true, .get = get_path },
	[WHO] = { .heading = "WHO", .key = "who", .elastic = true, .get = get_who },
};

static const struct column_list usual = {
	.at = { &columns[NS], &columns[TYPE], &columns[ID], &columns[WHO] },
	.n = 4,
};

enum { SAMPLES = 3 };

/* Three namespaces; a test changes what it is about. */
struct sample {
	struct ns_facts facts[SAMPLES];
	struct ns ns[SAMPLES];
	struct row rows[SAMPLES];
	struct term term;
	struct table_options opt;
	char *data;
	size_t len;
};

static struct fact_text text_of(const char *text, size_t len)
{
	return (struct fact_text){ fact_known(), (uint32_t)len, text };
}

static void set_who(struct sample *s, size_t i, const char *text)
{
	s->facts[i].hostname = text_of(text, strlen(text));
}

static void use_locale(bool utf8)
{
	if (!setlocale(LC_CTYPE, utf8 ? "C.UTF-8" : "C"))
		skip();
}

static struct sample *sample_new(bool utf8)
{
	static const enum ns_type types[SAMPLES] = { NS_MNT, NS_NET, NS_CGROUP };
	static const uint64_t inos[SAMPLES] = { 4026531832, 77, 402653 };
	struct sample *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	use_locale(utf8);
	for (size_t i = 0; i < SAMPLES; i++) {
		s->ns[i] = (struct ns){ .ino = inos[i], .type = types[i], .facts = &s->facts[i] };
		s->rows[i].ns = &s->ns[i];
		s->facts[i].mnt_root = text_of("/dev/vda1 /", 11);
	}
	s->facts[0].id = (struct fact_num){ fact_known(), UINT64_MAX };
	s->facts[1].id.fact = fact_none();
	s->facts[2].id.fact = fact_from_error(-EACCES);
	set_who(s, 0, "host (systemd)");
	set_who(s, 1, "docker:web nginx");
	set_who(s, 2, "sh");
	s->term = (struct term){ .utf8 = utf8 };
	return s;
}

static const char *print_n(struct sample *s, const struct column_list *list, size_t n)
{
	free(s->data);
	s->data = NULL;
	s->term.out = open_memstream(&s->data, &s->len);
	assert_non_null(s->term.out);
	assert_int_equal(table_print(&s->term, &s->opt, list, s->rows, n), 0);
	assert_int_equal(fclose(s->term.out), 0);
	assert_null(strstr(s->data, " \n"));
	return s->data;
}

static const char *print(struct sample *s, const struct column_list *list)
{
	return print_n(s, list, SAMPLES);
}

static void sample_free(struct sample *s)
{
	free(s->data);
	free(s);
}

static void columns_are_aligned_and_rows_end_without_blanks(void **state)
{
	struct sample *s = sample_new(true);

	(void)state;
	assert_string_equal(print(s, &usual),
			    "        NS TYPE                     ID WHO\n"
			    "4026531832 mnt    18446744073709551615 host (systemd)\n"
			    "        77 net                       - docker:web nginx\n"
			    "    402653 cgroup                    ? sh\n");
	sample_free(s);
}

static void numbers_in_the_last_column_are_aligned_too(void **state)
{
	static const struct column_list list = { { &columns[WHO], &columns[NS] }, 2 };
	struct sample *s = sample_new(false);

	(void)state;
	s->term.width = 60;
	assert_string_equal(print(s, &list), "WHO                      NS\n"
					     "host (systemd)   4026531832\n"
					     "docker:web nginx         77\n"
					     "sh                   402653\n");
	sample_free(s);
}

static void noheadings_leaves_rows_only(void **state)
{
	static const struct column_list list = { { &columns[TYPE], &columns[WHO] }, 2 };
	struct sample *s = sample_new(true);

	(void)state;
	s->opt.noheadings = true;
	assert_string_equal(print_n(s, &list, 1), "mnt  host (systemd)\n");
	sample_free(s);
}

static void no_rows_print_the_headings_alone(void **state)
{
	struct sample *s = sample_new(true);

	(void)state;
	assert_string_equal(print_n(s, &usual, 0), "NS TYPE ID WHO\n");
	s->opt.noheadings = true;
	assert_string_equal(print_n(s, &usual, 0), "");
	s->opt.format = TABLE_RAW;
	assert_string_equal(print_n(s, &usual, 0), "");
	s->opt.noheadings = false;
	assert_string_equal(print_n(s, &usual, 0), "NS TYPE ID WHO\n");
	s->opt.format = TABLE_LINES;
	assert_string_equal(print_n(s, &usual, 0), "");
	sample_free(s);
}

static void elastic_column_is_cut_to_the_width(void **state)
{
	struct sample *s = sample_new(true);

	(void)state;
	s->term.width = 45;
	assert_string_equal(print(s, &usual), "        NS TYPE                     ID WHO\n"
					      "4026531832 mnt    18446744073709551615 host (\n"
					      "        77 net                       - docker\n"
					      "    402653 cgroup                    ? sh\n");
	sample_free(s);
}

static void notruncate_cuts_nothing(void **state)
{
	struct sample *s = sample_new(true);

	(void)state;
	s->term.width = 45;
	s->opt.notruncate = true;
	assert_non_null(strstr(print(s, &usual), " docker:web nginx\n"));
	sample_free(s);
}

static void last_elastic_column_gives_way_before_others(void **state)
{
	static const struct column_list list = { { &columns[PATH], &columns[WHO] }, 2 };
	struct sample *s = sample_new(true);

	(void)state;
	s->term.width = 20;
	assert_string_equal(print(s, &list), "PATH        WHO\n"
					     "/dev/vda1 / host (sy\n"
					     "/dev/vda1 / docker:w\n"
					     "/dev/vda1 / sh\n");
	s->term.width = 12;
	assert_string_equal(print(s, &list), "PATH     WHO\n"
					     "/dev/vda hos\n"
					     "/dev/vda doc\n"
					     "/dev/vda sh\n");
	sample_free(s);
}

static void inner_cell_is_cut_where_no_width_limits_the_table(void **state)
{
	static const struct column_list list = { { &columns[WHO], &columns[TYPE] }, 2 };
	static const struct column_list last = { { &columns[TYPE], &columns[WHO] }, 2 };
	struct sample *s = sample_new(true);
	const char *text = "a command line that is longer than forty-eight columns";

	(void)state;
	set_who(s, 0, text);
	assert_non_null(
		strstr(print(s, &list), "a command line that is longer than forty-eigh... mnt\n"));
	assert_non_null(strstr(print(s, &last), text));
	s->opt.notruncate = true;
	assert_non_null(strstr(print(s, &list), text));
	sample_free(s);
}

static void columns_that_are_not_elastic_are_never_cut(void **state)
{
	struct sample *s = sample_new(true);

	(void)state;
	s->term.width = 10;
	assert_non_null(strstr(print(s, &usual), "4026531832 mnt    18446744073709551615 hos\n"));
	sample_free(s);
}

static void wide_characters_count_twice_when_cut(void **state)
{
	static const struct column_list list = { { &columns[WHO], &columns[TYPE] }, 2 };
	struct sample *s = sample_new(true);

	(void)state;
	set_who(s, 0, "名前空間");
	set_who(s, 1, "naïve");
	assert_string_equal(print(s, &list), "WHO      TYPE\n"
					     "名前空間 mnt\n"
					     "naïve    net\n"
					     "sh       cgroup\n");
	s->term.width = 12;
	assert_string_equal(print(s, &list), "WHO   TYPE\n"
					     "名前  mnt\n"
					     "naïve net\n"
					     "sh    cgroup\n");
	sample_free(s);
}

static void very_long_cells_are_cut_like_any_other(void **state)
{
	static const struct column_list list = { { &columns[TYPE], &columns[WHO] }, 2 };
	struct sample *s = sample_new(true);
	char *text = calloc(1, 100001);

	(void)state;
	assert_non_null(text);
	memset(text, 'a', 100000);
	set_who(s, 0, text);
	s->term.width = 20;
	assert_string_equal(print(s, &list), "TYPE   WHO\n"
					     "mnt    aaaaaaaaaaaaa\n"
					     "net    docker:web ng\n"
					     "cgroup sh\n");
	s->opt.notruncate = true;
	assert_int_equal(strlen(print(s, &list)), 11 + 7 + 100001 + 24 + 10);
	memcpy(text, "é\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81", 12);
	s->opt.notruncate = false;
	assert_non_null(strstr(print(s, &list),
			       "\nmnt    \xc3\xa9\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81"
			       "aaaaaaaaaaaa\n"));
	free(text);
	sample_free(s);
}

static void text_is_escaped_once_in_utf8(void **state)
{
	static const struct column_list list = { { &columns[WHO], &columns[TYPE] }, 2 };
	struct sample *s = sample_new(true);

	(void)state;
	set_who(s, 0, "a\\b\033[31m\n\xff");
	set_who(s, 1, "é\xe2\x80\xae");
	assert_string_equal(print(s, &list), "WHO                TYPE\n"
					     "a\\\\b\\x1b[31m\\n\\xff mnt\n"
					     "é\\u{202e}          net\n"
					     "sh                 cgroup\n");
	sample_free(s);
}

static void text_is_pure_ascii_without_utf8(void **state)
{
	static const struct column_list list = { { &columns[WHO], &columns[TYPE] }, 2 };
	struct sample *s = sample_new(false);

	(void)state;
	set_who(s, 0, "naïve\\");
	assert_non_null(strstr(print(s, &list), "\nna\\u{ef}ve\\\\     mnt\n"));
	sample_free(s);
}

static void ascii_in_a_utf8_locale_is_pure_ascii(void **state)
{
	struct sample *s = sample_new(true);

	(void)state;
	s->term.utf8 = false;
	set_who(s, 0, "naïve");
	assert_non_null(strstr(print(s, &usual), " na\\u{ef}ve\n"));
	sample_free(s);
}

static void empty_cell_is_a_dash(void **state)
{
	struct sample *s = sample_new(true);

	(void)state;
	set_who(s, 2, "");
	assert_non_null(strstr(print(s, &usual), "? -\n"));
	s->opt.format = TABLE_RAW;
	assert_non_null(strstr(print(s, &usual), " ? -\n"));
	sample_free(s);
}

static const struct column_list tree_list = { { &columns[NS], &columns[TYPE] }, 2 };
static const long chain[SAMPLES] = { 1, -1, 0 }; /* the parent of row 0 comes after it */
static const long siblings[SAMPLES] = { -1, 0, 0 };

static void tree_has_box_characters_in_utf8(void **state)
{
	struct sample *s = sample_new(true);

	(void)state;
	s->opt.parents = siblings;
	assert_string_equal(print(s, &tree_list), "NS         TYPE\n"
						  "4026531832 mnt\n"
						  "├─77       net\n"
						  "└─402653   cgroup\n");
	sample_free(s);
}

static void tree_is_ascii_without_utf8(void **state)
{
	struct sample *s = sample_new(false);

	(void)state;
	s->opt.parents = siblings;
	assert_string_equal(print(s, &tree_list), "NS         TYPE\n"
						  "4026531832 mnt\n"
						  "|-77       net\n"
						  "`-402653   cgroup\n");
	sample_free(s);
}

static void parent_may_come_after_its_child(void **state)
{
	struct sample *s = sample_new(true);

	(void)state;
	s->opt.parents = chain;
	assert_string_equal(print(s, &tree_list), "NS           TYPE\n"
						  "77           net\n"
						  "└─4026531832 mnt\n"
						  "  └─402653   cgroup\n");
	sample_free(s);
}

static void any_column_can_carry_the_branches(void **state)
{
	struct sample *s = sample_new(false);

	(void)state;
	s->opt.parents = siblings;
	s->opt.tree_column = 1;
	assert_string_equal(print(s, &tree_list), "        NS TYPE\n"
						  "4026531832 mnt\n"
						  "        77 |-net\n"
						  "    402653 `-cgroup\n");
	sample_free(s);
}

static void color_only_where_it_is_wanted(void **state)
{
	struct sample *s = sample_new(true);

	(void)state;
	assert_null(strchr(print(s, &usual), '\033'));
	s->term.color = true;
	print(s, &usual);
	assert_non_null(strstr(s->data, "\033[4mWHO\033[0m\n"));
	assert_non_null(strstr(s->data, "\033[36mmnt"));
	assert_non_null(strstr(s->data, "\033[2m"));
	assert_non_null(strstr(s->data, " docker:web nginx\n"));
	assert_string_equal(print_n(s, &tree_list, 0), "\033[4mNS\033[0m \033[4mTYPE\033[0m\n");
	sample_free(s);
}

static void raw_words_are_separated_by_one_space(void **state)
{
	struct sample *s = sample_new(true);

	(void)state;
	s->opt.format = TABLE_RAW;
	s->term.width = 10;
	set_who(s, 2, "a\nb");
	assert_string_equal(print(s, &usual),
			    "NS TYPE ID WHO\n"
			    "4026531832 mnt 18446744073709551615 host\\x20(systemd)\n"
			    "77 net - docker:web\\x20nginx\n"
			    "402653 cgroup ? a\\nb\n");
	s->opt.noheadings = true;
	assert_string_equal(print_n(s, &usual, 1),
			    "4026531832 mnt 18446744073709551615 host\\x20(systemd)\n");
	sample_free(s);
}

static void lines_are_one_object_each(void **state)
{
	struct sample *s = sample_new(true);

	(void)state;
	s->opt.format = TABLE_LINES;
	set_who(s, 2, "a\\\n\xff");
	assert_string_equal(
		print(s, &usual),
		"{\"ns\":4026531832,\"type\":\"mnt\",\"id\":\"18446744073709551615\","
		"\"who\":\"host (systemd)\"}\n"
		"{\"ns\":77,\"type\":\"net\",\"id\":null,\"who\":\"docker:web nginx\"}\n"
		"{\"ns\":402653,\"type\":\"cgroup\",\"id\":null,\"id_why\":\"permission denied\","
		"\"who\":\"a\\\\\\\\\\u000a\\\\xff\"}\n");
	sample_free(s);
}

static void document_is_not_a_table(void **state)
{
	struct sample *s = sample_new(true);

	(void)state;
	s->opt.format = TABLE_JSON;
	assert_int_equal(table_print(&s->term, &s->opt, &usual, s->rows, SAMPLES), -EINVAL);
	sample_free(s);
}

static void write_error_is_reported(void **state)
{
	static const enum table_format formats[] = { TABLE_LAID_OUT, TABLE_RAW, TABLE_LINES };
	struct sample *s = sample_new(true);

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		s->opt.format = formats[i];
		s->term.out = fopen("/dev/full", "w");
		if (!s->term.out)
			skip();
		setvbuf(s->term.out, NULL, _IONBF, 0);
		assert_int_equal(table_print(&s->term, &s->opt, &usual, s->rows, SAMPLES), -EIO);
		fclose(s->term.out);
	}
	sample_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_aligned_and_rows_end_without_blanks),
		cmocka_unit_test(numbers_in_the_last_column_are_aligned_too),
		cmocka_unit_test(noheadings_leaves_rows_only),
		cmocka_unit_test(no_rows_print_the_headings_alone),
		cmocka_unit_test(elastic_column_is_cut_to_the_width),
		cmocka_unit_test(notruncate_cuts_nothing),
		cmocka_unit_test(last_elastic_column_gives_way_before_others),
		cmocka_unit_test(inner_cell_is_cut_where_no_width_limits_the_table),
		cmocka_unit_test(columns_that_are_not_elastic_are_never_cut),
		cmocka_unit_test(wide_characters_count_twice_when_cut),
		cmocka_unit_test(very_long_cells_are_cut_like_any_other),
		cmocka_unit_test(text_is_escaped_once_in_utf8),
		cmocka_unit_test(text_is_pure_ascii_without_utf8),
		cmocka_unit_test(ascii_in_a_utf8_locale_is_pure_ascii),
		cmocka_unit_test(empty_cell_is_a_dash),
		cmocka_unit_test(tree_has_box_characters_in_utf8),
		cmocka_unit_test(tree_is_ascii_without_utf8),
		cmocka_unit_test(parent_may_come_after_its_child),
		cmocka_unit_test(any_column_can_carry_the_branches),
		cmocka_unit_test(color_only_where_it_is_wanted),
		cmocka_unit_test(raw_words_are_separated_by_one_space),
		cmocka_unit_test(lines_are_one_object_each),
		cmocka_unit_test(document_is_not_a_table),
		cmocka_unit_test(write_error_is_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
