/* SPDX-License-Identifier: MIT */
/* How the front starts the helper: what joins them, and whose memory the helper works in. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>

#include "front.h"

/* What start hands to the helper. */
struct starting {
	struct front *f;
	struct channels *c;
};

/* May be our own memory: what is closed here is not to be forgotten there. */
static int helper_start(void *arg)
{
	const struct starting *st = arg;
	struct session s = *st->f->s;
	struct channels c = *st->c;

	close_fd(&c.sock[0]);
	close_fd(&c.life[1]);
	close_fd(&c.status[0]);
	close_fd(&c.exec[0]);
	close(st->f->signals);
	terminal_close(&st->f->terminal);
	s.sock = c.sock[1];
	s.life = c.life[0];
	s.status_fd = c.status[1];
	s.exec_fd = c.exec[1];
	/* 0 to 2 are the command's, whatever else they are. */
	if (s.job->wish->session.info_fd > STDERR_FILENO)
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

static int start(struct front *f, struct channels *c)
{
	struct starting st = { f, c };
	pid_t pid = fork_helper(&st);

	if (pid < 0)
		return f->err->code ? f->err->code
				    : op_failure(f->s->job->facts, OP_HELPER,
						 &(struct plan_subject){ 0 }, pid, f->err);
	f->helper = pid;
	return 0;
}

/* What is read from must not make the front wait, which has other things to do. */
static int open_pipe(int out[2])
{
	return pipe2(out, O_CLOEXEC) < 0 || fcntl(out[0], F_SETFL, O_NONBLOCK) < 0 ? -errno : 0;
}

static int open_channels(const struct session *s, struct channels *c)
{
	int ret = 0;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, c->sock) < 0)
		return -errno;
	if (s->prepared.anchor >= 0)
		ret = open_pipe(c->exec);
	if (ret < 0 || plan_find(s->job->plan, OP_REAPER) < 0)
		return ret;
	ret = pipe2(c->life, O_CLOEXEC) < 0 ? -errno : open_pipe(c->status);
	return ret;
}

int front_start(struct front *f)
{
	struct channels c = { { -1, -1 }, { -1, -1 }, { -1, -1 }, { -1, -1 } };
	int ret = open_channels(f->s, &c);

	if (ret < 0)
		error_set(f->err, ret, "cannot start a helper: %s", strerror(-ret));
	else
		ret = start(f, &c);
	close_fd(&c.sock[1]);
	close_fd(&c.life[0]);
	close_fd(&c.status[1]);
	close_fd(&c.exec[1]);
	f->sock = c.sock[0];
	f->life = c.life[1];
	f->status_fd = c.status[0];
	f->exec_fd = c.exec[0];
	return ret;
}
