/* SPDX-License-Identifier: MIT */
/* Finding and choosing columns, and what the columns of both tables say about a node. */
// wrap: getpwuid_r
#include <ctype.h>
#include <errno.h>
#include <pwd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include <nsview/column.h>
#include <nsview/need.h>
#include <nsview/who.h>

#include "fixture.h"

static unsigned look_ups;

int __wrap_getpwuid_r(uid_t uid, struct passwd *entry, char *text, size_t size,
		      struct passwd **out);
/* uid 1000 is alice, 1001 has a record that needs room; nobody else has a name. */
int __wrap_getpwuid_r(uid_t uid, struct passwd *entry, char *text, size_t size, struct passwd **out)
{
	look_ups++;
	*out = NULL;
	if (uid == 1001 && size < 4096)
		return ERANGE;
	if (uid != 1000 && uid != 1001)
		return 0;
	*entry = (struct passwd){ .pw_name = text };
	snprintf(text, size, uid == 1000 ? "alice" : "longrecord");
	*out = entry;
	return 0;
}

static int make_graph(void **state)
{
	look_ups = 0;
	*state = graph_new();
	return 0;
}

static int free_graph(void **state)
{
	graph_free(*state);
	return 0;
}

static const struct column *column(const struct column_table *table, const char *name)
{
	const struct column *c = column_find(table, name, strlen(name));

	assert_non_null(c);
	return c;
}

static void assert_cell(const struct column_table *table, const struct row *row, const char *name,
			const char *expected)
{
	struct value v = VALUE_INIT;

	column(table, name)->get(row, &v);
	value_display(&v);
	assert_int_equal(v.len, strlen(expected));
	assert_memory_equal(v.text, expected, v.len);
	value_release(&v);
}

static void assert_state(const struct column_table *table, const struct row *row, const char *name,
			 enum fact_state state)
{
	struct value v = VALUE_INIT;

	column(table, name)->get(row, &v);
	assert_int_equal(v.fact.state, state);
	value_release(&v);
}

/* The member that a column with structure writes. */
static void assert_json(const struct column_table *table, const struct row *row, const char *name,
			const char *expected)
{
	const struct column *c = column(table, name);
	char *text = NULL;
	size_t len = 0;
	struct json j = { .out = open_memstream(&text, &len) };

	assert_non_null(j.out);
	assert_non_null(c->json);
	json_begin_object(&j, NULL);
	c->json(row, c->key, &j);
	json_end_object(&j);
	fclose(j.out);
	assert_string_equal(text, expected);
	free(text);
}

static struct row ns_row(const struct graph *g, const struct ns *ns)
{
	return (struct row){ .graph = g, .ns = ns };
}

static struct row process_row(const struct graph *g, const struct process *p)
{
	return (struct row){ .graph = g, .process = p };
}

static void columns_are_found_by_heading_or_key_in_any_case(void **state)
{
	(void)state;
	assert_string_equal(column(&ns_columns, "UIDMAP")->key, "uid_map");
	assert_ptr_equal(column(&ns_columns, "uidmap"), column(&ns_columns, "UIDMAP"));
	assert_ptr_equal(column(&ns_columns, "uid_map"), column(&ns_columns, "UIDMAP"));
	assert_ptr_equal(column(&ns_columns, "Uid_Map"), column(&ns_columns, "UIDMAP"));
}

static void only_whole_names_are_found(void **state)
{
	(void)state;
	assert_null(column_find(&ns_columns, "UIDMA", 5));
	assert_null(column_find(&ns_columns, "UIDMAPS", 7));
	assert_null(column_find(&ns_columns, "", 0));
	assert_null(column_find(&ns_columns, "NS\0", 3));
	/* Not terminated: what is behind the name does not count. */
	assert_non_null(column_find(&ns_columns, "NS,TYPE", 2));
}

static void a_key_goes_before_another_columns_heading(void **state)
{
	(void)state;
	assert_string_equal(column(&process_columns, "user")->heading, "USER");
	assert_string_equal(column(&process_columns, "pid")->heading, "PID");
	assert_string_equal(column(&process_columns, "cgroup")->heading, "CGROUP");
	assert_string_equal(column(&process_columns, "USER")->heading, "USER");
	assert_string_equal(column(&process_columns, "ns_user")->heading, "user");
	assert_string_equal(column(&process_columns, "NS_PID")->heading, "pid");
	assert_string_equal(column(&process_columns, "net")->key, "ns_net");
	assert_string_equal(column(&process_columns, "NET")->key, "ns_net");
}

static void chosen(const struct column_table *table, const char *list, const char *expected)
{
	struct column_list chosen_list;
	struct error err = { 0 };
	char text[512] = "";

	assert_int_equal(column_list_parse(table, list, &chosen_list, &err), 0);
	for (size_t i = 0; i < chosen_list.n; i++) {
		if (i)
			strcat(text, " ");
		strcat(text, chosen_list.at[i]->heading);
	}
	assert_string_equal(text, expected);
}

