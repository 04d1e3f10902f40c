/* SPDX-License-Identifier: MIT */
/* What the files that show networks share. Private to the room. */
#ifndef NSVIEW_RENDER_NET_H
#define NSVIEW_RENDER_NET_H

#include <nsview/net_picture.h>
#include <nsview/render.h>

#include "words.h"

/* The columns of a link's line. */
enum net_cell { NET_CELL_NAME, NET_CELL_KIND, NET_CELL_STATE, NET_CELL_ADDRS, NET_CELLS };

struct net_cells {
	struct buffer at[NET_CELLS]; /* owned by who draws; escaped text is appended */
	bool up;
};

/* A namespace in a few words, to be put before a link's name: "host", "docker:web", "net:4026". */
void net_place_words(struct words *w, const struct net_ns *net);
/* "UP", "DOWN", "LLD" ...; static */
const char *net_link_state(const struct net_link *link);
/* The kind, or what hardware it is; "" unknown */
const char *net_link_kind(const struct net_link *link);

/* Fill in the cells of a line; w->out is changed. */
void net_link_cells(struct words *w, const struct wiring *wiring, const struct wiring_line *line,
		    struct net_cells *cells);
void net_extra_cells(struct words *w, const struct wiring *wiring, const struct wiring_line *line,
		     struct net_cells *cells);
/* A link in one line: "eth0 veth UP 10.0.0.2/24". */
void net_link_label(struct words *w, const struct wiring_line *line);
/* Where a wire leads that has no line: "tun to pid 4123 qemu fd 7". */
void net_stub_words(struct words *w, const struct wiring_line *line);
/* The head of a card. */
void net_card_words(struct words *w, const struct wiring_line *line);
/* What the picture does not show, and how to see it; empty: nothing is left out. */
void net_left_out_words(const struct wiring *wiring, struct buffer *out);
/*
 * Behind its name: kind, state, addresses but those of the link alone with their lengths; a blank
 * before each.
 */
void net_link_rest_words(struct words *w, const struct net_link *link);

#endif
