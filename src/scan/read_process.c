/* SPDX-License-Identifier: MIT */
/*
 * Reads the ten links of a process, and of each thread that may differ. Everything is relative to
 * one O_PATH fd of its ns directory, which answers for no other process when the PID is reused.
 * This is the hot path: twelve system calls a process, none of them to spare.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>
#include <nsview/procfile.h>

#include "read_process.h"

/* Links that a thread can have otherwise than its leader: the others need a single thread. */
static const bool thread_may_differ[NS_LINKS] = {
	[NS_CGROUP] = true,
	[NS_IPC] = true,
	[NS_MNT] = true,
	[NS_NET] = true,
	[NS_UTS] = true,
	[LINK_PID_FOR_CHILDREN] = true,
	[LINK_TIME_FOR_CHILDREN] = true,
};

/* "PID" and what follows; written by hand since printf would cost as much as a system call. */
static char *put_number(char *to, pid_t n)
{
	char digits[12];
	size_t len = 0;

	do
		digits[len++] = (char)('0' + n % 10);
	while (n /= 10);
	while (len)
		*to++ = digits[--len];
	return to;
}

static void put_path(char *to, pid_t pid, const char *rest)
{
	strcpy(put_number(to, pid), rest);
}

/*
 * Denied, or gone? A link of a process that is reaped while it is read gives EACCES as well; a
 * lookup in its directory then fails.
 */
