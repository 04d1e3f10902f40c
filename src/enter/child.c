/* SPDX-License-Identifier: MIT */
/*
 * The child: what has to be done inside, in the plan's order, and then exec. Nothing is looked up
 * here that names a file of the target, but the command itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <nsview/buffer.h>
#include <nsview/cleanup.h>
#include <nsview/kern.h>
#include <nsview/make.h>
#include <nsview/procfile.h>
#include <nsview/reaper.h>

#include "ids.h"
#include "inside.h"
#include "program.h"
#include "pty_owner.h"
#include "session.h"

typedef int (*step_function)(struct session *s, const struct plan_step *step);

/* All that new namespaces need is one call: its steps are in the plan to be read. */
static int make_all(struct session *s)
{
	struct error err = { 0 };
	int ret = s->job->make ? make_inside(s->job->make, &err) : 0;

	return ret < 0 ? session_words(s, ret, "%s", err.text) : 0;
}

static void go_on(struct session *s, size_t first, struct report *r);

/* PID 2: what comes after the reaper in the plan is its to do. */
static int command_main(void *arg)
{
	struct session *s = arg;
	struct report r = { .kind = REPORT_FAILED, .status = ENTER_FAILED };

	go_on(s, (size_t)plan_find(s->job->plan, OP_REAPER) + 1, &r);
	report_send(s->sock, &r);
	return r.status;
}

/* Returns only where it fails. */
static int do_reaper(struct session *s, const struct plan_step *step)
{
	const struct reaper r = {
		.status_fd = s->status_fd,
		.life_fd = s->life,
		.kill_child = s->job->wish->session.kill_child,
		.mask = s->mask,
		.command = command_main,
		.arg = s,
		.executes = !s->job->instead,
	};

	(void)step;
	return reaper_start(&r);
}

static const step_function functions[PLAN_OPS] = {
	[OP_CHROOT] = inside_root,    [OP_WD] = inside_wd,
	[OP_RESOLV] = inside_resolv,  [OP_REAPER] = do_reaper,
	[OP_LIMITS] = ids_limits,     [OP_CONTEXT] = ids_context,
	[OP_BOUNDING] = ids_bounding, [OP_GROUPS] = ids_groups,
	[OP_GID] = ids_gid,	      [OP_UID] = ids_uid,
	[OP_CAPS] = ids_caps,	      [OP_NO_NEW_PRIVS] = ids_no_new_privs,
};

static int steps_from(struct session *s, size_t first, int *out_step)
{
	const struct plan *plan = s->job->plan;
	int ret = 0;

	for (size_t i = first; ret == 0 && i < plan->nsteps; i++) {
		const struct plan_step *step = &plan->steps[i];

		*out_step = (int)i;
		if (step->actor != ACTOR_CHILD || !functions[step->op])
			continue;
		ret = functions[step->op](s, step);
		if (step->optional && ret == -EPERM)
			ret = 0;
	}
	return ret;
}

static void say_inside(const struct session *s)
{
	struct report r = { .kind = REPORT_INSIDE };

	if (s->sock < 0 || s->job->wish->session.info_fd < 0)
		return;
	report_namespaces(s, &r);
	report_send(s->sock, &r);
}

/*
 * Joining and changing ids have cleared both: it is done last. The front may have ended before the
 * signal was asked for, and then its end of the socket is closed; getppid(2) would not tell, since
 * a parent outside of the pid namespace has no number.
 */
static int tie_to_front(struct session *s)
{
	const struct wish_session *w = &s->job->wish->session;
	struct pollfd p = { .fd = s->sock, .events = POLLIN };
	int n;

	prctl(PR_SET_DUMPABLE, 0);
	if (s->sock < 0)
		return session_tie_to_parent(s) ? 0 : -ESRCH;
	prctl(PR_SET_PDEATHSIG, w->kill_child ? w->kill_child : SIGKILL);
	n = poll(&p, 1, 0);
	if (n < 0)
		return session_words(s, -errno, "cannot see whether nsview is still there: %s",
				     strerror(errno));
	return n == 0 ? 0 : -ESRCH;
}

/* That the front knows of us, who could not end us else. */
static int wait_at_gate(struct session *s)
{
	ssize_t n;
	char byte;

	do
		n = s->gate < 0 ? 1 : read(s->gate, &byte, 1);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return session_words(s, -errno, "cannot hear whether nsview knows its child: %s",
				     strerror(errno));
	return n ? 0 : -ESRCH;
}

static void restore_signals(const struct session *s)
{
	if (!s->job->sigpipe_ignored)
		signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, s->xfsz);
	signal(SIGCHLD, s->chld);
	sigprocmask(SIG_SETMASK, &s->mask, NULL);
}

/* What the front does with the child before it goes on. */
static bool wait_for_front(const struct session *s)
{
	struct report r = { 0 };

	if (s->sock < 0 || plan_find(s->job->plan, OP_PERSIST) < 0)
		return true;
	return report_receive(s->sock, &r) == 1 && r.kind == REPORT_GO;
}

/* The end of the socket tells the front that it runs, as exec does. */
static _Noreturn void run_instead(struct session *s)
{
	if (s->sock >= 0)
		close(s->sock);
	_exit(s->job->instead(s->job->instead_arg));
}

/* The steps from the first on, and then exec; returns with what has failed. */
static void go_on(struct session *s, size_t first, struct report *r)
{
	r->step = -1;
	r->error = steps_from(s, first, &r->step);
	if (r->error == 0) {
		say_inside(s);
		r->error = wait_at_gate(s);
		if (r->error == 0)
			r->error = tie_to_front(s);
		if (r->error == -ESRCH) /* nobody is left to hear of it */
			_exit(ENTER_FAILED);
	}
	if (r->error == 0) {
		restore_signals(s);
		if (s->job->instead)
			run_instead(s);
		r->error = program_run(s, &r->status);
		r->step = plan_find(s->job->plan, OP_EXEC);
	}
	snprintf(r->text, sizeof(r->text), "%s", s->detail);
}

int child_run(struct session *s, struct report *out_failure)
{
	struct report *r = out_failure;

	*r = (struct report){ .kind = REPORT_FAILED, .status = ENTER_FAILED, .step = -1 };
	prctl(PR_SET_DUMPABLE, 0);
	if (!wait_for_front(s))
		return r->error = -ECANCELED;
	r->error = make_all(s);
	if (r->error == 0) {
		pty_give(s);
		go_on(s, 0, r);
	} else
		snprintf(r->text, sizeof(r->text), "%s", s->detail);
	return r->error;
}
