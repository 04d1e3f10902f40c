/* SPDX-License-Identifier: MIT */
/* Raw kernel calls that make mounts. Knows no path and no namespace type by itself. */
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <nsview/kern_mount.h>

#include "uapi.h"

static int result(long ret)
{
	return ret < 0 ? -errno : (int)ret;
}

int kern_fsopen(const char *fstype)
{
	return result(syscall(SYS_fsopen, fstype, UAPI_FSOPEN_CLOEXEC));
}

int kern_fsconfig(int context, const char *key, const char *value)
{
	unsigned command = value ? UAPI_FSCONFIG_SET_STRING : UAPI_FSCONFIG_SET_FLAG;

	return result(syscall(SYS_fsconfig, context, command, key, value, 0));
}

int kern_fsmount(int context, unsigned attributes)
{
	int ret = result(syscall(SYS_fsconfig, context, UAPI_FSCONFIG_CMD_CREATE, NULL, NULL, 0));

	if (ret < 0)
		return ret;
	return result(syscall(SYS_fsmount, context, UAPI_FSMOUNT_CLOEXEC, attributes));
}

ssize_t kern_fs_message(int context, char *out, size_t size)
{
	ssize_t len = read(context, out, size - 1);

	if (len < 0)
		return -errno;
	out[len] = '\0';
	return len;
}

int kern_open_tree(int dirfd, const char *path, bool recursive)
{
	unsigned flags = UAPI_OPEN_TREE_CLONE | O_CLOEXEC;

	if (recursive)
		flags |= UAPI_AT_RECURSIVE;
	if (!*path)
		flags |= AT_EMPTY_PATH;
	return result(syscall(SYS_open_tree, dirfd, path, flags));
}

int kern_move_mount(int mount, int at)
{
	return result(syscall(SYS_move_mount, mount, "", at, "",
			      UAPI_MOVE_MOUNT_F_EMPTY_PATH | UAPI_MOVE_MOUNT_T_EMPTY_PATH));
}

int kern_mount_setattr(int mount, uint64_t set, uint64_t clear, bool recursive)
{
	struct uapi_mount_attr attr = { .attr_set = set, .attr_clr = clear };

	return result(syscall(SYS_mount_setattr, mount, "",
			      AT_EMPTY_PATH | (recursive ? UAPI_AT_RECURSIVE : 0), &attr,
			      sizeof(attr)));
}

int kern_pivot_root(const char *new_root, const char *put_old)
{
	return result(syscall(SYS_pivot_root, new_root, put_old));
}

int kern_pidns_first(int pidns_fd)
{
	return result(ioctl(pidns_fd, UAPI_NS_GET_PID_FROM_PIDNS, 1));
}
