/* SPDX-License-Identifier: MIT */
/* The second look at mounts; what each leads to, and mountinfo, are made by hand. */
// wrap: scan_holder_open proc_read
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <nsview/buffer.h>
#include <nsview/procfile.h>

#include "../../../src/scan/holders.h"

enum { MNT = 500, HELD = 5000, MANY = 50 };

static struct {
	const char *mountinfo;
	int error; /* of whatever is opened */
	unsigned reads;
} fake;

int __wrap_scan_holder_open(const struct scan *s, const struct ns *ns, const struct holder *h);
int __wrap_proc_read(int dirfd, const char *path, size_t limit, struct buffer *out);

int __wrap_scan_holder_open(const struct scan *s, const struct ns *ns, const struct holder *h)
{
	(void)s;
	(void)ns;
	/* A descriptor is looked at to see that there is more than the mounts. */
	return h->kind == HOLD_FD ? open("/dev/null", O_RDONLY | O_CLOEXEC) : fake.error;
}

int __wrap_proc_read(int dirfd, const char *path, size_t limit, struct buffer *out)
{
	(void)dirfd;
	(void)limit;
	if (!strstr(path, "mountinfo"))
		return -ENOENT;
	fake.reads++;
	buffer_clear(out);
	buffer_text(out, fake.mountinfo);
	return 0;
}

struct bed {
	struct graph *graph;
	struct process *process;
	struct ns *held;
};

static int bed_up(void **state)
{
	struct bed *bed = test_calloc(1, sizeof(*bed));
	const uint64_t links[NS_LINKS] = { [NS_MNT] = MNT };

	memset(&fake, 0, sizeof(fake));
	fake.error = -EINVAL;
	bed->graph = graph_new();
	bed->process = graph_add_process(bed->graph, 7, links);
	bed->held = graph_add(bed->graph, NS_NET, HELD);
	graph_add_holder(bed->graph, bed->held, HOLD_FD, bed->process, 0, 3, NULL, NULL);
	*state = bed;
	return 0;
}

static int bed_down(void **state)
{
	struct bed *bed = *state;

	graph_free(bed->graph);
	test_free(bed);
	return 0;
}

static void add_mount(struct bed *bed, const char *path)
{
	graph_add_holder(bed->graph, bed->held, HOLD_MOUNT, bed->process, 0, -1, path,
			 graph_find(bed->graph, NS_MNT, MNT));
}

static unsigned mounts_left(struct bed *bed)
{
	const struct scan s = { .procfd = -1, .procfs = true };
	unsigned n = 0;

	graph_seal(bed->graph);
	check_holders(&s, bed->graph);
	for (const struct holder *h = bed->held->holders; h; h = h->next)
		n += h->kind == HOLD_MOUNT;
	return n;
}

static void a_mount_that_is_covered_stays(void **state)
{
	add_mount(*state, "/run/netns/a b");
	fake.mountinfo = "40 30 0:4 net:[5000] /run/netns/a\\040b rw - nsfs nsfs rw\n"
			 "41 40 0:9 / /run rw - tmpfs x rw\n";
	assert_int_equal(mounts_left(*state), 1);
}

static void a_mount_that_is_gone_goes(void **state)
{
	add_mount(*state, "/run/netns/a");
	add_mount(*state, "/run/netns/b");
	fake.mountinfo = "40 30 0:4 net:[5000] /run/netns/b rw - nsfs nsfs rw\n"
			 "41 30 0:4 net:[5001] /run/netns/a rw - nsfs nsfs rw\n"
			 "42 30 0:4 mnt:[5000] /run/netns/a rw - nsfs nsfs rw\n";
	assert_int_equal(mounts_left(*state), 1);
}

static void mounts_on_top_of_each_other_stay_together(void **state)
{
	for (int i = 0; i < 3; i++)
		add_mount(*state, "/run/netns/a");
	fake.mountinfo = "40 30 0:4 net:[5000] /run/netns/a rw - nsfs nsfs rw\n";
	assert_int_equal(mounts_left(*state), 3);
}

/* Anybody may cover as many mounts as the kernel lets them have. */
static void many_that_are_covered_cost_one_look(void **state)
{
	char text[MANY * 80] = "", path[32];

	for (int i = 0; i < MANY; i++) {
		snprintf(path, sizeof(path), "/run/netns/%d", i);
		add_mount(*state, path);
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 "%d 30 0:4 net:[5000] %s rw - nsfs nsfs rw\n", 100 + i, path);
	}
	fake.mountinfo = text;
	assert_int_equal(mounts_left(*state), MANY);
	assert_int_equal(fake.reads, 1);
}

/* A file system that would have to be asked says nothing of what is there. */
static void what_cannot_be_looked_at_stays(void **state)
{
	add_mount(*state, "/run/netns/a");
	fake.error = -EAGAIN;
	assert_int_equal(mounts_left(*state), 1);
	assert_int_equal(fake.reads, 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, bed_up, bed_down)
	const struct CMUnitTest tests[] = {
		T(a_mount_that_is_covered_stays),
		T(a_mount_that_is_gone_goes),
		T(mounts_on_top_of_each_other_stay_together),
		T(many_that_are_covered_cost_one_look),
		T(what_cannot_be_looked_at_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
