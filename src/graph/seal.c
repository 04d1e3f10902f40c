/* SPDX-License-Identifier: MIT */
/*
 * Derives from the nodes and edges of a graph what everything else reads: the order, the counts,
 * who leads a namespace and by what it can be reached. May run again when edges were added.
 */
#include <stdlib.h>
#include <string.h>

#include <nsview/error.h>
#include <nsview/graph.h>

static int compare_ns(const void *a, const void *b)
{
	const struct ns *x = *(struct ns *const *)a, *y = *(struct ns *const *)b;

	if (x->type != y->type)
		return x->type < y->type ? -1 : 1;
	return x->ino < y->ino ? -1 : x->ino > y->ino;
}

static int compare_process(const void *a, const void *b)
{
	const struct process *x = *(struct process *const *)a, *y = *(struct process *const *)b;

	return x->pid < y->pid ? -1 : x->pid > y->pid;
}

static pid_t holder_pid(const struct holder *h)
{
	return h->process ? h->process->pid : 0;
}

static int compare_holder(const void *a, const void *b)
{
	const struct holder *x = *(struct holder *const *)a, *y = *(struct holder *const *)b;
	uint64_t xm = x->mnt ? x->mnt->ino : 0, ym = y->mnt ? y->mnt->ino : 0;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (xm != ym)
		return xm < ym ? -1 : 1;
	if (holder_pid(x) != holder_pid(y))
		return holder_pid(x) < holder_pid(y) ? -1 : 1;
	if (x->tid != y->tid)
		return x->tid < y->tid ? -1 : 1;
	if (x->fd != y->fd)
		return x->fd < y->fd ? -1 : 1;
	if (x->reason != y->reason)
		return x->reason < y->reason ? -1 : 1;
	return strcmp(x->path ? x->path : "", y->path ? y->path : "");
}

static void sort_holders(struct ns *ns)
{
	struct holder **list;
	size_t n = 0;

	if (ns->nholders < 2)
		return;
	list = malloc(ns->nholders * sizeof(struct holder *));
	if (!list)
		die("out of memory");
	for (struct holder *h = ns->holders; h; h = h->next)
		list[n++] = h;
	qsort(list, n, sizeof(struct holder *), compare_holder);
	ns->holders = list[0];
	for (size_t i = 0; i < n; i++)
		list[i]->next = i + 1 < n ? list[i + 1] : NULL;
	free(list);
}

static void reset(struct graph *g)
{
	for (size_t i = 0; i < g->nnamespaces; i++) {
		struct ns *ns = g->namespaces[i];

		ns->nprocs = ns->nthreads = ns->nchildren = ns->nowned = ns->nsubs = 0;
		ns->lead = ns->via = NULL;
		ns->via_tid = 0;
	}
	for (size_t i = 0; i < g->nsets; i++) {
		g->sets[i]->nprocs = 0;
		g->sets[i]->first = NULL;
	}
}

static void fill_sets(struct graph *g)
{
	/* From the end, so that each set's list rises by pid. */
	for (size_t i = g->nprocesses; i-- > 0;) {
		struct process *p = g->processes[i];

		p->next_in_set = p->set->first;
		p->set->first = p;
		p->set->nprocs++;
	}
}

static void offer_via(struct ns *ns, struct process *p, pid_t tid, enum ns_link link)
{
	/* A task's own link first, a *_for_children one where there is nothing better. */
	if (ns->via && ((int)ns->via_link < NS_TYPES || (int)link >= NS_TYPES))
		return;
	ns->via = p;
	ns->via_tid = tid;
	ns->via_link = link;
}

static void count_set(struct nsset *set)
{
	for (int link = 0; link < NS_LINKS; link++) {
		struct ns *ns = set->ns[link];

		if (!ns || !set->first)
			continue;
		if (link >= NS_TYPES) {
			if (ns == set->ns[ns_links[link].type])
				continue;
			ns->nchildren += set->nprocs;
			offer_via(ns, set->first, 0, (enum ns_link)link);
			continue;
		}
		ns->nprocs += set->nprocs;
		if (!ns->lead || set->first->pid < ns->lead->pid)
			ns->lead = set->first;
	}
}

static void count_thread(const struct thread *t)
{
	for (int link = 0; link < NS_LINKS; link++) {
		struct ns *ns = t->ns[link];

		if (!ns || ns == t->process->set->ns[link])
			continue;
		if (link < NS_TYPES)
			ns->nthreads++;
		else if (ns != t->ns[ns_links[link].type])
			ns->nchildren++;
		else
			continue;
		offer_via(ns, t->process, t->tid, (enum ns_link)link);
	}
}

static void count_edges(struct graph *g)
{
	for (size_t i = 0; i < g->nnamespaces; i++) {
		struct ns *ns = g->namespaces[i];

		if (ns->lead) {
			ns->via = ns->lead;
			ns->via_tid = 0;
			ns->via_link = (enum ns_link)ns->type;
		}
		if (ns->owner)
			ns->owner->nowned++;
		if (ns->parent)
			ns->parent->nsubs++;
		if (ns_is_initial(ns->type, ns->ino))
			ns->initial = true;
		if (ns->initial)
			g->host[ns->type] = ns;
		sort_holders(ns);
	}
}

void graph_seal(struct graph *g)
{
	if (g->nnamespaces)
		qsort(g->namespaces, g->nnamespaces, sizeof(struct ns *), compare_ns);
	if (g->nprocesses)
		qsort(g->processes, g->nprocesses, sizeof(struct process *), compare_process);
	reset(g);
	fill_sets(g);
	for (size_t i = 0; i < g->nsets; i++)
		count_set(g->sets[i]);
	for (size_t i = 0; i < g->nprocesses; i++)
		for (const struct thread *t = g->processes[i]->threads; t; t = t->next)
			count_thread(t);
	count_edges(g);
}
