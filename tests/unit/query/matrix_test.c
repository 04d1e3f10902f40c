/* SPDX-License-Identifier: MIT */
/* Rows, letters and marks of `nsview ps`, on graphs made by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <nsview/matrix.h>

#include "fixture.h"

enum {
	CONTAINER = 1 << NS_PID | 1 << NS_NET | 1 << NS_MNT | 1 << NS_UTS | 1 << NS_IPC |
		    1 << NS_CGROUP,
	AGENT = 1 << NS_MNT | 1 << NS_UTS | 1 << NS_CGROUP,
};

static int make_graph(void **state)
{
	*state = graph_new();
	return 0;
}

static int free_graph(void **state)
{
	graph_free(*state);
	return 0;
}

static void build(struct matrix *m, struct graph *g, bool by_set)
{
	graph_seal(g);
	matrix_build(m, g, g->processes, g->nprocesses, by_set);
}

static void letters_go_on_after_z(void **state)
{
	static const struct {
		unsigned letter;
		const char *text;
	} cases[] = {
		{ 0, "A" },
		{ 25, "Z" },
		{ 26, "AA" },
		{ 51, "AZ" },
		{ 52, "BA" },
		{ 26 + 26 * 26 - 1, "ZZ" },
		{ 26 + 26 * 26, "AAA" },
		{ UINT32_MAX, "MWLQKWV" },
	};
	char text[8];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		matrix_letter(cases[i].letter, text);
		assert_string_equal(text, cases[i].text);
	}
}

static void hosts_row_is_first_and_all_a(void **state)
{
	struct graph *g = *state;
	struct matrix m;

	add_apart(g, 40, CONTAINER, 1);
	add_host(g, 50);
	build(&m, g, true);
	assert_int_equal(m.n, 2);
	assert_true(m.reference_is_host);
	assert_true(m.rows[0].host);
	assert_int_equal(m.rows[0].process->pid, 50);
	for (int t = 0; t < NS_TYPES; t++)
		assert_int_equal(m.rows[0].cell[t].letter, 0);
	assert_false(m.rows[1].host);
	matrix_release(&m);
}

static void letters_rise_by_first_appearance_in_each_type(void **state)
{
	struct graph *g = *state;
	struct matrix m;

	add_host(g, 1);
	add_apart(g, 40, CONTAINER, 9);
	add_apart(g, 50, AGENT, 2);
	add_apart(g, 60, 1 << NS_NET, 9);
	build(&m, g, true);
	assert_int_equal(m.n, 4);
	assert_int_equal(m.rows[1].cell[NS_NET].letter, 1);
	assert_int_equal(m.rows[1].cell[NS_MNT].letter, 1);
	assert_int_equal(m.rows[2].cell[NS_MNT].letter, 2);
	assert_true(m.rows[2].cell[NS_NET].host);
	/* The first container's network again: the same letter. */
	assert_int_equal(m.rows[3].cell[NS_NET].letter, 1);
	assert_ptr_equal(m.rows[3].cell[NS_NET].ns, m.rows[1].cell[NS_NET].ns);
	matrix_release(&m);
}

static void a_stays_the_hosts_where_no_row_is_the_hosts(void **state)
{
	struct graph *g = *state;
	struct process *only;
	struct matrix m;

	add_host(g, 1);
	only = add_apart(g, 40, 1 << NS_NET, 1);
	graph_seal(g);
	matrix_build(&m, g, &only, 1, true);
	assert_int_equal(m.n, 1);
	assert_false(m.rows[0].host);
	assert_int_equal(m.rows[0].cell[NS_NET].letter, 1);
	assert_false(m.rows[0].cell[NS_NET].host);
	assert_true(m.rows[0].cell[NS_PID].host);
	matrix_release(&m);
}

