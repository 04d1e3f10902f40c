/* SPDX-License-Identifier: MIT */
/*
 * How many policies of IPsec a namespace has (ip-xfrm(8)): they may drop or divert what passes, and
 * are only counted. Asked for only where the kernel has that kind of netlink in use already: to
 * make a socket of it would load a module.
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
	*out = sum < UINT32_MAX ? (uint32_t)sum : UINT32_MAX;
	return 0;
}

void xfrm_read(struct net_ns *net, struct inside *in)
{
	struct nl_conn *conn = &in->conn[INSIDE_XFRM];
	struct nl_request request;
	struct nl_reply reply;
	uint32_t policies = UINT32_MAX; /* a reply that has no number is none */

	if (in->error[INSIDE_XFRM] == -ENOENT)
		return;
	nl_begin(&request, XFRM_MSG_GETSPDINFO, 0, sizeof(uint32_t));
	net->policies_unread = !conn->socket ||
			       nl_ask(conn, &request, take_info, &policies, &reply) < 0 ||
			       policies == UINT32_MAX;
	net->policies = net->policies_unread ? 0 : policies;
}
