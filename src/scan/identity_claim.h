/* SPDX-License-Identifier: MIT */
/* What a cgroup path says about whose it is, before anything is allocated. Private to scan/. */
#ifndef NSVIEW_SCAN_IDENTITY_CLAIM_H
#define NSVIEW_SCAN_IDENTITY_CLAIM_H

#include <nsview/identity.h>
#include <stdbool.h>

struct pattern;

struct claim {
	const struct pattern *pattern; /* NULL: nothing found */
	struct span component, middle; /* where it stands; its variable part */
	struct span manager;	       /* units: "user@UID.service" above it, or empty */
	unsigned depth;		       /* containers on the path, this one included */
	bool pod;		       /* below kubepods */
	bool outside;		       /* the engine's own process beside the container */
};

/* The innermost container and the unit of a path; borrowed from it. */
void claim_by_path(struct span path, struct claim *out_container, struct claim *out_unit);

/* Kind, name and id of a claim that has a pattern. */
void claim_fill(struct arena *arena, const struct claim *c, struct identity *out);

#endif
