/* SPDX-License-Identifier: MIT */
/*
 * Cases of nspin: sockets of a network namespace, what is in their queues, tun and io_uring. Knows
 * how each is made and noted, and nothing of who is told about it.
 */
#ifndef NSVIEW_TESTS_PINS_SOCKET_H
#define NSVIEW_TESTS_PINS_SOCKET_H

#include "pins_file.h"
#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/io_uring.h>
#include <linux/netlink.h>
#include <net/route.h>
#include <linux/sock_diag.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

/* What comes out of the namespace: made by a visit there. */
static int made_inside(const struct pin *p, int (*make)(void))
{
	int home = must(open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), "ns/net");
	must(setns(p->ns, CLONE_NEWNET), "setns");
	int fd = make();
	must(setns(home, CLONE_NEWNET), "setns");
	close(home);
	return must(fd, p->how->name);
}

static int inet_socket(void)
{
	return socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

static int unix_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static int tun_file(void)
{
	return open("/dev/net/tun", O_RDWR | O_CLOEXEC);
}

static void make_inet(struct pin *p)
{
	by_fd(p, made_inside(p, inet_socket));
}

static void make_unix(struct pin *p)
{
	by_fd(p, made_inside(p, unix_socket));
}

static void make_tun(struct pin *p)
{
	by_fd(p, made_inside(p, tun_file));
}

static void send_fd(int to, int fd)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { .room = { 0 } };
	char byte = 'x';
	struct iovec data = { &byte, 1 };
	struct msghdr m = { .msg_iov = &data,
			    .msg_iovlen = 1,
			    .msg_control = &control,
			    .msg_controllen = sizeof(control) };
	control.head.cmsg_level = SOL_SOCKET;
	control.head.cmsg_type = SCM_RIGHTS;
	control.head.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.head), &fd, sizeof(fd));
	must((int)sendmsg(to, &m, 0), "sendmsg");
}

/* The sending end stays open: a socket that has lost its other end is a case of its own. */
static void by_queue(struct pin *p, int fd)
{
	int ends[2];
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), "socketpair");
	send_fd(ends[0], fd);
	close(fd);
	p->pid = getpid();
	p->more[1] = ends[0];
	p->fd = p->more[0] = ends[1];
}

static void make_queued(struct pin *p)
{
	by_queue(p, p->ns);
	p->ns = -1;
}

static void make_queued_socket(struct pin *p)
{
	by_queue(p, made_inside(p, inet_socket));
	let_go(p);
}

static void make_io_uring(struct pin *p)
{
	struct io_uring_params params = { 0 };
	int fd = must((int)syscall(SYS_io_uring_setup, 1, &params), "io_uring_setup");
	must((int)syscall(SYS_io_uring_register, fd, IORING_REGISTER_FILES, &p->ns, 1),
	     "io_uring_register");
	by_fd(p, fd);
}

/* In the queue of a socket that nobody has open: it is itself in the queue of another. */
static void make_queued_twice(struct pin *p)
{
	make_queued(p);
	int inner = p->more[0];
	close(p->more[1]);
	by_queue(p, inner);
}

enum { ORPHAN_PORT = 7001 };
static const char orphan_peer[] = "10.255.0.1";

static struct sockaddr_in inet_address(const char *host)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(ORPHAN_PORT) };
	inet_pton(AF_INET, host, &a.sin_addr);
	return a;
}

/* What goes to the peer is sent to lo, where nobody takes it. */
static void route_to_nowhere(int sock)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	struct rtentry route = { .rt_flags = RTF_UP, .rt_dev = lo.ifr_name };
	struct sockaddr_in net = inet_address("10.0.0.0"), mask = inet_address("255.0.0.0");
	net.sin_port = mask.sin_port = 0;
	memcpy(&route.rt_dst, &net, sizeof(net));
	memcpy(&route.rt_genmask, &mask, sizeof(mask));
	must(ioctl(sock, SIOCSIFFLAGS, &lo), "lo up");
	must(ioctl(sock, SIOCADDRT, &route), "route");
}

/* A connection that the kernel closes for a program that has gone: its last byte is never taken. */
static int orphan_connection(void)
{
	struct sockaddr_in here = inet_address("127.0.0.1"), there = inet_address(orphan_peer);
	int on = 1, off = -1 /* without a probe */;
	int sock = must(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
	route_to_nowhere(sock);
	/* Under repair a connection needs nobody who answers. */
	must(setsockopt(sock, IPPROTO_TCP, TCP_REPAIR, &on, sizeof(on)), "TCP_REPAIR");
	must(bind(sock, (struct sockaddr *)&here, sizeof(here)), "bind");
	must(connect(sock, (struct sockaddr *)&there, sizeof(there)), "connect");
	must(setsockopt(sock, IPPROTO_TCP, TCP_REPAIR, &off, sizeof(off)), "TCP_REPAIR");
	must((int)send(sock, "x", 1, 0), "send");
	close(sock);
	return 0;
}

static void make_tcp_orphan(struct pin *p)
{
	made_inside(p, orphan_connection);
	let_go(p);
}

static int destroy_orphan(void)
{
	struct {
		struct nlmsghdr head;
		struct inet_diag_req_v2 req;
	} m = { .head = { .nlmsg_len = sizeof(m),
			  .nlmsg_type = SOCK_DESTROY,
			  .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK },
		.req = { .sdiag_family = AF_INET, .sdiag_protocol = IPPROTO_TCP } };
	struct sockaddr_in here = inet_address("127.0.0.1"), there = inet_address(orphan_peer);
	struct {
		struct nlmsghdr head;
		struct nlmsgerr answer;
	} back;
	m.req.id.idiag_sport = here.sin_port;
	m.req.id.idiag_dport = there.sin_port;
	m.req.id.idiag_src[0] = here.sin_addr.s_addr;
	m.req.id.idiag_dst[0] = there.sin_addr.s_addr;
	memset(m.req.id.idiag_cookie, 0xff, sizeof(m.req.id.idiag_cookie));
	int sock = must(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG), "diag");
	must((int)send(sock, &m, sizeof(m), 0), "SOCK_DESTROY");
	must((int)recv(sock, &back, sizeof(back), 0), "SOCK_DESTROY");
	close(sock);
	if (back.answer.error)
		errx(1, "SOCK_DESTROY: %s", strerror(-back.answer.error));
	return 0;
}

static void release_tcp_orphan(struct pin *p)
{
	p->ns = must(ns_reopen(p), "the namespace of an orphan");
	made_inside(p, destroy_orphan);
	let_go(p);
}

static void join_net(void *arg)
{
	must(setns(((struct pin *)arg)->ns, CLONE_NEWNET), "setns");
	let_go(arg);
}

static void make_member(struct pin *p)
{
	p->pid = p->child = task_start(join_net, p);
	let_go(p);
}

static void join_net_thread(struct pin *p)
{
	must(setns(p->ns, CLONE_NEWNET), "setns");
}

static void make_member_thread(struct pin *p)
{
	thread_start(p, join_net_thread);
	let_go(p);
}

#endif
