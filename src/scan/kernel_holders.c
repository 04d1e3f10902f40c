/* SPDX-License-Identifier: MIT */
/*
 * Makes holders of what the kernel's own structures say about open files, queues and file systems.
 * For what /proc shows as well it gives the same as searching /proc. A record counts only if its
 * namespace is the one that the graph has under that number, by the 64-bit id. Knows nothing of
 * how the records are made.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "holders_fd.h"
#include "kernel_internal.h"

static const struct {
	enum holder_kind kind;
	enum holder_reason reason;
} ways[HOLDER_WAYS] = {
	[WAY_NSFS] = { HOLD_FD, REASON_PLAIN },
	[WAY_SOCKET] = { HOLD_SOCKET, REASON_PLAIN },
	[WAY_TUN] = { HOLD_SOCKET, REASON_TUN },
	[WAY_PEER_CRED] = { HOLD_SOCKET, REASON_PEER_CRED },
	[WAY_PEER_PID] = { HOLD_SOCKET, REASON_PEER_PID },
	[WAY_PIDFD] = { HOLD_FD, REASON_PIDFD },
	[WAY_PROC_PID] = { HOLD_FD, REASON_PROC_PID },
	[WAY_MOUNTINFO] = { HOLD_FD, REASON_MOUNTINFO },
	[WAY_ID_MAP] = { HOLD_FD, REASON_ID_MAP },
	[WAY_PROC_NET] = { HOLD_FD, REASON_PROC_NET },
	[WAY_CGROUP] = { HOLD_FD, REASON_CGROUP },
	[WAY_PERF] = { HOLD_FD, REASON_PERF },
	[WAY_FS_CONTEXT] = { HOLD_FD, REASON_FS_CONTEXT },
	[WAY_CRED] = { HOLD_FD, REASON_CRED },
	[WAY_SUPER] = { HOLD_FD, REASON_SUPER },
};

static enum holder_kind kind_of(const struct holder_record *r)
{
	return r->via == VIA_QUEUE ? HOLD_INFLIGHT : ways[r->way].kind;
}

static enum holder_reason nsfs_reason(const struct holder_record *r)
{
	if (r->via != VIA_TABLE)
		return r->via == VIA_RING ? REASON_IO_URING : REASON_PLAIN;
	if (r->flags & HOLDER_UNMOUNTED)
		return REASON_UNMOUNTED;
	return r->flags & HOLDER_O_PATH ? REASON_O_PATH : REASON_PLAIN;
}

static enum holder_reason reason_of(const struct holder_record *r)
{
	bool socket = r->way == WAY_SOCKET || r->way == WAY_TUN;

	if (r->way == WAY_NSFS)
		return nsfs_reason(r);
	if (socket && r->via != VIA_TABLE)
		return r->via == VIA_RING ? REASON_IO_URING : REASON_QUEUED_SOCKET;
	if (r->way == WAY_SUPER && r->type == RECORD_PID)
		return REASON_PROCFS;
	return ways[r->way].reason;
}

/*
 * false: the number is that of another namespace by now, or it was made after the kernel's lists
 * were read, so that it is no part of this snapshot.
 */
static bool is_of_snapshot(const struct kernel_source *k, const struct holder_record *r)
{
	const struct kernel_counters *c = &k->read.counters;
	const struct kernel_entry *e;

	if (r->type >= NS_TYPES || !r->ino)
		return false;
	e = kernel_table_find(&k->table, (enum ns_type)r->type, r->ino);
	if (e && e->id && r->id && e->id != r->id)
		return false;
	return e || c->layout <= LISTS_NET || c->cut;
}

/* The namespace that a process that we see holds, or NULL. */
static struct ns *ns_of(const struct kernel_source *k, struct graph *g,
			const struct holder_record *r)
{
	return is_of_snapshot(k, r) ? graph_add(g, (enum ns_type)r->type, r->ino) : NULL;
}

/*
 * One that something holds of which nobody knows whose it is: below the initial pid namespace it
 * may be none of what we may see.
 */
static struct ns *seen_ns_of(const struct kernel_source *k, const struct graph *g,
			     const struct holder_record *r)
{
	return is_of_snapshot(k, r) ? graph_find(g, (enum ns_type)r->type, r->ino) : NULL;
}

static struct holder *add(struct graph *g, struct ns *ns, const struct holder_record *r,
			  enum holder_kind kind, enum holder_reason reason)
{
	struct process *p = graph_process(g, (pid_t)r->pid);
	pid_t tid = r->tid == r->pid ? 0 : (pid_t)r->tid;
	struct holder *h;

	/* Of a process that is not in the graph: it is new. */
	if (!p)
		return NULL;
	/* All threads have one memory. */
	if (kind == HOLD_MEMORY)
		tid = 0;
	h = graph_add_holder(g, ns, kind, p, tid, r->fd, NULL, NULL);
	h->reason = reason;
	h->share = r->share;
	return h;
}

