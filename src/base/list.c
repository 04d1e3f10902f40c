/* SPDX-License-Identifier: MIT */
/* Makes room in lists. Knows nothing of what is in them, and keeps nothing about them. */
#include <stdlib.h>

#include <nsview/error.h>
#include <nsview/list.h>

void *list_room(void *list, size_t n, size_t size)
{
	if (n & (n - 1))
		return list;
	list = reallocarray(list, n ? n * 2 : 1, size);
	if (!list)
		die("out of memory");
	return list;
}
