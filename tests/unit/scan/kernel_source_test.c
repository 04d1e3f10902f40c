/* SPDX-License-Identifier: MIT */
/* The graph that is made of a read of the kernel; the read is made by hand. */
// wrap: kernel_bpf_read kernel_bpf_release kernel_bpf_missing
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../src/scan/kernel_internal.h"
#include "bed.h"

enum { RECORDS = 16, INITIAL_PID = 0xEFFFFFFC, INITIAL_USER = 0xEFFFFFFD };

static struct {
	int error;
	struct task_record tasks[RECORDS];
	struct ns_record namespaces[RECORDS];
	uint64_t before[RECORDS];
	struct kernel_read read;
	bool facts;
} fake;

int __wrap_kernel_bpf_read(const struct kernel_room *room, struct kernel_read *out,
			   struct error *err);
void __wrap_kernel_bpf_release(struct kernel_read *read);
const char *__wrap_kernel_bpf_missing(void);

const char *__wrap_kernel_bpf_missing(void)
{
	return NULL;
}

int __wrap_kernel_bpf_read(const struct kernel_room *room, struct kernel_read *out,
			   struct error *err)
{
	*out = fake.read;
	out->tasks = fake.tasks;
	out->namespaces = fake.namespaces;
	out->before = fake.before;
	fake.facts = room->facts;
	return fake.error ? error_set(err, fake.error, "the kernel refuses the program: no") : 0;
}

void __wrap_kernel_bpf_release(struct kernel_read *read)
{
	*read = (struct kernel_read){ 0 };
}

static uint64_t id_of(unsigned ino)
{
	return ino * 10ULL;
}

static struct task_record *add_task(unsigned pid, unsigned tid)
{
	struct task_record *r = &fake.tasks[fake.read.ntasks++];

	r->pid = pid;
	r->tid = tid;
	r->flags = pid == tid ? TASK_LEADER : 0;
	for (int link = 0; link < NS_LINKS; link++) {
		r->link[link].ino = FIXTURE_INO(ns_links[link].type);
		r->link[link].id = id_of(FIXTURE_INO(ns_links[link].type));
	}
	fake.read.counters.tasks++;
	return r;
}

static struct ns_record *add_ns(enum ns_type type, unsigned ino)
{
	struct ns_record *r = &fake.namespaces[fake.read.nnamespaces++];

	*r = (struct ns_record){ .id = id_of(ino), .type = type, .ino = ino, .refs = 3 };
	return r;
}

static void was_before(unsigned ino)
{
	fake.before[fake.read.nbefore++] = id_of(ino);
}

static int bed_up(void **state)
{
	memset(&fake, 0, sizeof(fake));
	fake.read.counters.layout = LISTS_NODE;
	*state = bed_new_open();
	add_task(1, 1);
	return 0;
}

static struct graph *bed_read(struct bed *bed, unsigned needs)
{
	struct error why = { 0 };

	assert_int_equal(kernel_source_processes(bed->scan, bed->graph, needs, &why), 0);
	graph_seal(bed->graph);
	kernel_source_namespaces(bed->scan, bed->graph);
	graph_seal(bed->graph);
	return bed->graph;
}

static void a_refusal_adds_nothing_and_says_why(void **state)
{
	struct bed *bed = *state;
	struct error why = { 0 };

	fake.error = -EPERM;
	assert_int_equal(kernel_source_processes(bed->scan, bed->graph, 0, &why), -EPERM);
	assert_int_equal(bed->graph->nprocesses, 0);
	assert_string_equal(why.text, "the kernel refuses the program: no");
}

static void processes_and_their_namespaces_are_added(void **state)
{
	struct bed *bed = *state;
	struct graph *g;

	add_task(12, 12)->link[NS_NET].ino = 5000;
	g = bed_read(bed, 0);
	assert_int_equal(g->nprocesses, 2);
	assert_int_equal(graph_find(g, NS_NET, 5000)->lead->pid, 12);
	assert_int_equal(graph_find(g, NS_UTS, FIXTURE_INO(NS_UTS))->nprocs, 2);
	assert_int_equal(g->completeness.processes, 2);
	assert_int_equal(g->completeness.unreadable, 0);
}

