/* SPDX-License-Identifier: MIT */
/*
 * Says requests and hears replies on a netlink socket (netlink(7)). A reply is believed only with
 * the sequence number of its request and our port; a dump that the kernel calls interrupted, or
 * that overran the socket, is asked for again. Waits with poll(2) and a deadline, so that nothing
 * here can hang. Knows no family of messages.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "netlink.h"
#include "uapi.h"

enum { REPLY_MAX = 1 << 16, STRAY_MAX = 10000 };

uint64_t nl_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static int nl_start(struct nl_conn *c, uint64_t deadline)
{
	int on = 1;

	if (!c->socket)
		return -errno;
	c->deadline = deadline;
	if (mnl_socket_bind(c->socket, 0, MNL_SOCKET_AUTOPID) < 0)
		return -errno;
	c->port = mnl_socket_get_portid(c->socket);
	c->buf = malloc(REPLY_MAX);
	if (!c->buf)
		die("out of memory");
	/* Linux before 4.12 has no words, before 4.20 no strictness. */
	mnl_socket_setsockopt(c->socket, NETLINK_EXT_ACK, &on, sizeof(on));
	c->strict = mnl_socket_setsockopt(c->socket, NETLINK_GET_STRICT_CHK, &on, sizeof(on)) == 0;
	return 0;
}

int nl_open(struct nl_conn *c, int protocol, uint64_t deadline)
{
	*c = (struct nl_conn){ .socket = mnl_socket_open2(protocol, SOCK_CLOEXEC | SOCK_NONBLOCK) };
	return nl_start(c, deadline);
}

int nl_adopt(struct nl_conn *c, int fd, uint64_t deadline)
{
	*c = (struct nl_conn){ .socket = mnl_socket_fdopen(fd) };
	return nl_start(c, deadline);
}

void nl_close(struct nl_conn *c)
{
	if (c->socket)
		mnl_socket_close(c->socket);
	free(c->buf);
	*c = (struct nl_conn){ 0 };
}

/* Until something can be read. */
static int nl_wait(const struct nl_conn *c)
{
	struct pollfd p = { .fd = mnl_socket_get_fd(c->socket), .events = POLLIN };
	int timeout = -1, ret;

	do {
		if (c->deadline) {
			uint64_t now = nl_now();

			if (now >= c->deadline)
				return -ETIMEDOUT;
			timeout = (int)(c->deadline - now);
		}
		ret = poll(&p, 1, timeout);
	} while (ret < 0 && errno == EINTR);
	return ret < 0 ? -errno : ret ? 0 : -ETIMEDOUT;
}

static int nl_send(struct nl_conn *c, struct nl_request *r)
{
	if (r->full)
		return -EMSGSIZE;
	/* Zero would match everything. */
	if (++c->seq == 0)
		c->seq = 1;
	r->head->nlmsg_seq = c->seq;
	return mnl_socket_sendto(c->socket, r->head, r->head->nlmsg_len) < 0 ? -errno : 0;
}

/* A reply is heard to its end also where it went wrong: only then may the next be asked for. */
static int nl_receive(struct nl_conn *c, nl_take take, void *ctx, struct nl_reply *reply)
{
	int error = 0;

	while (!reply->done && error == 0) {
		ssize_t len = mnl_socket_recvfrom(c->socket, c->buf, REPLY_MAX);

		if (len >= 0)
			error = nl_parse(c->buf, (size_t)len, c->seq, c->port, take, ctx, reply);
		else if (errno == EAGAIN)
			error = nl_wait(c);
		else if (errno == ENOBUFS)
			reply->interrupted = true;
		else if (errno != EINTR)
			error = -errno;
		if (reply->foreign > STRAY_MAX)
			error = -EPROTO;
	}
	if (error)
		reply->error = error;
	return reply->error;
}

int nl_ask(struct nl_conn *c, struct nl_request *r, nl_take take, void *ctx, struct nl_reply *reply)
{
	int ret = nl_send(c, r);

	*reply = (struct nl_reply){ .error = ret };
	return ret < 0 ? ret : nl_receive(c, take, ctx, reply);
}

void known_fail(struct net_known *out, int error, const char *words, struct arena *arena)
{
	*out = (struct net_known){ .fact = fact_from_error(error) };
	if (words && *words)
		out->why = arena_copy(arena, words, strlen(words));
}

void nl_dump(struct nl_conn *c, struct nl_request *r, nl_take take, void (*forget)(void *ctx),
	     void *ctx, struct arena *arena, struct net_known *out)
{
	struct nl_reply reply = { 0 };
	int ret = -EINTR;

	for (int i = 0; i < NL_DUMP_TRIES && (ret == -EINTR || reply.interrupted); i++) {
		forget(ctx);
		ret = nl_ask(c, r, take, ctx, &reply);
		if (ret < 0 && ret != -EINTR)
			break;
	}
	if (ret < 0) {
		forget(ctx);
		known_fail(out, ret, reply.words, arena);
		return;
	}
	*out = (struct net_known){ .fact = fact_known(), .missing = reply.malformed };
	out->torn = reply.interrupted;
	if (out->torn)
		out->why = "it changed each time while it was being read";
	else if (out->missing)
		out->why = "some of what the kernel said is not understood";
}
