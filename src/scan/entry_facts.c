/* SPDX-License-Identifier: MIT */
/*
 * What a plan's steps depend on: which namespaces the caller and the target are in, by reading
 * links, and, where another user namespace is to be joined, what its maps allow. Judges nothing.
 * All of the target is read below the directory that its opener holds, so that a reused PID cannot
 * mix in.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>
#include <nsview/grow.h>
#include <nsview/plan_facts.h>
#include <nsview/procfile.h>

#include "entry_facts.h"

enum { MAP_LIMIT = 1 << 16 };

int caller_dir(const struct facts_source *from)
{
	char name[16] = "self";
	int fd;

	if (from->caller)
		snprintf(name, sizeof(name), "%d", (int)from->caller);
	fd = openat(from->proc, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int caller_error(const struct facts_source *from, int error, struct error *err)
{
	if (!from->caller)
		return error_set(err, error, "cannot read our own namespaces: %s",
				 strerror(-error));
	if (error == -ENOENT || error == -ESRCH)
		return error_set(err, -ESRCH, "there is no process %d, or it has ended",
				 (int)from->caller);
	return error_set(err, error, "cannot look at the namespaces of process %d: %s",
			 (int)from->caller, strerror(-error));
}

static int read_caller(const struct facts_source *from, struct plan_caller *c, struct error *err)
{
	autoclose int dir = caller_dir(from);
	autoclose int ns = dir < 0 ? -1 : openat(dir, "ns", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int ret = -errno;

	if (ns < 0)
		return caller_error(from, ret, err);
	for (int i = 0; i < NS_TYPES; i++) {
		ret = proc_ns_link(ns, ns_types[i].name, &c->ino[i]);
		if (ret < 0 && ret != -ENOENT)
			return caller_error(from, ret, err);
	}
	/* All are missing of a process that has ended; of any other no more than its kernel's. */
	if (!c->ino[NS_MNT])
		return caller_error(from, -ESRCH, err);
	/* It is not there while a new namespace has no process yet: then it is another one. */
	proc_ns_link(ns, "pid_for_children", &c->pid_for_children);
	c->pid = from->caller;
	c->is_init = !from->caller && getpid() == 1;
	return 0;
}

static void read_target_ns(const struct facts_source *from, int dir, int type, struct plan_ns *ns)
{
	*ns = (struct plan_ns){ .owner = USER_UNREAD };
	if (from->ns_fds[type] >= 0)
		ns->error = kern_nsfs_ino(from->ns_fds[type], &ns->ino);
	else if (dir >= 0)
		ns->error = proc_ns_link(dir, ns_types[type].name, &ns->ino);
	else
		ns->error = -ENOENT;
}

static void add_range(struct plan_map *map, struct id_range range)
{
	map->ranges = list_room(map->ranges, map->n, sizeof(*map->ranges));
	map->ranges[map->n++] = range;
}

void plan_map_read(int dir, const char *name, struct plan_map *map)
{
	autobuffer text = BUFFER_INIT;
	struct span rest, line;
	struct id_range range;

	if (dir < 0 || proc_read(dir, name, MAP_LIMIT, &text) < 0)
		return;
	map->known = true;
	rest = (struct span){ buffer_str(&text), text.len };
	while (proc_line_next(&rest, &line))
		if (proc_id_range_parse(line, &range) == 0)
			add_range(map, range);
}

void plan_map_release(struct plan_map *map)
{
	free(map->ranges);
	*map = (struct plan_map){ 0 };
}

enum plan_answer plan_map_has(const struct plan_map *map, uint32_t inside)
{
	if (!map->known)
		return ANSWER_UNKNOWN;
	return id_ranges_outside(map->ranges, map->n, inside) < 0 ? ANSWER_NO : ANSWER_YES;
}

static uint32_t inside_id(const struct plan_map *map, uint32_t outside)
{
	int64_t inside = id_ranges_inside(map->ranges, map->n, outside);

	return inside < 0 ? NO_ID : (uint32_t)inside;
}

