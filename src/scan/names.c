/* SPDX-License-Identifier: MIT */
/*
 * The files by which namespaces are named on purpose, of ip-netns(8) and of container engines: a
 * namespace is mounted on each, or none any more. And the limits that namespaces count against.
 * Knows nothing of whether a name is still wanted.
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
#include <nsview/procfile.h>

#include "holders.h"

/* Below /run, and below /var/run where that is a directory of its own. */
static const struct {
	const char *dir;
	enum name_maker maker;
} homes[] = {
	{ "netns", NAME_NETNS },  { "docker/netns", NAME_DOCKER }, { "ipcns", NAME_ENGINE },
	{ "utsns", NAME_ENGINE }, { "pidns", NAME_ENGINE },	   { "userns", NAME_ENGINE },

};

struct name_list {
	struct name_file *at;
	size_t n, cap;
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
	if (list->n == list->cap) {
		list->cap = list->cap ? list->cap * 2 : 32;
		list->at = realloc(list->at, list->cap * sizeof(*list->at));
		if (!list->at)
			die("out of memory");
	}
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

static void take_name(struct graph *g, struct name_list *list, int dirfd, const char *dir,
		      enum name_maker home, const char *name)
{
	autobuffer path = BUFFER_INIT;
	struct name_file *file;
	struct statx st;

	/* What is no plain file, and no namespace mounted on one, is not of their making. */
	if (statx(dirfd, name, AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT | AT_SYMLINK_NOFOLLOW,
		  STATX_TYPE, &st) < 0 ||
	    S_ISDIR(st.stx_mode))
		return;
	file = name_new(list);
	buffer_printf(&path, "%s/%s", dir, name);
	file->path = arena_copy(&g->arena, buffer_str(&path), path.len);
	file->maker = maker_of(home, name);
	file->ns = ns_behind(g, dirfd, name);
}

static void take_home(struct graph *g, struct name_list *list, const char *run, size_t home)
{
	autobuffer path = BUFFER_INIT;
	autoclose int fd = -1;
	autodir DIR *dir = NULL;
	const struct dirent *e;

	buffer_printf(&path, "%s/%s", run, homes[home].dir);
	fd = open(buffer_str(&path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir)
		return;
	steal_fd(&fd);
	while ((e = readdir(dir)))
		if (e->d_name[0] != '.')
			take_name(g, list, dirfd(dir), buffer_str(&path), homes[home].maker,
				  e->d_name);
}

static int compare_name(const void *a, const void *b)
{
	return strcmp(((const struct name_file *)a)->path, ((const struct name_file *)b)->path);
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

	for (size_t home = 0; home < sizeof(homes) / sizeof(*homes); home++) {
		take_home(g, &list, "/run", home);
		if (var_run)
			take_home(g, &list, "/var/run", home);
	}
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
