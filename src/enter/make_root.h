/* SPDX-License-Identifier: MIT */
/* Another root, in a mount namespace of one's own. Private to enter/. */
#ifndef NSVIEW_ENTER_MAKE_ROOT_H
#define NSVIEW_ENTER_MAKE_ROOT_H

#include <nsview/error.h>

/*
 * Makes dir the root by pivot_root(2), and "/" the working directory. The old root stays mounted
 * above the new one, out of reach of paths, until root_leave_old detaches it.
 */
int root_pivot(const char *dir, struct error *err);
int root_leave_old(struct error *err);
/* By chroot(2): the mounts stay as they are. */
int root_change(const char *dir, struct error *err);

#endif
