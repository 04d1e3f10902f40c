/* SPDX-License-Identifier: MIT */
/*
 * Fetches tables of legacy iptables by getsockopt(2): their size first, then all entries at once.
 * Knows nothing of what is in them. Asks for what it is told to, see xtables.h for why not more.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <netinet/in.h>

#include <nsview/cleanup.h>

#include "xtables.h"
#include "xtables_uapi.h"

enum { BLOCK_MAX = 64 << 20, TRIES = 4 };

const struct xtables_kind xtables_kinds[XTABLES_FAMILIES] = {
	[XTABLES_IP] = { "thread-self/net/ip_tables_names", "iptables-legacy", "xtables/ip/" },
	[XTABLES_IP6] = { "thread-self/net/ip6_tables_names", "ip6tables-legacy", "xtables/ip6/" },
	[XTABLES_ARP] = { "thread-self/net/arp_tables_names", "arptables-legacy", "xtables/arp/" },
};

static const struct {
	int domain, level, info, entries;
} calls[XTABLES_FAMILIES] = {
	[XTABLES_IP] = { AF_INET, IPPROTO_IP, IPT_SO_GET_INFO, IPT_SO_GET_ENTRIES },
	[XTABLES_IP6] = { AF_INET6, IPPROTO_IPV6, IP6T_SO_GET_INFO, IP6T_SO_GET_ENTRIES },
	[XTABLES_ARP] = { AF_INET, IPPROTO_IP, ARPT_SO_GET_INFO, ARPT_SO_GET_ENTRIES },
};

static int call(int fd, enum xtables_family family, int option, void *data, size_t size)
{
	socklen_t len = (socklen_t)size;

	if (getsockopt(fd, calls[family].level, option, data, &len) < 0)
		return -errno;
	return len == size ? 0 : -EPROTO;
}

/* That of ARP has fewer hooks. */
static int get_arp_info(int fd, const char *table, struct ipt_getinfo *out)
{
	struct arpt_getinfo info = { .size = 0 };
	int ret;

	strcpy(info.name, table);
	ret = call(fd, XTABLES_ARP, ARPT_SO_GET_INFO, &info, sizeof(info));
	*out = (struct ipt_getinfo){ .valid_hooks = info.valid_hooks,
				     .num_entries = info.num_entries,
				     .size = info.size };
	strcpy(out->name, table);
	memcpy(out->hook_entry, info.hook_entry, sizeof(info.hook_entry));
	memcpy(out->underflow, info.underflow, sizeof(info.underflow));
	return ret;
}

static int get_info(int fd, enum xtables_family family, const char *table, struct ipt_getinfo *out)
{
	int ret;

	*out = (struct ipt_getinfo){ .size = 0 };
	strcpy(out->name, table);
	if (family == XTABLES_ARP)
		ret = get_arp_info(fd, table, out);
	else
		ret = call(fd, family, calls[family].info, out, sizeof(*out));
	if (ret == 0 && out->size > BLOCK_MAX)
		return -EFBIG;
	return ret;
}

/* struct ipt_get_entries is a name, a size, and the entries, aligned for numbers of 64 bits. */
static int get_entries(int fd, enum xtables_family family, const struct ipt_getinfo *info,
		       struct buffer *out)
{
	struct ipt_get_entries head = { .size = info->size };
	autobuffer block = BUFFER_INIT;
	int ret;

	strcpy(head.name, info->name);
	buffer_reserve(&block, sizeof(head) + info->size);
	memcpy(block.data, &head, sizeof(head));
	ret = call(fd, family, calls[family].entries, block.data, sizeof(head) + info->size);
	if (ret < 0)
		return ret;
	buffer_append(out, info, sizeof(*info));
	buffer_append(out, block.data + sizeof(head), info->size);
	return 0;
}

int xtables_get(enum xtables_family family, const char *table, struct buffer *out)
{
	autoclose int fd = socket(calls[family].domain, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ipt_getinfo info;
	int ret = fd < 0 ? -errno : 0;

	if (strlen(table) >= sizeof(info.name))
		return -ENAMETOOLONG;
	/* Between the two calls it may have been replaced by one of another size. */
	for (int i = 0; ret == 0 && i < TRIES; i++) {
		ret = get_info(fd, family, table, &info);
		if (ret == 0)
			ret = get_entries(fd, family, &info, out);
		if (ret != -EAGAIN)
			break;
		ret = i + 1 < TRIES ? 0 : ret;
	}
	return ret;
}
