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
#include <nsview/procfile.h>

#include "holders.h"
#include "kernel_source.h"

enum { MOUNTINFO_MAX = 256 << 20 };

enum verdict {
	LOOK_UNKNOWN, /* cannot be looked at */
	LOOK_GONE,
	LOOK_THERE,
};

struct look {
	enum verdict verdict;
	uint64_t id; /* LOOK_THERE: 0 where the kernel has none */
};

struct check {
	const struct scan *scan;
	struct graph *g;
	bool by_kernel;	      /* descriptors and sockets came with the id */
	struct buffer mounts; /* mountinfo of the mount namespace that was looked at last */
	const struct ns *mounts_of;
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

static void read_mounts(struct check *c, const struct holder *h)
{
	char path[64];

	c->mounts_of = h->mnt;
	buffer_clear(&c->mounts);
	if (!h->process)
		snprintf(path, sizeof(path), "self/mountinfo");
	else if (h->mnt && h->mnt->via == h->process && h->mnt->via_tid)
		snprintf(path, sizeof(path), "%d/task/%d/mountinfo", h->process->pid,
			 h->mnt->via_tid);
	else
		snprintf(path, sizeof(path), "%d/mountinfo", h->process->pid);
	if (proc_read(c->scan->procfd, path, MOUNTINFO_MAX, &c->mounts) < 0)
		buffer_clear(&c->mounts);
}

static bool is_mount_of(struct span line, const struct ns *ns, const char *point)
{
	autobuffer plain = BUFFER_INIT;
	struct mount_line m;
	enum ns_type type;
	uint64_t ino;

	if (proc_mount_line_parse(line, &m) < 0 || found_parse(m.root, &type, &ino) < 0 ||
	    type != ns->type || ino != ns->ino)
		return false;
	buffer_reserve(&plain, m.point.len + 1);
	plain.len = proc_unescape(m.point, plain.data);
	return plain.len == strlen(point) && memcmp(plain.data, point, plain.len) == 0;
}

static bool is_listed(const struct check *c, const struct ns *ns, const struct holder *h)
{
	struct span rest = { buffer_str(&c->mounts), c->mounts.len }, line;

	while (proc_line_next(&rest, &line))
		if (is_mount_of(line, ns, h->path))
			return true;
	return false;
}

/*
 * The path leads to something else: has the mount gone, or does something cover it? That it was
 * there when another was looked at says nothing of this one: then it is read anew.
 */
static bool is_covered(struct check *c, const struct ns *ns, const struct holder *h)
{
	if (c->mounts_of == h->mnt && c->mounts.len && !is_listed(c, ns, h))
		return false;
	read_mounts(c, h);
	return is_listed(c, ns, h);
}

static struct look look_at(struct check *c, const struct ns *ns, const struct holder *h)
{
	struct look look = { LOOK_UNKNOWN, 0 };
	autoclose int fd = -1;

	if (!is_looked_at(c, h))
		return look;
	fd = scan_holder_open(c->scan, ns, h);
	if (fd >= 0) {
		look.verdict = LOOK_THERE;
		if (kern_ns_id(fd, ns->type, &look.id) < 0)
			look.id = 0;
	} else if (fd == -ENOENT || fd == -EINVAL || fd == -ESRCH || fd == -EBADF ||
		   fd == -ENOTTY) {
		look.verdict = LOOK_GONE;
		if (h->kind == HOLD_MOUNT && is_covered(c, ns, h))
			look.verdict = LOOK_UNKNOWN;
	}
	return look;
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

static void check_ns(struct check *c, struct ns *ns)
{
	struct look *looks;
	size_t n = 0;
	bool all_there = true;
	uint64_t living;

	for (const struct holder *h = ns->holders; h; h = h->next)
		n += is_looked_at(c, h);
	if (!n)
		return;
	looks = calloc(ns->nholders, sizeof(*looks));
	if (!looks)
		die("out of memory");
	n = 0;
	for (const struct holder *h = ns->holders; h; h = h->next)
		looks[n++] = look_at(c, ns, h);
	living = living_id(c, ns, looks, n);
	for (size_t i = 0; i < n; i++)
		all_there = all_there && is_kept(&looks[i], living);
	if (!all_there)
		drop(ns, looks, living);
	free(looks);
}

void check_holders(const struct scan *s, struct graph *g)
{
	struct check c = { .scan = s,
			   .g = g,
			   .by_kernel = g->completeness.searched >> SOURCE_FILES & 1,
			   .mounts = BUFFER_INIT };

	for (size_t i = 0; i < g->nnamespaces; i++)
		if (!g->namespaces[i]->initial)
			check_ns(&c, g->namespaces[i]);
	buffer_release(&c.mounts);
}
