/* SPDX-License-Identifier: MIT */
/* The holders that are made of a read of the kernel's files; the read is made by hand. */
// wrap: kernel_bpf_read kernel_bpf_release kernel_bpf_read_holders kernel_bpf_release_holders
// wrap: kernel_bpf_read_memory kernel_bpf_release_memory
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <nsview/hold.h>

#include "../../../src/scan/kernel_internal.h"
#include "bed.h"

enum { RECORDS = 16, HELD = 5000, SHARE = 0x1000 };

static struct {
	struct task_record tasks[RECORDS];
	struct ns_record namespaces[RECORDS];
	uint64_t before[RECORDS];
	struct holder_record holders[RECORDS], memory[RECORDS];
	struct kernel_read read;
	struct holder_read holder_read, memory_read;
	int error;
	bool orphans, asked_memory;
} fake;

int __wrap_kernel_bpf_read(const struct kernel_room *room, struct kernel_read *out,
			   struct error *err);
void __wrap_kernel_bpf_release(struct kernel_read *read);
int __wrap_kernel_bpf_read_holders(const struct kernel_read *tasks, bool orphans,
				   struct holder_read *out, struct error *err);
void __wrap_kernel_bpf_release_holders(struct holder_read *read);
int __wrap_kernel_bpf_read_memory(const struct kernel_read *tasks, struct holder_read *out,
				  struct error *err);
void __wrap_kernel_bpf_release_memory(struct holder_read *read);

int __wrap_kernel_bpf_read(const struct kernel_room *room, struct kernel_read *out,
			   struct error *err)
{
	(void)room;
	(void)err;
	*out = fake.read;
	out->tasks = fake.tasks;
	out->namespaces = fake.namespaces;
	out->before = fake.before;
	return 0;
}

void __wrap_kernel_bpf_release(struct kernel_read *read)
{
	*read = (struct kernel_read){ 0 };
}

int __wrap_kernel_bpf_read_holders(const struct kernel_read *tasks, bool orphans,
				   struct holder_read *out, struct error *err)
{
	(void)tasks;
	fake.orphans = orphans;
	*out = fake.holder_read;
	out->records = fake.holders;
	return fake.error ? error_set(err, fake.error, "the kernel refuses the program: no") : 0;
}

void __wrap_kernel_bpf_release_holders(struct holder_read *read)
{
	*read = (struct holder_read){ 0 };
}

int __wrap_kernel_bpf_read_memory(const struct kernel_read *tasks, struct holder_read *out,
				  struct error *err)
{
	(void)tasks;
	(void)err;
	fake.asked_memory = true;
	*out = fake.memory_read;
	out->records = fake.memory;
	return 0;
}

void __wrap_kernel_bpf_release_memory(struct holder_read *read)
{
	*read = (struct holder_read){ 0 };
}

static uint64_t id_of(unsigned ino)
{
	return ino * 10ULL;
}

static struct task_record *add_task(unsigned pid)
{
	struct task_record *r = &fake.tasks[fake.read.ntasks++];

	*r = (struct task_record){ .pid = pid, .tid = pid, .flags = TASK_LEADER };
	for (int link = 0; link < NS_LINKS; link++) {
		r->link[link].ino = FIXTURE_INO(ns_links[link].type);
		r->link[link].id = id_of(FIXTURE_INO(ns_links[link].type));
	}
	fake.read.counters.tasks++;
	return r;
}

/* One that was there all the time, and that nobody is in. */
static struct ns_record *add_ns(enum ns_type type, unsigned ino)
{
	struct ns_record *r = &fake.namespaces[fake.read.nnamespaces++];

	*r = (struct ns_record){ .id = id_of(ino), .type = type, .ino = ino, .refs = 1 };
	fake.before[fake.read.nbefore++] = id_of(ino);
	return r;
}

/* Of process 1, at descriptor 3. */
static struct holder_record *add_holder(enum holder_way way, enum ns_type type, unsigned ino)
{
	struct holder_record *r = &fake.holders[fake.holder_read.n++];

	*r = (struct holder_record){ .way = way,
				     .type = type,
				     .ino = ino,
				     .id = id_of(ino),
				     .pid = 1,
				     .tid = 1,
				     .fd = 3,
				     .share = SHARE,
				     .files = 1 };
	return r;
}

