/* SPDX-License-Identifier: MIT */
/*
 * The least that entering a process's namespaces can cost: one setns of all that differ, a clone,
 * an exec, a wait. Bench only: it checks nothing, and is no way to enter anything.
 *
 *   bareenter PID COMMAND [ARG...]
 */
#include "../tools/nstypes.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

static int differing(long pid)
{
	int mask = 0;

	for (size_t i = 0; i < OWN_LINKS; i++) {
		char path[64], own[64] = { 0 }, other[64] = { 0 };

		snprintf(path, sizeof(path), "/proc/self/ns/%s", link_names[i]);
		if (readlink(path, own, sizeof(own) - 1) < 0)
			continue;
		snprintf(path, sizeof(path), "/proc/%ld/ns/%s", pid, link_names[i]);
		if (readlink(path, other, sizeof(other) - 1) > 0 && strcmp(own, other) != 0)
			mask |= link_flags[i];
	}
	return mask;
}

int main(int argc, char **argv)
{
	long pid = argc > 2 ? strtol(argv[1], NULL, 10) : 0;
	int pidfd = pid > 1 ? (int)syscall(SYS_pidfd_open, (pid_t)pid, 0) : -1;
	pid_t child;
	int status;

	if (pidfd < 0 || setns(pidfd, differing(pid)) < 0)
		return 125;
	child = fork();
	if (child == 0) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return 125;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 125;
}