static void an_exited_process_has_user_and_pid_left(void **state)
{
	struct bed *bed = *state;
	struct process *p;

	add_task(12, 12)->flags |= TASK_EXITED;
	p = graph_process(bed_read(bed, 0), 12);
	assert_true(p->zombie);
	assert_non_null(p->set->ns[NS_USER]);
	assert_non_null(p->set->ns[NS_PID]);
	assert_null(p->set->ns[NS_NET]);
	assert_null(p->set->ns[LINK_PID_FOR_CHILDREN]);
}

/* Read before its leader's turn came, and with a lower number. */
static void a_thread_that_differs_is_added_to_its_process(void **state)
{
	struct bed *bed = *state;
	struct process *p;

	add_task(12, 5)->link[NS_NET] = (struct link_record){ .ino = 5000, .id = 1 };
	add_task(12, 6);
	add_task(12, 12);
	p = graph_process(bed_read(bed, 0), 12);
	assert_int_equal(p->threads->tid, 5);
	assert_null(p->threads->next);
	assert_int_equal(graph_find(bed->graph, NS_NET, 5000)->nthreads, 1);
}

static void a_thread_of_nobody_is_left_out(void **state)
{
	struct bed *bed = *state;

	add_task(99, 5);
	assert_int_equal(bed_read(bed, 0)->nprocesses, 1);
}

/* The number is another namespace's by now: the process is not in that. */
static void a_reused_number_is_looked_at_again(void **state)
{
	struct bed *bed = *state;
	struct graph *g;

	add_ns(NS_NET, 5000);
	add_task(12, 12)->link[NS_NET] = (struct link_record){ .ino = 5000, .id = 1 };
	add_task(13, 13)->link[NS_NET] = (struct link_record){ .ino = 5000, .id = id_of(5000) };
	add_task(14, 14)->link[NS_NET] = (struct link_record){ .ino = 5000, .id = 1 };
	fixture_process(&bed->fixture, "14");
	g = bed_read(bed, 0);
	assert_null(graph_process(g, 12));
	assert_int_equal(g->completeness.vanished, 1);
	assert_int_equal(graph_find(g, NS_NET, 5000)->nprocs, 1);
	assert_int_equal(graph_process(g, 14)->set->ns[NS_NET]->ino, FIXTURE_INO(NS_NET));
}

static void a_thread_in_a_reused_number_sends_its_process_back(void **state)
{
	struct bed *bed = *state;

	add_ns(NS_NET, 5000);
	add_task(12, 12);
	add_task(12, 15)->link[NS_NET] = (struct link_record){ .ino = 5000, .id = 1 };
	assert_null(graph_process(bed_read(bed, 0), 12));
	assert_int_equal(bed->graph->completeness.vanished, 1);
}

static void what_changed_while_it_was_read_is_looked_at_again(void **state)
{
	struct bed *bed = *state;

	add_task(12, 12)->flags |= TASK_AMISS;
	fixture_process(&bed->fixture, "12");
	fixture_ns(&bed->fixture, "12", (enum ns_link)NS_UTS, 7000);
	assert_int_equal(graph_process(bed_read(bed, 0), 12)->set->ns[NS_UTS]->ino, 7000);
}

static void who_is_kept_from_us_is_taken_from_proc(void **state)
{
	struct bed *bed = *state;

	fixture_text(&bed->fixture, "loadavg", "0.00 0.00 0.00 1/3 99\n");
	fixture_process(&bed->fixture, "20");
	assert_non_null(graph_process(bed_read(bed, 0), 20));
	assert_int_equal(bed->graph->completeness.processes, 2);
}

static void process_1_is_never_taken_for_missing(void **state)
{
	struct bed *bed = *state;

	fake.tasks[0].pid = fake.tasks[0].tid = 3;
	assert_non_null(graph_process(bed_read(bed, 0), 1));
}

static void hidden_namespaces_are_those_of_both_lists(void **state)
{
	struct bed *bed = *state;
	struct graph *g;
	const struct ns *ns;

	add_ns(NS_NET, 6000);
	add_ns(NS_NET, 6001);
	was_before(6000);
	was_before(6002);
	g = bed_read(bed, 0);
	ns = graph_find(g, NS_NET, 6000);
	assert_int_equal(ns_held(ns), HOLD_KERNEL);
	assert_int_equal(ns->facts->id.num, id_of(6000));
	assert_null(graph_find(g, NS_NET, 6001));
	assert_null(graph_find(g, NS_NET, 6002));
	kernel_source_count(bed->scan, g);
	assert_int_equal(g->completeness.kernel_total.num, 1);
	assert_int_equal(g->completeness.kernel_hidden, 0);
}

