/* SPDX-License-Identifier: MIT */
/* What the two helpings of facts for a plan share. Private to scan/. */
#ifndef NSVIEW_SCAN_ENTRY_FACTS_H
#define NSVIEW_SCAN_ENTRY_FACTS_H

#include <nsview/plan_facts.h>

/* O_PATH fd of the caller's /proc directory, or -errno. The caller closes it. */
int caller_dir(const struct facts_source *from);

#endif