static void lists_replace_or_add_to_the_defaults(void **state)
{
	(void)state;
	chosen(&ns_columns, NULL, "NS TYPE NPROCS PID USER HELD WHO");
	chosen(&ns_columns, "who,NS", "WHO NS");
	chosen(&ns_columns, "+PATH,level", "NS TYPE NPROCS PID USER HELD WHO PATH LEVEL");
	chosen(&ns_columns, "NS, TYPE", "NS TYPE");
	chosen(&process_columns, NULL, "WHO PID NPROCS user pid net mnt uts ipc cgroup time");
}

static void a_column_stands_once(void **state)
{
	(void)state;
	chosen(&ns_columns, "NS,ns,TYPE,NS", "NS TYPE");
	chosen(&ns_columns, "+NS", "NS TYPE NPROCS PID USER HELD WHO");
}

static void all_is_every_column(void **state)
{
	static const struct column_table *const tables[] = { &ns_columns, &process_columns };
	static const char *const words[] = { "all", "ALL", "+all" };
	struct column_list list;

	(void)state;
	for (size_t t = 0; t < 2; t++) {
		size_t n = 0;

		while (tables[t]->columns[n].heading)
			n++;
		assert_true(n < COLUMNS_MAX);
		for (size_t w = 0; w < 3; w++) {
			assert_int_equal(column_list_parse(tables[t], words[w], &list, NULL), 0);
			assert_int_equal(list.n, n);
		}
	}
}

static void a_wrong_word_is_named_with_the_nearest_right_one(void **state)
{
	struct column_list list;
	struct error err = { 0 };

	(void)state;
	assert_int_equal(column_list_parse(&ns_columns, "NS,NPROC", &list, &err), -EINVAL);
	assert_non_null(strstr(err.text, "\"NPROC\""));
	assert_non_null(strstr(err.text, "NPROCS"));
	assert_int_equal(column_list_parse(&ns_columns, "zyxwvut", &list, &err), -EINVAL);
	assert_non_null(strstr(err.text, "--list-columns"));
}

