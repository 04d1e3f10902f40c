/* SPDX-License-Identifier: MIT */
/* What an entry of a table begins with, per family. Private to xtables*.c. */
#ifndef NSVIEW_NET_XTABLES_HEAD_H
#define NSVIEW_NET_XTABLES_HEAD_H

#include "filter_build.h"
#include "xtables.h"

/* Before its conditions, and where in it these stand. */
struct xtables_head {
	uint8_t family; /* NFPROTO_* */
	size_t size;
	size_t target_offset, next_offset; /* two bytes each */
	size_t counters;		   /* twice eight bytes */
	/* Adds what the head itself demands; of size bytes. true: a jump is meant as goto. */
	bool (*conditions)(struct build *b, const void *head);
};
extern const struct xtables_head xtables_heads[XTABLES_FAMILIES];

#endif
