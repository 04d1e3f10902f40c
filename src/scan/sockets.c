/* SPDX-License-Identifier: MIT */
/*
 * Which process has which socket or tun device open, by the inode numbers of sockets and by what
 * the descriptors of /dev/net/tun say. What these sockets are, and where, is not known here.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>

#include "holders_fd.h"

/* fdinfo of an attached one says "iff:\tNAME". */
static const char *tun_name(struct table *t, const char *name)
{
	const char *at;
	size_t len;

	if (table_fdinfo(t, name, 4096) < 0)
		return NULL;
	at = strstr(buffer_str(t->text), "iff:\t");
	if (!at)
		return NULL;
	at += strlen("iff:\t");
	len = strcspn(at, "\n");
	return len ? arena_copy(t->arena, at, len) : NULL;
}

/* The device may have been moved, or the descriptor be that of another namespace's process. */
static uint64_t tun_ns(struct table *t, const char *name)
{
	autoclose int fd = table_take_over(t, name);
	autoclose int ns = fd < 0 ? fd : kern_tun_ns(fd);
	uint64_t ino;

	return ns >= 0 && kern_nsfs_ino(ns, &ino) == 0 ? ino : 0;
}

static void take_descriptor(struct table *t, const char *name, dev_t dev, const struct statx *st)
{
	const char *device;
	struct found *one;

	if (dev == t->sockfs) {
		table_found(t, NS_NET, st->stx_ino, HOLD_SOCKET, name);
		return;
	}
	device = is_tun(st) ? tun_name(t, name) : NULL;
	if (!device)
		return;
	one = table_found(t, NS_NET, tun_ns(t, name), HOLD_SOCKET, name);
	one->reason = REASON_TUN;
	one->path = device;
}

static int compare_fds(const void *a, const void *b)
{
	const struct scan_fd *x = a, *y = b;

	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	if (x->process->pid != y->process->pid)
		return x->process->pid < y->process->pid ? -1 : 1;
	if (x->tid != y->tid)
		return x->tid < y->tid ? -1 : 1;
	return x->fd < y->fd ? -1 : x->fd > y->fd;
}

static struct scan_fd fd_of(const struct found *one, struct process *p, struct arena *arena)
{
	bool tun = one->reason == REASON_TUN;

	return (struct scan_fd){
		.inode = tun ? 0 : one->ino,
		.tun = tun ? arena_copy(arena, one->path, strlen(one->path)) : NULL,
		.tun_ns = tun ? one->ino : 0,
		.process = p,
		.tid = one->tid,
		.fd = one->fd,
	};
}

static size_t count_found(const struct finding *findings, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		for (const struct found *one = findings[i].first; one; one = one->next)
			count++;
	return count;
}

int scan_sockets(const struct scan *s, const struct graph *g, struct arena *arena,
		 struct scan_fd **out, size_t *out_n, size_t *out_unread)
{
	struct arena scratch = ARENA_INIT;
	struct finding *findings = NULL;

	*out_n = *out_unread = 0;
	if (s->procfs)
		findings = search_tables(s, g->processes, g->nprocesses, 0, take_descriptor,
					 s->threads, &scratch);
	if (!findings)
		return -EOPNOTSUPP;
	*out = calloc(count_found(findings, g->nprocesses) + 1, sizeof(**out));
	if (!*out)
		die("out of memory");
	for (size_t i = 0; i < g->nprocesses; i++) {
		const struct finding *f = &findings[i];

		*out_unread += f->error && f->error != -ENOENT && f->error != -ESRCH;
		for (const struct found *one = f->first; one; one = one->next)
			(*out)[(*out_n)++] = fd_of(one, g->processes[i], arena);
	}
	qsort(*out, *out_n, sizeof(**out), compare_fds);
	free(findings);
	arena_release(&scratch);
	return 0;
}
