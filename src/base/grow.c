/* SPDX-License-Identifier: MIT */
/* Doubles an array when it is full. Knows nothing of what is in it. */
#include <stdlib.h>

#include <nsview/error.h>
#include <nsview/grow.h>

enum { FIRST = 16 };

void *grow(void *array, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return array;
	*cap = *cap ? *cap * 2 : FIRST;
	array = reallocarray(array, *cap, size);
	if (!array)
		die("out of memory");
	return array;
}
