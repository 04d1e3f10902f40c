/* SPDX-License-Identifier: MIT */
/*
 * The front: stays where it was started, starts the helper, does on the outside what the helper
 * asks for, and stays with the command until it ends. It learns that exec has succeeded by the end
 * of what exec closes, and only then tells anybody of the command.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>
#include <nsview/make.h>

#include "front.h"

enum { ERRNO_MAX = 4095 };

static void fail(struct front *f, int status)
{
	f->failed = true;
	f->status = status;
}

/* A failure that the helper or the child reports: its own words, else the plan's. */
static void take_failure(struct front *f, const struct report *r)
{
	const struct enter_job *job = f->s->job;

	if (f->failed)
		return;
	fail(f, r->status ? r->status : ENTER_FAILED);
	if (r->error == -ECANCELED && f->err->code)
		return;
	if (r->text[0]) {
		error_set(f->err, r->error, "%s", r->text);
		return;
	}
	if (r->error == -ENOSPC && job->make && !(job->plan->join & 1U << NS_USER)) {
		make_limit(job->plan->create, f->err);
		return;
	}
	if (!job->facts->detailed)
		plan_facts_detail(job->source, job->facts);
	if (r->step >= 0)
		plan_failure(job->facts, job->plan, (size_t)r->step, r->error, f->err);
	else
		error_set(f->err, r->error, "cannot enter: %s", strerror(-r->error));
}

/* Answers where all went well; else the asker finds the socket closed, and ends. */
static void answer(struct front *f, int ret)
{
	const struct report go = { .kind = REPORT_GO };

	if (ret == 0)
		ret = report_send(f->sock, &go);
	if (ret == 0)
		return;
	fail(f, ENTER_FAILED);
	if (!f->err->code && ret == -EPIPE)
		error_set(f->err, ret, "the helper has ended before its time");
	else if (!f->err->code)
		error_set(f->err, ret, "cannot let the helper go on: %s", strerror(-ret));
	shutdown(f->sock, SHUT_RDWR);
}

static void write_maps(struct front *f)
{
	struct make *make = f->s->job->make;
	int ret = make_write_maps(make, f->helper, f->err);

	if (ret == 0 && make_note(make) && f->s->job->wish->session.verbose)
		fprintf(stderr, "nsview: %s\n", make_note(make));
	answer(f, ret);
}

static void take_child(struct front *f, pid_t pid)
{
	const struct enter_job *job = f->s->job;

	f->child = pid > 1 ? pid : 0;
	if (plan_find(job->plan, OP_PERSIST) >= 0)
		answer(f, make_persist(job->make, f->child, job->plan->create, f->err));
	front_flush(f);
}

/* Socket and pipe have reached their ends: the command runs, unless something was reported. */
static void see_running(struct front *f)
{
	const struct wish_session *w = &f->s->job->wish->session;
	int ret;

	if (f->sock >= 0 || f->exec_fd >= 0 || f->failed || !f->child)
		return;
	ret = pid_file_write(&f->pid_file, f->child);
	if (ret < 0)
		fprintf(stderr, "nsview: cannot write the pid file: %s\n", strerror(-ret));
	ret = w->info_fd >= 0 ? info_write(w->info_fd, f->child, f->ino) : 0;
	if (ret < 0)
		fprintf(stderr, "nsview: cannot write to --info-fd: %s\n", strerror(-ret));
}

/* Whether the command runs cannot be known any more: it shall not. */
static void lose_word(struct front *f, int error)
{
	if (!f->failed) {
		fail(f, ENTER_FAILED);
		error_set(f->err, error,
			  "cannot hear whether the command runs, and so it is ended: %s",
			  strerror(-error));
	}
	if (f->child > 1)
		kill(f->child, SIGKILL);
}

static void take_reports(struct front *f)
{
	struct report r;
	int ret = report_receive(f->sock, &r);

	if (ret < 0)
		lose_word(f, ret);
	if (ret <= 0) {
		close_fd(&f->sock);
		see_running(f);
		return;
	}
	switch (r.kind) {
	case REPORT_FAILED:
		take_failure(f, &r);
		break;
	case REPORT_MAPS:
		write_maps(f);
		break;
	case REPORT_WIRE:
		answer(f, make_wire(f->s->job->make, f->helper, r.ino[NS_NET], f->err));
		break;
	case REPORT_CHILD:
		take_child(f, (pid_t)r.value);
		break;
	case REPORT_INSIDE:
		memcpy(f->ino, r.ino, sizeof(f->ino));
		break;
	default:
		break;
	}
}

/*
 * Of the anchor: why it is not the command. Whoever is inside may have got at its end of the pipe,
 * can keep it open, and write to it what it likes; last: the command has ended, whatever it says.
 */
static void take_exec(struct front *f, bool last)
{
	const struct plan *plan = f->s->job->plan;
	int error = 0;
	ssize_t n = f->exec_fd < 0 ? 0 : read(f->exec_fd, &error, sizeof(error));

	if (f->exec_fd < 0 || (n < 0 && !last))
		return;
	close_fd(&f->exec_fd);
	if (n == sizeof(error) && error > 0 && error <= ERRNO_MAX && !f->failed) {
		fail(f, error == ENOENT ? ENTER_NOT_FOUND : ENTER_NOT_EXECUTABLE);
		plan_failure(f->s->job->facts, plan, (size_t)plan_find(plan, OP_EXEC), -error,
			     f->err);
	}
	see_running(f);
}

