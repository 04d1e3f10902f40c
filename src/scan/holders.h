/* SPDX-License-Identifier: MIT */
/* Who else holds a namespace: mounts and open descriptors. Private to scan/. */
#ifndef NSVIEW_SCAN_HOLDERS_H
#define NSVIEW_SCAN_HOLDERS_H

#include "internal.h"
#include "kernel_super.h"

/*
 * Adds nsfs mounts of our own mount namespace always; with NEED_HOLDERS also those of every mount
 * namespace, and the open descriptors of every process; with NEED_SOCKETS sockets, with NEED_PEEK
 * what is in their queues.
 */
void find_holders(struct scan *s, struct graph *g, unsigned needs, unsigned threads);

/* Something found by a worker, put into the graph afterwards. */
struct found {
	struct found *next;
	enum ns_type type;
	uint64_t ino;
	enum holder_kind kind;
	enum holder_reason reason;
	pid_t tid;
	int fd;			    /* -1 for a mount */
	const char *path;	    /* in the worker's arena */
	struct kernel_super *super; /* of a mount of one: type and the rest are in there */
	bool whole;		    /* ... of its root directory */
};

/* What was found by way of one process, or in one mount namespace; and how much was looked at. */
struct finding {
	struct found *first;
	int error;	    /* -errno: could not be looked at */
	bool chrooted;	    /* mounts: seen from a root that is not the namespace's */
	struct process *by; /* mounts: in whose view they were seen */
	uint32_t fds, sockets, unread_sockets, rings, queued, unread_queued;
};

/* Appends one to f; kind and the rest are the caller's to change. */
struct found *found_new(struct finding *f, struct arena *arena, enum ns_type type, uint64_t ino,
			enum holder_kind kind);
/* "TYPE:[INODE]", as links, mountinfo and fdinfo have it. -EINVAL: it is something else. */
int found_parse(struct span text, enum ns_type *out_type, uint64_t *out_ino);
/* Puts what was found into the graph. p and mnt as in graph_add_holder. */
void found_add(struct graph *g, const struct finding *f, struct process *p, struct ns *mnt);

/* holders_mount.c */
void find_own_mounts(const struct scan *s, struct graph *g);
void find_all_mounts(const struct scan *s, struct graph *g, unsigned threads);
/* holders_hidden.c: those that no process is in, and those that all members see part of (`seen`,
 * which is cleared where they were read). */
void find_hidden_mounts(const struct scan *s, struct graph *g);
/* fd of a mount namespace by walking all of them; -ENOENT where it is not among them. */
int hidden_open(uint64_t ino);
/* holders_socket.c: fd of the namespace, if the first message in the socket's queue has it. */
int queue_open(int sock, const struct ns *ns);
/* holders_fd.c: of n processes of the graph. */
void find_fds(const struct scan *s, struct graph *g, struct process *const *processes, size_t n,
	      unsigned needs, unsigned threads);
/* The files that are registered with the io_uring at one descriptor. */
void find_ring(const struct scan *s, struct graph *g, struct process *p, pid_t tid, int fd);

/* holders_check.c: drops those that have gone since, or are another's with the same number. */
void check_holders(const struct scan *s, struct graph *g);
/*
 * open_holder.c: the directory, below the proc root, of the task by which p sees the mounts of mnt:
 * that of its thread, if that is how the scan met the mount namespace.
 */
void mnt_view_path(const struct ns *mnt, const struct process *p, char *out, size_t size);
/* The namespace's file by way of this holder alone; as scan_ns_open. */
int scan_holder_open(const struct scan *s, const struct ns *ns, const struct holder *h);

/* names.c: name files and limits, for NEED_NAMES. */
void find_names(const struct scan *s, struct graph *g);

#endif
