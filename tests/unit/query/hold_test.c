/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>

#include <nsview/hold.h>

#include "unit/query/fixture.h"

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

static struct ns *lone_ns(struct graph *g, enum ns_type type)
{
	return graph_add(g, type, other_ino(type, 5));
}

static void assert_kinds(const struct graph *g, const struct ns *ns, const char *expected)
{
	struct reference_list list;
	autobuffer kinds = BUFFER_INIT;

	references_find(g, ns, &list);
	for (size_t i = 0; i < list.n; i++)
		buffer_printf(&kinds, "%s%s", i ? " " : "", holder_names[list.at[i].kind]);
	assert_string_equal(buffer_str(&kinds), expected);
	assert_int_equal(list.n, ns_holds(ns));
	references_release(&list);
}

static void assert_advice(const struct graph *g, const struct ns *ns, const char *expected)
{
	struct reference_list list;
	struct span rest, sentence;
	autobuffer advice = BUFFER_INIT;
	autobuffer lines = BUFFER_INIT;

	references_find(g, ns, &list);
	release_advice(g, ns, &list, &advice);
	rest = (struct span){ buffer_str(&advice), advice.len };
	while (advice_next(&rest, &sentence)) {
		buffer_append(&lines, sentence.data, sentence.len);
		buffer_char(&lines, '\n');
	}
	assert_string_equal(buffer_str(&lines), expected);
	references_release(&list);
}

static void assert_reason(const struct graph *g, const struct ns *ns, const char *expected)
{
	struct reference_list list;

	references_find(g, ns, &list);
	assert_int_equal(list.n, 1);
	assert_string_equal(reference_reason(&list.at[0]), expected);
	references_release(&list);
}

/* Adds a holder, and seals. */
static struct holder *hold(struct graph *g, struct ns *ns, enum holder_kind kind,
			   enum holder_reason reason, struct process *p, int fd, const char *path,
			   struct ns *mnt)
{
	struct holder *h = graph_add_holder(g, ns, kind, p, 0, fd, path, mnt);

	h->reason = reason;
	graph_seal(g);
	return h;
}

static void references_are_told_strongest_first(void **state)
{
	struct graph *g = *state;
	struct process *p = add_apart(g, 7, 1 << NS_NET, 5), *q = add_host(g, 8);
	struct ns *net = lone_ns(g, NS_NET);
	uint64_t ino[NS_LINKS];

	links_apart(ino, 1 << NS_NET, 5);
	graph_add_thread(g, q, 9, ino);
	hold(g, net, HOLD_INFLIGHT, REASON_PLAIN, q, 3, NULL, NULL);
	hold(g, net, HOLD_SOCKET, REASON_PLAIN, q, 4, NULL, NULL);
	hold(g, net, HOLD_FD, REASON_PLAIN, q, 5, NULL, NULL);
	hold(g, net, HOLD_MOUNT, REASON_PLAIN, p, -1, "/x", NULL);
	assert_kinds(g, net, "proc thread mount fd socket inflight");
}

static void a_child_user_namespace_is_one_reference(void **state)
{
	struct graph *g = *state;
	struct ns *user = lone_ns(g, NS_USER), *child = graph_add(g, NS_USER, 99);

	child->owner = child->parent = user;
	graph_add(g, NS_UTS, 100)->owner = user;
	graph_seal(g);
	assert_kinds(g, user, "owner parent");
}

static void what_is_for_children_is_told_with_its_link(void **state)
{
	struct graph *g = *state;
	uint64_t ino[NS_LINKS];
	struct ns *ns;

	links_host(ino);
	ino[LINK_TIME_FOR_CHILDREN] = other_ino(NS_TIME, 5);
	graph_add_process(g, 7, ino);
	graph_seal(g);
	ns = lone_ns(g, NS_TIME);
	assert_kinds(g, ns, "children");
	assert_reason(g, ns, "time_for_children");
	assert_advice(g, ns, "end pid 7, whose children would be born into it\n");
}

static void reasons_tell_what_the_kind_does_not(void **state)
{
	static const struct {
		enum holder_kind kind;
		enum holder_reason reason;
		const char *words;
	} cases[] = {
		{ HOLD_FD, REASON_PLAIN, "" },
		{ HOLD_FD, REASON_O_PATH, "opened with O_PATH" },
		{ HOLD_FD, REASON_UNMOUNTED, "its mount was removed" },
		{ HOLD_FD, REASON_IO_URING, "registered with the io_uring there" },
		{ HOLD_SOCKET, REASON_PLAIN, "a socket of it" },
		{ HOLD_SOCKET, REASON_TUN, "a tun device" },
		{ HOLD_INFLIGHT, REASON_PLAIN, "in that socket's queue" },
		{ HOLD_INFLIGHT, REASON_QUEUED_SOCKET, "a socket of it is in that queue" },
		{ HOLD_MOUNT, REASON_PROCFS, "a procfs that shows it" },
	};
	struct graph *g = *state;
	struct process *p = add_host(g, 8);

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct ns *ns = graph_add(g, NS_NET, 1000 + i);

		hold(g, ns, cases[i].kind, cases[i].reason, p, 3, "/x", NULL);
		assert_reason(g, ns, cases[i].words);
	}
}

