/* SPDX-License-Identifier: MIT */
/* A tree of files with one process, what has it open and what was read of it: freed together. */
#ifndef NSVIEW_TEST_SCAN_BED_H
#define NSVIEW_TEST_SCAN_BED_H

#include "fixture.h"

struct bed {
	struct fixture fixture;
	struct scan *scan;
	struct graph *graph;
};

/* With a process of that number, as bare as can be. */
static inline struct bed *bed_new(const char *process)
{
	struct bed *bed = test_calloc(1, sizeof(*bed));

	fixture_init(&bed->fixture);
	fixture_process(&bed->fixture, process);
	return bed;
}

/* With process 1, open, and an empty graph: for what reads no process from files. */
static inline struct bed *bed_new_open(void)
{
	struct bed *bed = bed_new("1");
	struct error err = { 0 };

	assert_int_equal(scan_open(bed->fixture.root, &bed->scan, &err), 0);
	bed->graph = graph_new();
	return bed;
}

static inline int bed_down(void **state)
{
	struct bed *bed = *state;

	graph_free(bed->graph);
	scan_close(bed->scan);
	fixture_release(&bed->fixture);
	test_free(bed);
	return 0;
}

#endif
