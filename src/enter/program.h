/* SPDX-License-Identifier: MIT */
/* Finding the command and becoming it. */
#ifndef NSVIEW_ENTER_PROGRAM_H
#define NSVIEW_ENTER_PROGRAM_H

#include "session.h"

/*
 * Walks PATH and executes. Returns only on failure, with 126 or 127 in *out_status and words in the
 * session that name what is missing: the command, a script's interpreter, a program's loader.
 */
int program_run(struct session *s, int *out_status);

#endif
