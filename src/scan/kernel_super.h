/* SPDX-License-Identifier: MIT */
/*
 * File systems that belong to a namespace: to the user namespace in which they were mounted first,
 * and a procfs to the pid namespace that it shows. Known to the kernel source only, by device;
 * where they are mounted is for the readers of mounts to tell. Private to scan/.
 */
#ifndef NSVIEW_SCAN_KERNEL_SUPER_H
#define NSVIEW_SCAN_KERNEL_SUPER_H

#include "internal.h"
#include "kernel_holder_record.h"

struct kernel_super {
	unsigned major, minor;
	enum ns_type type; /* user or pid */
	uint64_t ino;
	uint64_t share; /* as in struct holder */
	bool ought;	/* somebody but the kernel itself has it mounted or in use */
	bool seen;	/* where, was told, or need not be: the namespace owns all of that */
	/* A mount of a part of a procfs, if no mount of all of it was seen. */
	const char *part;
	struct process *process;
	struct ns *mnt;
};

struct kernel_supers {
	struct kernel_super *at; /* owned; by device */
	size_t n;
};

/* Makes the table of the records that are about file systems. */
void kernel_supers_add(struct kernel_supers *s, const struct holder_record *r);
void kernel_supers_sort(struct kernel_supers *s);
void kernel_supers_release(struct kernel_supers *s);

/* The first of that device, NULL if there is none; more may follow it, as kernel_super_next says.
 */
struct kernel_super *kernel_super_find(const struct kernel_supers *s, unsigned major,
				       unsigned minor);
struct kernel_super *kernel_super_next(const struct kernel_supers *s, struct kernel_super *super);

/* A descriptor was told that is on a file system: r is of WAY_SUPER. */
void kernel_supers_saw(struct kernel_supers *s, const struct holder_record *r);

/*
 * Tells of one mount. whole: of its root directory. p and mnt as in graph_add_holder; path is
 * copied. What is mounted in a mount namespace of the user namespace itself goes with that, and is
 * not told again.
 */
void kernel_super_mounted(struct graph *g, struct kernel_super *super, const char *path, bool whole,
			  struct process *p, struct ns *mnt);

/*
 * Tells of those that were seen nowhere, and whose namespaces are in the graph: there may be others
 * that are none of our pid namespace's business.
 */
void kernel_supers_rest(struct kernel_supers *s, struct graph *g);

#endif
