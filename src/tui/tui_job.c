/* SPDX-License-Identifier: MIT */
/*
 * Runs a command in the foreground. It stays in our process group, so that whoever started us sees
 * one job, which stops and goes on as a whole (setpgid(2), tcsetpgrp(3)); a shell inside that makes
 * groups of its own may leave the terminal to one that is gone, so we take it back. Knows nothing
 * of what runs.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <nsview/cleanup.h>

#include "tui_job.h"
#include "tui_spawn.h"

extern char **environ;

/* Those that the terminal sends to all of its foreground, or that are for us to pass on. */
static const int watched[] = {
	SIGCHLD, SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH
};

struct job {
	pid_t pid;
	int signals; /* signalfd */
	struct job_end *end;
};

static int start(struct job *j, char **argv, int heard, int end)
{
	posix_spawn_file_actions_t files;
	pid_t pid;

	posix_spawn_file_actions_init(&files);
	if (heard >= 0)
		posix_spawn_file_actions_adddup2(&files, end, heard);
	pid = tui_spawn(argv, environ, &files, false);
	posix_spawn_file_actions_destroy(&files);
	j->pid = pid > 0 ? pid : 0;
	return pid < 0 ? pid : 0;
}

/* false once it has ended. */
static bool goes_on(struct job *j)
{
	pid_t pid = -1;
	int status;

	while (j->pid > 1 && (pid = waitpid(j->pid, &status, WNOHANG | WUNTRACED)) == j->pid) {
		if (!WIFSTOPPED(status)) {
			j->end->status = status;
			j->pid = 0;
			return false;
		}
		/* With it, as one job. */
		tui_stop();
		kill(j->pid, SIGCONT);
	}
	if (pid != 0)
		j->pid = 0; /* somebody else has waited for it */
	return pid == 0;
}

/* As if the terminal went away, since a shell at one ignores SIGTERM; who insists means it. */
static void end_it(struct job *j, int signal)
{
	if (j->pid > 1)
		kill(j->pid, j->end->signalled ? SIGKILL : SIGHUP);
	j->end->signalled = signal;
}

static void read_signals(struct job *j)
{
	struct signalfd_siginfo info;

	while (read(j->signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
		if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGHUP)
			end_it(j, (int)info.ssi_signo);
}

static void wait_for_end(struct job *j)
{
	while (goes_on(j)) {
		struct pollfd fd = { .fd = j->signals, .events = POLLIN };

		poll(&fd, 1, -1);
		read_signals(j);
	}
}

/* Who is in the background is stopped for taking it, unless that is blocked. */
static void take_terminal_back(void)
{
	const sigset_t set = tui_signals((int[]){ SIGTTOU }, 1);
	sigset_t old;

	pthread_sigmask(SIG_BLOCK, &set, &old);
	tcsetpgrp(STDIN_FILENO, getpgrp());
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

static int run(struct job *j, char **argv, int heard, bool *out_heard, struct error *err)
{
	bool foreground = tcgetpgrp(STDIN_FILENO) == getpgrp();
	autoclose int read_end = -1;
	int ends[2], ret;
	char byte;

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
		return error_set(err, -errno, "cannot make a pipe: %s", strerror(errno));
	read_end = ends[0];
	ret = start(j, argv, heard, ends[1]);
	close(ends[1]);
	if (ret < 0)
		return error_set(err, ret, "cannot start it: %s", strerror(-ret));
	wait_for_end(j);
	if (foreground)
		take_terminal_back();
	*out_heard = read(read_end, &byte, 1) == 1;
	return 0;
}

int tui_job_run(char **argv, int heard, struct job_end *out, bool *out_heard, struct error *err)
{
	struct job j = { .signals = -1, .end = out };
	struct sigaction old_action, action = { .sa_handler = SIG_DFL };
	const sigset_t set = tui_signals(watched, sizeof(watched) / sizeof(*watched));
	sigset_t old;
	int ret;

	*out = (struct job_end){ 0 };
	*out_heard = false;
	/* Ignored, nobody would tell us that it has ended. */
	sigaction(SIGCHLD, &action, &old_action);
	pthread_sigmask(SIG_BLOCK, &set, &old);
	j.signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	ret = j.signals < 0 ? error_set(err, -errno, "cannot watch signals: %s", strerror(errno))
			    : run(&j, argv, heard, out_heard, err);
	if (j.signals >= 0) {
		read_signals(&j); /* what was typed for it is not for us either */
		close(j.signals);
	}
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	sigaction(SIGCHLD, &old_action, NULL);
	return ret;
}

void tui_job_pause(void)
{
	static const struct timespec at_once = { 0, 0 };
	autoclose int signals = -1;
	struct pollfd fds[2] = { { .fd = STDIN_FILENO, .events = POLLIN }, { .events = POLLIN } };
	const sigset_t typed = tui_signals((int[]){ SIGINT, SIGQUIT }, 2);
	const sigset_t set = tui_signals((int[]){ SIGINT, SIGQUIT, SIGTERM, SIGHUP }, 4);
	char line[256];

	signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	fds[1].fd = signals;
	while (poll(fds, 2, -1) < 0 && errno == EINTR)
		;
	/* At its end the terminal is gone, which whoever reads keys will find too. */
	if (fds[0].revents & POLLIN && read(STDIN_FILENO, line, sizeof(line)) < 0)
		return;
	/* Whoever wants us to end is still to be heard. */
	while (sigtimedwait(&typed, NULL, &at_once) > 0)
		;
}
