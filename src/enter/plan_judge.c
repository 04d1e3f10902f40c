/* SPDX-License-Identifier: MIT */
/*
 * The kernel's rules of who may join and make namespaces, over plain values: which capability in
 * which user namespace, and the rest that setns(2), unshare(2), user_namespaces(7) and
 * pid_namespaces(7) tell. Finds no words. What is not known counts as allowed, so that nothing is
 * called impossible without a reason.
 */
#include <errno.h>
#include <linux/capability.h>

#include "plan_internal.h"

/* Whose permissions count at a point of the plan. */
struct creds {
	int user; /* index, or USER_NEW */
	uint64_t caps;
};

const enum ns_type plan_order[NS_TYPES] = { NS_USER, NS_MNT,	NS_UTS, NS_IPC,
					    NS_PID,  NS_CGROUP, NS_NET, NS_TIME };

static const struct verdict fine = { 0 };

static bool wants(unsigned types, enum ns_type type)
{
	return types >> type & 1;
}

static struct creds own_creds(const struct plan_facts *f)
{
	return (struct creds){ USER_OWN, f->caller.effective };
}

/*
 * cap_capable() of the kernel: the capabilities one has count in one's own user namespace and all
 * below it; and whoever made a user namespace has all of them in it, as seen from its parent.
 */
static bool capable(const struct plan_facts *f, struct creds c, int user, int cap)
{
	if (user == USER_UNREAD || c.user == USER_UNREAD)
		return true;
	if (user == USER_NEW)
		return true;
	for (int at = user; at >= 0; at = f->users[at].parent) {
		if (at == c.user)
			return c.caps >> cap & 1;
		if (f->users[at].parent == c.user && f->caller.euid_mapped &&
		    f->users[at].owner == f->caller.euid)
			return true;
	}
	return false;
}

static struct verdict missing(enum plan_reason reason, enum ns_type type, int cap, int user)
{
	return (struct verdict){ -EPERM, reason, type, .cap = cap, .user = user };
}

static struct verdict missing_to_join(enum ns_type type, int cap, int here)
{
	struct verdict v = missing(REASON_CAP_HERE, type, cap, here);

	v.joining = true;
	return v;
}

static struct verdict refused(int error, enum plan_reason reason, enum ns_type type)
{
	return (struct verdict){ error, reason, type, .cap = -1, .user = USER_UNREAD };
}

static bool same_ids(const struct plan_facts *f)
{
	const struct plan_target *t = &f->target;

	for (int i = 0; i < 3; i++)
		if (t->uids[i] != f->caller.ruid || t->gids[i] != f->caller.rgid)
			return false;
	return true;
}

static bool was_denied(const struct plan_facts *f)
{
	for (int i = 0; i < NS_TYPES; i++)
		if (f->target.ns[i].error == -EACCES || f->target.ns[i].error == -EPERM)
			return true;
	return false;
}

/* __ptrace_may_access() and cap_ptrace_access_check() of the kernel, for reading. */
struct verdict judge_access(const struct plan_facts *f)
{
	const struct plan_target *t = &f->target;
	struct verdict no = missing(REASON_ACCESS, NS_USER, CAP_SYS_PTRACE, t->user);

	if (was_denied(f))
		return no;
	if (!t->pid || !t->has_ids || capable(f, own_creds(f), t->user, CAP_SYS_PTRACE))
		return fine;
	if (!same_ids(f) || t->dumpable == ANSWER_NO || t->user != USER_OWN)
		return no;
	return t->permitted & ~f->caller.permitted ? no : fine;
}

/* userns_install() of the kernel. */
static struct verdict join_user(const struct plan_facts *f, struct creds c)
{
	const struct plan_ns *ns = &f->target.ns[NS_USER];

	if (ns->ino == f->caller.ino[NS_USER])
		return refused(-EINVAL, REASON_SAME_USER, NS_USER);
	if (f->caller.threads)
		return refused(-EINVAL, REASON_THREADS, NS_USER);
	if (f->caller.shares_fs)
		return refused(-EINVAL, REASON_SHARED_FS, NS_USER);
	if (!capable(f, c, ns->owner, CAP_SYS_ADMIN))
		return missing(REASON_CAP_OWNER, NS_USER, CAP_SYS_ADMIN, ns->owner);
	return fine;
}

/*
 * Any other type: permission over the namespace, and in the user namespace that one is in after
 * the call (here); both by the capabilities from before it.
 */
static struct verdict join_other(const struct plan_facts *f, struct creds c, int here,
				 enum ns_type type, bool alone)
{
	const struct plan_ns *ns = &f->target.ns[type];

