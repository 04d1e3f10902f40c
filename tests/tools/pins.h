/* SPDX-License-Identifier: MIT */
/*
 * The cases of nspin: one row for each thing that holds a namespace without a member, or looks as
 * if it did. Those of type "net" can share one namespace.
 */
#ifndef NSVIEW_TESTS_PINS_H
#define NSVIEW_TESTS_PINS_H

#include "pins_none.h"

static const struct pin_case cases[] = {
	{ "mount", PIN_PATH, "net", make_mount, release_mount },
	{ "mount-other", PIN_PATH, "net", make_mount_other, release_point },
	{ "mount-hidden", PIN_PATH, "net", make_mount_hidden, release_point },
	{ "fd", PIN_PATH, "net", make_fd, NULL },
	{ "o-path", PIN_PATH, "net", make_o_path, NULL },
	{ "thread-fd", PIN_PATH, "net", make_thread_fd, NULL },
	{ "queued", PIN_PATH, "net", make_queued, NULL },
	{ "queued-socket", PIN_PATH, "net", make_queued_socket, NULL },
	{ "io-uring", PIN_PATH, "net", make_io_uring, NULL },
	{ "inet-socket", PIN_PATH, "net", make_inet, NULL },
	{ "unix-socket", PIN_PATH, "net", make_unix, NULL },
	{ "tun", PIN_PATH, "net", make_tun, NULL },
	{ "child-user", PIN_PATH, NULL, make_child_user, NULL },
	{ "owner", PIN_PATH, NULL, make_owner, NULL },
	{ "pid-parent", PIN_PATH, NULL, make_pid_parent, NULL },
	{ "pid-for-children", PIN_PATH, NULL, make_pid_used, NULL },
	{ "pid-for-children-unused", PIN_PATH, NULL, make_pid_unused, NULL },
	{ "time-for-children", PIN_PATH, NULL, make_time, NULL },
	{ "thread", PIN_PATH, NULL, make_thread, NULL },
	{ "zombie-leader", PIN_PATH, NULL, make_zombie_leader, NULL },
	{ "zombie-user", PIN_PATH, NULL, make_zombie_user, NULL },
	{ "zombie-pid", PIN_PATH, NULL, make_zombie_pid, NULL },
	{ "proc-mountinfo", PIN_PATH, NULL, make_mountinfo, NULL },
	/* Variants of these, and members. */
	{ "unmounted", PIN_MORE, "net", make_unmounted, NULL },
	{ "procfs", PIN_MORE, NULL, make_procfs, release_procfs },
	{ "member", PIN_MORE, "net", make_member, NULL },
	{ "member-thread", PIN_MORE, "net", make_member_thread, NULL },
	/* Nothing below /proc leads to these. */
	{ "detached", PIN_HIDDEN, "net", make_detached, NULL },
	{ "queued-twice", PIN_HIDDEN, "net", make_queued_twice, NULL },
	{ "tcp-orphan", PIN_HIDDEN, "net", make_tcp_orphan, release_tcp_orphan },
	{ "file-cred", PIN_HIDDEN, NULL, make_file_cred, NULL },
	{ "proc-uid-map", PIN_HIDDEN, NULL, make_uid_map, NULL },
	{ "proc-net-dev", PIN_HIDDEN, "net", make_net_dev, NULL },
	{ "super", PIN_HIDDEN, NULL, make_super, release_dir },
	{ "fsopen", PIN_HIDDEN, NULL, make_fsopen, NULL },
	{ "cgroup-procs", PIN_HIDDEN, NULL, make_cgroup_procs, NULL },
	{ "shm", PIN_HIDDEN, NULL, make_shm, release_shm },
	{ "pidfd", PIN_HIDDEN, NULL, make_pidfd, NULL },
	{ "proc-dir", PIN_HIDDEN, NULL, make_proc_dir, NULL },
	{ "proc-super", PIN_HIDDEN, NULL, make_proc_super, release_procfs },
	{ "perf", PIN_HIDDEN, NULL, make_perf, NULL },
	{ "peer-pid", PIN_HIDDEN, NULL, make_peer_pid, NULL },
	{ "peer-cred", PIN_HIDDEN, NULL, make_peer_cred, NULL },
	/* These hold nothing. */
	{ "no-mmap", PIN_NONE, "net", no_mmap, NULL },
	{ "no-veth", PIN_NONE, "net", no_veth, NULL },
	{ "no-zombie-uts", PIN_NONE, NULL, no_zombie_uts, NULL },
	{ "no-zombie-ipc", PIN_NONE, NULL, no_zombie_ipc, NULL },
	{ "no-zombie-net", PIN_NONE, NULL, no_zombie_net, NULL },
	{ "no-zombie-mnt", PIN_NONE, NULL, no_zombie_mnt, NULL },
	{ "no-idmapped", PIN_NONE, NULL, no_idmapped, release_stacked },
	{ "no-mqueue-fd", PIN_NONE, NULL, no_mqueue_fd, NULL },
	{ "no-mqueue-super", PIN_NONE, NULL, no_mqueue_super, release_dir },
	{ "no-sysfs-super", PIN_NONE, NULL, no_sysfs_super, release_dir },
	{ "no-cwd", PIN_NONE, NULL, no_cwd, release_dir },
	{ NULL, PIN_NONE, NULL, NULL, NULL },
};

#endif
