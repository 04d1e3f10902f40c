/* SPDX-License-Identifier: MIT */
/*
 * Everything that is ncurses's: the terminal is taken over here, painted from a canvas, read key by
 * key, and given back. The way back is also kept as plain bytes and a termios, since neither a
 * crash nor die() in another thread can ask a library for it. Knows nothing of what is shown.
 */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <nsview/base64.h>
#include <nsview/tui.h>
#include <nsview/winsize.h>

#include "altstack.h"
#include "clock.h"
#include "load_ncurses.h"
#include "tui_term.h"
#include "tui_terminfo.h"
#include "view_browser.h"

enum {
	ESCAPE_DELAY_MS = 25,
	DOUBLE_CLICK_MS = 400,
	LEAVE_MAX = 512,
	ROWS_DEFAULT = 24,
	COLS_DEFAULT = 80
};

static const int crashes[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
enum { CRASHES = sizeof(crashes) / sizeof(*crashes) };

/* With or without the button's release. */
#define CLICKS (BUTTON1_PRESSED | BUTTON1_CLICKED)

/* The one screen of the process. */
static struct {
	SCREEN *curses;
	atomic_bool taken;     /* there is something to give back */
	struct termios before; /* as the terminal was */
	char leave[LEAVE_MAX]; /* what gives the screen back */
	size_t nleave;
	bool color;
	struct mouse_event click; /* the last one, */
	int64_t clicked;	  /* and when; 0: there is none that could become double */
	struct sigaction old[CRASHES];
	struct altstack stack; /* of the thread that paints */
} screen;

static int load(struct error *err)
{
	struct error why = { 0 };

	if (ncurses_load(&why) < 0)
		return error_set(err, why.code, "no interactive view: %s; try: nsview ls",
				 why.text);
	return 0;
}

int tui_possible(struct error *err)
{
	const char *trouble;
	int ret;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return error_set(err, -ENOTTY,
				 "the interactive view needs a terminal; try: nsview ls");
	ret = load(err);
	if (ret < 0)
		return ret;
	trouble = terminfo_trouble();
	return trouble ? error_set(err, -ENOTTY, "no interactive view, since %s; try: nsview ls",
				   trouble)
		       : 0;
}

/* Past curses. Async-signal-safe. */
static void write_all(const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(STDOUT_FILENO, text, len);

		if (n < 0 && errno != EINTR)
			return;
		text += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
}

/* Async-signal-safe, and from any thread. */
static void give_back(void)
{
	if (!atomic_exchange(&screen.taken, false))
		return;
	write_all(screen.leave, screen.nleave);
	tcsetattr(STDIN_FILENO, TCSANOW, &screen.before);
}

/* Whoever handled it before goes on from here: a sanitizer, or the kernel, which ends us. */
static void crashed(int signal)
{
	give_back();
	for (size_t i = 0; i < CRASHES; i++)
		if (crashes[i] == signal)
			sigaction(signal, &screen.old[i], NULL);
	raise(signal);
}

static void catch_crashes(bool on)
{
	struct sigaction action = { .sa_handler = crashed, .sa_flags = SA_ONSTACK };

	if (on)
		altstack_init(&screen.stack);
	for (size_t i = 0; i < CRASHES; i++)
		if (on)
			sigaction(crashes[i], &action, &screen.old[i]);
		else
			sigaction(crashes[i], &screen.old[i], NULL);
	if (!on)
		altstack_release(&screen.stack);
	die_hook_set(on ? give_back : NULL);
}

/* Cyan and magenta read on dark and on light grounds; the ground is the terminal's own. */
static void start_colors(void)
{
	screen.color = screen.color && ncurses.has_colors() && ncurses.start_color() == OK &&
		       ncurses.use_default_colors() == OK;
	if (!screen.color)
		return;
	ncurses.init_pair(1, COLOR_CYAN, -1);
	ncurses.init_pair(2, COLOR_MAGENTA, -1);
}

/* It would handle signals itself, also after it is gone; they are not for it. */
static void new_screen(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGTSTP, SIGWINCH };
	enum { SIGNALS = sizeof(signals) / sizeof(*signals) };
	struct sigaction old[SIGNALS];

	for (size_t i = 0; i < SIGNALS; i++)
		sigaction(signals[i], NULL, &old[i]);
	screen.curses = ncurses.newterm(NULL, stdout, stdin);
	for (size_t i = 0; i < SIGNALS; i++)
		sigaction(signals[i], &old[i], NULL);
}

