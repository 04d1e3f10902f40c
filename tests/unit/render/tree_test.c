/* SPDX-License-Identifier: MIT */
/* How trees read, on a host made by hand. */
// wrap: getpwuid_r getgrgid_r
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <nsview/need.h>

#include "sample.h"

static void assert_tree(const struct sample *s, struct paper paper, enum tree_by by,
			const struct tree_selection *sel, const char *expected)
{
	paper_open(&paper);
	assert_true(tree_print(&paper.term, s->g, by, sel) >= 0);
	assert_string_equal(paper_read(&paper), expected);
	free(paper.text);
}

/* What a tree says, for tests that look for a piece of it. */
static char *tree_text(const struct sample *s, struct paper paper, enum tree_by by)
{
	paper_open(&paper);
	assert_true(tree_print(&paper.term, s->g, by, NULL) >= 0);
	return (char *)paper_read(&paper);
}

static void owners_hold_what_they_own(void **state)
{
	assert_tree(*state, paper_new(0, true), TREE_USER, NULL,
		    "user:[4026531837] host (systemd), uid 0 root, 3 procs\n"
		    "│ cgroup:[4026531835] ipc:[4026531839] mnt:[4026531832] net:[4026531833] "
		    "pid:[4026531836] time:[4026531834] uts:[4026531838]\n"
		    "├─pid:[4026532104] docker:web  4123 -> 1  nginx  2 procs\n"
		    "│   cgroup:[4026532100] ipc:[4026532101] mnt:[4026532102] net:[4026532103] "
		    "uts:[4026532107]\n"
		    "├─net:[4026532403] netns:lab  (no process: mount /run/netns/lab)\n"
		    "└─user:[4026532306] podman:job sh, uid 1000 alice, 0 <- 1000 x 1, 1 proc\n"
		    "  └─pid:[4026532304] podman:job  8801 -> 1  sh  1 proc\n"
		    "owner not visible (operation not permitted)\n"
		    "└─net:[4026532503] pid 4124 fd 4  (no process: fd)\n"
		    "1 process could not be read: what only they are in is missing here\n");
}

static void without_utf8_branches_are_ascii(void **state)
{
	assert_tree(*state, paper_new(80, false), TREE_USER, NULL,
		    "user:[4026531837] host (systemd), uid 0 root, 3 procs\n"
		    "| cgroup:[4026531835] ipc:[4026531839] mnt:[4026531832] net:[4026531833]\n"
		    "| pid:[4026531836] time:[4026531834] uts:[4026531838]\n"
		    "|-pid:[4026532104] docker:web  4123 -> 1  nginx  2 procs\n"
		    "|   cgroup:[4026532100] ipc:[4026532101] mnt:[4026532102] net:[4026532103]\n"
		    "|   uts:[4026532107]\n"
		    "|-net:[4026532403] netns:lab  (no process: mount /run/netns/lab)\n"
		    "`-user:[4026532306] podman:job sh, uid 1000 alice, 0 <- 1000 x 1, 1 proc\n"
		    "  `-pid:[4026532304] podman:job  8801 -> 1  sh  1 proc\n"
		    "owner not visible (operation not permitted)\n"
		    "`-net:[4026532503] pid 4124 fd 4  (no process: fd)\n"
		    "1 process could not be read: what only they are in is missing here\n");
}

static void pid_namespaces_nest(void **state)
{
	assert_tree(*state, paper_new(0, true), TREE_PID, NULL,
		    "pid:[4026531836] host (systemd)  1  1 proc\n"
		    "├─1 /sbin/init\n"
		    "├─pid:[4026532104] docker:web  4123 -> 1  nginx  2 procs\n"
		    "│ └─4123 -> 1 nginx: master process  docker:web  (2 procs)\n"
		    "└─pid:[4026532304] podman:job  8801 -> 1  sh  1 proc\n"
		    "  └─8801 -> 1 sh -c sleep 9  podman:job\n"
		    "1 process could not be read: what only they are in is missing here\n");
}

static void processes_tell_where_they_left(void **state)
{
	assert_tree(*state, paper_new(0, true), TREE_PROCESS, NULL,
		    "1 /sbin/init\n"
		    "├─77 guard  namespaces ? (permission denied)\n"
		    "├─4123 nginx: master process  docker:web  +cgroup +ipc +mnt +net +pid +uts\n"
		    "│ └─4124 nginx: worker process\n"
		    "└─8801 sh -c sleep 9  podman:job  +pid +user\n"
		    "1 process could not be read: their namespaces are not known\n");
}

