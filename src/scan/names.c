/* SPDX-License-Identifier: MIT */
/*
 * The files by which namespaces are named on purpose, of ip-netns(8) and of container engines: a
 * namespace is mounted on each, or none any more. And the limits that namespaces count against.
 * Knows nothing of whether a name is still wanted. Where users make the files, nothing is followed
 * out of their tmpfs: they could lead to a file system that hangs.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <nsview/buffer.h>
#include <nsview/cleanup.h>
#include <nsview/kern.h>
#include <nsview/grow.h>
#include <nsview/procfile.h>

#include "holders.h"

struct home {
	const char *dir;
	enum name_maker maker;
};

/* Below /run, and below /var/run where that is a directory of its own. */
static const struct home run_homes[] = {
	{ "netns", NAME_NETNS },
	{ "docker/netns", NAME_DOCKER },
	{ "ipcns", NAME_ENGINE },
	{ "utsns", NAME_ENGINE },
	{ "pidns", NAME_ENGINE },
	{ "userns", NAME_ENGINE },
	/* containerd's with netns_mounts_under_state_dir; of its own, Docker's and k3s. */
	{ "containerd/io.containerd.grpc.v1.cri/netns", NAME_ENGINE },
	{ "docker/containerd/daemon/io.containerd.grpc.v1.cri/netns", NAME_ENGINE },
	{ "k3s/containerd/io.containerd.grpc.v1.cri/netns", NAME_ENGINE },
};

/* Below /run/user/UID: of podman, and CNI, without root; of Docker without root. */
static const struct home user_homes[] = {
	{ "netns", NAME_ENGINE },
	{ "docker/netns", NAME_DOCKER },
};

struct name_list {
	struct name_file *at;
	size_t n;
};

static bool is_uuid(const char *name)
{
	return strlen(name) == 36 && strspn(name, "0123456789abcdef-") == 36 && name[8] == '-' &&
	       name[13] == '-';
}

/* CNI plugins, podman and CRI-O put theirs beside those of ip-netns(8). */
static enum name_maker maker_of(enum name_maker home, const char *name)
{
	static const char *const prefixes[] = { "cni-", "netns-" };

	for (size_t i = 0; home == NAME_NETNS && i < sizeof(prefixes) / sizeof(*prefixes); i++)
		if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
			return NAME_ENGINE;
	return home == NAME_NETNS && is_uuid(name) ? NAME_ENGINE : home;
}

static struct name_file *name_new(struct name_list *list)
{
	list->at = list_room(list->at, list->n, sizeof(*list->at));
	return &list->at[list->n++];
}

/* -errno, also where it is no namespace: then there is nothing to name. */
static struct ns *ns_behind(struct graph *g, int dirfd, const char *name)
{
	uint64_t ino;
	autoclose int fd = scan_nsfs_open(dirfd, name, &ino);
	int type = fd < 0 ? fd : kern_ns_type(fd);

	return type < 0 ? NULL : graph_add(g, (enum ns_type)type, ino);
}

static struct name_file *add_name(struct graph *g, struct name_list *list, const char *dir,
				  const char *name, enum name_maker maker)
{
	struct name_file *file = name_new(list);
	autobuffer path = BUFFER_INIT;

	buffer_printf(&path, "%s/%s", dir, name);
	file->path = arena_copy(&g->arena, buffer_str(&path), path.len);
	file->maker = maker;
	return file;
}

static void take_name(struct graph *g, struct name_list *list, int dirfd, const char *dir,
		      enum name_maker home, const char *name)
{
	struct statx st;

	/* What is no plain file, and no namespace mounted on one, is not of their making. */
	if (kern_stat_cached(dirfd, name, AT_SYMLINK_NOFOLLOW, &st) < 0 || S_ISDIR(st.stx_mode))
		return;
	add_name(g, list, dir, name, maker_of(home, name))->ns = ns_behind(g, dirfd, name);
}

