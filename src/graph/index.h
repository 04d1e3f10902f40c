/* SPDX-License-Identifier: MIT */
/* Private to graph/: open-addressing sets of nodes, and arrays that grow. */
#ifndef NSVIEW_GRAPH_INDEX_H
#define NSVIEW_GRAPH_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A hash table of borrowed pointers; the caller hashes and compares. */
struct pointer_table {
	void **slots;
	size_t cap; /* a power of two, or 0 */
	size_t used;
};

struct graph_index {
	struct pointer_table namespaces, sets;
	size_t namespaces_cap, processes_cap, sets_cap;
};

/*
 * The slot of the entry for which same(entry, key) holds, or the empty slot where it would go.
 * The table must have room: see pointer_table_room.
 */
void **pointer_table_slot(const struct pointer_table *t, uint64_t hash,
			  bool (*same)(const void *entry, const void *key), const void *key);

/* Makes room for one more entry; hash_of is used to place the old ones anew. */
void pointer_table_room(struct pointer_table *t, uint64_t (*hash_of)(const void *entry));

/* Mixes the bits of one word: the finalizer of splitmix64. */
static inline uint64_t hash_mix(uint64_t x)
{
	x ^= x >> 30;
	x *= 0xbf58476d1ce4e5b9ULL;
	x ^= x >> 27;
	x *= 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

#endif
