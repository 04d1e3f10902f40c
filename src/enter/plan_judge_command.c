/* SPDX-License-Identifier: MIT */
/*
 * The kernel's rules for what comes behind joining and making: maps, mounts, ids and capabilities
 * of the command. As in plan_judge.c, what is not known counts as allowed, and no words are found.
 */
#include <errno.h>
#include <linux/capability.h>

#include "plan_internal.h"

static const struct verdict fine = { 0 };

/* The user namespace in which the command's ids are set, and what is permitted there. */
static struct creds creds_after(const struct plan_facts *f, const struct plan *plan)
{
	if (wants(plan->create, NS_USER))
		return (struct creds){ USER_NEW, UINT64_MAX };
	if (wants(plan->join, NS_USER))
		return (struct creds){ f->target.ns[NS_USER].owner, UINT64_MAX };
	return creds_own(f);
}

static struct verdict need(const struct plan_facts *f, struct creds c, int user, int cap)
{
	return creds_capable(f, c, user, cap)
		       ? fine
		       : verdict_missing(REASON_CAP_HERE, NS_USER, cap, user);
}

static bool becomes_other(const struct plan_caller *me, const struct plan *plan)
{
	return (plan->set_uid && plan->uid != me->ruid && plan->uid != me->euid) ||
	       (plan->set_gid && plan->gid != me->rgid && plan->gid != me->egid);
}

static struct verdict judge_groups(const struct plan_facts *f, const struct plan *plan)
{
	struct creds c = creds_after(f, plan);

	if (c.user == USER_OWN && !plan->groups_asked && !becomes_other(&f->caller, plan))
		return fine;
	if (wants(plan->join, NS_USER) && f->target.may_setgroups == ANSWER_NO)
		return verdict_refused(-EPERM, REASON_SETGROUPS, NS_USER);
	return need(f, c, c.user, CAP_SETGID);
}

static struct verdict judge_id(const struct plan_facts *f, const struct plan *plan, bool is_uid)
{
	struct creds c = creds_after(f, plan);
	const struct plan_caller *me = &f->caller;
	const struct plan_map *map = is_uid ? &f->target.uid_map : &f->target.gid_map;
	uint32_t to = is_uid ? plan->uid : plan->gid;

	if (wants(plan->join, NS_USER) && plan_map_has(map, to) == ANSWER_NO) {
		struct verdict v = verdict_refused(-EINVAL, REASON_ID_UNMAPPED, NS_USER);

		v.id = to;
		v.cap = is_uid ? CAP_SETUID : CAP_SETGID;
		return v;
	}
	if (c.user == USER_OWN &&
	    (is_uid ? to == me->ruid || to == me->euid : to == me->rgid || to == me->egid))
		return fine;
	return need(f, c, c.user, is_uid ? CAP_SETUID : CAP_SETGID);
}

static struct verdict judge_map(const struct plan_facts *f, const struct plan *plan)
{
	struct verdict v = verdict_missing(REASON_ROOT_MAP, NS_USER, CAP_SETFCAP, USER_OWN);

	return plan->maps_uid_0 && f->settings.root_map_asks &&
			       !(f->caller.effective >> CAP_SETFCAP & 1)
		       ? v
		       : fine;
}

/* procfs shows a pid namespace, sysfs a network one: mounting it takes a capability over that. */
static struct verdict judge_shown(const struct plan_facts *f, const struct plan *plan,
				  enum ns_type type, int own_owner)
{
	struct creds c = creds_after(f, plan);
	struct verdict v = verdict_missing(REASON_CAP_SHOWN, type, CAP_SYS_ADMIN, own_owner);

	if (wants(plan->create, type))
		return fine;
	if (wants(plan->join, type))
		v.user = f->target.ns[type].owner;
	return creds_capable(f, c, v.user, CAP_SYS_ADMIN) ? fine : v;
}

static struct verdict judge_bounding(const struct plan_facts *f, const struct plan *plan)
{
	struct creds c = creds_after(f, plan);

	/* Whoever is in another user namespace by then has all in it. */
	return c.user == USER_OWN && plan->cap_drop & f->caller.bounding
		       ? need(f, c, c.user, CAP_SETPCAP)
		       : fine;
}

static struct verdict judge_caps(const struct plan_facts *f, const struct plan *plan)
{
	bool here = creds_after(f, plan).user == USER_OWN;

	return here && plan->cap_add & ~f->caller.permitted
		       ? verdict_missing(REASON_NOT_THERE, NS_USER, -1, USER_OWN)
		       : fine;
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
	case OP_MAP:
		return judge_map(f, plan);
	case OP_NEW:
		return judge_create(f, plan->join, plan->create);
	case OP_VETH:
		return need(f, creds_own(f), f->caller.net_owner, CAP_NET_ADMIN);
	case OP_CHROOT:
		return need(f, c, c.user, CAP_SYS_CHROOT);
	case OP_PROC:
		return judge_shown(f, plan, NS_PID, f->caller.pid_owner);
	case OP_SYS:
		return judge_shown(f, plan, NS_NET, f->caller.net_owner);
	case OP_BOUNDING:
		return judge_bounding(f, plan);
	case OP_CAPS:
		return judge_caps(f, plan);
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
