/* SPDX-License-Identifier: MIT */
/*
 * What one output stream can take: colour, character set and width, from the command line's wish,
 * the environment and the terminal itself. Refuses to know what is printed there.
 */
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <nsview/term.h>
#include <nsview/winsize.h>

enum {
	WIDTH_UNKNOWN = 80, /* what a terminal that reports 0 columns is taken for */
	WIDTH_MAX = 65535,  /* what the kernel could report at most (ws_col) */
};

static bool env_given(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

static bool env_forces(const char *name)
{
	return env_given(name) && strcmp(getenv(name), "0") != 0;
}

static bool terminal_has_color(void)
{
	return env_given("TERM") && strcmp(getenv("TERM"), "dumb") != 0;
}

static bool color_wanted(enum color_when when, bool tty)
{
	if (when != COLOR_AUTO)
		return when == COLOR_ALWAYS;
	if (env_given("NO_COLOR"))
		return false;
	if (env_forces("CLICOLOR_FORCE") || env_forces("FORCE_COLOR"))
		return true;
	return tty && terminal_has_color();
}

/* COLUMNS as a number, 0 where it is not set or is not a usable width. */
static unsigned env_columns(void)
{
	const char *value = getenv("COLUMNS");
	unsigned width = 0;

	if (!value || !*value)
		return 0;
	for (; *value; value++) {
		if (*value < '0' || *value > '9')
			return 0;
		width = width * 10 + (unsigned)(*value - '0');
		if (width > WIDTH_MAX)
			return 0;
	}
	return width;
}

static unsigned terminal_width(int fd, bool tty)
{
	unsigned width = env_columns();

	if (width || !tty)
		return width;
	width = winsize_columns(fd);
	return width ? width : WIDTH_UNKNOWN;
}

void term_init(struct term *t, FILE *out, enum color_when when, bool ascii)
{
	int fd = fileno(out); /* -1 for a stream in memory, which is no terminal either */

	t->out = out;
	t->tty = fd >= 0 && isatty(fd);
	t->color = color_wanted(when, t->tty);
	t->utf8 = !ascii && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	t->width = terminal_width(fd, t->tty);
}

enum escape_mode term_escape(const struct term *t)
{
	return t->utf8 ? ESCAPE_UTF8 : ESCAPE_ASCII;
}

const char *term_style(const struct term *t, enum style style)
{
	/*
	 * Cyan and magenta read on dark and on light grounds, and nobody takes one for the other;
	 * the rest is weight, which every ground has.
	 */
	static const char *const sequences[] = {
		[STYLE_PLAIN] = "\033[0m", [STYLE_HEADING] = "\033[4m", [STYLE_TYPE] = "\033[36m",
		[STYLE_NAME] = "\033[1m",  [STYLE_DIM] = "\033[2m",	[STYLE_WARN] = "\033[1;35m",
	};

	return t->color ? sequences[style] : "";
}