static void nothing_is_claimed_below_the_initial_pid_namespace(void **state)
{
	struct bed *bed = *state;

	fake.read.counters.level = 1;
	add_ns(NS_NET, 6000);
	was_before(6000);
	assert_null(graph_find(bed_read(bed, 0), NS_NET, 6000));
	kernel_source_count(bed->scan, bed->graph);
	assert_int_equal(bed->graph->completeness.kernel_total.num, 1);
	assert_int_equal(bed->graph->completeness.kernel_hidden, 1);
	/* What a mount or descriptor then leads to is not hidden. */
	graph_add(bed->graph, NS_NET, 6000);
	kernel_source_count(bed->scan, bed->graph);
	assert_int_equal(bed->graph->completeness.kernel_hidden, 0);
}

static void without_all_lists_there_is_no_total(void **state)
{
	struct bed *bed = *state;

	fake.read.counters.layout = LISTS_NET;
	add_ns(NS_NET, 6000);
	was_before(6000);
	assert_non_null(graph_find(bed_read(bed, 0), NS_NET, 6000));
	kernel_source_count(bed->scan, bed->graph);
	assert_int_equal(bed->graph->completeness.kernel_total.fact.state, FACT_UNREAD);
}

static void owners_and_parents_come_with_the_lists(void **state)
{
	struct bed *bed = *state;
	struct ns_record *r = add_ns(NS_USER, FIXTURE_INO(NS_USER));
	struct graph *g;
	struct ns *ns;

	r->owner = r->parent = INITIAL_USER;
	add_ns(NS_USER, INITIAL_USER);
	add_ns(NS_NET, FIXTURE_INO(NS_NET))->owner = FIXTURE_INO(NS_USER);
	g = bed_read(bed, 0);
	ns = graph_find(g, NS_NET, FIXTURE_INO(NS_NET));
	assert_int_equal(ns->owner->ino, FIXTURE_INO(NS_USER));
	assert_int_equal(ns->refs.num, 3);
	assert_int_equal(ns->owner->parent->ino, INITIAL_USER);
	assert_int_equal(ns->owner->parent->owner_fact.state, FACT_NONE);
	assert_int_equal(graph_find(g, NS_UTS, FIXTURE_INO(NS_UTS))->refs.fact.state, FACT_UNREAD);
}

static void a_shared_nsproxy_is_one_reference(void **state)
{
	struct bed *bed = *state;
	struct graph *g;

	add_ns(NS_NET, FIXTURE_INO(NS_NET));
	add_ns(NS_TIME, FIXTURE_INO(NS_TIME));
	add_ns(NS_USER, FIXTURE_INO(NS_USER));
	fake.tasks[0].proxy = 0x1000;
	add_task(12, 12)->proxy = 0x1000;
	add_task(13, 13)->proxy = 0x2000;
	add_task(14, 14)->flags |= TASK_EXITED;
	g = bed_read(bed, 0);
	assert_int_equal(graph_find(g, NS_NET, FIXTURE_INO(NS_NET))->task_refs.num, 2);
	/* Its own, and for its children. */
	assert_int_equal(graph_find(g, NS_TIME, FIXTURE_INO(NS_TIME))->task_refs.num, 4);
	assert_int_equal(graph_find(g, NS_USER, FIXTURE_INO(NS_USER))->task_refs.fact.state,
			 FACT_UNREAD);
	assert_int_equal(graph_find(g, NS_UTS, FIXTURE_INO(NS_UTS))->task_refs.fact.state,
			 FACT_UNREAD);
}

static struct ns_facts *facts_of(struct bed *bed, enum ns_type type, unsigned needs)
{
	struct ns *ns = graph_find(bed_read(bed, 0), type, FIXTURE_INO(type));

	kernel_source_ns_facts(bed->scan, bed->graph, ns, needs);
	return ns->facts;
}

