/* SPDX-License-Identifier: MIT */
/* Namespaces that listns(2) knows. Private to scan/. */
#ifndef NSVIEW_SCAN_LISTNS_H
#define NSVIEW_SCAN_LISTNS_H

#include "internal.h"

/*
 * Adds those that nothing else has led to, with their ids, owners and parents. Does nothing where
 * the kernel has no such call, before Linux 6.19.
 */
void find_listed(struct graph *g);

#endif
