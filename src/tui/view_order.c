/* SPDX-License-Identifier: MIT */
/*
 * The order of a list's items: siblings beside each other, by the column sorted by, and where that
 * does not tell, as the graph has them, so that rows do not change places from one graph to the
 * next. What is unknown comes last, also in reverse.
 */
#include <stdlib.h>
#include <string.h>

#include <nsview/error.h>

#include "view_list.h"

struct ordering {
	const struct list *list;
	struct value *keys; /* by item; NULL: not sorted */
};

/* Of the column sorted by, with memory of its own for each. */
static struct value *read_keys(const struct list *l)
{
	struct value *keys;

	if (!l->sort)
		return NULL;
	keys = calloc(l->nitems + 1, sizeof(*keys));
	if (!keys)
		die("out of memory");
	for (size_t i = 0; i < l->nitems; i++)
		list_value(&l->items[i], l->sort, &keys[i]);
	return keys;
}

/* Vanished rows have their place among the others by what they are. */
static int compare_natural(const struct list *l, size_t a, size_t b)
{
	const struct item *x = &l->items[a], *y = &l->items[b];
	bool vanished = x->change == CHANGE_VANISHED || y->change == CHANGE_VANISHED;
	int order = vanished && x->ref.kind == REF_NS && y->ref.kind == REF_NS && !l->kind->tree &&
				    !l->kind->picture
			    ? ref_compare(&x->ref, &y->ref)
			    : 0;

	if (order == 0 && vanished && x->row.process && y->row.process)
		order = (x->row.process->pid > y->row.process->pid) -
			(x->row.process->pid < y->row.process->pid);
	return order ? order : (a > b) - (a < b);
}

static int compare(const void *a, const void *b, void *ctx)
{
	const struct ordering *o = ctx;
	size_t i = *(const size_t *)a, j = *(const size_t *)b;
	const struct item *x = &o->list->items[i], *y = &o->list->items[j];
	int order = (x->parent > y->parent) - (x->parent < y->parent);

	if (order)
		return order;
	if (o->keys) {
		order = value_compare(&o->keys[i], &o->keys[j]);
		if (o->list->reverse && fact_is_known(o->keys[i].fact) &&
		    fact_is_known(o->keys[j].fact))
			order = -order;
		return order ? order : compare_natural(o->list, i, j);
	}
	order = compare_natural(o->list, i, j);
	return o->list->reverse ? -order : order;
}

void list_order(const struct list *l, size_t *order)
{
	struct ordering o = { l, read_keys(l) };

	for (size_t i = 0; i < l->nitems; i++)
		order[i] = i;
	qsort_r(order, l->nitems, sizeof(*order), compare, &o);
	for (size_t i = 0; o.keys && i < l->nitems; i++)
		value_release(&o.keys[i]);
	free(o.keys);
}
