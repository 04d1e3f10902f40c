/* SPDX-License-Identifier: MIT */
/* Targets by container and unit, on graphs built by hand. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "target_sample.h"

static void add_identity(struct graph *g, pid_t pid, const char *kind, const char *name,
			 const char *id, bool container)
{
	struct process *p = add_process(g, pid, 0);
	struct identity *identity = arena_alloc(&g->arena, sizeof(*identity));

	*identity = (struct identity){
		.kind = kind, .name = name, .id = id, .evidence = "", .container = container
	};
	p->facts->identity_fact = fact_known();
	p->facts->identity = identity;
}

#define WEB "3f2a91bc0d1e77aa55"
#define DB  "3f2a00000000000000"
#define POD "3f9900000000000000"

static struct graph *container_graph(void)
{
	struct graph *g = host_graph();

	add_identity(g, 10, "docker", "web", WEB, true);
	add_identity(g, 11, "docker", "web", WEB, true);
	add_identity(g, 20, "docker", "db", DB, true);
	add_identity(g, 30, "podman", "db", POD, true);
	add_identity(g, 40, "unit", "ssh.service", "ssh.service", false);
	add_identity(g, 41, "unit", "ssh.socket", "ssh.socket", false);
	add_identity(g, 42, "unit", "web", "web", false);
	add_identity(g, 43, "unit", "ssh.service", "user@1000.service/ssh.service", false);
	add_identity(g, 44, "session", "ssh.service", "session-1.scope", false);
	g->processes[0]->facts->identity_fact = fact_none();
	graph_seal(g);
	return g;
}

static void container_is_found_by_name_kind_and_id(void **state)
{
	struct graph *g = container_graph();

	(void)state;
	stands_for_processes(g, "ctr:web", (const pid_t[]){ 10, 11, 0 });
	stands_for_processes(g, "ctr:docker:web", (const pid_t[]){ 10, 11, 0 });
	stands_for_processes(g, "ctr:docker:db", (const pid_t[]){ 20, 0 });
	stands_for_processes(g, "ctr:podman:db", (const pid_t[]){ 30, 0 });
	stands_for_processes(g, "ctr:3f2a9", (const pid_t[]){ 10, 11, 0 });
	stands_for_processes(g, "ctr:" DB, (const pid_t[]){ 20, 0 });
	stands_for_processes(g, "ctr:3f9", (const pid_t[]){ 30, 0 });
	graph_free(g);
}

static void ambiguous_container_lists_its_candidates(void **state)
{
	struct graph *g = container_graph();

	(void)state;
	fails(g, "ctr:db", -EEXIST,
	      "ctr:db may be any of docker:db (3f2a00000000), podman:db (3f9900000000)");
	fails(g, "ctr:3f2a", -EEXIST,
	      "ctr:3f2a may be any of docker:web (3f2a91bc0d1e), docker:db (3f2a00000000)");
	graph_free(g);
}

static void users_own_claim_makes_no_name_ambiguous(void **state)
{
	struct graph *g = container_graph();
	struct identity *forged = (struct identity *)g->processes[1]->facts->identity;

	(void)state;
	/* In either order: the first is pid 10, whose other half is pid 11. */
	assert_int_equal(g->processes[1]->pid, 10);
	forged->kind = "firejail";
	forged->id = "10";
	forged->by_user = true;
	stands_for_processes(g, "ctr:web", (pid_t[]){ 11, 0 });
	stands_for_processes(g, "ctr:firejail:web", (pid_t[]){ 10, 0 });
	graph_free(g);
}

static void same_id_of_another_kind_is_another_container(void **state)
{
	struct graph *g = host_graph();

	(void)state;
	add_identity(g, 10, "lxc", "web", "web", true);
	add_identity(g, 11, "machine", "web", "web", true);
	graph_seal(g);
	fails(g, "ctr:web", -EEXIST, "ctr:web may be any of lxc:web (web), machine:web (web)");
	stands_for_processes(g, "ctr:machine:web", (const pid_t[]){ 11, 0 });
	graph_free(g);
}

static void one_letter_is_no_id_prefix(void **state)
{
	struct graph *g = host_graph();

	(void)state;
	add_identity(g, 10, "docker", "web", "abcdef", true);
	g->processes[0]->facts->identity_fact = fact_none();
	graph_seal(g);
	fails(g, "ctr:a", -ENOENT, "there is no container \"a\"");
	stands_for_processes(g, "ctr:ab", (const pid_t[]){ 10, 0 });
	graph_free(g);
}

static void exact_name_beats_id_prefixes(void **state)
{
	struct graph *g = host_graph();

	(void)state;
	add_identity(g, 10, "docker", "one", "abcdef1", true);
	add_identity(g, 11, "docker", "abcd", "1234567", true);
	add_identity(g, 12, "docker", "two", "abcdef2", true);
	graph_seal(g);
	stands_for_processes(g, "ctr:abcd", (const pid_t[]){ 11, 0 });
	graph_free(g);
}

