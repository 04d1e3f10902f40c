/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The kernel's own lists of namespaces: ids of those that there were before the first task was
 * looked at, and a record of each that there is after the last. The lists are walked without their
 * locks, in bounds: one that does not close is told as cut.
 */
#ifndef NSVIEW_SCAN_BPF_LISTS_H
#define NSVIEW_SCAN_BPF_LISTS_H

#include "base.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} before SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ns_record);
} after SEC(".maps");

struct kernel_counters counters;

enum { WALK_MAX = 1 << 22 };

/* As `at` in base.h: where a namespace's owner, level and facts lie. */
struct {
	int owner[RECORD_TYPES];
	int level[RECORD_TYPES];
	int list; /* from a ns_common to its links in the list */
	struct {
		int nodename, domainname, offsets, uid_map, gid_map, owner_uid, flags, mounts, shm,
			sem, msg, mqueue, cookie;
	} fact;
} also;

static __always_inline void find_list_offsets(void)
{
	counters.side_by_side = at.ns.id == at.ns.inum + 8;
	if (bpf_core_field_exists(struct ns_common___node, ns_list_node)) {
		counters.layout = LISTS_NODE;
		also.list = OFFSET(ns_common___node, ns_list_node);
	} else if (bpf_core_field_exists(struct ns_common___tree, ns_tree_node.ns_list_entry)) {
		counters.layout = LISTS_TREE;
		also.list = OFFSET(ns_common___tree, ns_tree_node.ns_list_entry);
	} else {
		counters.layout = LISTS_NET;
	}
}

#define FIND_TYPE(index, type)                                                                     \
	at.common[index] = OFFSET(type, ns);                                                       \
	at.parent[index] = UNKNOWN

static __always_inline void find_type_offsets(void)
{
	for (int type = 0; type < RECORD_TYPES; type++)
		also.level[type] = UNKNOWN;
	FIND_TYPE(RECORD_CGROUP, cgroup_namespace);
	also.owner[RECORD_CGROUP] = OFFSET(cgroup_namespace, user_ns);

	FIND_TYPE(RECORD_IPC, ipc_namespace);
	also.owner[RECORD_IPC] = OFFSET(ipc_namespace, user_ns);
	also.fact.sem = OFFSET(ipc_namespace, ids[0].in_use);
	also.fact.msg = OFFSET(ipc_namespace, ids[1].in_use);
	also.fact.shm = OFFSET(ipc_namespace, ids[2].in_use);
	also.fact.mqueue = OFFSET_IF(ipc_namespace, mq_queues_count);

	FIND_TYPE(RECORD_MNT, mnt_namespace);
	also.owner[RECORD_MNT] = OFFSET(mnt_namespace, user_ns);
	also.fact.mounts = OFFSET_IF(mnt_namespace, nr_mounts);

	FIND_TYPE(RECORD_NET, net);
	also.owner[RECORD_NET] = OFFSET(net, user_ns);
	also.fact.cookie = OFFSET_IF(net, net_cookie);
	if (counters.layout == LISTS_NET)
		also.list = OFFSET(net, list) - OFFSET(net, ns);

	FIND_TYPE(RECORD_PID, pid_namespace);
	also.owner[RECORD_PID] = OFFSET(pid_namespace, user_ns);
	at.parent[RECORD_PID] = OFFSET(pid_namespace, parent);
	also.level[RECORD_PID] = OFFSET(pid_namespace, level);

	FIND_TYPE(RECORD_TIME, time_namespace);
	at.common[RECORD_PID_CHILDREN] = at.common[RECORD_PID];
	at.common[RECORD_TIME_CHILDREN] = at.common[RECORD_TIME];
	also.owner[RECORD_TIME] = OFFSET(time_namespace, user_ns);
	also.fact.offsets = OFFSET(time_namespace, offsets);

	FIND_TYPE(RECORD_USER, user_namespace);
	also.owner[RECORD_USER] = at.parent[RECORD_USER] = OFFSET(user_namespace, parent);
	also.level[RECORD_USER] = OFFSET(user_namespace, level);
	also.fact.owner_uid = OFFSET(user_namespace, owner);
	also.fact.flags = OFFSET(user_namespace, flags);
	also.fact.uid_map = OFFSET(user_namespace, uid_map);
	also.fact.gid_map = OFFSET(user_namespace, gid_map);

	FIND_TYPE(RECORD_UTS, uts_namespace);
	also.owner[RECORD_UTS] = OFFSET(uts_namespace, user_ns);
	also.fact.nodename = OFFSET(uts_namespace, name.nodename);
	also.fact.domainname = OFFSET(uts_namespace, name.domainname);
}

/* One walk along the list of one type, begun at a namespace of the reader. */
struct walk {
	__u64 first, at; /* each a ns_common */
	__u64 ops;
	unsigned type;
	bool records; /* write records, not only ids */
	bool closed;
};

/* Where the walks of one round begin, by type; 0: not to be walked. */
struct walks {
	__u64 first[RECORD_TYPES];
	bool records;
};