static void a_process_that_nobody_collects_is_its_parents_business(void **state)
{
	struct graph *g = *state;
	struct process *p = add_apart(g, 7, 1 << NS_USER, 5);

	p->zombie = true;
	graph_seal(g);
	assert_reason(g, lone_ns(g, NS_USER), "has exited, and nobody has taken its status");
	assert_advice(g, lone_ns(g, NS_USER),
		      "let the parent of pid 7 take its exit status, or end that parent\n");
	facts_of(g, p)->ppid = known_num(6);
	assert_advice(g, lone_ns(g, NS_USER),
		      "let the parent of pid 7, pid 6, take its exit status, or end that parent\n");
}

static void members_end_one_by_one_or_with_their_init(void **state)
{
	static const pid_t chain[] = { 7, 1 };
	struct graph *g = *state;
	struct process *p = add_apart(g, 7, 1 << NS_PID, 5);

	add_apart(g, 8, 1 << NS_PID, 5);
	graph_seal(g);
	assert_advice(g, lone_ns(g, NS_PID), "end pid 7\nend pid 8\n");
	*facts_of(g, p) = (struct process_facts){ .nspid_fact = fact_known(),
						  .nspid_count = 2,
						  .nspid = chain };
	assert_advice(g, lone_ns(g, NS_PID),
		      "end pid 7, its init: all others in it end with that\n");
}

static void many_members_are_a_command_to_list_them(void **state)
{
	struct graph *g = *state;

	for (pid_t pid = 7; pid < 20; pid++)
		add_apart(g, pid, 1 << NS_NET, 5);
	graph_seal(g);
	assert_advice(g, lone_ns(g, NS_NET), "end its 13 processes: nsview ps -a net:4026532503\n");
}

static void descriptors_are_closed_where_they_are(void **state)
{
	struct graph *g = *state;
	struct process *p = add_host(g, 8);
	struct ns *net = lone_ns(g, NS_NET), *uts = lone_ns(g, NS_UTS), *ipc = lone_ns(g, NS_IPC);

	hold(g, net, HOLD_FD, REASON_PLAIN, p, 4, NULL, NULL);
	assert_advice(g, net, "end pid 8, or close its fd 4\n");
	hold(g, uts, HOLD_FD, REASON_PLAIN, p, 4, NULL, NULL)->tid = 9;
	assert_advice(g, uts, "end pid 8, or close fd 4 of its thread 9\n");
	hold(g, ipc, HOLD_FD, REASON_IO_URING, p, 4, NULL, NULL);
	assert_advice(g, ipc,
		      "end pid 8, or have it unregister the file from its io_uring, fd 4\n");
	ipc->holders = NULL;
	ipc->nholders = 0;
	hold(g, ipc, HOLD_INFLIGHT, REASON_PLAIN, p, 5, NULL, NULL);
	assert_advice(g, ipc, "let pid 8 receive what waits at its fd 5, or end it\n");
}

static void mounts_are_undone_where_they_are(void **state)
{
	struct graph *g = *state;
	struct process *p = add_host(g, 8);
	struct ns *net = lone_ns(g, NS_NET), *far = graph_add(g, NS_MNT, 100);
	struct holder *h;

	graph_seal(g);
	g->self[NS_MNT] = g->host[NS_MNT];
	h = hold(g, net, HOLD_MOUNT, REASON_PLAIN, NULL, -1, "/run/netns/lab", g->host[NS_MNT]);
	assert_advice(g, net, "ip netns delete lab\n");
	h->path = "/srv/lab";
	assert_advice(g, net, "umount /srv/lab\n");
	h->mnt = far;
	assert_advice(g, net, "unmount /srv/lab in mnt:[100], or release that: nsview who 100\n");
	h->process = p;
	assert_advice(g, net, "nsenter --target 8 --mount umount /srv/lab\n");
}

static void a_path_that_a_shell_would_take_apart_is_in_no_command(void **state)
{
	static const char *const paths[] = { "/a b", "/a;reboot", "/$(x)", "/a\nb", "-rf" };
	struct graph *g = *state;
	struct ns *net = lone_ns(g, NS_NET);
	struct holder *h;

	h = hold(g, net, HOLD_MOUNT, REASON_PLAIN, NULL, -1, "/x", NULL);
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		struct reference_list list;
		autobuffer advice = BUFFER_INIT;

		h->path = paths[i];
		references_find(g, net, &list);
		release_advice(g, net, &list, &advice);
		assert_null(strstr(buffer_str(&advice), "umount"));
		assert_non_null(strstr(buffer_str(&advice), "unmount"));
		references_release(&list);
	}
}

