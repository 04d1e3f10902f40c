/* SPDX-License-Identifier: MIT */
/*
 * Asks terminfo(5) whether the terminal will do, and for the bytes that give it back. Writes
 * nothing to it.
 */
#include <stdlib.h>
#include <unistd.h>

#define NCURSES_NOMACROS
#include <curses.h>
#include <term.h>

#include "tui_terminfo.h"

enum { BYTES_MAX = 512 };

/* tputs(3X) has no place for a context. */
static struct {
	char bytes[BYTES_MAX];
	size_t n;
} kept;

const char *terminfo_trouble(void)
{
	const char *name = getenv("TERM");
	int status = 0;

	if (!name || !*name)
		return "TERM is not set";
	if (setupterm(name, STDOUT_FILENO, &status) != OK)
		return "the terminal's kind (TERM) is not known";
	return cursor_address && clear_screen ? NULL : "this terminal cannot show it";
}

static int keep_byte(int byte)
{
	if (kept.n < BYTES_MAX)
		kept.bytes[kept.n++] = (char)byte;
	return byte;
}

size_t terminfo_way_back(char *buf, size_t size, bool mouse)
{
	const char *const strings[] = { exit_attribute_mode, orig_pair, keypad_local, cursor_normal,
					exit_ca_mode };
	size_t n;

	kept.n = 0;
	for (size_t i = 0; i < sizeof(strings) / sizeof(*strings); i++)
		if (strings[i])
			tputs(strings[i], 1, keep_byte);
	/* Without a screen of its own: below what stands there. */
	if (!exit_ca_mode)
		keep_byte('\n');
	/* As xterm has it, and all that have a mouse; terminfo has no name for it that all fill in.
	 */
	for (const char *at = mouse ? "\033[?1000l\033[?1002l\033[?1003l\033[?1006l" : ""; *at;
	     at++)
		keep_byte(*at);
	for (n = 0; n < kept.n && n < size; n++)
		buf[n] = kept.bytes[n];
	return n;
}
