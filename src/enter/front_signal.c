/* SPDX-License-Identifier: MIT */
/*
 * Signals of the front. The terminal sends its own to the whole process group, in which the command
 * is too; only what a process sent to the front alone is passed on. The front stops when the
 * command stops, so that the shell that started it sees one job.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "front.h"

static const int watched[] = { SIGINT,	SIGQUIT, SIGTSTP,  SIGTERM, SIGHUP, SIGUSR1,
			       SIGUSR2, SIGCONT, SIGWINCH, SIGCHLD, SIGALRM };

enum { WATCHED = sizeof(watched) / sizeof(*watched) };

int front_block(struct front *f)
{
	sigset_t set;

	sigemptyset(&set);
	for (int i = 0; i < WATCHED; i++)
		sigaddset(&set, watched[i]);
	sigprocmask(SIG_BLOCK, &set, &f->s->mask);
	sigemptyset(&f->pending);
	f->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return f->signals < 0
		       ? error_set(f->err, -errno, "cannot watch for signals: %s", strerror(errno))
		       : 0;
}

/* To the command; of a number that could mean many processes nothing is sent. */
static void send_child(const struct front *f, int sig)
{
	pid_t group = f->pty ? pty_group(f->pty) : 0;

	if (group > 1)
		killpg(group, sig);
	/* A shell on a pseudo-terminal has left the group that it was born into. */
	if (f->child > 1 && (group <= 1 || getpgid(f->child) != group))
		kill(f->child, sig);
}

static void forward(struct front *f, int sig)
{
	if (f->child)
		send_child(f, sig);
	else
		sigaddset(&f->pending, sig);
}

void front_flush(struct front *f)
{
	for (int i = 0; i < WATCHED; i++)
		if (sigismember(&f->pending, watched[i]) == 1)
			send_child(f, watched[i]);
	sigemptyset(&f->pending);
}

/*
 * Stops this process as the signal would, though it is blocked. False where it has not stopped:
 * the kernel stops nobody whom no shell would continue, nor do we.
 */
static bool stop_self(const struct front *f, int sig)
{
	const struct timespec at_once = { 0, 0 };
	sigset_t set;

	if (getpid() <= 1 || (sig == SIGSTOP && f->terminal.fd < 0))
		return false;
	sigemptyset(&set);
	sigaddset(&set, sig);
	kill(getpid(), sig);
	if (sig != SIGSTOP) {
		sigprocmask(SIG_UNBLOCK, &set, NULL);
		sigprocmask(SIG_BLOCK, &set, NULL);
	}
	/* What has continued us is answered here, and not once more when the signalfd is read. */
	sigemptyset(&set);
	sigaddset(&set, SIGCONT);
	return sigtimedwait(&set, NULL, &at_once) == SIGCONT;
}

/* The command, and who was born into its group with it. */
static void continue_child(const struct front *f)
{
	pid_t group = f->pty ? pty_group(f->pty) : 0;

	if (group > 1)
		killpg(group, SIGCONT);
	if (f->child > 1)
		kill(f->child, SIGCONT);
}

/* As the terminal would have done it: a pipeline, or a script, stops as a whole. */
static bool stop_group(const struct front *f)
{
	pid_t group = getpgrp();

	if (group > 1)
		killpg(group, SIGTSTP);
	return stop_self(f, SIGTSTP);
}

void front_follow(struct front *f, enum pty_event event)
{
	while (event == PTY_STOP_TOO) {
		bool stopped = stop_group(f);

		event = pty_continued(f->pty);
		/* Nobody would continue us; and without the terminal it would stop again. */
		if (!stopped && !pty_attached(f->pty))
			return;
	}
	continue_child(f);
}

/*
 * A shell inside has a process group of its own for the foreground, which the shell outside does
 * not know: it gives the terminal to ours, and we pass it on before the command goes on.
 */
static void stop_with_child(struct front *f, int sig)
{
	pid_t group = terminal_held_by(&f->terminal, f->child);

	if (!stop_self(f, sig))
		return;
	terminal_look(&f->terminal);
	terminal_give(&f->terminal, group);
	continue_child(f);
}

void front_stopped(struct front *f, int sig)
{
	enum pty_event event;

	if (!f->pty) {
		stop_with_child(f, sig);
		return;
	}
	event = pty_stopped(f->pty, f->child, sig);
	if (event == PTY_STOP_TOO)
		front_follow(f, event);
}

static void continued(struct front *f)
{
	/* From the background to the foreground: there was no stop. */
	if (!f->terminal.foreground)
		terminal_look(&f->terminal);
	if (f->pty)
		front_follow(f, pty_continued(f->pty));
	else
		forward(f, SIGCONT);
}

static void handle(struct front *f, const struct signalfd_siginfo *info)
{
	int sig = (int)info->ssi_signo;

	switch (sig) {
	case SIGCHLD:
		break;
	case SIGCONT:
		continued(f);
		break;
	case SIGWINCH:
		if (f->pty)
			pty_resize(f->pty);
		else if (info->ssi_code <= 0)
			forward(f, sig);
		break;
	default:
		/* SI_KERNEL is the terminal's doing. With a pty the command is not in its session.
		 */
		if (info->ssi_code <= 0 || f->pty)
			forward(f, sig);
	}
}

int front_signals(struct front *f)
{
	struct signalfd_siginfo info;
	ssize_t n;

	while ((n = read(f->signals, &info, sizeof(info))) == sizeof(info))
		handle(f, &info);
	return n < 0 && errno != EAGAIN && errno != EINTR ? -errno : 0;
}

/* Without a second core: the command's own is the one that tells something. */
static void end_by(int sig)
{
	const struct rlimit none = { 0, 0 };
	sigset_t set;

	if (getpid() <= 1)
		return;
	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0);
	signal(sig, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, sig);
	kill(getpid(), sig);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

int front_end(struct front *f, int wait_status)
{
	(void)f;
	if (WIFEXITED(wait_status))
		return WEXITSTATUS(wait_status);
	end_by(WTERMSIG(wait_status));
	return 128 + WTERMSIG(wait_status);
}
