/* SPDX-License-Identifier: MIT */
/* Reading what rows and pages show. Private to the feed. */
#ifndef NSVIEW_TUI_FEED_READ_H
#define NSVIEW_TUI_FEED_READ_H

#include <nsview/need.h>

#include "feed.h"

/* Without these a set has no marks, and a process no life of its own. */
enum { NEEDS_OF_SETS = NEED_IDENTITY | NEED_STAT };

/* A copy of what the browser wishes, so that it can go on. */
struct wish {
	unsigned ns_needs, process_needs;
	unsigned interval_ms;
	bool paused;
	struct ask asks[ASKS];
	struct ref_list open;	/* sets whose members are rows */
	bool members;		/* and those of all others */
	bool net;		/* networks are shown */
	struct view_ref net_of; /* ... in all detail those of that namespace; REF_NONE */
};

/*
 * The processes that are rows: leads of sets, members of those that are open; all: of the others
 * too. Free the list.
 */
size_t feed_rows(const struct graph *g, const struct ref_list *open, bool all,
		 struct process ***out);
/* What a page shows, if its object is in g; ctx is that of the thread that asks. */
void feed_read_page(const struct tui_source *s, void *ctx, struct graph *g, const struct ask *ask);
/* The networks, as the wish is. -errno with words where there are none to be had. */
int feed_read_net(const struct tui_source *s, struct graph *g, const struct wish *wish,
		  struct error *err);
/* All that rows and pages show, by the scanner, of a graph that nobody else has yet. */
void feed_read_rows(const struct tui_source *s, struct graph *g, const struct wish *wish);

#endif
