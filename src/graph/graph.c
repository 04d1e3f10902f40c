/* SPDX-License-Identifier: MIT */
/*
 * Building the graph: nodes and edges as a scanner finds them, in any order. What is derived from
 * them (counts, leads, order) is made by seal.c. Knows nothing of where they come from.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/error.h>
#include <nsview/graph.h>
#include <nsview/grow.h>

#include "index.h"

const char *const holder_names[HOLDER_KINDS] = {
	[HOLD_PROC] = "proc",	  [HOLD_THREAD] = "thread", [HOLD_CHILDREN] = "children",
	[HOLD_MOUNT] = "mount",	  [HOLD_FD] = "fd",	    [HOLD_SOCKET] = "socket",
	[HOLD_OWNER] = "owner",	  [HOLD_PARENT] = "parent", [HOLD_INFLIGHT] = "inflight",
	[HOLD_KERNEL] = "kernel", [HOLD_MEMORY] = "memory",
};

const char *const holder_reason_names[HOLDER_REASONS] = {
	[REASON_O_PATH] = "o_path",
	[REASON_UNMOUNTED] = "unmounted",
	[REASON_IO_URING] = "io_uring",
	[REASON_TUN] = "tun",
	[REASON_PROCFS] = "procfs",
	[REASON_QUEUED_SOCKET] = "queued_socket",
	[REASON_CRED] = "cred",
	[REASON_ID_MAP] = "id_map",
	[REASON_MOUNTINFO] = "mountinfo",
	[REASON_PROC_NET] = "proc_net",
	[REASON_PROC_PID] = "proc_pid",
	[REASON_PIDFD] = "pidfd",
	[REASON_CGROUP] = "cgroup_file",
	[REASON_PERF] = "perf_event",
	[REASON_FS_CONTEXT] = "fs_context",
	[REASON_TREE] = "detached_tree",
	[REASON_SUPER] = "file_system",
	[REASON_PEER_CRED] = "peer_cred",
	[REASON_PEER_PID] = "peer_pid",
	[REASON_ORPHAN] = "orphan",
};

const char *const name_maker_names[NAME_MAKERS] = {
	[NAME_NETNS] = "netns",
	[NAME_DOCKER] = "docker",
	[NAME_ENGINE] = "engine",
};

const char *const scan_source_names[SCAN_SOURCES] = {
	[SOURCE_PROCESSES] = "processes",
	[SOURCE_THREADS] = "threads",
	[SOURCE_ANCESTORS] = "ancestors",
	[SOURCE_OWN_MOUNTS] = "own_mounts",
	[SOURCE_ALL_MOUNTS] = "all_mounts",
	[SOURCE_FDS] = "fds",
	[SOURCE_HIDDEN_MOUNTS] = "hidden_mounts",
	[SOURCE_THREAD_FDS] = "thread_fds",
	[SOURCE_IO_URING] = "io_uring",
	[SOURCE_SOCKETS] = "sockets",
	[SOURCE_INFLIGHT] = "inflight",
	[SOURCE_PEEK] = "peek",
	[SOURCE_KERNEL_LISTS] = "kernel_lists",
	[SOURCE_LISTNS] = "listns",
	[SOURCE_NAMES] = "names",
	[SOURCE_FILES] = "files",
	[SOURCE_SUPERS] = "file_systems",
	[SOURCE_MEMORY] = "memory",
};

struct ns_key {
	enum ns_type type;
	uint64_t ino;
};

static uint64_t ns_key_hash(enum ns_type type, uint64_t ino)
{
	return hash_mix(ino * NS_TYPES + type);
}

static uint64_t ns_hash(const void *entry)
{
	const struct ns *ns = entry;

	return ns_key_hash(ns->type, ns->ino);
}

static bool ns_same(const void *entry, const void *key)
{
	const struct ns *ns = entry;
	const struct ns_key *k = key;

	return ns->ino == k->ino && ns->type == k->type;
}

static uint64_t inos_hash(const uint64_t ino[NS_LINKS])
{
	uint64_t h = 0;

	for (int i = 0; i < NS_LINKS; i++)
		h = (h ^ ino[i]) * 0x9e3779b97f4a7c15ULL + (h >> 29);
	return hash_mix(h);
}

static uint64_t set_hash(const void *entry)
{
	const struct nsset *set = entry;
	uint64_t ino[NS_LINKS];

	for (int i = 0; i < NS_LINKS; i++)
		ino[i] = set->ns[i] ? set->ns[i]->ino : 0;
	return inos_hash(ino);
}

static bool set_same(const void *entry, const void *key)
{
	const struct nsset *set = entry;
	const uint64_t *ino = key;

	for (int i = 0; i < NS_LINKS; i++)
		if ((set->ns[i] ? set->ns[i]->ino : 0) != ino[i])
			return false;
	return true;
}

struct graph *graph_new(void)
{
	struct graph *g = calloc(1, sizeof(*g));

	if (!g)
		die("out of memory");
	g->index = calloc(1, sizeof(*g->index));
	if (!g->index)
		die("out of memory");
	return g;
}

void graph_free(struct graph *g)
{
	if (!g)
		return;
	if (g->net)
		g->net_free(g->net);
	free(g->index->namespaces.slots);
	free(g->index->sets.slots);
	free(g->index);
	free(g->namespaces);
	free(g->processes);
	free(g->sets);
	arena_release(&g->arena);
	free(g);
}

struct ns *graph_find(const struct graph *g, enum ns_type type, uint64_t ino)
{
	const struct pointer_table *t = &g->index->namespaces;
	struct ns_key key = { type, ino };

	return t->cap ? *pointer_table_slot(t, ns_key_hash(type, ino), ns_same, &key) : NULL;
}

struct ns *graph_find_ino(const struct graph *g, uint64_t ino)
{
	for (int type = 0; type < NS_TYPES; type++) {
		struct ns *ns = graph_find(g, (enum ns_type)type, ino);
		if (ns)
			return ns;
	}
	return NULL;
}

struct ns *graph_add(struct graph *g, enum ns_type type, uint64_t ino)
{
	struct graph_index *x = g->index;
	struct ns_key key = { type, ino };
	struct ns *ns;
	void **slot;

	pointer_table_room(&x->namespaces, ns_hash);
	slot = pointer_table_slot(&x->namespaces, ns_key_hash(type, ino), ns_same, &key);
	if (*slot)
		return *slot;
	ns = arena_alloc(&g->arena, sizeof(*ns));
	ns->type = type;
	ns->ino = ino;
	*slot = ns;
	x->namespaces.used++;
	g->namespaces =
		grow(g->namespaces, g->nnamespaces, &x->namespaces_cap, sizeof(*g->namespaces));
	g->namespaces[g->nnamespaces++] = ns;
	return ns;
}

static struct nsset *graph_add_set(struct graph *g, const uint64_t ino[NS_LINKS])
{
	struct graph_index *x = g->index;
	struct nsset *set;
	void **slot;

	pointer_table_room(&x->sets, set_hash);
	slot = pointer_table_slot(&x->sets, inos_hash(ino), set_same, ino);
	if (*slot)
		return *slot;
	set = arena_alloc(&g->arena, sizeof(*set));
	*slot = set;
	x->sets.used++;
	for (int i = 0; i < NS_LINKS; i++)
		set->ns[i] = ino[i] ? graph_add(g, ns_links[i].type, ino[i]) : NULL;
	g->sets = grow(g->sets, g->nsets, &x->sets_cap, sizeof(*g->sets));
	set->index = (uint32_t)g->nsets;
	g->sets[g->nsets++] = set;
	return set;
}

struct process *graph_add_process(struct graph *g, pid_t pid, const uint64_t ino[NS_LINKS])
{
	struct process *p = arena_alloc(&g->arena, sizeof(*p));

	p->pid = pid;
	p->ppid = -1;
	p->set = graph_add_set(g, ino);
	g->processes =
		grow(g->processes, g->nprocesses, &g->index->processes_cap, sizeof(*g->processes));
	g->processes[g->nprocesses++] = p;
	return p;
}

struct thread *graph_add_thread(struct graph *g, struct process *p, pid_t tid,
				const uint64_t ino[NS_LINKS])
{
	struct thread *t = arena_alloc(&g->arena, sizeof(*t));
	struct thread **at = &p->threads;

	t->process = p;
	t->tid = tid;
	for (int i = 0; i < NS_LINKS; i++)
		t->ns[i] = ino[i] ? graph_add(g, ns_links[i].type, ino[i]) : NULL;
	while (*at && (*at)->tid < tid)
		at = &(*at)->next;
	t->next = *at;
	*at = t;
	return t;
}

struct holder *graph_add_holder(struct graph *g, struct ns *ns, enum holder_kind kind,
				struct process *p, pid_t tid, int fd, const char *path,
				struct ns *mnt)
{
	struct holder *h = arena_alloc(&g->arena, sizeof(*h));

	h->kind = kind;
	h->process = p;
	h->tid = tid;
	h->fd = fd;
	h->path = path ? arena_copy(&g->arena, path, strlen(path)) : NULL;
	h->mnt = mnt;
	h->next = ns->holders;
	ns->holders = h;
	ns->nholders++;
	return h;
}

/* The position of the first process whose pid is at least pid. */
static size_t graph_process_at(const struct graph *g, pid_t pid)
{
	size_t low = 0, high = g->nprocesses;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (g->processes[mid]->pid < pid)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

struct process *graph_process(const struct graph *g, pid_t pid)
{
	size_t at = graph_process_at(g, pid);

	return at < g->nprocesses && g->processes[at]->pid == pid ? g->processes[at] : NULL;
}

bool process_in(const struct process *p, const struct ns *ns)
{
	return p->set->ns[ns->type] == ns;
}

bool nsset_is(const struct nsset *set, struct ns *const of[NS_TYPES])
{
	bool any = false;

	for (int type = 0; type < NS_TYPES; type++) {
		if (set->ns[type] != of[type])
			return false;
		any |= of[type] != NULL;
	}
	return any;
}

struct process *ns_next_member(const struct graph *g, const struct ns *ns,
			       const struct process *prev)
{
	size_t i = prev ? graph_process_at(g, prev->pid) + 1 : 0;

	for (; i < g->nprocesses; i++)
		if (process_in(g->processes[i], ns))
			return g->processes[i];
	return NULL;
}

enum holder_kind ns_held(const struct ns *ns)
{
	if (ns->nprocs)
		return HOLD_PROC;
	if (ns->nthreads)
		return HOLD_THREAD;
	if (ns->nchildren)
		return HOLD_CHILDREN;
	if (ns->holders) /* sorted: the strongest comes first */
		return ns->holders->kind;
	if (ns->nowned)
		return HOLD_OWNER;
	return ns->nsubs ? HOLD_PARENT : HOLD_KERNEL;
}

const char *holder_netns_name(const struct holder *h)
{
	static const char *const homes[] = { "/run/netns/", "/var/run/netns/" };

	for (size_t i = 0; h->kind == HOLD_MOUNT && h->path && i < 2; i++) {
		size_t len = strlen(homes[i]);
		const char *name = h->path + len;

		if (strncmp(h->path, homes[i], len) == 0 && *name && !strchr(name, '/'))
			return name;
	}
	return NULL;
}

bool holder_is_open_file(const struct holder *h)
{
	return h->kind == HOLD_FD && (h->reason == REASON_PLAIN || h->reason == REASON_O_PATH ||
				      h->reason == REASON_UNMOUNTED);
}

bool holder_is_by_file(const struct holder *h)
{
	if (h->kind == HOLD_FD)
		return holder_is_open_file(h) || h->reason == REASON_IO_URING ||
		       h->reason == REASON_TREE;
	if (h->kind == HOLD_MOUNT)
		return h->reason == REASON_PLAIN || h->reason == REASON_TREE;
	return h->kind == HOLD_INFLIGHT && h->reason == REASON_PLAIN;
}

uint64_t ns_holds(const struct ns *ns)
{
	/* The owner of a user namespace is its parent: that is one reference. */
	return (uint64_t)ns->nprocs + ns->nthreads + ns->nchildren + ns->nholders + ns->nowned +
	       (ns->type == NS_USER ? 0 : ns->nsubs);
}

struct fact_num ns_level(const struct ns *ns)
{
	struct fact_num level = { fact_none(), 0 };

	if (ns->type != NS_USER && ns->type != NS_PID)
		return level;
	/* Inode numbers are reused at once: edges read at different times may make a ring. */
	for (; ns->parent && level.num < PROC_LEVELS; ns = ns->parent)
		level.num++;
	if (ns->parent)
		return (struct fact_num){ { FACT_GONE, -ESRCH }, 0 };
	level.fact =
		ns->initial || ns->parent_fact.state == FACT_NONE ? fact_known() : ns->parent_fact;
	return level;
}

bool ns_is_host(const struct graph *g, const struct ns *ns)
{
	return ns && g->host[ns->type] == ns;
}
