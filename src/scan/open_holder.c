/* SPDX-License-Identifier: MIT */
/*
 * Opens a namespace's file by way of one that holds it: a mount, a descriptor, a socket or what is
 * in its queue. What the scan saw may be something else by now, or lie where a file system hangs.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>
#include <nsview/procfile.h>

#include "holders.h"

static int open_looked_at(int dirfd, const char *path, const struct ns *ns)
{
	uint64_t ino;
	autoclose int fd = scan_nsfs_open(dirfd, path, &ino);

	return nsfs_checked(&fd, ns);
}

/*
 * A mount point as the process or thread whose directory is root sees it. Somebody else chose the
 * path: it may lead through a file system that hangs, which must not be asked.
 */
static int open_mount_point(int root, const char *path, const struct ns *ns)
{
	autoclose int looked = kern_open_cached(root, path);
	autoclose int fd = -1;
	uint64_t ino;

	if (looked == -ENOSYS) { /* before 5.12 there is no such way */
		while (*path == '/')
			path++;
		return open_looked_at(root, path, ns);
	}
	fd = looked < 0 ? looked : scan_nsfs_reopen(looked, &ino);
	return nsfs_checked(&fd, ns);
}

/* A thread that has joined a mount namespace and opens there what a mount point leads to. */
struct visit_mount {
	int mnt_fd;
	const struct holder *holder;
	const struct ns *ns;
	int fd; /* the answer; the thread shares our descriptors */
};

static void *visit_main(void *arg)
{
	struct visit_mount *v = arg;
	autoclose int root = -1;
	int ret = kern_unshare(CLONE_FS);

	if (ret == 0)
		ret = kern_setns(v->mnt_fd, ns_types[NS_MNT].clone_flag);
	if (ret == 0)
		ret = root = open("/", O_PATH | O_CLOEXEC);
	v->fd = ret < 0 ? ret : open_mount_point(root, v->holder->path, v->ns);
	return NULL;
}

/* In a mount namespace that no process is in, or none that sees all of it. */
static int open_by_joining(const struct scan *s, const struct ns *ns, const struct holder *h)
{
	autoclose int mnt_fd = scan_ns_open(s, h->mnt);
	struct visit_mount v = { mnt_fd, h, ns, -ENOENT };
	pthread_t thread;

	if (mnt_fd < 0)
		return mnt_fd;
	if (pthread_create(&thread, NULL, visit_main, &v) != 0)
		return -EAGAIN;
	pthread_join(thread, NULL);
	return v.fd;
}

static bool is_own_mnt(const struct ns *mnt)
{
	uint64_t ino;

	return !mnt || (proc_ns_link(AT_FDCWD, "/proc/self/ns/mnt", &ino) == 0 && ino == mnt->ino);
}

void mnt_view_path(const struct ns *mnt, const struct process *p, char *out, size_t size)
{
	if (mnt && mnt->via_tid && p == mnt->via)
		snprintf(out, size, "%d/task/%d", p->pid, mnt->via_tid);
	else
		snprintf(out, size, "%d", p->pid);
}

/* As that process sees it, or as we do. */
static int open_root(const struct scan *s, const struct holder *h)
{
	char task[32], path[40];

	if (!h->process)
		return open("/", O_PATH | O_CLOEXEC);
	mnt_view_path(h->mnt, h->process, task, sizeof(task));
	snprintf(path, sizeof(path), "%s/root", task);
	return openat(s->procfd, path, O_PATH | O_CLOEXEC);
}

static int open_via_mount(const struct scan *s, const struct ns *ns, const struct holder *h)
{
	autoclose int root = -1;

	/* A file system of it is a file of another kind than the namespace's. */
	if (h->reason != REASON_PLAIN || !h->path)
		return -ENOENT;
	if (!h->process && !is_own_mnt(h->mnt))
		return open_by_joining(s, ns, h);
	root = open_root(s, h);
	return root < 0 ? -errno : open_mount_point(root, h->path, ns);
}

static int open_via_fd(const struct scan *s, const struct ns *ns, const struct holder *h)
{
	char path[64];

	if (h->tid)
		snprintf(path, sizeof(path), "%d/task/%d/fd/%d", h->process->pid, h->tid, h->fd);
	else
		snprintf(path, sizeof(path), "%d/fd/%d", h->process->pid, h->fd);
	return open_looked_at(s->procfd, path, ns);
}

/* The network namespace of a socket, or what is in its queue. */
static int open_via_socket(const struct scan *s, const struct ns *ns, const struct holder *h)
{
	pid_t id = h->tid ? h->tid : h->process->pid;
	autoclose int pidfd = s->own ? kern_pidfd_open(id, h->tid != 0) : -EOPNOTSUPP;
	autoclose int sock = pidfd < 0 ? pidfd : kern_pidfd_getfd(pidfd, h->fd);
	autoclose int net = -1;

	if (sock < 0)
		return sock;
	if (h->kind == HOLD_INFLIGHT)
		return queue_open(sock, ns);
	net = kern_socket_ns(sock);
	return nsfs_checked(&net, ns);
}

static bool is_socket_of_it(const struct holder *h)
{
	return h->reason == REASON_PLAIN || h->reason == REASON_TUN ||
	       h->reason == REASON_QUEUED_SOCKET;
}

int scan_holder_open(const struct scan *s, const struct ns *ns, const struct holder *h)
{
	switch (h->kind) {
	case HOLD_MOUNT:
		return open_via_mount(s, ns, h);
	case HOLD_FD:
		/* Any other file may be one that hangs when it is looked at. */
		return holder_is_open_file(h) ? open_via_fd(s, ns, h) : -EOPNOTSUPP;
	case HOLD_SOCKET:
	case HOLD_INFLIGHT:
		return h->process && is_socket_of_it(h) ? open_via_socket(s, ns, h) : -EOPNOTSUPP;
	default:
		return -EOPNOTSUPP;
	}
}
