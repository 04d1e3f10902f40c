/* SPDX-License-Identifier: MIT */
/*
 * What is used of ncursesw, which is loaded when the interactive view is asked for. Its functions
 * are called as such and not as the macros that <curses.h> has for some. Private to the room.
 */
#ifndef NSVIEW_TUI_LOAD_NCURSES_H
#define NSVIEW_TUI_LOAD_NCURSES_H

#define NCURSES_NOMACROS
#include <curses.h>

#include <nsview/library.h>

#define NCURSES(X)                                                                                 \
	X(, COLS)                                                                                  \
	X(, LINES)                                                                                 \
	X(, cbreak)                                                                                \
	X(, clearok)                                                                               \
	X(, curs_set)                                                                              \
	X(, curscr)                                                                                \
	X(, delscreen)                                                                             \
	X(, endwin)                                                                                \
	X(, getmouse)                                                                              \
	X(, has_colors)                                                                            \
	X(, init_pair)                                                                             \
	X(, is_term_resized)                                                                       \
	X(, keypad)                                                                                \
	X(, mouseinterval)                                                                         \
	X(, mousemask)                                                                             \
	X(, newterm)                                                                               \
	X(, nodelay)                                                                               \
	X(, noecho)                                                                                \
	X(, nonl)                                                                                  \
	X(, refresh)                                                                               \
	X(, reset_prog_mode)                                                                       \
	X(, resizeterm)                                                                            \
	X(, set_escdelay)                                                                          \
	X(, start_color)                                                                           \
	X(, stdscr)                                                                                \
	X(, use_default_colors)                                                                    \
	X(, waddnstr)                                                                              \
	X(, wattr_set)                                                                             \
	X(, wclrtoeol)                                                                             \
	X(, wget_wch)                                                                              \
	X(, wmove)                                                                                 \
	X(, wrefresh)

LIBRARY_DECLARE(ncurses, NCURSES);

#endif
