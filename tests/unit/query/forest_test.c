/* SPDX-License-Identifier: MIT */
/* What hangs under what in the trees, on graphs made by hand. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <nsview/buffer.h>
#include <nsview/forest.h>

#include "fixture.h"

enum {
	CONTAINER = 1 << NS_PID | 1 << NS_NET | 1 << NS_MNT,
	DEEP = 100000,
};

/* A host, a container (number 1) with a nested pid namespace (2), and a user namespace (3) that
 * owns a pid and a net namespace; net number 4 is held by a mount alone. */
struct sample {
	struct graph *g;
	struct process *init, *web, *inner, *job;
};

static struct ns *other(const struct sample *s, enum ns_type type, unsigned n)
{
	struct ns *ns = graph_find(s->g, type, other_ino(type, n));

	assert_non_null(ns);
	return ns;
}

static struct ns *host(const struct sample *s, enum ns_type type)
{
	return graph_find(s->g, type, host_ino(type));
}

static void set_parents(const struct sample *s)
{
	host(s, NS_USER)->parent_fact = host(s, NS_USER)->owner_fact = fact_none();
	host(s, NS_PID)->parent_fact = fact_none();
	other(s, NS_USER, 3)->parent = host(s, NS_USER);
	other(s, NS_PID, 1)->parent = host(s, NS_PID);
	other(s, NS_PID, 2)->parent = other(s, NS_PID, 1);
	other(s, NS_PID, 3)->parent = host(s, NS_PID);
	other(s, NS_PID, 3)->owner = other(s, NS_NET, 3)->owner = other(s, NS_USER, 3);
}

static int make_sample(void **state)
{
	static struct sample sample;
	struct sample *s = &sample;

	*s = (struct sample){ .g = graph_new() };
	s->init = add_host(s->g, 1);
	s->web = add_apart(s->g, 100, CONTAINER, 1);
	s->inner = add_apart(s->g, 110, 1 << NS_PID | 1 << NS_NET, 2);
	add_apart(s->g, 111, 1 << NS_PID | 1 << NS_NET, 2);
	s->job = add_apart(s->g, 200, 1 << NS_USER | 1 << NS_PID | 1 << NS_NET, 3);
	graph_add(s->g, NS_NET, other_ino(NS_NET, 4));
	graph_seal(s->g);
	for (size_t i = 0; i < s->g->nnamespaces; i++)
		if (s->g->namespaces[i] != host(s, NS_USER))
			s->g->namespaces[i]->owner = host(s, NS_USER);
	set_parents(s);
	graph_seal(s->g);
	*state = s;
	return 0;
}

static int free_sample(void **state)
{
	graph_free(((struct sample *)*state)->g);
	return 0;
}

static void put_ns(struct buffer *b, const struct ns *ns)
{
	buffer_text(b, ns_types[ns->type].name);
	if (ns->initial)
		buffer_char(b, '0');
	else
		buffer_printf(b, "%u", (unsigned)(ns->ino - other_ino(ns->type, 0)) / 100);
}

static void put_node(struct buffer *b, const struct forest_node *node)
{
	for (unsigned i = 0; i < node->depth; i++)
		buffer_char(b, '.');
	if (node->kind == FOREST_UNSEEN)
		buffer_printf(b, "? %s", fact_why(node->why));
	else if (node->kind == FOREST_PROCESS)
		buffer_printf(b, "%d*%u", (int)node->process->pid, node->nprocs);
	else
		put_ns(b, node->ns);
	for (int type = 0; type < NS_TYPES; type++)
		if (node->differs >> type & 1)
			buffer_printf(b, " +%s", ns_types[type].name);
	for (size_t i = 0; i < node->nwith; i++) {
		buffer_char(b, ' ');
		put_ns(b, node->with[i]);
	}
	buffer_char(b, '\n');
}

/* What drawing relies on: numbers of parents, last siblings, nodes with children. */
static void assert_links_hold(const struct forest *f)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct forest_node *node = &f->nodes[i];
		bool child = i + 1 < f->n && f->nodes[i + 1].parent == (long)i;
		bool last = true;

		assert_true(node->parent < (long)i);
		assert_int_equal(node->has_children, child);
		for (size_t k = i + 1; k < f->n; k++)
			last = last && f->nodes[k].parent != node->parent;
		assert_int_equal(node->last, last);
	}
}

