/* SPDX-License-Identifier: MIT */
/* Owners and parents of namespaces, asked of the kernel. Private to scan/. */
#ifndef NSVIEW_SCAN_ANCESTORS_H
#define NSVIEW_SCAN_ANCESTORS_H

#include "internal.h"

/*
 * Adds the owner and parent edges of every namespace, and the namespaces that only they lead to,
 * up to the top. The graph must be sealed before and after.
 */
void find_ancestors(const struct scan *s, struct graph *g, unsigned threads);

/* The same for the namespaces added since there were `first` of them. */
void find_ancestors_from(const struct scan *s, struct graph *g, size_t first, unsigned threads);

#endif
