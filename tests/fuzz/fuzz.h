/* SPDX-License-Identifier: MIT */
/* What the fuzz targets share. */
#ifndef NSVIEW_FUZZ_H
#define NSVIEW_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <nsview/proctext.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Like assert, and not switched off by NDEBUG. */
#define MUST(condition)                                                                            \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: violated: %s\n", __FILE__, __LINE__, #condition);  \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

/* Whether a result borrowed from the input lies inside it; of an empty one nothing is read. */
static inline int span_lies_in(struct span inner, const void *data, size_t size)
{
	uintptr_t start = (uintptr_t)data, at = (uintptr_t)inner.data;

	return inner.len == 0 ||
	       (at >= start && at - start <= size && inner.len <= size - (at - start));
}

#endif
