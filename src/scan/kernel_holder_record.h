/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * What the programs that look for holders write and kernel_bpf.c reads: one record for each thing
 * that refers to a namespace, and none for what does not. Included by both, so it uses no header
 * of either side. As kernel_record.h, which numbers the types.
 */
#ifndef NSVIEW_SCAN_KERNEL_HOLDER_RECORD_H
#define NSVIEW_SCAN_KERNEL_HOLDER_RECORD_H

/* What it is that refers to the namespace. */
enum holder_way {
	WAY_NSFS,	/* its file */
	WAY_SOCKET,	/* a socket of it */
	WAY_TUN,	/* a /dev/net/tun file of it */
	WAY_PEER_CRED,	/* a unix socket whose peer's credentials are of it */
	WAY_PEER_PID,	/* a unix socket whose peer's pid is of it */
	WAY_PIDFD,	/* of a process in it */
	WAY_PROC_PID,	/* a file below /proc/PID of a process in it */
	WAY_MOUNTINFO,	/* /proc/PID/mountinfo and the like */
	WAY_ID_MAP,	/* /proc/PID/uid_map and the like */
	WAY_PROC_NET,	/* a file below /proc/PID/net */
	WAY_CGROUP,	/* a file of a control group, opened in it */
	WAY_PERF,	/* a perf event made in it */
	WAY_FS_CONTEXT, /* what fsopen(2) gives */
	WAY_CRED,	/* any file opened with credentials of it */
	WAY_SUPER,	/* any file on a file system that belongs to it */
	WAY_SHM,	/* attached System V shared memory of it */
	WAY_TREE,	/* no namespace: a tree of mounts that is in none */
	WAY_RING,	/* no namespace: an io_uring whose files this program cannot read */
	/* By no descriptor. */
	WAY_SUPER_BLOCK, /* a file system that belongs to it */
	WAY_TREE_MOUNT,	 /* a mount of its file in a tree of mounts that is in none */
	WAY_ORPHAN,	 /* a TCP connection that no process has open */
	HOLDER_WAYS,
};

/* Where the file was met. */
enum holder_via {
	VIA_TABLE, /* at fd */
	VIA_RING,  /* registered with the io_uring at fd */
	VIA_QUEUE, /* in the queue of the socket at fd, or in one that is in there itself */
};

enum holder_flag {
	HOLDER_O_PATH = 1 << 0,
	HOLDER_UNMOUNTED = 1 << 1, /* its mount is in no mount namespace any more */
};

/* Where a file system is mounted. */
enum holder_mounts {
	MOUNTS_ATTACHED = 1 << 0, /* in a mount namespace */
	MOUNTS_LOOSE = 1 << 1,	  /* in none, or in a tree that is in none */
	MOUNTS_INTERNAL = 1 << 2, /* by the kernel, for itself */
};

struct holder_record {
	unsigned way, via;     /* enum holder_way, enum holder_via */
	unsigned type, ino;    /* RECORD_*; 0 where it tells of no namespace */
	unsigned long long id; /* 64-bit, 0 where this kernel has none */
	unsigned pid, tid;     /* in the reader's pid namespace; 0 by no descriptor */
	int fd;		       /* -1: none */
	unsigned flags;	       /* enum holder_flag */
	unsigned major, minor; /* super blocks, and files on them */
	unsigned mounts;       /* super blocks: enum holder_mounts */
	unsigned unused;
	unsigned long long share; /* what refers to it: the same in two is one reference */
	unsigned long long files; /* the same for tasks that share one descriptor table */
	unsigned long long tree;  /* of trees: the same in a tree and in its mounts */
};

/* Counters of one read; in the program's .bss, which is mapped. */
struct holder_counters {
	unsigned o_path;  /* set by the reader: this machine's O_PATH */
	unsigned orphans; /* set by the reader: look for connections without a process too */
	unsigned records; /* more than there is room for: to be done again */
	unsigned files;	  /* descriptors looked at */
	unsigned sockets; /* of them, and tun files */
	unsigned rings;	  /* of them, whose registered files were read */
	unsigned queued;  /* descriptors in queues that were looked at */
	unsigned cut;	  /* queues and rings that were not looked at to their ends */
	unsigned open;	  /* lists of file systems and mounts that did not end */
	unsigned busy;	  /* memory: processes whose map was being changed, or one too many */
};

#endif
