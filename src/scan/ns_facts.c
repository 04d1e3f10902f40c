/* SPDX-License-Identifier: MIT */
/*
 * Facts of namespaces: a table says which need is read of which type and by what. Here are the
 * table and the readers that ask the namespace's file or a member's /proc files; what only a
 * look from inside tells is ns_inside.c's. The main thread never joins a namespace.
 */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>
#include <nsview/procfile.h>

#include "facts.h"
#include "kernel_source.h"

static int id_outside(struct look *l, struct visit *v)
{
	autoclose int fd = scan_ns_open(l->s, v->ns);
	uint64_t id;
	int ret;

	if (fd < 0)
		return fd;
	ret = kern_ns_id(fd, v->ns->type, &id);
	if (ret == 0)
		v->ns->facts->id = fact_num_known(id);
	return ret;
}

static int owner_uid_outside(struct look *l, struct visit *v)
{
	autoclose int fd = scan_ns_open(l->s, v->ns);
	uid_t uid;
	int ret;

	if (fd < 0)
		return fd;
	ret = kern_ns_owner_uid(fd, &uid);
	if (ret == 0)
		v->ns->facts->owner_uid = fact_num_known(uid);
	return ret;
}

static size_t count_lines(const struct buffer *text)
{
	struct span rest = { text->data, text->len }, line;
	size_t n = 0;

	while (proc_line_next(&rest, &line))
		n++;
	return n;
}

/* An empty map is a namespace that nobody has given ids to yet. */
static int parse_map(struct look *l, struct fact_ranges *out)
{
	struct id_range *ranges;
	struct span rest = { l->buf.data, l->buf.len }, line;
	uint32_t n = 0;

	if (l->buf.len == 0) {
		out->fact = fact_none();
		return 0;
	}
	ranges = arena_alloc(&l->g->arena, count_lines(&l->buf) * sizeof(*ranges));
	while (proc_line_next(&rest, &line))
		if (proc_id_range_parse(line, &ranges[n++]) < 0)
			return -EINVAL;
	*out = (struct fact_ranges){ fact_known(), n, ranges };
	return 0;
}

static int read_map(struct look *l, int dirfd, const char *name, struct fact_ranges *out)
{
	int ret = proc_read(dirfd, name, FACT_FILE_MAX, &l->buf);

	return ret < 0 ? fact_file_error(dirfd, ret) : parse_map(l, out);
}

/* Each of the three stands alone: a kernel before 3.19 has the maps and no setgroups. */
static int maps_read(struct look *l, struct ns *ns, int dirfd)
{
	struct ns_facts *f = ns->facts;
	int uid = read_map(l, dirfd, "uid_map", &f->uid_map);
	int gid = read_map(l, dirfd, "gid_map", &f->gid_map);
	int groups = fact_read(dirfd, "setgroups", 64, false, &l->buf);

	if (uid < 0)
		f->uid_map.fact = fact_from_error(uid);
	if (gid < 0)
		f->gid_map.fact = fact_from_error(gid);
	if (groups == 0)
		f->setgroups = fact_text_copy(&l->g->arena, text_line(&l->buf));
	else
		f->setgroups.fact = fact_from_error(fact_file_error(dirfd, groups));
	return 0;
}

static int maps_outside(struct look *l, struct visit *v)
{
	return member_read(l, v->ns, NULL, maps_read);
}

static int time_read(struct look *l, struct ns *ns, int dirfd)
{
	struct ns_facts *f = ns->facts;
	struct time_offset monotonic, boottime;
	int ret = fact_read(dirfd, "timens_offsets", 4096, false, &l->buf);

	if (ret < 0)
		return fact_file_error(dirfd, ret);
	ret = proc_time_offsets_parse(l->buf.data, l->buf.len, &monotonic, &boottime);
	if (ret < 0)
		return ret;
	f->monotonic = monotonic;
	f->boottime = boottime;
	f->monotonic_fact = f->boottime_fact = fact_known();
	return 0;
}

static bool time_by(struct look *l, struct ns *ns, const struct process *p)
{
	autoclose int fd = -1;

	if (p->set->ns[LINK_TIME_FOR_CHILDREN] != ns)
		return false;
	fd = scan_process_open(l->s, p);
	return fd >= 0 && link_leads_to(fd, LINK_TIME_FOR_CHILDREN, ns) &&
	       time_read(l, ns, fd) == 0;
}

