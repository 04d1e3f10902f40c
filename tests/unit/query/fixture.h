/* SPDX-License-Identifier: MIT */
/* Graphs made by hand for the tests of query/: what a scanner would have found. */
#ifndef NSVIEW_TESTS_QUERY_FIXTURE_H
#define NSVIEW_TESTS_QUERY_FIXTURE_H

#include <string.h>

#include <nsview/graph.h>

/* The initial namespace of a type, and one of a given number that is none. */
static inline uint64_t host_ino(enum ns_type type)
{
	return ns_types[type].initial_ino;
}

static inline uint64_t other_ino(enum ns_type type, unsigned n)
{
	return 4026532000U + n * 100 + (unsigned)type;
}

/* Links of a process that lives in the host's namespaces. */
static inline void links_host(uint64_t ino[NS_LINKS])
{
	for (int i = 0; i < NS_LINKS; i++)
		ino[i] = host_ino(ns_links[i].type);
}

/* The same, but for the types in the mask (1 << enum ns_type), which are number n's. */
static inline void links_apart(uint64_t ino[NS_LINKS], unsigned mask, unsigned n)
{
	for (int i = 0; i < NS_LINKS; i++) {
		enum ns_type type = ns_links[i].type;

		ino[i] = mask >> type & 1 ? other_ino(type, n) : host_ino(type);
	}
}

static inline struct process *add_apart(struct graph *g, pid_t pid, unsigned mask, unsigned n)
{
	uint64_t ino[NS_LINKS];

	links_apart(ino, mask, n);
	return graph_add_process(g, pid, ino);
}

static inline struct process *add_host(struct graph *g, pid_t pid)
{
	return add_apart(g, pid, 0, 0);
}

enum { ALL_TYPES = (1 << NS_TYPES) - 1 };

static inline struct fact_text known_text(struct graph *g, const char *text, size_t len)
{
	return (struct fact_text){ fact_known(), (uint32_t)len, arena_copy(&g->arena, text, len) };
}

static inline struct fact_num known_num(uint64_t num)
{
	return (struct fact_num){ fact_known(), num };
}

static inline struct process_facts *facts_of(struct graph *g, struct process *p)
{
	if (!p->facts)
		p->facts = arena_alloc(&g->arena, sizeof(*p->facts));
	return p->facts;
}

static inline struct ns_facts *ns_facts_of(struct graph *g, struct ns *ns)
{
	if (!ns->facts)
		ns->facts = arena_alloc(&g->arena, sizeof(*ns->facts));
	return ns->facts;
}

/* cmdline as the kernel gives it, NULs and all; pass a literal. */
#define SET_COMMAND(g, p, name, line)                                                              \
	do {                                                                                       \
		facts_of(g, p)->comm = known_text(g, name, strlen(name));                          \
		facts_of(g, p)->cmdline = known_text(g, line, sizeof(line) - 1);                   \
	} while (0)

static inline void set_identity(struct graph *g, struct process *p, const char *kind,
				const char *name, bool container)
{
	struct identity *id = arena_alloc(&g->arena, sizeof(*id));

	id->kind = kind;
	id->name = name;
	id->id = "3f2a91c0ffee";
	id->evidence = "cgroup: 0::/some/where";
	id->container = container;
	facts_of(g, p)->identity = id;
	facts_of(g, p)->identity_fact = fact_known();
}

#endif
