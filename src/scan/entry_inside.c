/* SPDX-License-Identifier: MIT */
/*
 * Opens a file of a root directory that is not ours, as a process whose root that is sees it: no
 * link leads out of it. The kernel does that since 5.6; before, each part of the path is opened by
 * itself and links are followed by hand. What is found may be anything, so it is looked at before
 * it is opened: a FIFO must not be waited for, nor a device be started.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <nsview/cleanup.h>
#include <nsview/entry.h>
#include <nsview/kern.h>

enum { DEEP = 64, LINKS = 40 /* as path_resolution(7) has it */ };

struct walk {
	int dirs[DEEP]; /* the root, and what was gone down since; borrowed, owned */
	int depth;	/* of the last */
	int links;
	char rest[PATH_MAX];
};

static void walk_up(struct walk *w)
{
	if (w->depth)
		close(w->dirs[w->depth--]);
}

/* Puts what the link says in front of the rest. */
static int walk_link(struct walk *w, int link, const char *rest)
{
	char text[PATH_MAX];
	ssize_t n = readlinkat(link, "", text, sizeof(text) - 1);
	size_t len = strlen(rest);

	if (n < 0)
		return -errno;
	if (++w->links > LINKS)
		return -ELOOP;
	if ((size_t)n + 1 + len >= sizeof(w->rest))
		return -ENAMETOOLONG;
	if (text[0] == '/')
		while (w->depth)
			walk_up(w);
	memmove(w->rest + n + 1, rest, len + 1);
	memcpy(w->rest, text, (size_t)n);
	w->rest[n] = '/';
	return 0;
}

/* One part of the path. */
static int walk_step(struct walk *w)
{
	size_t skip = strspn(w->rest, "/"), len = strcspn(w->rest + skip, "/");
	char name[NAME_MAX + 1];
	autoclose int fd = -1;
	struct stat st;

	if (len > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(name, w->rest + skip, len);
	name[len] = '\0';
	memmove(w->rest, w->rest + skip + len, strlen(w->rest + skip + len) + 1);
	if (!len || strcmp(name, ".") == 0)
		return 0;
	if (strcmp(name, "..") == 0) {
		walk_up(w);
		return 0;
	}
	fd = openat(w->dirs[w->depth], name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (S_ISLNK(st.st_mode)) {
		char rest[PATH_MAX];

		memcpy(rest, w->rest, sizeof(rest));
		return walk_link(w, fd, rest);
	}
	if (w->depth + 1 == DEEP)
		return -ENAMETOOLONG;
	w->dirs[++w->depth] = steal_fd(&fd);
	return 0;
}

static int walk(int root, const char *path)
{
	struct walk w = { .dirs = { root } };
	int ret = strlen(path) < sizeof(w.rest) ? 0 : -ENAMETOOLONG;

	if (ret == 0)
		strcpy(w.rest, path);
	while (ret == 0 && w.rest[strspn(w.rest, "/")])
		ret = walk_step(&w);
	if (ret == 0)
		ret = fcntl(w.dirs[w.depth], F_DUPFD_CLOEXEC, 3);
	while (w.depth)
		walk_up(&w);
	return ret;
}

int entry_open_inside(int root, const char *path)
{
	autoclose int looked = kern_open_in_root(root, path, O_PATH);
	char self[40];
	struct stat st;
	int fd;

	if (looked == -ENOSYS)
		looked = walk(root, path);
	if (looked < 0)
		return looked;
	if (fstat(looked, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	snprintf(self, sizeof(self), "/proc/self/fd/%d", looked);
	fd = open(self, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	return fd < 0 ? -errno : fd;
}
