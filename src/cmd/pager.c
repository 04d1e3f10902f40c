/* SPDX-License-Identifier: MIT */
/*
 * A pager for long pages on a terminal. NSVIEW_PAGER, else PAGER, else less; "cat" or "" means
 * none. The pager is told to keep colours and to leave at once when all fits (LESS=FRX), and under
 * sudo or setuid to start nothing on the person's behalf (LESSSECURE=1).
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"

static const char *pager_command(void)
{
	const char *word = getenv("NSVIEW_PAGER");

	if (!word)
		word = getenv("PAGER");
	if (!word)
		word = "less";
	return *word && strcmp(word, "cat") != 0 ? word : NULL;
}

static bool privileged_for_another(void)
{
	return getenv("SUDO_UID") || getuid() != geteuid() || getgid() != getegid();
}

static _Noreturn void pager_exec(const char *word, int from)
{
	/* One that is not there must not swallow the page. */
	static const char script[] = "word=$1; set -f; set -- $word; set +f\n"
				     "command -v \"$1\" >/dev/null 2>&1 || exec cat\n"
				     "eval \"$word\"";

	signal(SIGPIPE, SIG_DFL);
	dup2(from, STDIN_FILENO);
	setenv("LESS", "FRX", 0);
	if (privileged_for_another())
		setenv("LESSSECURE", "1", 1);
	execl("/bin/sh", "sh", "-c", script, "sh", word, (char *)NULL);
	_exit(127);
}

struct pager pager_start(const struct global_options *g)
{
	struct pager pager = { 0 };
	const char *word = pager_command();
	int ends[2];

	if (g->no_pager || !word || !isatty(STDOUT_FILENO))
		return pager;
	fflush(stdout);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return pager;
	pager.pid = fork();
	if (pager.pid == 0) {
		close(ends[1]);
		pager_exec(word, ends[0]);
	}
	close(ends[0]);
	if (pager.pid > 0)
		dup2(ends[1], STDOUT_FILENO);
	close(ends[1]);
	return pager;
}

void pager_end(struct pager *p)
{
	fflush(stdout);
	if (p->pid <= 0)
		return;
	/* The pager ends when it has read the end of the pipe, and the person has left it. */
	close(STDOUT_FILENO);
	while (p->pid > 1 && waitpid((pid_t)p->pid, NULL, 0) < 0 && errno == EINTR)
		;
}
