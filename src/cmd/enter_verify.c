/* SPDX-License-Identifier: MIT */
/*
 * `nsview enter --verify`: enters as it would for a command, runs the probe in its place, and
 * prints what that found.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nsview/render.h>
#include <nsview/verify.h>

#include "enter.h"
#include "listing.h"

/* The front of the probe, a child of ours, so that the witnesses have somebody beside it. */
_Noreturn static void run_front(struct enter_job *job, struct verify *v)
{
	struct error err = { 0 };
	int status;

	job->instead = verify_probe;
	job->instead_arg = v;
	status = enter_run(job, &err);
	if (err.code)
		report(&err);
	_exit(status);
}

static int wait_for(pid_t pid)
{
	int status = 0;

	while (pid > 1 && waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return ENTER_FAILED;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int print(const struct invocation *inv, enum table_format format,
		 const struct verify_row *rows, size_t n)
{
	struct term t;

	term_init(&t, stdout, inv->color, inv->global.ascii);
	if (format == TABLE_LAID_OUT)
		verify_print(&t, rows, n);
	else
		verify_json(&t, rows, n, format == TABLE_JSON);
	return verify_status(rows, n);
}

int enter_verify(const struct invocation *inv, struct enter_job *job, const char *json,
		 struct error *err)
{
	char name[] = "nsview", *no_command[] = { name, NULL };
	const struct verify_row *rows;
	enum table_format format;
	struct verify *v;
	sigset_t end, old;
	bool stuck;
	size_t n;
	pid_t front;
	int status, ret = json_format_parse(json, &format, err);

	/* While it is our own files that are loaded. */
	if (ret == 0 && format == TABLE_LAID_OUT)
		ret = layout_load(err);
	if (ret == 0)
		ret = verify_new(job->plan->join | job->plan->create, job->plan->create,
				 job->target->proc, &v, err);
	if (ret < 0)
		return ENTER_FAILED;
	job->wish->command = no_command;
	job->wish->session.share_tty = true; /* the probe uses none */
	/* Until all witnesses are taken away again. */
	sigemptyset(&end);
	sigaddset(&end, SIGINT);
	sigaddset(&end, SIGTERM);
	sigaddset(&end, SIGHUP);
	sigprocmask(SIG_BLOCK, &end, &old);
	fflush(NULL);
	front = fork();
	if (front == 0)
		run_front(job, v);
	rows = verify_collect(v, &n, &stuck);
	if (stuck && front > 1)
		kill(front, SIGKILL);
	status = front < 0 ? ENTER_FAILED : wait_for(front);
	if (status == 0 || stuck)
		status = print(inv, format, rows, n);
	verify_free(v);
	job->wish->command = NULL;
	sigprocmask(SIG_SETMASK, &old, NULL);
	return status;
}
