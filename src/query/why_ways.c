/* SPDX-License-Identifier: MIT */
/*
 * Multipath routes, and filters that draw lots: which of several ways a packet takes hangs on what
 * nobody can foresee. So the question is asked once for each way, or for each combination of them,
 * and only what all of them say is an answer.
 */
#include "why_parts.h"

enum { RUNS_MAX = 16 };

static unsigned count_ways(const struct route_answer *r, const struct packet *p)
{
	unsigned n = 0;

	while (why_usable_hop(r->route, p, n))
		n++;
	return n;
}

/* Of n ways; n: there are too many forks. */
static unsigned take(struct walk *w, const void *of, unsigned n)
{
	struct fork *fork;

	for (size_t i = 0; i < w->nforks; i++) {
		fork = &w->forks[i];
		if (fork->of == of && fork->ways == n && fork->back == w->back &&
		    fork->outer == w->outer)
			return fork->way;
	}
	if (w->nforks == FORKS_MAX)
		return n;
	fork = &w->forks[w->nforks++];
	fork->of = of;
	fork->back = w->back;
	fork->outer = w->outer;
	fork->ways = n;
	return fork->way;
}

bool why_take_case(struct walk *w, const void *of, unsigned n, unsigned *out)
{
	*out = n > 1 && n <= RUNS_MAX ? take(w, of, n) : 0;
	return n && n <= RUNS_MAX && *out < n;
}

bool why_take_way(struct walk *w, struct route_answer *r, const struct packet *p)
{
	unsigned n = r->result == ROUTE_FOUND && r->route->nhops > 1 ? count_ways(r, p) : 0, way;

	if (n < 2)
		return false;
	way = take(w, r->route, n);
	if (way == n) {
		buffer_text(why_hop(w, WHY_SKIP, "route", r->hop->link->net),
			    "it has several ways; only one of them is followed");
		return false;
	}
	r->hop = why_usable_hop(r->route, p, way);
	return true;
}

/* The next combination; false: there is none. */
static bool advance(struct fork *forks, size_t n)
{
	while (n--) {
		if (++forks[n].way < forks[n].ways)
			return true;
		forks[n].way = 0;
	}
	return false;
}

/* What was found out on one way, and on those before. */
static void merge(struct why *all, struct why *one)
{
	bool differ = all->answer != one->answer;

	/* Where one fails is what is to be told. */
	if (differ && one->answer == WHY_UNREACHABLE) {
		struct why other = *all;

		*all = *one;
		*one = other;
	}
	if (differ)
		all->answer = WHY_CANNOT_TELL;
	why_release(one);
}

void why_each_way(struct walk *w, void (*follow)(struct walk *w))
{
	const struct walk start = *w;
	struct why *out = w->out;
	struct fork forks[FORKS_MAX + 1] = { 0 };
	bool first = true, more = true;

	for (int runs = 0; more && runs < RUNS_MAX; runs++) {
		struct why one = { .broken = SIZE_MAX };

		*w = start;
		w->out = first ? out : &one;
		for (size_t i = 0; i < FORKS_MAX; i++)
			w->forks[i].way = forks[i].way;
		follow(w);
		if (!first)
			merge(out, &one);
		first = false;
		more = advance(w->forks, w->nforks);
		for (size_t i = 0; i < FORKS_MAX; i++)
			forks[i].way = i < w->nforks ? w->forks[i].way : 0;
	}
	if (more && out->answer != WHY_UNREACHABLE)
		out->answer = WHY_CANNOT_TELL;
}
