/* SPDX-License-Identifier: MIT */
/*
 * The helper: joins and makes namespaces, then clones the command as the front's own child. What
 * it joins by descriptor it joins in the order in which permission lasts: all but the user
 * namespace, that one, then what had to wait for it (setns(2), user_namespaces(7)).
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>
#include <nsview/make.h>

#include "cgroup.h"
#include "session.h"

static int flags_of(unsigned types)
{
	int flags = 0;

	for (int i = 0; i < NS_TYPES; i++)
		if (types >> i & 1)
			flags |= ns_types[i].clone_flag;
	return flags;
}

/*
 * The target's namespaces of these types: those that were opened, else the process's. All before
 * the first is joined, since the way to /proc may be lost then. Exec closes them.
 */
static int open_all(const struct session *s, unsigned types, int fds[NS_TYPES])
{
	const struct enter_target *t = s->job->target;

	for (int i = 0; i < NS_TYPES; i++) {
		char path[32];

		fds[i] = t->ns_fds[i];
		if (!(types >> i & 1) || fds[i] >= 0)
			continue;
		snprintf(path, sizeof(path), "ns/%s", ns_types[i].name);
		fds[i] = openat(t->dir, path, O_RDONLY | O_CLOEXEC);
		if (fds[i] < 0)
			return -errno;
	}
	return 0;
}

/* Joins those that let themselves be joined now; what is left, and the last error. */
static unsigned join_some(const int fds[NS_TYPES], unsigned types, int *out_error)
{
	for (int i = 0; i < NS_TYPES; i++) {
		int ret;

		if (!(types >> i & 1))
			continue;
		ret = kern_setns(fds[i], ns_types[i].clone_flag);
		if (ret == 0)
			types &= ~(1U << i);
		else
			*out_error = ret;
	}
	return types;
}

static int join_each(const struct session *s, unsigned types)
{
	const unsigned user = 1U << NS_USER;
	unsigned left;
	int fds[NS_TYPES], error = 0;
	int ret = open_all(s, types, fds);

	if (ret < 0)
		return ret;
	left = join_some(fds, types & ~user, &error);
	if (types & user) {
		ret = kern_setns(fds[NS_USER], CLONE_NEWUSER);
		if (ret < 0)
			return ret;
		left = join_some(fds, left, &error);
	}
	return left ? error : 0;
}

static int do_join(struct session *s, const struct plan_step *step)
{
	const struct enter_target *t = s->job->target;
	int ret = t->pidfd < 0 ? -EINVAL : kern_setns(t->pidfd, flags_of(step->types));

	/*
	 * Before 5.8 setns(2) takes no pidfd. And all at once it goes by the capabilities that we
	 * have now: one by one, the user namespace gives those that the others ask for.
	 */
	return ret == -EINVAL || (ret == -EPERM && step->types >> NS_USER & 1)
		       ? join_each(s, step->types)
		       : ret;
}

static int do_drop_groups(struct session *s, const struct plan_step *step)
{
	(void)s;
	(void)step;
	return setgroups(0, NULL) < 0 ? -errno : 0;
}

static int do_new(struct session *s, const struct plan_step *step)
{
	struct error err = { 0 };
	int ret;

	if (step->op == OP_NEW_USER && s->job->make)
		make_leave_groups(s->job->make);
	ret = kern_unshare(flags_of(step->types));
	if (ret == 0 && step->types & 1U << NS_MNT && s->job->make)
		ret = make_younger(s->job->make, &err);
	return ret < 0 && err.code ? session_words(s, ret, "%s", err.text) : ret;
}

static int ask_front(struct session *s, enum report_kind kind)
{
	struct report r = { .kind = kind };

	if (kind == REPORT_WIRE)
		report_namespaces(s, &r);
	return report_ask(s->sock, &r) ? 0 : -ECANCELED;
}

/*
 * Files in /proc of a process that is not dumpable belong to root, and the front may not be. While
 * we are dumpable, a process with the front's uid has all capabilities over the new user namespace
 * and so over us, whatever else it lacks: nobody who is root in what was joined must get that.
 */
