/* SPDX-License-Identifier: MIT */
/* What the sources of a scan share. Private to scan/. */
#ifndef NSVIEW_SCAN_HOST_H
#define NSVIEW_SCAN_HOST_H

#include <sys/capability.h>

#include "read_process.h"

/* Whether the calling process has it in effect. */
bool have_capability(cap_value_t which);

struct pid_list {
	pid_t *pids; /* to be freed */
	size_t n;
};

/* The processes that the proc root shows, sorted and without doubles. -errno. */
int host_list_pids(const struct scan *s, struct pid_list *out);

/* Puts a process as /proc showed it into the graph, with its threads and edges. */
void host_add_process(struct graph *g, const struct raw_process *raw);

#endif