/* By no descriptor. */
static struct holder_record *add_other(enum holder_way way, enum ns_type type, unsigned ino)
{
	struct holder_record *r = add_holder(way, type, ino);

	r->pid = r->tid = 0;
	r->fd = -1;
	return r;
}

static int bed_up(void **state)
{
	memset(&fake, 0, sizeof(fake));
	fake.read.counters.layout = LISTS_NODE;
	*state = bed_new_open();
	add_task(1);
	return 0;
}

/* Up to where mounts are looked at. */
static bool bed_read_for(struct bed *bed, unsigned needs)
{
	struct error why = { 0 };

	assert_int_equal(kernel_source_processes(bed->scan, bed->graph, 0, &why), 0);
	graph_seal(bed->graph);
	kernel_source_namespaces(bed->scan, bed->graph);
	graph_seal(bed->graph);
	return kernel_source_read_holders(bed->scan, bed->graph, needs);
}

static struct graph *bed_read(struct bed *bed)
{
	assert_int_equal(bed_read_for(bed, NEED_HOLDERS), fake.error == 0);
	return bed->graph;
}

static struct graph *bed_search(struct bed *bed)
{
	bed_read(bed);
	kernel_source_add_holders(bed->scan, bed->graph, 0);
	graph_seal(bed->graph);
	return bed->graph;
}

static const struct holder *only_holder(const struct graph *g, enum ns_type type)
{
	const struct ns *ns = graph_find(g, type, HELD);

	assert_non_null(ns);
	assert_int_equal(ns->nholders, 1);
	return ns->holders;
}

static void each_way_has_its_kind_and_reason(void **state)
{
	static const struct {
		enum holder_way way;
		enum holder_via via;
		unsigned flags;
		enum ns_type type;
		enum holder_kind kind;
		enum holder_reason reason;
	} cases[] = {
		{ WAY_NSFS, VIA_TABLE, 0, NS_NET, HOLD_FD, REASON_PLAIN },
		{ WAY_NSFS, VIA_TABLE, HOLDER_O_PATH, NS_NET, HOLD_FD, REASON_O_PATH },
		{ WAY_NSFS, VIA_TABLE, HOLDER_O_PATH | HOLDER_UNMOUNTED, NS_NET, HOLD_FD,
		  REASON_UNMOUNTED },
		{ WAY_NSFS, VIA_RING, 0, NS_NET, HOLD_FD, REASON_IO_URING },
		{ WAY_NSFS, VIA_QUEUE, HOLDER_O_PATH, NS_NET, HOLD_INFLIGHT, REASON_PLAIN },
		{ WAY_SOCKET, VIA_TABLE, 0, NS_NET, HOLD_SOCKET, REASON_PLAIN },
		{ WAY_SOCKET, VIA_QUEUE, 0, NS_NET, HOLD_INFLIGHT, REASON_QUEUED_SOCKET },
		{ WAY_SOCKET, VIA_RING, 0, NS_NET, HOLD_SOCKET, REASON_IO_URING },
		{ WAY_TUN, VIA_TABLE, 0, NS_NET, HOLD_SOCKET, REASON_TUN },
		{ WAY_TUN, VIA_QUEUE, 0, NS_NET, HOLD_INFLIGHT, REASON_QUEUED_SOCKET },
		{ WAY_CRED, VIA_TABLE, 0, NS_USER, HOLD_FD, REASON_CRED },
		{ WAY_CRED, VIA_QUEUE, 0, NS_USER, HOLD_INFLIGHT, REASON_CRED },
		{ WAY_SUPER, VIA_TABLE, 0, NS_USER, HOLD_FD, REASON_SUPER },
		{ WAY_SUPER, VIA_TABLE, 0, NS_PID, HOLD_FD, REASON_PROCFS },
		{ WAY_PIDFD, VIA_TABLE, 0, NS_PID, HOLD_FD, REASON_PIDFD },
		{ WAY_PEER_CRED, VIA_TABLE, 0, NS_USER, HOLD_SOCKET, REASON_PEER_CRED },
		{ WAY_PEER_PID, VIA_TABLE, 0, NS_PID, HOLD_SOCKET, REASON_PEER_PID },
	};
	struct bed *bed = *state;
	struct graph *g;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		unsigned ino = HELD + (unsigned)i;
		struct holder_record *r;

		fake.read.nnamespaces = fake.read.nbefore = fake.holder_read.n = 0;
		add_ns(cases[i].type, ino);
		r = add_holder(cases[i].way, cases[i].type, ino);
		r->via = cases[i].via;
		r->flags = cases[i].flags;
		graph_free(bed->graph);
		bed->graph = graph_new();
		g = bed_search(bed);
		assert_non_null(graph_find(g, cases[i].type, ino)->holders);
		assert_int_equal(graph_find(g, cases[i].type, ino)->holders->kind, cases[i].kind);
		assert_int_equal(graph_find(g, cases[i].type, ino)->holders->reason,
				 cases[i].reason);
	}
}

