/* SPDX-License-Identifier: MIT */
/*
 * Kernel constants that the headers of older distributions lack, each with the Linux version that
 * brought it, and what a call that sandboxes may not know has given. Numbers are of the generic
 * syscall table, which x86-64, arm64 and riscv share from 424 upwards. Private to sys/.
 */
#ifndef NSVIEW_SYS_UAPI_H
#define NSVIEW_SYS_UAPI_H

#include <errno.h>
#include <sched.h>
#include <stdint.h>
#include <linux/ioctl.h>

/*
 * What syscall(2) gave, or -errno, of a call that has no EPERM of its own: then that is a filter,
 * seccomp(2), which does not know the call, and it is as if the kernel did not.
 */
static inline int uapi_result(long ret)
{
	return ret >= 0 ? (int)ret : errno == EPERM ? -ENOSYS : -errno;
}

#ifndef CLONE_NEWCGROUP
#define CLONE_NEWCGROUP 0x02000000
#endif
#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

/* linux/magic.h */
#define UAPI_NSFS_MAGIC 0x6e736673
#define UAPI_PROC_MAGIC 0x9fa0

/* linux/nsfs.h: the first four 4.9 to 4.11, the mount ids 6.11 and 6.12, NS_GET_ID 6.18 */
#define UAPI_NS_GET_USERNS	   _IO(0xb7, 0x1)
#define UAPI_NS_GET_PARENT	   _IO(0xb7, 0x2)
#define UAPI_NS_GET_NSTYPE	   _IO(0xb7, 0x3)
#define UAPI_NS_GET_OWNER_UID	   _IO(0xb7, 0x4)
#define UAPI_NS_GET_MNTNS_ID	   _IOR(0xb7, 0x5, uint64_t)
#define UAPI_NS_GET_ID		   _IOR(0xb7, 13, uint64_t)
#define UAPI_NS_GET_PID_FROM_PIDNS _IOR(0xb7, 0x6, int) /* 6.11 */

/* linux/pidfd.h, 6.11 */
#define UAPI_PIDFD_GET_CGROUP_NAMESPACE		   _IO(0xff, 1)
#define UAPI_PIDFD_GET_IPC_NAMESPACE		   _IO(0xff, 2)
#define UAPI_PIDFD_GET_MNT_NAMESPACE		   _IO(0xff, 3)
#define UAPI_PIDFD_GET_NET_NAMESPACE		   _IO(0xff, 4)
#define UAPI_PIDFD_GET_PID_NAMESPACE		   _IO(0xff, 5)
#define UAPI_PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE  _IO(0xff, 6)
#define UAPI_PIDFD_GET_TIME_NAMESPACE		   _IO(0xff, 7)
#define UAPI_PIDFD_GET_TIME_FOR_CHILDREN_NAMESPACE _IO(0xff, 8)
#define UAPI_PIDFD_GET_USER_NAMESPACE		   _IO(0xff, 9)
#define UAPI_PIDFD_GET_UTS_NAMESPACE		   _IO(0xff, 10)

/* linux/pidfd.h, 6.13: the first version of the structure; the kernel fills in what it has room for
 */
struct uapi_pidfd_info {
	uint64_t mask, cgroupid;
	uint32_t pid, tgid, ppid, ruid, rgid, euid, egid, suid, sgid, fsuid, fsgid;
	int32_t exit_code;
};
#define UAPI_PIDFD_INFO_PID 1
#define UAPI_PIDFD_GET_INFO _IOWR(0xff, 11, struct uapi_pidfd_info)

#define UAPI_PIDFD_THREAD O_EXCL /* 6.9 */

#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424 /* 5.1 */
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434 /* 5.3 */
#endif
#ifndef SYS_close_range
#define SYS_close_range 436 /* 5.9 */
#endif

/* fsopen(2) and its kin, 5.2; FSCONFIG_CMD_CREATE of linux/mount.h */
#ifndef SYS_fsopen
#define SYS_fsopen 430
#endif
#ifndef SYS_fsconfig
#define SYS_fsconfig 431
#endif
#ifndef SYS_fsmount
#define SYS_fsmount 432
#endif
#define UAPI_FSOPEN_CLOEXEC	 0x1
#define UAPI_FSMOUNT_CLOEXEC	 0x1
#define UAPI_FSCONFIG_SET_FLAG	 0
#define UAPI_FSCONFIG_SET_STRING 1
#define UAPI_FSCONFIG_CMD_CREATE 6

