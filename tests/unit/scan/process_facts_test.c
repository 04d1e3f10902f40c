/* SPDX-License-Identifier: MIT */
/* Facts of processes, read from a tree of files; the sources of identities are replaced. */
// wrap: identity_from_cgroup identity_from_process identity_name_from_disk
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <nsview/identity.h>

#include "../../../src/scan/internal.h"
#include "bed.h"

static int disk_calls, process_calls;

bool __wrap_identity_from_cgroup(struct arena *arena, const char *text, size_t len,
				 struct identity *out);
bool __wrap_identity_from_process(struct arena *arena, int procfd, pid_t pid, pid_t ppid,
				  struct ancestry *known, struct identity *out);
int __wrap_identity_name_from_disk(struct arena *arena, const char *root, struct identity *id);

bool __wrap_identity_from_cgroup(struct arena *arena, const char *text, size_t len,
				 struct identity *out)
{
	(void)arena;
	if (!memmem(text, len, "/docker/", 8))
		return false;
	out->kind = "docker";
	out->container = true;
	return true;
}

bool __wrap_identity_from_process(struct arena *arena, int procfd, pid_t pid, pid_t ppid,
				  struct ancestry *known, struct identity *out)
{
	(void)arena;
	(void)procfd;
	(void)ppid;
	(void)known;
	__atomic_fetch_add(&process_calls, 1, __ATOMIC_RELAXED);
	out->kind = "flatpak";
	return pid == 12;
}

int __wrap_identity_name_from_disk(struct arena *arena, const char *root, struct identity *id)
{
	(void)arena;
	(void)root;
	__atomic_fetch_add(&disk_calls, 1, __ATOMIC_RELAXED);
	id->name = "web";
	return 0;
}

/* Process 12, as bare as can be; tests add what they need before bed_scan. */
static int bed_up(void **state)
{
	struct bed *bed = bed_new("12");

	fixture_text(&bed->fixture, "12/stat", "12 (x) S 1\n");
	disk_calls = process_calls = 0;
	*state = bed;
	return 0;
}

static void bed_scan(struct bed *bed)
{
	bed->graph = fixture_scan(&bed->fixture, &bed->scan);
}

static const struct process_facts *bed_read(struct bed *bed, unsigned needs)
{
	struct process *p;

	if (!bed->graph)
		bed_scan(bed);
	p = graph_process(bed->graph, 12);
	assert_non_null(p);
	scan_processes(bed->scan, bed->graph, &p, 1, needs);
	assert_non_null(p->facts);
	return p->facts;
}

static void assert_text(struct fact_text fact, const char *text, size_t len)
{
	assert_int_equal(fact.fact.state, FACT_KNOWN);
	assert_int_equal(fact.len, len);
	assert_memory_equal(fact.data, text, len + 1);
}

static void comm_loses_one_newline_only(void **state)
{
	struct bed *bed = *state;

	fixture_text(&bed->fixture, "12/comm", "a) R 1\n\n");
	assert_text(bed_read(bed, NEED_COMM)->comm, "a) R 1\n", 7);
}

static void cmdline_keeps_its_nuls(void **state)
{
	struct bed *bed = *state;

	fixture_write(&bed->fixture, "12/cmdline", "a\0\0b c\0", 7);
	assert_text(bed_read(bed, NEED_CMDLINE)->cmdline, "a\0\0b c\0", 7);
}

static void empty_cmdline_is_none(void **state)
{
	struct bed *bed = *state;

	fixture_text(&bed->fixture, "12/cmdline", "");
	assert_int_equal(bed_read(bed, NEED_CMDLINE)->cmdline.fact.state, FACT_NONE);
}

static void long_cmdline_is_cut(void **state)
{
	enum { LONG = 300 * 1024, KEPT = 128 * 1024 };
	struct bed *bed = *state;
	char *text = test_malloc(LONG);
	struct fact_text cmdline;

	memset(text, 'x', LONG);
	text[KEPT - 1] = 'y';
	fixture_write(&bed->fixture, "12/cmdline", text, LONG);
	test_free(text);
	cmdline = bed_read(bed, NEED_CMDLINE)->cmdline;
	assert_int_equal(cmdline.len, KEPT);
	assert_int_equal(cmdline.data[KEPT - 1], 'y');
	assert_int_equal(cmdline.data[KEPT], '\0');
}

