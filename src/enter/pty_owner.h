/* SPDX-License-Identifier: MIT */
/* Whose the pseudo-terminal is. Private to enter/. */
#ifndef NSVIEW_ENTER_PTY_OWNER_H
#define NSVIEW_ENTER_PTY_OWNER_H

#include "session.h"

/* Who will run the command, as we number them; (uid_t)-1: who we are, or nobody can tell yet. */
uid_t pty_owner(const struct session *s);

/*
 * In the child, once it is inside and has not changed its ids yet: gives the terminals among 0, 1
 * and 2 to who will run the command, where the front could not. What cannot be given stays usable
 * as it was opened.
 */
void pty_give(const struct session *s);

#endif
