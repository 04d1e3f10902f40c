/* SPDX-License-Identifier: MIT */
/*
 * What would work instead: all subsets and supersets of the types that somebody wants are judged,
 * which is cheap, since there are 256 at most and nothing is tried.
 */
#include "plan_internal.h"

static int count(unsigned types)
{
	return __builtin_popcount(types);
}

unsigned differing(const struct plan_facts *f)
{
	unsigned types = 0;

	for (int i = 0; i < NS_TYPES; i++) {
		/* Where children are born is what counts for them. */
		uint64_t own = i == NS_PID ? f->caller.pid_for_children : f->caller.ino[i];

		if (f->target.ns[i].ino && f->target.ns[i].ino != own)
			types |= 1U << i;
	}
	return types;
}

static bool can_at_once(const struct plan_facts *f, unsigned types)
{
	return f->target.has_pidfd && !(types & f->target.opened);
}

static bool works(const struct plan_facts *f, unsigned types)
{
	return (can_at_once(f, types) && judge_join(f, types, true).error == 0) ||
	       judge_join(f, types, false).error == 0;
}

unsigned best_subset(const struct plan_facts *f, unsigned types)
{
	unsigned best = 0;

	/* From the set itself down through all its subsets. */
	for (unsigned some = types; some; some = (some - 1) & types)
		if (count(some) > count(best) && works(f, some))
			best = some;
	return best;
}

unsigned least_superset(const struct plan_facts *f, unsigned types)
{
	unsigned others = differing(f) & ~types, best = 0;

	for (unsigned more = others; more; more = (more - 1) & others)
		if ((!best || count(more | types) < count(best)) && works(f, more | types))
			best = more | types;
	return best;
}
