/* SPDX-License-Identifier: MIT */
/*
 * The width of text in terminal columns, as the C library's locale has it. Is given text that was
 * escaped before: nothing in it moves the cursor. Knows nothing of lines or of terminals.
 */
#include <wchar.h>

#include <nsview/escape.h>

#include "measure.h"

/* Length in bytes of the character at text, and its columns. */
static size_t next_char(const char *text, size_t len, size_t *out_columns)
{
	unsigned code = 0;
	size_t n = utf8_next(text, len, &code);
	int columns = n > 1 ? wcwidth((wchar_t)code) : 1;

	/* What the locale does not know is most likely one column wide where it is known. */
	*out_columns = columns < 0 ? 1 : (size_t)columns;
	return n ? n : 1;
}

size_t text_fit(const char *text, size_t len, size_t columns)
{
	size_t at = 0;

	while (at < len) {
		size_t wide, n = next_char(text + at, len - at, &wide);

		if (wide > columns)
			break;
		columns -= wide;
		at += n;
	}
	return at;
}

size_t text_columns(const char *text, size_t len)
{
	size_t columns = 0, wide;

	for (size_t at = 0; at < len; columns += wide)
		at += next_char(text + at, len - at, &wide);
	return columns;
}
