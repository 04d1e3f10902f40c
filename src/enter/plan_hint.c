/* SPDX-License-Identifier: MIT */
/* What to do where a plan cannot work: other types, a setting, or whom to ask. Only words. */
#include "plan_internal.h"

/* The letters are nsenter's. */
static void type_letters(unsigned types, struct buffer *out)
{
	static const char letters[NS_TYPES] = {
		[NS_CGROUP] = 'C', [NS_IPC] = 'i',  [NS_MNT] = 'm',  [NS_NET] = 'n',
		[NS_PID] = 'p',	   [NS_TIME] = 'T', [NS_USER] = 'U', [NS_UTS] = 'u',
	};
	const char *gap = "";

	for (int i = 0; i < NS_TYPES; i++) {
		if (!(types >> i & 1))
			continue;
		buffer_printf(out, "%s-%c", gap, letters[i]);
		gap = " ";
	}
}

static void hint_join(const struct plan_facts *f, unsigned join, struct buffer *out)
{
	unsigned works = best_subset(f, join), more;

	/* Tried by a plan that was made without details. */
	if (works == join) {
		buffer_text(out, "one after the other they could be joined");
		return;
	}
	more = least_superset(f, join) & ~join;
	if (more) {
		buffer_text(out, "together with ");
		type_letters(more, out);
		buffer_text(out, " it would work");
	}
	if (!works)
		return;
	buffer_text(out, more ? "; without the rest, " : "without the rest, ");
	type_letters(works, out);
	buffer_text(out, " would work");
}

static void hint_create(const struct plan *plan, struct buffer *out)
{
	if (!((plan->create | plan->join) >> NS_USER & 1))
		buffer_text(out, "with a new user namespace too (--new=user,...) it would take no "
				 "capability");
}

/* Who has what is missing. */
static void hint_who(const struct plan_facts *f, const struct verdict *v, struct buffer *out)
{
	bool initial = ns_is_initial(NS_USER, f->caller.ino[NS_USER]);

	/* Whose a process is that may not be looked at cannot be told; nobody is above the first.
	 */
	if (v->cap < 0 || (v->reason == REASON_ACCESS && v->user == USER_UNREAD && !initial))
		return;
	if (v->user < 0 && !(v->reason == REASON_ACCESS && v->user == USER_UNREAD))
		buffer_text(out,
			    "it takes somebody in a user namespace above, outside of this one");
	else
		buffer_printf(out, "root of user:[%llu] could, with %s",
			      (unsigned long long)f->users[USER_OWN].ino, cap_name(v->cap));
}

void verdict_hint(const struct plan_facts *f, const struct plan *plan, size_t step,
		  const struct verdict *v, struct buffer *out)
{
	enum plan_op op = plan->steps[step].op;

	switch (v->reason) {
	case REASON_USERNS_CLONE:
		buffer_text(out, "root of the host can set it: sysctl "
				 "kernel.unprivileged_userns_clone=1");
		return;
	case REASON_LIMIT:
		buffer_printf(out, "root can raise it: sysctl user.max_%s_namespaces=NUMBER",
			      ns_types[v->type].name);
		return;
	case REASON_CAP_SHOWN:
		buffer_printf(out, "with a new %s namespace too (--new=%s,...) it would work",
			      ns_types[v->type].title, ns_types[v->type].name);
		return;
	case REASON_ID_UNMAPPED:
		buffer_text(out, "-S and -G take ids that it has, and --preserve-credentials "
				 "changes none");
		return;
	default:
		break;
	}
	if (op == OP_JOIN || op == OP_JOIN_ONE)
		hint_join(f, plan->join, out);
	else if (op == OP_NEW && v->reason == REASON_CAP_HERE && !f->caller.chrooted)
		hint_create(plan, out);
	if (!out->len)
		hint_who(f, v, out);
}
