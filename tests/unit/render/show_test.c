/* SPDX-License-Identifier: MIT */
/* The pages of namespaces and processes, on a host made by hand. */
// wrap: getpwuid_r getgrgid_r
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <nsview/need.h>

#include "sample.h"

static char *ns_page(const struct sample *s, struct paper paper, const struct ns *ns)
{
	assert_non_null(ns);
	paper_open(&paper);
	assert_int_equal(show_ns(&paper.term, s->g, ns), 0);
	return (char *)paper_read(&paper);
}

static char *process_page(const struct sample *s, struct paper paper, const struct process *p)
{
	paper_open(&paper);
	assert_int_equal(show_process(&paper.term, s->g, p), 0);
	return (char *)paper_read(&paper);
}

static void a_network_namespace_in_full(void **state)
{
	const struct sample *s = *state;
	struct ns *ns = sample_ns(s, NS_NET, 1);
	struct ns_facts *f = ns_facts_of(s->g, ns);
	char *text;

	f->id = known_num(4711);
	f->netnsid = (struct fact_num){ fact_none(), 0 };
	f->cookie = (struct fact_num){ fact_from_error(-EPERM), 0 };
	f->nlinks = known_num(2);
	text = ns_page(s, paper_new(80, false), ns);
	assert_string_equal(text, "net:[4026532103] docker:web nginx\n"
				  "Type          net (network namespace)\n"
				  "Inode         4026532103\n"
				  "Id            4711\n"
				  "Host's        no, that is net:[4026531833]\n"
				  "Owner         user:[4026531837] host (systemd)\n"
				  "Links         2\n"
				  "Held by       proc, 2 references seen\n"
				  "Members       2 processes\n"
				  "              4123 -> 1  docker:web  nginx\n"
				  "              4124 -> 7  docker:web  nginx\n"
				  "Name          -\n"
				  "Netnsid       -\n"
				  "Cookie        ? (operation not permitted)\n"
				  "Run           nsview ls net:4026532103\n"
				  "              nsview ps net:4026532103\n"
				  "              nsenter --net=/proc/4123/ns/net ip address\n");
	free(text);
}

static void what_holds_a_namespace_is_told(void **state)
{
	const struct sample *s = *state;
	char *text = ns_page(s, paper_new(0, true), sample_ns(s, NS_NET, 4));

	assert_says(text, "net:[4026532403] netns:lab\n");
	assert_says(text, "Held by       mount, 1 reference seen\n"
			  "              mount /run/netns/lab\n");
	assert_says(text, "Members       0 processes\n");
	assert_says(text, "Name          lab\n");
	assert_says_not(text, "nsview ps");
	free(text);
	text = ns_page(s, paper_new(0, true), sample_ns(s, NS_NET, 5));
	assert_says(text, "              fd 4 of pid 4124 nginx\n");
	assert_says(text, "Owner         ? (operation not permitted)\n");
	free(text);
}

static void a_mount_elsewhere_names_its_mount_namespace(void **state)
{
	const struct sample *s = *state;
	struct ns *ns = sample_ns(s, NS_NET, 4);
	char *text;

	graph_add_holder(s->g, ns, HOLD_MOUNT, s->web, 0, -1, "/a\nb", sample_ns(s, NS_MNT, 1));
	graph_seal(s->g);
	text = ns_page(s, paper_new(0, true), ns);
	assert_says(text, "              mount /a\\nb in mnt:[4026532102]\n");
	free(text);
}

static void a_path_that_a_shell_would_take_apart_is_not_offered(void **state)
{
	const struct sample *s = *state;
	struct ns *ns = graph_add(s->g, NS_NET, other_ino(NS_NET, 6));
	char *text;

	graph_add_holder(s->g, ns, HOLD_MOUNT, s->init, 0, -1, "/x;reboot", NULL);
	graph_seal(s->g);
	text = ns_page(s, paper_new(0, true), ns);
	assert_says(text, "mount /x;reboot\n");
	assert_says_not(text, "nsenter");
	free(text);
}

