/* SPDX-License-Identifier: MIT */
/*
 * Facts of namespaces of the other types: those from files on a tree of files, those from inside
 * with the joining and the counting replaced.
 */
// wrap: scan_ns_open kern_setns kern_ns_id kern_netns_cookie kern_ipc_counts kern_mqueue_count
// wrap: fact_read
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/utsname.h>

#include <cmocka.h>

#include <nsview/buffer.h>
#include <nsview/kern.h>

#include "../../../src/scan/internal.h"
#include "bed.h"

static struct {
	int open_error, join_error, id_error, mqueue_error;
	const char *cgroup_outside, *cgroup_inside;
	int joined;
} fake;

int __wrap_scan_ns_open(const struct scan *s, const struct ns *ns);
int __wrap_kern_setns(int fd, int flag);
int __wrap_kern_ns_id(int fd, enum ns_type type, uint64_t *out);
int __wrap_kern_netns_cookie(uint64_t *out);
int __wrap_kern_ipc_counts(uint64_t *shm, uint64_t *sem, uint64_t *msg);
int __wrap_kern_mqueue_count(uint64_t *out);
int __wrap_fact_read(int dirfd, const char *name, size_t limit, bool cut, struct buffer *out);
int __real_fact_read(int dirfd, const char *name, size_t limit, bool cut, struct buffer *out);

int __wrap_scan_ns_open(const struct scan *s, const struct ns *ns)
{
	(void)ns;
	if (!s->procfs)
		return -EOPNOTSUPP;
	return fake.open_error ? fake.open_error : open("/dev/null", O_RDONLY | O_CLOEXEC);
}

int __wrap_kern_setns(int fd, int flag)
{
	(void)fd;
	fake.joined = flag;
	return fake.join_error;
}

int __wrap_kern_ns_id(int fd, enum ns_type type, uint64_t *out)
{
	(void)fd;
	(void)type;
	*out = 4242;
	return fake.id_error;
}

int __wrap_kern_netns_cookie(uint64_t *out)
{
	*out = 77;
	return 0;
}

int __wrap_kern_ipc_counts(uint64_t *shm, uint64_t *sem, uint64_t *msg)
{
	*shm = 3;
	*sem = 0;
	*msg = 5;
	return 0;
}

int __wrap_kern_mqueue_count(uint64_t *out)
{
	*out = 6;
	return fake.mqueue_error;
}

int __wrap_fact_read(int dirfd, const char *name, size_t limit, bool cut, struct buffer *out)
{
	const char *text = fake.joined ? fake.cgroup_inside : fake.cgroup_outside;

	if (strcmp(name, "cgroup") != 0)
		return __real_fact_read(dirfd, name, limit, cut, out);
	buffer_clear(out);
	buffer_text(out, text);
	return 0;
}

static int bed_up(void **state)
{
	struct bed *bed = bed_new("12");

	memset(&fake, 0, sizeof(fake));
	fixture_text(&bed->fixture, "12/stat", "12 (x) S 1\n");
	*state = bed;
	return 0;
}

static const struct ns_facts *bed_read_ns(struct bed *bed, struct ns *ns, unsigned needs)
{
	scan_namespaces(bed->scan, bed->graph, &ns, 1, needs);
	assert_non_null(ns->facts);
	return ns->facts;
}

/* Of a namespace of process 12, in a copy of a procfs. */
static const struct ns_facts *bed_read(struct bed *bed, enum ns_type type, unsigned needs)
{
	if (!bed->graph)
		bed->graph = fixture_scan(&bed->fixture, &bed->scan);
	return bed_read_ns(bed, graph_find(bed->graph, type, FIXTURE_INO(type)), needs);
}

/* Of a namespace that nothing leads to, on the real procfs. */
static const struct ns_facts *bed_look(struct bed *bed, enum ns_type type, unsigned needs)
{
	assert_int_equal(scan_open(NULL, &bed->scan, NULL), 0);
	bed->graph = graph_new();
	return bed_read_ns(bed, graph_add(bed->graph, type, 12345), needs);
}

