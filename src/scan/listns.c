/* SPDX-License-Identifier: MIT */
/*
 * The list of namespaces that the kernel itself gives out since Linux 6.19, by id; each is opened
 * by its id to learn its inode number. Not all that there are: one that is used by the kernel alone
 * is not in it (nsview-sources(7)).
 */
#include <errno.h>
#include <stdlib.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>

#include "ancestors.h"
#include "listns.h"

/* The kernel's own limit for one call. */
enum { IDS_FIRST = 1024, IDS_MAX = 1000000 };

/* All ids of a type, to be freed; -errno. */
static ssize_t list_ids(enum ns_type type, uint64_t **out)
{
	for (size_t room = IDS_FIRST;; room *= 8) {
		ssize_t n;

		if (room > IDS_MAX)
			room = IDS_MAX;
		*out = malloc(room * sizeof(**out));
		if (!*out)
			die("out of memory");
		n = kern_listns(type, *out, room);
		if (n >= 0 && ((size_t)n < room || room == IDS_MAX))
			return n;
		free(*out);
		*out = NULL;
		if (n < 0)
			return n;
	}
}

static void take_id(struct graph *g, enum ns_type type, uint64_t id)
{
	autoclose int fd = kern_ns_open_id(type, id, 0);
	struct ancestors a;
	struct ns *ns;
	uint64_t ino;

	if (fd < 0 || kern_nsfs_ino(fd, &ino) < 0 || graph_find(g, type, ino))
		return;
	ns = graph_add(g, type, ino);
	ns->facts = arena_alloc(&g->arena, sizeof(*ns->facts));
	ns->facts->id = (struct fact_num){ fact_known(), id };
	a = ancestors_ask(fd, type);
	ancestors_apply(g, ns, &a);
}

void find_listed(struct graph *g)
{
	for (int type = 0; type < NS_TYPES; type++) {
		uint64_t *ids;
		ssize_t n = list_ids((enum ns_type)type, &ids);

		if (n == -ENOSYS)
			return;
		for (ssize_t i = 0; i < n; i++)
			take_id(g, (enum ns_type)type, ids[i]);
		if (n >= 0)
			g->completeness.searched |= 1 << SOURCE_LISTNS;
		free(n < 0 ? NULL : ids);
	}
}
