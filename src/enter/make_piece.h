/* SPDX-License-Identifier: MIT */
/*
 * One mount to be: made while the old root is still there, since that is where sources, a covering
 * /proc and the options' paths are looked up; attached when the new root is the root, so that no
 * link in it leads out of it. Private to enter/.
 */
#ifndef NSVIEW_ENTER_MAKE_PIECE_H
#define NSVIEW_ENTER_MAKE_PIECE_H

#include <stdbool.h>
#include <nsview/error.h>

#include "make_options.h"

struct piece {
	const char *fstype;	      /* NULL: a bind */
	const char *source;	      /* path of a bind, else a name */
	const char *target;	      /* absolute, in the new root */
	const char *hint;	      /* what to do when it fails, may be NULL */
	bool recursive;		      /* a bind of all below too */
	bool ours;		      /* a fresh file system, in which mount points may be made */
	struct mount_options options; /* owned */
	int fd; /* of the mount; -1: by mount(2) when attached, on kernels before 5.2 */
};

void piece_release(struct piece *p);

/* 0 or -errno with words. */
int piece_make(struct piece *p, struct error *err);

/*
 * create: mount points may be made below the root; else only inside of what is one of the n pieces
 * before and a fresh file system.
 */
int piece_attach(const struct piece *p, bool create, const struct piece *before, size_t n,
		 struct error *err);

#endif
