/* SPDX-License-Identifier: MIT */
/* What a mouse does. */
#ifndef NSVIEW_TUI_VIEW_MOUSE_H
#define NSVIEW_TUI_VIEW_MOUSE_H

enum mouse_what { MOUSE_CLICK, MOUSE_DOUBLE, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };

struct mouse_event {
	enum mouse_what what; /* a double click may come after the click that it began with */
	unsigned row, col;    /* from 0 */
};

#endif
