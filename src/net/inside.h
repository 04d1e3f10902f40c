/* SPDX-License-Identifier: MIT */
/*
 * What is had of a network namespace by having been in it: sockets, which stay in the namespace
 * where they were made, and the text of files that show the reader's own. Private to net/.
 */
#ifndef NSVIEW_NET_INSIDE_H
#define NSVIEW_NET_INSIDE_H

#include <nsview/buffer.h>
#include <nsview/proctext.h>

#include "netlink.h"

enum inside_socket {
	INSIDE_ROUTE,
	INSIDE_DIAG,
	INSIDE_FILTER,
	INSIDE_XFRM,
	INSIDE_GENERIC,
	INSIDE_SOCKETS
};

/* Beside the parts in what is wanted: IPsec, of which a socket may be made (xfrm_is_loaded). */
enum { NET_XFRM = 1 << NET_PARTS };

struct inside {
	struct nl_conn conn[INSIDE_SOCKETS];
	int error[INSIDE_SOCKETS]; /* -errno why one could not be had; -ENOENT: not wanted */
	struct buffer texts;	   /* see texts_find */
	bool here;		   /* the calling thread is still there */
	uint64_t deadline;
};

/* Makes what the parts `what` need, in the namespace of the calling thread. Never fails. */
void inside_open(struct inside *in, int procfd, unsigned what, uint64_t deadline);
/*
 * The same by a child that joins the user namespace user_fd and the network namespace net_fd, for
 * those who may do so only one after the other. Must not be called while other threads run.
 * -errno where it could not join.
 */
int inside_open_child(struct inside *in, int procfd, int user_fd, int net_fd, unsigned what,
		      uint64_t deadline);
void inside_close(struct inside *in);
/* The one of generic netlink, which is made when it is asked for; its socket is NULL if not had. */
struct nl_conn *inside_generic(struct inside *in);

/* For the child: sockets as fds (-1: not had), and texts. */
void inside_sockets(int fds[INSIDE_SOCKETS], int error[INSIDE_SOCKETS], unsigned what);
/* Appends the files that `what` needs. procfd: of the proc root; -1: none. */
void texts_read(struct buffer *out, int procfd, unsigned what);
/*
 * The contents of a file among texts: 0, or -errno of reading it; -ENOENT also where it is not
 * among them. name as in the table of inside.c. Pure.
 */
int texts_find(struct span texts, const char *name, struct span *out);
/* The next of them, to go through all; false at the end. Pure. */
struct text {
	const char *name;
	int error;
	struct span value;
};
bool texts_next(struct span *rest, struct text *out);

#endif