static void a_user_namespace_tells_maps_and_what_it_owns(void **state)
{
	static const struct id_range ranges[] = { { 0, 1000, 1 }, { 1, 100000, 65536 } };
	const struct sample *s = *state;
	struct ns *ns = sample_ns(s, NS_USER, 3);
	char *text;

	ns->facts->uid_map = (struct fact_ranges){ fact_known(), 2, ranges };
	ns->facts->gid_map = (struct fact_ranges){ fact_known(), 0, NULL };
	ns->facts->setgroups = known_text(s->g, "deny", 4);
	text = ns_page(s, paper_new(80, true), ns);
	assert_says(text, "Parents       user:[4026531837] host (systemd)\n"
			  "Level         1\n"
			  "Created by    1000 alice\n"
			  "Held by       proc, 2 references seen\n"
			  "              owns 1\n");
	assert_says(text, "Uid map       0 <- 1000 x 1\n"
			  "              1 <- 100000 x 65536\n"
			  "Gid map       - (not written yet)\n"
			  "Setgroups     deny\n"
			  "Owns          pid 1\n");
	free(text);
}

static void a_chain_that_is_cut_off_says_why(void **state)
{
	const struct sample *s = *state;
	struct ns *top = sample_host(s, NS_PID);
	char *text;

	text = ns_page(s, paper_new(0, true), top);
	assert_says(text, "Parents       -\n");
	assert_says(text, "Host's        yes\n");
	free(text);
	top->initial = false;
	top->parent_fact = fact_from_error(-EPERM);
	text = ns_page(s, paper_new(0, true), sample_ns(s, NS_PID, 1));
	assert_says(text, "Parents       pid:[4026531836] host (systemd)\n"
			  "              ? (operation not permitted)\n"
			  "Level         ? (operation not permitted)\n");
	free(text);
}

static void offsets_are_told_in_days_too(void **state)
{
	const struct sample *s = *state;
	struct ns *ns = graph_add(s->g, NS_TIME, other_ino(NS_TIME, 1));
	struct ns_facts *f = ns_facts_of(s->g, ns);
	char *text;

	graph_seal(s->g);
	f->monotonic_fact = f->boottime_fact = fact_known();
	f->monotonic = (struct time_offset){ 90060, 500000000 };
	f->boottime = (struct time_offset){ -3600, 0 };
	text = ns_page(s, paper_new(0, true), ns);
	assert_says(text, "Monotonic     90060.5 s (1 day 1 h 1 min)\n"
			  "Boottime      -3600 s (back by 1 h)\n");
	free(text);
	f->monotonic = (struct time_offset){ 0, 0 };
	f->boottime_fact = (struct fact){ FACT_UNREAD, 0 };
	text = ns_page(s, paper_new(0, true), ns);
	assert_says(text, "Monotonic     0 s\n"
			  "Boottime      ? (not read)\n");
	free(text);
}

static void threads_and_childless_links_are_told(void **state)
{
	const struct sample *s = *state;
	struct ns *net = graph_add(s->g, NS_NET, other_ino(NS_NET, 8));
	struct ns *pid = graph_add(s->g, NS_PID, other_ino(NS_PID, 8));
	uint64_t ino[NS_LINKS];
	struct thread *t;
	char *text;

	links_host(ino);
	ino[NS_NET] = net->ino;
	ino[LINK_PID_FOR_CHILDREN] = pid->ino;
	t = graph_add_thread(s->g, s->init, 12, ino);
	graph_seal(s->g);
	text = ns_page(s, paper_new(0, true), net);
	assert_says(text, "Threads       thread 12 of 1 systemd\n");
	assert_says(text, "nsenter --net=/proc/1/task/12/ns/net ip address\n");
	free(text);
	text = ns_page(s, paper_new(0, true), pid);
	assert_says(text, "Children of   thread 12 of 1 systemd\n");
	free(text);
	text = process_page(s, paper_new(0, true), t->process);
	assert_says(text, "Threads       12: net:[4026532803] pid_for_children pid:[4026532804]\n");
	free(text);
}