static void for_children_links_do_not_split_a_row(void **state)
{
	struct graph *g = *state;
	uint64_t ino[NS_LINKS];
	struct matrix m;

	links_host(ino);
	ino[LINK_PID_FOR_CHILDREN] = other_ino(NS_PID, 1);
	graph_add_process(g, 30, ino);
	add_host(g, 20);
	add_host(g, 70);
	build(&m, g, true);
	assert_int_equal(g->nsets, 2);
	assert_int_equal(m.n, 1);
	assert_int_equal(m.rows[0].process->pid, 20);
	assert_int_equal(m.rows[0].nprocs, 3);
	matrix_release(&m);
}

static void a_row_is_led_by_the_lowest_pid_given(void **state)
{
	struct graph *g = *state;
	struct process *list[2];
	struct matrix m;

	add_host(g, 10);
	list[0] = add_host(g, 30);
	list[1] = add_host(g, 20);
	graph_seal(g);
	matrix_build(&m, g, list, 2, true);
	assert_int_equal(m.n, 1);
	assert_int_equal(m.rows[0].process->pid, 20);
	/* But it says how many there are, not how many were given. */
	assert_int_equal(m.rows[0].nprocs, 3);
	matrix_release(&m);
}

static void what_a_container_shares_with_the_host_is_notable(void **state)
{
	struct graph *g = *state;
	struct process *agent;
	struct matrix m;

	add_host(g, 1);
	agent = add_apart(g, 50, AGENT, 1);
	set_identity(g, agent, "docker", "agent", true);
	build(&m, g, true);
	assert_true(m.rows[1].cell[NS_NET].notable);
	assert_true(m.rows[1].cell[NS_PID].notable);
	assert_true(m.rows[1].cell[NS_IPC].notable);
	assert_false(m.rows[1].cell[NS_MNT].notable);
	/* Containers share these as a rule. */
	assert_true(m.rows[1].cell[NS_USER].host);
	assert_false(m.rows[1].cell[NS_USER].notable);
	assert_false(m.rows[1].cell[NS_TIME].notable);
	matrix_release(&m);
}

static void what_a_service_shares_with_the_host_is_not_notable(void **state)
{
	struct graph *g = *state;
	struct matrix m;

	add_host(g, 1);
	set_identity(g, add_apart(g, 50, AGENT, 1), "unit", "agent.service", false);
	build(&m, g, true);
	for (int t = 0; t < NS_TYPES; t++)
		assert_false(m.rows[1].cell[t].notable);
	matrix_release(&m);
}

static void a_container_in_all_of_the_hosts_namespaces_is_not_the_host(void **state)
{
	struct graph *g = *state;
	struct matrix m;

	add_host(g, 1);
	set_identity(g, add_host(g, 50), "docker", "privileged", true);
	build(&m, g, false);
	assert_int_equal(m.n, 2);
	assert_true(m.rows[0].host);
	assert_false(m.rows[0].cell[NS_NET].notable);
	assert_false(m.rows[1].host);
	assert_true(m.rows[1].cell[NS_NET].notable);
	matrix_release(&m);
}

static void without_the_host_our_own_namespaces_are_the_measure(void **state)
{
	struct graph *g = *state;
	struct process *self, *guest;
	struct matrix m;

	self = add_apart(g, 1, ALL_TYPES & ~(1 << NS_NET), 1);
	guest = add_apart(g, 5, ALL_TYPES & ~(1 << NS_NET), 2);
	set_identity(g, guest, "docker", "inner", true);
	for (int t = 0; t < NS_TYPES; t++)
		g->self[t] = self->set->ns[t];
	build(&m, g, true);
	/* The network is the host's, the rest is not to be seen. */
	assert_non_null(g->host[NS_NET]);
	assert_false(m.reference_is_host);
	assert_ptr_equal(m.reference[NS_PID], self->set->ns[NS_PID]);
	assert_true(m.rows[0].host);
	assert_true(m.rows[1].cell[NS_NET].host);
	assert_false(m.rows[1].cell[NS_NET].notable);
	matrix_release(&m);
}

