/* SPDX-License-Identifier: MIT */
/*
 * The first process of a pid namespace, which has duties: whatever loses its parent becomes its
 * child, a signal without a handler does nothing to it, and with its end everything ends. Knows the
 * command as a pid, the front as two descriptors.
 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nsview/kern.h>
#include <nsview/reaper.h>

enum { SIGNALLED = 128, NSIGINFO = 16 };

struct state {
	const struct reaper *r;
	pid_t command;
	int signals;	/* signalfd */
	bool abandoned; /* the front is gone, and the command was told */
};

static void report(const struct state *s, int status)
{
	while (write(s->r->status_fd, &status, sizeof(status)) < 0 && errno == EINTR)
		;
}

/* As waitpid(2) would have it. */
static int status_of(const siginfo_t *info)
{
	switch (info->si_code) {
	case CLD_EXITED:
		return W_EXITCODE(info->si_status & 0xff, 0);
	case CLD_DUMPED:
		return W_EXITCODE(0, info->si_status) | WCOREFLAG;
	case CLD_STOPPED:
	case CLD_TRAPPED:
		return W_STOPCODE(info->si_status);
	case CLD_CONTINUED:
		return __W_CONTINUED;
	default:
		return W_EXITCODE(0, info->si_status);
	}
}

static _Noreturn void end_with(int status)
{
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : SIGNALLED + WTERMSIG(status));
}

/* All there are: one SIGCHLD may stand for many. */
static void reap(const struct state *s)
{
	for (;;) {
		siginfo_t info = { 0 };
		int status;

		if (waitid(P_ALL, 0, &info, WEXITED | WSTOPPED | WCONTINUED | WNOHANG) < 0 ||
		    info.si_pid == 0)
			return;
		if (info.si_pid != s->command)
			continue;
		status = status_of(&info);
		report(s, status);
		if (!WIFSTOPPED(status) && !WIFCONTINUED(status))
			end_with(status);
	}
}

static void tell(const struct state *s, int sig)
{
	if (s->command > 1)
		kill(s->command, sig);
}

/*
 * A process outside of the namespace has no number in it. What a terminal sends has gone to the
 * command as well, and what is sent to us from inside is meant for us, who need nothing.
 */
static bool is_from_outside(const struct signalfd_siginfo *info)
{
	return info->ssi_pid == 0 && (info->ssi_code == SI_USER || info->ssi_code == SI_QUEUE ||
				      info->ssi_code == SI_TKILL);
}

static void take_signals(const struct state *s)
{
	struct signalfd_siginfo info[NSIGINFO];
	ssize_t n = read(s->signals, info, sizeof(info));
	bool children = false;

	for (ssize_t i = 0; i < n / (ssize_t)sizeof(info[0]); i++) {
		if (info[i].ssi_signo == SIGCHLD)
			children = true;
		else if (is_from_outside(&info[i]))
			tell(s, (int)info[i].ssi_signo);
	}
	if (children)
		reap(s);
}

static void front_is_gone(struct state *s)
{
	if (s->r->kill_child == 0 || s->r->kill_child == SIGKILL)
		_exit(SIGNALLED + SIGKILL);
	if (!s->abandoned)
		tell(s, s->r->kill_child);
	s->abandoned = true;
}

static _Noreturn void serve(struct state *s)
{
	for (;;) {
		struct pollfd fds[] = {
			{ .fd = s->signals, .events = POLLIN },
			{ .fd = s->abandoned ? -1 : s->r->life_fd, .events = POLLIN },
		};

		/* With us everything would end: what fails now is tried again. */
		if (poll(fds, 2, -1) < 0)
			continue;
		if (fds[1].revents)
			front_is_gone(s);
		if (fds[0].revents)
			take_signals(s);
	}
}

/* What the command and its pipes must not have to wait for. */
static void close_all_but(int fds[], size_t n)
{
	unsigned next = 0;

	for (size_t done = 0; done < n; done++) {
		size_t least = done;

		for (size_t i = done + 1; i < n; i++)
			least = fds[i] < fds[least] ? i : least;
		if ((unsigned)fds[least] > next)
			kern_close_range(next, (unsigned)fds[least] - 1);
		next = (unsigned)fds[least] + 1;
		fds[least] = fds[done];
	}
	kern_close_range(next, ~0U);
}

/* All that can be taken; those that a fault of ours makes stay deadly. */
static void signals_to_take(sigset_t *out)
{
	static const int faults[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSYS, SIGTRAP };

	sigfillset(out);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		sigdelset(out, faults[i]);
}

/* What PID 1 hands to PID 2. */
struct starting {
	const struct reaper *r;
	struct sigaction sigchld; /* as it was given to us */
};

static int command_start(void *arg)
{
	const struct starting *st = arg;

	sigaction(SIGCHLD, &st->sigchld, NULL);
	sigprocmask(SIG_SETMASK, &st->r->mask, NULL);
	return st->r->command(st->r->arg);
}

int reaper_start(const struct reaper *r)
{
	const struct sigaction dfl = { .sa_handler = SIG_DFL };
	struct starting st = { .r = r };
	struct state s = { .r = r };
	sigset_t all;

	signals_to_take(&all);
	/* Before the fork, so that nothing is lost; a parent that ignores SIGCHLD gets none. */
	sigaction(SIGCHLD, &dfl, &st.sigchld);
	sigprocmask(SIG_SETMASK, &all, NULL);
	s.signals = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
	if (s.signals < 0)
		return -errno;
	/* Whatever happens to us; the descriptor says it without a race. */
	if (r->kill_child == 0 || r->kill_child == SIGKILL)
		prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	/* Before the command can see it; its own name comes with its exec. */
	prctl(PR_SET_NAME, "nsview-init", 0, 0, 0);
	s.command = (r->executes ? kern_clone_borrowed : kern_clone_copied)(command_start, &st);
	if (s.command < 0)
		return s.command;
	close_all_but((int[]){ r->status_fd, r->life_fd, s.signals }, 3);
	serve(&s);
}