static int do_map(struct session *s, const struct plan_step *step)
{
	int ret;

	(void)step;
	if (s->euid != 0)
		prctl(PR_SET_DUMPABLE, 1);
	ret = ask_front(s, REPORT_MAPS);
	prctl(PR_SET_DUMPABLE, 0);
	return ret;
}

static int do_wire(struct session *s, const struct plan_step *step)
{
	(void)step;
	return ask_front(s, REPORT_WIRE);
}

static int do_offsets(struct session *s, const struct plan_step *step)
{
	struct error err = { 0 };
	int ret = make_offsets(s->job->make, &err);

	(void)step;
	return ret < 0 ? session_words(s, ret, "%s", err.text) : 0;
}

static int do_cgroup(struct session *s, const struct plan_step *step)
{
	(void)step;
	return cgroups_join(s);
}

/* A plan lists what is joined one by one in the order foreseen; join_each makes sure of it. */
static int do_join_all(struct session *s, const struct plan_step *step)
{
	const struct plan *plan = s->job->plan;
	unsigned types = 0;

	(void)step;
	if (s->joined)
		return 0;
	s->joined = true;
	for (size_t i = 0; i < plan->nsteps; i++)
		if (plan->steps[i].op == OP_JOIN_ONE)
			types |= plan->steps[i].types;
	return join_each(s, types);
}

typedef int (*step_function)(struct session *s, const struct plan_step *step);

/* Also of the front's steps those that the helper has to wait for. */
static const step_function functions[PLAN_OPS] = {
	[OP_CGROUP] = do_cgroup,   [OP_DROP_GROUPS] = do_drop_groups,
	[OP_JOIN] = do_join,	   [OP_JOIN_ONE] = do_join_all,
	[OP_NEW_USER] = do_new,	   [OP_MAP] = do_map,
	[OP_NEW] = do_new,	   [OP_VETH] = do_wire,
	[OP_OFFSETS] = do_offsets,
};

int helper_steps(struct session *s, int *out_step)
{
	const struct plan *plan = s->job->plan;

	for (size_t i = 0; i < plan->nsteps; i++) {
		const struct plan_step *step = &plan->steps[i];
		int ret = 0;

		*out_step = (int)i;
		if (step->op == OP_CLONE)
			return 0;
		if (functions[step->op] && step->actor != ACTOR_CHILD)
			ret = functions[step->op](s, step);
		if (ret < 0 && !(step->optional && ret == -EPERM))
			return ret;
	}
	return 0;
}

static _Noreturn void give_up(struct session *s, int step, int error)
{
	struct report r = {
		.kind = REPORT_FAILED,
		.step = step,
		.error = error,
		.status = ENTER_FAILED,
	};

	snprintf(r.text, sizeof(r.text), "%s", s->detail);
	report_send(s->sock, &r);
	_exit(ENTER_FAILED);
}

static _Noreturn void child_main(struct session *s)
{
	struct report r = { .kind = REPORT_FAILED };

	child_run(s, &r);
	report_send(s->sock, &r);
	_exit(r.status);
}

_Noreturn void helper_main(struct session *s)
{
	struct report r = { .kind = REPORT_CHILD };
	int gate[2], step = -1, ret;
	pid_t pid;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_DUMPABLE, 0);
	ret = helper_steps(s, &step);
	/* With fs.suid_dumpable, joining has changed it. */
	prctl(PR_SET_DUMPABLE, 0);
	if (ret < 0)
		give_up(s, step, ret);
	pid = pipe2(gate, O_CLOEXEC) < 0 ? -errno : kern_clone(CLONE_PARENT);
	if (pid < 0)
		give_up(s, plan_find(s->job->plan, OP_CLONE), (int)pid);
	if (pid == 0) {
		close(gate[1]);
		s->gate = gate[0];
		child_main(s);
	}
	r.value = (int32_t)pid;
	/* It waits at the gate: what the front does not know of is not run. */
	ret = report_send(s->sock, &r);
	if (ret == 0 && write(gate[1], "", 1) == 1)
		_exit(0);
	ret = ret == 0 ? -errno : ret;
	if (pid > 1)
		kill(pid, SIGKILL);
	session_words(s, ret, "the helper cannot tell which child it has started: %s",
		      strerror(-ret));
	give_up(s, plan_find(s->job->plan, OP_CLONE), ret);
}
