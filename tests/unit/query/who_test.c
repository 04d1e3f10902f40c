/* SPDX-License-Identifier: MIT */
/* Names for processes and namespaces, strongest first, on graphs made by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <nsview/who.h>

#include "fixture.h"

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

static void assert_ns_who(const struct graph *g, const struct ns *ns, const char *expected)
{
	autobuffer out = BUFFER_INIT;

	assert_int_equal(who_namespace(g, ns, &out).state, FACT_KNOWN);
	assert_string_equal(buffer_str(&out), expected);
}

static void assert_process_who(const struct process *p, bool with_command, const char *expected)
{
	autobuffer out = BUFFER_INIT;

	assert_int_equal(who_process(p, with_command, &out).state, FACT_KNOWN);
	assert_string_equal(buffer_str(&out), expected);
}

/* A network namespace that no task is in. */
static struct ns *lone_ns(struct graph *g, enum ns_type type)
{
	return graph_add(g, type, other_ino(type, 5));
}

static void the_hosts_namespace_is_named_by_its_lowest_pid(void **state)
{
	struct graph *g = *state;
	struct process *init = add_host(g, 1);

	add_host(g, 2);
	graph_seal(g);
	assert_ns_who(g, g->host[NS_NET], "host");
	SET_COMMAND(g, init, "systemd", "/sbin/init\0splash\0");
	assert_ns_who(g, g->host[NS_NET], "host (systemd)");
}

static void the_host_stays_the_host_in_a_unit_of_its_own(void **state)
{
	struct graph *g = *state;
	struct process *init = add_host(g, 1);

	SET_COMMAND(g, init, "systemd", "/sbin/init\0");
	set_identity(g, init, "unit", "init.scope", false);
	graph_seal(g);
	assert_ns_who(g, g->host[NS_UTS], "host (systemd)");
}

static void without_the_hosts_namespaces_nothing_is_called_host(void **state)
{
	struct graph *g = *state;
	struct process *p = add_apart(g, 1, ALL_TYPES, 1);

	SET_COMMAND(g, p, "sh", "sh\0-l\0");
	graph_seal(g);
	for (int t = 0; t < NS_TYPES; t++)
		assert_ns_who(g, p->set->ns[t], "sh -l");
}

static void a_container_is_named_with_its_command(void **state)
{
	struct graph *g = *state;
	struct process *p = add_apart(g, 40, 1 << NS_NET, 1);

	SET_COMMAND(g, p, "nginx", "nginx: master process\0");
	set_identity(g, p, "docker", "web", true);
	graph_seal(g);
	assert_ns_who(g, p->set->ns[NS_NET], "docker:web nginx");
	assert_process_who(p, true, "docker:web nginx");
	assert_process_who(p, false, "docker:web");
}

static void an_identity_needs_no_command_to_be_told(void **state)
{
	struct graph *g = *state;
	struct process *p = add_apart(g, 40, 1 << NS_NET, 1);

	set_identity(g, p, "docker", "web", true);
	assert_process_who(p, true, "docker:web");
}

static void an_identity_that_was_not_claimed_is_not_told(void **state)
{
	struct graph *g = *state;
	struct process *p = add_apart(g, 40, 1 << NS_NET, 1);

	SET_COMMAND(g, p, "sh", "sh\0");
	facts_of(g, p)->identity_fact = fact_none();
	assert_process_who(p, true, "sh");
}

static void arguments_are_joined_by_single_spaces(void **state)
{
	struct graph *g = *state;
	struct process *p = add_host(g, 1);

	SET_COMMAND(g, p, "x",
		    "sleep\0"
		    "1 h\0"
		    "\0"
		    "z\0");
	assert_process_who(p, true, "sleep 1 h  z");
	/* What is left of the area after a program rewrote its title. */
	SET_COMMAND(g, p, "x", "nginx: worker\0\0\0\0");
	assert_process_who(p, true, "nginx: worker");
	SET_COMMAND(g, p, "x", "no-terminator");
	assert_process_who(p, true, "no-terminator");
}

static void a_command_line_is_appended_not_rewritten(void **state)
{
	struct graph *g = *state;
	autobuffer out = BUFFER_INIT;

	buffer_append(&out, "a\0b", 3);
	who_cmdline(known_text(g, "c\0d\0", 4), &out);
	assert_int_equal(out.len, 6);
	assert_memory_equal(out.data, "a\0bc d", 6);
}

