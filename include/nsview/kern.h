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

/* Inode number of an fd if it is an nsfs file, else -EINVAL. */
int kern_nsfs_ino(int fd, uint64_t *out_ino);
/* Whether the file system behind fd is nsfs, or procfs. */
bool kern_is_nsfs(int fd);
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

/* SO_NETNS_COOKIE of the calling thread's network namespace. 5.14 */
int kern_netns_cookie(uint64_t *out_cookie);

/* Counts of objects in the calling thread's ipc namespace: SHM_INFO, SEM_INFO, MSG_INFO. */
int kern_ipc_counts(uint64_t *out_shm, uint64_t *out_sem, uint64_t *out_msg);
/* POSIX message queues in the calling thread's ipc namespace, by fsopen(2); 5.2. */
int kern_mqueue_count(uint64_t *out_count);

#endif
