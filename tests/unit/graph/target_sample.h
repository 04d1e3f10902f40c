/* SPDX-License-Identifier: MIT */
/* Graphs to resolve targets in, and what is expected of that. */
#ifndef NSVIEW_TEST_TARGET_SAMPLE_H
#define NSVIEW_TEST_TARGET_SAMPLE_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <nsview/target.h>

enum { HOST_USER = 101, HOST_PID = 102, HOST_MNT = 103, HOST_NET = 104 };

/* A process in the pid namespace given, 0 for the host's, and in the host's others. */
static inline struct process *add_process(struct graph *g, pid_t pid, uint64_t pidns)
{
	const uint64_t ino[NS_LINKS] = {
		[NS_USER] = HOST_USER,
		[NS_PID] = pidns ? pidns : HOST_PID,
		[NS_MNT] = HOST_MNT,
		[NS_NET] = HOST_NET,
	};
	struct process *p = graph_add_process(g, pid, ino);

	p->facts = arena_alloc(&g->arena, sizeof(*p->facts));
	return p;
}

static inline struct graph *host_graph(void)
{
	struct graph *g = graph_new();

	add_process(g, 1, 0);
	g->self[NS_MNT] = graph_find(g, NS_MNT, HOST_MNT);
	graph_find(g, NS_USER, HOST_USER)->initial = true;
	return g;
}

static inline int resolve(const struct graph *g, const char *word, struct selection *sel,
			  struct error *err)
{
	struct target t;

	*err = (struct error){ 0 };
	if (target_parse(word, &t, err))
		fail_msg("'%s' is refused: %s", word, err->text);
	return target_resolve(g, &t, sel, err);
}

/* The word stands for exactly these processes (0 ends the list) and no namespace. */
static inline void stands_for_processes(const struct graph *g, const char *word, const pid_t *pids)
{
	struct selection sel = { 0 };
	struct error err;
	size_t n = 0;

	if (resolve(g, word, &sel, &err))
		fail_msg("'%s': %s", word, err.text);
	for (; pids[n]; n++) {
		assert_true(n < sel.nprocesses);
		assert_int_equal(sel.processes[n]->pid, pids[n]);
	}
	assert_int_equal(sel.nprocesses, n);
	assert_int_equal(sel.nnamespaces, 0);
	selection_release(&sel);
}

/* The same for namespaces. */
static inline void stands_for_namespaces(const struct graph *g, const char *word,
					 const uint64_t *inos)
{
	struct selection sel = { 0 };
	struct error err;
	size_t n = 0;

	if (resolve(g, word, &sel, &err))
		fail_msg("'%s': %s", word, err.text);
	for (; inos[n]; n++) {
		assert_true(n < sel.nnamespaces);
		assert_int_equal(sel.namespaces[n]->ino, inos[n]);
	}
	assert_int_equal(sel.nnamespaces, n);
	assert_int_equal(sel.nprocesses, 0);
	selection_release(&sel);
}

static inline void fails(const struct graph *g, const char *word, int code, const char *sentence)
{
	struct selection sel = { 0 };
	struct error err;

	assert_int_equal(resolve(g, word, &sel, &err), code);
	assert_int_equal(err.code, code);
	assert_string_equal(err.text, sentence);
	assert_int_equal(sel.nprocesses + sel.nnamespaces, 0);
	selection_release(&sel);
}

#endif
