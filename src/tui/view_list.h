/* SPDX-License-Identifier: MIT */
/*
 * A list over a graph: rows with columns, flat or as a tree, filtered, sorted and folded, with a
 * cursor that stays on its object when the graph is another. Pure.
 */
#ifndef NSVIEW_TUI_VIEW_LIST_H
#define NSVIEW_TUI_VIEW_LIST_H

#include <nsview/arena.h>
#include <nsview/column.h>
#include <nsview/escape.h>
#include <nsview/filter.h>
#include <nsview/matrix.h>

#include "view_canvas.h"
#include "view_history.h"
#include "view_layout.h"
#include "view_ref.h"

/* One object that may be shown. Parents come before what hangs under them. */
struct item {
	struct view_ref ref;
	struct row row;	  /* in its own graph: of what has vanished that is an older one */
	const char *note; /* no object, but these words; borrowed from the list's arena */
	long parent;	  /* index of the item above, -1: none */
	unsigned depth;
	bool single; /* a process of the set above it */
	bool branch; /* others hang under it */
	bool closed; /* ... and are folded unless it was opened */
	bool group;  /* it stands for others like it; what hangs under it stays */
	bool folded; /* ... and are not shown */
	bool last;   /* no sibling follows */
	enum change change;
	bool leaked; /* kept alive by something unexpected only */
};

struct list;
struct network;

/* How a list is shown that is no table. */
struct list_picture {
	/* Once it is decided what is shown, and in which order. */
	void (*lay)(struct list *l);
	/* Whether the filter lets an item through. */
	enum filter_answer (*judge)(const struct list *l, const struct item *item);
	/* Something that stands for an object is opened; false: nothing does. */
	bool (*reveal)(struct list *l, const struct view_ref *ref, const struct graph *g);
	/* What is searched of an item. */
	void (*say)(const struct list *l, const struct item *item, struct buffer *out);
	void (*draw)(struct list *l, struct canvas *c, const struct part *part, bool focused,
		     bool alone, const struct view_ref *chosen);
	void (*release)(struct list *l);
};

/* What a list is made of. */
struct list_kind {
	const char *command; /* that shows the same: "ls", "ps", "tree" */
	const struct column_table *table;
	void (*fill)(struct list *l, const struct graph *g, const struct history *h);
	bool tree;			    /* the first column carries branches */
	bool folded;			    /* branches are folded until they are opened */
	const struct list_kind *other;	    /* what `t` turns it into; NULL: nothing */
	const struct list_picture *picture; /* NULL: a table */
};
extern const struct list_kind list_namespaces, list_ownership, list_processes, list_network;

struct list {
	const struct list_kind *kind;
	enum escape_mode escape;
	struct column_list columns;
	struct filter *filter;	   /* owned; NULL: all rows */
	const struct column *sort; /* NULL: as the graph is sorted */
	bool reverse;
	bool unfolded;		 /* for a moment: everything is open */
	struct ref_list toggled; /* whose folding is not that of the kind */
	struct ref_list apart;	 /* groups that are opened */

	struct arena arena; /* of the notes */
	struct matrix matrix;
	struct network *network; /* owned; of list_network */
	struct item *items;	 /* owned, like the rest below */
	size_t nitems, capitems;
	size_t *shown; /* indices into items, in order */
	size_t nshown;
	size_t undecided;	      /* rows that the filter could not judge */
	unsigned widths[COLUMNS_MAX]; /* that each would like to have */

	size_t at, top; /* into shown: where the cursor is, and what is the first line */
	struct view_ref cursor;
};

void list_init(struct list *l, const struct list_kind *kind, enum escape_mode escape);
void list_release(struct list *l);

/* From another graph, or after filter, columns, sorting or folding have changed. */
void list_rebuild(struct list *l, const struct graph *g, const struct history *h);

/* The first line so that the cursor is in sight. */
void list_scroll(struct list *l, unsigned rows);
/* The sign in front of a row, and how a whole row looks whose object has come or gone. */
const char *list_mark(const struct item *item, bool chosen);
unsigned list_look(const struct item *item, unsigned otherwise);

/* The item under the cursor, NULL where there is none. */
const struct item *list_item(const struct list *l);
/* NEED_* of what is shown, filtered and sorted by. */
unsigned list_needs(const struct list *l);

/* Moves the cursor by so many rows, or to one. */
void list_move(struct list *l, long by);
void list_go(struct list *l, size_t at);
/* To an object; false where no row shows it. Rows that are folded away are opened. */
bool list_seek(struct list *l, const struct view_ref *ref, const struct graph *g,
	       const struct history *h);

/* Folds or opens what is at the cursor; false where nothing hangs under it. */
bool list_fold(struct list *l, bool folded, const struct graph *g, const struct history *h);
/* To the row above in the tree; false at a root. */
bool list_to_parent(struct list *l);

/* For fills: a new item, zeroed but for its row and parent. The pointer lasts until the next. */
struct item *list_add(struct list *l, const struct view_ref *ref, const struct row *row,
		      long parent);

/* The cell of an item, for comparing; what does not apply to the item is none. */
void list_value(const struct item *item, const struct column *c, struct value *out);
/* The same as escaped text, appended. Returns the fact behind it. */
struct fact list_cell(const struct list *l, const struct item *item, size_t column,
		      struct value *scratch, struct buffer *out);
/* Measures the columns of what is shown. */
void list_measure(struct list *l);
/*
 * Headings and rows into a part of the canvas; scrolls so that the cursor is in it. alone: nothing
 * else on the screen says that there is a filter.
 */
void list_draw(struct list *l, struct canvas *c, const struct part *part, bool focused, bool alone,
	       const struct view_ref *chosen);

/*
 * Where a pattern is found from a row on, forwards or backwards and round the end, starting with
 * that row itself only if `here`. Case is ignored unless the pattern has a capital. out_nth counts
 * the matches from 1. false: nowhere.
 */
bool list_search(const struct list *l, const char *pattern, bool forward, bool here, size_t *out_at,
		 size_t *out_nth, size_t *out_count);

/*
 * The same in the whole list, also where it is folded, and the cursor goes there, with whatever is
 * folded above it opened.
 */
bool list_find(struct list *l, const struct graph *g, const struct history *h, const char *pattern,
	       bool forward, bool here, size_t *out_nth, size_t *out_count);

/* Orders items: fills order with all indices by parent, then as sorted. Private to the list. */
void list_order(const struct list *l, size_t *order);

#endif
