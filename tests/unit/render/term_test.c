/* SPDX-License-Identifier: MIT */
/* What decides on colour, width and character set, and in which order. */
#include <fcntl.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmocka.h>

#include <nsview/term.h>
#include <nsview/winsize.h>

static const char *const names[] = { "NO_COLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "COLUMNS" };

/* A terminal of its own and a stream on it. */
struct fixture {
	int master;
	FILE *tty;
	FILE *file;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (!f)
		return -1;
	*state = f;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unsetenv(names[i]);
	setenv("TERM", "xterm", 1);
	setlocale(LC_CTYPE, "C");
	f->file = fopen("/dev/null", "w");
	f->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (f->master < 0 || grantpt(f->master) < 0 || unlockpt(f->master) < 0)
		return 0;
	f->tty = fopen(ptsname(f->master), "we");
	return f->file ? 0 : -1;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	if (f->tty)
		fclose(f->tty);
	if (f->master >= 0)
		close(f->master);
	fclose(f->file);
	free(f);
	return 0;
}

static FILE *tty_of(void **state)
{
	struct fixture *f = *state;

	if (!f->tty)
		skip();
	return f->tty;
}

static FILE *file_of(void **state)
{
	return ((struct fixture *)*state)->file;
}

static bool has_color(FILE *out, enum color_when when)
{
	struct term t;

	term_init(&t, out, when, false);
	return t.color;
}

static unsigned width(FILE *out)
{
	struct term t;

	term_init(&t, out, COLOR_AUTO, false);
	return t.width;
}

static void set_size(void **state, unsigned short columns)
{
	struct winsize size = { .ws_row = 24, .ws_col = columns };

	assert_int_equal(ioctl(fileno(tty_of(state)), TIOCSWINSZ, &size), 0);
}

static void terminal_has_color_and_file_has_none(void **state)
{
	assert_true(has_color(tty_of(state), COLOR_AUTO));
	assert_false(has_color(file_of(state), COLOR_AUTO));
}

static void dumb_or_unnamed_terminal_has_no_color(void **state)
{
	setenv("TERM", "dumb", 1);
	assert_false(has_color(tty_of(state), COLOR_AUTO));
	setenv("TERM", "", 1);
	assert_false(has_color(tty_of(state), COLOR_AUTO));
	unsetenv("TERM");
	assert_false(has_color(tty_of(state), COLOR_AUTO));
}

static void option_beats_everything(void **state)
{
	setenv("NO_COLOR", "1", 1);
	setenv("TERM", "dumb", 1);
	assert_true(has_color(file_of(state), COLOR_ALWAYS));
	unsetenv("NO_COLOR");
	setenv("TERM", "xterm", 1);
	setenv("FORCE_COLOR", "1", 1);
	assert_false(has_color(tty_of(state), COLOR_NEVER));
}

static void no_color_beats_force_and_terminal(void **state)
{
	setenv("NO_COLOR", "0", 1); /* any value counts */
	setenv("FORCE_COLOR", "1", 1);
	assert_false(has_color(file_of(state), COLOR_AUTO));
	assert_false(has_color(tty_of(state), COLOR_AUTO));
}

static void empty_no_color_is_not_set(void **state)
{
	setenv("NO_COLOR", "", 1);
	assert_true(has_color(tty_of(state), COLOR_AUTO));
}

static void force_beats_file_and_dumb_terminal(void **state)
{
	setenv("TERM", "dumb", 1);
	setenv("CLICOLOR_FORCE", "1", 1);
	assert_true(has_color(file_of(state), COLOR_AUTO));
	unsetenv("CLICOLOR_FORCE");
	setenv("FORCE_COLOR", "yes", 1);
	assert_true(has_color(file_of(state), COLOR_AUTO));
}

static void force_of_zero_or_nothing_forces_nothing(void **state)
{
	setenv("CLICOLOR_FORCE", "0", 1);
	setenv("FORCE_COLOR", "", 1);
	assert_false(has_color(file_of(state), COLOR_AUTO));
}

static void width_is_the_terminal_s(void **state)
{
	set_size(state, 132);
	assert_int_equal(winsize_columns(fileno(tty_of(state))), 132);
	assert_int_equal(width(tty_of(state)), 132);
}

static void terminal_without_a_size_counts_as_80(void **state)
{
	set_size(state, 0);
	assert_int_equal(width(tty_of(state)), 80);
}

static void file_has_no_width(void **state)
{
	assert_int_equal(winsize_columns(fileno(file_of(state))), 0);
	assert_int_equal(width(file_of(state)), 0);
}

static void columns_beats_the_terminal(void **state)
{
	set_size(state, 132);
	setenv("COLUMNS", "40", 1);
	assert_int_equal(width(tty_of(state)), 40);
	assert_int_equal(width(file_of(state)), 40);
}

static void columns_that_is_no_positive_number_is_ignored(void **state)
{
	static const char *const wrong[] = { "", "0", "-5", "80x", " 80", "99999999999999999999" };

	set_size(state, 132);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		setenv("COLUMNS", wrong[i], 1);
		assert_int_equal(width(tty_of(state)), 132);
	}
}

static void character_set_is_the_locale_s_unless_ascii_is_asked_for(void **state)
{
	struct term t;

	term_init(&t, file_of(state), COLOR_AUTO, false);
	assert_false(t.utf8);
	assert_int_equal(term_escape(&t), ESCAPE_ASCII);
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		skip();
	term_init(&t, file_of(state), COLOR_AUTO, false);
	assert_true(t.utf8);
	assert_int_equal(term_escape(&t), ESCAPE_UTF8);
	term_init(&t, file_of(state), COLOR_AUTO, true);
	assert_false(t.utf8);
}

static void stream_in_memory_is_no_terminal(void **state)
{
	char *data = NULL;
	size_t len;
	FILE *out = open_memstream(&data, &len);
	struct term t;

	(void)state;
	assert_non_null(out);
	term_init(&t, out, COLOR_AUTO, false);
	assert_false(t.tty);
	assert_false(t.color);
	assert_int_equal(t.width, 0);
	assert_ptr_equal(t.out, out);
	fclose(out);
	free(data);
}

static void styles_are_empty_without_color_and_avoid_bad_colors(void **state)
{
	/* Black, red, green, yellow, blue and white, as text and as ground. */
	static const char *const bad[] = { "30", "31", "32", "33", "34", "37",
					   "40", "41", "42", "43", "44", "47" };
	struct term plain = { .color = false }, color = { .color = true };

	(void)state;
	for (int style = STYLE_PLAIN; style <= STYLE_WARN; style++) {
		const char *sequence = term_style(&color, (enum style)style);

		assert_string_equal(term_style(&plain, (enum style)style), "");
		assert_memory_equal(sequence, "\033[", 2);
		for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
			assert_null(strstr(sequence, bad[i]));
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(terminal_has_color_and_file_has_none),
		TEST(dumb_or_unnamed_terminal_has_no_color),
		TEST(option_beats_everything),
		TEST(no_color_beats_force_and_terminal),
		TEST(empty_no_color_is_not_set),
		TEST(force_beats_file_and_dumb_terminal),
		TEST(force_of_zero_or_nothing_forces_nothing),
		TEST(width_is_the_terminal_s),
		TEST(terminal_without_a_size_counts_as_80),
		TEST(file_has_no_width),
		TEST(columns_beats_the_terminal),
		TEST(columns_that_is_no_positive_number_is_ignored),
		TEST(character_set_is_the_locale_s_unless_ascii_is_asked_for),
		TEST(stream_in_memory_is_no_terminal),
		TEST(styles_are_empty_without_color_and_avoid_bad_colors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
