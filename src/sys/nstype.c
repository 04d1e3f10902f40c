/* SPDX-License-Identifier: MIT */
/* THE table of namespace types; everything that needs to know about a type reads it. */
#include <errno.h>
#include <string.h>

#include <nsview/nstype.h>

#include "uapi.h"

const struct ns_type_info ns_types[NS_TYPES] = {
	[NS_CGROUP] = { "cgroup", "cgroup", CLONE_NEWCGROUP, 0xEFFFFFFBU, "4.6" },
	[NS_IPC] = { "ipc", "IPC", CLONE_NEWIPC, 0xEFFFFFFFU, "2.6.19" },
	[NS_MNT] = { "mnt", "mount", CLONE_NEWNS, 0xEFFFFFF8U, "2.4.19" },
	[NS_NET] = { "net", "network", CLONE_NEWNET, 0xEFFFFFF9U, "2.6.29" },
	[NS_PID] = { "pid", "PID", CLONE_NEWPID, 0xEFFFFFFCU, "2.6.24" },
	[NS_TIME] = { "time", "time", CLONE_NEWTIME, 0xEFFFFFFAU, "5.6" },
	[NS_USER] = { "user", "user", CLONE_NEWUSER, 0xEFFFFFFDU, "3.8" },
	[NS_UTS] = { "uts", "UTS", CLONE_NEWUTS, 0xEFFFFFFEU, "2.6.19" },
};

const struct ns_link_info ns_links[NS_LINKS] = {
	[NS_CGROUP] = { "cgroup", NS_CGROUP },
	[NS_IPC] = { "ipc", NS_IPC },
	[NS_MNT] = { "mnt", NS_MNT },
	[NS_NET] = { "net", NS_NET },
	[NS_PID] = { "pid", NS_PID },
	[NS_TIME] = { "time", NS_TIME },
	[NS_USER] = { "user", NS_USER },
	[NS_UTS] = { "uts", NS_UTS },
	[LINK_PID_FOR_CHILDREN] = { "pid_for_children", NS_PID },
	[LINK_TIME_FOR_CHILDREN] = { "time_for_children", NS_TIME },
};

int ns_type_parse(const char *name, size_t len)
{
	for (int i = 0; i < NS_TYPES; i++)
		if (strlen(ns_types[i].name) == len && memcmp(ns_types[i].name, name, len) == 0)
			return i;
	return -1;
}

int ns_type_from_flag(int clone_flag)
{
	for (int i = 0; i < NS_TYPES; i++)
		if (ns_types[i].clone_flag == clone_flag)
			return i;
	return -1;
}

int ns_is_initial(enum ns_type type, uint64_t ino)
{
	return ino == ns_types[type].initial_ino;
}

int ns_link_parse(const char *text, size_t len, uint64_t *out_ino)
{
	const char *p = memchr(text, ':', len);
	const char *end = text + len;
	uint64_t ino = 0;

	if (!p || end - p < 4 || p[1] != '[' || end[-1] != ']')
		return -EINVAL;
	for (p += 2; p < end - 1; p++) {
		if (*p < '0' || *p > '9' || ino > UINT64_MAX / 10 - 1)
			return -EINVAL;
		ino = ino * 10 + (uint64_t)(*p - '0');
	}
	*out_ino = ino;
	return ino ? 0 : -EINVAL;
}
