/* SPDX-License-Identifier: MIT */
/* Text of /proc as kernels write it, as a hostile process shapes it, and as a disk damages it. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <nsview/buffer.h>
#include <nsview/proctext.h>

static struct span span_of(const char *text)
{
	return (struct span){ text, strlen(text) };
}

static void assert_span(struct span got, const char *want)
{
	assert_int_equal(got.len, strlen(want));
	assert_memory_equal(got.data, want, got.len);
}

#define STAT_REST " S 1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 -5 9 0 123456789012 0 0\n"

static int parse_stat(const char *text, struct proc_stat *out)
{
	return proc_stat_parse(text, strlen(text), out);
}

static void stat_fields_are_found(void **state)
{
	struct proc_stat stat;

	(void)state;
	assert_int_equal(parse_stat("42 (sleep)" STAT_REST, &stat), 0);
	assert_int_equal(stat.pid, 42);
	assert_span(stat.comm, "sleep");
	assert_int_equal(stat.state, 'S');
	assert_int_equal(stat.ppid, 1);
	assert_int_equal(stat.flags, 4194560);
	assert_int_equal(stat.num_threads, 9);
	assert_int_equal(stat.starttime, 123456789012);
}

static void hostile_comm_cannot_forge_stat_fields(void **state)
{
	static const char *const comms[] = {
		"a) R 1 (b", ") Z 0 0 0", "a\nb", "\n1 (x) R 2", "", "))((", " ", "(", "\33[2J",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(comms) / sizeof(comms[0]); i++) {
		autobuffer text = BUFFER_INIT;
		struct proc_stat stat;

		buffer_printf(&text, "42 (%s)" STAT_REST, comms[i]);
		assert_int_equal(proc_stat_parse(text.data, text.len, &stat), 0);
		assert_span(stat.comm, comms[i]);
		assert_int_equal(stat.pid, 42);
		assert_int_equal(stat.state, 'S');
		assert_int_equal(stat.ppid, 1);
	}
}

static void stat_numbers_reach_their_ends(void **state)
{
	struct proc_stat stat;

	(void)state;
	assert_int_equal(parse_stat("2147483647 (a) D 0 0 0 0 0 4294967295 0 0 0 0 0 0 0 0 0 0 "
				    "9223372036854775807 0 18446744073709551615",
				    &stat),
			 0);
	assert_int_equal(stat.pid, 2147483647);
	assert_int_equal(stat.flags, 4294967295);
	assert_int_equal(stat.num_threads, INT64_MAX);
	assert_true(stat.starttime == UINT64_MAX);
}

static void broken_stat_is_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"\n",
		"42",
		"42 sleep S 1",
		"42 (sleep",
		"42 )sleep(" STAT_REST,
		"(sleep)" STAT_REST,
		"x (sleep)" STAT_REST,
		"-1 (sleep)" STAT_REST,
		"2147483648 (sleep)" STAT_REST,
		"99999999999999999999999999 (sleep)" STAT_REST,
		"42 (sleep)",
		"42 (sleep)\n",
		"42 (sleep) S",
		"42 (sleep)S 1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 -5 9 0 1 0 0",
		"42 (sleep)   1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 -5 9 0 1 0 0",
		"42 (sleep) SS 1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 -5 9 0 1 0 0",
		/* one field short, also where the next line would go on */
		"42 (sleep) S 1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 -5 9 0",
		"42 (sleep) S 1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 -5 9 0\n1 2",
		/* ppid, flags, num_threads and starttime in turn out of range or no number */
		"42 (sleep) S 2147483648 42 42 0 -1 0 1 2 3 4 5 6 7 8 20 -5 9 0 1",
		"42 (sleep) S -1 42 42 0 -1 0 1 2 3 4 5 6 7 8 20 -5 9 0 1",
		"42 (sleep) S 1 42 42 0 -1 4294967296 1 2 3 4 5 6 7 8 20 -5 9 0 1",
		"42 (sleep) S 1 42 42 0 -1 0 1 2 3 4 5 6 7 8 20 -5 9223372036854775808 0 1",
		"42 (sleep) S 1 42 42 0 -1 0 1 2 3 4 5 6 7 8 20 -5 9 0 18446744073709551616",
		"42 (sleep) S 1 42 42 0 -1 0 1 2 3 4 5 6 7 8 20 -5 9 0 12a",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct proc_stat stat;

		if (parse_stat(texts[i], &stat) != -EINVAL)
			fail_msg("taken: %s", texts[i]);
	}
}