static void uid_of_a_copy_is_not_the_copier(void **state)
{
	struct bed *bed = *state;

	fixture_text(&bed->fixture, "12/status",
		     "Name:\tx\nUid:\t1\t4711\t3\t4\nGid:\t5\t6\t7\t8\n");
	assert_int_equal(bed_read(bed, NEED_UID)->uid.num, 4711);
}

static void stat_gives_comm_and_numbers(void **state)
{
	struct bed *bed = *state;
	const struct process_facts *f;

	fixture_text(&bed->fixture, "12/stat",
		     "12 (a) Z (b) S 7 12 12 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 98765 1 2\n");
	f = bed_read(bed, NEED_STAT | NEED_COMM);
	assert_text(f->comm, "a) Z (b", 7);
	assert_int_equal(f->ppid.num, 7);
	assert_int_equal(f->start.num, 98765);
	assert_int_equal(f->state.num, 'S');
}

static void status_without_a_line_is_unsupported_not_zero(void **state)
{
	struct bed *bed = *state;
	const struct process_facts *f;

	fixture_text(&bed->fixture, "12/status",
		     "Name:\tx\nTgid:\t12\nUid:\t0\t0\t0\t0\nGid:\t5\t6\t7\t8\nNSpid:\t12\t3\t1\n");
	f = bed_read(bed, NEED_STATUS);
	assert_int_equal(f->gid.num, 6);
	assert_int_equal(f->nspid_fact.state, FACT_KNOWN);
	assert_int_equal(f->nspid_count, 3);
	assert_int_equal(f->nspid[2], 1);
	assert_int_equal(f->cap_eff.fact.state, FACT_UNSUPPORTED);
	assert_int_equal(f->no_new_privs.fact.state, FACT_UNSUPPORTED);
	assert_int_equal(f->seccomp.fact.state, FACT_UNSUPPORTED);
}

static void status_gives_capabilities(void **state)
{
	struct bed *bed = *state;
	const struct process_facts *f;

	fixture_text(&bed->fixture, "12/status",
		     "Name:\tx\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nCapInh:\t0000000000000001\n"
		     "CapPrm:\t0000000000000002\nCapEff:\t0000000000000004\n"
		     "CapBnd:\t0000000000000008\nCapAmb:\t0000000000000010\nNoNewPrivs:\t1\n"
		     "Seccomp:\t2\n");
	f = bed_read(bed, NEED_STATUS);
	assert_int_equal(f->cap_prm.num, 2);
	assert_int_equal(f->cap_eff.num, 4);
	assert_int_equal(f->cap_bnd.num, 8);
	assert_int_equal(f->no_new_privs.num, 1);
	assert_int_equal(f->seccomp.num, 2);
	assert_int_equal(f->nspid_fact.state, FACT_UNSUPPORTED);
}

static void vanished_process_is_gone(void **state)
{
	struct bed *bed = *state;
	char from[128], to[128];
	const struct process_facts *f;

	fixture_text(&bed->fixture, "12/comm", "x\n");
	bed_scan(bed);
	fixture_path(&bed->fixture, from, sizeof(from), "12");
	fixture_path(&bed->fixture, to, sizeof(to), "gone");
	assert_int_equal(rename(from, to), 0);
	f = bed_read(bed, NEED_COMM | NEED_STATUS | NEED_IDENTITY);
	assert_int_equal(f->comm.fact.state, FACT_GONE);
	assert_int_equal(f->nspid_fact.state, FACT_GONE);
	assert_int_equal(f->cgroup.fact.state, FACT_GONE);
	assert_int_equal(f->identity_fact.state, FACT_GONE);
	assert_int_equal(f->cmdline.fact.state, FACT_UNREAD);
}

