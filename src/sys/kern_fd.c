/* SPDX-License-Identifier: MIT */
/* Raw kernel calls about other processes' descriptors and what is behind them. */
#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>

#include "uapi.h"

enum { SCM_MAX_FD = 253 /* the kernel's limit for one message */ };

int kern_pidfd_getfd(int pidfd, int fd)
{
	long ret = syscall(SYS_pidfd_getfd, pidfd, fd, 0);

	return ret < 0 ? -errno : (int)ret;
}

int kern_socket_ns(int fd)
{
	int ret = ioctl(fd, SIOCGSKNS, 0);

	return ret < 0 ? -errno : ret;
}

int kern_tun_ns(int fd)
{
	int ret = ioctl(fd, UAPI_TUNGETDEVNETNS);

	return ret < 0 ? -errno : ret;
}

int kern_socket_cookie(int fd, uint64_t *out_cookie)
{
	socklen_t len = sizeof(*out_cookie);

	return getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, out_cookie, &len) < 0 ? -errno : 0;
}

bool kern_unix_has_queue(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int domain;
	socklen_t len = sizeof(domain);

	return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) == 0 && domain == AF_UNIX &&
	       poll(&p, 1, 0) == 1 && (p.revents & POLLIN);
}

static size_t take_fds(const struct cmsghdr *c, int *out_fds, size_t n)
{
	size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int), taken = 0;

	for (size_t i = 0; i < count; i++) {
		int fd;

		memcpy(&fd, CMSG_DATA(c) + i * sizeof(fd), sizeof(fd));
		if (out_fds && taken < n)
			out_fds[taken++] = fd;
		else
			close(fd);
	}
	return taken;
}

int kern_peek_fds(int fd, int *out_fds, size_t n)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(SCM_MAX_FD * sizeof(int)) + 256];
	} control;
	char byte;
	struct iovec data = { &byte, 1 };
	struct msghdr m = {
		.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	size_t taken = 0;

	if (recvmsg(fd, &m, MSG_PEEK | MSG_DONTWAIT | MSG_CMSG_CLOEXEC) < 0)
		return -errno;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		if (c->cmsg_level != SOL_SOCKET)
			continue;
		if (c->cmsg_type == SCM_RIGHTS)
			taken += take_fds(c, out_fds + taken, n - taken);
		else if (c->cmsg_type ==
			 UAPI_SCM_PIDFD) /* made for us, since the owner wants one */
			take_fds(c, out_fds, 0);
	}
	return (int)taken;
}

int kern_same_files(pid_t a, pid_t b)
{
	long ret = syscall(SYS_kcmp, a, b, UAPI_KCMP_FILES, 0L, 0L);

	return ret < 0 ? -errno : ret == 0;
}

int kern_link_up(const char *name)
{
	/* Any socket will do, and these there are on every kernel. */
	autoclose int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = { 0 };

	/* Cut, it would be the name of another. */
	if (strlen(name) >= sizeof(request.ifr_name))
		return -EINVAL;
	strcpy(request.ifr_name, name);
	if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &request) < 0)
		return -errno;
	request.ifr_flags |= IFF_UP;
	return ioctl(fd, SIOCSIFFLAGS, &request) < 0 ? -errno : 0;
}
