/* SPDX-License-Identifier: MIT */
/*
 * Raw kernel calls that make mounts: fsopen(2) and its kin, open_tree(2), move_mount(2), all 5.2,
 * mount_setattr(2), 5.12, and pivot_root(2). A mount that an fd stands for is attached nowhere
 * until it is moved, and goes with the fd. Each returns 0 or an fd (close-on-exec), or -errno.
 */
#ifndef NSVIEW_KERN_MOUNT_H
#define NSVIEW_KERN_MOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* MOUNT_ATTR_* of linux/mount.h. */
enum {
	KERN_RDONLY = 0x1,
	KERN_NOSUID = 0x2,
	KERN_NODEV = 0x4,
	KERN_NOEXEC = 0x8,
	KERN_ATIME = 0x70, /* mask of these: relative 0, none, strict */
	KERN_NOATIME = 0x10,
	KERN_STRICTATIME = 0x20,
	KERN_NODIRATIME = 0x80,
	KERN_NOSYMFOLLOW = 0x200000, /* 5.14 */
};

int kern_fsopen(const char *fstype);
/* value NULL: a flag. */
int kern_fsconfig(int context, const char *key, const char *value);
/* Creates the file system and mounts it. */
int kern_fsmount(int context, unsigned attributes);
/* The next message of the kernel about this file system, "e overlay: ...", NUL-terminated. */
ssize_t kern_fs_message(int context, char *out, size_t size);

/*
 * A copy of the mount at path ("": at dirfd itself, here and below), or of all below it too;
 * -EINVAL where part of it is locked.
 */
int kern_open_tree(int dirfd, const char *path, bool recursive);
/* Attaches it on what at stands for, so that no path is walked. */
int kern_move_mount(int mount, int at);
int kern_mount_setattr(int mount, uint64_t set, uint64_t clear, bool recursive);
int kern_pivot_root(const char *new_root, const char *put_old);

/* PID in the caller's pid namespace of the first process of another; -ESRCH: it is dead. 6.11 */
int kern_pidns_first(int pidns_fd);

#endif