static void a_wrong_word_cannot_reach_the_terminal_raw(void **state)
{
	char word[3000];
	struct column_list list;
	struct error err = { 0 };

	(void)state;
	memset(word, 'x', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	word[0] = '\33';
	assert_int_equal(column_list_parse(&ns_columns, word, &list, &err), -EINVAL);
	assert_null(strchr(err.text, '\33'));
	/* The end of the sentence was not lost to the length of the word. */
	assert_non_null(strstr(err.text, "--list-columns"));
}

static void empty_names_are_refused(void **state)
{
	static const char *const lists[] = { "", "+", "NS,", ",NS", "NS,,TYPE", " " };
	struct column_list list;

	(void)state;
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		assert_int_equal(column_list_parse(&ns_columns, lists[i], &list, NULL), -EINVAL);
}

static void needs_are_those_of_all_columns(void **state)
{
	struct column_list list;

	(void)state;
	column_list_parse(&ns_columns, "NS,TYPE,NPROCS,HELD", &list, NULL);
	assert_int_equal(column_list_needs(&list), 0);
	column_list_parse(&ns_columns, "UID,HOSTNAME", &list, NULL);
	assert_int_equal(column_list_needs(&list), NEED_UID | NEED_UTS);
	/* The default must not search every descriptor of the host. */
	column_list_parse(&ns_columns, NULL, &list, NULL);
	assert_false(column_list_needs(&list) & NEED_HOLDERS);
}

static void assert_table_is_sound(const struct column_table *table)
{
	for (const struct column *c = table->columns; c->heading; c++) {
		assert_non_null(c->get);
		assert_true(strlen(c->help) > 10);
		assert_int_equal(strspn(c->key, "abcdefghijklmnopqrstuvwxyz_0123456789"),
				 strlen(c->key));
		assert_ptr_equal(column(table, c->key), c);
		for (const struct column *d = c + 1; d->heading; d++) {
			assert_string_not_equal(c->heading, d->heading);
			assert_string_not_equal(c->key, d->key);
		}
	}
}

static void headings_and_keys_are_unique_and_explained(void **state)
{
	(void)state;
	assert_table_is_sound(&ns_columns);
	assert_table_is_sound(&process_columns);
}

/* A member's name may not be spoilt, and its value is null where the cell is not known. */
static void assert_column_bears_it(const struct column *c, const struct row *row)
{
	struct value v = VALUE_INIT;
	char *text = NULL, start[64];
	size_t len = 0;
	struct json j = { .out = open_memstream(&text, &len) };

	v.fact.state = UINT16_MAX;
	c->get(row, &v);
	assert_true(v.fact.state <= FACT_UNSUPPORTED);
	if (fact_is_known(v.fact))
		assert_int_equal(v.kind, c->kind);
	value_display(&v);
	assert_true(v.len > 0);
	json_begin_object(&j, NULL);
	if (c->json)
		c->json(row, c->key, &j);
	json_end_object(&j);
	fclose(j.out);
	snprintf(start, sizeof(start), "{\"%s\":", c->key);
	if (c->json)
		assert_memory_equal(text, start, strlen(start));
	free(text);
	value_release(&v);
}

static void every_column_bears_a_node_of_which_nothing_was_read(void **state)
{
	struct graph *g = *state;
	struct process *p = add_apart(g, 40, ALL_TYPES, 1);

	for (int t = 0; t < NS_TYPES; t++)
		graph_add(g, (enum ns_type)t, other_ino((enum ns_type)t, 2));
	graph_seal(g);
	for (size_t i = 0; i < g->nnamespaces; i++) {
		struct row row = ns_row(g, g->namespaces[i]);

		for (const struct column *c = ns_columns.columns; c->heading; c++)
			assert_column_bears_it(c, &row);
	}
	for (const struct column *c = process_columns.columns; c->heading; c++) {
		struct row row = process_row(g, p);

		assert_column_bears_it(c, &row);
	}
}

static void every_column_bears_facts_that_were_denied(void **state)
{
	struct graph *g = *state;
	struct process *p = add_apart(g, 40, ALL_TYPES, 1);
	struct row row;

	facts_of(g, p);
	graph_seal(g);
	row = process_row(g, p);
	for (const struct column *c = process_columns.columns; c->heading; c++)
		assert_column_bears_it(c, &row);
	for (size_t i = 0; i < g->nnamespaces; i++) {
		ns_facts_of(g, g->namespaces[i]);
		row = ns_row(g, g->namespaces[i]);
		for (const struct column *c = ns_columns.columns; c->heading; c++)
			assert_column_bears_it(c, &row);
	}
}

static void a_namespace_without_processes_has_no_pid(void **state)
{
	struct graph *g = *state;
	struct ns *ns = graph_add(g, NS_NET, 4026532600U);
	struct row row = ns_row(g, ns);

	graph_seal(g);
	assert_cell(&ns_columns, &row, "NS", "4026532600");
	assert_cell(&ns_columns, &row, "TYPE", "net");
	assert_cell(&ns_columns, &row, "NPROCS", "0");
	assert_cell(&ns_columns, &row, "PID", "-");
	assert_cell(&ns_columns, &row, "COMMAND", "-");
	assert_cell(&ns_columns, &row, "HELD", "kernel");
	assert_cell(&ns_columns, &row, "HOST", "no");
}

static void the_lead_gives_a_namespaces_process_columns(void **state)
{
	struct graph *g = *state;
	struct process *p = add_apart(g, 40, 1 << NS_NET, 1);
	struct row row = ns_row(g, p->set->ns[NS_NET]);

	add_apart(g, 41, 1 << NS_NET, 1);
	SET_COMMAND(g, p, "nginx", "nginx\0-g\0");
	facts_of(g, p)->ppid = known_num(7);
	facts_of(g, p)->uid = known_num(1000);
	graph_seal(g);
	assert_cell(&ns_columns, &row, "NPROCS", "2");
	assert_cell(&ns_columns, &row, "PID", "40");
	assert_cell(&ns_columns, &row, "PPID", "7");
	assert_cell(&ns_columns, &row, "COMMAND", "nginx -g");
	assert_cell(&ns_columns, &row, "UID", "1000");
	assert_cell(&ns_columns, &row, "USER", "alice");
	assert_cell(&ns_columns, &row, "HELD", "proc");
	assert_cell(&ns_columns, &row, "PATH", "/proc/40/ns/net");
}

static void a_uid_is_looked_up_once_and_only_for_its_name(void **state)
{
	struct graph *g = *state;
	struct process *p = add_host(g, 1);
	struct row row = process_row(g, p);

	facts_of(g, p)->uid = known_num(4711);
	assert_cell(&process_columns, &row, "UID", "4711");
	assert_int_equal(look_ups, 0);
	assert_cell(&process_columns, &row, "USER", "4711");
	assert_cell(&process_columns, &row, "USER", "4711");
	assert_int_equal(look_ups, 1);
	/* Two that share a place in the table do not share a name. */
	facts_of(g, p)->uid = known_num(1000);
	assert_cell(&process_columns, &row, "USER", "alice");
	facts_of(g, p)->uid = known_num(1000 + 256);
	assert_cell(&process_columns, &row, "USER", "1256");
	facts_of(g, p)->uid = known_num(1000);
	assert_cell(&process_columns, &row, "USER", "alice");
}

static void a_users_record_may_be_large(void **state)
{
	struct graph *g = *state;
	struct process *p = add_host(g, 1);
	struct row row = process_row(g, p);

	facts_of(g, p)->uid = known_num(1001);
	assert_cell(&process_columns, &row, "USER", "longrecord");
}

static void an_abandoned_namespace_belongs_to_who_made_its_user_namespace(void **state)
{
	struct graph *g = *state;
	struct ns *net = graph_add(g, NS_NET, 4026532600U);
	struct ns *user = graph_add(g, NS_USER, 4026532601U);
	struct row row = ns_row(g, net);

	net->owner_fact = fact_from_error(-EPERM);
	graph_seal(g);
	assert_state(&ns_columns, &row, "UID", FACT_DENIED);
	net->owner = user;
	graph_seal(g);
	assert_ptr_equal(ns_uid_source(net), user);
	assert_state(&ns_columns, &row, "UID", FACT_UNREAD);
	ns_facts_of(g, user)->owner_uid = known_num(1000);
	assert_cell(&ns_columns, &row, "UID", "1000");
	assert_cell(&ns_columns, &row, "USER", "alice");
	net->owner = graph_add(g, NS_USER, host_ino(NS_USER));
	graph_seal(g);
	assert_cell(&ns_columns, &row, "UID", "0");
}

static void a_path_leads_there_by_whatever_there_is(void **state)
{
	struct graph *g = *state;
	struct process *p = add_host(g, 40);
	uint64_t ino[NS_LINKS];
	struct row row;
	struct ns *fd, *far;

	links_apart(ino, 1 << NS_NET, 1);
	ino[LINK_PID_FOR_CHILDREN] = other_ino(NS_PID, 1);
	graph_add_thread(g, p, 43, ino);
	fd = graph_add(g, NS_UTS, 4026532700U);
	graph_add_holder(g, fd, HOLD_FD, p, 44, 5, NULL, NULL);
	far = graph_add(g, NS_MNT, 4026532800U);
	graph_add_holder(g, far, HOLD_MOUNT, p, 0, -1, "/pin", graph_add(g, NS_MNT, 4026532801U));
	g->self[NS_MNT] = graph_find(g, NS_MNT, host_ino(NS_MNT));
	graph_seal(g);
	row = ns_row(g, graph_find(g, NS_NET, other_ino(NS_NET, 1)));
	assert_cell(&ns_columns, &row, "PATH", "/proc/40/task/43/ns/net");
	row = ns_row(g, graph_find(g, NS_PID, other_ino(NS_PID, 1)));
	assert_cell(&ns_columns, &row, "PATH", "/proc/40/task/43/ns/pid_for_children");
	row = ns_row(g, fd);
	assert_cell(&ns_columns, &row, "PATH", "/proc/40/task/44/fd/5");
	row = ns_row(g, far);
	assert_cell(&ns_columns, &row, "PATH", "/proc/40/root/pin");
	graph_add_holder(g, far, HOLD_MOUNT, NULL, 0, -1, "/run/pin", g->self[NS_MNT]);
	graph_seal(g);
	assert_cell(&ns_columns, &row, "PATH", "/run/pin");
	assert_cell(&ns_columns, &row, "NSFS", "/run/pin");
}

static void all_mount_points_are_in_json(void **state)
{
	struct graph *g = *state;
	struct process *p = add_host(g, 40);
	struct ns *net = graph_add(g, NS_NET, 4026532600U);
	struct row row = ns_row(g, net);

	graph_seal(g);
	assert_cell(&ns_columns, &row, "NSFS", "-");
	assert_json(&ns_columns, &row, "NSFS", "{\"nsfs\":[]}");
	graph_add_holder(g, net, HOLD_MOUNT, NULL, 0, -1, "/b", NULL);
	graph_add_holder(g, net, HOLD_MOUNT, NULL, 0, -1, "/a", NULL);
	graph_add_holder(g, net, HOLD_FD, p, 0, 3, NULL, NULL);
	/* In a tree of mounts that is nowhere, and of another file than the namespace's. */
	graph_add_holder(g, net, HOLD_MOUNT, NULL, 0, -1, NULL, NULL);
	graph_add_holder(g, net, HOLD_MOUNT, NULL, 0, -1, "/c", NULL)->reason = REASON_SUPER;
	graph_seal(g);
	assert_cell(&ns_columns, &row, "NSFS", "/a");
	assert_json(&ns_columns, &row, "NSFS", "{\"nsfs\":[\"/a\",\"/b\"]}");
	assert_cell(&ns_columns, &row, "NHOLD", "5");
}

static void a_mount_without_a_place_names_nobody(void **state)
{
	struct graph *g = *state;
	struct ns *pid = graph_add(g, NS_PID, 4026532700U);
	struct row row = ns_row(g, pid);

	graph_add_holder(g, pid, HOLD_MOUNT, NULL, 0, -1, NULL, NULL)->reason = REASON_PROCFS;
	graph_seal(g);
	assert_cell(&ns_columns, &row, "WHO", "-");
	graph_add_holder(g, pid, HOLD_MOUNT, NULL, 0, -1, "/a", NULL)->reason = REASON_PROCFS;
	graph_seal(g);
	assert_cell(&ns_columns, &row, "WHO", "procfs /a");
}

static void a_holder_without_a_descriptor_names_what_it_is(void **state)
{
	struct graph *g = *state;
	struct ns *ipc = graph_add(g, NS_IPC, 4026532700U),
		  *net = graph_add(g, NS_NET, 4026532701U);
	struct row by_memory = ns_row(g, ipc), by_orphan = ns_row(g, net);

	graph_add_holder(g, ipc, HOLD_MEMORY, add_host(g, 8), 0, -1, NULL, NULL);
	graph_add_holder(g, net, HOLD_SOCKET, NULL, 0, -1, NULL, NULL)->reason = REASON_ORPHAN;
	graph_seal(g);
	assert_cell(&ns_columns, &by_memory, "WHO", "pid 8 (shared memory)");
	assert_cell(&ns_columns, &by_orphan, "WHO", "a TCP connection of no process");
}

static void denied_owner_is_not_none(void **state)
{
	struct graph *g = *state;
	struct ns *user = graph_add(g, NS_USER, 4026532600U), *net = graph_add(g, NS_NET, 9);
	struct row row = ns_row(g, user), net_row = ns_row(g, net);

	user->owner_fact = user->parent_fact = fact_from_error(-EPERM);
	net->owner = user;
	graph_seal(g);
	assert_cell(&ns_columns, &row, "ONS", "?");
	assert_cell(&ns_columns, &row, "PNS", "?");
	assert_cell(&ns_columns, &net_row, "ONS", "4026532600");
	assert_cell(&ns_columns, &net_row, "PNS", "-");
	assert_cell(&ns_columns, &row, "OWNED", "1");
	assert_cell(&ns_columns, &net_row, "OWNED", "-");
	assert_cell(&ns_columns, &row, "CHILDREN", "0");
	assert_cell(&ns_columns, &net_row, "CHILDREN", "-");
}

static void another_types_facts_are_none_and_its_own_unread(void **state)
{
	struct graph *g = *state;
	struct ns *net = graph_add(g, NS_NET, 9), *uts = graph_add(g, NS_UTS, 8);
	struct row net_row = ns_row(g, net), uts_row = ns_row(g, uts);

	graph_seal(g);
	assert_state(&ns_columns, &net_row, "HOSTNAME", FACT_NONE);
	assert_state(&ns_columns, &uts_row, "HOSTNAME", FACT_UNREAD);
	assert_state(&ns_columns, &net_row, "NLINKS", FACT_UNREAD);
	assert_state(&ns_columns, &net_row, "UIDMAP", FACT_NONE);
	assert_state(&ns_columns, &net_row, "INITPID", FACT_NONE);
	ns_facts_of(g, uts)->hostname = known_text(g, "web-07", 6);
	ns_facts_of(g, uts)->domainname.fact = fact_from_error(-EACCES);
	assert_cell(&ns_columns, &uts_row, "HOSTNAME", "web-07");
	assert_state(&ns_columns, &uts_row, "DOMAINNAME", FACT_DENIED);
}

static void maps_have_a_line_for_people_and_objects_for_programs(void **state)
{
	struct graph *g = *state;
	struct ns *user = graph_add(g, NS_USER, 9), *net = graph_add(g, NS_NET, 10);
	struct id_range ranges[] = { { 0, 100000, 65536 }, { 65536, 4294967294U, 1 } };
	struct row row = ns_row(g, user), net_row = ns_row(g, net);

	graph_seal(g);
	ns_facts_of(g, user)->uid_map = (struct fact_ranges){ fact_known(), 2, ranges };
	ns_facts_of(g, user)->gid_map = (struct fact_ranges){ .fact = fact_known() };
	assert_cell(&ns_columns, &row, "UIDMAP", "0 100000 65536, 65536 4294967294 1");
	assert_json(&ns_columns, &row, "UIDMAP",
		    "{\"uid_map\":[{\"inside\":0,\"outside\":100000,\"count\":65536},"
		    "{\"inside\":65536,\"outside\":4294967294,\"count\":1}]}");
	/* A map that nobody wrote yet is empty; one that was not read is unknown. */
	assert_cell(&ns_columns, &row, "GIDMAP", "-");
	assert_json(&ns_columns, &row, "GIDMAP", "{\"gid_map\":[]}");
	assert_json(&ns_columns, &net_row, "GIDMAP", "{\"gid_map\":null}");
	user->facts->uid_map.fact = fact_from_error(-EACCES);
	assert_cell(&ns_columns, &row, "UIDMAP", "?");
	assert_json(&ns_columns, &row, "UIDMAP",
		    "{\"uid_map\":null,\"uid_map_why\":\"permission denied\"}");
}

static void offsets_are_seconds_with_the_fraction_they_need(void **state)
{
	static const struct {
		struct time_offset offset;
		const char *text;
	} cases[] = {
		{ { 0, 0 }, "0" },
		{ { 86400, 0 }, "86400" },
		{ { -86400, 0 }, "-86400" },
		{ { 1, 500000000 }, "1.5" },
		{ { 0, 1 }, "0.000000001" },
		{ { -1, 900000000 }, "-0.1" },
		{ { -2, 999999999 }, "-1.000000001" },
		{ { INT64_MIN, 0 }, "-9223372036854775808" },
	};
	struct graph *g = *state;
	struct ns *ns = graph_add(g, NS_TIME, 9);
	struct row row = ns_row(g, ns);

	graph_seal(g);
	ns_facts_of(g, ns)->boottime_fact = fact_known();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ns->facts->boottime = cases[i].offset;
		assert_cell(&ns_columns, &row, "BOOTOFF", cases[i].text);
	}
	ns->facts->boottime = (struct time_offset){ -1, 900000000 };
	assert_json(&ns_columns, &row, "BOOTOFF",
		    "{\"boottime_offset\":{\"sec\":-1,\"nsec\":900000000}}");
	assert_cell(&ns_columns, &row, "MONOOFF", "?");
}

