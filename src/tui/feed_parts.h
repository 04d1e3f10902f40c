/* SPDX-License-Identifier: MIT */
/* What the threads behind the screen share. Private to feed*.c. */
#ifndef NSVIEW_TUI_FEED_PARTS_H
#define NSVIEW_TUI_FEED_PARTS_H

#include <pthread.h>
#include <stdatomic.h>

#include "clock.h"
#include "feed_read.h"

struct feed {
	const struct tui_source *source;
	pthread_t scanner, reader;
	bool scanner_runs, reader_runs;
	int fd;

	pthread_mutex_t lock; /* over all below, and the graph that is shown */
	pthread_cond_t changed;
	bool end;
	unsigned ended; /* threads */
	struct wish wish;
	bool now;		/* scan without waiting */
	unsigned read_ns_needs; /* of the graph shown */
	unsigned read_process_needs;
	bool sets_read;
	bool members_read; /* of all sets, of the graph shown */
	bool net_read;	   /* ... or cannot be; of the graph shown, as is net_of */
	struct view_ref net_of;
	int64_t net_wished;  /* when that was last another wish */
	bool hold;	     /* nothing is to change under what the person types */
	atomic_uint waiting; /* for the lock, on behalf of the person */
	struct graph *shown; /* owned by the browser */
	struct graph *fresh; /* owned: not taken yet */
	unsigned fresh_ns_needs, fresh_process_needs;
	bool fresh_net;
	struct view_ref fresh_net_of;
	bool fresh_answered[ASKS];
	struct error error, net_error;
	int64_t scan_began; /* 0: none is under way */
	unsigned slowed_ms;
};

/* With the lock: until something has changed, or so many milliseconds later. */
void feed_wait(struct feed *f, int64_t ms);
/* With the lock: until the next scan is due; began and cpu: when the last one did. */
void feed_wait_for_next(struct feed *f, int64_t began, int64_t cpu);

#endif
