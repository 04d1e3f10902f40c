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

const enum ns_type plan_order[NS_TYPES] = { NS_USER, NS_MNT,	NS_UTS, NS_IPC,
					    NS_PID,  NS_CGROUP, NS_NET, NS_TIME };

static const struct verdict fine = { 0 };

struct creds creds_own(const struct plan_facts *f)
{
	return (struct creds){ USER_OWN, f->caller.effective };
}

/*
 * cap_capable() of the kernel: the capabilities one has count in one's own user namespace and all
 * below it; and whoever made a user namespace has all of them in it, as seen from its parent.
 */
bool creds_capable(const struct plan_facts *f, struct creds c, int user, int cap)
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

struct verdict verdict_missing(enum plan_reason reason, enum ns_type type, int cap, int user)
{
	return (struct verdict){ -EPERM, reason, type, .cap = cap, .user = user };
}

static struct verdict missing_to_join(enum ns_type type, int cap, int here)
{
	struct verdict v = verdict_missing(REASON_CAP_HERE, type, cap, here);

	v.joining = true;
	return v;
}

struct verdict verdict_refused(int error, enum plan_reason reason, enum ns_type type)
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
	struct verdict no = verdict_missing(REASON_ACCESS, NS_USER, CAP_SYS_PTRACE, t->user);

	if (was_denied(f))
		return no;
	if (!t->pid || !t->has_ids || creds_capable(f, creds_own(f), t->user, CAP_SYS_PTRACE))
		return fine;
	if (!same_ids(f) || t->dumpable == ANSWER_NO || t->user != USER_OWN)
		return no;
	return t->permitted & ~f->caller.permitted ? no : fine;
}

/* userns_install() of the kernel. What it asks of threads holds: who joins has one. */
static struct verdict join_user(const struct plan_facts *f, struct creds c)
{
	const struct plan_ns *ns = &f->target.ns[NS_USER];

	if (ns->ino == f->caller.ino[NS_USER])
		return verdict_refused(-EINVAL, REASON_SAME_USER, NS_USER);
	if (!creds_capable(f, c, ns->owner, CAP_SYS_ADMIN))
		return verdict_missing(REASON_CAP_OWNER, NS_USER, CAP_SYS_ADMIN, ns->owner);
	return fine;
}

/*
 * Any other type: permission over the namespace, and in the user namespace that one is in after
 * the call (here); both by the capabilities from before it.
 */
static struct verdict join_other(const struct plan_facts *f, struct creds c, int here,
				 enum ns_type type)
{
	const struct plan_ns *ns = &f->target.ns[type];

	if (!creds_capable(f, c, ns->owner, CAP_SYS_ADMIN))
		return verdict_missing(REASON_CAP_OWNER, type, CAP_SYS_ADMIN, ns->owner);
	if (type == NS_MNT && !creds_capable(f, c, here, CAP_SYS_CHROOT))
		return missing_to_join(type, CAP_SYS_CHROOT, here);
	if (!creds_capable(f, c, here, CAP_SYS_ADMIN))
		return missing_to_join(type, CAP_SYS_ADMIN, here);
	if (type == NS_PID && ns->is_below == ANSWER_NO)
		return verdict_refused(-EINVAL, REASON_NOT_BELOW, type);
	return fine;
}

static struct verdict join_at_once(const struct plan_facts *f, unsigned types)
{
	struct creds c = creds_own(f);
	int here = wants(types, NS_USER) ? f->target.ns[NS_USER].owner : USER_OWN;
	struct verdict v = judge_access(f);

	for (int i = 0; i < NS_TYPES && v.error == 0; i++) {
		enum ns_type type = plan_order[i];

		if (!wants(types, type))
			continue;
		v = type == NS_USER ? join_user(f, c) : join_other(f, c, here, type);
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
		v = join_other(f, c, c.user, type);
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
	v = join_some(f, creds_own(f), &left);
	if (!wants(types, NS_USER))
		return v;
	v = join_user(f, creds_own(f));
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

bool is_admin_of_host(const struct plan_facts *f)
{
	return ns_is_initial(NS_USER, f->caller.ino[NS_USER]) &&
	       f->caller.effective >> CAP_SYS_ADMIN & 1;
}

/* create_user_ns() of the kernel, and what Debian puts before it. */
static struct verdict create_user(const struct plan_facts *f, unsigned joined)
{
	if (f->settings.userns_clone == 0 && !is_admin_of_host(f))
		return verdict_refused(-EPERM, REASON_USERNS_CLONE, NS_USER);
	if (f->settings.max[NS_USER] == 0)
		return verdict_refused(-ENOSPC, REASON_LIMIT, NS_USER);
	if (f->caller.chrooted && !wants(joined, NS_MNT))
		return verdict_refused(-EPERM, REASON_CHROOTED, NS_USER);
	if (!f->caller.euid_mapped || !f->caller.egid_mapped)
		return verdict_refused(-EPERM, REASON_UNMAPPED, NS_USER);
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
		return verdict_refused(-EINVAL, REASON_PID_PENDING, NS_PID);
	if (!is_over(f, f->caller.pid_owner, here))
		return verdict_refused(-EINVAL, REASON_PID_OWNER, NS_PID);
	return fine;
}

static struct verdict create_others(const struct plan_facts *f, struct creds c, int parent,
				    unsigned types)
{
	struct verdict v = fine;

	if (!creds_capable(f, c, c.user, CAP_SYS_ADMIN))
		return verdict_missing(REASON_CAP_HERE, NS_USER, CAP_SYS_ADMIN, c.user);
	for (int i = 0; i < NS_TYPES && v.error == 0; i++) {
		enum ns_type type = plan_order[i];

		if (!wants(types, type) || type == NS_USER)
			continue;
		if (type == NS_PID)
			v = create_pid(f, parent);
		if (v.error == 0 && f->settings.max[type] == 0)
			v = verdict_refused(-ENOSPC, REASON_LIMIT, type);
	}
	return v;
}

struct verdict judge_create(const struct plan_facts *f, unsigned joined, unsigned types)
{
	struct creds c = creds_own(f);
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
