/* SPDX-License-Identifier: MIT */
/* How the front starts the helper: what joins them, and whose memory the helper works in. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <nsview/kern.h>

#include "front.h"

/* What start hands to the helper. */
struct starting {
	struct front *f;
	int *pair, *life, *status;
};

static int helper_start(void *arg)
{
	const struct starting *st = arg;
	struct session s = *st->f->s;

	close(st->pair[0]);
	close(st->f->signals);
	terminal_close(&st->f->terminal);
	if (st->life[1] >= 0)
		close(st->life[1]);
	if (st->status[0] >= 0)
		close(st->status[0]);
	s.sock = st->pair[1];
	s.life = st->life[0];
	s.status_fd = st->status[1];
	if (s.job->wish->session.info_fd >= 0)
		close(s.job->wish->session.info_fd);
	pid_file_leave(&st->f->pid_file);
	helper_main(&s);
}

/*
 * Where the helper asks us for nothing, it can work in our memory while we stand still, which saves
 * a copy; it is not in the target's PID namespace, where somebody might look into it. Time
 * namespaces and new user namespaces want it to have memory of its own (setns(2), unshare(2)).
 */
static bool may_borrow(const struct front *f)
{
	const struct plan *plan = f->s->job->plan;

	return !f->pty && !plan->create && !(plan->join >> NS_TIME & 1);
}

static pid_t fork_helper(struct starting *st)
{
	pid_t pid;

	if (may_borrow(st->f))
		return kern_clone_borrowed(helper_start, st);
	pid = st->f->pty ? pty_fork(st->f->pty, st->f->err) : fork();
	if (pid == 0)
		helper_start(st);
	return pid < 0 && !st->f->pty ? -errno : pid;
}

int front_start(struct front *f, int pair[2], int life[2], int status[2])
{
	struct starting st = { f, pair, life, status };
	pid_t pid = fork_helper(&st);

	if (pid < 0)
		return f->err->code ? f->err->code
				    : op_failure(f->s->job->facts, OP_HELPER,
						 &(struct plan_subject){ 0 }, pid, f->err);
	f->helper = pid;
	return 0;
}

int front_channels(struct front *f, int pair[2], int life[2], int status[2])
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	if (plan_find(f->s->job->plan, OP_REAPER) < 0)
		return 0;
	if (pipe2(life, O_CLOEXEC) < 0 || pipe2(status, O_CLOEXEC) < 0)
		return -errno;
	/* The reaper may write at its leisure, and the front has other things to do. */
	return fcntl(status[0], F_SETFL, O_NONBLOCK) < 0 ? -errno : 0;
}
