/* SPDX-License-Identifier: MIT */
/*
 * Rows as a table with aligned columns, or as a tree, laid out by libsmartcols. Every cell is
 * escaped before the library sees it, and the library's own escaping is switched off: it leaves
 * backslashes and bidirectional controls as they are, and would escape what is escaped already.
 * Knows nothing of where rows come from or what they mean.
 */
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/error.h>

#include "cell.h"
#include "layout.h"
#include "load_smartcols.h"
#include "measure.h"

/* The last elastic column gives way first, down to this share of the width; then all do. */
static const double last_elastic_share = 0.3;

/* Columns of a cell that is not the last, where no width limits the table. */
enum { INNER_MAX = 48 };

struct layout {
	const struct term *term;
	const struct table_options *opt;
	const struct column_list *columns;
	struct libscols_table *table;
	struct libscols_line **lines; /* one for each row */
	struct value value;
	struct buffer text;
};

static const struct {
	const char *key;
	enum style style;
} column_styles[] = {
	{ "type", STYLE_TYPE },
};

static void *needed(void *memory)
{
	if (!memory)
		die("out of memory");
	return memory;
}

void layout_check(int error)
{
	if (error)
		die("cannot lay out a table: %s", strerror(-error));
}

static void set_symbols(struct layout *l)
{
	struct libscols_symbols *symbols = needed(smartcols.new_symbols());
	bool utf8 = l->term->utf8;

	layout_check(smartcols.symbols_set_branch(symbols, utf8 ? "├─" : "|-"));
	layout_check(smartcols.symbols_set_vertical(symbols, utf8 ? "│ " : "| "));
	layout_check(smartcols.symbols_set_right(symbols, utf8 ? "└─" : "`-"));
	layout_check(smartcols.table_set_symbols(l->table, symbols));
	smartcols.unref_symbols(symbols);
}

/* Columns of the terminal, 0 where nothing is to be cut. */
static unsigned table_width(const struct layout *l)
{
	return l->opt->notruncate ? 0 : l->term->width;
}

int layout_load(struct error *err)
{
	struct error why = { 0 };

	if (smartcols_load(&why) < 0)
		return error_set(err, why.code, "no table can be laid out: %s", why.text);
	return 0;
}

static void must_load(void)
{
	struct error err = { 0 };

	if (layout_load(&err) < 0)
		die("%s", err.text);
}

struct libscols_table *layout_table(const struct term *t, unsigned width)
{
	struct libscols_table *table;

	must_load();
	table = needed(smartcols.new_table());
	layout_check(smartcols.table_set_stream(table, t->out));
	layout_check(smartcols.table_enable_noencoding(table, 1));
	layout_check(smartcols.table_enable_colors(table, t->color));
	/* The library would ask the terminal itself; what applies has been decided already. */
	layout_check(smartcols.table_set_termforce(table, width ? SCOLS_TERMFORCE_ALWAYS
								: SCOLS_TERMFORCE_NEVER));
	if (width)
		layout_check(smartcols.table_set_termwidth(table, width));
	return table;
}

static void new_table(struct layout *l)
{
	l->table = layout_table(l->term, table_width(l));
	layout_check(smartcols.table_enable_noheadings(l->table, l->opt->noheadings));
	if (l->opt->parents)
		set_symbols(l);
}

static size_t last_elastic(const struct column_list *columns)
{
	size_t i = columns->n;

	while (i > 0 && !columns->at[i - 1]->elastic)
		i--;
	return i - 1; /* beyond all columns where none is elastic */
}

static int column_flags(const struct layout *l, size_t i)
{
	const struct column *c = l->columns->at[i];
	bool tree = l->opt->parents && l->opt->tree_column == i;

	/* A number that carries branches would be torn off them by aligning it to the right. */
	return (tree ? SCOLS_FL_TREE : 0) | (c->right && !tree ? SCOLS_FL_RIGHT : 0) |
	       (c->elastic && table_width(l) ? SCOLS_FL_TRUNC : 0);
}

static const char *column_color(const struct layout *l, const struct column *c)
{
	for (size_t i = 0; i < sizeof(column_styles) / sizeof(column_styles[0]); i++)
		if (strcmp(column_styles[i].key, c->key) == 0)
			return term_style(l->term, column_styles[i].style);
	return NULL;
}

static void add_column(struct layout *l, size_t i)
{
	const struct column *c = l->columns->at[i];
	double share = i == last_elastic(l->columns) ? last_elastic_share : 0;
	struct libscols_column *column =
		needed(smartcols.table_new_column(l->table, c->heading, share, column_flags(l, i)));

	if (!l->term->color)
		return;
	layout_check(smartcols.column_set_color(column, column_color(l, c)));
	layout_check(smartcols.cell_set_color(smartcols.column_get_header(column),
					      term_style(l->term, STYLE_HEADING)));
}

