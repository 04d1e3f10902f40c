/* SPDX-License-Identifier: MIT */
/*
 * The pair itself, the person's terminal, and who has it when. Knows job control as the person's
 * shell sees it; how bytes travel is pty_relay.c's, and the session inside pty_keeper.c's.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/tty.h>

#include "pty_internal.h"

bool enter_needs_pty(const struct pty_case *c)
{
	bool reachable = c->terminal[0] || c->terminal[1] || c->terminal[2] || c->controlling;

	if (c->share_tty || c->pty)
		return !c->share_tty;
	return (c->user_differs || c->mnt_differs) && reachable;
}

/* The person's terminal: the first of 0, 1, 2 that is one, else the controlling one. */
static int open_terminal(const struct pty_wish *wish)
{
	int fd = -1;

	for (int i = 2; i >= 0; i--)
		if (wish->terminal[i])
			fd = i;
	return kern_tty_reopen(fd);
}

/*
 * For those inside who open it by name. Who may not give it away makes it wholly their own, so that
 * no group of the devpts stands in the way of whoever may, inside, and nobody gets at it meanwhile.
 */
static int give(struct pty *p, const struct pty_wish *wish, struct error *err)
{
	if (wish->owner == (uid_t)-1 || fchown(p->slave, wish->owner, (gid_t)-1) == 0)
		return 0;
	if (errno != EPERM && errno != EINVAL)
		return error_set(err, -errno, "cannot give the pseudo-terminal to uid %u: %s",
				 wish->owner, strerror(errno));
	if (fchmod(p->slave, 0600) == 0)
		(void)!fchown(p->slave, (uid_t)-1, getegid());
	return 0;
}

static int open_pair(struct pty *p, const struct pty_wish *wish, struct error *err)
{
	/* Where the target has no devpts, or one that we may not use, ours serves as well. */
	p->master = wish->root >= 0 ? kern_pty_master(wish->root) : -1;
	p->slave = p->master < 0 ? -1 : kern_pty_slave(p->master);
	if (p->slave < 0) {
		close_fd(&p->master);
		p->master = kern_pty_master(-1);
		if (p->master < 0)
			return error_set(err, p->master,
					 "cannot make a pseudo-terminal: /dev/ptmx: %s; "
					 "--share-tty does without",
					 strerror(-p->master));
		p->slave = kern_pty_slave(p->master);
	}
	if (p->slave < 0)
		return error_set(err, p->slave, "cannot open the pseudo-terminal's inside end: %s",
				 strerror(-p->slave));
	return give(p, wish, err);
}

static void copy_settings(struct pty *p)
{
	static const struct winsize usual = { .ws_row = 24, .ws_col = 80 };
	struct winsize size;
	struct termios settings;

	if (p->tty < 0 || kern_tty_size(p->tty, &size) < 0)
		size = usual;
	(void)kern_tty_set_size(p->master, &size);
	if (p->tty >= 0 && tcgetattr(p->tty, &settings) == 0)
		(void)tcsetattr(p->slave, TCSANOW, &settings);
}

int pty_open(const struct pty_wish *wish, struct pty **out, struct error *err)
{
	struct pty *p = calloc(1, sizeof(*p));
	bool any = wish->terminal[0] || wish->terminal[1] || wish->terminal[2];
	int ret;

	if (!p)
		die("out of memory");
	p->master = p->slave = p->keeper_fd = -1;
	p->tty = wish->forced && !any ? -1 : open_terminal(wish);
	if (p->tty < 0)
		p->tty = -1;
	p->in = p->tty < 0 ? STDIN_FILENO : p->tty;
	p->out = p->tty < 0 ? STDOUT_FILENO : p->tty;
	for (int i = 0; i < 3; i++)
		p->replace[i] = wish->terminal[i] || (wish->forced && !any);
	p->keep_opost = !wish->terminal[STDOUT_FILENO];
	p->interactive =
		p->tty < 0 || (wish->terminal[STDIN_FILENO] && wish->terminal[STDOUT_FILENO]);
	ret = open_pair(p, wish, err);
	if (ret < 0) {
		pty_free(p);
		return ret;
	}
	copy_settings(p);
	*out = p;
	return 0;
}

/* A terminal that is not our controlling one has no foreground that we could be outside of. */
static bool in_foreground(const struct pty *p)
{
	pid_t group = tcgetpgrp(p->tty);

	return group < 0 || group == getpgrp();
}

bool pty_attach(struct pty *p)
{
	struct termios raw;

	if (p->attached)
		return true;
	if (p->tty >= 0) {
		if (!in_foreground(p) || tcgetattr(p->tty, &p->saved) < 0)
			return false;
		raw = p->saved;
		cfmakeraw(&raw);
		if (p->keep_opost)
			raw.c_oflag = p->saved.c_oflag;
		if (tcsetattr(p->tty, TCSANOW, &raw) < 0)
			return false;
		pty_resize(p);
	}
	p->attached = p->interactive = true;
	keeper_ask(p, KEEPER_FOREGROUND);
	return true;
}

void pty_detach(struct pty *p)
{
	if (!p->attached)
		return;
	p->attached = false;
	/* In the background the terminal is another's, and so are its settings. */
	if (p->tty >= 0 && in_foreground(p))
		(void)tcsetattr(p->tty, TCSANOW, &p->saved);
}

enum pty_event pty_stopped(struct pty *p, pid_t command, int sig)
{
	bool wants_terminal = sig == SIGTTIN || sig == SIGTTOU;

	/*
	 * It may have been given the terminal since it stopped. One that stops for want of what it
	 * has is in a background of its own making, and would stop again at once.
	 */
	if (wants_terminal && pty_attach(p) && getpgid(command) == p->group &&
	    keeper_ask(p, KEEPER_FOREGROUND)) {
		if (p->group > 1)
			killpg(p->group, SIGCONT);
		if (command > 1)
			kill(command, SIGCONT);
		return PTY_GO_ON;
	}
	pty_detach(p);
	return PTY_STOP_TOO;
}

enum pty_event pty_continued(struct pty *p)
{
	if (!p->interactive || pty_attach(p))
		return PTY_GO_ON;
	/*
	 * In the background. A plain command may run on until it reads; a shell inside that has
	 * made a group of its own would read the end of file, and leave.
	 */
	return keeper_ask(p, KEEPER_BACKGROUND) == 0 ? PTY_GO_ON : PTY_STOP_TOO;
}

bool pty_attached(const struct pty *p)
{
	return p->attached;
}

void pty_resize(struct pty *p)
{
	struct winsize size;

	if (p->tty >= 0 && kern_tty_size(p->tty, &size) == 0)
		(void)kern_tty_set_size(p->master, &size);
}

pid_t pty_group(const struct pty *p)
{
	return p->group;
}

void pty_free(struct pty *p)
{
	if (!p)
		return;
	pty_detach(p);
	close_fd(&p->master);
	close_fd(&p->slave);
	close_fd(&p->keeper_fd);
	if (p->keeper > 1)
		while (waitpid(p->keeper, NULL, 0) < 0 && errno == EINTR)
			continue;
	close_fd(&p->tty);
	free(p);
}