/*
 * Told as they come: waiting whether a click becomes a double one would delay every click. What
 * comes at once ncurses makes one event of in any case.
 */
static void start_mouse(void)
{
	ncurses.mousemask(CLICKS | BUTTON1_DOUBLE_CLICKED | BUTTON4_PRESSED | BUTTON5_PRESSED,
			  NULL);
	ncurses.mouseinterval(0);
}

int tui_term_open(bool color, bool mouse, struct error *err)
{
	int ret = load(err);

	if (ret < 0)
		return ret;
	if (tcgetattr(STDIN_FILENO, &screen.before) < 0)
		return error_set(err, -errno, "cannot ask the terminal for its settings: %s",
				 strerror(errno));
	new_screen();
	if (!screen.curses)
		return error_set(err, -ENOTTY,
				 "this terminal cannot show the interactive view; try: nsview ls");
	screen.nleave = terminfo_way_back(screen.leave, sizeof(screen.leave), mouse);
	atomic_store(&screen.taken, true);
	catch_crashes(true);
	screen.color = color;
	start_colors();
	ncurses.cbreak();
	ncurses.noecho();
	ncurses.nonl();
	ncurses.keypad(*ncurses.stdscr, TRUE);
	ncurses.nodelay(*ncurses.stdscr, TRUE);
	ncurses.set_escdelay(ESCAPE_DELAY_MS);
	ncurses.curs_set(0);
	if (mouse)
		start_mouse();
	return 0;
}

void tui_term_close(void)
{
	if (!screen.curses)
		return;
	if (atomic_load(&screen.taken))
		ncurses.endwin();
	atomic_store(&screen.taken, false);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &screen.before);
	catch_crashes(false);
	ncurses.delscreen(screen.curses);
	screen.curses = NULL;
}

void tui_term_suspend(void)
{
	ncurses.endwin();
	atomic_store(&screen.taken, false);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &screen.before);
}

void tui_term_resume(void)
{
	atomic_store(&screen.taken, true);
	ncurses.reset_prog_mode();
	ncurses.clearok(*ncurses.curscr, TRUE);
	ncurses.refresh();
	ncurses.curs_set(0);
}

void tui_term_resize(unsigned *out_rows, unsigned *out_cols)
{
	unsigned rows, cols;

	winsize_both(STDOUT_FILENO, &rows, &cols);
	*out_rows = rows ? rows : ROWS_DEFAULT;
	*out_cols = cols ? cols : COLS_DEFAULT;
	if (!ncurses.is_term_resized((int)*out_rows, (int)*out_cols))
		return;
	ncurses.resizeterm((int)*out_rows, (int)*out_cols);
	ncurses.clearok(*ncurses.curscr, TRUE);
}

void tui_term_forget(void)
{
	ncurses.clearok(*ncurses.curscr, TRUE);
}

static attr_t attributes(unsigned look, short *out_pair)
{
	static const struct {
		attr_t attrs;
		short pair;
	} looks[LOOKS] = {
		[LOOK_PLAIN] = { A_NORMAL, 0 },	     [LOOK_TITLE] = { A_BOLD, 0 },
		[LOOK_HEADING] = { A_UNDERLINE, 0 }, [LOOK_TYPE] = { A_NORMAL, 1 },
		[LOOK_DIM] = { A_DIM, 0 },	     [LOOK_WARN] = { A_BOLD, 2 },
		[LOOK_NEW] = { A_BOLD, 0 },	     [LOOK_GONE] = { A_DIM, 0 },
		[LOOK_KEY] = { A_BOLD, 1 },	     [LOOK_LINK] = { A_UNDERLINE, 0 },
	};
	unsigned base = look & (LOOK_SELECTED - 1);

	*out_pair = screen.color ? looks[base].pair : 0;
	return looks[base].attrs | (look & LOOK_SELECTED ? A_REVERSE : 0);
}

static void paint_line(const struct canvas_line *line, int row)
{
	ncurses.wmove(*ncurses.stdscr, row, 0);
	for (size_t i = 0; i < line->nruns; i++) {
		size_t end = i + 1 < line->nruns ? line->runs[i + 1].at : line->text.len;
		short pair;
		attr_t attrs = attributes(line->runs[i].look, &pair);

		ncurses.wattr_set(*ncurses.stdscr, attrs, pair, NULL);
		ncurses.waddnstr(*ncurses.stdscr, line->text.data + line->runs[i].at,
				 (int)(end - line->runs[i].at));
	}
	ncurses.wattr_set(*ncurses.stdscr, A_NORMAL, 0, NULL);
	/* A full line leaves the cursor on the next one, which is not to be cleared. */
	if (line->columns < (unsigned)*ncurses.COLS)
		ncurses.wclrtoeol(*ncurses.stdscr);
}

