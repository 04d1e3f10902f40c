/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include <nsview/leak.h>

#include "unit/query/fixture.h"

static int make_host(void **state)
{
	struct graph *g = graph_new();

	add_host(g, 1);
	graph_seal(g);
	g->self[NS_MNT] = g->host[NS_MNT];
	g->self[NS_USER] = g->host[NS_USER];
	*state = g;
	return 0;
}

static int free_graph(void **state)
{
	graph_free(*state);
	return 0;
}

static struct ns *lone_net(struct graph *g, unsigned n)
{
	return graph_add(g, NS_NET, other_ino(NS_NET, n));
}

static void add_mount(struct graph *g, struct ns *ns, const char *path, struct ns *mnt)
{
	graph_add_holder(g, ns, HOLD_MOUNT, NULL, 0, -1, path, mnt);
	graph_seal(g);
}

static void add_names(struct graph *g, const struct name_file *names, size_t n)
{
	g->names = arena_alloc(&g->arena, n * sizeof(*names));
	memcpy(g->names, names, n * sizeof(*names));
	g->nnames = n;
}

static void assert_leak(const struct graph *g, const struct ns *ns, enum leak_kind expected)
{
	const struct holder *by;

	assert_int_equal(leak_judge(g, ns, &by), expected);
}

static void a_container_whose_processes_are_out_of_sight_is_not_gone(void **state)
{
	struct graph *g = *state;
	struct ns *net = lone_net(g, 1);
	const struct name_file names[] = { { "/run/netns/cni-1", NAME_ENGINE, net } };

	add_mount(g, net, names[0].path, g->host[NS_MNT]);
	add_names(g, names, 1);
	assert_leak(g, net, LEAK_ENGINE);
	g->completeness.unreadable = 1;
	assert_leak(g, net, LEAK_NAMED);
	g->completeness.unreadable = 0;
	g->completeness.hidepid = true;
	assert_leak(g, net, LEAK_NAMED);
	/* What is still unreadable then are the few of a security policy. */
	g->completeness.have_ptrace = true;
	assert_leak(g, net, LEAK_ENGINE);
	/* Above our pid namespace nobody is in sight, whatever the capabilities. */
	g->self[NS_PID] = graph_add(g, NS_PID, other_ino(NS_PID, 1));
	assert_leak(g, net, LEAK_NAMED);
}

static void what_somebody_lives_in_or_needs_is_no_leak(void **state)
{
	struct graph *g = *state;
	struct ns *user = graph_add(g, NS_USER, 5);

	add_apart(g, 7, 1 << NS_NET, 1);
	graph_add(g, NS_UTS, 6)->owner = user;
	graph_seal(g);
	assert_leak(g, g->host[NS_NET], LEAK_NOT);
	assert_leak(g, lone_net(g, 1), LEAK_NOT);
	assert_leak(g, user, LEAK_NOT);
}

static void a_name_that_can_be_seen_is_a_purpose(void **state)
{
	struct graph *g = *state;

	add_mount(g, lone_net(g, 2), "/run/netns/lab", g->host[NS_MNT]);
	add_mount(g, lone_net(g, 3), "/home/u/ns", g->host[NS_MNT]);
	assert_leak(g, lone_net(g, 2), LEAK_NAMED);
	assert_leak(g, lone_net(g, 3), LEAK_NAMED);
	assert_false(leak_is(LEAK_NAMED));
}

static void an_engines_name_without_a_process_is_a_leak(void **state)
{
	struct graph *g = *state;
	const struct name_file names[] = {
		{ "/run/docker/netns/5d1c0f", NAME_DOCKER, lone_net(g, 2) },
		{ "/run/docker/netns/ingress_sbox", NAME_DOCKER, lone_net(g, 3) },
		{ "/run/netns/cni-1234", NAME_ENGINE, lone_net(g, 4) },
		{ "/run/netns/lab", NAME_NETNS, lone_net(g, 5) },
	};

	add_names(g, names, 4);
	for (size_t i = 0; i < 4; i++)
		add_mount(g, names[i].ns, names[i].path, g->host[NS_MNT]);
	assert_leak(g, lone_net(g, 2), LEAK_ENGINE);
	assert_leak(g, lone_net(g, 3), LEAK_NAMED);
	assert_leak(g, lone_net(g, 4), LEAK_ENGINE);
	assert_leak(g, lone_net(g, 5), LEAK_NAMED);
}

