/* SPDX-License-Identifier: MIT */
/* Scope cleanup: a local marked with one of these is released when it goes out of scope. */
#ifndef NSVIEW_CLEANUP_H
#define NSVIEW_CLEANUP_H

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline void cleanup_free(void *p)
{
	free(*(void **)p);
}

/* Keeps errno, so that `return -errno` after a failed call stays right. */
static inline void cleanup_close(const int *fd)
{
	if (*fd >= 0) {
		int saved = errno;
		close(*fd);
		errno = saved;
	}
}

static inline void cleanup_dir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static inline void cleanup_file(FILE **file)
{
	if (*file)
		fclose(*file);
}

#define autofree  __attribute__((cleanup(cleanup_free)))
#define autoclose __attribute__((cleanup(cleanup_close)))
#define autodir	  __attribute__((cleanup(cleanup_dir)))
#define autofile  __attribute__((cleanup(cleanup_file)))

/* Closes an fd that outlives a scope, if there is one, and forgets it. Keeps errno. */
static inline void close_fd(int *fd)
{
	cleanup_close(fd);
	*fd = -1;
}

/* Takes the fd out of an autoclose variable: the caller owns it from here. */
static inline int steal_fd(int *fd)
{
	int taken = *fd;
	*fd = -1;
	return taken;
}

/* Takes the pointer out of an autofree variable. */
#define steal_ptr(p)                                                                               \
	({                                                                                         \
		__typeof__(p) taken_ = (p);                                                        \
		(p) = NULL;                                                                        \
		taken_;                                                                            \
	})

#endif
