/* SPDX-License-Identifier: MIT */
/*
 * A second look at the mounts, descriptors and sockets that were found. Each was read at a moment
 * of its own, and the kernel gives the number of a namespace that has gone to the next one at once,
 * so that under one number there may be holders of several. The 64-bit id, asked by way of each
 * holder, tells them apart; those of namespaces that are no more are dropped, as whatever vanishes
 * is. What cannot be looked at again is believed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/buffer.h>
#include <nsview/cleanup.h>
#include <nsview/kern.h>
#include <nsview/grow.h>
#include <nsview/procfile.h>

#include "holders.h"
#include "kernel_source.h"

enum verdict {
	LOOK_UNKNOWN, /* cannot be looked at */
	LOOK_GONE,
	LOOK_THERE,
};

struct look {
	enum verdict verdict;
	uint64_t id; /* LOOK_THERE: 0 where the kernel has none */
};

/* A mount whose path leads to something else: has it gone, or does something cover it? */
struct doubt {
	const struct ns *ns;
	const struct holder *holder;
	struct look *look;
};

struct check {
	const struct scan *scan;
	struct graph *g;
	bool by_kernel;	    /* descriptors and sockets came with the id */
	struct look *looks; /* of all holders, as they follow each other in the graph */
	struct doubt *doubts;
	size_t ndoubts;
};

/* To look at one in a mount namespace without a process it would have to be joined. */
static bool is_looked_at(const struct check *c, const struct holder *h)
{
	if (h->kind == HOLD_MOUNT)
		return h->reason == REASON_PLAIN && h->path &&
		       (h->process || h->mnt == c->g->self[NS_MNT]);
	if (c->by_kernel || !h->process)
		return false;
	return holder_is_open_file(h) ||
	       (h->kind == HOLD_SOCKET && (h->reason == REASON_PLAIN || h->reason == REASON_TUN));
}

static void doubt(struct check *c, const struct ns *ns, const struct holder *h, struct look *look)
{
	c->doubts = list_room(c->doubts, c->ndoubts, sizeof(*c->doubts));
	c->doubts[c->ndoubts++] = (struct doubt){ ns, h, look };
}

static void look_at(struct check *c, const struct ns *ns, const struct holder *h, struct look *look)
{
	autoclose int fd = -1;

	if (!is_looked_at(c, h))
		return;
	fd = scan_holder_open(c->scan, ns, h);
	if (fd >= 0) {
		look->verdict = LOOK_THERE;
		if (kern_ns_id(fd, ns->type, &look->id) < 0)
			look->id = 0;
	} else if (fd == -ENOENT || fd == -EINVAL || fd == -ESRCH || fd == -EBADF ||
		   fd == -ENOTTY) {
		look->verdict = LOOK_GONE;
		if (h->kind == HOLD_MOUNT)
			doubt(c, ns, h, look);
	}
}

static uint64_t mnt_of(const struct doubt *d)
{
	return d->holder->mnt ? d->holder->mnt->ino : 0;
}

static int compare_doubt(const void *a, const void *b)
{
	const struct doubt *x = a, *y = b;

	if (mnt_of(x) != mnt_of(y))
		return mnt_of(x) < mnt_of(y) ? -1 : 1;
	if (x->ns != y->ns)
		return x->ns < y->ns ? -1 : 1;
	return strcmp(x->holder->path, y->holder->path);
}

/* All that are alike: a path may have several mounts of one namespace. */
static void settle(struct doubt *list, size_t n, const struct doubt *listed)
{
	struct doubt *d = bsearch(listed, list, n, sizeof(*list), compare_doubt);

	if (!d || d->look->verdict == LOOK_UNKNOWN)
		return;
	while (d > list && compare_doubt(d - 1, listed) == 0)
		d--;
	for (; d < list + n && compare_doubt(d, listed) == 0; d++)
		d->look->verdict = LOOK_UNKNOWN;
}

static void settle_line(struct check *c, struct doubt *list, size_t n, struct span line)
{
	autobuffer point = BUFFER_INIT;
	struct holder holder = { .mnt = list->holder->mnt };
	struct doubt listed = { .holder = &holder };
	struct mount_line m;
	enum ns_type type;
	uint64_t ino;

	if (proc_mount_line_parse(line, &m) < 0 || found_parse(m.root, &type, &ino) < 0)
		return;
	listed.ns = graph_find(c->g, type, ino);
	proc_unescape_append(m.point, &point);
	holder.path = buffer_str(&point);
	if (listed.ns)
		settle(list, n, &listed);
}

