/* SPDX-License-Identifier: MIT */
/* What has appeared and vanished in the latest graphs. Keeps those that a vanished row is in. */
#ifndef NSVIEW_TUI_VIEW_HISTORY_H
#define NSVIEW_TUI_VIEW_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <nsview/column.h>
#include <nsview/graph.h>

#include "view_ref.h"

enum { HISTORY_REFRESHES = 3 }; /* for how many graphs a change is shown */

enum change { CHANGE_NONE, CHANGE_APPEARED, CHANGE_VANISHED };

struct history_entry {
	struct view_ref ref;
	enum change change;
	unsigned age;	/* graphs since */
	struct row row; /* vanished: as it was, in its own graph */
};

struct history {
	struct history_entry *at; /* owned; by ref */
	size_t n, cap;
	struct graph *old[HISTORY_REFRESHES]; /* owned; NULL where nothing is shown of one */
};

void history_release(struct history *h);
/*
 * The graph is another from here on; old is taken over, and freed as soon as nothing is shown of
 * it. Nothing is told of graphs that were made by different searches. singles: of processes too.
 */
void history_swap(struct history *h, struct graph *old, const struct graph *fresh, bool singles);
enum change history_of(const struct history *h, const struct view_ref *ref);

#endif
