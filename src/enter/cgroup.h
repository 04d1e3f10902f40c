/* SPDX-License-Identifier: MIT */
/* Joining the target's control groups. Private to enter/. */
#ifndef NSVIEW_ENTER_CGROUP_H
#define NSVIEW_ENTER_CGROUP_H

#include "session.h"

/*
 * Opens cgroup.procs of every hierarchy in which the target is elsewhere than we are. Refuses a
 * frozen one, where the command would never run.
 */
int cgroups_open(struct session *s, struct error *err);
/* Moves the calling process; before its cgroup namespace is joined. cgroups(7) */
int cgroups_join(struct session *s);

#endif
