/* SPDX-License-Identifier: MIT */
/*
 * The snapshot: namespaces, processes, threads that differ from their leader, and the edges
 * between them. Built by a scanner, sealed, then never changed but for facts that are filled in
 * before anything is shown. Its arena owns every node and string; all pointers in it are borrowed
 * from there. Knows neither how the facts were obtained nor how they are shown.
 */
#ifndef NSVIEW_GRAPH_H
#define NSVIEW_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <nsview/arena.h>
#include <nsview/fact.h>
#include <nsview/nstype.h>

struct process;
struct net;

/* What keeps a namespace alive, strongest first. The names are the HELD column's. */
enum holder_kind {
	HOLD_PROC,     /* a member process */
	HOLD_THREAD,   /* a thread whose leader is elsewhere, or has exited */
	HOLD_CHILDREN, /* somebody's *_for_children */
	HOLD_MOUNT,    /* a bind mount of its nsfs file */
	HOLD_FD,       /* an open file descriptor */
	HOLD_SOCKET,   /* a socket of that network namespace, held by a process outside it */
	HOLD_MEMORY,   /* shared memory that a process has attached */
	HOLD_OWNER,    /* it is a user namespace and owns other namespaces */
	HOLD_PARENT,   /* it is a user or pid namespace and has child namespaces */
	HOLD_INFLIGHT, /* a descriptor in a unix socket's queue */
	HOLD_KERNEL,   /* the kernel alone, or we could not see what */
	HOLDER_KINDS
};

/* How a holder of a kind holds; of several that apply, the one that tells more. */
enum holder_reason {
	REASON_PLAIN,	      /* as its kind says */
	REASON_O_PATH,	      /* fd: opened with O_PATH only */
	REASON_UNMOUNTED,     /* fd: opened through a mount that was removed since */
	REASON_IO_URING,      /* fd: registered with the io_uring behind that descriptor */
	REASON_TUN,	      /* socket: a /dev/net/tun descriptor */
	REASON_QUEUED_SOCKET, /* inflight: a socket of it is in the queue */
	REASON_PROCFS,	      /* mount: a procfs that shows that pid namespace; fd: a file on one */
	/* Known to the kernel source only. */
	REASON_CRED,	   /* fd: any file that was opened with credentials of it */
	REASON_ID_MAP,	   /* fd: its uid_map or the like, in /proc */
	REASON_MOUNTINFO,  /* fd: its mountinfo or the like, in /proc */
	REASON_PROC_NET,   /* fd: a file below its /proc/PID/net */
	REASON_PROC_PID,   /* fd: a file below /proc/PID of a process of it */
	REASON_PIDFD,	   /* fd: a pidfd of a process of it */
	REASON_CGROUP,	   /* fd: a file of a control group that was opened in it */
	REASON_PERF,	   /* fd: a perf event that was made in it */
	REASON_FS_CONTEXT, /* fd: of fsopen(2), called in it */
	REASON_TREE,	   /* fd: of a detached tree of mounts in which its file is mounted */
	REASON_SUPER,	   /* mount: a file system that belongs to it; fd: a file on one */
	REASON_PEER_CRED,  /* socket: its peer's credentials are of it */
	REASON_PEER_PID,   /* socket: its peer is a process of it */
	REASON_ORPHAN,	   /* socket: a TCP connection that no process has open any more */
	HOLDER_REASONS
};

/* A reference found outside the process table: a mount or a descriptor. */
struct holder {
	struct holder *next;
	enum holder_kind kind;
	enum holder_reason reason;
	struct process *process; /* whose descriptor; for a mount, in whose view it was seen */
	pid_t tid;		 /* of the thread with a descriptor table of its own, else 0 */
	int fd; /* for inflight, the socket with the queue; -1 for a mount and for memory */
	/* Mount point, octal escapes decoded; NULL for a descriptor, and where nobody sees it. */
	const char *path;
	struct ns *mnt; /* the mount namespace with that mount, NULL if unknown */
	/* Those with the same hold by one reference between them; 0: not known. See hold.h. */
	uint64_t share;
};

/* One mount of a mount namespace. Octal escapes are decoded. */
struct mount {
	const char *point, *source, *fstype;
};

/* The mounts of a mount namespace, as mountinfo(5) lists them. */
struct fact_mounts {
	struct fact fact;
	uint32_t count;		  /* entries in list: at most the first MOUNTS_LISTED */
	const struct mount *list; /* borrowed from the graph's arena */
};
enum { MOUNTS_LISTED = 10000 };