#define STATUS_NEEDED "Uid:\t1000\t1001\t1002\t1003\nGid:\t4\t5\t6\t4294967295\n"

static int parse_status(const char *text, struct proc_status *out)
{
	return proc_status_parse(text, strlen(text), out);
}

static void status_lines_are_found(void **state)
{
	static const char text[] =
		"Name:\tsh\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t77\n"
		"Ngid:\t0\nPid:\t78\n" STATUS_NEEDED "NSpid:\t78\t7\t1\nThreads:\t1\n"
		"CapInh:\t0000000000000001\nCapPrm:\t000001ffffffffff\n"
		"CapEff:\tFFFFFFFFFFFFFFFF\nCapBnd:\t0000000000000004\n"
		"CapAmb:\t0000000000000005\nNoNewPrivs:\t1\nSeccomp:\t2\n"
		"Seccomp_filters:\t9\n";
	struct proc_status s;

	(void)state;
	assert_int_equal(parse_status(text, &s), 0);
	assert_int_equal(s.tgid, 77);
	assert_int_equal(s.uid[0], 1000);
	assert_int_equal(s.uid[1], 1001);
	assert_int_equal(s.uid[3], 1003);
	assert_int_equal(s.gid[0], 4);
	assert_int_equal(s.gid[3], 4294967295);
	assert_int_equal(s.nspid_count, 3);
	assert_int_equal(s.nspid[0], 78);
	assert_int_equal(s.nspid[1], 7);
	assert_int_equal(s.nspid[2], 1);
	assert_true(s.has_caps);
	assert_int_equal(s.cap_inh, 1);
	assert_int_equal(s.cap_prm, 0x1ffffffffff);
	assert_true(s.cap_eff == UINT64_MAX);
	assert_int_equal(s.cap_bnd, 4);
	assert_int_equal(s.cap_amb, 5);
	assert_int_equal(s.no_new_privs, 1);
	assert_int_equal(s.seccomp, 2);
}

static void absent_status_lines_are_not_zero(void **state)
{
	struct proc_status s;

	(void)state;
	assert_int_equal(parse_status(STATUS_NEEDED, &s), 0);
	assert_int_equal(s.nspid_count, 0);
	assert_false(s.has_caps);
	assert_int_equal(s.no_new_privs, -1);
	assert_int_equal(s.seccomp, -1);
	assert_int_equal(s.tgid, 0);
}

static void status_without_final_newline_is_read(void **state)
{
	struct proc_status s;

	(void)state;
	assert_int_equal(parse_status(STATUS_NEEDED "Seccomp:\t1", &s), 0);
	assert_int_equal(s.seccomp, 1);
}

static void status_key_counts_only_where_a_line_starts(void **state)
{
	struct proc_status s;

	(void)state;
	assert_int_equal(parse_status("Name:\tx\\nUid:\t0\t0\t0\t0\n" STATUS_NEEDED
				      " Seccomp:\t2\nxSeccomp:\t2\nSeccomp\t2\n",
				      &s),
			 0);
	assert_int_equal(s.uid[0], 1000);
	assert_int_equal(s.seccomp, -1);
}

static void nspid_line(struct buffer *text, unsigned levels)
{
	buffer_text(text, STATUS_NEEDED "NSpid:");
	for (unsigned i = 0; i < levels; i++)
		buffer_printf(text, "\t%u", 100 + i);
	buffer_char(text, '\n');
}

