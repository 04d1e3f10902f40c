/* SPDX-License-Identifier: MIT */
/*
 * Tries a connection from inside a network namespace: a child joins it, since only a process with
 * one thread may join a user namespace on the way, connects without blocking, waits for at most a
 * few seconds, and hands over what came of it. Nothing is sent but what connecting takes.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>
#include <nsview/probe.h>

#include "netlink.h"

/* From the child. */
struct report {
	int join; /* -errno: it could not join */
	struct probe probe;
};

union address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

static socklen_t make_address(const struct net_ip *ip, uint16_t port, union address *out)
{
	memset(out, 0, sizeof(*out));
	out->any.sa_family = ip->family;
	if (ip->family == AF_INET6) {
		out->in6.sin6_port = htons(port);
		memcpy(&out->in6.sin6_addr, ip->bytes, sizeof(out->in6.sin6_addr));
		return sizeof(out->in6);
	}
	out->in.sin_port = htons(port);
	memcpy(&out->in.sin_addr, ip->bytes, sizeof(out->in.sin_addr));
	return sizeof(out->in);
}

static uint64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

/* What the socket says once something has happened, or nothing has. */
static void judge(int fd, bool stream, int ready, struct probe *out)
{
	socklen_t len = sizeof(int);
	int error = 0;

	if (ready == 0) {
		out->outcome = stream ? PROBE_FAILED : PROBE_SILENT;
		out->error = -ETIMEDOUT;
		return;
	}
	if (ready < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
		error = errno;
	out->outcome = error ? PROBE_FAILED : PROBE_CONNECTED;
	out->error = -error;
}

static void try_it(const union address *to, socklen_t len, bool stream, struct probe *out)
{
	autoclose int fd =
		socket(to->any.sa_family,
		       (stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct pollfd p = { .fd = fd, .events = stream ? POLLOUT : POLLIN };
	uint64_t start = now_us();
	int ret;

	*out = (struct probe){ .outcome = PROBE_FAILED };
	ret = fd < 0 ? -1 : connect(fd, &to->any, len);
	if (ret == 0 && !stream)
		ret = send(fd, "", 0, MSG_NOSIGNAL) < 0 ? -1 : 0;
	if (ret < 0 && errno != EINPROGRESS)
		out->error = -errno;
	else
		judge(fd, stream, poll(&p, 1, PROBE_SECONDS * 1000), out);
	out->duration = (uint32_t)(now_us() - start);
}

/* Whoever may not join at once may be root in the user namespace that owns it. */
static int join(int user_fd, int net_fd)
{
	int ret = net_fd < 0 ? 0 : kern_setns(net_fd, CLONE_NEWNET);

	if (ret != -EPERM || user_fd < 0)
		return ret;
	ret = kern_setns(user_fd, CLONE_NEWUSER);
	/* That may have cleared it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	return ret < 0 ? ret : kern_setns(net_fd, CLONE_NEWNET);
}

static int wait_report(int fd, struct report *out)
{
	enum { SLACK = 2 };
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int ret = poll(&p, 1, (PROBE_SECONDS + SLACK) * 1000);

	if (ret <= 0)
		return ret < 0 ? -errno : -ETIMEDOUT;
	return read(fd, out, sizeof(*out)) == (ssize_t)sizeof(*out) ? out->join : -ESRCH;
}

static void end_child(pid_t pid)
{
	if (pid <= 1)
		return;
	/* It has ended by itself, or will not in time. */
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static int run_child(int user_fd, int net_fd, const union address *to, socklen_t len, bool stream,
		     struct report *out)
{
	int pair[2], ret;
	pid_t pid;

	if (pipe2(pair, O_CLOEXEC) < 0)
		return -errno;
	pid = fork();
	ret = pid < 0 ? -errno : 0;
	if (pid == 0) {
		struct report report = { 0 };

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		report.join = join(user_fd, net_fd);
		if (report.join == 0)
			try_it(to, len, stream, &report.probe);
		_exit(write(pair[1], &report, sizeof(report)) == (ssize_t)sizeof(report) ? 0 : 1);
	}
	close(pair[1]);
	if (ret == 0)
		ret = wait_report(pair[0], out);
	close(pair[0]);
	end_child(pid);
	return ret;
}

int probe_connect(const struct scan *s, const struct net_ns *from, const struct net_ip *ip,
		  uint16_t port, enum net_proto proto, struct probe *out, struct error *err)
{
	const struct ns *owner = from->ns ? from->ns->owner : NULL;
	autoclose int net_fd = -1, user_fd = -1;
	struct report report;
	union address to;
	socklen_t len = make_address(ip, port, &to);
	int ret;

	if (from->entry != NET_ENTRY_SELF) {
		net_fd = from->ns ? scan_ns_open(s, from->ns) : -ENOENT;
		if (net_fd < 0)
			return error_set(err, net_fd, "cannot open the namespace to probe from: %s",
					 strerror(-net_fd));
		user_fd = owner ? scan_ns_open(s, owner) : -1;
	}
	ret = run_child(user_fd, net_fd, &to, len, proto != NET_PROTO_UDP, &report);
	if (ret < 0)
		return error_set(err, ret, "cannot probe from inside: %s", strerror(-ret));
	*out = report.probe;
	return 0;
}
