/* SPDX-License-Identifier: MIT */
/*
 * Cases of nspin: tasks that hold a namespace without being members of it or when they have ended,
 * and namespaces that need another. Knows how each is made and noted, and nothing of who is told.
 */
#ifndef NSVIEW_TESTS_PINS_TASK_H
#define NSVIEW_TESTS_PINS_TASK_H

#include "lab.h"
#include "pins_file.h"
#include <sys/mman.h>

/* The uts namespace of a user namespace is open: so the user namespace lives. */
static void make_owner(struct pin *p)
{
	int flags = CLONE_NEWUSER | CLONE_NEWUTS;
	pid_t pid = task_start(do_unshare, &flags);
	int user = ns_of(pid, "user");
	p->type = "user";
	p->more[0] = ns_of(pid, "uts");
	p->needs = ino_of(p->more[0]);
	note_ns(p, user);
	close(user);
	task_end(pid);
}

static void nest_user(void *arg)
{
	int procfd = must(open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC), "/proc");
	int *upper = arg;
	must(unshare(CLONE_NEWUSER), "unshare");
	must(lab_map_root(procfd, 0, 0), "uid_map");
	/* Its number goes to the maker by memory that both share. */
	int fd = ns_of(getpid(), "user");
	upper[0] = fd;
	if (ioctl(fd, NS_ID, (uint64_t *)(void *)(upper + 4)) < 0)
		memset(upper + 4, 0, 8);
	*(uint64_t *)(void *)(upper + 2) = ino_of(fd);
	close(fd);
	must(unshare(CLONE_NEWUSER), "unshare");
	close(procfd);
}

static void make_child_user(struct pin *p)
{
	int *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		err(1, "mmap");
	p->type = "user";
	p->child = task_start(nest_user, shared);
	p->ino = *(uint64_t *)(void *)(shared + 2);
	p->id = *(uint64_t *)(void *)(shared + 4);
	int user = ns_of(p->child, "user");
	p->needs = ino_of(user);
	close(user);
	munmap(shared, 4096);
}

static void do_nothing(void *arg)
{
	(void)arg;
}

/* The first process of a pid namespace, as the caller numbers it. */
static pid_t pid_start(void)
{
	return task_clone(CLONE_NEWPID, do_nothing, NULL);
}

static void make_pid_parent(struct pin *p)
{
	/* Its init has one more pid namespace for children, which a descriptor holds. */
	pid_t init = (pid_t)syscall(SYS_clone, SIGCHLD | CLONE_NEWPID, NULL, NULL, NULL, 0L);
	if (init == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (unshare(CLONE_NEWPID) < 0)
			_exit(1);
		pid_t child = fork();
		if (child == 0)
			while (true)
				pause();
		while (true)
			pause();
	}
	must(init, "clone");
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/ns/pid_for_children", init);
	int own = ns_of(init, "pid"), inner = -1;
	for (int i = 0; i < 1000; i++) {
		inner = open(path, O_RDONLY | O_CLOEXEC);
		if (inner >= 0 && ino_of(inner) != ino_of(own))
			break;
		if (inner >= 0)
			close(inner);
		inner = -1;
		usleep(1000);
	}
	must(inner, path);
	p->type = "pid";
	note_ns(p, own);
	close(own);
	p->more[0] = inner;
	p->needs = ino_of(inner);
	task_end(init);
}

static void do_pid_used(void *arg)
{
	(void)arg;
	must(unshare(CLONE_NEWPID), "unshare");
	pid_t child = must(fork(), "fork");
	if (child == 0)
		_exit(0);
	waitpid(child, NULL, 0);
}

/* The pid namespace of what a task unshared: /proc does not show it before its first child. */
static int for_children_of(pid_t pid, const char *link, unsigned request)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, link);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	int pidfd = must((int)syscall(SYS_pidfd_open, pid, 0), "pidfd_open");
	fd = ioctl(pidfd, request, 0);
	close(pidfd);
	return must(fd, link);
}

static void by_children(struct pin *p, const char *type, const char *link, unsigned request)
{
	int fd = for_children_of(p->child, link, request);
	p->pid = p->child;
	p->type = type;
	note_ns(p, fd);
	close(fd);
}

static void make_pid_used(struct pin *p)
{
	p->child = task_start(do_pid_used, NULL);
	by_children(p, "pid", "pid_for_children", _IO(0xff, 6));
}

static void make_pid_unused(struct pin *p)
{
	p->child = task_start(do_unshare, &(int){ CLONE_NEWPID });
	by_children(p, "pid", "pid_for_children", _IO(0xff, 6));
}

static void make_time(struct pin *p)
{
	p->child = task_start(do_unshare, &(int){ CLONE_NEWTIME });
	by_children(p, "time", "time_for_children", _IO(0xff, 8));
}

static void leave_uts(struct pin *p)
{
	must(unshare(CLONE_NEWUTS), "unshare");
	int fd = must(open("/proc/thread-self/ns/uts", O_RDONLY | O_CLOEXEC), "ns/uts");
	note_ns(p, fd);
	close(fd);
}

static void make_thread(struct pin *p)
{
	p->type = "uts";
	thread_start(p, leave_uts);
}

static void *linger(void *arg)
{
	char c = 0;
	if (write(*(int *)arg, &c, 1) == 1)
		while (true)
			pause();
	return arg;
}

/* A process in a uts namespace of its own, of which only a second thread lives on. */
static void make_zombie_leader(struct pin *p)
{
	int ready[2];
	char c, path[64];
	must(pipe2(ready, O_CLOEXEC), "pipe");
	p->child = must(fork(), "fork");
	if (p->child == 0) {
		pthread_t thread;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		must(unshare(CLONE_NEWUTS), "unshare");
		if (pthread_create(&thread, NULL, linger, &ready[1]) == 0)
			syscall(SYS_exit, 0); /* this thread alone */
		_exit(1);
	}
	if (read(ready[0], &c, 1) != 1)
		errx(1, "zombie-leader");
	close(ready[0]);
	close(ready[1]);
	p->type = "uts";
	p->pid = p->child;
	snprintf(path, sizeof(path), "/proc/%d/task", p->child);
	for (pid_t tid = p->child + 1; tid < p->child + 1000; tid++) {
		snprintf(path, sizeof(path), "/proc/%d/task/%d/ns/uts", p->child, tid);
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		p->tid = tid;
		note_ns(p, fd);
		close(fd);
		break;
	}
	/* Until the leader has gone. */
	snprintf(path, sizeof(path), "/proc/%d/ns/uts", p->child);
	for (int i = 0; i < 1000 && readlink(path, &c, 1) > 0; i++)
		usleep(1000);
}

/* Ends it without taking its status. */
static void make_zombie(struct pin *p, pid_t pid, const char *type)
{
	siginfo_t info;
	p->pid = p->child = pid;
	note_ns_of(p, pid, type);
	kill(pid, SIGKILL);
	must(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), "waitid");
}

static void make_zombie_user(struct pin *p)
{
	make_zombie(p, task_start(do_unshare, &(int){ CLONE_NEWUSER }), "user");
}

static void make_zombie_pid(struct pin *p)
{
	make_zombie(p, pid_start(), "pid");
}

#endif
