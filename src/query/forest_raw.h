/* SPDX-License-Identifier: MIT */
/*
 * Between the two halves of the forest: forest_user.c and forest_members.c say what hangs under
 * what, in no particular order; forest.c cuts circles, prunes, and puts parents before children.
 */
#ifndef NSVIEW_QUERY_FOREST_RAW_H
#define NSVIEW_QUERY_FOREST_RAW_H

#include <nsview/forest.h>

enum forest_mark {
	MARK_NONE,
	MARK_KEPT,  /* shown, but what is below it is not for its sake */
	MARK_BELOW, /* shown with everything below */
};

struct raw_node {
	struct forest_node node; /* parent is an index into the raw nodes */
	long first, last_child, next;
	enum forest_mark mark;
	unsigned char color; /* scratch of the search for circles */
};

/* What both halves work on. Its arena lives as long as the build. */
struct grove {
	struct arena scratch;
	struct arena *keep; /* the forest's own */
	const struct graph *g;
	const struct tree_selection *sel; /* never NULL */
	struct raw_node *nodes;		  /* siblings in the order of their indexes */
	size_t n;
	bool *chosen; /* by position in graph.namespaces: selected itself */
};

/* Fill in nodes, their parents and their marks. */
void grow_by_user(struct grove *gr);
void grow_by_pid(struct grove *gr);
void grow_by_process(struct grove *gr);

/* Position of a namespace in graph.namespaces. */
size_t grove_position(const struct graph *g, const struct ns *ns);
/* Appends a node; the caller has reserved room for all of them. */
struct raw_node *grove_add(struct grove *gr, enum forest_kind kind);
void grove_reserve(struct grove *gr, size_t n);
/* Raises a mark; a node that shows all below it keeps doing so. */
void grove_mark(struct grove *gr, long node, enum forest_mark mark);

#endif