/*
 * timens_offsets shows the namespace that the process's *children* will be in
 * (time_namespaces(7)), so a member is of no use whose time_for_children leads elsewhere, and one
 * that is no member serves as well if it leads here.
 */
static int time_outside(struct look *l, struct visit *v)
{
	const struct graph *g = l->g;
	struct ns *ns = v->ns;

	if (ns->initial) {
		ns->facts->monotonic_fact = ns->facts->boottime_fact = fact_known();
		return 0;
	}
	if (ns->lead && time_by(l, ns, ns->lead))
		return 0;
	for (size_t i = 0; i < g->nsets; i++)
		if (g->sets[i]->first && time_by(l, ns, g->sets[i]->first))
			return 0;
	return child_read(l, ns, time_read);
}

static int netnsid_outside(struct look *l, struct visit *v)
{
	autoclose int fd = scan_ns_open(l->s, v->ns);
	int32_t id;
	int ret = 0;

	if (fd < 0)
		return fd;
	if (!l->nsid)
		l->nsid = nsid_open(&ret);
	if (!l->nsid)
		return ret;
	ret = nsid_get(l->nsid, fd, &id);
	if (ret == 0)
		v->ns->facts->netnsid = fact_num_known((uint64_t)id);
	if (ret == -ENOENT) {
		v->ns->facts->netnsid.fact = fact_none();
		return 0;
	}
	return ret;
}

/* For a network namespace the cookie and the kernel's 64-bit id are one number. */
static int cookie_outside(struct look *l, struct visit *v)
{
	autoclose int fd = scan_ns_open(l->s, v->ns);
	uint64_t id;

	if (fd < 0)
		return fd;
	if (kern_ns_id(fd, NS_NET, &id) < 0)
		return VISIT_INSIDE;
	v->ns->facts->cookie = fact_num_known(id);
	return 0;
}

int nlinks_read(struct look *l, struct ns *ns, int dirfd, const char *name)
{
	int ret = proc_read(dirfd, name, FACT_FILE_MAX, &l->buf);
	struct span rest = { buffer_str(&l->buf), l->buf.len }, line;
	uint64_t n = 0;

	if (ret == 0 && l->buf.len == FACT_FILE_MAX)
		ret = -EFBIG;
	if (ret < 0)
		return fact_file_error(dirfd, ret);
	/* Neither of the two heading lines has a colon, and no interface name may. */
	while (proc_line_next(&rest, &line))
		n += memchr(line.data, ':', line.len) != NULL;
	ns->facts->nlinks = fact_num_known(n);
	return 0;
}

static int nlinks_outside(struct look *l, struct visit *v)
{
	autoclose int fd = member_open(l, v->ns, NULL);

	/* A member that exits meanwhile takes nothing from the namespace. */
	if (fd < 0 || nlinks_read(l, v->ns, fd, "net/dev") < 0)
		return VISIT_INSIDE;
	return 0;
}

/*
 * Of a namespace without any process: the kernel gives the link to it, pid_for_children, from its
 * first process on, and also when that has ended (pidns_for_children_get, Linux 4.12).
 */
static int init_outside(struct look *l, struct visit *v)
{
	struct ns *ns = v->ns;
	autoclose int fd = -1;
	char path[64] = "";
	int ret;

	if (ns->initial || ns->nprocs) {
		ns->facts->init_ended = fact_none();
		return 0;
	}
	if (!ns->via || ns->via_link != LINK_PID_FOR_CHILDREN)
		return -EOPNOTSUPP;
	fd = scan_process_open(l->s, ns->via);
	if (fd < 0)
		return fd;
	if (ns->via_tid)
		snprintf(path, sizeof(path), "task/%d/", ns->via_tid);
	strcat(path, "ns/pid_for_children");
	ret = proc_readlink(fd, path, &l->buf);
	if (ret == 0) {
		ns->facts->init_ended = fact_known();
	} else if (fact_file_error(fd, ret) == -EOPNOTSUPP) {
		ns->facts->init_ended = fact_none();
		ret = 0;
	}
	return ret;
}

