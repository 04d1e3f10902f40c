/* SPDX-License-Identifier: MIT */
/* The answers of `nsview who`, on a host made by hand. */
// wrap: getpwuid_r getgrgid_r
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>

#include "sample.h"

static char *who_page(const struct sample *s, struct ns *ns, bool all)
{
	struct paper paper = paper_new(0, true);

	assert_non_null(ns);
	paper_open(&paper);
	assert_int_equal(who_print(&paper.term, s->g, &ns, 1, all), 0);
	return (char *)paper_read(&paper);
}

static json_t *who_document(const struct sample *s, struct ns *ns)
{
	struct paper paper = paper_new(0, true);
	json_error_t error;
	json_t *root;

	paper_open(&paper);
	assert_int_equal(who_json(&paper.term, s->g, &ns, 1), 0);
	root = json_loads(paper_read(&paper), 0, &error);
	if (!root)
		fail_msg("%s at %d in:\n%s", error.text, error.position, paper.text);
	free(paper.text);
	return root;
}

static void a_descriptor_is_told_with_its_reason_and_release(void **state)
{
	const struct sample *s = *state;
	struct ns *ns = sample_ns(s, NS_NET, 5);
	struct completeness *c = &s->g->completeness;
	char *text;

	ns->holders->reason = REASON_UNMOUNTED;
	c->processes = 5;
	c->searched = 1 << SOURCE_FDS | 1 << SOURCE_ALL_MOUNTS | 1 << SOURCE_ANCESTORS;
	c->mount_views = 2;
	c->fds = 31;
	text = who_page(s, ns, false);
	assert_string_equal(text, "net:[4026532503] has 0 processes and is kept alive by:\n"
				  "  fd       pid 4124 (nginx) fd 4   its mount was removed\n"
				  "searched: 2 mount namespaces, 4 processes and their threads, 31 "
				  "descriptors, children, owned namespaces\n"
				  "not searched: pid 77 (EACCES)\n"
				  "To release it: end pid 4124, or close its fd 4.\n");
	free(text);
}

static void several_references_take_several_steps(void **state)
{
	const struct sample *s = *state;
	struct ns *ns = sample_ns(s, NS_NET, 4);
	char *text;

	graph_add_holder(s->g, ns, HOLD_FD, s->web, 4199, 7, NULL, NULL);
	graph_seal(s->g);
	text = who_page(s, ns, false);
	assert_says(text, "  mount    /run/netns/lab\n"
			  "  fd       pid 4123 (nginx) thread 4199 fd 7\n");
	assert_says(text, "To release it, all of:\n"
			  "  umount /run/netns/lab\n"
			  "  end pid 4123, or close fd 7 of its thread 4199\n");
	free(text);
}

static void a_mount_elsewhere_says_where(void **state)
{
	const struct sample *s = *state;
	struct ns *ns = sample_ns(s, NS_NET, 4), *hidden = graph_add(s->g, NS_MNT, 100);
	char *text;

	ns->holders = NULL;
	ns->nholders = 0;
	graph_add_holder(s->g, ns, HOLD_MOUNT, s->web, 0, -1, "/a", sample_ns(s, NS_MNT, 1));
	graph_add_holder(s->g, ns, HOLD_MOUNT, NULL, 0, -1, "/b", hidden);
	graph_seal(s->g);
	text = who_page(s, ns, false);
	assert_says(text, "  mount    /a in mnt:[4026532102] docker:web nginx\n");
	assert_says(text, "  mount    /b in mnt:[100] (without any process)\n");
	free(text);
}

static void what_lives_for_no_visible_reason_is_not_called_gone(void **state)
{
	const struct sample *s = *state;
	struct ns *ns = graph_add(s->g, NS_MNT, 100);
	char *text;

	ns->refs = known_num(2);
	graph_seal(s->g);
	text = who_page(s, ns, false);
	assert_says(text, "mnt:[100] has 0 processes; nothing that could be seen keeps it alive\n"
			  "  kernel   2 references not accounted for\n"
			  "It lives, so");
	assert_says_not(text, "To release it");
	free(text);
}

static void of_many_the_first_are_shown_unless_all_are_asked_for(void **state)
{
	const struct sample *s = *state;
	struct ns *ns = sample_ns(s, NS_NET, 5);
	char *text;

	for (int fd = 10; fd < 40; fd++)
		graph_add_holder(s->g, ns, HOLD_FD, s->worker, 0, fd, NULL, NULL);
	graph_seal(s->g);
	text = who_page(s, ns, false);
	assert_says(text, "  fd       and 11 more (--all)\n");
	assert_says(text, "  and 26 more of kind fd in the same way\n");
	assert_says_not(text, "fd 39\n");
	free(text);
	text = who_page(s, ns, true);
	assert_says(text, "fd 39\n");
	assert_says_not(text, "--all");
	free(text);
}

