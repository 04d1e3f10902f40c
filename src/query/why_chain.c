/* SPDX-License-Identifier: MIT */
/*
 * Runs a chain of packet filters for every outcome that it may have: where a rule cannot be told to
 * match, both ways are followed; only what is the same either way is an answer.
 */
#include <string.h>

#include "why_chain.h"

enum { JUMPS_MAX = 16 };

static const struct net_filter_chain *
find_chain(const struct net_ns *at, const struct net_filter_chain *like, const char *name)
{
	for (const struct net_filter_chain *c = at->chains; c; c = c->next)
		if (name && strcmp(c->name, name) == 0 && strcmp(c->table, like->table) == 0 &&
		    strcmp(c->family, like->family) == 0 && c->legacy == like->legacy)
			return c;
	return NULL;
}

static unsigned run_chain(struct trial *t, const struct net_filter_chain *chain, int depth);

static unsigned drop(struct trial *t, const struct net_filter_chain *chain,
		     const struct net_filter_rule *rule)
{
	t->culprit = rule;
	t->culprit_chain = chain;
	return CAN_DROP;
}

static unsigned run_cases(struct trial *t, const struct net_filter_chain *chain,
			  const struct net_filter_rule *rule, int depth, bool *out_ends);

/* The outcome of a rule that matches; CAN_RETURN: the next rule follows. */
static unsigned run_verdict(struct trial *t, const struct net_filter_chain *chain,
			    const struct net_filter_rule *rule, enum net_verdict verdict,
			    const char *target, int depth, bool *out_ends)
{
	const struct net_filter_chain *to;
	unsigned can;

	*out_ends = true;
	switch (verdict) {
	case NET_VERDICT_MAP:
		return run_cases(t, chain, rule, depth, out_ends);
	case NET_VERDICT_NONE:
		*out_ends = false;
		return CAN_RETURN;
	case NET_VERDICT_ACCEPT:
		return CAN_PASS;
	case NET_VERDICT_DROP:
	case NET_VERDICT_REJECT:
		return drop(t, chain, rule);
	case NET_VERDICT_RETURN:
		return CAN_RETURN;
	case NET_VERDICT_JUMP:
	case NET_VERDICT_GOTO:
		to = find_chain(t->at, chain, target);
		can = to && depth < JUMPS_MAX ? run_chain(t, to, depth + 1) : CAN_OTHER;
		*out_ends = verdict == NET_VERDICT_GOTO || !(can & CAN_RETURN);
		return can;
	case NET_VERDICT_DNAT:
	case NET_VERDICT_SNAT:
	case NET_VERDICT_MASQUERADE:
	case NET_VERDICT_REDIRECT:
		if (rule->ncases)
			return run_cases(t, chain, rule, depth, out_ends);
		if (t->maybe)
			return CAN_OTHER;
		t->nat = rule;
		return CAN_PASS;
	default:
		return CAN_OTHER;
	}
}

static unsigned run_case(struct trial *t, const struct net_filter_chain *chain,
			 const struct net_filter_rule *rule, const struct net_filter_case *c,
			 int depth, bool *out_ends)
{
	return run_verdict(t, chain, c->nat ? c->nat : rule, c->verdict, c->target, depth,
			   out_ends);
}

static unsigned in_doubt(struct trial *t, const struct net_filter_rule *rule)
{
	t->doubt = t->doubt ? t->doubt : rule;
	return CAN_OTHER;
}

/* Which line it is nobody can foresee: each is a way of its own. */
static unsigned run_drawn(struct trial *t, const struct net_filter_chain *chain,
			  const struct net_filter_rule *rule, int depth, bool *out_ends)
{
	unsigned way = 0;

	*out_ends = true;
	if (!why_take_case(t->w, rule, rule->ncases, &way))
		return in_doubt(t, rule);
	return run_case(t, chain, rule, &rule->cases[way], depth, out_ends);
}

static bool says_same(const struct net_filter_case *a, const struct net_filter_case *b)
{
	return a->verdict == b->verdict && a->nat == b->nat &&
	       (a->target == b->target ||
		(a->target && b->target && strcmp(a->target, b->target) == 0));
}

