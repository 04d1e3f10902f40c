/* SPDX-License-Identifier: MIT */
/* What the files that derive identities share. Private to scan/. */
#ifndef NSVIEW_SCAN_IDENTITY_PARTS_H
#define NSVIEW_SCAN_IDENTITY_PARTS_H

#include <nsview/arena.h>
#include <nsview/buffer.h>
#include <nsview/proctext.h>
#include <stdbool.h>
#include <stddef.h>

bool span_begins(struct span s, const char *text);
bool span_ends(struct span s, const char *text);
/* What follows the last c; the whole where there is none. */
struct span span_after_last(struct span s, char c);

/* 64 lower-case hexadecimal digits: what engines make container ids of. */
bool identity_is_hex64(struct span id);
/* Whether id may become a part of a path: [A-Za-z0-9_.-]+, neither "." nor "..". */
bool identity_id_valid(struct span id);

/* A copy for a name or id: cut at 1023 bytes and at the first NUL. */
const char *identity_text(struct arena *arena, struct span text);
/* The first 12 digits of an id of 64, any other id as it is. */
const char *identity_short(struct arena *arena, struct span id);
/* source and the quote, of at most 512 bytes: of a longer quote the end is kept, after "...". */
const char *identity_evidence(struct arena *arena, const char *source, struct span quote);

/*
 * Reads a regular file, never through a symbolic link in its last component, and never waits.
 * 0, -errno, -EINVAL for anything but a regular file, -EFBIG for one beyond limit.
 */
int identity_read(int dirfd, const char *path, size_t limit, struct buffer *out);

enum { SUPERVISOR_QUOTES = 4 };

/* What the command line of a process says about the container that its children are in. */
struct supervisor {
	const char *kind; /* static */
	struct span id;	  /* len 0: the supervisor's pid is all there is */
	struct span name; /* len 0: by the id */
	/* Parts of the command line that it was read from, in their order; arguments end in NUL. */
	struct span quotes[SUPERVISOR_QUOTES];
	size_t nquotes;
};

/*
 * Recognises conmon, containerd's shims, lxc's monitor, systemd-nspawn, bwrap and firejail. comm
 * as in /proc/PID/stat, cmdline as in /proc/PID/cmdline, from which the results are borrowed. Pure.
 */
bool identity_supervisor(struct span comm, struct span cmdline, struct supervisor *out);

/* The kind of what containerd runs in one of its own namespaces: "docker" in moby. */
const char *identity_containerd_kind(struct span space);

#endif
