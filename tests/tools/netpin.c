/* SPDX-License-Identifier: MIT */
/*
 * Holds something of a network namespace until its standard input ends:
 *   netpin listen PORT           a TCP socket that listens, in the namespace that it is started in
 *   netpin udp PORT              a UDP socket, likewise
 *   netpin raw                   a raw ICMP socket, likewise
 *   netpin away FILE PORT        a listening socket in the namespace of FILE, while living here
 *   netpin tap NAME              a tap device, attached
 *   netpin hide FILE             the namespace of FILE, by a descriptor in the queue of a socket
 *                                that is in a queue itself: nothing that could be opened leads
 * there Prints "ready" once it does.
 */
#include <err.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if_tun.h>

static int open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		err(1, "%s", path);
	return fd;
}

static int bound(int type, const char *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port)) };
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0)
		err(1, "port %s", port);
	return fd;
}

static void listen_on(const char *port)
{
	int fd = bound(SOCK_STREAM, port);

	if (listen(fd, 8) < 0)
		err(1, "listen");
}

static void hold_raw(void)
{
	if (socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP) < 0)
		err(1, "raw socket");
}

static void hold_away(const char *path, const char *port)
{
	int home = open_file("/proc/self/ns/net"), there = open_file(path);

	if (setns(there, CLONE_NEWNET) < 0)
		err(1, "setns");
	listen_on(port);
	if (setns(home, CLONE_NEWNET) < 0)
		err(1, "setns");
	close(home);
	close(there);
}

static void hold_tap(const char *name)
{
	struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &request) < 0)
		err(1, "%s", name);
}

/* Puts a descriptor into the queue of a new pair, and returns the end that has it. */
static int queue(int fd)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	char byte = 0;
	struct iovec data = { &byte, 1 };
	struct msghdr m = { .msg_iov = &data,
			    .msg_iovlen = 1,
			    .msg_control = &control,
			    .msg_controllen = sizeof(control) };
	int pair[2];

	control.head.cmsg_level = SOL_SOCKET;
	control.head.cmsg_type = SCM_RIGHTS;
	control.head.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.head), &fd, sizeof(int));
	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair) < 0 ||
	    sendmsg(pair[0], &m, 0) < 0)
		err(1, "queue");
	close(fd);
	return pair[1];
}

int main(int argc, char **argv)
{
	char end;

	if (argc == 3 && strcmp(argv[1], "listen") == 0)
		listen_on(argv[2]);
	else if (argc == 3 && strcmp(argv[1], "udp") == 0)
		bound(SOCK_DGRAM, argv[2]);
	else if (argc == 2 && strcmp(argv[1], "raw") == 0)
		hold_raw();
	else if (argc == 4 && strcmp(argv[1], "away") == 0)
		hold_away(argv[2], argv[3]);
	else if (argc == 3 && strcmp(argv[1], "tap") == 0)
		hold_tap(argv[2]);
	else if (argc == 3 && strcmp(argv[1], "hide") == 0)
		queue(queue(open_file(argv[2])));
	else
		errx(2, "see the top of netpin.c");
	puts("ready");
	fflush(stdout);
	while (read(0, &end, 1) > 0)
		;
	return 0;
}
