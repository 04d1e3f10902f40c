/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Who refers to a namespace without being in it: an iterator over the descriptors of every task
 * that the reader's pid namespace shows, which follows each file to the namespaces that it has a
 * reference to, and, after the last, the file systems. It reads, and writes nothing but its own
 * records. Threads that share their leader's table are left out by the kernel.
 *
 * The iterator holds the file and the task that it shows, and the RCU read lock. What only a lock
 * keeps in place is looked at twice (see queue.h), and a namespace is told by its operations.
 */
#include "orphan.h"
#include "queue.h"
#include "super.h"

enum {
	MAGIC_SOCKFS = 0x534f434b,
	MAGIC_ANON = 0x09041934,
	MAGIC_PIDFS = 0x50494446, /* 6.9; before it is an anonymous file */
	MAGIC_CGROUP = 0x27e0eb,
	MAGIC_CGROUP2 = 0x63677270,
	MODE_TYPE = 0170000,
	MODE_REGULAR = 0100000,
	MODE_CHARACTER = 0020000,
	TUN_DEV = 10 << DEV_MINOR_BITS | 200,
	FAMILY_UNIX = 1,
	NAME_BYTES = 16,
	PDE_DEPTH = 8,
};

struct {
	int mnt, dentry, inode, flags, cred, data;
	int mode, sb, rdev;
	int sk, family, net, peer_pid, peer_cred;
	int proc_inode, proc_pid, proc_pde, pde_data, pde_parent;
	int seq_private;
	int open_file, open_priv;
	int perf_ns, context_user, context_net;
} file_at;

/* The file being looked at, and the first bytes of its structure, which are read at once. */
struct {
	__u64 at, inode, data, dentry, mnt, sb;
	unsigned flags;
	char name[NAME_BYTES] __attribute__((aligned(8)));
} f;
enum { FILE_BYTES = 512 };
unsigned file_size; /* as many of them as are used */
char file_bytes[FILE_BYTES] __attribute__((aligned(8)));

static __always_inline void find_file_offsets(void)
{
	file_at.mnt = OFFSET(file, f_path.mnt);
	file_at.dentry = OFFSET(file, f_path.dentry);
	file_at.inode = OFFSET(file, f_inode);
	file_at.flags = OFFSET(file, f_flags);
	file_at.cred = OFFSET(file, f_cred);
	file_at.data = OFFSET(file, private_data);
	file_at.mode = OFFSET(inode, i_mode);
	file_at.sb = OFFSET(inode, i_sb);
	file_at.rdev = OFFSET(inode, i_rdev);
	super_at.inode_private = OFFSET(inode, i_private);
	file_at.sk = OFFSET(socket, sk);
	file_at.family = OFFSET(sock, __sk_common.skc_family);
	file_at.net = OFFSET(sock, __sk_common.skc_net.net);
	file_at.peer_pid = OFFSET(sock, sk_peer_pid);
	file_at.peer_cred = OFFSET(sock, sk_peer_cred);
	queue_at.state = OFFSET(sock, __sk_common.skc_state);
	queue_at.queue = OFFSET(sock, sk_receive_queue);
}

static __always_inline void find_file_size(void)
{
	const int members[] = { file_at.mnt,   file_at.dentry, file_at.inode,
				file_at.flags, file_at.cred,   file_at.data };

	for (unsigned i = 0; i < sizeof(members) / sizeof(*members); i++)
		if (members[i] >= 0 && members[i] + 8U > file_size)
			file_size = members[i] + 8;
}

static __always_inline void find_proc_offsets(void)
{
	file_at.proc_inode = OFFSET(proc_inode, vfs_inode);
	file_at.proc_pid = OFFSET(proc_inode, pid);
	file_at.proc_pde = OFFSET(proc_inode, pde);
	file_at.pde_data = OFFSET(proc_dir_entry, data);
	file_at.pde_parent = OFFSET(proc_dir_entry, parent);
	file_at.seq_private = OFFSET(seq_file, private);
	file_at.open_file = OFFSET(kernfs_open_file, file);
	file_at.open_priv = OFFSET(kernfs_open_file, priv);
	file_at.perf_ns = OFFSET_IF(perf_event, ns);
	file_at.context_user = OFFSET(fs_context, user_ns);
	file_at.context_net = OFFSET(fs_context, net_ns);
}

/* size with the NUL. There is no memcmp here. */
static __always_inline bool is_name(const char *text, unsigned size)
{
	for (unsigned i = 0; i < size; i++)
		if (f.name[i] != text[i])
			return false;
	return true;
}
#define IS_NAME(text) is_name(text, sizeof(text))

