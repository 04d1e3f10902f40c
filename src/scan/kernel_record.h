/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * What the program inside the kernel writes and kernel_bpf.c reads: one record a task, one a
 * namespace. Included by both, so it uses no header of either side. Numbers are the kernel's own
 * (global user ids, inode numbers); -1 in an unsigned count means that this kernel has no such
 * field.
 */
#ifndef NSVIEW_SCAN_KERNEL_RECORD_H
#define NSVIEW_SCAN_KERNEL_RECORD_H

/* In the order of enum ns_link in nsview/nstype.h; the kernel's side cannot include that. */
enum {
	RECORD_CGROUP,
	RECORD_IPC,
	RECORD_MNT,
	RECORD_NET,
	RECORD_PID,
	RECORD_TIME,
	RECORD_USER,
	RECORD_UTS,
	RECORD_TYPES,
	RECORD_PID_CHILDREN = RECORD_TYPES,
	RECORD_TIME_CHILDREN,
	RECORD_LINKS,
};

enum {
	TASK_COMM_BYTES = 16,
	UTS_BYTES = 65,
	MAP_EXTENTS = 5, /* as many as the kernel keeps in place; more are elsewhere */
};

/*
 * Where members lie in this kernel; -1 where it has none of the name. Found by the program
 * that reads tasks, and given to the others by the reader: to find them takes most of a load.
 */
struct base_offsets {
	struct {
		int nsproxy, group_leader, thread_pid, real_cred, files, mm;
	} task;
	struct {
		int level, numbers;
	} pid;
	int cred_user_ns;
	struct {
		int inum, id, ops, refs;
	} ns;
	int link[RECORD_LINKS];	  /* of a nsproxy's pointers; -1 for pid and user */
	int common[RECORD_LINKS]; /* of the ns_common in what a link leads to */
	int parent[RECORD_TYPES]; /* -1 but for user and pid */
};

enum task_flag {
	TASK_EXITED = 1 << 0, /* it has let go of its namespaces but for user and pid */
	TASK_NO_MM = 1 << 1,  /* kernel thread or exited: no command line */
	TASK_LEADER = 1 << 2,
	TASK_AMISS = 1 << 3, /* its links changed while they were read */
};

/* As the kernel has them side by side since 6.18, so that one copy takes both. */
struct link_record {
	unsigned ino; /* 0: no such namespace */
	unsigned unused;
	unsigned long long id; /* 64-bit and never used again; 0 where this kernel has none */
};

struct task_record {
	unsigned pid, tid, ppid;  /* in the reader's pid namespace; ppid 0: not visible there */
	unsigned uid;		  /* effective */
	unsigned flags;		  /* enum task_flag */
	unsigned state;		  /* __state, and exit_state above it, shifted by 16 */
	unsigned long long start; /* nanoseconds after boot, on the host's clock */
	unsigned long long proxy; /* the same for tasks that share one nsproxy, else different */
	struct link_record link[RECORD_LINKS];
	char comm[TASK_COMM_BYTES];
};

struct extent_record {
	unsigned first, lower, count;
};

/* As struct uid_gid_map. */
struct map_record {
	struct extent_record extents[MAP_EXTENTS];
	unsigned count;
};

struct ns_record {
	unsigned long long id; /* 64-bit, 0 where this kernel has none */
	unsigned type;	       /* RECORD_* */
	unsigned ino;
	unsigned refs;
	unsigned owner;	 /* inode numbers; 0 at the top */
	unsigned parent; /* user and pid */
	unsigned level;
	union {
		struct {
			char nodename[UTS_BYTES];
			char domainname[UTS_BYTES];
		} uts;
		struct {
			long long monotonic_sec, monotonic_nsec, boottime_sec, boottime_nsec;
		} time;
		struct {
			struct map_record uid, gid;
			unsigned owner_uid;
			unsigned setgroups; /* 0 denied, 1 allowed */
		} user;
		struct {
			unsigned count; /* also of mounts that no root directory reaches */
		} mnt;
		struct {
			unsigned shm, sem, msg, mqueue;
		} ipc;
		struct {
			unsigned long long cookie; /* 0: none */
		} net;
	} u;
};

/* Where a namespace stands in the kernel's own lists. */
enum lists_layout {
	LISTS_NONE, /* the program has not run */
	LISTS_NET,  /* before 6.18: of network namespaces only, struct net.list */
	LISTS_NODE, /* 6.18: ns_common.ns_list_node */
	LISTS_TREE, /* 6.19 and later: ns_common.ns_tree_node.ns_list_entry */
};

/* Counters of one read; in the program's .bss, which is mapped. */
struct kernel_counters {
	unsigned want_facts;	/* set by the reader: fill in the facts of each task too */
	unsigned layout;	/* enum lists_layout; as found */
	unsigned before, after; /* namespaces listed before and after the tasks were */
	unsigned tasks;		/* visible, threads too */
	unsigned alike;		/* threads left out: all ten namespaces are their leader's */
	unsigned cut;		/* a list was longer than the room for it, or did not close */
	unsigned side_by_side;	/* inode number and id lie as in struct link_record */
	unsigned level;		/* of the reader's pid namespace */
};

#endif
