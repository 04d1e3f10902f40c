/* SPDX-License-Identifier: MIT */
/* An open-addressed table from (type, inode number) to the 64-bit id. Knows nothing of graphs. */
#include <stdlib.h>

#include <nsview/error.h>

#include "kernel_table.h"

enum { TABLE_MIN = 256 };

static size_t slot_of(const struct kernel_table *t, uint32_t type, uint32_t ino)
{
	uint64_t hash = ((uint64_t)ino * NS_TYPES + type) * 0x9e3779b97f4a7c15ULL;
	size_t at = (hash >> 32) & (t->cap - 1);

	while (t->slots[at].ino && (t->slots[at].ino != ino || t->slots[at].type != type))
		at = (at + 1) & (t->cap - 1);
	return at;
}

static void grow(struct kernel_table *t)
{
	struct kernel_table wider = { .cap = t->cap ? t->cap * 2 : TABLE_MIN, .used = t->used };

	wider.slots = calloc(wider.cap, sizeof(*wider.slots));
	if (!wider.slots)
		die("out of memory");
	for (size_t i = 0; i < t->cap; i++)
		if (t->slots[i].ino)
			wider.slots[slot_of(&wider, t->slots[i].type, t->slots[i].ino)] =
				t->slots[i];
	free(t->slots);
	*t = wider;
}

const struct kernel_entry *kernel_table_find(const struct kernel_table *t, enum ns_type type,
					     uint64_t ino)
{
	size_t at;

	if (!t->cap || !ino || ino > UINT32_MAX)
		return NULL;
	at = slot_of(t, type, (uint32_t)ino);
	return t->slots[at].ino ? &t->slots[at] : NULL;
}

bool kernel_table_note(struct kernel_table *t, enum ns_type type, uint32_t ino, uint64_t id,
		       const struct ns_record *record)
{
	struct kernel_entry *e;

	if (t->used * 2 >= t->cap)
		grow(t);
	e = &t->slots[slot_of(t, type, ino)];
	if (e->ino)
		return !id || !e->id || e->id == id;
	*e = (struct kernel_entry){ ino, type, id, record };
	t->used++;
	return true;
}

void kernel_table_release(struct kernel_table *t)
{
	free(t->slots);
	*t = (struct kernel_table){ 0 };
}
