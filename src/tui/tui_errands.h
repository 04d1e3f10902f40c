/* SPDX-License-Identifier: MIT */
/* Commands of nsview's own that the browser wishes for: beside the screen, unseen, in its place. */
#ifndef NSVIEW_TUI_TUI_ERRANDS_H
#define NSVIEW_TUI_TUI_ERRANDS_H

#include "tui_child.h"
#include "view_browser.h"

struct errands {
	struct child child;	 /* of the person: `:` */
	struct child foreseeing; /* of the question before stepping inside */
	struct buffer foreseen;	 /* what that has printed */
};
#define ERRANDS_INIT                                                                               \
	{                                                                                          \
		.child = { 0, -1 }, .foreseeing = { 0, -1 }                                        \
	}

/*
 * Begins and ends what is wished for. A command that wants the terminal has it until it ends: true
 * then, and the terminal may have another size; *ended_by is a signal that came for us meanwhile.
 */
bool errands_run(struct errands *e, struct browser *b, int *ended_by);
/* Some output of either is there, or its end. */
void errands_read(struct errands *e, struct browser *b);
void errands_foresee(struct errands *e, struct browser *b);
/* Ends them, and releases e. */
void errands_end(struct errands *e);

#endif