static void nspid_has_33_levels_at_most(void **state)
{
	autobuffer text = BUFFER_INIT;
	struct proc_status s;

	(void)state;
	nspid_line(&text, 33);
	assert_int_equal(proc_status_parse(text.data, text.len, &s), 0);
	assert_int_equal(s.nspid_count, 33);
	assert_int_equal(s.nspid[0], 100);
	assert_int_equal(s.nspid[32], 132);
	buffer_clear(&text);
	nspid_line(&text, 34);
	assert_int_equal(proc_status_parse(text.data, text.len, &s), -EINVAL);
}

static void broken_status_is_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"Name:\tsh\n",
		"Uid:\t0\t0\t0\t0\n",
		"Gid:\t0\t0\t0\t0\n",
		"Uid:\t0\t0\t0\nGid:\t0\t0\t0\t0\n",
		"Uid:\t0\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n",
		"Uid:\t0\t0\t0\t4294967296\nGid:\t0\t0\t0\t0\n",
		"Uid:\t0\t0\t-1\t0\nGid:\t0\t0\t0\t0\n",
		STATUS_NEEDED "Tgid:\t2147483648\n",
		STATUS_NEEDED "Tgid:\t\n",
		STATUS_NEEDED "Seccomp:\t2x\n",
		STATUS_NEEDED "NSpid:\n",
		STATUS_NEEDED "NSpid:\t1\t99999999999\n",
		STATUS_NEEDED "NSpid:\t1\tx\n",
		STATUS_NEEDED "CapEff:\t\n",
		STATUS_NEEDED "CapEff:\t10000000000000000\n",
		STATUS_NEEDED "CapEff:\t000000000000000g\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct proc_status s;

		if (parse_status(texts[i], &s) != -EINVAL)
			fail_msg("taken: %s", texts[i]);
	}
}

static void lines_come_one_by_one(void **state)
{
	struct span rest = span_of("a\n\nbc"), line;

	(void)state;
	assert_true(proc_line_next(&rest, &line));
	assert_span(line, "a");
	assert_true(proc_line_next(&rest, &line));
	assert_span(line, "");
	assert_true(proc_line_next(&rest, &line));
	assert_span(line, "bc");
	assert_false(proc_line_next(&rest, &line));
	rest = span_of("a\n");
	assert_true(proc_line_next(&rest, &line));
	assert_false(proc_line_next(&rest, &line));
	rest = (struct span){ NULL, 0 };
	assert_false(proc_line_next(&rest, &line));
}

static void assert_cgroup(const char *text, unsigned hierarchy, const char *controllers,
			  const char *path)
{
	struct cgroup_line line;

	assert_int_equal(proc_cgroup_line_parse(span_of(text), &line), 0);
	assert_int_equal(line.hierarchy, hierarchy);
	assert_span(line.controllers, controllers);
	assert_span(line.path, path);
}

static void cgroup_lines_of_every_layout(void **state)
{
	(void)state;
	assert_cgroup("0::/system.slice/ssh.service", 0, "", "/system.slice/ssh.service");
	assert_cgroup("4:cpu,cpuacct:/docker/3f2a91", 4, "cpu,cpuacct", "/docker/3f2a91");
	assert_cgroup("1:name=systemd:/init.scope", 1, "name=systemd", "/init.scope");
	assert_cgroup("0::/", 0, "", "/");
	assert_cgroup("0::/../../a", 0, "", "/../../a");
	assert_cgroup("4294967295:x:/y", 4294967295, "x", "/y");
}

static void colons_in_a_cgroup_path_belong_to_it(void **state)
{
	(void)state;
	assert_cgroup("0::/machine/vm:1::/x (deleted)", 0, "", "/machine/vm:1::/x (deleted)");
}

static void broken_cgroup_line_is_refused(void **state)
{
	static const char *const texts[] = {
		"", "0", "0:", "0::", "0:cpu", "0::x", ":cpu:/", "x::/", "-1::/", "4294967296::/",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct cgroup_line line;

		if (proc_cgroup_line_parse(span_of(texts[i]), &line) != -EINVAL)
			fail_msg("taken: %s", texts[i]);
	}
}

