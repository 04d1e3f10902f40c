/* SPDX-License-Identifier: MIT */
/*
 * From facts and a wish to ordered steps. The order is what makes it work: cgroup before its
 * namespace, joined before made, a new user namespace before all others, ids last. Touches nothing.
 */
#include <errno.h>
#include <string.h>

#include "plan_internal.h"

static unsigned bit(enum ns_type type)
{
	return 1U << type;
}

static void add(struct plan *p, enum plan_actor actor, enum plan_op op, unsigned types)
{
	p->steps[p->nsteps++] = (struct plan_step){ .op = op, .actor = actor, .types = types };
}

static void add_if(struct plan *p, bool wanted, enum plan_actor actor, enum plan_op op)
{
	if (wanted)
		add(p, actor, op, 0);
}

static int no_such_type(const struct plan_facts *f, enum ns_type type, struct error *err)
{
	const struct plan_target *t = &f->target;

	if (!f->caller.ino[type])
		return error_set(err, -EINVAL, "this kernel has no %s namespaces (Linux %s)",
				 ns_types[type].title, ns_types[type].since);
	if (!t->pid)
		return error_set(err, -EINVAL, "the target has no %s namespace: it is no process",
				 ns_types[type].title);
	return error_set(err, -ESRCH, "process %d has no %s namespace any more: it is ending",
			 (int)t->pid, ns_types[type].title);
}

/* Checks that each of them can be seen at all. */
static int check_seen(const struct plan_facts *f, unsigned types, struct error *err)
{
	for (int i = 0; i < NS_TYPES; i++) {
		const struct plan_ns *ns = &f->target.ns[i];
		struct plan_subject about = { .types = bit(i) };

		if (!(types & bit(i)) || ns->ino)
			continue;
		if (ns->error == -ENOENT || ns->error == 0)
			return no_such_type(f, (enum ns_type)i, err);
		return op_failure(f, OP_NS_READ, &about, ns->error, err);
	}
	return 0;
}

static unsigned existing(const struct plan_facts *f)
{
	unsigned types = 0;

	for (int i = 0; i < NS_TYPES; i++)
		if (f->caller.ino[i] && f->target.ns[i].error != -ENOENT)
			types |= bit(i);
	return types;
}

static int choose_join(const struct plan_facts *f, const struct enter_wish *wish, struct plan *out,
		       struct error *err)
{
	unsigned wanted = wish->join & ~wish->except;
	int ret;

	if (wish->join_all)
		wanted |= existing(f) & ~wish->except & ~wish->create;
	if (!wanted && wish->except && !wish->create && (wish->join || wish->join_all))
		return error_set(err, -EINVAL,
				 "nothing is left to be joined: all of it is left out (--except, "
				 "--tools=host)");
	if (!wanted)
		return 0;
	if (!f->has_target)
		return error_set(err, -EINVAL, "there is no target whose namespaces to join");
	ret = check_seen(f, wanted, err);
	if (ret < 0)
		return ret;
	out->join = wanted & differing(f);
	out->shared = wanted & ~out->join;
	out->at_once = f->target.has_pidfd && !(out->join & f->target.opened);
	return 0;
}

static int choose_create(const struct plan_facts *f, const struct enter_wish *wish,
			 struct plan *out, struct error *err)
{
	autobuffer titles = BUFFER_INIT;
	unsigned both = wish->join & ~wish->except & wish->create;

	out->create = wish->create;
	for (int i = 0; i < NS_TYPES; i++)
		if (wish->create & bit(i) && !f->caller.ino[i])
			return no_such_type(f, (enum ns_type)i, err);
	if (!both)
		return 0;
	type_titles(both, &titles);
	return error_set(err, -EINVAL, "the %s cannot both be joined and be new",
			 buffer_str(&titles));
}

/* Root where its user namespace has one, else what the target is. */
static void choose_id(const struct enter_wish *wish, bool joins_user, bool given, uint32_t asked,
		      const struct plan_map *map, uint32_t of_target, bool *out_set, uint32_t *out)
{
	bool has_root = plan_map_has(map, 0) != ANSWER_NO;

	*out_set = given;
	*out = asked;
	if (given || !joins_user || wish->ids.preserve_credentials)
		return;
	*out_set = has_root || of_target != NO_ID;
	*out = has_root ? 0 : of_target;
}

