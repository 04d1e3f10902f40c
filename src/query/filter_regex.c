/* SPDX-License-Identifier: MIT */
/*
 * Regular expressions of the filter: the C library's, behind a look at their size. The C library
 * copies what is repeated, so that a{999}{999} takes all memory, and it follows back-references
 * (which POSIX extended expressions do not have) in exponential time. Knows no columns or rows.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "filter_lex.h"

enum {
	REGEX_WEIGHT = 2048, /* what it may come to with all repetitions written out */
	REGEX_GROUPS = 64,   /* open parentheses */
};

/* Walks an expression and adds up what it weighs. Only as exact as the limit needs. */
struct regex_walk {
	const char *p, *end;
	uint64_t sum[REGEX_GROUPS + 1]; /* of each open group */
	unsigned depth;
	uint64_t last; /* weight of the piece that a repetition would repeat; part of the sum */
};

static void walk_piece(struct regex_walk *w, uint64_t weight)
{
	w->last = weight;
	w->sum[w->depth] += weight;
}

static void walk_repeat(struct regex_walk *w, uint64_t times)
{
	w->sum[w->depth] += w->last * times + 1 - w->last;
	w->last = w->last * times + 1;
}

static void walk_close(struct regex_walk *w)
{
	uint64_t inner = w->sum[w->depth] + 1;

	if (w->depth) {
		w->sum[w->depth--] = 0;
		walk_piece(w, inner);
	} else {
		walk_piece(w, 1);
	}
}

/* Behind a '[': to its ']'. One that comes first, or ends a [:class:], does not close it. */
static void walk_bracket(struct regex_walk *w)
{
	if (w->p < w->end && *w->p == '^')
		w->p++;
	if (w->p < w->end && *w->p == ']')
		w->p++;
	while (w->p < w->end && *w->p != ']') {
		char kind = w->p + 1 < w->end && w->p[0] == '[' ? w->p[1] : '\0';

		w->p++;
		if (kind != ':' && kind != '.' && kind != '=')
			continue;
		for (w->p++; w->p + 1 < w->end && !(w->p[0] == kind && w->p[1] == ']');)
			w->p++;
		w->p += w->p + 1 < w->end ? 2 : 0;
	}
	if (w->p < w->end)
		w->p++;
	walk_piece(w, 1);
}

/* Behind a '{': to its '}'. The larger bound and one; 1 where no number follows. */
static uint64_t walk_bound(struct regex_walk *w)
{
	uint64_t bound[2] = { 0, 0 };
	int i = 0;

	for (; w->p < w->end && ((*w->p >= '0' && *w->p <= '9') || *w->p == ','); w->p++) {
		if (*w->p == ',')
			i = 1;
		else if (bound[i] <= REGEX_WEIGHT)
			bound[i] = bound[i] * 10 + (uint64_t)(*w->p - '0');
	}
	if (w->p < w->end && *w->p == '}')
		w->p++;
	return (bound[0] > bound[1] ? bound[0] : bound[1]) + 1;
}

/* Behind a '\\'; -EINVAL for a back-reference. */
static int walk_escape(struct regex_walk *w)
{
	if (w->p < w->end && *w->p >= '1' && *w->p <= '9')
		return -EINVAL;
	if (w->p < w->end)
		w->p++;
	walk_piece(w, 1);
	return 0;
}

/* One character; -EINVAL for a back-reference, -E2BIG for too many groups. */
static int walk_step(struct regex_walk *w)
{
	switch (*w->p++) {
	case '\\':
		return walk_escape(w);
	case '[':
		walk_bracket(w);
		return 0;
	case '(':
		if (w->depth == REGEX_GROUPS)
			return -E2BIG;
		w->sum[++w->depth] = 0;
		w->last = 0;
		return 0;
	case ')':
		walk_close(w);
		return 0;
	case '*':
	case '?':
		walk_repeat(w, 1);
		return 0;
	case '+':
		walk_repeat(w, 2);
		return 0;
	case '{':
		walk_repeat(w, walk_bound(w));
		return 0;
	default:
		walk_piece(w, 1);
		return 0;
	}
}

static int regex_judge(const char *text, size_t len)
{
	struct regex_walk w = { .p = text, .end = text + len };

	while (w.p < w.end) {
		int rc = walk_step(&w);

		if (rc)
			return rc;
		/* Also keeps the products of repetitions far from overflow. */
		if (w.sum[w.depth] > REGEX_WEIGHT)
			return -E2BIG;
	}
	return 0;
}

static int regex_refuse(const struct filter_literal *literal, const char *why, struct error *err)
{
	return error_set(err, -EINVAL, "filter: bad regular expression at %zu: %s",
			 filter_place(literal->source, literal->at), why);
}

int filter_regex_compile(struct filter *f, const struct filter_literal *literal,
			 const regex_t **out, struct error *err)
{
	int rc = regex_judge(literal->text, literal->len);
	struct filter_regex *r;
	char why[160];

	if (rc == -E2BIG)
		return regex_refuse(literal, "it is too large with its repetitions written out",
				    err);
	if (rc)
		return regex_refuse(literal, "extended expressions have no back-references", err);
	r = arena_alloc(&f->arena, sizeof(*r));
	rc = regcomp(&r->compiled, arena_copy(&f->arena, literal->text, literal->len),
		     REG_EXTENDED | REG_NOSUB);
	if (rc) {
		regerror(rc, &r->compiled, why, sizeof(why));
		return regex_refuse(literal, why, err);
	}
	r->next = f->regexes;
	f->regexes = r;
	*out = &r->compiled;
	return 0;
}
