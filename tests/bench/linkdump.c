/* SPDX-License-Identifier: MIT */
/*
 * Lists the links of its network namespace, one RTM_GETLINK dump, and does nothing with them: what
 * the kernel itself takes for that, which no program that lists links can be below. For each link
 * whose other end is elsewhere the kernel looks through the numbers that this namespace has for
 * others (peernet2id), so that with a link or more per namespace it grows faster than their number.
 */
#include <err.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

static char room[1 << 16] __attribute__((aligned(NLMSG_ALIGNTO)));

static bool is_last(ssize_t len)
{
	const struct nlmsghdr *at = (const struct nlmsghdr *)room;

	for (; NLMSG_OK(at, (size_t)len); at = NLMSG_NEXT(at, len)) {
		if (at->nlmsg_type == NLMSG_ERROR)
			errx(1, "the kernel refused");
		if (at->nlmsg_type == NLMSG_DONE)
			return true;
	}
	return false;
}

int main(void)
{
	struct {
		struct nlmsghdr head;
		struct ifinfomsg link;
	} ask = { .head = { .nlmsg_len = sizeof(ask),
			    .nlmsg_type = RTM_GETLINK,
			    .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP } };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	ssize_t len;

	if (fd < 0 || send(fd, &ask, sizeof(ask), 0) < 0)
		err(1, "netlink");
	do {
		len = recv(fd, room, sizeof(room), 0);
		if (len < 0)
			err(1, "netlink");
	} while (!is_last(len));
	return 0;
}
