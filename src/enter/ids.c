/* SPDX-License-Identifier: MIT */
/*
 * Groups, ids and capabilities of the command. The order is the plan's; what is kept here is what
 * one step loses for the next: setresuid(2) away from 0 clears capabilities (capabilities(7)).
 */
#include <errno.h>
#include <grp.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <nsview/load_cap.h>

#include "ids.h"

static const struct wish_ids *ids(const struct session *s)
{
	return &s->job->wish->ids;
}

static bool becomes_other(const struct plan *plan)
{
	return (plan->set_uid && plan->uid != getuid() && plan->uid != geteuid()) ||
	       (plan->set_gid && plan->gid != getgid() && plan->gid != getegid());
}

int ids_groups(struct session *s, const struct plan_step *step)
{
	const struct wish_ids *w = ids(s);

	(void)step;
	if (setgroups(w->has_groups ? w->ngroups : 0, w->has_groups ? w->groups : NULL) == 0)
		return 0;
	/* Somebody else with our groups would have what is only ours. */
	return errno == EPERM && !w->has_groups && !becomes_other(s->job->plan) ? 0 : -errno;
}

int ids_gid(struct session *s, const struct plan_step *step)
{
	gid_t gid = s->job->plan->gid;

	(void)step;
	return setresgid(gid, gid, gid) < 0 ? -errno : 0;
}

static bool keeps_caps(const struct session *s)
{
	return ids(s)->keep_caps || ids(s)->cap_add;
}

int ids_uid(struct session *s, const struct plan_step *step)
{
	uid_t uid = s->job->plan->uid;

	(void)step;
	if (keeps_caps(s))
		prctl(PR_SET_KEEPCAPS, 1);
	if (setresuid(uid, uid, uid) < 0)
		return -errno;
	/* fs.suid_dumpable may say otherwise. */
	prctl(PR_SET_DUMPABLE, 0);
	return 0;
}

static uint64_t bounding_wanted(const struct session *s)
{
	const struct likeness *like = &s->prepared.like;
	uint64_t keep = like->read ? like->bounding | ids(s)->cap_add : UINT64_MAX;

	return keep & ~ids(s)->cap_drop;
}

int ids_bounding(struct session *s, const struct plan_step *step)
{
	uint64_t keep = bounding_wanted(s);

	(void)step;
	for (int cap = 0; cap < 64; cap++) {
		int has = prctl(PR_CAPBSET_READ, cap);

		if (has < 0) /* the last that the kernel knows was before it */
			return 0;
		if (has && !(keep >> cap & 1) && prctl(PR_CAPBSET_DROP, cap) < 0)
			return -errno;
	}
	return 0;
}

/* The permitted set that the command may have, as a mask. */
static int permitted(cap_t caps, uint64_t *out)
{
	*out = 0;
	for (int cap = 0; cap < 64; cap++) {
		cap_flag_value_t on = CAP_CLEAR;

		if (cap_get_flag(caps, cap, CAP_PERMITTED, &on) < 0)
			break;
		if (on == CAP_SET)
			*out |= (uint64_t)1 << cap;
	}
	return 0;
}

static int set_sets(uint64_t all, uint64_t inherited)
{
	cap_t caps = cap_init();
	int ret = 0;

	for (int i = 0; caps && i < 64; i++) {
		cap_value_t cap = i;

		if (all >> i & 1) {
			cap_set_flag(caps, CAP_PERMITTED, 1, &cap, CAP_SET);
			cap_set_flag(caps, CAP_EFFECTIVE, 1, &cap, CAP_SET);
		}
		if (inherited >> i & 1)
			cap_set_flag(caps, CAP_INHERITABLE, 1, &cap, CAP_SET);
	}
	if (!caps || cap_set_proc(caps) < 0)
		ret = -errno;
	cap_free(caps);
	return ret;
}

/*
 * What passes an exec of somebody who is not root is the ambient set, which has to be permitted and
 * inheritable; of root it is the bounding set.
 */
int ids_caps(struct session *s, const struct plan_step *step)
{
	cap_t now = cap_get_proc();
	uint64_t have = 0, pass;
	int ret = now ? permitted(now, &have) : -errno;

	(void)step;
	cap_free(now);
	if (ret < 0)
		return ret;
	if (ids(s)->cap_add & ~have)
		return session_words(s, -EPERM,
				     "a capability of --cap-add is not there to be given: it is "
				     "not in the permitted set in this user namespace");
	have &= ~ids(s)->cap_drop;
	pass = ids(s)->keep_caps ? have : have & ids(s)->cap_add;
	ret = set_sets(have, pass);
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0 && pass)
		return -errno;
	for (int cap = 0; ret == 0 && cap < 64; cap++)
		if (pass >> cap & 1 && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0) < 0)
			ret = -errno;
	return ret;
}

int ids_no_new_privs(struct session *s, const struct plan_step *step)
{
	(void)s;
	(void)step;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : 0;
}
