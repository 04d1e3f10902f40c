/* SPDX-License-Identifier: MIT */
// wrap: getpwuid_r getgrgid_r
/* The parts of the screen: who gives way as it shrinks, what fits a line, names in a text. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"

static struct layout layout_of(unsigned rows, unsigned cols)
{
	struct layout l;

	layout_make(&l, rows, cols, false, 0);
	return l;
}

static unsigned sum(const struct layout *l)
{
	return l->title.rows + l->tabs.rows + l->list.rows + l->rule.rows + l->detail.rows +
	       l->bar.rows;
}

static void parts_give_way_in_order(void **state)
{
	(void)state;
	assert_true(layout_of(24, 80).detail.rows >= 8);
	assert_true(layout_of(16, 80).detail.rows > 0);
	assert_int_equal(layout_of(15, 80).detail.rows, 0);
	assert_int_equal(layout_of(15, 80).title.rows, 1);
	assert_int_equal(layout_of(10, 80).title.rows, 0);
	assert_int_equal(layout_of(10, 80).tabs.rows, 0);
	assert_int_equal(layout_of(10, 80).bar.rows, 1);
	assert_int_equal(layout_of(8, 80).bar.rows, 0);
	assert_int_equal(layout_of(8, 80).list.rows, 8);
	assert_true(layout_of(7, 80).too_small);
	assert_true(layout_of(8, 39).too_small);
	assert_false(layout_of(8, 40).too_small);
}

/* Every line belongs to one part, also where somebody reads or types. */
static void parts_fill_every_size(void **state)
{
	(void)state;
	for (unsigned rows = LAYOUT_MIN_ROWS; rows < 120; rows++)
		for (unsigned how = 0; how < 6; how++) {
			struct layout l;

			layout_make(&l, rows, 80, how & 1, how / 2);
			assert_int_equal(sum(&l), rows);
			assert_int_equal(l.bar.top + l.bar.rows, rows);
			assert_true(l.bar.rows >= how / 2);
			assert_true((how & 1) ? l.detail.rows >= 3 : l.list.rows >= 5);
		}
}

static struct canvas canvas_new(unsigned rows, unsigned cols)
{
	struct canvas c = { .utf8 = true };

	canvas_reset(&c, rows, cols);
	return c;
}

static const char *line_of(const struct canvas *c)
{
	return buffer_str(&c->lines[0].text);
}

static void a_line_never_grows_beyond_its_columns(void **state)
{
	struct canvas c = canvas_new(1, 5);

	(void)state;
	canvas_str(&c, 0, LOOK_PLAIN, "abc");
	canvas_str(&c, 0, LOOK_TYPE, "\xe6\xbc\xa2\xe5\xad\x97");
	assert_string_equal(line_of(&c), "abc\xe6\xbc\xa2");
	assert_int_equal(c.lines[0].columns, 5);
	canvas_str(&c, 0, LOOK_PLAIN, "x");
	canvas_str(&c, 1, LOOK_PLAIN, "no such line");
	assert_string_equal(line_of(&c), "abc\xe6\xbc\xa2");
	assert_int_equal(c.lines[0].nruns, 3);
	assert_int_equal(c.lines[0].runs[1].at, 3);
	canvas_release(&c);
}

/* Half of a wide character would shift all that follows. */
static void a_wide_character_that_does_not_fit_is_left_out(void **state)
{
	struct canvas c = canvas_new(1, 4);

	(void)state;
	canvas_str(&c, 0, LOOK_PLAIN, "abc\xe6\xbc\xa2");
	assert_string_equal(line_of(&c), "abc");
	canvas_release(&c);
}

