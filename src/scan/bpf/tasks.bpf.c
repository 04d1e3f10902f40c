/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The kernel's half of the kernel source: a task iterator that writes a record for every task that
 * the reader's pid namespace shows, and, before the first and after the last of them, walks the
 * kernel's lists of namespaces. It reads, and writes nothing but its own records.
 *
 * While it runs for one task the RCU read lock is held, so that no namespace, pid or cred that it
 * meets is freed meanwhile. A nsproxy is not under RCU: see read_links.
 */
#include "lists.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct task_record);
} tasks SEC(".maps");

/* As `at` in base.h: what only this program looks at. */
struct {
	int real_parent, comm, state, exit_state, start;
	int euid;
} fact_at;

/* A nsproxy as it was read; it has nine members. */
enum { PROXY_BYTES = 128 };
char proxy_bytes[PROXY_BYTES] __attribute__((aligned(8)));

/* Of the reader's own namespaces. */
struct link_record own_link[RECORD_LINKS];

/*
 * All of a structure is to be asked for in one place: the kernel remembers for few names which of
 * its types they stand for, and else searches all of them again.
 */
static __always_inline void find_task_offsets(void)
{
	at.task.nsproxy = OFFSET(task_struct, nsproxy);
	at.task.group_leader = OFFSET(task_struct, group_leader);
	at.task.thread_pid = OFFSET(task_struct, thread_pid);
	at.task.real_cred = OFFSET(task_struct, real_cred);
	at.task.files = OFFSET(task_struct, files);
	at.task.mm = OFFSET(task_struct, mm);
}

static __always_inline void find_proxy_offsets(void)
{
	at.pid.level = OFFSET(pid, level);
	at.pid.numbers = OFFSET(pid, numbers);
	at.link[RECORD_CGROUP] = OFFSET(nsproxy, cgroup_ns);
	at.link[RECORD_IPC] = OFFSET(nsproxy, ipc_ns);
	at.link[RECORD_MNT] = OFFSET(nsproxy, mnt_ns);
	at.link[RECORD_NET] = OFFSET(nsproxy, net_ns);
	at.link[RECORD_TIME] = OFFSET(nsproxy, time_ns);
	at.link[RECORD_UTS] = OFFSET(nsproxy, uts_ns);
	at.link[RECORD_PID_CHILDREN] = OFFSET(nsproxy, pid_ns_for_children);
	at.link[RECORD_TIME_CHILDREN] = OFFSET(nsproxy, time_ns_for_children);
	at.ns.inum = OFFSET(ns_common, inum);
	at.ns.ops = OFFSET(ns_common, ops);
	at.ns.id = OFFSET_IF(ns_common, ns_id);
	at.ns.refs = OFFSET_IF(ns_common___node, __ns_ref);
	if (at.ns.refs < 0)
		at.ns.refs = OFFSET_IF(ns_common___count, count);
}

static __always_inline void find_fact_offsets(void)
{
	fact_at.real_parent = OFFSET(task_struct, real_parent);
	fact_at.comm = OFFSET(task_struct, comm);
	fact_at.state = OFFSET(task_struct, __state);
	fact_at.exit_state = OFFSET(task_struct, exit_state);
	fact_at.start = OFFSET(task_struct, start_boottime);
	at.cred_user_ns = OFFSET(cred, user_ns);
	fact_at.euid = OFFSET(cred, euid);
}

__noinline int read_link(struct link_record *link, __u64 common)
{
	if (!link)
		return -1;
	copy(link, sizeof(*link), common, at.ns.inum);
	if (!counters.side_by_side)
		link->id = at.ns.id == UNKNOWN ? 0 : read_pointer(common, at.ns.id);
	return 0;
}

__noinline int begin(void)
{
	find_task_offsets();
	find_fact_offsets();
	find_proxy_offsets();
	find_list_offsets();
	find_type_offsets();
	find_self();
	counters.level = own.level;
	for (int link = 0; link < RECORD_LINKS; link++)
		read_link(&own_link[link], own.ns[link] + at.common[link]);
	counters.tasks = counters.alike = counters.before = counters.after = counters.cut = 0;
	return 0;
}