/*
 * The line that holds; NULL: none does. Networks in a concatenation may overlap, and then it is not
 * told which one counts.
 */
static const struct net_filter_case *sure_case(const struct trial *t,
					       const struct net_filter_rule *rule, bool *out_clear)
{
	const struct net_filter_case *sure = NULL;
	uint32_t n = rule->ncases - (rule->otherwise ? 1 : 0);

	*out_clear = true;
	for (uint32_t i = 0; i < n; i++) {
		const struct net_filter_case *c = &rule->cases[i];

		if (why_match_one(t->at, &c->match, t->p) != MATCH_YES)
			continue;
		*out_clear = *out_clear && (!sure || says_same(sure, c));
		sure = c;
	}
	return sure || !rule->otherwise ? sure : &rule->cases[n];
}

/* Of a map, the line that holds; those that cannot be told might. */
static unsigned run_cases(struct trial *t, const struct net_filter_chain *chain,
			  const struct net_filter_rule *rule, int depth, bool *out_ends)
{
	const struct net_filter_case *sure;
	bool ends, all_end = true, clear;
	unsigned can = 0, one;

	if (rule->drawn)
		return run_drawn(t, chain, rule, depth, out_ends);
	sure = sure_case(t, rule, &clear);
	*out_ends = true;
	if (!clear)
		return in_doubt(t, rule);
	for (uint32_t i = 0; i < rule->ncases; i++) {
		const struct net_filter_case *c = &rule->cases[i];

		if (c == sure || why_match_one(t->at, &c->match, t->p) != MATCH_MAYBE)
			continue;
		t->maybe = true;
		in_doubt(t, rule);
		one = run_case(t, chain, rule, c, depth, &ends);
		/* Whether it is the end of the chain, or only of the rule, would be lost. */
		can |= one | (ends && (one & CAN_RETURN) ? CAN_OTHER : 0);
		all_end = all_end && ends;
	}
	if (sure) {
		can |= run_case(t, chain, rule, sure, depth, &ends);
		all_end = all_end && ends;
	}
	*out_ends = sure && all_end;
	return can | (sure ? 0 : CAN_RETURN);
}

static void mark(struct trial *t, const struct net_filter_rule *rule, enum match match)
{
	uint32_t before = t->p->mark;

	/* It may write what later ones, or routing, read. */
	if (!rule->sound && !rule->reads)
		t->p->rewritten = true;
	if (!rule->sets_mark)
		return;
	t->p->mark = (before & ~rule->mark_mask) ^ rule->mark;
	if (t->maybe || match == MATCH_MAYBE)
		t->p->rewritten = t->p->rewritten || t->p->mark != before;
}

/* Rules that only count, log or mark are followed by the next, whether they match or not. */
static unsigned run_chain(struct trial *t, const struct net_filter_chain *chain, int depth)
{
	unsigned can = 0, one;
	bool ends;

	for (const struct net_filter_rule *r = chain->rules; r; r = r->next) {
		enum match match = why_match(t->at, r, t->p);

		if (match != MATCH_NO)
			mark(t, r, match);
		if (match == MATCH_NO || r->verdict == NET_VERDICT_NONE)
			continue;
		if (match == MATCH_MAYBE) {
			t->doubt = t->doubt ? t->doubt : r;
			t->maybe = true;
		}
		one = run_verdict(t, chain, r, r->verdict, r->target, depth, &ends);
		if (match == MATCH_YES && ends)
			return can | one;
		can |= one & ~(unsigned)CAN_RETURN;
		if (one & CAN_RETURN && ends)
			can |= CAN_RETURN;
		t->maybe = t->maybe || (one & ~(unsigned)CAN_RETURN);
	}
	if (depth)
		return can | CAN_RETURN;
	return can | (chain->policy == NET_VERDICT_DROP ? drop(t, chain, NULL) : CAN_PASS);
}

unsigned why_chain_run(struct trial *t, const struct net_filter_chain *chain)
{
	unsigned can = run_chain(t, chain, 0);

	if (can & CAN_RETURN)
		can |= chain->policy == NET_VERDICT_DROP ? drop(t, chain, NULL) : CAN_PASS;
	return can & ~(unsigned)CAN_RETURN;
}
