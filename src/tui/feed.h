/* SPDX-License-Identifier: MIT */
/*
 * Reads the host beside the keyboard: one thread scans again and again, another reads what is
 * asked for of the graph that is shown. Private to the room.
 */
#ifndef NSVIEW_TUI_FEED_H
#define NSVIEW_TUI_FEED_H

#include "view_browser.h"

struct feed;

struct feed_status {
	bool scanning;	    /* and has been for a while */
	unsigned slowed_ms; /* between two scans, as the load allows it; 0: as wished */
	struct error error; /* of the last scan */
	struct error net;   /* of the last reading of networks */
};

/* source must outlive it. NULL: no thread could be started, err says why. */
struct feed *feed_new(const struct tui_source *source, const struct browser *b, struct error *err);
/*
 * Ends the threads. false: one is still under way after a moment, and uses source; then only the
 * end of the process stops it.
 */
bool feed_end(struct feed *f);

/* Readable when there is something new; feed_read_fd empties it. */
int feed_fd(const struct feed *f);
void feed_read_fd(struct feed *f);

/*
 * The lock over the graph that is shown: held by whoever looks at it. Within so many milliseconds,
 * else false: a read is stuck.
 */
bool feed_lock(struct feed *f, unsigned ms);
void feed_unlock(struct feed *f);

/* The rest with the lock held. */

/* What the browser wishes for: facts, pages, interval, pause. */
void feed_wish(struct feed *f, const struct browser *b);
/* The new graph, owned by the caller, who shows it from now on; NULL: there is none. */
struct graph *feed_take(struct feed *f);
/* Tells the browser what was read for it since. */
void feed_tell(struct feed *f, struct browser *b);
struct feed_status feed_status(const struct feed *f);

#endif
