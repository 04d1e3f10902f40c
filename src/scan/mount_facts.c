/* SPDX-License-Identifier: MIT */
/*
 * Facts of a mount namespace from the mountinfo file of a task in it (proc(5)): how many mounts,
 * what is mounted at the root, and how they propagate (mount_namespaces(7)). Knows no mount but
 * those that the task can reach from its root.
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include <nsview/cleanup.h>
#include <nsview/procfile.h>

#include "facts.h"

enum propagation { PRIVATE, SHARED, SLAVE, SLAVE_SHARED, UNBINDABLE, PROPAGATIONS };

static const char *const propagation_names[PROPAGATIONS] = {
	[PRIVATE] = "private",	     [SHARED] = "shared",
	[SLAVE] = "slave",	     [SLAVE_SHARED] = "slave and shared",
	[UNBINDABLE] = "unbindable",
};

struct summary {
	uint64_t mounts;
	uint64_t by_propagation[PROPAGATIONS];
	struct mount_line root;
	bool has_root;
};

static bool has_tag(struct span tags, const char *tag)
{
	return memmem(tags.data, tags.len, tag, strlen(tag)) != NULL;
}

static enum propagation propagation_of(struct span tags)
{
	bool shared = has_tag(tags, "shared:"), slave = has_tag(tags, "master:");

	if (slave)
		return shared ? SLAVE_SHARED : SLAVE;
	if (shared)
		return SHARED;
	return has_tag(tags, "unbindable") ? UNBINDABLE : PRIVATE;
}

/* Mounts on top of the root have its mount point too, but only their own parent is listed. */
static void take_root(struct summary *sum, const struct mount_line *m)
{
	if (m->point.len != 1 || m->point.data[0] != '/')
		return;
	if (!sum->has_root || sum->root.parent == m->id)
		sum->root = *m;
	sum->has_root = true;
}

static int summarise(const struct buffer *text, struct summary *out)
{
	struct span rest = { buffer_str(text), text->len }, line;
	struct mount_line m;

	*out = (struct summary){ 0 };
	while (proc_line_next(&rest, &line)) {
		if (proc_mount_line_parse(line, &m) < 0)
			return -EINVAL;
		out->mounts++;
		out->by_propagation[propagation_of(m.tags)]++;
		take_root(out, &m);
	}
	return 0;
}

/* "SOURCE", and "SOURCE[ROOT]" where only part of the file system is mounted, as findmnt(8). */
static struct fact_text root_text(struct arena *arena, const struct summary *sum)
{
	autobuffer text = BUFFER_INIT;

	if (sum->has_root) {
		proc_unescape_append(sum->root.source, &text);
		if (sum->root.root.len != 1) {
			buffer_char(&text, '[');
			proc_unescape_append(sum->root.root, &text);
			buffer_char(&text, ']');
		}
	}
	return fact_text_copy(arena, (struct span){ buffer_str(&text), text.len });
}

static struct fact_text propagation_text(struct arena *arena, const struct summary *sum)
{
	autobuffer text = BUFFER_INIT;

	for (int i = 0; i < PROPAGATIONS; i++)
		if (sum->by_propagation[i])
			buffer_printf(&text, "%s%ju %s", text.len ? ", " : "",
				      (uintmax_t)sum->by_propagation[i], propagation_names[i]);
	return fact_text_copy(arena, (struct span){ buffer_str(&text), text.len });
}

static int read_mountinfo(struct look *l, int dirfd)
{
	int ret = proc_read(dirfd, "mountinfo", FACT_FILE_MAX, &l->buf);

	if (ret == 0 && l->buf.len == FACT_FILE_MAX)
		ret = -EFBIG;
	return ret < 0 ? fact_file_error(dirfd, ret) : 0;
}

static int mounts_read(struct look *l, struct ns *ns, int dirfd)
{
	struct summary sum;
	int ret = read_mountinfo(l, dirfd);

	if (ret < 0)
		return ret;
	ret = summarise(&l->buf, &sum);
	if (ret < 0)
		return ret;
	ns->facts->nmounts = fact_num_known(sum.mounts);
	ns->facts->mnt_root = root_text(&l->g->arena, &sum);
	ns->facts->propagation = propagation_text(&l->g->arena, &sum);
	return 0;
}

/*
 * A task in a chroot sees the mounts below its root only. A root that cannot be read is taken for
 * the whole: whoever may read the task's links may read that.
 */
static bool sees_all(struct look *l, int dirfd)
{
	return proc_readlink(dirfd, "root", &l->buf) < 0 || strcmp(buffer_str(&l->buf), "/") == 0;
}

int mounts_outside(struct look *l, struct visit *v)
{
	return member_read(l, v->ns, sees_all, mounts_read);
}

static int mount_list_read(struct look *l, struct ns *ns, int dirfd)
{
	struct fact_mounts *f = &ns->facts->mounts;
	struct mount *list;
	struct span rest, line;
	struct mount_line m;
	uint32_t lines = 0, n = 0;
	int ret = read_mountinfo(l, dirfd);

	if (ret < 0)
		return ret;
	rest = (struct span){ buffer_str(&l->buf), l->buf.len };
	while (lines < MOUNTS_LISTED && proc_line_next(&rest, &line))
		lines++;
	list = arena_alloc(&l->g->arena, (lines + 1) * sizeof(*list));
	rest = (struct span){ buffer_str(&l->buf), l->buf.len };
	while (n < lines && proc_line_next(&rest, &line)) {
		if (proc_mount_line_parse(line, &m) < 0)
			return -EINVAL;
		list[n++] = (struct mount){ scan_unescaped(&l->g->arena, m.point),
					    scan_unescaped(&l->g->arena, m.source),
					    scan_unescaped(&l->g->arena, m.fstype) };
	}
	*f = (struct fact_mounts){ fact_known(), n, list };
	return 0;
}

int mount_list_outside(struct look *l, struct visit *v)
{
	return member_read(l, v->ns, sees_all, mount_list_read);
}
