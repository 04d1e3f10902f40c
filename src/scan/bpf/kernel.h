/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The members of kernel structures that the programs read, and nothing else of them: where each
 * one lies is looked up by name in the running kernel's own type information (CO-RE). A name with
 * three underscores is another kernel version's form of the structure before them.
 *
 * Few structures, and each asked about in one place only (find_offsets): the kernel searches all
 * of its types for every name, and forgets what it found soon.
 */
#ifndef NSVIEW_SCAN_BPF_KERNEL_H
#define NSVIEW_SCAN_BPF_KERNEL_H

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef short __s16;
typedef int __s32;
typedef long long __s64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u32 __wsum;
typedef _Bool bool;

enum { false, true };

#define offsetof(type, member) __builtin_offsetof(type, member)

/* Of linux/bpf.h, which would need the headers of the machine that compiles. */
enum { BPF_MAP_TYPE_ARRAY = 2, BPF_F_MMAPABLE = 1 << 10 };

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

/* Of the size and form that it has had for ever; what is before it in struct pid moves. */
struct upid {
	int nr;
	void *ns;
};

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct list_head {
	struct list_head *next;
};

struct user_namespace;

typedef struct {
	int counter;
} atomic_t;

struct refcount_struct {
	atomic_t refs;
};

struct ns_common {
	const void *ops;
	unsigned inum;
	__u64 ns_id; /* 6.18 */
};

struct ns_common___node {
	struct refcount_struct __ns_ref; /* 6.18 */
	struct list_head ns_list_node;	 /* only 6.18 */
};

struct ns_tree_node___tree {
	struct list_head ns_list_entry;
};

struct ns_common___tree {
	struct ns_tree_node___tree ns_tree_node; /* 6.19 */
};

struct ns_common___count {
	struct refcount_struct count; /* 5.11 to 6.17 */
};

struct cgroup_namespace {
	struct ns_common ns;
	struct user_namespace *user_ns;
};

struct ipc_ids {
	int in_use;
};

struct ipc_namespace {
	struct ipc_ids ids[3]; /* semaphores, messages, shared memory */
	unsigned mq_queues_count;
	struct user_namespace *user_ns;
	struct ns_common ns;
};

struct mnt_namespace {
	struct ns_common ns;
	struct user_namespace *user_ns;
	unsigned nr_mounts; /* 6.8 */
};

struct net {
	struct list_head list;
	struct user_namespace *user_ns;
	struct ns_common ns;
	__u64 net_cookie;
};

struct pid_namespace {
	unsigned level;
	struct pid_namespace *parent;
	struct user_namespace *user_ns;
	struct ns_common ns;
};

struct timens_offsets {
};

struct time_namespace {
	struct user_namespace *user_ns;
	struct ns_common ns;
	struct timens_offsets offsets; /* two struct timespec64 */
};

struct uid_gid_map {
};

typedef struct {
	unsigned val;
} kuid_t;

struct user_namespace {
	struct uid_gid_map uid_map, gid_map; /* five extents and their number */
	struct user_namespace *parent;
	int level;
	kuid_t owner;
	struct ns_common ns;
	unsigned long flags;
};

struct new_utsname {
	char nodename[65];
	char domainname[65];
};

struct uts_namespace {
	struct new_utsname name;
	struct user_namespace *user_ns;
	struct ns_common ns;
};

struct nsproxy {
	struct uts_namespace *uts_ns;
	struct ipc_namespace *ipc_ns;
	struct mnt_namespace *mnt_ns;
	struct pid_namespace *pid_ns_for_children;
	struct net *net_ns;
	struct time_namespace *time_ns;
	struct time_namespace *time_ns_for_children;
	struct cgroup_namespace *cgroup_ns;
};

struct cred {
	kuid_t euid;
	struct user_namespace *user_ns;
};

struct pid {
	unsigned level;
	struct upid numbers[];
};

struct mm_struct;
struct files_struct;

struct task_struct {
	unsigned __state; /* 5.14 */
	int exit_state;
	struct mm_struct *mm;
	struct task_struct *real_parent, *group_leader;
	struct pid *thread_pid;
	__u64 start_boottime;
	const struct cred *real_cred;
	char comm[16];
	struct files_struct *files;
	struct nsproxy *nsproxy;
};

#pragma clang attribute pop

/* What follows is the interface of iterators, which does not move. */
struct bpf_iter_meta {
	void *seq;
	__u64 session_id;
	__u64 seq_num;
};

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};

#endif
