/* SPDX-License-Identifier: MIT */
/*
 * How many policies of IPsec a namespace has (ip-xfrm(8)), those by default that block among them:
 * they may drop or divert what passes, and are only counted. Asked for only where the kernel has
 * that kind of netlink in use already: to make a socket of it would load a module.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/xfrm.h>

#include <nsview/cleanup.h>
#include <nsview/procfile.h>

#include "read.h"

enum { LIST_MAX = 16 << 20 };

/* "sk Eth Pid ...": the second column is the protocol. */
static bool is_of_xfrm(struct span line)
{
	char start[64];
	size_t len = line.len < sizeof(start) ? line.len : sizeof(start) - 1;
	int protocol;

	memcpy(start, line.data, len);
	start[len] = '\0';
	/* NOLINTNEXTLINE(cert-err34-c): the kernel writes these numbers */
	return sscanf(start, "%*s %d", &protocol) == 1 && protocol == NETLINK_XFRM;
}

/*
 * The kernel's own socket is in every namespace, so that the list of one is enough: to make it, the
 * kernel goes through the netlink sockets of all.
 */
int xfrm_is_loaded(int procfd)
{
	autobuffer list = BUFFER_INIT;
	struct span text, line;
	int ret = proc_read(procfd, "thread-self/net/netlink", LIST_MAX, &list);

	if (ret < 0)
		return ret;
	text = (struct span){ buffer_str(&list), list.len };
	while (proc_line_next(&text, &line))
		if (is_of_xfrm(line))
			return 1;
	return 0;
}

static int take_info(const struct nlmsghdr *nlh, void *ctx)
{
	struct xfrmu_spdinfo info;
	nl_attrs tb[XFRMA_SPD_MAX + 1];
	uint32_t *out = ctx;
	uint64_t sum;

	if (nlh->nlmsg_type != XFRM_MSG_NEWSPDINFO)
		return -ENOENT;
	nl_attrs_get(nlh, sizeof(uint32_t), tb, XFRMA_SPD_MAX + 1);
	if (!tb[XFRMA_SPD_INFO] || mnl_attr_get_payload_len(tb[XFRMA_SPD_INFO]) < sizeof(info))
		return -EPROTO;
	memcpy(&info, mnl_attr_get_payload(tb[XFRMA_SPD_INFO]), sizeof(info));
	sum = (uint64_t)info.incnt + info.outcnt + info.fwdcnt;
	*out = sum < INT32_MAX ? (uint32_t)sum : INT32_MAX;
	return 0;
}

/* What becomes of packets that no policy is about: each direction that blocks is one more. */
static int take_default(const struct nlmsghdr *nlh, void *ctx)
{
	struct xfrm_userpolicy_default by_default;
	uint32_t *out = ctx;

	if (nlh->nlmsg_type != XFRM_MSG_GETDEFAULT)
		return -ENOENT;
	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(by_default))
		return -EPROTO;
	memcpy(&by_default, mnl_nlmsg_get_payload(nlh), sizeof(by_default));
	*out = (by_default.in == XFRM_USERPOLICY_BLOCK) +
	       (by_default.fwd == XFRM_USERPOLICY_BLOCK) +
	       (by_default.out == XFRM_USERPOLICY_BLOCK);
	return 0;
}

static int ask(struct nl_conn *conn, uint16_t type, size_t head, nl_take take, uint32_t *out)
{
	struct nl_request request;
	struct nl_reply reply;
	int ret;

	*out = UINT32_MAX; /* a reply that has no number is none */
	nl_begin(&request, type, 0, head);
	ret = nl_ask(conn, &request, take, out, &reply);
	return ret < 0 ? ret : *out == UINT32_MAX ? -EPROTO : 0;
}

static int ask_default(struct nl_conn *conn, uint32_t *out)
{
	int ret = ask(conn, XFRM_MSG_GETDEFAULT, sizeof(struct xfrm_userpolicy_default),
		      take_default, out);

	if (ret != -EINVAL)
		return ret;
	*out = 0; /* before Linux 5.15 nothing is blocked by default */
	return 0;
}

void xfrm_read(struct net_ns *net, struct inside *in)
{
	struct nl_conn *conn = &in->conn[INSIDE_XFRM];
	uint32_t policies = 0, blocked = 0;
	int ret = in->error[INSIDE_XFRM];

	if (ret == -ENOENT)
		return;
	if (ret == 0)
		ret = ask(conn, XFRM_MSG_GETSPDINFO, sizeof(uint32_t), take_info, &policies);
	if (ret == 0)
		ret = ask_default(conn, &blocked);
	net->policies_unread = ret < 0;
	net->policies = ret < 0 ? 0 : policies + blocked;
}
