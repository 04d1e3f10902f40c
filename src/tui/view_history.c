/* SPDX-License-Identifier: MIT */
/*
 * Compares a graph with the one before it. What has vanished stays to be seen for some seconds,
 * as a row of its own old graph, which therefore lives on. Knows objects by their refs; nothing of
 * rows' order.
 */
#include <stdlib.h>
#include <string.h>

#include <nsview/error.h>
#include <nsview/grow.h>
#include <nsview/net.h>

#include "view_history.h"

void history_release(struct history *h)
{
	for (size_t i = 0; i < h->nold; i++)
		graph_free(h->old[i]);
	free(h->at);
	*h = (struct history){ 0 };
}

static void add(struct history *h, const struct view_ref *ref, enum change change,
		const struct row *row, int64_t now)
{
	h->at = grow(h->at, h->n, &h->cap, sizeof(*h->at));
	h->at[h->n] = (struct history_entry){
		.ref = *ref, .change = change, .since = now, .turn = h->turn
	};
	if (change == CHANGE_VANISHED)
		h->at[h->n].row = *row;
	h->n++;
}

/* One object of either graph, or of both; row is of whichever has it. */
struct pair {
	struct view_ref ref;
	struct row row;
};

struct comparison {
	struct history *h;
	int64_t now;
	bool old_saw_less, fresh_saw_less; /* than the other, where it was searched for */
};

/*
 * Processes are walked in every scan, and with them the namespaces that a task is in; others are
 * there only for who searched as much.
 */
static void appeared(const struct comparison *c, const struct pair *p)
{
	const struct ns *ns = p->row.ns;

	if (!ns || !c->old_saw_less || ns->nprocs || ns->nthreads || ns->nchildren)
		add(c->h, &p->ref, CHANGE_APPEARED, NULL, c->now);
}

static void vanished(const struct comparison *c, const struct pair *p)
{
	if (!p->row.ns || !c->fresh_saw_less)
		add(c->h, &p->ref, CHANGE_VANISHED, &p->row, c->now);
}

/* Steps through two sorted lists at once. */
static void compare(const struct comparison *c, const struct pair *old, size_t nold,
		    const struct pair *fresh, size_t nfresh)
{
	size_t i = 0, j = 0;

	while (i < nold || j < nfresh) {
		int order = i == nold	  ? 1
			    : j == nfresh ? -1
					  : ref_compare(&old[i].ref, &fresh[j].ref);

		if (order > 0 || (order == 0 && !ref_same(&old[i].ref, &fresh[j].ref)))
			appeared(c, &fresh[j]);
		else if (order < 0)
			vanished(c, &old[i]);
		i += order <= 0;
		j += order >= 0;
	}
}

static int compare_pairs(const void *a, const void *b)
{
	return ref_compare(&((const struct pair *)a)->ref, &((const struct pair *)b)->ref);
}

enum what { NAMESPACES, SETS, SINGLES, LINKS };

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

/* Of both graphs only what was read in whole can be compared. */
static bool has_all_links(const struct graph *g, const struct ns *ns)
{
	const struct net_ns *net = g->net ? net_find(g->net, ns) : NULL;
	const struct net_known *known = net ? &net->parts[NET_PART_LINKS] : NULL;

	return known && fact_is_known(known->fact) && !known->torn && !known->missing;
}

/* The links of g that are in namespaces of which the other graph knows the links too. */
static struct pair *links_of(const struct graph *g, const struct graph *other, size_t *out_n)
{
	struct pair *list = NULL;
	size_t n = 0;

	for (size_t i = 0; i < g->net->n; i++) {
		const struct net_ns *net = g->net->list[i];
		struct view_ref ref = net->ns ? ref_of_ns(net->ns) : (struct view_ref){ 0 };
		const struct ns *twin = net->ns ? ref_find_ns(other, &ref) : NULL;

		if (!twin || !has_all_links(g, net->ns) || !has_all_links(other, twin))
			continue;
		list = reallocarray(list, n + net->nlinks + 1, sizeof(*list));
		if (!list)
			die("out of memory");
		for (size_t k = 0; k < net->nlinks; k++)
			list[n++] = (struct pair){
				ref_of_link(net->links[k]),
				{ .graph = g, .ns = net->ns, .item = net->links[k] }
			};
	}
	*out_n = n;
	if (n)
		qsort(list, n, sizeof(*list), compare_pairs);
	return list;
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

static void compare_all(const struct comparison *c, const struct graph *old,
			const struct graph *fresh, enum what what)
{
	size_t nold, nfresh;
	struct pair *a = what == LINKS ? links_of(old, fresh, &nold) : list_of(old, what, &nold);
	struct pair *b =
		what == LINKS ? links_of(fresh, old, &nfresh) : list_of(fresh, what, &nfresh);

	compare(c, a, nold, b, nfresh);
	free(a);
	free(b);
}

static int compare_entries(const void *a, const void *b)
{
	const struct history_entry *x = a, *y = b;
	int order = ref_compare(&x->ref, &y->ref);

	return order ? order : (x->turn < y->turn) - (x->turn > y->turn);
}

/* The latest of what is told of an object; what came again has not vanished. */
static void keep_latest(struct history *h, int64_t now)
{
	size_t kept = 0;

	if (h->n)
		qsort(h->at, h->n, sizeof(*h->at), compare_entries);
	for (size_t i = 0; i < h->n; i++) {
		bool latest = !kept || ref_compare(&h->at[kept - 1].ref, &h->at[i].ref) != 0;

		/* What is told just now is shown until the next graph in any case. */
		if (latest && (h->at[i].turn == h->turn || now - h->at[i].since < HISTORY_MS))
			h->at[kept++] = h->at[i];
	}
	h->n = kept;
}

static bool is_shown(const struct history *h, const struct graph *g)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->at[i].row.graph == g)
			return true;
	return false;
}

/* What vanished first goes first where there is too much of it. */
static void forget_oldest(struct history *h)
{
	size_t kept = 0;

	for (size_t i = 0; i < h->n; i++)
		if (h->at[i].row.graph != h->old[0])
			h->at[kept++] = h->at[i];
	h->n = kept;
}

static void free_unshown(struct history *h)
{
	size_t kept = 0;

	for (size_t i = 0; i < h->nold; i++)
		if (is_shown(h, h->old[i]))
			h->old[kept++] = h->old[i];
		else
			graph_free(h->old[i]);
	h->nold = kept;
}

static void keep_graph(struct history *h, struct graph *old)
{
	free_unshown(h);
	if (!is_shown(h, old)) {
		graph_free(old);
		return;
	}
	if (h->nold == HISTORY_GRAPHS) {
		forget_oldest(h);
		free_unshown(h);
	}
	h->old[h->nold++] = old;
}

void history_swap(struct history *h, struct graph *old, const struct graph *fresh, bool singles,
		  int64_t now)
{
	struct comparison c = { .h = h, .now = now };

	if (!old)
		return;
	h->turn++;
	c.old_saw_less = fresh->completeness.searched & ~old->completeness.searched;
	c.fresh_saw_less = old->completeness.searched & ~fresh->completeness.searched;
	compare_all(&c, old, fresh, NAMESPACES);
	compare_all(&c, old, fresh, SETS);
	if (singles)
		compare_all(&c, old, fresh, SINGLES);
	if (old->net && fresh->net)
		compare_all(&c, old, fresh, LINKS);
	keep_latest(h, now);
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