static void mount_line_with_two_tags(void **state)
{
	struct mount_line m;

	(void)state;
	assert_int_equal(proc_mount_line_parse(span_of("36 35 98:4 /mnt1 /mnt\\0402 rw,noatime "
						       "shared:1 master:2 - ext3 /dev/root "
						       "rw,errors=continue"),
					       &m),
			 0);
	assert_int_equal(m.id, 36);
	assert_int_equal(m.parent, 35);
	assert_int_equal(m.major, 98);
	assert_int_equal(m.minor, 4);
	assert_span(m.root, "/mnt1");
	assert_span(m.point, "/mnt\\0402");
	assert_span(m.options, "rw,noatime");
	assert_span(m.tags, "shared:1 master:2");
	assert_span(m.fstype, "ext3");
	assert_span(m.source, "/dev/root");
	assert_span(m.super_options, "rw,errors=continue");
}

static void private_mount_has_no_tags(void **state)
{
	struct mount_line m;

	(void)state;
	assert_int_equal(proc_mount_line_parse(span_of("9 1 0:4 net:[4026532340] /run/netns/lab rw "
						       "- nsfs nsfs rw"),
					       &m),
			 0);
	assert_int_equal(m.tags.len, 0);
	assert_span(m.root, "net:[4026532340]");
	assert_span(m.fstype, "nsfs");
	assert_span(m.super_options, "rw");
}

/* A mount without a source leaves two spaces; a path may be a dash. */
static void odd_mount_fields_do_not_shift_the_others(void **state)
{
	struct mount_line m;

	(void)state;
	assert_int_equal(
		proc_mount_line_parse(span_of("9 1 0:4 / - rw master:1 - tmpfs  rw,a b"), &m), 0);
	assert_span(m.point, "-");
	assert_span(m.tags, "master:1");
	assert_span(m.fstype, "tmpfs");
	assert_span(m.source, "");
	assert_span(m.super_options, "rw,a b");
}

static void broken_mount_line_is_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"36",
		"36 35 98:0 /a /b rw shared:1 ext3 /dev/root rw", /* no dash */
		"36 35 98:0 /a /b rw shared:1 -",
		"36 35 98:0 /a /b rw - ext3",
		"36 35 98:0 /a /b rw - ext3 /dev/root",
		"36 35 98:0 /a /b",
		"36 35 98 /a /b rw - ext3 x rw",
		"36 35 98: /a /b rw - ext3 x rw",
		"36 x 98:0 /a /b rw - ext3 x rw",
		" 36 35 98:0 /a /b rw - ext3 x rw",
		"2147483648 35 98:0 /a /b rw - ext3 x rw",
		"36 35 98:4294967296 /a /b rw - ext3 x rw",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct mount_line m;

		if (proc_mount_line_parse(span_of(texts[i]), &m) != -EINVAL)
			fail_msg("taken: %s", texts[i]);
	}
}

static void ids_are_mapped_both_ways_up_to_the_last(void **state)
{
	const struct id_range map[] = { { 0, 1000, 1 }, { 1, 4294967290U, 5 } };

	(void)state;
	assert_int_equal(id_ranges_outside(map, 2, 0), 1000);
	assert_int_equal(id_ranges_outside(map, 2, 5), 4294967294LL);
	assert_int_equal(id_ranges_outside(map, 2, 6), -1);
	assert_int_equal(id_ranges_inside(map, 2, 4294967294U), 5);
	assert_int_equal(id_ranges_inside(map, 2, 4294967295U), -1);
	assert_int_equal(id_ranges_inside(map, 2, 999), -1);
	assert_int_equal(id_ranges_inside(NULL, 0, 0), -1);
}

static void lines_that_are_no_mounts_are_passed_over(void **state)
{
	struct span rest =
		span_of("x\n36 35 98:0 / /a rw - ext3 x rw\n\n37 35 98:0 / /b rw - ext3 x "
			"rw");
	struct mount_line m;

	(void)state;
	assert_true(proc_mount_next(&rest, &m));
	assert_int_equal(m.id, 36);
	assert_true(proc_mount_next(&rest, &m));
	assert_int_equal(m.id, 37);
	assert_false(proc_mount_next(&rest, &m));
}