static __always_inline void write_facts(struct ns_record *r, __u64 ns)
{
	switch (r->type) {
	case RECORD_IPC:
		r->u.ipc.shm = read_uint(ns, also.fact.shm);
		r->u.ipc.sem = read_uint(ns, also.fact.sem);
		r->u.ipc.msg = read_uint(ns, also.fact.msg);
		r->u.ipc.mqueue = read_uint_if(ns, also.fact.mqueue);
		return;
	case RECORD_MNT:
		r->u.mnt.count = read_uint_if(ns, also.fact.mounts);
		return;
	case RECORD_NET:
		r->u.net.cookie = 0;
		if (also.fact.cookie != UNKNOWN)
			r->u.net.cookie = read_pointer(ns, also.fact.cookie);
		return;
	case RECORD_TIME:
		copy(&r->u.time, sizeof(r->u.time), ns, also.fact.offsets);
		return;
	case RECORD_USER:
		copy(&r->u.user.uid, sizeof(r->u.user.uid), ns, also.fact.uid_map);
		copy(&r->u.user.gid, sizeof(r->u.user.gid), ns, also.fact.gid_map);
		r->u.user.owner_uid = read_uint(ns, also.fact.owner_uid);
		r->u.user.setgroups = read_uint(ns, also.fact.flags) & 1;
		return;
	case RECORD_UTS:
		copy(r->u.uts.nodename, UTS_BYTES, ns, also.fact.nodename);
		copy(r->u.uts.domainname, UTS_BYTES, ns, also.fact.domainname);
		return;
	default:
		return;
	}
}

/* The inode number of the namespace that a pointer in another leads to. */
__noinline __u32 read_edge(__u64 ns, int pointer, int common)
{
	__u64 to = pointer == UNKNOWN ? 0 : read_pointer(ns, pointer);

	return to ? read_uint(to + common, at.ns.inum) : 0;
}

__noinline __u64 read_id(__u64 common, __u32 type)
{
	if (at.ns.id != UNKNOWN)
		return read_pointer(common, at.ns.id);
	/* Of a network namespace the two are one number. */
	if (type == RECORD_NET && also.fact.cookie != UNKNOWN)
		return read_pointer(common - at.common[RECORD_NET], also.fact.cookie);
	return 0;
}

__noinline int write_record(__u64 common, __u32 type, __u64 id, __u32 refs)
{
	__u32 key = counters.after++;
	struct ns_record *r = bpf_map_lookup_elem(&after, &key);
	__u64 ns;

	if (!r)
		return -1;
	type &= RECORD_TYPES - 1;
	barrier_var(type);
	ns = common - at.common[type];
	r->id = id;
	r->type = type;
	r->ino = read_uint(common, at.ns.inum);
	r->refs = refs;
	r->owner = read_edge(ns, also.owner[type], at.common[RECORD_USER]);
	r->parent = read_edge(ns, at.parent[type], at.common[type]);
	r->level = read_uint_if(ns, also.level[type]);
	write_facts(r, ns);
	return 0;
}

__noinline int write_id(__u64 id)
{
	__u32 key = counters.before++;
	__u64 *to = bpf_map_lookup_elem(&before, &key);

	if (!to)
		return -1;
	*to = id;
	return 0;
}

/* Without a reference it is on its way out, and nobody can reach it any more. */
static __always_inline void write_one(const struct walk *w)
{
	unsigned refs = read_uint_if(w->at, at.ns.refs);
	__u64 id;

	if (!refs)
		return;
	id = read_id(w->at, w->type);
	if (w->records ? write_record(w->at, w->type, id, refs) : write_id(id))
		counters.cut = 1;
}

static long walk_one(__u32 i __attribute__((unused)), struct walk *w)
{
	__u64 next;

	/* The list's head is no namespace: what lies where its operations would be tells. */
	if (read_pointer(w->at, at.ns.ops) == w->ops)
		write_one(w);
	next = read_pointer(w->at, also.list);
	if (!next)
		return 1;
	w->at = next - also.list;
	w->closed = w->at == w->first;
	return w->closed;
}

static long walk_type(__u32 type, struct walks *all)
{
	struct walk w = { .type = type, .records = all->records };

	w.type &= RECORD_TYPES - 1;
	barrier_var(w.type);
	w.first = w.at = all->first[w.type];
	if (!w.first)
		return 0;
	w.ops = read_pointer(w.first, at.ns.ops);
	bpf_loop(WALK_MAX, walk_one, &w, 0);
	if (!w.closed)
		counters.cut = 1;
	return 0;
}

static __always_inline void walk_all(bool records)
{
	struct walks all = { .records = records };

	for (int type = 0; type < RECORD_TYPES; type++)
		if (counters.layout != LISTS_NET || type == RECORD_NET)
			all.first[type] = own.ns[type] + at.common[type];
	bpf_loop(RECORD_TYPES, walk_type, &all, 0);
}

#endif