static void kernel_threads_stand_in_brackets(void **state)
{
	struct graph *g = *state;
	struct process *p = add_host(g, 2);

	SET_COMMAND(g, p, "kthreadd", "");
	assert_process_who(p, true, "[kthreadd]");
	facts_of(g, p)->cmdline = (struct fact_text){ .fact = fact_none() };
	assert_process_who(p, true, "[kthreadd]");
}

static void an_unread_command_line_makes_no_kernel_thread(void **state)
{
	struct graph *g = *state;
	struct process *p = add_host(g, 2);

	SET_COMMAND(g, p, "nginx", "");
	facts_of(g, p)->cmdline = (struct fact_text){ .fact = fact_from_error(-13) };
	assert_process_who(p, true, "nginx");
}

static void a_name_that_was_not_read_is_not_guessed(void **state)
{
	struct graph *g = *state;
	struct process *p = add_apart(g, 2, 1 << NS_NET, 1);
	autobuffer out = BUFFER_INIT;

	graph_seal(g);
	assert_int_equal(who_process(p, true, &out).state, FACT_UNREAD);
	assert_int_equal(who_namespace(g, p->set->ns[NS_NET], &out).state, FACT_UNREAD);
	facts_of(g, p)->comm.fact = facts_of(g, p)->cmdline.fact = fact_from_error(-13);
	assert_int_equal(who_namespace(g, p->set->ns[NS_NET], &out).state, FACT_DENIED);
	assert_string_equal(buffer_str(&out), "");
}

static void a_network_is_called_by_its_name(void **state)
{
	struct graph *g = *state;
	struct process *p = add_apart(g, 40, 1 << NS_NET, 1);
	struct ns *net = p->set->ns[NS_NET];

	SET_COMMAND(g, p, "bash", "bash\0");
	set_identity(g, p, "session", "3", false);
	graph_add_holder(g, net, HOLD_MOUNT, NULL, 0, -1, "/run/netns/lab", NULL);
	graph_seal(g);
	assert_string_equal(ns_netns_name(net), "lab");
	assert_ns_who(g, net, "netns:lab");
	/* The mount that an engine makes for a container tells less than the container. */
	set_identity(g, p, "docker", "web", true);
	assert_ns_who(g, net, "docker:web bash");
}

static void only_names_in_the_directory_of_named_networks_count(void **state)
{
	static const char *const no_names[] = { "/run/netns/", "/run/netns/a/b", "/run/netnsx/lab",
						"/mnt/run/netns/lab" };
	struct graph *g = *state;
	struct ns *uts = lone_ns(g, NS_UTS);
	struct ns *net = lone_ns(g, NS_NET);

	for (size_t i = 0; i < sizeof(no_names) / sizeof(*no_names); i++)
		graph_add_holder(g, net, HOLD_MOUNT, NULL, 0, -1, no_names[i], NULL);
	graph_add_holder(g, uts, HOLD_MOUNT, NULL, 0, -1, "/run/netns/odd", NULL);
	assert_null(ns_netns_name(net));
	assert_null(ns_netns_name(uts));
	graph_add_holder(g, net, HOLD_MOUNT, NULL, 0, -1, "/var/run/netns/old", NULL);
	assert_string_equal(ns_netns_name(net), "old");
}

static void a_thread_is_named_by_its_process(void **state)
{
	struct graph *g = *state;
	struct process *p = add_host(g, 40);
	uint64_t ino[NS_LINKS];

	SET_COMMAND(g, p, "java", "java\0-jar\0");
	links_apart(ino, 1 << NS_NET, 1);
	graph_add_thread(g, p, 43, ino);
	graph_seal(g);
	assert_ns_who(g, graph_find(g, NS_NET, other_ino(NS_NET, 1)), "java -jar (thread 43)");
}

static void a_namespace_for_children_says_so(void **state)
{
	struct graph *g = *state;
	uint64_t ino[NS_LINKS];
	struct process *p;
	struct ns *ns;

	links_host(ino);
	ino[LINK_PID_FOR_CHILDREN] = other_ino(NS_PID, 1);
	p = graph_add_process(g, 40, ino);
	graph_seal(g);
	ns = graph_find(g, NS_PID, other_ino(NS_PID, 1));
	assert_ns_who(g, ns, "for children of 40");
	SET_COMMAND(g, p, "unshare", "unshare\0-p\0");
	assert_ns_who(g, ns, "for children of 40 unshare -p");
}

