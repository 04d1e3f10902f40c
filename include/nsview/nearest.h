/* SPDX-License-Identifier: MIT */
/* "Did you mean": the nearest right word to a wrong one. */
#ifndef NSVIEW_NEAREST_H
#define NSVIEW_NEAREST_H

#include <stddef.h>

/*
 * The candidate nearest to word by edit distance (case ignored), or NULL if none is near enough
 * to be worth suggesting. next(ctx, i) gives candidate i, NULL at the end. Borrowed from next.
 */
const char *nearest_word(const char *word, const char *(*next)(const void *ctx, size_t i),
			 const void *ctx);

#endif
