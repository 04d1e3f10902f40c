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

struct table {
	const struct scan *scan;
	unsigned needs;
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

/* A socket: of which network namespace it is, and how many descriptors its queue has. */
void take_socket(struct table *t, const char *name);
/* A /dev/net/tun descriptor. */
void take_tun(struct table *t, const char *name);

#endif
