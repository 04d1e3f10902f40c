/* SPDX-License-Identifier: MIT */
/*
 * What the pins of nspin are made of: a namespace without a member, tasks that stay until they
 * are ended, and what a pin is. Knows none of the ways to hold a namespace.
 */
#ifndef NSVIEW_TESTS_PIN_H
#define NSVIEW_TESTS_PIN_H

#include "nstypes.h"
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define NS_ID _IOR(0xb7, 13, uint64_t) /* NS_GET_ID, Linux 6.18 */

/* One thing that holds a namespace; what is 0, -1 or empty is not there. */
struct pin {
	const struct pin_case *how;
	const char *type; /* of the namespace, as in /proc/PID/ns */
	uint64_t ino, id;
	pid_t pid, tid; /* who holds it */
	int fd;		/* ... by which descriptor */
	char path[256]; /* ... by which mount */
	uint64_t mnt;	/* ... in which mount namespace */
	uint64_t needs; /* ... or which other namespace needs it */
	int ns;		/* of the namespace while it is made */
	int more[4];	/* descriptors that go at release */
	pid_t child;	/* a task that goes at release */
	void *thread;	/* likewise */
	bool released;
};

/* How the namespace can be come by. */
enum pin_class {
	PIN_PATH,   /* by /proc or an ioctl */
	PIN_HIDDEN, /* by the kernel's own memory only */
	PIN_NONE,   /* not at all, since this holds nothing */
	PIN_MORE,   /* like PIN_PATH, a variant of another case, or a member */
};

struct pin_case {
	const char *name;
	enum pin_class class;
	const char *type; /* of the namespace that is made beforehand; NULL: make does that */
	void (*make)(struct pin *p);
	void (*release)(struct pin *p); /* beside closing and ending what is noted in the pin */
};

static char directory[128]; /* for mount points */

static uint64_t ino_of(int fd)
{
	struct stat st;
	if (fstat(fd, &st) < 0)
		err(1, "fstat");
	return st.st_ino;
}

static int must(int ret, const char *what)
{
	if (ret < 0)
		err(1, "%s", what);
	return ret;
}

static int flag_of(const char *type)
{
	int flag = type_flag(type);

	if (!flag)
		errx(2, "no type %s", type);
	return flag;
}

static int ns_of(pid_t pid, const char *link)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, link);
	return must(open(path, O_RDONLY | O_CLOEXEC), path);
}

static const struct pin *current; /* being made */

/* Copies of other pins' descriptors would hold what those hold. */
static void close_others(int keep1, int keep2)
{
	for (int fd = 3; fd < 256; fd++)
		if (fd != keep1 && fd != keep2 && (!current || fd != current->ns))
			close(fd);
}

/* A task that calls what, then says so, and stays until it is killed, or nspin ends. */
static pid_t task_clone(int flags, void (*what)(void *), void *arg)
{
	int ready[2];
	char c;
	must(pipe2(ready, O_CLOEXEC), "pipe");
	pid_t parent = getpid();
	pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD | flags, NULL, NULL, NULL, 0L);
	if (must(pid, "clone") == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* 0: in a pid namespace of its own. */
		if (getppid() != parent && getppid() != 0)
			_exit(1);
		close_others(ready[1], -1);
		what(arg);
		/* A new user namespace has cleared it. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (write(ready[1], "", 1) == 1)
			while (true)
				pause();
		_exit(1);
	}
	close(ready[1]);
	if (read(ready[0], &c, 1) != 1)
		errx(1, "a task could not do its part");
	close(ready[0]);
	return pid;
}

static pid_t task_start(void (*what)(void *), void *arg)
{
	return task_clone(0, what, arg);
}

static void task_end(pid_t pid)
{
	if (pid <= 1)
		return;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void do_unshare(void *flags)
{
	must(unshare(*(int *)flags), "unshare");
}

/* Descriptor of a new namespace in which nobody is. */
static int ns_new(int flags, const char *link)
{
	pid_t pid = task_start(do_unshare, &flags);
	int fd = ns_of(pid, link);
	task_end(pid);
	return fd;
}

/* Notes which namespace it is about, while there is a descriptor of it. */
static void note_ns(struct pin *p, int fd)
{
	p->ino = ino_of(fd);
	if (ioctl(fd, NS_ID, &p->id) < 0)
		p->id = 0;
}

static void note_ns_of(struct pin *p, pid_t pid, const char *type)
{
	int fd = ns_of(pid, type);
	p->type = type;
	note_ns(p, fd);
	close(fd);
}

/* From here on only what holds the pin holds it. */
static void let_go(struct pin *p)
{
	close(p->ns);
	p->ns = -1;
}

/* By the kernel's id for it, with nothing else leading there; -1 with errno. */
static int ns_reopen(const struct pin *p)
{
	union {
		struct file_handle head;
		char room[sizeof(struct file_handle) + 16];
	} h = { .room = { 0 } };
	const uint32_t tail[2] = { (uint32_t)flag_of(p->type), (uint32_t)p->ino };
	h.head.handle_bytes = 16;
	h.head.handle_type = 0xf1; /* FILEID_NSFS */
	memcpy(h.room + sizeof(h.head), &p->id, 8);
	memcpy(h.room + sizeof(h.head) + 8, tail, 8);
	return open_by_handle_at(-10003 /* FD_NSFS_ROOT */, &h.head, O_RDONLY | O_CLOEXEC);
}

/* 1 while the kernel has the namespace, 0 when it is gone, -1 where it cannot be asked. */
static int is_alive(const struct pin *p)
{
	int fd = p->id ? ns_reopen(p) : -1;
	if (!p->id)
		return -1;
	if (fd >= 0)
		close(fd);
	return fd >= 0 ? 1 : errno == ESTALE ? 0 : -1;
}

#endif