static void ids_are_ids(void **state)
{
	struct graph *g = *state;
	struct ns *net = graph_add(g, NS_NET, 9);
	struct row row = ns_row(g, net);

	graph_seal(g);
	ns_facts_of(g, net)->id = known_num(UINT64_MAX);
	net->facts->cookie = known_num(4097);
	net->facts->netnsid.fact = fact_none();
	assert_cell(&ns_columns, &row, "ID", "18446744073709551615");
	assert_cell(&ns_columns, &row, "COOKIE", "4097");
	assert_cell(&ns_columns, &row, "NETNSID", "-");
	assert_int_equal(column(&ns_columns, "ID")->kind, VALUE_ID);
}

static void set_chain(struct graph *g, struct process *p, pid_t outside, pid_t inside)
{
	pid_t *chain = arena_alloc(&g->arena, 2 * sizeof(*chain));

	chain[0] = outside;
	chain[1] = inside;
	facts_of(g, p)->nspid = chain;
	facts_of(g, p)->nspid_count = 2;
	facts_of(g, p)->nspid_fact = fact_known();
}

static void the_init_of_a_pid_namespace_is_its_pid_1(void **state)
{
	struct graph *g = *state;
	struct process *low = add_apart(g, 40, 1 << NS_PID, 1);
	struct process *init = add_apart(g, 50, 1 << NS_PID, 1);
	struct row row = ns_row(g, low->set->ns[NS_PID]);

	graph_seal(g);
	assert_state(&ns_columns, &row, "INITPID", FACT_UNREAD);
	/* The pids outside started over: the lowest is not the first. */
	set_chain(g, low, 40, 9);
	assert_state(&ns_columns, &row, "INITPID", FACT_UNREAD);
	set_chain(g, init, 50, 1);
	assert_cell(&ns_columns, &row, "INITPID", "50");
	set_chain(g, init, 50, 2);
	assert_state(&ns_columns, &row, "INITPID", FACT_NONE);
}

