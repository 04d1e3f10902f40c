/* SPDX-License-Identifier: MIT */
/*
 * Opens a target to be entered. A process's number is used once, for its pidfd; whether /proc/PID
 * is the same process is known by the pidfd not having ended after that directory was opened.
 * Knows nothing of what is to be done with it, and joins nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <nsview/cleanup.h>
#include <nsview/entry.h>
#include <nsview/escape.h>
#include <nsview/kern.h>
#include <nsview/procfile.h>

#include "internal.h"

int entry_init(struct enter_target *t, struct error *err)
{
	*t = (struct enter_target){ .pidfd = -1, .dir = -1, .root = -1, .wd = -1 };
	for (int i = 0; i < NS_TYPES; i++)
		t->ns_fds[i] = -1;
	t->proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (t->proc < 0)
		return error_set(err, -errno, "cannot open /proc: %s", strerror(errno));
	if (!kern_is_procfs(t->proc))
		return error_set(err, -ENOTDIR, "/proc is no procfs: nothing can be entered by it");
	return 0;
}

void entry_release(struct enter_target *t)
{
	close_fd(&t->proc);
	close_fd(&t->pidfd);
	close_fd(&t->dir);
	close_fd(&t->root);
	close_fd(&t->wd);
	for (int i = 0; i < NS_TYPES; i++)
		close_fd(&t->ns_fds[i]);
}

/* A pidfd is readable once its process has ended; a signal of 0 would still reach a zombie. */
bool entry_alive(const struct enter_target *t)
{
	struct pollfd p = { .fd = t->pidfd, .events = POLLIN };

	if (t->pidfd >= 0)
		return poll(&p, 1, 0) == 0;
	return t->dir < 0 || faccessat(t->dir, "stat", F_OK, 0) == 0;
}

/* /proc has none of that number, or will not tell of it. */
static int no_process(const struct enter_target *t, struct error *err)
{
	if (t->pidfd >= 0 && entry_alive(t))
		return error_set(err, -EACCES,
				 "process %d is not shown by /proc (mounted with hidepid=)",
				 t->pid);
	return error_set(err, -ESRCH, "there is no process %d", t->pid);
}

static int has_ended(const struct enter_target *t, struct error *err)
{
	return error_set(err, -ESRCH, "process %d has ended meanwhile", t->pid);
}

static int read_stat(const struct enter_target *t, struct proc_stat *out, struct error *err)
{
	autobuffer text = BUFFER_INIT;
	int ret = proc_read(t->dir, "stat", 4096, &text);

	if (ret == -ESRCH || ret == -ENOENT)
		return no_process(t, err);
	if (ret == 0)
		ret = proc_stat_parse(buffer_str(&text), text.len, out);
	return ret < 0 ? error_set(err, ret, "cannot read /proc/%d/stat: %s", t->pid,
				   strerror(-ret))
		       : 0;
}

static int check_kind(const struct enter_target *t, struct error *err)
{
	struct proc_stat st;
	int ret = read_stat(t, &st, err);

	if (ret < 0)
		return ret;
	if (st.flags & PROC_KERNEL_THREAD)
		return error_set(err, -EINVAL,
				 "process %d is a kernel thread: it has no namespaces of its own, "
				 "and no root or program to stand in for",
				 t->pid);
	if (st.state == 'Z' || st.state == 'X')
		return error_set(err, -ESRCH,
				 "process %d has exited and waits for its parent (a zombie): it is "
				 "in no namespace any more",
				 t->pid);
	/* Then what was looked at here may be another that has the number now. */
	return entry_alive(t) ? 0 : has_ended(t, err);
}

/* A pidfd goes by our numbers: of another pid namespace's /proc/PID would be somebody else. */
static bool shows_our_pids(const struct enter_target *t)
{
	autobuffer self = BUFFER_INIT;

	return proc_readlink(t->proc, "self", &self) == 0 && proc_entry_pid(self.data) == getpid();
}