static void choose_ids(const struct plan_facts *f, const struct enter_wish *wish, struct plan *out)
{
	const struct plan_target *t = &f->target;
	const struct wish_ids *ids = &wish->ids;
	bool joins = out->join & bit(NS_USER);

	choose_id(wish, joins, ids->has_uid, ids->uid, &t->uid_map, t->uid, &out->set_uid,
		  &out->uid);
	choose_id(wish, joins, ids->has_gid, ids->gid, &t->gid_map, t->gid, &out->set_gid,
		  &out->gid);
	out->groups_asked = ids->has_groups;
	out->set_groups =
		ids->has_groups || (!ids->preserve_credentials && (out->set_uid || out->set_gid) &&
				    !(joins && t->may_setgroups == ANSWER_NO));
}

static void add_join(struct plan *p)
{
	if (p->join && p->at_once) {
		add(p, ACTOR_HELPER, OP_JOIN, p->join);
		return;
	}
	for (int i = 0; i < NS_TYPES; i++)
		if (p->join & bit(plan_order[i]) && plan_order[i] != NS_USER)
			add(p, ACTOR_HELPER, OP_JOIN_ONE, bit(plan_order[i]));
	if (p->join & bit(NS_USER))
		add(p, ACTOR_HELPER, OP_JOIN_ONE, bit(NS_USER));
}

static void add_helper(const struct enter_wish *wish, struct plan *p)
{
	const struct wish_make *make = &wish->make;
	unsigned others = p->create & ~bit(NS_USER);

	add(p, ACTOR_FRONT, OP_HELPER, 0);
	add_if(p, wish->place.join_cgroup, ACTOR_HELPER, OP_CGROUP);
	add_if(p, p->join & bit(NS_USER) && !wish->ids.preserve_credentials, ACTOR_HELPER,
	       OP_DROP_GROUPS);
	add_join(p);
	if (p->create & bit(NS_USER)) {
		add(p, ACTOR_HELPER, OP_NEW_USER, bit(NS_USER));
		add(p, ACTOR_FRONT, OP_MAP, bit(NS_USER));
	}
	if (others)
		add(p, ACTOR_HELPER, OP_NEW, others);
	add_if(p, make->has_monotonic || make->has_boottime, ACTOR_HELPER, OP_OFFSETS);
	add_if(p, make->veth, ACTOR_FRONT, OP_VETH);
	add(p, ACTOR_HELPER, OP_CLONE, 0);
	add_if(p, make->persist, ACTOR_FRONT, OP_PERSIST);
}

/* What a default means: a new /proc for a new pid namespace, sysfs for a new network one. */
static bool fresh(int choice, unsigned create, enum ns_type type)
{
	if (!(create & bit(NS_MNT)))
		return false;
	return choice == TRISTATE_YES || (choice == TRISTATE_DEFAULT && create & bit(type));
}

static void add_inside(const struct enter_wish *wish, struct plan *p)
{
	const struct wish_make *make = &wish->make;
	bool mnt = p->create & bit(NS_MNT);

	add_if(p, mnt, ACTOR_CHILD, OP_PROPAGATION);
	add_if(p, mnt && make->root, ACTOR_CHILD, OP_BIND);
	add_if(p, mnt && make->nmounts, ACTOR_CHILD, OP_MOUNT);
	add_if(p, fresh(make->mount_proc, p->create, NS_PID), ACTOR_CHILD, OP_PROC);
	add_if(p, fresh(make->mount_sys, p->create, NS_NET), ACTOR_CHILD, OP_SYS);
	add_if(p, mnt && make->mount_tmp == TRISTATE_YES, ACTOR_CHILD, OP_TMP);
	add_if(p, mnt && make->root, ACTOR_CHILD, OP_PIVOT);
	add_if(p, make->hostname, ACTOR_CHILD, OP_HOSTNAME);
	add_if(p, make->domainname, ACTOR_CHILD, OP_DOMAINNAME);
	add_if(p, p->create & bit(NS_NET) && (!make->lo_off || make->veth), ACTOR_CHILD,
	       OP_LINK_UP);
}

