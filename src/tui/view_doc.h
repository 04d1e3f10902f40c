/* SPDX-License-Identifier: MIT */
/* Lines of text to read, with the names of objects in them to jump to. Pure. */
#ifndef NSVIEW_TUI_VIEW_DOC_H
#define NSVIEW_TUI_VIEW_DOC_H

#include <nsview/graph.h>

#include "view_canvas.h"
#include "view_layout.h"
#include "view_ref.h"

struct jump {
	size_t line;
	size_t at, len; /* bytes of the line */
	struct view_ref to;
};

struct doc {
	struct buffer text; /* escaped, a newline after each line */
	size_t *starts;	    /* owned: where each line begins */
	size_t nlines;
	struct jump *jumps; /* owned; in the order of the text */
	size_t njumps;
	size_t top;	     /* the first line shown */
	size_t here;	     /* the jump that Enter follows, njumps: none */
	struct view_ref was; /* where that led before the text was replaced */
	bool ascii;	     /* what it says is escaped for ASCII */
};

void doc_release(struct doc *d);
/* Takes over what is in text; text is empty afterwards. Keeps the place in it. */
void doc_set(struct doc *d, struct buffer *text);
/* The same with lines of so many columns at most, broken at blanks where there are any. */
void doc_set_wrapped(struct doc *d, struct buffer *text, size_t columns);
/*
 * Finds names in a page that render/ has made: "net:[4026532340]" anywhere, "pid 4123", and the
 * number that an item begins with where its label says that processes follow, the links that one
 * begins with where it says that these do. Only of what g has, and not of what the page is about
 * itself.
 */
void doc_find_jumps(struct doc *d, const struct graph *g, const struct view_ref *about);

/* A name of a link at a place of a line. */
struct link_name {
	size_t at, len; /* bytes behind that place */
	struct view_ref to;
};
enum { LINK_NAMES = 2 };
/*
 * The links that an item of a page of render/ begins with: on the page of a network namespace the
 * link and where it leads to, on that of a link what a wire leads to. Returns how many there are.
 */
size_t link_names(const struct graph *g, const struct view_ref *about, bool ascii, const char *text,
		  size_t len, struct link_name out[LINK_NAMES]);

/* By so many lines, or to the next jump if that is nearer; rows: how many are shown. */
void doc_move(struct doc *d, long by, unsigned rows);
/* To the next or previous jump anywhere. */
void doc_step(struct doc *d, bool forward, unsigned rows);
/* Without looking at jumps. */
void doc_scroll(struct doc *d, long by, unsigned rows);
void doc_home(struct doc *d);
/* What Enter follows; NULL: nothing. */
const struct view_ref *doc_jump(const struct doc *d);
/* To the next line with pattern after (or before) the top; false: there is none. */
bool doc_search(struct doc *d, const char *pattern, bool forward, unsigned rows);

/* labels: the first columns of a line are a label. focused: the jump is shown as such. */
void doc_draw(struct doc *d, struct canvas *c, const struct part *part, bool labels, bool focused);

#endif