static void a_holder_has_its_process_and_descriptor(void **state)
{
	const struct holder *h;

	add_ns(NS_NET, HELD);
	add_holder(WAY_NSFS, NS_NET, HELD)->tid = 7;
	h = only_holder(bed_search(*state), NS_NET);
	assert_int_equal(h->process->pid, 1);
	assert_int_equal(h->tid, 7);
	assert_int_equal(h->fd, 3);
	assert_null(h->path);
}

/* The number is another namespace's by now: nobody holds that. */
static void a_reused_number_is_nobodys(void **state)
{
	add_ns(NS_NET, HELD);
	add_holder(WAY_SOCKET, NS_NET, HELD)->id = 1;
	assert_int_equal(graph_find(bed_search(*state), NS_NET, HELD)->nholders, 0);
}

static void what_was_made_after_the_lists_is_left_out(void **state)
{
	add_holder(WAY_SOCKET, NS_NET, HELD);
	assert_null(graph_find(bed_search(*state), NS_NET, HELD));
}

/* Before 6.18 the lists have only network namespaces, which say nothing of others. */
static void without_lists_every_holder_counts(void **state)
{
	fake.read.counters.layout = LISTS_NET;
	add_holder(WAY_NSFS, NS_UTS, HELD);
	assert_int_equal(only_holder(bed_search(*state), NS_UTS)->kind, HOLD_FD);
}

static void a_process_that_is_new_holds_nothing(void **state)
{
	add_ns(NS_NET, HELD);
	add_holder(WAY_SOCKET, NS_NET, HELD)->pid = 99;
	assert_int_equal(graph_find(bed_search(*state), NS_NET, HELD)->nholders, 0);
}

/* Threads 7 and 8 have one table between them, thread 9 one for itself. */
static void a_table_that_threads_share_counts_once(void **state)
{
	const struct ns *ns;

	add_ns(NS_NET, HELD);
	for (unsigned tid = 7; tid <= 9; tid++) {
		struct holder_record *r = add_holder(WAY_NSFS, NS_NET, HELD);

		r->tid = tid;
		r->files = tid == 9 ? 3 : 2;
	}
	ns = graph_find(bed_search(*state), NS_NET, HELD);
	assert_int_equal(ns->nholders, 2);
	assert_int_equal(ns->holders->tid, 7);
	assert_int_equal(ns->holders->next->tid, 9);
}

/* Tasks come by number, so that another process may stand between two threads of one. */
static void a_shared_table_counts_once_also_with_another_process_between(void **state)
{
	const struct ns *ns;

	add_task(8);
	add_ns(NS_NET, HELD);
	for (unsigned tid = 7; tid <= 9; tid++) {
		struct holder_record *r = add_holder(WAY_NSFS, NS_NET, HELD);

		r->pid = tid == 8 ? 8 : 1;
		r->tid = tid;
		r->files = tid == 8 ? 3 : 2;
	}
	ns = graph_find(bed_search(*state), NS_NET, HELD);
	assert_int_equal(ns->nholders, 2);
	assert_int_equal(ns->holders->tid, 7);
	assert_int_equal(ns->holders->next->process->pid, 8);
}

static uint64_t unaccounted(const struct ns *ns, const struct graph *g)
{
	struct reference_list list;
	uint64_t n = 0;

	references_find(g, ns, &list);
	assert_true(references_unaccounted(ns, &list, &n));
	references_release(&list);
	return n;
}

/* Two descriptors of one struct pid, and one of another: two references of the five. */
static void what_is_shared_is_one_reference(void **state)
{
	struct graph *g;

	add_ns(NS_PID, HELD)->refs = 5;
	add_holder(WAY_PIDFD, NS_PID, HELD);
	add_holder(WAY_PROC_PID, NS_PID, HELD)->fd = 4;
	add_holder(WAY_PIDFD, NS_PID, HELD)->share = SHARE + 1;
	g = bed_search(*state);
	assert_int_equal(graph_find(g, NS_PID, HELD)->nholders, 3);
	assert_int_equal(unaccounted(graph_find(g, NS_PID, HELD), g), 3);
}

