/* SPDX-License-Identifier: MIT */
/* A line that was typed, as the words of a command of nsview's own. */
#ifndef NSVIEW_TUI_TUI_WORDS_H
#define NSVIEW_TUI_TUI_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <nsview/buffer.h>
#include <nsview/error.h>

struct tui_words {
	struct buffer text; /* the words one after the other, a NUL behind each */
	char **argv;	    /* owned: the program's words and then those, NULL-terminated */
	size_t nprogram;    /* how many of them are the program's */
};

/*
 * program (NULL-terminated, borrowed) and the words of line behind it; quotes and backslashes part
 * words as in a shell, nothing else does anything. A leading "nsview" is left out. -EINVAL with
 * words for what cannot be understood, or has no word at all. tui_words_release in any case.
 */
int tui_words_make(struct tui_words *w, const char *const *program, const char *line,
		   struct error *err);
void tui_words_release(struct tui_words *w);

/* The same argv with an option (borrowed) behind the command's name; to be freed. */
char **tui_words_with(const struct tui_words *w, char *option);

/* -EPERM with words for a command that could change anything. */
int tui_words_check_readonly(const struct tui_words *w, struct error *err);
/* Whether it is a command that a person talks to: a shell that `enter` starts. */
bool tui_words_want_terminal(const struct tui_words *w);

#endif