static __always_inline void read_name(void)
{
	__builtin_memset(f.name, 0, sizeof(f.name));
	bpf_probe_read_kernel_str(f.name, sizeof(f.name),
				  (void *)read_pointer(f.dentry, super_at.dentry_name));
}

static __always_inline bool is_mode(__u32 mode)
{
	return (read_uint(f.inode, file_at.mode) & MODE_TYPE) == mode;
}

static __always_inline __u64 file_pointer(int offset)
{
	return *(__u64 *)(file_bytes + (offset & (FILE_BYTES - 8)));
}

static __always_inline void take_nsfs(void)
{
	__u64 common = read_pointer(f.inode, super_at.inode_private);
	__u64 type_ops = read_pointer(common, at.ns.ops);
	__u64 mnt_ns = read_pointer(f.mnt - super_at.mnt, super_at.mnt_ns);

	if (f.flags & counters.o_path)
		told.flags |= HOLDER_O_PATH;
	if (!mnt_ns || is_tree(mnt_ns))
		told.flags |= HOLDER_UNMOUNTED;
	for (int type = 0; type < RECORD_TYPES; type++)
		if (ops[type] == type_ops)
			write_record(WAY_NSFS, type, common, 0);
	told.flags = 0;
}

static __always_inline void take_sock(__u32 way, __u64 sk)
{
	__u64 net = read_pointer(sk, file_at.net);

	counters.sockets += cur.via == VIA_TABLE;
	if (net != cur.ns[RECORD_NET])
		emit(way, RECORD_NET, net, sk);
}

/* One that was only looked up, and not opened, has no socket. */
static __always_inline void take_socket(void)
{
	__u64 sk = f.data ? read_pointer(f.data, file_at.sk) : 0;

	if (!sk)
		return;
	take_sock(WAY_SOCKET, sk);
	if ((read_uint(sk, file_at.family) & 0xffff) != FAMILY_UNIX)
		return;
	emit_cred(WAY_PEER_CRED, read_pointer(sk, file_at.peer_cred));
	emit_pid(WAY_PEER_PID, read_pointer(sk, file_at.peer_pid));
	queue_add(sk);
}

static __always_inline void take_anon(void)
{
	read_name();
	if (!f.data)
		return;
	if (IS_NAME("[io_uring]") && cur.via == VIA_TABLE) {
		ring = f.data;
	} else if (IS_NAME("[perf_event]") && file_at.perf_ns != UNKNOWN) {
		emit_foreign(WAY_PERF, RECORD_PID, read_pointer(f.data, file_at.perf_ns), f.data);
	} else if (IS_NAME("[pidfd]")) {
		emit_pid(WAY_PIDFD, f.data);
	} else if (IS_NAME("[fscontext]")) {
		emit_foreign(WAY_FS_CONTEXT, RECORD_NET, read_pointer(f.data, file_at.context_net),
			     f.data);
		emit_foreign(WAY_FS_CONTEXT, RECORD_USER,
			     read_pointer(f.data, file_at.context_user), f.data);
	}
}

/* A file below /proc/PID that was opened for what it says, and not only looked up. */
static __always_inline void take_proc_file(void)
{
	__u64 private = read_pointer(f.data, file_at.seq_private);

	read_name();
	if (IS_NAME("mountinfo") || IS_NAME("mounts") || IS_NAME("mountstats"))
		emit_foreign(WAY_MOUNTINFO, RECORD_MNT, read_pointer(private, FIRST), private);
	else if (IS_NAME("uid_map") || IS_NAME("gid_map") || IS_NAME("projid_map") ||
		 IS_NAME("setgroups"))
		emit_foreign(WAY_ID_MAP, RECORD_USER, private, f.data);
}

/*
 * Below the directory that a network namespace has in /proc, which is right below its root and
 * leads to the namespace: a file does that refers to it itself, first of all or only to it.
 */
static __always_inline void take_proc_net(__u64 pde)
{
	__u64 private = read_pointer(f.data, file_at.seq_private), net;

	for (int i = 0; i < PDE_DEPTH; i++) {
		__u64 up = read_pointer(pde, file_at.pde_parent);

		if (!up || up == read_pointer(up, file_at.pde_parent))
			break;
		pde = up;
	}
	net = read_pointer(pde, file_at.pde_data);
	if (net && (private == net || read_pointer(private, 0) == net))
		emit_foreign(WAY_PROC_NET, RECORD_NET, net, f.data);
}

