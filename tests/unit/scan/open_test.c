/* SPDX-License-Identifier: MIT */
/* Opening what the scan found again, by threads whose descriptor tables are their own. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../../src/scan/holders.h"

enum { SHIFT = 40 };

struct attempt {
	int unshared, fd;
	uint64_t ino;
};

static void *open_in_own_table(void *arg)
{
	struct attempt *a = arg;

	a->unshared = unshare(CLONE_FILES);
	/* What the main thread does not have open, so that the next number is not its either. */
	for (int i = 0; i < SHIFT; i++)
		dup(STDERR_FILENO);
	a->fd = scan_nsfs_open(AT_FDCWD, "/proc/self/ns/uts", &a->ino);
	return NULL;
}

static void a_worker_opens_by_its_own_table(void **state)
{
	struct attempt a = { -1, -1, 0 };
	pthread_t thread;
	struct stat st;

	(void)state;
	assert_int_equal(stat("/proc/self/ns/uts", &st), 0);
	assert_int_equal(pthread_create(&thread, NULL, open_in_own_table, &a), 0);
	pthread_join(thread, NULL);
	assert_int_equal(a.unshared, 0);
	assert_true(a.fd >= 0);
	assert_int_equal(a.ino, st.st_ino);
}

static void what_is_no_namespace_is_not_opened(void **state)
{
	char path[] = "/tmp/nsview-open-XXXXXX";
	uint64_t ino;
	char *dir;
	char fifo[64];

	(void)state;
	dir = mkdtemp(path);
	assert_non_null(dir);
	snprintf(fifo, sizeof(fifo), "%s/fifo", dir);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	/* Opened for reading it would wait for a writer. */
	assert_int_equal(scan_nsfs_open(AT_FDCWD, fifo, &ino), -EINVAL);
	unlink(fifo);
	assert_int_equal(scan_nsfs_open(AT_FDCWD, fifo, &ino), -ENOENT);
	rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_worker_opens_by_its_own_table),
		cmocka_unit_test(what_is_no_namespace_is_not_opened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
