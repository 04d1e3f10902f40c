/* SPDX-License-Identifier: MIT */
/*
 * The hidden command `nsview __anchor FD PATH ARGV...`, run from a sealed copy of nsview where
 * src/enter/anchor is not built for the machine: executes PATH, or tells FD why not.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <nsview/enter.h>

#include "command.h"

extern char **environ;

static int run(const struct invocation *inv)
{
	int fd, error;

	if (inv->nargs < 3)
		return EXIT_TROUBLE;
	fd = inv->args[0][0] == '-' ? -1 : (int)strtol(inv->args[0], NULL, 10);
	if (fd >= 0)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	if (!inv->sigpipe_ignored)
		signal(SIGPIPE, SIG_DFL);
	execve(inv->args[1], inv->args + 2, environ);
	error = errno;
	if (fd < 0 || write(fd, &error, sizeof(error)) < 0)
		fputs("nsview: cannot run the command\n", stderr);
	return ENTER_NOT_EXECUTABLE;
}

const struct command command_anchor = {
	.name = "__anchor",
	.summary = "become a command from a sealed copy",
	.hidden = true,
	.no_locale = true,
	.run = run,
};
