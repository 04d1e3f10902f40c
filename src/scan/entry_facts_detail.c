/* SPDX-License-Identifier: MIT */
/*
 * What it takes to foresee or explain a failure: who owns the namespaces, credentials of the
 * caller and the target, settings of the kernel. Read only when somebody asks why. What cannot be
 * read stays unknown: nothing here fails.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>
#include <nsview/grow.h>
#include <nsview/procfile.h>

#include "entry_facts.h"

enum { FILE_LIMIT = 1 << 16 };

static int add_user(struct plan_facts *f, uint64_t ino, int parent, uid_t owner)
{
	f->users = list_room(f->users, f->nusers, sizeof(*f->users));
	f->users[f->nusers] = (struct plan_user){ ino, parent, owner };
	return (int)f->nusers++;
}

/*
 * Index of a user namespace, which is added with all that are between it and the caller's. The
 * kernel tells no parent above the reader's own: then it is none that the caller could be over,
 * unless the caller is another process.
 */
static int find_user(struct plan_facts *f, int fd)
{
	autoclose int up = -1;
	uint64_t ino;
	uid_t owner;
	int known, parent;

	if (kern_nsfs_ino(fd, &ino) < 0)
		return USER_UNREAD;
	known = plan_facts_user(f, ino);
	if (known >= 0)
		return known;
	up = kern_ns_parent(fd);
	if (up < 0)
		return up == -EPERM ? USER_OUTSIDE : USER_UNREAD;
	parent = find_user(f, up);
	if (parent < 0)
		return parent;
	return kern_ns_owner_uid(fd, &owner) < 0 ? USER_UNREAD : add_user(f, ino, parent, owner);
}

static int find_owner(struct plan_facts *f, int ns_fd)
{
	autoclose int fd = kern_ns_owner(ns_fd);

	if (fd < 0)
		return fd == -EPERM ? USER_OUTSIDE : USER_UNREAD;
	return find_user(f, fd);
}

/* Whether a pid namespace is the caller's or below it. */
static enum plan_answer is_below(int fd, uint64_t own)
{
	uint64_t ino;
	enum plan_answer answer;
	int up;

	if (kern_nsfs_ino(fd, &ino) < 0)
		return ANSWER_UNKNOWN;
	if (ino == own)
		return ANSWER_YES;
	up = kern_ns_parent(fd);
	if (up < 0)
		return up == -EPERM ? ANSWER_NO : ANSWER_UNKNOWN;
	answer = is_below(up, own);
	close(up);
	return answer;
}

