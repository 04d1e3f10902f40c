/* SPDX-License-Identifier: MIT */
/* How a command is started from under the screen, and how we stop as a job does. */
#ifndef NSVIEW_TUI_TUI_SPAWN_H
#define NSVIEW_TUI_TUI_SPAWN_H

#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Starts argv[0] with files done and no signal blocked; SIGPIPE ends it again. own_group: in a
 * process group of its own, else in ours. Its pid, or -errno.
 */
pid_t tui_spawn(char **argv, char **env, const posix_spawn_file_actions_t *files, bool own_group);

/* A set of signals by their numbers. */
sigset_t tui_signals(const int *list, size_t n);

/*
 * Stops this process as the terminal's SIGTSTP, which must be blocked, would; returns when it goes
 * on. Where nobody would continue it the kernel does not stop it.
 */
void tui_stop(void);

#endif
