/* SPDX-License-Identifier: MIT */
/*
 * Puts together all that keeps one namespace alive: members, threads, what is for children, the
 * mounts and descriptors that were found, and the namespaces that need it. Says why each holds.
 */
#include <errno.h>
#include <stdlib.h>

#include <nsview/error.h>
#include <nsview/grow.h>
#include <nsview/hold.h>

static struct reference *reference_new(struct reference_list *list, enum holder_kind kind)
{
	struct reference *ref;

	list->at = grow(list->at, list->n, &list->cap, sizeof(*list->at));
	ref = &list->at[list->n++];
	*ref = (struct reference){ .kind = kind };
	return ref;
}

void references_release(struct reference_list *list)
{
	free(list->at);
	*list = (struct reference_list){ 0 };
}

static void add_task(struct reference_list *list, enum holder_kind kind, enum ns_link link,
		     const struct process *p, pid_t tid)
{
	struct reference *ref = reference_new(list, kind);

	ref->link = link;
	ref->process = p;
	ref->tid = tid;
}

static void find_members(const struct graph *g, const struct ns *ns, struct reference_list *out)
{
	for (size_t i = 0; ns->nprocs && i < g->nprocesses; i++)
		if (process_in(g->processes[i], ns))
			add_task(out, HOLD_PROC, (enum ns_link)ns->type, g->processes[i], 0);
}

static void find_threads(const struct graph *g, const struct ns *ns, struct reference_list *out)
{
	for (size_t i = 0; ns->nthreads && i < g->nprocesses; i++)
		for (const struct thread *t = g->processes[i]->threads; t; t = t->next)
			if (t->ns[ns->type] == ns && !process_in(t->process, ns))
				add_task(out, HOLD_THREAD, (enum ns_link)ns->type, t->process,
					 t->tid);
}

static bool is_for_children(struct ns *const own[NS_LINKS], const struct ns *ns, enum ns_link link)
{
	return own[link] == ns && own[ns->type] != ns;
}

static void find_children_of(const struct process *p, const struct ns *ns, enum ns_link link,
			     struct reference_list *out)
{
	if (is_for_children(p->set->ns, ns, link))
		add_task(out, HOLD_CHILDREN, link, p, 0);
	for (const struct thread *t = p->threads; t; t = t->next)
		/* What it shares with its process has been told with that one. */
		if (is_for_children(t->ns, ns, link) && p->set->ns[link] != ns)
			add_task(out, HOLD_CHILDREN, link, p, t->tid);
}

static void find_children(const struct graph *g, const struct ns *ns, struct reference_list *out)
{
	for (int link = NS_TYPES; ns->nchildren && link < NS_LINKS; link++)
		for (size_t i = 0; ns_links[link].type == ns->type && i < g->nprocesses; i++)
			find_children_of(g->processes[i], ns, (enum ns_link)link, out);
}

static void add_holder(struct reference_list *list, const struct holder *h)
{
	struct reference *ref = reference_new(list, h->kind);

	ref->holder = h;
	ref->process = h->process;
	ref->tid = h->tid;
}

/* The owner of a user namespace is its parent: it is told as that. */
static void find_needing(const struct graph *g, const struct ns *ns, struct reference_list *out)
{
	for (size_t i = 0; ns->nowned && i < g->nnamespaces; i++)
		if (g->namespaces[i]->owner == ns && g->namespaces[i]->type != NS_USER)
			reference_new(out, HOLD_OWNER)->ns = g->namespaces[i];
	for (size_t i = 0; ns->nsubs && i < g->nnamespaces; i++)
		if (g->namespaces[i]->parent == ns)
			reference_new(out, HOLD_PARENT)->ns = g->namespaces[i];
}

static int compare_kind(const void *a, const void *b)
{
	const struct reference *x = a, *y = b;

	return (x->kind > y->kind) - (x->kind < y->kind);
}

/* Each kind is in order already; insertion keeps that, and there is little to move. */
static void sort_by_kind(struct reference_list *list)
{
	for (size_t i = 1; i < list->n; i++) {
		struct reference ref = list->at[i];
		size_t at = i;

		for (; at > 0 && compare_kind(&list->at[at - 1], &ref) > 0; at--)
			list->at[at] = list->at[at - 1];
		list->at[at] = ref;
	}
}

void references_find(const struct graph *g, const struct ns *ns, struct reference_list *out)
{
	const struct holder *h = ns->holders;

	*out = (struct reference_list){ 0 };
	find_members(g, ns, out);
	find_threads(g, ns, out);
	find_children(g, ns, out);
	for (; h && h->kind < HOLD_OWNER; h = h->next)
		add_holder(out, h);
	find_needing(g, ns, out);
	for (; h; h = h->next)
		add_holder(out, h);
	sort_by_kind(out);
}