/* Of the reaper: how the command that it has started fares. */
static void take_status(struct front *f)
{
	ssize_t n = 1;

	while (f->status_fd >= 0 && n > 0) {
		int status;

		n = read(f->status_fd, &status, sizeof(status));
		if (n == 0)
			close_fd(&f->status_fd);
		if (n != sizeof(status))
			continue;
		if (WIFSTOPPED(status)) {
			front_stopped(f, WSTOPSIG(status));
		} else if (!WIFCONTINUED(status)) {
			take_exec(f, true);
			f->wait_status = status;
			f->has_status = true;
		}
	}
}

static bool has_report(const struct front *f)
{
	struct pollfd sock = { .fd = f->sock, .events = POLLIN };

	return f->sock >= 0 && poll(&sock, 1, 0) > 0;
}

static void reap_helper(struct front *f)
{
	int status;

	if (f->helper <= 1 || waitpid(f->helper, &status, WNOHANG) != f->helper)
		return;
	f->helper = 0;
	/* Its last report may have come after we looked, and before it ended. */
	while (!f->child && !f->has_status && !f->failed && has_report(f))
		take_reports(f);
	if (f->child || f->has_status || f->failed)
		return;
	fail(f, ENTER_FAILED);
	if (WIFSIGNALED(status))
		error_set(f->err, -ECHILD, "the helper was ended by signal %d", WTERMSIG(status));
	else
		error_set(f->err, -ECHILD, "the helper has ended and could not say why");
}

static void reap_child(struct front *f)
{
	int status;

	while (f->child > 1 && waitpid(f->child, &status, WNOHANG | WUNTRACED) == f->child) {
		if (WIFSTOPPED(status)) {
			front_stopped(f, WSTOPSIG(status));
			continue;
		}
		take_exec(f, true);
		f->child = 0;
		take_status(f);
		if (!f->has_status)
			f->wait_status = status;
		f->has_status = true;
	}
}

enum { POLL_SIGNALS, POLL_SOCK, POLL_EXEC, POLL_STATUS, POLL_PTY, POLLS = POLL_PTY + PTY_POLLS };

static void poll_once(struct front *f)
{
	struct pollfd fds[POLLS] = {
		[POLL_SIGNALS] = { .fd = f->signals, .events = POLLIN },
		[POLL_SOCK] = { .fd = f->sock, .events = POLLIN },
		[POLL_EXEC] = { .fd = f->exec_fd, .events = POLLIN },
		[POLL_STATUS] = { .fd = f->status_fd, .events = POLLIN },
	};
	nfds_t n = POLL_PTY;

	if (f->pty) {
		pty_polls(f->pty, fds + POLL_PTY);
		n = POLLS;
	}
	if (poll(fds, n, -1) < 0)
		return;
	if (fds[POLL_SOCK].revents)
		take_reports(f);
	if (fds[POLL_EXEC].revents)
		take_exec(f, false);
	if (fds[POLL_STATUS].revents)
		take_status(f);
	if (fds[POLL_SIGNALS].revents)
		front_signals(f);
	if (f->pty && pty_handle(f->pty, fds + POLL_PTY) == PTY_STOP_TOO)
		front_follow(f, PTY_STOP_TOO);
	/* Whoever has ended may have left word that is not read yet, such as which child there is.
	 */
	if (f->sock >= 0)
		return;
	reap_helper(f);
	reap_child(f);
}

static void drain_pty(struct front *f)
{
	struct pollfd fds[PTY_POLLS];

	if (!f->pty)
		return;
	pty_end(f->pty);
	while (!pty_drained(f->pty)) {
		pty_polls(f->pty, fds);
		if (poll(fds, PTY_POLLS, -1) >= 0)
			pty_handle(f->pty, fds);
	}
}

static void watch(struct front *f)
{
	while (f->sock >= 0 || f->helper || f->child || (f->status_fd >= 0 && !f->has_status)) {
		/* A child that failed before exec has said so, or was ended by a signal. */
		poll_once(f);
	}
	if (!f->failed && !f->has_status) {
		fail(f, ENTER_FAILED);
		error_set(f->err, -ECHILD, "the command was not started");
	}
}

int front_run(struct session *s, struct error *err)
{
	struct front f = {
		.s = s,
		.err = err,
		.sock = -1,
		.signals = -1,
		.status_fd = -1,
		.life = -1,
		.exec_fd = -1,
		.pty = s->pty,
	};
	int ret = pid_file_open(s->job->wish->session.pid_file, &f.pid_file, err);

	if (ret == 0)
		ret = front_block(&f);
	if (ret == 0) {
		terminal_save(&f.terminal);
		ret = front_start(&f);
	}
	if (ret == 0)
		watch(&f);
	drain_pty(&f);
	pty_free(f.pty);
	terminal_restore(&f.terminal);
	terminal_close(&f.terminal);
	close_fd(&f.life);
	close_fd(&f.sock);
	close_fd(&f.status_fd);
	close_fd(&f.exec_fd);
	if ((ret < 0 || f.failed) && s->job->make)
		make_undo(s->job->make);
	pid_file_release(&f.pid_file);
	if (ret < 0)
		return ENTER_FAILED;
	return f.failed ? f.status : front_end(&f, f.wait_status);
}
