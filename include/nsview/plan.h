/* SPDX-License-Identifier: MIT */
/*
 * What it takes to fulfil a wish: ordered steps, or a sentence why not, and what would work. Pure:
 * facts in, values and words out. The same rules foresee a failure and explain one that happened.
 * setns(2), unshare(2), user_namespaces(7); the order in which the kernel checks is that of
 * kernel/nsproxy.c.
 */
#ifndef NSVIEW_PLAN_H
#define NSVIEW_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <nsview/buffer.h>
#include <nsview/enter.h>
#include <nsview/error.h>
#include <nsview/json.h>
#include <nsview/plan_facts.h>

/* The operations that steps are made of, in no order; the table with their words is plan_op.c. */
enum plan_op {
	/* opening: errors before there is any plan */
	OP_PIDFD,     /* pidfd_open(2) */
	OP_NS_READ,   /* readlink or PIDFD_GET_*_NAMESPACE of one namespace of the target */
	OP_NS_OPEN,   /* open(2) of a namespace file */
	OP_ROOT_OPEN, /* open(2) of the target's root */
	OP_WD_OPEN,
	OP_CGROUP_READ,
	/* the helper */
	OP_HELPER,	/* fork(2) of it */
	OP_CGROUP,	/* joining the target's cgroup */
	OP_DROP_GROUPS, /* setgroups(2) to none before joining */
	OP_JOIN,	/* setns(2) by pidfd, all types at once */
	OP_JOIN_ONE,	/* setns(2) by namespace, one type */
	OP_NEW_USER,	/* unshare(CLONE_NEWUSER) */
	OP_MAP,		/* writing setgroups, uid_map, gid_map; the front does it */
	OP_NEW,		/* unshare(2) of all other types at once */
	OP_OFFSETS,	/* /proc/self/timens_offsets */
	OP_CLONE,	/* clone(2) of the child, with CLONE_PARENT */
	OP_PERSIST,	/* binding the new namespaces to files; the front does it */
	OP_VETH,	/* making the pair; the front does it */
	/* the child */
	OP_PROPAGATION, /* of all mounts */
	OP_BIND,	/* --mount and what belongs to it */
	OP_MOUNT,
	OP_PIVOT,  /* pivot_root(2) to --root */
	OP_CHROOT, /* chroot(2): --root with --chroot, or the target's root */
	OP_PROC,   /* a fresh /proc */
	OP_SYS,
	OP_TMP,
	OP_RESOLV, /* the target's resolv.conf over ours */
	OP_HOSTNAME,
	OP_DOMAINNAME,
	OP_LINK_UP, /* lo, and the inside end of a pair */
	OP_WD,	    /* fchdir(2) */
	OP_REAPER,  /* fork(2) of the command by pid 1 */
	OP_LIMITS,  /* --like-target: rlimits, umask, oom_score_adj */
	OP_CONTEXT, /* label of SELinux or profile of AppArmor */
	OP_BOUNDING,
	OP_GROUPS, /* setgroups(2) */
	OP_GID,	   /* setresgid(2) */
	OP_UID,	   /* setresuid(2) */
	OP_CAPS,
	OP_NO_NEW_PRIVS,
	OP_EXEC,
	PLAN_OPS
};

enum plan_actor { ACTOR_FRONT, ACTOR_HELPER, ACTOR_CHILD };

struct plan_step {
	enum plan_op op;
	enum plan_actor actor;
	unsigned types; /* 1 << enum ns_type: that it joins or makes */
	bool optional;	/* its failure is no failure of the plan */
};

enum { PLAN_STEPS = 64 };

struct plan {
	unsigned join;	 /* 1 << enum ns_type: joined */
	unsigned shared; /* asked for, but the caller is in it already */
	unsigned create;
	bool at_once; /* joined by one setns(2) with the pidfd, all or nothing */
	struct plan_step steps[PLAN_STEPS];
	size_t nsteps;
	/* Ids in the joined user namespace: what setresuid(2) is called with, if at all. */
	bool set_uid, set_gid, set_groups;
	bool groups_asked; /* by --groups; else who stays who they are may keep theirs */
	uid_t uid;
	gid_t gid;
	bool maps_uid_0;	    /* uid 0 outside is somebody in the new user namespace */
	uint64_t cap_add, cap_drop; /* --cap-add, --cap-drop */
	/* only where the facts are detailed */
	bool judged;
	const char *unsure; /* static: what nobody can tell, so that it may yet fail; or NULL */
	int failing;	    /* index of the first step that will fail; -1: none is known to */
	struct error why;   /* of that one */
	/* Types to join: those that would work without the others, and what has to come with all of
	 * them so that they would; 0: none. */
	unsigned works, more;
	char hint[512]; /* what to do about it, "" */
};

/*
 * Makes the steps. -EINVAL with words where the wish contradicts itself or the target has not what
 * is asked for, -EACCES where it may not be looked at. With detailed facts it also foresees:
 * returns the -errno of the step that would fail with a full sentence in err, and out is complete
 * all the same (for --dry-run; out->nsteps is 0 where no plan could be made).
 *
 * Without details nothing is foreseen: whoever runs the plan and fails reads the details and makes
 * the plan again. That either tells why, or joins in another way (at_once is now false) that will
 * work.
 */
int plan_make(const struct plan_facts *f, const struct enter_wish *wish, struct plan *out,
	      struct error *err);

/* The index of the first step with this operation, or -1. */
int plan_find(const struct plan *plan, enum plan_op op);

/* Whether joining exactly these types (1 << enum ns_type) would work, and how. 0, or -errno. */
int plan_join(const struct plan_facts *f, unsigned types, bool at_once);
/* Whether unshare(2) of these would, after joining those; user first, then the others. */
int plan_create(const struct plan_facts *f, unsigned joined, unsigned types);

/* What a failed operation was about; what does not apply is 0 or NULL. */
struct plan_subject {
	unsigned types;	  /* 1 << enum ns_type */
	const char *path; /* or a name: not yet escaped */
	uint32_t id;	  /* of OP_UID and OP_GID */
};

/*
 * Words for a step that failed with this -errno (positive is taken too): what could not be done,
 * why, and what to do. f may be NULL or not detailed, then less is said. Returns the -errno.
 */
int plan_failure(const struct plan_facts *f, const struct plan *plan, size_t step, int error,
		 struct error *out);
/* The same for an operation that is no step of a plan. */
int op_failure(const struct plan_facts *f, enum plan_op op, const struct plan_subject *about,
	       int error, struct error *out);

/* --dry-run: one numbered line per step, why not, and what would work. */
void plan_words(const struct plan_facts *f, const struct plan *plan, const struct enter_wish *wish,
		struct buffer *out);
/* One document: nsview-json(5). */
void plan_json(const struct plan_facts *f, const struct plan *plan, const struct enter_wish *wish,
	       struct json *out);

#endif
