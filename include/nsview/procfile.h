/* SPDX-License-Identifier: MIT */
/*
 * Reading /proc files whole, and links, relative to a directory fd, so that a reused PID cannot mix
 * in.
 */
#ifndef NSVIEW_PROCFILE_H
#define NSVIEW_PROCFILE_H

#include <stdint.h>
#include <sys/types.h>
#include <nsview/buffer.h>

/*
 * Replaces out's contents with those of the file at path under dirfd, at most limit bytes.
 * Returns 0 or -errno; ESRCH and ENOENT mean that the process is gone.
 */
int proc_read(int dirfd, const char *path, size_t limit, struct buffer *out);

/*
 * What is read of a mountinfo at most. Unless somebody has raised fs.mount-max (proc_sys_fs(5)), a
 * mount namespace has no more than a hundred thousand mounts, whose lines are seldom longer than
 * 200 bytes.
 */
enum { PROC_MOUNTINFO_MAX = 256 << 20 };

/* Replaces out's contents with the target of a symbolic link. */
int proc_readlink(int dirfd, const char *path, struct buffer *out);

/*
 * The inode number that a link of /proc/PID/ns leads to, 0 on failure. -errno as of readlinkat(2),
 * -EINVAL where it is no such link.
 */
int proc_ns_link(int dirfd, const char *path, uint64_t *out_ino);

/* The number that a directory entry of /proc or of task/ is, or 0 where it is none. */
pid_t proc_entry_pid(const char *name);

#endif
