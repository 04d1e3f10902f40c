/* SPDX-License-Identifier: MIT */
/*
 * Lays out a page: labels in one column, values beside them, wrapped at blanks with a hanging
 * indent where the output has a width. A word too long for a line stays whole, so that it can be
 * copied. Knows nothing of what the values mean; they come from a table of labels.
 */
#include <errno.h>
#include <string.h>

#include "cell.h"
#include "measure.h"
#include "page.h"

enum {
	LABEL_WIDTH = 14, /* the longest label and two blanks */
	HANG = 2,	  /* what continues an item is set in by so much more */
	VALUE_MIN = 24,	  /* columns of a value on a terminal too narrow for both */
};

/* Bytes up to the last blank that fits, or to the end of a word that does not. */
static size_t break_at(const char *text, size_t len, size_t columns)
{
	size_t fit = text_fit(text, len, columns), at = fit;
	const char *blank;

	if (fit == len || text[fit] == ' ')
		return fit;
	while (at > 0 && text[at - 1] != ' ')
		at--;
	if (at > 0)
		return at;
	blank = memchr(text + fit, ' ', len - fit);
	return blank ? (size_t)(blank - text) : len;
}

static void put_item(const struct page *page, const char *text, size_t len)
{
	size_t width = page->t->width, room = len, indent = LABEL_WIDTH;

	if (width)
		room = width < LABEL_WIDTH + VALUE_MIN ? VALUE_MIN : width - LABEL_WIDTH;
	while (true) {
		size_t n = width ? break_at(text, len, room) : len;
		size_t shown = n;

		while (shown > 0 && text[shown - 1] == ' ')
			shown--;
		fwrite(text, 1, shown, page->t->out);
		fputc('\n', page->t->out);
		while (n < len && text[n] == ' ')
			n++;
		text += n;
		len -= n;
		if (!len)
			return;
		room -= indent == LABEL_WIDTH ? HANG : 0;
		indent = LABEL_WIDTH + HANG;
		fprintf(page->t->out, "%*s", (int)indent, "");
	}
}

static void put_label(const struct page *page, const char *label)
{
	fprintf(page->t->out, "%s%s%s%*s", term_style(page->t, STYLE_TYPE), label,
		term_style(page->t, STYLE_PLAIN), LABEL_WIDTH - (int)strlen(label), "");
}

static void put_entry(struct page *page, const char *label)
{
	const char *text = buffer_str(&page->text), *end = text + page->text.len;

	put_label(page, label);
	while (true) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));

		put_item(page, text, (size_t)((newline ? newline : end) - text));
		/* A newline at the end ends an item, it begins none. */
		if (!newline || newline + 1 == end)
			return;
		text = newline + 1;
		fprintf(page->t->out, "%*s", LABEL_WIDTH, "");
	}
}

void page_say_column(struct page *page, const struct column *c)
{
	struct value *v = &page->value;

	cell_read(c, &page->row, v);
	if (!fact_is_known(v->fact)) {
		words_unknown(&page->words, v->fact);
		return;
	}
	value_display(v);
	words_escape(&page->words, v->text, v->len);
}

static bool applies(const struct page *page, const struct page_entry *e)
{
	return !page->row.ns || e->types & 1u << page->row.ns->type;
}

static void put_entries(struct page *page, const struct page_entry *entries,
			const struct column_table *table)
{
	for (const struct page_entry *e = entries; e->label; e++) {
		if (!applies(page, e))
			continue;
		buffer_clear(&page->text);
		if (e->say)
			e->say(page);
		else
			page_say_column(page, column_find(table, e->column, strlen(e->column)));
		if (page->text.len)
			put_entry(page, e->label);
	}
	buffer_clear(&page->text);
}

int page_print(const struct term *t, const struct row *row, void (*say_title)(struct page *page),
	       const struct page_entry *entries, const struct column_table *table)
{
	struct page page = { .t = t, .graph = row->graph, .row = *row, .value = VALUE_INIT };

	page.words = (struct words){ .term = t, .graph = row->graph, .out = &page.text };
	say_title(&page);
	fprintf(t->out, "%s%s%s\n", term_style(t, STYLE_NAME), buffer_str(&page.text),
		term_style(t, STYLE_PLAIN));
	put_entries(&page, entries, table);
	words_release(&page.words);
	buffer_release(&page.text);
	value_release(&page.value);
	return ferror(t->out) ? -EIO : 0;
}
