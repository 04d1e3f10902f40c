/* SPDX-License-Identifier: MIT */
/* The pure parts of making namespaces: id maps, /etc/subuid, mount options, addresses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/kern_mount.h>
#include <nsview/veth.h>

#include "../../../src/enter/make_map.h"
#include "../../../src/enter/make_options.h"

static const char subuid[] = "# comment\n"
			     "alice:100000:65536\n"
			     "bob:165536:65536\n"
			     "1000:300000:10\n"
			     "alice:not:65536\n"
			     "alice:1:\n"
			     "alice:1\n"
			     "alice:7:0\n"
			     "alice:4294967290:10\n"
			     "alice:99999999999:1\n"
			     " alice:5:5\n"
			     "alice:400000:1";

static void subids_are_found_by_name_and_by_number(void **state)
{
	struct id_block out[8];

	(void)state;
	assert_int_equal(subid_parse(subuid, strlen(subuid), "alice", 1000, out, 8), 3);
	assert_int_equal(out[0].start, 100000);
	assert_int_equal(out[0].count, 65536);
	assert_int_equal(out[1].start, 300000);
	assert_int_equal(out[2].start, 400000);
	assert_int_equal(subid_parse(subuid, strlen(subuid), NULL, 1000, out, 8), 1);
	assert_int_equal(subid_parse(subuid, strlen(subuid), "carol", 7, out, 8), 0);
	assert_int_equal(subid_parse(subuid, strlen(subuid), "alice", 1000, out, 1), 1);
}

static void an_id_inside_is_found_outside(void **state)
{
	const struct id_map map = { 2, { { 5, 1000, 2 }, { 0, 4294967290U, 4 } } };

	(void)state;
	assert_int_equal(id_map_outside(&map, 6), 1001);
	assert_int_equal(id_map_outside(&map, 3), 4294967293U);
	assert_int_equal(id_map_outside(&map, 4), -1);
	assert_int_equal(id_map_outside(&map, 7), -1);
	assert_int_equal(id_map_inside(&map, 1001), 6);
	assert_int_equal(id_map_inside(&map, 1002), -1);
	assert_int_equal(id_map_inside(&map, 999), -1);
	assert_int_equal(id_map_first(&map), 0);
	assert_int_equal(id_map_first(&(const struct id_map){ 1, { { 7, 0, 1 } } }), 7);
}

static void a_name_that_begins_like_another_is_not_it(void **state)
{
	struct id_block out[2];

	(void)state;
	assert_int_equal(subid_parse("alice2:1:1\nali:2:1\n", 19, "alice", 9, out, 2), 0);
	assert_int_equal(subid_parse("", 0, "alice", 9, out, 2), 0);
}

static void assert_map(const struct id_wish *wish, const char *expected)
{
	struct id_map map;
	struct error err = { 0 };
	autobuffer text = BUFFER_INIT;

	assert_int_equal(id_map_make(wish, &map, &err), 0);
	id_map_text(&map, &text);
	assert_string_equal(buffer_str(&text), expected);
}

static void assert_refused(const struct id_wish *wish, const char *word)
{
	struct id_map map;
	struct error err = { 0 };

	assert_int_equal(id_map_make(wish, &map, &err), -EINVAL);
	if (!strstr(err.text, word))
		fail_msg("\"%s\" is not in \"%s\"", word, err.text);
}

static void root_alone_is_one_line(void **state)
{
	const struct id_wish wish = { .kind = "uid", .has_single = true, .own = 1000 };

	(void)state;
	assert_map(&wish, "0 1000 1\n");
}

static void further_ids_fill_what_is_left_free(void **state)
{
	const struct id_block blocks[] = { { 100000, 10 }, { 200000, 5 } };
	struct id_wish wish = {
		.kind = "uid",
		.has_single = true,
		.own = 1000,
		.further = true,
		.blocks = blocks,
		.nblocks = 2,
	};

	(void)state;
	assert_map(&wish, "0 1000 1\n1 100000 10\n11 200000 5\n");
	wish.single = 4;
	assert_map(&wish, "4 1000 1\n0 100000 4\n5 100004 6\n11 200000 5\n");
	wish.single = 12;
	assert_map(&wish, "12 1000 1\n0 100000 10\n10 200000 2\n13 200002 3\n");
}

/* A line that stands twice, one's own id in it, blocks that overlap: nobody asked for them. */
static void further_ids_are_taken_once(void **state)
{
	const struct id_block blocks[] = { { 998, 5 }, { 998, 5 }, { 1001, 4 }, { 0, 999 } };
	const struct id_wish wish = {
		.kind = "uid",
		.has_single = true,
		.own = 1000,
		.further = true,
		.blocks = blocks,
		.nblocks = 4,
	};

	(void)state;
	assert_map(&wish, "0 1000 1\n1 998 2\n3 1001 2\n5 1003 2\n7 0 998\n");
}