static void a_mount_that_only_others_see_is_a_leak(void **state)
{
	struct graph *g = *state;
	struct ns *far = graph_add(g, NS_MNT, 100);

	add_mount(g, lone_net(g, 2), "/run/netns/lab", far);
	add_mount(g, lone_net(g, 3), "/srv/x", far);
	assert_leak(g, lone_net(g, 2), LEAK_NAME_GONE);
	assert_leak(g, lone_net(g, 3), LEAK_ELSEWHERE);
	add_mount(g, lone_net(g, 2), "/run/netns/lab", g->host[NS_MNT]);
	assert_leak(g, lone_net(g, 2), LEAK_NAMED);
}

static void descriptors_and_what_is_not_seen_are_leaks(void **state)
{
	struct graph *g = *state;
	struct process *p = add_host(g, 8);

	graph_add_holder(g, lone_net(g, 2), HOLD_FD, p, 0, 4, NULL, NULL);
	graph_add_holder(g, lone_net(g, 3), HOLD_SOCKET, p, 0, 5, NULL, NULL);
	graph_add_holder(g, lone_net(g, 4), HOLD_INFLIGHT, p, 0, 6, NULL, NULL);
	lone_net(g, 5);
	graph_seal(g);
	assert_leak(g, lone_net(g, 2), LEAK_FD);
	assert_leak(g, lone_net(g, 3), LEAK_SOCKET);
	assert_leak(g, lone_net(g, 4), LEAK_INFLIGHT);
	assert_leak(g, lone_net(g, 5), LEAK_UNKNOWN);
}

static void shared_memory_and_file_systems_are_leaks(void **state)
{
	struct graph *g = *state;
	struct ns *ipc = graph_add(g, NS_IPC, 200), *user = graph_add(g, NS_USER, 201);

	graph_add_holder(g, ipc, HOLD_MEMORY, add_host(g, 8), 0, -1, NULL, NULL);
	graph_add_holder(g, user, HOLD_MOUNT, NULL, 0, -1, "/mnt", g->host[NS_MNT])->reason =
		REASON_SUPER;
	graph_seal(g);
	assert_leak(g, ipc, LEAK_MEMORY);
	assert_leak(g, user, LEAK_SUPER);
}

static void the_oldest_comes_first(void **state)
{
	struct graph *g = *state;
	const struct ns *list[16];
	size_t n;

	ns_facts_of(g, lone_net(g, 2))->id = known_num(30);
	ns_facts_of(g, lone_net(g, 3))->id = known_num(10);
	ns_facts_of(g, lone_net(g, 4))->id = known_num(20);
	lone_net(g, 1);
	graph_seal(g);
	n = leaks_find(g, list);
	assert_int_equal(n, 4);
	assert_ptr_equal(list[0], lone_net(g, 3));
	assert_ptr_equal(list[1], lone_net(g, 4));
	assert_ptr_equal(list[2], lone_net(g, 2));
	assert_ptr_equal(list[3], lone_net(g, 1));
}

/* alice's user namespace, and one in that; both count against her. */
static void nested_user_namespaces_count_for_their_topmost_creator(void **state)
{
	struct graph *g = *state;
	struct ns *top = graph_add(g, NS_USER, 50), *inner = graph_add(g, NS_USER, 51);
	struct ns *net = lone_net(g, 2);
	struct owner_count *owners;
	size_t n;

	top->parent = top->owner = g->host[NS_USER];
	inner->parent = inner->owner = top;
	net->owner = inner;
	for (int type = 0; type < NS_TYPES; type++)
		g->host[type]->owner = g->host[NS_USER];
	ns_facts_of(g, top)->owner_uid = known_num(1000);
	ns_facts_of(g, inner)->owner_uid = known_num(101000);
	graph_seal(g);
	owners = owners_count(g, &n);
	assert_int_equal(n, 1);
	assert_int_equal(owners[0].uid.num, 1000);
	assert_int_equal(owners[0].counts[NS_USER], 2);
	assert_int_equal(owners[0].counts[NS_NET], 1);
	assert_int_equal(owners[0].leaked, 1);
	free(owners);
}

#define LEAK_TEST(name) cmocka_unit_test_setup_teardown(name, make_host, free_graph)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LEAK_TEST(a_container_whose_processes_are_out_of_sight_is_not_gone),
		LEAK_TEST(what_somebody_lives_in_or_needs_is_no_leak),
		LEAK_TEST(a_name_that_can_be_seen_is_a_purpose),
		LEAK_TEST(an_engines_name_without_a_process_is_a_leak),
		LEAK_TEST(a_mount_that_only_others_see_is_a_leak),
		LEAK_TEST(descriptors_and_what_is_not_seen_are_leaks),
		LEAK_TEST(shared_memory_and_file_systems_are_leaks),
		LEAK_TEST(the_oldest_comes_first),
		LEAK_TEST(nested_user_namespaces_count_for_their_topmost_creator),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
