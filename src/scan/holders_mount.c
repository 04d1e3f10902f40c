/* SPDX-License-Identifier: MIT */
/*
 * Mounts that hold a namespace, from mountinfo(5) texts: nsfs files that are bound somewhere, and
 * procfs instances. Which pid namespace a procfs shows is told by its own process 1, and only
 * where the way there is known to the kernel already: a path may lead through a file system that
 * hangs. What mountinfo does not show is holders_hidden.c's.
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
#include "kernel_source.h"

enum { MEMBER_TRIES = 8 };

struct search {
	const struct scan *scan;
	const struct graph *g;
	struct ns *const *mnts;
	struct finding *findings;
};

/* The view of one mount namespace being read. */
struct mount_view {
	struct finding *f;
	struct arena *arena;
	int rootfd; /* root directory of the task that sees it, -1 if not to be had */
	const struct kernel_supers *supers; /* NULL: not known */
};

static void take_nsfs(const struct mount_view *v, const struct mount_line *m)
{
	enum ns_type type;
	uint64_t ino;

	if (found_parse(m->root, &type, &ino) == 0)
		found_new(v->f, v->arena, type, ino, HOLD_MOUNT)->path =
			scan_unescaped(v->arena, m->point);
}

/* Whether what the path led to is that mount's file system, and not one on top of it. */
static bool is_super_block(int fd, const struct mount_line *m)
{
	struct statx st;

	return kern_stat_cached(fd, "", AT_EMPTY_PATH, &st) == 0 && st.stx_dev_major == m->major &&
	       st.stx_dev_minor == m->minor;
}

static void take_procfs(const struct mount_view *v, const struct mount_line *m)
{
	autobuffer link = BUFFER_INIT;
	autoclose int fd = -1;
	const char *point;
	enum ns_type type;
	uint64_t ino;

	if (v->rootfd < 0 || m->root.len != 1)
		return;
	point = scan_unescaped(v->arena, m->point);
	fd = kern_open_cached(v->rootfd, point);
	if (fd < 0 || !is_super_block(fd, m) || proc_readlink(fd, "1/ns/pid", &link) < 0 ||
	    found_parse((struct span){ link.data, link.len }, &type, &ino) < 0)
		return;
	/* The initial one needs nobody to hold it. */
	if (type == NS_PID && !ns_is_initial(NS_PID, ino)) {
		struct found *one = found_new(v->f, v->arena, type, ino, HOLD_MOUNT);

		one->path = point;
		one->reason = REASON_PROCFS;
	}
}

static void take_lines(const struct mount_view *v, const struct buffer *text, const char *fstype,
		       void (*take)(const struct mount_view *v, const struct mount_line *m))
{
	const char *at = buffer_str(text), *end = at + text->len;
	char mark[16];
	int len = snprintf(mark, sizeof(mark), " - %s ", fstype);

	/* There may be a hundred thousand mounts, of which few are meant: find those first. */
	while ((at = memmem(at, (size_t)(end - at), mark, (size_t)len))) {
		const char *start = memrchr(text->data, '\n', (size_t)(at - text->data));
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		struct mount_line m;
		struct span line;

		line.data = start ? start + 1 : text->data;
		line.len = (size_t)((stop ? stop : end) - line.data);
		if (proc_mount_line_parse(line, &m) == 0 && span_is(m.fstype, fstype))
			take(v, &m);
		if (!stop)
			break;
		at = stop;
	}
}

/* "36 35 98:0 ...": the device of a line, as fast as it can be had. */
static bool find_device(struct span line, unsigned *major, unsigned *minor)
{
	const char *at = line.data, *end = at + line.len;
	char *rest;

	for (int i = 0; i < 2 && at; i++) {
		at = memchr(at, ' ', (size_t)(end - at));
		at = at ? at + 1 : NULL;
	}
	if (!at || at >= end)
		return false;
	*major = (unsigned)strtoul(at, &rest, 10);
	if (*rest != ':')
		return false;
	*minor = (unsigned)strtoul(rest + 1, NULL, 10);
	return true;
}

static void take_super(const struct mount_view *v, struct span line, struct kernel_super *super)
{
	struct mount_line m;

	if (proc_mount_line_parse(line, &m) < 0)
		return;
	for (; super; super = kernel_super_next(v->supers, super)) {
		struct found *one = found_new(v->f, v->arena, super->type, super->ino, HOLD_MOUNT);

		one->path = scan_unescaped(v->arena, m.point);
		one->super = super;
		one->whole = m.root.len == 1;
	}
}

static void take_supers(const struct mount_view *v, const struct buffer *text)
{
	struct span rest = { buffer_str(text), text->len }, line;
	unsigned major, minor;

	while (proc_line_next(&rest, &line)) {
		struct kernel_super *super = find_device(line, &major, &minor)
						     ? kernel_super_find(v->supers, major, minor)
						     : NULL;

		if (super)
			take_super(v, line, super);
	}
}

/* The kernel source knows each procfs by its device, so that none has to be looked into. */
static void take_file_systems(const struct mount_view *v, const struct buffer *text)
{
	if (v->supers)
		take_supers(v, text);
	else
		take_lines(v, text, "proc", take_procfs);
}

static void take_mounts(const struct mount_view *v, const struct buffer *text)
{
	take_lines(v, text, "nsfs", take_nsfs);
	take_file_systems(v, text);
}

static bool is_chrooted(const struct scan *s, const char *task)
{
	autobuffer link = BUFFER_INIT;
	char path[64];

	snprintf(path, sizeof(path), "%s/root", task);
	return proc_readlink(s->procfd, path, &link) == 0 && strcmp(buffer_str(&link), "/") != 0;
}

