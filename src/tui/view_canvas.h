/* SPDX-License-Identifier: MIT */
/* A screen in memory: lines of text in looks, exactly as wide as the terminal. Pure. */
#ifndef NSVIEW_TUI_VIEW_CANVAS_H
#define NSVIEW_TUI_VIEW_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <nsview/buffer.h>

/* How text looks; what attributes stand for a look is the terminal's business. */
enum look {
	LOOK_PLAIN,
	LOOK_TITLE,
	LOOK_HEADING,
	LOOK_TYPE, /* names of types, labels */
	LOOK_DIM,  /* less important, unknown cells */
	LOOK_WARN, /* what should not be so */
	LOOK_NEW,  /* appeared */
	LOOK_GONE, /* vanished */
	LOOK_KEY,  /* a key in the key bar */
	LOOK_LINK, /* a name to jump to */
	LOOKS,
	LOOK_SELECTED = 1 << 6, /* with any of these: where the cursor is */
};

struct canvas_run {
	size_t at; /* byte of the line where the look begins */
	unsigned look;
};

struct canvas_line {
	struct buffer text;
	struct canvas_run *runs; /* owned */
	size_t nruns, cap;
	unsigned columns; /* filled so far */
};

struct canvas {
	unsigned rows, cols;
	bool utf8;		    /* line drawing and signs */
	struct canvas_line *lines;  /* owned */
	unsigned nlines;	    /* allocated */
	int cursor_row, cursor_col; /* where the terminal's cursor is to be; -1: nowhere */
};

/* Empties it, and gives it that size. */
void canvas_reset(struct canvas *c, unsigned rows, unsigned cols);
void canvas_release(struct canvas *c);

/* Appends escaped text to a line, as much of it as there is room for. */
void canvas_text(struct canvas *c, unsigned row, unsigned look, const char *text, size_t len);
void canvas_str(struct canvas *c, unsigned row, unsigned look, const char *text);
/* Blanks up to a column. */
void canvas_pad(struct canvas *c, unsigned row, unsigned look, unsigned column);
/* Text in so many columns: cut with a sign, or padded. */
void canvas_field(struct canvas *c, unsigned row, unsigned look, const char *text, size_t len,
		  unsigned width, bool right);
/* A horizontal line up to a column. */
void canvas_rule(struct canvas *c, unsigned row, unsigned look, unsigned column);

#endif
