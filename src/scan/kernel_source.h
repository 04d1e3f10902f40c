/* SPDX-License-Identifier: MIT */
/*
 * The second scanner: tasks and namespaces as the kernel itself has them, read at once by a BPF
 * program (kernel_bpf.h). Gives the same graph as reading /proc. Private to scan/.
 */
#ifndef NSVIEW_SCAN_KERNEL_SOURCE_H
#define NSVIEW_SCAN_KERNEL_SOURCE_H

#include "internal.h"

/*
 * Tasks from which on it is sooner done than /proc, which costs 10 to 20 microseconds each where
 * this costs one, after 8 milliseconds for loading.
 */
enum { KERNEL_BREAK_EVEN = 400 };

struct kernel_source; /* a read that a graph was made of, kept for the facts in it */

/*
 * Whether to try it: asked for, or auto and likely to be the sooner done, or the only one that
 * finds all that is asked for. false with words where it cannot or need not be tried.
 */
bool kernel_source_wanted(const struct scan *s, unsigned needs, struct error *why);

/*
 * Adds every process and thread that /proc would show, as scanning that does, and keeps the read in
 * s. -errno with words, and nothing added, where the kernel does not let us.
 */
int kernel_source_processes(struct scan *s, struct graph *g, unsigned needs, struct error *why);

/*
 * Of the namespaces in the kernel's own lists: owners, parents and reference counts of those in
 * the graph, and then those that nothing led to. The graph is sealed before and to be sealed
 * afterwards.
 */
void kernel_source_namespaces(struct scan *s, struct graph *g);
/* How many there are in all, and how many of these nothing has led to: once all was searched. */
void kernel_source_count(struct scan *s, struct graph *g);

/* What the read has of a namespace's or process's facts; those not yet read become known. */
void kernel_source_ns_facts(const struct scan *s, struct graph *g, struct ns *ns, unsigned needs);
/* For what nobody else could tell either: the number of mounts, counted otherwise than /proc does.
 */
void kernel_source_ns_rest(const struct scan *s, const struct graph *g, struct ns *ns,
			   unsigned needs);
/* Returns the needs of process that it has met. arena takes the strings. */
unsigned kernel_source_process_facts(const struct scan *s, const struct graph *g,
				     const struct process *p, struct process_facts *facts,
				     unsigned needs, struct arena *arena);

/*
 * Reads who else holds namespaces, and keeps that in s. false: to be searched through /proc, since
 * that will do for what is needed, or for a reason that the graph's completeness tells.
 */
bool kernel_source_read_holders(struct scan *s, struct graph *g, unsigned needs);
/* File systems that belong to namespaces, of that read; NULL where there was none. */
const struct kernel_supers *kernel_source_supers(const struct scan *s, const struct graph *g);
/*
 * Puts all that was read into the graph; after the mounts, which say where file systems are. needs
 * are of those processes that must be searched through /proc.
 */
void kernel_source_add_holders(struct scan *s, struct graph *g, unsigned needs);

void kernel_source_free(struct kernel_source *k);

#endif
