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
#include <nsview/target.h>
#include <nsview/need.h>

/* Where processes and their namespaces are read from; nsview-sources(7). */
enum scan_choice {
	SCAN_AUTO, /* whichever is sooner done; the kernel's where only it finds all of it */
	SCAN_KERNEL,
	SCAN_PROC,
};

struct scan; /* an open proc root, and what is known of the kernel */

/*
 * Opens a proc root, "/proc" when path is NULL. -ENOTDIR, -ENOENT ... with words where it is not
 * a procfs and does not look like a copy of one either.
 */
int scan_open(const char *path, struct scan **out, struct error *err);
void scan_close(struct scan *s);

/* SCAN_AUTO unless this is called before scan_host. */
void scan_choose(struct scan *s, enum scan_choice choice);

/*
 * The whole host. threads: 0 chooses by the number of cores and processes. With SCAN_KERNEL it
 * fails with words where the kernel source cannot be used; with SCAN_AUTO it reads /proc then, and
 * the graph's completeness says why.
 */
int scan_host(struct scan *s, unsigned needs, unsigned threads, struct graph **out,
	      struct error *err);

/* Fills in facts of processes; those read already are skipped. Facts, never errors. */
void scan_processes(struct scan *s, struct graph *g, struct process *const *list, size_t n,
		    unsigned needs);
/* The same for namespaces. */
void scan_namespaces(struct scan *s, struct graph *g, struct ns *const *list, size_t n,
		     unsigned needs);

/*
 * Adds what a target stands for to sel: target_resolve, and before it what only the kernel can
 * tell: our own pid, the namespace behind a path (added to the graph where the scan did not meet
 * it), the mount namespaces that have a mount point.
 */
int scan_resolve(struct scan *s, struct graph *g, struct target *t, struct selection *sel,
		 struct error *err);

/*
 * Opens the nsfs file of a namespace (close-on-exec) by whatever leads there: a member, a thread,
 * a *_for_children link, a mount, a descriptor, or the namespace that it owns or is parent of; and
 * makes sure by its inode number that it is the one. Returns the fd, or -errno: -ENOENT gone,
 * -EACCES or -EPERM not allowed, -EOPNOTSUPP in a copy of /proc.
 */
int scan_ns_open(const struct scan *s, const struct ns *ns);

/* fd of the proc root, borrowed; -1 where it is a copy in files. */
int scan_proc_fd(const struct scan *s);

/* A descriptor of a socket or of a tun or tap device that a process has open. */
struct scan_fd {
	uint64_t inode;	 /* of the socket; 0: it is a tun or tap device */
	const char *tun; /* name of the device, in arena */
	uint64_t tun_ns; /* inode number of its network namespace, 0 where that is not told */
	struct process *process; /* borrowed from the graph */
	pid_t tid;		 /* of the thread with a descriptor table of its own, else 0 */
	int fd;
};

/*
 * All of them, sorted by inode, pid, fd; malloc'd. *out_unread counts processes whose descriptors
 * could not be listed. -EOPNOTSUPP in a copy of /proc.
 */
int scan_sockets(const struct scan *s, const struct graph *g, struct arena *arena,
		 struct scan_fd **out, size_t *out_n, size_t *out_unread);

#endif