/*
 * Of one mount namespace. Its mounts are read after all of them were looked at: what is still
 * listed then has not gone, and was covered. Where it cannot be read nobody sees it any more.
 */
static void settle_mnt(struct check *c, struct doubt *list, size_t n)
{
	const struct holder *h = list->holder;
	autobuffer text = BUFFER_INIT;
	char task[32] = "self", path[64];
	struct span rest, line;

	if (h->process)
		mnt_view_path(h->mnt, h->process, task, sizeof(task));
	snprintf(path, sizeof(path), "%s/mountinfo", task);
	if (proc_read(c->scan->procfd, path, PROC_MOUNTINFO_MAX, &text) < 0)
		return;
	rest = (struct span){ buffer_str(&text), text.len };
	while (proc_line_next(&rest, &line))
		settle_line(c, list, n, line);
}

static void settle_doubts(struct check *c)
{
	if (c->ndoubts)
		qsort(c->doubts, c->ndoubts, sizeof(*c->doubts), compare_doubt);
	for (size_t i = 0, end; i < c->ndoubts; i = end) {
		for (end = i; end < c->ndoubts && mnt_of(&c->doubts[end]) == mnt_of(&c->doubts[i]);
		     end++)
			continue;
		settle_mnt(c, &c->doubts[i], end - i);
	}
}

/* The namespace that the number stands for in this snapshot; 0: any. Ids rise with time. */
static uint64_t living_id(struct check *c, struct ns *ns, const struct look *looks, size_t n)
{
	uint64_t id = 0;

	if (c->by_kernel) {
		kernel_source_ns_facts(c->scan, c->g, ns, NEED_ID);
		if (ns->facts && fact_is_known(ns->facts->id.fact))
			return ns->facts->id.num;
	}
	for (size_t i = 0; i < n; i++)
		if (looks[i].id > id)
			id = looks[i].id;
	return id;
}

static bool is_kept(const struct look *look, uint64_t living)
{
	return look->verdict == LOOK_UNKNOWN ||
	       (look->verdict == LOOK_THERE && (!look->id || look->id == living));
}

/* Unlinks those that are not kept. The last trace of a namespace stays, to say why it is shown. */
static void drop(struct ns *ns, const struct look *looks, uint64_t living)
{
	struct holder **at = &ns->holders;
	bool needed = !living && !ns->nprocs && !ns->nthreads && !ns->nchildren;
	size_t n = ns->nholders;

	for (size_t i = 0; i < n; i++)
		needed = needed && !is_kept(&looks[i], living);
	for (size_t i = 0; i < n; i++) {
		if (is_kept(&looks[i], living) || needed) {
			needed = false;
			at = &(*at)->next;
			continue;
		}
		*at = (*at)->next;
		ns->nholders--;
	}
}

static void judge(struct check *c, struct ns *ns, const struct look *looks)
{
	size_t n = ns->nholders;
	bool all_there = true, looked = false;
	uint64_t living;

	for (size_t i = 0; i < n; i++)
		looked = looked || looks[i].verdict != LOOK_UNKNOWN;
	if (!looked)
		return;
	living = living_id(c, ns, looks, n);
	for (size_t i = 0; i < n; i++)
		all_there = all_there && is_kept(&looks[i], living);
	if (!all_there)
		drop(ns, looks, living);
}

static void look_at_all(struct check *c)
{
	struct look *look = c->looks;

	for (size_t i = 0; i < c->g->nnamespaces; i++) {
		const struct ns *ns = c->g->namespaces[i];

		for (const struct holder *h = ns->holders; !ns->initial && h; h = h->next)
			look_at(c, ns, h, look++);
	}
}

static void judge_all(struct check *c)
{
	const struct look *look = c->looks;

	for (size_t i = 0; i < c->g->nnamespaces; i++) {
		struct ns *ns = c->g->namespaces[i];
		size_t n = ns->initial ? 0 : ns->nholders;

		if (n)
			judge(c, ns, look);
		look += n;
	}
}

void check_holders(const struct scan *s, struct graph *g)
{
	struct check c = { .scan = s,
			   .g = g,
			   .by_kernel = g->completeness.searched >> SOURCE_FILES & 1 };
	size_t n = 0;

	for (size_t i = 0; i < g->nnamespaces; i++)
		n += g->namespaces[i]->initial ? 0 : g->namespaces[i]->nholders;
	c.looks = calloc(n + 1, sizeof(*c.looks));
	if (!c.looks)
		die("out of memory");
	look_at_all(&c);
	settle_doubts(&c);
	judge_all(&c);
	free(c.doubts);
	free(c.looks);
}
