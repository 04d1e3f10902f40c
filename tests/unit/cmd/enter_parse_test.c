/* SPDX-License-Identifier: MIT */
/* The arguments of enter's options: what they mean, and that nothing else is taken for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "../../../src/cmd/enter.h"

static void types_add_up(void **state)
{
	struct error err = { 0 };
	unsigned types = 0;

	(void)state;
	assert_int_equal(enter_parse_types("new", "net,mount", &types, &err), 0);
	assert_int_equal(types, 1 << NS_NET | 1 << NS_MNT);
	assert_int_equal(enter_parse_types("new", "all", &types, &err), 0);
	assert_int_equal(types, (1 << NS_TYPES) - 1);
	assert_int_equal(enter_parse_types("new", "", &types, &err), -EINVAL);
	assert_int_equal(enter_parse_types("new", "net,", &types, &err), -EINVAL);
	assert_int_equal(enter_parse_types("new", "Net", &types, &err), -EINVAL);
	assert_non_null(strstr(err.text, "--new"));
}

static void numbers_are_strict(void **state)
{
	static const char *const wrong[] = { "",   "-1", "+1",	"0x1",	       "1 ",
					     " 1", "1k", "101", "99999999999", "root" };
	struct error err = { 0 };
	uint32_t value = 7;

	(void)state;
	assert_int_equal(enter_parse_number("x", "100", 100, &value, &err), 0);
	assert_int_equal(value, 100);
	assert_int_equal(enter_parse_number("x", "0", 100, &value, &err), 0);
	assert_int_equal(value, 0);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(enter_parse_number("x", wrong[i], 100, &value, &err), -EINVAL);
}

static void ranges_have_three_numbers(void **state)
{
	static const char *const wrong[] = {
		"",	 "0",	   "0:1",    "0:1:",	       "0:1:2:3",	 "a:1:2",
		"0:1:0", "0:-1:1", "0: 1:1", "4294967295:0:1", "0:4294967290:6", "0:4294967296:1"
	};
	struct error err = { 0 };
	struct id_range r;

	(void)state;
	assert_int_equal(enter_parse_range("map", "0:100000:65536", &r, &err), 0);
	assert_int_equal(r.inside, 0);
	assert_int_equal(r.outside, 100000);
	assert_int_equal(r.count, 65536);
	/* The last id of all is nobody's, so that the longest range ends before it. */
	assert_int_equal(enter_parse_range("map", "0:0:4294967295", &r, &err), 0);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(enter_parse_range("map", wrong[i], &r, &err), -EINVAL);
}

static void groups_may_be_none(void **state)
{
	static const char *const wrong[] = { ",", "1,", ",1", "1,,2", "a", "1:2", "4294967295" };
	struct error err = { 0 };
	gid_t *groups;
	size_t n = 7;

	(void)state;
	assert_int_equal(enter_parse_groups("", &groups, &n, &err), 0);
	assert_int_equal(n, 0);
	free(groups);
	assert_int_equal(enter_parse_groups("5,0,4294967294", &groups, &n, &err), 0);
	assert_int_equal(n, 3);
	assert_int_equal(groups[0], 5);
	assert_int_equal(groups[2], 4294967294U);
	free(groups);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		assert_int_equal(enter_parse_groups(wrong[i], &groups, &n, &err), -EINVAL);
		free(groups);
	}
}

static void capabilities_have_names(void **state)
{
	struct error err = { 0 };
	uint64_t caps = 0;

	(void)state;
	assert_int_equal(enter_parse_caps("x", "net_raw,CAP_SYS_ADMIN", &caps, &err), 0);
	assert_int_equal(caps, 1 << 13 | 1 << 21);
	assert_int_equal(enter_parse_caps("x", "all", &caps, &err), 0);
	assert_true(caps == UINT64_MAX);
	assert_int_equal(enter_parse_caps("x", "", &caps, &err), -EINVAL);
	assert_int_equal(enter_parse_caps("x", "net_ra", &caps, &err), -EINVAL);
	assert_int_equal(enter_parse_caps("x", "net_raw=ep", &caps, &err), -EINVAL);
}

static void signals_have_names_and_numbers(void **state)
{
	struct error err = { 0 };
	int sig;

	(void)state;
	assert_int_equal(enter_parse_signal("TERM", &sig, &err), 0);
	assert_int_equal(sig, SIGTERM);
	assert_int_equal(enter_parse_signal("SIGKILL", &sig, &err), 0);
	assert_int_equal(sig, SIGKILL);
	assert_int_equal(enter_parse_signal("1", &sig, &err), 0);
	assert_int_equal(sig, SIGHUP);
	assert_int_equal(enter_parse_signal("0", &sig, &err), -EINVAL);
	assert_int_equal(enter_parse_signal("65", &sig, &err), -EINVAL);
	assert_int_equal(enter_parse_signal("", &sig, &err), -EINVAL);
	assert_int_equal(enter_parse_signal("TERMI", &sig, &err), -EINVAL);
}

static void offset_is(const char *text, int64_t sec, int32_t nsec)
{
	struct error err = { 0 };
	struct time_offset o;

	assert_int_equal(enter_parse_offset("x", text, &o, &err), 0);
	assert_int_equal(o.sec, sec);
	assert_int_equal(o.nsec, nsec);
}

