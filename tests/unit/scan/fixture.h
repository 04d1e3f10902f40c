/* SPDX-License-Identifier: MIT */
/* A tree of files like a procfs, made in a temporary directory and removed again. */
#ifndef NSVIEW_TEST_SCAN_FIXTURE_H
#define NSVIEW_TEST_SCAN_FIXTURE_H

#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nsview/scan.h>

/* Inode numbers for a process that is in the fixture's first namespaces. */
#define FIXTURE_INO(link) (1000u + (unsigned)(link))

struct fixture {
	char root[64];
};

static inline void fixture_init(struct fixture *f)
{
	strcpy(f->root, "/tmp/nsview-test-XXXXXX");
	assert_non_null(mkdtemp(f->root));
	assert_int_equal(chmod(f->root, 0755), 0);
}

static inline int fixture_remove_entry(const char *path, const struct stat *st, int flag,
				       struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static inline void fixture_release(struct fixture *f)
{
	assert_int_equal(nftw(f->root, fixture_remove_entry, 16, FTW_DEPTH | FTW_PHYS), 0);
}

/* Makes the directories above path. */
static inline void fixture_parents(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0755);
		*slash = '/';
	}
}

static inline void fixture_path(const struct fixture *f, char *out, size_t size, const char *name)
{
	assert_true(snprintf(out, size, "%s/%s", f->root, name) < (int)size);
}

/* Writes a file below the root, "12/comm". */
static inline void fixture_write(const struct fixture *f, const char *name, const char *data,
				 size_t len)
{
	char path[256];
	FILE *file;

	fixture_path(f, path, sizeof(path), name);
	fixture_parents(path);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static inline void fixture_text(const struct fixture *f, const char *name, const char *text)
{
	fixture_write(f, name, text, strlen(text));
}

static inline void fixture_link(const struct fixture *f, const char *name, const char *target)
{
	char path[256];

	fixture_path(f, path, sizeof(path), name);
	fixture_parents(path);
	unlink(path);
	assert_int_equal(symlink(target, path), 0);
}

/* One link of dir, "12" or "12/task/13". */
static inline void fixture_ns(const struct fixture *f, const char *dir, enum ns_link link,
			      unsigned ino)
{
	char name[64], target[64];

	snprintf(name, sizeof(name), "%s/ns/%s", dir, ns_links[link].name);
	snprintf(target, sizeof(target), "%s:[%u]", ns_types[ns_links[link].type].name, ino);
	fixture_link(f, name, target);
}

/* All ten links, *_for_children as the process itself. */
static inline void fixture_process(const struct fixture *f, const char *dir)
{
	for (int link = 0; link < NS_LINKS; link++)
		fixture_ns(f, dir, (enum ns_link)link, FIXTURE_INO(ns_links[link].type));
}

static inline struct graph *fixture_scan(const struct fixture *f, struct scan **out)
{
	struct error err = { 0 };
	struct graph *g = NULL;

	assert_int_equal(scan_open(f->root, out, &err), 0);
	assert_int_equal(scan_host(*out, 0, 0, &g, &err), 0);
	return g;
}

#endif
