/* SPDX-License-Identifier: MIT */
/*
 * Compares a graph with the one before it. What has vanished stays to be seen for some graphs, as
 * a row of its own old graph, which therefore lives on. Knows objects by their refs; nothing of
 * rows' order.
 */
#include <stdlib.h>
#include <string.h>

#include <nsview/error.h>

#include "view_history.h"

void history_release(struct history *h)
{
	for (size_t i = 0; i < HISTORY_REFRESHES; i++)
		graph_free(h->old[i]);
	free(h->at);
	*h = (struct history){ 0 };
}

static void add(struct history *h, const struct view_ref *ref, enum change change,
		const struct row *row)
{
	if (h->n == h->cap) {
		h->cap = h->cap ? h->cap * 2 : 64;
		h->at = reallocarray(h->at, h->cap, sizeof(*h->at));
		if (!h->at)
			die("out of memory");
	}
	h->at[h->n] = (struct history_entry){ .ref = *ref, .change = change };
	if (row)
		h->at[h->n].row = *row;
	h->n++;
}

/* One object of either graph, or of both; row is of whichever has it. */
struct pair {
	struct view_ref ref;
	struct row row;
};

/* Steps through two sorted lists at once. */
static void compare(struct history *h, const struct pair *old, size_t nold,
		    const struct pair *fresh, size_t nfresh)
{
	size_t i = 0, j = 0;

	while (i < nold || j < nfresh) {
		int order = i == nold	  ? 1
			    : j == nfresh ? -1
					  : ref_compare(&old[i].ref, &fresh[j].ref);

		if (order == 0 && !ref_same(&old[i].ref, &fresh[j].ref))
			add(h, &fresh[j].ref, CHANGE_APPEARED, NULL);
		else if (order < 0)
			add(h, &old[i].ref, CHANGE_VANISHED, &old[i].row);
		else if (order > 0)
			add(h, &fresh[j].ref, CHANGE_APPEARED, NULL);
		i += order <= 0;
		j += order >= 0;
	}
}

static int compare_pairs(const void *a, const void *b)
{
	return ref_compare(&((const struct pair *)a)->ref, &((const struct pair *)b)->ref);
}

enum what { NAMESPACES, SETS, SINGLES };

static size_t size_of(const struct graph *g, enum what what)
{
	return what == NAMESPACES ? g->nnamespaces : what == SETS ? g->nsets : g->nprocesses;
}

static struct pair pair_of(const struct graph *g, enum what what, size_t i)
{
	if (what == NAMESPACES)
		return (struct pair){ ref_of_ns(g->namespaces[i]),
				      { .graph = g, .ns = g->namespaces[i] } };
	if (what == SETS)
		return (struct pair){ ref_of_set(g->sets[i]),
				      { .graph = g, .process = g->sets[i]->first } };
	return (struct pair){ ref_of_process(g->processes[i]),
			      { .graph = g, .process = g->processes[i] } };
}

/* All objects of a kind, sorted, each once: sets that differ in links for children are one. */
static struct pair *list_of(const struct graph *g, enum what what, size_t *out_n)
{
	size_t n = size_of(g, what), kept = 0;
	struct pair *list = calloc(n + 1, sizeof(*list));

	if (!list)
		die("out of memory");
	for (size_t i = 0; i < n; i++)
		if (what != SETS || g->sets[i]->first)
			list[kept++] = pair_of(g, what, i);
	n = kept;
	kept = 0;
	qsort(list, n, sizeof(*list), compare_pairs);
	for (size_t i = 0; i < n; i++)
		if (!kept || ref_compare(&list[kept - 1].ref, &list[i].ref) != 0)
			list[kept++] = list[i];
	*out_n = kept;
	return list;
}

static void compare_all(struct history *h, const struct graph *old, const struct graph *fresh,
			enum what what)
{
	size_t nold, nfresh;
	struct pair *a = list_of(old, what, &nold), *b = list_of(fresh, what, &nfresh);

	compare(h, a, nold, b, nfresh);
	free(a);
	free(b);
}

static int compare_entries(const void *a, const void *b)
{
	const struct history_entry *x = a, *y = b;
	int order = ref_compare(&x->ref, &y->ref);

	return order ? order : (x->age > y->age) - (x->age < y->age);
}

/* The latest of what is told of an object; what came again has not vanished. */
static void keep_latest(struct history *h)
{
	size_t kept = 0;

	if (h->n)
		qsort(h->at, h->n, sizeof(*h->at), compare_entries);
	for (size_t i = 0; i < h->n; i++)
		if (h->at[i].age < HISTORY_REFRESHES &&
		    (!kept || ref_compare(&h->at[kept - 1].ref, &h->at[i].ref) != 0))
			h->at[kept++] = h->at[i];
	h->n = kept;
}

static bool is_shown(const struct history *h, const struct graph *g)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->at[i].row.graph == g)
			return true;
	return false;
}

static void keep_graph(struct history *h, struct graph *old)
{
	size_t free_slot = HISTORY_REFRESHES;

	for (size_t i = 0; i < HISTORY_REFRESHES; i++) {
		if (h->old[i] && !is_shown(h, h->old[i])) {
			graph_free(h->old[i]);
			h->old[i] = NULL;
		}
		if (!h->old[i])
			free_slot = i;
	}
	/* Entries outlive no more graphs than there are slots. */
	if (free_slot < HISTORY_REFRESHES && is_shown(h, old))
		h->old[free_slot] = old;
	else
		graph_free(old);
}

void history_swap(struct history *h, struct graph *old, const struct graph *fresh, bool singles)
{
	if (!old)
		return;
	for (size_t i = 0; i < h->n; i++)
		h->at[i].age++;
	if (old->completeness.searched == fresh->completeness.searched) {
		compare_all(h, old, fresh, NAMESPACES);
		compare_all(h, old, fresh, SETS);
		if (singles)
			compare_all(h, old, fresh, SINGLES);
	} else {
		h->n = 0;
	}
	keep_latest(h);
	keep_graph(h, old);
}

enum change history_of(const struct history *h, const struct view_ref *ref)
{
	size_t low = 0, high = h->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = ref_compare(&h->at[mid].ref, ref);

		if (order == 0)
			return ref_same(&h->at[mid].ref, ref) ? h->at[mid].change : CHANGE_NONE;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return CHANGE_NONE;
}
