/* SPDX-License-Identifier: MIT */
/*
 * Asks terminfo(5) whether the terminal will do, and for the bytes that give it back. Writes
 * nothing to it.
 */
#include <stdlib.h>
#include <unistd.h>

#include "load_terminfo.h"
#include "tui_terminfo.h"

enum { BYTES_MAX = 512 };

/* tputs(3X) has no place for a context. */
static struct {
	char bytes[BYTES_MAX];
	size_t n;
} kept;

/* By its name in terminfo(5); NULL where the terminal has none. */
static const char *string_of(const char *name)
{
	const char *string = terminfo.tigetstr(name);

	return string == (const char *)-1 ? NULL : string;
}

const char *terminfo_trouble(void)
{
	const char *name = getenv("TERM");
	int status = 0;

	if (!name || !*name)
		return "TERM is not set";
	if (terminfo_load(NULL) < 0)
		return "nothing here knows terminals";
	if (terminfo.setupterm(name, STDOUT_FILENO, &status) != OK)
		return "the terminal's kind (TERM) is not known";
	return string_of("cup") && string_of("clear") ? NULL : "this terminal cannot show it";
}

static int keep_byte(int byte)
{
	if (kept.n < BYTES_MAX)
		kept.bytes[kept.n++] = (char)byte;
	return byte;
}

size_t terminfo_way_back(char *buf, size_t size, bool mouse)
{
	static const char leave[] = "rmcup";
	/* Attributes, colours, the keypad and the cursor, and last the screen. */
	static const char *const names[] = { "sgr0", "op", "rmkx", "cnorm", leave };
	size_t n;

	if (terminfo_load(NULL) < 0)
		return 0;
	kept.n = 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (string_of(names[i]))
			terminfo.tputs(string_of(names[i]), 1, keep_byte);
	/* Without a screen of its own: below what stands there. */
	if (!string_of(leave))
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