static const char *task_reason(const struct reference *ref)
{
	if (ref->kind == HOLD_CHILDREN)
		return ref->link == LINK_TIME_FOR_CHILDREN ? "time_for_children"
							   : "pid_for_children";
	if (ref->kind == HOLD_THREAD)
		return ref->process->zombie ? "its leader has exited" : "its leader is elsewhere";
	return ref->process->zombie ? "has exited, and nobody has taken its status" : "";
}

static const char *const reason_words[HOLDER_REASONS] = {
	[REASON_O_PATH] = "opened with O_PATH",
	[REASON_UNMOUNTED] = "its mount was removed",
	[REASON_IO_URING] = "registered with the io_uring there",
	[REASON_TUN] = "a tun device",
	[REASON_PROCFS] = "a procfs that shows it",
	[REASON_QUEUED_SOCKET] = "a socket of it is in that queue",
	[REASON_CRED] = "a file that was opened with credentials of it",
	[REASON_ID_MAP] = "its id map, open in /proc",
	[REASON_MOUNTINFO] = "its list of mounts, open in /proc",
	[REASON_PROC_NET] = "a file of its /proc/PID/net",
	[REASON_PROC_PID] = "a file of /proc/PID of a process of it",
	[REASON_PIDFD] = "a pidfd of a process of it",
	[REASON_CGROUP] = "a control group's file that was opened in it",
	[REASON_PERF] = "a perf event that was made in it",
	[REASON_FS_CONTEXT] = "a file system being made in it, by fsopen(2)",
	[REASON_TREE] = "mounted in the detached tree there",
	[REASON_SUPER] = "a file system that belongs to it",
	[REASON_PEER_CRED] = "a socket whose peer has credentials of it",
	[REASON_PEER_PID] = "a socket whose peer is a process of it",
	[REASON_ORPHAN] = "a TCP connection that no process has open any more",
};

/* Of a mount whose place nobody sees. */
static const char *unseen_mount(enum holder_reason reason)
{
	if (reason == REASON_TREE)
		return "in a detached tree of mounts";
	return reason == REASON_PROCFS ? "a procfs that shows it, mounted nowhere that can be seen"
				       : "a file system that belongs to it, mounted nowhere that "
					 "can be seen";
}

const char *reference_reason(const struct reference *ref)
{
	const struct holder *h = ref->holder;

	if (ref->kind <= HOLD_CHILDREN)
		return task_reason(ref);
	if (h && h->kind == HOLD_MOUNT && !h->path)
		return unseen_mount(h->reason);
	if (h && reason_words[h->reason])
		return reason_words[h->reason];
	switch (ref->kind) {
	case HOLD_SOCKET:
		return "a socket of it";
	case HOLD_MEMORY:
		return "shared memory of it, attached";
	case HOLD_INFLIGHT:
		return "in that socket's queue";
	default:
		return "";
	}
}

static int compare_share(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* How many references the holders have that say which they share. */
static uint64_t count_shares(const struct reference_list *list)
{
	uint64_t *shares = malloc((list->n + 1) * sizeof(*shares)), found = 0;
	size_t n = 0;

	if (!shares)
		die("out of memory");
	for (size_t i = 0; i < list->n; i++)
		if (list->at[i].holder && list->at[i].holder->share)
			shares[n++] = list->at[i].holder->share;
	if (n)
		qsort(shares, n, sizeof(*shares), compare_share);
	for (size_t i = 0; i < n; i++)
		found += i == 0 || shares[i] != shares[i - 1];
	free(shares);
	return found;
}

bool references_unaccounted(const struct ns *ns, const struct reference_list *list, uint64_t *out)
{
	uint64_t named = 0;
	bool by_file = false;

	if (!fact_is_known(ns->refs.fact) || ns->initial)
		return false;
	for (size_t i = 0; i < list->n; i++) {
		if (list->at[i].kind <= HOLD_CHILDREN)
			return false;
		if (list->at[i].holder && holder_is_by_file(list->at[i].holder))
			by_file = true;
		else
			named += !list->at[i].holder || !list->at[i].holder->share;
	}
	named += by_file + count_shares(list);
	/* What is charged to the users in a user namespace holds it too, and is no leak. */
	if (ns->type == NS_USER && named)
		return false;
	*out = ns->refs.num > named ? ns->refs.num - named : 0;
	return true;
}