/* Facts of one namespace; only those of its type, and only those asked for, are read. */
struct ns_facts {
	struct fact_num id;	   /* kernel's 64-bit id */
	struct fact_num owner_uid; /* user */
	struct fact_ranges uid_map, gid_map;
	struct fact_text setgroups; /* "allow" or "deny" */
	struct fact_num nmounts;    /* mnt */
	struct fact_mounts mounts;
	struct fact_text mnt_root;		   /* source and root of the mount at "/" */
	struct fact_text propagation;		   /* "12 private, 3 shared, 1 slave" */
	struct fact_text hostname, domainname;	   /* uts */
	struct fact_num shm, sem, msg, mqueue;	   /* ipc: objects */
	struct fact monotonic_fact, boottime_fact; /* time */
	struct time_offset monotonic, boottime;
	struct fact_text cgroup_root; /* cgroup: the path that members see as "/" */
	struct fact_num netnsid;      /* net: as our own network namespace numbers it */
	struct fact_num cookie;
	struct fact_num nlinks; /* net: interfaces */
	/* pid: KNOWN, its process 1 has ended, and fork(2) into it fails with ENOMEM; NONE: there
	 * is one, or there was none yet */
	struct fact init_ended;
};

struct ns {
	uint64_t ino;
	enum ns_type type;
	bool initial;	      /* the kernel's initial namespace of this type, "the host's" */
	bool seen;	      /* scratch for walks; false outside of them */
	uint32_t nprocs;      /* processes whose own link leads here (zombies: user and pid only) */
	uint32_t nthreads;    /* threads that lead here while their leader does not */
	uint32_t nchildren;   /* tasks whose *_for_children leads here while their own does not */
	uint32_t nholders;    /* entries in holders */
	uint32_t nowned;      /* user: namespaces that it owns, of all types */
	uint32_t nsubs;	      /* user and pid: child namespaces */
	struct process *lead; /* member with the lowest pid, NULL if there is none */
	struct process *via;  /* any task that leads here, also by thread or *_for_children */
	pid_t via_tid;	      /* the thread of via that does, 0 for its leader */
	enum ns_link via_link;	   /* by which of its links */
	struct ns *via_ns;	   /* no task leads here: this one's owner or parent does */
	bool via_owner;		   /* ... as its owner */
	struct ns *owner, *parent; /* NULL: see the fact beside it */
	struct fact owner_fact, parent_fact; /* NONE at the top, DENIED above our own */
	struct holder *holders;
	struct fact_num refs; /* the kernel's reference count, known to the kernel source only */
	/* Of refs, those of the nsproxies of all tasks; not known of user and pid namespaces. */
	struct fact_num task_refs;
	struct ns_facts *facts; /* NULL until asked for */
};

/* A distinct combination of the ten links; processes that share all of them share one. */
struct nsset {
	struct ns *ns[NS_LINKS]; /* NULL: the link has no namespace, or could not be read */
	uint32_t nprocs;
	uint32_t index;	       /* position in graph.sets */
	struct process *first; /* member with the lowest pid; then process.next_in_set */
};

/* Who a process belongs to, derived from evidence only. See identity.h. */
struct identity {
	const char *kind;     /* "docker", "podman", "unit", "machine", ... static text */
	const char *name;     /* best name: from the engine's files, else the short id */
	const char *id;	      /* the full id or unit name that the evidence gives */
	const char *evidence; /* the line it was derived from, with its file: "cgroup: 0::/..." */
	const char *name_source; /* file that gave the name, NULL where name comes from the id */
	bool by_user;		 /* claimed by the words of a program that is not root's */
	bool container;		 /* something that is expected to be apart from the host */
};

struct process_facts {
	struct fact_text comm, cmdline; /* cmdline: NUL-separated arguments as the kernel gives */
	struct fact_num ppid, start;	/* start: clock ticks after boot */
	struct fact_num state;		/* the letter of proc(5) */
	struct fact_num uid, gid;	/* effective: the owner of /proc/PID, and status */
	struct fact nspid_fact;		/* NSpid chain, from the reader's namespace inwards */
	uint32_t nspid_count;
	const pid_t *nspid;
	struct fact_text cgroup;   /* the v2 path, else name=systemd, else the longest */
	struct fact identity_fact; /* NONE: read, and nothing is claimed */
	const struct identity *identity;
	struct fact_num cap_eff, cap_prm, cap_bnd; /* in its own user namespace */
	struct fact_num no_new_privs, seccomp;
	struct fact_text root; /* root directory as /proc/PID/root says */
};

/* A thread whose namespaces differ from its leader's. */
struct thread {
	struct thread *next; /* of the same process, by rising tid */
	struct process *process;
	pid_t tid;
	struct ns *ns[NS_LINKS];
};

