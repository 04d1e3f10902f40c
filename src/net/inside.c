/* SPDX-License-Identifier: MIT */
/*
 * Makes the sockets of a network namespace, and reads the files that show each reader its own:
 * /proc/sys/net goes by the reader's namespace, thread-self/net by that of the thread
 * (proc_net(5)). Which ones is a table. Must be called by a thread that is there.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/procfile.h>

#include "inside.h"
#include "uapi.h"
#include "xtables.h"

enum { TEXT_MAX = 1 << 20, TABLES_MAX = 32 };

static const struct {
	int protocol;
	unsigned parts;
} sockets[INSIDE_SOCKETS] = {
	[INSIDE_ROUTE] = { NETLINK_ROUTE, NET_LINKS | NET_VLANS | NET_ADDRS | NET_ROUTES |
						  NET_RULES | NET_NEIGH | NET_SYSCTL | NET_TC },
	[INSIDE_DIAG] = { NETLINK_SOCK_DIAG, NET_SOCKETS },
	[INSIDE_FILTER] = { NETLINK_NETFILTER, NET_FILTER },
	[INSIDE_XFRM] = { NETLINK_XFRM, NET_XFRM },
	[INSIDE_GENERIC] = { NETLINK_GENERIC, NET_LINKS },
};

/*
 * In the order of their directories, each of which is looked up once: the kernel finds the one of
 * this namespace below sys/net by going through those of all that were looked into.
 */
static const struct {
	unsigned parts;
	const char *name; /* below the proc root */
} files[] = {
	{ NET_SOCKETS, "thread-self/net/protocols" },
	{ NET_SOCKETS, "thread-self/net/sockstat" },
	{ NET_SOCKETS, "thread-self/net/raw" },
	{ NET_SOCKETS, "thread-self/net/raw6" },
	{ NET_SYSCTL, "sys/net/bridge/bridge-nf-call-arptables" },
	{ NET_SYSCTL, "sys/net/bridge/bridge-nf-call-ip6tables" },
	{ NET_SYSCTL, "sys/net/bridge/bridge-nf-call-iptables" },
	{ NET_SYSCTL, "sys/net/ipv4/conf/all/accept_local" },
	{ NET_SYSCTL, "sys/net/ipv4/conf/all/arp_announce" },
	{ NET_SYSCTL, "sys/net/ipv4/conf/all/arp_filter" },
	{ NET_SYSCTL, "sys/net/ipv4/conf/all/arp_ignore" },
	{ NET_SYSCTL, "sys/net/ipv4/conf/all/route_localnet" },
	{ NET_SYSCTL, "sys/net/ipv4/conf/all/src_valid_mark" },
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
	{ NET_SYSCTL, "sys/net/ipv6/conf/default/disable_ipv6" },
	{ NET_SYSCTL, "sys/net/netfilter/nf_conntrack_count" },
	{ NET_SYSCTL, "sys/net/netfilter/nf_conntrack_max" },
};

void inside_open(struct inside *in, int procfd, unsigned what, uint64_t deadline)
{
	*in = (struct inside){ .here = true, .deadline = deadline };
	for (int i = 0; i < INSIDE_SOCKETS; i++)
		in->error[i] = i != INSIDE_GENERIC && (what & sockets[i].parts)
				       ? nl_open(&in->conn[i], sockets[i].protocol, deadline)
				       : -ENOENT;
	texts_read(&in->texts, procfd, what);
}

/* Few namespaces need it. */
struct nl_conn *inside_generic(struct inside *in)
{
	struct nl_conn *conn = &in->conn[INSIDE_GENERIC];

	if (!conn->socket && in->here)
		in->error[INSIDE_GENERIC] = nl_open(conn, NETLINK_GENERIC, in->deadline);
	return conn;
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

/* Tables of legacy iptables, but only those that there are. */
static void xtables_read(struct buffer *out, int procfd, enum xtables_family family)
{
	const struct xtables_kind *kind = &xtables_kinds[family];
	autobuffer names = BUFFER_INIT, block = BUFFER_INIT;
	struct span rest, line;
	int ret = procfd < 0 ? -EOPNOTSUPP : proc_read(procfd, kind->names, TEXT_MAX, &names);

	text_append(out, kind->names, ret, &names);
	rest = (struct span){ buffer_str(&names), ret < 0 ? 0 : names.len };
	for (int i = 0; i < TABLES_MAX && proc_line_next(&rest, &line); i++) {
		autobuffer table = BUFFER_INIT, name = BUFFER_INIT;

		buffer_append(&table, line.data, line.len);
		buffer_printf(&name, "%s%s", kind->prefix, buffer_str(&table));
		buffer_clear(&block);
		ret = xtables_get(family, buffer_str(&table), &block);
		text_append(out, buffer_str(&name), ret, &block);
	}
}

/* The directory that was read from last. */
struct last_dir {
	char name[32];
	size_t len;
	int fd; /* -1: none */
};

static size_t dir_len(const char *name)
{
	const char *slash = name;

	/* The first three parts: what is deeper hangs below a directory of this namespace alone. */
	for (int i = 0; i < 3 && slash; i++)
		slash = strchr(slash + (i > 0), '/');
	return slash ? (size_t)(slash - name) : 0;
}

static int read_below(struct last_dir *dir, int procfd, const char *name, struct buffer *value)
{
	size_t len = dir_len(name);

	if (!len || len >= sizeof(dir->name))
		return proc_read(procfd, name, TEXT_MAX, value);
	if (len != dir->len || memcmp(dir->name, name, len) != 0) {
		if (dir->fd >= 0)
			close(dir->fd);
		memcpy(dir->name, name, len);
		dir->name[len] = '\0';
		dir->len = len;
		dir->fd = openat(procfd, dir->name, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (dir->fd < 0)
			dir->fd = -errno;
	}
	return dir->fd < 0 ? dir->fd : proc_read(dir->fd, name + len + 1, TEXT_MAX, value);
}

void texts_read(struct buffer *out, int procfd, unsigned what)
{
	autobuffer value = BUFFER_INIT;
	struct last_dir dir = { .fd = -1 };

	for (int i = 0; i < XTABLES_FAMILIES && (what & NET_FILTER); i++)
		xtables_read(out, procfd, (enum xtables_family)i);

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (what & files[i].parts) {
			int ret = procfd < 0 ? -EOPNOTSUPP
					     : read_below(&dir, procfd, files[i].name, &value);

			text_append(out, files[i].name, ret, &value);
		}
	if (dir.fd >= 0)
		close(dir.fd);
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
