/* SPDX-License-Identifier: MIT */
/*
 * The wiring picture of `nsview net`: which namespaces and links stand on which line, and which
 * lane of the gutter joins them. Pure: struct net in, lines and cables out; render draws them.
 */
#ifndef NSVIEW_WIRING_H
#define NSVIEW_WIRING_H

#include <stdbool.h>
#include <stddef.h>
#include <nsview/net.h>

enum wiring_line_kind {
	WIRING_CARD,  /* head of a namespace */
	WIRING_LINK,  /* one of its links */
	WIRING_EXTRA, /* one more cable of the link above it */
};

struct wiring_line {
	enum wiring_line_kind kind;
	const struct net_ns *net;
	const struct net_link *link; /* NULL on a card */
	size_t like;		     /* how many alike it stands for, itself included */
	unsigned depth;		     /* how many masters are above it */
	bool last;		     /* the last below its master */
	long cable;		     /* index into cables, -1: none */
	const struct net_wire
		*stub; /* leads to what has no line: unresolved, a process, or left out */
};

/* What joins two lines, or several to the link that they stand on. */
struct wiring_cable {
	const struct net_wire *wire; /* the first of them; all are of its kind */
	size_t first, last;	     /* lines */
	long lane;		     /* from the left, -1: there was none left, see number */
	unsigned number;	     /* told at its ends where it has no lane, from 1 */
};

struct wiring {
	struct wiring_line *lines; /* owned, as is cables */
	size_t nlines;
	struct wiring_cable *cables;
	size_t ncables;
	size_t nlanes;
	size_t nfolded; /* namespaces left out since they have a loopback link at most */
	size_t nfar;	/* left out since they are further than `around` */
};

struct wiring_options {
	bool all;		  /* also those with lo only, and each of those that are alike */
	struct ns *const *around; /* NULL: everything */
	size_t naround;
	unsigned wires;	  /* how many wires around them */
	size_t lanes_max; /* cables beyond are told by numbers; 0: WIRING_LANES,
			     which is also the most */
};
enum { WIRING_ALIKE_MIN = 4, WIRING_ALIKE_FROM = 24, WIRING_LANES = 64 };

void wiring_build(const struct net *net, const struct wiring_options *opt, struct wiring *out);
void wiring_release(struct wiring *w);

/* The other end of a wire as seen from link, NULL where it is none. */
const struct net_link *wiring_far(const struct net_wire *wire, const struct net_link *link);

#endif
