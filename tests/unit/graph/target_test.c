/* SPDX-License-Identifier: MIT */
/* The grammar of TARGET, and the list that targets are gathered in. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <nsview/target.h>

static struct target parse(const char *word)
{
	struct target t;
	struct error err = { 0 };

	if (target_parse(word, &t, &err))
		fail_msg("'%s' is refused: %s", word, err.text);
	assert_ptr_equal(t.word, word);
	return t;
}

static void parses_as(const char *word, enum target_kind kind, const char *text, uint64_t num,
		      uint64_t ns, int type)
{
	struct target t = parse(word);

	if (t.kind != kind || t.num != num || t.ns != ns || t.type != type)
		fail_msg("'%s' is kind %d num %llu ns %llu type %d", word, t.kind,
			 (unsigned long long)t.num, (unsigned long long)t.ns, t.type);
	assert_string_equal(t.text, text);
}

static void is_refused(const char *word, const char *sentence)
{
	struct target t;
	struct error err = { 0 };

	if (target_parse(word, &t, &err) != -EINVAL)
		fail_msg("'%s' is not refused", word);
	assert_int_equal(err.code, -EINVAL);
	assert_string_equal(err.text, sentence);
}

static void number_below_2_22_is_a_pid(void **state)
{
	(void)state;
	parses_as("4123", TARGET_PID, "4123", 4123, 0, -1);
	parses_as("1", TARGET_PID, "1", 1, 0, -1);
	parses_as("4194303", TARGET_PID, "4194303", 4194303, 0, -1);
	parses_as("4194304", TARGET_NS, "4194304", 4194304, 0, -1);
	parses_as("4026532340", TARGET_NS, "4026532340", 4026532340, 0, -1);
	parses_as("18446744073709551615", TARGET_NS, "18446744073709551615", UINT64_MAX, 0, -1);
}

static void self_is_a_pid_without_its_number(void **state)
{
	(void)state;
	parses_as("self", TARGET_PID, "self", 0, 0, -1);
}

static void typed_number_is_a_namespace(void **state)
{
	(void)state;
	parses_as("net:[4026532340]", TARGET_NS, "[4026532340]", 4026532340, 0, NS_NET);
	parses_as("net:4026532340", TARGET_NS, "4026532340", 4026532340, 0, NS_NET);
	parses_as("pid:[4026532340]", TARGET_NS, "[4026532340]", 4026532340, 0, NS_PID);
	parses_as("pid:4026532340", TARGET_NS, "4026532340", 4026532340, 0, NS_PID);
	parses_as("user:[7]", TARGET_NS, "[7]", 7, 0, NS_USER);
	parses_as("time:[1]", TARGET_NS, "[1]", 1, 0, NS_TIME);
}

static void pid_at_namespace_is_an_inner_pid(void **state)
{
	(void)state;
	parses_as("pid:7@4026532458", TARGET_INNER, "7@4026532458", 7, 4026532458, -1);
}

static void words_with_a_slash_are_paths(void **state)
{
	(void)state;
	parses_as("/run/netns/lab", TARGET_PATH, "/run/netns/lab", 0, 0, -1);
	parses_as("./lab", TARGET_PATH, "./lab", 0, 0, -1);
	parses_as("a/net:[1]", TARGET_PATH, "a/net:[1]", 0, 0, -1);
	parses_as("/proc/1/ns/net:x", TARGET_PATH, "/proc/1/ns/net:x", 0, 0, -1);
	parses_as(".", TARGET_PATH, ".", 0, 0, -1);
	parses_as("..", TARGET_PATH, "..", 0, 0, -1);
}

static void prefixes_take_the_rest_as_a_name(void **state)
{
	(void)state;
	parses_as("netns:lab", TARGET_NETNS, "lab", 0, 0, -1);
	parses_as("ctr:web", TARGET_CTR, "web", 0, 0, -1);
	parses_as("ctr:docker:web", TARGET_CTR, "docker:web", 0, 0, -1);
	parses_as("ctr:a/b", TARGET_CTR, "a/b", 0, 0, -1);
	parses_as("unit:ssh.service", TARGET_UNIT, "ssh.service", 0, 0, -1);
	parses_as("mount:/mnt/x", TARGET_MOUNT, "/mnt/x", 0, 0, -1);
	parses_as("uid:100999", TARGET_UID, "100999", 100999, 0, -1);
	parses_as("uid:0", TARGET_UID, "0", 0, 0, -1);
	parses_as("uid:4294967294", TARGET_UID, "4294967294", 4294967294, 0, -1);
}

static void numbers_out_of_range_are_refused(void **state)
{
	(void)state;
	is_refused("0", "\"0\": no process and no namespace has the number 0");
	is_refused("18446744073709551616", "\"18446744073709551616\": the number is too large");
	is_refused("99999999999999999999999",
		   "\"99999999999999999999999\": the number is too large");
	is_refused("uid:4294967295",
		   "\"uid:4294967295\": expected uid:N with the number of a user");
	is_refused("uid:-1", "\"uid:-1\": expected uid:N with the number of a user");
	is_refused("uid:root", "\"uid:root\": expected uid:N with the number of a user");
	is_refused("uid:", "\"uid:\": expected uid:N with the number of a user");
}

static void typed_word_that_is_no_number_is_refused(void **state)
{
	static const char *const wrong[] = { "net:",	 "net:[]",  "net:[", "net:[1",	 "net:1]",
					     "net:eth0", "net:[0]", "net:0", "net:[[1]]" };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		char sentence[128];

		snprintf(sentence, sizeof(sentence),
			 "\"%s\": expected the number of a namespace, as in net:[4026531840]",
			 wrong[i]);
		is_refused(wrong[i], sentence);
	}
}

static void small_number_behind_pid_is_explained(void **state)
{
	(void)state;
	is_refused("pid:7", "\"pid:7\": a PID is written without \"pid:\", one inside a PID "
			    "namespace pid:PID@NAMESPACE");
	is_refused("pid:@4026532458",
		   "\"pid:@4026532458\": expected pid:PID@NAMESPACE with a PID in front of the @");
	is_refused("pid:0@4026532458",
		   "\"pid:0@4026532458\": expected pid:PID@NAMESPACE with a PID in front of the @");
	is_refused("pid:4194304@1",
		   "\"pid:4194304@1\": expected pid:PID@NAMESPACE with a PID in front of the @");
	is_refused("pid:7@", "\"pid:7@\": expected pid:PID@NAMESPACE with a number behind the @");
	is_refused("pid:7@x", "\"pid:7@x\": expected pid:PID@NAMESPACE with a number behind the @");
	is_refused("net:7@4026532458", "\"net:7@4026532458\": expected the number of a namespace, "
				       "as in net:[4026531840]");
}

static void forms_of_networks_take_what_they_name(void **state)
{
	(void)state;
	parses_as("iface:veth3a1c", TARGET_IFACE, "veth3a1c", 0, 0, -1);
	parses_as("iface:a:b", TARGET_IFACE, "a:b", 0, 0, -1);
	parses_as("ip:10.0.0.5", TARGET_IP, "10.0.0.5", 0, 0, -1);
	parses_as("ip:fd00::5", TARGET_IP, "fd00::5", 0, 0, -1);
	parses_as("mac:02:42:AC:11:00:02", TARGET_MAC, "02:42:AC:11:00:02", 0, 0, -1);
	parses_as("port:80", TARGET_PORT, "80", 80, 0, -1);
	parses_as("port:udp/53", TARGET_PORT, "udp/53", 53, 0, -1);
	parses_as("port:vsock/70000", TARGET_PORT, "vsock/70000", 70000, 0, -1);
}

static void forms_of_networks_refuse_what_is_none(void **state)
{
	static const struct {
		const char *word, *why;
	} wrong[] = {
		{ "iface:", "a name is missing behind the colon" },
		{ "iface:a/b", "that is no name of an interface" },
		{ "ip:", "expected ip:ADDRESS, as in ip:10.0.0.5 or ip:fd00::5" },
		{ "ip:10.0.0", "expected ip:ADDRESS, as in ip:10.0.0.5 or ip:fd00::5" },
		{ "ip:10.0.0.0/8", "expected an address without the length of a prefix" },
		{ "mac:02:42", "expected mac:ADDRESS, as in mac:02:42:ac:11:00:02" },
		{ "mac:02:42:ac:11:00:0g", "expected mac:ADDRESS, as in mac:02:42:ac:11:00:02" },
		{ "mac:02:42:ac:11:00:02:", "expected mac:ADDRESS, as in mac:02:42:ac:11:00:02" },
		{ "port:0", "expected port:N or port:PROTOCOL/N, as in port:80 or port:udp/53" },
		{ "port:65536",
		  "expected port:N or port:PROTOCOL/N, as in port:80 or port:udp/53" },
		{ "port:udp/", "expected port:N or port:PROTOCOL/N, as in port:80 or port:udp/53" },
		{ "port:ucp/5", "the protocol is none of tcp, udp, udplite, sctp, dccp, mptcp and "
				"vsock" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		char sentence[256];

		snprintf(sentence, sizeof(sentence), "\"%s\": %s", wrong[i].word, wrong[i].why);
		is_refused(wrong[i].word, sentence);
	}
}

static void forms_and_types_are_prefixes(void **state)
{
	static const char *const words[] = { "ctr", "netns", "port", "net", "user", "time", NULL };

	(void)state;
	for (size_t i = 0; words[i]; i++)
		assert_true(target_is_prefix(words[i]));
	assert_false(target_is_prefix(""));
	assert_false(target_is_prefix("self"));
	assert_false(target_is_prefix("netn"));
}

static void wrong_prefix_names_the_nearest(void **state)
{
	(void)state;
	is_refused("crt:web", "\"crt:web\" is no target; did you mean ctr:web?");
	is_refused("nte:[4026532340]",
		   "\"nte:[4026532340]\" is no target; did you mean net:[4026532340]?");
	is_refused("units:ssh", "\"units:ssh\" is no target; did you mean unit:ssh?");
	is_refused("Ctr:web", "\"Ctr:web\" is no target; did you mean ctr:web?");
	is_refused("zzzzzz:web",
		   "\"zzzzzz:web\" is no target: what stands in front of the colon is neither a "
		   "namespace type nor ctr, unit, netns, mount, uid, iface, ip, mac or port");
	is_refused(":web",
		   "\":web\" is no target: what stands in front of the colon is neither a "
		   "namespace type nor ctr, unit, netns, mount, uid, iface, ip, mac or port");
}

static void bare_word_names_the_forms_it_may_be(void **state)
{
	(void)state;
	is_refused("web",
		   "\"web\" is no target; did you mean ctr:web, unit:web, netns:web or ./web?");
	is_refused("3f2a91", "\"3f2a91\" is no target; did you mean ctr:3f2a91, unit:3f2a91, "
			     "netns:3f2a91 or ./3f2a91?");
	is_refused("slef", "\"slef\" is no target; did you mean self?");
	is_refused("", "a target is empty; expected a PID, the number of a namespace, a path, or a "
		       "name as in ctr:NAME");
}

static void missing_names_are_refused(void **state)
{
	(void)state;
	is_refused("ctr:", "\"ctr:\": a name is missing behind the colon");
	is_refused("unit:", "\"unit:\": a name is missing behind the colon");
	is_refused("netns:", "\"netns:\": a name is missing behind the colon");
	is_refused("mount:", "\"mount:\": a name is missing behind the colon");
	is_refused("netns:/run/netns/lab",
		   "\"netns:/run/netns/lab\": the name of a network namespace holds no \"/\"; a "
		   "path is written without \"netns:\"");
}

static void hostile_words_are_escaped_and_cut(void **state)
{
	struct target t;
	struct error err = { 0 };
	char word[400];

	(void)state;
	is_refused("ctrl:\x1b[2J\n", "\"ctrl:\\x1b[2J\\n\" is no target; did you mean "
				     "ctr:\\x1b[2J\\n?");
	memset(word, 'a', sizeof(word) - 1);
	word[79] = '\xc3';
	word[80] = '\xa9';
	word[sizeof(word) - 1] = '\0';
	assert_int_equal(target_parse(word, &t, &err), -EINVAL);
	assert_non_null(strstr(err.text, "aaa...\" is no target; "));
}

static void needs_are_what_resolving_reads(void **state)
{
	struct target t = parse("4123");

	(void)state;
	assert_int_equal(target_needs(&t), 0);
	t = parse("net:[4026532340]");
	assert_int_equal(target_needs(&t), NEED_HOLDERS);
	t = parse("pid:7@4026532458");
	assert_int_equal(target_needs(&t), NEED_STATUS);
	t = parse("ctr:web");
	assert_int_equal(target_needs(&t), NEED_IDENTITY);
	t = parse("unit:ssh");
	assert_int_equal(target_needs(&t), NEED_IDENTITY);
	t = parse("netns:lab");
	assert_int_equal(target_needs(&t), NEED_HOLDERS);
	t = parse("uid:1000");
	assert_int_equal(target_needs(&t), NEED_MAPS | NEED_HOLDERS);
	t = parse("/run/netns/lab");
	assert_int_equal(target_needs(&t), 0);
	t = parse("mount:/mnt");
	assert_int_equal(target_needs(&t), 0);
}

static void selection_holds_each_once_in_order(void **state)
{
	struct selection sel = { 0 };
	struct process p[40] = { { .pid = 1 } };
	struct ns ns[40] = { { .ino = 1 } };

	(void)state;
	for (int round = 0; round < 2; round++) {
		for (int i = 39; i >= 0; i--) {
			selection_add_process(&sel, &p[i]);
			selection_add_ns(&sel, &ns[i]);
		}
	}
	assert_int_equal(sel.nprocesses, 40);
	assert_int_equal(sel.nnamespaces, 40);
	for (int i = 0; i < 40; i++) {
		assert_ptr_equal(sel.processes[i], &p[39 - i]);
		assert_ptr_equal(sel.namespaces[i], &ns[39 - i]);
	}
	selection_release(&sel);
	assert_int_equal(sel.nprocesses + sel.nnamespaces, 0);
	selection_release(&sel);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(number_below_2_22_is_a_pid),
		cmocka_unit_test(self_is_a_pid_without_its_number),
		cmocka_unit_test(typed_number_is_a_namespace),
		cmocka_unit_test(pid_at_namespace_is_an_inner_pid),
		cmocka_unit_test(words_with_a_slash_are_paths),
		cmocka_unit_test(prefixes_take_the_rest_as_a_name),
		cmocka_unit_test(numbers_out_of_range_are_refused),
		cmocka_unit_test(typed_word_that_is_no_number_is_refused),
		cmocka_unit_test(small_number_behind_pid_is_explained),
		cmocka_unit_test(forms_of_networks_take_what_they_name),
		cmocka_unit_test(forms_of_networks_refuse_what_is_none),
		cmocka_unit_test(forms_and_types_are_prefixes),
		cmocka_unit_test(wrong_prefix_names_the_nearest),
		cmocka_unit_test(bare_word_names_the_forms_it_may_be),
		cmocka_unit_test(missing_names_are_refused),
		cmocka_unit_test(hostile_words_are_escaped_and_cut),
		cmocka_unit_test(needs_are_what_resolving_reads),
		cmocka_unit_test(selection_holds_each_once_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