static int open_ns(int pid_dir, int type)
{
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "ns/%s", ns_types[type].name);
	fd = openat(pid_dir, path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static void detail_ns(const struct facts_source *from, struct plan_facts *f, int type)
{
	struct plan_ns *ns = &f->target.ns[type];
	autoclose int opened = -1;
	int fd = from->ns_fds[type];

	if (fd < 0 && from->pid_dir >= 0)
		fd = opened = open_ns(from->pid_dir, type);
	if (fd < 0)
		return;
	if (type == NS_PID)
		ns->is_below = is_below(fd, f->caller.ino[NS_PID]);
	ns->owner = type == NS_USER ? find_user(f, fd) : find_owner(f, fd);
}

static bool read_status(int dir, struct proc_status *out)
{
	autobuffer text = BUFFER_INIT;

	return proc_read(dir, "status", FILE_LIMIT, &text) == 0 &&
	       proc_status_parse(text.data, text.len, out) == 0;
}

static bool is_mapped(int dir, const char *name, uint32_t inside)
{
	struct plan_map map = { 0 };
	bool mapped;

	plan_map_read(dir, name, &map);
	mapped = plan_map_has(&map, inside) != ANSWER_NO;
	plan_map_release(&map);
	return mapped;
}

/*
 * Without a mount at "/" the root directory is no mount's, so that somebody has chrooted there. A
 * chroot to a mount point looks like none.
 */
static void read_mounts(int dir, struct plan_facts *f)
{
	autobuffer text = BUFFER_INIT;
	struct span rest;
	struct mount_line m;
	bool has_root = false;

	if (proc_read(dir, "mountinfo", PROC_MOUNTINFO_MAX, &text) < 0)
		return;
	rest = (struct span){ buffer_str(&text), text.len };
	while (!has_root && proc_mount_next(&rest, &m))
		has_root = m.point.len == 1;
	f->caller.chrooted = !has_root;
}

static void own_owner(struct plan_facts *f, int dir, int type, int *out)
{
	autoclose int fd = open_ns(dir, type);

	if (fd >= 0)
		*out = find_owner(f, fd);
}

/* What another process is numbered as here is its own number only in one user namespace. */
static bool is_uid_0(const struct facts_source *from, const struct plan_caller *c)
{
	uint64_t own;

	if (from->caller &&
	    (proc_ns_link(from->proc, "self/ns/user", &own) < 0 || own != c->ino[NS_USER]))
		return false;
	return c->euid == 0;
}

static void detail_caller(const struct facts_source *from, struct plan_facts *f)
{
	struct plan_caller *c = &f->caller;
	autoclose int dir = caller_dir(from);
	struct proc_status status;

	add_user(f, c->ino[NS_USER], USER_OUTSIDE, NO_ID);
	if (dir < 0 || !read_status(dir, &status))
		return;
	c->ruid = status.uid[0];
	c->euid = status.uid[1];
	c->rgid = status.gid[0];
	c->egid = status.gid[1];
	c->effective = status.cap_eff;
	c->permitted = status.cap_prm;
	c->bounding = status.cap_bnd;
	/* What another process is numbered as here says nothing of its own user namespace's map. */
	c->euid_mapped = from->caller || is_mapped(dir, "uid_map", c->euid);
	c->egid_mapped = from->caller || is_mapped(dir, "gid_map", c->egid);
	c->is_uid_0 = is_uid_0(from, c);
	/* Of its threads nothing is asked: a plan begins with a fork, which leaves them behind. */
	read_mounts(dir, f);
	own_owner(f, dir, NS_PID, &c->pid_owner);
	own_owner(f, dir, NS_NET, &c->net_owner);
}

/*
 * Files of a process that is not dumpable belong to root of the user namespace in which it was
 * executed: proc(5). Where that is who it runs as, there is no telling.
 */
static enum plan_answer read_dumpable(int pid_dir, uint32_t euid)
{
	struct stat st;

	if (fstatat(pid_dir, "ns", &st, 0) < 0)
		return ANSWER_UNKNOWN;
	if (st.st_uid != euid)
		return ANSWER_NO;
	return euid ? ANSWER_YES : ANSWER_UNKNOWN;
}

static void detail_state(int pid_dir, struct plan_target *t)
{
	autobuffer text = BUFFER_INIT;
	struct proc_stat stat;

	if (proc_read(pid_dir, "stat", FILE_LIMIT, &text) < 0 ||
	    proc_stat_parse(text.data, text.len, &stat) < 0)
		return;
	t->zombie = stat.state == 'Z' || stat.state == 'X';
	t->kernel_thread = stat.flags & PROC_KERNEL_THREAD;
}

static void detail_target(const struct facts_source *from, struct plan_facts *f)
{
	struct plan_target *t = &f->target;
	struct proc_status status;

	for (int i = 0; i < NS_TYPES; i++)
		detail_ns(from, f, i);
	t->user = t->ns[NS_USER].owner;
	if (from->pid_dir < 0 || !read_status(from->pid_dir, &status))
		return;
	t->has_ids = true;
	for (int i = 0; i < 3; i++) {
		t->uids[i] = status.uid[i];
		t->gids[i] = status.gid[i];
	}
	t->permitted = status.cap_prm;
	t->dumpable = read_dumpable(from->pid_dir, status.uid[1]);
	detail_state(from->pid_dir, t);
}

/* A number in a file of /proc/sys, or -1. */
static int64_t read_setting(int proc, const char *path)
{
	autobuffer text = BUFFER_INIT;
	char *end;
	long long value;

	if (proc_read(proc, path, FILE_LIMIT, &text) < 0 || !text.len)
		return -1;
	value = strtoll(text.data, &end, 10);
	return end == text.data || value < 0 ? -1 : value;
}

static bool kernel_is_since(unsigned major, unsigned minor)
{
	struct utsname uts;
	char *end;
	unsigned long first, second;

	if (uname(&uts) < 0)
		return false;
	first = strtoul(uts.release, &end, 10);
	second = *end == '.' ? strtoul(end + 1, NULL, 10) : 0;
	return first > major || (first == major && second >= minor);
}

static void read_settings(int proc, struct plan_settings *s)
{
	char path[64];

	for (int i = 0; i < NS_TYPES; i++) {
		snprintf(path, sizeof(path), "sys/user/max_%s_namespaces", ns_types[i].name);
		s->max[i] = read_setting(proc, path);
	}
	s->userns_clone = read_setting(proc, "sys/kernel/unprivileged_userns_clone");
	s->apparmor_restrict =
		read_setting(proc, "sys/kernel/apparmor_restrict_unprivileged_userns");
	s->root_map_asks = kernel_is_since(5, 12);
}

void plan_facts_detail(const struct facts_source *from, struct plan_facts *f)
{
	if (f->detailed)
		return;
	detail_caller(from, f);
	if (f->has_target)
		detail_target(from, f);
	read_settings(from->proc, &f->settings);
	f->detailed = true;
}