static void many_members_are_counted(void **state)
{
	const struct sample *s = *state;
	char *text;

	for (pid_t pid = 5000; pid < 5000 + SHOW_MEMBERS; pid++) {
		struct process *p = add_apart(s->g, pid, WEB, 1);

		SET_COMMAND(s->g, p, "nginx", "worker\0");
	}
	graph_seal(s->g);
	text = ns_page(s, paper_new(0, true), sample_ns(s, NS_NET, 1));
	assert_says(text, "Members       22 processes\n");
	assert_says(text, "              5017  worker\n"
			  "              and 2 more: nsview ps net:4026532103\n");
	assert_says_not(text, "5018");
	free(text);
}

static void set_process_facts(const struct sample *s)
{
	struct process_facts *f = facts_of(s->g, s->web);

	f->state = known_num('S');
	f->uid = known_num(1000);
	f->gid = known_num(100);
	f->start = (struct fact_num){ fact_from_error(-ESRCH), 0 };
	f->cgroup = known_text(s->g, "/docker/3f2a91c0ffee", 20);
	f->cap_eff = known_num(1 << 0 | 1 << 10);
	f->no_new_privs = known_num(1);
	f->seccomp = known_num(2);
	f->root = known_text(s->g, "/srv/jail", 9);
}

static void a_process_in_full(void **state)
{
	const struct sample *s = *state;
	char *text;

	set_process_facts(s);
	text = process_page(s, paper_new(80, false), s->web);
	assert_string_equal(text, "4123 nginx  docker:web\n"
				  "Command       nginx: master process\n"
				  "State         S (sleeping)\n"
				  "Parent        1 systemd\n"
				  "User          1000 alice\n"
				  "Group         100 users\n"
				  "Started       ? (gone before it was read)\n"
				  "Pids          4123 -> 1\n"
				  "Belongs to    docker:web\n"
				  "Id            3f2a91c0ffee\n"
				  "Evidence      cgroup: 0::/some/where\n"
				  "Cgroup        /docker/3f2a91c0ffee\n"
				  "Capabilities  chown, net_bind_service\n"
				  "No new privs  yes\n"
				  "Seccomp       filter\n"
				  "Root          chroot'd to /srv/jail\n"
				  "Namespaces    cgroup:[4026532100] 1 other, docker:web nginx\n"
				  "              ipc:[4026532101]    1 other, docker:web nginx\n"
				  "              mnt:[4026532102]    1 other, docker:web nginx\n"
				  "              net:[4026532103]    1 other, docker:web nginx\n"
				  "              pid:[4026532104]    1 other, docker:web nginx\n"
				  "              time:[4026531834]   the host's, 3 others\n"
				  "              user:[4026531837]   the host's, 2 others\n"
				  "              uts:[4026532107]    1 other, docker:web nginx\n"
				  "              pid_for_children pid:[4026532104] its own\n"
				  "              time_for_children time:[4026531834] its own\n"
				  "Run           nsview ps -a 4123\n"
				  "              nsview tree --by=process 4123\n"
				  "              nsenter --target 4123 --all\n");
	free(text);
}

static void an_unreadable_process_says_why(void **state)
{
	const struct sample *s = *state;
	char *text = process_page(s, paper_new(80, true), s->unreadable);

	assert_says(text, "Belongs to    - (nothing tells of a container, unit or session)\n");
	assert_says(text, "Capabilities  ? (not read)\n");
	assert_says(text, "Namespaces    cgroup              ? (permission denied)\n");
	assert_says(text, "              pid_for_children    ? (permission denied)\n");
	assert_says_not(text, "nsenter");
	free(text);
}

static void a_zombie_has_left_its_namespaces(void **state)
{
	const struct sample *s = *state;
	const uint64_t ino[NS_LINKS] = {
		[NS_PID] = host_ino(NS_PID), [NS_USER] = host_ino(NS_USER)
	};
	struct process *zombie = graph_add_process(s->g, 90, ino);
	char *text;

	zombie->zombie = true;
	graph_seal(s->g);
	text = process_page(s, paper_new(80, true), zombie);
	assert_says(text, "net                 - (left at its exit)\n");
	assert_says(text, "pid:[4026531836]    the host's, 1 other\n");
	assert_says_not(text, "nsenter");
	free(text);
}