static void only_of_pid_namespaces_it_is_known_when_they_were_created(void **state)
{
	struct graph *g = *state;
	struct process *p = add_apart(g, 40, 1 << NS_PID | 1 << NS_NET, 1);
	struct row net_row = ns_row(g, p->set->ns[NS_NET]);
	struct row pid_row = ns_row(g, p->set->ns[NS_PID]), row = process_row(g, p);
	struct value created = VALUE_INIT, start = VALUE_INIT;

	graph_seal(g);
	set_chain(g, p, 40, 1);
	facts_of(g, p)->start = known_num(12345);
	g->boot = known_num(1767225600 * (uint64_t)sysconf(_SC_CLK_TCK));
	assert_state(&ns_columns, &net_row, "CREATED", FACT_UNSUPPORTED);
	assert_json(&ns_columns, &net_row, "CREATED",
		    "{\"created\":null,\"created_why\":"
		    "\"no kernel interface tells when it was created\"}");
	column(&ns_columns, "CREATED")->get(&pid_row, &created);
	column(&process_columns, "START")->get(&row, &start);
	assert_true(fact_is_known(created.fact));
	assert_int_equal(created.len, start.len);
	assert_int_equal(created.len, strlen("2026-11-22T02:38:59+00:00"));
	value_release(&created);
	value_release(&start);
}

