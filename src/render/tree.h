/* SPDX-License-Identifier: MIT */
/* What the files of the tree share. Private to the room. */
#ifndef NSVIEW_RENDER_TREE_H
#define NSVIEW_RENDER_TREE_H

#include <nsview/forest.h>

#include "words.h"

/* A line in three parts, of which the middle gives way where it is too long. */
struct line {
	struct buffer head, middle, tail;
};

/* Fills line, which is empty, with what a node reads. */
void tree_say(struct words *w, const struct forest *f, enum tree_by by,
	      const struct forest_node *node, struct line *line);

/* Whether a process's identity is another than that of the process above it in the tree. */
bool tree_identity_changes(const struct forest *f, const struct forest_node *node);

#endif
