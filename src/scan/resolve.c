/* SPDX-License-Identifier: MIT */
/*
 * The part of resolving a TARGET that needs to look at the host: paths, mount points, "self".
 * Everything else is target.c's, which is pure.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>
#include <nsview/procfile.h>

#include "ancestors.h"

static bool has_mount(const struct buffer *text, const char *point)
{
	struct span rest = { text->data, text->len };
	autobuffer plain = BUFFER_INIT;
	struct mount_line m;

	while (proc_mount_next(&rest, &m)) {
		buffer_clear(&plain);
		proc_unescape_append(m.point, &plain);
		if (span_is((struct span){ plain.data, plain.len }, point))
			return true;
	}
	return false;
}

static bool is_own_mount_point(const char *path)
{
	autobuffer text = BUFFER_INIT;

	return proc_read(AT_FDCWD, "/proc/self/mountinfo", PROC_MOUNTINFO_MAX, &text) == 0 &&
	       has_mount(&text, path);
}

static int resolve_mount(const struct scan *s, const struct graph *g, const char *point,
			 struct selection *sel, struct error *err)
{
	autobuffer text = BUFFER_INIT;
	size_t before = sel->nnamespaces;

	for (size_t i = 0; i < g->nnamespaces; i++) {
		struct ns *ns = g->namespaces[i];
		char path[64];

		if (ns->type != NS_MNT || !ns->via)
			continue;
		snprintf(path, sizeof(path), "%d/task/%d/mountinfo", ns->via->pid,
			 ns->via_tid ? ns->via_tid : ns->via->pid);
		if (proc_read(s->procfd, path, PROC_MOUNTINFO_MAX, &text) == 0 &&
		    has_mount(&text, point))
			selection_add_ns(sel, ns);
	}
	if (sel->nnamespaces == before)
		return error_set(err, -ENOENT,
				 "%s is neither a namespace file nor a mount point in any mount "
				 "namespace that has a process",
				 point);
	return 0;
}

/* A namespace that only this path leads to becomes part of the graph, with what it leads to. */
static void add_by_path(const struct scan *s, struct graph *g, enum ns_type type, uint64_t ino,
			const char *path)
{
	size_t before = g->nnamespaces;
	struct ns *ns = graph_add(g, type, ino);

	if (g->nnamespaces == before)
		return;
	graph_add_holder(g, ns, HOLD_MOUNT, NULL, 0, -1, path, g->self[NS_MNT]);
	find_ancestors(s, g, 1);
	graph_seal(g);
}

/* Namespaces whose file is mounted at path, in mnt or anywhere, as far as the scan met that. */
static bool add_mounted(const struct graph *g, const struct ns *mnt, const char *path,
			struct selection *sel)
{
	bool found = false;

	for (size_t i = 0; i < g->nnamespaces; i++)
		for (const struct holder *h = g->namespaces[i]->holders; h; h = h->next)
			if (h->kind == HOLD_MOUNT && h->reason == REASON_PLAIN && h->path &&
			    (!mnt || h->mnt == mnt) && strcmp(h->path, path) == 0) {
				selection_add_ns(sel, g->namespaces[i]);
				found = true;
			}
	return found;
}

static int resolve_path(const struct scan *s, struct graph *g, struct target *t,
			struct selection *sel, struct error *err)
{
	autoclose int looked = -1;
	autoclose int fd = -1;
	int type;

	/* In a copy a path is one of the host that was copied: nothing is opened on this one. */
	if (!s->procfs)
		return add_mounted(g, NULL, t->text, sel) ? 0
							  : resolve_mount(s, g, t->text, sel, err);
	looked = kern_open_cached(AT_FDCWD, t->text);
	/* A file system would have to be asked, which may hang: what is mounted there is known. */
	if (looked < 0 && g->self[NS_MNT] && add_mounted(g, g->self[NS_MNT], t->text, sel))
		return 0;
	if (looked < 0 && is_own_mount_point(t->text))
		return resolve_mount(s, g, t->text, sel, err);
	fd = looked < 0 ? scan_nsfs_open(AT_FDCWD, t->text, &t->ns)
			: scan_nsfs_reopen(looked, &t->ns);
	if (fd < 0) /* it may be a mount point, here or only in another mount namespace */
		return resolve_mount(s, g, t->text, sel, err);
	type = kern_ns_type(fd);
	if (type >= 0)
		add_by_path(s, g, (enum ns_type)type, t->ns, t->text);
	else if (!graph_find_ino(g, t->ns))
		return error_set(err, type, "what kind of namespace %s is cannot be told: %s",
				 t->text, "this needs Linux 4.11");
	return target_resolve(g, t, sel, err);
}

int scan_resolve(struct scan *s, struct graph *g, struct target *t, struct selection *sel,
		 struct error *err)
{
	switch (t->kind) {
	case TARGET_PATH:
		return resolve_path(s, g, t, sel, err);
	case TARGET_MOUNT:
		return resolve_mount(s, g, t->text, sel, err);
	case TARGET_PID:
		if (strcmp(t->text, "self") == 0)
			t->num = (uint64_t)s->self;
		break;
	default:
		break;
	}
	return target_resolve(g, t, sel, err);
}
