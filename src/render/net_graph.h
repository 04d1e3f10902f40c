/* SPDX-License-Identifier: MIT */
/* What the files that draw networks for other programs share. Private to the room. */
#ifndef NSVIEW_RENDER_NET_GRAPH_H
#define NSVIEW_RENDER_NET_GRAPH_H

#include "net.h"

/* How a text format writes each thing. Labels are escaped for a person, not yet for the format. */
struct net_graph_format {
	void (*begin)(FILE *out);
	void (*card)(FILE *out, const struct wiring_line *line, const char *label);
	void (*link)(FILE *out, const struct wiring_line *line, const char *label);
	void (*card_end)(FILE *out);
	void (*edge)(FILE *out, const struct wiring_line *from, const struct wiring_line *to,
		     const char *label, bool up);
	void (*stub)(FILE *out, const struct wiring_line *from, size_t number, const char *label);
	void (*end)(FILE *out, const char *left_out); /* "": nothing is */
};

/* The line of each cable's link that the others lead to; the caller frees. */
size_t *net_graph_hubs(const struct wiring *w);

int net_svg(const struct term *t, const struct graph *g, const struct wiring *w);

#endif
