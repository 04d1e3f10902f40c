/* SPDX-License-Identifier: MIT */
/*
 * How a list looks: cells as text, the widths of columns, headings and rows on a canvas, and what
 * is found in them by a search. Everything is escaped here, before it is measured. Knows nothing
 * of why a row is where it is.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <nsview/measure.h>

#include "view_list.h"

enum {
	INNER_MAX = 32, /* columns of an elastic cell that is not the last */
	INNER_MIN = 12, /* ... where they do not fit */
	LAST_MIN = 16,	/* of an elastic column that is the last */
	GUTTER = 2,	/* the cursor and a mark */
	DEPTH_MAX = 24, /* branches drawn */
	SIGN = 3,	/* columns for how many are left out */
	SIGN_FILTER = 12,
};

/* What a row tells of a set does not stand again beside each of its members. */
static bool is_of_set(const struct column *c)
{
	return strncmp(c->key, "ns_", 3) == 0 || strcmp(c->key, "nprocs") == 0;
}

static bool is_blank(const struct item *item, const struct column *c)
{
	return item->note || (item->row.process && !item->row.matrix && is_of_set(c));
}

void list_value(const struct item *item, const struct column *c, struct value *out)
{
	buffer_clear(&out->scratch);
	out->kind = c->kind;
	out->fact = fact_none();
	if (!is_blank(item, c))
		c->get(&item->row, out);
}

static void say_branches(const struct list *l, const struct item *item, struct buffer *out)
{
	bool utf8 = l->escape == ESCAPE_UTF8;
	bool last[DEPTH_MAX + 1] = { false };
	unsigned depth = item->depth < DEPTH_MAX ? item->depth : DEPTH_MAX;
	const struct item *at = item;

	for (unsigned i = depth; i > 0; i--) {
		last[i] = at->last;
		at = &l->items[at->parent];
	}
	for (unsigned i = 1; i < depth; i++)
		buffer_text(out, last[i] ? "  " : utf8 ? "│ " : "| ");
	if (depth)
		buffer_text(out, utf8 ? (last[depth] ? "└─" : "├─") : (last[depth] ? "`-" : "|-"));
	if (item->branch)
		buffer_text(out, item->folded ? "+" : "");
}

/* Sets are opened, processes stand in them. */
static void say_sign(const struct item *item, struct buffer *out)
{
	if (item->single)
		buffer_text(out, "    ");
	else if (item->branch)
		buffer_text(out, item->folded ? "+ " : "- ");
	else
		buffer_text(out, "  ");
}

struct fact list_cell(const struct list *l, const struct item *item, size_t column,
		      struct value *scratch, struct buffer *out)
{
	const struct column *c = l->columns.at[column];
	struct fact fact;

	if (column == 0 && l->kind->tree)
		say_branches(l, item, out);
	else if (column == 0 && l->kind->folded)
		say_sign(item, out);
	if (column == 0 && item->note)
		buffer_text(out, item->note);
	if (is_blank(item, c))
		return fact_known();
	list_value(item, c, scratch);
	fact = scratch->fact;
	value_display(scratch);
	escape_text(out, scratch->text, scratch->len, l->escape);
	return fact;
}

static bool carries_signs(const struct list *l, size_t column)
{
	return column == 0 && (l->kind->tree || l->kind->folded);
}

/* The last column takes what is left. A note goes over all columns. */
static unsigned measure(struct list *l, size_t column, struct value *v, struct buffer *text)
{
	const struct column *c = l->columns.at[column];
	size_t width = strlen(c->heading);

	for (size_t i = 0; i < l->nshown; i++) {
		const struct item *item = &l->items[l->shown[i]];
		size_t columns;

		if (item->note)
			continue;
		buffer_clear(text);
		list_cell(l, item, column, v, text);
		columns = text_columns(buffer_str(text), text->len);
		width = columns > width ? columns : width;
		if (c->elastic && width >= INNER_MAX)
			return INNER_MAX;
	}
	return (unsigned)width;
}

void list_measure(struct list *l)
{
	struct value v = VALUE_INIT;
	autobuffer text = BUFFER_INIT;

	for (size_t i = 0; i < l->columns.n; i++)
		l->widths[i] = i + 1 == l->columns.n && l->columns.at[i]->elastic
				       ? (unsigned)strlen(l->columns.at[i]->heading)
				       : measure(l, i, &v, &text);
	value_release(&v);
}

