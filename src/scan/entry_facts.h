/* SPDX-License-Identifier: MIT */
/* What the two helpings of facts for a plan share. Private to scan/. */
#ifndef NSVIEW_SCAN_ENTRY_FACTS_H
#define NSVIEW_SCAN_ENTRY_FACTS_H

#include <nsview/plan_facts.h>

/* uid_map or gid_map below a /proc/PID; what cannot be read is not known. */
void plan_map_read(int dir, const char *name, struct plan_map *out);
void plan_map_release(struct plan_map *map);

/* O_PATH fd of the caller's /proc directory, or -errno. The caller closes it. */
int caller_dir(const struct facts_source *from);

#endif
