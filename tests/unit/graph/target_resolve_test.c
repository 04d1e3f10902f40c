/* SPDX-License-Identifier: MIT */
/* Targets by number, by the name of a network namespace and by uid, on graphs built by hand. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "target_sample.h"

static void pid_is_that_process(void **state)
{
	struct graph *g = host_graph();

	(void)state;
	add_process(g, 4123, 0);
	graph_seal(g);
	stands_for_processes(g, "4123", (const pid_t[]){ 4123, 0 });
	fails(g, "4124", -ENOENT, "there is no process 4124");
	fails(g, "self", -ENOENT, "self: the process of nsview is not in this view");
	graph_free(g);
}

static void self_is_the_pid_that_the_caller_filled_in(void **state)
{
	struct graph *g = host_graph();
	struct selection sel = { 0 };
	struct target t;

	(void)state;
	add_process(g, 77, 0);
	graph_seal(g);
	assert_int_equal(target_parse("self", &t, NULL), 0);
	t.num = 77;
	assert_int_equal(target_resolve(g, &t, &sel, NULL), 0);
	assert_int_equal(sel.nprocesses, 1);
	assert_int_equal(sel.processes[0]->pid, 77);
	selection_release(&sel);
	graph_free(g);
}

static void namespace_is_found_with_and_without_its_type(void **state)
{
	struct graph *g = host_graph();

	(void)state;
	graph_add(g, NS_NET, 4026532340);
	graph_seal(g);
	stands_for_namespaces(g, "4026532340", (const uint64_t[]){ 4026532340, 0 });
	stands_for_namespaces(g, "net:4026532340", (const uint64_t[]){ 4026532340, 0 });
	stands_for_namespaces(g, "net:[4026532340]", (const uint64_t[]){ 4026532340, 0 });
	graph_free(g);
}

static void wrong_type_says_what_the_namespace_is(void **state)
{
	struct graph *g = host_graph();

	(void)state;
	graph_add(g, NS_MNT, 4026532340);
	graph_seal(g);
	fails(g, "net:[4026532340]", -ENOENT,
	      "there is no namespace net:[4026532340]: 4026532340 is a mount namespace");
	fails(g, "pid:1@4026532340", -ENOENT,
	      "there is no namespace pid:[4026532340]: 4026532340 is a mount namespace");
	fails(g, "net:[4026532341]", -ENOENT, "there is no namespace net:[4026532341]");
	fails(g, "4026532341", -ENOENT, "there is no namespace 4026532341");
	graph_free(g);
}

static void path_resolves_only_with_its_inode(void **state)
{
	struct graph *g = host_graph();
	struct selection sel = { 0 };
	struct error err = { 0 };
	struct target t;

	(void)state;
	graph_add(g, NS_NET, 4026532340);
	graph_seal(g);
	fails(g, "/run/netns/lab", -ENOTSUP,
	      "/run/netns/lab: a path says nothing without the host it is on");
	fails(g, "mount:/mnt", -ENOTSUP, "mount:/mnt: mounts are not part of a view");
	assert_int_equal(target_parse("/run/netns/lab", &t, &err), 0);
	t.ns = 4026532340;
	assert_int_equal(target_resolve(g, &t, &sel, &err), 0);
	assert_int_equal(sel.nnamespaces, 1);
	assert_int_equal(sel.namespaces[0]->ino, 4026532340);
	selection_release(&sel);
	graph_free(g);
}

static void add_chain(struct graph *g, pid_t pid, uint64_t pidns, const pid_t *chain,
		      uint32_t count)
{
	struct process *p = add_process(g, pid, pidns);
	pid_t *copy = arena_alloc(&g->arena, count * sizeof(*copy));

	memcpy(copy, chain, count * sizeof(*copy));
	p->facts->nspid_fact = fact_known();
	p->facts->nspid = copy;
	p->facts->nspid_count = count;
}

/* Host, 201 below it, 202 below that. */
static struct graph *nested_graph(void)
{
	struct graph *g = host_graph();

	add_chain(g, 500, 201, (const pid_t[]){ 500, 1 }, 2);
	add_chain(g, 501, 201, (const pid_t[]){ 501, 7 }, 2);
	add_chain(g, 502, 202, (const pid_t[]){ 502, 9, 1 }, 3);
	add_chain(g, 503, 202, (const pid_t[]){ 503, 10, 7 }, 3);
	/* The numbers of a process elsewhere must not be mistaken for those inside. */
	add_chain(g, 504, HOST_PID, (const pid_t[]){ 10 }, 1);
	graph_find(g, NS_PID, 202)->parent = graph_find(g, NS_PID, 201);
	graph_find(g, NS_PID, 201)->parent = graph_find(g, NS_PID, HOST_PID);
	graph_seal(g);
	return g;
}

