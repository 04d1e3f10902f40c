/* SPDX-License-Identifier: MIT */
/*
 * The session inside the pseudo-terminal. Its leader, the keeper, is a process of ours that stays
 * outside all namespaces; beside it lives a companion in the process group that the command is born
 * into. A group is orphaned, and can be stopped by no terminal, unless a member has its parent in
 * another group of the same session (setpgid(2), POSIX 11.1.4): the command's parent is the front,
 * in the person's session, but the companion's is the keeper. It also tells what stops the group,
 * which the front cannot see where the command is a child of a pid 1 in there.
 *
 * Both end when the front closes its socket, however that comes about.
 */
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>
#include <nsview/tty.h>

#include "pty_internal.h"

static void say(int fd, enum keeper_word word, int value)
{
	struct keeper_message m = { word, value };

	(void)!send(fd, &m, sizeof(m), MSG_NOSIGNAL);
}

static bool hear(int fd, struct keeper_message *out, int flags)
{
	ssize_t n;

	do
		n = recv(fd, out, sizeof(*out), flags);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)sizeof(*out);
}

/* Nothing but what is named stays open: what others wait for the end of must not live on here. */
static void close_others(int a, int b)
{
	int low = a < b ? a : b, high = a < b ? b : a;

	if (low > 0)
		kern_close_range(0, (unsigned)low - 1);
	if (high > low + 1)
		kern_close_range((unsigned)low + 1, (unsigned)high - 1);
	kern_close_range((unsigned)high + 1, ~0U);
}

static void block_all(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
}

/*
 * Does nothing but be there. SIGTSTP and the like are taken as they come; SIGSTOP stops it with the
 * rest, and SIGCONT lets it go on.
 */
_Noreturn static void companion_run(int fd)
{
	sigset_t stops;
	int stop_fd;

	sigemptyset(&stops);
	sigaddset(&stops, SIGTTIN);
	sigaddset(&stops, SIGTTOU);
	stop_fd = signalfd(-1, &stops, SFD_CLOEXEC);
	for (;;) {
		struct pollfd polls[2] = { { fd, 0, 0 }, { stop_fd, POLLIN, 0 } };
		struct signalfd_siginfo info;

		if (poll(polls, 2, -1) < 0 && errno != EINTR)
			_exit(1);
		if (polls[0].revents)
			_exit(0);
		if (polls[1].revents && read(stop_fd, &info, sizeof(info)) == sizeof(info))
			say(fd, KEEPER_STOPPED, (int)info.ssi_signo);
	}
}

static int answer(int slave, pid_t group, enum keeper_word word)
{
	pid_t now = tcgetpgrp(slave);

	/* Where a shell inside has put somebody in the foreground, that stays. */
	if (word == KEEPER_FOREGROUND)
		return now == group || (now == getpgrp() && tcsetpgrp(slave, group) == 0);
	if (now == group)
		return tcsetpgrp(slave, getpgrp()) < 0;
	return now != getpgrp();
}

_Noreturn static void keeper_serve(int fd, int slave, pid_t companion)
{
	struct keeper_message m;

	while (hear(fd, &m, 0))
		say(fd, KEEPER_ANSWER, answer(slave, companion, m.word));
	if (companion > 1) {
		kill(companion, SIGKILL);
		while (waitpid(companion, NULL, 0) < 0 && errno == EINTR)
			continue;
	}
	_exit(0);
}

/* The companion leads the group, so that the helper and all that it clones are born into it. */
static pid_t start_companion(int fd)
{
	pid_t pid = fork();

	if (pid == 0) {
		setpgid(0, 0);
		close_others(fd, fd);
		companion_run(fd);
	}
	if (pid > 0)
		setpgid(pid, pid);
	return pid < 0 ? -errno : pid;
}

/* In the helper: what the command shall have, and nothing else of ours. */
static void become_helper(struct pty *p, int fd, pid_t group, const sigset_t *mask)
{
	setpgid(0, group);
	for (int i = 0; i < 3; i++)
		if (p->replace[i])
			dup2(p->slave, i);
	close(fd);
	close(p->master);
	close(p->slave);
	if (p->tty >= 0)
		close(p->tty);
	p->master = p->slave = p->tty = -1;
	sigprocmask(SIG_SETMASK, mask, NULL);
}

/* Returns in the helper only. */
static void keeper_run(struct pty *p, int fd, const sigset_t *mask)
{
	pid_t companion, helper;

	block_all();
	if (setsid() < 0 || kern_tty_control(p->slave) < 0) {
		say(fd, KEEPER_HELPER, -errno);
		_exit(1);
	}
	companion = start_companion(fd);
	if (p->attached && companion > 1)
		tcsetpgrp(p->slave, companion);
	/* A sibling is the front's child, also where that is a pid 1: we are none. */
	helper = companion < 0 ? companion : kern_clone(CLONE_PARENT);
	if (helper == 0) {
		become_helper(p, fd, companion, mask);
		return;
	}
	say(fd, KEEPER_GROUP, companion);
	say(fd, KEEPER_HELPER, helper);
	close_others(fd, p->slave);
	keeper_serve(fd, p->slave, companion);
}

static pid_t hear_helper(struct pty *p)
{
	struct keeper_message m;

	while (hear(p->keeper_fd, &m, 0)) {
		if (m.word == KEEPER_GROUP && m.value > 1)
			p->group = m.value;
		if (m.word == KEEPER_HELPER)
			return m.value;
	}
	return -ECHILD;
}

pid_t pty_fork(struct pty *p, struct error *err)
{
	sigset_t mask;
	int pair[2];
	pid_t helper;

	/* Before there is a command that could read too early, and be stopped for it. */
	if (p->interactive)
		pty_attach(p);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return error_set(err, -errno, "cannot make a socket: %s", strerror(errno));
	sigprocmask(SIG_SETMASK, NULL, &mask);
	p->keeper = fork();
	if (p->keeper == 0) {
		close(pair[0]);
		keeper_run(p, pair[1], &mask);
		return 0;
	}
	close(pair[1]);
	p->keeper_fd = pair[0];
	if (p->keeper < 0)
		return error_set(err, -errno, "cannot fork: %s", strerror(errno));
	helper = hear_helper(p);
	if (helper < 0)
		return error_set(err, helper, "cannot start a session on the pseudo-terminal: %s",
				 strerror(-helper));
	return helper;
}

int keeper_ask(struct pty *p, enum keeper_word word)
{
	struct keeper_message m;

	if (p->keeper_fd < 0)
		return 0;
	say(p->keeper_fd, word, 0);
	while (hear(p->keeper_fd, &m, 0)) {
		/* What else it tells of is a stop, and that is what is being answered. */
		if (m.word == KEEPER_ANSWER)
			return m.value;
	}
	return 0;
}

int keeper_stop_seen(struct pty *p)
{
	struct keeper_message m;

	return hear(p->keeper_fd, &m, MSG_DONTWAIT) && m.word == KEEPER_STOPPED ? m.value : 0;
}
