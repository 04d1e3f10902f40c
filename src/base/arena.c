/* SPDX-License-Identifier: MIT */
/* Memory that is released all at once, in chunks that double up to a limit. */
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/arena.h>
#include <nsview/error.h>

enum { CHUNK_MIN = 4096, CHUNK_MAX = 256 * 1024 };

struct arena_chunk {
	struct arena_chunk *next;
	size_t size;
	alignas(max_align_t) char data[];
};

static void arena_grow(struct arena *a, size_t size)
{
	size_t want = a->chunks ? a->chunks->size * 2 : CHUNK_MIN;
	struct arena_chunk *chunk;

	if (want > CHUNK_MAX)
		want = CHUNK_MAX;
	if (want < size)
		want = size;
	/* calloc: fresh pages from the kernel are zero already and cost nothing until touched. */
	chunk = calloc(1, sizeof(*chunk) + want);
	if (!chunk)
		die("out of memory");
	chunk->size = want;
	chunk->next = a->chunks;
	a->chunks = chunk;
	a->used = 0;
}

static void *arena_take(struct arena *a, size_t size, size_t align)
{
	size_t start = (a->used + align - 1) & ~(align - 1);

	if (!a->chunks || start + size > a->chunks->size) {
		arena_grow(a, size);
		start = 0;
	}
	a->used = start + size;
	return a->chunks->data + start;
}

void *arena_alloc(struct arena *a, size_t size)
{
	return arena_take(a, size, alignof(max_align_t));
}

char *arena_copy(struct arena *a, const char *text, size_t len)
{
	char *copy = arena_take(a, len + 1, 1);

	if (len)
		memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

void arena_adopt(struct arena *a, struct arena *from)
{
	struct arena_chunk *last = from->chunks;

	if (!last)
		return;
	while (last->next)
		last = last->next;
	/* Behind a's newest chunk, which goes on being filled. */
	if (a->chunks) {
		last->next = a->chunks->next;
		a->chunks->next = from->chunks;
	} else {
		a->chunks = from->chunks;
		a->used = from->used;
	}
	*from = (struct arena)ARENA_INIT;
}

void arena_release(struct arena *a)
{
	while (a->chunks) {
		struct arena_chunk *next = a->chunks->next;
		free(a->chunks);
		a->chunks = next;
	}
	a->used = 0;
}
