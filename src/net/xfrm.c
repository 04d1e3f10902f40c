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

#include "read.h"

/* "sk Eth Pid ...": the second column is the protocol. */
static bool has_xfrm(const struct inside *in)
{
	struct span text, line;

	if (texts_find((struct span){ in->texts.data, in->texts.len }, "thread-self/net/netlink",
		       &text) < 0)
		return false;
	while (proc_line_next(&text, &line)) {
		char start[64];
		size_t len = line.len < sizeof(start) ? line.len : sizeof(start) - 1;
		int protocol;

		memcpy(start, line.data, len);
		start[len] = '\0';
		/* NOLINTNEXTLINE(cert-err34-c): the kernel writes these numbers */
		if (sscanf(start, "%*s %d", &protocol) == 1 && protocol == NETLINK_XFRM)
			return true;
	}
	return false;
}

static int take_info(const struct nlmsghdr *nlh, void *ctx)
{
	struct xfrmu_spdinfo info;
	nl_attrs tb[XFRMA_SPD_MAX + 1];
	uint32_t *out = ctx;

	if (nlh->nlmsg_type != XFRM_MSG_NEWSPDINFO)
		return -ENOENT;
	nl_attrs_get(nlh, sizeof(uint32_t), tb, XFRMA_SPD_MAX + 1);
	if (!tb[XFRMA_SPD_INFO] || mnl_attr_get_payload_len(tb[XFRMA_SPD_INFO]) < sizeof(info))
		return -EPROTO;
	memcpy(&info, mnl_attr_get_payload(tb[XFRMA_SPD_INFO]), sizeof(info));
	*out = info.incnt + info.outcnt + info.fwdcnt;
	return 0;
}

void xfrm_read(struct net_ns *net, struct inside *in)
{
	struct nl_conn conn = { 0 };
	struct nl_request request;
	struct nl_reply reply;

	if (!has_xfrm(in))
		return;
	net->policies_unread = true;
	if (in->here && nl_open(&conn, NETLINK_XFRM, in->deadline) == 0) {
		nl_begin(&request, XFRM_MSG_GETSPDINFO, 0, sizeof(uint32_t));
		net->policies_unread =
			nl_ask(&conn, &request, take_info, &net->policies, &reply) < 0;
	}
	nl_close(&conn);
}
