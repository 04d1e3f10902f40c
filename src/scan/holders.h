/* SPDX-License-Identifier: MIT */
/* Who else holds a namespace: mounts and open descriptors. Private to scan/. */
#ifndef NSVIEW_SCAN_HOLDERS_H
#define NSVIEW_SCAN_HOLDERS_H

#include "internal.h"

/*
 * Adds nsfs mounts of our own mount namespace always; with NEED_HOLDERS also those of every mount
 * namespace that a process is in, and the open descriptors of every process.
 */
void find_holders(const struct scan *s, struct graph *g, unsigned needs, unsigned threads);

#endif
