/* SPDX-License-Identifier: MIT */
/* What the parts of the plan share: the kernel's rules as values. Private to enter/. */
#ifndef NSVIEW_ENTER_PLAN_INTERNAL_H
#define NSVIEW_ENTER_PLAN_INTERNAL_H

#include <nsview/plan.h>

enum plan_reason {
	REASON_FINE,
	REASON_ACCESS,	     /* the target may not be looked at */
	REASON_CAP_OWNER,    /* a capability in the user namespace that owns a namespace */
	REASON_CAP_HERE,     /* ... in the one that the caller is in, or joins with it */
	REASON_SAME_USER,    /* its own user namespace again */
	REASON_NOT_BELOW,    /* a pid namespace that is not below */
	REASON_PID_PENDING,  /* a pid namespace for children is waiting for its first */
	REASON_PID_OWNER,    /* the pid namespace is owned by a user namespace that is not above */
	REASON_CHROOTED,     /* no user namespace for who is in a chroot */
	REASON_UNMAPPED,     /* nor for who has no number in the present one */
	REASON_USERNS_CLONE, /* kernel.unprivileged_userns_clone */
	REASON_LIMIT,	     /* user.max_*_namespaces is 0 */
	REASON_SETGROUPS,    /* denied */
	REASON_ROOT_MAP,     /* CAP_SETFCAP to map uid 0 */
	REASON_CAP_SHOWN,    /* a capability over what a /proc or /sys would show */
	REASON_NOT_THERE,    /* capabilities to be given that are not permitted */
	REASON_ID_UNMAPPED,  /* the id to become has no number there */
};

/* What the kernel will say: error 0, or -errno with what is in the way. */
struct verdict {
	int error;
	enum plan_reason reason;
	enum ns_type type; /* the one that fails */
	uint32_t id;	   /* of REASON_ID_UNMAPPED */
	bool joining;	   /* not making */
	int cap, user;	   /* the capability, and where: an index, USER_OUTSIDE, USER_NEW */
};

/* setns(2) checks, and unshare(2) makes, them in this order. */
extern const enum ns_type plan_order[NS_TYPES];

static inline bool wants(unsigned types, enum ns_type type)
{
	return types >> type & 1;
}

/* Whose permissions count at a point of the plan. */
struct creds {
	int user; /* index, or USER_NEW */
	uint64_t caps;
};

/* The caller's own. */
struct creds creds_own(const struct plan_facts *f);
/* Whether these count in that user namespace. */
bool creds_capable(const struct plan_facts *f, struct creds c, int user, int cap);
struct verdict verdict_missing(enum plan_reason reason, enum ns_type type, int cap, int user);
struct verdict verdict_refused(int error, enum plan_reason reason, enum ns_type type);
bool is_admin_of_host(const struct plan_facts *f);

/* Whether the target's namespaces may be looked at: PTRACE_MODE_READ of ptrace(2). */
struct verdict judge_access(const struct plan_facts *f);
struct verdict judge_join(const struct plan_facts *f, unsigned types, bool at_once);
struct verdict judge_create(const struct plan_facts *f, unsigned joined, unsigned types);
/* Any step; judged as if all before it had worked. */
struct verdict judge_step(const struct plan_facts *f, const struct plan *plan,
			  const struct plan_step *step);

/* Whether ids are to be mapped that take newuidmap(1), which goes by files of its own. */
bool maps_by_tool(const struct plan_facts *f, const struct wish_make *make, const struct plan *p);
/* Whether uid 0 outside becomes somebody inside. */
bool maps_uid_0(const struct plan_facts *f, const struct wish_make *make, const struct plan *p);

/* The most of these types that can be joined, 0 where none can. */
unsigned best_subset(const struct plan_facts *f, unsigned types);
/* The fewest types that hold these and can be joined, out of all that differ; 0: none. */
unsigned least_superset(const struct plan_facts *f, unsigned types);
/* The target's namespaces that the caller is not in. */
unsigned differing(const struct plan_facts *f);

/* Why, as what follows "cannot X: ". */
void verdict_words(const struct plan_facts *f, const struct verdict *v, struct buffer *out);
/* What to do about it, or "". */
void verdict_hint(const struct plan_facts *f, const struct plan *plan, size_t step,
		  const struct verdict *v, struct buffer *out);
/* plan_failure without that hint. */
int step_failure(const struct plan_facts *f, const struct plan *plan, size_t step, int error,
		 struct error *out);
/* Whether AppArmor keeps user namespaces from being of use to the caller. */
bool is_restricted(const struct plan_facts *f);
/* CAP_SYS_ADMIN */
const char *cap_name(int cap);
/* "network namespace", "network and UTS namespaces" */
void type_titles(unsigned types, struct buffer *out);

struct op_info {
	const char *name;    /* in JSON */
	const char *call;    /* the system call that it stands for */
	const char *purpose; /* of the step */
	const char *failed;  /* after "cannot " */
};
extern const struct op_info op_table[PLAN_OPS];
/* Why that operation fails in this way where nothing more is known. Static, never NULL. */
const char *op_why(enum plan_op op, int error);
/* Whether that is said of this operation, and not of any. */
bool op_has_why(enum plan_op op, int error);

/* Where the target is, as "of process 812", or "". */
void target_words(const struct plan_facts *f, struct buffer *out);

#endif
