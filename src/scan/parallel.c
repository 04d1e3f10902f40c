/* SPDX-License-Identifier: MIT */
/*
 * Spreads work over threads. Knows nothing of the work. Chunks are taken from one counter, since
 * the cost of an item (a process with a thousand threads) is not known beforehand.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include <nsview/kern.h>

#include "internal.h"

enum { CHUNK = 64, WORKERS_MAX = 16 };

struct job {
	scan_work work;
	void *ctx;
	size_t n;
	atomic_size_t next;
};

struct worker {
	pthread_t thread;
	struct job *job;
	struct arena arena;
};

static void drain(struct job *job, struct arena *arena)
{
	size_t begin;

	while ((begin = atomic_fetch_add(&job->next, CHUNK)) < job->n)
		job->work(job->ctx, begin, begin + CHUNK < job->n ? begin + CHUNK : job->n, arena);
}

static void *worker_main(void *arg)
{
	struct worker *w = arg;

	/* A table of its own, so that open and close take no shared lock; failing costs only that.
	 */
	kern_unshare(CLONE_FILES);
	drain(w->job, &w->arena);
	return NULL;
}

void scan_parallel(unsigned threads, size_t n, scan_work work, void *ctx, struct arena *arena)
{
	struct job job = { work, ctx, n, 0 };
	struct worker workers[WORKERS_MAX];
	unsigned started = 0;

	/* The caller is one of the workers; a helper is worth its start from two chunks on. */
	while (started + 1 < threads && started < WORKERS_MAX && (started + 1) * CHUNK < n) {
		struct worker *w = &workers[started];

		*w = (struct worker){ .job = &job, .arena = ARENA_INIT };
		if (pthread_create(&w->thread, NULL, worker_main, w) != 0)
			break;
		started++;
	}
	drain(&job, arena);
	for (unsigned i = 0; i < started; i++) {
		pthread_join(workers[i].thread, NULL);
		arena_adopt(arena, &workers[i].arena);
	}
}