static void reused_pid_is_gone(void **state)
{
	struct bed *bed = *state;

	fixture_text(&bed->fixture, "12/comm", "another\n");
	bed_scan(bed);
	fixture_ns(&bed->fixture, "12", (enum ns_link)NS_NET, 77);
	assert_int_equal(bed_read(bed, NEED_COMM)->comm.fact.state, FACT_GONE);
}

static void reused_pid_with_the_same_network_is_gone(void **state)
{
	struct bed *bed = *state;

	fixture_text(&bed->fixture, "12/comm", "another\n");
	bed_scan(bed);
	fixture_ns(&bed->fixture, "12", (enum ns_link)NS_UTS, 77);
	assert_int_equal(bed_read(bed, NEED_COMM)->comm.fact.state, FACT_GONE);
}

static void missing_file_of_a_live_process_is_unsupported(void **state)
{
	assert_int_equal(bed_read(*state, NEED_IDENTITY)->cgroup.fact.state, FACT_UNSUPPORTED);
}

static void unreadable_file_is_denied(void **state)
{
	struct bed *bed = *state;
	const struct process_facts *f;
	uid_t uid = geteuid();
	char path[128];

	fixture_text(&bed->fixture, "12/comm", "x\n");
	fixture_path(&bed->fixture, path, sizeof(path), "12/comm");
	assert_int_equal(chmod(path, 0), 0);
	if (uid == 0)
		assert_int_equal(seteuid(65534), 0);
	f = bed_read(bed, NEED_COMM);
	assert_int_equal(seteuid(uid), 0);
	assert_int_equal(f->comm.fact.state, FACT_DENIED);
	assert_int_equal(f->comm.fact.error, -EACCES);
}

static void root_is_where_the_link_leads(void **state)
{
	struct bed *bed = *state;

	fixture_link(&bed->fixture, "12/root", "/srv/jail");
	assert_text(bed_read(bed, NEED_ROOT)->root, "/srv/jail", 9);
}

static void facts_are_read_once(void **state)
{
	struct bed *bed = *state;
	const struct process_facts *f;

	fixture_text(&bed->fixture, "12/comm", "first\n");
	bed_read(bed, NEED_COMM);
	fixture_text(&bed->fixture, "12/comm", "second\n");
	fixture_write(&bed->fixture, "12/cmdline", "c", 1);
	f = bed_read(bed, NEED_COMM | NEED_CMDLINE);
	assert_text(f->comm, "first", 5);
	assert_text(f->cmdline, "c", 1);
}

static void equal_cgroups_share_one_identity(void **state)
{
	struct bed *bed = *state;
	struct graph *g;

	fixture_process(&bed->fixture, "13");
	fixture_process(&bed->fixture, "14");
	fixture_text(&bed->fixture, "12/cgroup", "0::/docker/abc\n");
	fixture_text(&bed->fixture, "13/cgroup", "0::/docker/abc\n");
	fixture_text(&bed->fixture, "14/cgroup", "0::/docker/def\n");
	bed_scan(bed);
	g = bed->graph;
	/* The test's root does not end in /proc: there are no engine files that belong to it. */
	scan_processes(bed->scan, g, g->processes, g->nprocesses, NEED_IDENTITY);
	assert_int_equal(disk_calls, 0);
	assert_int_equal(g->processes[0]->facts->identity_fact.state, FACT_KNOWN);
	assert_ptr_equal(g->processes[0]->facts->identity, g->processes[1]->facts->identity);
	assert_ptr_not_equal(g->processes[0]->facts->identity, g->processes[2]->facts->identity);
	assert_text(g->processes[2]->facts->cgroup, "/docker/def", 11);
}

static void engine_files_belong_to_the_root_of_proc(void **state)
{
	struct bed *bed = *state;
	struct fixture below = { "" };

	fixture_path(&bed->fixture, below.root, sizeof(below.root), "proc");
	fixture_process(&below, "12");
	fixture_text(&below, "12/cgroup", "0::/docker/abc\n");
	bed->graph = fixture_scan(&below, &bed->scan);
	assert_string_equal(bed_read(bed, NEED_IDENTITY)->identity->name, "web");
	assert_int_equal(disk_calls, 1);
}