static void a_process_without_facts_is_not_made_up(void **state)
{
	const struct sample *s = *state;
	struct process *p = add_host(s->g, 300);
	char *text;

	graph_seal(s->g);
	text = process_page(s, paper_new(0, true), p);
	assert_says(text, "300 ? (not read)\n"
			  "Command       ? (not read)\n"
			  "State         ? (not read)\n");
	assert_says(text, "User          ? (not read)\n");
	assert_says(text, "Root          ? (not read)\n");
	free(text);
}

static void values_are_wrapped_under_themselves(void **state)
{
	const struct sample *s = *state;
	char *text;

	facts_of(s->g, s->web)->cap_eff = known_num(0x7fff);
	SET_COMMAND(s->g, s->web, "nginx",
		    "one two three four five six seven eight nine ten eleven twelve a-word-that-is-"
		    "longer-than-any-line-could-be-on-this-terminal and-more\0");
	text = process_page(s, paper_new(60, true), s->web);
	assert_says(text, "Command       one two three four five six seven eight nine\n"
			  "                ten eleven twelve\n"
			  "                a-word-that-is-longer-than-any-line-could-be-on-this-"
			  "terminal\n"
			  "                and-more\n");
	assert_says(text, "Capabilities  chown, dac_override, dac_read_search, fowner,\n"
			  "                fsetid, kill, setgid, setuid, setpcap,\n"
			  "                linux_immutable, net_bind_service,\n");
	free(text);
}

static void hostile_text_is_escaped(void **state)
{
	const struct sample *s = *state;
	char *text;

	SET_COMMAND(s->g, s->web, "a\nRoot /\033[2J", "b\nRun rm\0\033]0;x\007\\\0");
	facts_of(s->g, s->web)->root = known_text(s->g, "/\xff\n", 3);
	text = process_page(s, paper_new(80, true), s->web);
	assert_says(text, "4123 a\\nRoot /\\x1b[2J  docker:web\n"
			  "Command       b\\nRun rm \\x1b]0;x\\x07\\\\\n");
	assert_says(text, "Root          chroot'd to /\\xff\\n\n");
	assert_null(strchr(text, '\033'));
	free(text);
	text = ns_page(s, paper_new(80, true), sample_ns(s, NS_NET, 1));
	assert_says(text, "net:[4026532103] docker:web a\\nRoot /\\x1b[2J\n");
	assert_null(strchr(text, '\033'));
	free(text);
}

static void a_long_name_is_cut_but_a_command_is_not(void **state)
{
	const struct sample *s = *state;
	struct process *p = add_apart(s->g, 400, 1 << NS_NET, 9);
	char line[300], *text;

	memset(line, 'x', sizeof(line));
	facts_of(s->g, p)->cmdline = known_text(s->g, line, sizeof(line));
	graph_seal(s->g);
	text = ns_page(s, paper_new(0, true), sample_ns(s, NS_NET, 9));
	assert_says(text, "xxx…\n");
	assert_true(strcspn(text, "\n") < 100);
	free(text);
	text = process_page(s, paper_new(0, true), p);
	assert_says(strstr(text, "Command       x") + sizeof(line), "x\nState");
	free(text);
}

