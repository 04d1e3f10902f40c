/* SPDX-License-Identifier: MIT */
/* Namespaces that listns(2) knows, with the call replaced: it is of Linux 6.19. */
// wrap: kern_listns kern_ns_open_id
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include <nsview/kern.h>

#include "../../../src/scan/listns.h"

static struct {
	int error;
	size_t n; /* uts namespaces */
	size_t calls;
} fake;

ssize_t __wrap_kern_listns(enum ns_type type, uint64_t *out, size_t n);
int __wrap_kern_ns_open_id(enum ns_type type, uint64_t id, uint64_t ino);

ssize_t __wrap_kern_listns(enum ns_type type, uint64_t *out, size_t n)
{
	size_t have = type == NS_UTS ? fake.n : 0;

	fake.calls++;
	if (fake.error)
		return fake.error;
	for (size_t i = 0; i < have && i < n; i++)
		out[i] = 100 + i;
	return (ssize_t)(have < n ? have : n);
}

/* Only one of them can still be opened. */
int __wrap_kern_ns_open_id(enum ns_type type, uint64_t id, uint64_t ino)
{
	assert_int_equal(type, NS_UTS);
	assert_int_equal(ino, 0);
	return id == 101 ? open("/proc/self/ns/uts", O_RDONLY | O_CLOEXEC) : -ESTALE;
}

static uint64_t own_uts(void)
{
	struct stat st;

	assert_int_equal(stat("/proc/self/ns/uts", &st), 0);
	return st.st_ino;
}

static int fake_reset(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof(fake));
	return 0;
}

static void what_is_listed_is_added_with_its_id(void **state)
{
	struct graph *g = graph_new();
	const struct ns *ns;

	(void)state;
	fake.n = 3;
	find_listed(g);
	ns = graph_find(g, NS_UTS, own_uts());
	assert_non_null(ns);
	assert_int_equal(ns->facts->id.num, 101);
	assert_int_not_equal(ns->owner_fact.state, FACT_UNREAD);
	assert_true(g->completeness.searched >> SOURCE_LISTNS & 1);
	graph_free(g);
}

static void what_is_known_stays_as_it_is(void **state)
{
	struct graph *g = graph_new();
	struct ns *ns = graph_add(g, NS_UTS, own_uts());

	(void)state;
	fake.n = 3;
	find_listed(g);
	assert_int_equal(g->nnamespaces, 1);
	assert_null(ns->facts);
	graph_free(g);
}

static void more_than_had_room_is_asked_for_again(void **state)
{
	struct graph *g = graph_new();

	(void)state;
	fake.n = 9000;
	find_listed(g);
	assert_int_equal(fake.calls, NS_TYPES + 2);
	assert_non_null(graph_find(g, NS_UTS, own_uts()));
	graph_free(g);
}

static void a_kernel_without_it_is_asked_once(void **state)
{
	struct graph *g = graph_new();

	(void)state;
	fake.error = -ENOSYS;
	find_listed(g);
	assert_int_equal(fake.calls, 1);
	assert_int_equal(g->nnamespaces, 0);
	assert_false(g->completeness.searched >> SOURCE_LISTNS & 1);
	graph_free(g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(what_is_listed_is_added_with_its_id, fake_reset),
		cmocka_unit_test_setup(what_is_known_stays_as_it_is, fake_reset),
		cmocka_unit_test_setup(more_than_had_room_is_asked_for_again, fake_reset),
		cmocka_unit_test_setup(a_kernel_without_it_is_asked_once, fake_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