static void maps_are_read_in_full(void **state)
{
	struct bed *bed = *state;
	const struct ns_facts *f;

	fixture_text(&bed->fixture, "12/uid_map",
		     "         0       1000          1\n"
		     "         1     100000      65536\n");
	fixture_text(&bed->fixture, "12/gid_map", "0 0 4294967295\n");
	fixture_text(&bed->fixture, "12/setgroups", "deny\n");
	f = bed_read(bed, NS_USER, NEED_MAPS);
	assert_int_equal(f->uid_map.fact.state, FACT_KNOWN);
	assert_int_equal(f->uid_map.count, 2);
	assert_int_equal(f->uid_map.ranges[1].inside, 1);
	assert_int_equal(f->uid_map.ranges[1].outside, 100000);
	assert_int_equal(f->uid_map.ranges[1].count, 65536);
	assert_int_equal(f->gid_map.count, 1);
	assert_int_equal(f->gid_map.ranges[0].count, 4294967295u);
	assert_string_equal(f->setgroups.data, "deny");
}

static void empty_map_is_none_and_missing_setgroups_unsupported(void **state)
{
	struct bed *bed = *state;
	const struct ns_facts *f;

	fixture_text(&bed->fixture, "12/uid_map", "");
	fixture_text(&bed->fixture, "12/gid_map", "0 0\n");
	f = bed_read(bed, NS_USER, NEED_MAPS);
	assert_int_equal(f->uid_map.fact.state, FACT_NONE);
	assert_int_equal(f->gid_map.fact.state, FACT_UNSUPPORTED);
	assert_int_equal(f->setgroups.fact.state, FACT_UNSUPPORTED);
}

static void maps_without_a_member_that_may_not_be_joined_are_denied(void **state)
{
	const struct ns_facts *f;

	fake.join_error = -EPERM;
	f = bed_look(*state, NS_USER, NEED_MAPS);
	assert_int_equal(f->uid_map.fact.state, FACT_DENIED);
	assert_int_equal(f->uid_map.fact.error, -EPERM);
	assert_int_equal(f->gid_map.fact.state, FACT_DENIED);
	assert_int_equal(f->setgroups.fact.state, FACT_DENIED);
}

static void maps_without_a_member_are_read_by_a_child(void **state)
{
	/* The joining is replaced: the child stays in our own user namespace. */
	const struct ns_facts *f = bed_look(*state, NS_USER, NEED_MAPS);

	assert_int_equal(f->uid_map.fact.state, FACT_KNOWN);
	assert_true(f->uid_map.count > 0);
	assert_int_equal(f->setgroups.fact.state, FACT_KNOWN);
	/* Joined in the child, never here. */
	assert_int_equal(fake.joined, 0);
}

static void offsets_are_read_where_children_go_there(void **state)
{
	struct bed *bed = *state;
	const struct ns_facts *f;

	fixture_text(&bed->fixture, "12/timens_offsets",
		     "monotonic      -1 500000000\nboottime         86400         0\n");
	f = bed_read(bed, NS_TIME, NEED_TIME);
	assert_int_equal(f->monotonic_fact.state, FACT_KNOWN);
	assert_int_equal(f->monotonic.sec, -1);
	assert_int_equal(f->monotonic.nsec, 500000000);
	assert_int_equal(f->boottime.sec, 86400);
}

static void offsets_of_the_childrens_namespace_are_not_the_members(void **state)
{
	struct bed *bed = *state;

	fixture_ns(&bed->fixture, "12", LINK_TIME_FOR_CHILDREN, 555);
	fixture_text(&bed->fixture, "12/timens_offsets", "monotonic 9 0\nboottime 9 0\n");
	assert_int_equal(bed_read(bed, NS_TIME, NEED_TIME)->monotonic_fact.state, FACT_UNSUPPORTED);
	assert_int_equal(
		bed_read_ns(bed, graph_find(bed->graph, NS_TIME, 555), NEED_TIME)->monotonic.sec,
		9);
}

