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
	WIRING_NOTE,  /* words of whoever added the line; wiring_build makes none */
};

struct wiring_line {
	enum wiring_line_kind kind;
	const struct net_ns *net;    /* NULL: a note about none */
	const struct net_link *link; /* NULL on a card and a note */
	const char *words;	     /* of a note: escaped, borrowed; else NULL */
	size_t like;		     /* how many alike it stands for, itself included */
	unsigned depth;		     /* how many masters are above it */
	bool last;		     /* the last below its master */
	const struct net_wire *wire; /* what comes to it, drawn as cable or stub; NULL: nothing */
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

/* A namespace without a card, and the one that stands for it. */
struct wiring_member {
	const struct net_ns *net, *lead;
};

struct wiring {
	struct wiring_line *lines; /* owned, as are cables and members */
	size_t nlines;
	struct wiring_cable *cables;
	size_t ncables;
	struct wiring_member *members;
	size_t nmembers;
	size_t nlanes;
	size_t nfolded; /* namespaces left out since they have a loopback link at most */
	size_t nfar;	/* left out since they are further than `around` */
};

struct wiring_options {
	bool all;		  /* also those with lo only, and each of those that are alike */
	struct ns *const *around; /* NULL: everything */
	size_t naround;
	unsigned wires; /* how many wires around them */
	bool loopback;	/* also those with lo only, which then stand for themselves */
	bool (*apart)(const void *ctx, const struct ns *lead); /* stands for no others; may be NULL
								*/
	const void *ctx;
	size_t lanes_max; /* cables beyond are told by numbers; 0: WIRING_LANES,
			     which is also the most */
};
enum { WIRING_ALIKE_MIN = 4, WIRING_ALIKE_FROM = 24, WIRING_LANES = 64 };

void wiring_build(const struct net *net, const struct wiring_options *opt, struct wiring *out);
void wiring_release(struct wiring *w);

/*
 * The lines of `from` with these indices, in that order, and the gutter that joins them: a wire to
 * a line that is not among them is a stub. It borrows what from borrows; counts are not taken over.
 */
void wiring_select(const struct wiring *from, const size_t *lines, size_t n, size_t lanes_max,
		   struct wiring *out);

/* Whether it has a loopback link at most, as far as could be read. */
bool wiring_is_idle(const struct net_ns *net);

/* The other end of a wire as seen from link, NULL where it is none. */
const struct net_link *wiring_far(const struct net_wire *wire, const struct net_link *link);

#endif