static void take_home(struct graph *g, struct name_list *list, const char *run,
		      const struct home *home)
{
	autobuffer path = BUFFER_INIT;
	autoclose int fd = -1;
	autodir DIR *dir = NULL;
	const struct dirent *e;

	buffer_printf(&path, "%s/%s", run, home->dir);
	fd = open(buffer_str(&path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir)
		return;
	steal_fd(&fd);
	while ((e = readdir(dir)))
		if (e->d_name[0] != '.')
			take_name(g, list, dirfd(dir), buffer_str(&path), home->maker, e->d_name);
}

/* Where users have their directories. */
struct users {
	DIR *dir;
	struct statx st;
	struct buffer mountinfo;  /* tells what a file system is without asking it for anything */
	struct name_list mounted; /* what is mounted below, wherever, by path */
};

static bool look_at(int fd, struct statx *out)
{
	return fd >= 0 && kern_stat_cached(fd, "", AT_EMPTY_PATH, out) == 0;
}

/* The file system that all users are in, or a tmpfs: neither waits for a program of theirs. */
static bool is_harmless(const struct users *u, const struct statx *st)
{
	struct span rest = { buffer_str(&u->mountinfo), u->mountinfo.len };
	struct mount_line m;

	if (st->stx_dev_major == u->st.stx_dev_major && st->stx_dev_minor == u->st.stx_dev_minor)
		return true;
	while (proc_mount_next(&rest, &m))
		if (m.major == st->stx_dev_major && m.minor == st->stx_dev_minor)
			return span_is(m.fstype, "tmpfs");
	return false;
}

/* O_PATH fd of a directory in a harmless one, if it is harmless too; else -1. */
static int step_down(const struct users *u, int dirfd, const char *name)
{
	autoclose int fd = openat(dirfd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct statx st;

	if (!look_at(fd, &st) || !S_ISDIR(st.stx_mode) || !is_harmless(u, &st))
		return -1;
	return steal_fd(&fd);
}

static int walk_down(const struct users *u, const char *path)
{
	autoclose int at = openat(dirfd(u->dir), ".", O_PATH | O_CLOEXEC);

	while (at >= 0 && *path) {
		size_t len = strcspn(path, "/");
		char name[NAME_MAX + 1];
		int next;

		snprintf(name, sizeof(name), "%.*s", (int)len, path);
		next = step_down(u, at, name);
		close(at);
		at = next;
		path += path[len] ? len + 1 : len;
	}
	return at < 0 ? at : openat(at, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static bool is_below_users(const struct holder *h)
{
	return h->kind == HOLD_MOUNT && h->reason == REASON_PLAIN && h->path &&
	       strncmp(h->path, "/run/user/", strlen("/run/user/")) == 0;
}

static int compare_name(const void *a, const void *b)
{
	return strcmp(((const struct name_file *)a)->path, ((const struct name_file *)b)->path);
}

/* The mounts of engines without root are in mount namespaces of theirs, with the same path. */
static void find_mounted(struct users *u, const struct graph *g)
{
	for (size_t i = 0; i < g->nnamespaces; i++)
		for (const struct holder *h = g->namespaces[i]->holders; h; h = h->next)
			if (is_below_users(h))
				*name_new(&u->mounted) =
					(struct name_file){ .path = h->path,
							    .ns = g->namespaces[i] };
	if (u->mounted.n)
		qsort(u->mounted.at, u->mounted.n, sizeof(*u->mounted.at), compare_name);
}

static struct ns *mounted_elsewhere(const struct users *u, const char *path)
{
	const struct name_file key = { .path = path };
	const struct name_file *found =
		u->mounted.n ? bsearch(&key, u->mounted.at, u->mounted.n, sizeof(key), compare_name)
			     : NULL;

	return found ? found->ns : NULL;
}

static void take_users_name(struct graph *g, struct name_list *list, const struct users *u,
			    int dirfd, const char *dir, enum name_maker maker, const char *name)
{
	autoclose int fd = openat(dirfd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct name_file *file;
	struct statx st;
	char self[40];

	if (!look_at(fd, &st) || !S_ISREG(st.stx_mode))
		return;
	snprintf(self, sizeof(self), "/proc/thread-self/fd/%d", fd);
	file = add_name(g, list, dir, name, maker);
	file->ns = ns_behind(g, AT_FDCWD, self);
	if (!file->ns)
		file->ns = mounted_elsewhere(u, file->path);
}

static void take_users_home(struct graph *g, struct name_list *list, const struct users *u,
			    const char *uid, const struct home *home)
{
	autobuffer below = BUFFER_INIT, path = BUFFER_INIT;
	autoclose int fd = -1;
	autodir DIR *dir = NULL;
	const struct dirent *e;

	buffer_printf(&below, "%s/%s", uid, home->dir);
	buffer_printf(&path, "/run/user/%s", buffer_str(&below));
	fd = walk_down(u, buffer_str(&below));
	dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir)
		return;
	steal_fd(&fd);
	while ((e = readdir(dir)))
		if (e->d_name[0] != '.')
			take_users_name(g, list, u, dirfd(dir), buffer_str(&path), home->maker,
					e->d_name);
}

static void take_users(struct graph *g, struct name_list *list)
{
	struct users u = { .mountinfo = BUFFER_INIT };
	autoclose int fd = open("/run/user", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const struct dirent *e;

	if (!look_at(fd, &u.st) || !(u.dir = fdopendir(fd)))
		return;
	steal_fd(&fd);
	/* Without it, only what is in the one file system is believed. */
	proc_read(AT_FDCWD, "/proc/self/mountinfo", PROC_MOUNTINFO_MAX, &u.mountinfo);
	find_mounted(&u, g);
	while ((e = readdir(u.dir)))
		for (size_t i = 0; i < sizeof(user_homes) / sizeof(*user_homes); i++)
			if (e->d_name[0] != '.')
				take_users_home(g, list, &u, e->d_name, &user_homes[i]);
	closedir(u.dir);
	free(u.mounted.at);
	buffer_release(&u.mountinfo);
}

static bool is_same_directory(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static void read_limits(const struct scan *s, struct graph *g)
{
	autobuffer text = BUFFER_INIT;

	for (int type = 0; type < NS_TYPES; type++) {
		char path[64];
		int ret;

		snprintf(path, sizeof(path), "sys/user/max_%s_namespaces", ns_types[type].name);
		ret = proc_read(s->procfd, path, 64, &text);
		g->limits[type].fact = ret < 0 ? fact_from_error(ret) : fact_known();
		if (ret == 0)
			g->limits[type].num = strtoull(buffer_str(&text), NULL, 10);
	}
}

void find_names(const struct scan *s, struct graph *g)
{
	struct name_list list = { 0 };
	bool var_run = !is_same_directory("/run", "/var/run");

	for (size_t i = 0; i < sizeof(run_homes) / sizeof(*run_homes); i++) {
		take_home(g, &list, "/run", &run_homes[i]);
		if (var_run)
			take_home(g, &list, "/var/run", &run_homes[i]);
	}
	take_users(g, &list);
	if (list.n)
		qsort(list.at, list.n, sizeof(*list.at), compare_name);
	g->names = arena_alloc(&g->arena, (list.n + 1) * sizeof(*g->names));
	for (size_t i = 0; i < list.n; i++)
		g->names[i] = list.at[i];
	g->nnames = list.n;
	free(list.at);
	read_limits(s, g);
	g->completeness.searched |= 1 << SOURCE_NAMES;
}