static void a_long_command_gives_way_to_what_follows(void **state)
{
	const struct sample *s = *state;
	const struct tree_selection sel = { .processes = (struct process *[]){ s->web },
					    .nprocesses = 1 };

	SET_COMMAND(s->g, s->web, "nginx", "nginx: a command line that goes on and on and on\0");
	assert_tree(s, paper_new(72, true), TREE_PROCESS, &sel,
		    "1 /sbin/init\n"
		    "└─4123 nginx: a command l…  docker:web  +cgroup +ipc +mnt +net +pid +uts\n"
		    "  └─4124 nginx: worker process\n"
		    "1 process could not be read: their namespaces are not known\n");
}

static void no_line_is_wider_than_the_terminal(void **state)
{
	const struct sample *s = *state;

	s->g->completeness.unreadable = 0; /* a sentence of its own, which a terminal may fold */
	SET_COMMAND(s->g, s->web, "nginx", "\xe4\xbd\xa0\xe4\xbd\xa0\xe4\xbd\xa0 of no end at all");
	for (unsigned width = 30; width < 90; width++)
		for (int by = TREE_USER; by <= TREE_PROCESS; by++) {
			char *text = tree_text(s, paper_new(width, false), (enum tree_by)by);
			char *rest = text, *line;

			while ((line = strsep(&rest, "\n")))
				if (strlen(line) > width)
					fail_msg("wider than %u: %s", width, line);
			free(text);
		}
}

static void hostile_text_is_escaped(void **state)
{
	const struct sample *s = *state;
	char *text;

	SET_COMMAND(s->g, s->job, "x\n\033[31m", "evil\n\033[31m\\\0");
	set_identity(s->g, s->job, "podman", "a\nb", true);
	text = tree_text(s, paper_new(0, true), TREE_PROCESS);
	assert_says(text, "8801 evil\\n\\x1b[31m\\\\  podman:a\\nb  +pid +user\n");
	assert_null(strchr(text, '\033'));
	free(text);
	text = tree_text(s, paper_new(0, true), TREE_USER);
	assert_says(text, "pid:[4026532304] podman:a\\nb  8801 -> 1  x\\n\\x1b[31m  1 proc\n");
	assert_null(strchr(text, '\033'));
	free(text);
}

static void unread_facts_are_not_made_up(void **state)
{
	const struct sample *s = *state;
	struct ns *user = sample_ns(s, NS_USER, 3);
	char *text;

	user->facts->owner_uid.fact = fact_from_error(-EACCES);
	user->facts->uid_map.fact = fact_from_error(-EACCES);
	text = tree_text(s, paper_new(0, true), TREE_USER);
	assert_says(text, "podman:job sh, uid ? (permission denied), map ? (permission denied), ");
	free(text);
	user->facts->uid_map = (struct fact_ranges){ fact_known(), 0, NULL };
	text = tree_text(s, paper_new(0, true), TREE_USER);
	assert_says(text, ", no uid map, 1 proc\n");
	free(text);
}

static void more_ranges_are_counted(void **state)
{
	static const struct id_range ranges[] = { { 0, 1000, 1 }, { 1, 100000, 65536 } };
	const struct sample *s = *state;
	char *text;

	sample_ns(s, NS_USER, 3)->facts->uid_map = (struct fact_ranges){ fact_known(), 2, ranges };
	text = tree_text(s, paper_new(0, true), TREE_USER);
	assert_says(text, ", 0 <- 1000 x 1 and 1 more, 1 proc\n");
	free(text);
}

static void a_complete_view_says_nothing_of_unread_processes(void **state)
{
	const struct sample *s = *state;
	char *text;

	s->g->completeness.unreadable = 0;
	text = tree_text(s, paper_new(0, true), TREE_USER);
	assert_null(strstr(text, "could not be read"));
	free(text);
}

/* Else a fork bomb that is a chain would print a square of its length. */
static void deep_nodes_are_drawn_at_one_level(void **state)
{
	enum { DEEP = 2000 };
	struct sample s = { .g = graph_new() };
	char *text;

	(void)state;
	for (pid_t pid = 1; pid <= DEEP; pid++) {
		struct process *p = add_host(s.g, pid);

		set_ppid(s.g, p, (uint64_t)pid - 1);
		SET_COMMAND(s.g, p, "sh", "sh\0");
	}
	graph_seal(s.g);
	text = tree_text(&s, paper_new(0, false), TREE_PROCESS);
	assert_says(text, "`-(level 1999) 2000 sh\n");
	assert_true(strlen(text) < (size_t)DEEP * 120);
	free(text);
	graph_free(s.g);
}

static void color_styles_end_where_they_begin(void **state)
{
	const struct sample *s = *state;
	struct paper paper = paper_new(0, true);
	char *text;

	paper.term.color = true;
	text = tree_text(s, paper, TREE_USER);
	assert_says(text, "\033[36muser:[4026531837] \033[0mhost (systemd), uid 0 root");
	free(text);
}

