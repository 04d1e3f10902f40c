/* SPDX-License-Identifier: MIT */
/* Arrays that grow one record at a time. */
#ifndef NSVIEW_GROW_H
#define NSVIEW_GROW_H

#include <stddef.h>

/*
 * Makes room for one record of size behind the n that an array has, of which *cap have room.
 * Returns the array, which may have moved; the new room is not cleared. Ends the program when
 * memory is out.
 */
void *grow(void *array, size_t n, size_t *cap, size_t size);

/*
 * Room for one more behind the n elements of a list on the heap, of size bytes each: the list,
 * which may have moved; NULL is an empty one. Doubles at each power of two, so that no capacity
 * needs to be kept: whoever grows a list by this grows it by nothing else. Ends the program when
 * memory is out.
 */
void *list_room(void *list, size_t n, size_t size);

#endif
