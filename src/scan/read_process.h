/* SPDX-License-Identifier: MIT */
/* Reading the links of one process and its threads. Private to scan/. */
#ifndef NSVIEW_SCAN_READ_PROCESS_H
#define NSVIEW_SCAN_READ_PROCESS_H

#include "internal.h"

/* A thread that differs from its leader. */
struct raw_thread {
	struct raw_thread *next;
	pid_t tid;
	uint64_t ino[NS_LINKS];
};

struct raw_process {
	pid_t pid;
	int16_t error; /* -errno that kept the links from us; -ESRCH: it has vanished */
	bool zombie;
	uint32_t unread_threads;
	uint64_t ino[NS_LINKS];	    /* 0: no such link, or not readable */
	struct raw_thread *threads; /* in the worker's arena */
};

/* Reads raw->pid's links, and those of its threads if it has any. Only raw is written to. */
void read_process(const struct scan *s, struct raw_process *raw, struct arena *arena);

#endif
