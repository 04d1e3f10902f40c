/* SPDX-License-Identifier: MIT */
/*
 * What only a look from inside tells. A short-lived thread joins one namespace after the other
 * (uts, ipc, cgroup and network namespaces may be joined by a thread); the main thread stays where
 * it is. Hostnames come from uname(2), counts of IPC objects from *ctl(2), the cgroup root from
 * how differently one cgroup file reads inside and outside (cgroup_namespaces(7)).
 */
#include <errno.h>
#include <limits.h>
#include <fcntl.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>
#include <nsview/procfile.h>

#include "facts.h"

struct tour {
	struct look *look;
	const struct ns_reader *reader;
	struct visit *visits;
	size_t n;
};

static int visit_inside(const struct tour *t, struct visit *v)
{
	autoclose int fd = scan_ns_open(t->look->s, v->ns);
	int ret;

	if (fd < 0)
		return fd;
	ret = kern_setns(fd, ns_types[v->ns->type].clone_flag);
	return ret < 0 ? ret : t->reader->inside(t->look, v);
}

/* A namespace that cannot be joined leaves the thread in the one before; the next is tried. */
static void *tour_main(void *arg)
{
	const struct tour *t = arg;

	for (size_t i = 0; i < t->n; i++) {
		int ret = visit_inside(t, &t->visits[i]);

		if (ret < 0)
			facts_fail(t->visits[i].ns->facts, t->reader->facts, ret);
	}
	return NULL;
}

void inside_read(struct look *l, const struct ns_reader *reader, struct visit *visits, size_t n)
{
	struct tour tour = { l, reader, visits, n };
	pthread_t thread;
	int error = pthread_create(&thread, NULL, tour_main, &tour);

	if (error == 0)
		error = pthread_join(thread, NULL);
	for (size_t i = 0; error && i < n; i++)
		facts_fail(visits[i].ns->facts, reader->facts, -error);
}

static struct fact_text uts_text(struct arena *arena, const char *text)
{
	/* The kernel's word for a domain name that was never set. */
	if (strcmp(text, "(none)") == 0)
		text = "";
	return fact_text_copy(arena, (struct span){ text, strlen(text) });
}

int uts_inside(struct look *l, struct visit *v)
{
	struct utsname uts;

	if (uname(&uts) < 0)
		return -errno;
	v->ns->facts->hostname = uts_text(&l->g->arena, uts.nodename);
	v->ns->facts->domainname = uts_text(&l->g->arena, uts.domainname);
	return 0;
}

/* The two kinds of objects stand alone: a kernel may lack either. */
int ipc_inside(struct look *l, struct visit *v)
{
	struct ns_facts *f = v->ns->facts;
	uint64_t shm, sem, msg, mqueue;
	int ret = kern_mqueue_count(&mqueue);

	(void)l;
	if (ret == 0)
		f->mqueue = fact_num_known(mqueue);
	else
		f->mqueue.fact = fact_from_error(ret);
	ret = kern_ipc_counts(&shm, &sem, &msg);
	if (ret < 0)
		return ret;
	f->shm = fact_num_known(shm);
	f->sem = fact_num_known(sem);
	f->msg = fact_num_known(msg);
	return 0;
}

int cookie_inside(struct look *l, struct visit *v)
{
	uint64_t cookie;
	int ret = kern_netns_cookie(&cookie);

	(void)l;
	if (ret == 0)
		v->ns->facts->cookie = fact_num_known(cookie);
	return ret;
}

/* Not /proc/net, which is the main thread's. */
int nlinks_inside(struct look *l, struct visit *v)
{
	int ret = nlinks_read(l, v->ns, l->s->procfd, "thread-self/net/dev");

	return ret == -ENOENT ? -EOPNOTSUPP : ret;
}