struct process {
	pid_t pid;
	int16_t error;	/* -errno that kept its links from us, 0 if they were read */
	bool seen;	/* scratch for walks; false outside of them */
	bool zombie;	/* exited: only its user and pid links are left */
	uint32_t needs; /* which facts were asked for, see scan.h */
	pid_t ppid;	/* -1 where the scan had no cheap way to it; see facts.ppid */
	struct nsset *set;
	struct process *next_in_set;
	struct thread *threads;
	struct process_facts *facts; /* NULL until asked for */
};

/* What a scan looked at, so that nothing is left out silently. */
enum scan_source {
	SOURCE_PROCESSES,     /* /proc/PID/ns of every process */
	SOURCE_THREADS,	      /* and of its threads */
	SOURCE_ANCESTORS,     /* owners and parents, asked of each namespace */
	SOURCE_OWN_MOUNTS,    /* nsfs mounts in our mount namespace */
	SOURCE_ALL_MOUNTS,    /* ... in every mount namespace with a process */
	SOURCE_FDS,	      /* open descriptors */
	SOURCE_HIDDEN_MOUNTS, /* nsfs mounts in mount namespaces without any process */
	SOURCE_THREAD_FDS,    /* descriptor tables that a thread has for itself */
	SOURCE_IO_URING,      /* files registered with io_uring */
	SOURCE_SOCKETS,	      /* which network namespace each socket and tun device is of */
	SOURCE_INFLIGHT,      /* queues of unix sockets: how many descriptors are in them */
	SOURCE_PEEK,	      /* ... and what these are */
	SOURCE_KERNEL_LISTS,  /* the kernel's own lists of namespaces, by the kernel source */
	SOURCE_LISTNS,	      /* the list that listns(2) gives */
	SOURCE_NAMES,	      /* files by which ip-netns(8) and container engines name namespaces */
	SOURCE_FILES,	      /* what open files refer to besides: by the kernel source, as are */
	SOURCE_SUPERS,	      /* ... file systems, mounted or not, */
	SOURCE_MEMORY,	      /* ... and attached shared memory */
	SCAN_SOURCES
};
extern const char *const scan_source_names[SCAN_SOURCES]; /* for JSON and messages */

struct completeness {
	uint32_t processes;	 /* process directories seen */
	uint32_t vanished;	 /* gone before they were read: normal, never an error */
	uint32_t unreadable;	 /* processes with an error; each is a process node */
	uint32_t unread_threads; /* threads that could not be read */
	uint32_t unread_fds;	 /* descriptor tables that could not be read, if asked for */
	uint32_t unread_mounts;	 /* mount namespaces whose mounts could not be read */
	bool unread_names;	 /* engines' files in JSON, for want of jansson */
	uint32_t searched;	 /* bits 1 << enum scan_source */
	bool foreign_pidns;	 /* the procfs shows another pid namespace than ours */
	bool hidepid;		 /* the procfs hides other users' processes */
	bool nested;		 /* we are not in the initial user or pid namespace */
	bool have_ptrace;	 /* CAP_SYS_PTRACE was in effect when the processes were read */
	int ancestors_error;	 /* -errno why owners and parents could not be asked, else 0 */
	bool by_kernel;		 /* processes were read by the kernel source, else from /proc */
	const char *source_why;	 /* why /proc was read, if only for holders; NULL if it was not */
	struct fact_num kernel_total; /* namespaces that the kernel has; UNREAD if not counted */
	uint64_t kernel_hidden;	      /* of those, how many are not in the graph */

	/* Of a search for holders, if asked for: how much was looked at, and what could not be. */
	uint32_t mount_views;	 /* mount namespaces whose mounts were read */
	uint32_t hidden_mounts;	 /* of those, without any process */
	int hidden_error;	 /* -errno why those without could not be listed, else 0 */
	uint64_t fds;		 /* descriptors looked at */
	uint64_t sockets;	 /* sockets and tun devices asked for their network namespace */
	uint64_t unread_sockets; /* ... that would not say, or could not be asked */
	uint32_t rings;		 /* io_uring instances whose registered files were read */
	uint32_t queued;	/* descriptors in unix sockets' queues, as the kernel counts them */
	uint32_t unread_queued; /* of those, not looked at: see NEED_PEEK */
};

/* Who made a name file, and with that what is to be expected of it. */
enum name_maker {
	NAME_NETNS,  /* ip-netns(8): lives until a person deletes it */
	NAME_DOCKER, /* Docker: as long as the container or network */
	NAME_ENGINE, /* CNI, containerd, CRI-O, podman: as long as the pod or container */
	NAME_MAKERS
};
extern const char *const name_maker_names[NAME_MAKERS];

