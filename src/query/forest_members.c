/* SPDX-License-Identifier: MIT */
/*
 * The two trees that hold processes: pid namespaces with the distinct namespace sets inside, and
 * the process tree. Both say in which namespaces a process differs from the one it is measured
 * against. Knows members and parents; does not know in which order a tree is shown, nor how.
 */
#include <stdlib.h>

#include <nsview/forest.h>

#include "forest_raw.h"

/* Processes that share all eight namespaces; what they have for their children does not count. */
struct gathering {
	const struct nsset *set;
	const struct process *first;
	uint32_t nprocs;
};

static unsigned set_differs(const struct nsset *set, const struct nsset *from)
{
	unsigned differs = 0;

	for (int type = 0; type < NS_TYPES; type++)
		if (set->ns[type] && from->ns[type] && set->ns[type] != from->ns[type])
			differs |= 1u << type;
	return differs;
}

static int compare_members(const void *a, const void *b)
{
	const struct gathering *x = a, *y = b;

	for (int type = 0; type < NS_TYPES; type++) {
		uint64_t xi = x->set->ns[type] ? x->set->ns[type]->ino : 0;
		uint64_t yi = y->set->ns[type] ? y->set->ns[type]->ino : 0;
		if (xi != yi)
			return xi < yi ? -1 : 1;
	}
	return 0;
}

static int compare_first(const void *a, const void *b)
{
	const struct gathering *x = a, *y = b;

	return x->first->pid < y->first->pid ? -1 : x->first->pid > y->first->pid;
}

/* Merges neighbours that are equal; returns how many are left, by rising pid. */
static size_t merge_gatherings(struct gathering *list, size_t n)
{
	size_t used = 0;

	if (!n)
		return 0;
	qsort(list, n, sizeof(*list), compare_members);
	for (size_t i = 1; i < n; i++) {
		struct gathering *last = &list[used];

		if (compare_members(last, &list[i]) != 0) {
			list[++used] = list[i];
			continue;
		}
		last->nprocs += list[i].nprocs;
		if (list[i].first->pid < last->first->pid)
			last->first = list[i].first;
	}
	qsort(list, used + 1, sizeof(*list), compare_first);
	return used + 1;
}

static size_t gather(struct grove *gr, struct gathering **out)
{
	const struct graph *g = gr->g;
	struct gathering *list = arena_alloc(&gr->scratch, (g->nsets + 1) * sizeof(*list));
	size_t n = 0;

	for (size_t i = 0; i < g->nsets; i++) {
		const struct nsset *set = g->sets[i];

		/* What a zombie has left is no set of its own. */
		if (set->first && set->ns[NS_PID] && !set->first->zombie)
			list[n++] = (struct gathering){ set, set->first, set->nprocs };
	}
	*out = list;
	return merge_gatherings(list, n);
}

static bool set_is_chosen(const struct grove *gr, const struct nsset *set)
{
	for (int type = 0; type < NS_TYPES; type++)
		if (set->ns[type] && gr->chosen[grove_position(gr->g, set->ns[type])])
			return true;
	return false;
}

static void add_gatherings(struct grove *gr, struct gathering *list, size_t n)
{
	const struct graph *g = gr->g;
	const struct nsset **lead = arena_alloc(&gr->scratch, (g->nnamespaces + 1) * sizeof(*lead));

	for (size_t i = 0; i < n; i++) {
		struct raw_node *raw = grove_add(gr, FOREST_PROCESS);
		size_t at = grove_position(g, list[i].set->ns[NS_PID]);

		if (!lead[at])
			lead[at] = list[i].set;
		raw->node.process = list[i].first;
		raw->node.nprocs = list[i].nprocs;
		raw->node.differs = set_differs(list[i].set, lead[at]);
		if (set_is_chosen(gr, list[i].set))
			raw->mark = MARK_BELOW;
	}
}

/* A process is told by the first one of those that share its namespaces. */
static void mark_gatherings(struct grove *gr, size_t n)
{
	bool *done = arena_alloc(&gr->scratch, gr->g->nsets + 1);

	for (size_t i = 0; i < gr->sel->nprocesses; i++) {
		const struct gathering want = { gr->sel->processes[i]->set, NULL, 0 };

		for (size_t k = 0; k < n && !done[want.set->index]; k++) {
			const struct gathering at = { gr->nodes[k].node.process->set, NULL, 0 };

			if (compare_members(&want, &at) == 0)
				grove_mark(gr, (long)k, MARK_KEPT);
		}
		done[want.set->index] = true;
	}
}