void tui_term_paint(const struct canvas *c)
{
	for (unsigned row = 0; row < c->rows && row < (unsigned)*ncurses.LINES; row++)
		paint_line(&c->lines[row], (int)row);
	ncurses.curs_set(c->cursor_row >= 0);
	if (c->cursor_row >= 0)
		ncurses.wmove(*ncurses.stdscr, c->cursor_row, c->cursor_col);
	else
		ncurses.wmove(*ncurses.stdscr, *ncurses.LINES - 1, 0);
	ncurses.wrefresh(*ncurses.stdscr);
}

/*
 * Something follows an Esc at once: a key that terminfo does not know, or one typed with Alt. The
 * bytes behind it are no keys of their own.
 */
static int swallow_sequence(void)
{
	wint_t c;

	if (ncurses.wget_wch(*ncurses.stdscr, &c) == ERR)
		return VK_ESC;
	if (c != '[' && c != 'O')
		return VK_UNKNOWN;
	while (ncurses.wget_wch(*ncurses.stdscr, &c) != ERR && !(c >= 0x40 && c <= 0x7e))
		;
	return VK_UNKNOWN;
}

static int key_of(wint_t code)
{
	static const struct {
		wint_t curses;
		int key;
	} keys[] = {
		{ KEY_UP, VK_UP },	  { KEY_DOWN, VK_DOWN },  { KEY_LEFT, VK_LEFT },
		{ KEY_RIGHT, VK_RIGHT },  { KEY_PPAGE, VK_PGUP }, { KEY_NPAGE, VK_PGDN },
		{ KEY_HOME, VK_HOME },	  { KEY_END, VK_END },	  { KEY_ENTER, VK_ENTER },
		{ KEY_BTAB, VK_BACKTAB }, { KEY_DC, VK_DELETE },  { KEY_BACKSPACE, VK_BACKSPACE },
		{ KEY_F(1), VK_F1 },	  { KEY_F(5), VK_F5 },	  { KEY_F(6), VK_F6 },
		{ KEY_MOUSE, VK_MOUSE },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (keys[i].curses == code)
			return keys[i].key;
	return VK_UNKNOWN;
}

/* The second at the same place in a short time. */
static bool is_double(const struct mouse_event *e)
{
	int64_t now = clock_ms(CLOCK_MONOTONIC), before = screen.clicked;
	bool same = screen.click.row == e->row && screen.click.col == e->col;

	screen.click = *e;
	if (before && same && now - before <= DOUBLE_CLICK_MS) {
		screen.clicked = 0;
		return true;
	}
	screen.clicked = now;
	return false;
}

bool tui_term_mouse(struct mouse_event *out)
{
	MEVENT e;

	if (ncurses.getmouse(&e) == ERR || e.y < 0 || e.x < 0)
		return false;
	*out = (struct mouse_event){ .row = (unsigned)e.y, .col = (unsigned)e.x };
	if (e.bstate & BUTTON4_PRESSED)
		out->what = MOUSE_WHEEL_UP;
	else if (e.bstate & BUTTON5_PRESSED)
		out->what = MOUSE_WHEEL_DOWN;
	else if (e.bstate & BUTTON1_DOUBLE_CLICKED)
		out->what = MOUSE_DOUBLE;
	else if (e.bstate & CLICKS)
		out->what = is_double(out) ? MOUSE_DOUBLE : MOUSE_CLICK;
	else
		return false;
	return true;
}

int tui_term_key(void)
{
	wint_t c;
	int kind = ncurses.wget_wch(*ncurses.stdscr, &c);

	if (kind == ERR)
		return VK_NONE;
	if (kind == KEY_CODE_YES)
		return key_of(c);
	switch (c) {
	case '\033':
		return swallow_sequence();
	case '\r':
	case '\n':
		return VK_ENTER;
	case '\t':
		return VK_TAB;
	case '\b':
	case 0x7f:
		return VK_BACKSPACE;
	default:
		return c ? (int)c : VK_UNKNOWN;
	}
}

void tui_term_copy(const char *text, size_t len)
{
	autobuffer out = BUFFER_INIT;

	buffer_text(&out, "\033]52;c;");
	base64_append(&out, text, len);
	buffer_char(&out, '\a');
	write_all(out.data, out.len);
}
