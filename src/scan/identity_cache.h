/* SPDX-License-Identifier: MIT */
/* Identities by cgroup file, for one call: processes of one container or unit share one. */
#ifndef NSVIEW_SCAN_IDENTITY_CACHE_H
#define NSVIEW_SCAN_IDENTITY_CACHE_H

#include <nsview/identity.h>

#include "internal.h"

struct identity_cache;

/* What a /proc/PID/cgroup text tells; all in the arena of the worker that met it first. */
struct cgroup_facts {
	struct fact_text path;
	const struct identity *identity; /* NULL: nothing is claimed */
};

/* processes: how many will be asked about, at most. */
struct identity_cache *identity_cache_new(const struct scan *s, size_t processes);
void identity_cache_free(struct identity_cache *cache);
/* Whether names are missing for want of who reads them: see identity_name_from_disk. */
bool identity_cache_names_unread(const struct identity_cache *cache);

/* Of a text of /proc/PID/cgroup. May be called by several threads, each with its own arena. */
const struct cgroup_facts *identity_cache_by_cgroup(struct identity_cache *cache,
						    struct arena *arena, struct span text);

/* From its ancestors (ppid: -1 where it is not known), for where its cgroup claims nothing. NULL:
 * nothing is claimed. */
const struct identity *identity_cache_by_process(struct identity_cache *cache, struct arena *arena,
						 pid_t pid, pid_t ppid);

#endif