static void names_cannot_forge_rows(void **state)
{
	const struct sample *s = *state;
	struct ns *ns = sample_ns(s, NS_NET, 5);
	char *text;

	SET_COMMAND(s->g, s->worker, "a\n  fd \033[31m", "x\0");
	graph_add_holder(s->g, ns, HOLD_MOUNT, NULL, 0, -1, "/a\n  mount /b", NULL);
	graph_seal(s->g);
	text = who_page(s, ns, false);
	assert_says(text, "  mount    /a\\n  mount /b\n");
	assert_says(text, "(a\\n  fd \\x1b[31m) fd 4\n");
	assert_says(text, "  unmount /a\\n  mount /b\n");
	assert_says_not(text, "\033");
	free(text);
}

static void the_document_has_each_reference(void **state)
{
	const struct sample *s = *state;
	struct ns *ns = sample_ns(s, NS_NET, 5);
	json_t *root, *who, *holder;

	ns->holders->reason = REASON_O_PATH;
	root = who_document(s, ns);
	who = json_array_get(json_object_get(root, "namespaces"), 0);
	holder = json_array_get(json_object_get(who, "holders"), 0);
	assert_string_equal(json_string_value(json_object_get(who, "held")), "fd");
	assert_string_equal(json_string_value(json_object_get(holder, "kind")), "fd");
	assert_string_equal(json_string_value(json_object_get(holder, "reason")), "o_path");
	assert_int_equal(json_integer_value(json_object_get(holder, "pid")), 4124);
	assert_int_equal(json_integer_value(json_object_get(holder, "fd")), 4);
	assert_true(json_is_null(json_object_get(holder, "tid")));
	assert_true(json_is_null(json_object_get(who, "refs")));
	assert_true(json_is_string(json_object_get(who, "refs_why")));
	assert_int_equal(json_array_size(json_object_get(who, "release")), 1);
	json_decref(root);
}

static void leaks_and_dead_names_are_counted(void **state)
{
	const struct sample *s = *state;
	struct name_file names[] = { { "/run/netns/lab", NAME_NETNS, sample_ns(s, NS_NET, 4) },
				     { "/run/netns/old", NAME_NETNS, NULL } };
	struct paper paper = paper_new(0, true);

	s->g->names = names;
	s->g->nnames = 2;
	s->g->limits[NS_NET] = known_num(100);
	s->g->self[NS_USER] = sample_host(s, NS_USER);
	paper_open(&paper);
	assert_int_equal(leaked_print(&paper.term, s->g), 2); /* net 5 and the dead name */
	paper_read(&paper);
	assert_says(paper.text, "4026532503 net ");
	assert_says(paper.text, "only open in pid 4124 (nginx) fd 4\n");
	assert_says(paper.text, "1 namespace leaked, oldest first; ");
	assert_says(paper.text, "1 more without a process has a name that can be seen\n");
	assert_says(paper.text, "by holder: pid 4124 (nginx) 1\n");
	assert_says(paper.text, " of 100");
	assert_says(paper.text, "\"Invalid argument\"):\n  /run/netns/old\n");
	assert_says_not(paper.text, "  /run/netns/lab");
	free(paper.text);
	s->g->names = NULL;
	s->g->nnames = 0;
}

static void a_leak_that_no_process_holds_says_so(void **state)
{
	const struct sample *s = *state;
	struct ns *net = graph_add(s->g, NS_NET, 4026532900U);
	struct paper paper = paper_new(0, true);

	graph_add_holder(s->g, net, HOLD_SOCKET, NULL, 0, -1, NULL, NULL)->reason = REASON_ORPHAN;
	graph_seal(s->g);
	paper_open(&paper);
	leaked_print(&paper.term, s->g);
	paper_read(&paper);
	assert_says(paper.text, "only a socket of no process\n");
	assert_says(paper.text, "no process 1");
	assert_says_not(paper.text, "mounts 1");
	free(paper.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_SAMPLE(a_descriptor_is_told_with_its_reason_and_release),
		ON_SAMPLE(several_references_take_several_steps),
		ON_SAMPLE(a_mount_elsewhere_says_where),
		ON_SAMPLE(what_lives_for_no_visible_reason_is_not_called_gone),
		ON_SAMPLE(of_many_the_first_are_shown_unless_all_are_asked_for),
		ON_SAMPLE(names_cannot_forge_rows),
		ON_SAMPLE(the_document_has_each_reference),
		ON_SAMPLE(leaks_and_dead_names_are_counted),
		ON_SAMPLE(a_leak_that_no_process_holds_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