	if (type == NS_TIME && f->caller.threads)
		return refused(-EUSERS, REASON_THREADS, type);
	if (!capable(f, c, ns->owner, CAP_SYS_ADMIN))
		return missing(REASON_CAP_OWNER, type, CAP_SYS_ADMIN, ns->owner);
	if (type == NS_MNT && !capable(f, c, here, CAP_SYS_CHROOT))
		return missing_to_join(type, CAP_SYS_CHROOT, here);
	if (!capable(f, c, here, CAP_SYS_ADMIN))
		return missing_to_join(type, CAP_SYS_ADMIN, here);
	/* With other types the kernel works on a copy of root and cwd. */
	if (type == NS_MNT && alone && f->caller.shares_fs)
		return refused(-EINVAL, REASON_SHARED_FS, type);
	if (type == NS_PID && ns->is_below == ANSWER_NO)
		return refused(-EINVAL, REASON_NOT_BELOW, type);
	return fine;
}

static struct verdict join_at_once(const struct plan_facts *f, unsigned types)
{
	struct creds c = own_creds(f);
	int here = wants(types, NS_USER) ? f->target.ns[NS_USER].owner : USER_OWN;
	struct verdict v = judge_access(f);

	for (int i = 0; i < NS_TYPES && v.error == 0; i++) {
		enum ns_type type = plan_order[i];

		if (!wants(types, type))
			continue;
		v = type == NS_USER ? join_user(f, c)
				    : join_other(f, c, here, type, types == 1U << type);
	}
	return v;
}

/* Those that can be joined leave the mask; the verdict is on the first that cannot. */
static struct verdict join_some(const struct plan_facts *f, struct creds c, unsigned *types)
{
	struct verdict first = fine;

	for (int i = 0; i < NS_TYPES; i++) {
		enum ns_type type = plan_order[i];
		struct verdict v;

		if (!wants(*types, type) || type == NS_USER)
			continue;
		v = join_other(f, c, c.user, type, true);
		if (v.error == 0)
			*types &= ~(1U << type);
		else if (first.error == 0)
			first = v;
	}
	return first;
}

/* Before the user namespace is left for another, then the rest with all capabilities in that. */
static struct verdict join_one_by_one(const struct plan_facts *f, unsigned types)
{
	unsigned left = types;
	struct verdict v = types & ~f->target.opened ? judge_access(f) : fine;

	if (v.error)
		return v;
	v = join_some(f, own_creds(f), &left);
	if (!wants(types, NS_USER))
		return v;
	v = join_user(f, own_creds(f));
	if (v.error)
		return v;
	return join_some(f, (struct creds){ f->target.ns[NS_USER].owner, UINT64_MAX }, &left);
}

struct verdict judge_join(const struct plan_facts *f, unsigned types, bool at_once)
{
	return at_once ? join_at_once(f, types) : join_one_by_one(f, types);
}

int plan_join(const struct plan_facts *f, unsigned types, bool at_once)
{
	return judge_join(f, types, at_once).error;
}

static bool is_admin_of_host(const struct plan_facts *f)
{
	return ns_is_initial(NS_USER, f->caller.ino[NS_USER]) &&
	       f->caller.effective >> CAP_SYS_ADMIN & 1;
}

/* create_user_ns() of the kernel, and what Debian puts before it. */
static struct verdict create_user(const struct plan_facts *f, unsigned joined)
{
	if (f->settings.userns_clone == 0 && !is_admin_of_host(f))
		return refused(-EPERM, REASON_USERNS_CLONE, NS_USER);
	if (f->caller.threads)
		return refused(-EINVAL, REASON_THREADS, NS_USER);
	if (f->settings.max[NS_USER] == 0)
		return refused(-ENOSPC, REASON_LIMIT, NS_USER);
	if (f->caller.chrooted && !wants(joined, NS_MNT))
		return refused(-EPERM, REASON_CHROOTED, NS_USER);
	if (!f->caller.euid_mapped || !f->caller.egid_mapped)
		return refused(-EPERM, REASON_UNMAPPED, NS_USER);
	return fine;
}

/* Whether a user namespace is another one, or above it. */
static bool is_over(const struct plan_facts *f, int user, int below)
{
	if (user < 0 || below == USER_UNREAD)
		return true;
	for (int at = below; at >= 0; at = f->users[at].parent)
		if (at == user)
			return true;
	return false;
}

/* copy_pid_ns() and create_pid_namespace() of the kernel. */
static struct verdict create_pid(const struct plan_facts *f, int here)
{
	if (f->caller.pid_for_children != f->caller.ino[NS_PID])
		return refused(-EINVAL, REASON_PID_PENDING, NS_PID);
	if (!is_over(f, f->caller.pid_owner, here))
		return refused(-EINVAL, REASON_PID_OWNER, NS_PID);
	return fine;
}

