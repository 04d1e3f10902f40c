/* SPDX-License-Identifier: MIT */
/* What the kernel's own structures say, read by BPF iterators. Private to scan/. */
#ifndef NSVIEW_SCAN_KERNEL_BPF_H
#define NSVIEW_SCAN_KERNEL_BPF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <nsview/error.h>

#include "kernel_holder_record.h"
#include "kernel_record.h"

/* What was read; the memory is the kernel's, mapped until the release. */
struct kernel_read {
	const struct task_record *tasks; /* leaders by rising pid, threads in between */
	size_t ntasks;
	const struct ns_record *namespaces; /* after the tasks; by type */
	size_t nnamespaces;
	const uint64_t *before; /* ids before the tasks, in no order */
	size_t nbefore;
	struct kernel_counters counters;
	struct nsview_tasks *program; /* private */
};

/* How much there is expected to be; a read that meets more is done again with room for it. */
struct kernel_room {
	size_t tasks, namespaces;
	bool facts; /* fill in ppid, uid, state, start and comm of tasks */
};

/* NULL, or why this nsview cannot have a kernel source at all. */
const char *kernel_bpf_missing(void);

/*
 * Loads the program, runs it once and unloads it. -errno with words where that is not possible:
 * -EPERM without CAP_BPF and CAP_PERFMON, -EOPNOTSUPP where nsview was built without it, others
 * where the kernel's verifier refuses it or lacks its type information.
 */
int kernel_bpf_read(const struct kernel_room *room, struct kernel_read *out, struct error *err);
void kernel_bpf_release(struct kernel_read *read);

/* Who refers to a namespace without being in it; memory as above. */
struct holder_read {
	const struct holder_record *records; /* by rising pid and tid; then what has none */
	size_t n;
	struct holder_counters counters;
	void *program; /* private */
};

/*
 * As kernel_bpf_read, by a second program, which has from the first read what that found out about
 * the kernel's structures: files, queues and file systems. orphans: TCP connections too that no
 * process has open.
 */
int kernel_bpf_read_holders(const struct kernel_read *tasks, bool orphans, struct holder_read *out,
			    struct error *err);
void kernel_bpf_release_holders(struct holder_read *read);
/* By a third: attached shared memory. */
int kernel_bpf_read_memory(const struct kernel_read *tasks, struct holder_read *out,
			   struct error *err);
void kernel_bpf_release_memory(struct holder_read *read);

#endif