static void many_candidates_are_cut_after_five(void **state)
{
	static const char *const ids[] = { "ab1", "ab2", "ab3", "ab4", "ab5", "ab6", "ab7" };
	struct graph *g = host_graph();

	(void)state;
	for (int i = 0; i < 5; i++)
		add_identity(g, 10 + i, "lxc", "x", ids[i], true);
	graph_seal(g);
	fails(g, "ctr:ab", -EEXIST,
	      "ctr:ab may be any of lxc:x (ab1), lxc:x (ab2), lxc:x (ab3), lxc:x (ab4), lxc:x "
	      "(ab5)");
	for (int i = 5; i < 7; i++)
		add_identity(g, 10 + i, "lxc", "x", ids[i], true);
	graph_seal(g);
	fails(g, "ctr:ab", -EEXIST,
	      "ctr:ab may be any of lxc:x (ab1), lxc:x (ab2), lxc:x (ab3), lxc:x (ab4), lxc:x "
	      "(ab5), ...");
	graph_free(g);
}

static void hostile_names_are_escaped_in_sentences(void **state)
{
	struct graph *g = host_graph();

	(void)state;
	add_identity(g, 10, "docker", "a\x1b[2J", "ab1\n", true);
	add_identity(g, 11, "docker", "b", "ab2", true);
	g->processes[0]->facts->identity_fact = fact_none();
	graph_seal(g);
	fails(g, "ctr:ab", -EEXIST,
	      "ctr:ab may be any of docker:a\\x1b[2J (ab1\\n), docker:b (ab2)");
	fails(g, "ctr:c\x1b[2J", -ENOENT,
	      "there is no container \"c\\x1b[2J\"; did you mean \"a\\x1b[2J\"?");
	graph_free(g);
}

static void missing_container_may_be_one_without_a_name(void **state)
{
	struct graph *g = host_graph();

	(void)state;
	add_identity(g, 10, "podman", "4663d5e9a295", "4663d5e9a2952998f7d5", true);
	g->processes[0]->facts->identity_fact = fact_none();
	graph_seal(g);
	fails(g, "ctr:web", -ENOENT,
	      "there is no container \"web\" (some are known by their id alone: nsview ps has "
	      "them)");
	fails(g, "unit:web", -ENOENT, "there is no unit \"web\"");
	graph_free(g);
}

static void missing_container_names_the_nearest_and_what_is_not_known(void **state)
{
	struct graph *g = container_graph();

	(void)state;
	fails(g, "ctr:wbe", -ENOENT, "there is no container \"wbe\"; did you mean \"web\"?");
	/* Units are no containers, however near their names. */
	fails(g, "ctr:ssh.service", -ENOENT, "there is no container \"ssh.service\"");
	g->processes[0]->facts->identity_fact = fact_from_error(-EACCES);
	fails(g, "ctr:nothing", -ENOENT,
	      "there is no container \"nothing\" (what 1 of 10 processes belong to is not known)");
	graph_free(g);
}

static void unit_is_found_with_and_without_its_suffix(void **state)
{
	struct graph *g = container_graph();

	(void)state;
	stands_for_processes(g, "unit:ssh.service", (const pid_t[]){ 40, 43, 0 });
	stands_for_processes(g, "unit:ssh", (const pid_t[]){ 40, 43, 0 });
	stands_for_processes(g, "unit:ssh.socket", (const pid_t[]){ 41, 0 });
	stands_for_processes(g, "unit:web", (const pid_t[]){ 42, 0 });
	fails(g, "unit:ssh.serv", -ENOENT,
	      "there is no unit \"ssh.serv\"; did you mean "
	      "\"ssh.service\"?");
	graph_free(g);
}

static void targets_that_overlap_select_once(void **state)
{
	struct graph *g = container_graph();
	struct selection sel = { 0 };
	struct error err;

	(void)state;
	assert_int_equal(resolve(g, "11", &sel, &err), 0);
	assert_int_equal(resolve(g, "ctr:web", &sel, &err), 0);
	assert_int_equal(resolve(g, "ctr:docker:web", &sel, &err), 0);
	assert_int_equal(resolve(g, "10", &sel, &err), 0);
	assert_int_equal(sel.nprocesses, 2);
	assert_int_equal(sel.processes[0]->pid, 11);
	assert_int_equal(sel.processes[1]->pid, 10);
	selection_release(&sel);
	graph_free(g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(container_is_found_by_name_kind_and_id),
		cmocka_unit_test(ambiguous_container_lists_its_candidates),
		cmocka_unit_test(users_own_claim_makes_no_name_ambiguous),
		cmocka_unit_test(same_id_of_another_kind_is_another_container),
		cmocka_unit_test(one_letter_is_no_id_prefix),
		cmocka_unit_test(exact_name_beats_id_prefixes),
		cmocka_unit_test(many_candidates_are_cut_after_five),
		cmocka_unit_test(hostile_names_are_escaped_in_sentences),
		cmocka_unit_test(missing_container_may_be_one_without_a_name),
		cmocka_unit_test(missing_container_names_the_nearest_and_what_is_not_known),
		cmocka_unit_test(unit_is_found_with_and_without_its_suffix),
		cmocka_unit_test(targets_that_overlap_select_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