/* open_tree(2) and move_mount(2), 5.2; mount_setattr(2), 5.12: linux/mount.h */
#ifndef SYS_open_tree
#define SYS_open_tree 428
#endif
#ifndef SYS_move_mount
#define SYS_move_mount 429
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif
#define UAPI_OPEN_TREE_CLONE	     0x1
#define UAPI_AT_RECURSIVE	     0x8000
#define UAPI_MOVE_MOUNT_F_EMPTY_PATH 0x4
#define UAPI_MOVE_MOUNT_T_EMPTY_PATH 0x40
struct uapi_mount_attr {
	uint64_t attr_set, attr_clr, propagation, userns_fd;
};

/* linux/nsfs.h: walking all mount namespaces, 6.12; the handle of an nsfs file, 6.18 */
struct uapi_mnt_ns_info {
	uint32_t size;
	uint32_t nr_mounts;
	uint64_t mnt_ns_id;
};
#define UAPI_NS_MNT_GET_INFO _IOR(0xb7, 10, struct uapi_mnt_ns_info)
#define UAPI_NS_MNT_GET_NEXT _IOR(0xb7, 11, struct uapi_mnt_ns_info)
#define UAPI_NS_MNT_GET_PREV _IOR(0xb7, 12, struct uapi_mnt_ns_info)
struct uapi_nsfs_handle {
	uint64_t ns_id;
	uint32_t ns_type; /* CLONE_NEW* */
	uint32_t ns_inum;
};
#define UAPI_FILEID_NSFS  0xf1
#define UAPI_FD_NSFS_ROOT (-10003)

/* statmount(2) and listmount(2), 6.8; mnt_ns_id 6.11 */
#ifndef SYS_statmount
#define SYS_statmount 457
#endif
#ifndef SYS_listns
#define SYS_listns 470 /* 6.19 */
#endif
struct uapi_ns_id_req {
	uint32_t size, spare;
	uint64_t ns_id;
	uint32_t ns_type, spare2;
	uint64_t user_ns_id;
};

#ifndef SYS_listmount
#define SYS_listmount 458
#endif
struct uapi_mnt_id_req {
	uint32_t size;
	uint32_t spare;
	uint64_t mnt_id;
	uint64_t param;
	uint64_t mnt_ns_id;
};
#define UAPI_LSMT_ROOT		 0xffffffffffffffffULL
#define UAPI_STATMOUNT_SB_BASIC	 0x01
#define UAPI_STATMOUNT_MNT_ROOT	 0x08
#define UAPI_STATMOUNT_MNT_POINT 0x10
struct uapi_statmount {
	uint32_t size, mnt_opts;
	uint64_t mask;
	uint32_t sb_dev_major, sb_dev_minor;
	uint64_t sb_magic;
	uint32_t sb_flags, fs_type;
	uint64_t mnt_id, mnt_parent_id;
	uint32_t mnt_id_old, mnt_parent_id_old;
	uint64_t mnt_attr, mnt_propagation, mnt_peer_group, mnt_master, propagate_from;
	uint32_t mnt_root, mnt_point; /* offsets into str */
	uint64_t reserved[50];
	char str[];
};
_Static_assert(sizeof(struct uapi_statmount) == 512, "as the kernel lays it out");

#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438 /* 5.6 */
#endif
#ifndef SIOCGSKNS
#define SIOCGSKNS 0x894C /* 4.9 */
#endif
#define UAPI_TUNGETDEVNETNS _IO('T', 227) /* 5.7 */
#define UAPI_SCM_PIDFD	    4		  /* 6.5 */
#define UAPI_KCMP_FILES	    2

/* openat2(2), 5.6; RESOLVE_CACHED 5.12 */
#ifndef SYS_openat2
#define SYS_openat2 437
#endif
struct uapi_open_how {
	uint64_t flags, mode, resolve;
};
#define UAPI_MFD_NOEXEC_SEAL	   0x8 /* 6.3 */
#define UAPI_MFD_EXEC		   0x10
#define UAPI_RESOLVE_NO_MAGICLINKS 0x02
#define UAPI_RESOLVE_IN_ROOT	   0x10
#define UAPI_RESOLVE_CACHED	   0x20

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71 /* 5.14 */
#endif

#endif