/* Its file, however often it is open. */
static void the_own_file_is_one_reference(void **state)
{
	struct graph *g;

	add_ns(NS_NET, HELD)->refs = 2;
	add_holder(WAY_NSFS, NS_NET, HELD)->share = 0;
	add_holder(WAY_NSFS, NS_NET, HELD)->fd = 4;
	add_holder(WAY_SOCKET, NS_NET, HELD)->fd = 5;
	g = bed_search(*state);
	assert_int_equal(unaccounted(graph_find(g, NS_NET, HELD), g), 0);
}

static void a_detached_tree_is_told_with_its_descriptor(void **state)
{
	const struct holder *h;

	add_ns(NS_NET, HELD);
	add_holder(WAY_TREE, 0, 0)->tree = 77;
	add_other(WAY_TREE_MOUNT, NS_NET, HELD)->tree = 77;
	h = only_holder(bed_search(*state), NS_NET);
	assert_int_equal(h->kind, HOLD_FD);
	assert_int_equal(h->reason, REASON_TREE);
	assert_int_equal(h->fd, 3);
}

/* It may have a hundred thousand of them, and there may be as many descriptors. */
static void a_detached_tree_with_many_mounts_of_one_is_told_once(void **state)
{
	add_ns(NS_NET, HELD);
	add_holder(WAY_TREE, 0, 0)->tree = 77;
	for (int i = 0; i < 3; i++)
		add_other(WAY_TREE_MOUNT, NS_NET, HELD)->tree = 77;
	add_other(WAY_TREE_MOUNT, NS_NET, FIXTURE_INO(NS_NET))->tree = 77;
	assert_int_equal(only_holder(bed_search(*state), NS_NET)->reason, REASON_TREE);
}

static void a_detached_tree_of_nobody_is_a_mount_without_a_path(void **state)
{
	const struct holder *h;

	add_ns(NS_NET, HELD);
	add_other(WAY_TREE_MOUNT, NS_NET, HELD)->tree = 77;
	h = only_holder(bed_search(*state), NS_NET);
	assert_int_equal(h->kind, HOLD_MOUNT);
	assert_null(h->path);
	assert_null(h->process);
}

/* A file system of the user namespace HELD, on device 0:33. */
static struct kernel_super *find_super(struct bed *bed, unsigned mounts)
{
	struct holder_record *r = add_other(WAY_SUPER_BLOCK, NS_USER, HELD);
	struct kernel_super *super;

	add_ns(NS_USER, HELD);
	r->minor = 33;
	r->mounts = mounts;
	bed_read(bed);
	super = kernel_super_find(kernel_source_supers(bed->scan, bed->graph), 0, 33);
	assert_non_null(super);
	return super;
}

static void finish(struct bed *bed)
{
	kernel_source_add_holders(bed->scan, bed->graph, 0);
	graph_seal(bed->graph);
}

static void a_file_system_is_told_where_it_is_mounted(void **state)
{
	struct bed *bed = *state;
	struct kernel_super *super = find_super(bed, MOUNTS_ATTACHED);
	const struct holder *h;

	kernel_super_mounted(bed->graph, super, "/mnt/a", false, NULL, NULL);
	finish(bed);
	h = only_holder(bed->graph, NS_USER);
	assert_int_equal(h->reason, REASON_SUPER);
	assert_string_equal(h->path, "/mnt/a");
	assert_true(h->share == SHARE);
}

/* That mount goes with the mount namespace, which is told as owned. */
static void in_its_own_mount_namespaces_it_is_no_news(void **state)
{
	struct bed *bed = *state;
	struct kernel_super *super = find_super(bed, MOUNTS_ATTACHED);
	struct ns *mnt = graph_add(bed->graph, NS_MNT, 6000);

	mnt->owner = graph_find(bed->graph, NS_USER, HELD);
	kernel_super_mounted(bed->graph, super, "/proc", true, NULL, mnt);
	finish(bed);
	assert_int_equal(graph_find(bed->graph, NS_USER, HELD)->nholders, 0);
}

