/* SPDX-License-Identifier: MIT */
/* A page of labels and values, and the loop that fills one from a table. Private to the room. */
#ifndef NSVIEW_RENDER_PAGE_H
#define NSVIEW_RENDER_PAGE_H

#include <stdbool.h>
#include <nsview/column.h>
#include <nsview/term.h>

#include "words.h"

struct page {
	const struct term *t;
	const struct graph *graph;
	struct row row;	    /* what the page is about */
	struct words words; /* writes to text */
	struct buffer text; /* the value of the label at hand, escaped; one item a line */
	struct value value; /* a cell */
};

/*
 * One label and where its value comes from: a column by its key, or a function that appends to
 * page.text (items are parted by newlines). No text: the label is left out.
 */
struct page_entry {
	const char *label;
	unsigned types; /* of namespaces that have it, bits 1 << enum ns_type */
	const char *column;
	void (*say)(struct page *page);
};

/*
 * Prints the page about row: what say_title appends to page.text, and then all entries up to one
 * without a label, from columns of table. 0, or -EIO where it could not be written.
 */
int page_print(const struct term *t, const struct row *row, void (*say_title)(struct page *page),
	       const struct page_entry *entries, const struct column_table *table);

/* The cell of a column, or why it is not known. */
void page_say_column(struct page *page, const struct column *c);

#endif
