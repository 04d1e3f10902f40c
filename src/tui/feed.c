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

#include "altstack.h"
#include "feed_parts.h"

enum {
	LONG_SCAN_MS = 500, /* from then on it is said that one is under way */
	END_MS = 300,
	PIECE = 32, /* processes read at a time while the lock is held */
};

static void wake_screen(const struct feed *f)
{
	const uint64_t one = 1;
	ssize_t n = write(f->fd, &one, sizeof(one));

	(void)n; /* it can only be full, and then it is readable already */
}

/* With the lock; it is let go while the host is read. */
static void scan_once(struct feed *f, bool holders)
{
	struct wish wish = f->wish;
	struct graph *g = NULL;
	struct error err = { 0 }, net_err = { 0 };
	int ret;

	/* What no process is in may be the other end of a wire. */
	wish.net = wish.net && holders;
	wish.open = (struct ref_list){ 0 };
	ref_list_copy(&wish.open, &f->wish.open);
	f->scan_began = clock_ms(CLOCK_MONOTONIC);
	pthread_mutex_unlock(&f->lock);
	ret = f->source->scan(f->source->scanner, holders, &g, &err);
	if (ret == 0)
		feed_read_rows(f->source, g, &wish);
	if (ret == 0 && wish.net)
		feed_read_net(f->source, g, &wish, &net_err);
	pthread_mutex_lock(&f->lock);
	ref_list_release(&wish.open);
	f->scan_began = 0;
	f->error = err;
	f->fresh = ret == 0 ? g : NULL;
	f->fresh_ns_needs = wish.ns_needs;
	f->fresh_process_needs = wish.process_needs;
	f->fresh_net = wish.net;
	f->fresh_net_of = wish.net_of;
	f->net_error = net_err;
	/* What was asked for meanwhile is another question. */
	for (int i = 0; i < ASKS; i++)
		f->fresh_answered[i] = wish.asks[i].page == f->wish.asks[i].page &&
				       ref_same(&wish.asks[i].ref, &f->wish.asks[i].ref);
	wake_screen(f);
}

static void scan_until_end(struct feed *f)
{
	/* Rows first, and then what takes longer to find: namespaces that no process is in. */
	bool holders = false;

	pthread_mutex_lock(&f->lock);
	while (!f->end) {
		int64_t began = clock_ms(CLOCK_MONOTONIC), cpu = clock_ms(CLOCK_PROCESS_CPUTIME_ID);

		f->now = false;
		scan_once(f, holders);
		if (!holders && !f->error.code)
			f->now = true;
		holders = holders || !f->error.code;
		feed_wait_for_next(f, began, cpu);
	}
	f->ended++;
	pthread_cond_broadcast(&f->changed);
	pthread_mutex_unlock(&f->lock);
}

static void *scanner_main(void *feed)
{
	struct altstack stack;

	altstack_init(&stack);
	scan_until_end(feed);
	altstack_release(&stack);
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

/* The members of sets that were opened since the scan, or of all where they are searched. */
static void read_sets(struct feed *f)
{
	struct graph *g = f->shown;
	struct process **list;
	bool all = f->wish.members;
	size_t n = feed_rows(g, &f->wish.open, all, &list);

	f->sets_read = true;
	for (size_t i = 0; i < n && f->sets_read; i += PIECE) {
		f->source->read_processes(f->source->reader, g, list + i,
					  n - i < PIECE ? n - i : PIECE,
					  f->wish.process_needs | NEEDS_OF_SETS);
		if (!breathe(f, g))
			break;
	}
	f->members_read |= all && f->sets_read && f->shown == g;
	free(list);
	wake_screen(f);
}

static void read_until_end(struct feed *f)
{
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
}

static void *reader_main(void *feed)
{
	struct altstack stack;

	altstack_init(&stack);
	read_until_end(feed);
	altstack_release(&stack);
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
	int64_t until = clock_ms(CLOCK_MONOTONIC) + END_MS, left;
	bool ended;

	if (!feed_lock(f, END_MS))
		return false;
	f->end = true;
	pthread_cond_broadcast(&f->changed);
	while (f->ended < threads && (left = until - clock_ms(CLOCK_MONOTONIC)) > 0)
		feed_wait(f, left);
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

struct graph *feed_take(struct feed *f)
{
	struct graph *g = f->fresh;

	if (!g)
		return NULL;
	f->fresh = NULL;
	f->shown = g;
	f->sets_read = !f->wish.members;
	f->members_read = false;
	f->read_ns_needs = f->fresh_ns_needs;
	f->read_process_needs = f->fresh_process_needs;
	f->net_read = f->fresh_net;
	f->net_of = f->fresh_net_of;
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
	if (f->members_read && !b->members)
		browser_members_read(b);
}

struct feed_status feed_status(const struct feed *f)
{
	return (struct feed_status){
		.scanning =
			f->scan_began && clock_ms(CLOCK_MONOTONIC) - f->scan_began > LONG_SCAN_MS,
		.slowed_ms = f->slowed_ms,
		.error = f->error,
		.net = f->net_error,
	};
}
