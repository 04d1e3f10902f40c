/* SPDX-License-Identifier: MIT */
/*
 * Raw kernel calls. Each returns 0 or an fd (always close-on-exec), or -errno; a kernel too old
 * gives -ENOSYS or -ENOTTY. Tests replace them at link time (--wrap).
 */
#ifndef NSVIEW_KERN_H
#define NSVIEW_KERN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <nsview/nstype.h>

/* fd of the user namespace that owns this one; -EPERM above the caller's own. ioctl_ns(2), 4.9 */
int kern_ns_owner(int ns_fd);
/* fd of the parent, user and pid namespaces only; -EPERM above the caller's own. 4.9 */
int kern_ns_parent(int ns_fd);
/* The enum ns_type of an nsfs fd. 4.11 */
int kern_ns_type(int ns_fd);
/* uid of the creator of a user namespace, as the caller's user namespace numbers it. 4.11 */
int kern_ns_owner_uid(int ns_fd, uid_t *out_uid);
/* The kernel's 64-bit id, never reused: NS_GET_ID (6.18), else for mnt NS_GET_MNTNS_ID (6.11). */
int kern_ns_id(int ns_fd, enum ns_type type, uint64_t *out_id);

/*
 * Type, inode and device numbers as fstatat(2), without asking a file system that may hang for
 * anything: statx(2), 4.11. Before that there is only the call that asks.
 */
struct statx;
int kern_stat_cached(int dirfd, const char *path, int flags, struct statx *out);
/* Inode number of an fd if it is an nsfs file, else -EINVAL; whether it is. Asks no other file
 * system. */
int kern_nsfs_ino(int fd, uint64_t *out_ino);
bool kern_is_nsfs(int fd);
/* Whether the file system behind fd is procfs. Waits for one that hangs. */
bool kern_is_procfs(int fd);

/* pidfd_open(2), 5.3. thread: tid is any thread, not only a leader (6.9). Refuses pid <= 0. */
int kern_pidfd_open(pid_t pid, bool thread);
/* fd of one of a process's namespaces, pidfd ioctl of 6.11; sees pid_for_children without a child.
 */
int kern_pidfd_ns(int pidfd, enum ns_link link);

/* A process's parent, 0 where that is in a pid namespace above. 6.13 */
int kern_pidfd_parent(int pidfd, pid_t *out_ppid);

/* setns(2) of the calling thread. */
int kern_setns(int ns_fd, int clone_flag);
/* unshare(CLONE_FILES) or CLONE_FS of the calling thread. */
int kern_unshare(int flags);

/*
 * fork(2) with further CLONE_* flags, such as CLONE_PARENT: the child returns 0 on a copy of the
 * stack. What glibc does beside it is left out, so that the child must not raise(3) or use threads.
 */
pid_t kern_clone(int flags);
/* A child that runs function and ends with what it returns. */
pid_t kern_clone_copied(int (*function)(void *arg), void *arg);
/*
 * The same in our own memory, on a stack of its own, while we stand still until it has ended or
 * executed something; vfork(2). It must change nothing that we need afterwards.
 */
pid_t kern_clone_borrowed(int (*function)(void *arg), void *arg);
/* pidfd_send_signal(2). 5.1 */
int kern_pidfd_signal(int pidfd, int sig);
/* Closes first to last; close_range(2), 5.9, else one by one. */
int kern_close_range(unsigned first, unsigned last);
/*
 * openat2(2) that takes root for the root: no link in path, absolute or magic, leads out of it.
 * 5.6
 */
int kern_open_in_root(int root, const char *path, int flags);
/* A sealable file in memory; memfd_create(2), 3.17. -EACCES where the host forbids executing it. */
int kern_memfd(const char *name, bool executable);
/* Whether the working directory is below the root, which getcwd(2) tells since 2.6.36. */
bool kern_cwd_is_reachable(void);

/* SO_NETNS_COOKIE of the calling thread's network namespace. 5.14 */
int kern_netns_cookie(uint64_t *out_cookie);

/*
 * fd of the mount namespace after (or before) this one among all that the kernel has, also those
 * without a process; -ENOENT at the end, -EPERM without CAP_SYS_ADMIN on the host. 6.12
 */
int kern_mntns_step(int mntns_fd, bool forward);
/* fd of a namespace by its id and inode number, with nothing else leading to it. 6.18 */
int kern_ns_open_id(enum ns_type type, uint64_t id, uint64_t ino);
/*
 * Ids of the namespaces of a type that the caller may see and that something in user space still
 * uses, at most n of them by rising id. listns(2), 6.19; that kernel takes an inode number of 0 in
 * kern_ns_open_id for any.
 */
ssize_t kern_listns(enum ns_type type, uint64_t *out_ids, size_t n);

/* Ids of mounts of a mount namespace by its 64-bit id, past `last` (0: from the start). 6.11 */
ssize_t kern_listmount(uint64_t mntns_id, uint64_t last, uint64_t *out_ids, size_t n);
/* One of these mounts. */
struct kern_mount {
	bool nsfs, procfs;
	uint32_t major, minor;
	const char *root, *point; /* borrowed from buf */
};
/* buf is aligned as for a uint64_t. -EOVERFLOW: it is too small. */
int kern_statmount(uint64_t mntns_id, uint64_t id, void *buf, size_t size, struct kern_mount *out);

/*
 * SIOCSIFFLAGS of netdevice(7): a link of the calling thread's network namespace is set up. -EINVAL
 * where the name is too long for any.
 */
int kern_link_up(const char *name);

/* pidfd_getfd(2): a duplicate of another process's descriptor; 5.6, needs ptrace-attach. */
int kern_pidfd_getfd(int pidfd, int fd);
/* fd of the network namespace of a socket or tun descriptor; CAP_NET_ADMIN there. 4.9 */
int kern_socket_ns(int fd);
/* fd of the network namespace in which an attached tun descriptor's device is. 5.7 */
int kern_tun_ns(int fd);
/* SO_NETNS_COOKIE of that socket. 5.14 */
int kern_socket_cookie(int fd, uint64_t *out_cookie);
/* Whether it is a unix socket that has something to be received or accepted. */
bool kern_unix_has_queue(int fd);
/*
 * Duplicates the descriptors in the first message of a socket's queue, which stays as it is.
 * Returns how many there were put into out_fds; the caller closes them.
 */
int kern_peek_fds(int fd, int *out_fds, size_t n);
/* 1 if two tasks share one descriptor table, 0 if not. kcmp(2), 3.5, where built in. */
int kern_same_files(pid_t a, pid_t b);

/*
 * Opens with O_PATH what is at path below the directory root, as a process whose root that is
 * sees it, without asking any file system for anything: -EAGAIN where that would be needed. With
 * AT_FDCWD the path is as we see it. 5.12
 */
int kern_open_cached(int root, const char *path);

/* Counts of objects in the calling thread's ipc namespace: SHM_INFO, SEM_INFO, MSG_INFO. */
int kern_ipc_counts(uint64_t *out_shm, uint64_t *out_sem, uint64_t *out_msg);
/* POSIX message queues in the calling thread's ipc namespace, by fsopen(2); 5.2. */
int kern_mqueue_count(uint64_t *out_count);

/*
 * A /proc of the calling thread's pid namespace that is mounted nowhere and goes with its last
 * descriptor: fsopen(2), 5.2. -EPERM without CAP_SYS_ADMIN there, or where /proc is masked.
 */
int kern_proc_mount(void);

#endif