static void spans_are_compared_by_all_their_bytes(void **state)
{
	const struct span none = { NULL, 0 }, nul = { "a\0b", 3 }, other = { "a\0c", 3 };

	(void)state;
	assert_true(span_equal(none, span_of("")));
	assert_true(span_equal(nul, nul));
	assert_false(span_equal(nul, other));
	assert_false(span_equal(nul, span_of("a")));
	assert_true(span_is(none, ""));
	assert_false(span_is(none, "a"));
	assert_false(span_is(nul, "a"));
}

static void assert_unescaped(const char *text, const char *want, size_t want_len)
{
	/* Exactly the room that is promised, so that a sanitizer sees one byte too many. */
	char *out = malloc(strlen(text) + 1);
	autobuffer all = BUFFER_INIT;

	assert_non_null(out);
	assert_int_equal(proc_unescape(span_of(text), out), want_len);
	assert_memory_equal(out, want, want_len + 1);
	free(out);
	buffer_text(&all, "/x");
	proc_unescape_append(span_of(text), &all);
	assert_int_equal(all.len, 2 + want_len);
	assert_memory_equal(all.data + 2, want, want_len + 1);
}

static void octal_escapes_are_decoded(void **state)
{
	(void)state;
	assert_unescaped("", "", 0);
	assert_unescaped("/plain", "/plain", 6);
	assert_unescaped("/a\\040b\\011c\\012d\\134e\\043", "/a b\tc\nd\\e#", 11);
	assert_unescaped("\\377", "\xff", 1);
	assert_unescaped("\\000x", "\0x", 2);
	assert_unescaped("\\134040", "\\040", 4);
}

static void what_is_no_octal_escape_stays(void **state)
{
	static const char *const texts[] = { "\\", "\\0", "\\04", "\\04x", "\\400", "\\08", "\\n" };
	char out[8];

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_unescaped(texts[i], texts[i], strlen(texts[i]));
	/* The last digit is there, but belongs to what follows the text. */
	assert_int_equal(proc_unescape((struct span){ "\\040", 3 }, out), 3);
	assert_string_equal(out, "\\04");
}

static void assert_range(const char *text, uint32_t inside, uint32_t outside, uint32_t count)
{
	struct id_range r;

	assert_int_equal(proc_id_range_parse(span_of(text), &r), 0);
	assert_int_equal(r.inside, inside);
	assert_int_equal(r.outside, outside);
	assert_int_equal(r.count, count);
}

static void id_ranges_are_read(void **state)
{
	(void)state;
	assert_range("         0          0 4294967295", 0, 0, 4294967295);
	assert_range("0 1000 1", 0, 1000, 1);
	assert_range("1\t100000\t65536 ", 1, 100000, 65536);
	assert_range("4294967294 7 2", 4294967294, 7, 2);
	/* What a range that our own user namespace does not map looks like. */
	assert_range("0 4294967295 10", 0, 4294967295, 10);
}

static void broken_id_range_is_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"0",
		"0 0",
		"5 0 0",
		"0 0 1 1",
		"0 0 x",
		"0 -1 1",
		"0 0 4294967296",
		"4294967296 0 1",
		"4294967295 0 2",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct id_range r;

		if (proc_id_range_parse(span_of(texts[i]), &r) != -EINVAL)
			fail_msg("taken: %s", texts[i]);
	}
}

static int parse_offsets(const char *text, struct time_offset *mono, struct time_offset *boot)
{
	return proc_time_offsets_parse(text, strlen(text), mono, boot);
}

static void time_offsets_are_read(void **state)
{
	struct time_offset mono, boot;

	(void)state;
	assert_int_equal(parse_offsets("monotonic      -86400         5\n"
				       "boottime      9000000 999999999\n",
				       &mono, &boot),
			 0);
	assert_int_equal(mono.sec, -86400);
	assert_int_equal(mono.nsec, 5);
	assert_int_equal(boot.sec, 9000000);
	assert_int_equal(boot.nsec, 999999999);
	assert_int_equal(parse_offsets("7 2 3\n1 -4 0", &mono, &boot), 0);
	assert_int_equal(mono.sec, -4);
	assert_int_equal(boot.sec, 2);
}

