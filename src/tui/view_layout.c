/* SPDX-License-Identifier: MIT */
/* Shares out the lines of a terminal. Knows sizes and nothing of what is in the parts. */
#include "view_layout.h"

enum {
	ROWS_FOR_DETAIL = 16, /* the terminal's, for list and detail pane beside each other */
	ROWS_FOR_HEADER = 11,
	ROWS_FOR_BAR = 9,
};

static struct part take(unsigned *top, unsigned rows)
{
	struct part part = { *top, rows };

	*top += rows;
	return part;
}

void layout_make(struct layout *l, unsigned rows, unsigned cols, bool reading, unsigned asking)
{
	bool header = rows >= ROWS_FOR_HEADER, both = rows >= ROWS_FOR_DETAIL;
	unsigned bar = asking ? asking : rows >= ROWS_FOR_BAR, body, detail = 0, top = 0;

	*l = (struct layout){ .too_small = rows < LAYOUT_MIN_ROWS || cols < LAYOUT_MIN_COLS };
	if (l->too_small)
		return;
	l->title = take(&top, header);
	l->tabs = take(&top, header);
	body = rows - top - bar;
	if (both)
		detail = reading ? body * 2 / 3 : body * 2 / 5;
	else if (reading)
		detail = body - 1;
	l->list = take(&top, body - detail - (detail > 0));
	l->rule = take(&top, detail > 0);
	l->detail = take(&top, detail);
	l->bar = take(&top, bar);
}
