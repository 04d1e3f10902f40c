/* SPDX-License-Identifier: MIT */
/* Reading the links of one process and its threads. Private to scan/. */
#ifndef NSVIEW_SCAN_READ_PROCESS_H
#define NSVIEW_SCAN_READ_PROCESS_H

#include "ancestors.h"

/* A thread that differs from its leader. */
struct raw_thread {
	struct raw_thread *next;
	pid_t tid;
	uint64_t ino[NS_LINKS];
};

/* What the kernel said about a namespace that was met for the first time. */
struct raw_edge {
	struct raw_edge *next;
	enum ns_type type;
	uint64_t ino;
	struct ancestors ancestors;
};

/*
 * Namespaces that were asked about; any number of threads may share it. A slot that another
 * namespace took over costs asking once more.
 */
struct asked {
	_Atomic uint64_t slot[1 << 14];
};

struct raw_process {
	pid_t pid;
	int16_t error; /* -errno that kept the links from us; -ESRCH: it has vanished */
	bool zombie;
	pid_t ppid; /* -1: not known */
	uint32_t unread_threads;
	uint64_t ino[NS_LINKS];	    /* 0: no such link, or not readable */
	struct raw_thread *threads; /* in the worker's arena, as are the edges */
	struct raw_edge *edges;
};

/*
 * Reads raw->pid's links, and those of its threads if it has any; and the owner and parent of each
 * namespace that nobody asked about yet, since its file is at hand.
 */
void read_process(const struct scan *s, struct raw_process *raw, struct asked *asked,
		  struct arena *arena);

#endif
