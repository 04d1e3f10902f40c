/* SPDX-License-Identifier: MIT */
/*
 * Makes odd namespaces for tests, one case after the other, and tells the facts about them:
 *
 *   nslab [-U] [-o FILE] CASE... [-- CMD...]
 *
 * For each case one line "ready PID case=NAME key=value ..." goes to stdout or FILE (which may be
 * a FIFO). The keys are shell names, so that `eval "${line#ready * }"` works. Then CMD runs, with
 * the lines in the environment variable NSLAB, and its status is returned; without CMD nslab
 * waits for the end of its stdin. -U makes each case in a user namespace of its own: no privilege
 * is needed. Every fact about a task was read by that task itself, from its own links: nothing is
 * inferred. All tasks end with nslab, however it ends: each waits for the end of a pipe that
 * nslab alone holds open for writing.
 */
#include "cases.h"
#include "task.h"
#include <err.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

enum { COUNT_MAX = 20000 };

static bool in_user_ns; /* -U */

static int parse_number(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);
	return end == text || *end || value < 1 || value > COUNT_MAX ? -1 : (int)value;
}

static const struct lab_case *find_case(const char *name, int *out_count)
{
	for (const struct lab_case *c = cases; c->name; c++) {
		size_t len = strlen(c->name);
		bool counted = c->name[len - 1] == '-';
		if (strncmp(name, c->name, len) != 0)
			continue;
		*out_count = counted ? parse_number(name + len) : 0;
		if (counted ? *out_count > 0 : !name[len])
			return c;
	}
	errx(2, "unknown case '%s'", name);
}

/* The process between nslab and a case's tasks; in the case's user namespace with -U. */
static void case_head(const struct lab_case *c, const char *name, int count)
{
	close(life[1]);
	if (in_user_ns)
		enter_user_ns();
	report("ready %d case=%s", getpid(), name);
	c->run(count);
	report("\n.");
	close(report_fd);
	wait_for_end();
}

/* Appends to out what the tasks report, up to the final dot. */
static void collect(int fd, FILE *out)
{
	char text[4096], last = '\0';
	ssize_t len;
	while (last != '.' && (len = read(fd, text, sizeof(text))) > 0) {
		last = text[len - 1];
		if (memchr(text, '!', (size_t)len))
			exit(1);
		fwrite(text, 1, (size_t)len - (last == '.'), out);
	}
	if (last != '.')
		errx(1, "a case came to an end before it was set up");
}

static void set_up(const char *name, FILE *out)
{
	int ends[2], count;
	const struct lab_case *c = find_case(name, &count);
	if (pipe2(ends, O_CLOEXEC) < 0)
		err(1, "pipe");
	pid_t pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (pid == 0) {
		close(ends[0]);
		report_fd = ends[1];
		case_head(c, name, count);
	}
	close(ends[1]);
	collect(ends[0], out);
	close(ends[0]);
}

static void tell(const char *path, const char *lines)
{
	FILE *out = path ? fopen(path, "we") : stdout;
	if (!out || fputs(lines, out) < 0 || (path ? fclose(out) : fflush(out)))
		err(1, "%s", path ? path : "stdout");
}

static int run_command(char **argv, const char *lines)
{
	int status;
	pid_t pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (pid == 0) {
		if (setenv("NSLAB", lines, 1) < 0)
			err(126, "setenv");
		execvp(argv[0], argv);
		err(errno == ENOENT ? 127 : 126, "%s", argv[0]);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			err(1, "waitpid");
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int await_stdin(void)
{
	char text[512];
	ssize_t len;
	while ((len = read(0, text, sizeof(text))) > 0 || (len < 0 && errno == EINTR))
		continue;
	return 0;
}

int main(int argc, char **argv)
{
	const char *path = NULL;
	char *lines = NULL;
	size_t size;
	int opt, i;
	while ((opt = getopt(argc, argv, "+o:U")) != -1) {
		if (opt == '?')
			return 2;
		if (opt == 'o')
			path = optarg;
		in_user_ns |= opt == 'U';
	}
	procfd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	/* Tasks whose maker is gone come to nslab, which waits for them at the end. */
	if (procfd < 0 || pipe2(life, O_CLOEXEC) < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		err(1, "setup");
	FILE *out = open_memstream(&lines, &size);
	if (!out)
		err(1, "open_memstream");
	for (i = optind; argv[i] && strcmp(argv[i], "--") != 0; i++)
		set_up(argv[i], out);
	if (fclose(out) || i == optind)
		errx(2, "usage: nslab [-U] [-o FILE] CASE... [-- CMD...]");
	tell(path, lines);
	int status = argv[i] && argv[i + 1] ? run_command(argv + i + 1, lines) : await_stdin();
	close(life[1]);
	while (wait(NULL) > 0)
		continue;
	free(lines);
	return status;
}