static void fields_are_cut_with_a_sign_or_padded(void **state)
{
	struct canvas c = canvas_new(1, 80);

	(void)state;
	canvas_field(&c, 0, LOOK_PLAIN, "abcdef", 6, 4, false);
	canvas_field(&c, 0, LOOK_PLAIN, "ab", 2, 4, true);
	canvas_field(&c, 0, LOOK_PLAIN, "ab", 2, 4, false);
	canvas_field(&c, 0, LOOK_PLAIN, "\xe6\xbc\xa2\xe5\xad\x97", 6, 3, false);
	canvas_field(&c, 0, LOOK_PLAIN, "e\xcc\x81", 3, 2, false);
	canvas_str(&c, 0, LOOK_PLAIN, "|");
	assert_string_equal(line_of(&c), "abc…  abab  \xe6\xbc\xa2…e\xcc\x81 |");
	c.utf8 = false;
	canvas_reset(&c, 1, 80);
	canvas_field(&c, 0, LOOK_PLAIN, "abcdef", 6, 4, false);
	assert_string_equal(line_of(&c), "abc~");
	canvas_release(&c);
}

/* What another program printed is shown as it came, but for what a terminal would obey. */
static void nothing_that_a_terminal_obeys_gets_through(void **state)
{
	struct canvas c = canvas_new(1, 80);

	(void)state;
	canvas_str(&c, 0, LOOK_PLAIN, "a\033[2J\tb\x7f\xff\xc2\x9b\xe2\x80\xae");
	canvas_str(&c, 0, LOOK_PLAIN, "\xf4\x8f\xbf\xbf.");
	assert_string_equal(line_of(&c), "a?[2J?b?????.");
	canvas_release(&c);
}

static struct doc doc_of(const char *words)
{
	struct doc d = { 0 };
	struct buffer text = BUFFER_INIT;

	buffer_text(&text, words);
	doc_set(&d, &text);
	return d;
}

static const struct view_ref nothing = { 0 };

static void names_are_found_where_they_are(void **state)
{
	struct graph *g = make_graph(&whole_host);
	struct doc d = doc_of("Host's        no, that is net:[4026531833]\n"
			      "Held by       proc, 1 reference\n"
			      "              fd 4 of pid 4123 nginx, thread 50 of pid 50\n"
			      "Members       4124 processes\n"
			      "              4124 -> 7  nginx 1\n"
			      "              77  nobody\n"
			      "Started       4123\n"
			      "Evil          xnet:[4026531833] net:[1] pid 99 pid:[4026531836]\n");

	(void)state;
	doc_find_jumps(&d, g, &nothing);
	assert_int_equal(d.njumps, 6);
	assert_int_equal(d.jumps[0].to.kind, REF_NS);
	assert_int_equal(d.jumps[0].at, 26);
	assert_int_equal(d.jumps[0].len, 16);
	assert_int_equal(d.jumps[1].to.num, 4123);
	assert_int_equal(d.jumps[2].to.num, 50);
	assert_int_equal(d.jumps[4].line, 4);
	assert_int_equal(d.jumps[4].to.num, 4124);
	assert_int_equal(d.jumps[5].to.type, NS_PID);
	doc_release(&d);
	graph_free(g);
}

static void a_page_is_no_jump_to_itself(void **state)
{
	struct graph *g = make_graph(&whole_host);
	struct doc d = doc_of("Parent        1 systemd\nPids          4123 -> 1\n");

	(void)state;
	doc_find_jumps(&d, g, &(struct view_ref){ .kind = REF_PROCESS, .num = 4123 });
	assert_int_equal(d.njumps, 1);
	assert_int_equal(doc_jump(&d)->num, 1);
	doc_release(&d);
	graph_free(g);
}

static void the_name_at_hand_survives_a_new_text(void **state)
{
	struct graph *g = make_graph(&whole_host);
	struct doc d = doc_of("Parent        1\nMembers       2 processes\n              4123\n");
	struct buffer text = BUFFER_INIT;

	(void)state;
	doc_find_jumps(&d, g, &nothing);
	doc_step(&d, true, 5);
	assert_int_equal(doc_jump(&d)->num, 4123);
	buffer_text(&text, "Parent        1\nMembers       3 processes\n              50\n"
			   "              4123\n");
	doc_set(&d, &text);
	doc_find_jumps(&d, g, &nothing);
	assert_int_equal(doc_jump(&d)->num, 4123);
	doc_release(&d);
	graph_free(g);
}

