/* SPDX-License-Identifier: MIT */
/* Milliseconds of a clock, as everything here counts time. */
#ifndef NSVIEW_TUI_CLOCK_H
#define NSVIEW_TUI_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline int64_t clock_ms(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

#endif
