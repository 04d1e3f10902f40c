/* SPDX-License-Identifier: MIT */
/* Stepping inside: which ways there are, whether they can be gone, and which one the person takes.
 */
#ifndef NSVIEW_TUI_VIEW_QUESTION_H
#define NSVIEW_TUI_VIEW_QUESTION_H

#include <stdbool.h>
#include <stddef.h>
#include <nsview/buffer.h>

enum { WAYS = 2, QUESTION_ROWS = 2 };

/* One way inside: a command of nsview's. */
struct way {
	int key;	/* that takes it */
	char label[48]; /* "all of 4123" */
	char words[64]; /* "enter 4123 --still=81230" */
	bool possible;
};

struct question {
	struct way ways[WAYS];
	size_t n;	     /* 0: nobody has asked */
	size_t judged;	     /* of how many it is known whether they can be gone */
	struct buffer title; /* what it leads into, escaped */
	struct buffer why;   /* why the first of those that cannot be gone cannot, escaped */
	bool open;	     /* the person is asked */
};

#endif
