/* SPDX-License-Identifier: MIT */
/*
 * Facts of processes, each from one file below the process's own directory: a table says which
 * need is read by what. This runs for every row of `nsview ls`, so each file costs open, one read
 * and close, and none is read that was not asked for. Judges no fact and shows none.
 */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/procfile.h>

#include "facts.h"
#include "identity_cache.h"
#include "kernel_source.h"

enum { CMDLINE_MAX = 128 * 1024, STATUS_MAX = 4 << 20, CGROUP_MAX = 1 << 20 };

/* A process to be read, and which of its facts. */
struct item {
	struct process *process;
	unsigned needs;
};

struct job {
	const struct scan *scan;
	const struct graph *graph;
	struct item *items;
	struct identity_cache *identities;
};

/* One process being read by one worker. */
struct reading {
	const struct job *job;
	const struct process *process;
	struct process_facts *facts;
	int dirfd;
	struct arena *arena;
	struct buffer *buf;
};

static int read_comm(struct reading *r)
{
	int ret;

	if (fact_is_known(r->facts->comm.fact)) /* stat had it */
		return 0;
	ret = fact_read(r->dirfd, "comm", 4096, true, r->buf);

	if (ret == 0)
		r->facts->comm = fact_text_copy(r->arena, text_line(r->buf));
	return ret;
}

/* Kernel threads and zombies have none. */
static int read_cmdline(struct reading *r)
{
	int ret = fact_read(r->dirfd, "cmdline", CMDLINE_MAX, true, r->buf);

	if (ret == 0)
		r->facts->cmdline =
			fact_text_copy(r->arena, (struct span){ r->buf->data, r->buf->len });
	return ret;
}

static int parse_status(struct reading *r, struct proc_status *out)
{
	int ret = fact_read(r->dirfd, "status", STATUS_MAX, false, r->buf);

	return ret < 0 ? ret : proc_status_parse(r->buf->data, r->buf->len, out);
}

/* The owner of the directory is the effective uid; in a copy it is whoever made the copy. */
static int read_uid(struct reading *r)
{
	struct proc_status status;
	struct stat st;
	int ret;

	if (r->job->scan->procfs) {
		if (fstat(r->dirfd, &st) < 0)
			return -errno;
		r->facts->uid = fact_num_known(st.st_uid);
		return 0;
	}
	ret = parse_status(r, &status);
	if (ret == 0)
		r->facts->uid = fact_num_known(status.uid[1]);
	return ret;
}

static int read_stat(struct reading *r)
{
	struct process_facts *f = r->facts;
	int ret = fact_read(r->dirfd, "stat", 16384, false, r->buf);
	struct proc_stat stat;

	if (ret == 0)
		ret = proc_stat_parse(r->buf->data, r->buf->len, &stat);
	if (ret < 0)
		return ret;
	f->comm = fact_text_copy(r->arena, stat.comm);
	f->ppid = fact_num_known((uint64_t)stat.ppid);
	f->start = fact_num_known(stat.starttime);
	f->state = fact_num_known((unsigned char)stat.state);
	return 0;
}

static void take_nspid(struct reading *r, const struct proc_status *status)
{
	pid_t *chain;

	if (!status->nspid_count)
		return;
	chain = arena_alloc(r->arena, status->nspid_count * sizeof(*chain));
	for (unsigned i = 0; i < status->nspid_count; i++)
		chain[i] = status->nspid[i];
	r->facts->nspid = chain;
	r->facts->nspid_count = status->nspid_count;
	r->facts->nspid_fact = fact_known();
}

/* What an older kernel does not have in status stays unread here and fails as unsupported. */
static int read_status(struct reading *r)
{
	struct process_facts *f = r->facts;
	struct proc_status status;
	int ret = parse_status(r, &status);

	if (ret < 0)
		return ret;
	f->gid = fact_num_known(status.gid[1]);
	take_nspid(r, &status);
	if (status.has_caps) {
		f->cap_eff = fact_num_known(status.cap_eff);
		f->cap_prm = fact_num_known(status.cap_prm);
		f->cap_bnd = fact_num_known(status.cap_bnd);
	}
	if (status.no_new_privs >= 0)
		f->no_new_privs = fact_num_known((uint64_t)status.no_new_privs);
	if (status.seccomp >= 0)
		f->seccomp = fact_num_known((uint64_t)status.seccomp);
	return -EOPNOTSUPP;
}

/*
 * Whatever is apart from the host, and from us, has a mount namespace of its own: without one
 * there is no need for other evidence, which costs many times what all else about a process does.
 */
static bool is_apart(const struct graph *g, const struct process *p)
{
	const struct ns *mnt = p->set->ns[NS_MNT];

	return mnt && mnt != g->self[NS_MNT] && !ns_is_host(g, mnt);
}

/* 0 where nothing above it can be seen. */
static pid_t parent_of(struct reading *r)
{
	const struct process_facts *f = r->facts;

	if (!fact_is_known(f->ppid.fact) && r->process->ppid >= 0)
		return r->process->ppid;
	if (!fact_is_known(f->ppid.fact))
		read_stat(r);
	return fact_is_known(f->ppid.fact) ? (pid_t)f->ppid.num : 0;
}

