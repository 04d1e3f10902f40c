/* SPDX-License-Identifier: MIT */
/*
 * Names of objects that outlive a graph. A number alone may be another object's in the next graph,
 * since inode numbers and pids are used again: what never is (the kernel's id, the start time) is
 * compared wherever both sides know it. Knows nothing of rows.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/grow.h>
#include <nsview/net.h>

#include "view_ref.h"

struct view_ref ref_of_ns(const struct ns *ns)
{
	bool known = ns->facts && fact_is_known(ns->facts->id.fact);

	return (struct view_ref){ .kind = REF_NS,
				  .type = ns->type,
				  .num = ns->ino,
				  .life = known ? ns->facts->id.num : 0 };
}

struct view_ref ref_of_process(const struct process *p)
{
	bool known = p->facts && fact_is_known(p->facts->start.fact);

	return (struct view_ref){ .kind = REF_PROCESS,
				  .num = (uint64_t)p->pid,
				  .life = known ? p->facts->start.num : 0 };
}

/* FNV-1a over the inode numbers: a set has no number of its own. */
struct view_ref ref_of_set(const struct nsset *set)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (int type = 0; type < NS_TYPES; type++)
		for (int shift = 0; shift < 64; shift += 8) {
			hash ^= (set->ns[type] ? set->ns[type]->ino : 0) >> shift & 0xff;
			hash *= UINT64_C(1099511628211);
		}
	return (struct view_ref){ .kind = REF_SET, .num = hash };
}

struct view_ref ref_of_link(const struct net_link *link)
{
	struct view_ref ref = ref_of_ns(link->net->ns);

	ref.kind = REF_LINK;
	ref.index = link->index;
	return ref;
}

int ref_compare(const struct view_ref *a, const struct view_ref *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->type != b->type)
		return a->type < b->type ? -1 : 1;
	if (a->num != b->num)
		return a->num < b->num ? -1 : 1;
	if (a->index != b->index)
		return a->index < b->index ? -1 : 1;
	return (a->wire > b->wire) - (a->wire < b->wire);
}

bool ref_same(const struct view_ref *a, const struct view_ref *b)
{
	return ref_compare(a, b) == 0 && (!a->life || !b->life || a->life == b->life);
}

struct ns *ref_find_ns(const struct graph *g, const struct view_ref *ref)
{
	struct ns *ns = ref->kind == REF_NS ? graph_find(g, ref->type, ref->num) : NULL;
	struct view_ref found;

	if (!ns)
		return NULL;
	found = ref_of_ns(ns);
	return ref_same(&found, ref) ? ns : NULL;
}

static struct process *find_set(const struct graph *g, const struct view_ref *ref)
{
	struct process *found = NULL;

	for (size_t i = 0; i < g->nsets; i++) {
		struct view_ref set = ref_of_set(g->sets[i]);

		if (set.num == ref->num && g->sets[i]->first &&
		    (!found || g->sets[i]->first->pid < found->pid))
			found = g->sets[i]->first;
	}
	return found;
}

struct process *ref_find_process(const struct graph *g, const struct view_ref *ref)
{
	struct process *p;
	struct view_ref found;

	if (ref->kind == REF_SET)
		return find_set(g, ref);
	p = ref->kind == REF_PROCESS ? graph_process(g, (pid_t)ref->num) : NULL;
	if (!p)
		return NULL;
	found = ref_of_process(p);
	return ref_same(&found, ref) ? p : NULL;
}

struct ns *ref_find_place(const struct graph *g, const struct view_ref *ref)
{
	struct view_ref place = *ref;

	if (ref->kind == REF_LINK)
		place = (struct view_ref){
			.kind = REF_NS, .type = NS_NET, .num = ref->num, .life = ref->life
		};
	return ref_find_ns(g, &place);
}

const struct net_link *ref_find_link(const struct graph *g, const struct view_ref *ref)
{
	const struct ns *ns = ref->kind == REF_LINK ? ref_find_place(g, ref) : NULL;
	const struct net_ns *net = ns && g->net ? net_find(g->net, ns) : NULL;

	return net ? net_ns_link(net, ref->index) : NULL;
}

static void put(const struct view_ref *ref, const struct graph *g, const char *open,
		const char *close, struct buffer *out)
{
	const struct process *p;

	if (ref->kind == REF_NS || ref->kind == REF_LINK) {
		buffer_printf(out, "%s:%s%" PRIu64 "%s", ns_types[ref->type].name, open, ref->num,
			      close);
		return;
	}
	p = g ? ref_find_process(g, ref) : NULL;
	if (p || ref->kind == REF_PROCESS)
		buffer_printf(out, "%" PRIu64, p ? (uint64_t)p->pid : ref->num);
}

void ref_target(const struct view_ref *ref, const struct graph *g, struct buffer *out)
{
	put(ref, g, "", "", out);
}

void ref_name(const struct view_ref *ref, const struct graph *g, struct buffer *out)
{
	if (ref->kind == REF_LINK)
		buffer_printf(out, "link %u of ", (unsigned)ref->index);
	put(ref, g, "[", "]", out);
}

void ref_list_release(struct ref_list *l)
{
	free(l->at);
	*l = (struct ref_list){ 0 };
}

/* Where it is, or where it would be put. */
static size_t place(const struct ref_list *l, const struct view_ref *ref)
{
	size_t low = 0, high = l->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (ref_compare(&l->at[mid], ref) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

bool ref_list_has(const struct ref_list *l, const struct view_ref *ref)
{
	size_t at = place(l, ref);

	return at < l->n && ref_same(&l->at[at], ref);
}

void ref_list_put(struct ref_list *l, const struct view_ref *ref, bool in)
{
	size_t at = place(l, ref);
	bool there = at < l->n && ref_compare(&l->at[at], ref) == 0;

	if (!in && there) {
		memmove(&l->at[at], &l->at[at + 1], (--l->n - at) * sizeof(*l->at));
	} else if (in && there) {
		l->at[at] = *ref;
	} else if (in) {
		l->at = grow(l->at, l->n, &l->cap, sizeof(*l->at));
		memmove(&l->at[at + 1], &l->at[at], (l->n++ - at) * sizeof(*l->at));
		l->at[at] = *ref;
	}
}

void ref_list_copy(struct ref_list *to, const struct ref_list *from)
{
	to->n = 0;
	for (size_t i = 0; i < from->n; i++)
		ref_list_put(to, &from->at[i], true);
}

bool ref_list_same(const struct ref_list *a, const struct ref_list *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!ref_same(&a->at[i], &b->at[i]))
			return false;
	return true;
}
