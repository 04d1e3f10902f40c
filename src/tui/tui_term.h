/* SPDX-License-Identifier: MIT */
/* The terminal: taken over, painted, read from, and given back whatever happens. ncurses is here.
 */
#ifndef NSVIEW_TUI_TUI_TERM_H
#define NSVIEW_TUI_TUI_TERM_H

#include <nsview/error.h>

#include "view_canvas.h"
#include "view_mouse.h"

/*
 * Takes over the terminal of stdin and stdout; -errno with words where that cannot be. From here
 * on die() and a crash give it back before anything else.
 */
int tui_term_open(bool color, bool mouse, struct error *err);
/* Gives it back; may be called again. */
void tui_term_close(void);
/* Gives it back for a while, and takes it over again with everything drawn anew. */
void tui_term_suspend(void);
void tui_term_resume(void);

/* The size that it has now, after it has changed. */
void tui_term_resize(unsigned *out_rows, unsigned *out_cols);
/* Shows what is on the canvas; only what has changed is written. */
void tui_term_paint(const struct canvas *c);
/* Everything is written anew at the next paint. */
void tui_term_forget(void);
/* The next key that was typed, as an enum key_code or character; VK_NONE: there is none. */
int tui_term_key(void);
/* What the mouse did, where that key was VK_MOUSE; false: nothing that means anything. */
bool tui_term_mouse(struct mouse_event *out);
/* Text for the terminal's clipboard (OSC 52). */
void tui_term_copy(const char *text, size_t len);

#endif
