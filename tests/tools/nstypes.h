/* SPDX-License-Identifier: MIT */
/*
 * The namespace types and their links in /proc/PID/ns, for programs that nsview is held against:
 * what they know is not taken from it.
 */
#ifndef NSVIEW_TESTS_NSTYPES_H
#define NSVIEW_TESTS_NSTYPES_H

#include <sched.h>
#include <stddef.h>
#include <string.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif
#ifndef CLONE_NEWCGROUP
#define CLONE_NEWCGROUP 0x02000000
#endif

/* The first eight are those of the task itself, the others where its children would go. */
enum { OWN_LINKS = 8, LINKS = 10 };

static const char *const link_names[LINKS] = {
	"cgroup",
	"ipc",
	"mnt",
	"net",
	"pid",
	"time",
	"user",
	"uts",
	"pid_for_children",
	"time_for_children",
};

static const int link_flags[OWN_LINKS] = {
	CLONE_NEWCGROUP, CLONE_NEWIPC,	CLONE_NEWNS,   CLONE_NEWNET,
	CLONE_NEWPID,	 CLONE_NEWTIME, CLONE_NEWUSER, CLONE_NEWUTS,
};

/* The flag of clone(2) for a type by its name; 0: there is none. */
static inline int type_flag(const char *name)
{
	for (size_t i = 0; i < OWN_LINKS; i++)
		if (strcmp(name, link_names[i]) == 0)
			return link_flags[i];
	return 0;
}

#endif
