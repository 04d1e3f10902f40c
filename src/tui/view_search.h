/* SPDX-License-Identifier: MIT */
/* A search in a list, while it is typed and after. */
#ifndef NSVIEW_TUI_VIEW_SEARCH_H
#define NSVIEW_TUI_VIEW_SEARCH_H

#include <stdbool.h>

#include "view_ref.h"

struct search {
	struct view_ref from;		/* where the cursor was when it was begun */
	struct ref_list toggled, apart; /* what was open then */
	bool waiting;			/* for facts of what is folded, and then it goes */
	bool forward;			/* ... that way */
};

#endif