static void offsets_have_signs_and_fractions(void **state)
{
	static const char *const wrong[] = { "", "-", "+", ".5", "1x", "--1", "1.5.5", "1,5" };
	struct error err = { 0 };
	struct time_offset o;

	(void)state;
	offset_is("3600", 3600, 0);
	offset_is("+1", 1, 0);
	offset_is("-1", -1, 0);
	offset_is("1.5", 1, 500000000);
	/* The kernel adds both, and its nanoseconds have no sign. */
	offset_is("-0.25", -1, 750000000);
	offset_is("0.000000001", 0, 1);
	offset_is("0.0000000019", 0, 1);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(enter_parse_offset("x", wrong[i], &o, &err), -EINVAL);
}

static void mounts_name_what_they_need(void **state)
{
	static const char *const wrong[] = { "",	 "ext4,/a,/b", "bind",	 "bind,/a",
					     "bind,,/b", "tmpfs",      "tmpfs,", "bind,/a," };
	char bind[] = "bind,/a,/b", ro[] = "rbind,/a,/b,ro", tmpfs[] = "tmpfs,/t,size=1M,mode=700";
	char overlay[] = "overlay,/o,ro,lowerdir=/l", root[] = "tmpfs,/t,root=1";
	struct error err = { 0 };
	struct wish_mount m;

	(void)state;
	assert_int_equal(enter_parse_mount(bind, &m, &err), 0);
	assert_int_equal(m.kind, MOUNT_BIND);
	assert_string_equal(m.source, "/a");
	assert_string_equal(m.target, "/b");
	assert_null(m.options);
	assert_false(m.readonly);
	assert_int_equal(enter_parse_mount(ro, &m, &err), 0);
	assert_true(m.readonly);
	assert_null(m.options);
	assert_int_equal(enter_parse_mount(tmpfs, &m, &err), 0);
	assert_null(m.source);
	assert_string_equal(m.options, "size=1M,mode=700");
	assert_int_equal(enter_parse_mount(overlay, &m, &err), 0);
	assert_true(m.readonly);
	assert_string_equal(m.options, "lowerdir=/l");
	assert_int_equal(enter_parse_mount(root, &m, &err), 0);
	assert_false(m.readonly);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		char *text = strdup(wrong[i]);

		assert_int_equal(enter_parse_mount(text, &m, &err), -EINVAL);
		free(text);
	}
}

static void letters_may_be_joined(void **state)
{
	struct enter_options o = { .ns = { [NS_MNT] = "np", [NS_UTS] = "./n" } };
	struct enter_words words = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(enter_words_parse(&o, &words, &err), 0);
	assert_int_equal(words.wish.join, 1 << NS_MNT | 1 << NS_NET | 1 << NS_PID | 1 << NS_UTS);
	enter_words_release(&words);
}

static void root_is_pivoted_to_only_in_new_mounts(void **state)
{
	struct enter_options o = { .root = "=/r", .create = "mnt" };
	struct enter_words words = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(enter_words_parse(&o, &words, &err), 0);
	assert_string_equal(words.wish.make.root, "/r");
	assert_null(words.wish.place.root);
	enter_words_release(&words);
	words = (struct enter_words){ 0 };
	o.create = NULL;
	assert_int_equal(enter_words_parse(&o, &words, &err), 0);
	assert_null(words.wish.make.root);
	assert_string_equal(words.wish.place.root, "/r");
	enter_words_release(&words);
}

static void a_pair_of_links_has_three_parts(void **state)
{
	struct enter_options o = { .veth = "name,10.0.0.1/24" };
	struct enter_words words = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(enter_words_parse(&o, &words, &err), 0);
	assert_true(words.wish.make.veth);
	assert_string_equal(words.wish.make.veth_name, "name");
	assert_string_equal(words.wish.make.veth_addr, "10.0.0.1/24");
	assert_null(words.wish.make.veth_peer_addr);
	enter_words_release(&words);
	words = (struct enter_words){ 0 };
	o.veth = ",,10.0.0.2/24";
	assert_int_equal(enter_words_parse(&o, &words, &err), 0);
	assert_null(words.wish.make.veth_name);
	assert_null(words.wish.make.veth_addr);
	assert_string_equal(words.wish.make.veth_peer_addr, "10.0.0.2/24");
	enter_words_release(&words);
}

/* Each would be left undone in silence, or need a process that is not there. */
static void nothing_is_left_to_do_for_nobody(void **state)
{
	static const struct enter_options wrong[] = {
		{ .create = "user" }, { .create = "net,pid" }, { .create = "time" },
		{ .veth = "" },	      { .persist = "/x" },     { .pid_file = "x" },
		{ .info_fd = "1" },   { .kill_child = "" },    { .pty = true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct enter_options o = wrong[i];
		struct enter_words words = { 0 };
		struct error err = { 0 };

		assert_int_equal(enter_words_parse(&o, &words, &err), 0);
		enter_words_release(&words);
		o.no_fork = true;
		words = (struct enter_words){ 0 };
		assert_int_equal(enter_words_parse(&o, &words, &err), -EINVAL);
		assert_non_null(strstr(err.text, "--no-fork and --"));
		enter_words_release(&words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_add_up),
		cmocka_unit_test(numbers_are_strict),
		cmocka_unit_test(ranges_have_three_numbers),
		cmocka_unit_test(groups_may_be_none),
		cmocka_unit_test(capabilities_have_names),
		cmocka_unit_test(signals_have_names_and_numbers),
		cmocka_unit_test(offsets_have_signs_and_fractions),
		cmocka_unit_test(mounts_name_what_they_need),
		cmocka_unit_test(letters_may_be_joined),
		cmocka_unit_test(root_is_pivoted_to_only_in_new_mounts),
		cmocka_unit_test(a_pair_of_links_has_three_parts),
		cmocka_unit_test(nothing_is_left_to_do_for_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
