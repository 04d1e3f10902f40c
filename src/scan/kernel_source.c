/* SPDX-License-Identifier: MIT */
/*
 * Makes a graph of one read of the kernel's tasks and namespaces. There are no unreadable
 * processes and nothing vanishes while it is read; what a read of some milliseconds can still
 * have is a number that stood for two namespaces, or a task that changed under the reader's eyes.
 * Such processes get a second look, through /proc. Knows nothing of how the read is made.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>
#include <nsview/procfile.h>

#include "kernel_internal.h"

#ifndef CAP_PERFMON
#define CAP_PERFMON 38 /* 5.8 */
#define CAP_BPF	    39
#endif

_Static_assert((int)RECORD_TYPES == (int)NS_TYPES && (int)RECORD_LINKS == (int)NS_LINKS &&
		       (int)RECORD_USER == (int)NS_USER &&
		       (int)RECORD_TIME_CHILDREN == (int)LINK_TIME_FOR_CHILDREN,
	       "records number types and links as everything else does");

/* All tasks of the kernel, in every pid namespace: the number after the slash. */
static size_t count_tasks(const struct scan *s)
{
	autobuffer text = BUFFER_INIT;
	const char *slash;

	if (proc_read(s->procfd, "loadavg", 256, &text) < 0)
		return 0;
	slash = strchr(buffer_str(&text), '/');
	return slash ? (size_t)strtoul(slash + 1, NULL, 10) : 0;
}

static bool may_load(void)
{
	return have_capability(CAP_SYS_ADMIN) ||
	       (have_capability((cap_value_t)CAP_BPF) && have_capability((cap_value_t)CAP_PERFMON));
}

/* bpf(2) looks at the capabilities in the initial user namespace only. */
static bool in_initial_user_ns(void)
{
	uint64_t ino;

	return proc_ns_link(AT_FDCWD, "/proc/self/ns/user", &ino) == 0 &&
	       ns_is_initial(NS_USER, ino);
}

bool kernel_source_wanted(const struct scan *s, unsigned needs, struct error *why)
{
	if (s->choice == SCAN_PROC)
		error_set(why, -EINVAL, "not asked for");
	else if (kernel_bpf_missing())
		error_set(why, -EOPNOTSUPP, "%s", kernel_bpf_missing());
	else if (!s->own)
		error_set(why, -EOPNOTSUPP, "%s is not the procfs of our own pid namespace",
			  s->path);
	else if (!in_initial_user_ns())
		error_set(why, -EPERM, "we are not in the initial user namespace");
	else if (!may_load())
		error_set(why, -EPERM, "needs CAP_BPF and CAP_PERFMON");
	else if (s->choice == SCAN_AUTO && !(needs & NEED_HOLDERS) &&
		 count_tasks(s) < KERNEL_BREAK_EVEN)
		error_set(why, 0, "for so few processes /proc is as fast");
	else
		return true;
	return false;
}

void kernel_source_free(struct kernel_source *k)
{
	if (!k)
		return;
	kernel_table_release(&k->table);
	kernel_supers_release(&k->supers);
	kernel_trees_release(&k->trees);
	free(k->missed.pids);
	kernel_bpf_release_holders(&k->holders);
	kernel_bpf_release_memory(&k->memory);
	kernel_bpf_release(&k->read);
	free(k);
}

/* The lists first: they were read last, and are of what there is. */
static void note_namespaces(struct kernel_source *k)
{
	for (size_t i = 0; i < k->read.nnamespaces; i++) {
		const struct ns_record *r = &k->read.namespaces[i];

		if (r->type < NS_TYPES && r->ino)
			kernel_table_note(&k->table, (enum ns_type)r->type, r->ino, r->id, r);
	}
}

/* false: one of its inode numbers is known as another namespace's. */
static bool note_links(struct kernel_table *t, const struct task_record *r)
{
	bool same = !(r->flags & TASK_AMISS);

	for (int link = 0; link < NS_LINKS; link++)
		if (r->link[link].ino)
			same &= kernel_table_note(t, ns_links[link].type, r->link[link].ino,
						  r->link[link].id, NULL);
	return same;
}

/* The links of one that has exited are but user and pid. */
static void take_links(const struct task_record *r, uint64_t ino[NS_LINKS])
{
	for (int link = 0; link < NS_LINKS; link++) {
		bool kept = !(r->flags & TASK_EXITED) || link == NS_USER || link == NS_PID;

		ino[link] = kept ? r->link[link].ino : 0;
	}
}

/* Leaders by rising pid, with what the threads need of them. */
struct leader {
	pid_t pid;
	bool second_look;
	struct process *process;
};

struct leaders {
	struct leader *at;
	size_t n;
	const struct task_record *last; /* whose links were found to be known */
};

static struct leader *leader_find(const struct leaders *l, pid_t pid)
{
	size_t low = 0, high = l->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (l->at[mid].pid < pid)
			low = mid + 1;
		else
			high = mid;
	}
	return low < l->n && l->at[low].pid == pid ? &l->at[low] : NULL;
}

/* Neighbours mostly have the same links: those need not be looked up again. */
static bool links_are_known(struct kernel_source *k, struct leaders *l, const struct task_record *r)
{
	unsigned both = TASK_EXITED | TASK_AMISS;

	if (l->last && !((l->last->flags ^ r->flags) & both) &&
	    memcmp(l->last->link, r->link, sizeof(r->link)) == 0)
		return true;
	if (!note_links(&k->table, r))
		return false;
	l->last = r;
	return true;
}

