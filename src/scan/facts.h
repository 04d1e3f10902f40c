/* SPDX-License-Identifier: MIT */
/* What the files that read facts of processes and namespaces share. Private to them. */
#ifndef NSVIEW_SCAN_FACTS_H
#define NSVIEW_SCAN_FACTS_H

#include <nsview/buffer.h>
#include <nsview/nsid.h>
#include <stdbool.h>
#include <stddef.h>

#include "internal.h"

/* Longest text read of a file that lists something: more would be no answer in time. */
enum { FACT_FILE_MAX = 64 << 20 };

/* Offsets of the facts that one reading fills in, within their struct; ends with FACTS_END. */
typedef unsigned short fact_offset;
enum { FACTS_END = 0xffff };
#define FACTS(...) ((const fact_offset[]){ __VA_ARGS__, FACTS_END })

/* The fact at an offset, of struct process_facts or struct ns_facts. */
struct fact *fact_at(void *facts, fact_offset at);

/* Facts of the list that are still unread become what a failed call with this -errno tells. */
void facts_fail(void *facts, const fact_offset *list, int error);

/* KNOWN with a copy of the text in arena; NONE where the text is empty. */
struct fact_text fact_text_copy(struct arena *arena, struct span text);
struct fact_num fact_num_known(uint64_t num);

/* The text without its one trailing newline. */
struct span text_line(const struct buffer *text);

/*
 * Replaces out's contents with a /proc file that the kernel gives in one read: a read that leaves
 * room is the last one. -EFBIG past limit, unless cut is set.
 */
int fact_read(int dirfd, const char *name, size_t limit, bool cut, struct buffer *out);

/*
 * What -errno from a file below /proc/PID means: a missing file of a process that is still there
 * is one that this kernel does not have (-EOPNOTSUPP).
 */
int fact_file_error(int dirfd, int error);

/* A scan_namespaces() under way. */
struct look {
	const struct scan *s;
	struct graph *g;
	struct buffer buf; /* text of the file being read */
	struct nsid *nsid; /* NULL until asked for */
};

/* One namespace being asked for one group of facts. */
struct visit {
	struct ns *ns;
	const char *dir;  /* cgroup: the task to compare by, below the proc root */
	const char *seen; /* cgroup: its cgroup file as we read it; in the graph's arena */
};

/* Answers of struct ns_reader.outside besides 0 and -errno. */
enum { VISIT_INSIDE = 1 };

/* A row of the table of readers. Each returns 0, or -errno that all its facts then show. */
struct ns_reader {
	unsigned need;
	int type; /* enum ns_type, -1 for all */
	const fact_offset *facts;
	/* From where we are; may answer VISIT_INSIDE. NULL: only a look from inside tells. */
	int (*outside)(struct look *l, struct visit *v);
	/* By a thread that has joined the namespace, or by us if it is our own. */
	int (*inside)(struct look *l, struct visit *v);
};

/* Joins each namespace in turn in a short-lived thread, and lets the reader look. */
void inside_read(struct look *l, const struct ns_reader *reader, struct visit *visits, size_t n);

/* Readers of what needs a look from inside. */
int uts_inside(struct look *l, struct visit *v);
int ipc_inside(struct look *l, struct visit *v);
int cgroup_outside(struct look *l, struct visit *v);
int cgroup_inside(struct look *l, struct visit *v);
int cookie_inside(struct look *l, struct visit *v);
int nlinks_inside(struct look *l, struct visit *v);
/* From net/dev below dirfd; name is its path. */
int nlinks_read(struct look *l, struct ns *ns, int dirfd, const char *name);

/* Whether a link below the task's directory dirfd leads to the namespace. */
bool link_leads_to(int dirfd, enum ns_link link, const struct ns *ns);

/*
 * Opens the directory below /proc of a task that is in the namespace by its own link: a process,
 * else a thread. fits, if any, may refuse one. The O_PATH fd, or -ENOENT where no task is left.
 */
int member_open(struct look *l, const struct ns *ns, bool (*fits)(struct look *l, int dirfd));

/*
 * Reads a namespace through a task's directory: a member's as member_open finds it, else that of
 * a child that joins the namespace and waits until read has returned.
 */
typedef int (*member_reader)(struct look *l, struct ns *ns, int dirfd);
int member_read(struct look *l, struct ns *ns, bool (*fits)(struct look *l, int dirfd),
		member_reader read);

/* The same by a joining child only. Must not be called while other threads run. */
int child_read(struct look *l, struct ns *ns, member_reader read);

/* Reads mountinfo: count, root and propagation. */
int mounts_outside(struct look *l, struct visit *v);
/* The same file for the mounts themselves. */
int mount_list_outside(struct look *l, struct visit *v);

#endif
