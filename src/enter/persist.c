/* SPDX-License-Identifier: MIT */
/*
 * Directories of persistent namespaces: opening and letting go. Only what is an nsfs mount under
 * the name of a type is taken for ours, and the directory's mount only where it is one on itself
 * that is private and has nothing else in it: that of ip-netns(8) is shared, and holds all of them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>
#include <nsview/kern_mount.h>
#include <nsview/persist.h>
#include <nsview/procfile.h>
#include <nsview/proctext.h>

#include "make_internal.h"
#include "persist_internal.h"

enum { PATH_BYTES = 64, FDINFO_BYTES = 1 << 16 };

static int open_dir(const char *path, struct error *err)
{
	int fd = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	char shown[MAKE_SHOWN];

	if (fd >= 0)
		return fd;
	return error_set(err, -errno, "%s: %s", make_shown(path, shown, sizeof(shown)),
			 strerror(errno));
}

bool persist_holds(int dir, const char *name)
{
	autoclose int fd = openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);

	return fd >= 0 && kern_is_nsfs(fd);
}

int persist_remove(int dir, const char *name)
{
	char path[PATH_BYTES];
	struct stat st;

	/* By descriptor: nobody's link is followed, whatever happens to the path meanwhile. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", dir, name);
	if (umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW) < 0)
		return -errno;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_size > 0)
		return 0;
	return unlinkat(dir, name, 0) < 0 ? -errno : 0;
}

int persist_unmount(int dir)
{
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", dir);
	return umount2(path, MNT_DETACH) < 0 ? -errno : 0;
}

static int open_one(int dir, enum ns_type type, struct error *err)
{
	int fd = openat(dir, ns_types[type].name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT)
		return -1;
	if (fd >= 0 && kern_is_nsfs(fd) && kern_ns_type(fd) == (int)type)
		return fd;
	if (fd >= 0)
		close(fd);
	return error_set(err, -EINVAL, "its file \"%s\" holds no %s namespace", ns_types[type].name,
			 ns_types[type].title);
}

int persist_open(const char *path, unsigned types, struct persist *out, struct error *err)
{
	autoclose int dir = open_dir(path, err);
	char shown[MAKE_SHOWN];
	bool any = false;

	out->pid_dead = false;
	for (int type = 0; type < NS_TYPES; type++)
		out->fds[type] = -1;
	if (dir < 0)
		return dir;
	for (int type = 0; type < NS_TYPES; type++) {
		if (types & 1U << type)
			out->fds[type] = open_one(dir, type, err);
		if (out->fds[type] < -1) {
			out->fds[type] = -1;
			persist_close(out);
			return -EINVAL;
		}
		any = any || out->fds[type] >= 0;
	}
	if (!any)
		return error_set(err, -ENOENT, "%s holds no namespaces",
				 make_shown(path, shown, sizeof(shown)));
	if (out->fds[NS_PID] >= 0 && kern_pidns_first(out->fds[NS_PID]) == -ESRCH) {
		out->pid_dead = true;
		close_fd(&out->fds[NS_PID]);
	}
	return 0;
}

void persist_close(struct persist *p)
{
	for (int type = 0; type < NS_TYPES; type++)
		close_fd(&p->fds[type]);
}

/* "/" is written with the slash that all others do not end in. */
static size_t length_below(struct span path)
{
	return path.len == 1 ? 0 : path.len;
}

/* Whether mount m, on its parent, is of the very directory that it hides. */
static bool is_on_itself(const struct mount_line *m, const struct mount_line *parent)
{
	size_t root = length_below(parent->root), point = length_below(parent->point);
	struct span below, shown;

	if (m->major != parent->major || m->minor != parent->minor || m->root.len < root ||
	    m->point.len < point || memcmp(m->root.data, parent->root.data, root) != 0)
		return false;
	below = (struct span){ m->root.data + root, m->root.len - root };
	shown = (struct span){ m->point.data + point, m->point.len - point };
	return span_equal(below, shown);
}

static bool find_mount(const struct buffer *text, int id, struct mount_line *out)
{
	struct span rest = { buffer_str(text), text->len };

	while (proc_mount_next(&rest, out))
		if (out->id == id)
			return true;
	return false;
}

/* The number of the mount that a descriptor is in, by its fdinfo; -1. */
static int mount_of(int fd)
{
	autobuffer text = BUFFER_INIT;
	char path[PATH_BYTES];
	const char *at;
	int id;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	if (proc_read(-1, path, FDINFO_BYTES, &text) < 0)
		return -1;
	at = strstr(buffer_str(&text), "mnt_id:");
	/* NOLINTNEXTLINE(cert-err34-c): the kernel writes these numbers */
	return at && sscanf(at, "mnt_id:%d", &id) == 1 ? id : -1;
}

static bool holds_mounts(const struct buffer *text, int id)
{
	struct span rest = { buffer_str(text), text->len };
	struct mount_line m;

	while (proc_mount_next(&rest, &m))
		if (m.parent == id)
			return true;
	return false;
}

/* Whether the mount that dir is in is one as make_persist makes it, and empty by now. */
static bool is_left_over(int dir)
{
	autobuffer text = BUFFER_INIT;
	struct mount_line mount, parent;

	return proc_read(-1, "/proc/self/mountinfo", PROC_MOUNTINFO_MAX, &text) == 0 &&
	       find_mount(&text, mount_of(dir), &mount) &&
	       find_mount(&text, mount.parent, &parent) && is_on_itself(&mount, &parent) &&
	       mount.tags.len == 0 && !holds_mounts(&text, mount.id);
}

int persist_release(const char *path, struct error *err)
{
	autoclose int dir = open_dir(path, err);
	char shown[MAKE_SHOWN];
	int released = 0;

	if (dir < 0)
		return dir;
	make_shown(path, shown, sizeof(shown));
	for (int type = 0; type < NS_TYPES; type++) {
		int ret = persist_holds(dir, ns_types[type].name)
				  ? persist_remove(dir, ns_types[type].name)
				  : -ENOENT;

		if (ret < 0 && ret != -ENOENT)
			return error_set(err, ret, "cannot release %s/%s: %s%s", shown,
					 ns_types[type].name, strerror(-ret),
					 ret == -EPERM ? ": it takes CAP_SYS_ADMIN" : "");
		released += ret == 0;
	}
	if (!released)
		return error_set(err, -ENOENT, "%s holds no namespaces", shown);
	return is_left_over(dir) ? persist_unmount(dir) : 0;
}