/* A sandbox that was started in a unit or a session is what the process is in first of all. */
static void prefer_supervisor(struct reading *r)
{
	const struct identity *found = identity_cache_by_process(r->job->identities, r->arena,
								 r->process->pid, parent_of(r));

	if (found)
		r->facts->identity = found;
}

static int read_identity(struct reading *r)
{
	struct process_facts *f = r->facts;
	const struct cgroup_facts *c;
	int ret = fact_read(r->dirfd, "cgroup", CGROUP_MAX, false, r->buf);

	if (ret < 0)
		return ret;
	c = identity_cache_by_cgroup(r->job->identities, r->arena,
				     (struct span){ r->buf->data, r->buf->len });
	f->cgroup = c->path;
	f->identity = c->identity;
	if (is_apart(r->job->graph, r->process) && (!f->identity || !f->identity->container))
		prefer_supervisor(r);
	/* That went by the number: what it found may be of another process by now. */
	if (f->identity && f->identity != c->identity && faccessat(r->dirfd, "stat", F_OK, 0) < 0) {
		f->identity = NULL;
		return -ESRCH;
	}
	f->identity_fact = f->identity ? fact_known() : fact_none();
	return 0;
}

/* A process that has exited has no root any more, while its directory is still there. */
static int read_root(struct reading *r)
{
	int ret = proc_readlink(r->dirfd, "root", r->buf);

	ret = fact_file_error(r->dirfd, ret);
	if (ret == -EOPNOTSUPP && r->job->scan->procfs)
		r->facts->root.fact = fact_none();
	else if (ret == 0)
		r->facts->root =
			fact_text_copy(r->arena, (struct span){ r->buf->data, r->buf->len });
	return ret;
}

#define OF(member) offsetof(struct process_facts, member)

static const struct {
	unsigned need;
	const fact_offset *facts;
	int (*read)(struct reading *r);
} readers[] = {
	{ NEED_STAT, FACTS(OF(comm), OF(ppid), OF(start), OF(state)), read_stat },
	{ NEED_CMDLINE, FACTS(OF(cmdline)), read_cmdline },
	{ NEED_UID, FACTS(OF(uid)), read_uid },
	{ NEED_STATUS,
	  FACTS(OF(gid), OF(nspid_fact), OF(cap_eff), OF(cap_prm), OF(cap_bnd), OF(no_new_privs),
		OF(seccomp)),
	  read_status },
	{ NEED_IDENTITY, FACTS(OF(cgroup), OF(identity_fact)), read_identity },
	{ NEED_ROOT, FACTS(OF(root)), read_root },
	{ NEED_COMM, FACTS(OF(comm)), read_comm }, /* last: the others tell whether it is needed */
};

/*
 * Whether a name would show comm: beside a container or unit, for the host, and where there is no
 * command line. For the thousands of other rows that one may have, it need not be read.
 */
static bool shows_comm(const struct reading *r)
{
	return r->facts->identity || !fact_is_known(r->facts->cmdline.fact) ||
	       !is_apart(r->job->graph, r->process);
}

static void read_process_facts(struct reading *r, unsigned needs)
{
	for (size_t i = 0; i < sizeof(readers) / sizeof(*readers); i++) {
		int ret;

		if (readers[i].need == NEED_COMM && (needs & (NEED_CMDLINE | NEED_IDENTITY)) &&
		    shows_comm(r))
			needs |= NEED_COMM;
		if (!(needs & readers[i].need))
			continue;
		ret = r->dirfd < 0 ? r->dirfd : readers[i].read(r);
		if (ret < 0)
			facts_fail(r->facts, readers[i].facts,
				   r->dirfd < 0 ? ret : fact_file_error(r->dirfd, ret));
	}
}

static void read_items(void *ctx, size_t begin, size_t end, struct arena *arena)
{
	const struct job *job = ctx;
	autobuffer buf = BUFFER_INIT;

	for (size_t i = begin; i < end; i++) {
		struct process *p = job->items[i].process;
		unsigned needs = job->items[i].needs;
		autoclose int dirfd = -1;
		struct reading r = { job, p, p->facts, -1, arena, &buf };

		if (!r.facts)
			r.facts = p->facts = arena_alloc(arena, sizeof(*p->facts));
		needs &= ~kernel_source_process_facts(job->scan, job->graph, p, r.facts, needs,
						      arena);
		if (!needs)
			continue;
		r.dirfd = dirfd = scan_process_open(job->scan, p);
		read_process_facts(&r, needs);
	}
}

void scan_processes(struct scan *s, struct graph *g, struct process *const *list, size_t n,
		    unsigned needs)
{
	struct job job = { .scan = s, .graph = g };
	size_t todo = 0;

	needs &= NEEDS_OF_PROCESS;
	job.items = calloc(n ? n : 1, sizeof(*job.items));
	if (!job.items)
		die("out of memory");
	/* Noted before anything is read, so that no process of the list is given to two workers. */
	for (size_t i = 0; i < n; i++) {
		unsigned missing = needs & ~list[i]->needs;

		if (!missing)
			continue;
		list[i]->needs |= missing;
		job.items[todo++] = (struct item){ list[i], missing };
	}
	if (needs & NEED_IDENTITY)
		job.identities = identity_cache_new(s, todo);
	scan_parallel(s->threads, todo, read_items, &job, &g->arena);
	if (identity_cache_names_unread(job.identities))
		g->completeness.unread_names = true;
	identity_cache_free(job.identities);
	free(job.items);
}
