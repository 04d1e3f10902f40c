/* SPDX-License-Identifier: MIT */
/*
 * Saves and restores the settings and the foreground process group of our controlling terminal,
 * since a shell that crashed inside leaves it to a group that is gone (tcsetpgrp(3)).
 */
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "terminal.h"

static bool look_at(struct terminal *t, int fd)
{
	if (fd < 0 || tcgetattr(fd, &t->settings) < 0 || tcgetpgrp(fd) <= 0)
		return false;
	t->fd = fd;
	t->foreground = tcgetpgrp(fd) == getpgrp();
	return true;
}

void terminal_save(struct terminal *t)
{
	int own;

	*t = (struct terminal){ .fd = -1 };
	for (int fd = 0; fd <= 2; fd++)
		if (look_at(t, fd))
			return;
	own = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (own >= 0 && !look_at(t, own))
		close(own);
}

void terminal_close(const struct terminal *t)
{
	if (t->fd > 2)
		close(t->fd);
}

/* Whoever is not in the foreground is stopped for what changes the terminal, unless it blocks that.
 */
static void block_stop(sigset_t *out_old)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTTOU);
	sigprocmask(SIG_BLOCK, &set, out_old);
}

pid_t terminal_held_by(const struct terminal *t, pid_t pid)
{
	pid_t group = t->fd >= 0 && pid > 1 ? getpgid(pid) : 0;

	return group > 1 && group != getpgrp() && tcgetpgrp(t->fd) == group ? group : 0;
}

void terminal_look(struct terminal *t)
{
	if (t->fd >= 0)
		t->foreground = tcgetpgrp(t->fd) == getpgrp();
}

void terminal_give(const struct terminal *t, pid_t group)
{
	sigset_t old;

	if (group <= 1 || !t->foreground)
		return;
	block_stop(&old);
	tcsetpgrp(t->fd, group);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

void terminal_restore(const struct terminal *t)
{
	sigset_t old;

	if (t->fd < 0 || !t->foreground)
		return;
	block_stop(&old);
	if (tcgetpgrp(t->fd) != getpgrp())
		tcsetpgrp(t->fd, getpgrp());
	tcsetattr(t->fd, TCSADRAIN, &t->settings);
	sigprocmask(SIG_SETMASK, &old, NULL);
}
