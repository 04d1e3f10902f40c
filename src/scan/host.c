/* SPDX-License-Identifier: MIT */
/*
 * The scan of a host: every process and thread, then the owners and parents that those lead to,
 * then who else holds a namespace. Orders the steps and puts what they find into the graph.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>
#include <nsview/grow.h>
#include <nsview/load_cap.h>
#include <nsview/procfile.h>

#include "holders.h"
#include "host.h"
#include "kernel_source.h"
#include "listns.h"

enum {
	NSEC_PER_SEC = 1000000000,
	STAT_MAX = 1 << 20, /* /proc/stat has a number for each interrupt */
};

static void pid_list_add(struct pid_list *list, pid_t pid)
{
	list->pids = list_room(list->pids, list->n, sizeof(*list->pids));
	list->pids[list->n++] = pid;
}

static int compare_pid(const void *a, const void *b)
{
	pid_t x = *(const pid_t *)a, y = *(const pid_t *)b;

	return x < y ? -1 : x > y;
}

/* A directory that is not a procfs may change under us, and show one twice. */
int host_list_pids(const struct scan *s, struct pid_list *out)
{
	autoclose int fd = openat(s->procfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	autodir DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;
	size_t kept = 0;

	if (!dir)
		return -errno;
	steal_fd(&fd);
	while ((e = readdir(dir))) {
		pid_t pid = proc_entry_pid(e->d_name);

		if (pid > 0)
			pid_list_add(out, pid);
	}
	if (out->n)
		qsort(out->pids, out->n, sizeof(*out->pids), compare_pid);
	for (size_t i = 0; i < out->n; i++)
		if (!kept || out->pids[i] != out->pids[kept - 1])
			out->pids[kept++] = out->pids[i];
	out->n = kept;
	return 0;
}

struct process_job {
	const struct scan *scan;
	struct raw_process *raw;
	struct asked *asked;
};

static void read_processes(void *ctx, size_t begin, size_t end, struct arena *arena)
{
	const struct process_job *job = ctx;

	for (size_t i = begin; i < end; i++)
		read_process(job->scan, &job->raw[i], job->asked, arena);
}

void host_add_process(struct graph *g, const struct raw_process *raw)
{
	struct process *p;

	if (raw->error == -ESRCH) {
		g->completeness.vanished++;
		return;
	}
	p = graph_add_process(g, raw->pid, raw->ino);
	p->error = raw->error;
	p->zombie = raw->zombie;
	p->ppid = raw->ppid;
	g->completeness.unreadable += raw->error != 0;
	g->completeness.unread_threads += raw->unread_threads;
	for (const struct raw_thread *t = raw->threads; t; t = t->next)
		graph_add_thread(g, p, t->tid, t->ino);
	for (const struct raw_edge *e = raw->edges; e; e = e->next)
		ancestors_apply(g, graph_add(g, e->type, e->ino), &e->ancestors);
}

static int scan_all_processes(struct scan *s, struct graph *g, unsigned threads)
{
	/*
	 * Most namespaces are owned by our own user namespace. While its file is open the kernel
	 * need not make it anew for each that is asked for its owner.
	 */
	autoclose int owner = open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC);
	struct pid_list list = { 0 };
	struct arena scratch = ARENA_INIT;
	struct process_job job = { .scan = s };
	int ret = host_list_pids(s, &list);

	(void)owner; /* only to be open */
	if (ret < 0)
		return ret;
	job.raw = calloc(list.n ? list.n : 1, sizeof(*job.raw));
	job.asked = calloc(1, sizeof(*job.asked));
	if (!job.raw || !job.asked)
		die("out of memory");
	for (size_t i = 0; i < list.n; i++)
		job.raw[i].pid = list.pids[i];
	free(list.pids);
	scan_parallel(threads, list.n, read_processes, &job, &scratch);
	g->completeness.processes = (uint32_t)list.n;
	for (size_t i = 0; i < list.n; i++)
		host_add_process(g, &job.raw[i]);
	free(job.asked);
	free(job.raw);
	arena_release(&scratch);
	g->completeness.searched |= 1 << SOURCE_PROCESSES | 1 << SOURCE_THREADS;
	return 0;
}

