/* SPDX-License-Identifier: MIT */
/*
 * Directories with one file per namespace type, "net", "pid" ..., each an nsfs bind mount that
 * keeps a namespace without processes. Made by make_persist: the directory becomes a private mount
 * of itself, so that nothing in it reaches other mount namespaces (a mount namespace's file could
 * not be mounted there otherwise).
 */
#ifndef NSVIEW_PERSIST_H
#define NSVIEW_PERSIST_H

#include <stdbool.h>
#include <nsview/error.h>
#include <nsview/nstype.h>

struct persist {
	int fds[NS_TYPES]; /* -1: not there or not wanted; owned by who opened it */
	/*
	 * The first process of the pid namespace has ended, so that nothing can be started in it:
	 * fds[NS_PID] is -1. Known from 6.14 on; before that fork(2) fails with ENOMEM.
	 */
	bool pid_dead;
};

/* Opens those of types (1 << enum ns_type) that are there. -ENOENT: none is. */
int persist_open(const char *dir, unsigned types, struct persist *out, struct error *err);
void persist_close(struct persist *p);

/*
 * Unmounts and removes the files that hold namespaces, and the private mount of the directory on
 * itself, if nothing else is mounted in it. Other files, and the directory, stay. -ENOENT where
 * there is none to release.
 */
int persist_release(const char *dir, struct error *err);

#endif
