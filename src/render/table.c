/* SPDX-License-Identifier: MIT */
/*
 * Prints rows in the format that was asked for. What streams (raw words, a JSON object a line) is
 * written here, with memory that is reused from row to row; aligned tables are layout.c's. Knows
 * columns only by their table; whether everything was really written is judged once, at the end.
 */
#include <errno.h>

#include <nsview/error.h>

#include "cell.h"
#include "layout.h"

static void raw_end_line(struct buffer *line, FILE *out)
{
	/* The separator behind the last word becomes the end of the line. */
	line->data[line->len - 1] = '\n';
	fwrite_unlocked(line->data, 1, line->len, out);
	buffer_clear(line);
}

static void raw_word(struct buffer *line, const char *text, size_t len, enum escape_mode mode)
{
	/* An empty word would move all that follow it one field to the left. */
	escape_word(line, len ? text : "-", len ? len : 1, mode);
	buffer_char(line, ' ');
}

static void raw_headings(struct buffer *line, const struct column_list *columns)
{
	for (size_t i = 0; i < columns->n; i++) {
		buffer_text(line, columns->at[i]->heading);
		buffer_char(line, ' ');
	}
}

static void print_raw(const struct term *t, const struct table_options *opt,
		      const struct column_list *columns, const struct row *rows, size_t n)
{
	autobuffer line = BUFFER_INIT;
	struct value v = VALUE_INIT;

	if (columns->n == 0)
		return;
	if (!opt->noheadings) {
		raw_headings(&line, columns);
		raw_end_line(&line, t->out);
	}
	for (size_t i = 0; i < n; i++) {
		for (size_t c = 0; c < columns->n; c++) {
			cell_read(columns->at[c], &rows[i], &v);
			value_display(&v);
			raw_word(&line, v.text, v.len, term_escape(t));
		}
		raw_end_line(&line, t->out);
	}
	value_release(&v);
}

static void print_json_lines(const struct term *t, const struct table_options *opt,
			     const struct column_list *columns, const struct row *rows, size_t n)
{
	struct json j = { .out = t->out };
	struct value v = VALUE_INIT;

	(void)opt;
	for (size_t i = 0; i < n; i++) {
		json_begin_object(&j, NULL);
		for (size_t c = 0; c < columns->n; c++)
			document_cell(&j, columns->at[c], &rows[i], &v);
		json_end_object(&j);
		json_end_line(&j);
	}
	value_release(&v);
}

int table_print(const struct term *t, const struct table_options *opt,
		const struct column_list *columns, const struct row *rows, size_t n)
{
	static void (*const printers[])(const struct term *, const struct table_options *,
					const struct column_list *, const struct row *, size_t) = {
		[TABLE_LAID_OUT] = layout_print,
		[TABLE_RAW] = print_raw,
		[TABLE_JSON] = NULL, /* a document, not a table: document_print */
		[TABLE_LINES] = print_json_lines,
	};

	if (!printers[opt->format])
		return -EINVAL;
	printers[opt->format](t, opt, columns, rows, n);
	return ferror(t->out) ? -EIO : 0;
}
