/* SPDX-License-Identifier: MIT */
/*
 * What file system an open file is on, and its number there. A file system that hangs is asked for
 * nothing: what the kernel has at hand has to do.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>

#include "uapi.h"

int kern_stat_cached(int dirfd, const char *path, int flags, struct statx *out)
{
	struct stat st;

	if (statx(dirfd, path, flags | AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT, STATX_TYPE | STATX_INO,
		  out) == 0)
		return 0;
	/* EINVAL: glibc's stand-in for a missing statx does not know DONT_SYNC. */
	if ((errno != ENOSYS && errno != EPERM && errno != EINVAL) ||
	    fstatat(dirfd, path, &st, flags | AT_NO_AUTOMOUNT) < 0)
		return -errno;
	*out = (struct statx){ .stx_mode = (uint16_t)st.st_mode,
			       .stx_ino = st.st_ino,
			       .stx_dev_major = major(st.st_dev),
			       .stx_dev_minor = minor(st.st_dev),
			       .stx_rdev_major = major(st.st_rdev),
			       .stx_rdev_minor = minor(st.st_rdev) };
	return 0;
}

static bool is_of(int fd, long magic)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && fs.f_type == magic;
}

bool kern_is_procfs(int fd)
{
	return is_of(fd, UAPI_PROC_MAGIC);
}

/* nsfs is one file system with one device number: that of our own namespaces' files. 0: unknown. */
static uint64_t nsfs_device(void)
{
	static _Atomic uint64_t known;
	struct stat st;

	if (!known) {
		autoclose int fd = open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC);

		if (fd >= 0 && is_of(fd, UAPI_NSFS_MAGIC) && fstat(fd, &st) == 0)
			known = st.st_dev;
	}
	return known;
}

int kern_nsfs_ino(int fd, uint64_t *out_ino)
{
	uint64_t device = nsfs_device();
	struct statx st;
	int ret = kern_stat_cached(fd, "", AT_EMPTY_PATH, &st);

	if (ret < 0)
		return ret;
	if (device ? makedev(st.stx_dev_major, st.stx_dev_minor) != device
		   : !is_of(fd, UAPI_NSFS_MAGIC))
		return -EINVAL;
	*out_ino = st.stx_ino;
	return 0;
}

bool kern_is_nsfs(int fd)
{
	uint64_t ino;

	return kern_nsfs_ino(fd, &ino) == 0;
}