/*
 * How many bytes of a cell matter. The library looks at every character of every cell several
 * times, also at those that it will cut. In ASCII a byte is a column, so that what lies beyond the
 * whole width by more than one cannot be seen and changes nothing.
 */
static size_t visible_len(const struct layout *l, const struct column *c)
{
	size_t most = (size_t)table_width(l) + 1, len = l->text.len;

	if (most == 1 || !c->elastic || len <= most)
		return len;
	for (size_t i = 0; i < most; i++)
		if (l->text.data[i] & 0x80)
			return len;
	return most;
}

/*
 * Where no width limits a table, one command line of a thousand characters would push what stands
 * behind it out of sight in every row: such a cell is cut unless it is the last.
 */
static void cut_inner(struct layout *l, size_t i)
{
	size_t fits;

	if (table_width(l) || l->opt->notruncate || !l->columns->at[i]->elastic ||
	    i + 1 == l->columns->n || text_columns(l->text.data, l->text.len) <= INNER_MAX)
		return;
	fits = text_fit(l->text.data, l->text.len, INNER_MAX - 3);
	l->text.len = fits;
	buffer_text(&l->text, "...");
}

/* The cell in l->value, escaped, as memory that the library takes over. */
static char *cell_text(struct layout *l, size_t i)
{
	const struct column *c = l->columns->at[i];
	struct value *v = &l->value;
	size_t len;
	char *text;

	value_display(v);
	buffer_clear(&l->text);
	escape_text(&l->text, v->len ? v->text : "-", v->len ? v->len : 1, term_escape(l->term));
	cut_inner(l, i);
	len = visible_len(l, c);
	text = needed(malloc(len + 1));
	memcpy(text, l->text.data, len);
	text[len] = '\0';
	return text;
}

static void fill_line(struct layout *l, struct libscols_line *line, const struct row *row)
{
	for (size_t i = 0; i < l->columns->n; i++) {
		cell_read(l->columns->at[i], row, &l->value);
		layout_check(smartcols.line_refer_data(line, i, cell_text(l, i)));
		if (l->term->color && !fact_is_known(l->value.fact))
			layout_check(smartcols.cell_set_color(smartcols.line_get_cell(line, i),
							      term_style(l->term, STYLE_DIM)));
	}
}

static void add_lines(struct layout *l, const struct row *rows, size_t n)
{
	const long *parents = l->opt->parents;

	l->lines = needed(calloc(n, sizeof(*l->lines)));
	for (size_t i = 0; i < n; i++) {
		l->lines[i] = needed(smartcols.table_new_line(l->table, NULL));
		fill_line(l, l->lines[i], &rows[i]);
	}
	/* A parent may come after its children: ties are made once all lines are there. */
	for (size_t i = 0; parents && i < n; i++)
		if (parents[i] >= 0)
			layout_check(smartcols.line_add_child(l->lines[parents[i]], l->lines[i]));
}

static void print_lines(struct layout *l)
{
	/*
	 * The library writes every padding blank with a call of its own; the stream's lock would
	 * cost more than the blanks. It is ours alone here.
	 */
	int locking = __fsetlocking(l->term->out, FSETLOCKING_BYCALLER);

	layout_check(smartcols.print_table(l->table));
	__fsetlocking(l->term->out, locking);
}

/* What the library leaves out when there are no lines. */
static void print_headings(const struct layout *l)
{
	const struct term *t = l->term;

	for (size_t i = 0; i < l->columns->n; i++)
		fprintf(t->out, "%s%s%s%s", i ? " " : "", term_style(t, STYLE_HEADING),
			l->columns->at[i]->heading, term_style(t, STYLE_PLAIN));
	fputc('\n', t->out);
}

void layout_print(const struct term *t, const struct table_options *opt,
		  const struct column_list *columns, const struct row *rows, size_t n)
{
	struct layout l = { .term = t, .opt = opt, .columns = columns, .value = VALUE_INIT };

	if (n == 0) {
		if (!opt->noheadings)
			print_headings(&l);
		return;
	}
	new_table(&l);
	for (size_t i = 0; i < columns->n; i++)
		add_column(&l, i);
	add_lines(&l, rows, n);
	print_lines(&l);
	smartcols.unref_table(l.table);
	free(l.lines);
	value_release(&l.value);
	buffer_release(&l.text);
}
