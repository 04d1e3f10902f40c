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

/* The forms of the network: target_network.c. */
int target_parse_iface(struct target *t, struct error *err);
int target_parse_ip(struct target *t, struct error *err);
int target_parse_mac(struct target *t, struct error *err);
int target_parse_port(struct target *t, struct error *err);
int target_resolve_network(const struct graph *g, const struct target *t, struct selection *sel,
			   struct error *err);

/* Refuses a word, which is shown in front of why. */
int target_refuse(const struct target *t, const char *why, struct error *err);
/* Digits up to end, nothing else. -EINVAL without them or with more, -ERANGE above 64 bits. */
int target_number(const char *text, const char *end, uint64_t *out);

#endif
