/* SPDX-License-Identifier: MIT */
/* A temporary directory tree for tests that read files. */
#ifndef NSVIEW_TESTS_SCAN_TREE_H
#define NSVIEW_TESTS_SCAN_TREE_H

#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct tree {
	char root[64];
};

static inline int tree_setup(void **state)
{
	struct tree *t = calloc(1, sizeof(*t));

	if (!t)
		return -1;
	snprintf(t->root, sizeof(t->root), "/tmp/nsview-test-XXXXXX");
	*state = t;
	return mkdtemp(t->root) ? 0 : -1;
}

static inline int tree_remove_one(const char *path, const struct stat *st, int type,
				  struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline int tree_teardown(void **state)
{
	struct tree *t = *state;
	int r = nftw(t->root, tree_remove_one, 16, FTW_DEPTH | FTW_PHYS);

	free(t);
	return r;
}

/* root and path together, with all directories above it made. Valid until the next call. */
static inline const char *tree_path(struct tree *t, const char *path)
{
	static char full[4096];

	snprintf(full, sizeof(full), "%s%s", t->root, path);
	for (char *p = full + strlen(t->root) + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		mkdir(full, 0755);
		*p = '/';
	}
	return full;
}

static inline void tree_bytes(struct tree *t, const char *path, const char *data, size_t len)
{
	FILE *f = fopen(tree_path(t, path), "w");

	if (!f || fwrite(data, 1, len, f) != len || fclose(f) != 0)
		abort();
}

static inline void tree_file(struct tree *t, const char *path, const char *text)
{
	tree_bytes(t, path, text, strlen(text));
}

static inline void tree_link(struct tree *t, const char *path, const char *target)
{
	if (symlink(target, tree_path(t, path)) < 0)
		abort();
}

#endif
