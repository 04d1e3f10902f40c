/* SPDX-License-Identifier: MIT */
/*
 * What a terminal can be abused for by who is handed it, and a join that hands it over: the
 * attacks that `nsview enter` has to withstand, and the deliberately careless way in against
 * which they succeed.
 *
 *   ttyplay join PID COMMAND...   setns(2) to all that differ, fork, exec: nothing else
 *   ttyplay push TEXT             as if TEXT and a return had been typed at the terminal (TIOCSTI)
 *   ttyplay steal FILE            leaves a process behind that reads a line of the terminal and
 *                                 writes "stolen LINE" to FILE, or "over" where it gets none
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <stdlib.h>

static int differs(const char *pid, const char *type)
{
	struct stat theirs, ours;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%s/ns/%s", pid, type);
	if (stat(path, &theirs) < 0)
		return 0;
	snprintf(path, sizeof(path), "/proc/self/ns/%s", type);
	return stat(path, &ours) == 0 && theirs.st_ino != ours.st_ino;
}

static int join(char **argv)
{
	static const struct {
		const char *name;
		int flag;
	} types[] = {
		{ "user", CLONE_NEWUSER }, { "mnt", CLONE_NEWNS },  { "pid", CLONE_NEWPID },
		{ "net", CLONE_NEWNET },   { "uts", CLONE_NEWUTS }, { "ipc", CLONE_NEWIPC },
	};
	int flags = 0, status, fd;
	pid_t pid;

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (differs(argv[0], types[i].name))
			flags |= types[i].flag;
	fd = (int)syscall(SYS_pidfd_open, atoi(argv[0]), 0);
	if (fd < 0 || (flags && setns(fd, flags) < 0))
		err(125, "setns");
	close(fd);
	pid = fork();
	if (pid < 0)
		err(125, "fork");
	if (pid == 0) {
		execvp(argv[1], argv + 1);
		err(127, "%s", argv[1]);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int push(const char *text)
{
	for (const char *c = text; *c; c++)
		if (ioctl(0, TIOCSTI, c) < 0)
			err(1, "TIOCSTI");
	if (ioctl(0, TIOCSTI, "\n") < 0)
		err(1, "TIOCSTI");
	return 0;
}

static int steal(const char *name)
{
	FILE *out = fopen(name, "we");
	char line[256];
	pid_t pid;
	ssize_t n;

	if (!out)
		err(1, "%s", name);
	/* Before it can be hung up. */
	signal(SIGHUP, SIG_IGN);
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (pid > 0)
		return 0;
	/* Another session has no job control of this terminal that could keep it from reading. */
	setsid();
	n = read(0, line, sizeof(line) - 1);
	if (n > 0)
		fprintf(out, "stolen %.*s", (int)n, line);
	else
		fputs("over\n", out);
	fclose(out);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 3 && strcmp(argv[1], "join") == 0)
		return join(argv + 2);
	if (argc == 3 && strcmp(argv[1], "push") == 0)
		return push(argv[2]);
	if (argc == 3 && strcmp(argv[1], "steal") == 0)
		return steal(argv[2]);
	errx(2, "usage: ttyplay join PID COMMAND... | push TEXT | steal FILE");
}
