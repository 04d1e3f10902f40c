/* SPDX-License-Identifier: MIT */
/*
 * A text in lines: scrolling, stepping from name to name, drawing. Knows nothing of what the text
 * is about; which names are in it is found in view_jump.c.
 */
#include <stdlib.h>
#include <string.h>

#include <nsview/error.h>
#include <nsview/measure.h>
#include <nsview/proctext.h>

#include "view_doc.h"

enum {
	LABEL_COLUMNS = 14, /* as the pages of `nsview show` have them */
	HANG = 4,	    /* what continues a line is set in */
};

void doc_release(struct doc *d)
{
	buffer_release(&d->text);
	free(d->starts);
	free(d->jumps);
	*d = (struct doc){ 0 };
}

static void find_lines(struct doc *d)
{
	size_t n = 0;

	for (size_t i = 0; i < d->text.len; i++)
		n += d->text.data[i] == '\n';
	d->starts = reallocarray(d->starts, n + 1, sizeof(*d->starts));
	if (!d->starts)
		die("out of memory");
	d->nlines = 0;
	d->starts[0] = 0;
	for (size_t i = 0; i < d->text.len; i++)
		if (d->text.data[i] == '\n')
			d->starts[++d->nlines] = i + 1;
}

void doc_set(struct doc *d, struct buffer *text)
{
	d->was = doc_jump(d) ? *doc_jump(d) : (struct view_ref){ 0 };
	buffer_release(&d->text);
	d->text = *text;
	*text = (struct buffer)BUFFER_INIT;
	if (d->text.len && d->text.data[d->text.len - 1] != '\n')
		buffer_char(&d->text, '\n');
	find_lines(d);
	free(d->jumps);
	d->jumps = NULL;
	d->njumps = 0;
	d->here = 0;
}

/* Bytes of a line that go into columns: up to its last blank there, if there is one. */
static size_t break_at(const char *text, size_t len, size_t columns)
{
	size_t fits = text_fit(text, len, columns), at = fits;

	if (fits == len)
		return len;
	while (at > 0 && text[at] != ' ')
		at--;
	return at ? at : fits ? fits : 1;
}

void doc_set_wrapped(struct doc *d, struct buffer *text, size_t columns)
{
	struct buffer wrapped = BUFFER_INIT;
	struct span left = { buffer_str(text), text->len }, line;

	while (proc_line_next(&left, &line)) {
		size_t n = break_at(line.data, line.len, columns);

		buffer_append(&wrapped, line.data, n);
		while (n < line.len) {
			size_t from = n + (line.data[n] == ' ');

			n = from + break_at(line.data + from, line.len - from,
					    columns > HANG ? columns - HANG : 1);
			buffer_printf(&wrapped, "\n%*s", HANG, "");
			buffer_append(&wrapped, line.data + from, n - from);
		}
		buffer_char(&wrapped, '\n');
	}
	buffer_release(text);
	doc_set(d, &wrapped);
}

static void clamp(struct doc *d, unsigned rows)
{
	size_t most = d->nlines > rows ? d->nlines - rows : 0;

	d->top = d->top > most ? most : d->top;
}

void doc_scroll(struct doc *d, long by, unsigned rows)
{
	d->top = by < 0 && d->top < (size_t)-by ? 0 : d->top + (size_t)by;
	clamp(d, rows);
}

void doc_home(struct doc *d)
{
	d->top = 0;
	d->here = 0;
}

static bool in_sight(const struct doc *d, size_t jump, unsigned rows)
{
	return jump < d->njumps && d->jumps[jump].line >= d->top &&
	       d->jumps[jump].line < d->top + rows;
}

static void bring_in_sight(struct doc *d, unsigned rows)
{
	size_t line = d->here < d->njumps ? d->jumps[d->here].line : d->top;

	if (line < d->top)
		d->top = line;
	if (rows && line >= d->top + rows)
		d->top = line - rows + 1;
}

