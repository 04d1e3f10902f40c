/* SPDX-License-Identifier: MIT */
/* A command that has the terminal for itself until it ends, as a shell's foreground job has it. */
#ifndef NSVIEW_TUI_TUI_JOB_H
#define NSVIEW_TUI_TUI_JOB_H

#include <stdbool.h>
#include <nsview/error.h>

struct job_end {
	int status;    /* as waitpid(2) has it */
	int signalled; /* SIGTERM or SIGHUP came for us meanwhile, 0: none */
};

/*
 * Runs argv[0] and waits for it. The terminal is not ours meanwhile, and must have been given back
 * before. On SIGTERM and SIGHUP it is asked to end; what was typed for it (^C, ^\, ^Z) is not for
 * us, but where it stops we stop too, as one job. heard: descriptor number that the command finds
 * what to write to, -1: none; *out_heard tells whether it wrote anything. The signals that are
 * watched for must be blocked. -errno with words where it could not be started.
 */
int tui_job_run(char **argv, int heard, struct job_end *out, bool *out_heard, struct error *err);

/* Waits until the person has typed a line, or a signal wants something else. */
void tui_job_pause(void);

#endif
