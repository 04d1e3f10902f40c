/* SPDX-License-Identifier: MIT */
/*
 * Words for the kernel's rules: which namespace, which capability in which user namespace, which
 * map, which setting. The caller is nsview itself or, where somebody asks on behalf of a process,
 * that one.
 */
#include <linux/capability.h>

#include "plan_internal.h"

static const struct {
	int cap;
	const char *name;
} cap_names[] = {
	{ CAP_SYS_ADMIN, "CAP_SYS_ADMIN" },   { CAP_SYS_CHROOT, "CAP_SYS_CHROOT" },
	{ CAP_SYS_PTRACE, "CAP_SYS_PTRACE" }, { CAP_SETUID, "CAP_SETUID" },
	{ CAP_SETGID, "CAP_SETGID" },	      { CAP_NET_ADMIN, "CAP_NET_ADMIN" },
	{ CAP_SETFCAP, "CAP_SETFCAP" },	      { CAP_SETPCAP, "CAP_SETPCAP" },
};

const char *cap_name(int cap)
{
	for (size_t i = 0; i < sizeof(cap_names) / sizeof(cap_names[0]); i++)
		if (cap_names[i].cap == cap)
			return cap_names[i].name;
	return "a capability";
}

void type_titles(unsigned types, struct buffer *out)
{
	int left = __builtin_popcount(types);
	const char *end = left > 1 ? " namespaces" : " namespace";

	for (int i = 0; i < NS_TYPES; i++) {
		if (!(types >> i & 1))
			continue;
		buffer_text(out, ns_types[i].title);
		left--;
		if (left)
			buffer_text(out, left == 1 ? " and " : ", ");
	}
	buffer_text(out, end);
}

void target_words(const struct plan_facts *f, struct buffer *out)
{
	if (f && f->has_target && f->target.pid)
		buffer_printf(out, " of process %d", (int)f->target.pid);
}

static unsigned long long user_ino(const struct plan_facts *f, int user)
{
	return f->users[user].ino;
}

static void say_own(const struct plan_facts *f, struct buffer *out)
{
	if (f->caller.pid)
		buffer_printf(out, "the user namespace of process %d", (int)f->caller.pid);
	else
		buffer_text(out, "our own user namespace");
}

/* Which is a real one: the caller's, or one below it. */
static void say_user(const struct plan_facts *f, int user, struct buffer *out)
{
	buffer_printf(out, "user:[%llu]", user_ino(f, user));
	if (user != USER_OWN)
		return;
	buffer_text(out, ", ");
	say_own(f, out);
}

/* The one between the caller's user namespace and this: its creator has all capabilities in it. */
static const struct plan_user *first_below(const struct plan_facts *f, int user)
{
	int at = user;

	while (f->users[at].parent > USER_OWN)
		at = f->users[at].parent;
	return &f->users[at];
}

static void say_outside(const struct plan_facts *f, bool itself, struct buffer *out)
{
	buffer_text(out,
		    itself ? "it is neither " : "it belongs to a user namespace that is neither ");
	say_own(f, out);
	buffer_printf(out, ", user:[%llu], nor below that, so that no capability counts there",
		      user_ino(f, USER_OWN));
}

static void say_cap_owner(const struct plan_facts *f, const struct verdict *v, struct buffer *out)
{
	const struct plan_user *first;

	if (v->user < 0) {
		say_outside(f, v->type == NS_USER, out);
		return;
	}
	buffer_printf(out, "%s is missing in ", cap_name(v->cap));
	if (v->type == NS_USER)
		buffer_text(out, "it");
	else
		say_user(f, v->user, out);
	if (v->type != NS_USER)
		buffer_text(out, v->user == USER_OWN ? ", which owns it" : " which owns it");
	if (v->user == USER_OWN)
		return;
	first = first_below(f, v->user);
	buffer_printf(out, " (uid %u has it, who made user:[%llu], and whoever has it above that)",
		      first->owner, (unsigned long long)first->ino);
}

static void say_cap_here(const struct plan_facts *f, const struct verdict *v, struct buffer *out)
{
	buffer_printf(out, "%s is missing in ", cap_name(v->cap));
	if (v->user < 0)
		buffer_text(out, "the user namespace that owns our own network namespace, which is "
				 "above ours");
	else
		say_user(f, v->user, out);
	if (v->user > USER_OWN)
		buffer_text(out, ", which is to be joined too");
	else if (v->joining && f->target.ns[v->type].owner > USER_OWN)
		buffer_text(out, ", and joining takes it there as well as in the owner of what is "
				 "joined");
}

/* Of /proc and /sys. */
static void say_shown(const struct plan_facts *f, const struct verdict *v, struct buffer *out)
{
	buffer_printf(out, "it would show the present %s namespace, and %s is missing in ",
		      ns_types[v->type].title, cap_name(v->cap));
	if (v->user >= 0)
		say_user(f, v->user, out);
	else
		buffer_text(out, "a user namespace above ours");
	buffer_text(out, ", which owns that");
}

/* What is not mapped is shown as the kernel's overflow id, unless it is a real one. */
static void say_ids(const struct plan_facts *f, const char *kind, const uint32_t ids[3],
		    struct buffer *out)
{
	enum { OVERFLOW_ID = 65534 };