static void inner_pid_is_taken_at_the_level_of_its_namespace(void **state)
{
	struct graph *g = nested_graph();

	(void)state;
	stands_for_processes(g, "pid:7@201", (const pid_t[]){ 501, 0 });
	stands_for_processes(g, "pid:7@202", (const pid_t[]){ 503, 0 });
	stands_for_processes(g, "pid:1@202", (const pid_t[]){ 502, 0 });
	stands_for_processes(g, "pid:9@201", (const pid_t[]){ 502, 0 });
	stands_for_processes(g, "pid:10@201", (const pid_t[]){ 503, 0 });
	fails(g, "pid:9@202", -ENOENT, "no process is number 9 inside pid:[202]");
	fails(g, "pid:500@201", -ENOENT, "no process is number 500 inside pid:[201]");
	graph_free(g);
}

static void inner_pid_of_the_reader_is_counted_from_the_inside(void **state)
{
	/* Read from inside 201: the chains start there, one shorter than on the host. */
	struct graph *g = graph_new();

	(void)state;
	add_chain(g, 7, 201, (const pid_t[]){ 7 }, 1);
	add_chain(g, 9, 202, (const pid_t[]){ 9, 1 }, 2);
	graph_find(g, NS_PID, 202)->parent = graph_find(g, NS_PID, 201);
	graph_find(g, NS_PID, 201)->parent = graph_add(g, NS_PID, HOST_PID);
	graph_seal(g);
	stands_for_processes(g, "pid:7@201", (const pid_t[]){ 7, 0 });
	stands_for_processes(g, "pid:1@202", (const pid_t[]){ 9, 0 });
	stands_for_processes(g, "pid:9@201", (const pid_t[]){ 9, 0 });
	fails(g, "pid:9@102", -ENOENT, "no process is number 9 inside pid:[102]");
	graph_free(g);
}

static void unread_inner_pids_are_mentioned(void **state)
{
	struct graph *g = nested_graph();
	struct process *p = graph_process(g, 503);

	(void)state;
	p->facts->nspid_fact = fact_from_error(-EACCES);
	fails(g, "pid:7@202", -ENOENT,
	      "no process is known to be number 7 inside pid:[202] (not known of 1: permission "
	      "denied)");
	p->facts = NULL;
	fails(g, "pid:7@202", -ENOENT,
	      "no process is known to be number 7 inside pid:[202] (not known of 1: not read)");
	stands_for_processes(g, "pid:1@202", (const pid_t[]){ 502, 0 });
	graph_free(g);
}

static void process_with_hidden_links_may_be_the_inner_pid(void **state)
{
	static const uint64_t none[NS_LINKS] = { 0 };
	struct graph *g = nested_graph();

	(void)state;
	graph_add_process(g, 600, none)->error = -EACCES;
	graph_add_process(g, 601, none); /* a zombie's links are gone, not hidden */
	graph_seal(g);
	fails(g, "pid:3@202", -ENOENT,
	      "no process is known to be number 3 inside pid:[202] (not known of 1: permission "
	      "denied)");
	graph_free(g);
}

static void ring_of_parents_ends(void **state)
{
	struct graph *g = nested_graph();

	(void)state;
	graph_find(g, NS_PID, 201)->parent = graph_find(g, NS_PID, 202);
	graph_add(g, NS_PID, 203);
	graph_seal(g);
	fails(g, "pid:1@203", -ENOENT, "no process is number 1 inside pid:[203]");
	graph_free(g);
}

static void named_netns_is_that_of_our_mounts(void **state)
{
	struct graph *g = host_graph();
	struct ns *host = graph_find(g, NS_MNT, HOST_MNT);
	struct ns *other = graph_add(g, NS_MNT, 301);

	(void)state;
	graph_add_holder(g, graph_add(g, NS_NET, 401), HOLD_MOUNT, NULL, 0, -1, "/run/netns/lab",
			 other);
	graph_add_holder(g, graph_add(g, NS_NET, 402), HOLD_MOUNT, NULL, 0, -1, "/run/netns/lab",
			 host);
	graph_add_holder(g, graph_add(g, NS_NET, 403), HOLD_MOUNT, NULL, 0, -1,
			 "/var/run/netns/old", host);
	graph_add_holder(g, graph_add(g, NS_NET, 404), HOLD_MOUNT, NULL, 0, -1, "/run/netns/away",
			 other);
	graph_add_holder(g, graph_add(g, NS_NET, 405), HOLD_MOUNT, NULL, 0, -1, "/mnt/lab2", host);
	graph_add_holder(g, graph_add(g, NS_UTS, 406), HOLD_MOUNT, NULL, 0, -1, "/run/netns/uts",
			 host);
	graph_add_holder(g, graph_add(g, NS_NET, 407), HOLD_FD, g->processes[0], 0, 3, NULL, NULL);
	graph_seal(g);
	stands_for_namespaces(g, "netns:lab", (const uint64_t[]){ 402, 0 });
	stands_for_namespaces(g, "netns:old", (const uint64_t[]){ 403, 0 });
	stands_for_namespaces(g, "netns:away", (const uint64_t[]){ 404, 0 });
	fails(g, "netns:lab2", -ENOENT,
	      "there is no network namespace named \"lab2\"; did you mean \"lab\"?");
	fails(g, "netns:uts", -ENOENT, "there is no network namespace named \"uts\"");
	fails(g, "netns:host", -ENOENT, "there is no network namespace named \"host\"");
	g->completeness.unread_mounts = 2;
	fails(g, "netns:nothing", -ENOENT,
	      "there is no network namespace named \"nothing\" (the mounts of 2 mount namespaces "
	      "are not known)");
	graph_free(g);
}