static void a_file_system_that_nobody_sees_is_told_without_a_path(void **state)
{
	struct bed *bed = *state;
	const struct holder *h;

	find_super(bed, MOUNTS_LOOSE);
	finish(bed);
	h = only_holder(bed->graph, NS_USER);
	assert_int_equal(h->kind, HOLD_MOUNT);
	assert_null(h->path);
}

/* A namespace that is not ours to see. */
static void a_file_system_of_what_is_not_in_view_adds_nothing(void **state)
{
	struct bed *bed = *state;

	fake.read.counters.level = 1;
	find_super(bed, MOUNTS_LOOSE);
	finish(bed);
	assert_null(graph_find(bed->graph, NS_USER, HELD));
}

/* Every IPC namespace has a mqueue of the kernel's own. */
static void a_file_system_of_the_kernels_own_use_is_no_holder(void **state)
{
	struct bed *bed = *state;

	find_super(bed, MOUNTS_INTERNAL);
	finish(bed);
	assert_int_equal(graph_find(bed->graph, NS_USER, HELD)->nholders, 0);
}

static void a_descriptor_on_it_says_enough(void **state)
{
	struct bed *bed = *state;

	add_holder(WAY_SUPER, NS_USER, HELD)->minor = 33;
	find_super(bed, MOUNTS_LOOSE);
	finish(bed);
	assert_int_equal(only_holder(bed->graph, NS_USER)->kind, HOLD_FD);
}

/* Of a procfs a part is told only where the whole is not to be seen. */
static void a_part_of_a_procfs_is_told_for_want_of_the_whole(void **state)
{
	struct bed *bed = *state;
	struct kernel_super *super;
	struct holder_record *r = add_other(WAY_SUPER_BLOCK, NS_PID, HELD);

	add_ns(NS_PID, HELD);
	r->minor = 33;
	r->mounts = MOUNTS_ATTACHED;
	bed_read(bed);
	super = kernel_super_find(kernel_source_supers(bed->scan, bed->graph), 0, 33);
	kernel_super_mounted(bed->graph, super, "/proc/sys", false, NULL, NULL);
	finish(bed);
	assert_string_equal(only_holder(bed->graph, NS_PID)->path, "/proc/sys");
	assert_int_equal(only_holder(bed->graph, NS_PID)->reason, REASON_PROCFS);
}

static void devices_are_told_apart(void **state)
{
	struct bed *bed = *state;
	const struct kernel_supers *supers;

	for (unsigned i = 0; i < 5; i++) {
		struct holder_record *r = add_other(WAY_SUPER_BLOCK, NS_USER, HELD + i);

		add_ns(NS_USER, HELD + i);
		r->major = i / 2;
		r->minor = i % 2 * 300;
	}
	bed_read(bed);
	supers = kernel_source_supers(bed->scan, bed->graph);
	for (unsigned i = 0; i < 5; i++) {
		struct kernel_super *super = kernel_super_find(supers, i / 2, i % 2 * 300);

		assert_int_equal(super->ino, HELD + i);
		assert_null(kernel_super_next(supers, super));
	}
	assert_null(kernel_super_find(supers, 1, 1));
	assert_null(kernel_super_find(supers, 9, 0));
}

static void orphans_are_looked_for_only_where_nobody_is(void **state)
{
	struct bed *bed = *state;

	bed_search(bed);
	assert_false(fake.orphans);
	graph_free(bed->graph);
	bed->graph = graph_new();
	add_ns(NS_NET, HELD);
	add_other(WAY_ORPHAN, NS_NET, HELD);
	assert_int_equal(only_holder(bed_search(bed), NS_NET)->reason, REASON_ORPHAN);
	assert_true(fake.orphans);
}

static void memory_is_looked_at_only_where_some_is_shared(void **state)
{
	struct bed *bed = *state;

	add_ns(NS_IPC, HELD);
	assert_true(bed_search(bed)->completeness.searched & 1 << SOURCE_MEMORY);
	assert_false(fake.asked_memory);
}

static void attached_memory_is_its_processes(void **state)
{
	const struct holder *h;

	add_ns(NS_IPC, HELD)->u.ipc.shm = 1;
	fake.memory[fake.memory_read.n++] = (struct holder_record){
		.way = WAY_SHM, .type = NS_IPC, .ino = HELD, .pid = 1, .tid = 4, .fd = -1
	};
	h = only_holder(bed_search(*state), NS_IPC);
	assert_int_equal(h->kind, HOLD_MEMORY);
	assert_int_equal(h->process->pid, 1);
	assert_int_equal(h->tid, 0);
	assert_int_equal(h->fd, -1);
}