static time_t start_of(const struct row *row, const char *expected_zone)
{
	struct value v = VALUE_INIT;
	struct tm tm = { 0 };
	const char *end;

	column(&process_columns, "START")->get(row, &v);
	assert_true(fact_is_known(v.fact));
	end = strptime(v.text, "%Y-%m-%dT%H:%M:%S", &tm);
	assert_non_null(end);
	assert_string_equal(end, expected_zone);
	value_release(&v);
	return timegm(&tm);
}

static void starts_are_local_times_that_keep_their_distance(void **state)
{
	struct graph *g = *state;
	struct process *p = add_host(g, 1);
	struct row row = process_row(g, p);
	uint64_t hz = (uint64_t)sysconf(_SC_CLK_TCK);
	time_t first;

	setenv("TZ", "XST-5:30", 1);
	tzset();
	facts_of(g, p)->start = known_num(50);
	assert_state(&process_columns, &row, "START", FACT_UNREAD);
	g->boot = known_num(1767225600 * hz);
	first = start_of(&row, "+05:30");
	assert_int_equal(first - timegm(&(struct tm){ .tm_year = 126, .tm_mday = 1 }),
			 5 * 3600 + 1800);
	facts_of(g, p)->start = known_num(50 + 3600 * hz);
	assert_int_equal(start_of(&row, "+05:30") - first, 3600);
	unsetenv("TZ");
	tzset();
}

static void a_type_cell_is_the_inode_without_a_matrix(void **state)
{
	struct graph *g = *state;
	struct row row = process_row(g, add_apart(g, 40, 1 << NS_NET, 1));

	graph_seal(g);
	assert_cell(&process_columns, &row, "ns_net", "4026532103");
	assert_json(&process_columns, &row, "ns_net",
		    "{\"ns_net\":{\"ino\":4026532103,\"host\":false}}");
	assert_cell(&process_columns, &row, "NPROCS", "1");
}

static void a_type_cell_is_a_letter_with_one(void **state)
{
	struct graph *g = *state;
	struct process *host = add_host(g, 1), *agent = add_apart(g, 50, 1 << NS_MNT, 1);
	struct row host_row = process_row(g, host), row = process_row(g, agent);
	struct matrix m;

	set_identity(g, agent, "docker", "agent", true);
	graph_seal(g);
	matrix_build(&m, g, g->processes, g->nprocesses, true);
	host_row.matrix = row.matrix = &m;
	assert_cell(&process_columns, &host_row, "ns_mnt", "A");
	assert_cell(&process_columns, &row, "ns_mnt", "B");
	assert_cell(&process_columns, &row, "ns_user", "=");
	assert_cell(&process_columns, &row, "ns_net", "=!");
	assert_json(&process_columns, &row, "ns_mnt",
		    "{\"ns_mnt\":{\"ino\":4026532102,\"host\":false,\"letter\":\"B\"}}");
	assert_json(&process_columns, &row, "ns_time",
		    "{\"ns_time\":{\"ino\":4026531834,\"host\":true,\"letter\":\"A\"}}");
	matrix_release(&m);
}