static void each_process_has_its_row_in_the_given_order(void **state)
{
	struct graph *g = *state;
	struct process *list[3];
	struct matrix m;
	struct process *unlisted;

	list[0] = add_apart(g, 40, CONTAINER, 1);
	list[1] = add_host(g, 50);
	list[2] = add_host(g, 20);
	unlisted = add_host(g, 30);
	graph_seal(g);
	matrix_build(&m, g, list, 3, false);
	assert_int_equal(m.n, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_ptr_equal(m.rows[i].process, list[i]);
		assert_ptr_equal(matrix_find(&m, list[i]), &m.rows[i]);
	}
	assert_null(matrix_find(&m, unlisted));
	assert_int_equal(m.rows[1].nprocs, 3);
	assert_int_equal(m.rows[2].cell[NS_NET].letter, 0);
	matrix_release(&m);
}

static void a_set_is_found_by_any_of_its_members(void **state)
{
	struct graph *g = *state;
	struct process *list[2], *other, *stranger;
	struct matrix m;

	list[0] = add_apart(g, 40, CONTAINER, 1);
	list[1] = add_host(g, 50);
	other = add_apart(g, 41, CONTAINER, 1);
	stranger = add_apart(g, 42, CONTAINER, 2);
	graph_seal(g);
	matrix_build(&m, g, list, 2, true);
	/* The host's row moved to the front. */
	assert_ptr_equal(matrix_find(&m, list[1]), &m.rows[0]);
	assert_ptr_equal(matrix_find(&m, other), &m.rows[1]);
	assert_null(matrix_find(&m, stranger));
	matrix_release(&m);
}

static void what_a_zombie_left_has_no_letter(void **state)
{
	struct graph *g = *state;
	uint64_t ino[NS_LINKS] = { 0 };
	struct matrix m;

	add_host(g, 1);
	ino[NS_USER] = host_ino(NS_USER);
	ino[NS_PID] = host_ino(NS_PID);
	graph_add_process(g, 9, ino)->zombie = true;
	build(&m, g, true);
	assert_int_equal(m.n, 2);
	assert_false(m.rows[1].host);
	assert_true(m.rows[1].cell[NS_PID].host);
	assert_null(m.rows[1].cell[NS_NET].ns);
	assert_false(m.rows[1].cell[NS_NET].host);
	matrix_release(&m);
}

static void unreadable_processes_are_not_the_hosts(void **state)
{
	struct graph *g = *state;
	uint64_t ino[NS_LINKS] = { 0 };
	struct matrix m;

	graph_add_process(g, 9, ino)->error = -13;
	build(&m, g, true);
	assert_int_equal(m.n, 1);
	assert_false(m.rows[0].host);
	assert_false(m.reference_is_host);
	matrix_release(&m);
}

static void no_processes_make_no_rows(void **state)
{
	struct graph *g = *state;
	struct matrix m;

	build(&m, g, true);
	assert_int_equal(m.n, 0);
	matrix_release(&m);
	matrix_build(&m, g, g->processes, 0, false);
	assert_int_equal(m.n, 0);
	matrix_release(&m);
}

int main(void)
{
#define MATRIX_TEST(test) cmocka_unit_test_setup_teardown(test, make_graph, free_graph)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_go_on_after_z),
		MATRIX_TEST(hosts_row_is_first_and_all_a),
		MATRIX_TEST(letters_rise_by_first_appearance_in_each_type),
		MATRIX_TEST(a_stays_the_hosts_where_no_row_is_the_hosts),
		MATRIX_TEST(for_children_links_do_not_split_a_row),
		MATRIX_TEST(a_row_is_led_by_the_lowest_pid_given),
		MATRIX_TEST(what_a_container_shares_with_the_host_is_notable),
		MATRIX_TEST(what_a_service_shares_with_the_host_is_not_notable),
		MATRIX_TEST(a_container_in_all_of_the_hosts_namespaces_is_not_the_host),
		MATRIX_TEST(without_the_host_our_own_namespaces_are_the_measure),
		MATRIX_TEST(each_process_has_its_row_in_the_given_order),
		MATRIX_TEST(a_set_is_found_by_any_of_its_members),
		MATRIX_TEST(what_a_zombie_left_has_no_letter),
		MATRIX_TEST(unreadable_processes_are_not_the_hosts),
		MATRIX_TEST(no_processes_make_no_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