static void memory_that_was_busy_was_not_searched(void **state)
{
	add_ns(NS_IPC, HELD)->u.ipc.shm = 1;
	fake.memory_read.counters.busy = 1;
	assert_false(bed_search(*state)->completeness.searched & 1 << SOURCE_MEMORY);
}

static void what_was_looked_at_is_counted(void **state)
{
	const struct completeness *c = &((struct bed *)*state)->graph->completeness;

	fake.holder_read.counters = (struct holder_counters){
		.files = 50, .sockets = 4, .rings = 2, .queued = 3, .cut = 1
	};
	bed_search(*state);
	assert_int_equal(c->fds, 50);
	assert_int_equal(c->sockets, 4);
	assert_int_equal(c->rings, 2);
	assert_int_equal(c->queued, 4);
	assert_int_equal(c->unread_queued, 1);
	assert_true(c->searched & 1 << SOURCE_FILES);
	assert_true(c->searched & 1 << SOURCE_PEEK);
}

static void a_refusal_is_told_and_leaves_it_to_proc(void **state)
{
	struct bed *bed = *state;

	fake.error = -EPERM;
	bed_read(bed);
	assert_string_equal(bed->graph->completeness.source_why,
			    "the kernel refuses the program: no");
	assert_null(kernel_source_supers(bed->scan, bed->graph));
	assert_false(bed->graph->completeness.searched & 1 << SOURCE_FDS);
}

/* A network namespace that somebody is in, and one of another type that nobody is in. */
static void on_a_small_host_proc_shows_ways_in(void **state)
{
	struct task_record *inside = add_task(7);

	inside->link[NS_NET].ino = HELD;
	inside->link[NS_NET].id = id_of(HELD);
	add_ns(NS_NET, HELD);
	add_ns(NS_UTS, HELD + 1);
	assert_false(bed_read_for(*state, NEED_HOLDERS | NEED_WAYS_IN));
}

static void the_kernel_is_asked_where_proc_shows_no_way_in(void **state)
{
	add_ns(NS_NET, HELD);
	assert_true(bed_read_for(*state, NEED_HOLDERS | NEED_WAYS_IN));
}

static void the_kernel_is_asked_if_it_was_asked_for(void **state)
{
	scan_choose(((struct bed *)*state)->scan, SCAN_KERNEL);
	assert_true(bed_read_for(*state, NEED_HOLDERS | NEED_WAYS_IN));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, bed_up, bed_down)
	const struct CMUnitTest tests[] = {
		T(each_way_has_its_kind_and_reason),
		T(a_holder_has_its_process_and_descriptor),
		T(a_reused_number_is_nobodys),
		T(what_was_made_after_the_lists_is_left_out),
		T(without_lists_every_holder_counts),
		T(a_process_that_is_new_holds_nothing),
		T(a_table_that_threads_share_counts_once),
		T(a_shared_table_counts_once_also_with_another_process_between),
		T(what_is_shared_is_one_reference),
		T(the_own_file_is_one_reference),
		T(a_detached_tree_is_told_with_its_descriptor),
		T(a_detached_tree_with_many_mounts_of_one_is_told_once),
		T(a_detached_tree_of_nobody_is_a_mount_without_a_path),
		T(a_file_system_is_told_where_it_is_mounted),
		T(in_its_own_mount_namespaces_it_is_no_news),
		T(a_file_system_that_nobody_sees_is_told_without_a_path),
		T(a_file_system_of_what_is_not_in_view_adds_nothing),
		T(a_file_system_of_the_kernels_own_use_is_no_holder),
		T(a_descriptor_on_it_says_enough),
		T(a_part_of_a_procfs_is_told_for_want_of_the_whole),
		T(devices_are_told_apart),
		T(orphans_are_looked_for_only_where_nobody_is),
		T(memory_is_looked_at_only_where_some_is_shared),
		T(attached_memory_is_its_processes),
		T(memory_that_was_busy_was_not_searched),
		T(what_was_looked_at_is_counted),
		T(a_refusal_is_told_and_leaves_it_to_proc),
		T(on_a_small_host_proc_shows_ways_in),
		T(the_kernel_is_asked_where_proc_shows_no_way_in),
		T(the_kernel_is_asked_if_it_was_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
