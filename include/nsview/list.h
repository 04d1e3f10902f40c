/* SPDX-License-Identifier: MIT */
/* Lists that grow by one at their end. */
#ifndef NSVIEW_LIST_H
#define NSVIEW_LIST_H

#include <stddef.h>

/*
 * Room for one more behind the n elements of a list on the heap, of size bytes each: the list,
 * which may have moved; NULL is an empty one. Doubles at each power of two, so that no capacity
 * needs to be kept: whoever grows a list by this grows it by nothing else. Ends the program when
 * memory is out.
 */
void *list_room(void *list, size_t n, size_t size);

#endif