static enum plan_answer read_setgroups(int dir, const struct plan_map *gid_map)
{
	autobuffer text = BUFFER_INIT;

	/* Nor before the gid map is written: user_namespaces(7). */
	if (!gid_map->known || proc_read(dir, "setgroups", MAP_LIMIT, &text) < 0)
		return ANSWER_UNKNOWN;
	return strncmp(buffer_str(&text), "allow", 5) == 0 && gid_map->n ? ANSWER_YES : ANSWER_NO;
}

static void read_maps(const struct facts_source *from, struct plan_target *t)
{
	autobuffer text = BUFFER_INIT;
	struct proc_status status;

	plan_map_read(from->pid_dir, "uid_map", &t->uid_map);
	plan_map_read(from->pid_dir, "gid_map", &t->gid_map);
	t->may_setgroups = read_setgroups(from->pid_dir, &t->gid_map);
	if (plan_map_has(&t->uid_map, 0) != ANSWER_NO && plan_map_has(&t->gid_map, 0) != ANSWER_NO)
		return;
	if (proc_read(from->pid_dir, "status", MAP_LIMIT, &text) < 0 ||
	    proc_status_parse(text.data, text.len, &status) < 0)
		return;
	t->uid = inside_id(&t->uid_map, status.uid[1]);
	t->gid = inside_id(&t->gid_map, status.gid[1]);
}

static bool gone(const struct plan_target *t)
{
	for (int i = 0; i < NS_TYPES; i++)
		if (t->ns[i].error != -ESRCH && t->ns[i].error != -ENOENT)
			return false;
	return true;
}

static int read_target(const struct facts_source *from, struct plan_facts *f, struct error *err)
{
	struct plan_target *t = &f->target;
	autoclose int dir = -1;

	if (from->pid_dir >= 0)
		dir = openat(from->pid_dir, "ns", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (from->pid_dir >= 0 && dir < 0 && (errno == ENOENT || errno == ESRCH))
		return error_set(err, -ESRCH, "process %d is gone", (int)from->pid);
	if (from->pid_dir >= 0 && dir < 0)
		return error_set(err, -errno, "cannot open /proc/%d/ns: %s", (int)from->pid,
				 strerror(errno));
	t->pid = from->pid;
	t->has_pidfd = from->pidfd >= 0;
	t->uid = t->gid = NO_ID;
	t->user = USER_UNREAD;
	for (int i = 0; i < NS_TYPES; i++) {
		read_target_ns(from, dir, i, &t->ns[i]);
		t->opened |= from->ns_fds[i] >= 0 ? 1U << i : 0;
	}
	if (from->pid && gone(t))
		return error_set(err, -ESRCH, "process %d is gone", (int)from->pid);
	if (t->ns[NS_USER].ino && t->ns[NS_USER].ino != f->caller.ino[NS_USER])
		read_maps(from, t);
	return 0;
}

int plan_facts_read(const struct facts_source *from, struct plan_facts *out, struct error *err)
{
	int ret;

	memset(out, 0, sizeof(*out));
	out->has_target = from->pid_dir >= 0;
	for (int i = 0; i < NS_TYPES; i++)
		out->has_target |= from->ns_fds[i] >= 0;
	out->caller.pid_owner = out->caller.net_owner = USER_UNREAD;
	ret = read_caller(from, &out->caller, err);
	return ret < 0 || !out->has_target ? ret : read_target(from, out, err);
}

void plan_facts_release(struct plan_facts *f)
{
	free(f->users);
	plan_map_release(&f->target.uid_map);
	plan_map_release(&f->target.gid_map);
	memset(f, 0, sizeof(*f));
}

int plan_facts_user(const struct plan_facts *f, uint64_t ino)
{
	for (size_t i = 0; i < f->nusers; i++)
		if (f->users[i].ino == ino)
			return (int)i;
	return USER_OUTSIDE;
}