static void assert_forest(const struct sample *s, enum tree_by by, const struct tree_selection *sel,
			  const char *expected)
{
	autobuffer b = BUFFER_INIT;
	struct forest f;

	forest_build(&f, s->g, by, sel);
	for (size_t i = 0; i < f.n; i++)
		put_node(&b, &f.nodes[i]);
	assert_string_equal(buffer_str(&b), expected);
	assert_links_hold(&f);
	forest_release(&f);
}

#define HOST_LINE "user0 cgroup0 ipc0 mnt0 net0 pid0 time0 uts0\n"

static void owners_hold_what_they_own(void **state)
{
	assert_forest(*state, TREE_USER, NULL,
		      HOST_LINE ".pid1 mnt1 net1\n"
				"..pid2 net2\n"
				".net4\n"
				".user3\n"
				"..pid3 net3\n");
}

static void a_namespace_with_other_members_is_not_folded(void **state)
{
	struct sample *s = *state;

	/* A process of the host that entered the container's net namespace only. */
	add_apart(s->g, 300, 1 << NS_NET, 1);
	graph_seal(s->g);
	assert_forest(s, TREE_USER, NULL,
		      HOST_LINE ".pid1 mnt1\n"
				"..pid2 net2\n"
				".net1\n"
				".net4\n"
				".user3\n"
				"..pid3 net3\n");
}

static void a_namespace_with_another_owner_is_not_folded(void **state)
{
	struct sample *s = *state;

	other(s, NS_MNT, 1)->owner = other(s, NS_USER, 3);
	assert_forest(s, TREE_USER, NULL,
		      HOST_LINE ".pid1 net1\n"
				"..pid2 net2\n"
				".net4\n"
				".user3\n"
				"..pid3 net3\n"
				"..mnt1\n");
}

static void a_zombie_does_not_part_what_belongs_together(void **state)
{
	struct sample *s = *state;
	uint64_t ino[NS_LINKS] = { [NS_PID] = other_ino(NS_PID, 1), [NS_USER] = host_ino(NS_USER) };

	graph_add_process(s->g, 105, ino)->zombie = true;
	graph_seal(s->g);
	assert_forest(s, TREE_USER, NULL,
		      HOST_LINE ".pid1 mnt1 net1\n"
				"..pid2 net2\n"
				".net4\n"
				".user3\n"
				"..pid3 net3\n");
}

static void denied_owner_is_not_none(void **state)
{
	struct sample *s = *state;
	struct ns *ns = other(s, NS_NET, 4);

	ns->owner = NULL;
	ns->owner_fact = fact_from_error(-EPERM);
	assert_forest(s, TREE_USER, NULL,
		      HOST_LINE ".pid1 mnt1 net1\n"
				"..pid2 net2\n"
				".user3\n"
				"..pid3 net3\n"
				"? operation not permitted\n"
				".net4\n");
}

static void without_owners_nothing_is_lost(void **state)
{
	struct sample *s = *state;

	for (size_t i = 0; i < s->g->nnamespaces; i++) {
		struct ns *ns = s->g->namespaces[i];

		ns->owner = ns->parent = NULL;
		ns->owner_fact = ns->parent_fact = fact_from_error(-ENOTTY);
	}
	assert_forest(s, TREE_USER, NULL,
		      HOST_LINE "? not supported by this kernel\n"
				".pid1 mnt1 net1\n"
				".pid2 net2\n"
				".pid3 net3\n"
				".net4\n"
				".user3\n");
}

static void pid_namespaces_nest_with_the_sets_inside(void **state)
{
	assert_forest(*state, TREE_PID, NULL,
		      "pid0\n"
		      ".1*1\n"
		      ".pid1\n"
		      "..100*1\n"
		      "..pid2\n"
		      "...110*2\n"
		      ".pid3\n"
		      "..200*1\n");
}

