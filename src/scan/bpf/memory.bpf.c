/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Attached System V shared memory, each attachment of which refers to its IPC namespace: an
 * iterator over the tasks that the reader's pid namespace shows, which looks through the map of
 * each one's memory. A map that is being changed is left out, and counted, so that nobody is
 * waited for. Needs Linux 6.7.
 */
#include "emit.h"
#include "files.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct vm_area_struct {
	struct file *vm_file;
};

struct shm_file_data {
	struct ipc_namespace *ns;
	struct file *file;
};
#pragma clang attribute pop

struct bpf_iter_task_vma {
	__u64 opaque[1];
} __attribute__((aligned(8)));

extern int bpf_iter_task_vma_new(struct bpf_iter_task_vma *it, struct task_struct *task,
				 __u64 address) __ksym;
extern struct vm_area_struct *bpf_iter_task_vma_next(struct bpf_iter_task_vma *it) __ksym;
extern void bpf_iter_task_vma_destroy(struct bpf_iter_task_vma *it) __ksym;

enum {
	/* The file systems that shared memory is on. */
	MAGIC_TMPFS = 0x01021994,
	MAGIC_HUGETLBFS = 0x958458f6,
	NAME_BYTES = 4,
	BUSY = -16, /* EBUSY */
	/* In all: processes that are no threads may have one map as well. */
	MAPPINGS_MAX = 1 << 26,
};

struct {
	int vm_file;
	int inode, data, dentry, name, sb, magic;
	int shm_ns, shm_file;
} vma_at;

/* What was stored here is read again as but a number, which is how everything else is read. */
volatile __u64 plain;

/* Looked at so far. */
unsigned mappings;

/* The last file that was told: one that is mapped in parts is told once. */
__u64 last;

__noinline int begin(void)
{
	/* Known already, but the functions above are found only with whole types in their stead. */
	at.task.mm = OFFSET(task_struct, mm);
	vma_at.vm_file = OFFSET(vm_area_struct, vm_file);
	vma_at.inode = OFFSET(file, f_inode);
	vma_at.data = OFFSET(file, private_data);
	vma_at.dentry = OFFSET(file, f_path.dentry);
	vma_at.name = OFFSET(dentry, d_name.name);
	vma_at.sb = OFFSET(inode, i_sb);
	vma_at.magic = OFFSET(super_block, s_magic);
	vma_at.shm_ns = OFFSET(shm_file_data, ns);
	vma_at.shm_file = OFFSET(shm_file_data, file);
	find_self();
	find_ops();
	return 0;
}

/* Of the files of segments, which are named by their keys: "SYSV00000000". */
static __always_inline bool is_sysv(__u64 name)
{
	char text[NAME_BYTES] = { 0 };

	copy(text, sizeof(text), name, 0);
	return text[0] == 'S' && text[1] == 'Y' && text[2] == 'S' && text[3] == 'V';
}

/* An attachment is a file of its own, in front of that of the segment. */
__noinline int take_mapping(__u64 vma)
{
	__u64 file = read_pointer(vma, vma_at.vm_file);
	__u64 data = file ? read_pointer(file, vma_at.data) : 0;
	__u64 inode, name;
	__u32 magic;

	if (!data || data == last)
		return 0;
	inode = read_pointer(file, vma_at.inode);
	magic = read_uint(read_pointer(inode, vma_at.sb), vma_at.magic);
	name = read_pointer(read_pointer(file, vma_at.dentry), vma_at.name);
	if ((magic != MAGIC_TMPFS && magic != MAGIC_HUGETLBFS) || !is_sysv(name))
		return 0;
	if (read_pointer(read_pointer(data, vma_at.shm_file), vma_at.inode) != inode)
		return 0;
	last = data;
	__builtin_memset(&told, 0, sizeof(told));
	return emit_foreign(WAY_SHM, RECORD_IPC, read_pointer(data, vma_at.shm_ns), data);
}

/* Threads have one map between them: that of the first that still has one. */
static __always_inline bool is_first(__u64 task)
{
	__u64 mm = read_pointer(task, at.task.mm);
	__u64 leader = read_pointer(task, at.task.group_leader);

	if (!mm || leader == own.task)
		return false;
	return task == leader || read_pointer(leader, at.task.mm) != mm;
}

SEC("iter/task")
int dump_memory(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct bpf_iter_task_vma it;
	struct vm_area_struct *vma;
	__u64 address;

	if (!task)
		return 0;
	if (ctx->meta->seq_num == 0)
		begin();
	plain = (__u64)task;
	address = plain;
	if (!is_first(address))
		return 0;
	meet_task(address, read_pointer(address, at.task.thread_pid));
	cur.fd = UNKNOWN;
	last = 0;
	/* It may also have ended. */
	if (bpf_iter_task_vma_new(&it, task, 0) == BUSY)
		counters.busy++;
	while (mappings < MAPPINGS_MAX && (vma = bpf_iter_task_vma_next(&it))) {
		mappings++;
		plain = (__u64)vma;
		take_mapping(plain);
	}
	if (mappings == MAPPINGS_MAX)
		counters.busy++;
	bpf_iter_task_vma_destroy(&it);
	return 0;
}
