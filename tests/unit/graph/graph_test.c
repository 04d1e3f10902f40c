/* SPDX-License-Identifier: MIT */
/* The graph: what is derived from its nodes and edges. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <nsview/graph.h>

/* The ten links of a process that is in namespace base + type, for each type. */
static void links(uint64_t ino[NS_LINKS], uint64_t base)
{
	for (int link = 0; link < NS_LINKS; link++)
		ino[link] = base + ns_links[link].type;
}

static void members_are_counted_and_lowest_pid_leads(void **state)
{
	struct graph *g = graph_new();
	uint64_t ino[NS_LINKS];
	const struct ns *net;

	(void)state;
	links(ino, 100);
	graph_add_process(g, 30, ino);
	graph_add_process(g, 10, ino);
	ino[NS_UTS] = 500;
	graph_add_process(g, 20, ino);
	graph_seal(g);
	net = graph_find(g, NS_NET, 100 + NS_NET);
	assert_int_equal(net->nprocs, 3);
	assert_int_equal(net->lead->pid, 10);
	assert_int_equal(g->nsets, 2);
	assert_int_equal(graph_find(g, NS_UTS, 500)->nprocs, 1);
	assert_int_equal(ns_held(net), HOLD_PROC);
	graph_free(g);
}

static void order_is_type_then_inode_then_pid(void **state)
{
	struct graph *g = graph_new();

	(void)state;
	graph_add(g, NS_UTS, 5);
	graph_add(g, NS_CGROUP, 9);
	graph_add(g, NS_UTS, 4);
	graph_seal(g);
	assert_int_equal(g->namespaces[0]->type, NS_CGROUP);
	assert_int_equal(g->namespaces[1]->ino, 4);
	assert_int_equal(g->namespaces[2]->ino, 5);
	graph_free(g);
}

static void same_inode_of_two_types_are_two_namespaces(void **state)
{
	struct graph *g = graph_new();
	struct ns *net = graph_add(g, NS_NET, 7), *uts = graph_add(g, NS_UTS, 7);

	(void)state;
	assert_ptr_not_equal(net, uts);
	assert_ptr_equal(graph_add(g, NS_NET, 7), net);
	assert_ptr_equal(graph_find(g, NS_UTS, 7), uts);
	assert_null(graph_find(g, NS_MNT, 7));
	graph_free(g);
}

static void childless_pid_for_children_is_held_by_children(void **state)
{
	struct graph *g = graph_new();
	uint64_t ino[NS_LINKS];
	const struct ns *pid;

	(void)state;
	links(ino, 100);
	ino[LINK_PID_FOR_CHILDREN] = 900;
	graph_add_process(g, 10, ino);
	graph_seal(g);
	pid = graph_find(g, NS_PID, 900);
	assert_int_equal(pid->nprocs, 0);
	assert_int_equal(pid->nchildren, 1);
	assert_int_equal(ns_held(pid), HOLD_CHILDREN);
	assert_int_equal(pid->via_link, LINK_PID_FOR_CHILDREN);
	/* What its own link leads to as well is no other reference. */
	assert_int_equal(graph_find(g, NS_TIME, 100 + NS_TIME)->nchildren, 0);
	graph_free(g);
}

static void thread_elsewhere_holds_by_thread(void **state)
{
	struct graph *g = graph_new();
	uint64_t ino[NS_LINKS];
	struct process *p;
	const struct ns *net;

	(void)state;
	links(ino, 100);
	p = graph_add_process(g, 10, ino);
	ino[NS_NET] = 700;
	graph_add_thread(g, p, 12, ino);
	graph_add_thread(g, p, 11, ino);
	graph_seal(g);
	net = graph_find(g, NS_NET, 700);
	assert_int_equal(net->nthreads, 2);
	assert_int_equal(net->nprocs, 0);
	assert_int_equal(ns_held(net), HOLD_THREAD);
	assert_int_equal(net->via_tid, 11);
	assert_int_equal(graph_find(g, NS_UTS, 100 + NS_UTS)->nthreads, 0);
	graph_free(g);
}

static void holders_are_sorted_and_strongest_is_held(void **state)
{
	struct graph *g = graph_new();
	uint64_t ino[NS_LINKS];
	struct process *p;
	struct ns *net = graph_add(g, NS_NET, 700);

	(void)state;
	links(ino, 100);
	p = graph_add_process(g, 10, ino);
	graph_add_holder(g, net, HOLD_FD, p, 0, 9, NULL, NULL);
	graph_add_holder(g, net, HOLD_FD, p, 0, 4, NULL, NULL);
	graph_add_holder(g, net, HOLD_MOUNT, NULL, 0, -1, "/run/netns/lab", NULL);
	graph_seal(g);
	assert_int_equal(ns_held(net), HOLD_MOUNT);
	assert_string_equal(net->holders->path, "/run/netns/lab");
	assert_int_equal(net->holders->next->fd, 4);
	assert_int_equal(net->holders->next->next->fd, 9);
	assert_null(net->holders->next->next->next);
	assert_int_equal(ns_holds(net), 3);
	graph_free(g);
}

static void owner_and_parent_hold_and_count(void **state)
{
	struct graph *g = graph_new();
	struct ns *user = graph_add(g, NS_USER, 700), *net = graph_add(g, NS_NET, 701);
	struct ns *child = graph_add(g, NS_USER, 702);

	(void)state;
	net->owner = user;
	child->owner = child->parent = user;
	graph_seal(g);
	graph_seal(g); /* again: nothing is counted twice */
	assert_int_equal(user->nowned, 2);
	assert_int_equal(user->nsubs, 1);
	assert_int_equal(ns_held(user), HOLD_OWNER);
	assert_int_equal(ns_held(net), HOLD_KERNEL);
	graph_free(g);
}

