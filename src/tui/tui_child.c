/* SPDX-License-Identifier: MIT */
/*
 * Runs nsview itself, with the words that a person typed, and reads what it prints. The child has
 * no terminal, so that the screen stays ours. Knows nothing of what the words mean.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tui_child.h"
#include "tui_spawn.h"

extern char **environ;

static char **make_environment(char *columns)
{
	size_t n = 0, kept = 0;
	char **env;

	while (environ[n])
		n++;
	env = calloc(n + 2, sizeof(char *));
	if (!env)
		die("out of memory");
	for (size_t i = 0; i < n; i++)
		if (strncmp(environ[i], "COLUMNS=", 8) != 0)
			env[kept++] = environ[i];
	env[kept] = columns;
	return env;
}

/* Its own process group, so that ^C at the keyboard is not for it. */
static pid_t spawn(char **argv, char **env, int out)
{
	posix_spawn_file_actions_t files;
	pid_t pid;

	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&files, out, STDERR_FILENO);
	pid = tui_spawn(argv, env, &files, true);
	posix_spawn_file_actions_destroy(&files);
	return pid;
}

int tui_child_start(struct child *c, char **argv, unsigned columns, struct error *err)
{
	char setting[32];
	char **env;
	int ends[2];
	pid_t pid;

	*c = (struct child){ 0, -1 };
	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_set(err, -errno, "cannot make a pipe: %s", strerror(errno));
	snprintf(setting, sizeof(setting), "COLUMNS=%u", columns);
	env = make_environment(setting);
	pid = spawn(argv, env, ends[1]);
	free(env);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return error_set(err, pid, "cannot start it: %s", strerror(-pid));
	}
	*c = (struct child){ pid, ends[0] };
	return 0;
}

size_t tui_child_read(struct child *c, char *buf, size_t size)
{
	ssize_t n;

	do
		n = read(c->fd, buf, size);
	while (n < 0 && errno == EINTR);
	return n < 0 ? 0 : (size_t)n;
}

int tui_child_end(struct child *c)
{
	int status = 0;

	if (c->fd >= 0)
		close(c->fd);
	if (c->pid > 1) {
		/* What has ended is not hurt by it: its number is ours until it was waited for. */
		kill(c->pid, SIGKILL);
		while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
			;
	}
	*c = (struct child){ 0, -1 };
	return status;
}
