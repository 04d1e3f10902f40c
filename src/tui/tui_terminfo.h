/* SPDX-License-Identifier: MIT */
/* What terminfo(5) knows of the terminal. Apart, since <term.h> has a name that is ours as well. */
#ifndef NSVIEW_TUI_TUI_TERMINFO_H
#define NSVIEW_TUI_TUI_TERMINFO_H

#include <stdbool.h>
#include <stddef.h>

/* NULL if TERM names a terminal on which the cursor can be moved; else why it is none. Static. */
const char *terminfo_trouble(void);

/*
 * What leaves the screen, shows the cursor and ends all attributes; mouse: and lets go of the
 * mouse. Returns its length.
 */
size_t terminfo_way_back(char *buf, size_t size, bool mouse);

#endif
