/* SPDX-License-Identifier: MIT */
/* Owners and parents of namespaces, asked of the kernel. Private to scan/. */
#ifndef NSVIEW_SCAN_ANCESTORS_H
#define NSVIEW_SCAN_ANCESTORS_H

#include "internal.h"

/* What the kernel says about one namespace; inode 0 with the -errno that says why. */
struct ancestors {
	uint64_t owner, parent;
	int owner_error, parent_error;
};

/* Asks about the namespace of that type behind ns_fd. */
struct ancestors ancestors_ask(int ns_fd, enum ns_type type);

/* Adds the edges, and the namespaces that they lead to, to the graph. */
void ancestors_apply(struct graph *g, struct ns *ns, const struct ancestors *a);

/*
 * Asks about every namespace of the graph that was not asked about yet, and about those that this
 * leads to, up to the top. The graph must be sealed before (threads: how many may help).
 */
void find_ancestors(const struct scan *s, struct graph *g, unsigned threads);

#endif
