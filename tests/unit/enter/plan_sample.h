/* SPDX-License-Identifier: MIT */
/* Facts made by hand for the tests of plan: what entry_facts would have read. */
#ifndef NSVIEW_TESTS_PLAN_SAMPLE_H
#define NSVIEW_TESTS_PLAN_SAMPLE_H

#include <linux/capability.h>
#include <string.h>

#include <nsview/plan.h>

#define BIT(type) (1U << NS_##type)
#define CAP(name) ((uint64_t)1 << CAP_##name)

enum { EVERY = (1 << NS_TYPES) - 1, UID = 1000, PID = 812 };

/* users[0] the host's, [1] made by UID, [2] made by UID inside [1], [3] made by root. */
static struct plan_user sample_users[] = {
	{ 4026531837, USER_OUTSIDE, NO_ID },
	{ 4026532001, 0, UID },
	{ 4026532002, 1, UID },
	{ 4026532003, 0, 0 },
};

static inline uint64_t own_ino(int type)
{
	return ns_types[type].initial_ino;
}

static inline uint64_t other_ino(int type)
{
	return 4026532100U + (unsigned)type;
}

static inline void be_nobody(struct plan_facts *f, uint64_t caps)
{
	f->caller.ruid = f->caller.euid = f->caller.rgid = f->caller.egid = UID;
	f->caller.effective = f->caller.permitted = caps;
}

/* Root of the host, and a process that is in the very same namespaces. */
static inline struct plan_facts host_facts(void)
{
	struct plan_facts f = {
		.has_target = true,
		.detailed = true,
		.users = sample_users,
		.nusers = 4,
		.caller = { .effective = UINT64_MAX,
			    .permitted = UINT64_MAX,
			    .euid_mapped = true,
			    .egid_mapped = true },
		.target = { .pid = PID,
			    .has_pidfd = true,
			    .has_ids = true,
			    .uid = NO_ID,
			    .gid = NO_ID },
		.settings = { .userns_clone = -1, .apparmor_restrict = -1 },
	};

	for (int i = 0; i < NS_TYPES; i++) {
		f.caller.ino[i] = f.target.ns[i].ino = own_ino(i);
		f.settings.max[i] = 1000;
	}
	f.caller.pid_for_children = f.caller.ino[NS_PID];
	f.target.ns[NS_PID].is_below = ANSWER_YES;
	return f;
}

/* The target is in others of these types, which this user namespace owns. */
static inline void set_apart(struct plan_facts *f, unsigned types, int owner)
{
	for (int i = 0; i < NS_TYPES; i++) {
		if (!(types >> i & 1))
			continue;
		f->target.ns[i].ino = i == NS_USER ? sample_users[owner].ino : other_ino(i);
		f->target.ns[i].owner = owner;
	}
	if (types & BIT(USER))
		f->target.user = owner;
}

/* A container of an ordinary user, in which root is that user. */
static inline void set_own_container(struct plan_facts *f)
{
	static struct id_range ids[] = { { 0, UID, 1 }, { 1, 100000, 65536 } };

	set_apart(f, EVERY, 1);
	f->target.uid_map = f->target.gid_map = (struct plan_map){ ids, 2, true };
	f->target.may_setgroups = ANSWER_YES;
	for (int i = 0; i < 3; i++)
		f->target.uids[i] = f->target.gids[i] = UID;
}

#endif