static void a_set_is_named_by_what_its_members_share(void **state)
{
	struct graph *g = *state;
	struct process *host = add_host(g, 1), *web = add_apart(g, 50, 1 << NS_MNT, 1);
	struct row host_row = process_row(g, host), row = process_row(g, web);
	struct matrix m;

	SET_COMMAND(g, host, "systemd", "/sbin/init\0");
	SET_COMMAND(g, web, "nginx", "nginx\0");
	set_identity(g, web, "docker", "web", true);
	graph_seal(g);
	matrix_build(&m, g, g->processes, g->nprocesses, true);
	host_row.matrix = row.matrix = &m;
	assert_cell(&process_columns, &host_row, "WHO", "host");
	assert_cell(&process_columns, &row, "WHO", "docker:web");
	matrix_release(&m);
	/* Each process for itself: what it runs tells one from the other. */
	matrix_build(&m, g, g->processes, g->nprocesses, false);
	assert_cell(&process_columns, &host_row, "WHO", "/sbin/init");
	assert_cell(&process_columns, &row, "WHO", "docker:web nginx");
	matrix_release(&m);
}

static void unreadable_processes_lend_no_name_to_each_other(void **state)
{
	uint64_t ino[NS_LINKS] = { 0 };
	struct graph *g = *state;
	struct process *one = graph_add_process(g, 7, ino), *two;
	struct row row = process_row(g, one);
	struct matrix m;

	SET_COMMAND(g, one, "init", "/sbin/init\0");
	one->error = -EACCES;
	graph_seal(g);
	matrix_build(&m, g, g->processes, g->nprocesses, true);
	row.matrix = &m;
	assert_cell(&process_columns, &row, "WHO", "/sbin/init");
	matrix_release(&m);
	two = graph_add_process(g, 8, ino);
	two->error = -EACCES;
	graph_seal(g);
	matrix_build(&m, g, g->processes, g->nprocesses, true);
	assert_cell(&process_columns, &row, "WHO", "?");
	assert_cell(&process_columns, &row, "NPROCS", "2");
	matrix_release(&m);
}

static void our_own_namespaces_are_not_called_the_hosts(void **state)
{
	struct graph *g = *state;
	struct process *p = add_apart(g, 1, ALL_TYPES, 1);
	struct row row = process_row(g, p);
	struct matrix m;

	SET_COMMAND(g, p, "sh", "sh\0");
	for (int t = 0; t < NS_TYPES; t++)
		g->self[t] = p->set->ns[t];
	graph_seal(g);
	matrix_build(&m, g, g->processes, g->nprocesses, true);
	row.matrix = &m;
	assert_cell(&process_columns, &row, "WHO", "sh");
	assert_cell(&process_columns, &row, "ns_net", "A");
	matrix_release(&m);
}

static void an_unreadable_process_says_why(void **state)
{
	uint64_t ino[NS_LINKS] = { 0 };
	struct graph *g = *state;
	struct process *p = graph_add_process(g, 77, ino), *zombie;
	struct row row = process_row(g, p);

	p->error = -EACCES;
	zombie = graph_add_process(g, 78, ino);
	zombie->zombie = true;
	graph_seal(g);
	assert_cell(&process_columns, &row, "ERROR", "permission denied");
	assert_cell(&process_columns, &row, "ns_net", "?");
	assert_json(&process_columns, &row, "ns_net",
		    "{\"ns_net\":null,\"ns_net_why\":\"permission denied\"}");
	row = process_row(g, zombie);
	assert_cell(&process_columns, &row, "ns_net", "-");
	assert_cell(&process_columns, &row, "ERROR", "-");
}

static void chains_of_pids_read_inwards(void **state)
{
	struct graph *g = *state;
	struct process *p = add_host(g, 4123);
	struct row row = process_row(g, p);

	set_chain(g, p, 4123, 1);
	assert_cell(&process_columns, &row, "NSPID", "4123 -> 1");
	assert_json(&process_columns, &row, "NSPID", "{\"nspid\":[4123,1]}");
}

static void capabilities_are_all_none_or_named(void **state)
{
	struct graph *g = *state;
	struct process *p = add_host(g, 1);
	struct row row = process_row(g, p);
	struct value v = VALUE_INIT;

	facts_of(g, p)->cap_eff = known_num(0);
	assert_cell(&process_columns, &row, "CAPS", "none");
	assert_json(&process_columns, &row, "CAPS",
		    "{\"caps\":{\"hex\":\"0000000000000000\",\"names\":[]}}");
	facts_of(g, p)->cap_eff = known_num(1 << 0 | 1 << 12);
	assert_cell(&process_columns, &row, "CAPS", "chown,net_admin");
	assert_json(&process_columns, &row, "CAPS",
		    "{\"caps\":{\"hex\":\"0000000000001001\","
		    "\"names\":[\"cap_chown\",\"cap_net_admin\"]}}");
	facts_of(g, p)->cap_eff = known_num((UINT64_C(1) << cap_max_bits()) - 1);
	assert_cell(&process_columns, &row, "CAPS", "all");
	/* One that no libcap has a name for is not lost. */
	facts_of(g, p)->cap_eff = known_num(UINT64_C(1) << 63 | 1);
	assert_cell(&process_columns, &row, "CAPS", "chown,63");
	facts_of(g, p)->cap_eff.fact = fact_from_error(-EACCES);
	column(&process_columns, "CAPS")->get(&row, &v);
	assert_int_equal(v.fact.state, FACT_DENIED);
	value_release(&v);
}