/* What the last column takes at least; the rest of the line is its own. */
static unsigned least(const struct list *l, size_t i)
{
	bool takes_rest = i + 1 == l->columns.n && l->columns.at[i]->elastic;

	return takes_rest && l->widths[i] < LAST_MIN ? LAST_MIN : l->widths[i];
}

/* The widest column that can give way, or the number of columns. */
static size_t widest_elastic(const struct list *l, const unsigned *widths)
{
	size_t widest = l->columns.n;

	for (size_t i = 0; i + 1 < l->columns.n; i++)
		if (l->columns.at[i]->elastic && widths[i] > INNER_MIN &&
		    (widest == l->columns.n || widths[i] > widths[widest]))
			widest = i;
	return widest;
}

/* The last column that can be left out; 0: none, the first always stays. */
static size_t last_rigid(const struct list *l, const unsigned *widths)
{
	size_t i = l->columns.n - 1;

	while (i > 0 && (l->columns.at[i]->elastic || !widths[i]))
		i--;
	return i;
}

/*
 * What each column gets of so many: elastic ones give way, then the others are left out from the
 * right, so that a name keeps some room. Returns how many are left out; their width is 0.
 */
static unsigned fit(const struct list *l, unsigned cols, unsigned *out)
{
	unsigned total = GUTTER - 1, hidden = 0;
	size_t i;

	for (i = 0; i < l->columns.n; i++) {
		out[i] = least(l, i);
		total += out[i] + 1;
	}
	while (total > cols && (i = widest_elastic(l, out)) < l->columns.n) {
		out[i]--;
		total--;
	}
	while (total > cols && (i = last_rigid(l, out)) > 0) {
		total -= out[i] + 1;
		out[i] = 0;
		hidden++;
	}
	return hidden;
}

static void draw_heading(const struct list *l, struct canvas *c, unsigned row, size_t i,
			 unsigned width)
{
	const struct column *col = l->columns.at[i];
	unsigned look = col == l->sort ? LOOK_HEADING | LOOK_SELECTED : LOOK_HEADING;
	bool right = col->right && !carries_signs(l, i);
	unsigned len = (unsigned)strlen(col->heading), blank = width > len ? width - len : 0;

	if (i)
		canvas_str(c, row, LOOK_PLAIN, " ");
	if (right)
		canvas_pad(c, row, LOOK_PLAIN, c->lines[row].columns + blank);
	canvas_str(c, row, look, col->heading);
	if (!right && i + 1 < l->columns.n)
		canvas_pad(c, row, LOOK_PLAIN, c->lines[row].columns + blank);
}

/* What is left out is said at the end: how many columns, and with filter that rows are. */
static void draw_headings(const struct list *l, struct canvas *c, unsigned row,
			  const unsigned *widths, unsigned hidden, bool filter)
{
	char text[32];

	canvas_pad(c, row, LOOK_PLAIN, GUTTER);
	for (size_t i = 0; i < l->columns.n; i++)
		if (widths[i])
			draw_heading(l, c, row, i, widths[i]);
	if (!hidden && !filter)
		return;
	snprintf(text, sizeof(text), hidden ? "%s+%u" : "%s", filter ? " filtered" : "", hidden);
	canvas_pad(c, row, LOOK_PLAIN, c->cols - (unsigned)strlen(text));
	canvas_str(c, row, LOOK_DIM, text);
}

const char *list_mark(const struct item *item, bool chosen)
{
	if (chosen)
		return "*";
	if (item->change != CHANGE_NONE)
		return item->change == CHANGE_APPEARED ? "+" : "x";
	return item->leaked ? "!" : " ";
}

unsigned list_look(const struct item *item, unsigned otherwise)
{
	if (item->change == CHANGE_VANISHED)
		return LOOK_GONE;
	return item->change == CHANGE_APPEARED ? LOOK_NEW : otherwise;
}

static unsigned look_of(const struct item *item, const struct column *c, struct fact fact)
{
	if (!fact_is_known(fact))
		return list_look(item, LOOK_DIM);
	return list_look(item, strcmp(c->key, "type") == 0 ? LOOK_TYPE : LOOK_PLAIN);
}