void doc_step(struct doc *d, bool forward, unsigned rows)
{
	if (!d->njumps)
		return;
	if (forward && d->here + 1 < d->njumps)
		d->here++;
	else if (!forward && d->here > 0)
		d->here--;
	bring_in_sight(d, rows);
}

/* The first jump of a line beyond that of the one at hand. */
static size_t jump_on_next_line(const struct doc *d, bool forward)
{
	size_t at = d->here, line = d->here < d->njumps ? d->jumps[d->here].line : 0;

	while (at < d->njumps && d->jumps[at].line == line)
		at = forward ? at + 1 : at - 1; /* wraps to beyond njumps */
	while (!forward && at < d->njumps && at > 0 && d->jumps[at - 1].line == d->jumps[at].line)
		at--;
	return at;
}

/* The name that a step of one line leads to: on the next line, or whatever came into sight. */
static size_t next_jump(const struct doc *d, bool forward, unsigned rows)
{
	size_t at = 0;

	if (in_sight(d, d->here, rows))
		return jump_on_next_line(d, forward);
	while (at < d->njumps && !in_sight(d, at, rows))
		at++;
	return at;
}

void doc_move(struct doc *d, long by, unsigned rows)
{
	bool line = by == 1 || by == -1;
	size_t next = next_jump(d, by > 0, rows);

	if (!line || !in_sight(d, next, rows)) {
		doc_scroll(d, by, rows);
		next = next_jump(d, by > 0, rows);
	}
	if (line && in_sight(d, next, rows))
		d->here = next;
}

const struct view_ref *doc_jump(const struct doc *d)
{
	return d->here < d->njumps ? &d->jumps[d->here].to : NULL;
}

static bool line_has(const struct doc *d, size_t line, const char *pattern)
{
	size_t len = d->starts[line + 1] - d->starts[line];
	char *copy = strndup(d->text.data + d->starts[line], len);
	bool found;

	if (!copy)
		die("out of memory");
	found = strcasestr(copy, pattern) != NULL;
	free(copy);
	return found;
}

bool doc_search(struct doc *d, const char *pattern, bool forward, unsigned rows)
{
	for (size_t i = 1; i <= d->nlines; i++) {
		size_t line = (d->top + (forward ? i : d->nlines - i)) % d->nlines;

		if (line_has(d, line, pattern)) {
			d->top = line;
			clamp(d, rows);
			return true;
		}
	}
	return false;
}

/* A piece of a line that has one look, jumps cut out of it. */
static void draw_piece(const struct doc *d, struct canvas *c, unsigned row, size_t line,
		       size_t begin, size_t end, bool focused)
{
	const char *text = d->text.data + d->starts[line];

	for (size_t i = 0; i < d->njumps && begin < end; i++) {
		const struct jump *j = &d->jumps[i];
		unsigned look = LOOK_LINK | (focused && i == d->here ? LOOK_SELECTED : 0);

		if (j->line != line || j->at < begin || j->at + j->len > end)
			continue;
		canvas_text(c, row, LOOK_PLAIN, text + begin, j->at - begin);
		canvas_text(c, row, look, text + j->at, j->len);
		begin = j->at + j->len;
	}
	canvas_text(c, row, LOOK_PLAIN, text + begin, end - begin);
}

static void draw_line(const struct doc *d, struct canvas *c, unsigned row, size_t line, bool labels,
		      bool focused)
{
	const char *text = d->text.data + d->starts[line];
	size_t len = d->starts[line + 1] - d->starts[line] - 1, label = 0;

	if (labels && len && *text != ' ')
		label = len < LABEL_COLUMNS ? len : LABEL_COLUMNS;
	canvas_str(c, row, LOOK_PLAIN, " ");
	canvas_text(c, row, LOOK_TYPE, text, label);
	draw_piece(d, c, row, line, label, len, focused);
}

void doc_draw(struct doc *d, struct canvas *c, const struct part *part, bool labels, bool focused)
{
	clamp(d, part->rows);
	for (unsigned i = 0; i < part->rows && d->top + i < d->nlines; i++)
		draw_line(d, c, part->top + i, d->top + i, labels, focused);
}
