/* SPDX-License-Identifier: MIT */
/*
 * The wiring picture of `nsview net` line by line, for a stream or a screen; and links in words.
 * Everything is escaped for the output that it was made for.
 */
#ifndef NSVIEW_NET_PICTURE_H
#define NSVIEW_NET_PICTURE_H

#include <nsview/buffer.h>
#include <nsview/term.h>
#include <nsview/wiring.h>

struct net_picture;

enum { NET_PICTURE_RUNS = 12 };

struct net_picture_line {
	size_t indent;	    /* columns of blanks before the text */
	struct buffer text; /* owned by who asks */
	size_t columns;	    /* of the text */
	struct net_picture_run {
		size_t at; /* byte of the text where the style begins */
		enum style style;
	} runs[NET_PICTURE_RUNS];
	size_t nruns;
};

/* Laid out for t->width, 0: as wide as it has to be. Borrows all three. */
struct net_picture *net_picture_new(const struct term *t, const struct graph *g,
				    const struct wiring *w);
void net_picture_free(struct net_picture *p);
/* A line of the wiring; quickest in their order. */
void net_picture_line(struct net_picture *p, size_t at, struct net_picture_line *out);
/* Headings in the columns of the links' cells. */
void net_picture_heading(struct net_picture *p, struct net_picture_line *out);

/* How much room lines with links leave for the gutter, for wiring_options.lanes_max. */
size_t net_picture_lanes(unsigned width);

/*
 * Words on what could not be read of a namespace, one a line, and what is known instead; nothing:
 * all was read.
 */
void net_unread_words(const struct term *t, const struct graph *g, const struct net_ns *net,
		      struct buffer *out);
/*
 * "eth0@host:veth3a1c", appended. Returns the link at the other end, NULL where none is told, and
 * at which byte of what was appended it begins.
 */
const struct net_link *net_link_words(const struct term *t, const struct graph *g,
				      const struct net_link *link, struct buffer *out,
				      size_t *out_far);
/* A line of a wiring without the gutter: what is said of the link, the namespace, or the note. */
void net_line_words(const struct term *t, const struct graph *g, const struct wiring_line *line,
		    struct buffer *out);
/* "host:veth3a1c", as seen from another link. */
void net_far_words(const struct term *t, const struct graph *g, const struct net_link *link,
		   const struct net_link *from, struct buffer *out);

#endif
