/* SPDX-License-Identifier: MIT */
/*
 * A namespace that belongs to another user namespace, seen by an ordinary user who may join both:
 * only a process with a single thread may join a user namespace (setns(2)), so a child does. It
 * makes the sockets there, hands them over with the texts, and ends; it asks nothing itself.
 */
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>

#include "inside.h"

struct handover {
	int error; /* -errno: it could not join */
	int errors[INSIDE_SOCKETS];
	uint32_t len; /* of the texts that follow */
};

union control {
	struct cmsghdr head;
	char room[CMSG_SPACE(INSIDE_SOCKETS * sizeof(int))];
};

static int send_handover(int fd, struct handover *h, const int *fds, size_t n)
{
	union control control = { 0 };
	struct iovec data = { h, sizeof(*h) };
	struct msghdr m = { .msg_iov = &data, .msg_iovlen = 1 };

	if (n) {
		m.msg_control = &control;
		m.msg_controllen = CMSG_SPACE(n * sizeof(int));
		control.head.cmsg_level = SOL_SOCKET;
		control.head.cmsg_type = SCM_RIGHTS;
		control.head.cmsg_len = CMSG_LEN(n * sizeof(int));
		memcpy(CMSG_DATA(&control.head), fds, n * sizeof(int));
	}
	return sendmsg(fd, &m, MSG_NOSIGNAL) == (ssize_t)sizeof(*h) ? 0 : -EPIPE;
}

static void write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = send(fd, data, len, MSG_NOSIGNAL);

		if (n < 0 && errno != EINTR)
			return;
		data += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
}

static _Noreturn void child_main(int fd, int procfd, int user_fd, int net_fd, unsigned what)
{
	struct handover h = { 0 };
	struct buffer texts = BUFFER_INIT;
	int fds[INSIDE_SOCKETS], had[INSIDE_SOCKETS];
	size_t n = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	h.error = kern_setns(user_fd, CLONE_NEWUSER);
	/* Joining a user namespace may have cleared it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (h.error == 0)
		h.error = kern_setns(net_fd, CLONE_NEWNET);
	if (h.error == 0) {
		inside_sockets(fds, h.errors, what);
		texts_read(&texts, procfd, what);
		for (int i = 0; i < INSIDE_SOCKETS; i++)
			if (fds[i] >= 0)
				had[n++] = fds[i];
	}
	h.len = (uint32_t)texts.len;
	if (send_handover(fd, &h, had, n) == 0)
		write_all(fd, buffer_str(&texts), texts.len);
	_exit(0);
}

static int wait_readable(int fd, uint64_t deadline)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	uint64_t now = nl_now();
	int ret = now >= deadline ? 0 : poll(&p, 1, (int)(deadline - now));

	return ret > 0 || (ret < 0 && errno == EINTR) ? 0 : ret ? -errno : -ETIMEDOUT;
}

static int receive_handover(int fd, struct handover *h, int fds[INSIDE_SOCKETS], uint64_t deadline)
{
	union control control = { 0 };
	struct iovec data = { h, sizeof(*h) };
	struct msghdr m = { .msg_iov = &data,
			    .msg_iovlen = 1,
			    .msg_control = &control,
			    .msg_controllen = sizeof(control) };
	const struct cmsghdr *c;
	int ret = wait_readable(fd, deadline);
	size_t n = 0;

	if (ret < 0)
		return ret;
	ret = (int)recvmsg(fd, &m, MSG_CMSG_CLOEXEC | MSG_WAITALL);
	if (ret != (int)sizeof(*h))
		return ret < 0 ? -errno : -ESRCH;
	c = CMSG_FIRSTHDR(&m);
	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS)
		n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	for (size_t i = 0, at = 0; i < INSIDE_SOCKETS; i++)
		if (h->errors[i] == 0 && at < n)
			memcpy(&fds[i], CMSG_DATA(c) + at++ * sizeof(int), sizeof(int));
	return h->error;
}

static int receive_texts(int fd, size_t len, struct buffer *out, uint64_t deadline)
{
	buffer_reserve(out, len);
	while (out->len < len) {
		int ret = wait_readable(fd, deadline);
		ssize_t n = ret < 0 ? ret : recv(fd, out->data + out->len, len - out->len, 0);

		if (n <= 0)
			return ret < 0 ? ret : n < 0 ? -errno : -ESRCH;
		out->len += (size_t)n;
	}
	return 0;
}

static int take_over(int fd, struct inside *in, uint64_t deadline)
{
	int fds[INSIDE_SOCKETS];
	struct handover h = { 0 };
	int ret;

	for (int i = 0; i < INSIDE_SOCKETS; i++)
		fds[i] = -1;
	ret = receive_handover(fd, &h, fds, deadline);
	for (int i = 0; i < INSIDE_SOCKETS; i++) {
		in->error[i] = ret < 0 ? ret : h.errors[i];
		if (fds[i] >= 0)
			in->error[i] = nl_adopt(&in->conn[i], fds[i], deadline);
	}
	return ret < 0 ? ret : receive_texts(fd, h.len, &in->texts, deadline);
}

int inside_open_child(struct inside *in, int procfd, int user_fd, int net_fd, unsigned what,
		      uint64_t deadline)
{
	int pair[2], ret;
	pid_t pid;

	*in = (struct inside){ 0 };
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	pid = fork();
	ret = pid < 0 ? -errno : 0;
	if (pid == 0)
		child_main(pair[1], procfd, user_fd, net_fd, what);
	close(pair[1]);
	if (ret == 0)
		ret = take_over(pair[0], in, deadline);
	close(pair[0]);
	if (pid > 1) {
		/* It has ended by itself, or will not in time. */
		kill(pid, SIGKILL);
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	return ret;
}