static void initial_time_namespace_has_no_offset(void **state)
{
	struct bed *bed = *state;
	unsigned initial = ns_types[NS_TIME].initial_ino;
	const struct ns_facts *f;

	fixture_ns(&bed->fixture, "12", (enum ns_link)NS_TIME, initial);
	bed->graph = fixture_scan(&bed->fixture, &bed->scan);
	f = bed_read_ns(bed, graph_find(bed->graph, NS_TIME, initial), NEED_TIME);
	assert_int_equal(f->boottime_fact.state, FACT_KNOWN);
	assert_int_equal(f->boottime.sec, 0);
}

static void links_are_counted_from_net_dev(void **state)
{
	struct bed *bed = *state;

	fixture_text(&bed->fixture, "12/net/dev",
		     "Inter-|   Receive          |  Transmit\n face |bytes packets |bytes\n"
		     "    lo:       0       0\n  eth0: 1 2\n");
	assert_int_equal(bed_read(bed, NS_NET, NEED_NLINKS)->nlinks.num, 2);
}

static void what_needs_the_kernel_is_unsupported_in_a_copy(void **state)
{
	struct bed *bed = *state;
	const unsigned all = NEEDS_OF_NS;

	assert_int_equal(bed_read(bed, NS_UTS, all)->hostname.fact.state, FACT_UNSUPPORTED);
	assert_int_equal(bed_read(bed, NS_UTS, all)->id.fact.state, FACT_UNSUPPORTED);
	assert_int_equal(bed_read(bed, NS_IPC, all)->shm.fact.state, FACT_UNSUPPORTED);
	assert_int_equal(bed_read(bed, NS_IPC, all)->mqueue.fact.state, FACT_UNSUPPORTED);
	assert_int_equal(bed_read(bed, NS_CGROUP, all)->cgroup_root.fact.state, FACT_UNSUPPORTED);
	assert_int_equal(bed_read(bed, NS_NET, all)->netnsid.fact.state, FACT_UNSUPPORTED);
	assert_int_equal(bed_read(bed, NS_NET, all)->cookie.fact.state, FACT_UNSUPPORTED);
	assert_int_equal(bed_read(bed, NS_NET, all)->nlinks.fact.state, FACT_UNSUPPORTED);
	assert_int_equal(bed_read(bed, NS_USER, all)->owner_uid.fact.state, FACT_UNSUPPORTED);
	assert_int_equal(fake.joined, 0);
}

static void facts_of_other_types_stay_unread(void **state)
{
	const struct ns_facts *f = bed_read(*state, NS_UTS, NEEDS_OF_NS);

	assert_int_equal(f->shm.fact.state, FACT_UNREAD);
	assert_int_equal(f->uid_map.fact.state, FACT_UNREAD);
	assert_int_equal(f->nmounts.fact.state, FACT_UNREAD);
}

static void hostname_that_may_not_be_asked_is_denied(void **state)
{
	const struct ns_facts *f;

	fake.join_error = -EPERM;
	f = bed_look(*state, NS_UTS, NEED_UTS);
	assert_int_equal(f->hostname.fact.state, FACT_DENIED);
	assert_int_equal(f->hostname.fact.error, -EPERM);
	assert_int_equal(f->domainname.fact.state, FACT_DENIED);
}

static void namespace_that_went_away_is_gone(void **state)
{
	fake.open_error = -ENOENT;
	assert_int_equal(bed_look(*state, NS_UTS, NEED_UTS)->hostname.fact.state, FACT_GONE);
}

static void own_hostname_needs_no_joining(void **state)
{
	struct bed *bed = *state;
	struct utsname uts;
	struct ns *ns;

	fake.join_error = -EPERM;
	assert_int_equal(uname(&uts), 0);
	assert_int_equal(scan_open(NULL, &bed->scan, NULL), 0);
	bed->graph = graph_new();
	ns = bed->graph->self[NS_UTS] = graph_add(bed->graph, NS_UTS, 12345);
	assert_string_equal(bed_read_ns(bed, ns, NEED_UTS)->hostname.data, uts.nodename);
}

