/* SPDX-License-Identifier: MIT */
/*
 * newuidmap(1) and newgidmap(1), which write maps that a person may have but may not write. Knows
 * how to find and run them and to hand on what they say.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nsview/buffer.h>
#include <nsview/cleanup.h>

#include "make_internal.h"

enum { PATH_BYTES = 4096, NUMBER_BYTES = 12, SAID_BYTES = 1024 };

static const char *const tools[2] = { "newuidmap", "newgidmap" };

int make_find_tool(enum make_id_kind kind, char *out, size_t size)
{
	const char *path = getenv("PATH");

	if (!path || !*path)
		path = "/usr/bin:/bin";
	while (*path) {
		size_t len = strcspn(path, ":");

		/* Not what lies about in the working directory. */
		if (*path == '/' &&
		    (size_t)snprintf(out, size, "%.*s/%s", (int)len, path, tools[kind]) < size &&
		    access(out, X_OK) == 0)
			return 0;
		path += len;
		path += *path == ':';
	}
	return -ENOENT;
}

/* argv in one piece of memory: pointers, then their text. The caller frees it. */
static char **arguments(const char *tool, pid_t pid, const struct id_map *map)
{
	size_t n = map->n * 3 + 2;
	char **argv = malloc((n + 1) * sizeof(*argv) + n * NUMBER_BYTES);
	char *text = (char *)(argv + n + 1);
	size_t at = 0;

	if (!argv)
		die("out of memory");
	argv[at++] = (char *)tool;
	argv[at++] = text;
	text += snprintf(text, NUMBER_BYTES, "%d", pid) + 1;
	for (size_t i = 0; i < map->n; i++) {
		const uint32_t numbers[3] = { map->ranges[i].inside, map->ranges[i].outside,
					      map->ranges[i].count };

		for (int j = 0; j < 3; j++) {
			argv[at++] = text;
			text += snprintf(text, NUMBER_BYTES, "%u", numbers[j]) + 1;
		}
	}
	argv[at] = NULL;
	return argv;
}

static int spawn(char *const *argv, int said, pid_t *out)
{
	static char locale[] = "LC_ALL=C";
	char *const env[] = { locale, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, all;
	int ret;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, said, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, said, STDERR_FILENO);
	ret = posix_spawn(out, argv[0], &actions, &attributes, argv, env);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return -ret;
}

static void hear(int fd, char *out, size_t size)
{
	size_t len = 0;
	ssize_t n;

	while (len < size - 1) {
		n = read(fd, out + len, size - 1 - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	while (len > 0 && out[len - 1] == '\n')
		len--;
	out[len] = '\0';
}

static int outcome(pid_t pid, int *out_status)
{
	if (pid <= 1)
		return -ECHILD;
	while (waitpid(pid, out_status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return 0;
}

int make_run_tool(const struct make *m, enum make_id_kind kind, pid_t pid, struct error *err)
{
	char tool[PATH_BYTES], said[SAID_BYTES] = "", shown[MAKE_SHOWN];
	autofree char **argv = NULL;
	autoclose int hear_fd = -1, say_fd = -1;
	int pipes[2], status = 0, ret;
	pid_t child = 0;

	if (make_find_tool(kind, tool, sizeof(tool)) < 0)
		return error_set(err, -ENOENT, "%s is not in $PATH", tools[kind]);
	if (pipe2(pipes, O_CLOEXEC) < 0)
		return error_set(err, -errno, "pipe: %s", strerror(errno));
	hear_fd = pipes[0];
	say_fd = pipes[1];
	argv = arguments(tool, pid, &m->user.ids[kind].map);
	ret = spawn(argv, say_fd, &child);
	if (ret < 0)
		return error_set(err, ret, "cannot run %s: %s", tool, strerror(-ret));
	close_fd(&say_fd);
	hear(hear_fd, said, sizeof(said));
	ret = outcome(child, &status);
	if (ret < 0)
		return error_set(err, ret, "%s: %s", tools[kind], strerror(-ret));
	if (status == 0)
		return 0;
	return error_set(err, -EPERM, "%s refused: %s", tools[kind],
			 said[0] ? make_shown(said, shown, sizeof(shown)) : "it says nothing");
}
