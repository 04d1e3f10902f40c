/* SPDX-License-Identifier: MIT */
/*
 * The vocabulary of facts: which ones a column, a target or a command may need. Knows no scanner,
 * so that every room can name what it reads; scan.h says who obtains them.
 */
#ifndef NSVIEW_NEED_H
#define NSVIEW_NEED_H

/* Facts that a column may need; bits, or'd together. */
enum need {
	/* of a process */
	NEED_COMM = 1 << 0,	/* comm */
	NEED_CMDLINE = 1 << 1,	/* and comm, where WHO would show it: see process_facts.c */
	NEED_UID = 1 << 2,	/* effective uid, by the owner of /proc/PID */
	NEED_STAT = 1 << 3,	/* comm, ppid, start, state */
	NEED_STATUS = 1 << 4,	/* NSpid, gid, capabilities, no_new_privs, seccomp */
	NEED_IDENTITY = 1 << 5, /* cgroup and who it belongs to */
	NEED_ROOT = 1 << 6,
	/* of a namespace */
	NEED_ID = 1 << 7,
	NEED_OWNER_UID = 1 << 8,
	NEED_MAPS = 1 << 9,    /* uid_map, gid_map, setgroups */
	NEED_MOUNTS = 1 << 10, /* nmounts, mnt_root, propagation */
	NEED_UTS = 1 << 11,
	NEED_IPC = 1 << 12,
	NEED_TIME = 1 << 13,
	NEED_CGROUP_ROOT = 1 << 14,
	NEED_NETNSID = 1 << 15,
	NEED_COOKIE = 1 << 16,
	NEED_NLINKS = 1 << 17,
	/* of the whole graph: who else holds namespaces; asked of scan_host */
	NEED_HOLDERS = 1 << 18,
	NEED_SOCKETS = 1 << 19, /* with it: of which network namespace each socket is */
	NEED_PEEK = 1 << 20,	/* with that: descriptors in queues, which are duplicated for it */
	NEED_NAMES = 1 << 21,	/* with it: name files, and the limits on namespaces */
	/* of a namespace again */
	NEED_MOUNT_LIST = 1 << 22, /* mounts, one by one */
	/* what is asked of processes will be asked of every one of them; of scan_host */
	NEED_EVERY_PROCESS = 1 << 23,
	/*
	 * With NEED_HOLDERS: it is for a way into each network namespace, so that on a small host
	 * /proc will do where it shows one for all that the kernel has. Of scan_host.
	 */
	NEED_WAYS_IN = 1 << 24,
	/* of a namespace again */
	NEED_INIT_ENDED = 1 << 25,
};
enum {
	NEEDS_OF_PROCESS = NEED_ID - 1,
	NEEDS_OF_NS = ((NEED_HOLDERS - 1) & ~(NEED_ID - 1)) | NEED_MOUNT_LIST | NEED_INIT_ENDED,
};

#endif
