/* SPDX-License-Identifier: MIT */
/*
 * Who asks to enter and what there is to be entered, for tryenter: tables, and the making of it by
 * hand. Everything ends with the tool, whose end of a pipe it waits on.
 */
#ifndef NSVIEW_TESTS_TRYLAB_H
#define NSVIEW_TESTS_TRYLAB_H

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nsview/nstype.h>

#include "lab.h"
#include "nstypes.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

enum {
	ORDINARY = 4343, /* a uid and gid */
	NONE = -1,
	ALL = CLONE_NEWCGROUP | CLONE_NEWIPC | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWPID |
	      CLONE_NEWTIME | CLONE_NEWUSER | CLONE_NEWUTS,
	STAGES = 4,
};

#define CAP(name)   ((uint64_t)1 << CAP_##name)
#define AS_THEY_ARE UINT64_MAX

/* Each stage unshares; a user namespace comes first in it, and its creator is root there. */
struct spec {
	const char *name;
	unsigned first; /* unshared before uid is taken on */
	bool ordinary;
	int inside; /* index of a target whose user namespace is joined first, or NONE */
	unsigned stages[STAGES];
	bool undumpable, capable;
};

static const struct spec specs[] = {
	{ "own_container", 0, true, NONE, { ALL }, false, false },
	{ "own_nested", 0, true, 0, { ALL }, false, false },
	{ "own_nested_user_only", 0, true, NONE, { ALL, CLONE_NEWUSER }, false, false },
	{ "own_undumpable", 0, true, NONE, { ALL }, true, false },
	{ "own_on_host_net",
	  CLONE_NEWNET,
	  true,
	  NONE,
	  { ALL & ~CLONE_NEWNET & ~CLONE_NEWTIME },
	  false,
	  false },
	{ "own_shared", 0, true, NONE, { 0 }, false, false },
	{ "own_with_capability", 0, true, NONE, { 0 }, false, true },
	{ "root_container", 0, false, NONE, { ALL & ~CLONE_NEWUSER }, false, false },
	{ "root_user_container", 0, false, NONE, { ALL }, false, false },
	{ "root_nested_user_only", 0, false, NONE, { ALL, CLONE_NEWUSER }, false, false },
	{ "root_net_uts", 0, false, NONE, { CLONE_NEWNET | CLONE_NEWUTS }, false, false },
	{ "root_shared", 0, false, NONE, { 0 }, false, false },
};
enum { TARGETS = sizeof(specs) / sizeof(specs[0]) };

enum { OWN_CONTAINER = 0, ROOT_USER_CONTAINER = 8 };

struct caller {
	const char *name;
	bool ordinary;
	uint64_t caps;
	int inside;	/* index of a target whose user namespace it is in, or NONE */
	unsigned first; /* unshared, with a fork, at the start */
	bool chrooted;
	bool foreign_pid; /* in the pid namespace of the first target, and not in its user namespace
			   */
	bool few;	  /* not all sets */
	bool pending;	  /* a pid namespace unshared, without a fork */
};

static const struct caller callers[] = {
	{ "root", .caps = AS_THEY_ARE, .inside = NONE },
	{ "ordinary", .ordinary = true, .inside = NONE },
	{ "nested_root", .ordinary = true, .caps = AS_THEY_ARE, .inside = NONE,
	  .first = CLONE_NEWUSER },
	{ "in_own_container", .ordinary = true, .inside = OWN_CONTAINER },
	{ "in_root_container", .caps = AS_THEY_ARE, .inside = ROOT_USER_CONTAINER, .few = true },
	{ "admin", .ordinary = true, .caps = CAP(SYS_ADMIN), .inside = NONE },
	{ "admin_ptrace", .ordinary = true, .caps = CAP(SYS_ADMIN) | CAP(SYS_PTRACE),
	  .inside = NONE },
	{ "admin_chroot_ptrace", .ordinary = true,
	  .caps = CAP(SYS_ADMIN) | CAP(SYS_CHROOT) | CAP(SYS_PTRACE), .inside = NONE, .few = true },
	{ "chroot_ptrace", .ordinary = true, .caps = CAP(SYS_CHROOT) | CAP(SYS_PTRACE),
	  .inside = NONE, .few = true },
	{ "net_admin", .ordinary = true, .caps = CAP(NET_ADMIN), .inside = NONE, .few = true },
	{ "root_bare", .inside = NONE, .few = true },
	{ "root_in_pid_ns", .caps = AS_THEY_ARE, .inside = NONE, .first = CLONE_NEWPID,
	  .few = true },
	{ "root_in_foreign_pid_ns", .caps = AS_THEY_ARE, .inside = NONE, .foreign_pid = true,
	  .few = true },
	{ "root_pid_pending", .caps = AS_THEY_ARE, .inside = NONE, .pending = true, .few = true },
	{ "root_chrooted", .caps = AS_THEY_ARE, .inside = NONE, .chrooted = true, .few = true },
	{ "ordinary_chrooted", .ordinary = true, .inside = NONE, .chrooted = true, .few = true },
};
enum { CALLERS = sizeof(callers) / sizeof(callers[0]) };

struct target {
	pid_t pid; /* 0: not made */
	int pidfd, dir;
	int files[NS_TYPES]; /* opened by the tool, for callers that could not */
};

static struct target targets[TARGETS];
static int procfd, life[2];
static bool is_real_root;

