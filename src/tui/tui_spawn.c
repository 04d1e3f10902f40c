/* SPDX-License-Identifier: MIT */
/*
 * What commands beside the screen and in its place have in common: what is ours to block and to
 * ignore is not theirs. Knows nothing of what runs.
 */
#include <pthread.h>

#include "tui_spawn.h"

sigset_t tui_signals(const int *list, size_t n)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < n; i++)
		sigaddset(&set, list[i]);
	return set;
}

pid_t tui_spawn(char **argv, char **env, const posix_spawn_file_actions_t *files, bool own_group)
{
	const sigset_t none = tui_signals(NULL, 0), defaults = tui_signals((int[]){ SIGPIPE }, 1);
	short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
	posix_spawnattr_t attr;
	pid_t pid;
	int ret;

	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &defaults);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setflags(&attr, own_group ? flags | POSIX_SPAWN_SETPGROUP : flags);
	ret = posix_spawn(&pid, argv[0], files, &attr, argv, env);
	posix_spawnattr_destroy(&attr);
	return ret ? -ret : pid;
}

void tui_stop(void)
{
	const sigset_t set = tui_signals((int[]){ SIGTSTP }, 1);

	raise(SIGTSTP);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
}
