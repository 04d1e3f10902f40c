/* SPDX-License-Identifier: MIT */
/*
 * Decides which items are rows, in which order, and where the cursor is among them. The cursor is
 * a reference: rows come and go around it, and it stays on its object and on its line of the
 * screen. Knows nothing of how a row looks.
 */
#include <stdlib.h>
#include <string.h>

#include <nsview/error.h>
#include <nsview/grow.h>

#include "view_list.h"

void list_init(struct list *l, const struct list_kind *kind, enum escape_mode escape)
{
	*l = (struct list){ .kind = kind, .escape = escape };
	column_list_parse(kind->table, NULL, &l->columns, NULL);
}

void list_release(struct list *l)
{
	filter_free(l->filter);
	if (l->kind && l->kind->picture)
		l->kind->picture->release(l);
	ref_list_release(&l->toggled);
	ref_list_release(&l->apart);
	matrix_release(&l->matrix);
	arena_release(&l->arena);
	free(l->items);
	free(l->shown);
	*l = (struct list){ 0 };
}

struct item *list_add(struct list *l, const struct view_ref *ref, const struct row *row,
		      long parent)
{
	struct item *item;

	l->items = grow(l->items, l->nitems, &l->capitems, sizeof(*l->items));
	item = &l->items[l->nitems++];
	*item = (struct item){ .ref = *ref, .row = *row, .parent = parent };
	if (parent >= 0) {
		item->depth = l->items[parent].depth + 1;
		l->items[parent].branch = true;
	}
	return item;
}

static bool is_closed(const struct list *l, const struct item *item)
{
	return l->kind->folded || item->closed;
}

static bool is_folded(const struct list *l, const struct item *item)
{
	if (l->unfolded)
		return false;
	if (item->group)
		return !ref_list_has(&l->apart, &item->ref);
	return item->branch && is_closed(l, item) != ref_list_has(&l->toggled, &item->ref);
}

/* Marks what the filter lets through, and all above it: a branch in the air would say nothing. */
static bool *keep_filtered(struct list *l)
{
	bool *keep = calloc(l->nitems + 1, sizeof(*keep));

	if (!keep)
		die("out of memory");
	l->undecided = 0;
	for (size_t i = 0; i < l->nitems; i++) {
		const struct item *item = &l->items[i];
		enum filter_answer answer = FILTER_YES;

		if (item->single)
			keep[i] = keep[item->parent];
		else if (!l->filter)
			keep[i] = true;
		else if (l->kind->picture)
			keep[i] = (answer = l->kind->picture->judge(l, item)) == FILTER_YES;
		else if (!item->note)
			keep[i] = (answer = filter_match(l->filter, &item->row)) == FILTER_YES;
		l->undecided += answer == FILTER_UNKNOWN;
	}
	for (size_t i = l->nitems; i-- > 0;)
		if (keep[i] && l->items[i].parent >= 0)
			keep[l->items[i].parent] = true;
	return keep;
}

/* The next row below at in the tree: its first child, or a sibling of it or of one above it. */
static long after(const struct list *l, const long *first, const long *next, long at)
{
	if (first[at] >= 0 && (!l->items[at].folded || l->items[at].group))
		return first[at];
	while (at >= 0 && next[at] < 0)
		at = l->items[at].parent;
	return at < 0 ? -1 : next[at];
}

/* Rows in order: siblings as they are sorted, each followed by what hangs under it. */
static void show(struct list *l, const size_t *order, const bool *keep)
{
	long *first = malloc((l->nitems + 1) * sizeof(*first));
	long *next = malloc((l->nitems + 1) * sizeof(*next));
	long top = -1;

	if (!first || !next)
		die("out of memory");
	for (size_t i = 0; i < l->nitems; i++) {
		first[i] = next[i] = -1;
		l->items[i].folded = is_folded(l, &l->items[i]);
	}
	for (size_t i = l->nitems; i-- > 0;) {
		struct item *item = &l->items[order[i]];
		long *head = item->parent < 0 ? &top : &first[item->parent];

		if (!keep[order[i]])
			continue;
		item->last = *head < 0;
		next[order[i]] = *head;
		*head = (long)order[i];
	}
	l->shown = reallocarray(l->shown, l->nitems + 1, sizeof(*l->shown));
	if (!l->shown)
		die("out of memory");
	l->nshown = 0;
	for (long at = top; at >= 0; at = after(l, first, next, at))
		l->shown[l->nshown++] = (size_t)at;
	free(first);
	free(next);
}

static bool find_shown(const struct list *l, const struct view_ref *ref, size_t *out)
{
	for (size_t i = 0; ref->kind != REF_NONE && i < l->nshown; i++)
		if (ref_same(&l->items[l->shown[i]].ref, ref)) {
			*out = i;
			return true;
		}
	return false;
}