static void further_ids_stay_clear_of_given_ranges(void **state)
{
	const struct id_block block = { 100000, 6 };
	const struct id_range given[] = { { 0, 5000, 2 }, { 4, 6000, 2 } };
	const struct id_wish wish = {
		.kind = "gid",
		.maps = given,
		.nmaps = 2,
		.further = true,
		.blocks = &block,
		.nblocks = 1,
	};

	(void)state;
	assert_map(&wish, "0 5000 2\n4 6000 2\n2 100000 2\n6 100002 4\n");
}

static void what_contradicts_itself_is_refused(void **state)
{
	struct id_range maps[2] = { { 0, 1000, 10 }, { 9, 2000, 1 } };
	struct id_wish wish = { .kind = "uid", .maps = maps, .nmaps = 2 };

	(void)state;
	assert_refused(&wish, "two outside");
	maps[1] = (struct id_range){ 10, 1009, 1 };
	assert_refused(&wish, "two inside");
	maps[1] = (struct id_range){ 10, 1010, 1 };
	assert_map(&wish, "0 1000 10\n10 1010 1\n");
	maps[1].count = 0;
	assert_refused(&wish, "empty");
	maps[1] = (struct id_range){ 4294967290U, 1, 6 };
	assert_refused(&wish, "4294967294");
	maps[1].count = 5;
	assert_map(&wish, "0 1000 10\n4294967290 1 5\n");
}

static void too_much_is_refused(void **state)
{
	struct id_range maps[ID_MAP_MAX + 1];
	struct id_wish wish = { .kind = "uid", .maps = maps, .nmaps = ID_MAP_MAX };
	struct id_map map;

	(void)state;
	/* 12 bytes each, then 13. */
	for (uint32_t i = 0; i <= ID_MAP_MAX; i++)
		maps[i] = (struct id_range){ 1000 + i, 4000 + i, 1 };
	assert_int_equal(id_map_make(&wish, &map, NULL), 0);
	wish.nmaps = ID_MAP_MAX + 1;
	assert_refused(&wish, "more than 340");
	wish.nmaps = ID_MAP_MAX;
	for (uint32_t i = 0; i <= ID_MAP_MAX; i++)
		maps[i].outside += 10000;
	assert_refused(&wish, "4420 bytes");
}

static void identity_is_what_is_inside(void **state)
{
	static const char text[] = "         0       1000          1\n"
				   "         1     100000      65536\n";
	struct id_map map;
	struct error err = { 0 };

	(void)state;
	assert_int_equal(id_map_identity("uid", text, strlen(text), &map, &err), 0);
	assert_int_equal(map.n, 2);
	assert_int_equal(map.ranges[1].inside, 1);
	assert_int_equal(map.ranges[1].outside, 1);
	assert_int_equal(map.ranges[1].count, 65536);
	assert_int_equal(id_map_identity("uid", "x\n", 2, &map, &err), -EINVAL);
}

static void only_ones_own_id_needs_no_capability(void **state)
{
	struct id_map map = { 1, { { 0, 1000, 1 } } };

	(void)state;
	assert_true(id_map_is_own(&map, 1000));
	assert_false(id_map_is_own(&map, 1001));
	map.ranges[0].count = 2;
	assert_false(id_map_is_own(&map, 1000));
	map = (struct id_map){ 2, { { 0, 1000, 1 }, { 1, 5, 1 } } };
	assert_false(id_map_is_own(&map, 1000));
}

