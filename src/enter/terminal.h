/* SPDX-License-Identifier: MIT */
/* The person's terminal, so that it is left as it was found. Private to enter/. */
#ifndef NSVIEW_ENTER_TERMINAL_H
#define NSVIEW_ENTER_TERMINAL_H

#include <stdbool.h>
#include <sys/types.h>
#include <termios.h>

struct terminal {
	int fd;		 /* one of 0, 1, 2, else one of its own; -1: we have no terminal */
	bool foreground; /* it is for us, or for who is inside, by the will of the shell outside */
	struct termios settings;
};

void terminal_save(struct terminal *t);
/* The foreground process group if it is that of pid and not ours, else 0. */
pid_t terminal_held_by(const struct terminal *t, pid_t pid);
/* After we were continued: takes note of whether we are the foreground. */
void terminal_look(struct terminal *t);
/* Makes a group the foreground, if we are it. */
void terminal_give(const struct terminal *t, pid_t group);
/* Makes us the foreground again, if we were, and puts the settings back. */
void terminal_restore(const struct terminal *t);
/* Closes what it has opened. */
void terminal_close(const struct terminal *t);

#endif
