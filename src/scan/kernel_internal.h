/* SPDX-License-Identifier: MIT */
/* A kept read, shared by the files of the kernel source. Private to them. */
#ifndef NSVIEW_SCAN_KERNEL_INTERNAL_H
#define NSVIEW_SCAN_KERNEL_INTERNAL_H

#include "host.h"
#include "kernel_bpf.h"
#include "kernel_source.h"
#include "kernel_super.h"
#include "kernel_table.h"
#include "kernel_tree.h"

struct kernel_source {
	struct kernel_read read;
	struct kernel_table table;
	const struct graph *graph; /* that it was made for */
	bool facts;		   /* task records have them */
	struct pid_list missed;	   /* processes that BPF programs are not shown */
	bool have_holders;
	struct holder_read holders, memory;
	struct kernel_supers supers;
	struct kernel_trees trees;
};

/* Owners, parents and reference counts of what is in the graph, as the kernel's lists have them. */
void kernel_add_edges(const struct kernel_source *k, struct graph *g);

#endif
