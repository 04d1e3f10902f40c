/* SPDX-License-Identifier: MIT */
/* The wiring picture as a list: what its lines are, and what is shown of it. Private to it. */
#ifndef NSVIEW_TUI_VIEW_NETWORK_H
#define NSVIEW_TUI_VIEW_NETWORK_H

#include <nsview/net_picture.h>

#include "view_browser.h"

struct network {
	const struct graph *graph;   /* borrowed: the one that it was made of; NULL: of none */
	struct wiring all;	     /* a line for each item of the list, in its order */
	struct wiring shown;	     /* those that are rows, in theirs */
	struct net_picture *picture; /* of shown, for a screen of so many columns; NULL: none yet */
	unsigned cols;
	struct term term;   /* what picture and words are escaped for */
	size_t pan, widest; /* columns gone out to the left; of the widest line on the screen */
};

void network_lay(struct list *l);
void network_say(const struct list *l, const struct item *item, struct buffer *out);
void network_draw(struct list *l, struct canvas *c, const struct part *part, bool focused,
		  bool alone, const struct view_ref *chosen);
void network_release(struct list *l);
/* To the right, or back; false where there is no more. */
bool network_pan(struct list *l, bool right, unsigned cols);

/* Along the wire of the row at the cursor; false where none leads away from it. */
bool network_hop(struct browser *b);

#endif
