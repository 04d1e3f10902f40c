/* SPDX-License-Identifier: MIT */
/* How wide escaped text is on a terminal, as the C library's locale has it. */
#ifndef NSVIEW_MEASURE_H
#define NSVIEW_MEASURE_H

#include <stddef.h>

/* Columns that text takes. */
size_t text_columns(const char *text, size_t len);

/* Bytes of text that fit into that many columns, never half a character. */
size_t text_fit(const char *text, size_t len, size_t columns);

#endif
