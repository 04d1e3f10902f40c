/* SPDX-License-Identifier: MIT */
/* The trees of `nsview tree` as data: which node hangs under which. Pure. */
#ifndef NSVIEW_FOREST_H
#define NSVIEW_FOREST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <nsview/arena.h>
#include <nsview/graph.h>

enum tree_by {
	TREE_USER,    /* user namespaces nest; under each, what it owns */
	TREE_PID,     /* pid namespaces nest; under each, the distinct namespace sets inside */
	TREE_PROCESS, /* processes by parent; needs NEED_STAT of every process */
};

/* Only these, their ancestors and all below; both counts 0: everything. */
struct tree_selection {
	struct ns *const *namespaces;
	size_t nnamespaces;
	struct process *const *processes;
	size_t nprocesses;
};

enum forest_kind {
	FOREST_NS,
	FOREST_PROCESS,
	FOREST_UNSEEN, /* a root for namespaces whose owner or parent could not be asked */
};

struct forest_node {
	enum forest_kind kind;
	const struct ns *ns;	       /* FOREST_NS */
	const struct process *process; /* FOREST_PROCESS; TREE_PID: the lowest pid of its set */
	uint32_t nprocs;	       /* FOREST_PROCESS: how many it stands for */
	/*
	 * FOREST_PROCESS, bits 1 << enum ns_type: which of its namespaces are known to differ from
	 * those of its parent process (TREE_PROCESS), or from those of the first process in the
	 * pid namespace (TREE_PID).
	 */
	unsigned differs;
	struct fact why; /* FOREST_UNSEEN: of the first node below */
	/*
	 * TREE_USER: namespaces told on this node's line. For a pid namespace those that have the
	 * same members and owner, for the host's user namespace all of the host's.
	 */
	const struct ns *const *with;
	size_t nwith;
	long parent; /* index of the parent node, always lower than its own; -1: a root */
	unsigned depth;
	bool last;	   /* no sibling follows */
	bool has_children; /* the next node is its first */
};

/* Parents come before children, siblings in the order in which they are shown. */
struct forest {
	struct arena arena; /* owns nodes and their arrays; the graph must outlive it */
	struct forest_node *nodes;
	size_t n;
};

/*
 * Builds a sealed graph's tree. sel may be NULL for everything. Where the tree has no node for a
 * selected process or namespace, the nodes that stand for it are kept, without what is below.
 * Parents that lead round in a circle, as a reused pid can make them, are cut at the lowest node.
 */
void forest_build(struct forest *f, const struct graph *g, enum tree_by by,
		  const struct tree_selection *sel);
void forest_release(struct forest *f);

#endif
