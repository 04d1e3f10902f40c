/* SPDX-License-Identifier: MIT */
/* What has appeared and vanished in the latest graphs. Keeps those that a vanished row is in. */
#ifndef NSVIEW_TUI_VIEW_HISTORY_H
#define NSVIEW_TUI_VIEW_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <nsview/column.h>
#include <nsview/graph.h>

#include "view_ref.h"

enum {
	HISTORY_MS = 5000,  /* a change is shown that long, and then until the next graph */
	HISTORY_GRAPHS = 8, /* ... and no longer than so many graphs with vanished rows last */
};

enum change { CHANGE_NONE, CHANGE_APPEARED, CHANGE_VANISHED };

struct history_entry {
	struct view_ref ref;
	enum change change;
	int64_t since;	/* when it was first to be seen */
	unsigned turn;	/* which graph told it */
	struct row row; /* vanished: as it was, in its own graph */
};

struct history {
	struct history_entry *at; /* owned; by ref */
	size_t n, cap;
	unsigned turn;			   /* graphs so far */
	struct graph *old[HISTORY_GRAPHS]; /* owned, the oldest first; those of vanished rows */
	size_t nold;
};

void history_release(struct history *h);
/*
 * The graph is another from here on; old is taken over, and freed as soon as nothing is shown of
 * it. What one of them was not searched for has neither appeared nor vanished. singles: processes
 * are told of too. now: milliseconds of a clock that never goes back.
 */
void history_swap(struct history *h, struct graph *old, const struct graph *fresh, bool singles,
		  int64_t now);
enum change history_of(const struct history *h, const struct view_ref *ref);

#endif
