/* SPDX-License-Identifier: MIT */
/* The sentence and the JSON about what a view leaves out, for graphs made by hand. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include <nsview/partial.h>

enum { PROCESSES = 6 };

/* Six processes, pids 1 to 6; nothing is left out until a test says so. */
struct sample {
	struct process processes[PROCESSES];
	struct process *list[PROCESSES];
	struct ns user, pid;
	struct graph graph;
};

static int set_up(void **state)
{
	struct sample *s = calloc(1, sizeof(*s));

	if (!s)
		return -1;
	for (int i = 0; i < PROCESSES; i++) {
		s->processes[i].pid = i + 1;
		s->list[i] = &s->processes[i];
	}
	s->user = (struct ns){ .type = NS_USER, .initial = true };
	s->pid = (struct ns){ .type = NS_PID, .initial = true };
	s->graph.self[NS_USER] = &s->user;
	s->graph.self[NS_PID] = &s->pid;
	s->graph.processes = s->list;
	s->graph.nprocesses = PROCESSES;
	s->graph.completeness.processes = PROCESSES;
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	free(*state);
	return 0;
}

static void deny(struct sample *s, size_t i, int error)
{
	s->processes[i].error = (int16_t)error;
	s->graph.completeness.unreadable++;
}

static void assert_sentence(const struct sample *s, const char *want)
{
	autobuffer out = BUFFER_INIT;

	partial_sentence(&s->graph, &out);
	assert_string_equal(buffer_str(&out), want);
	assert_int_equal(view_is_partial(&s->graph), *want != '\0');
}