/* The mounts of namespaces' files in a tree that the descriptor is the root of. */
static void add_tree(struct kernel_source *k, struct graph *g, const struct holder_record *root)
{
	size_t n;
	struct tree_mount *mounts = kernel_trees_find(&k->trees, root->tree, &n);

	for (size_t i = 0; i < n; i++) {
		struct ns *ns = ns_of(k, g, mounts[i].record);

		mounts[i].told |= ns && add(g, ns, root, HOLD_FD, REASON_TREE);
	}
}

/*
 * The same table of the same process as the record before: one that threads share counts once, for
 * the first that has it.
 */
static bool is_told(const struct holder_record *r, const struct holder_record *first)
{
	return first && first->pid == r->pid && first->files == r->files && first->tid != r->tid;
}

/* By process, by table in it, by thread; then as they were written. */
static int compare_record(const void *a, const void *b)
{
	const struct holder_record *x = *(const struct holder_record *const *)a;
	const struct holder_record *y = *(const struct holder_record *const *)b;

	if (x->pid != y->pid)
		return x->pid < y->pid ? -1 : 1;
	if (x->files != y->files)
		return x->files < y->files ? -1 : 1;
	if (x->tid != y->tid)
		return x->tid < y->tid ? -1 : 1;
	return (x > y) - (x < y);
}

static void add_ring(struct scan *s, struct graph *g, const struct holder_record *r)
{
	struct process *p = graph_process(g, (pid_t)r->pid);

	if (p)
		find_ring(s, g, p, r->tid == r->pid ? 0 : (pid_t)r->tid, r->fd);
}

static void add_record(struct scan *s, struct graph *g, const struct holder_record *r)
{
	struct kernel_source *k = s->kernel;
	struct ns *ns;

	if (r->way == WAY_TREE) {
		add_tree(k, g, r);
	} else if (r->way == WAY_RING) {
		add_ring(s, g, r);
	} else {
		ns = ns_of(k, g, r);
		if (ns && add(g, ns, r, kind_of(r), reason_of(r)) && r->way == WAY_SUPER)
			kernel_supers_saw(&k->supers, r);
	}
}

/* Of trees that no descriptor was seen to be the root of. */
static void add_lone_trees(const struct kernel_source *k, struct graph *g)
{
	for (size_t i = 0; i < k->trees.n; i++) {
		const struct tree_mount *m = &k->trees.mounts[i];
		struct ns *ns = m->told ? NULL : seen_ns_of(k, g, m->record);

		if (ns)
			graph_add_holder(g, ns, HOLD_MOUNT, NULL, 0, -1, NULL, NULL)->reason =
				REASON_TREE;
	}
}

static bool has_member(const struct ns *ns)
{
	return ns->nprocs || ns->nthreads || ns->nchildren;
}

/* In a network namespace that has members they are no news: the kernel ends them in time. */
static bool wants_orphans(const struct graph *g)
{
	for (size_t i = 0; i < g->nnamespaces; i++)
		if (g->namespaces[i]->type == NS_NET && !has_member(g->namespaces[i]))
			return true;
	return false;
}

static void add_orphans(const struct kernel_source *k, struct graph *g)
{
	for (size_t i = k->holders.n; i-- > 0 && !k->holders.records[i].pid;) {
		const struct holder_record *r = &k->holders.records[i];
		struct ns *ns = r->way == WAY_ORPHAN ? seen_ns_of(k, g, r) : NULL;
		struct holder *h;

		if (!ns || has_member(ns))
			continue;
		h = graph_add_holder(g, ns, HOLD_SOCKET, NULL, 0, -1, NULL, NULL);
		h->reason = REASON_ORPHAN;
		h->share = r->share;
	}
}

/*
 * Whether anybody outside of an IPC namespace may have attached its shared memory: it has some,
 * and more refers to it than its members do. The lists tell, where the kernel has them.
 */
static bool wants_memory(const struct kernel_source *k, const struct graph *g)
{
	if (k->read.counters.layout <= LISTS_NET)
		return true;
	for (size_t i = 0; i < k->read.nnamespaces; i++) {
		const struct ns_record *r = &k->read.namespaces[i];
		const struct ns *ns = r->type == RECORD_IPC && r->u.ipc.shm
					      ? graph_find(g, NS_IPC, r->ino)
					      : NULL;

		if (ns && !ns->initial &&
		    !(fact_is_known(ns->task_refs.fact) && ns->task_refs.num >= r->refs))
			return true;
	}
	return false;
}

