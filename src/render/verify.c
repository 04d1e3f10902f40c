/* SPDX-License-Identifier: MIT */
/*
 * What `nsview enter --verify` has found, as a table and as JSON. What the rows are and which of
 * them ought to be isolated is decided in enter/; what was seen may hold text that a target chose.
 */
#include <errno.h>
#include <string.h>

#include <nsview/buffer.h>
#include <nsview/error.h>
#include <nsview/render.h>

#include "layout.h"
#include "load_smartcols.h"

enum { COLUMN_CHECK, COLUMN_RESULT, COLUMN_BY, COLUMN_SEEN, COLUMNS_SHOWN };

static const char *const headings[COLUMNS_SHOWN] = { "FROM INSIDE", "RESULT", "BY", "SEEN" };

/* "pid,mnt": the namespaces that isolate it, "-" where none does by itself. */
static void put_types(struct buffer *out, unsigned types)
{
	buffer_clear(out);
	for (int i = 0; i < NS_TYPES; i++)
		if (types >> i & 1)
			buffer_printf(out, "%s%s", out->len ? "," : "", ns_types[i].name);
	if (!out->len)
		buffer_char(out, '-');
}

static void put_result(struct buffer *out, const struct verify_row *row)
{
	bool wrong = row->expected && row->result == VERIFY_SHARED;

	buffer_clear(out);
	/* Told by a mark and not by colour alone, as everywhere. */
	buffer_printf(out, "%s%s", verify_result_names[row->result], wrong ? " !" : "");
}

static struct libscols_table *new_table(const struct term *t)
{
	struct libscols_table *table = layout_table(t, t->width);

	for (int i = 0; i < COLUMNS_SHOWN; i++)
		if (!smartcols.table_new_column(table, headings[i], 0,
						i == COLUMN_SEEN && t->width ? SCOLS_FL_TRUNC : 0))
			die("out of memory");
	return table;
}

static void add_row(const struct term *t, struct libscols_table *table,
		    const struct verify_row *row)
{
	struct libscols_line *line = smartcols.table_new_line(table, NULL);
	autobuffer text = BUFFER_INIT;

	if (!line)
		die("out of memory");
	layout_check(smartcols.line_set_data(line, COLUMN_CHECK, row->check));
	put_result(&text, row);
	layout_check(smartcols.line_set_data(line, COLUMN_RESULT, buffer_str(&text)));
	if (row->result == VERIFY_SHARED && row->expected && t->color)
		layout_check(smartcols.line_set_color(line, term_style(t, STYLE_WARN)));
	put_types(&text, row->types);
	layout_check(smartcols.line_set_data(line, COLUMN_BY, buffer_str(&text)));
	buffer_clear(&text);
	escape_text(&text, row->seen, strlen(row->seen), term_escape(t));
	layout_check(smartcols.line_set_data(line, COLUMN_SEEN, buffer_str(&text)));
}

/* The answer in a sentence: how many of those that ought to be are. */
static void put_summary(const struct term *t, const struct verify_row *rows, size_t n)
{
	size_t expected = 0, count[VERIFY_RESULTS] = { 0 };

	for (size_t i = 0; i < n; i++) {
		expected += rows[i].expected;
		count[rows[i].result] += rows[i].expected;
	}
	fprintf(t->out, "of %zu that the namespaces asked for ought to isolate: %zu isolated",
		expected, count[VERIFY_ISOLATED]);
	for (int r = VERIFY_ISOLATED + 1; r < VERIFY_RESULTS; r++)
		if (count[r])
			fprintf(t->out, ", %zu %s%s", count[r], verify_result_names[r],
				r == VERIFY_SHARED ? " (marked !)" : "");
	fputc('\n', t->out);
}

int verify_print(const struct term *t, const struct verify_row *rows, size_t n)
{
	struct libscols_table *table = new_table(t);

	for (size_t i = 0; i < n; i++)
		add_row(t, table, &rows[i]);
	layout_check(smartcols.print_table(table));
	smartcols.unref_table(table);
	put_summary(t, rows, n);
	return ferror(t->out) ? -EIO : 0;
}

int verify_json(const struct term *t, const struct verify_row *rows, size_t n, bool pretty)
{
	/* A key for each, since a word with a space in it makes no good one to compare with. */
	static const char *const words[VERIFY_RESULTS] = {
		[VERIFY_ISOLATED] = "isolated",
		[VERIFY_SHARED] = "shared",
		[VERIFY_PARTLY] = "partly",
		[VERIFY_UNSURE] = "unknown",
	};
	struct json j = { .out = t->out, .pretty = pretty };

	json_begin_object(&j, NULL);
	json_uint(&j, "schema", 1);
	json_begin_array(&j, "checks");
	for (size_t i = 0; i < n; i++) {
		json_begin_object(&j, NULL);
		json_str(&j, "check", rows[i].key);
		json_str(&j, "result", words[rows[i].result]);
		json_bool(&j, "expected", rows[i].expected);
		json_begin_array(&j, "types");
		for (int type = 0; type < NS_TYPES; type++)
			if (rows[i].types >> type & 1)
				json_str(&j, NULL, ns_types[type].name);
		json_end_array(&j);
		json_str(&j, "seen", rows[i].seen);
		json_end_object(&j);
	}
	json_end_array(&j);
	json_end_object(&j);
	json_end_line(&j);
	return ferror(t->out) ? -EIO : 0;
}