static void needed_namespaces_come_first(void **state)
{
	struct graph *g = *state;
	struct ns *user = lone_ns(g, NS_USER);

	graph_add(g, NS_UTS, 100)->owner = user;
	graph_seal(g);
	assert_advice(g, user, "first release uts:[100], that it owns: nsview who 100\n");
	graph_add(g, NS_UTS, 101)->owner = user;
	graph_seal(g);
	assert_advice(g, user,
		      "first release the 2 namespaces that it owns: "
		      "nsview ls -Q 'ons == 4026532506'\n");
}

static void the_hosts_own_cannot_be_released(void **state)
{
	struct graph *g = *state;

	add_host(g, 1);
	graph_seal(g);
	assert_advice(g, g->host[NS_NET], "it cannot be: it is the kernel's own\n");
}

static bool unaccounted(const struct graph *g, const struct ns *ns, uint64_t *out)
{
	struct reference_list list;
	bool told;

	references_find(g, ns, &list);
	told = references_unaccounted(ns, &list, out);
	references_release(&list);
	return told;
}

static void mounts_and_descriptors_share_one_reference(void **state)
{
	struct graph *g = *state;
	struct process *p = add_host(g, 8);
	struct ns *net = lone_ns(g, NS_NET);
	uint64_t n;

	hold(g, net, HOLD_FD, REASON_PLAIN, p, 4, NULL, NULL);
	hold(g, net, HOLD_MOUNT, REASON_PLAIN, NULL, -1, "/x", NULL);
	hold(g, net, HOLD_SOCKET, REASON_PLAIN, p, 5, NULL, NULL);
	assert_false(unaccounted(g, net, &n));
	net->refs = known_num(2);
	assert_true(unaccounted(g, net, &n));
	assert_int_equal(n, 0);
	net->refs = known_num(5);
	assert_true(unaccounted(g, net, &n));
	assert_int_equal(n, 3);
	net->refs = known_num(1); /* counted at another moment */
	assert_true(unaccounted(g, net, &n));
	assert_int_equal(n, 0);
}

static void where_tasks_are_no_reference_is_missed(void **state)
{
	struct graph *g = *state;
	struct ns *net = lone_ns(g, NS_NET);
	uint64_t n;

	add_apart(g, 8, 1 << NS_NET, 5);
	graph_seal(g);
	net->refs = known_num(9);
	assert_false(unaccounted(g, net, &n));
}

static void what_was_searched_is_told_in_numbers(void **state)
{
	struct graph *g = *state;
	struct completeness *c = &g->completeness;
	autobuffer text = BUFFER_INIT;

	c->processes = 230;
	c->vanished = 1;
	c->unreadable = 1;
	c->mount_views = 31;
	c->hidden_mounts = 2;
	c->fds = 1;
	c->sockets = 412;
	c->searched = ~0U & ~(1U << SOURCE_PEEK);
	searched_words(g, &text);
	assert_string_equal(buffer_str(&text),
			    "31 mount namespaces (2 without any process), 228 processes and their "
			    "threads, 1 descriptor, 412 sockets, file systems, shared memory, "
			    "children, owned namespaces");
}

static void what_was_not_searched_is_told_with_the_reason(void **state)
{
	struct graph *g = *state;
	struct completeness *c = &g->completeness;
	autobuffer text = BUFFER_INIT;

	c->searched = 1 << SOURCE_FDS;
	not_searched_words(g, &text);
	assert_string_equal(buffer_str(&text), "");
	graph_add_process(g, 77, (const uint64_t[NS_LINKS]){ 0 })->error = -EACCES;
	c->unreadable = c->unread_fds = 1;
	c->unread_queued = 2;
	c->hidden_error = -ENOTTY;
	not_searched_words(g, &text);
	assert_string_equal(buffer_str(&text),
			    "pid 77 (EACCES); mount namespaces without any process (ENOTTY: needs "
			    "Linux 6.12); 2 descriptors in sockets' queues (--peek looks at the "
			    "first)");
}

#define HOLD_TEST(name) cmocka_unit_test_setup_teardown(name, make_graph, free_graph)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOLD_TEST(references_are_told_strongest_first),
		HOLD_TEST(a_child_user_namespace_is_one_reference),
		HOLD_TEST(what_is_for_children_is_told_with_its_link),
		HOLD_TEST(reasons_tell_what_the_kind_does_not),
		HOLD_TEST(a_process_that_nobody_collects_is_its_parents_business),
		HOLD_TEST(members_end_one_by_one_or_with_their_init),
		HOLD_TEST(many_members_are_a_command_to_list_them),
		HOLD_TEST(descriptors_are_closed_where_they_are),
		HOLD_TEST(mounts_are_undone_where_they_are),
		HOLD_TEST(a_path_that_a_shell_would_take_apart_is_in_no_command),
		HOLD_TEST(needed_namespaces_come_first),
		HOLD_TEST(the_hosts_own_cannot_be_released),
		HOLD_TEST(mounts_and_descriptors_share_one_reference),
		HOLD_TEST(where_tasks_are_no_reference_is_missed),
		HOLD_TEST(what_was_searched_is_told_in_numbers),
		HOLD_TEST(what_was_not_searched_is_told_with_the_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
