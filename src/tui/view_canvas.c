/* SPDX-License-Identifier: MIT */
/*
 * Puts text into lines of a fixed width. Knows how wide characters are, and that one of which the
 * C library does not know it could be any width on a terminal: it is shown as a question mark.
 * Takes escaped text only; knows nothing of terminals.
 */
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <nsview/error.h>
#include <nsview/escape.h>
#include <nsview/grow.h>
#include <nsview/measure.h>

#include "view_canvas.h"

void canvas_reset(struct canvas *c, unsigned rows, unsigned cols)
{
	if (rows > c->nlines) {
		c->lines = reallocarray(c->lines, rows, sizeof(*c->lines));
		if (!c->lines)
			die("out of memory");
		memset(&c->lines[c->nlines], 0, (rows - c->nlines) * sizeof(*c->lines));
		c->nlines = rows;
	}
	c->rows = rows;
	c->cols = cols;
	c->cursor_row = c->cursor_col = -1;
	for (unsigned i = 0; i < rows; i++) {
		buffer_clear(&c->lines[i].text);
		c->lines[i].nruns = 0;
		c->lines[i].columns = 0;
	}
}

void canvas_release(struct canvas *c)
{
	for (unsigned i = 0; i < c->nlines; i++) {
		buffer_release(&c->lines[i].text);
		free(c->lines[i].runs);
	}
	free(c->lines);
	*c = (struct canvas){ 0 };
}

static void begin_run(struct canvas_line *line, unsigned look)
{
	if (line->nruns && line->runs[line->nruns - 1].look == look)
		return;
	line->runs = grow(line->runs, line->nruns, &line->cap, sizeof(*line->runs));
	line->runs[line->nruns++] = (struct canvas_run){ line->text.len, look };
}

void canvas_text(struct canvas *c, unsigned row, unsigned look, const char *text, size_t len)
{
	struct canvas_line *line;

	if (row >= c->rows || !len)
		return;
	line = &c->lines[row];
	begin_run(line, look);
	for (size_t at = 0, n; at < len; at += n) {
		unsigned code = 0;
		int wide = 1;

		n = utf8_next(text + at, len - at, &code);
		/* Escaped text has nothing hidden in it; what another program printed may. */
		if (n > 1)
			wide = escape_is_hidden(code) ? -1 : wcwidth((wchar_t)code);
		if (line->columns + (wide < 0 ? 1U : (unsigned)wide) > c->cols)
			return;
		line->columns += wide < 0 ? 1U : (unsigned)wide;
		if (n == 0 || wide < 0 || code < ' ' || code == 0x7f)
			buffer_char(&line->text, '?');
		else
			buffer_append(&line->text, text + at, n);
		n = n ? n : 1;
	}
}

void canvas_str(struct canvas *c, unsigned row, unsigned look, const char *text)
{
	canvas_text(c, row, look, text, strlen(text));
}

static void repeat(struct canvas *c, unsigned row, unsigned look, unsigned column, const char *what)
{
	if (row >= c->rows)
		return;
	for (unsigned i = c->lines[row].columns; i < column && i < c->cols; i++)
		canvas_str(c, row, look, what);
}

void canvas_pad(struct canvas *c, unsigned row, unsigned look, unsigned column)
{
	repeat(c, row, look, column, " ");
}

void canvas_rule(struct canvas *c, unsigned row, unsigned look, unsigned column)
{
	repeat(c, row, look, column, c->utf8 ? "─" : "-");
}

void canvas_field(struct canvas *c, unsigned row, unsigned look, const char *text, size_t len,
		  unsigned width, bool right)
{
	size_t columns = text_columns(text, len);
	unsigned start;

	if (row >= c->rows)
		return;
	start = c->lines[row].columns;
	if (columns > width) {
		canvas_text(c, row, look, text, text_fit(text, len, width ? width - 1 : 0));
		if (width)
			canvas_str(c, row, look, c->utf8 ? "…" : "~");
	} else {
		if (right)
			canvas_pad(c, row, look, start + width - (unsigned)columns);
		canvas_text(c, row, look, text, len);
	}
	canvas_pad(c, row, look, start + width);
}
