/* SPDX-License-Identifier: MIT */
/* A command that runs beside the screen, its output in a pipe. */
#ifndef NSVIEW_TUI_TUI_CHILD_H
#define NSVIEW_TUI_TUI_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <nsview/error.h>

struct child {
	pid_t pid; /* 0: none */
	int fd;	   /* what it prints, -1: none */
};

/* Starts argv[0], told how wide what it prints may be. -errno with words; c is none then. */
int tui_child_start(struct child *c, char **argv, unsigned columns, struct error *err);
/* Some of its output; 0 at the end. */
size_t tui_child_read(struct child *c, char *buf, size_t size);
/* Waits for it, after ending it if it still runs. Returns its wait status. */
int tui_child_end(struct child *c);

#endif