/*
 * A task in a chroot sees the mounts below its root only, so that another is looked for. A root
 * that cannot be read is taken for the whole: mountinfo is readable without.
 */
static void choose_task(const struct search *search, const struct ns *mnt, struct finding *f,
			char *out, size_t size)
{
	f->by = mnt->via;
	for (int i = 0; f->by && i < MEMBER_TRIES; i++) {
		mnt_view_path(mnt, f->by, out, size);
		if (!is_chrooted(search->scan, out))
			return;
		f->by = ns_next_member(search->g, mnt, f->by);
	}
	f->by = mnt->via;
	mnt_view_path(mnt, f->by, out, size);
	/* In a copy of /proc there is nobody else to ask. */
	f->chrooted = search->scan->procfs;
}

static void search_mounts(void *ctx, size_t begin, size_t end, struct arena *arena)
{
	const struct search *search = ctx;
	autobuffer text = BUFFER_INIT;

	for (size_t i = begin; i < end; i++) {
		struct finding *f = &search->findings[i];
		struct mount_view v = { f, arena, -1,
					kernel_source_supers(search->scan, search->g) };
		autoclose int rootfd = -1;
		char task[32], path[64];

		choose_task(search, search->mnts[i], f, task, sizeof(task));
		snprintf(path, sizeof(path), "%s/mountinfo", task);
		f->error = proc_read(search->scan->procfd, path, PROC_MOUNTINFO_MAX, &text);
		if (f->error < 0)
			continue;
		snprintf(path, sizeof(path), "%s/root", task);
		/* In a copy of /proc the root is a path of this host. */
		if (search->scan->procfs)
			rootfd = openat(search->scan->procfd, path, O_PATH | O_CLOEXEC);
		v.rootfd = rootfd;
		take_mounts(&v, &text);
	}
}

/* The mount namespace whose mounts "self" shows: in a copy of /proc, that of whoever made it. */
static struct ns *own_mnt(const struct scan *s, const struct graph *g)
{
	const struct process *p = s->procfs ? NULL : graph_process(g, s->self);

	return p ? p->set->ns[NS_MNT] : g->self[NS_MNT];
}

void find_own_mounts(const struct scan *s, struct graph *g)
{
	autobuffer text = BUFFER_INIT;
	struct arena scratch = ARENA_INIT;
	struct finding f = { 0 };
	struct mount_view v = { &f, &scratch, -1, NULL };
	int ret = s->procfs ? proc_read(AT_FDCWD, "/proc/self/mountinfo", PROC_MOUNTINFO_MAX, &text)
			    : proc_read(s->procfd, "self/mountinfo", PROC_MOUNTINFO_MAX, &text);

	if (ret == 0) {
		take_lines(&v, &text, "nsfs", take_nsfs);
		found_add(g, &f, NULL, own_mnt(s, g));
		g->completeness.searched |= 1 << SOURCE_OWN_MOUNTS;
	}
	arena_release(&scratch);
}

/* Those of our own mount namespace; its nsfs mounts were read already. */
static void find_own_file_systems(const struct scan *s, struct graph *g)
{
	autoclose int rootfd = open("/", O_PATH | O_CLOEXEC);
	autobuffer text = BUFFER_INIT;
	struct arena scratch = ARENA_INIT;
	struct finding f = { 0 };
	struct mount_view v = { &f, &scratch, rootfd, kernel_source_supers(s, g) };

	if (proc_read(AT_FDCWD, "/proc/self/mountinfo", PROC_MOUNTINFO_MAX, &text) == 0) {
		take_file_systems(&v, &text);
		found_add(g, &f, NULL, g->self[NS_MNT]);
		g->completeness.mount_views++;
	} else if (g->self[NS_MNT]) { /* else it is looked at as any other */
		g->completeness.unread_mounts++;
	}
	arena_release(&scratch);
}

/* Mount namespaces that a task is in, without our own. */
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

static void add_view(struct graph *g, const struct finding *f, struct ns *mnt)
{
	struct completeness *c = &g->completeness;

	/* The kernel showed all of its mounts to find_hidden_mounts. */
	if (f->chrooted && !mnt->seen)
		return;
	c->unread_mounts += (f->error && f->error != -ENOENT && f->error != -ESRCH) || mnt->seen;
	c->mount_views += f->error == 0;
	mnt->seen = false;
	found_add(g, f, f->by, mnt);
}

void find_all_mounts(const struct scan *s, struct graph *g, unsigned threads)
{
	struct ns **list = calloc(g->nnamespaces + 1, sizeof(struct ns *));
	struct search search = { .scan = s, .g = g, .mnts = list };
	struct arena scratch = ARENA_INIT;
	size_t n;

	if (!list)
		die("out of memory");
	n = list_mnts(s, g, list);
	search.findings = calloc(n + 1, sizeof(*search.findings));
	if (!search.findings)
		die("out of memory");
	scan_parallel(threads, n, search_mounts, &search, &scratch);
	for (size_t i = 0; i < n; i++)
		list[i]->seen = search.findings[i].chrooted;
	if (s->procfs) {
		find_own_file_systems(s, g);
		find_hidden_mounts(s, g);
	}
	for (size_t i = 0; i < n; i++)
		add_view(g, &search.findings[i], list[i]);
	g->completeness.searched |= 1 << SOURCE_ALL_MOUNTS;
	free(search.findings);
	free(list);
	arena_release(&scratch);
}