static int open_pid(struct enter_target *t, pid_t pid, struct error *err)
{
	char path[16];
	int ret;

	t->pid = pid;
	if (!shows_our_pids(t))
		return error_set(err, -ESRCH,
				 "/proc shows another pid namespace than ours: mount a new one "
				 "there first");
	t->pidfd = kern_pidfd_open(pid, false);
	if (t->pidfd < 0 && t->pidfd != -ENOSYS) {
		ret = t->pidfd;
		t->pidfd = -1;
		/* EINVAL, ENOENT: it is a thread, not a process. */
		if (ret == -EINVAL || ret == -ENOENT)
			return error_set(err, -ESRCH, "%d is a thread, not a process", pid);
		return ret == -ESRCH ? no_process(t, err)
				     : error_set(err, ret, "cannot open process %d: %s", pid,
						 strerror(-ret));
	}
	if (t->pidfd < 0)
		t->pidfd = -1;
	snprintf(path, sizeof(path), "%d", pid);
	t->dir = openat(t->proc, path, O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (t->dir < 0 && errno == ENOENT)
		return no_process(t, err);
	if (t->dir < 0)
		return error_set(err, -errno, "cannot open /proc/%d: %s", pid, strerror(errno));
	return 0;
}

int entry_open_pid(struct enter_target *t, pid_t pid, struct error *err)
{
	int ret = open_pid(t, pid, err);

	return ret < 0 ? ret : check_kind(t, err);
}

int entry_open_process(struct enter_target *t, const struct scan *s, const struct process *p,
		       struct error *err)
{
	int ret = open_pid(t, p->pid, err);
	autoclose int same = -1;

	if (ret < 0)
		return ret;
	/* Opened after the pidfd: if that one lives, what is looked at here is it. */
	same = scan_process_open(s, p);
	return same < 0 ? has_ended(t, err) : check_kind(t, err);
}

void entry_take(struct enter_target *t, enum ns_type type, int fd)
{
	close_fd(&t->ns_fds[type]);
	t->ns_fds[type] = fd;
}

int entry_open_ns(struct enter_target *t, const struct scan *s, const struct ns *ns,
		  struct error *err)
{
	int fd = scan_ns_open(s, ns);

	if (fd < 0)
		return error_set(err, fd, "cannot open %s:[%ju]: %s", ns_types[ns->type].name,
				 (uintmax_t)ns->ino, strerror(-fd));
	entry_take(t, ns->type, fd);
	return 0;
}

static int path_error(const char *path, int error, struct error *err)
{
	autobuffer shown = BUFFER_INIT;

	escape_text(&shown, path, strlen(path), ESCAPE_UTF8);
	if (error == -EINVAL)
		return error_set(err, error, "%s is no namespace file", buffer_str(&shown));
	return error_set(err, error, "cannot open %s: %s", buffer_str(&shown), strerror(-error));
}

int entry_open_path(struct enter_target *t, const char *path, int type, struct error *err)
{
	autobuffer shown = BUFFER_INIT;
	uint64_t ino;
	autoclose int fd = scan_nsfs_open(AT_FDCWD, path, &ino);
	int is;

	if (fd < 0)
		return path_error(path, fd, err);
	is = kern_ns_type(fd);
	if (is == -ENOTTY && type >= 0) /* before 4.11; setns(2) will tell */
		is = type;
	if (is < 0)
		return error_set(err, is,
				 "what kind of namespace that is cannot be told before "
				 "Linux 4.11");
	if (type >= 0 && is != type) {
		escape_text(&shown, path, strlen(path), ESCAPE_UTF8);
		return error_set(err, -EINVAL, "%s is a %s namespace, not a %s namespace",
				 buffer_str(&shown), ns_types[is].title, ns_types[type].title);
	}
	entry_take(t, (enum ns_type)is, steal_fd(&fd));
	return 0;
}

int entry_open_socket(struct enter_target *t, int fd, struct error *err)
{
	int ns = kern_socket_ns(fd);

	if (ns == -ENOTTY || ns == -EBADF || ns == -ENOTSOCK || ns == -EINVAL)
		return error_set(err, ns, "descriptor %d is %s", fd,
				 ns == -EBADF ? "not open" : "no socket");
	if (ns < 0)
		return error_set(err, ns,
				 "cannot get the network namespace of the socket %d: %s; it takes "
				 "CAP_NET_ADMIN there",
				 fd, strerror(-ns));
	entry_take(t, NS_NET, ns);
	return 0;
}

static int check_process_life(const struct enter_target *t, uint64_t start, struct error *err)
{
	struct proc_stat st;
	int ret = read_stat(t, &st, err);

	if (ret == 0 && st.starttime != start)
		ret = error_set(err, -ESRCH,
				"process %d is not the one that was meant: that has ended, and "
				"another has its number now",
				t->pid);
	return ret;
}

static int check_ns_life(int fd, enum ns_type type, uint64_t id, struct error *err)
{
	struct stat st = { 0 };
	uint64_t now;
	int ret = kern_ns_id(fd, type, &now);

	if (ret == 0 && now == id)
		return 0;
	if (ret == 0)
		ret = -ESRCH;
	fstat(fd, &st);
	if (ret == -ESRCH)
		return error_set(err, ret,
				 "%s:[%ju] is not the namespace that was meant: that has ended, "
				 "and another has its number now",
				 ns_types[type].name, (uintmax_t)st.st_ino);
	return error_set(err, ret,
			 "whether %s:[%ju] is the namespace that was meant cannot be told: the "
			 "kernel has no id for it (before Linux 6.18)",
			 ns_types[type].name, (uintmax_t)st.st_ino);
}

int entry_check_life(const struct enter_target *t, uint64_t life, struct error *err)
{
	int found = -1, n = 0;

	if (t->pid)
		return check_process_life(t, life, err);
	for (int i = 0; i < NS_TYPES; i++)
		if (t->ns_fds[i] >= 0) {
			found = i;
			n++;
		}
	if (n != 1)
		return error_set(err, -EINVAL,
				 "an id tells one process or one namespace, and the target is "
				 "several namespaces");
	return check_ns_life(t->ns_fds[found], (enum ns_type)found, life, err);
}

void entry_open_places(struct enter_target *t)
{
	t->root_error = 0;
	t->root = openat(t->dir, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (t->root < 0)
		t->root_error = -errno;
	t->wd = openat(t->dir, "cwd", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (t->wd < 0 && !t->root_error)
		t->root_error = -errno;
}
