/* SPDX-License-Identifier: MIT */
/*
 * What is used of ncursesw to ask terminfo(5). Apart from load_ncurses.h, since <term.h> has names
 * that are ours as well. Private to the room.
 */
#ifndef NSVIEW_TUI_LOAD_TERMINFO_H
#define NSVIEW_TUI_LOAD_TERMINFO_H

#define NCURSES_NOMACROS
#include <curses.h>
#include <term.h>

#include <nsview/library.h>

#define TERMINFO(X)                                                                                \
	X(, setupterm)                                                                             \
	X(, tigetstr)                                                                              \
	X(, tputs)

LIBRARY_DECLARE(terminfo, TERMINFO);

#endif
