/* SPDX-License-Identifier: MIT */
/*
 * Who else holds a namespace: nsfs mounts, from mountinfo(5) texts, and open descriptors, judged
 * by the device that they are on and never by the text of their link, which lies once the mount
 * that they were opened through is gone. No descriptor is opened and no file system asked to do
 * anything: one that hangs would take us with it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <nsview/buffer.h>
#include <nsview/cleanup.h>
#include <nsview/kern.h>
#include <nsview/procfile.h>

#include "holders.h"

enum { MOUNTINFO_MAX = 256 << 20 };

/* Something found by a worker, put into the graph afterwards. */
struct found {
	struct found *next;
	enum ns_type type;
	uint64_t ino;
	int fd;		  /* -1 for a mount */
	const char *path; /* in the worker's arena */
};

struct finding {
	struct found *first;
	int error; /* -errno: could not be looked at */
};

struct search {
	const struct scan *scan;
	struct ns *const *mnts;		  /* to read the mounts of ... */
	struct process *const *processes; /* ... or the descriptors of */
	dev_t nsfs;
	struct finding *findings;
};

static struct found *found_new(struct finding *f, struct arena *arena, int type, uint64_t ino)
{
	struct found *one = arena_alloc(arena, sizeof(*one));

	one->type = (enum ns_type)type;
	one->ino = ino;
	one->fd = -1;
	one->next = f->first;
	f->first = one;
	return one;
}

static void take_mount_line(struct span line, struct finding *f, struct arena *arena)
{
	struct mount_line m;
	const char *colon;
	uint64_t ino;
	char *path;
	int type;

	if (proc_mount_line_parse(line, &m) < 0 || m.fstype.len != 4 ||
	    memcmp(m.fstype.data, "nsfs", 4) != 0 ||
	    ns_link_parse(m.root.data, m.root.len, &ino) < 0)
		return;
	colon = memchr(m.root.data, ':', m.root.len);
	type = ns_type_parse(m.root.data, (size_t)(colon - m.root.data));
	if (type < 0)
		return;
	path = arena_alloc(arena, m.point.len + 1);
	path[proc_unescape(m.point, path)] = '\0';
	found_new(f, arena, type, ino)->path = path;
}

/* A namespace may have a hundred thousand mounts, of which few are nsfs: find those first. */
static void take_mounts(const struct buffer *text, struct finding *f, struct arena *arena)
{
	static const char mark[] = " - nsfs ";
	const char *at = buffer_str(text), *end = at + text->len;

	while ((at = memmem(at, (size_t)(end - at), mark, sizeof(mark) - 1))) {
		const char *start = memrchr(text->data, '\n', (size_t)(at - text->data));
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		struct span line;

		line.data = start ? start + 1 : text->data;
		line.len = (size_t)((stop ? stop : end) - line.data);
		take_mount_line(line, f, arena);
		if (!stop)
			break;
		at = stop;
	}
}

static void search_mounts(void *ctx, size_t begin, size_t end, struct arena *arena)
{
	const struct search *search = ctx;
	autobuffer text = BUFFER_INIT;

	for (size_t i = begin; i < end; i++) {
		const struct ns *mnt = search->mnts[i];
		struct finding *f = &search->findings[i];
		char path[64];

		if (mnt->via_tid)
			snprintf(path, sizeof(path), "%d/task/%d/mountinfo", mnt->via->pid,
				 mnt->via_tid);
		else
			snprintf(path, sizeof(path), "%d/mountinfo", mnt->via->pid);
		f->error = proc_read(search->scan->procfd, path, MOUNTINFO_MAX, &text);
		if (f->error == 0)
			take_mounts(&text, f, arena);
	}
}

/*
 * The type of an nsfs descriptor. The link's text has it, unless the descriptor was opened through
 * a mount: then the text is a path, and the kernel is asked.
 */
static int fd_type(int dirfd, const char *name, uint64_t ino)
{
	autobuffer link = BUFFER_INIT;
	autoclose int fd = -1;
	uint64_t now;
	int type = -1;

	if (proc_readlink(dirfd, name, &link) == 0 &&
	    ns_link_parse(link.data, link.len, &now) == 0 && now == ino)
		type = ns_type_parse(
			link.data, (size_t)((char *)memchr(link.data, ':', link.len) - link.data));
	if (type >= 0)
		return type;
	fd = scan_nsfs_open(dirfd, name, &now);
	return fd >= 0 && now == ino ? kern_ns_type(fd) : -1;
}

/*
 * The device and inode number of a descriptor's file. DONT_SYNC: what is cached will do, so that no
 * network file system is waited for. Linux before 4.11, and sandboxes older than statx(2), have
 * only the call that waits.
 */
static int fd_stat(int dirfd, const char *name, dev_t *out_dev, uint64_t *out_ino)
{
	struct statx stx;
	struct stat st;

	if (statx(dirfd, name, AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT, STATX_INO, &stx) == 0) {
		*out_dev = makedev(stx.stx_dev_major, stx.stx_dev_minor);
		*out_ino = stx.stx_ino;
		return 0;
	}
	/* EINVAL: glibc's stand-in for a missing statx does not know DONT_SYNC. */
	if (errno != ENOSYS && errno != EPERM && errno != EINVAL)
		return -errno;
	if (fstatat(dirfd, name, &st, AT_NO_AUTOMOUNT) < 0)
		return -errno;
	*out_dev = st.st_dev;
	*out_ino = st.st_ino;
	return 0;
}

