/* SPDX-License-Identifier: MIT */
/*
 * Keeps new namespaces by bind mounts in a directory, all of them or none. Every step goes by
 * descriptor: the file that a namespace is mounted on is the one that was just made, whoever else
 * may write to the directory.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>
#include <nsview/kern_mount.h>

#include "make_internal.h"
#include "persist_internal.h"

enum { PATH_BYTES = 64 };

static int failed(const struct make *m, const char *what, int error, struct error *err)
{
	const char *why = strerror(-error);
	char shown[MAKE_SHOWN];

	if (error == -EPERM)
		why = "it takes CAP_SYS_ADMIN in the user namespace that owns this mount namespace";
	else if (error == -ENOSYS)
		why = "it takes open_tree(2) of Linux 5.2";
	return error_set(err, error, "--persist=%s: %s: %s",
			 make_shown(m->wish->persist, shown, sizeof(shown)), what, why);
}

/* What is there already is somebody's. */
static int check_free(const struct make *m, int dir, struct error *err)
{
	char shown[MAKE_SHOWN];
	struct stat st;

	for (int type = 0; type < NS_TYPES; type++) {
		const char *name = ns_types[type].name;

		if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		make_shown(m->wish->persist, shown, sizeof(shown));
		return error_set(err, -EEXIST, "--persist=%s: \"%s\" is there already%s", shown,
				 name,
				 persist_holds(dir, name)
					 ? " and holds a namespace; --unpersist lets go of it"
					 : "");
	}
	return 0;
}

/* The kernel's 64-bit id of a mount namespace, by which it tells which is older; 0: it has none. */
static uint64_t mount_namespace_id(const struct make *m)
{
	autoclose int fd = openat(m->proc, "self/ns/mnt", O_RDONLY | O_CLOEXEC);
	uint64_t id;

	return fd >= 0 && kern_ns_id(fd, NS_MNT, &id) == 0 ? id : 0;
}

int make_prepare_persist(struct make *m, struct error *err)
{
	autoclose int dir = -1;

	m->files.mntns_id = mount_namespace_id(m);
	dir = open(m->wish->persist, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir < 0 && errno == ENOENT)
		return 0;
	if (dir < 0)
		return failed(m, "cannot be opened as a directory", -errno, err);
	return check_free(m, dir, err);
}

static bool is_younger(const struct make *m)
{
	uint64_t id = mount_namespace_id(m);

	return id == 0 || id > m->files.mntns_id;
}

int make_younger(struct make *m, struct error *err)
{
	cpu_set_t given;
	long cpus;
	int ret = 0;

	if (!m->wish->persist || !make_has(m, NS_MNT) || is_younger(m))
		return 0;
	if (sched_getaffinity(0, sizeof(given), &given) < 0)
		return 0;
	cpus = sysconf(_SC_NPROCESSORS_CONF);
	for (int cpu = 0; ret == 0 && cpu < cpus && cpu < CPU_SETSIZE && !is_younger(m); cpu++) {
		cpu_set_t one;

		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		if (sched_setaffinity(0, sizeof(one), &one) == 0)
			ret = kern_unshare(CLONE_NEWNS);
	}
	sched_setaffinity(0, sizeof(given), &given);
	return ret < 0 ? failed(m, "cannot make the mount namespace anew", ret, err) : 0;
}

static int make_private(int mount_fd)
{
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", mount_fd);
	return mount(NULL, path, NULL, MS_PRIVATE, NULL) < 0 ? -errno : 0;
}

/* Makes the directory a private mount of itself, whose root m->files.dir then is. */
static int open_private(struct make *m, struct error *err)
{
	const int flags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	autoclose int dir = -1;
	int ret;

	if (mkdir(m->wish->persist, 0755) == 0)
		m->files.made_dir = true;
	else if (errno != EEXIST)
		return failed(m, "cannot be made", -errno, err);
	dir = open(m->wish->persist, flags);
	if (dir < 0)
		return failed(m, "cannot be opened as a directory", -errno, err);
	ret = check_free(m, dir, err);
	if (ret < 0)
		return ret;
	m->files.dir = kern_open_tree(dir, "", false);
	ret = m->files.dir < 0 ? m->files.dir : kern_move_mount(m->files.dir, dir);
	if (ret < 0)
		return failed(m, "cannot become a mount", ret, err);
	m->files.mounted = true;
	ret = make_private(m->files.dir);
	return ret < 0 ? failed(m, "cannot become private", ret, err) : 0;
}

static int keep_one(struct make *m, pid_t pid, enum ns_type type)
{
	const char *name = ns_types[type].name;
	char path[PATH_BYTES];
	autoclose int ns = -1, file = -1;
	int ret;

	snprintf(path, sizeof(path), "%d/ns/%s", pid, name);
	ns = kern_open_tree(m->proc, path, false);
	if (ns < 0)
		return ns;
	file = openat(m->files.dir, name, O_CREAT | O_EXCL | O_NOFOLLOW | O_RDONLY | O_CLOEXEC,
		      0444);
	if (file < 0)
		return -errno;
	ret = kern_move_mount(ns, file);
	if (ret < 0)
		unlinkat(m->files.dir, name, 0);
	else
		m->files.types |= 1U << type;
	return ret;
}

/*
 * A mount namespace is mounted only in one that was made before it, so that none can hold itself.
 * Later kernels tell the order by numbers that each CPU takes from a batch of its own.
 */
static int mount_namespace_failed(const struct make *m, int error, struct error *err)
{
	char shown[MAKE_SHOWN];

	if (error != -EINVAL && error != -ELOOP)
		return failed(m, "cannot keep the mount namespace", error, err);
	return error_set(
		err, error,
		"--persist=%s: the kernel takes our mount namespace for younger than the new "
		"one, which it may do when they were made on two CPUs: try again on another",
		make_shown(m->wish->persist, shown, sizeof(shown)));
}

static int keep_failed(const struct make *m, enum ns_type type, int error, struct error *err)
{
	char what[PATH_BYTES];

	if (type == NS_MNT)
		return mount_namespace_failed(m, error, err);
	snprintf(what, sizeof(what), "cannot keep the %s namespace", ns_types[type].title);
	return failed(m, what, error, err);
}

int make_persist(struct make *m, pid_t pid, unsigned types, struct error *err)
{
	int ret = 0;

	if (!m->wish->persist)
		return 0;
	ret = open_private(m, err);
	for (int type = 0; ret == 0 && type < NS_TYPES; type++) {
		if (!(types & 1U << type))
			continue;
		ret = keep_one(m, pid, type);
		if (ret < 0)
			keep_failed(m, type, ret, err);
	}
	if (ret < 0)
		make_undo_persist(m);
	return ret;
}

void make_undo_persist(struct make *m)
{
	struct make_files *f = &m->files;

	for (int type = 0; type < NS_TYPES; type++) {
		if (f->types & 1U << type)
			persist_remove(f->dir, ns_types[type].name);
	}
	if (f->mounted)
		persist_unmount(f->dir);
	if (f->dir >= 0)
		close(f->dir);
	if (f->made_dir)
		rmdir(m->wish->persist);
	*f = (struct make_files){ .dir = -1, .mntns_id = f->mntns_id };
}