static void add_place(const struct plan_facts *f, const struct enter_wish *wish, struct plan *p)
{
	const struct wish_place *place = &wish->place;
	bool joined = p->join & bit(NS_MNT);
	bool root = place->root || place->target_root || (joined && f->target.pid);

	add_if(p, root, ACTOR_CHILD, OP_CHROOT);
	add_if(p, place->target_resolv, ACTOR_CHILD, OP_RESOLV);
	add_if(p, root || joined || place->wd || place->target_wd, ACTOR_CHILD, OP_WD);
}

static void add_ids(const struct enter_wish *wish, struct plan *p)
{
	const struct wish_ids *ids = &wish->ids;

	add_if(p, p->create & bit(NS_PID) && !wish->make.as_pid_1, ACTOR_CHILD, OP_REAPER);
	add_if(p, ids->like_target, ACTOR_CHILD, OP_LIMITS);
	add_if(p, ids->follow_context, ACTOR_CHILD, OP_CONTEXT);
	add_if(p, ids->cap_drop || ids->like_target, ACTOR_CHILD, OP_BOUNDING);
	add_if(p, p->set_groups, ACTOR_CHILD, OP_GROUPS);
	add_if(p, p->set_gid, ACTOR_CHILD, OP_GID);
	add_if(p, p->set_uid, ACTOR_CHILD, OP_UID);
	add_if(p, ids->keep_caps || ids->cap_add || ids->cap_drop, ACTOR_CHILD, OP_CAPS);
	add_if(p, ids->no_new_privs, ACTOR_CHILD, OP_NO_NEW_PRIVS);
	add(p, ACTOR_CHILD, OP_EXEC, 0);
}

static void add_steps(const struct plan_facts *f, const struct enter_wish *wish, struct plan *p)
{
	p->nsteps = 0;
	add_helper(wish, p);
	add_inside(wish, p);
	add_place(f, wish, p);
	add_ids(wish, p);
	/* In another user namespace they may be denied to anybody, and mean less. */
	for (size_t i = 0; i < p->nsteps; i++)
		p->steps[i].optional = p->steps[i].op == OP_DROP_GROUPS ||
				       (p->steps[i].op == OP_GROUPS && !wish->ids.has_groups &&
					(p->join | p->create) & bit(NS_USER));
}

/* The user namespace is joined after what is joined by today's permissions, before the rest. */
static void order_one_by_one(const struct plan_facts *f, struct plan *p)
{
	struct plan_step early[NS_TYPES], late[NS_TYPES], user = { 0 };
	size_t nearly = 0, nlate = 0, n = 0;
	int first = plan_find(p, OP_JOIN_ONE);

	if (first < 0 || !(p->join & bit(NS_USER)))
		return;
	for (size_t i = (size_t)first; p->steps[i].op == OP_JOIN_ONE; i++) {
		unsigned type = p->steps[i].types;

		if (type == bit(NS_USER))
			user = p->steps[i];
		else if (judge_join(f, type, false).error == 0)
			early[nearly++] = p->steps[i];
		else
			late[nlate++] = p->steps[i];
	}
	for (size_t i = 0; i < nearly; i++)
		p->steps[(size_t)first + n++] = early[i];
	p->steps[(size_t)first + n++] = user;
	for (size_t i = 0; i < nlate; i++)
		p->steps[(size_t)first + n++] = late[i];
}

/* What is joined one by one is judged as a whole, and fails at one of them. */
static int failing_step(const struct plan *p, size_t judged, enum ns_type type)
{
	if (p->steps[judged].op != OP_JOIN_ONE)
		return (int)judged;
	for (size_t i = judged; p->steps[i].op == OP_JOIN_ONE; i++)
		if (p->steps[i].types == bit(type))
			return (int)i;
	return (int)judged;
}

