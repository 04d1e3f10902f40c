/* SPDX-License-Identifier: MIT */
/* One host made by hand for the tests of pages and trees, and streams in memory to print it to. */
#ifndef NSVIEW_TESTS_RENDER_SAMPLE_H
#define NSVIEW_TESTS_RENDER_SAMPLE_H

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/render.h>

#include "unit/query/fixture.h"

enum {
	WEB = 1 << NS_PID | 1 << NS_NET | 1 << NS_MNT | 1 << NS_UTS | 1 << NS_IPC | 1 << NS_CGROUP,
	JOB = 1 << NS_USER | 1 << NS_PID,
};

/*
 * The host; a container docker:web with two processes (number 1); podman:job in a user namespace
 * of alice's (number 3); net 4 held by a mount alone, net 5 by a descriptor alone, and its owner
 * denied; pid 77 unreadable.
 */
struct sample {
	struct graph *g;
	struct process *init, *web, *worker, *job, *unreadable;
};

int __wrap_getpwuid_r(uid_t uid, struct passwd *entry, char *text, size_t size,
		      struct passwd **out);
int __wrap_getpwuid_r(uid_t uid, struct passwd *entry, char *text, size_t size, struct passwd **out)
{
	*out = NULL;
	if (uid != 0 && uid != 1000)
		return 0;
	*entry = (struct passwd){ .pw_name = text };
	snprintf(text, size, uid ? "alice" : "root");
	*out = entry;
	return 0;
}

int __wrap_getgrgid_r(gid_t gid, struct group *entry, char *text, size_t size, struct group **out);
int __wrap_getgrgid_r(gid_t gid, struct group *entry, char *text, size_t size, struct group **out)
{
	*out = NULL;
	if (gid != 100)
		return 0;
	*entry = (struct group){ .gr_name = text };
	snprintf(text, size, "users");
	*out = entry;
	return 0;
}

static inline struct ns *sample_ns(const struct sample *s, enum ns_type type, unsigned n)
{
	return graph_find(s->g, type, other_ino(type, n));
}

static inline struct ns *sample_host(const struct sample *s, enum ns_type type)
{
	return graph_find(s->g, type, host_ino(type));
}

static inline void set_nspid(struct graph *g, struct process *p, pid_t inside)
{
	pid_t *nspid = arena_alloc(&g->arena, 2 * sizeof(*nspid));

	nspid[0] = p->pid;
	nspid[1] = inside;
	facts_of(g, p)->nspid = nspid;
	facts_of(g, p)->nspid_count = inside ? 2 : 1;
	facts_of(g, p)->nspid_fact = fact_known();
}

static inline void set_ppid(struct graph *g, struct process *p, uint64_t ppid)
{
	facts_of(g, p)->ppid = known_num(ppid);
}

static inline void sample_processes(struct sample *s)
{
	struct graph *g = s->g;

	s->init = add_host(g, 1);
	s->web = add_apart(g, 4123, WEB, 1);
	s->worker = add_apart(g, 4124, WEB, 1);
	s->job = add_apart(g, 8801, JOB, 3);
	s->unreadable = graph_add_process(g, 77, (const uint64_t[NS_LINKS]){ 0 });
	s->unreadable->error = -EACCES;
	SET_COMMAND(g, s->init, "systemd", "/sbin/init\0");
	SET_COMMAND(g, s->web, "nginx", "nginx: master process\0");
	SET_COMMAND(g, s->worker, "nginx", "nginx: worker process\0");
	SET_COMMAND(g, s->job, "sh", "sh\0-c\0sleep 9\0");
	SET_COMMAND(g, s->unreadable, "guard", "guard\0");
	facts_of(g, s->init)->identity_fact = facts_of(g, s->unreadable)->identity_fact =
		fact_none();
	set_identity(g, s->web, "docker", "web", true);
	set_identity(g, s->worker, "docker", "web", true);
	set_identity(g, s->job, "podman", "job", true);
	set_ppid(g, s->init, 0);
	set_ppid(g, s->web, 1);
	set_ppid(g, s->worker, 4123);
	set_ppid(g, s->job, 1);
	set_ppid(g, s->unreadable, 1);
	set_nspid(g, s->init, 0);
	set_nspid(g, s->web, 1);
	set_nspid(g, s->worker, 7);
	set_nspid(g, s->job, 1);
}

static inline void sample_edges(struct sample *s)
{
	static const struct id_range alice = { 0, 1000, 1 };
	struct ns *top = sample_host(s, NS_USER), *user = sample_ns(s, NS_USER, 3);
	struct ns_facts *facts = ns_facts_of(s->g, user);

	for (size_t i = 0; i < s->g->nnamespaces; i++)
		if (s->g->namespaces[i] != top)
			s->g->namespaces[i]->owner = top;
	top->owner_fact = top->parent_fact = fact_none();
	sample_host(s, NS_PID)->parent_fact = fact_none();
	user->parent = top;
	sample_ns(s, NS_PID, 1)->parent = sample_host(s, NS_PID);
	sample_ns(s, NS_PID, 3)->parent = sample_host(s, NS_PID);
	sample_ns(s, NS_PID, 3)->owner = user;
	sample_ns(s, NS_NET, 5)->owner = NULL;
	sample_ns(s, NS_NET, 5)->owner_fact = fact_from_error(-EPERM);
	facts->owner_uid = known_num(1000);
	facts->uid_map = (struct fact_ranges){ fact_known(), 1, &alice };
}

static inline void fill_sample(struct sample *s)
{
	s->g = graph_new();
	sample_processes(s);
	graph_add_holder(s->g, graph_add(s->g, NS_NET, other_ino(NS_NET, 4)), HOLD_MOUNT, s->init,
			 0, -1, "/run/netns/lab", NULL);
	graph_add_holder(s->g, graph_add(s->g, NS_NET, other_ino(NS_NET, 5)), HOLD_FD, s->worker, 0,
			 4, NULL, NULL);
	graph_seal(s->g);
	sample_edges(s);
	s->g->completeness.unreadable = 1;
	s->g->self[NS_MNT] = sample_host(s, NS_MNT);
	graph_seal(s->g);
}

static inline int make_sample(void **state)
{
	struct sample *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	fill_sample(s);
	*state = s;
	return 0;
}

static inline int free_sample(void **state)
{
	struct sample *s = *state;

	graph_free(s->g);
	free(s);
	return 0;
}

/* A stream in memory as a terminal; text is there after paper_read. */
struct paper {
	struct term term;
	char *text;
	size_t len;
};

static inline struct paper paper_new(unsigned width, bool utf8)
{
	return (struct paper){ .term = { .utf8 = utf8, .width = width } };
}

static inline void paper_open(struct paper *p)
{
	p->term.out = open_memstream(&p->text, &p->len);
	assert_non_null(p->term.out);
}

static inline const char *paper_read(struct paper *p)
{
	fclose(p->term.out);
	p->term.out = NULL;
	return p->text;
}

static inline void assert_says(const char *text, const char *piece)
{
	if (!strstr(text, piece))
		fail_msg("no \"%s\" in:\n%s", piece, text);
}

static inline void assert_says_not(const char *text, const char *piece)
{
	if (strstr(text, piece))
		fail_msg("\"%s\" in:\n%s", piece, text);
}

#define ON_SAMPLE(test) cmocka_unit_test_setup_teardown(test, make_sample, free_sample)

#endif
