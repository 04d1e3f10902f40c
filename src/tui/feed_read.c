/* SPDX-License-Identifier: MIT */
/*
 * Which facts of a graph the screen shows, and the calls that read them. Knows nothing of threads:
 * whoever calls it sees to it that nobody looks at the graph meanwhile.
 */
#include <stdlib.h>

#include <nsview/matrix.h>

#include "feed_read.h"

/* Leads of sets, and the members of those that are open. */
static size_t rows_of(const struct graph *g, const struct ref_list *open, bool all,
		      struct process **out)
{
	struct matrix m;
	size_t n = 0;

	matrix_build(&m, g, g->processes, g->nprocesses, true);
	for (size_t i = 0; i < m.n; i++)
		out[n++] = (struct process *)m.rows[i].process;
	matrix_release(&m);
	for (size_t i = 0; (all || open->n) && i < g->nprocesses; i++) {
		struct view_ref set = ref_of_set(g->processes[i]->set);

		if (all || ref_list_has(open, &set))
			out[n++] = g->processes[i];
	}
	return n;
}

size_t feed_rows(const struct graph *g, const struct ref_list *open, bool all,
		 struct process ***out)
{
	/* Leads, and every process once more. */
	*out = malloc((2 * g->nprocesses + 1) * sizeof(struct process *));
	if (!*out)
		die("out of memory");
	return rows_of(g, open, all, *out);
}

void feed_read_page(const struct tui_source *s, void *ctx, struct graph *g, const struct ask *ask)
{
	const struct ns *ns = ref_find_ns(g, &ask->ref);
	const struct process *p = ns ? NULL : ref_find_process(g, &ask->ref);

	if (ns || p)
		s->read_page(ctx, g, ns, p, ask->page);
}

int feed_read_net(const struct tui_source *s, struct graph *g, const struct wish *wish,
		  struct error *err)
{
	return s->read_net(s->scanner, g, ref_find_ns(g, &wish->net_of), err);
}

void feed_read_rows(const struct tui_source *s, struct graph *g, const struct wish *wish)
{
	struct process **list;
	size_t n = feed_rows(g, &wish->open, false, &list);

	s->read_ns(s->scanner, g, g->namespaces, g->nnamespaces, wish->ns_needs | NEED_ID);
	s->read_processes(s->scanner, g, list, n, wish->process_needs | NEEDS_OF_SETS);
	free(list);
	for (int i = 0; i < ASKS; i++)
		feed_read_page(s, s->scanner, g, &wish->asks[i]);
}