static void add_memory(struct kernel_source *k, struct graph *g)
{
	struct error why = { 0 };

	if (wants_memory(k, g) && kernel_bpf_read_memory(&k->read, &k->memory, &why) < 0)
		return;
	for (size_t i = 0; i < k->memory.n; i++) {
		const struct holder_record *r = &k->memory.records[i];
		struct ns *ns = ns_of(k, g, r);

		if (ns)
			add(g, ns, r, HOLD_MEMORY, REASON_PLAIN);
	}
	if (!k->memory.counters.busy)
		g->completeness.searched |= 1 << SOURCE_MEMORY;
}

static void account(const struct holder_counters *c, struct completeness *out)
{
	out->fds += c->files;
	out->sockets += c->sockets;
	out->rings += c->rings;
	out->queued += c->queued + c->cut;
	out->unread_queued += c->cut;
	out->searched |= 1 << SOURCE_FDS | 1 << SOURCE_THREAD_FDS | 1 << SOURCE_IO_URING |
			 1 << SOURCE_SOCKETS | 1 << SOURCE_INFLIGHT | 1 << SOURCE_PEEK |
			 1 << SOURCE_FILES | 1 << SOURCE_SUPERS;
}

static void note_file_systems(struct kernel_source *k)
{
	for (size_t i = k->holders.n; i-- > 0 && !k->holders.records[i].pid;) {
		const struct holder_record *r = &k->holders.records[i];

		if (r->way == WAY_SUPER_BLOCK && is_of_snapshot(k, r))
			kernel_supers_add(&k->supers, r);
		else if (r->way == WAY_TREE_MOUNT)
			kernel_trees_add(&k->trees, r);
	}
	kernel_supers_sort(&k->supers);
	kernel_trees_sort(&k->trees);
}

/* Loading the programs takes longer than a look at the descriptors of so few processes. */
static bool proc_will_do(const struct scan *s, const struct graph *g, unsigned needs)
{
	if (!(needs & NEED_WAYS_IN) || s->choice != SCAN_AUTO || g->nprocesses >= KERNEL_BREAK_EVEN)
		return false;
	for (size_t i = 0; i < g->nnamespaces; i++) {
		const struct ns *ns = g->namespaces[i];

		if (ns->type == NS_NET && !has_member(ns) && !ns->holders)
			return false;
	}
	return true;
}

bool kernel_source_read_holders(struct scan *s, struct graph *g, unsigned needs)
{
	struct kernel_source *k = s->kernel;
	struct error why = { 0 };

	if (!k || k->graph != g || proc_will_do(s, g, needs))
		return false;
	if (kernel_bpf_read_holders(&k->read, wants_orphans(g), &k->holders, &why) == 0)
		k->have_holders = true;
	if (!k->have_holders)
		g->completeness.source_why = arena_copy(&g->arena, why.text, strlen(why.text));
	else
		note_file_systems(k);
	return k->have_holders;
}

/* What BPF programs are not shown, /proc at least says that it exists. */
static void search_missed(const struct scan *s, struct graph *g, unsigned needs)
{
	const struct pid_list *missed = &s->kernel->missed;
	struct process **list = calloc(missed->n + 1, sizeof(struct process *));
	size_t n = 0;

	if (!list)
		die("out of memory");
	for (size_t i = 0; i < missed->n; i++) {
		list[n] = graph_process(g, missed->pids[i]);
		n += list[n] != NULL;
	}
	if (n)
		find_fds(s, g, list, n, needs, 1);
	free(list);
}

/* The threads of a process do not come one after the other, so that they are put in order. */
static void add_records(struct scan *s, struct graph *g)
{
	const struct holder_read *read = &s->kernel->holders;
	const struct holder_record **list = calloc(read->n + 1, sizeof(*list)), *first = NULL;
	size_t n = 0;

	if (!list)
		die("out of memory");
	for (size_t i = 0; i < read->n; i++)
		if (read->records[i].way < WAY_SUPER_BLOCK)
			list[n++] = &read->records[i];
	if (n)
		qsort(list, n, sizeof(*list), compare_record);
	for (size_t i = 0; i < n; i++) {
		if (is_told(list[i], first))
			continue;
		first = list[i];
		add_record(s, g, list[i]);
	}
	free(list);
}

void kernel_source_add_holders(struct scan *s, struct graph *g, unsigned needs)
{
	struct kernel_source *k = s->kernel;

	add_records(s, g);
	search_missed(s, g, needs);
	add_memory(k, g);
	add_orphans(k, g);
	add_lone_trees(k, g);
	kernel_supers_rest(&k->supers, g);
	account(&k->holders.counters, &g->completeness);
	kernel_add_edges(k, g);
}

const struct kernel_supers *kernel_source_supers(const struct scan *s, const struct graph *g)
{
	return s->kernel && s->kernel->graph == g && s->kernel->have_holders ? &s->kernel->supers
									     : NULL;
}
