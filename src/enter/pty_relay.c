/* SPDX-License-Identifier: MIT */
/*
 * Bytes between the person's terminal and the pseudo-terminal, in both directions, never more than
 * one buffer ahead of whoever takes them, so that a slow reader slows the writer down and nothing
 * is lost. Knows nothing of sessions and settings; never blocks.
 */
#include <errno.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <nsview/cleanup.h>

#include "pty_internal.h"

enum { AT_IN, AT_MASTER, AT_OUT, AT_KEEPER };

/* What a pipe takes without blocking once it is writable; a terminal of ours never blocks. */
enum { WRITE_MOST = 4096 };

/* What can be under way in the kernel when the command ends is far less. */
enum { AFTER_END_MOST = 1 << 20 };

static bool flow_empty(const struct pty_flow *f)
{
	return f->start == f->end;
}

/* Bytes read into an empty flow, 0 at the end, or -errno. */
static ssize_t flow_fill(struct pty_flow *f, int fd)
{
	ssize_t n = read(fd, f->data, sizeof(f->data));

	if (n < 0)
		return -errno;
	f->start = 0;
	f->end = (size_t)n;
	return n;
}

/* 0, or the -errno that makes further writing useless. */
static int flow_empty_into(struct pty_flow *f, int fd)
{
	size_t left = f->end - f->start;
	ssize_t n = write(fd, f->data + f->start, left < WRITE_MOST ? left : WRITE_MOST);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	f->start += (size_t)n;
	return 0;
}

static struct pollfd entry(bool wanted, int fd, int events)
{
	return (struct pollfd){ .fd = wanted && events ? fd : -1, .events = (short)events };
}

void pty_polls(const struct pty *p, struct pollfd fds[PTY_POLLS])
{
	bool read_person = p->attached && !p->in_ended && flow_empty(&p->inwards);
	bool write_person = !flow_empty(&p->outwards);

	fds[AT_IN] = entry(read_person, p->in, POLLIN);
	/* That it goes away is to be known also while nothing is read from it. */
	if (p->tty >= 0 && !p->in_ended)
		fds[AT_IN].fd = p->tty;
	fds[AT_MASTER] =
		entry(p->master >= 0, p->master,
		      (write_person ? 0 : POLLIN) | (flow_empty(&p->inwards) ? 0 : POLLOUT));
	fds[AT_OUT] = entry(write_person, p->out, POLLOUT);
	fds[AT_KEEPER] = entry(p->keeper_fd >= 0, p->keeper_fd, POLLIN);
}

/* At the end of what a person has sent by a pipe, a reader inside that reads lines gets its end. */
static void end_input(struct pty *p, bool in_line)
{
	struct termios settings;

	p->in_ended = true;
	if (tcgetattr(p->master, &settings) < 0 || !(settings.c_lflag & ICANON))
		return;
	p->inwards.start = p->inwards.end = 0;
	if (in_line)
		p->inwards.data[p->inwards.end++] = (char)settings.c_cc[VEOF];
	p->inwards.data[p->inwards.end++] = (char)settings.c_cc[VEOF];
}

/*
 * The person's terminal is gone, and so is the one inside: a hangup, after which reading gives the
 * end and writing fails, as for any command on a terminal.
 */
static void hang_up(struct pty *p)
{
	p->in_ended = p->out_dead = true;
	p->inwards.start = p->inwards.end = 0;
	p->outwards.start = p->outwards.end = 0;
	close_fd(&p->slave);
	close_fd(&p->master);
	/* The kernel tells the session's leader, which is the keeper; what is stopped goes on. */
	if (p->group > 1) {
		killpg(p->group, SIGHUP);
		killpg(p->group, SIGCONT);
	}
}

static void read_person(struct pty *p)
{
	/* The flow is empty, but its last byte still stands where it was. */
	bool in_line = p->inwards.end && p->inwards.data[p->inwards.end - 1] != '\n';
	ssize_t n = flow_fill(&p->inwards, p->in);

	if (n > 0 || n == -EAGAIN || n == -EINTR)
		return;
	if (p->tty < 0)
		end_input(p, in_line);
	else
		p->attached = false; /* it was taken from us: read on when it is ours again */
}

static void read_master(struct pty *p)
{
	ssize_t n = flow_fill(&p->outwards, p->master);

	if (n <= 0)
		return;
	p->after_end += p->ending ? (size_t)n : 0;
	if (p->out_dead)
		p->outwards.end = 0;
}

static void write_person(struct pty *p)
{
	if (flow_empty_into(&p->outwards, p->out) < 0) {
		/* Nobody sees it any more; who writes inside must not be held up by that. */
		p->out_dead = true;
		p->outwards.start = p->outwards.end;
	}
}

enum pty_event pty_handle(struct pty *p, const struct pollfd fds[PTY_POLLS])
{
	int sig = fds[AT_KEEPER].revents ? keeper_stop_seen(p) : 0;

	if (p->tty >= 0 && (fds[AT_IN].revents & (POLLHUP | POLLERR))) {
		hang_up(p);
		return PTY_GO_ON;
	}
	if (fds[AT_IN].revents)
		read_person(p);
	if ((fds[AT_MASTER].revents & POLLOUT) && !flow_empty(&p->inwards) &&
	    flow_empty_into(&p->inwards, p->master) < 0)
		p->inwards.start = p->inwards.end;
	if ((fds[AT_MASTER].revents & (POLLIN | POLLHUP)) && flow_empty(&p->outwards))
		read_master(p);
	if (fds[AT_OUT].revents)
		write_person(p);
	if (fds[AT_KEEPER].revents & POLLHUP)
		close_fd(&p->keeper_fd);
	if (!sig || p->attached)
		return PTY_GO_ON;
	/* Whatever stopped is told by its own stop too; whichever comes first is answered. */
	if (!pty_attach(p))
		return PTY_STOP_TOO;
	if (p->group > 1)
		killpg(p->group, SIGCONT);
	return PTY_GO_ON;
}

void pty_end(struct pty *p)
{
	p->ending = true;
	p->in_ended = true;
}

bool pty_drained(struct pty *p)
{
	if (!flow_empty(&p->outwards))
		return false;
	if (p->out_dead || p->master < 0 || p->after_end > AFTER_END_MOST)
		return true;
	/* A master that has nothing more has been asked after everything written was let through.
	 */
	read_master(p);
	return flow_empty(&p->outwards);
}
