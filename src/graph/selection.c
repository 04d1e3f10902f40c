/* SPDX-License-Identifier: MIT */
/* What targets stand for: namespaces and processes, each once, in the order of the targets. */
#include <stdlib.h>

#include <nsview/grow.h>

#include "target_internal.h"

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
	sel->namespaces = list_room(sel->namespaces, sel->nnamespaces, sizeof(*sel->namespaces));
	sel->namespaces[sel->nnamespaces++] = ns;
}

void selection_append_process(struct selection *sel, struct process *p, size_t before)
{
	for (size_t i = 0; i < before; i++)
		if (sel->processes[i] == p)
			return;
	sel->processes = list_room(sel->processes, sel->nprocesses, sizeof(*sel->processes));
	sel->processes[sel->nprocesses++] = p;
}

void selection_add_process(struct selection *sel, struct process *p)
{
	selection_append_process(sel, p, sel->nprocesses);
}
