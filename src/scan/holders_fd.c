/* SPDX-License-Identifier: MIT */
/*
 * Open descriptors that hold a namespace, of every process and of every thread that has a table
 * for itself. A descriptor is judged by the device that it is on and never by the text of its
 * link, which lies once the mount that it was opened through is gone.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>
#include <nsview/procfile.h>

#include "holders_fd.h"

enum {
	TABLES_MAX = 32, /* distinct tables of one process that are told apart */
	RING_TEXT_MAX = 4 << 20,
	TUN_MAJOR = 10,
	TUN_MINOR = 200,
};

struct search {
	const struct scan *scan;
	unsigned needs;
	table_take take;
	struct process *const *processes;
	dev_t nsfs, sockfs, anon;
	struct finding *findings;
};

int table_fdinfo(struct table *t, const char *name, size_t limit)
{
	char path[64];

	snprintf(path, sizeof(path), "../fdinfo/%s", name);
	return proc_read(t->dirfd, path, limit, t->text);
}

struct found *table_found(struct table *t, enum ns_type type, uint64_t ino, enum holder_kind kind,
			  const char *name)
{
	struct found *one = found_new(t->f, t->arena, type, ino, kind);

	one->tid = t->tid;
	one->fd = proc_entry_pid(name);
	return one;
}

static bool is_o_path(struct table *t, const char *name)
{
	const char *flags;

	if (table_fdinfo(t, name, 4096) < 0)
		return false;
	flags = strstr(buffer_str(t->text), "flags:");
	return flags && (strtoul(flags + strlen("flags:"), NULL, 8) & O_PATH);
}

/*
 * The type is in the link's text, unless the descriptor was opened through a mount: then the text
 * is a path, or only "/" once that mount is gone, and the kernel is asked.
 */
static void take_nsfs(struct table *t, const char *name, uint64_t ino)
{
	autoclose int fd = -1;
	struct found *one;
	enum ns_type type;
	bool unmounted = false;
	uint64_t now;

	if (proc_readlink(t->dirfd, name, t->text) < 0)
		return;
	if (found_parse((struct span){ t->text->data, t->text->len }, &type, &now) < 0) {
		int answer;

		unmounted = strcmp(buffer_str(t->text), "/") == 0;
		fd = scan_nsfs_open(t->dirfd, name, &now);
		answer = fd < 0 ? fd : kern_ns_type(fd);
		if (answer < 0)
			return;
		type = (enum ns_type)answer;
	}
	if (now != ino) /* another file since */
		return;
	one = table_found(t, type, ino, HOLD_FD, name);
	if (unmounted)
		one->reason = REASON_UNMOUNTED;
	else if (is_o_path(t, name))
		one->reason = REASON_O_PATH;
}

/* "    0: net:[4026532340]"; a file with a name of its own starts with a slash. */
static bool take_ring_line(struct table *t, struct span line, const char *name)
{
	const char *colon = memchr(line.data, ':', line.len);
	enum ns_type type;
	struct span text;
	uint64_t ino;

	if (!line.len || line.data[0] != ' ' || !colon)
		return false;
	text.data = colon + 1;
	text.len = line.len - (size_t)(text.data - line.data);
	while (text.len && *text.data == ' ') {
		text.data++;
		text.len--;
	}
	if (found_parse(text, &type, &ino) == 0)
		table_found(t, type, ino, HOLD_FD, name)->reason = REASON_IO_URING;
	return true;
}

static void take_anon(struct table *t, const char *name)
{
	struct span rest, line;
	bool files = false;

	if (proc_readlink(t->dirfd, name, t->text) < 0 ||
	    strcmp(buffer_str(t->text), "anon_inode:[io_uring]") != 0 ||
	    table_fdinfo(t, name, RING_TEXT_MAX) < 0)
		return;
	t->f->rings++;
	rest = (struct span){ t->text->data, t->text->len };
	while (proc_line_next(&rest, &line)) {
		if (files && !take_ring_line(t, line, name))
			break;
		files = files || (line.len > 10 && memcmp(line.data, "UserFiles:", 10) == 0);
	}
}

