/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The task whose descriptors are looked at, and the writing of a record about one that refers to
 * a namespace. What a task refers to by being in a namespace itself, or below it, is no news: only
 * of namespaces' own files and of supers a record is written all the same.
 */
#ifndef NSVIEW_SCAN_BPF_EMIT_H
#define NSVIEW_SCAN_BPF_EMIT_H

#include "base.h"
#include "kernel_holder_record.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct holder_record);
} holders SEC(".maps");

struct holder_counters counters;

/* The operations by which the kernel tells a namespace's type. */
__u64 ops[RECORD_TYPES];

struct {
	__u64 task, pid; /* struct pid */
	__u64 proxy;	 /* as ns was read from it */
	__u64 ns[RECORD_TYPES];
	__u64 files;
	__u64 cred; /* its own */
	unsigned tgid, tid;
	int fd;
	unsigned via;
	bool skip; /* the reader itself */
} cur;

/* Of the file being looked at: what has been told of it. */
struct {
	__u64 ns[RECORD_TYPES];
	unsigned flags;
	unsigned mounts;
	__u64 tree;
	__u64 sb; /* whose device is to be told */
} told;

int sb_dev; /* where it lies in a super_block */

enum { PROXY_TRIES = 3, ANCESTORS_MAX = 34, DEV_MINOR_BITS = 20 };

static __always_inline void find_ops(void)
{
	for (int type = 0; type < RECORD_TYPES; type++)
		ops[type] = read_pointer(own.ns[type] + at.common[type], at.ns.ops);
}

/* A nsproxy may be freed and be another's at any time: read anew if it is not the task's still. */
static __always_inline void read_proxy(__u64 task)
{
	for (int i = 0; i < PROXY_TRIES; i++) {
		__u64 proxy = read_pointer(task, at.task.nsproxy);

		if (proxy && proxy == cur.proxy)
			return;
		for (int type = 0; type < RECORD_TYPES; type++)
			if (type != RECORD_PID && type != RECORD_USER)
				cur.ns[type] = proxy ? read_pointer(proxy, at.link[type]) : 0;
		if (read_pointer(task, at.task.nsproxy) == proxy) {
			cur.proxy = proxy;
			return;
		}
	}
	cur.proxy = 0;
}

/* Sockets are compared with the process's network namespace, as they are by way of /proc. */
static __always_inline void read_leader_net(__u64 leader)
{
	__u64 proxy = read_pointer(leader, at.task.nsproxy);
	__u64 net = proxy ? read_pointer(proxy, at.link[RECORD_NET]) : 0;

	if (proxy && read_pointer(leader, at.task.nsproxy) != proxy)
		return;
	cur.ns[RECORD_NET] = net;
	cur.proxy = 0;
}

__noinline int meet_task(__u64 task, __u64 pid)
{
	__u64 leader = read_pointer(task, at.task.group_leader);

	cur.task = task;
	cur.pid = pid;
	cur.skip = leader == own.task;
	cur.tid = number_of(pid);
	cur.tgid = cur.tid;
	cur.files = read_pointer(task, at.task.files);
	cur.ns[RECORD_USER] = read_pointer(read_pointer(task, at.task.real_cred), at.cred_user_ns);
	cur.ns[RECORD_PID] = read_upid(pid, read_uint(pid, at.pid.level)).ns;
	read_proxy(task);
	if (leader != task) {
		cur.tgid = number_of(read_pointer(leader, at.task.thread_pid));
		read_leader_net(leader);
	}
	return 0;
}

/* Whether the task is in it, or below it. */
__noinline int is_own(__u32 type, __u64 ns)
{
	__u64 mine;

	type &= RECORD_TYPES - 1;
	barrier_var(type);
	mine = cur.ns[type];
	for (int i = 0; i < ANCESTORS_MAX && mine; i++) {
		if (mine == ns)
			return true;
		if (at.parent[type] == UNKNOWN)
			return false;
		mine = read_pointer(mine, at.parent[type]);
	}
	return false;
}

static __always_inline void fill_task(struct holder_record *r, __u32 way)
{
	bool by_file = way < WAY_SUPER_BLOCK;

	r->via = cur.via;
	r->pid = by_file ? cur.tgid : 0;
	r->tid = by_file ? cur.tid : 0;
	r->fd = by_file ? cur.fd : -1;
	r->files = by_file ? cur.files : 0;
}

static __always_inline void fill_file(struct holder_record *r)
{
	r->flags = told.flags;
	r->mounts = told.mounts;
	r->tree = told.tree;
	if (told.sb) {
		__u32 dev = read_uint(told.sb, sb_dev);

		r->major = dev >> DEV_MINOR_BITS;
		r->minor = dev & ((1 << DEV_MINOR_BITS) - 1);
	}
}

/* common: of the namespace, 0 where the way tells of none. share: the structure that refers. */
__noinline int write_record(__u32 way, __u32 type, __u64 common, __u64 share)
{
	__u32 key = counters.records++;
	struct holder_record *r = bpf_map_lookup_elem(&holders, &key);

	if (!r)
		return 0;
	r->way = way;
	r->type = type;
	r->share = share;
	if (common) {
		r->ino = read_uint(common, at.ns.inum);
		r->id = at.ns.id == UNKNOWN ? 0 : read_pointer(common, at.ns.id);
	}
	fill_task(r, way);
	fill_file(r);
	return 0;
}

/*
 * Of a namespace that a pointer leads to. What the pointer was read from may have been freed and
 * be something else by now, so that it is believed only of what has the type's operations.
 */
__noinline int emit(__u32 way, __u32 type, __u64 ns, __u64 share)
{
	__u64 common;

	type &= RECORD_TYPES - 1;
	barrier_var(type);
	if (!ns || told.ns[type] == ns)
		return 0;
	common = ns + at.common[type];
	if (read_pointer(common, at.ns.ops) != ops[type] || !read_uint_if(common, at.ns.refs))
		return 0;
	told.ns[type] = ns;
	return write_record(way, type, common, share);
}

/* The same, but of what the task is neither in nor below. */
__noinline int emit_foreign(__u32 way, __u32 type, __u64 ns, __u64 share)
{
	return ns && !is_own(type, ns) ? emit(way, type, ns, share) : 0;
}

/* A struct pid refers to the innermost pid namespace that it has a number in. */
__noinline int emit_pid(__u32 way, __u64 pid)
{
	if (!pid)
		return 0;
	return emit_foreign(way, RECORD_PID, read_upid(pid, read_uint(pid, at.pid.level)).ns, pid);
}

__noinline int emit_cred(__u32 way, __u64 cred)
{
	return cred ? emit_foreign(way, RECORD_USER, read_pointer(cred, at.cred_user_ns), cred) : 0;
}

#endif