/*
 * Before 6.18 the initial mount and network namespaces have no fixed number. kthreadd, the parent
 * of all kernel threads, lives in them; it is PID 2 where the pid namespace is the initial one.
 */
static void find_initial(const struct scan *s, struct graph *g)
{
	static const enum ns_type moving[] = { NS_MNT, NS_NET };
	const struct process *kthreadd = graph_process(g, 2);
	autobuffer comm = BUFFER_INIT;

	if (!kthreadd || !kthreadd->set->ns[NS_PID] ||
	    !ns_is_initial(NS_PID, kthreadd->set->ns[NS_PID]->ino))
		return;
	if (proc_read(s->procfd, "2/comm", 64, &comm) < 0 ||
	    strcmp(buffer_str(&comm), "kthreadd\n") != 0)
		return;
	for (size_t i = 0; i < sizeof(moving) / sizeof(*moving); i++) {
		struct ns *ns = kthreadd->set->ns[moving[i]];

		if (ns && !g->host[moving[i]])
			ns->initial = true;
	}
}

/* Our own namespaces, whether or not the procfs shows us. */
static void find_self(const struct scan *s, struct graph *g)
{
	if (!s->procfs)
		return;
	for (int type = 0; type < NS_TYPES; type++) {
		char path[32];
		uint64_t ino;

		snprintf(path, sizeof(path), "/proc/self/ns/%s", ns_types[type].name);
		if (proc_ns_link(AT_FDCWD, path, &ino) == 0)
			g->self[type] = graph_add(g, (enum ns_type)type, ino);
	}
}

bool have_capability(cap_value_t which)
{
	cap_t caps = cap_get_proc();
	cap_flag_value_t has = CAP_CLEAR;

	if (caps && cap_get_flag(caps, which, CAP_EFFECTIVE, &has) < 0)
		has = CAP_CLEAR;
	cap_free(caps);
	return has == CAP_SET;
}

static bool has_option(struct span options, const char *word)
{
	return memmem(options.data, options.len, word, strlen(word)) != NULL;
}

/* The capability counts only over the user namespaces that we are root of. */
static bool may_look_at_all(const struct graph *g)
{
	const struct ns *user = g->self[NS_USER], *pid = g->self[NS_PID];

	return g->completeness.have_ptrace && user &&
	       (user->initial || (pid && pid->owner == user));
}

/*
 * proc(5), hidepid: who may look at a process sees it, and so does the host's group 0 unless the
 * option is ptraceable.
 */
static bool hides_from_us(const struct graph *g, struct span options)
{
	const struct ns *user = g->self[NS_USER];

	if (!has_option(options, "hidepid=") || has_option(options, "hidepid=off"))
		return false;
	return !user || !user->initial || geteuid() != 0 ||
	       has_option(options, "hidepid=ptraceable");
}

/* The mount is known by its device: its path has many spellings, and may be covered. */
static bool hides_processes(const struct scan *s, const struct graph *g)
{
	autobuffer text = BUFFER_INIT;
	struct span rest;
	struct mount_line m;
	struct stat st;

	if (!s->procfs || may_look_at_all(g) || fstat(s->procfd, &st) < 0 ||
	    proc_read(AT_FDCWD, "/proc/self/mountinfo", PROC_MOUNTINFO_MAX, &text) < 0)
		return false;
	rest = (struct span){ text.data, text.len };
	while (proc_mount_next(&rest, &m))
		if (makedev(m.major, m.minor) == st.st_dev)
			return hides_from_us(g, m.super_options);
	return false;
}

static void judge_view(const struct scan *s, struct graph *g)
{
	struct completeness *c = &g->completeness;

	c->foreign_pidns = s->procfs && !s->own;
	c->have_ptrace = have_capability(CAP_SYS_PTRACE);
	c->hidepid = hides_processes(s, g);
	for (int type = 0; type < NS_TYPES; type++)
		if ((type == NS_USER || type == NS_PID) && g->self[type])
			c->nested |= !g->self[type]->initial;
}