static void set_caps(uint64_t caps)
{
	if (caps == AS_THEY_ARE)
		return;
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2] = {
		{ (uint32_t)caps, (uint32_t)caps, 0 },
		{ (uint32_t)(caps >> 32), (uint32_t)(caps >> 32), 0 },
	};
	if (syscall(SYS_capset, &head, data) < 0)
		err(2, "capset");
}

static void become_ordinary(void)
{
	prctl(PR_SET_KEEPCAPS, 1);
	if (!is_real_root)
		return;
	if (syscall(SYS_setgroups, 0, NULL) < 0 || setresgid(ORDINARY, ORDINARY, ORDINARY) < 0 ||
	    setresuid(ORDINARY, ORDINARY, ORDINARY) < 0)
		err(2, "becoming an ordinary user");
	prctl(PR_SET_DUMPABLE, 1);
}

/* By the maker's own hand: root inside is who made it. */
static void make_some(unsigned flags)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();

	if (flags & CLONE_NEWUSER &&
	    (unshare(CLONE_NEWUSER) < 0 || lab_map_root(procfd, uid, gid) < 0))
		err(2, "unshare user");
	flags &= ~(unsigned)CLONE_NEWUSER;
	if (flags && unshare((int)flags) < 0)
		err(2, "unshare %x", flags);
}

static void join_user_of(int target)
{
	int fd = openat(targets[target].dir, "ns/user", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || setns(fd, CLONE_NEWUSER) < 0)
		err(2, "joining the user namespace of %s", specs[target].name);
	close(fd);
}

/* As the tool's /proc has it. */
static void tell_number(int fd)
{
	char number[16] = "";
	ssize_t len = readlinkat(procfd, "self", number, sizeof(number));

	if (len <= 0 || write(fd, number, (size_t)len) != len)
		err(2, "telling a number");
}

/* Stays until the tool ends; its number as the tool's /proc has it goes out first. */
static void stay(const struct spec *s, int report)
{
	struct pollfd p = { .fd = life[0], .events = POLLIN };

	prctl(PR_SET_DUMPABLE, !s->undumpable);
	close(life[1]);
	tell_number(report);
	close(report);
	poll(&p, 1, -1);
	_exit(0);
}

/* To be root inside who is root outside takes CAP_SETFCAP: user_namespaces(7). */
static uint64_t caps_of(const struct spec *s)
{
	if (s->capable)
		return CAP(NET_RAW);
	if (!s->ordinary)
		return AS_THEY_ARE;
	return is_real_root || !(s->stages[0] & CLONE_NEWUSER) ? 0 : CAP(SETFCAP);
}

static void target_main(const struct spec *s, int report)
{
	if (s->first)
		make_some(s->first);
	if (s->ordinary)
		become_ordinary();
	if (s->inside != NONE)
		join_user_of(s->inside);
	else
		set_caps(caps_of(s));
	for (int i = 0; i < STAGES && s->stages[i]; i++)
		make_some(s->stages[i]);
	if (fork() == 0)
		stay(s, report);
	close(life[1]);
	close(report);
	wait(NULL);
	_exit(0);
}

/* -1 where one may not be opened. */
static bool open_files(int dir, int fds[NS_TYPES])
{
	bool all = true;

	for (int i = 0; i < NS_TYPES; i++) {
		char path[32];

		snprintf(path, sizeof(path), "ns/%s", ns_types[i].name);
		fds[i] = openat(dir, path, O_RDONLY | O_CLOEXEC);
		all = all && fds[i] >= 0;
	}
	return all;
}

static void make_target(int i)
{
	int report[2];
	char number[16] = "";
	char path[32];
	pid_t pid;

	if (pipe2(report, O_CLOEXEC) < 0)
		err(2, "pipe");
	pid = fork();
	if (pid < 0)
		err(2, "fork");
	if (pid == 0) {
		close(report[0]);
		target_main(&specs[i], report[1]);
	}
	close(report[1]);
	if (read(report[0], number, sizeof(number) - 1) <= 0)
		errx(2, "%s could not be made", specs[i].name);
	close(report[0]);
	targets[i].pid = atoi(number);
	snprintf(path, sizeof(path), "%d", targets[i].pid);
	targets[i].dir = openat(procfd, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	targets[i].pidfd = (int)syscall(SYS_pidfd_open, targets[i].pid, 0);
	if (targets[i].dir < 0)
		err(2, "%s", path);
	open_files(targets[i].dir, targets[i].files);
}

static void await(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		errx(2, "a caller has failed");
}

static void become(const struct caller *c)
{
	if (c->foreign_pid && setns(targets[OWN_CONTAINER].files[NS_PID], CLONE_NEWPID) < 0)
		err(2, "joining a pid namespace");
	if (c->first & CLONE_NEWPID)
		make_some(CLONE_NEWPID);
	if (c->foreign_pid || c->first & CLONE_NEWPID) {
		pid_t pid = fork();

		if (pid < 0)
			err(2, "fork");
		if (pid > 0) {
			await(pid);
			_exit(0);
		}
	}
	if (c->chrooted && (chdir("/usr") < 0 || chroot(".") < 0))
		err(2, "chroot");
	if (c->ordinary)
		become_ordinary();
	if (c->inside != NONE) {
		set_caps(c->ordinary ? 0 : AS_THEY_ARE);
		join_user_of(c->inside);
	} else if (c->first & CLONE_NEWUSER) {
		make_some(CLONE_NEWUSER);
	} else {
		set_caps(c->caps);
	}
}

/* Root of a user namespace with one id has nobody else to become. */
static bool can_become_ordinary(void)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(setresuid(ORDINARY, ORDINARY, ORDINARY) < 0);
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

#endif
