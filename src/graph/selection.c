/* SPDX-License-Identifier: MIT */
/* What targets stand for: namespaces and processes, each once, in the order of the targets. */
#include <stdlib.h>

#include "target_internal.h"

/* Doubles at each power of two, so that no capacity needs to be kept. */
static void *list_room(void *list, size_t n)
{
	if (n & (n - 1))
		return list;
	list = realloc(list, (n ? n * 2 : 1) * sizeof(void *));
	if (!list)
		die("out of memory");
	return list;
}

void selection_release(struct selection *sel)
{
	free(sel->namespaces);
	free(sel->processes);
	*sel = (struct selection){ 0 };
}

void selection_add_ns(struct selection *sel, struct ns *ns)
{
	for (size_t i = 0; i < sel->nnamespaces; i++)
		if (sel->namespaces[i] == ns)
			return;
	sel->namespaces = list_room(sel->namespaces, sel->nnamespaces);
	sel->namespaces[sel->nnamespaces++] = ns;
}

void selection_append_process(struct selection *sel, struct process *p, size_t before)
{
	for (size_t i = 0; i < before; i++)
		if (sel->processes[i] == p)
			return;
	sel->processes = list_room(sel->processes, sel->nprocesses);
	sel->processes[sel->nprocesses++] = p;
}

void selection_add_process(struct selection *sel, struct process *p)
{
	selection_append_process(sel, p, sel->nprocesses);
}
