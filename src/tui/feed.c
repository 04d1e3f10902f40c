/* SPDX-License-Identifier: MIT */
/*
 * Two threads behind the screen. The scanner makes a graph with all facts that rows show, hands it
 * over and waits; how long depends on what the process has used of the processor. The reader fills
 * in what the person asks for of the graph at hand, in small pieces, each with the lock. Nothing
 * of a graph that was handed over is looked at without the lock.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "feed_read.h"

enum {
	SHARE = 20,	    /* one part in so many of a core is the most that is used */
	LONG_SCAN_MS = 500, /* from then on it is said that one is under way */
	END_MS = 300,
	PIECE = 32, /* processes read at a time while the lock is held */
};

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
	bool hold;	     /* nothing is to change under what the person types */
	atomic_uint waiting; /* for the lock, on behalf of the person */
	struct graph *shown; /* owned by the browser */
	struct graph *fresh; /* owned: not taken yet */
	unsigned fresh_ns_needs, fresh_process_needs;
	bool fresh_answered[ASKS];
	struct error error;
	int64_t scan_began; /* 0: none is under way */
	unsigned slowed_ms;
};

static int64_t now_ms(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void wake_screen(const struct feed *f)
{
	const uint64_t one = 1;
	ssize_t n = write(f->fd, &one, sizeof(one));

	(void)n; /* it can only be full, and then it is readable already */
}

/* Until something has changed, or so many milliseconds later. */
static void wait_ms(struct feed *f, int64_t ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_cond_timedwait(&f->changed, &f->lock, &until);
}

/* With the lock; it is let go while the host is read. */
static void scan_once(struct feed *f, bool holders)
{
	struct wish wish = f->wish;
	struct graph *g = NULL;
	struct error err = { 0 };
	int ret;

	wish.open = (struct ref_list){ 0 };
	ref_list_copy(&wish.open, &f->wish.open);
	f->scan_began = now_ms(CLOCK_MONOTONIC);
	pthread_mutex_unlock(&f->lock);
	ret = f->source->scan(f->source->scanner, holders, &g, &err);
	if (ret == 0)
		feed_read_rows(f->source, g, &wish);
	pthread_mutex_lock(&f->lock);
	ref_list_release(&wish.open);
	f->scan_began = 0;
	f->error = err;
	f->fresh = ret == 0 ? g : NULL;
	f->fresh_ns_needs = wish.ns_needs;
	f->fresh_process_needs = wish.process_needs;
	/* What was asked for meanwhile is another question. */
	for (int i = 0; i < ASKS; i++)
		f->fresh_answered[i] = wish.asks[i].page == f->wish.asks[i].page &&
				       ref_same(&wish.asks[i].ref, &f->wish.asks[i].ref);
	wake_screen(f);
}

static bool lacks_facts(const struct feed *f)
{
	return f->shown && !f->error.code &&
	       ((f->wish.ns_needs & ~f->read_ns_needs) ||
		(f->wish.process_needs & ~f->read_process_needs));
}

/* Milliseconds until the next scan may start; began and cpu: when the last one did. */
static int64_t left_to_wait(struct feed *f, int64_t began, int64_t cpu)
{
	int64_t used = now_ms(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	int64_t wanted = f->wish.interval_ms, since = now_ms(CLOCK_MONOTONIC) - began;

	f->slowed_ms = used * SHARE > wanted ? (unsigned)(used * SHARE) : 0;
	if (f->now || lacks_facts(f))
		return 0;
	return (f->slowed_ms ? (int64_t)f->slowed_ms : wanted) - since;
}

static void wait_for_next(struct feed *f, int64_t began, int64_t cpu)
{
	while (!f->end) {
		int64_t left = left_to_wait(f, began, cpu);
		bool hold = f->fresh || (f->hold && f->shown) ||
			    (f->wish.paused && f->shown && !f->now && !lacks_facts(f));

		if (left <= 0 && !hold)
			return;
		wait_ms(f, hold || left > 1000 ? 1000 : left);
	}
}

static void *scanner_main(void *arg)
{
	struct feed *f = arg;
	/* Rows first, and then what takes longer to find: namespaces that no process is in. */
	bool holders = false;

	pthread_mutex_lock(&f->lock);
	while (!f->end) {
		int64_t began = now_ms(CLOCK_MONOTONIC), cpu = now_ms(CLOCK_PROCESS_CPUTIME_ID);

		f->now = false;
		scan_once(f, holders);
		if (!holders && !f->error.code)
			f->now = true;
		holders = holders || !f->error.code;
		wait_for_next(f, began, cpu);
	}
	f->ended++;
	pthread_cond_broadcast(&f->changed);
	pthread_mutex_unlock(&f->lock);
	return NULL;
}

/* The first question that has no answer, or -1. */
static int next_ask(const struct feed *f)
{
	for (int i = 0; i < ASKS; i++)
		if (!f->wish.asks[i].answered && f->wish.asks[i].ref.kind != REF_NONE)
			return i;
	return -1;
}

/* Lets the screen in between two pieces; false where the graph is another by then. */
static bool breathe(struct feed *f, const struct graph *g)
{
	pthread_mutex_unlock(&f->lock);
	do
		sched_yield();
	while (atomic_load(&f->waiting));
	pthread_mutex_lock(&f->lock);
	return !f->end && f->shown == g;
}

/* The members of sets that were opened since the scan. */
static void read_sets(struct feed *f)
{
	struct graph *g = f->shown;
	struct process **list;
	size_t n = feed_rows(g, &f->wish.open, &list);

	f->sets_read = true;
	for (size_t i = 0; i < n && f->sets_read; i += PIECE) {
		f->source->read_processes(f->source->reader, g, list + i,
					  n - i < PIECE ? n - i : PIECE,
					  f->wish.process_needs | NEEDS_OF_SETS);
		if (!breathe(f, g))
			break;
	}
	free(list);
	wake_screen(f);
}

static void *reader_main(void *arg)
{
	struct feed *f = arg;

	pthread_mutex_lock(&f->lock);
	while (!f->end) {
		int ask = f->shown ? next_ask(f) : -1;

		if (ask >= 0) {
			feed_read_page(f->source, f->source->reader, f->shown, &f->wish.asks[ask]);
			f->wish.asks[ask].answered = true;
			wake_screen(f);
		} else if (f->shown && !f->sets_read) {
			read_sets(f);
		} else {
			pthread_cond_wait(&f->changed, &f->lock);
		}
	}
	f->ended++;
	pthread_cond_broadcast(&f->changed);
	pthread_mutex_unlock(&f->lock);
	return NULL;
}

static void init_locks(struct feed *f)
{
	pthread_condattr_t attr;

	pthread_mutex_init(&f->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&f->changed, &attr);
	pthread_condattr_destroy(&attr);
}

/* Signals are the screen's: none is for the threads. */
static int start_threads(struct feed *f)
{
	sigset_t all, old;
	int ret;

	sigfillset(&all);
	sigdelset(&all, SIGSEGV);
	sigdelset(&all, SIGBUS);
	sigdelset(&all, SIGFPE);
	sigdelset(&all, SIGILL);
	sigdelset(&all, SIGABRT);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	ret = pthread_create(&f->scanner, NULL, scanner_main, f);
	f->scanner_runs = ret == 0;
	if (ret == 0)
		ret = pthread_create(&f->reader, NULL, reader_main, f);
	f->reader_runs = ret == 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return -ret;
}

struct feed *feed_new(const struct tui_source *source, const struct browser *b, struct error *err)
{
	struct feed *f = calloc(1, sizeof(*f));
	int ret;

	if (!f)
		die("out of memory");
	f->source = source;
	f->sets_read = true;
	init_locks(f);
	f->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	ret = f->fd < 0 ? -errno : 0;
	feed_wish(f, b);
	if (ret == 0)
		ret = start_threads(f);
	if (ret < 0) {
		error_set(err, ret, "cannot start a thread: %s", strerror(-ret));
		feed_end(f);
		return NULL;
	}
	return f;
}

static void release(struct feed *f)
{
	if (f->scanner_runs)
		pthread_join(f->scanner, NULL);
	if (f->reader_runs)
		pthread_join(f->reader, NULL);
	pthread_mutex_destroy(&f->lock);
	pthread_cond_destroy(&f->changed);
	ref_list_release(&f->wish.open);
	graph_free(f->fresh);
	if (f->fd >= 0)
		close(f->fd);
	free(f);
}

bool feed_end(struct feed *f)
{
	unsigned threads = (unsigned)f->scanner_runs + (unsigned)f->reader_runs;
	int64_t until = now_ms(CLOCK_MONOTONIC) + END_MS, left;
	bool ended;

	if (!feed_lock(f, END_MS))
		return false;
	f->end = true;
	pthread_cond_broadcast(&f->changed);
	while (f->ended < threads && (left = until - now_ms(CLOCK_MONOTONIC)) > 0)
		wait_ms(f, left);
	ended = f->ended >= threads;
	pthread_mutex_unlock(&f->lock);
	if (ended)
		release(f);
	return ended;
}

int feed_fd(const struct feed *f)
{
	return f->fd;
}

void feed_read_fd(struct feed *f)
{
	uint64_t count;
	ssize_t n = read(f->fd, &count, sizeof(count));

	(void)n; /* empty already */
}

bool feed_lock(struct feed *f, unsigned ms)
{
	struct timespec until;
	int ret;

	/* The one clock that every C library's pthread_mutex_timedlock knows. */
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += (long)ms * 1000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	atomic_fetch_add(&f->waiting, 1);
	ret = pthread_mutex_timedlock(&f->lock, &until);
	atomic_fetch_sub(&f->waiting, 1);
	return ret == 0;
}

void feed_unlock(struct feed *f)
{
	pthread_mutex_unlock(&f->lock);
}

static bool wish_asks(struct feed *f, const struct browser *b)
{
	bool changed = false;

	for (int i = 0; i < ASKS; i++) {
		struct ask *mine = &f->wish.asks[i];
		const struct ask *asked = &b->asks[i];

		if (mine->page == asked->page && ref_same(&mine->ref, &asked->ref) &&
		    mine->answered >= asked->answered)
			continue;
		*mine = *asked;
		changed = true;
	}
	return changed;
}

void feed_wish(struct feed *f, const struct browser *b)
{
	struct wish *w = &f->wish;
	bool changed = wish_asks(f, b);
	unsigned ns_needs = browser_ns_needs(b), process_needs = browser_process_needs(b);
	bool hold = browser_is_asking(b);

	if (!ref_list_same(&w->open, browser_open_sets(b))) {
		ref_list_copy(&w->open, browser_open_sets(b));
		f->sets_read = false;
		changed = true;
	}
	changed |= w->ns_needs != ns_needs || w->process_needs != process_needs ||
		   w->interval_ms != b->interval_ms || w->paused != b->paused || f->hold != hold ||
		   b->refresh;
	w->ns_needs = ns_needs;
	w->process_needs = process_needs;
	w->interval_ms = b->interval_ms;
	w->paused = b->paused;
	f->hold = hold;
	f->now |= b->refresh;
	if (changed)
		pthread_cond_broadcast(&f->changed);
}

struct graph *feed_take(struct feed *f)
{
	struct graph *g = f->fresh;

	if (!g)
		return NULL;
	f->fresh = NULL;
	f->shown = g;
	f->sets_read = true;
	f->read_ns_needs = f->fresh_ns_needs;
	f->read_process_needs = f->fresh_process_needs;
	for (int i = 0; i < ASKS; i++)
		f->wish.asks[i].answered = f->fresh_answered[i];
	pthread_cond_broadcast(&f->changed);
	return g;
}

void feed_tell(struct feed *f, struct browser *b)
{
	for (int i = 0; i < ASKS; i++)
		if (f->wish.asks[i].answered && !b->asks[i].answered &&
		    f->wish.asks[i].page == b->asks[i].page &&
		    ref_same(&f->wish.asks[i].ref, &b->asks[i].ref))
			browser_answered(b, (unsigned)i);
}

struct feed_status feed_status(const struct feed *f)
{
	return (struct feed_status){
		.scanning = f->scan_began && now_ms(CLOCK_MONOTONIC) - f->scan_began > LONG_SCAN_MS,
		.slowed_ms = f->slowed_ms,
		.error = f->error,
	};
}