static json_t *tree_document(const struct sample *s, enum tree_by by)
{
	struct paper paper = paper_new(0, true);
	json_t *root;

	paper_open(&paper);
	assert_true(tree_json(&paper.term, s->g, by, NULL) >= 0);
	root = json_loads(paper_read(&paper), JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(root);
	free(paper.text);
	return root;
}

static json_t *node_with(json_t *root, const char *key, json_int_t value)
{
	size_t i;
	json_t *node;

	json_array_foreach(json_object_get(root, "nodes"), i,
			   node) if (json_integer_value(json_object_get(node, key)) ==
				     value) return node;
	fail_msg("no node with %s %lld", key, (long long)value);
	return NULL;
}

static void json_nodes_point_at_their_parents(void **state)
{
	for (int by = TREE_USER; by <= TREE_PROCESS; by++) {
		json_t *root = tree_document(*state, (enum tree_by)by), *node;
		json_t *nodes = json_object_get(root, "nodes");
		size_t i;

		assert_true(json_array_size(nodes) > 3);
		json_array_foreach(nodes, i, node)
		{
			json_t *parent = json_object_get(node, "parent_node");
			json_int_t depth = json_integer_value(json_object_get(node, "depth"));

			assert_int_equal(json_integer_value(json_object_get(node, "node")), i);
			assert_int_equal(json_is_null(parent), depth == 0);
			if (depth)
				assert_true(json_integer_value(parent) < (json_int_t)i);
		}
		json_decref(root);
	}
}

static void json_tells_what_the_lines_tell(void **state)
{
	json_t *root = tree_document(*state, TREE_USER);
	json_t *pidns = node_with(root, "ns", 4026532104);
	json_t *nodes = json_object_get(root, "nodes");
	json_t *unknown = json_array_get(nodes, json_array_size(nodes) - 2);

	assert_string_equal(json_string_value(json_object_get(root, "by")), "user");
	assert_int_equal(json_array_size(json_object_get(pidns, "with")), 5);
	assert_string_equal(json_string_value(json_object_get(unknown, "kind")), "unknown");
	assert_string_equal(json_string_value(json_object_get(unknown, "why")),
			    "operation not permitted");
	json_decref(root);
	root = tree_document(*state, TREE_PROCESS);
	assert_int_equal(json_array_size(json_object_get(node_with(root, "pid", 8801), "differs")),
			 2);
	assert_string_equal(json_string_value(json_object_get(node_with(root, "pid", 77), "error")),
			    "permission denied");
	json_decref(root);
}

static void a_full_disk_is_told(void **state)
{
	const struct sample *s = *state;
	struct paper paper = paper_new(0, true);

	paper.term.out = fopen("/dev/full", "w");
	assert_non_null(paper.term.out);
	setvbuf(paper.term.out, NULL, _IONBF, 0);
	assert_int_equal(tree_print(&paper.term, s->g, TREE_USER, NULL), -EIO);
	assert_int_equal(tree_json(&paper.term, s->g, TREE_USER, NULL), -EIO);
	fclose(paper.term.out);
}

static void each_tree_asks_for_what_it_shows(void **state)
{
	(void)state;
	assert_true(tree_needs(TREE_PROCESS) & NEED_STAT);
	assert_true(tree_needs(TREE_USER) & NEED_MAPS);
	assert_true(tree_needs(TREE_USER) & NEED_HOLDERS);
	assert_false(tree_needs(TREE_PROCESS) & NEEDS_OF_NS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_SAMPLE(owners_hold_what_they_own),
		ON_SAMPLE(without_utf8_branches_are_ascii),
		ON_SAMPLE(pid_namespaces_nest),
		ON_SAMPLE(processes_tell_where_they_left),
		ON_SAMPLE(a_long_command_gives_way_to_what_follows),
		ON_SAMPLE(no_line_is_wider_than_the_terminal),
		ON_SAMPLE(hostile_text_is_escaped),
		ON_SAMPLE(unread_facts_are_not_made_up),
		ON_SAMPLE(more_ranges_are_counted),
		ON_SAMPLE(a_complete_view_says_nothing_of_unread_processes),
		cmocka_unit_test(deep_nodes_are_drawn_at_one_level),
		ON_SAMPLE(color_styles_end_where_they_begin),
		ON_SAMPLE(json_nodes_point_at_their_parents),
		ON_SAMPLE(json_tells_what_the_lines_tell),
		ON_SAMPLE(a_full_disk_is_told),
		cmocka_unit_test(each_tree_asks_for_what_it_shows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
