/* SPDX-License-Identifier: MIT */
/*
 * The one way by which text that a process can choose reaches a person or a JSON file.
 *
 * The rule, reversible and unambiguous:
 *   a backslash becomes \\; tab, newline, carriage return become \t \n \r;
 *   any other control character (C0, DEL, C1), and every bidirectional, invisible or line-breaking
 *   format character, becomes \xHH below 0x80 and \u{H...} above;
 *   a byte that is not part of valid UTF-8 becomes \xHH (always >= 80, so it cannot be mistaken).
 * In ESCAPE_ASCII every character above 0x7f becomes \u{H...}; in ESCAPE_JSON only backslashes,
 * and bytes that are not valid UTF-8, are escaped (JSON has its own way for control characters).
 */
#ifndef NSVIEW_ESCAPE_H
#define NSVIEW_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>

#include <nsview/buffer.h>

enum escape_mode {
	ESCAPE_UTF8,  /* a terminal or file that takes UTF-8 */
	ESCAPE_ASCII, /* anything else */
	ESCAPE_JSON,  /* the inside of a JSON string, before JSON's own quoting */
};

void escape_text(struct buffer *out, const char *text, size_t len, enum escape_mode mode);

/* The same, and a space becomes \x20: for output in which spaces separate fields. */
void escape_word(struct buffer *out, const char *text, size_t len, enum escape_mode mode);

/*
 * Length in bytes (1 to 4) of the valid UTF-8 sequence at text, with its code point in *out_code;
 * 0 if the first byte starts none. Overlong forms, surrogates and values above 10FFFF are invalid.
 */
size_t utf8_next(const char *text, size_t len, unsigned *out_code);

/* Whether this character is a control or format character, which is obeyed or hidden, not shown. */
bool escape_is_hidden(unsigned code);

#endif
