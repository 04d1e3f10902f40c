/* SPDX-License-Identifier: MIT */
/* What a view leaves out, in words: the one line on stderr, and `completeness` in JSON. */
#ifndef NSVIEW_PARTIAL_H
#define NSVIEW_PARTIAL_H

#include <stdbool.h>
#include <nsview/buffer.h>
#include <nsview/graph.h>
#include <nsview/json.h>

/* Whether processes, owners or anything else asked for could not be read. */
bool view_is_partial(const struct graph *g);

/*
 * Appends "partial view: 1 process unreadable (pid 77: EACCES; CAP_SYS_PTRACE would show it)" and
 * whatever else is left out, separated by "; "; nothing where the view is not partial.
 */
void partial_sentence(const struct graph *g, struct buffer *out);

/* The member "completeness". */
void partial_json(const struct graph *g, struct json *j);

#endif