static void names_are_those_of_uname(void **state)
{
	struct ns_record *r = add_ns(NS_UTS, FIXTURE_INO(NS_UTS));
	const struct ns_facts *f;

	strcpy(r->u.uts.nodename, "web-07");
	strcpy(r->u.uts.domainname, "(none)");
	f = facts_of(*state, NS_UTS, NEED_UTS);
	assert_string_equal(f->hostname.data, "web-07");
	assert_int_equal(f->domainname.fact.state, FACT_NONE);
	assert_int_equal(f->id.fact.state, FACT_UNREAD);
}

static void maps_in_place_are_taken(void **state)
{
	struct ns_record *r = add_ns(NS_USER, FIXTURE_INO(NS_USER));
	const struct ns_facts *f;

	r->u.user.uid.count = 1;
	r->u.user.uid.extents[0] = (struct extent_record){ 0, 100000, 65536 };
	r->u.user.owner_uid = 1000;
	f = facts_of(*state, NS_USER, NEED_MAPS | NEED_OWNER_UID | NEED_ID);
	assert_int_equal(f->uid_map.count, 1);
	assert_int_equal(f->uid_map.ranges[0].outside, 100000);
	assert_int_equal(f->gid_map.fact.state, FACT_NONE);
	assert_string_equal(f->setgroups.data, "deny");
	assert_int_equal(f->owner_uid.num, 1000);
	assert_int_equal(f->id.num, id_of(FIXTURE_INO(NS_USER)));
}

static void longer_maps_are_left_to_proc(void **state)
{
	add_ns(NS_USER, FIXTURE_INO(NS_USER))->u.user.gid.count = MAP_EXTENTS + 1;
	assert_int_equal(facts_of(*state, NS_USER, NEED_MAPS)->uid_map.fact.state, FACT_UNREAD);
}

static void negative_offsets_stay_so(void **state)
{
	struct ns_record *r = add_ns(NS_TIME, FIXTURE_INO(NS_TIME));
	const struct ns_facts *f;

	r->u.time.boottime_sec = -86400;
	r->u.time.monotonic_nsec = 5;
	f = facts_of(*state, NS_TIME, NEED_TIME);
	assert_int_equal(f->boottime.sec, -86400);
	assert_int_equal(f->monotonic.nsec, 5);
	assert_int_equal(f->boottime_fact.state, FACT_KNOWN);
}

static void counts_that_a_kernel_lacks_are_left_to_proc(void **state)
{
	add_ns(NS_IPC, FIXTURE_INO(NS_IPC))->u.ipc.mqueue = UINT32_MAX;
	assert_int_equal(facts_of(*state, NS_IPC, NEED_IPC)->shm.fact.state, FACT_UNREAD);
}

static void mounts_are_counted_by_the_kernel_where_nobody_else_can(void **state)
{
	struct bed *bed = *state;
	struct ns_record *r = add_ns(NS_MNT, FIXTURE_INO(NS_MNT));
	struct ns_facts *f;
	struct ns *ns;

	r->u.mnt.count = 25;
	f = facts_of(bed, NS_MNT, NEED_MOUNTS);
	assert_int_equal(f->nmounts.fact.state, FACT_UNREAD);
	ns = graph_find(bed->graph, NS_MNT, FIXTURE_INO(NS_MNT));
	f->nmounts = (struct fact_num){ fact_known(), 24 };
	kernel_source_ns_rest(bed->scan, bed->graph, ns, NEED_MOUNTS);
	assert_int_equal(f->nmounts.num, 24);
	f->nmounts.fact = fact_from_error(-EACCES);
	kernel_source_ns_rest(bed->scan, bed->graph, ns, NEED_MOUNTS);
	assert_int_equal(f->nmounts.num, 25);
}

static struct process_facts process_facts_of(struct bed *bed, unsigned needs, unsigned *out_met)
{
	struct graph *g = bed_read(bed, needs | NEED_EVERY_PROCESS);
	struct process_facts f = { 0 };

	g->self[NS_TIME] = graph_add(g, NS_TIME, 4026531834);
	g->self[NS_TIME]->initial = true;
	*out_met = kernel_source_process_facts(bed->scan, g, graph_process(g, 12), &f, needs,
					       &g->arena);
	return f;
}

