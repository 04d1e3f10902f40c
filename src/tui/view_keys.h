/* SPDX-License-Identifier: MIT */
/* THE key table: what dispatch, the key bar and the help screen read. */
#ifndef NSVIEW_TUI_VIEW_KEYS_H
#define NSVIEW_TUI_VIEW_KEYS_H

#include "view_browser.h"

enum {
	KEYS_EACH = 3,
	KEY_CHANGES = 1 << 8, /* something, and so is not there with --readonly */
};

struct key_binding {
	int keys[KEYS_EACH]; /* 0: none */
	const char *name;    /* in the help screen: "Up k" */
	unsigned where;	     /* bits of enum mode, and KEY_CHANGES */
	void (*run)(struct browser *b, int arg);
	int arg;
	const char *sign, *label; /* in the key bar; NULL: not there */
	unsigned rank;		  /* ... at which place; what comes last is cut off first */
	const char *help;	  /* NULL: told by another entry */
};
extern const struct key_binding key_table[]; /* name NULL at the end */

/* Whether a key may not be used, since it changes something. */
bool key_is_barred(const struct key_binding *k, const struct browser *b);
/* The binding of a key in a mode, NULL: it has none. */
const struct key_binding *key_find(int key, enum mode mode);

/* What the marks of a row mean, for the help screen. */
struct mark_meaning {
	const char *mark, *meaning;
};
extern const struct mark_meaning mark_table[]; /* mark NULL at the end */

#endif