static void queues_that_cannot_be_counted_do_not_hide_the_rest(void **state)
{
	const struct ns_facts *f;

	fake.mqueue_error = -ENOSYS;
	f = bed_look(*state, NS_IPC, NEED_IPC);
	assert_int_equal(f->mqueue.fact.state, FACT_UNSUPPORTED);
	assert_int_equal(f->shm.num, 3);
	assert_int_equal(f->sem.fact.state, FACT_KNOWN);
	assert_int_equal(f->sem.num, 0);
	assert_int_equal(f->msg.num, 5);
}

static void cookie_of_an_older_kernel_comes_from_inside(void **state)
{
	fake.id_error = -ENOTTY;
	assert_int_equal(bed_look(*state, NS_NET, NEED_COOKIE)->cookie.num, 77);
}

static void cookie_is_the_id_where_there_is_one(void **state)
{
	assert_int_equal(bed_look(*state, NS_NET, NEED_COOKIE)->cookie.num, 4242);
	assert_int_equal(fake.joined, 0);
}

struct cgroup_case {
	const char *outside, *inside, *root;
};

static void cgroup_root_is_outside_minus_inside(void **state)
{
	static const struct cgroup_case cases[] = {
		{ "0::/a/b/c\n", "0::/c\n", "/a/b" },
		{ "0::/a/b\n", "0::/\n", "/a/b" },
		{ "0::/a/b\n", "0::/a/b\n", "/" },
		{ "0::/\n", "0::/\n", "/" },
		{ "9:name=systemd:/x/y\n0::/\n", "9:name=systemd:/y\n0::/\n", "/x" },
		{ "9:name=systemd:/x/y\n0::/v/w\n", "9:name=systemd:/y\n0::/w\n", "/v" },
		{ "0::/../p/q\n", "0::/q\n", "/../p" },
	};
	struct bed *bed = *state;

	assert_int_equal(scan_open(NULL, &bed->scan, NULL), 0);
	bed->graph = graph_new();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct ns *ns = graph_add(bed->graph, NS_CGROUP, 100 + i);

		fake.joined = 0;
		fake.cgroup_outside = cases[i].outside;
		fake.cgroup_inside = cases[i].inside;
		assert_string_equal(bed_read_ns(bed, ns, NEED_CGROUP_ROOT)->cgroup_root.data,
				    cases[i].root);
	}
}

static void task_outside_of_the_root_tells_no_root(void **state)
{
	fake.cgroup_outside = "0::/a/c\n";
	fake.cgroup_inside = "0::/../c\n";
	assert_int_equal(bed_look(*state, NS_CGROUP, NEED_CGROUP_ROOT)->cgroup_root.fact.state,
			 FACT_UNSUPPORTED);
}

static void cgroup_that_moved_meanwhile_tells_no_root(void **state)
{
	fake.cgroup_outside = "0::/a/c\n";
	fake.cgroup_inside = "0::/d\n";
	assert_int_not_equal(bed_look(*state, NS_CGROUP, NEED_CGROUP_ROOT)->cgroup_root.fact.state,
			     FACT_KNOWN);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, bed_up, bed_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(maps_are_read_in_full),
		CASE(empty_map_is_none_and_missing_setgroups_unsupported),
		CASE(maps_without_a_member_that_may_not_be_joined_are_denied),
		CASE(maps_without_a_member_are_read_by_a_child),
		CASE(offsets_are_read_where_children_go_there),
		CASE(offsets_of_the_childrens_namespace_are_not_the_members),
		CASE(initial_time_namespace_has_no_offset),
		CASE(links_are_counted_from_net_dev),
		CASE(what_needs_the_kernel_is_unsupported_in_a_copy),
		CASE(facts_of_other_types_stay_unread),
		CASE(hostname_that_may_not_be_asked_is_denied),
		CASE(namespace_that_went_away_is_gone),
		CASE(own_hostname_needs_no_joining),
		CASE(queues_that_cannot_be_counted_do_not_hide_the_rest),
		CASE(cookie_of_an_older_kernel_comes_from_inside),
		CASE(cookie_is_the_id_where_there_is_one),
		CASE(cgroup_root_is_outside_minus_inside),
		CASE(task_outside_of_the_root_tells_no_root),
		CASE(cgroup_that_moved_meanwhile_tells_no_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
