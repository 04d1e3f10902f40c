/* SPDX-License-Identifier: MIT */
/*
 * Who else holds a namespace, beside those that are in it: orders the searches of mounts and
 * descriptors, and puts what their workers find into the graph. No descriptor is opened and no
 * file system asked to do anything: one that hangs would take us with it.
 */
#include <errno.h>
#include <string.h>

#include "holders.h"
#include "kernel_source.h"

struct found *found_new(struct finding *f, struct arena *arena, enum ns_type type, uint64_t ino,
			enum holder_kind kind)
{
	struct found *one = arena_alloc(arena, sizeof(*one));

	one->type = type;
	one->ino = ino;
	one->kind = kind;
	one->fd = -1;
	one->next = f->first;
	f->first = one;
	return one;
}

int found_parse(struct span text, enum ns_type *out_type, uint64_t *out_ino)
{
	const char *colon;
	int type;

	if (ns_link_parse(text.data, text.len, out_ino) < 0)
		return -EINVAL;
	colon = memchr(text.data, ':', text.len);
	type = ns_type_parse(text.data, (size_t)(colon - text.data));
	if (type < 0)
		return -EINVAL;
	*out_type = (enum ns_type)type;
	return 0;
}

static void add_one(struct graph *g, const struct found *one, struct process *p, struct ns *mnt)
{
	if (one->super)
		kernel_super_mounted(g, one->super, one->path, one->whole, p, mnt);
	else
		graph_add_holder(g, graph_add(g, one->type, one->ino), one->kind, p, one->tid,
				 one->fd, one->path, mnt)
			->reason = one->reason;
}

void found_add(struct graph *g, const struct finding *f, struct process *p, struct ns *mnt)
{
	for (const struct found *one = f->first; one; one = one->next)
		add_one(g, one, p, mnt);
}

/* Mounts first, also those of file systems that the kernel source knows of. */
static void find_all(struct scan *s, struct graph *g, unsigned needs, unsigned threads)
{
	bool by_kernel = s->procfs && kernel_source_read_holders(s, g, needs);

	find_all_mounts(s, g, threads);
	if (by_kernel)
		kernel_source_add_holders(s, g, needs);
	else if (s->procfs)
		find_fds(s, g, g->processes, g->nprocesses, needs, threads);
	if (s->procfs)
		check_holders(s, g);
}

void find_holders(struct scan *s, struct graph *g, unsigned needs, unsigned threads)
{
	find_own_mounts(s, g);
	if (needs & NEED_HOLDERS)
		find_all(s, g, needs, threads);
	if ((needs & NEED_NAMES) && s->procfs)
		find_names(s, g);
}
