/* SPDX-License-Identifier: MIT */
/*
 * Tasks of a test that stay as they are until the test ends: started one after the other, each
 * reports the facts about itself, says that it is in place, and waits for the end of a pipe that
 * only the maker of them all holds open for writing. Part of nslab: knows nothing of its cases.
 */
#ifndef NSVIEW_TESTS_TASK_H
#define NSVIEW_TESTS_TASK_H

#include "lab.h"
#include "nstypes.h"
#include <err.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATH_BYTES = 64 };

/* Set once by main and inherited by every task. */
static int procfd = -1;	   /* the procfs that nslab was started with */
static int life[2];	   /* nobody writes: its end is the end of all */
static int report_fd = -1; /* where facts go: to main */
static int ready_fd = -1;  /* of this task: tells its maker that it is in place */

/* A task that cannot do its part: main hears of it and ends everything. */
static _Noreturn void give_up(void)
{
	if (write(report_fd, "!", 1) != 1)
		warn("report");
	_exit(1);
}

static _Noreturn void fail(const char *what)
{
	warn("%s", what);
	give_up();
}

static void report(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static void report(const char *fmt, ...)
{
	char text[2048];
	va_list ap;
	va_start(ap, fmt);
	int len = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (len < 0 || (size_t)len >= sizeof(text) || write(report_fd, text, (size_t)len) != len)
		fail("report");
}

/* The inode number in one of the calling thread's own links; 0 where there is none. */
static unsigned long own_ns(const char *link)
{
	char path[PATH_BYTES], text[PATH_BYTES];
	unsigned long ino;
	snprintf(path, sizeof(path), "thread-self/ns/%s", link);
	ssize_t len = readlinkat(procfd, path, text, sizeof(text) - 1);
	if (len < 0)
		return 0;
	text[len] = '\0';
	const char *digits = strchr(text, '[');
	return digits && sscanf(digits, "[%lu]", &ino) == 1 ? ino : 0;
}

/* PID and TID as the procfs numbers them, which is how nsview will see them. */
static void own_ids(int *out_pid, int *out_tid)
{
	char text[PATH_BYTES];
	ssize_t len = readlinkat(procfd, "thread-self", text, sizeof(text) - 1);
	if (len < 0)
		fail("/proc/thread-self");
	text[len] = '\0';
	if (sscanf(text, "%d/task/%d", out_pid, out_tid) != 2)
		fail("/proc/thread-self");
}

/* PREFIX_pid, PREFIX_tid, PREFIX_inner (the PID inside) and PREFIX_ns_LINK for all ten. */
static void report_self(const char *prefix)
{
	int pid, tid;
	own_ids(&pid, &tid);
	report(" %s_pid=%d %s_tid=%d %s_inner=%d", prefix, pid, prefix, tid, prefix, getpid());
	for (unsigned i = 0; i < LINKS; i++) {
		unsigned long ino = own_ns(link_names[i]);
		if (ino)
			report(" %s_ns_%s=%lu", prefix, link_names[i], ino);
		else
			report(" %s_ns_%s=-", prefix, link_names[i]);
	}
}

static void tell_ready(void)
{
	if (write(ready_fd, "", 1) != 1)
		fail("ready");
	close(ready_fd);
}

static _Noreturn void wait_for_end(void)
{
	char c;
	while (read(life[0], &c, 1) < 0 && errno == EINTR)
		continue;
	_exit(0);
}

static _Noreturn void stay(void)
{
	tell_ready();
	wait_for_end();
}

/*
 * Starts a task and returns when it is in place, so that everything has one order. what must not
 * return. The task's number is as the caller's pid namespace has it.
 */
static pid_t start(int clone_flags, void (*what)(const void *), const void *arg)
{
	int ready[2];
	char c;
	if (pipe2(ready, O_CLOEXEC) < 0)
		fail("pipe");
	/* fork, unless it must be clone: it keeps libc's threads right. */
	long pid = clone_flags ? syscall(SYS_clone, SIGCHLD | clone_flags, NULL, NULL, NULL, 0L)
			       : fork();
	if (pid < 0)
		fail("clone");
	if (pid == 0) {
		if (ready_fd >= 0)
			close(ready_fd);
		close(ready[0]);
		ready_fd = ready[1];
		what(arg);
		_exit(1);
	}
	close(ready[1]);
	/* It has said why, unless it was killed. */
	if (read(ready[0], &c, 1) != 1)
		give_up();
	close(ready[0]);
	return (pid_t)pid;
}

static void await_exit(pid_t pid)
{
	if (waitpid(pid, NULL, 0) != pid)
		fail("waitpid");
}

static void unshare_or_fail(int flags)
{
	if (unshare(flags) < 0)
		fail("unshare");
}

static void enter_user_ns(void)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	unshare_or_fail(CLONE_NEWUSER);
	if (lab_map_root(procfd, uid, gid) < 0)
		fail("uid_map");
}

#endif
