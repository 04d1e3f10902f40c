/* SPDX-License-Identifier: MIT */
/*
 * Mount namespaces that no process is in, and what their mounts hold. The kernel hands out one
 * mount namespace after the other (ioctl_nsfs(2), Linux 6.12) and lists the mounts of each by its
 * id (listmount(2), statmount(2)), so that none has to be joined.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>

#include "holders.h"
#include "kernel_source.h"

enum { IDS = 512, STAT_SIZE = 512 + 2 * 4096 + 64 };

static void take_supers(const struct scan *s, struct graph *g, struct ns *mnt,
			const struct kern_mount *m)
{
	const struct kernel_supers *supers = kernel_source_supers(s, g);
	struct kernel_super *super = supers ? kernel_super_find(supers, m->major, m->minor) : NULL;

	for (; super; super = kernel_super_next(supers, super))
		kernel_super_mounted(g, super, m->point, strcmp(m->root, "/") == 0, NULL, mnt);
}

static void take_mount(const struct scan *s, struct graph *g, struct ns *mnt,
		       const struct kern_mount *m)
{
	struct span root = { m->root, strlen(m->root) };
	enum ns_type type;
	uint64_t ino;

	if (m->nsfs && found_parse(root, &type, &ino) == 0)
		graph_add_holder(g, graph_add(g, type, ino), HOLD_MOUNT, NULL, 0, -1, m->point,
				 mnt);
	take_supers(s, g, mnt, m);
}

/* -errno where the list could not be read at all. */
static int read_mounts(const struct scan *s, struct graph *g, struct ns *mnt, uint64_t id)
{
	uint64_t ids[IDS], buf[STAT_SIZE / sizeof(uint64_t)];
	ssize_t n = kern_listmount(id, 0, ids, IDS);

	if (n < 0)
		return (int)n;
	while (n > 0) {
		for (ssize_t i = 0; i < n; i++) {
			struct kern_mount m;

			/* Gone since, or a path beyond all bounds. */
			if (kern_statmount(id, ids[i], buf, sizeof(buf), &m) == 0)
				take_mount(s, g, mnt, &m);
		}
		n = n < IDS ? 0 : kern_listmount(id, ids[n - 1], ids, IDS);
	}
	return 0;
}

static void take_ns(const struct scan *s, struct graph *g, int fd)
{
	struct completeness *c = &g->completeness;
	struct ns *ns;
	uint64_t ino, id;

	if (kern_nsfs_ino(fd, &ino) < 0)
		return;
	ns = graph_find(g, NS_MNT, ino);
	if (ns == g->self[NS_MNT] || (ns && ns->via && !ns->seen))
		return;
	ns = graph_add(g, NS_MNT, ino);
	if (kern_ns_id(fd, NS_MNT, &id) < 0 || read_mounts(s, g, ns, id) < 0) {
		c->unread_mounts += !ns->via;
		return;
	}
	/* By its id it can be opened again, though nothing leads there. */
	if (!ns->facts)
		ns->facts = arena_alloc(&g->arena, sizeof(*ns->facts));
	ns->facts->id = (struct fact_num){ fact_known(), id };
	ns->seen = false;
	c->mount_views++;
	c->hidden_mounts += !ns->via;
}

/* From our own on, which has both older and newer ones beside it; 0, or why it ended early. */
static int walk(const struct scan *s, struct graph *g, int own, bool forward)
{
	autoclose int at = kern_mntns_step(own, forward);

	while (at >= 0) {
		int next;

		take_ns(s, g, at);
		next = kern_mntns_step(at, forward);
		close(at);
		at = next;
	}
	return at == -ENOENT ? 0 : at;
}

void find_hidden_mounts(const struct scan *s, struct graph *g)
{
	autoclose int own = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	int ret = own < 0 ? -errno : walk(s, g, own, true);

	if (ret == 0)
		ret = walk(s, g, own, false);
	g->completeness.hidden_error = ret;
	if (ret == 0)
		g->completeness.searched |= 1 << SOURCE_HIDDEN_MOUNTS;
}

static int walk_to(int own, bool forward, uint64_t ino)
{
	autoclose int at = kern_mntns_step(own, forward);

	while (at >= 0) {
		uint64_t now;
		int next;

		if (kern_nsfs_ino(at, &now) == 0 && now == ino)
			return steal_fd(&at);
		next = kern_mntns_step(at, forward);
		close(at);
		at = next;
	}
	return at;
}

int hidden_open(uint64_t ino)
{
	autoclose int own = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	int fd = own < 0 ? -errno : walk_to(own, true, ino);

	return fd == -ENOENT ? walk_to(own, false, ino) : fd;
}