static void facts_of_a_process_come_with_it(void **state)
{
	struct task_record *r = add_task(12, 12);
	struct process_facts f;
	unsigned met;

	memcpy(r->comm, "sixteen-letters!", sizeof(r->comm));
	r->uid = 1000;
	r->ppid = 1;
	r->start = 1234567890;
	r->state = 1;
	f = process_facts_of(*state, NEED_STAT | NEED_UID | NEED_CMDLINE, &met);
	assert_int_equal(met & (NEED_STAT | NEED_UID | NEED_CMDLINE), NEED_STAT | NEED_UID);
	assert_int_equal(f.comm.len, 16);
	assert_int_equal(f.uid.num, 1000);
	assert_int_equal(f.ppid.num, 1);
	assert_int_equal(f.start.num, 123);
	assert_int_equal(f.state.num, 'S');
}

static void letters_of_states_are_the_kernels(void **state)
{
	static const struct {
		unsigned running, exited;
		char letter;
	} states[] = {
		{ 0, 0, 'R' },	   { 1, 0, 'S' },     { 2, 0, 'D' },	  { 4, 0, 'T' },
		{ 8, 0, 't' },	   { 0, 16, 'X' },    { 0x80, 32, 'Z' },  { 0x40, 0, 'P' },
		{ 0x402, 0, 'I' }, { 0x102, 0, 'D' }, { 0x1000, 0, 'D' },
	};
	struct bed *bed = *state;
	struct task_record *r = add_task(12, 12);
	unsigned met;

	process_facts_of(bed, NEED_STAT, &met);
	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++) {
		struct process_facts f = { 0 };

		r->state = states[i].running | states[i].exited << 16;
		kernel_source_process_facts(bed->scan, bed->graph, graph_process(bed->graph, 12),
					    &f, NEED_STAT, &bed->graph->arena);
		assert_int_equal(f.state.num, states[i].letter);
	}
}

static void a_process_without_memory_has_no_command_line(void **state)
{
	struct process_facts f;
	unsigned met;

	add_task(12, 12)->flags |= TASK_NO_MM;
	f = process_facts_of(*state, NEED_CMDLINE, &met);
	assert_int_equal(met, NEED_CMDLINE);
	assert_int_equal(f.cmdline.fact.state, FACT_NONE);
}

static void facts_are_not_those_of_another_process(void **state)
{
	struct task_record *r = add_task(12, 12);
	struct bed *bed = *state;
	unsigned met;

	r->flags |= TASK_AMISS;
	fixture_process(&bed->fixture, "12");
	process_facts_of(bed, NEED_UID, &met);
	assert_int_equal(met, 0);
}

static void a_copy_of_proc_is_not_asked_of_the_kernel(void **state)
{
	struct bed *bed = *state;
	struct error why = { 0 };

	scan_choose(bed->scan, SCAN_KERNEL);
	assert_false(kernel_source_wanted(bed->scan, 0, &why));
	assert_non_null(strstr(why.text, "is not the procfs of our own pid namespace"));
}

int main(void)
{
#define BED(test) cmocka_unit_test_setup_teardown(test, bed_up, bed_down)
	const struct CMUnitTest tests[] = {
		BED(a_refusal_adds_nothing_and_says_why),
		BED(processes_and_their_namespaces_are_added),
		BED(an_exited_process_has_user_and_pid_left),
		BED(a_thread_that_differs_is_added_to_its_process),
		BED(a_thread_of_nobody_is_left_out),
		BED(a_reused_number_is_looked_at_again),
		BED(a_thread_in_a_reused_number_sends_its_process_back),
		BED(what_changed_while_it_was_read_is_looked_at_again),
		BED(who_is_kept_from_us_is_taken_from_proc),
		BED(process_1_is_never_taken_for_missing),
		BED(hidden_namespaces_are_those_of_both_lists),
		BED(nothing_is_claimed_below_the_initial_pid_namespace),
		BED(without_all_lists_there_is_no_total),
		BED(owners_and_parents_come_with_the_lists),
		BED(a_shared_nsproxy_is_one_reference),
		BED(names_are_those_of_uname),
		BED(maps_in_place_are_taken),
		BED(longer_maps_are_left_to_proc),
		BED(negative_offsets_stay_so),
		BED(counts_that_a_kernel_lacks_are_left_to_proc),
		BED(mounts_are_counted_by_the_kernel_where_nobody_else_can),
		BED(facts_of_a_process_come_with_it),
		BED(letters_of_states_are_the_kernels),
		BED(a_process_without_memory_has_no_command_line),
		BED(facts_are_not_those_of_another_process),
		BED(a_copy_of_proc_is_not_asked_of_the_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
