/* SPDX-License-Identifier: MIT */
/* A fact is a value and how well we know it. Unknown is never stored as 0 or "". */
#ifndef NSVIEW_FACT_H
#define NSVIEW_FACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <nsview/proctext.h>

enum fact_state {
	FACT_UNREAD, /* nobody asked for it */
	FACT_KNOWN,
	FACT_NONE,	  /* known that there is none: shown "-", null */
	FACT_DENIED,	  /* shown "?", null and why */
	FACT_GONE,	  /* the process or namespace went away before it was read */
	FACT_UNSUPPORTED, /* this kernel cannot tell */
};

struct fact {
	uint16_t state; /* enum fact_state */
	int16_t error;	/* -errno behind DENIED, GONE and UNSUPPORTED, else 0 */
};

struct fact_num {
	struct fact fact;
	uint64_t num;
};

struct fact_text {
	struct fact fact;
	uint32_t len;
	const char *data; /* borrowed from the graph's arena, NUL-terminated, may hold NUL bytes */
};

struct fact_ranges {
	struct fact fact;
	uint32_t count;
	const struct id_range *ranges; /* borrowed from the graph's arena */
};

/* The fact that a failed call with this -errno makes: DENIED, GONE or UNSUPPORTED. */
struct fact fact_from_error(int error);

/* Why a fact is not known, in words: "permission denied", "not read", ... Static. */
const char *fact_why(struct fact fact);

static inline struct fact fact_known(void)
{
	return (struct fact){ FACT_KNOWN, 0 };
}

static inline struct fact fact_none(void)
{
	return (struct fact){ FACT_NONE, 0 };
}

static inline bool fact_is_known(struct fact fact)
{
	return fact.state == FACT_KNOWN;
}

#endif
