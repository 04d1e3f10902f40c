/* SPDX-License-Identifier: MIT */
/* What the output can take: width, colour, character set. Judged for one stream. */
#ifndef NSVIEW_TERM_H
#define NSVIEW_TERM_H

#include <stdbool.h>
#include <stdio.h>
#include <nsview/escape.h>

enum color_when { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct term {
	FILE *out; /* borrowed */
	bool tty;
	bool color;
	bool utf8;	/* text and line drawing; false: ASCII only */
	unsigned width; /* columns; 0 where nothing limits it (not a terminal, no COLUMNS) */
};

/*
 * --color beats NO_COLOR beats CLICOLOR_FORCE and FORCE_COLOR beats "not a terminal, or TERM=dumb".
 * COLUMNS, where set, beats the terminal's own width; 0x0 terminals count as 80. ascii: --ascii.
 * setlocale(LC_CTYPE, "") must have been called.
 */
void term_init(struct term *t, FILE *out, enum color_when when, bool ascii);

enum escape_mode term_escape(const struct term *t);

/* Styles: never the only way in which a state is told. */
enum style { STYLE_PLAIN, STYLE_HEADING, STYLE_TYPE, STYLE_NAME, STYLE_DIM, STYLE_WARN };
/* The escape sequence of a style, "" without colour. STYLE_PLAIN ends any other. Static. */
const char *term_style(const struct term *t, enum style style);

#endif