static void add_pidns(struct grove *gr, long *node)
{
	const struct graph *g = gr->g;

	for (size_t i = 0; i < g->nnamespaces; i++) {
		const struct ns *ns = g->namespaces[i];
		struct raw_node *raw;

		if (ns->type != NS_PID)
			continue;
		node[i] = (long)gr->n;
		raw = grove_add(gr, FOREST_NS);
		raw->node.ns = ns;
		raw->mark = gr->chosen[i] ? MARK_BELOW : MARK_NONE;
	}
}

static long pidns_above(struct grove *gr, const long *node, const struct ns *ns, long *unseen)
{
	if (ns->parent)
		return node[grove_position(gr->g, ns->parent)];
	if (ns->initial || ns->parent_fact.state == FACT_NONE)
		return -1;
	if (*unseen < 0) {
		*unseen = (long)gr->n;
		grove_add(gr, FOREST_UNSEEN)->node.why = ns->parent_fact;
	}
	return *unseen;
}

/* A zombie has no gathering, but it is in its pid namespace. */
static void mark_pidns(struct grove *gr, const long *node)
{
	for (size_t i = 0; i < gr->sel->nprocesses; i++) {
		const struct ns *ns = gr->sel->processes[i]->set->ns[NS_PID];

		if (ns)
			grove_mark(gr, node[grove_position(gr->g, ns)], MARK_KEPT);
	}
}

static const struct ns *pidns_of(const struct raw_node *raw)
{
	return raw->node.process->set->ns[NS_PID];
}

void grow_by_pid(struct grove *gr)
{
	const struct graph *g = gr->g;
	long *node = arena_alloc(&gr->scratch, (g->nnamespaces + 1) * sizeof(*node));
	struct gathering *list;
	long unseen = -1;
	size_t n = gather(gr, &list), all;

	grove_reserve(gr, n + g->nnamespaces + 2);
	add_gatherings(gr, list, n);
	mark_gatherings(gr, n);
	add_pidns(gr, node);
	mark_pidns(gr, node);
	all = gr->n;
	for (size_t i = 0; i < all; i++) {
		struct raw_node *raw = &gr->nodes[i];

		raw->node.parent = i < n ? node[grove_position(g, pidns_of(raw))]
					 : pidns_above(gr, node, raw->node.ns, &unseen);
	}
}

/* Position of a pid in the graph, -1 where it was not seen. */
static long process_position(const struct graph *g, uint64_t pid)
{
	size_t low = 0, high = g->nprocesses;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if ((uint64_t)g->processes[mid]->pid < pid)
			low = mid + 1;
		else
			high = mid;
	}
	return low < g->nprocesses && (uint64_t)g->processes[low]->pid == pid ? (long)low : -1;
}

static void mark_processes(struct grove *gr)
{
	const struct graph *g = gr->g;

	for (size_t i = 0; i < gr->sel->nprocesses; i++)
		grove_mark(gr, process_position(g, (uint64_t)gr->sel->processes[i]->pid),
			   MARK_BELOW);
	for (size_t i = 0; i < g->nsets && gr->sel->nnamespaces; i++) {
		const struct nsset *set = g->sets[i];

		if (!set_is_chosen(gr, set))
			continue;
		for (const struct process *p = set->first; p; p = p->next_in_set)
			grove_mark(gr, process_position(g, (uint64_t)p->pid), MARK_BELOW);
	}
}

void grow_by_process(struct grove *gr)
{
	const struct graph *g = gr->g;

	grove_reserve(gr, g->nprocesses + 1);
	for (size_t i = 0; i < g->nprocesses; i++) {
		const struct process *p = g->processes[i];
		struct forest_node *node = &grove_add(gr, FOREST_PROCESS)->node;

		node->process = p;
		node->nprocs = 1;
		if (!p->facts || !fact_is_known(p->facts->ppid.fact))
			continue;
		node->parent = process_position(g, p->facts->ppid.num);
		if (node->parent >= 0)
			node->differs = set_differs(p->set, g->processes[node->parent]->set);
	}
	mark_processes(gr);
}