static void find_leaders(struct kernel_source *k, struct leaders *l)
{
	l->at = calloc(k->read.ntasks + 1, sizeof(*l->at));
	if (!l->at)
		die("out of memory");
	for (size_t i = 0; i < k->read.ntasks; i++) {
		const struct task_record *r = &k->read.tasks[i];
		struct leader *next = &l->at[l->n];

		/* They come by rising number; anything else is not to be searched among. */
		if (!(r->flags & TASK_LEADER) || (l->n && next[-1].pid >= (pid_t)r->pid))
			continue;
		*next = (struct leader){ .pid = (pid_t)r->pid,
					 .second_look = !links_are_known(k, l, r) };
		l->n++;
	}
}

/* A thread with something amiss sends its whole process to the second look. */
static void judge_threads(struct kernel_source *k, struct leaders *l)
{
	for (size_t i = 0; i < k->read.ntasks; i++) {
		const struct task_record *r = &k->read.tasks[i];
		struct leader *leader =
			r->flags & TASK_LEADER ? NULL : leader_find(l, (pid_t)r->pid);

		if (leader && !links_are_known(k, l, r))
			leader->second_look = true;
	}
}

static void add_leaders(struct kernel_source *k, struct graph *g, struct leaders *l)
{
	struct leader *leader = l->at, *end = l->at + l->n;

	for (size_t i = 0; i < k->read.ntasks && leader < end; i++) {
		const struct task_record *r = &k->read.tasks[i];
		uint64_t ino[NS_LINKS];

		if (!(r->flags & TASK_LEADER) || (pid_t)r->pid != leader->pid)
			continue;
		if (!leader->second_look) {
			take_links(r, ino);
			leader->process = graph_add_process(g, leader->pid, ino);
			leader->process->zombie = r->flags & TASK_EXITED;
		}
		leader++;
	}
}

static bool same_links(const struct process *p, const uint64_t ino[NS_LINKS])
{
	for (int link = 0; link < NS_LINKS; link++)
		if ((p->set->ns[link] ? p->set->ns[link]->ino : 0) != ino[link])
			return false;
	return true;
}

static void add_threads(struct kernel_source *k, struct graph *g, struct leaders *l)
{
	for (size_t i = 0; i < k->read.ntasks; i++) {
		const struct task_record *r = &k->read.tasks[i];
		struct leader *leader;
		uint64_t ino[NS_LINKS];

		if (r->flags & (TASK_LEADER | TASK_EXITED))
			continue;
		leader = leader_find(l, (pid_t)r->pid);
		if (!leader || !leader->process)
			continue;
		take_links(r, ino);
		if (!same_links(leader->process, ino))
			graph_add_thread(g, leader->process, (pid_t)r->tid, ino);
	}
}

/* Processes to be read from /proc after all. */
struct second_look {
	const struct scan *scan;
	struct graph *graph;
	struct asked *asked;
	struct arena arena;
};

static void look_at(struct second_look *look, pid_t pid)
{
	struct raw_process raw = { .pid = pid };

	if (!look->asked)
		look->asked = calloc(1, sizeof(*look->asked));
	if (!look->asked)
		die("out of memory");
	read_process(look->scan, &raw, look->asked, &look->arena);
	host_add_process(look->graph, &raw);
}

/* In a pid namespace of our own there is no telling. */
static bool misses_some(const struct kernel_source *k, const struct leaders *l,
			const struct scan *s)
{
	const struct kernel_counters *c = &k->read.counters;

	return c->level == 0 &&
	       (!leader_find(l, 1) || count_tasks(s) > (size_t)c->tasks + c->alike);
}

/*
 * A security policy may keep tasks from us here as well: process 1, which there always is, or as
 * the kernel's count of its tasks shows, any other. /proc then at least says that they exist.
 */
static void look_for_missing(struct kernel_source *k, const struct leaders *l,
			     struct second_look *look)
{
	struct pid_list *list = &k->missed;
	size_t n = 0;

	if (!misses_some(k, l, look->scan) || host_list_pids(look->scan, list) < 0)
		return;
	for (size_t i = 0; i < list->n; i++)
		if (!leader_find(l, list->pids[i])) {
			look_at(look, list->pids[i]);
			list->pids[n++] = list->pids[i];
		}
	list->n = n;
}

/* Returns how many processes there are. */
static size_t look_again(struct scan *s, struct graph *g, struct kernel_source *k,
			 const struct leaders *l)
{
	struct second_look look = { .scan = s, .graph = g, .arena = ARENA_INIT };

	for (size_t i = 0; i < l->n; i++)
		if (l->at[i].second_look)
			look_at(&look, l->at[i].pid);
	look_for_missing(k, l, &look);
	free(look.asked);
	arena_release(&look.arena);
	return l->n + k->missed.n;
}

int kernel_source_processes(struct scan *s, struct graph *g, unsigned needs, struct error *why)
{
	struct kernel_source *k = calloc(1, sizeof(*k));
	size_t tasks = count_tasks(s);
	struct kernel_room room = {
		.tasks = tasks + tasks / 4 + 512,
		.namespaces = tasks / 2 + 2048,
		.facts = needs & NEED_EVERY_PROCESS,
	};
	struct leaders l = { 0 };
	int ret;

	if (!k)
		die("out of memory");
	ret = kernel_bpf_read(&room, &k->read, why);
	if (ret < 0) {
		kernel_source_free(k);
		return ret;
	}
	k->graph = g;
	k->facts = room.facts;
	note_namespaces(k);
	find_leaders(k, &l);
	judge_threads(k, &l);
	add_leaders(k, g, &l);
	add_threads(k, g, &l);
	g->completeness.processes = (uint32_t)look_again(s, g, k, &l);
	g->completeness.searched |= 1 << SOURCE_PROCESSES | 1 << SOURCE_THREADS;
	free(l.at);
	kernel_source_free(s->kernel);
	s->kernel = k;
	return 0;
}
