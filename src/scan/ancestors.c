/* SPDX-License-Identifier: MIT */
/*
 * Owners and parents (ioctl_ns(2)). Most are asked while their processes are read, see
 * read_process.c; the rest here, round by round: what a round finds and the graph did not know is
 * asked in the next, so that user and pid namespaces without any process are found too.
 */
#include <errno.h>
#include <stdlib.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>

#include "ancestors.h"

struct round {
	const struct scan *scan;
	struct ns *const *list;
	struct ancestors *answers;
};

static uint64_t ask(int ns_fd, int (*call)(int), int *out_error)
{
	autoclose int fd = call(ns_fd);
	uint64_t ino = 0;

	*out_error = fd < 0 ? fd : kern_nsfs_ino(fd, &ino);
	return ino;
}

struct ancestors ancestors_ask(int ns_fd, enum ns_type type)
{
	struct ancestors a = { 0 };

	/* The owner of a user namespace is its parent: one question answers both. */
	a.owner = ask(ns_fd, kern_ns_owner, &a.owner_error);
	a.parent = a.owner;
	a.parent_error = a.owner_error;
	if (type == NS_PID)
		a.parent = ask(ns_fd, kern_ns_parent, &a.parent_error);
	return a;
}

static void ask_chunk(void *ctx, size_t begin, size_t end, struct arena *arena)
{
	const struct round *round = ctx;

	(void)arena;
	for (size_t i = begin; i < end; i++) {
		const struct ns *ns = round->list[i];
		autoclose int fd = scan_ns_open(round->scan, ns);

		if (fd >= 0)
			round->answers[i] = ancestors_ask(fd, ns->type);
		else
			round->answers[i] = (struct ancestors){ 0, 0, fd, fd };
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

/*
 * EPERM: above our own user or pid namespace; at the very top there is nothing above. Asked before
 * the graph is sealed, so that ns->initial may not be set yet.
 */
static struct fact edge_fact(const struct ns *ns, int error)
{
	if (error == 0)
		return fact_known();
	if (error == -EPERM && ns_is_initial(ns->type, ns->ino))
		return fact_none();
	return fact_from_error(error);
}

static void note_error(struct completeness *c, int error)
{
	if (error == -ENOTTY || error == -EOPNOTSUPP)
		c->ancestors_error = error;
}

void ancestors_apply(struct graph *g, struct ns *ns, const struct ancestors *a)
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

/* Namespaces not asked about yet. */
static size_t list_unasked(const struct graph *g, struct ns **list)
{
	size_t n = 0;

	for (size_t i = 0; i < g->nnamespaces; i++)
		if (g->namespaces[i]->owner_fact.state == FACT_UNREAD)
			list[n++] = g->namespaces[i];
	return n;
}

/* false: there was nothing left to ask. */
static bool ask_round(const struct scan *s, struct graph *g, unsigned threads)
{
	struct ns **list = malloc((g->nnamespaces + 1) * sizeof(struct ns *));
	struct round round = { .scan = s, .list = list };
	struct arena scratch = ARENA_INIT;
	size_t n;

	if (!list)
		die("out of memory");
	n = list_unasked(g, list);
	round.answers = calloc(n + 1, sizeof(*round.answers));
	if (!round.answers)
		die("out of memory");
	scan_parallel(threads, n, ask_chunk, &round, &scratch);
	for (size_t i = 0; i < n; i++)
		ancestors_apply(g, list[i], &round.answers[i]);
	arena_release(&scratch);
	free(round.answers);
	free(list);
	return n > 0;
}

void find_ancestors(const struct scan *s, struct graph *g, unsigned threads)
{
	/* Bounded by the kernel's own limit of 32 levels, not by what a hostile tree could say. */
	for (int level = 0; level <= PROC_LEVELS && ask_round(s, g, threads); level++)
		;
	if (!g->completeness.ancestors_error)
		g->completeness.searched |= 1 << SOURCE_ANCESTORS;
}