/* The parent of a user namespace is its owner: that is one reference, told under two names. */
static void a_child_user_namespace_holds_its_parent_once(void **state)
{
	struct graph *g = graph_new();
	struct ns *upper = graph_add(g, NS_USER, 10), *lower = graph_add(g, NS_USER, 11);
	struct ns *pid = graph_add(g, NS_PID, 20), *sub = graph_add(g, NS_PID, 21);

	(void)state;
	lower->owner = lower->parent = upper;
	sub->parent = pid;
	pid->owner = sub->owner = lower;
	graph_seal(g);
	assert_int_equal(ns_holds(upper), 1);
	assert_int_equal(ns_holds(lower), 2);
	assert_int_equal(ns_holds(pid), 1);
	graph_free(g);
}

static void level_is_unknown_below_a_denied_parent(void **state)
{
	struct graph *g = graph_new();
	struct ns *top = graph_add(g, NS_USER, ns_types[NS_USER].initial_ino);
	struct ns *mid = graph_add(g, NS_USER, 700), *low = graph_add(g, NS_USER, 701);

	(void)state;
	mid->parent = top;
	low->parent = mid;
	top->parent_fact = fact_none();
	graph_seal(g);
	assert_int_equal(ns_level(top).num, 0);
	assert_int_equal(ns_level(low).num, 2);
	assert_true(fact_is_known(ns_level(low).fact));
	mid->parent = NULL;
	mid->parent_fact = fact_from_error(-EPERM);
	assert_int_equal(ns_level(low).fact.state, FACT_DENIED);
	assert_int_equal(ns_level(graph_add(g, NS_NET, 1)).fact.state, FACT_NONE);
	graph_free(g);
}

static void level_of_a_ring_is_unknown(void **state)
{
	struct graph *g = graph_new();
	struct ns *a = graph_add(g, NS_USER, 700), *b = graph_add(g, NS_USER, 701);

	(void)state;
	a->parent = b;
	b->parent = a;
	assert_false(fact_is_known(ns_level(a).fact));
	graph_free(g);
}

static void fixed_numbers_make_the_host(void **state)
{
	struct graph *g = graph_new();
	struct ns *uts = graph_add(g, NS_UTS, ns_types[NS_UTS].initial_ino);
	struct ns *other = graph_add(g, NS_UTS, 4026532000);

	(void)state;
	graph_seal(g);
	assert_ptr_equal(g->host[NS_UTS], uts);
	assert_true(ns_is_host(g, uts));
	assert_false(ns_is_host(g, other));
	assert_false(ns_is_host(g, NULL));
	graph_free(g);
}

static void members_are_walked_by_rising_pid(void **state)
{
	struct graph *g = graph_new();
	uint64_t ino[NS_LINKS];
	const struct process *p = NULL;
	const struct ns *net;
	pid_t seen[3] = { 0 };
	size_t n = 0;

	(void)state;
	links(ino, 100);
	graph_add_process(g, 30, ino);
	graph_add_process(g, 10, ino);
	ino[NS_NET] = 700;
	graph_add_process(g, 20, ino);
	graph_seal(g);
	net = graph_find(g, NS_NET, 100 + NS_NET);
	while ((p = ns_next_member(g, net, p)) && n < 3)
		seen[n++] = p->pid;
	assert_int_equal(n, 2);
	assert_int_equal(seen[0], 10);
	assert_int_equal(seen[1], 30);
	assert_ptr_equal(graph_process(g, 20)->set->ns[NS_NET], graph_find(g, NS_NET, 700));
	assert_null(graph_process(g, 15));
	graph_free(g);
}

static void twenty_thousand_namespaces_are_found_again(void **state)
{
	struct graph *g = graph_new();

	(void)state;
	for (uint64_t i = 1; i <= 20000; i++)
		graph_add(g, (enum ns_type)(i % NS_TYPES), 4026532000 + i);
	graph_seal(g);
	assert_int_equal(g->nnamespaces, 20000);
	for (uint64_t i = 1; i <= 20000; i++)
		assert_int_equal(graph_find(g, (enum ns_type)(i % NS_TYPES), 4026532000 + i)->ino,
				 4026532000 + i);
	graph_free(g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_are_counted_and_lowest_pid_leads),
		cmocka_unit_test(order_is_type_then_inode_then_pid),
		cmocka_unit_test(same_inode_of_two_types_are_two_namespaces),
		cmocka_unit_test(childless_pid_for_children_is_held_by_children),
		cmocka_unit_test(thread_elsewhere_holds_by_thread),
		cmocka_unit_test(holders_are_sorted_and_strongest_is_held),
		cmocka_unit_test(owner_and_parent_hold_and_count),
		cmocka_unit_test(a_child_user_namespace_holds_its_parent_once),
		cmocka_unit_test(level_is_unknown_below_a_denied_parent),
		cmocka_unit_test(level_of_a_ring_is_unknown),
		cmocka_unit_test(fixed_numbers_make_the_host),
		cmocka_unit_test(members_are_walked_by_rising_pid),
		cmocka_unit_test(twenty_thousand_namespaces_are_found_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
