/* SPDX-License-Identifier: MIT */
/*
 * Namespaces that nobody lives in and that only something unexpected keeps; and how many
 * namespaces each user has, against the limits. Graph in, answers out. Needs NEED_HOLDERS,
 * NEED_SOCKETS and NEED_NAMES of the host, NEED_ID of the namespaces, NEED_OWNER_UID of all user
 * namespaces, and the facts that name whoever holds one.
 */
#ifndef NSVIEW_LEAK_H
#define NSVIEW_LEAK_H

#include <stdbool.h>
#include <stddef.h>
#include <nsview/column.h>
#include <nsview/graph.h>

enum leak_kind {
	LEAK_NOT,	/* somebody lives in it, or needs it */
	LEAK_NAMED,	/* no leak: somebody has named or mounted it where we can see it */
	LEAK_ENGINE,	/* named by a container engine, whose container is gone */
	LEAK_NAME_GONE, /* its name in /run/netns is gone here, a mount elsewhere is left */
	LEAK_ELSEWHERE, /* mounted only in other mount namespaces */
	LEAK_FD,	/* only descriptors */
	LEAK_SOCKET,	/* only sockets */
	LEAK_INFLIGHT,	/* only under way in a queue */
	LEAK_MEMORY,	/* only shared memory that a process has attached */
	LEAK_PROCFS,	/* only procfs instances show it */
	LEAK_SUPER,	/* only file systems belong to it */
	LEAK_UNKNOWN,	/* nothing that could be seen */
	LEAK_KINDS
};
extern const char *const leak_names[LEAK_KINDS]; /* for JSON */

/* out_by: the holder that tells of it, NULL for none. */
enum leak_kind leak_judge(const struct graph *g, const struct ns *ns, const struct holder **out_by);
static inline bool leak_is(enum leak_kind kind)
{
	return kind > LEAK_NAMED;
}

/* Whether it is known to be leaked, for which descriptors have to have been searched. */
bool leak_is_seen(const struct graph *g, const struct ns *ns);

/* The leaked ones, oldest first; returns how many. list has room for all namespaces. */
size_t leaks_find(const struct graph *g, const struct ns **list);

/*
 * The uid against whose limits a namespace counts, as far as can be told: that of the creator of
 * the topmost user namespace below our own, else 0.
 */
struct fact_num leak_uid(const struct graph *g, const struct ns *ns);

/* All namespaces of one user. */
struct owner_count {
	struct fact_num uid;
	uint32_t counts[NS_TYPES];
	uint32_t leaked;
};
/* By falling number of leaked, then of all; owned by the caller (free). */
struct owner_count *owners_count(const struct graph *g, size_t *out_n);

/* The columns of `nsview who --leaked`: some of nsview ls, and OWNER, LEAK, WHY. */
void leak_columns(struct column_list *out);

#endif
