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

/* Where the hierarchy is mounted for us, with the part of it that the mount shows. */
static bool find_mount(const struct buffer *mounts, const struct cgroup_line *c,
		       struct buffer *out_point, struct buffer *out_root)
{
	struct span rest = { mounts->data, mounts->len };
	struct mount_line m;

	while (proc_mount_next(&rest, &m)) {
		if (!is_of(&m, c))
			continue;
		proc_unescape_append(m.point, out_point);
		proc_unescape_append(m.root, out_root);
		return true;
	}
	return false;
}

static bool find_line(const struct buffer *text, unsigned hierarchy, struct cgroup_line *out)
{
	struct span rest = { text->data, text->len }, line;

	while (proc_line_next(&rest, &line))
		if (proc_cgroup_line_parse(line, out) == 0 && out->hierarchy == hierarchy)
			return true;
	return false;
}

/* The first word of a file of the group is this; false where there is no such file. */
static bool says(int dir, const char *file, const char *word)
{
	autobuffer text = BUFFER_INIT;

	return proc_read(dir, file, 4096, &text) == 0 && strstr(buffer_str(&text), word);
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
	autobuffer root = BUFFER_INIT;
	autobuffer shown = BUFFER_INIT;
	size_t skip;

	if (!find_mount(mounts, c, &path, &root))
		return error_set(err, -ENOENT, "no mount of cgroup hierarchy %u is to be seen",
				 c->hierarchy);
	skip = root.len == 1 ? 0 : root.len;
	if (c->path.len < skip || memcmp(c->path.data, root.data, skip) != 0 ||
	    (c->path.len > 3 && memcmp(c->path.data, "/../", 4) == 0)) {
		escape_text(&shown, c->path.data, c->path.len, ESCAPE_UTF8);
		return error_set(err, -ENOENT,
				 "the target's cgroup %s is outside of what our own cgroup "
				 "namespace or mounts show",
				 buffer_str(&shown));
	}
	buffer_append(&path, c->path.data + skip, c->path.len - skip);
	return open_group(&s->prepared, c, buffer_str(&path), err);
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
		if (proc_cgroup_line_parse(line, &c) < 0 || s->prepared.ncgroups == CGROUPS_MAX)
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