static void process_is_asked_where_the_cgroup_is_silent(void **state)
{
	struct bed *bed = *state;

	fixture_text(&bed->fixture, "12/cgroup", "0::/\n");
	assert_string_equal(bed_read(bed, NEED_IDENTITY)->identity->kind, "flatpak");
}

static void process_with_the_hosts_mounts_is_not_asked(void **state)
{
	struct bed *bed = *state;
	const struct process_facts *f;

	fixture_ns(&bed->fixture, "12", (enum ns_link)NS_MNT, ns_types[NS_MNT].initial_ino);
	fixture_text(&bed->fixture, "12/cgroup", "0::/\n");
	f = bed_read(bed, NEED_IDENTITY);
	assert_int_equal(process_calls, 0);
	assert_int_equal(f->identity_fact.state, FACT_NONE);
	assert_int_equal(f->cgroup.fact.state, FACT_KNOWN);
}

static void process_with_our_own_mounts_is_not_asked(void **state)
{
	struct bed *bed = *state;

	fixture_text(&bed->fixture, "12/cgroup", "0::/\n");
	bed_scan(bed);
	bed->graph->self[NS_MNT] = graph_find(bed->graph, NS_MNT, FIXTURE_INO(NS_MNT));
	assert_int_equal(bed_read(bed, NEED_IDENTITY)->identity_fact.state, FACT_NONE);
	assert_int_equal(process_calls, 0);
}

static void many_threads_mix_nothing_up(void **state)
{
	enum { MANY = 400 };
	struct bed *bed = *state;
	struct process *list[2 * MANY];
	struct graph *g;
	char name[32], text[32];

	for (int pid = 1000; pid < 1000 + MANY; pid++) {
		snprintf(name, sizeof(name), "%d", pid);
		fixture_process(&bed->fixture, name);
		snprintf(name, sizeof(name), "%d/comm", pid);
		snprintf(text, sizeof(text), "c%d\n", pid);
		fixture_text(&bed->fixture, name, text);
		snprintf(name, sizeof(name), "%d/cgroup", pid);
		snprintf(text, sizeof(text), "0::/docker/%d\n", pid / 10);
		fixture_text(&bed->fixture, name, text);
	}
	bed_scan(bed);
	g = bed->graph;
	bed->scan->threads = 4;
	/* Each of them twice, as a caller that goes by namespace may do. */
	for (int i = 0; i < 2 * MANY; i++)
		list[i] = graph_process(g, 1000 + i % MANY);
	scan_processes(bed->scan, g, list, 2 * MANY, NEED_COMM | NEED_IDENTITY);
	for (int i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "c%d", 1000 + i);
		assert_text(list[i]->facts->comm, text, strlen(text));
		snprintf(text, sizeof(text), "/docker/%d", (1000 + i) / 10);
		assert_text(list[i]->facts->cgroup, text, strlen(text));
		assert_int_equal(list[i]->facts->identity_fact.state, FACT_KNOWN);
	}
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, bed_up, bed_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(comm_loses_one_newline_only),
		CASE(cmdline_keeps_its_nuls),
		CASE(empty_cmdline_is_none),
		CASE(long_cmdline_is_cut),
		CASE(uid_of_a_copy_is_not_the_copier),
		CASE(stat_gives_comm_and_numbers),
		CASE(status_without_a_line_is_unsupported_not_zero),
		CASE(status_gives_capabilities),
		CASE(vanished_process_is_gone),
		CASE(reused_pid_is_gone),
		CASE(reused_pid_with_the_same_network_is_gone),
		CASE(missing_file_of_a_live_process_is_unsupported),
		CASE(unreadable_file_is_denied),
		CASE(root_is_where_the_link_leads),
		CASE(facts_are_read_once),
		CASE(equal_cgroups_share_one_identity),
		CASE(engine_files_belong_to_the_root_of_proc),
		CASE(process_is_asked_where_the_cgroup_is_silent),
		CASE(process_with_the_hosts_mounts_is_not_asked),
		CASE(process_with_our_own_mounts_is_not_asked),
		CASE(many_threads_mix_nothing_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
