/* SPDX-License-Identifier: MIT */
/*
 * The target's control groups, of cgroup v2 and of every v1 hierarchy: opened before anything is
 * joined, from its cgroup file and our own mounts, and joined by writing to these descriptors.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/escape.h>
#include <nsview/procfile.h>
#include <nsview/proctext.h>

#include "cgroup.h"

enum { FILE_MAX = 8 << 20 };

/* Whether word is among the comma-separated words of list. */
static bool has_word(struct span list, const char *word, size_t len)
{
	while (list.len) {
		const char *comma = memchr(list.data, ',', list.len);
		size_t n = comma ? (size_t)(comma - list.data) : list.len;

		if (n == len && memcmp(list.data, word, len) == 0)
			return true;
		n += comma != NULL;
		list.data += n;
		list.len -= n;
	}
	return false;
}

/* Whether a mount is of the hierarchy that a line of the cgroup file is about. */
static bool is_of(const struct mount_line *m, const struct cgroup_line *c)
{
	const char *comma = memchr(c->controllers.data, ',', c->controllers.len);
	size_t len = comma ? (size_t)(comma - c->controllers.data) : c->controllers.len;

	if (c->hierarchy == 0 || len == 0)
		return c->hierarchy == 0 && span_is(m->fstype, "cgroup2");
	return span_is(m->fstype, "cgroup") && has_word(m->super_options, c->controllers.data, len);
}

/*
 * The part of a group's path that is below a mount of its hierarchy; false: the mount does not show
 * it. What begins with ".." is outside of our cgroup namespace, cgroup_namespaces(7), and the root
 * of a mount may be as well.
 */
static bool path_below(struct span path, const struct buffer *root, struct span *out)
{
	size_t skip = root->len == 1 ? 0 : root->len;

	if (path.len < skip || (skip && memcmp(path.data, root->data, skip) != 0))
		return false;
	*out = (struct span){ path.data + skip, path.len - skip };
	if (out->len && out->data[0] != '/')
		return false;
	return !(out->len >= 3 && memcmp(out->data, "/..", 3) == 0 &&
		 (out->len == 3 || out->data[3] == '/'));
}

/* Where a mount shows the group: 0, -ENOENT without any of its hierarchy, -EXDEV: none does. */
static int find_group(const struct buffer *mounts, const struct cgroup_line *c, struct buffer *out)
{
	struct span rest = { mounts->data, mounts->len }, below;
	autobuffer root = BUFFER_INIT;
	struct mount_line m;
	int ret = -ENOENT;

	while (proc_mount_next(&rest, &m)) {
		if (!is_of(&m, c))
			continue;
		ret = -EXDEV;
		buffer_clear(&root);
		proc_unescape_append(m.root, &root);
		if (!path_below(c->path, &root, &below))
			continue;
		proc_unescape_append(m.point, out);
		buffer_append(out, below.data, below.len);
		return 0;
	}
	return ret;
}

static bool find_line(const struct buffer *text, unsigned hierarchy, struct cgroup_line *out)
{
	struct span rest = { text->data, text->len }, line;

	while (proc_line_next(&rest, &line))
		if (proc_cgroup_line_parse(line, out) == 0 && out->hierarchy == hierarchy)
			return true;
	return false;
}

/* Whether a file of the group has these words; false where there is no such file. */
static bool says(int dir, const char *file, const char *words)
{
	autobuffer text = BUFFER_INIT;

	return proc_read(dir, file, 4096, &text) == 0 && strstr(buffer_str(&text), words);
}

static bool is_frozen(int dir, unsigned hierarchy)
{
	if (hierarchy == 0)
		return says(dir, "cgroup.events", "frozen 1") || says(dir, "cgroup.freeze", "1");
	return says(dir, "freezer.state", "FREEZING") || says(dir, "freezer.state", "FROZEN");
}

static int open_group(struct prepared *p, const struct cgroup_line *c, const char *path,
		      struct error *err)
{
	autobuffer shown = BUFFER_INIT;
	autoclose int dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int fd;

	escape_text(&shown, path, strlen(path), ESCAPE_UTF8);
	if (p->ncgroups == CGROUPS_MAX)
		return error_set(err, -E2BIG, "the target is in more than %d cgroups", CGROUPS_MAX);
	if (dir < 0)
		return error_set(err, -errno, "cannot open the target's cgroup %s: %s",
				 buffer_str(&shown), strerror(errno));
	if (is_frozen(dir, c->hierarchy))
		return error_set(err, -EBUSY,
				 "the target's cgroup %s is frozen: the command would stop in it "
				 "at once and never run; thaw it, or leave out --join-cgroup",
				 buffer_str(&shown));
	fd = openat(dir, "cgroup.procs", O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return error_set(err, -errno, "cannot open %s/cgroup.procs for writing: %s",
				 buffer_str(&shown), strerror(errno));
	p->cgroups[p->ncgroups++] = fd;
	return 0;
}

static int open_line(struct session *s, const struct cgroup_line *c, const struct buffer *mounts,
		     struct error *err)
{
	autobuffer path = BUFFER_INIT;
	autobuffer shown = BUFFER_INIT;
	int ret = find_group(mounts, c, &path);

	if (ret == 0)
		return open_group(&s->prepared, c, buffer_str(&path), err);
	if (ret == -ENOENT)
		return error_set(err, ret, "no mount of cgroup hierarchy %u is to be seen",
				 c->hierarchy);
	escape_text(&shown, c->path.data, c->path.len, ESCAPE_UTF8);
	return error_set(err, -ENOENT,
			 "the target's cgroup %s is outside of what our own cgroup namespace or "
			 "mounts show",
			 buffer_str(&shown));
}

int cgroups_open(struct session *s, struct error *err)
{
	const struct enter_target *t = s->job->target;
	autobuffer theirs = BUFFER_INIT;
	autobuffer ours = BUFFER_INIT;
	autobuffer mounts = BUFFER_INIT;
	struct span rest, line;
	struct cgroup_line c, own;
	int ret = proc_read(t->dir, "cgroup", FILE_MAX, &theirs);

	if (ret == 0)
		ret = proc_read(t->proc, "thread-self/cgroup", FILE_MAX, &ours);
	if (ret == 0)
		ret = proc_read(t->proc, "thread-self/mountinfo", PROC_MOUNTINFO_MAX, &mounts);
	if (ret < 0)
		return error_set(err, ret, "cannot read the target's cgroup: %s", strerror(-ret));
	rest = (struct span){ theirs.data, theirs.len };
	while (ret == 0 && proc_line_next(&rest, &line)) {
		if (proc_cgroup_line_parse(line, &c) < 0)
			continue;
		if (find_line(&ours, c.hierarchy, &own) && span_equal(own.path, c.path))
			continue;
		ret = open_line(s, &c, &mounts, err);
	}
	return ret;
}

int cgroups_join(struct session *s)
{
	for (size_t i = 0; i < s->prepared.ncgroups; i++)
		if (write(s->prepared.cgroups[i], "0\n", 2) < 0)
			return -errno;
	return 0;
}
