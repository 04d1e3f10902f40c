/* SPDX-License-Identifier: MIT */
/*
 * Runs nsview itself with the words that a person typed. No shell is between: words are parted
 * here. The child has no terminal, so that the screen stays ours.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nsview/buffer.h>

#include "tui_child.h"

enum { WORDS_MAX = 128 };

extern char **environ;

/* Words one after the other, a NUL behind each. */
struct words {
	struct buffer text;
	size_t at[WORDS_MAX]; /* where each begins */
	size_t n;
};

static int word_begin(struct words *w, struct error *err)
{
	if (w->n == WORDS_MAX)
		return error_set(err, -E2BIG, "too many words");
	w->at[w->n++] = w->text.len;
	return 0;
}

/* line is left behind the word. */
static int take_word(struct words *w, const char **line, struct error *err)
{
	char quote = 0;
	const char *c = *line;

	for (; *c && (quote || *c != ' '); c++) {
		if (quote ? *c == quote : *c == '\'' || *c == '"')
			quote = quote ? 0 : *c;
		else if (*c == '\\' && quote != '\'' && c[1])
			buffer_char(&w->text, *++c);
		else
			buffer_char(&w->text, *c);
	}
	buffer_char(&w->text, '\0');
	*line = c;
	return quote ? error_set(err, -EINVAL, "a quote is not closed") : 0;
}

static int split(struct words *w, const char *line, struct error *err)
{
	int ret = 0;

	while (ret == 0) {
		line += strspn(line, " ");
		if (!*line)
			return 0;
		ret = word_begin(w, err);
		if (ret == 0)
			ret = take_word(w, &line, err);
		if (ret == 0 && w->n == 1 && strcmp(w->text.data, "nsview") == 0) {
			buffer_clear(&w->text);
			w->n = 0;
		}
	}
	return ret;
}

/* What stands in front of the command could hide which one it is. */
static int check_readonly(const struct words *w, struct error *err)
{
	const char *command = w->text.data + w->at[0];

	if (command[0] == '-')
		return error_set(err, -EPERM, "with --readonly the command comes first");
	if (strcmp(command, "enter") == 0)
		return error_set(err, -EPERM, "not with --readonly");
	return 0;
}

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
static int spawn(struct child *c, char **argv, char **env, int out)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, defaults;
	int ret;

	sigemptyset(&none);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &defaults);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
						POSIX_SPAWN_SETPGROUP);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&files, out, STDERR_FILENO);
	ret = posix_spawn(&c->pid, argv[0], &files, &attr, argv, env);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	return -ret;
}

static int start(struct child *c, char **argv, unsigned columns, struct error *err)
{
	char setting[32];
	char **env;
	int ends[2], ret;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_set(err, -errno, "cannot make a pipe: %s", strerror(errno));
	snprintf(setting, sizeof(setting), "COLUMNS=%u", columns);
	env = make_environment(setting);
	ret = spawn(c, argv, env, ends[1]);
	free(env);
	close(ends[1]);
	if (ret < 0) {
		close(ends[0]);
		return error_set(err, ret, "cannot start it: %s", strerror(-ret));
	}
	c->fd = ends[0];
	return 0;
}

int tui_child_start(struct child *c, const char *const *program, const char *line, unsigned columns,
		    bool readonly, struct error *err)
{
	struct words w = { .text = BUFFER_INIT };
	char **argv;
	size_t n = 0;
	int ret = split(&w, line, err);

	if (ret == 0 && !w.n)
		ret = error_set(err, -EINVAL, "no command");
	if (ret == 0 && readonly)
		ret = check_readonly(&w, err);
	while (program[n])
		n++;
	argv = calloc(n + w.n + 1, sizeof(char *));
	if (!argv)
		die("out of memory");
	for (size_t i = 0; i < n; i++)
		argv[i] = (char *)program[i];
	for (size_t i = 0; ret == 0 && i < w.n; i++)
		argv[n + i] = w.text.data + w.at[i];
	*c = (struct child){ 0, -1 };
	if (ret == 0)
		ret = start(c, argv, columns, err);
	free(argv);
	buffer_release(&w.text);
	return ret;
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
