/* SPDX-License-Identifier: MIT */
/*
 * What the pages of `nsview show` need and have in common: which facts they read, and the
 * questions about a graph that more than one form of a page asks. Prints nothing.
 */
#include <string.h>

#include <nsview/need.h>
#include <nsview/render.h>

#include "show.h"

enum {
	NEEDS_OF_WHO = NEED_COMM | NEED_CMDLINE | NEED_IDENTITY,
	/* Of every namespace: its members' names and pids, and who holds it. */
	NEEDS_COMMON = NEEDS_OF_WHO | NEED_UID | NEED_STAT | NEED_STATUS | NEED_ID | NEED_HOLDERS,
};

unsigned show_needs(enum ns_type type)
{
	static const unsigned needs[NS_TYPES] = {
		[NS_CGROUP] = NEED_CGROUP_ROOT,
		[NS_IPC] = NEED_IPC,
		[NS_MNT] = NEED_MOUNTS,
		[NS_NET] = NEED_NETNSID | NEED_COOKIE | NEED_NLINKS,
		[NS_PID] = NEED_INIT_ENDED,
		[NS_TIME] = NEED_TIME,
		[NS_USER] = NEED_OWNER_UID | NEED_MAPS,
		[NS_UTS] = NEED_UTS,
	};

	return needs[type] | NEEDS_COMMON;
}

unsigned show_process_needs(void)
{
	return NEEDS_OF_PROCESS;
}

unsigned tree_needs(enum tree_by by)
{
	static const unsigned needs[] = {
		[TREE_USER] =
			NEEDS_OF_WHO | NEED_STATUS | NEED_OWNER_UID | NEED_MAPS | NEED_HOLDERS,
		[TREE_PID] = NEEDS_OF_WHO | NEED_STATUS | NEED_STAT | NEED_HOLDERS,
		[TREE_PROCESS] = NEEDS_OF_WHO | NEED_STATUS | NEED_STAT,
	};

	return needs[by];
}

void stray_threads(const struct graph *g, const struct ns *ns,
		   void (*each)(void *ctx, const struct stray *stray), void *ctx)
{
	for (size_t i = 0; i < g->nprocesses && ns->nthreads; i++)
		for (const struct thread *t = g->processes[i]->threads; t; t = t->next)
			if (t->ns[ns->type] == ns && !process_in(t->process, ns))
				each(ctx,
				     &(struct stray){ t->process, t->tid, (enum ns_link)ns->type });
}

static bool for_children(struct ns *const own[NS_LINKS], const struct ns *ns, enum ns_link link)
{
	return own[link] == ns && own[ns->type] != ns;
}

static void children_by(const struct process *p, const struct ns *ns, enum ns_link link,
			void (*each)(void *ctx, const struct stray *stray), void *ctx)
{
	if (for_children(p->set->ns, ns, link))
		each(ctx, &(struct stray){ p, 0, link });
	for (const struct thread *t = p->threads; t; t = t->next)
		/* What it shares with its process has been told with that one. */
		if (for_children(t->ns, ns, link) && p->set->ns[link] != ns)
			each(ctx, &(struct stray){ p, t->tid, link });
}

void stray_children(const struct graph *g, const struct ns *ns,
		    void (*each)(void *ctx, const struct stray *stray), void *ctx)
{
	for (int link = NS_TYPES; link < NS_LINKS; link++) {
		if (ns_links[link].type != ns->type || !ns->nchildren)
			continue;
		for (size_t i = 0; i < g->nprocesses; i++)
			children_by(g->processes[i], ns, (enum ns_link)link, each, ctx);
	}
}

void owned_by_type(const struct graph *g, const struct ns *ns, unsigned counts[NS_TYPES])
{
	memset(counts, 0, NS_TYPES * sizeof(*counts));
	for (size_t i = 0; i < g->nnamespaces; i++)
		if (g->namespaces[i]->owner == ns)
			counts[g->namespaces[i]->type]++;
}