static void set_cursor(struct list *l, size_t at)
{
	l->at = l->nshown && at >= l->nshown ? l->nshown - 1 : at;
	if (!l->nshown)
		l->at = 0;
	else
		l->cursor = l->items[l->shown[l->at]].ref;
}

/* On its object, and that on its line; where that is gone, on what is there now. */
static void keep_cursor(struct list *l)
{
	size_t line = l->at - l->top, at = l->at;

	if (find_shown(l, &l->cursor, &at))
		l->top = at > line ? at - line : 0;
	set_cursor(l, at);
}

void list_rebuild(struct list *l, const struct graph *g, const struct history *h)
{
	size_t *order;
	bool *keep;

	matrix_release(&l->matrix);
	arena_release(&l->arena);
	l->arena = (struct arena)ARENA_INIT;
	l->nitems = 0;
	l->kind->fill(l, g, h);
	order = malloc((l->nitems + 1) * sizeof(*order));
	if (!order)
		die("out of memory");
	keep = keep_filtered(l);
	list_order(l, order);
	show(l, order, keep);
	free(order);
	free(keep);
	keep_cursor(l);
	if (l->kind->picture)
		l->kind->picture->lay(l);
	else
		list_measure(l);
}

const struct item *list_item(const struct list *l)
{
	return l->at < l->nshown ? &l->items[l->shown[l->at]] : NULL;
}

unsigned list_needs(const struct list *l)
{
	return column_list_needs(&l->columns) | (l->filter ? filter_needs(l->filter) : 0) |
	       (l->sort ? l->sort->needs : 0);
}

void list_go(struct list *l, size_t at)
{
	set_cursor(l, at);
}

void list_move(struct list *l, long by)
{
	if (by < 0 && l->at < (size_t)-by)
		set_cursor(l, 0);
	else
		set_cursor(l, l->at + (size_t)by);
}

/* Opens whatever is folded above an object. */
static bool open_above(struct list *l, const struct view_ref *ref)
{
	bool opened = false;

	for (size_t i = 0; i < l->nitems; i++) {
		if (!ref_same(&l->items[i].ref, ref))
			continue;
		for (long at = l->items[i].parent; at >= 0; at = l->items[at].parent)
			if (l->items[at].folded && !l->items[at].group) {
				ref_list_put(&l->toggled, &l->items[at].ref,
					     is_closed(l, &l->items[at]));
				opened = true;
			}
		break;
	}
	return opened;
}

/* A process is a row where its set is open. */
static bool open_set_of(struct list *l, const struct view_ref *ref, const struct graph *g)
{
	const struct process *p = ref->kind == REF_PROCESS ? ref_find_process(g, ref) : NULL;
	struct view_ref set;

	if (!p || l->kind != &list_processes)
		return false;
	set = ref_of_set(p->set);
	if (ref_list_has(&l->toggled, &set))
		return false;
	ref_list_put(&l->toggled, &set, true);
	return true;
}

bool list_seek(struct list *l, const struct view_ref *ref, const struct graph *g,
	       const struct history *h)
{
	size_t at;

	if (!find_shown(l, ref, &at) && l->kind->picture && l->kind->picture->reveal(l, ref, g))
		list_rebuild(l, g, h);
	if (!find_shown(l, ref, &at) && (open_above(l, ref) || open_set_of(l, ref, g)))
		list_rebuild(l, g, h);
	if (!find_shown(l, ref, &at))
		return false;
	set_cursor(l, at);
	return true;
}

bool list_fold(struct list *l, bool folded, const struct graph *g, const struct history *h)
{
	const struct item *item = list_item(l);

	if (!item || !item->branch || item->folded == folded || item->change == CHANGE_VANISHED)
		return false;
	if (item->group)
		ref_list_put(&l->apart, &item->ref, !folded);
	else
		ref_list_put(&l->toggled, &item->ref, folded != is_closed(l, item));
	list_rebuild(l, g, h);
	return true;
}

bool list_to_parent(struct list *l)
{
	const struct item *item = list_item(l);
	size_t at;

	if (!item || item->parent < 0 || !find_shown(l, &l->items[item->parent].ref, &at))
		return false;
	set_cursor(l, at);
	return true;
}

static bool hides_rows(const struct list *l)
{
	for (size_t i = 0; i < l->nshown; i++)
		if (l->items[l->shown[i]].folded)
			return true;
	return false;
}

bool list_find(struct list *l, const struct graph *g, const struct history *h, const char *pattern,
	       bool forward, bool here, size_t *out_nth, size_t *out_count)
{
	bool open_all = hides_rows(l), found;
	struct view_ref to = { 0 };
	size_t at;

	if (open_all) {
		l->unfolded = true;
		list_rebuild(l, g, h);
	}
	found = list_search(l, pattern, forward, here, &at, out_nth, out_count);
	if (found)
		to = l->items[l->shown[at]].ref;
	if (open_all) {
		l->unfolded = false;
		list_rebuild(l, g, h);
	}
	return found && list_seek(l, &to, g, h);
}