static __always_inline void take_proc(void)
{
	__u64 inode = f.inode - file_at.proc_inode;
	__u64 pid = read_pointer(inode, file_at.proc_pid);
	__u64 pde = read_pointer(inode, file_at.proc_pde);
	bool open = f.data && is_mode(MODE_REGULAR);

	if (pid) {
		if (open)
			take_proc_file();
		emit_pid(WAY_PROC_PID, pid);
	} else if (pde && open) {
		take_proc_net(pde);
	}
	emit_foreign(WAY_SUPER, RECORD_PID, procfs_pid_ns(f.sb), f.sb);
}

static __always_inline void take_cgroup(void)
{
	__u64 of, context;

	if (!f.data || !is_mode(MODE_REGULAR))
		return;
	of = read_pointer(f.data, file_at.seq_private);
	if (read_pointer(of, file_at.open_file) != f.at)
		return;
	context = read_pointer(of, file_at.open_priv);
	emit_foreign(WAY_CGROUP, RECORD_CGROUP, read_pointer(context, FIRST), context);
}

/* The root of a tree of mounts, as open_tree(2) and fsmount(2) give it, is opened with O_PATH. */
static __always_inline void take_other(void)
{
	if (f.flags & counters.o_path) {
		__u64 mnt_ns = read_pointer(f.mnt - super_at.mnt, super_at.mnt_ns);

		if (is_tree(mnt_ns)) {
			told.tree = mnt_ns;
			write_record(WAY_TREE, 0, 0, 0);
			told.tree = 0;
		}
	}
	/* The socket in it comes first, as it must for the kernel's own use of it. */
	if (f.data && is_mode(MODE_CHARACTER) && read_uint(f.inode, file_at.rdev) == TUN_DEV)
		take_sock(WAY_TUN, f.data);
}

static __always_inline void take_by_magic(void)
{
	switch (read_uint(f.sb, super_at.magic)) {
	case MAGIC_NSFS:
		return take_nsfs();
	case MAGIC_SOCKFS:
		return take_socket();
	case MAGIC_ANON:
		return take_anon();
	case MAGIC_PIDFS:
		emit_pid(WAY_PIDFD, read_pointer(f.inode, super_at.inode_private));
		return;
	case MAGIC_PROC:
		return take_proc();
	case MAGIC_CGROUP:
	case MAGIC_CGROUP2:
		return take_cgroup();
	default:
		return take_other();
	}
}

__noinline int take_file(__u64 file)
{
	__u64 cred;

	copy(file_bytes, file_size & (FILE_BYTES - 1), file, 0);
	__builtin_memset(&told, 0, sizeof(told));
	f.at = file;
	f.inode = file_pointer(file_at.inode);
	f.data = file_pointer(file_at.data);
	f.dentry = file_pointer(file_at.dentry);
	f.mnt = file_pointer(file_at.mnt);
	f.flags = *(__u32 *)(file_bytes + (file_at.flags & (FILE_BYTES - 4)));
	cred = file_pointer(file_at.cred);
	f.sb = read_pointer(f.inode, file_at.sb);
	if (!f.sb)
		return 0;
	told.sb = f.sb;
	take_by_magic();
	emit_foreign(WAY_SUPER, RECORD_USER, read_pointer(f.sb, super_at.user_ns), f.sb);
	if (cred != cur.cred)
		emit_cred(WAY_CRED, cred);
	return 0;
}

__noinline int begin(void)
{
	find_file_offsets();
	find_file_size();
	find_proc_offsets();
	find_queue_offsets();
	find_super_offsets();
	find_orphan_offsets();
	find_self();
	find_ops();
	top_user = top_of(RECORD_USER);
	top_pid = top_of(RECORD_PID);
	return 0;
}

static __always_inline void take_descriptor(__u64 file)
{
	counters.files++;
	cur.via = VIA_TABLE;
	ring = 0;
	queue.n = queue.next = 0;
	queue.head = 0;
	take_file(file);
	if (ring)
		walk_ring();
	if (queue.n)
		walk_queues();
}

SEC("iter/task_file")
int dump_holders(struct bpf_iter__task_file *ctx)
{
	/* Read like all else, so that to the verifier they are but numbers. */
	struct {
		__u64 meta, task;
		int fd;
		__u64 file;
	} now = { 0 };
	__u64 pid;

	copy(&now, sizeof(now), (__u64)ctx, 0);
	if (now.task && ctx->meta->seq_num == 0)
		begin();
	if (!now.task || !now.file) {
		cur.task = 0;
		walk_supers();
		if (counters.orphans)
			walk_orphans();
		return 0;
	}
	pid = read_pointer(now.task, at.task.thread_pid);
	if (now.task != cur.task || pid != cur.pid || now.fd <= cur.fd)
		meet_task(now.task, pid);
	cur.fd = now.fd;
	if (!cur.skip)
		take_descriptor(now.file);
	return 0;
}
