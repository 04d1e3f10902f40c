/* SPDX-License-Identifier: MIT */
/* Raw kernel calls: the only place with syscall(), ioctl() and setns(). Knows no /proc. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>

#include "uapi.h"

static int kern_fd_ioctl(int fd, unsigned long request)
{
	/* nsfs opens what it returns close-on-exec; a pidfd refuses an argument other than 0. */
	int ret = ioctl(fd, request, 0);

	return ret < 0 ? -errno : ret;
}

int kern_ns_owner(int ns_fd)
{
	return kern_fd_ioctl(ns_fd, UAPI_NS_GET_USERNS);
}

int kern_ns_parent(int ns_fd)
{
	return kern_fd_ioctl(ns_fd, UAPI_NS_GET_PARENT);
}

int kern_ns_type(int ns_fd)
{
	int flag = kern_fd_ioctl(ns_fd, UAPI_NS_GET_NSTYPE);
	int type;

	if (flag < 0)
		return flag;
	type = ns_type_from_flag(flag);
	return type < 0 ? -EINVAL : type;
}

int kern_ns_owner_uid(int ns_fd, uid_t *out_uid)
{
	return ioctl(ns_fd, UAPI_NS_GET_OWNER_UID, out_uid) < 0 ? -errno : 0;
}

int kern_ns_id(int ns_fd, enum ns_type type, uint64_t *out_id)
{
	if (ioctl(ns_fd, UAPI_NS_GET_ID, out_id) == 0)
		return 0;
	if (type == NS_MNT && ioctl(ns_fd, UAPI_NS_GET_MNTNS_ID, out_id) == 0)
		return 0;
	return -errno;
}

ssize_t kern_listns(enum ns_type type, uint64_t *out_ids, size_t n)
{
	/* From an id (ns_id) on, the first kernels with it go wrong if one type is asked for. */
	struct uapi_ns_id_req req = {
		.size = sizeof(req),
		.ns_type = (uint32_t)ns_types[type].clone_flag,
	};
	long ret = syscall(SYS_listns, &req, out_ids, n, 0);

	return ret < 0 ? -errno : ret;
}

int kern_pidfd_open(pid_t pid, bool thread)
{
	if (pid <= 0)
		return -EINVAL;
	return uapi_result(syscall(SYS_pidfd_open, pid, thread ? UAPI_PIDFD_THREAD : 0));
}

int kern_pidfd_ns(int pidfd, enum ns_link link)
{
	static const unsigned requests[NS_LINKS] = {
		[NS_CGROUP] = UAPI_PIDFD_GET_CGROUP_NAMESPACE,
		[NS_IPC] = UAPI_PIDFD_GET_IPC_NAMESPACE,
		[NS_MNT] = UAPI_PIDFD_GET_MNT_NAMESPACE,
		[NS_NET] = UAPI_PIDFD_GET_NET_NAMESPACE,
		[NS_PID] = UAPI_PIDFD_GET_PID_NAMESPACE,
		[NS_TIME] = UAPI_PIDFD_GET_TIME_NAMESPACE,
		[NS_USER] = UAPI_PIDFD_GET_USER_NAMESPACE,
		[NS_UTS] = UAPI_PIDFD_GET_UTS_NAMESPACE,
		[LINK_PID_FOR_CHILDREN] = UAPI_PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE,
		[LINK_TIME_FOR_CHILDREN] = UAPI_PIDFD_GET_TIME_FOR_CHILDREN_NAMESPACE,
	};

	return kern_fd_ioctl(pidfd, requests[link]);
}

int kern_pidfd_parent(int pidfd, pid_t *out_ppid)
{
	struct uapi_pidfd_info info = { .mask = UAPI_PIDFD_INFO_PID };

	if (ioctl(pidfd, UAPI_PIDFD_GET_INFO, &info) < 0)
		return -errno;
	*out_ppid = (pid_t)info.ppid;
	return 0;
}

int kern_setns(int ns_fd, int clone_flag)
{
	return setns(ns_fd, clone_flag) < 0 ? -errno : 0;
}

int kern_unshare(int flags)
{
	return unshare(flags) < 0 ? -errno : 0;
}

int kern_netns_cookie(uint64_t *out_cookie)
{
	autoclose int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(*out_cookie);

	if (fd < 0)
		return -errno;
	return getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, out_cookie, &len) < 0 ? -errno : 0;
}

int kern_ipc_counts(uint64_t *out_shm, uint64_t *out_sem, uint64_t *out_msg)
{
	struct shm_info shm;
	struct seminfo sem;
	struct msginfo msg;

	if (shmctl(0, SHM_INFO, (struct shmid_ds *)&shm) < 0 || semctl(0, 0, SEM_INFO, &sem) < 0 ||
	    msgctl(0, MSG_INFO, (struct msqid_ds *)&msg) < 0)
		return -errno;
	*out_shm = (uint64_t)shm.used_ids;
	*out_sem = (uint64_t)sem.semusz;
	*out_msg = (uint64_t)msg.msgpool;
	return 0;
}

/* A file system of the calling thread's namespaces, mounted nowhere. */
static int mount_nowhere(const char *type)
{
	autoclose int context = (int)syscall(SYS_fsopen, type, UAPI_FSOPEN_CLOEXEC);
	long fd;

	if (context < 0)
		return -errno;
	if (syscall(SYS_fsconfig, context, UAPI_FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return -errno;
	fd = syscall(SYS_fsmount, context, UAPI_FSMOUNT_CLOEXEC, 0);
	return fd < 0 ? -errno : (int)fd;
}

int kern_proc_mount(void)
{
	return mount_nowhere("proc");
}

int kern_mqueue_count(uint64_t *out_count)
{
	autoclose int mount = mount_nowhere("mqueue");
	autoclose int fd = -1;
	autodir DIR *dir = NULL;
	const struct dirent *e;
	uint64_t n = 0;

	if (mount < 0)
		return mount;
	fd = openat(mount, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir)
		return -errno;
	steal_fd(&fd);
	while ((e = readdir(dir)))
		n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
	*out_count = n;
	return 0;
}
