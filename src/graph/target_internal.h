/* SPDX-License-Identifier: MIT */
/* What the files of TARGET share. Private to the room. */
#ifndef NSVIEW_TARGET_INTERNAL_H
#define NSVIEW_TARGET_INTERNAL_H

#include <stddef.h>
#include <nsview/buffer.h>
#include <nsview/target.h>

/* Text for an error sentence: escaped, and cut where it is long. Borrowed from scratch. */
const char *target_shown(struct buffer *scratch, const char *text);

/* The nearest of names, which ends with NULL; NULL if none is near. */
const char *target_nearest(const char *word, const char *const *names);

/* Candidates of an ambiguous target; a sentence names the first few. */
enum { CANDIDATES_SHOWN = 5 };

/*
 * Appends a process that is not among the first `before` of sel. A resolver that meets each
 * process once passes what was there when it began, so that thousands cost no search among
 * themselves.
 */
void selection_append_process(struct selection *sel, struct process *p, size_t before);

/* Resolvers by the processes' identities: target_owner.c. */
int target_resolve_ctr(const struct graph *g, const struct target *t, struct selection *sel,
		       struct error *err);
int target_resolve_unit(const struct graph *g, const struct target *t, struct selection *sel,
			struct error *err);

/* Resolvers by facts of namespaces: target_ns.c. */
int target_resolve_netns(const struct graph *g, const struct target *t, struct selection *sel,
			 struct error *err);
int target_resolve_uid(const struct graph *g, const struct target *t, struct selection *sel,
		       struct error *err);

#endif
