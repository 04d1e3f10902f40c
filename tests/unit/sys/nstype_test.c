/* SPDX-License-Identifier: MIT */
/* The type table against the kernel's constants, and the text of a namespace link. */
#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <nsview/nstype.h>

static void types_are_sorted_by_name(void **state)
{
	(void)state;
	for (int i = 1; i < NS_TYPES; i++)
		assert_true(strcmp(ns_types[i - 1].name, ns_types[i].name) < 0);
}

static void every_type_finds_itself(void **state)
{
	(void)state;
	for (int i = 0; i < NS_TYPES; i++) {
		assert_int_equal(ns_type_parse(ns_types[i].name, strlen(ns_types[i].name)), i);
		assert_int_equal(ns_type_from_flag(ns_types[i].clone_flag), i);
		assert_true(ns_is_initial((enum ns_type)i, ns_types[i].initial_ino));
		assert_string_not_equal(ns_types[i].title, "");
		assert_string_not_equal(ns_types[i].since, "");
	}
}

static void unknown_type_is_none(void **state)
{
	(void)state;
	assert_int_equal(ns_type_parse("", 0), -1);
	assert_int_equal(ns_type_parse("ne", 2), -1);
	assert_int_equal(ns_type_parse("nett", 4), -1);
	assert_int_equal(ns_type_parse("NET", 3), -1);
	assert_int_equal(ns_type_parse("network", 7), -1);
	assert_int_equal(ns_type_parse("network", 3), NS_NET);
	assert_int_equal(ns_type_from_flag(0), -1);
	assert_int_equal(ns_type_from_flag(CLONE_NEWNET | CLONE_NEWPID), -1);
}

static void flags_are_the_kernels(void **state)
{
	(void)state;
	assert_int_equal(ns_types[NS_CGROUP].clone_flag, CLONE_NEWCGROUP);
	assert_int_equal(ns_types[NS_IPC].clone_flag, CLONE_NEWIPC);
	assert_int_equal(ns_types[NS_MNT].clone_flag, CLONE_NEWNS);
	assert_int_equal(ns_types[NS_NET].clone_flag, CLONE_NEWNET);
	assert_int_equal(ns_types[NS_PID].clone_flag, CLONE_NEWPID);
	assert_int_equal(ns_types[NS_TIME].clone_flag, 0x80);
	assert_int_equal(ns_types[NS_USER].clone_flag, CLONE_NEWUSER);
	assert_int_equal(ns_types[NS_UTS].clone_flag, CLONE_NEWUTS);
}

static void initial_numbers_are_the_kernels(void **state)
{
	(void)state;
	assert_true(ns_is_initial(NS_IPC, 4026531839));
	assert_true(ns_is_initial(NS_UTS, 4026531838));
	assert_true(ns_is_initial(NS_USER, 4026531837));
	assert_true(ns_is_initial(NS_PID, 4026531836));
	assert_true(ns_is_initial(NS_CGROUP, 4026531835));
	assert_true(ns_is_initial(NS_TIME, 4026531834));
	assert_true(ns_is_initial(NS_NET, 4026531833));
	assert_true(ns_is_initial(NS_MNT, 4026531832));
	assert_false(ns_is_initial(NS_NET, 4026531840));
	assert_false(ns_is_initial(NS_USER, 4026531836));
	/* The low 32 bits alone do not make it the one. */
	assert_false(ns_is_initial(NS_USER, 4026531837 + (UINT64_C(1) << 32)));
}

static void links_lead_to_their_types(void **state)
{
	(void)state;
	for (int i = 0; i < NS_TYPES; i++) {
		assert_string_equal(ns_links[i].name, ns_types[i].name);
		assert_int_equal(ns_links[i].type, i);
	}
	assert_string_equal(ns_links[LINK_PID_FOR_CHILDREN].name, "pid_for_children");
	assert_int_equal(ns_links[LINK_PID_FOR_CHILDREN].type, NS_PID);
	assert_string_equal(ns_links[LINK_TIME_FOR_CHILDREN].name, "time_for_children");
	assert_int_equal(ns_links[LINK_TIME_FOR_CHILDREN].type, NS_TIME);
}

static void assert_link(const char *text, uint64_t want)
{
	uint64_t ino = 0;

	assert_int_equal(ns_link_parse(text, strlen(text), &ino), 0);
	assert_true(ino == want);
}

static void link_text_gives_the_inode_number(void **state)
{
	(void)state;
	assert_link("net:[4026531840]", 4026531840);
	assert_link("user:[1]", 1);
	assert_link("mnt:[9223372036854775807]", INT64_MAX);
}

static void anything_else_is_no_link(void **state)
{
	static const char *const texts[] = {
		"",
		"net",
		"net:",
		"net:[",
		"net:[]",
		"net:[1",
		"net:1",
		"net[1]",
		"net:[1]x",
		"net:[1x]",
		"net:[ 1]",
		"net:[-1]",
		"net:[0]",
		"net::[1]",
		"net:[1]]",
		"/dev/null",
		"socket",
		":",
		":[",
		"]",
		"net:[99999999999999999999]",
		"net:[18446744073709551616]",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		uint64_t ino;

		if (ns_link_parse(texts[i], strlen(texts[i]), &ino) != -EINVAL)
			fail_msg("taken: %s", texts[i]);
	}
}

static void link_text_ends_where_its_length_says(void **state)
{
	uint64_t ino;

	(void)state;
	assert_int_equal(ns_link_parse("net:[4026531840]", 15, &ino), -EINVAL);
	assert_int_equal(ns_link_parse("net:[12]]", 8, &ino), 0);
	assert_true(ino == 12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_are_sorted_by_name),
		cmocka_unit_test(every_type_finds_itself),
		cmocka_unit_test(unknown_type_is_none),
		cmocka_unit_test(flags_are_the_kernels),
		cmocka_unit_test(initial_numbers_are_the_kernels),
		cmocka_unit_test(links_lead_to_their_types),
		cmocka_unit_test(link_text_gives_the_inode_number),
		cmocka_unit_test(anything_else_is_no_link),
		cmocka_unit_test(link_text_ends_where_its_length_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
