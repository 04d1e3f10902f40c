/* SPDX-License-Identifier: MIT */
/* Open-addressing tables and growing arrays for the graph; know nothing of what they hold. */
#include <stdlib.h>

#include <nsview/error.h>

#include "index.h"

void **pointer_table_slot(const struct pointer_table *t, uint64_t hash,
			  bool (*same)(const void *entry, const void *key), const void *key)
{
	size_t i = hash & (t->cap - 1);

	while (t->slots[i] && !same(t->slots[i], key))
		i = (i + 1) & (t->cap - 1);
	return &t->slots[i];
}

void pointer_table_room(struct pointer_table *t, uint64_t (*hash_of)(const void *entry))
{
	struct pointer_table bigger = { .used = t->used };

	if (t->used * 4 < t->cap * 3)
		return;
	bigger.cap = t->cap ? t->cap * 2 : 64;
	bigger.slots = calloc(bigger.cap, sizeof(*bigger.slots));
	if (!bigger.slots)
		die("out of memory");
	for (size_t i = 0; i < t->cap; i++) {
		size_t at;

		if (!t->slots[i])
			continue;
		at = hash_of(t->slots[i]) & (bigger.cap - 1);
		while (bigger.slots[at])
			at = (at + 1) & (bigger.cap - 1);
		bigger.slots[at] = t->slots[i];
	}
	free(t->slots);
	*t = bigger;
}