static void options_are_told_apart(void **state)
{
	struct mount_options o = { 0 };

	(void)state;
	mount_options_add(&o, "ro,size=1m,nosuid,userxattr,lowerdir=/a\\,b:/c,,noatime");
	assert_int_equal(o.set, KERN_RDONLY | KERN_NOSUID | KERN_NOATIME);
	assert_int_equal(o.clear, KERN_ATIME);
	assert_int_equal(o.own.len,
			 strlen("size=1m") + strlen("userxattr") + strlen("lowerdir=/a,b:/c") + 3);
	assert_memory_equal(o.own.data, "size=1m\0userxattr\0lowerdir=/a,b:/c", o.own.len);
	buffer_release(&o.own);
}

static void the_last_word_wins(void **state)
{
	struct mount_options o = { 0 };

	(void)state;
	mount_options_add(&o, "ro,rw,dev,nodev");
	assert_int_equal(o.set, KERN_NODEV);
	assert_int_equal(o.clear, KERN_RDONLY);
	mount_options_add(&o, "ro");
	mount_options_add(&o, NULL);
	mount_options_add(&o, "");
	assert_int_equal(o.set, KERN_NODEV | KERN_RDONLY);
	assert_int_equal(o.clear, 0);
	assert_int_equal(o.own.len, 0);
}

static void addresses_are_strict(void **state)
{
	static const char *const bad[] = { "",
					   "10.0.0.1/33",
					   "10.0.0.1/",
					   "10.0.0/8",
					   "fd00::1/129",
					   "10.0.0.1/-1",
					   "10.0.0.1/8x",
					   "::g",
					   "10.0.0.1 ",
					   "1.2.3.4/ 8",
					   "/24" };
	struct link_address a;

	(void)state;
	assert_int_equal(link_address_parse("10.1.2.3/24", &a), 0);
	assert_int_equal(a.prefix, 24);
	assert_memory_equal(a.bytes, "\x0a\x01\x02\x03", 4);
	assert_int_equal(link_address_parse("10.1.2.3", &a), 0);
	assert_int_equal(a.prefix, 32);
	assert_int_equal(link_address_parse("fd00::1/64", &a), 0);
	assert_int_equal(a.prefix, 64);
	assert_int_equal(a.bytes[0], 0xfd);
	assert_int_equal(a.bytes[15], 1);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (link_address_parse(bad[i], &a) != -EINVAL)
			fail_msg("\"%s\" was taken", bad[i]);
	}
}

static void names_of_links_are_the_kernels(void **state)
{
	static const char *const bad[] = { "",	     ".",    "..",
					   "a/b",    "a b",  "a:b",
					   "veth%d", "a\tb", "0123456789abcdef" };

	(void)state;
	assert_int_equal(link_name_check("0123456789abcde"), 0);
	assert_int_equal(link_name_check("eth0.5"), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (link_name_check(bad[i]) != -EINVAL)
			fail_msg("\"%s\" was taken", bad[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(subids_are_found_by_name_and_by_number),
		cmocka_unit_test(an_id_inside_is_found_outside),
		cmocka_unit_test(a_name_that_begins_like_another_is_not_it),
		cmocka_unit_test(root_alone_is_one_line),
		cmocka_unit_test(further_ids_fill_what_is_left_free),
		cmocka_unit_test(further_ids_are_taken_once),
		cmocka_unit_test(further_ids_stay_clear_of_given_ranges),
		cmocka_unit_test(what_contradicts_itself_is_refused),
		cmocka_unit_test(too_much_is_refused),
		cmocka_unit_test(identity_is_what_is_inside),
		cmocka_unit_test(only_ones_own_id_needs_no_capability),
		cmocka_unit_test(options_are_told_apart),
		cmocka_unit_test(the_last_word_wins),
		cmocka_unit_test(addresses_are_strict),
		cmocka_unit_test(names_of_links_are_the_kernels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