static void a_mount_is_named_by_its_path_our_own_first(void **state)
{
	struct graph *g = *state;
	struct ns *ns = lone_ns(g, NS_MNT);
	struct ns *far = graph_add(g, NS_MNT, 100), *own = graph_add(g, NS_MNT, 200);

	graph_add_holder(g, ns, HOLD_MOUNT, NULL, 0, -1, "/far", far);
	graph_seal(g);
	assert_ns_who(g, ns, "/far in mnt:[100]");
	graph_add_holder(g, ns, HOLD_MOUNT, add_host(g, 7), 0, -1, "/seen", far);
	graph_seal(g);
	assert_ns_who(g, ns, "/seen");
	graph_add_holder(g, ns, HOLD_MOUNT, NULL, 0, -1, "/own", own);
	g->self[NS_MNT] = own;
	graph_seal(g);
	assert_ns_who(g, ns, "/own");
}

static void a_descriptor_is_named_by_who_holds_it(void **state)
{
	struct graph *g = *state;
	struct process *p = add_host(g, 20591);
	struct ns *net = lone_ns(g, NS_NET), *user = lone_ns(g, NS_USER);

	graph_add_holder(g, net, HOLD_FD, p, 0, 4, NULL, NULL);
	graph_add_holder(g, user, HOLD_FD, p, 0, 5, NULL, NULL);
	graph_seal(g);
	assert_ns_who(g, net, "pid 20591 fd 4");
	assert_ns_who(g, user, "pid 20591 fd 5");
	user->holders->reason = REASON_UNMOUNTED;
	assert_ns_who(g, user, "pid 20591 fd 5 (name deleted)");
	/* Something does name it. */
	graph_add_holder(g, net, HOLD_MOUNT, NULL, 0, -1, "/run/netns/lab", NULL);
	graph_seal(g);
	assert_ns_who(g, net, "netns:lab");
}

static void relations_are_the_last_resort(void **state)
{
	struct graph *g = *state;
	struct ns *user = lone_ns(g, NS_USER), *pid = lone_ns(g, NS_PID);
	struct ns *child = graph_add(g, NS_PID, 77);
	autobuffer out = BUFFER_INIT;

	graph_seal(g);
	assert_int_equal(who_namespace(g, pid, &out).state, FACT_NONE);
	child->parent = pid;
	child->owner = user;
	graph_seal(g);
	assert_ns_who(g, pid, "parent of 1 namespace");
	assert_ns_who(g, user, "owns 1 namespace");
	pid->owner = user;
	graph_seal(g);
	assert_ns_who(g, user, "owns 2 namespaces");
}

static void the_subject_is_the_lead_else_whoever_leads_there(void **state)
{
	struct graph *g = *state;
	struct process *p = add_host(g, 40);
	uint64_t ino[NS_LINKS];

	links_apart(ino, 1 << NS_NET, 1);
	graph_add_thread(g, p, 43, ino);
	lone_ns(g, NS_UTS);
	graph_seal(g);
	assert_ptr_equal(ns_subject(g->host[NS_NET]), p);
	assert_ptr_equal(ns_subject(graph_find(g, NS_NET, other_ino(NS_NET, 1))), p);
	assert_null(ns_subject(graph_find(g, NS_UTS, other_ino(NS_UTS, 5))));
}

int main(void)
{
#define WHO_TEST(test) cmocka_unit_test_setup_teardown(test, make_graph, free_graph)
	const struct CMUnitTest tests[] = {
		WHO_TEST(the_hosts_namespace_is_named_by_its_lowest_pid),
		WHO_TEST(the_host_stays_the_host_in_a_unit_of_its_own),
		WHO_TEST(without_the_hosts_namespaces_nothing_is_called_host),
		WHO_TEST(a_container_is_named_with_its_command),
		WHO_TEST(an_identity_needs_no_command_to_be_told),
		WHO_TEST(an_identity_that_was_not_claimed_is_not_told),
		WHO_TEST(arguments_are_joined_by_single_spaces),
		WHO_TEST(a_command_line_is_appended_not_rewritten),
		WHO_TEST(kernel_threads_stand_in_brackets),
		WHO_TEST(an_unread_command_line_makes_no_kernel_thread),
		WHO_TEST(a_name_that_was_not_read_is_not_guessed),
		WHO_TEST(a_network_is_called_by_its_name),
		WHO_TEST(only_names_in_the_directory_of_named_networks_count),
		WHO_TEST(a_thread_is_named_by_its_process),
		WHO_TEST(a_namespace_for_children_says_so),
		WHO_TEST(a_mount_is_named_by_its_path_our_own_first),
		WHO_TEST(a_descriptor_is_named_by_who_holds_it),
		WHO_TEST(relations_are_the_last_resort),
		WHO_TEST(the_subject_is_the_lead_else_whoever_leads_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
