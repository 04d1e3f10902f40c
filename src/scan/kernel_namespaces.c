/* SPDX-License-Identifier: MIT */
/*
 * What the kernel's own lists of namespaces add to a graph of its tasks: owners, parents and
 * reference counts, the namespaces that no task leads to, and how many there are in all. Knows
 * nothing of how the lists are read.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ancestors.h"
#include "kernel_internal.h"

static int compare_id(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* A sorted copy. */
static uint64_t *sort_before(const struct kernel_read *read)
{
	uint64_t *ids = malloc((read->nbefore + 1) * sizeof(*ids));

	if (!ids)
		die("out of memory");
	if (read->nbefore) {
		memcpy(ids, read->before, read->nbefore * sizeof(*ids));
		qsort(ids, read->nbefore, sizeof(*ids), compare_id);
	}
	return ids;
}

/* It can be opened by its id, though nothing leads there. */
static void keep_id(struct graph *g, struct ns *ns, const struct ns_record *r)
{
	if (!r->id)
		return;
	if (!ns->facts)
		ns->facts = arena_alloc(&g->arena, sizeof(*ns->facts));
	ns->facts->id = (struct fact_num){ fact_known(), r->id };
}

/* Records of the namespaces that were there from the first task looked at to the last. */
struct lasting {
	const struct ns_record **at;
	size_t n;
};

static void find_lasting(const struct kernel_source *k, struct lasting *out)
{
	uint64_t *before = sort_before(&k->read);

	out->at = malloc((k->read.nnamespaces + 1) * sizeof(struct ns_record *));
	if (!out->at)
		die("out of memory");
	for (size_t i = 0; i < k->read.nnamespaces; i++) {
		const struct ns_record *r = &k->read.namespaces[i];

		if (r->type < NS_TYPES && r->ino &&
		    bsearch(&r->id, before, k->read.nbefore, sizeof(*before), compare_id))
			out->at[out->n++] = r;
	}
	free(before);
}

/*
 * Namespaces that no task led to: of one that lasted, no task was missed; one made meanwhile may
 * well have one whose turn had passed. Below the initial pid namespace there are tasks that we do
 * not see, so that nothing is claimed.
 */
static void add_hidden(const struct kernel_source *k, const struct lasting *lasting,
		       struct graph *g)
{
	if (k->read.counters.level || k->read.counters.cut)
		return;
	for (size_t i = 0; i < lasting->n; i++) {
		const struct ns_record *r = lasting->at[i];

		if (!graph_find(g, (enum ns_type)r->type, r->ino))
			keep_id(g, graph_add(g, (enum ns_type)r->type, r->ino), r);
	}
}

static void count_total(const struct kernel_source *k, const struct lasting *lasting,
			struct graph *g)
{
	struct completeness *c = &g->completeness;

	if (k->read.counters.layout <= LISTS_NET || k->read.counters.cut)
		return;
	c->kernel_total = (struct fact_num){ fact_known(), lasting->n };
	c->kernel_hidden = 0;
	for (size_t i = 0; i < lasting->n; i++)
		c->kernel_hidden +=
			!graph_find(g, (enum ns_type)lasting->at[i]->type, lasting->at[i]->ino);
}

/* As the ioctls answer: nothing above our own pid namespace, and nothing above the top. */
static struct ancestors edges_of(const struct graph *g, const struct ns *ns,
				 const struct ns_record *r)
{
	struct ancestors a = { .owner = r->owner, .parent = r->parent };

	if (ns == g->self[NS_PID])
		a.parent = 0;
	a.owner_error = a.owner ? 0 : -EPERM;
	a.parent_error = a.parent ? 0 : -EPERM;
	return a;
}

/* Grows while it is walked, by the owners and parents that nothing else led to. */
void kernel_add_edges(const struct kernel_source *k, struct graph *g)
{
	for (size_t i = 0; i < g->nnamespaces; i++) {
		struct ns *ns = g->namespaces[i];
		const struct kernel_entry *e = kernel_table_find(&k->table, ns->type, ns->ino);

		if (!e || !e->record)
			continue;
		if (e->record->refs != UINT32_MAX)
			ns->refs = (struct fact_num){ fact_known(), e->record->refs };
		if (ns->owner_fact.state == FACT_UNREAD) {
			struct ancestors a = edges_of(g, ns, e->record);

			ancestors_apply(g, ns, &a);
		}
	}
}

/* Whether a nsproxy is met for the first time. slots: a power of two, more than there are. */
static bool first_met(uint64_t *slots, size_t cap, uint64_t proxy)
{
	size_t at = (proxy * 0x9e3779b97f4a7c15ULL >> 32) & (cap - 1);

	while (slots[at] && slots[at] != proxy)
		at = (at + 1) & (cap - 1);
	if (slots[at])
		return false;
	slots[at] = proxy;
	return true;
}

/* Each pointer in a nsproxy is one reference, however many tasks share it. */
static void count_proxy(struct graph *g, const struct task_record *r)
{
	for (int link = 0; link < NS_LINKS; link++) {
		struct ns *ns = NULL;

		if (link != NS_PID && link != NS_USER)
			ns = graph_find(g, ns_links[link].type, r->link[link].ino);
		if (ns)
			ns->task_refs.num++;
	}
}

/* Below the initial pid namespace there are tasks that are not seen, and that hold some as well. */
static void count_task_refs(const struct kernel_source *k, struct graph *g)
{
	size_t cap = 64;
	uint64_t *slots;

	if (k->read.counters.level)
		return;
	while (cap < k->read.ntasks * 2)
		cap *= 2;
	slots = calloc(cap, sizeof(*slots));
	if (!slots)
		die("out of memory");
	for (size_t i = 0; i < k->read.ntasks; i++) {
		const struct task_record *r = &k->read.tasks[i];

		if (!(r->flags & (TASK_EXITED | TASK_AMISS)) && r->proxy &&
		    first_met(slots, cap, r->proxy))
			count_proxy(g, r);
	}
	free(slots);
	for (size_t i = 0; i < g->nnamespaces; i++) {
		struct ns *ns = g->namespaces[i];

		if (ns->type != NS_USER && ns->type != NS_PID)
			ns->task_refs.fact = ns->refs.fact;
	}
}

void kernel_source_namespaces(struct scan *s, struct graph *g)
{
	const struct kernel_source *k = s->kernel;
	struct lasting lasting = { 0 };

	if (!k || k->graph != g)
		return;
	find_lasting(k, &lasting);
	add_hidden(k, &lasting, g);
	kernel_add_edges(k, g);
	count_task_refs(k, g);
	free(lasting.at);
	g->completeness.searched |= 1 << SOURCE_KERNEL_LISTS;
}

void kernel_source_count(struct scan *s, struct graph *g)
{
	const struct kernel_source *k = s->kernel;
	struct lasting lasting = { 0 };

	if (!k || k->graph != g)
		return;
	find_lasting(k, &lasting);
	count_total(k, &lasting, g);
	free(lasting.at);
}
