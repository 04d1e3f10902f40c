/* SPDX-License-Identifier: MIT */
/* Becoming the command by way of a program that nobody can harm us by. Private to enter/. */
#ifndef NSVIEW_ENTER_SEAL_H
#define NSVIEW_ENTER_SEAL_H

#include "session.h"

/*
 * Makes the sealed file in s->prepared.anchor, where there is one for this machine; before anything
 * is joined.
 */
int seal_prepare(struct session *s, struct error *err);
/* Executes path by way of it; -errno if not even that one could be executed. */
int seal_run(struct session *s, const char *path);

#endif