static void fail_at(const struct plan_facts *f, struct plan *p, size_t i, const struct verdict *v)
{
	autobuffer hint = BUFFER_INIT;

	p->failing = failing_step(p, i, v->type);
	step_failure(f, p, (size_t)p->failing, v->error, &p->why);
	verdict_hint(f, p, (size_t)p->failing, v, &hint);
	if (p->steps[i].op == OP_JOIN || p->steps[i].op == OP_JOIN_ONE) {
		p->works = best_subset(f, p->join);
		p->more = least_superset(f, p->join) & ~p->join;
	}
	strncat(p->hint, buffer_str(&hint), sizeof(p->hint) - 1);
}

/* On Ubuntu it is made, and then good for nothing. */
static void warn(const struct plan_facts *f, struct plan *p)
{
	if (!(p->create & bit(NS_USER)) || !is_restricted(f))
		return;
	strncat(p->hint,
		"kernel.apparmor_restrict_unprivileged_userns is 1: capabilities in the new user "
		"namespace may not count, unless a profile of AppArmor allows it",
		sizeof(p->hint) - 1);
}

/* Whether it matters whose a namespace is of which nobody could tell: before Linux 4.9. */
static bool is_owner_missing(const struct plan_facts *f, const struct plan *p)
{
	/* Another has to be let look at the target, too, which we were. */
	unsigned asked = p->join | (f->caller.pid && f->target.pid ? bit(NS_USER) : 0);
	unsigned present = ~(p->create | p->join);

	for (int i = 0; i < NS_TYPES; i++)
		if (asked & bit((enum ns_type)i) && f->target.ns[i].owner == USER_UNREAD)
			return true;
	return (plan_find(p, OP_PROC) >= 0 && present & bit(NS_PID) &&
		f->caller.pid_owner == USER_UNREAD) ||
	       (((plan_find(p, OP_SYS) >= 0 && present & bit(NS_NET)) ||
		 plan_find(p, OP_VETH) >= 0) &&
		f->caller.net_owner == USER_UNREAD);
}

static const char *find_unsure(const struct plan_facts *f, const struct wish_make *make,
			       const struct plan *p)
{
	if (is_owner_missing(f, p))
		return "this kernel does not tell which user namespaces own what it is about";
	return maps_by_tool(f, make, p)
		       ? "which ids of others may be mapped is for newuidmap(1) to say, by "
			 "/etc/subuid and /etc/subgid"
		       : NULL;
}

static void foresee(const struct plan_facts *f, const struct enter_wish *wish, struct plan *p)
{
	struct verdict v = { 0 };

	p->judged = true;
	p->unsure = find_unsure(f, &wish->make, p);
	p->maps_uid_0 = maps_uid_0(f, &wish->make, p);
	p->cap_add = wish->ids.cap_add;
	p->cap_drop = wish->ids.cap_drop;
	for (size_t i = 0; i < p->nsteps; i++) {
		if (!p->steps[i].optional)
			v = judge_step(f, p, &p->steps[i]);
		if (v.error == 0)
			continue;
		fail_at(f, p, i, &v);
		return;
	}
	warn(f, p);
}

int plan_make(const struct plan_facts *f, const struct enter_wish *wish, struct plan *out,
	      struct error *err)
{
	int ret;

	*out = (struct plan){ .failing = -1 };
	ret = choose_create(f, wish, out, err);
	if (ret == 0)
		ret = choose_join(f, wish, out, err);
	if (ret < 0)
		return ret;
	choose_ids(f, wish, out);
	/* nsview would have been refused when it opened the target. */
	if (f->detailed && f->caller.pid && f->target.pid && judge_access(f).error)
		return op_failure(f, OP_NS_READ, &(struct plan_subject){ 0 }, -EACCES, err);
	/* Where not all at once, then perhaps one after the other: what counts differs. */
	if (f->detailed && out->at_once && judge_join(f, out->join, true).error &&
	    judge_join(f, out->join, false).error == 0)
		out->at_once = false;
	add_steps(f, wish, out);
	if (!f->detailed)
		return 0;
	order_one_by_one(f, out);
	foresee(f, wish, out);
	if (out->failing < 0)
		return 0;
	return plan_failure(f, out, (size_t)out->failing, out->why.code, err);
}

int plan_find(const struct plan *plan, enum plan_op op)
{
	for (size_t i = 0; i < plan->nsteps; i++)
		if (plan->steps[i].op == op)
			return (int)i;
	return -1;
}
