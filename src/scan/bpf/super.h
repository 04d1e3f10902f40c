/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * File systems that belong to a user namespace, procfs instances by their pid namespace, and the
 * mounts of nsfs files in trees that are in no mount namespace. The kernel's list of all file
 * systems is walked from that of our own root on; it has a head that is none, and those that are
 * being made or unmade: one is believed of whose root directory it is the file system.
 */
#ifndef NSVIEW_SCAN_BPF_SUPER_H
#define NSVIEW_SCAN_BPF_SUPER_H

#include "emit.h"
#include "files.h"

enum {
	SUPERS_MAX = 1 << 20,
	MOUNTS_MAX = 1 << 20,
	MAGIC_NSFS = 0x6e736673,
	MAGIC_PROC = 0x9fa0,
};
#define ERROR_POINTER (-4096ULL)

struct {
	int list, magic, root, active, mounts, info, user_ns;
	int dentry_name, dentry_inode, dentry_sb;
	int mnt, mnt_root, mnt_sb, mnt_ns, next_for_sb, instance;
	int ns_root, ns_seq;
	int inode_private;
} super_at;

__u64 top_user, top_pid;

static __always_inline void find_super_offsets(void)
{
	super_at.list = OFFSET(super_block, s_list);
	sb_dev = OFFSET(super_block, s_dev);
	super_at.magic = OFFSET(super_block, s_magic);
	super_at.root = OFFSET(super_block, s_root);
	super_at.active = OFFSET(super_block, s_active);
	super_at.mounts = OFFSET_IF(super_block___first, s_mounts);
	if (super_at.mounts == UNKNOWN)
		super_at.mounts = OFFSET(super_block___list, s_mounts);
	super_at.info = OFFSET(super_block, s_fs_info);
	super_at.user_ns = OFFSET(super_block, s_user_ns);
	super_at.dentry_name = OFFSET(dentry, d_name.name);
	super_at.dentry_inode = OFFSET(dentry, d_inode);
	super_at.dentry_sb = OFFSET(dentry, d_sb);
	super_at.mnt = OFFSET(mount, mnt);
	super_at.mnt_root = OFFSET(mount, mnt.mnt_root);
	super_at.mnt_sb = OFFSET(mount, mnt.mnt_sb);
	super_at.mnt_ns = OFFSET(mount, mnt_ns);
	super_at.next_for_sb = OFFSET_IF(mount___next, mnt_next_for_sb);
	super_at.instance = OFFSET_IF(mount___instance, mnt_instance);
	super_at.ns_root = OFFSET(mnt_namespace___seq, root);
	super_at.ns_seq = OFFSET_IF(mnt_namespace___seq, seq);
}

static __always_inline __u64 top_of(__u32 type)
{
	__u64 ns = own.ns[type];

	for (int i = 0; i < ANCESTORS_MAX; i++) {
		__u64 up = read_pointer(ns, at.parent[type]);

		if (!up)
			break;
		ns = up;
	}
	return ns;
}

/* What stands for a mount namespace in a tree of mounts that is in none. */
static __always_inline bool is_tree(__u64 mnt_ns)
{
	if (!mnt_ns || mnt_ns >= ERROR_POINTER)
		return false;
	if (super_at.ns_seq != UNKNOWN)
		return !read_pointer(mnt_ns, super_at.ns_seq);
	return at.ns.id != UNKNOWN && !read_pointer(mnt_ns + at.common[RECORD_MNT], at.ns.id);
}

/* Mounts of one file system. */
struct mount_walk {
	__u64 next; /* 6.18: a mount; before: the link in it */
	__u64 head;
	bool nsfs;
};

static __always_inline void take_nsfs_mount(__u64 mount, __u64 tree)
{
	__u64 dentry = read_pointer(mount, super_at.mnt_root);
	__u64 inode = read_pointer(dentry, super_at.dentry_inode);
	__u64 common = read_pointer(inode, super_at.inode_private);
	__u64 type_ops = read_pointer(common, at.ns.ops);

	for (int type = 0; type < RECORD_TYPES; type++)
		if (ops[type] == type_ops) {
			told.tree = tree;
			write_record(WAY_TREE_MOUNT, type, common, 0);
		}
}

static __always_inline void take_mount(__u64 mount, const struct mount_walk *w)
{
	__u64 ns = read_pointer(mount, super_at.mnt_ns);
	bool tree = is_tree(ns);

	if (w->nsfs && tree)
		take_nsfs_mount(mount, ns);
	if (!ns || tree)
		told.mounts |= MOUNTS_LOOSE;
	else if (ns >= ERROR_POINTER)
		told.mounts |= MOUNTS_INTERNAL;
	else
		told.mounts |= MOUNTS_ATTACHED;
}

static long mount_step(__u32 i __attribute__((unused)), struct mount_walk *w)
{
	__u64 mount = w->next;

	if (!mount || mount == w->head)
		return 1;
	if (super_at.next_for_sb != UNKNOWN) {
		w->next = read_pointer(mount, super_at.next_for_sb);
	} else {
		w->next = read_pointer(mount, 0);
		mount -= super_at.instance;
	}
	take_mount(mount, w);
	return 0;
}

static __always_inline void walk_mounts(__u64 sb, bool nsfs)
{
	struct mount_walk w = { .nsfs = nsfs };

	w.next = read_pointer(sb, super_at.mounts);
	if (super_at.next_for_sb == UNKNOWN)
		w.head = sb + super_at.mounts;
	if (bpf_loop(MOUNTS_MAX, mount_step, &w, 0) == MOUNTS_MAX)
		counters.open++;
}

static __always_inline __u64 procfs_pid_ns(__u64 sb)
{
	return read_pointer(read_pointer(sb, super_at.info), FIRST);
}

static __always_inline void take_super(__u64 sb)
{
	__u64 user = read_pointer(sb, super_at.user_ns), pid = 0;
	__u32 magic = read_uint(sb, super_at.magic);

	__builtin_memset(&told, 0, sizeof(told));
	if (magic == MAGIC_PROC)
		pid = procfs_pid_ns(sb);
	if (user == top_user && (!pid || pid == top_pid) && magic != MAGIC_NSFS)
		return;
	walk_mounts(sb, magic == MAGIC_NSFS);
	told.tree = 0;
	told.sb = sb;
	if (user != top_user)
		emit(WAY_SUPER_BLOCK, RECORD_USER, user, sb);
	if (pid && pid != top_pid)
		emit(WAY_SUPER_BLOCK, RECORD_PID, pid, sb);
}

/* A walk that comes to one that was just taken out of the list goes round in that. */
struct super_walk {
	__u64 first, next;
	bool closed;
};

static long super_step(__u32 i __attribute__((unused)), struct super_walk *w)
{
	__u64 sb = w->next, root = read_pointer(sb, super_at.root);
	__u64 next;

	if (root && read_pointer(root, super_at.dentry_sb) == sb &&
	    read_uint(sb, super_at.active) != 0)
		take_super(sb);
	next = read_pointer(sb, super_at.list) - super_at.list;
	w->next = next;
	w->closed = next == w->first;
	return w->closed || next == sb;
}

static __always_inline void walk_supers(void)
{
	__u64 root = read_pointer(own.ns[RECORD_MNT], super_at.ns_root);
	struct super_walk w = { 0 };

	w.first = w.next = read_pointer(root, super_at.mnt_sb);
	if (!w.first)
		return;
	bpf_loop(SUPERS_MAX, super_step, &w, 0);
	if (!w.closed)
		counters.open++;
}

#endif
