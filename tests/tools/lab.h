/* SPDX-License-Identifier: MIT */
/* What the makers of odd processes share: hostile names, and becoming root of a user namespace. */
#ifndef NSVIEW_TESTS_LAB_H
#define NSVIEW_TESTS_LAB_H

#include <fcntl.h>
#include <stdio.h>
#include <sys/types.h>
#include <unistd.h>

/* Each at most 15 bytes, so that it fits a comm: the kernel cuts the rest. */
static const char *const hostile_names[] = {
	"a\nb",		      /* forges a second row */
	"x) R 1 (y",	      /* forges the fields of /proc/PID/stat */
	"\033[31mred\033[0m", /* colours the terminal */
	"\xff\xfe\x80ok",     /* is not UTF-8 */
	"\xe2\x80\xae"
	"gnp",		  /* turns the text around it (right-to-left override) */
	"\\x1b[0m",	  /* looks like an escape, and is not one */
	" \t ",		  /* looks like no name */
	"\"'`$(id);&|<>", /* quoting */
	"\xc2\x9b"
	"31m",		      /* the eight-bit form of ESC [ */
	"N\n4026531833\tuts", /* a row of a table */
};
enum { HOSTILE_NAMES = sizeof(hostile_names) / sizeof(hostile_names[0]) };

static inline int lab_write(int dirfd, const char *path, const char *text, size_t len)
{
	int fd = openat(dirfd, path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	ssize_t n = write(fd, text, len);
	close(fd);
	return n == (ssize_t)len ? 0 : -1;
}

/*
 * Maps the caller, whose ids outside are uid and gid, to 0 in the user namespace that it has just
 * entered. 0, or -1 with errno. procfd is a directory fd of a procfs that shows the caller.
 */
static inline int lab_map_root(int procfd, uid_t uid, gid_t gid)
{
	char map[32];
	if (lab_write(procfd, "self/setgroups", "deny", 4) < 0)
		return -1;
	int len = snprintf(map, sizeof(map), "0 %u 1", uid);
	if (lab_write(procfd, "self/uid_map", map, (size_t)len) < 0)
		return -1;
	len = snprintf(map, sizeof(map), "0 %u 1", gid);
	return lab_write(procfd, "self/gid_map", map, (size_t)len);
}

#endif
