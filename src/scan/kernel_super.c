/* SPDX-License-Identifier: MIT */
/* The table of file systems that belong to namespaces. Reads nothing itself. */
#include <stdlib.h>
#include <string.h>

#include <nsview/error.h>
#include <nsview/grow.h>

#include "kernel_super.h"

enum { LEVELS_MAX = 64 };

void kernel_supers_add(struct kernel_supers *s, const struct holder_record *r)
{
	s->at = list_room(s->at, s->n, sizeof(*s->at));
	s->at[s->n++] = (struct kernel_super){
		.major = r->major,
		.minor = r->minor,
		.type = (enum ns_type)r->type,
		.ino = r->ino,
		.share = r->share,
		.ought = r->mounts != MOUNTS_INTERNAL,
	};
}

static int compare_device(const struct kernel_super *super, unsigned major, unsigned minor)
{
	if (super->major != major)
		return super->major < major ? -1 : 1;
	return super->minor < minor ? -1 : super->minor > minor;
}

static int compare_super(const void *a, const void *b)
{
	const struct kernel_super *x = a, *y = b;
	int by_device = compare_device(x, y->major, y->minor);

	return by_device ? by_device : (int)x->type - (int)y->type;
}

void kernel_supers_sort(struct kernel_supers *s)
{
	if (s->n)
		qsort(s->at, s->n, sizeof(*s->at), compare_super);
}

void kernel_supers_release(struct kernel_supers *s)
{
	free(s->at);
	*s = (struct kernel_supers){ 0 };
}

struct kernel_super *kernel_super_find(const struct kernel_supers *s, unsigned major,
				       unsigned minor)
{
	size_t begin = 0, end = s->n;

	while (begin < end) {
		size_t middle = begin + (end - begin) / 2;

		if (compare_device(&s->at[middle], major, minor) < 0)
			begin = middle + 1;
		else
			end = middle;
	}
	if (begin < s->n && compare_device(&s->at[begin], major, minor) == 0)
		return &s->at[begin];
	return NULL;
}

struct kernel_super *kernel_super_next(const struct kernel_supers *s, struct kernel_super *super)
{
	struct kernel_super *next = super + 1;

	return next < s->at + s->n && compare_device(next, super->major, super->minor) == 0 ? next
											    : NULL;
}

void kernel_supers_saw(struct kernel_supers *s, const struct holder_record *r)
{
	struct kernel_super *super = kernel_super_find(s, r->major, r->minor);

	for (; super; super = kernel_super_next(s, super))
		super->seen |= super->share == r->share;
}

static bool is_within(const struct ns *ns, uint64_t ino)
{
	for (int i = 0; ns && i < LEVELS_MAX; i++, ns = ns->parent)
		if (ns->ino == ino)
			return true;
	return false;
}

static void tell(struct graph *g, const struct kernel_super *super, const char *path,
		 struct process *p, struct ns *mnt)
{
	struct holder *h = graph_add_holder(g, graph_add(g, super->type, super->ino), HOLD_MOUNT, p,
					    0, -1, path, mnt);

	h->reason = super->type == NS_PID ? REASON_PROCFS : REASON_SUPER;
	h->share = super->share;
}

void kernel_super_mounted(struct graph *g, struct kernel_super *super, const char *path, bool whole,
			  struct process *p, struct ns *mnt)
{
	if (super->type == NS_USER && mnt && is_within(mnt->owner, super->ino)) {
		super->seen = true;
	} else if (super->type == NS_PID && !whole) {
		super->part = arena_copy(&g->arena, path, strlen(path));
		super->process = p;
		super->mnt = mnt;
	} else {
		super->seen = true;
		tell(g, super, path, p, mnt);
	}
}

void kernel_supers_rest(struct kernel_supers *s, struct graph *g)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct kernel_super *super = &s->at[i];

		if (!super->seen && super->ought && graph_find(g, super->type, super->ino))
			tell(g, super, super->part, super->process, super->mnt);
	}
}
