/* SPDX-License-Identifier: MIT */
/* Doubles arrays when they are full. Knows nothing of what is in them. */
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

void *list_room(void *list, size_t n, size_t size)
{
	if (n & (n - 1))
		return list;
	list = reallocarray(list, n ? n * 2 : 1, size);
	if (!list)
		die("out of memory");
	return list;
}