static void read_line(const struct scan *s, struct graph *g, const char *path,
		      struct fact_text *out)
{
	autobuffer text = BUFFER_INIT;
	int ret = proc_read(s->procfd, path, 4096, &text);

	*out = (struct fact_text){ .fact = ret < 0 ? fact_from_error(ret) : fact_known() };
	if (ret < 0)
		return;
	out->len = (uint32_t)strcspn(buffer_str(&text), "\n");
	out->data = arena_copy(&g->arena, buffer_str(&text), out->len);
}

/*
 * Rounded to a tick: the two clocks are not read at the same moment, and the dates of two runs
 * must be the same.
 */
static void time_own_boot(struct graph *g)
{
	int64_t hz = sysconf(_SC_CLK_TCK);
	struct timespec wall, up;
	int64_t sec, nsec;

	clock_gettime(CLOCK_REALTIME, &wall);
	clock_gettime(CLOCK_BOOTTIME, &up);
	sec = wall.tv_sec - up.tv_sec;
	nsec = wall.tv_nsec - up.tv_nsec;
	if (nsec < 0) {
		sec--;
		nsec += NSEC_PER_SEC;
	}
	g->boot.fact = fact_known();
	g->boot.num = (uint64_t)(sec * hz + (nsec * hz + NSEC_PER_SEC / 2) / NSEC_PER_SEC);
}

/* A copy of /proc is of a machine that started at another time than this one. */
static void read_boot(const struct scan *s, struct graph *g)
{
	autobuffer text = BUFFER_INIT;
	uint64_t sec = 0;
	int ret = proc_read(s->procfd, "stat", STAT_MAX, &text);

	if (ret >= 0)
		ret = proc_boot_time_parse(text.data, text.len, &sec);
	g->boot.fact = ret < 0 ? fact_from_error(-EOPNOTSUPP) : fact_known();
	g->boot.num = sec * (uint64_t)sysconf(_SC_CLK_TCK);
}

/* From the proc root, so that a copy of another host's is not given our name. */
static void name_host(const struct scan *s, struct graph *g)
{
	read_line(s, g, "sys/kernel/hostname", &g->hostname);
	read_line(s, g, "sys/kernel/osrelease", &g->kernel);
	g->time = time(NULL);
	if (s->procfs)
		time_own_boot(g);
	else
		read_boot(s, g);
}

/* 0, or why the kernel source was not used, with words. */
static int read_kernel(struct scan *s, struct graph *g, unsigned needs)
{
	struct completeness *c = &g->completeness;
	struct error why = { 0 };
	int ret = -EOPNOTSUPP;

	if (kernel_source_wanted(s, needs, &why))
		ret = kernel_source_processes(s, g, needs, &why);
	c->by_kernel = ret == 0;
	if (ret < 0)
		c->source_why = arena_copy(&g->arena, why.text, strlen(why.text));
	return ret;
}

static int read_all_processes(struct scan *s, struct graph *g, unsigned needs, unsigned threads,
			      struct error *err)
{
	int ret = read_kernel(s, g, needs);

	if (ret == 0)
		return 0;
	if (s->choice == SCAN_KERNEL)
		return error_set(err, ret, "--source=kernel: %s", g->completeness.source_why);
	ret = scan_all_processes(s, g, threads);
	return ret < 0 ? error_set(err, ret, "cannot list %s: %s", s->path, strerror(-ret)) : 0;
}

int scan_host(struct scan *s, unsigned needs, unsigned threads, struct graph **out,
	      struct error *err)
{
	struct graph *g = graph_new();
	int ret;

	if (!threads)
		threads = s->threads;
	ret = read_all_processes(s, g, needs, threads, err);
	if (ret < 0) {
		graph_free(g);
		return ret;
	}
	find_self(s, g);
	graph_seal(g);
	find_initial(s, g);
	kernel_source_namespaces(s, g);
	find_holders(s, g, needs, threads);
	if ((needs & NEED_HOLDERS) && s->own && !g->completeness.by_kernel)
		find_listed(g);
	find_ancestors(s, g, threads);
	kernel_source_count(s, g);
	graph_seal(g);
	judge_view(s, g);
	name_host(s, g);
	*out = g;
	return 0;
}
