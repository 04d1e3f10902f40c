/* SPDX-License-Identifier: MIT */
/* Facts of mount namespaces, from mountinfo files in a tree of files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bed.h"

#define MNT  FIXTURE_INO(NS_MNT)
#define ROOT "21 1 254:0 / / rw - ext4 /dev/vda rw\n"

static int bed_up(void **state)
{
	struct bed *bed = bed_new("12");

	*state = bed;
	return 0;
}

static const struct ns_facts *bed_read(struct bed *bed, uint64_t ino)
{
	struct ns *ns;

	if (!bed->graph)
		bed->graph = fixture_scan(&bed->fixture, &bed->scan);
	ns = graph_find(bed->graph, NS_MNT, ino);
	assert_non_null(ns);
	scan_namespaces(bed->scan, bed->graph, &ns, 1, NEED_MOUNTS);
	assert_non_null(ns->facts);
	return ns->facts;
}

static void assert_known(struct fact_text fact, const char *text)
{
	assert_int_equal(fact.fact.state, FACT_KNOWN);
	assert_string_equal(fact.data, text);
	assert_int_equal(fact.len, strlen(text));
}

static void each_mount_has_one_propagation(void **state)
{
	struct bed *bed = *state;
	const struct ns_facts *f;

	fixture_text(&bed->fixture, "12/mountinfo",
		     ROOT "22 21 0:5 / /a rw shared:1 - tmpfs t rw\n"
			  "23 21 0:6 / /b rw master:1 - tmpfs t rw\n"
			  "24 21 0:7 / /c rw shared:2 master:1 - tmpfs t rw\n"
			  "25 21 0:8 / /d rw unbindable - tmpfs t rw\n"
			  "26 21 0:9 / /shared:9 rw - tmpfs master:9 rw\n"
			  "27 21 0:9 / /e rw master:7 propagate_from:2 - tmpfs t rw\n");
	f = bed_read(bed, MNT);
	assert_int_equal(f->nmounts.fact.state, FACT_KNOWN);
	assert_int_equal(f->nmounts.num, 7);
	assert_known(f->propagation, "2 private, 1 shared, 2 slave, 1 slave and shared, "
				     "1 unbindable");
	assert_known(f->mnt_root, "/dev/vda");
}

static void root_shows_the_part_of_the_file_system(void **state)
{
	struct bed *bed = *state;

	fixture_text(&bed->fixture, "12/mountinfo", "21 1 0:30 /@\\040x / rw - btrfs a\\134b rw\n");
	assert_known(bed_read(bed, MNT)->mnt_root, "a\\b[/@ x]");
}

static void mount_on_top_of_the_root_is_not_the_root(void **state)
{
	struct bed *bed = *state;

	fixture_text(&bed->fixture, "12/mountinfo",
		     "30 21 0:30 / / rw - tmpfs top rw\n" ROOT
		     "31 30 0:31 / / rw - tmpfs more rw\n");
	assert_known(bed_read(bed, MNT)->mnt_root, "/dev/vda");
}

static void no_mount_at_the_root_is_none(void **state)
{
	struct bed *bed = *state;
	const struct ns_facts *f;

	fixture_text(&bed->fixture, "12/mountinfo", "");
	f = bed_read(bed, MNT);
	assert_int_equal(f->nmounts.fact.state, FACT_KNOWN);
	assert_int_equal(f->nmounts.num, 0);
	assert_int_equal(f->mnt_root.fact.state, FACT_NONE);
	assert_int_equal(f->propagation.fact.state, FACT_NONE);
}

static void damaged_mountinfo_is_no_count(void **state)
{
	struct bed *bed = *state;
	const struct ns_facts *f;

	fixture_text(&bed->fixture, "12/mountinfo", ROOT "22 21 nonsense\n");
	f = bed_read(bed, MNT);
	assert_int_equal(f->nmounts.fact.state, FACT_UNSUPPORTED);
	assert_int_equal(f->mnt_root.fact.state, FACT_UNSUPPORTED);
	assert_int_equal(f->propagation.fact.state, FACT_UNSUPPORTED);
}

static void member_in_a_chroot_is_passed_over(void **state)
{
	struct bed *bed = *state;

	fixture_process(&bed->fixture, "13");
	fixture_link(&bed->fixture, "12/root", "/jail");
	fixture_link(&bed->fixture, "13/root", "/");
	fixture_text(&bed->fixture, "12/mountinfo", ROOT);
	fixture_text(&bed->fixture, "13/mountinfo", ROOT "22 21 0:5 / /a rw - tmpfs t rw\n");
	assert_int_equal(bed_read(bed, MNT)->nmounts.num, 2);
}

static void view_from_a_chroot_is_no_count(void **state)
{
	struct bed *bed = *state;
	const struct ns_facts *f;

	fixture_link(&bed->fixture, "12/root", "/jail");
	fixture_text(&bed->fixture, "12/mountinfo", ROOT);
	f = bed_read(bed, MNT);
	assert_int_equal(f->nmounts.fact.state, FACT_UNSUPPORTED);
}

static void member_that_left_is_not_read(void **state)
{
	struct bed *bed = *state;
	const struct ns_facts *f;

	fixture_process(&bed->fixture, "13");
	fixture_text(&bed->fixture, "12/mountinfo", ROOT "22 21 0:5 / /a rw - tmpfs t rw\n");
	fixture_text(&bed->fixture, "13/mountinfo", ROOT);
	bed->graph = fixture_scan(&bed->fixture, &bed->scan);
	fixture_ns(&bed->fixture, "12", (enum ns_link)NS_MNT, 77);
	f = bed_read(bed, MNT);
	assert_int_equal(f->nmounts.num, 1);
}

static void namespace_of_a_thread_is_read_through_it(void **state)
{
	struct bed *bed = *state;

	fixture_process(&bed->fixture, "12/task/12");
	fixture_process(&bed->fixture, "12/task/14");
	fixture_ns(&bed->fixture, "12/task/14", (enum ns_link)NS_MNT, 555);
	fixture_text(&bed->fixture, "12/mountinfo", ROOT);
	fixture_text(&bed->fixture, "12/task/14/mountinfo",
		     ROOT ROOT "22 21 0:5 / /a rw - tmpfs t rw\n");
	assert_int_equal(bed_read(bed, 555)->nmounts.num, 3);
	assert_int_equal(bed_read(bed, MNT)->nmounts.num, 1);
}

static void many_mounts_are_all_counted(void **state)
{
	enum { MANY = 3000 };
	static const char line[] = "22 21 0:5 / /a/rather/long/mount/point rw - tmpfs t rw\n";
	struct bed *bed = *state;
	char *text = test_malloc(MANY * sizeof(line));
	size_t len = 0;

	for (int i = 0; i < MANY; i++, len += sizeof(line) - 1)
		memcpy(text + len, line, sizeof(line));
	fixture_write(&bed->fixture, "12/mountinfo", text, len);
	test_free(text);
	assert_int_equal(bed_read(bed, MNT)->nmounts.num, MANY);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, bed_up, bed_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(each_mount_has_one_propagation),
		CASE(root_shows_the_part_of_the_file_system),
		CASE(mount_on_top_of_the_root_is_not_the_root),
		CASE(no_mount_at_the_root_is_none),
		CASE(damaged_mountinfo_is_no_count),
		CASE(member_in_a_chroot_is_passed_over),
		CASE(view_from_a_chroot_is_no_count),
		CASE(member_that_left_is_not_read),
		CASE(namespace_of_a_thread_is_read_through_it),
		CASE(many_mounts_are_all_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