static void sets_tell_what_sets_them_apart(void **state)
{
	struct sample *s = *state;

	add_apart(s->g, 101, 1 << NS_PID | 1 << NS_NET, 1);
	add_apart(s->g, 102, CONTAINER, 1);
	/* The same eight namespaces, and another one for its children: no set of its own. */
	{
		uint64_t ino[NS_LINKS];

		links_apart(ino, CONTAINER, 1);
		ino[LINK_PID_FOR_CHILDREN] = other_ino(NS_PID, 2);
		graph_add_process(s->g, 99, ino);
	}
	graph_seal(s->g);
	assert_forest(
		s, TREE_PID,
		&(struct tree_selection){ .namespaces = (struct ns *[]){ other(s, NS_NET, 1) },
					  .nnamespaces = 1 },
		"pid0\n"
		".pid1\n"
		"..99*3\n"
		"..101*1 +mnt\n");
}

static void denied_parent_is_not_none(void **state)
{
	struct sample *s = *state;
	struct ns *ns = other(s, NS_PID, 3);

	ns->parent = NULL;
	ns->parent_fact = fact_from_error(-EPERM);
	assert_forest(s, TREE_PID, &(struct tree_selection){ .namespaces = &ns, .nnamespaces = 1 },
		      "? operation not permitted\n"
		      ".pid3\n"
		      "..200*1\n");
}

static void set_ppid(struct graph *g, pid_t pid, uint64_t ppid)
{
	struct process *p = graph_process(g, pid);

	assert_non_null(p);
	facts_of(g, p)->ppid = known_num(ppid);
}

static void set_ppids(struct graph *g)
{
	set_ppid(g, 1, 0);
	set_ppid(g, 100, 1);
	set_ppid(g, 110, 100);
	set_ppid(g, 111, 110);
	set_ppid(g, 200, 1);
}

static void processes_tell_what_they_left(void **state)
{
	struct sample *s = *state;

	set_ppids(s->g);
	assert_forest(s, TREE_PROCESS, NULL,
		      "1*1\n"
		      ".100*1 +mnt +net +pid\n"
		      "..110*1 +mnt +net +pid\n"
		      "...111*1\n"
		      ".200*1 +net +pid +user\n");
}

static void an_unseen_parent_makes_a_root(void **state)
{
	struct sample *s = *state;

	set_ppids(s->g);
	set_ppid(s->g, 100, 4000000);
	facts_of(s->g, s->job)->ppid = (struct fact_num){ fact_from_error(-EACCES), 0 };
	assert_forest(s, TREE_PROCESS, NULL,
		      "1*1\n"
		      "100*1\n"
		      ".110*1 +mnt +net +pid\n"
		      "..111*1\n"
		      "200*1\n");
}

static void an_unread_namespace_does_not_differ(void **state)
{
	struct sample *s = *state;

	graph_add_process(s->g, 300, (const uint64_t[NS_LINKS]){ 0 })->error = -EACCES;
	graph_seal(s->g);
	set_ppids(s->g);
	set_ppid(s->g, 300, 1);
	assert_forest(s, TREE_PROCESS,
		      &(struct tree_selection){
			      .processes = (struct process *[]){ graph_process(s->g, 300) },
			      .nprocesses = 1 },
		      "1*1\n"
		      ".300*1\n");
}

static void a_circle_of_parents_is_cut(void **state)
{
	struct sample *s = *state;

	set_ppids(s->g);
	set_ppid(s->g, 100, 111);
	assert_forest(s, TREE_PROCESS, NULL,
		      "1*1\n"
		      ".200*1 +net +pid +user\n"
		      "100*1\n"
		      ".110*1 +mnt +net +pid\n"
		      "..111*1\n");
	set_ppid(s->g, 1, 1);
	assert_forest(s, TREE_PROCESS,
		      &(struct tree_selection){ .processes = &s->job, .nprocesses = 1 },
		      "1*1\n"
		      ".200*1 +net +pid +user\n");
}

static void a_selected_namespace_keeps_ancestors_and_what_is_below(void **state)
{
	struct sample *s = *state;
	struct ns *pid1 = other(s, NS_PID, 1), *pid2 = other(s, NS_PID, 2);

	assert_forest(s, TREE_USER,
		      &(struct tree_selection){ .namespaces = &pid1, .nnamespaces = 1 },
		      HOST_LINE ".pid1 mnt1 net1\n"
				"..pid2 net2\n");
	assert_forest(s, TREE_USER,
		      &(struct tree_selection){ .namespaces = &pid2, .nnamespaces = 1 },
		      HOST_LINE ".pid1 mnt1 net1\n"
				"..pid2 net2\n");
	set_ppids(s->g);
	assert_forest(s, TREE_PROCESS,
		      &(struct tree_selection){ .namespaces = &pid1, .nnamespaces = 1 },
		      "1*1\n"
		      ".100*1 +mnt +net +pid\n"
		      "..110*1 +mnt +net +pid\n"
		      "...111*1\n");
}