static void clocks_of_later_kernels_are_passed_over(void **state)
{
	struct time_offset mono, boot;

	(void)state;
	assert_int_equal(parse_offsets("realtime x\nmonotonic 1 0\nboottime 2 0\n", &mono, &boot),
			 0);
	assert_int_equal(mono.sec, 1);
	assert_int_equal(boot.sec, 2);
}

static void broken_time_offsets_are_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"monotonic 0 0\n",
		"boottime 0 0\n",
		"monotonic 0 0 boottime 0 0\n",
		"monotonic 0\nboottime 0 0\n",
		"monotonic 0 0\nboottime x 0\n",
		"monotonic 0 -1\nboottime 0 0\n",
		"monotonic 0 1000000000\nboottime 0 0\n",
		"monotonic 9223372036854775808 0\nboottime 0 0\n",
		"monotonic 0 0 0\nboottime 0 0\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct time_offset mono, boot;

		if (parse_offsets(texts[i], &mono, &boot) != -EINVAL)
			fail_msg("taken: %s", texts[i]);
	}
}

static void boot_time_is_a_line_of_its_own(void **state)
{
	static const struct {
		const char *text;
		int ret;
		uint64_t sec;
	} cases[] = {
		{ "cpu 1 2\nctxt 9\nbtime 1767225600\nprocesses 3\n", 0, 1767225600 },
		{ "btime 0\n", 0, 0 },
		{ "cpu 1 2\nprocesses 3\n", -EINVAL, 0 },
		{ "xbtime 5\n", -EINVAL, 0 },
		{ "btime x\n", -EINVAL, 0 },
		{ "btime 99999999999999999999\n", -EINVAL, 0 },
		{ "", -EINVAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t sec = 0;

		assert_int_equal(proc_boot_time_parse(cases[i].text, strlen(cases[i].text), &sec),
				 cases[i].ret);
		if (cases[i].ret == 0)
			assert_int_equal(sec, cases[i].sec);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stat_fields_are_found),
		cmocka_unit_test(hostile_comm_cannot_forge_stat_fields),
		cmocka_unit_test(stat_numbers_reach_their_ends),
		cmocka_unit_test(broken_stat_is_refused),
		cmocka_unit_test(status_lines_are_found),
		cmocka_unit_test(absent_status_lines_are_not_zero),
		cmocka_unit_test(status_without_final_newline_is_read),
		cmocka_unit_test(status_key_counts_only_where_a_line_starts),
		cmocka_unit_test(nspid_has_33_levels_at_most),
		cmocka_unit_test(broken_status_is_refused),
		cmocka_unit_test(lines_come_one_by_one),
		cmocka_unit_test(cgroup_lines_of_every_layout),
		cmocka_unit_test(colons_in_a_cgroup_path_belong_to_it),
		cmocka_unit_test(broken_cgroup_line_is_refused),
		cmocka_unit_test(mount_line_with_two_tags),
		cmocka_unit_test(private_mount_has_no_tags),
		cmocka_unit_test(odd_mount_fields_do_not_shift_the_others),
		cmocka_unit_test(broken_mount_line_is_refused),
		cmocka_unit_test(ids_are_mapped_both_ways_up_to_the_last),
		cmocka_unit_test(lines_that_are_no_mounts_are_passed_over),
		cmocka_unit_test(spans_are_compared_by_all_their_bytes),
		cmocka_unit_test(octal_escapes_are_decoded),
		cmocka_unit_test(what_is_no_octal_escape_stays),
		cmocka_unit_test(id_ranges_are_read),
		cmocka_unit_test(broken_id_range_is_refused),
		cmocka_unit_test(time_offsets_are_read),
		cmocka_unit_test(clocks_of_later_kernels_are_passed_over),
		cmocka_unit_test(broken_time_offsets_are_refused),
		cmocka_unit_test(boot_time_is_a_line_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
