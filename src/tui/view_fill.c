/* SPDX-License-Identifier: MIT */
/*
 * What the lists are made of: namespaces one by one, namespaces under who owns or contains them,
 * and sets of processes with their members. Graph in, items out; whether they are shown, and in
 * which order, is the list's business.
 */
#include <stdlib.h>
#include <string.h>

#include <nsview/error.h>
#include <nsview/forest.h>
#include <nsview/leak.h>

#include "view_list.h"

static void add_ns(struct list *l, const struct graph *g, const struct history *h,
		   const struct ns *ns, long parent)
{
	const struct view_ref ref = ref_of_ns(ns);
	struct item *item = list_add(l, &ref, &(struct row){ .graph = g, .ns = ns }, parent);

	item->change = history_of(h, &ref);
	item->leaked = leak_is_seen(g, ns);
}

static void fill_namespaces(struct list *l, const struct graph *g, const struct history *h)
{
	for (size_t i = 0; i < g->nnamespaces; i++)
		add_ns(l, g, h, g->namespaces[i], -1);
	for (size_t i = 0; i < h->n; i++)
		if (h->at[i].ref.kind == REF_NS && h->at[i].row.ns)
			list_add(l, &h->at[i].ref, &h->at[i].row, -1)->change = CHANGE_VANISHED;
}

static void add_note(struct list *l, const struct forest_node *node)
{
	struct buffer text = BUFFER_INIT;

	buffer_printf(&text, "owner not visible (%s)", fact_why(node->why));
	list_add(l, &(struct view_ref){ 0 }, &(struct row){ 0 }, -1)->note =
		arena_copy(&l->arena, text.data, text.len);
	buffer_release(&text);
}

static long find_item(const struct list *l, const struct ns *ns)
{
	for (size_t i = 0; ns && i < l->nitems; i++)
		if (l->items[i].row.ns == ns)
			return (long)i;
	return -1;
}

/* Under what its owner or parent is now, if that is still there. */
static void add_vanished(struct list *l, const struct graph *g, const struct history_entry *e)
{
	const struct ns *above = e->row.ns->parent ? e->row.ns->parent : e->row.ns->owner;
	struct view_ref ref = above ? ref_of_ns(above) : (struct view_ref){ 0 };
	long parent = find_item(l, ref_find_ns(g, &ref));

	list_add(l, &e->ref, &e->row, parent)->change = CHANGE_VANISHED;
}

static void fill_ownership(struct list *l, const struct graph *g, const struct history *h)
{
	struct forest forest;
	long *place;

	forest_build(&forest, g, TREE_USER, NULL);
	place = calloc(forest.n + 1, sizeof(*place));
	if (!place)
		die("out of memory");
	for (size_t i = 0; i < forest.n; i++) {
		const struct forest_node *node = &forest.nodes[i];

		place[i] = (long)l->nitems;
		if (node->kind == FOREST_UNSEEN)
			add_note(l, node);
		else
			add_ns(l, g, h, node->ns, node->parent < 0 ? -1 : place[node->parent]);
		for (size_t k = 0; k < node->nwith; k++)
			add_ns(l, g, h, node->with[k], place[i]);
	}
	for (size_t i = 0; i < h->n; i++)
		if (h->at[i].ref.kind == REF_NS && h->at[i].row.ns)
			add_vanished(l, g, &h->at[i]);
	free(place);
	forest_release(&forest);
}

static void add_single(struct list *l, const struct history *h, const struct row *row,
		       enum change change, long parent)
{
	const struct view_ref ref = ref_of_process(row->process);
	struct item *item = list_add(l, &ref, row, parent);

	item->single = true;
	item->change = change == CHANGE_NONE ? history_of(h, &ref) : change;
}

/* The members of all sets that are open, in one walk. at: by row of the matrix, its item or -1. */
static void add_singles(struct list *l, const struct graph *g, const struct history *h,
			const long *at)
{
	for (size_t i = 0; i < g->nprocesses; i++) {
		const struct process *p = g->processes[i];
		const struct matrix_row *set = matrix_find(&l->matrix, p);

		if (set && at[set - l->matrix.rows] >= 0)
			add_single(l, h, &(struct row){ .graph = g, .process = p }, CHANGE_NONE,
				   at[set - l->matrix.rows]);
	}
}

/* Under its set, as long as that is there and open. */
static void add_vanished_single(struct list *l, const struct history *h,
				const struct history_entry *e)
{
	const struct view_ref set = ref_of_set(e->row.process->set);

	for (size_t i = 0; i < l->matrix.n && ref_list_has(&l->toggled, &set); i++)
		if (ref_same(&l->items[i].ref, &set)) {
			add_single(l, h, &e->row, CHANGE_VANISHED, (long)i);
			return;
		}
}

static void fill_processes(struct list *l, const struct graph *g, const struct history *h)
{
	long *at;

	matrix_build(&l->matrix, g, g->processes, g->nprocesses, true);
	at = calloc(l->matrix.n + 1, sizeof(*at));
	if (!at)
		die("out of memory");
	for (size_t i = 0; i < l->matrix.n; i++) {
		const struct matrix_row *m = &l->matrix.rows[i];
		const struct view_ref ref = ref_of_set(m->set);
		const struct row row = { .graph = g, .process = m->process, .matrix = &l->matrix };
		struct item *item = list_add(l, &ref, &row, -1);

		item->change = history_of(h, &ref);
		item->branch = true;
		at[i] = l->unfolded || ref_list_has(&l->toggled, &ref) ? (long)i : -1;
	}
	add_singles(l, g, h, at);
	free(at);
	for (size_t i = 0; i < h->n; i++) {
		const struct history_entry *e = &h->at[i];

		if (e->ref.kind == REF_SET && e->row.process)
			list_add(l, &e->ref, &e->row, -1)->change = CHANGE_VANISHED;
		else if (e->ref.kind == REF_PROCESS && e->row.process)
			add_vanished_single(l, h, e);
	}
}

const struct list_kind list_namespaces = {
	.command = "ls",
	.table = &ns_columns,
	.fill = fill_namespaces,
	.other = &list_ownership,
};

const struct list_kind list_ownership = {
	.command = "ls -T",
	.table = &ns_columns,
	.fill = fill_ownership,
	.tree = true,
	.other = &list_namespaces,
};

const struct list_kind list_processes = {
	.command = "ps",
	.table = &process_columns,
	.fill = fill_processes,
	.folded = true,
};