static void a_folded_namespace_keeps_its_line_only(void **state)
{
	struct sample *s = *state;
	struct ns *net1 = other(s, NS_NET, 1);

	assert_forest(s, TREE_USER,
		      &(struct tree_selection){ .namespaces = &net1, .nnamespaces = 1 },
		      HOST_LINE ".pid1 mnt1 net1\n");
}

static void a_process_keeps_its_namespaces_only(void **state)
{
	struct sample *s = *state;

	assert_forest(s, TREE_USER,
		      &(struct tree_selection){ .processes = &s->web, .nprocesses = 1 },
		      HOST_LINE ".pid1 mnt1 net1\n");
	assert_forest(s, TREE_PID,
		      &(struct tree_selection){ .processes = &s->web, .nprocesses = 1 },
		      "pid0\n"
		      ".pid1\n"
		      "..100*1\n");
}

static void a_zombie_is_shown_by_its_pid_namespace(void **state)
{
	struct sample *s = *state;
	uint64_t ino[NS_LINKS] = { [NS_PID] = other_ino(NS_PID, 1) };
	struct process *zombie = graph_add_process(s->g, 105, ino);

	zombie->zombie = true;
	graph_seal(s->g);
	assert_forest(s, TREE_PID,
		      &(struct tree_selection){ .processes = &zombie, .nprocesses = 1 },
		      "pid0\n"
		      ".pid1\n");
}

static void an_empty_graph_is_an_empty_forest(void **state)
{
	struct sample s = { .g = graph_new() };

	(void)state;
	graph_seal(s.g);
	assert_forest(&s, TREE_USER, NULL, "");
	assert_forest(&s, TREE_PID, NULL, "");
	assert_forest(&s, TREE_PROCESS, NULL, "");
	graph_free(s.g);
}

/* A walk that called itself would run out of stack here, a quadratic one out of patience. */
static void a_chain_of_any_depth_is_walked(void **state)
{
	struct graph *g = graph_new();
	struct forest f;

	(void)state;
	for (pid_t pid = 1; pid <= DEEP; pid++)
		facts_of(g, add_host(g, pid))->ppid = known_num((uint64_t)pid - 1);
	graph_seal(g);
	forest_build(&f, g, TREE_PROCESS, NULL);
	assert_int_equal(f.n, DEEP);
	assert_int_equal(f.nodes[DEEP - 1].depth, DEEP - 1);
	assert_int_equal(f.nodes[DEEP - 1].process->pid, DEEP);
	forest_release(&f);
	graph_free(g);
}

#define ON_SAMPLE(test) cmocka_unit_test_setup_teardown(test, make_sample, free_sample)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_SAMPLE(owners_hold_what_they_own),
		ON_SAMPLE(a_namespace_with_other_members_is_not_folded),
		ON_SAMPLE(a_namespace_with_another_owner_is_not_folded),
		ON_SAMPLE(a_zombie_does_not_part_what_belongs_together),
		ON_SAMPLE(denied_owner_is_not_none),
		ON_SAMPLE(without_owners_nothing_is_lost),
		ON_SAMPLE(pid_namespaces_nest_with_the_sets_inside),
		ON_SAMPLE(sets_tell_what_sets_them_apart),
		ON_SAMPLE(denied_parent_is_not_none),
		ON_SAMPLE(processes_tell_what_they_left),
		ON_SAMPLE(an_unseen_parent_makes_a_root),
		ON_SAMPLE(an_unread_namespace_does_not_differ),
		ON_SAMPLE(a_circle_of_parents_is_cut),
		ON_SAMPLE(a_selected_namespace_keeps_ancestors_and_what_is_below),
		ON_SAMPLE(a_folded_namespace_keeps_its_line_only),
		ON_SAMPLE(a_process_keeps_its_namespaces_only),
		ON_SAMPLE(a_zombie_is_shown_by_its_pid_namespace),
		cmocka_unit_test(an_empty_graph_is_an_empty_forest),
		cmocka_unit_test(a_chain_of_any_depth_is_walked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
