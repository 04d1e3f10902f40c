/* SPDX-License-Identifier: MIT */
/*
 * Makes the sockets of a network namespace, and reads the files that show each reader its own:
 * /proc/sys/net goes by the reader's namespace, thread-self/net by that of the thread
 * (proc_net(5)). Which ones is a table. Must be called by a thread that is there.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/procfile.h>

#include "inside.h"
#include "uapi.h"

enum { TEXT_MAX = 1 << 20 };

static const struct {
	int protocol;
	unsigned parts;
} sockets[INSIDE_SOCKETS] = {
	[INSIDE_ROUTE] = { NETLINK_ROUTE,
			   NET_LINKS | NET_VLANS | NET_ADDRS | NET_ROUTES | NET_RULES | NET_NEIGH },
	[INSIDE_DIAG] = { NETLINK_SOCK_DIAG, NET_SOCKETS },
	[INSIDE_FILTER] = { NETLINK_NETFILTER, NET_FILTER },
};

static const struct {
	unsigned parts;
	const char *name; /* below the proc root */
} files[] = {
	{ NET_SOCKETS, "thread-self/net/protocols" },
	{ NET_SOCKETS, "thread-self/net/sockstat" },
	{ NET_SOCKETS, "thread-self/net/raw" },
	{ NET_SOCKETS, "thread-self/net/raw6" },
	{ NET_FILTER, "thread-self/net/ip_tables_names" },
	{ NET_FILTER, "thread-self/net/ip6_tables_names" },
	{ NET_SYSCTL, "sys/net/bridge/bridge-nf-call-arptables" },
	{ NET_SYSCTL, "sys/net/bridge/bridge-nf-call-ip6tables" },
	{ NET_SYSCTL, "sys/net/bridge/bridge-nf-call-iptables" },
	{ NET_SYSCTL, "sys/net/ipv4/conf/all/accept_local" },
	{ NET_SYSCTL, "sys/net/ipv4/conf/all/arp_filter" },
	{ NET_SYSCTL, "sys/net/ipv4/conf/all/arp_ignore" },
	{ NET_SYSCTL, "sys/net/ipv4/conf/all/forwarding" },
	{ NET_SYSCTL, "sys/net/ipv4/conf/all/proxy_arp" },
	{ NET_SYSCTL, "sys/net/ipv4/conf/all/route_localnet" },
	{ NET_SYSCTL, "sys/net/ipv4/conf/all/rp_filter" },
	{ NET_SYSCTL, "sys/net/ipv4/conf/all/src_valid_mark" },
	{ NET_SYSCTL, "sys/net/ipv4/conf/default/forwarding" },
	{ NET_SYSCTL, "sys/net/ipv4/conf/default/rp_filter" },
	{ NET_SYSCTL, "sys/net/ipv4/fwmark_reflect" },
	{ NET_SYSCTL, "sys/net/ipv4/icmp_echo_ignore_all" },
	{ NET_SYSCTL, "sys/net/ipv4/ip_forward" },
	{ NET_SYSCTL, "sys/net/ipv4/ip_local_port_range" },
	{ NET_SYSCTL, "sys/net/ipv4/ip_local_reserved_ports" },
	{ NET_SYSCTL, "sys/net/ipv4/ip_nonlocal_bind" },
	{ NET_SYSCTL, "sys/net/ipv4/ip_unprivileged_port_start" },
	{ NET_SYSCTL, "sys/net/ipv4/tcp_l3mdev_accept" },
	{ NET_SYSCTL, "sys/net/ipv4/udp_l3mdev_accept" },
	{ NET_SYSCTL, "sys/net/ipv6/bindv6only" },
	{ NET_SYSCTL, "sys/net/ipv6/conf/all/disable_ipv6" },
	{ NET_SYSCTL, "sys/net/ipv6/conf/all/forwarding" },
	{ NET_SYSCTL, "sys/net/ipv6/conf/default/disable_ipv6" },
	{ NET_SYSCTL, "sys/net/ipv6/conf/default/forwarding" },
	{ NET_SYSCTL, "sys/net/netfilter/nf_conntrack_count" },
	{ NET_SYSCTL, "sys/net/netfilter/nf_conntrack_max" },
};

void inside_open(struct inside *in, int procfd, unsigned what, uint64_t deadline)
{
	*in = (struct inside){ 0 };
	for (int i = 0; i < INSIDE_SOCKETS; i++)
		in->error[i] = what & sockets[i].parts
				       ? nl_open(&in->conn[i], sockets[i].protocol, deadline)
				       : -ENOENT;
	texts_read(&in->texts, procfd, what);
}

void inside_sockets(int fds[INSIDE_SOCKETS], int error[INSIDE_SOCKETS], unsigned what)
{
	for (int i = 0; i < INSIDE_SOCKETS; i++) {
		error[i] = -ENOENT;
		fds[i] = -1;
		if (!(what & sockets[i].parts))
			continue;
		fds[i] = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
				sockets[i].protocol);
		error[i] = fds[i] < 0 ? -errno : 0;
	}
}

void inside_close(struct inside *in)
{
	for (int i = 0; i < INSIDE_SOCKETS; i++)
		nl_close(&in->conn[i]);
	buffer_release(&in->texts);
}

/* NAME NUL ERROR LENGTH BYTES */
struct text_head {
	int error;
	uint32_t len;
};

static void text_append(struct buffer *out, const char *name, int error, const struct buffer *value)
{
	struct text_head head = { error, error ? 0 : (uint32_t)value->len };

	buffer_append(out, name, strlen(name) + 1);
	buffer_append(out, &head, sizeof(head));
	if (head.len)
		buffer_append(out, value->data, head.len);
}

void texts_read(struct buffer *out, int procfd, unsigned what)
{
	autobuffer value = BUFFER_INIT;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (what & files[i].parts) {
			int ret = procfd < 0 ? -EOPNOTSUPP
					     : proc_read(procfd, files[i].name, TEXT_MAX, &value);

			text_append(out, files[i].name, ret, &value);
		}
}

bool texts_next(struct span *rest, struct text *out)
{
	const char *end = rest->len ? memchr(rest->data, '\0', rest->len) : NULL;
	struct text_head head;
	size_t used;

	if (!end)
		return false;
	used = (size_t)(end - rest->data) + 1;
	if (rest->len - used < sizeof(head))
		return false;
	memcpy(&head, end + 1, sizeof(head));
	used += sizeof(head);
	if (rest->len - used < head.len)
		return false;
	*out = (struct text){ rest->data, head.error, { rest->data + used, head.len } };
	rest->data += used + head.len;
	rest->len -= used + head.len;
	return true;
}

int texts_find(struct span texts, const char *name, struct span *out)
{
	struct text text;

	while (texts_next(&texts, &text))
		if (strcmp(text.name, name) == 0) {
			*out = text.value;
			return text.error;
		}
	return -ENOENT;
}
