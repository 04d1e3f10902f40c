/* SPDX-License-Identifier: MIT */
/* Memory that is released all at once. Not thread-safe: one arena per thread, then arena_adopt. */
#ifndef NSVIEW_ARENA_H
#define NSVIEW_ARENA_H

#include <stddef.h>

struct arena_chunk;

struct arena {
	struct arena_chunk *chunks;
	size_t used; /* bytes in use in the newest chunk */
};

#define ARENA_INIT                                                                                 \
	{                                                                                          \
		NULL, 0                                                                            \
	}

/* Zeroed memory aligned for any type; never NULL (ends the program when memory is out). */
void *arena_alloc(struct arena *a, size_t size);
/* A NUL-terminated copy of len bytes, aligned to 1. */
char *arena_copy(struct arena *a, const char *text, size_t len);
/* Moves all of from's memory into a; from is empty afterwards. */
void arena_adopt(struct arena *a, struct arena *from);
void arena_release(struct arena *a);

#endif