static int denied_or_gone(int nsfd, int error)
{
	struct stat st;

	if (fstatat(nsfd, ns_types[NS_PID].name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -ESRCH;
	return error;
}

/*
 * Reads the links that `wanted` names (NULL: all) of the task whose ns directory is nsfd.
 * -ENOENT: some are missing, since the task has exited or the kernel does not know them.
 */
static int read_links(int nsfd, const bool *wanted, uint64_t ino[NS_LINKS])
{
	int missing = 0;

	for (int link = 0; link < NS_LINKS; link++) {
		int ret;

		if (wanted && !wanted[link])
			continue;
		ret = proc_ns_link(nsfd, ns_links[link].name, &ino[link]);
		if (ret == -ENOENT || ret == -ESRCH)
			missing = -ENOENT;
		else if (ret < 0)
			return denied_or_gone(nsfd, ret);
	}
	return missing;
}

/* pid_for_children reads as missing until the first child; the pidfd ioctl sees it. */
static void read_childless_pid(const struct scan *s, pid_t id, bool thread, uint64_t *out_ino)
{
	autoclose int pidfd = s->own ? kern_pidfd_open(id, thread) : -1;
	autoclose int fd = pidfd < 0 ? -1 : kern_pidfd_ns(pidfd, LINK_PID_FOR_CHILDREN);

	if (fd >= 0 && kern_nsfs_ino(fd, out_ino) < 0)
		*out_ino = 0;
}

static void read_thread(const struct scan *s, int taskfd, pid_t tid, struct raw_process *raw,
			struct arena *arena)
{
	char path[32];
	uint64_t ino[NS_LINKS];
	struct raw_thread *t, **at = &raw->threads;
	autoclose int nsfd = -1;
	int ret;

	put_path(path, tid, "/ns");
	nsfd = openat(taskfd, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (nsfd < 0)
		return;
	memcpy(ino, raw->ino, sizeof(ino));
	ret = read_links(nsfd, raw->zombie ? NULL : thread_may_differ, ino);
	if (ret < 0 && ret != -ENOENT) {
		raw->unread_threads += ret != -ESRCH;
		return;
	}
	if (!ino[NS_MNT] && raw->ino[NS_MNT]) /* exiting: only its leader is left */
		return;
	if (!ino[LINK_PID_FOR_CHILDREN] && ino[NS_NET])
		read_childless_pid(s, tid, true, &ino[LINK_PID_FOR_CHILDREN]);
	if (memcmp(ino, raw->ino, sizeof(ino)) == 0)
		return;
	t = arena_alloc(arena, sizeof(*t));
	t->tid = tid;
	memcpy(t->ino, ino, sizeof(ino));
	t->next = *at;
	*at = t;
}

static void read_threads(const struct scan *s, struct raw_process *raw, int nsfd,
			 struct arena *arena)
{
	autoclose int fd = openat(nsfd, "../task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	autoclose int taskfd = fd < 0 ? -1 : openat(fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	autodir DIR *dir = taskfd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;

	if (!dir)
		return;
	steal_fd(&fd);
	while ((e = readdir(dir))) {
		pid_t tid = proc_entry_pid(e->d_name);

		if (tid > 0 && tid != raw->pid)
			read_thread(s, taskfd, tid, raw, arena);
	}
}

/*
 * st_nlink of a procfs task directory is the number of threads and two. From the ns directory,
 * which costs less than to look the process up again.
 */
static bool has_threads(const struct scan *s, int nsfd)
{
	struct stat st;

	if (fstatat(nsfd, "../task", &st, 0) < 0)
		return false;
	return !s->procfs || st.st_nlink > 3;
}

/*
 * What is left of a process that has exited: its user and pid links. -ESRCH: not even those.
 * It may have exited while it was read, so that some of the others were still there.
 */
static int settle(struct raw_process *raw)
{
	static const int living[] = { NS_IPC, NS_MNT, NS_NET, NS_UTS };
	bool lives = true;

	if (!raw->ino[NS_USER] && !raw->ino[NS_PID] && !raw->ino[NS_NET])
		return -ESRCH;
	for (size_t i = 0; i < sizeof(living) / sizeof(*living); i++)
		lives = lives && raw->ino[living[i]];
	if (lives)
		return 0;
	raw->zombie = true;
	for (int link = 0; link < NS_LINKS; link++)
		if (link != NS_USER && link != NS_PID)
			raw->ino[link] = 0;
	return 0;
}

static bool ask_first(struct asked *asked, uint64_t ino)
{
	_Atomic uint64_t *slot = &asked->slot[ino % (sizeof(asked->slot) / sizeof(*asked->slot))];

	if (*slot == ino)
		return false;
	*slot = ino;
	return true;
}

/* By pidfd where the kernel can (6.11): half the price of opening the link. */
static int open_own_ns(int pidfd, int nsfd, int type)
{
	int fd = pidfd < 0 ? -1 : kern_pidfd_ns(pidfd, (enum ns_link)type);

	return fd >= 0 ? fd : openat(nsfd, ns_types[type].name, O_RDONLY | O_CLOEXEC);
}

/*
 * The process may have moved since its link was read, and the number behind pidfd be another's:
 * what counts is that the open file is the namespace in question.
 */
static void read_edge(int fd, struct raw_process *raw, enum ns_type type, struct arena *arena)
{
	struct raw_edge *edge;
	uint64_t ino;

	if (fd < 0 || kern_nsfs_ino(fd, &ino) < 0 || ino != raw->ino[type])
		return;
	edge = arena_alloc(arena, sizeof(*edge));
	*edge = (struct raw_edge){ raw->edges, type, ino, ancestors_ask(fd, type) };
	raw->edges = edge;
}

static void read_edges(const struct scan *s, int nsfd, struct raw_process *raw, struct asked *asked,
		       struct arena *arena)
{
	autoclose int pidfd = -1;

	for (int type = 0; type < NS_TYPES; type++) {
		autoclose int fd = -1;

		if (!raw->ino[type] || !ask_first(asked, raw->ino[type]))
			continue;
		if (pidfd < 0 && s->own)
			pidfd = kern_pidfd_open(raw->pid, false);
		fd = open_own_ns(pidfd, nsfd, type);
		read_edge(fd, raw, (enum ns_type)type, arena);
	}
	/* Who leads a namespace will be asked for its supervisor; with the pidfd at hand it is
	 * cheap. */
	if (pidfd < 0 || kern_pidfd_parent(pidfd, &raw->ppid) < 0)
		raw->ppid = -1;
}

void read_process(const struct scan *s, struct raw_process *raw, struct asked *asked,
		  struct arena *arena)
{
	char path[32];
	autoclose int nsfd = -1;
	int ret;

	raw->ppid = -1;
	put_path(path, raw->pid, "/ns");
	nsfd = openat(s->procfd, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (nsfd < 0) {
		raw->error = errno == ENOENT ? -ESRCH : (int16_t)-errno;
		return;
	}
	ret = read_links(nsfd, NULL, raw->ino);
	if (ret == -ENOENT)
		ret = settle(raw);
	raw->error = (int16_t)ret;
	if (ret < 0) {
		memset(raw->ino, 0, sizeof(raw->ino));
		return;
	}
	if (!raw->ino[LINK_PID_FOR_CHILDREN] && raw->ino[NS_NET])
		read_childless_pid(s, raw->pid, false, &raw->ino[LINK_PID_FOR_CHILDREN]);
	if (s->procfs)
		read_edges(s, nsfd, raw, asked, arena);
	if (has_threads(s, nsfd))
		read_threads(s, raw, nsfd, arena);
}