static void netns_name_used_elsewhere_twice_is_ambiguous(void **state)
{
	struct graph *g = host_graph();

	(void)state;
	for (uint64_t i = 0; i < 7; i++) {
		struct ns *mnt = graph_add(g, NS_MNT, 301 + i);

		graph_add_holder(g, graph_add(g, NS_NET, 401 + i), HOLD_MOUNT, NULL, 0, -1,
				 i < 2 ? "/run/netns/two" : "/run/netns/lab", mnt);
		graph_add_holder(g, graph_add(g, NS_NET, 408), HOLD_MOUNT, NULL, 0, -1,
				 "/run/netns/lab", mnt);
	}
	graph_seal(g);
	fails(g, "netns:two", -EEXIST, "netns:two may be any of net:[401], net:[402]");
	fails(g, "netns:lab", -EEXIST,
	      "netns:lab may be any of net:[403], net:[404], net:[405], net:[406], net:[407], ...");
	graph_free(g);
}

static void set_map(struct graph *g, uint64_t ino, const struct id_range *ranges, uint32_t count)
{
	struct ns *ns = graph_add(g, NS_USER, ino);

	ns->facts = arena_alloc(&g->arena, sizeof(*ns->facts));
	ns->facts->uid_map = (struct fact_ranges){ fact_known(), count, ranges };
}

static void uid_is_the_user_namespaces_that_map_it(void **state)
{
	static const struct id_range all = { 0, 0, 4294967295U };
	static const struct id_range job[] = { { 0, 1000, 1 }, { 1, 100000, 65536 } };
	static const struct id_range top = { 0, 4294967000U, 295 };
	struct graph *g = host_graph();

	(void)state;
	set_map(g, HOST_USER, &all, 1);
	set_map(g, 501, job, 2);
	set_map(g, 502, &job[1], 1);
	set_map(g, 503, &top, 1);
	graph_seal(g);
	stands_for_namespaces(g, "uid:1000", (const uint64_t[]){ 501, 0 });
	stands_for_namespaces(g, "uid:100000", (const uint64_t[]){ 501, 502, 0 });
	stands_for_namespaces(g, "uid:165535", (const uint64_t[]){ 501, 502, 0 });
	stands_for_namespaces(g, "uid:4294967294", (const uint64_t[]){ 503, 0 });
	/* Only the initial namespace has these. */
	stands_for_namespaces(g, "uid:165536", (const uint64_t[]){ HOST_USER, 0 });
	stands_for_namespaces(g, "uid:999", (const uint64_t[]){ HOST_USER, 0 });
	stands_for_namespaces(g, "uid:1001", (const uint64_t[]){ HOST_USER, 0 });
	graph_free(g);
}

static void uid_that_nobody_maps_says_what_is_not_known(void **state)
{
	struct graph *g = host_graph();

	(void)state;
	set_map(g, HOST_USER, NULL, 0);
	set_map(g, 501, NULL, 0);
	graph_seal(g);
	fails(g, "uid:5", -ENOENT, "no user namespace maps uid 5");
	graph_find(g, NS_USER, 501)->facts->uid_map.fact = fact_none();
	fails(g, "uid:5", -ENOENT, "no user namespace maps uid 5");
	graph_find(g, NS_USER, 501)->facts->uid_map.fact = fact_from_error(-EACCES);
	fails(g, "uid:5", -ENOENT,
	      "no user namespace is known to map uid 5 (the maps of 1 are not known)");
	graph_find(g, NS_USER, 501)->facts = NULL;
	fails(g, "uid:5", -ENOENT,
	      "no user namespace is known to map uid 5 (the maps of 1 are not known)");
	graph_free(g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pid_is_that_process),
		cmocka_unit_test(self_is_the_pid_that_the_caller_filled_in),
		cmocka_unit_test(namespace_is_found_with_and_without_its_type),
		cmocka_unit_test(wrong_type_says_what_the_namespace_is),
		cmocka_unit_test(path_resolves_only_with_its_inode),
		cmocka_unit_test(inner_pid_is_taken_at_the_level_of_its_namespace),
		cmocka_unit_test(inner_pid_of_the_reader_is_counted_from_the_inside),
		cmocka_unit_test(unread_inner_pids_are_mentioned),
		cmocka_unit_test(process_with_hidden_links_may_be_the_inner_pid),
		cmocka_unit_test(ring_of_parents_ends),
		cmocka_unit_test(named_netns_is_that_of_our_mounts),
		cmocka_unit_test(netns_name_used_elsewhere_twice_is_ambiguous),
		cmocka_unit_test(uid_is_the_user_namespaces_that_map_it),
		cmocka_unit_test(uid_that_nobody_maps_says_what_is_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