/* As identity_cgroup_path: v2 unless that is at its top, else systemd's own, else the longest. */
static int cgroup_rank(const struct cgroup_line *c)
{
	static const char name[] = "name=systemd";

	if (c->path.len > 1 && c->hierarchy == 0)
		return INT_MAX;
	if (c->path.len > 1 && c->controllers.len == sizeof(name) - 1 &&
	    memcmp(c->controllers.data, name, sizeof(name) - 1) == 0)
		return INT_MAX - 1;
	return (int)c->path.len;
}

/* The line of a cgroup file that is the same hierarchy as want, or the best if want is NULL. */
static int cgroup_line_find(struct span text, const struct cgroup_line *want,
			    struct cgroup_line *out)
{
	struct span line;
	struct cgroup_line c;
	int best = -1;

	while (proc_line_next(&text, &line)) {
		if (proc_cgroup_line_parse(line, &c) < 0)
			continue;
		if (want ? c.hierarchy == want->hierarchy : cgroup_rank(&c) > best) {
			best = cgroup_rank(&c);
			*out = c;
		}
	}
	return best < 0 ? -EOPNOTSUPP : 0;
}

/*
 * Outside minus inside: /a/b/c here and /c there make /a/b. A task that has left the root reads as
 * /.. inside, and tells nothing.
 */
static int cgroup_root(struct span outside, struct span inside, struct span *out)
{
	size_t tail = inside.len == 1 ? 0 : inside.len;

	if (inside.len >= 3 && memcmp(inside.data, "/..", 3) == 0 &&
	    (inside.len == 3 || inside.data[3] == '/'))
		return -EOPNOTSUPP;
	/* Moved between the two readings. */
	if (tail > outside.len || memcmp(outside.data + outside.len - tail, inside.data, tail) != 0)
		return -EAGAIN;
	*out = (struct span){ outside.data, outside.len - tail };
	if (out->len == 0)
		*out = (struct span){ "/", 1 };
	return 0;
}

static const char *cgroup_dir(struct look *l, const struct ns *ns)
{
	const struct process *p = ns->lead ? ns->lead : ns->via;
	autobuffer dir = BUFFER_INIT;

	/* Without a member our own file has to do: it tells the root if that is above us. */
	if (!p)
		buffer_text(&dir, "self");
	else if (ns->lead)
		buffer_printf(&dir, "%d", p->pid);
	else
		buffer_printf(&dir, "%d/task/%d", p->pid, ns->via_tid);
	return arena_copy(&l->g->arena, buffer_str(&dir), dir.len);
}

static int cgroup_file(struct look *l, const struct visit *v)
{
	autoclose int fd = openat(l->s->procfd, v->dir, O_PATH | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : fact_read(fd, "cgroup", FACT_FILE_MAX, false, &l->buf);
}

int cgroup_outside(struct look *l, struct visit *v)
{
	int ret;

	if (v->ns->initial || (l->s->procfs && v->ns == l->g->self[NS_CGROUP])) {
		v->ns->facts->cgroup_root = fact_text_copy(&l->g->arena, (struct span){ "/", 1 });
		return 0;
	}
	if (!l->s->procfs)
		return -EOPNOTSUPP;
	v->dir = cgroup_dir(l, v->ns);
	ret = cgroup_file(l, v);
	v->seen = arena_copy(&l->g->arena, buffer_str(&l->buf), l->buf.len);
	return ret < 0 ? ret : VISIT_INSIDE;
}

int cgroup_inside(struct look *l, struct visit *v)
{
	struct cgroup_line outside, inside;
	struct span root;
	int ret = cgroup_line_find((struct span){ v->seen, strlen(v->seen) }, NULL, &outside);

	if (ret == 0)
		ret = cgroup_file(l, v);
	if (ret == 0)
		ret = cgroup_line_find((struct span){ l->buf.data, l->buf.len }, &outside, &inside);
	if (ret == 0)
		ret = cgroup_root(outside.path, inside.path, &root);
	if (ret == 0)
		v->ns->facts->cgroup_root = fact_text_copy(&l->g->arena, root);
	return ret;
}