static void states_and_modes_are_words(void **state)
{
	static const char *const modes[] = { "off", "strict", "filter", "3" };
	struct graph *g = *state;
	struct process *p = add_host(g, 1);
	struct row row = process_row(g, p);

	facts_of(g, p)->state = known_num('S');
	assert_cell(&process_columns, &row, "STATE", "S");
	for (uint64_t mode = 0; mode < 4; mode++) {
		p->facts->seccomp = known_num(mode);
		assert_cell(&process_columns, &row, "SECCOMP", modes[mode]);
	}
	p->facts->no_new_privs = known_num(1);
	assert_cell(&process_columns, &row, "NNP", "yes");
	p->facts->no_new_privs.num = 0;
	assert_cell(&process_columns, &row, "NNP", "no");
}

static void an_identity_is_told_with_its_evidence(void **state)
{
	struct graph *g = *state;
	struct process *p = add_host(g, 1);
	struct row row = process_row(g, p);

	set_identity(g, p, "docker", "web", true);
	assert_cell(&process_columns, &row, "IDENTITY", "docker:web");
	assert_cell(&process_columns, &row, "ID", "3f2a91c0ffee");
	assert_cell(&process_columns, &row, "EVIDENCE", "cgroup: 0::/some/where");
	p->facts->identity_fact = fact_none();
	assert_cell(&process_columns, &row, "IDENTITY", "-");
	assert_cell(&process_columns, &row, "EVIDENCE", "-");
}

int main(void)
{
#define COLUMN_TEST(test) cmocka_unit_test_setup_teardown(test, make_graph, free_graph)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_found_by_heading_or_key_in_any_case),
		cmocka_unit_test(only_whole_names_are_found),
		cmocka_unit_test(a_key_goes_before_another_columns_heading),
		cmocka_unit_test(lists_replace_or_add_to_the_defaults),
		cmocka_unit_test(a_column_stands_once),
		cmocka_unit_test(all_is_every_column),
		cmocka_unit_test(a_wrong_word_is_named_with_the_nearest_right_one),
		cmocka_unit_test(a_wrong_word_cannot_reach_the_terminal_raw),
		cmocka_unit_test(empty_names_are_refused),
		cmocka_unit_test(needs_are_those_of_all_columns),
		cmocka_unit_test(headings_and_keys_are_unique_and_explained),
		COLUMN_TEST(every_column_bears_a_node_of_which_nothing_was_read),
		COLUMN_TEST(every_column_bears_facts_that_were_denied),
		COLUMN_TEST(a_namespace_without_processes_has_no_pid),
		COLUMN_TEST(the_lead_gives_a_namespaces_process_columns),
		COLUMN_TEST(a_uid_is_looked_up_once_and_only_for_its_name),
		COLUMN_TEST(a_users_record_may_be_large),
		COLUMN_TEST(an_abandoned_namespace_belongs_to_who_made_its_user_namespace),
		COLUMN_TEST(a_path_leads_there_by_whatever_there_is),
		COLUMN_TEST(all_mount_points_are_in_json),
		COLUMN_TEST(a_mount_without_a_place_names_nobody),
		COLUMN_TEST(a_holder_without_a_descriptor_names_what_it_is),
		COLUMN_TEST(denied_owner_is_not_none),
		COLUMN_TEST(another_types_facts_are_none_and_its_own_unread),
		COLUMN_TEST(maps_have_a_line_for_people_and_objects_for_programs),
		COLUMN_TEST(offsets_are_seconds_with_the_fraction_they_need),
		COLUMN_TEST(ids_are_ids),
		COLUMN_TEST(the_init_of_a_pid_namespace_is_its_pid_1),
		COLUMN_TEST(only_of_pid_namespaces_it_is_known_when_they_were_created),
		COLUMN_TEST(starts_are_local_times_that_keep_their_distance),
		COLUMN_TEST(a_type_cell_is_the_inode_without_a_matrix),
		COLUMN_TEST(a_type_cell_is_a_letter_with_one),
		COLUMN_TEST(a_set_is_named_by_what_its_members_share),
		COLUMN_TEST(unreadable_processes_lend_no_name_to_each_other),
		COLUMN_TEST(our_own_namespaces_are_not_called_the_hosts),
		COLUMN_TEST(an_unreadable_process_says_why),
		COLUMN_TEST(chains_of_pids_read_inwards),
		COLUMN_TEST(capabilities_are_all_none_or_named),
		COLUMN_TEST(states_and_modes_are_words),
		COLUMN_TEST(an_identity_is_told_with_its_evidence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
