/* SPDX-License-Identifier: MIT */
/*
 * Makes links and addresses by rtnetlink(7): one request, one acknowledgement each. Whose network
 * namespace that is the socket decides, which is opened for each request, in the caller's. To set
 * a link up takes less, so that a new network namespace needs no libmnl for its loopback.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>

#include <nsview/kern.h>
#include <nsview/veth.h>

#include "load_mnl.h"

enum { REQUEST_SIZE = 1024, REPLY_SIZE = 8192, SEQ = 1 };

struct request {
	char bytes[REQUEST_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));
};

static struct nlmsghdr *start(struct request *r, uint16_t type, uint16_t flags)
{
	struct nlmsghdr *nlh;

	memset(r, 0, sizeof(*r));
	nlh = mnl_nlmsg_put_header(r->bytes);
	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags);
	nlh->nlmsg_seq = SEQ;
	return nlh;
}

/* What the acknowledgement says: 0 or -errno. */
static int answer(struct mnl_socket *socket)
{
	char buf[REPLY_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));

	for (;;) {
		ssize_t len = mnl_socket_recvfrom(socket, buf, sizeof(buf));
		int ret;

		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0)
			return -errno;
		ret = mnl_cb_run(buf, (size_t)len, SEQ, mnl_socket_get_portid(socket), NULL, NULL);
		if (ret < 0)
			return -errno;
		if (ret == MNL_CB_STOP)
			return 0;
	}
}

static int ask(const struct nlmsghdr *nlh)
{
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	int ret = 0;

	if (!socket)
		return -errno;
	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    mnl_socket_sendto(socket, nlh, nlh->nlmsg_len) < 0)
		ret = -errno;
	if (ret == 0)
		ret = answer(socket);
	mnl_socket_close(socket);
	return ret;
}

int link_name_check(const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || len >= IFNAMSIZ || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return -EINVAL;
	for (; *name; name++) {
		/* A per cent sign would be a pattern for the kernel to fill in. */
		if ((unsigned char)*name <= ' ' || *name == 0x7f || strchr("/:%", *name))
			return -EINVAL;
	}
	return 0;
}

int link_address_parse(const char *text, struct link_address *out)
{
	char address[INET6_ADDRSTRLEN];
	const char *slash = strchr(text, '/');
	size_t len = slash ? (size_t)(slash - text) : strlen(text);
	unsigned long prefix, most;
	char *end;

	if (len >= sizeof(address))
		return -EINVAL;
	memcpy(address, text, len);
	address[len] = '\0';
	memset(out, 0, sizeof(*out));
	out->family = strchr(address, ':') ? AF_INET6 : AF_INET;
	most = out->family == AF_INET6 ? 128 : 32;
	if (inet_pton(out->family, address, out->bytes) != 1)
		return -EINVAL;
	prefix = most;
	if (slash) {
		if (slash[1] < '0' || slash[1] > '9')
			return -EINVAL;
		prefix = strtoul(slash + 1, &end, 10);
		if (*end || prefix > most)
			return -EINVAL;
	}
	out->prefix = (uint8_t)prefix;
	return 0;
}

static int link_failed(const char *what, const char *name, int error, struct error *err)
{
	return error_set(err, error, "cannot %s %s: %s%s", what, name, strerror(-error),
			 error == -EPERM
				 ? ": it takes CAP_NET_ADMIN in the user namespace that owns "
				   "the network namespace"
				 : "");
}

int link_up(const char *name, struct error *err)
{
	int ret = kern_link_up(name);

	return ret < 0 ? link_failed("bring up", name, ret, err) : 0;
}

int link_delete(const char *name, struct error *err)
{
	struct request r;
	struct nlmsghdr *nlh = start(&r, RTM_DELLINK, 0);
	int ret;

	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(nlh, IFLA_IFNAME, name);
	ret = ask(nlh);
	return ret < 0 ? link_failed("remove", name, ret, err) : 0;
}

int link_add_address(const char *name, const struct link_address *address, struct error *err)
{
	const uint16_t size = address->family == AF_INET6 ? 16 : 4;
	struct request r;
	struct nlmsghdr *nlh = start(&r, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
	struct ifaddrmsg *info = mnl_nlmsg_put_extra_header(nlh, sizeof(*info));
	unsigned index = if_nametoindex(name);
	int ret;

	if (index == 0)
		return link_failed("give an address to", name, -errno, err);
	info->ifa_family = (uint8_t)address->family;
	info->ifa_prefixlen = address->prefix;
	info->ifa_index = index;
	/* There is nobody but the other end, whose address is of our choice too. */
	info->ifa_flags = address->family == AF_INET6 ? IFA_F_NODAD : 0;
	mnl_attr_put(nlh, IFA_LOCAL, size, address->bytes);
	mnl_attr_put(nlh, IFA_ADDRESS, size, address->bytes);
	ret = ask(nlh);
	return ret < 0 ? link_failed("give an address to", name, ret, err) : 0;
}

int veth_create(const char *name, const char *peer, pid_t pid, struct error *err)
{
	struct request r;
	struct nlmsghdr *nlh = start(&r, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	struct nlattr *info, *data, *other;
	int ret;

	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(nlh, IFLA_IFNAME, name);
	info = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
	mnl_attr_put_strz(nlh, IFLA_INFO_KIND, "veth");
	data = mnl_attr_nest_start(nlh, IFLA_INFO_DATA);
	other = mnl_attr_nest_start(nlh, VETH_INFO_PEER);
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(nlh, IFLA_IFNAME, peer);
	mnl_attr_put_u32(nlh, IFLA_NET_NS_PID, (uint32_t)pid);
	mnl_attr_nest_end(nlh, other);
	mnl_attr_nest_end(nlh, data);
	mnl_attr_nest_end(nlh, info);
	ret = ask(nlh);
	if (ret == -EEXIST)
		return error_set(err, ret, "cannot make the veth pair: there is a link %s already",
				 name);
	if (ret == -EOPNOTSUPP)
		return error_set(err, ret, "cannot make a veth pair: this kernel has none");
	return ret < 0 ? link_failed("make the veth pair", name, ret, err) : 0;
}
