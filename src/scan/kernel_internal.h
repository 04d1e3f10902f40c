/* SPDX-License-Identifier: MIT */
/* A kept read, shared by the files of the kernel source. Private to them. */
#ifndef NSVIEW_SCAN_KERNEL_INTERNAL_H
#define NSVIEW_SCAN_KERNEL_INTERNAL_H

#include "kernel_bpf.h"
#include "kernel_source.h"
#include "kernel_table.h"

struct kernel_source {
	struct kernel_read read;
	struct kernel_table table;
	const struct graph *graph; /* that it was made for */
	bool facts;		   /* task records have them */
};

#endif