static json_t *document(const struct sample *s, struct ns *ns, struct process *p)
{
	struct paper paper = paper_new(0, true);
	json_t *root;

	paper_open(&paper);
	assert_int_equal(show_json(&paper.term, s->g, &ns, ns ? 1 : 0, &p, p ? 1 : 0), 0);
	root = json_loads(paper_read(&paper), JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(root);
	free(paper.text);
	return root;
}

static json_t *only(json_t *root, const char *key)
{
	json_t *list = json_object_get(root, key);

	assert_int_equal(json_array_size(list), 1);
	return json_array_get(list, 0);
}

static const char *text_of(json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static void json_of_a_namespace_has_facts_and_lists(void **state)
{
	const struct sample *s = *state;
	json_t *root = document(s, sample_ns(s, NS_NET, 4), NULL);
	json_t *ns = only(root, "namespaces"), *holder = only(ns, "holders");

	assert_int_equal(json_array_size(json_object_get(root, "processes")), 0);
	assert_string_equal(text_of(ns, "netns_name"), "lab");
	assert_string_equal(text_of(ns, "id_why"), "not read");
	assert_true(json_is_null(json_object_get(ns, "id")));
	assert_string_equal(text_of(holder, "path"), "/run/netns/lab");
	assert_true(json_is_null(json_object_get(holder, "fd")));
	json_decref(root);
	root = document(s, sample_ns(s, NS_PID, 1), NULL);
	ns = only(root, "namespaces");
	assert_int_equal(json_array_size(json_object_get(ns, "member_pids")), 2);
	assert_int_equal(json_integer_value(only(ns, "ancestors")), 4026531836);
	json_decref(root);
}

static void json_of_a_process_has_its_links(void **state)
{
	const struct sample *s = *state;
	json_t *root = document(s, NULL, s->unreadable), *p = only(root, "processes"), *link;

	assert_int_equal(json_array_size(json_object_get(p, "links")), NS_LINKS);
	link = json_array_get(json_object_get(p, "links"), NS_NET);
	assert_string_equal(text_of(link, "link"), "net");
	assert_true(json_is_null(json_object_get(link, "ns")));
	assert_string_equal(text_of(link, "ns_why"), "permission denied");
	json_decref(root);
	root = document(s, NULL, s->web);
	p = only(root, "processes");
	assert_string_equal(text_of(p, "evidence"), "cgroup: 0::/some/where");
	link = json_array_get(json_object_get(p, "links"), NS_NET);
	assert_int_equal(json_integer_value(json_object_get(link, "nprocs")), 2);
	json_decref(root);
}

static void a_full_disk_is_told(void **state)
{
	const struct sample *s = *state;
	struct paper paper = paper_new(0, true);

	paper.term.out = fopen("/dev/full", "w");
	assert_non_null(paper.term.out);
	setvbuf(paper.term.out, NULL, _IONBF, 0);
	assert_int_equal(show_ns(&paper.term, s->g, sample_ns(s, NS_NET, 1)), -EIO);
	assert_int_equal(show_process(&paper.term, s->g, s->web), -EIO);
	fclose(paper.term.out);
}

static void each_page_asks_for_the_facts_of_its_type(void **state)
{
	(void)state;
	assert_true(show_needs(NS_USER) & NEED_MAPS);
	assert_false(show_needs(NS_UTS) & NEED_MAPS);
	assert_true(show_needs(NS_UTS) & NEED_UTS);
	for (int type = 0; type < NS_TYPES; type++)
		assert_true(show_needs((enum ns_type)type) & NEED_HOLDERS);
	assert_int_equal(show_process_needs() & NEEDS_OF_PROCESS, NEEDS_OF_PROCESS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_SAMPLE(a_network_namespace_in_full),
		ON_SAMPLE(what_holds_a_namespace_is_told),
		ON_SAMPLE(a_mount_elsewhere_names_its_mount_namespace),
		ON_SAMPLE(a_path_that_a_shell_would_take_apart_is_not_offered),
		ON_SAMPLE(a_user_namespace_tells_maps_and_what_it_owns),
		ON_SAMPLE(a_chain_that_is_cut_off_says_why),
		ON_SAMPLE(offsets_are_told_in_days_too),
		ON_SAMPLE(threads_and_childless_links_are_told),
		ON_SAMPLE(many_members_are_counted),
		ON_SAMPLE(a_process_in_full),
		ON_SAMPLE(an_unreadable_process_says_why),
		ON_SAMPLE(a_zombie_has_left_its_namespaces),
		ON_SAMPLE(a_process_without_facts_is_not_made_up),
		ON_SAMPLE(values_are_wrapped_under_themselves),
		ON_SAMPLE(hostile_text_is_escaped),
		ON_SAMPLE(a_long_name_is_cut_but_a_command_is_not),
		ON_SAMPLE(json_of_a_namespace_has_facts_and_lists),
		ON_SAMPLE(json_of_a_process_has_its_links),
		ON_SAMPLE(a_full_disk_is_told),
		cmocka_unit_test(each_page_asks_for_the_facts_of_its_type),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