static void lines_between_names_are_scrolled(void **state)
{
	struct graph *g = make_graph(&whole_host);
	struct doc d = doc_of("Parent        1\na\nb\nc\nd\ne\nf\nParent        50\n");

	(void)state;
	doc_find_jumps(&d, g, &nothing);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(d.here, 0);
		assert_int_equal(d.top, i);
		doc_move(&d, 1, 3);
	}
	assert_int_equal(d.here, 1);
	assert_int_equal(d.top, 5);
	doc_step(&d, false, 3);
	assert_int_equal(d.top, 0);
	doc_move(&d, 1000, 3);
	assert_int_equal(d.top, 5);
	doc_move(&d, -1000, 3);
	assert_int_equal(d.top, 0);
	assert_true(doc_search(&d, "F", true, 3));
	assert_int_equal(d.top, 5);
	assert_false(doc_search(&d, "zz", true, 3));
	doc_release(&d);
	graph_free(g);
}

static void long_lines_are_wrapped_at_blanks(void **state)
{
	struct doc d = { 0 };
	struct buffer text = BUFFER_INIT;

	(void)state;
	buffer_text(&text, "one two three four\n\nabcdefghijklmnop\n");
	doc_set_wrapped(&d, &text, 10);
	assert_string_equal(d.text.data, "one two\n    three\n    four\n\nabcdefghij\n"
					 "    klmnop\n");
	assert_int_equal(d.nlines, 6);
	doc_release(&d);
}

static void an_empty_text_has_no_lines(void **state)
{
	struct doc d = doc_of("");

	(void)state;
	assert_int_equal(d.nlines, 0);
	doc_move(&d, 1, 5);
	doc_step(&d, true, 5);
	assert_false(doc_search(&d, "x", true, 5));
	assert_null(doc_jump(&d));
	doc_release(&d);
}

static void lists_of_refs_have_each_once(void **state)
{
	struct ref_list l = { 0 }, copy = { 0 };
	struct view_ref a = { .kind = REF_PROCESS, .num = 5 }, b = { .kind = REF_SET, .num = 5 };

	(void)state;
	ref_list_put(&l, &a, true);
	ref_list_put(&l, &b, true);
	ref_list_put(&l, &a, true);
	assert_int_equal(l.n, 2);
	ref_list_copy(&copy, &l);
	assert_true(ref_list_same(&copy, &l));
	ref_list_put(&l, &b, false);
	assert_false(ref_list_same(&copy, &l));
	assert_false(ref_list_has(&l, &b));
	assert_true(ref_list_has(&l, &a));
	ref_list_put(&l, &b, false);
	assert_int_equal(l.n, 1);
	ref_list_release(&l);
	ref_list_release(&copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_give_way_in_order),
		cmocka_unit_test(parts_fill_every_size),
		cmocka_unit_test(a_line_never_grows_beyond_its_columns),
		cmocka_unit_test(a_wide_character_that_does_not_fit_is_left_out),
		cmocka_unit_test(fields_are_cut_with_a_sign_or_padded),
		cmocka_unit_test(nothing_that_a_terminal_obeys_gets_through),
		cmocka_unit_test(names_are_found_where_they_are),
		cmocka_unit_test(a_page_is_no_jump_to_itself),
		cmocka_unit_test(the_name_at_hand_survives_a_new_text),
		cmocka_unit_test(lines_between_names_are_scrolled),
		cmocka_unit_test(long_lines_are_wrapped_at_blanks),
		cmocka_unit_test(an_empty_text_has_no_lines),
		cmocka_unit_test(lists_of_refs_have_each_once),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