static void take_fd(const struct search *search, int dirfd, const char *name, struct finding *f,
		    struct arena *arena)
{
	uint64_t ino;
	dev_t dev;
	int type;

	if (fd_stat(dirfd, name, &dev, &ino) < 0 || dev != search->nsfs)
		return;
	type = fd_type(dirfd, name, ino);
	if (type >= 0)
		found_new(f, arena, type, ino)->fd = proc_entry_pid(name);
}

static void search_fds(void *ctx, size_t begin, size_t end, struct arena *arena)
{
	const struct search *search = ctx;

	for (size_t i = begin; i < end; i++) {
		struct finding *f = &search->findings[i];
		const struct dirent *e;
		autodir DIR *dir = NULL;
		autoclose int fd = -1;
		char path[32];

		snprintf(path, sizeof(path), "%d/fd", search->processes[i]->pid);
		fd = openat(search->scan->procfd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		dir = fd < 0 ? NULL : fdopendir(fd);
		if (!dir) {
			f->error = -errno;
			continue;
		}
		steal_fd(&fd);
		while ((e = readdir(dir)))
			if (e->d_name[0] != '.')
				take_fd(search, dirfd(dir), e->d_name, f, arena);
	}
}

static void add_found(struct graph *g, const struct finding *f, struct process *p, struct ns *mnt)
{
	for (const struct found *one = f->first; one; one = one->next)
		graph_add_holder(g, graph_add(g, one->type, one->ino),
				 one->fd < 0 ? HOLD_MOUNT : HOLD_FD, p, 0, one->fd, one->path, mnt);
}

/* The mount namespace whose mounts "self" shows: in a copy of /proc, that of whoever made it. */
static struct ns *own_mnt(const struct scan *s, const struct graph *g)
{
	const struct process *p = s->procfs ? NULL : graph_process(g, s->self);

	return p ? p->set->ns[NS_MNT] : g->self[NS_MNT];
}

static void find_own_mounts(const struct scan *s, struct graph *g)
{
	autobuffer text = BUFFER_INIT;
	struct arena scratch = ARENA_INIT;
	struct finding f = { 0 };
	int ret = s->procfs ? proc_read(AT_FDCWD, "/proc/self/mountinfo", MOUNTINFO_MAX, &text)
			    : proc_read(s->procfd, "self/mountinfo", MOUNTINFO_MAX, &text);

	if (ret == 0) {
		take_mounts(&text, &f, &scratch);
		add_found(g, &f, NULL, own_mnt(s, g));
		g->completeness.searched |= 1 << SOURCE_OWN_MOUNTS;
	}
	arena_release(&scratch);
}

/* Mount namespaces that a task is in, without our own: those were read already. */
static size_t list_mnts(const struct scan *s, const struct graph *g, struct ns **list)
{
	const struct ns *own = own_mnt(s, g);
	size_t n = 0;

	for (size_t i = 0; i < g->nnamespaces; i++) {
		struct ns *ns = g->namespaces[i];

		if (ns->type == NS_MNT && ns->via && ns != own)
			list[n++] = ns;
	}
	return n;
}

static void find_all_mounts(struct search *search, struct graph *g, unsigned threads)
{
	struct ns **list = calloc(g->nnamespaces + 1, sizeof(struct ns *));
	struct arena scratch = ARENA_INIT;
	size_t n;

	if (!list)
		die("out of memory");
	n = list_mnts(search->scan, g, list);
	search->mnts = list;
	search->findings = calloc(n + 1, sizeof(*search->findings));
	if (!search->findings)
		die("out of memory");
	scan_parallel(threads, n, search_mounts, search, &scratch);
	for (size_t i = 0; i < n; i++) {
		int error = search->findings[i].error;

		g->completeness.unread_mounts += error && error != -ENOENT && error != -ESRCH;
		add_found(g, &search->findings[i], list[i]->via, list[i]);
	}
	g->completeness.searched |= 1 << SOURCE_ALL_MOUNTS;
	free(search->findings);
	free(list);
	arena_release(&scratch);
}

static void find_fds(struct search *search, struct graph *g, unsigned threads)
{
	struct arena scratch = ARENA_INIT;
	struct stat st;

	if (stat("/proc/self/ns/user", &st) < 0)
		return;
	search->nsfs = st.st_dev;
	search->processes = g->processes;
	search->findings = calloc(g->nprocesses + 1, sizeof(*search->findings));
	if (!search->findings)
		die("out of memory");
	scan_parallel(threads, g->nprocesses, search_fds, search, &scratch);
	for (size_t i = 0; i < g->nprocesses; i++) {
		int error = search->findings[i].error;

		g->completeness.unread_fds += error && error != -ENOENT && error != -ESRCH;
		/* Our own are those of this scan. */
		if (g->processes[i]->pid != search->scan->self)
			add_found(g, &search->findings[i], g->processes[i], NULL);
	}
	g->completeness.searched |= 1 << SOURCE_FDS;
	free(search->findings);
	arena_release(&scratch);
}

void find_holders(const struct scan *s, struct graph *g, unsigned needs, unsigned threads)
{
	struct search search = { .scan = s };

	find_own_mounts(s, g);
	if (!(needs & NEED_HOLDERS))
		return;
	find_all_mounts(&search, g, threads);
	if (s->procfs)
		find_fds(&search, g, threads);
}
