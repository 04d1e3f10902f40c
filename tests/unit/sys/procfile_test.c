/* SPDX-License-Identifier: MIT */
/* Files and links under a directory fd, in a directory of the test's own and in /proc itself. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <nsview/cleanup.h>
#include <nsview/procfile.h>

struct place {
	char path[64];
	int fd;
};

static const char *const made[] = { "file", "empty", "link", "pipe", "loop", "big", NULL };

static int place_open(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	if (!p)
		return -1;
	strcpy(p->path, "/tmp/nsview-procfile-XXXXXX");
	if (!mkdtemp(p->path))
		return -1;
	p->fd = open(p->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	*state = p;
	return p->fd < 0 ? -1 : 0;
}

static int place_close(void **state)
{
	struct place *p = *state;

	for (size_t i = 0; made[i]; i++)
		unlinkat(p->fd, made[i], 0);
	close(p->fd);
	rmdir(p->path);
	free(p);
	return 0;
}

static void write_file(const struct place *p, const char *name, const char *data, size_t len)
{
	autoclose int fd = openat(p->fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, len), len);
}

static void contents_replace_what_was_there(void **state)
{
	const struct place *p = *state;
	autobuffer out = BUFFER_INIT;

	buffer_text(&out, "something else and longer");
	write_file(p, "file", "a\0b\n", 4);
	assert_int_equal(proc_read(p->fd, "file", 4096, &out), 0);
	assert_int_equal(out.len, 4);
	assert_memory_equal(out.data, "a\0b\n", 5);
	write_file(p, "empty", "", 0);
	assert_int_equal(proc_read(p->fd, "empty", 4096, &out), 0);
	assert_string_equal(buffer_str(&out), "");
	assert_int_equal(out.len, 0);
}

static void no_more_than_the_limit_is_read(void **state)
{
	const struct place *p = *state;
	static char data[20000];
	autobuffer out = BUFFER_INIT;

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (char)('a' + i % 23);
	write_file(p, "big", data, sizeof(data));
	for (size_t limit = 0; limit < 2 * sizeof(data); limit += 1999) {
		size_t want = limit < sizeof(data) ? limit : sizeof(data);

		assert_int_equal(proc_read(p->fd, "big", limit, &out), 0);
		assert_int_equal(out.len, want);
		if (want > 0)
			assert_memory_equal(out.data, data, want);
		assert_int_equal(buffer_str(&out)[out.len], '\0');
	}
}

static void missing_file_says_so_and_leaves_nothing(void **state)
{
	const struct place *p = *state;
	autobuffer out = BUFFER_INIT;

	buffer_text(&out, "old");
	assert_int_equal(proc_read(p->fd, "missing", 4096, &out), -ENOENT);
	assert_string_equal(buffer_str(&out), "");
	assert_int_equal(proc_readlink(p->fd, "missing", &out), -ENOENT);
	assert_int_equal(proc_read(p->fd, ".", 4096, &out), -EISDIR);
}

/* In a tree that somebody else made, a link could lead anywhere and a FIFO could stop the scan. */
static void links_and_fifos_are_no_traps(void **state)
{
	const struct place *p = *state;
	autobuffer out = BUFFER_INIT;

	assert_int_equal(symlinkat("/etc/passwd", p->fd, "loop"), 0);
	assert_int_equal(proc_read(p->fd, "loop", 4096, &out), -ELOOP);
	assert_int_equal(mkfifoat(p->fd, "pipe", 0600), 0);
	assert_int_equal(proc_read(p->fd, "pipe", 4096, &out), 0);
	assert_int_equal(out.len, 0);
}

static void link_target_is_read(void **state)
{
	const struct place *p = *state;
	autobuffer out = BUFFER_INIT;

	buffer_text(&out, "old");
	assert_int_equal(symlinkat("net:[4026531840]", p->fd, "link"), 0);
	assert_int_equal(proc_readlink(p->fd, "link", &out), 0);
	assert_string_equal(out.data, "net:[4026531840]");
	assert_int_equal(out.len, 16);
	write_file(p, "file", "x", 1);
	assert_int_equal(proc_readlink(p->fd, "file", &out), -EINVAL);
}

static void own_process_is_readable(void **state)
{
	autoclose int fd = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
	autobuffer out = BUFFER_INIT;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(proc_read(fd, "stat", 4096, &out), 0);
	assert_int_equal(atoi(out.data), getpid());
	assert_int_equal(proc_readlink(fd, "ns/user", &out), 0);
	assert_memory_equal(out.data, "user:[", 6);
}

/* What makes a reused PID harmless: the directory fd goes on meaning the process that died. */
static void dead_process_is_gone_through_its_directory(void **state)
{
	char path[32];
	int pipe_fds[2], fd;
	autobuffer out = BUFFER_INIT;
	pid_t child;

	(void)state;
	assert_int_equal(pipe2(pipe_fds, O_CLOEXEC), 0);
	child = fork();
	if (child == 0) {
		char c;

		close(pipe_fds[1]);
		_exit(read(pipe_fds[0], &c, 1) == 0 ? 0 : 1);
	}
	assert_true(child > 1);
	snprintf(path, sizeof(path), "/proc/%d", child);
	fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	close(pipe_fds[0]);
	close(pipe_fds[1]);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_true(fd >= 0);
	assert_int_equal(proc_read(fd, "stat", 4096, &out), -ESRCH);
	assert_int_equal(out.len, 0);
	close(fd);
}

static void only_numbers_are_processes(void **state)
{
	static const char *const others[] = {
		"",   ".",   "..",	   "self", "1a",	 "a1",
		" 1", "-1",  "+1",	   "1 ",   "2147483648", "99999999999999999999",
		"0",  "0x1", "4294967297",
	};

	(void)state;
	assert_int_equal(proc_entry_pid("1"), 1);
	assert_int_equal(proc_entry_pid("4194304"), 4194304);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_int_equal(proc_entry_pid(others[i]), 0);
}

static void link_of_a_namespace_is_a_number_or_0(void **state)
{
	const struct place *p = *state;
	uint64_t ino = 1;

	assert_int_equal(symlinkat("net:[4026531840]", p->fd, "link"), 0);
	assert_int_equal(symlinkat("../file", p->fd, "loop"), 0);
	assert_int_equal(proc_ns_link(p->fd, "link", &ino), 0);
	assert_int_equal(ino, 4026531840U);
	assert_int_equal(proc_ns_link(p->fd, "loop", &ino), -EINVAL);
	assert_int_equal(ino, 0);
	ino = 1;
	assert_int_equal(proc_ns_link(p->fd, "none", &ino), -ENOENT);
	assert_int_equal(ino, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(contents_replace_what_was_there, place_open,
						place_close),
		cmocka_unit_test_setup_teardown(no_more_than_the_limit_is_read, place_open,
						place_close),
		cmocka_unit_test_setup_teardown(missing_file_says_so_and_leaves_nothing, place_open,
						place_close),
		cmocka_unit_test_setup_teardown(links_and_fifos_are_no_traps, place_open,
						place_close),
		cmocka_unit_test_setup_teardown(link_target_is_read, place_open, place_close),
		cmocka_unit_test_setup_teardown(link_of_a_namespace_is_a_number_or_0, place_open,
						place_close),
		cmocka_unit_test(own_process_is_readable),
		cmocka_unit_test(dead_process_is_gone_through_its_directory),
		cmocka_unit_test(only_numbers_are_processes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
