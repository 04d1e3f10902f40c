/* SPDX-License-Identifier: MIT */
/*
 * Changes the root. pivot_root(2) wants a mount whose parent is not shared: the directory becomes
 * one, with all that is mounted below it, and the caller has seen to propagation.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/kern_mount.h>

#include "make_internal.h"
#include "make_root.h"

static int failed(const char *dir, const char *what, int error, const char *why, struct error *err)
{
	char shown[MAKE_SHOWN];

	return error_set(err, error, "--root=%s: %s: %s%s%s", make_shown(dir, shown, sizeof(shown)),
			 what, make_why(error), why ? ": " : "", why ? why : "");
}

/* Mounts dir on itself, and makes the root of that mount the working directory. */
static int step_on_mount(const char *dir)
{
	autoclose int at = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	autoclose int tree = at < 0 ? -errno : kern_open_tree(at, "", true);
	int ret;

	if (tree == -ENOSYS) {
		if (mount(dir, dir, NULL, MS_BIND | MS_REC, NULL) < 0 || chdir(dir) < 0)
			return -errno;
		return 0;
	}
	if (tree < 0)
		return tree;
	ret = kern_move_mount(tree, at);
	if (ret < 0)
		return ret;
	return fchdir(tree) < 0 ? -errno : 0;
}

int root_pivot(const char *dir, struct error *err)
{
	int ret = step_on_mount(dir);

	if (ret < 0)
		return failed(dir, "cannot make it a mount", ret, NULL, err);
	ret = kern_pivot_root(".", ".");
	if (ret < 0)
		return failed(dir, "pivot_root(2)", ret,
			      ret == -EINVAL
				      ? "our own root is no mount of its own (a chroot, or an "
					"initial ram disk): --chroot can do without"
				      : NULL,
			      err);
	return chdir("/") < 0 ? failed(dir, "chdir", -errno, NULL, err) : 0;
}

int root_leave_old(struct error *err)
{
	/* The old root is what is uppermost at "/". */
	if (umount2(".", MNT_DETACH) < 0 || chdir("/") < 0)
		return error_set(err, -errno, "cannot detach the old root: %s", make_why(-errno));
	return 0;
}

int root_change(const char *dir, struct error *err)
{
	if (chdir(dir) < 0 || chroot(".") < 0 || chdir("/") < 0)
		return failed(dir, "chroot(2)", -errno, NULL, err);
	return 0;
}
