/* SPDX-License-Identifier: MIT */
/* Raw kernel calls about mounts and mount namespaces, and paths that must not be waited for. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <nsview/kern.h>

#include "uapi.h"

int kern_mntns_step(int mntns_fd, bool forward)
{
	struct uapi_mnt_ns_info info = { .size = sizeof(info) };
	int fd = ioctl(mntns_fd, forward ? UAPI_NS_MNT_GET_NEXT : UAPI_NS_MNT_GET_PREV, &info);

	return fd < 0 ? -errno : fd;
}

int kern_ns_open_id(enum ns_type type, uint64_t id, uint64_t ino)
{
	const struct uapi_nsfs_handle body = { id, (uint32_t)ns_types[type].clone_flag,
					       (uint32_t)ino };
	union {
		struct file_handle head;
		char room[sizeof(struct file_handle) + sizeof(body)];
	} handle = { .room = { 0 } };
	int fd;

	handle.head.handle_bytes = sizeof(body);
	handle.head.handle_type = UAPI_FILEID_NSFS;
	memcpy(handle.room + sizeof(handle.head), &body, sizeof(body));
	fd = open_by_handle_at(UAPI_FD_NSFS_ROOT, &handle.head, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

ssize_t kern_listmount(uint64_t mntns_id, uint64_t last, uint64_t *out_ids, size_t n)
{
	struct uapi_mnt_id_req req = { sizeof(req), 0, UAPI_LSMT_ROOT, last, mntns_id };
	long ret = syscall(SYS_listmount, &req, out_ids, n, 0);

	return ret < 0 ? -errno : ret;
}

int kern_statmount(uint64_t mntns_id, uint64_t id, void *buf, size_t size, struct kern_mount *out)
{
	const uint64_t want =
		UAPI_STATMOUNT_SB_BASIC | UAPI_STATMOUNT_MNT_ROOT | UAPI_STATMOUNT_MNT_POINT;
	struct uapi_mnt_id_req req = { sizeof(req), 0, id, want, mntns_id };
	const struct uapi_statmount *st = buf;

	if (syscall(SYS_statmount, &req, buf, size, 0) < 0)
		return -errno;
	/* What a mount out of reach of the root lacks is a mount point. */
	*out = (struct kern_mount){
		.nsfs = st->sb_magic == UAPI_NSFS_MAGIC,
		.procfs = st->sb_magic == UAPI_PROC_MAGIC,
		.major = st->sb_dev_major,
		.minor = st->sb_dev_minor,
		.root = st->mask & UAPI_STATMOUNT_MNT_ROOT ? st->str + st->mnt_root : "",
		.point = st->mask & UAPI_STATMOUNT_MNT_POINT ? st->str + st->mnt_point : "",
	};
	return 0;
}

int kern_open_cached(int root, const char *path)
{
	struct uapi_open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = UAPI_RESOLVE_CACHED | (root == AT_FDCWD ? 0 : UAPI_RESOLVE_IN_ROOT),
	};
	int fd = -EAGAIN;

	/* A mount that comes or goes somewhere makes the kernel start over, which it then refuses.
	 */
	for (int tries = 0; fd == -EAGAIN && tries < 8; tries++)
		fd = uapi_result(syscall(SYS_openat2, root, path, &how, sizeof(how)));
	/* From 5.6 to 5.11 openat2(2) does not know RESOLVE_CACHED. */
	return fd == -EINVAL ? -ENOSYS : fd;
}
