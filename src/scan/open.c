/* SPDX-License-Identifier: MIT */
/*
 * Opens the proc root, and again what the scan found: a namespace's file, a process's directory.
 * A number crosses time here (the scan saw PID 4123, now it is opened), so each is looked at
 * anew before it is believed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <nsview/buffer.h>
#include <nsview/cleanup.h>
#include <nsview/kern.h>
#include <nsview/procfile.h>

#include "holders.h"
#include "kernel_source.h"

/* Whether the directory has a numbered subdirectory with an ns/ in it: a copy of a procfs. */
static bool looks_like_proc(int dirfd)
{
	autoclose int fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	autodir DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;

	if (!dir)
		return false;
	steal_fd(&fd);
	while ((e = readdir(dir))) {
		char path[NAME_MAX + 4];

		if (proc_entry_pid(e->d_name) <= 0)
			continue;
		snprintf(path, sizeof(path), "%s/ns", e->d_name);
		if (faccessat(dirfd, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
			return true;
	}
	return false;
}

/* Our own pid as this procfs numbers us; 0 where it does not show us. */
static pid_t self_in(int procfd)
{
	autobuffer text = BUFFER_INIT;

	if (proc_readlink(procfd, "self", &text) < 0)
		return 0;
	return proc_entry_pid(buffer_str(&text));
}

static unsigned cores(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	if (n < 1)
		return 1;
	return n > 8 ? 8 : (unsigned)n;
}

int scan_open(const char *path, struct scan **out, struct error *err)
{
	const char *root = path ? path : "/proc";
	autoclose int fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct scan *s;
	bool procfs;

	if (fd < 0) {
		int code = -errno;
		return error_set(err, code, "cannot open %s: %s", root, strerror(-code));
	}
	procfs = kern_is_procfs(fd);
	if (!procfs && !looks_like_proc(fd))
		return error_set(err, -ENOTDIR, "%s is no procfs, nor a copy of one%s", root,
				 strcmp(root, "/proc") == 0
					 ? "; one is mounted by: mount -t proc proc /proc"
					 : "");
	s = calloc(1, sizeof(*s));
	if (!s)
		die("out of memory");
	s->path = strdup(root);
	if (!s->path)
		die("out of memory");
	s->procfs = procfs;
	s->self = self_in(fd);
	s->own = procfs && s->self == getpid();
	s->threads = cores();
	s->procfd = steal_fd(&fd);
	*out = s;
	return 0;
}

int scan_proc_fd(const struct scan *s)
{
	return s->procfs ? s->procfd : -1;
}

void scan_choose(struct scan *s, enum scan_choice choice)
{
	s->choice = choice;
}

void scan_close(struct scan *s)
{
	if (!s)
		return;
	kernel_source_free(s->kernel);
	close(s->procfd);
	free(s->path);
	free(s);
}

int nsfs_checked(int *fd, const struct ns *ns)
{
	uint64_t ino;
	int ret;

	if (*fd < 0)
		return *fd;
	ret = kern_nsfs_ino(*fd, &ino);
	if (ret < 0)
		return ret;
	return ino == ns->ino ? steal_fd(fd) : -ENOENT;
}

static int open_link(int dirfd, const char *path, const struct ns *ns)
{
	autoclose int fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	return nsfs_checked(&fd, ns);
}

/*
 * The path or descriptor may lead to something else by now, which must not be opened: a FIFO
 * would block, a device might act. So it is looked at first.
 */
int scan_nsfs_open(int dirfd, const char *path, uint64_t *out_ino)
{
	autoclose int looked = openat(dirfd, path, O_PATH | O_CLOEXEC);

	return looked < 0 ? -errno : scan_nsfs_reopen(looked, out_ino);
}

int scan_nsfs_reopen(int looked, uint64_t *out_ino)
{
	char self[40];
	int ret = kern_nsfs_ino(looked, out_ino);

	if (ret < 0)
		return ret;
	/* Not /proc/self: a worker has a descriptor table of its own. */
	snprintf(self, sizeof(self), "/proc/thread-self/fd/%d", looked);
	ret = open(self, O_RDONLY | O_CLOEXEC);
	return ret < 0 ? -errno : ret;
}

/* The pidfd ioctls also see a pid_for_children that has no child yet. */
static int open_pidfd(const struct scan *s, const struct ns *ns)
{
	pid_t id = ns->via_tid ? ns->via_tid : ns->via->pid;
	autoclose int pidfd = s->own ? kern_pidfd_open(id, ns->via_tid != 0) : -ENOENT;
	autoclose int fd = pidfd < 0 ? pidfd : kern_pidfd_ns(pidfd, ns->via_link);

	return nsfs_checked(&fd, ns);
}

static int open_via_task(const struct scan *s, const struct ns *ns)
{
	char path[96];
	int fd;

	if (ns->via_tid)
		snprintf(path, sizeof(path), "%d/task/%d/ns/%s", ns->via->pid, ns->via_tid,
			 ns_links[ns->via_link].name);
	else
		snprintf(path, sizeof(path), "%d/ns/%s", ns->via->pid, ns_links[ns->via_link].name);
	fd = open_link(s->procfd, path, ns);
	return fd == -ENOENT ? open_pidfd(s, ns) : fd;
}

static int open_via_ns(const struct scan *s, const struct ns *ns)
{
	autoclose int from = scan_ns_open(s, ns->via_ns);
	autoclose int fd = -1;

	if (from < 0)
		return from;
	fd = ns->via_owner ? kern_ns_owner(from) : kern_ns_parent(from);
	return nsfs_checked(&fd, ns);
}

/* Nothing may lead there at all, but the kernel takes its 64-bit id, if it was told to us. */
static int open_by_id(const struct ns *ns)
{
	autoclose int fd = -1;

	if (!ns->facts || !fact_is_known(ns->facts->id.fact))
		return -EOPNOTSUPP;
	fd = kern_ns_open_id(ns->type, ns->facts->id.num, ns->ino);
	if (fd < 0 && ns->type == NS_MNT) /* 6.12 to 6.17 */
		fd = hidden_open(ns->ino);
	return nsfs_checked(&fd, ns);
}

int scan_ns_open(const struct scan *s, const struct ns *ns)
{
	int fd = -ENOENT;

	if (!s->procfs)
		return -EOPNOTSUPP;
	if (ns->via)
		fd = open_via_task(s, ns);
	for (const struct holder *h = ns->holders; fd < 0 && h; h = h->next)
		fd = scan_holder_open(s, ns, h);
	if (fd < 0 && ns->via_ns)
		fd = open_via_ns(s, ns);
	if (fd < 0 && ns->facts)
		fd = open_by_id(ns);
	return fd;
}

static int read_ns_link(int dirfd, enum ns_type type, uint64_t *out_ino)
{
	char path[32];

	snprintf(path, sizeof(path), "ns/%s", ns_types[type].name);
	return proc_ns_link(dirfd, path, out_ino);
}

/*
 * Compares every link that sets the process apart from the host, since that is what its row is
 * about. One that lives among the host's alone may still be another with the same number: then
 * all that is said about that number is said of the new one.
 */
static int same_links(int dirfd, const struct process *p)
{
	bool compared = false;

	for (int type = NS_TYPES - 1; type >= 0; type--) {
		const struct ns *ns = p->set->ns[type];
		uint64_t ino;
		int ret;

		if (!ns || (ns->initial && (compared || type != NS_IPC)))
			continue;
		ret = read_ns_link(dirfd, (enum ns_type)type, &ino);
		/* Exited since: still the same, whose user and pid links alone are left. */
		if (ret == -ENOENT && type != NS_USER && type != NS_PID &&
		    faccessat(dirfd, "stat", F_OK, 0) == 0)
			continue;
		if (ret < 0 || ino != ns->ino)
			return -ESRCH;
		compared = true;
	}
	return 0;
}

int scan_process_open(const struct scan *s, const struct process *p)
{
	char path[16];
	autoclose int fd = -1;
	int ret;

	snprintf(path, sizeof(path), "%d", p->pid);
	fd = openat(s->procfd, path, O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	ret = same_links(fd, p);
	return ret < 0 ? ret : steal_fd(&fd);
}