	buffer_printf(out, "%s %u", kind, ids[0]);
	if (ids[1] != ids[0] || ids[2] != ids[0])
		buffer_printf(out, "/%u/%u", ids[1], ids[2]);
	else if (ids[0] == OVERFLOW_ID && !ns_is_initial(NS_USER, f->caller.ino[NS_USER]))
		buffer_text(out, " (not mapped here)");
}

static bool all_are(const uint32_t ids[3], uint32_t id)
{
	return ids[0] == id && ids[1] == id && ids[2] == id;
}

static void say_whose(const struct plan_facts *f, struct buffer *out)
{
	const struct plan_target *t = &f->target;

	if (!all_are(t->uids, f->caller.ruid) || !all_are(t->gids, f->caller.rgid)) {
		buffer_text(out, "it runs as ");
		say_ids(f, "uid", t->uids, out);
		say_ids(f, ", gid", t->gids, out);
		buffer_printf(out, " and not as %u, %u", f->caller.ruid, f->caller.rgid);
	} else if (t->dumpable == ANSWER_NO) {
		buffer_text(out, "it is not dumpable (its program may not be read, or changes ids, "
				 "or it wants it so)");
	} else {
		buffer_text(out, "it has capabilities that are missing here, or is in a user "
				 "namespace that somebody else made");
	}
}

static void say_access(const struct plan_facts *f, struct buffer *out)
{
	const struct plan_target *t = &f->target;

	if (!t->has_ids) {
		buffer_text(out, "that takes its ids, or CAP_SYS_PTRACE in its user namespace");
		return;
	}
	say_whose(f, out);
	buffer_text(out, ", and CAP_SYS_PTRACE is missing in ");
	if (t->user >= 0)
		say_user(f, t->user, out);
	else
		buffer_text(out, "its user namespace");
}

static void say_unmapped(const struct plan_facts *f, const struct verdict *v, struct buffer *out)
{
	bool is_uid = v->cap == CAP_SETUID;
	const struct plan_map *map = is_uid ? &f->target.uid_map : &f->target.gid_map;
	enum { SHOWN = 4 };

	buffer_printf(out, "%u is not mapped in user:[%llu], whose %s has ", v->id,
		      (unsigned long long)f->target.ns[NS_USER].ino,
		      is_uid ? "uid_map" : "gid_map");
	if (!map->n)
		buffer_text(out, "not been written");
	for (size_t i = 0; i < map->n && i < SHOWN; i++) {
		const struct id_range *r = &map->ranges[i];

		buffer_printf(out, "%s%u", i ? ", " : "", r->inside);
		if (r->count > 1)
			buffer_printf(out, " to %u", r->inside + (r->count - 1));
	}
	if (map->n > SHOWN)
		buffer_printf(out, " and %zu ranges more", map->n - SHOWN);
}

static const char *plain_words(enum plan_reason reason)
{
	static const char *const words[] = {
		[REASON_SAME_USER] = "it is the present user namespace, and that cannot be joined "
				     "again to regain capabilities",
		[REASON_NOT_BELOW] =
			"it is not below the present PID namespace, and the only way is "
			"down",
		[REASON_PID_PENDING] =
			"children are to be born into another PID namespace already, "
			"and a fork has to come first",
		[REASON_PID_OWNER] =
			"the present PID namespace belongs to a user namespace that is "
			"not above the one that would own the new one",
		[REASON_CHROOTED] =
			"the root directory was changed by chroot(2), and there no user "
			"namespace may be made",
		[REASON_UNMAPPED] =
			"the uid or gid has no number in the present user namespace, so "
			"that nobody could be named as its creator",
		[REASON_USERNS_CLONE] = "kernel.unprivileged_userns_clone is 0, and CAP_SYS_ADMIN "
					"is missing in the initial user namespace",
		[REASON_SETGROUPS] = "setgroups(2) is denied in that user namespace "
				     "(/proc/PID/setgroups), or its gid_map is not written",
	};

	return words[reason];
}

void verdict_words(const struct plan_facts *f, const struct verdict *v, struct buffer *out)
{
	switch (v->reason) {
	case REASON_ACCESS:
		say_access(f, out);
		return;
	case REASON_CAP_OWNER:
		say_cap_owner(f, v, out);
		return;
	case REASON_CAP_HERE:
		say_cap_here(f, v, out);
		return;
	case REASON_ID_UNMAPPED:
		say_unmapped(f, v, out);
		return;
	case REASON_CAP_SHOWN:
		say_shown(f, v, out);
		return;
	case REASON_NOT_THERE:
		buffer_text(out, "not all that are to be given are in the permitted set in ");
		say_user(f, USER_OWN, out);
		return;
	case REASON_ROOT_MAP:
		buffer_text(out, "uid 0 would be somebody in there, and for that CAP_SETFCAP is "
				 "missing in ");
		say_user(f, v->user, out);
		return;
	case REASON_LIMIT:
		buffer_printf(out, "user.max_%s_namespaces is 0 in ", ns_types[v->type].name);
		say_own(f, out);
		return;
	default:
		buffer_text(out, plain_words(v->reason));
	}
}
