/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * What the programs have in common: reading at offsets that were found once, the numbers of tasks,
 * and the namespaces of the reader. One copy of it is in each program.
 *
 * Everything is read by bpf_probe_read_kernel at offsets found once, though the language could
 * follow typed pointers: for each such step the verifier searches all of the kernel's types, which
 * makes loading take 50 ms instead of 6.
 */
#ifndef NSVIEW_SCAN_BPF_BASE_H
#define NSVIEW_SCAN_BPF_BASE_H

#include "kernel.h"
#include "kernel_record.h"

char _license[] SEC("license") = "Dual MIT/GPL";

enum {
	UNKNOWN = -1,
	/* Of a pointer that has come first in its structure as long as there is one. */
	FIRST = 0,
};

struct base_offsets at;

/*
 * The reader's own: these cannot be freed, nor their addresses be another's, as long as it reads,
 * so that a task with the same pointer need not be followed. That is most tasks of a host.
 */
struct {
	__u64 task, proxy;
	__u64 ns[RECORD_LINKS];
	unsigned level; /* of its pid namespace */
} own;

#define OFFSET(type, member) (int)bpf_core_field_offset(struct type, member)
#define OFFSET_IF(type, member)                                                                    \
	(bpf_core_field_exists(struct type, member) ? OFFSET(type, member) : UNKNOWN)

static __always_inline void copy(void *to, unsigned size, __u64 base, int offset)
{
	bpf_probe_read_kernel(to, size, (void *)(base + offset));
}

__noinline __u64 read_pointer(__u64 base, int offset)
{
	__u64 value = 0;

	copy(&value, sizeof(value), base, offset);
	return value;
}

__noinline __u32 read_uint(__u64 base, int offset)
{
	__u32 value = -1;

	copy(&value, sizeof(value), base, offset);
	return value;
}

/* Of a member that some kernels do not have. */
__noinline __u32 read_uint_if(__u64 base, int offset)
{
	return offset == UNKNOWN ? -1 : read_uint(base, offset);
}

struct upid_at {
	int nr;
	__u64 ns;
};

/* The number that a struct pid has at a level, and the namespace of that level. */
static __always_inline struct upid_at read_upid(__u64 pid, unsigned level)
{
	struct upid_at upid = { 0 };

	copy(&upid, sizeof(upid), pid, at.pid.numbers + (int)(level * sizeof(upid)));
	return upid;
}

/* Its number in the reader's pid namespace, 0 if it has none there. */
__noinline __u32 number_of(__u64 pid)
{
	struct upid_at upid;

	if (!pid || (own.level && read_uint(pid, at.pid.level) < own.level))
		return 0;
	upid = read_upid(pid, own.level);
	return upid.ns == own.ns[RECORD_PID] ? upid.nr : 0;
}

static __always_inline void find_self(void)
{
	__u64 self = bpf_get_current_task();
	__u64 pid = read_pointer(self, at.task.thread_pid);

	own.task = read_pointer(self, at.task.group_leader);
	own.proxy = read_pointer(self, at.task.nsproxy);
	own.level = read_uint(pid, at.pid.level);
	for (int link = 0; link < RECORD_LINKS; link++) {
		if (link == RECORD_PID)
			own.ns[link] = read_upid(pid, own.level).ns;
		else if (link == RECORD_USER)
			own.ns[link] = read_pointer(read_pointer(self, at.task.real_cred),
						    at.cred_user_ns);
		else
			own.ns[link] = read_pointer(own.proxy, at.link[link]);
	}
}

#endif