#define OF(member) offsetof(struct ns_facts, member)

static const struct ns_reader readers[] = {
	{ NEED_ID, -1, FACTS(OF(id)), id_outside, NULL },
	{ NEED_OWNER_UID, NS_USER, FACTS(OF(owner_uid)), owner_uid_outside, NULL },
	{ NEED_MAPS, NS_USER, FACTS(OF(uid_map), OF(gid_map), OF(setgroups)), maps_outside, NULL },
	{ NEED_MOUNTS, NS_MNT, FACTS(OF(nmounts), OF(mnt_root), OF(propagation)), mounts_outside,
	  NULL },
	{ NEED_MOUNT_LIST, NS_MNT, FACTS(OF(mounts)), mount_list_outside, NULL },
	{ NEED_UTS, NS_UTS, FACTS(OF(hostname), OF(domainname)), NULL, uts_inside },
	{ NEED_IPC, NS_IPC, FACTS(OF(shm), OF(sem), OF(msg), OF(mqueue)), NULL, ipc_inside },
	{ NEED_TIME, NS_TIME, FACTS(OF(monotonic_fact), OF(boottime_fact)), time_outside, NULL },
	{ NEED_CGROUP_ROOT, NS_CGROUP, FACTS(OF(cgroup_root)), cgroup_outside, cgroup_inside },
	{ NEED_NETNSID, NS_NET, FACTS(OF(netnsid)), netnsid_outside, NULL },
	{ NEED_COOKIE, NS_NET, FACTS(OF(cookie)), cookie_outside, cookie_inside },
	{ NEED_INIT_ENDED, NS_PID, FACTS(OF(init_ended)), init_outside, NULL },
	{ NEED_NLINKS, NS_NET, FACTS(OF(nlinks)), nlinks_outside, nlinks_inside },
};

static bool is_wanted(struct look *l, const struct ns_reader *reader, struct ns *ns)
{
	if (reader->type >= 0 && reader->type != (int)ns->type)
		return false;
	if (!ns->facts)
		ns->facts = arena_alloc(&l->g->arena, sizeof(*ns->facts));
	return fact_at(ns->facts, reader->facts[0])->state == FACT_UNREAD;
}

static int read_one(struct look *l, const struct ns_reader *reader, struct visit *v)
{
	int ret = reader->outside ? reader->outside(l, v) : VISIT_INSIDE;

	if (ret != VISIT_INSIDE)
		return ret;
	/* Nothing in a copy can be joined: no thread need start to find that out. */
	if (!l->s->procfs)
		return -EOPNOTSUPP;
	return v->ns == l->g->self[v->ns->type] ? reader->inside(l, v) : VISIT_INSIDE;
}

static void read_all(struct look *l, const struct ns_reader *reader, struct ns *const *list,
		     size_t n)
{
	struct visit *visits = calloc(n ? n : 1, sizeof(*visits));
	size_t inside = 0;

	if (!visits)
		die("out of memory");
	for (size_t i = 0; i < n; i++) {
		struct visit v = { .ns = list[i] };
		int ret;

		if (!is_wanted(l, reader, list[i]))
			continue;
		ret = read_one(l, reader, &v);
		if (ret == VISIT_INSIDE)
			visits[inside++] = v;
		else if (ret < 0)
			facts_fail(list[i]->facts, reader->facts, ret);
	}
	if (inside)
		inside_read(l, reader, visits, inside);
	free(visits);
}

void scan_namespaces(struct scan *s, struct graph *g, struct ns *const *list, size_t n,
		     unsigned needs)
{
	struct look l = { .s = s, .g = g, .buf = BUFFER_INIT };

	for (size_t i = 0; i < n; i++)
		kernel_source_ns_facts(s, g, list[i], needs);
	for (size_t i = 0; i < sizeof(readers) / sizeof(*readers); i++)
		if (needs & readers[i].need)
			read_all(&l, &readers[i], list, n);
	for (size_t i = 0; i < n; i++)
		kernel_source_ns_rest(s, g, list[i], needs);
	nsid_close(l.nsid);
	buffer_release(&l.buf);
}
