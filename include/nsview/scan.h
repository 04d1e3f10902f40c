/* SPDX-License-Identifier: MIT */
/*
 * Reads a host into a graph. Two steps: scan_host finds every namespace, process and edge;
 * scan_processes and scan_namespaces then read only the facts that the output needs, of only the
 * nodes that it shows. Vanished processes are normal and never an error.
 */
#ifndef NSVIEW_SCAN_H
#define NSVIEW_SCAN_H

#include <stddef.h>
#include <nsview/error.h>
#include <nsview/graph.h>
#include <nsview/target.h>
#include <nsview/need.h>

/* Where processes and their namespaces are read from; nsview-sources(7). */
enum scan_choice {
	SCAN_AUTO, /* whichever is sooner done; the kernel's where only it finds all of it */
	SCAN_KERNEL,
	SCAN_PROC,
};

struct scan; /* an open proc root, and what is known of the kernel */

/*
 * Opens a proc root, "/proc" when path is NULL. -ENOTDIR, -ENOENT ... with words where it is not
 * a procfs and does not look like a copy of one either.
 */
int scan_open(const char *path, struct scan **out, struct error *err);
void scan_close(struct scan *s);

/* SCAN_AUTO unless this is called before scan_host. */
void scan_choose(struct scan *s, enum scan_choice choice);

/*
 * The whole host. threads: 0 chooses by the number of cores and processes. With SCAN_KERNEL it
 * fails with words where the kernel source cannot be used; with SCAN_AUTO it reads /proc then, and
 * the graph's completeness says why.
 */
int scan_host(struct scan *s, unsigned needs, unsigned threads, struct graph **out,
	      struct error *err);

/* Fills in facts of processes; those read already are skipped. Facts, never errors. */
void scan_processes(struct scan *s, struct graph *g, struct process *const *list, size_t n,
		    unsigned needs);
/* The same for namespaces. */
void scan_namespaces(struct scan *s, struct graph *g, struct ns *const *list, size_t n,
		     unsigned needs);

/*
 * Adds what a target stands for to sel: target_resolve, and before it what only the kernel can
 * tell: our own pid, the namespace behind a path (added to the graph where the scan did not meet
 * it), the mount namespaces that have a mount point.
 */
int scan_resolve(struct scan *s, struct graph *g, struct target *t, struct selection *sel,
		 struct error *err);

#endif