static json_t *json_of(const struct sample *s)
{
	char *data = NULL;
	size_t len;
	struct json j = { .out = open_memstream(&data, &len), .pretty = true };
	json_t *root, *completeness;

	assert_non_null(j.out);
	json_begin_object(&j, NULL);
	partial_json(&s->graph, &j);
	json_end_object(&j);
	fclose(j.out);
	root = json_loads(data, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(root);
	completeness = json_incref(json_object_get(root, "completeness"));
	json_decref(root);
	free(data);
	return completeness;
}

static void complete_view_says_nothing(void **state)
{
	struct sample *s = *state;

	s->graph.completeness.vanished = 4;
	s->graph.completeness.have_ptrace = true;
	assert_sentence(s, "");
}

static void one_unreadable_process_is_named(void **state)
{
	struct sample *s = *state;

	deny(s, 0, -EACCES);
	assert_sentence(s, "partial view: 1 process unreadable "
			   "(pid 1: EACCES; CAP_SYS_PTRACE would show it)");
}

static void three_unreadable_processes_are_all_named(void **state)
{
	struct sample *s = *state;

	deny(s, 1, -EACCES);
	deny(s, 3, -EACCES);
	deny(s, 5, -EACCES);
	assert_sentence(s, "partial view: 3 processes unreadable "
			   "(pids 2, 4, 6: EACCES; CAP_SYS_PTRACE would show them)");
}

static void of_many_unreadable_processes_three_are_named(void **state)
{
	struct sample *s = *state;

	for (size_t i = 0; i < 4; i++)
		deny(s, i, -EACCES);
	assert_sentence(s, "partial view: 4 processes unreadable "
			   "(pids 1, 2, 3, ...: EACCES; CAP_SYS_PTRACE would show them)");
}

static void each_errno_has_its_own_pids(void **state)
{
	struct sample *s = *state;

	deny(s, 0, -EACCES);
	deny(s, 1, -EMFILE);
	deny(s, 2, -EACCES);
	assert_sentence(s, "partial view: 3 processes unreadable "
			   "(pids 1, 3: EACCES; pid 2: EMFILE; CAP_SYS_PTRACE would show them)");
}

static void capability_is_not_offered_against_other_errors(void **state)
{
	struct sample *s = *state;

	deny(s, 4, -EMFILE);
	assert_sentence(s, "partial view: 1 process unreadable (pid 5: EMFILE)");
}

static void capability_in_effect_is_not_offered(void **state)
{
	struct sample *s = *state;

	deny(s, 0, -EACCES);
	s->graph.completeness.have_ptrace = true;
	assert_sentence(s, "partial view: 1 process unreadable "
			   "(pid 1: EACCES; even with CAP_SYS_PTRACE: by a security policy)");
}

static void capability_may_not_reach_beyond_our_user_namespace(void **state)
{
	struct sample *s = *state;

	deny(s, 0, -EACCES);
	s->graph.completeness.have_ptrace = true;
	s->user.initial = false;
	assert_sentence(s, "partial view: 1 process unreadable (pid 1: EACCES; even with "
			   "CAP_SYS_PTRACE: by a security policy, or for being in a user "
			   "namespace outside ours)");
}

static void each_source_that_was_not_read_is_said(void **state)
{
	struct sample *s = *state;

	s->graph.completeness.unread_threads = 1;
	s->graph.completeness.unread_fds = 2;
	s->graph.completeness.unread_mounts = 1;
	assert_sentence(s, "partial view: 1 thread unreadable; "
			   "descriptors of 2 processes unreadable; "
			   "mounts of 1 mount namespace unreadable");
}

static void ancestors_that_cannot_be_asked_say_why(void **state)
{
	struct sample *s = *state;

	s->graph.completeness.ancestors_error = -ENOTTY;
	assert_sentence(s, "partial view: owners and parents unknown: ENOTTY (needs Linux 4.9)");
	s->graph.completeness.ancestors_error = -EOPNOTSUPP;
	assert_sentence(s, "partial view: owners and parents unknown: EOPNOTSUPP "
			   "(a copy of /proc cannot tell)");
	s->graph.completeness.ancestors_error = -EMFILE;
	assert_sentence(s, "partial view: owners and parents unknown: EMFILE");
}

static void foreign_and_hidden_procfs_are_said(void **state)
{
	struct sample *s = *state;

	s->graph.completeness.foreign_pidns = true;
	s->graph.completeness.hidepid = true;
	assert_sentence(s, "partial view: /proc shows another pid namespace than ours; "
			   "/proc hides processes of other users "
			   "(hidepid; CAP_SYS_PTRACE would show them)");
}

static void nested_view_names_the_namespaces_it_is_nested_in(void **state)
{
	struct sample *s = *state;

	s->graph.completeness.nested = true;
	s->pid.initial = false;
	assert_sentence(s, "partial view: we are in a nested pid namespace: "
			   "the host's namespaces above are not visible");
	s->user.initial = false;
	assert_sentence(s, "partial view: we are in nested user and pid namespaces: "
			   "the host's namespaces above are not visible");
	s->graph.self[NS_USER] = NULL;
	s->graph.self[NS_PID] = NULL;
	assert_sentence(s, "partial view: we are in a nested user or pid namespace: "
			   "the host's namespaces above are not visible");
}

static void sentence_is_appended(void **state)
{
	struct sample *s = *state;
	autobuffer out = BUFFER_INIT;

	buffer_text(&out, "nsview: ");
	s->graph.completeness.unread_threads = 2;
	partial_sentence(&s->graph, &out);
	assert_string_equal(buffer_str(&out), "nsview: partial view: 2 threads unreadable");
}

static void json_of_a_complete_view_has_no_sentence(void **state)
{
	struct sample *s = *state;
	json_t *c;

	s->graph.completeness.vanished = 3;
	c = json_of(s);
	assert_true(json_is_false(json_object_get(c, "partial")));
	assert_true(json_is_null(json_object_get(c, "sentence")));
	assert_true(json_is_null(json_object_get(c, "ancestors_error")));
	assert_int_equal(json_integer_value(json_object_get(c, "processes")), PROCESSES);
	assert_int_equal(json_integer_value(json_object_get(c, "vanished")), 3);
	assert_int_equal(json_array_size(json_object_get(c, "unreadable")), 0);
	json_decref(c);
}

static void json_lists_every_unreadable_process(void **state)
{
	struct sample *s = *state;
	json_t *c, *list;

	for (size_t i = 0; i < 5; i++)
		deny(s, i, i == 4 ? -EMFILE : -EACCES);
	c = json_of(s);
	list = json_object_get(c, "unreadable");
	assert_true(json_is_true(json_object_get(c, "partial")));
	assert_non_null(strstr(json_string_value(json_object_get(c, "sentence")), "5 processes"));
	assert_int_equal(json_integer_value(json_object_get(c, "unread_processes")), 5);
	assert_int_equal(json_array_size(list), 5);
	for (size_t i = 0; i < 5; i++) {
		json_t *p = json_array_get(list, i);

		assert_int_equal(json_integer_value(json_object_get(p, "pid")), i + 1);
		assert_string_equal(json_string_value(json_object_get(p, "error")),
				    i == 4 ? "EMFILE" : "EACCES");
	}
	json_decref(c);
}

static void json_has_every_source_once(void **state)
{
	struct sample *s = *state;
	json_t *c, *searched, *rest;

	s->graph.completeness.searched = 1 << SOURCE_PROCESSES | 1 << SOURCE_FDS;
	c = json_of(s);
	searched = json_object_get(c, "searched");
	rest = json_object_get(c, "not_searched");
	assert_int_equal(json_array_size(searched), 2);
	assert_int_equal(json_array_size(rest), SCAN_SOURCES - 2);
	assert_string_equal(json_string_value(json_array_get(searched, 0)), "processes");
	assert_string_equal(json_string_value(json_array_get(searched, 1)), "fds");
	assert_string_equal(json_string_value(json_array_get(rest, 0)), "threads");
	json_decref(c);
}

static void what_a_search_for_holders_left_out_is_told(void **state)
{
	struct sample *s = *state;
	autobuffer text = BUFFER_INIT;

	s->graph.completeness.hidden_error = -ENOTTY; /* the kernel's lack is nobody's fault */
	assert_false(view_is_partial(&s->graph));
	s->graph.completeness.hidden_error = -EPERM;
	s->graph.completeness.unread_sockets = 2;
	partial_sentence(&s->graph, &text);
	assert_string_equal(buffer_str(&text),
			    "partial view: mount namespaces without processes cannot be listed "
			    "(CAP_SYS_ADMIN on the host would show them); network namespaces of "
			    "2 sockets unknown");
}

static void json_has_the_circumstances(void **state)
{
	static const char *const flags[] = { "foreign_pidns", "hidepid", "nested", "have_ptrace" };
	struct sample *s = *state;
	json_t *c = json_of(s);

	for (size_t i = 0; i < 4; i++)
		assert_true(json_is_false(json_object_get(c, flags[i])));
	json_decref(c);
	s->graph.completeness.foreign_pidns = true;
	s->graph.completeness.hidepid = true;
	s->graph.completeness.nested = true;
	s->graph.completeness.have_ptrace = true;
	s->graph.completeness.ancestors_error = -ENOTTY;
	s->graph.completeness.unread_fds = 7;
	s->graph.completeness.unread_mounts = 8;
	s->graph.completeness.unread_threads = 9;
	c = json_of(s);
	for (size_t i = 0; i < 4; i++)
		assert_true(json_is_true(json_object_get(c, flags[i])));
	assert_string_equal(json_string_value(json_object_get(c, "ancestors_error")), "ENOTTY");
	assert_int_equal(json_integer_value(json_object_get(c, "unread_fds")), 7);
	assert_int_equal(json_integer_value(json_object_get(c, "unread_mounts")), 8);
	assert_int_equal(json_integer_value(json_object_get(c, "unread_threads")), 9);
	json_decref(c);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(complete_view_says_nothing),
		TEST(one_unreadable_process_is_named),
		TEST(three_unreadable_processes_are_all_named),
		TEST(of_many_unreadable_processes_three_are_named),
		TEST(each_errno_has_its_own_pids),
		TEST(capability_is_not_offered_against_other_errors),
		TEST(capability_in_effect_is_not_offered),
		TEST(capability_may_not_reach_beyond_our_user_namespace),
		TEST(each_source_that_was_not_read_is_said),
		TEST(ancestors_that_cannot_be_asked_say_why),
		TEST(foreign_and_hidden_procfs_are_said),
		TEST(nested_view_names_the_namespaces_it_is_nested_in),
		TEST(sentence_is_appended),
		TEST(json_of_a_complete_view_has_no_sentence),
		TEST(json_lists_every_unreadable_process),
		TEST(json_has_every_source_once),
		TEST(what_a_search_for_holders_left_out_is_told),
		TEST(json_has_the_circumstances),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
