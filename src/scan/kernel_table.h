/* SPDX-License-Identifier: MIT */
/*
 * Which namespace an inode number stands for. The kernel gives the number of a namespace that has
 * gone to the next one at once, so that two tasks read a moment apart may show the same number and
 * be in different namespaces; its 64-bit id is never used again. Private to scan/.
 */
#ifndef NSVIEW_SCAN_KERNEL_TABLE_H
#define NSVIEW_SCAN_KERNEL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <nsview/nstype.h>

#include "kernel_record.h"

struct kernel_entry {
	uint32_t ino; /* 0: the slot is free */
	uint32_t type;
	uint64_t id;
	const struct ns_record *record; /* NULL: gone before the lists were read */
};

struct kernel_table {
	struct kernel_entry *slots;
	size_t used, cap; /* cap is a power of two */
};

/* The entry, or NULL. */
const struct kernel_entry *kernel_table_find(const struct kernel_table *t, enum ns_type type,
					     uint64_t ino);

/*
 * Notes a namespace that is in the kernel's list, or (record NULL) that a task leads to. false:
 * the inode number is known as that of another namespace. An id of 0, where the kernel has none,
 * is taken for any.
 */
bool kernel_table_note(struct kernel_table *t, enum ns_type type, uint32_t ino, uint64_t id,
		       const struct ns_record *record);
void kernel_table_release(struct kernel_table *t);

#endif
