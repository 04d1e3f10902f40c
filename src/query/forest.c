/* SPDX-License-Identifier: MIT */
/*
 * Puts the nodes of a tree into the order in which they are shown: circles cut, pruned to what
 * was selected, parents before children. Every walk is a loop, since a user can nest processes
 * deeper than a stack. Does not know why a node hangs where it does: see forest_grow.c.
 */
#include <assert.h>

#include <nsview/forest.h>

#include "forest_raw.h"

enum { WHITE, GREY, BLACK };

size_t grove_position(const struct graph *g, const struct ns *ns)
{
	size_t low = 0, high = g->nnamespaces;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct ns *at = g->namespaces[mid];
		if (at->type != ns->type ? at->type < ns->type : at->ino < ns->ino)
			low = mid + 1;
		else
			high = mid;
	}
	assert(low < g->nnamespaces && g->namespaces[low] == ns);
	return low;
}

void grove_reserve(struct grove *gr, size_t n)
{
	gr->nodes = arena_alloc(&gr->scratch, n * sizeof(*gr->nodes));
}

struct raw_node *grove_add(struct grove *gr, enum forest_kind kind)
{
	struct raw_node *raw = &gr->nodes[gr->n++];

	raw->node.kind = kind;
	raw->node.parent = raw->first = raw->last_child = raw->next = -1;
	return raw;
}

void grove_mark(struct grove *gr, long node, enum forest_mark mark)
{
	if (gr->nodes[node].mark < mark)
		gr->nodes[node].mark = mark;
}

/* The lowest node of the circle in which at is. */
static long lowest_of_circle(const struct grove *gr, long at)
{
	long lowest = at;

	for (long k = gr->nodes[at].node.parent; k != at; k = gr->nodes[k].node.parent)
		lowest = k < lowest ? k : lowest;
	return lowest;
}

static void cut_off(struct forest_node *node)
{
	node->parent = -1;
	node->differs = 0;
}

/* Climbs from each node to one that was met before; in the same climb, that is a circle. */
static void cut_circles(struct grove *gr)
{
	for (size_t i = 0; i < gr->n; i++) {
		long at = (long)i, lowest = -1;

		for (; at >= 0 && gr->nodes[at].color == WHITE; at = gr->nodes[at].node.parent)
			gr->nodes[at].color = GREY;
		if (at >= 0 && gr->nodes[at].color == GREY)
			lowest = lowest_of_circle(gr, at);
		/* Before the cut, behind which the rest of the climb would stay grey. */
		for (at = (long)i; at >= 0 && gr->nodes[at].color == GREY;
		     at = gr->nodes[at].node.parent)
			gr->nodes[at].color = BLACK;
		if (lowest >= 0)
			cut_off(&gr->nodes[lowest].node);
	}
}

/* Ancestors of what is kept are kept too; each is climbed to once. */
static void mark_ancestors(struct grove *gr)
{
	for (size_t i = 0; i < gr->n; i++) {
		long at = (long)i;

		if (gr->nodes[i].mark == MARK_NONE)
			continue;
		while ((at = gr->nodes[at].node.parent) >= 0 && gr->nodes[at].mark == MARK_NONE)
			gr->nodes[at].mark = MARK_KEPT;
	}
}

/* Lists each node's children; the roots hang under the extra last node. */
static void link_children(struct grove *gr)
{
	long top = (long)gr->n;

	gr->nodes[top].first = gr->nodes[top].last_child = gr->nodes[top].next = -1;
	for (long i = 0; i < top; i++) {
		long parent = gr->nodes[i].node.parent;
		struct raw_node *above = &gr->nodes[parent < 0 ? top : parent];

		if (above->last_child < 0)
			above->first = i;
		else
			gr->nodes[above->last_child].next = i;
		above->last_child = i;
	}
}

/* The node after at, in the order of a walk that goes down first; -1 at the end. */
static long walk_next(const struct grove *gr, long at, bool down)
{
	if (down && gr->nodes[at].first >= 0)
		return gr->nodes[at].first;
	while (at >= 0 && gr->nodes[at].next < 0)
		at = gr->nodes[at].node.parent;
	return at < 0 ? -1 : gr->nodes[at].next;
}

/* Copies what is shown, in order. place: where a raw node went. */
static void lay_out(struct grove *gr, struct forest *f)
{
	long *place = arena_alloc(&gr->scratch, (gr->n + 1) * sizeof(*place));
	bool *below = arena_alloc(&gr->scratch, gr->n + 1);
	long at = gr->nodes[gr->n].first;

	while (at >= 0) {
		struct raw_node *raw = &gr->nodes[at];
		long above = raw->node.parent;
		long parent = above < 0 ? -1 : place[above];
		bool inherited = parent >= 0 && below[parent];
		bool shown = raw->mark != MARK_NONE || inherited;

		if (shown) {
			struct forest_node *node = &f->nodes[f->n];

			*node = raw->node;
			node->parent = parent;
			node->depth = parent < 0 ? 0 : f->nodes[parent].depth + 1;
			below[f->n] = raw->mark == MARK_BELOW || inherited;
			place[at] = (long)f->n++;
		}
		/* What is below a hidden node is hidden: a kept node keeps its ancestors. */
		at = walk_next(gr, at, shown);
	}
}

/* From the end: the first child met of each parent is its last one. */
static void mark_last(struct forest *f)
{
	bool root_met = false;

	for (size_t i = f->n; i-- > 0;) {
		struct forest_node *node = &f->nodes[i];
		bool *met = node->parent < 0 ? &root_met : &f->nodes[node->parent].has_children;

		node->last = !*met;
		*met = true;
	}
}

static void choose_namespaces(struct grove *gr)
{
	gr->chosen = arena_alloc(&gr->scratch, gr->g->nnamespaces + 1);
	for (size_t i = 0; i < gr->sel->nnamespaces; i++)
		gr->chosen[grove_position(gr->g, gr->sel->namespaces[i])] = true;
}

void forest_build(struct forest *f, const struct graph *g, enum tree_by by,
		  const struct tree_selection *sel)
{
	static void (*const growers[])(struct grove *) = {
		[TREE_USER] = grow_by_user,
		[TREE_PID] = grow_by_pid,
		[TREE_PROCESS] = grow_by_process,
	};
	static const struct tree_selection everything = { 0 };
	struct grove gr = { .g = g, .sel = sel ? sel : &everything, .keep = &f->arena };

	*f = (struct forest){ .arena = ARENA_INIT };
	choose_namespaces(&gr);
	growers[by](&gr);
	if (!gr.sel->nnamespaces && !gr.sel->nprocesses)
		for (size_t i = 0; i < gr.n; i++)
			gr.nodes[i].mark = MARK_BELOW;
	cut_circles(&gr);
	mark_ancestors(&gr);
	link_children(&gr);
	f->nodes = arena_alloc(&f->arena, (gr.n + 1) * sizeof(*f->nodes));
	lay_out(&gr, f);
	mark_last(f);
	arena_release(&gr.scratch);
}

void forest_release(struct forest *f)
{
	arena_release(&f->arena);
	*f = (struct forest){ .arena = ARENA_INIT };
}
