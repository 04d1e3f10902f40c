/* SPDX-License-Identifier: MIT */
/*
 * Cases of nspin: mounts and descriptors of the namespace's own file. Knows how each is made and
 * noted, and nothing of who is told about it.
 */
#ifndef NSVIEW_TESTS_PINS_FILE_H
#define NSVIEW_TESTS_PINS_FILE_H

#include "pin.h"
#include <pthread.h>

static void held_by(struct pin *p, int fd)
{
	p->pid = getpid();
	p->fd = p->more[0] = fd;
}

static void by_fd(struct pin *p, int fd)
{
	held_by(p, fd);
	let_go(p);
}

static void make_fd(struct pin *p)
{
	by_fd(p, must(fcntl(p->ns, F_DUPFD_CLOEXEC, 0), "dup"));
}

static void make_o_path(struct pin *p)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", p->ns);
	by_fd(p, must(open(path, O_PATH | O_CLOEXEC), path));
}

static void new_point(struct pin *p)
{
	snprintf(p->path, sizeof(p->path), "%s/%s.%llu", directory, p->how->name,
		 (unsigned long long)p->ino);
	close(must(open(p->path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600), p->path));
}

static void bind_here(void *arg)
{
	struct pin *p = arg;
	char path[64];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", p->ns);
	must(mount(path, p->path, NULL, MS_BIND, NULL), "bind");
}

static void in_own_mnt(struct pin *p)
{
	int fd = ns_of(getpid(), "mnt");
	p->mnt = ino_of(fd);
	close(fd);
}

static void make_mount(struct pin *p)
{
	new_point(p);
	bind_here(p);
	in_own_mnt(p);
	let_go(p);
}

static void release_mount(struct pin *p)
{
	must(umount(p->path), "umount");
	unlink(p->path);
}

static void make_unmounted(struct pin *p)
{
	new_point(p);
	bind_here(p);
	by_fd(p, must(open(p->path, O_RDONLY | O_CLOEXEC), p->path));
	must(umount2(p->path, MNT_DETACH), "umount");
	unlink(p->path);
	p->path[0] = '\0';
}

static void bind_elsewhere(void *arg)
{
	must(unshare(CLONE_NEWNS), "unshare");
	must(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), "private");
	bind_here(arg);
	/* The task's copy of the descriptor would hold it as well. */
	let_go(arg);
}

static void make_mount_other(struct pin *p)
{
	new_point(p);
	p->child = task_start(bind_elsewhere, p);
	int mnt = ns_of(p->child, "mnt");
	p->mnt = ino_of(mnt);
	close(mnt);
	let_go(p);
}

static void make_mount_hidden(struct pin *p)
{
	new_point(p);
	pid_t pid = task_start(bind_elsewhere, p);
	p->more[0] = ns_of(pid, "mnt");
	p->mnt = ino_of(p->more[0]);
	task_end(pid);
	let_go(p);
}

static void release_point(struct pin *p)
{
	unlink(p->path);
}

/* A thread in which something stays until it is told to end. */
struct stay {
	pthread_t thread;
	int ready[2], end[2];
	struct pin *pin;
	void (*what)(struct pin *p);
};

static void *stay_main(void *arg)
{
	struct stay *s = arg;
	char c;
	s->pin->tid = (pid_t)syscall(SYS_gettid);
	s->what(s->pin);
	if (write(s->ready[1], "", 1) != 1 || read(s->end[0], &c, 1) != 1)
		return NULL;
	return NULL;
}

static void thread_start(struct pin *p, void (*what)(struct pin *p))
{
	struct stay *s = calloc(1, sizeof(*s));
	char c;
	if (!s || pipe2(s->ready, O_CLOEXEC) < 0 || pipe2(s->end, O_CLOEXEC) < 0)
		err(1, "thread");
	s->pin = p;
	s->what = what;
	p->thread = s;
	p->pid = getpid();
	if (pthread_create(&s->thread, NULL, stay_main, s) != 0 || read(s->ready[0], &c, 1) != 1)
		errx(1, "thread");
}

static void thread_end(struct stay *s)
{
	if (write(s->end[1], "", 1) == 1)
		pthread_join(s->thread, NULL);
	for (int i = 0; i < 2; i++) {
		close(s->ready[i]);
		close(s->end[i]);
	}
	free(s);
}

static void own_table(struct pin *p)
{
	const struct stay *s = p->thread;
	must(unshare(CLONE_FILES), "unshare");
	close_others(s->ready[1], s->end[0]);
	p->fd = must(fcntl(p->ns, F_DUPFD_CLOEXEC, 200), "dup");
	close(p->ns);
}

static void make_thread_fd(struct pin *p)
{
	thread_start(p, own_table);
	let_go(p);
}

#endif
