/* SPDX-License-Identifier: MIT */
/* Netlink messages put together by hand, as a kernel would send them. */
#ifndef NSVIEW_TESTS_MESSAGE_H
#define NSVIEW_TESTS_MESSAGE_H

#include <arpa/inet.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>

/* Room for one; the message itself is head. */
struct message {
	char room[4096] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *head;
};

/* Starts one and returns its family header, zeroed. */
static inline void *message_begin(struct message *m, unsigned type, size_t extra)
{
	memset(m, 0, sizeof(*m));
	m->head = mnl_nlmsg_put_header(m->room);
	m->head->nlmsg_type = (uint16_t)type;
	return mnl_nlmsg_put_extra_header(m->head, extra);
}

static inline void put_ip(struct message *m, unsigned type, const char *text)
{
	unsigned char bytes[16];
	int family = strchr(text, ':') ? AF_INET6 : AF_INET;

	if (inet_pton(family, text, bytes) == 1)
		mnl_attr_put(m->head, (uint16_t)type, family == AF_INET ? 4 : 16, bytes);
}

/* A link as RTM_NEWLINK tells it. */
static inline struct ifinfomsg *link_begin(struct message *m, int index, const char *name)
{
	struct ifinfomsg *msg = message_begin(m, RTM_NEWLINK, sizeof(*msg));

	msg->ifi_index = index;
	msg->ifi_type = 1;
	mnl_attr_put_strz(m->head, IFLA_IFNAME, name);
	return msg;
}

static inline void put_kind(struct message *m, const char *kind)
{
	struct nlattr *info = mnl_attr_nest_start(m->head, IFLA_LINKINFO);

	mnl_attr_put_strz(m->head, IFLA_INFO_KIND, kind);
	mnl_attr_nest_end(m->head, info);
}

#endif
