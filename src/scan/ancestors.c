/* SPDX-License-Identifier: MIT */
/*
 * Owners and parents (ioctl_ns(2)), round by round: what a round finds and the graph did not know
 * is asked in the next, so that user and pid namespaces without any process are found too.
 */
#include <errno.h>
#include <stdlib.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>

#include "ancestors.h"

/* The answer about one namespace; inode 0 with the -errno that says why. */
struct answer {
	uint64_t owner, parent;
	int owner_error, parent_error;
};

struct round {
	const struct scan *scan;
	struct ns *const *list;
	struct answer *answers;
};

static uint64_t ask(int ns_fd, int (*call)(int), int *out_error)
{
	autoclose int fd = call(ns_fd);
	uint64_t ino = 0;

	*out_error = fd < 0 ? fd : kern_nsfs_ino(fd, &ino);
	return ino;
}

static void ask_chunk(void *ctx, size_t begin, size_t end, struct arena *arena)
{
	const struct round *round = ctx;

	(void)arena;
	for (size_t i = begin; i < end; i++) {
		const struct ns *ns = round->list[i];
		struct answer *a = &round->answers[i];
		autoclose int fd = scan_ns_open(round->scan, ns);

		if (fd < 0) {
			a->owner_error = a->parent_error = fd;
			continue;
		}
		/* The owner of a user namespace is its parent: one question answers both. */
		a->owner = ask(fd, kern_ns_owner, &a->owner_error);
		a->parent = a->owner;
		a->parent_error = a->owner_error;
		if (ns->type == NS_PID)
			a->parent = ask(fd, kern_ns_parent, &a->parent_error);
	}
}

static struct ns *add_edge(struct graph *g, struct ns *from, enum ns_type type, uint64_t ino,
			   bool as_owner)
{
	size_t before = g->nnamespaces;
	struct ns *to = graph_add(g, type, ino);

	if (g->nnamespaces > before) {
		to->via_ns = from;
		to->via_owner = as_owner;
	}
	return to;
}

/* EPERM: above our own user or pid namespace; at the very top there is nothing above. */
static struct fact edge_fact(const struct ns *ns, int error)
{
	if (error == 0)
		return fact_known();
	if (error == -EPERM && ns->initial)
		return fact_none();
	return fact_from_error(error);
}

static void note_error(struct completeness *c, int error)
{
	if (error == -ENOTTY || error == -EOPNOTSUPP)
		c->ancestors_error = error;
}

static void apply(struct graph *g, struct ns *ns, const struct answer *a)
{
	bool nests = ns->type == NS_USER || ns->type == NS_PID;

	ns->owner_fact = edge_fact(ns, a->owner_error);
	ns->parent_fact = nests ? edge_fact(ns, a->parent_error) : fact_none();
	if (a->owner)
		ns->owner = add_edge(g, ns, NS_USER, a->owner, true);
	if (nests && a->parent)
		ns->parent = add_edge(g, ns, ns->type, a->parent, ns->type == NS_USER);
	note_error(&g->completeness, a->owner_error);
}

/* Asks about namespaces first to nnamespaces - 1, and appends those that are new. */
static void ask_round(const struct scan *s, struct graph *g, size_t first, unsigned threads)
{
	size_t n = g->nnamespaces - first;
	struct ns **list = malloc((n ? n : 1) * sizeof(struct ns *));
	struct answer *answers = calloc(n ? n : 1, sizeof(*answers));
	struct round round = { s, list, answers };
	struct arena scratch = ARENA_INIT;

	if (!list || !answers)
		die("out of memory");
	for (size_t i = 0; i < n; i++)
		list[i] = g->namespaces[first + i];
	scan_parallel(threads, n, ask_chunk, &round, &scratch);
	for (size_t i = 0; i < n; i++)
		apply(g, list[i], &answers[i]);
	arena_release(&scratch);
	free(answers);
	free(list);
}

void find_ancestors_from(const struct scan *s, struct graph *g, size_t first, unsigned threads)
{
	/* Bounded by the kernel's own limit of 32 levels, not by what a hostile tree could say. */
	for (int level = 0; level <= PROC_LEVELS && first < g->nnamespaces; level++) {
		size_t next = g->nnamespaces;

		ask_round(s, g, first, threads);
		first = next;
	}
	g->completeness.searched |= 1 << SOURCE_ANCESTORS;
}

void find_ancestors(const struct scan *s, struct graph *g, unsigned threads)
{
	find_ancestors_from(s, g, 0, threads);
}
