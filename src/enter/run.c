/* SPDX-License-Identifier: MIT */
/*
 * Decides how the command is run: as a child of ours with somebody beside it, or in our place,
 * where nothing has to be watched, and then runs it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/make.h>
#include <nsview/pty.h>

#include "pty_owner.h"
#include "session.h"

unsigned session_foreign(const struct enter_job *job)
{
	return job->plan->join | job->plan->create;
}

bool session_tie_to_parent(const struct session *s)
{
	if (!s->job->wish->session.die_with_parent)
		return true;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	return getppid() == s->parent;
}

static bool wants_pty(const struct session *s)
{
	const struct wish_session *w = &s->job->wish->session;
	unsigned foreign = session_foreign(s->job);
	autoclose int tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	struct pty_case c = {
		.share_tty = w->share_tty || w->no_fork,
		.pty = w->pty,
		.terminal = { isatty(0), isatty(1), isatty(2) },
		.controlling = tty >= 0,
		.user_differs = foreign >> NS_USER & 1,
		.mnt_differs = foreign >> NS_MNT & 1,
	};

	return enter_needs_pty(&c);
}

/* Both take effect for children only, and a map is written from outside. */
static bool needs_front(const struct session *s)
{
	const struct enter_wish *w = s->job->wish;
	const unsigned forked = 1U << NS_PID | 1U << NS_TIME;

	if (w->session.no_fork)
		return false;
	return session_foreign(s->job) & forked || w->session.pid_file || s->prepared.anchor >= 0 ||
	       w->session.info_fd >= 0 || w->session.kill_child || s->pty ||
	       s->job->plan->create >> NS_USER & 1 || plan_find(s->job->plan, OP_PERSIST) >= 0 ||
	       plan_find(s->job->plan, OP_VETH) >= 0;
}

static int open_pty(struct session *s, struct error *err)
{
	struct pty_wish wish = {
		.terminal = { isatty(0), isatty(1), isatty(2) },
		.forced = s->job->wish->session.pty,
		.root = s->job->plan->join >> NS_MNT & 1 ? s->job->target->root : -1,
		.owner = pty_owner(s),
	};

	return wants_pty(s) ? pty_open(&wish, &s->pty, err) : 0;
}

static int in_place(struct session *s, struct error *err)
{
	struct report r = { 0 };
	int step = -1, ret;

	/* Before anything is joined in which somebody might look into us. */
	prctl(PR_SET_DUMPABLE, 0);
	ret = helper_steps(s, &step);
	sigprocmask(SIG_SETMASK, NULL, &s->mask);
	if (ret == 0) {
		ret = child_run(s, &r);
		step = r.step;
	} else {
		r.status = ENTER_FAILED;
	}
	/* Where joining has failed we are still outside. */
	if (!s->job->facts->detailed)
		plan_facts_detail(s->job->source, s->job->facts);
	if (s->detail[0] || step < 0)
		error_set(err, ret, "%s", s->detail[0] ? s->detail : strerror(-ret));
	else if (ret == -ENOSPC && s->job->make && !(s->job->plan->join & 1U << NS_USER))
		make_limit(s->job->plan->create, err);
	else
		plan_failure(s->job->facts, s->job->plan, (size_t)step, ret, err);
	return r.status;
}

int enter_run(struct enter_job *job, struct error *err)
{
	struct session s = {
		.job = job,
		.sock = -1,
		.life = -1,
		.status_fd = -1,
		.exec_fd = -1,
		.gate = -1,
		.prepared.anchor = -1,
	};
	int ret, status = ENTER_FAILED;

	s.parent = getppid();
	s.euid = geteuid();
	s.xfsz = signal(SIGXFSZ, SIG_IGN);
	s.chld = signal(SIGCHLD, SIG_DFL);
	if (getauxval(AT_SECURE)) {
		error_set(err, -EPERM,
			  "nsview is installed setuid, setgid or with file capabilities: anybody "
			  "could enter anything with it, so it enters nothing");
		return ENTER_FAILED;
	}
	ret = prepare(&s, err);
	if (ret == 0)
		ret = open_pty(&s, err);
	if (ret == 0 && !session_tie_to_parent(&s))
		ret = error_set(err, -ESRCH, "who started nsview has ended (--die-with-parent)");
	if (ret == 0)
		status = needs_front(&s) ? front_run(&s, err) : in_place(&s, err);
	prepared_release(&s.prepared);
	return status;
}
