/* SPDX-License-Identifier: MIT */
/*
 * Sockets that hold a network namespace in which their process is not, and descriptors that are
 * under way in the queue of a unix socket. A socket is duplicated to be asked (pidfd_getfd(2));
 * nothing is sent, received or waited for. Only with NEED_PEEK are queued descriptors duplicated
 * too, by looking at a queue's first message, which stays where it is.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>
#include <nsview/procfile.h>

#include "holders_fd.h"

enum { PEEK_FDS = 253, PEEK_DEPTH = 4 };

/* -errno where no descriptor of the table can be had. */
static int open_pidfd(struct table *t, const char *name)
{
	struct stat st;
	pid_t id = t->tid ? t->tid : t->process->pid;

	if (t->pidfd >= 0 || t->pidfd_error < 0)
		return t->pidfd_error;
	t->pidfd = t->scan->own ? kern_pidfd_open(id, t->tid != 0) : -EOPNOTSUPP;
	t->pidfd_error = t->pidfd < 0 ? t->pidfd : 0;
	/* The number may be somebody else's by now; then the directory that we have is dead. */
	if (t->pidfd >= 0 && fstatat(t->dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		close(t->pidfd);
		t->pidfd = -1;
		t->pidfd_error = -ESRCH;
	}
	return t->pidfd_error;
}

int table_take_over(struct table *t, const char *name)
{
	int ret = open_pidfd(t, name);

	return ret < 0 ? ret : kern_pidfd_getfd(t->pidfd, proc_entry_pid(name));
}

static int net_of(struct table *t, int fd, uint64_t *out_ino)
{
	autoclose int ns = -1;
	uint64_t cookie = 0;
	struct net_memo *memo;
	int ret;

	if (kern_socket_cookie(fd, &cookie) < 0)
		cookie = 0;
	memo = &t->memo[cookie % NET_MEMOS];
	if (cookie && memo->cookie == cookie) {
		*out_ino = memo->ino;
		return 0;
	}
	ns = kern_socket_ns(fd);
	if (ns < 0)
		return ns;
	ret = kern_nsfs_ino(ns, out_ino);
	if (ret == 0 && cookie)
		*memo = (struct net_memo){ cookie, *out_ino };
	return ret;
}

/* Whether the process is not in that network namespace, which so has it to thank for. */
static bool is_elsewhere(const struct table *t, uint64_t ino)
{
	const struct ns *net = t->process->set->ns[NS_NET];

	return !net || net->ino != ino;
}

static void take_net(struct table *t, int fd, const char *name, enum holder_reason reason)
{
	uint64_t ino;

	if (net_of(t, fd, &ino) < 0)
		t->f->unread_sockets++;
	else if (is_elsewhere(t, ino))
		table_found(t, NS_NET, ino, HOLD_SOCKET, name)->reason = reason;
}

static uint32_t peek(struct table *t, int fd, const char *name, int depth);

/* One descriptor that somebody has sent and nobody received yet. */
static void take_queued(struct table *t, int fd, const char *name, int depth)
{
	uint64_t ino;

	if (kern_nsfs_ino(fd, &ino) == 0) {
		int type = kern_ns_type(fd);

		if (type >= 0)
			table_found(t, (enum ns_type)type, ino, HOLD_INFLIGHT, name);
		return;
	}
	if (net_of(t, fd, &ino) < 0)
		return;
	if (is_elsewhere(t, ino))
		table_found(t, NS_NET, ino, HOLD_INFLIGHT, name)->reason = REASON_QUEUED_SOCKET;
	if (depth > 0 && kern_unix_has_queue(fd))
		peek(t, fd, name, depth - 1);
}

/* How many descriptors were looked at. */
static uint32_t peek(struct table *t, int fd, const char *name, int depth)
{
	int fds[PEEK_FDS];
	int n = kern_peek_fds(fd, fds, PEEK_FDS);

	for (int i = 0; i < n; i++) {
		take_queued(t, fds[i], name, depth);
		close(fds[i]);
	}
	return n > 0 ? (uint32_t)n : 0;
}

/* As the kernel counts them, since 5.6; 0 where it does not. */
static uint32_t count_queued(struct table *t, const char *name)
{
	const char *at;

	if (table_fdinfo(t, name, 4096) < 0)
		return 0;
	at = strstr(buffer_str(t->text), "scm_fds:");
	return at ? (uint32_t)strtoul(at + strlen("scm_fds:"), NULL, 10) : 0;
}

static void take_queue(struct table *t, int fd, const char *name)
{
	uint32_t queued = count_queued(t, name), looked = 0;

	if (!queued)
		return;
	if ((t->needs & NEED_PEEK) && fd >= 0)
		looked = peek(t, fd, name, PEEK_DEPTH);
	t->f->queued += queued;
	t->f->unread_queued += looked < queued ? queued - looked : 0;
}

void take_socket(struct table *t, const char *name)
{
	autoclose int fd = table_take_over(t, name);

	if (fd == -ESRCH || fd == -EBADF)
		return;
	if (fd < 0) {
		t->f->unread_sockets++;
		take_queue(t, -1, name);
		return;
	}
	t->f->sockets++;
	take_net(t, fd, name, REASON_PLAIN);
	if (kern_unix_has_queue(fd))
		take_queue(t, fd, name);
}

void take_tun(struct table *t, const char *name)
{
	autoclose int fd = table_take_over(t, name);

	if (fd == -ESRCH || fd == -EBADF)
		return;
	t->f->sockets += fd >= 0;
	if (fd < 0)
		t->f->unread_sockets++;
	else
		take_net(t, fd, name, REASON_TUN);
}

static int queue_open_depth(int sock, const struct ns *ns, int depth)
{
	int fds[PEEK_FDS], found = -ENOENT;
	int n = kern_peek_fds(sock, fds, PEEK_FDS);

	for (int i = 0; i < n; i++) {
		autoclose int fd = fds[i];
		autoclose int net = -1;
		uint64_t ino;

		if (found >= 0)
			continue;
		if (kern_nsfs_ino(fd, &ino) == 0) {
			found = ino == ns->ino ? steal_fd(&fd) : found;
			continue;
		}
		net = kern_socket_ns(fd);
		if (net >= 0 && kern_nsfs_ino(net, &ino) == 0 && ino == ns->ino)
			found = steal_fd(&net);
		else if (depth > 0 && kern_unix_has_queue(fd))
			found = queue_open_depth(fd, ns, depth - 1);
	}
	return found;
}

int queue_open(int sock, const struct ns *ns)
{
	return queue_open_depth(sock, ns, PEEK_DEPTH);
}