/* A file by which somebody names a namespace; nobody mounts anything else there. */
struct name_file {
	const char *path;
	enum name_maker maker;
	struct ns *ns; /* the namespace mounted on it; NULL: none is, and entering says EINVAL */
};

struct graph {
	struct arena arena;
	struct ns **namespaces; /* sorted by (type, ino) once sealed */
	size_t nnamespaces;
	struct process **processes; /* sorted by pid once sealed */
	size_t nprocesses;
	struct nsset **sets;
	size_t nsets;
	struct ns *host[NS_TYPES]; /* the initial namespaces as far as they were seen */
	struct ns *self[NS_TYPES]; /* those of nsview itself */
	struct completeness completeness;
	struct name_file *names; /* by path; read on NEED_NAMES only, as the limits are */
	size_t nnames;
	struct fact_num limits[NS_TYPES];  /* user.max_*_namespaces of our user namespace */
	struct fact_text hostname, kernel; /* of the host, as its proc root says; kernel: release */
	int64_t time;			   /* when the snapshot was taken, seconds after 1970 UTC */
	struct fact_num boot;		   /* when the host started, clock ticks after 1970 UTC */
	struct net *net; /* what its networks have, if that goes with it, see net_attach; NULL */
	void (*net_free)(struct net *net); /* frees it, before anything that it borrows */
	struct graph_index *index;	   /* private */
};

struct graph *graph_new(void);
void graph_free(struct graph *g);

/* The namespace, or NULL. ino alone is unique among live namespaces: see graph_find_ino. */
struct ns *graph_find(const struct graph *g, enum ns_type type, uint64_t ino);
struct ns *graph_find_ino(const struct graph *g, uint64_t ino);
/* The same, added where it is new. */
struct ns *graph_add(struct graph *g, enum ns_type type, uint64_t ino);

/*
 * Adds a process with the inode numbers of its links, 0 where there is none. The caller adds a
 * pid once. After graph_seal no more are added.
 */
struct process *graph_add_process(struct graph *g, pid_t pid, const uint64_t ino[NS_LINKS]);
/* Adds a thread of p that differs from it. */
struct thread *graph_add_thread(struct graph *g, struct process *p, pid_t tid,
				const uint64_t ino[NS_LINKS]);
/* Adds a mount or descriptor as a holder, REASON_PLAIN; path is copied. */
struct holder *graph_add_holder(struct graph *g, struct ns *ns, enum holder_kind kind,
				struct process *p, pid_t tid, int fd, const char *path,
				struct ns *mnt);

/* Binary search by pid; sealed graphs only. */
struct process *graph_process(const struct graph *g, pid_t pid);

/*
 * Sorts everything and derives the counts, leads and host namespaces. Called by the scanner after
 * its last addition; may be called again after namespaces or holders were added.
 */
void graph_seal(struct graph *g);

/* Whether p itself is a member of ns (its own link, not *_for_children). */
bool process_in(const struct process *p, const struct ns *ns);

/*
 * Whether a set has just these namespaces, by type; NULL where there is none of a type, or none to
 * be seen. false where all are NULL.
 */
bool nsset_is(const struct nsset *set, struct ns *const of[NS_TYPES]);

/* Next member process of ns after prev (NULL to start) by rising pid, NULL at the end. O(all). */
struct process *ns_next_member(const struct graph *g, const struct ns *ns,
			       const struct process *prev);

/* The strongest reason why ns lives. HOLD_KERNEL if none was seen. */
enum holder_kind ns_held(const struct ns *ns);
/* Number of references that were seen. */
uint64_t ns_holds(const struct ns *ns);
extern const char *const holder_names[HOLDER_KINDS];

/*
 * The name that ip-netns(8) gives a network namespace whose mount this is: what stands behind
 * /run/netns/ or /var/run/netns/. NULL where it gives none. Borrowed from the holder.
 */
const char *holder_netns_name(const struct holder *h);
/*
 * Whether it holds a namespace by the namespace's own file, wherever that is open or mounted: all
 * that do share one reference.
 */
bool holder_is_by_file(const struct holder *h);
/* Whether that file is what /proc/PID/fd has at its descriptor. */
bool holder_is_open_file(const struct holder *h);
/* For JSON; REASON_PLAIN has none. */
extern const char *const holder_reason_names[HOLDER_REASONS];

/* Depth below the initial (or topmost visible) user or pid namespace; FACT not known if cut off. */
struct fact_num ns_level(const struct ns *ns);

/* Whether the namespace is the host's: see struct ns.initial and graph.host. */
bool ns_is_host(const struct graph *g, const struct ns *ns);

#endif