/*
 * A nsproxy that its task lets go of may be freed at once, and its memory be another task's: only
 * if the task still has it afterwards was it what was read.
 */
__noinline int read_links(struct task_record *r, __u64 task, __u64 proxy)
{
	if (!r)
		return -1;
	copy(proxy_bytes, sizeof(proxy_bytes), proxy, 0);
	for (int link = 0; link < RECORD_LINKS; link++) {
		__u64 *ns = (__u64 *)(proxy_bytes + (at.link[link] & (PROXY_BYTES - 8)));

		if (link == RECORD_PID || link == RECORD_USER || *ns == own.ns[link])
			continue;
		read_link(&r->link[link], *ns + at.common[link]);
	}
	if (read_pointer(task, at.task.nsproxy) != proxy)
		r->flags |= TASK_AMISS;
	return 0;
}

static __always_inline void read_user(struct task_record *r, __u64 cred)
{
	__u64 ns = read_pointer(cred, at.cred_user_ns);

	if (ns != own.ns[RECORD_USER])
		read_link(&r->link[RECORD_USER], ns + at.common[RECORD_USER]);
}

static __always_inline void read_pid_ns(struct task_record *r, __u64 pid)
{
	unsigned level = read_uint(pid, at.pid.level);

	if (level != own.level)
		read_link(&r->link[RECORD_PID], read_upid(pid, level).ns + at.common[RECORD_PID]);
}

/* What /proc/PID/stat and others say, for who asks. */
__noinline int read_facts(struct task_record *r, __u64 task, __u64 cred)
{
	__u64 parent = read_pointer(task, fact_at.real_parent);

	if (!r)
		return -1;
	parent = read_pointer(parent, at.task.group_leader);
	r->ppid = number_of(read_pointer(parent, at.task.thread_pid));
	r->uid = read_uint(cred, fact_at.euid);
	if (!read_pointer(task, at.task.mm))
		r->flags |= TASK_NO_MM;
	r->start = read_pointer(task, fact_at.start);
	r->state = (read_uint(task, fact_at.state) & 0xffff) | read_uint(task, fact_at.exit_state)
								       << 16;
	copy(r->comm, sizeof(r->comm), task, fact_at.comm);
	return 0;
}

static __always_inline void write_task(struct task_record *r, __u64 task, __u64 proxy, __u64 pid)
{
	__u64 cred = read_pointer(task, at.task.real_cred);

	__builtin_memcpy(r->link, own_link, sizeof(r->link));
	r->proxy = proxy;
	if (!proxy)
		r->flags |= TASK_EXITED;
	else if (proxy != own.proxy)
		read_links(r, task, proxy);
	read_user(r, cred);
	read_pid_ns(r, pid);
	if (counters.want_facts)
		read_facts(r, task, cred);
}

__noinline int take_task(__u64 task)
{
	__u64 leader = read_pointer(task, at.task.group_leader);
	__u64 proxy = read_pointer(task, at.task.nsproxy);
	__u64 pid = read_pointer(task, at.task.thread_pid);
	struct task_record *r;
	__u32 key = counters.tasks;

	/*
	 * Of a thread that has exited nothing is left that its leader does not have; one with the
	 * leader's nsproxy has all its namespaces, since those of user and pid cannot differ.
	 */
	if (task != leader && (!proxy || proxy == read_pointer(leader, at.task.nsproxy))) {
		counters.alike++;
		return 0;
	}
	counters.tasks++;
	r = bpf_map_lookup_elem(&tasks, &key);
	if (!r)
		return 0;
	r->flags = task == leader ? TASK_LEADER : 0;
	r->tid = r->pid = number_of(pid);
	if (task != leader)
		r->pid = number_of(read_pointer(leader, at.task.thread_pid));
	write_task(r, task, proxy, pid);
	return 0;
}

SEC("iter/task")
int dump_tasks(struct bpf_iter__task *ctx)
{
	/* Read like all else, so that to the verifier it is but a number. */
	__u64 task = 0;
	bool first;

	copy(&task, sizeof(task), (__u64)ctx, offsetof(struct bpf_iter__task, task));
	first = task && ctx->meta->seq_num == 0;
	if (first)
		begin();
	if (first || !task)
		walk_all(!task);
	if (task)
		take_task(task);
	return 0;
}
