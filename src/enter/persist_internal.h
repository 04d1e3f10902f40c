/* SPDX-License-Identifier: MIT */
/* What making and releasing persistent files share. Private to enter/. */
#ifndef NSVIEW_ENTER_PERSIST_INTERNAL_H
#define NSVIEW_ENTER_PERSIST_INTERNAL_H

#include <stdbool.h>

/* Unmounts the file of a namespace below dir, if it is one, and removes it. 0 or -errno. */
int persist_remove(int dir, const char *name);
/* Unmounts the mount that dir is the root of. */
int persist_unmount(int dir);
/* Whether something of that name below dir holds a namespace. */
bool persist_holds(int dir, const char *name);

#endif
