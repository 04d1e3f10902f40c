/* SPDX-License-Identifier: MIT */
/* One line that a person types, and what it is for. */
#ifndef NSVIEW_TUI_VIEW_PROMPT_H
#define NSVIEW_TUI_VIEW_PROMPT_H

#include <nsview/buffer.h>
#include <nsview/error.h>

enum prompt_kind { PROMPT_NONE, PROMPT_SEARCH, PROMPT_FILTER, PROMPT_COMMAND };

struct prompt {
	enum prompt_kind kind;
	struct buffer text; /* UTF-8, without control characters */
	size_t at;	    /* byte of the text where the cursor is */
	struct buffer was;  /* what applied before: Esc brings it back */
	struct error error; /* what is wrong with the text as it stands */
};

/* Editing keys; false for one that is none. Knows nothing of what the text is for. */
bool prompt_edit(struct prompt *p, int key);

#endif
