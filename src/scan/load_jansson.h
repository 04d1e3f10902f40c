/* SPDX-License-Identifier: MIT */
/* What is used of jansson, which is loaded when a file in JSON is read. Private to the room. */
#ifndef NSVIEW_SCAN_LOAD_JANSSON_H
#define NSVIEW_SCAN_LOAD_JANSSON_H

#include <jansson.h>

#include <nsview/library.h>

#define JANSSON(X)                                                                                 \
	X(json_, array_get)                                                                        \
	X(json_, array_size)                                                                       \
	X(json_, delete)                                                                           \
	X(json_, loadb)                                                                            \
	X(json_, object_get)                                                                       \
	X(json_, string_length)                                                                    \
	X(json_, string_value)

LIBRARY_DECLARE(jansson, JANSSON);

#endif
