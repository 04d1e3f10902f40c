/* SPDX-License-Identifier: MIT */
/* What the files of scan/ share. Private to the room. */
#ifndef NSVIEW_SCAN_INTERNAL_H
#define NSVIEW_SCAN_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <nsview/arena.h>
#include <nsview/proctext.h>
#include <nsview/scan.h>

struct scan {
	char *path;	  /* of the proc root, owned */
	int procfd;	  /* directory fd of it */
	bool procfs;	  /* a real procfs, not a copy of one in files */
	bool own;	  /* ... which numbers processes as our own pid namespace does */
	pid_t self;	  /* our pid in it, 0 if it does not show us */
	unsigned threads; /* to use at most */
	enum scan_choice choice;
	struct kernel_source *kernel; /* the read of the last scan, NULL: it was of /proc */
};

/* A copy of a field of mountinfo as proc_unescape leaves it. */
static inline const char *scan_unescaped(struct arena *arena, struct span text)
{
	char *out = arena_alloc(arena, text.len + 1);

	proc_unescape(text, out);
	return out;
}

/* Works on items begin to end - 1. arena is the worker's own; its memory lives with the graph. */
typedef void (*scan_work)(void *ctx, size_t begin, size_t end, struct arena *arena);

/*
 * Runs work over all of 0 to n - 1 in chunks, on up to `threads` threads with private descriptor
 * tables (unshare(CLONE_FILES): no lock is shared on open and close). Each worker's arena is
 * adopted by arena at the end. With one thread, or few items, it all runs in the caller.
 */
void scan_parallel(unsigned threads, size_t n, scan_work work, void *ctx, struct arena *arena);

/*
 * Opens whatever is at path below dirfd if it is an nsfs file, without ever opening anything else.
 * Returns the fd and the inode number, or -errno; -EINVAL: it is something else.
 */
int scan_nsfs_open(int dirfd, const char *path, uint64_t *out_ino);
/* The same of what was opened with O_PATH; that stays the caller's. */
int scan_nsfs_reopen(int looked, uint64_t *out_ino);
/* *fd, taken over, if it is that namespace's file; else -ENOENT, or the error that it is. */
int nsfs_checked(int *fd, const struct ns *ns);

/*
 * Opens /proc/PID (O_PATH directory) of a process and makes sure that it is still the one that
 * was scanned, by its namespaces. Returns the fd, or -errno (-ESRCH: it is gone).
 */
int scan_process_open(const struct scan *s, const struct process *p);

#endif
