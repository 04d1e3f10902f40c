/* SPDX-License-Identifier: MIT */
/* Which line of the terminal shows what. Pure. */
#ifndef NSVIEW_TUI_VIEW_LAYOUT_H
#define NSVIEW_TUI_VIEW_LAYOUT_H

#include <stdbool.h>

enum { LAYOUT_MIN_ROWS = 8, LAYOUT_MIN_COLS = 40 };

/* A part of the screen; rows 0: it is not shown. */
struct part {
	unsigned top, rows;
};

struct layout {
	bool too_small; /* nothing but one line that says so */
	struct part title, tabs;
	struct part list;   /* the column headings are its first line */
	struct part rule;   /* above the detail pane, with its title */
	struct part detail; /* the page of what the cursor is on */
	struct part bar;    /* keys, a message or a prompt */
};

/*
 * As it shrinks the detail pane goes first, then title and tabs, then the key bar, never the list.
 * reading: the person is in the detail pane, which then takes more, or all where there is too
 * little for both. asking: lines that a prompt or message needs at the end.
 */
void layout_make(struct layout *l, unsigned rows, unsigned cols, bool reading, unsigned asking);

#endif