static struct verdict create_others(const struct plan_facts *f, struct creds c, int parent,
				    unsigned types)
{
	struct verdict v = fine;

	if (!capable(f, c, c.user, CAP_SYS_ADMIN))
		return missing(REASON_CAP_HERE, NS_USER, CAP_SYS_ADMIN, c.user);
	for (int i = 0; i < NS_TYPES && v.error == 0; i++) {
		enum ns_type type = plan_order[i];

		if (!wants(types, type) || type == NS_USER)
			continue;
		if (type == NS_PID)
			v = create_pid(f, parent);
		if (v.error == 0 && f->settings.max[type] == 0)
			v = refused(-ENOSPC, REASON_LIMIT, type);
	}
	return v;
}

struct verdict judge_create(const struct plan_facts *f, unsigned joined, unsigned types)
{
	struct creds c = own_creds(f);
	int parent;

	if (wants(joined, NS_USER))
		c = (struct creds){ f->target.ns[NS_USER].owner, UINT64_MAX };
	parent = c.user;
	if (wants(types, NS_USER)) {
		struct verdict v = create_user(f, joined);

		if (v.error)
			return v;
		c = (struct creds){ USER_NEW, UINT64_MAX };
	}
	return types & ~(1U << NS_USER) ? create_others(f, c, parent, types) : fine;
}

int plan_create(const struct plan_facts *f, unsigned joined, unsigned types)
{
	return judge_create(f, joined, types).error;
}

/* The user namespace in which the command's ids are set, and what is permitted there. */
static struct creds creds_after(const struct plan_facts *f, const struct plan *plan)
{
	if (wants(plan->create, NS_USER))
		return (struct creds){ USER_NEW, UINT64_MAX };
	if (wants(plan->join, NS_USER))
		return (struct creds){ f->target.ns[NS_USER].owner, UINT64_MAX };
	return own_creds(f);
}

static struct verdict need(const struct plan_facts *f, struct creds c, int user, int cap)
{
	return capable(f, c, user, cap) ? fine : missing(REASON_CAP_HERE, NS_USER, cap, user);
}

static struct verdict judge_groups(const struct plan_facts *f, const struct plan *plan)
{
	struct creds c = creds_after(f, plan);

	if (wants(plan->join, NS_USER) && f->target.may_setgroups == ANSWER_NO)
		return refused(-EPERM, REASON_SETGROUPS, NS_USER);
	return need(f, c, c.user, CAP_SETGID);
}

static struct verdict judge_id(const struct plan_facts *f, const struct plan *plan, bool is_uid)
{
	struct creds c = creds_after(f, plan);
	const struct plan_caller *me = &f->caller;
	const struct plan_map *map = is_uid ? &f->target.uid_map : &f->target.gid_map;
	uint32_t to = is_uid ? plan->uid : plan->gid;

	if (wants(plan->join, NS_USER) && plan_map_has(map, to) == ANSWER_NO) {
		struct verdict v = refused(-EINVAL, REASON_ID_UNMAPPED, NS_USER);

		v.id = to;
		v.cap = is_uid ? CAP_SETUID : CAP_SETGID;
		return v;
	}
	if (c.user == USER_OWN &&
	    (is_uid ? to == me->ruid || to == me->euid : to == me->rgid || to == me->egid))
		return fine;
	return need(f, c, c.user, is_uid ? CAP_SETUID : CAP_SETGID);
}

bool is_restricted(const struct plan_facts *f)
{
	return f->settings.apparmor_restrict > 0 && !is_admin_of_host(f);
}

struct verdict judge_step(const struct plan_facts *f, const struct plan *plan,
			  const struct plan_step *step)
{
	struct creds c = creds_after(f, plan);

	switch (step->op) {
	case OP_NS_READ:
		return judge_access(f);
	case OP_JOIN:
	case OP_JOIN_ONE:
		return judge_join(f, plan->join, step->op == OP_JOIN);
	case OP_NEW_USER:
		return judge_create(f, plan->join, 1U << NS_USER);
	case OP_NEW:
		return judge_create(f, plan->join, plan->create);
	case OP_VETH:
		return need(f, own_creds(f), f->caller.net_owner, CAP_NET_ADMIN);
	case OP_CHROOT:
		return need(f, c, c.user, CAP_SYS_CHROOT);
	case OP_GROUPS:
		return judge_groups(f, plan);
	case OP_GID:
		return judge_id(f, plan, false);
	case OP_UID:
		return judge_id(f, plan, true);
	default:
		return fine;
	}
}
