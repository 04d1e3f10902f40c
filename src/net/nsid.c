/* SPDX-License-Identifier: MIT */
/*
 * Asks our network namespace which id it has for another one: RTM_GETNSID with the descriptor of
 * its file (rtnetlink, Linux 4.0). Never sends RTM_NEWNSID: to look must not assign anything.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>

#include <nsview/error.h>
#include <nsview/nsid.h>

#include "load_mnl.h"

enum { REQUEST_SIZE = 256, REPLY_SIZE = 8192, STRAY_MAX = 64 };

struct nsid {
	struct mnl_socket *socket;
	unsigned seq;
};

struct reply {
	bool seen;
	int32_t id;
};

struct nsid *nsid_open(int *out_error)
{
	struct nsid *n = calloc(1, sizeof(*n));

	if (!n)
		die("out of memory");
	n->socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (n->socket && mnl_socket_bind(n->socket, 0, MNL_SOCKET_AUTOPID) == 0)
		return n;
	*out_error = -errno;
	nsid_close(n);
	return NULL;
}

void nsid_close(struct nsid *n)
{
	if (!n)
		return;
	if (n->socket)
		mnl_socket_close(n->socket);
	free(n);
}

static int nsid_send(struct nsid *n, int ns_fd)
{
	char buf[REQUEST_SIZE] __attribute__((aligned(NLMSG_ALIGNTO))) = { 0 };
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct rtgenmsg *gen;

	nlh->nlmsg_type = RTM_GETNSID;
	nlh->nlmsg_flags = NLM_F_REQUEST;
	/* Zero would match everything. */
	if (++n->seq == 0)
		n->seq = 1;
	nlh->nlmsg_seq = n->seq;
	gen = mnl_nlmsg_put_extra_header(nlh, sizeof(*gen));
	gen->rtgen_family = AF_UNSPEC;
	mnl_attr_put_u32(nlh, NETNSA_FD, (uint32_t)ns_fd);
	return mnl_socket_sendto(n->socket, nlh, nlh->nlmsg_len) < 0 ? -errno : 0;
}

static int take_attr(const struct nlattr *attr, void *data)
{
	struct reply *reply = data;

	if (mnl_attr_get_type(attr) != NETNSA_NSID)
		return MNL_CB_OK;
	if (mnl_attr_validate(attr, MNL_TYPE_U32) < 0)
		return MNL_CB_ERROR;
	reply->id = (int32_t)mnl_attr_get_u32(attr);
	reply->seen = true;
	return MNL_CB_OK;
}

static int take_message(const struct nlmsghdr *nlh, void *data)
{
	if (nlh->nlmsg_type != RTM_NEWNSID)
		return MNL_CB_OK;
	return mnl_attr_parse(nlh, sizeof(struct rtgenmsg), take_attr, data);
}

/* Whether the message answers the latest request; an answer that came too late does not. */
static bool is_answer(const struct nsid *n, const struct nlmsghdr *nlh, int len)
{
	return mnl_nlmsg_ok(nlh, len) && nlh->nlmsg_seq == n->seq &&
	       nlh->nlmsg_pid == mnl_socket_get_portid(n->socket);
}

static int nsid_receive(struct nsid *n, struct reply *out)
{
	char buf[REPLY_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)(const void *)buf;

	for (int stray = 0; stray < STRAY_MAX; stray++) {
		ssize_t len = mnl_socket_recvfrom(n->socket, buf, sizeof(buf));

		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0)
			return -errno;
		if (!is_answer(n, nlh, (int)len))
			continue;
		if (mnl_cb_run(buf, (size_t)len, n->seq, mnl_socket_get_portid(n->socket),
			       take_message, out) < 0)
			return -errno;
		return out->seen ? 0 : -EPROTO;
	}
	return -EPROTO;
}

int nsid_get(struct nsid *n, int ns_fd, int32_t *out_id)
{
	struct reply reply = { 0 };
	int ret = nsid_send(n, ns_fd);

	if (ret == 0)
		ret = nsid_receive(n, &reply);
	if (ret < 0)
		return ret;
	/* NETNSA_NSID_NOT_ASSIGNED; the kernel gives no other negative number. */
	if (reply.id < 0)
		return -ENOENT;
	*out_id = reply.id;
	return 0;
}
