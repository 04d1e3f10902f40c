/* SPDX-License-Identifier: MIT */
/*
 * Through which task a namespace's /proc files are read: a member process, a member thread, or,
 * where there is none, a child that joins the namespace for as long as it takes and does nothing
 * else. What is read there is the reader's business.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>
#include <nsview/procfile.h>

#include "facts.h"

enum { MEMBER_TRIES = 8, CHILD_MS = 2000 };

bool link_leads_to(int dirfd, enum ns_link link, const struct ns *ns)
{
	char path[64];
	uint64_t ino;

	snprintf(path, sizeof(path), "ns/%s", ns_links[link].name);
	return proc_ns_link(dirfd, path, &ino) == 0 && ino == ns->ino;
}

static bool is_member(struct look *l, int dirfd, const struct ns *ns,
		      bool (*fits)(struct look *l, int dirfd))
{
	return dirfd >= 0 && link_leads_to(dirfd, (enum ns_link)ns->type, ns) &&
	       (!fits || fits(l, dirfd));
}

static int thread_open(struct look *l, const struct ns *ns)
{
	autoclose int fd = -1;
	char path[32];

	if (!ns->via || !ns->via_tid || ns->via_link != (enum ns_link)ns->type)
		return -ENOENT;
	fd = scan_process_open(l->s, ns->via);
	if (fd < 0)
		return fd;
	snprintf(path, sizeof(path), "task/%d", ns->via_tid);
	return openat(fd, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

int member_open(struct look *l, const struct ns *ns, bool (*fits)(struct look *l, int dirfd))
{
	struct process *p = ns->lead;
	autoclose int thread = -1;

	for (int i = 0; p && i < MEMBER_TRIES; i++, p = ns_next_member(l->g, ns, p)) {
		autoclose int fd = scan_process_open(l->s, p);

		if (is_member(l, fd, ns, fits))
			return steal_fd(&fd);
	}
	thread = thread_open(l, ns);
	return is_member(l, thread, ns, fits) ? steal_fd(&thread) : -ENOENT;
}

/* What the child says once it has joined, or failed to. */
struct report {
	int error;
	char self[16]; /* its PID as the proc root numbers it, which need not be ours */
};

struct child {
	pid_t pid;
	int report; /* pipe from the child */
	int hold;   /* pipe to the child: it exits when this is closed */
};

/* After fork: only what is safe in a signal handler. */
static _Noreturn void child_main(int procfd, int ns_fd, int clone_flag, int report, int hold)
{
	struct report r = { 0 };
	char end;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (readlinkat(procfd, "self", r.self, sizeof(r.self) - 1) < 0)
		r.error = -EOPNOTSUPP;
	if (r.error == 0)
		r.error = kern_setns(ns_fd, clone_flag);
	/* Joining a user namespace may have cleared it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (write(report, &r, sizeof(r)) == (ssize_t)sizeof(r) && r.error == 0)
		while (read(hold, &end, 1) < 0 && errno == EINTR)
			;
	_exit(0);
}

static int child_start(struct child *c, const struct scan *s, const struct ns *ns)
{
	autoclose int ns_fd = scan_ns_open(s, ns);
	int report[2], hold[2];
	int error;

	if (ns_fd < 0)
		return ns_fd;
	if (pipe2(report, O_CLOEXEC) < 0)
		return -errno;
	if (pipe2(hold, O_CLOEXEC) < 0) {
		error = -errno;
		close(report[0]);
		close(report[1]);
		return error;
	}
	c->pid = fork();
	error = c->pid < 0 ? -errno : 0;
	if (c->pid == 0) {
		/* Its own copy would keep it from seeing the end of ours. */
		close(hold[1]);
		child_main(s->procfd, ns_fd, ns_types[ns->type].clone_flag, report[1], hold[0]);
	}
	close(report[1]);
	close(hold[0]);
	c->report = report[0];
	c->hold = hold[1];
	return error;
}

static int child_wait(const struct child *c, struct report *out)
{
	struct pollfd p = { .fd = c->report, .events = POLLIN };
	ssize_t n;
	int ready;

	do
		ready = poll(&p, 1, CHILD_MS);
	while (ready < 0 && errno == EINTR);
	if (ready < 0)
		return -errno;
	if (ready == 0)
		return -ETIMEDOUT;
	n = read(c->report, out, sizeof(*out));
	if (n < 0)
		return -errno;
	return n == (ssize_t)sizeof(*out) ? out->error : -ESRCH;
}

/* It waits for nothing but us, so that ending it by a signal loses nothing. */
static void child_end(struct child *c)
{
	close(c->hold);
	close(c->report);
	if (c->pid > 1) {
		kill(c->pid, SIGKILL);
		while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
}

/* The child lives, so that its directory is missing only where it is hidden (hidepid). */
static int child_dir(const struct scan *s, const struct report *report)
{
	int fd = openat(s->procfd, report->self, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT ? -EPERM : -errno;
	return fd;
}

int child_read(struct look *l, struct ns *ns, member_reader read)
{
	struct child child = { .pid = -1, .report = -1, .hold = -1 };
	struct report report = { 0 };
	autoclose int dirfd = -1;
	int ret = child_start(&child, l->s, ns);

	if (child.report < 0)
		return ret;
	if (ret == 0)
		ret = child_wait(&child, &report);
	if (ret == 0)
		ret = dirfd = child_dir(l->s, &report);
	if (ret >= 0)
		ret = read(l, ns, dirfd);
	child_end(&child);
	return ret;
}

int member_read(struct look *l, struct ns *ns, bool (*fits)(struct look *l, int dirfd),
		member_reader read)
{
	autoclose int fd = member_open(l, ns, fits);

	return fd >= 0 ? read(l, ns, fd) : child_read(l, ns, read);
}
