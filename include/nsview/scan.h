/* SPDX-License-Identifier: MIT */
/*
 * Reads a host into a graph. Two steps: scan_host finds every namespace, process and edge;
 * scan_processes and scan_namespaces then read only the facts that the output needs, of only the
 * nodes that it shows. Vanished processes are normal and never an error.
 */
#ifndef NSVIEW_SCAN_H
#define NSVIEW_SCAN_H

#include <stddef.h>
#include <nsview/error.h>
#include <nsview/graph.h>

/* Facts that a column may need; bits, or'd together. */
enum need {
	/* of a process */
	NEED_COMM = 1 << 0,	 /* comm */
	NEED_CMDLINE = 1 << 1,
	NEED_UID = 1 << 2,	 /* effective uid, by the owner of /proc/PID */
	NEED_STAT = 1 << 3,	 /* comm, ppid, start, state */
	NEED_STATUS = 1 << 4,	 /* NSpid, gid, capabilities, no_new_privs, seccomp */
	NEED_IDENTITY = 1 << 5,	 /* cgroup and who it belongs to */
	NEED_ROOT = 1 << 6,
	/* of a namespace */
	NEED_ID = 1 << 7,
	NEED_OWNER_UID = 1 << 8,
	NEED_MAPS = 1 << 9,	 /* uid_map, gid_map, setgroups */
	NEED_MOUNTS = 1 << 10,	 /* nmounts, mnt_root, propagation */
	NEED_UTS = 1 << 11,
	NEED_IPC = 1 << 12,
	NEED_TIME = 1 << 13,
	NEED_CGROUP_ROOT = 1 << 14,
	NEED_NETNSID = 1 << 15,
	NEED_COOKIE = 1 << 16,
	NEED_NLINKS = 1 << 17,
	/* of the whole graph: who else holds namespaces; asked of scan_host */
	NEED_HOLDERS = 1 << 18,
};
enum {
	NEEDS_OF_PROCESS = NEED_ID - 1,
	NEEDS_OF_NS = (NEED_HOLDERS - 1) & ~(NEED_ID - 1),
};

struct scan; /* an open proc root, and what is known of the kernel */

/*
 * Opens a proc root, "/proc" when path is NULL. -ENOTDIR, -ENOENT ... with words where it is not
 * a procfs and does not look like a copy of one either.
 */
int scan_open(const char *path, struct scan **out, struct error *err);
void scan_close(struct scan *s);

/* The whole host. threads: 0 chooses by the number of cores and processes. */
int scan_host(struct scan *s, unsigned needs, unsigned threads, struct graph **out,
	      struct error *err);

/* Fills in facts of processes; those read already are skipped. Facts, never errors. */
void scan_processes(struct scan *s, struct graph *g, struct process *const *list, size_t n,
		    unsigned needs);
/* The same for namespaces. */
void scan_namespaces(struct scan *s, struct graph *g, struct ns *const *list, size_t n,
		     unsigned needs);

#endif