/* here: the cursor is on it; selected: and the keys are for the list. */
static void draw_row(const struct list *l, struct canvas *c, unsigned row, const struct item *item,
		     const unsigned *widths, bool here, unsigned selected, bool chosen)
{
	struct value v = VALUE_INIT;
	autobuffer text = BUFFER_INIT;
	size_t ncolumns = item->note ? 1 : l->columns.n;

	canvas_str(c, row, selected, here ? ">" : " ");
	canvas_str(c, row, (item->leaked ? LOOK_WARN : LOOK_PLAIN) | selected,
		   list_mark(item, chosen));
	for (size_t i = 0; i < ncolumns && c->lines[row].columns < c->cols; i++) {
		const struct column *col = l->columns.at[i];
		unsigned left = c->cols - c->lines[row].columns, width = widths[i];
		struct fact fact;

		if (!width && i)
			continue;
		buffer_clear(&text);
		if (i) {
			canvas_str(c, row, selected, " ");
			left--;
		}
		fact = list_cell(l, item, i, &v, &text);
		if (i + 1 == ncolumns || width > left)
			width = left;
		canvas_field(c, row, look_of(item, col, fact) | selected, buffer_str(&text),
			     text.len, width, col->right && !carries_signs(l, i));
	}
	if (selected)
		canvas_pad(c, row, selected, c->cols);
	value_release(&v);
}

void list_scroll(struct list *l, unsigned rows)
{
	if (l->at < l->top)
		l->top = l->at;
	if (rows && l->at >= l->top + rows)
		l->top = l->at - rows + 1;
	/* No empty lines while there are rows above. */
	if (l->top + rows > l->nshown)
		l->top = l->nshown > rows ? l->nshown - rows : 0;
}

void list_draw(struct list *l, struct canvas *c, const struct part *part, bool focused, bool alone,
	       const struct view_ref *chosen)
{
	unsigned widths[COLUMNS_MAX], hidden;

	if (!part->rows)
		return;
	alone = alone && l->filter;
	if (l->kind->picture) {
		l->kind->picture->draw(l, c, part, focused, alone, chosen);
		return;
	}
	hidden = fit(l, c->cols, widths);
	/* An elastic last column has room for it behind its heading. */
	if ((hidden || alone) && !l->columns.at[l->columns.n - 1]->elastic)
		hidden = fit(l, c->cols - (alone ? SIGN_FILTER : SIGN), widths);
	draw_headings(l, c, part->top, widths, hidden, alone);
	list_scroll(l, part->rows - 1);
	for (unsigned i = 0; i + 1 < part->rows && l->top + i < l->nshown; i++) {
		const struct item *item = &l->items[l->shown[l->top + i]];
		bool here = l->top + i == l->at;

		draw_row(l, c, part->top + 1 + i, item, widths, here,
			 here && focused ? LOOK_SELECTED : 0,
			 chosen->kind != REF_NONE && ref_same(chosen, &item->ref));
	}
}

static bool has_capital(const char *text)
{
	for (; *text; text++)
		if (isupper((unsigned char)*text))
			return true;
	return false;
}

/* All cells of a row, a blank between them: what a person sees is what is searched. */
static void say_row(const struct list *l, const struct item *item, struct value *v,
		    struct buffer *out)
{
	buffer_clear(out);
	if (l->kind->picture) {
		l->kind->picture->say(l, item, out);
		return;
	}
	for (size_t i = 0; i < l->columns.n; i++) {
		if (i)
			buffer_char(out, ' ');
		list_cell(l, item, i, v, out);
	}
}

bool list_search(const struct list *l, const char *pattern, bool forward, bool here, size_t *out_at,
		 size_t *out_nth, size_t *out_count)
{
	char *(*find)(const char *, const char *) = has_capital(pattern) ? strstr : strcasestr;
	struct value v = VALUE_INIT;
	autobuffer text = BUFFER_INIT;
	size_t count = 0, first = 0, last = 0, best = 0;
	bool found = false;

	for (size_t i = 0; i < l->nshown; i++) {
		bool beyond = forward ? i > l->at : i < l->at;

		say_row(l, &l->items[l->shown[i]], &v, &text);
		if (!find(buffer_str(&text), pattern))
			continue;
		count++;
		first = count == 1 ? i : first;
		last = i;
		if ((beyond || (here && i == l->at)) && (!found || !forward)) {
			best = i;
			*out_nth = count;
			found = true;
		}
	}
	value_release(&v);
	*out_count = count;
	*out_at = found ? best : forward ? first : last;
	if (!found)
		*out_nth = forward ? 1 : count;
	return count > 0;
}