bool is_tun(const struct statx *st)
{
	return S_ISCHR(st->stx_mode) && st->stx_rdev_major == TUN_MAJOR &&
	       st->stx_rdev_minor == TUN_MINOR;
}

static void take_fd(struct table *t, const char *name)
{
	struct statx st;
	dev_t dev;

	if (kern_stat_cached(t->dirfd, name, 0, &st) < 0)
		return;
	t->f->fds++;
	dev = makedev(st.stx_dev_major, st.stx_dev_minor);
	if (t->take)
		t->take(t, name, dev, &st);
	else if (dev == t->nsfs)
		take_nsfs(t, name, st.stx_ino);
	else if (dev == t->anon)
		take_anon(t, name);
	else if (!(t->needs & NEED_SOCKETS))
		return;
	else if (dev == t->sockfs)
		take_socket(t, name);
	else if (is_tun(&st))
		take_tun(t, name);
}

/* -errno: the table could not be listed. */
static int take_table(struct table *t, const char *path)
{
	autoclose int fd = openat(t->scan->procfd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	autodir DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;

	if (!dir)
		return -errno;
	steal_fd(&fd);
	t->dirfd = dirfd(dir);
	t->pidfd = -1;
	t->pidfd_error = 0;
	while ((e = readdir(dir)))
		if (e->d_name[0] != '.')
			take_fd(t, e->d_name);
	if (t->pidfd >= 0)
		close(t->pidfd);
	return 0;
}

/* 1: the thread shares a table that was looked through, 0: it does not; else -errno. */
static int is_known_table(const struct table *t, const pid_t *known, size_t n, pid_t tid)
{
	for (size_t i = 0; i < n; i++) {
		int same = t->scan->own ? kern_same_files(known[i], tid) : -EOPNOTSUPP;

		if (same)
			return same;
	}
	return 0;
}

static bool was_found(const struct found *list, const struct found *one)
{
	for (; list; list = list->next)
		if (list->fd == one->fd && list->ino == one->ino && list->type == one->type &&
		    list->reason == one->reason)
			return true;
	return false;
}

/* Where kcmp(2) cannot tell tables apart: what the table has that the others have not. */
static void take_difference(struct table *t, const char *path)
{
	struct found *before = t->f->first, **at = &t->f->first;
	unsigned needs = t->needs;

	t->needs = 0;
	take_table(t, path);
	t->needs = needs;
	while (*at != before)
		if (was_found(before, *at))
			*at = (*at)->next;
		else
			at = &(*at)->next;
}

static void take_threads(struct table *t)
{
	pid_t known[TABLES_MAX] = { t->process->pid };
	size_t tables = 1;
	char path[64];
	const struct dirent *e;
	autodir DIR *dir = NULL;
	autoclose int fd = -1;
	struct stat st;

	snprintf(path, sizeof(path), "%d/task", t->process->pid);
	/* The link count of a procfs task directory is the number of threads and two. */
	if (fstatat(t->scan->procfd, path, &st, 0) < 0 || st.st_nlink <= 3)
		return;
	fd = openat(t->scan->procfd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir)
		return;
	steal_fd(&fd);
	while ((e = readdir(dir))) {
		pid_t tid = proc_entry_pid(e->d_name);
		int same;

		if (tid <= 0 || tid == t->process->pid)
			continue;
		same = is_known_table(t, known, tables, tid);
		t->tid = tid;
		snprintf(path, sizeof(path), "%d/task/%d/fd", t->process->pid, tid);
		if (same < 0 && !t->take)
			take_difference(t, path);
		if (same != 0)
			continue;
		if (tables < TABLES_MAX)
			known[tables++] = tid;
		take_table(t, path);
	}
}

static void search_fds(void *ctx, size_t begin, size_t end, struct arena *arena)
{
	const struct search *search = ctx;
	struct net_memo memo[NET_MEMOS] = { 0 };
	autobuffer text = BUFFER_INIT;

	for (size_t i = begin; i < end; i++) {
		struct table t = {
			.scan = search->scan,
			.needs = search->needs,
			.take = search->take,
			.nsfs = search->nsfs,
			.sockfs = search->sockfs,
			.anon = search->anon,
			.process = search->processes[i],
			.f = &search->findings[i],
			.arena = arena,
			.memo = memo,
			.text = &text,
		};
		char path[32];

		/* Our own descriptors are those of this scan. */
		if (t.process->pid == search->scan->self)
			continue;
		snprintf(path, sizeof(path), "%d/fd", t.process->pid);
		t.f->error = take_table(&t, path);
		if (t.f->error != -EACCES && t.f->error != -EPERM)
			take_threads(&t);
	}
}

/* What kinds of descriptors are on, told by one of each. */
static int find_devices(struct search *search)
{
	autoclose int sock = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	autoclose int event = eventfd(0, EFD_CLOEXEC);
	struct stat st;

	if (stat("/proc/self/ns/user", &st) < 0)
		return -errno;
	search->nsfs = st.st_dev;
	/* Without the other two there is nothing to find of their kind either. */
	if (sock >= 0 && fstat(sock, &st) == 0)
		search->sockfs = st.st_dev;
	if (event >= 0 && fstat(event, &st) == 0)
		search->anon = st.st_dev;
	return 0;
}

static void count_finding(struct completeness *c, const struct finding *f)
{
	c->unread_fds += f->error && f->error != -ENOENT && f->error != -ESRCH;
	c->fds += f->fds;
	c->sockets += f->sockets;
	c->unread_sockets += f->unread_sockets;
	c->rings += f->rings;
	c->queued += f->queued;
	c->unread_queued += f->unread_queued;
}

struct finding *search_tables(const struct scan *s, struct process *const *processes, size_t n,
			      unsigned needs, table_take take, unsigned threads,
			      struct arena *scratch)
{
	struct search search = { .scan = s, .needs = needs, .take = take, .processes = processes };

	if (find_devices(&search) < 0)
		return NULL;
	search.findings = calloc(n + 1, sizeof(*search.findings));
	if (!search.findings)
		die("out of memory");
	scan_parallel(threads, n, search_fds, &search, scratch);
	return search.findings;
}

void find_fds(const struct scan *s, struct graph *g, struct process *const *processes, size_t n,
	      unsigned needs, unsigned threads)
{
	struct arena scratch = ARENA_INIT;
	struct finding *findings = search_tables(s, processes, n, needs, NULL, threads, &scratch);
	uint32_t searched = 1 << SOURCE_FDS | 1 << SOURCE_THREAD_FDS | 1 << SOURCE_IO_URING;

	if (!findings)
		return;
	for (size_t i = 0; i < n; i++) {
		count_finding(&g->completeness, &findings[i]);
		found_add(g, &findings[i], processes[i], NULL);
	}
	if (needs & NEED_SOCKETS)
		searched |= 1 << SOURCE_SOCKETS | 1 << SOURCE_INFLIGHT;
	if (needs & NEED_PEEK)
		searched |= 1 << SOURCE_PEEK;
	g->completeness.searched |= searched;
	free(findings);
	arena_release(&scratch);
}

void find_ring(const struct scan *s, struct graph *g, struct process *p, pid_t tid, int fd)
{
	struct arena scratch = ARENA_INIT;
	autobuffer text = BUFFER_INIT;
	struct finding f = { 0 };
	struct table t = {
		.scan = s, .process = p, .tid = tid, .f = &f, .arena = &scratch, .text = &text
	};
	autoclose int dirfd = -1;
	char path[64], name[16];

	if (tid)
		snprintf(path, sizeof(path), "%d/task/%d/fd", p->pid, tid);
	else
		snprintf(path, sizeof(path), "%d/fd", p->pid);
	dirfd = openat(s->procfd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	t.dirfd = dirfd;
	snprintf(name, sizeof(name), "%d", fd);
	if (dirfd >= 0)
		take_anon(&t, name);
	found_add(g, &f, p, NULL);
	arena_release(&scratch);
}
