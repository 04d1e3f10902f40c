/* SPDX-License-Identifier: MIT */
/*
 * Mounts of namespaces' files in trees of mounts that are in no mount namespace, as the kernel
 * source meets them. Private to scan/.
 */
#ifndef NSVIEW_SCAN_KERNEL_TREE_H
#define NSVIEW_SCAN_KERNEL_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "kernel_holder_record.h"

struct tree_mount {
	const struct holder_record *record; /* borrowed */
	bool told;			    /* the caller's: who holds the tree was told */
};

struct kernel_trees {
	struct tree_mount *mounts; /* owned; by tree, of each namespace in one the first */
	size_t n;
};

void kernel_trees_add(struct kernel_trees *t, const struct holder_record *mount);
/* After the last was added. */
void kernel_trees_sort(struct kernel_trees *t);
void kernel_trees_release(struct kernel_trees *t);

/* The mounts in one tree; *out_n may be 0. */
struct tree_mount *kernel_trees_find(const struct kernel_trees *t, unsigned long long tree,
				     size_t *out_n);

#endif
