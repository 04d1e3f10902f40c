/* SPDX-License-Identifier: MIT */
/* Root, working directory and resolv.conf of what was joined; steps of the child. */
#ifndef NSVIEW_ENTER_INSIDE_H
#define NSVIEW_ENTER_INSIDE_H

#include "session.h"

int inside_root(struct session *s, const struct plan_step *step);
int inside_wd(struct session *s, const struct plan_step *step);
int inside_resolv(struct session *s, const struct plan_step *step);
/* Reads what inside_resolv will need; before anything is joined. */
int resolv_read(struct session *s, struct error *err);

#endif
