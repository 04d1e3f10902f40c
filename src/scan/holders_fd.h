/* SPDX-License-Identifier: MIT */
/* One descriptor table being looked through. Private to holders_fd.c and holders_socket.c. */
#ifndef NSVIEW_SCAN_HOLDERS_FD_H
#define NSVIEW_SCAN_HOLDERS_FD_H

#include <sys/stat.h>

#include <nsview/buffer.h>

#include "holders.h"

/* Network namespaces by their cookie, so that each is opened once and not for every socket. */
struct net_memo {
	uint64_t cookie, ino;
};
enum { NET_MEMOS = 64 };

struct table;
/* Takes a descriptor of the table that is on that device, with that inode number. */
typedef void (*table_take)(struct table *t, const char *name, dev_t dev, const struct statx *st);

struct table {
	const struct scan *scan;
	unsigned needs;
	table_take take; /* NULL: as a holder of a namespace */
	dev_t nsfs, sockfs, anon;
	const struct process *process;
	pid_t tid; /* of a thread with this table for itself, else 0 */
	int dirfd; /* its fd directory */
	int pidfd; /* -1: not asked for yet */
	int pidfd_error;
	struct finding *f;
	struct arena *arena;
	struct net_memo *memo;
	struct buffer *text; /* scratch */
};

/* Reads fdinfo/NAME of the table's task into t->text. */
int table_fdinfo(struct table *t, const char *name, size_t limit);
/* Appends what was found to the table's finding. */
struct found *table_found(struct table *t, enum ns_type type, uint64_t ino, enum holder_kind kind,
			  const char *name);

/* Whether it is /dev/net/tun. */
bool is_tun(const struct statx *st);
/* Duplicates a descriptor of the table (pidfd_getfd(2)); or -errno. */
int table_take_over(struct table *t, const char *name);

/*
 * Looks through the descriptor tables of all processes, with take for each descriptor. Returns
 * one finding for each process, malloc'd, whose lists are in scratch; NULL where that cannot be.
 */
struct finding *search_tables(const struct scan *s, struct process *const *processes, size_t n,
			      unsigned needs, table_take take, unsigned threads,
			      struct arena *scratch);

/* A socket: of which network namespace it is, and how many descriptors its queue has. */
void take_socket(struct table *t, const char *name);
/* A /dev/net/tun descriptor. */
void take_tun(struct table *t, const char *name);

#endif
