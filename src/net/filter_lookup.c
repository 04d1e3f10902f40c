/* SPDX-License-Identifier: MIT */
/*
 * The expression of nftables that looks registers up in a set, or in a map: one of verdicts is as
 * good as a rule for each of its lines, one of values is kept for who takes these (filter_nat.c).
 * Which fields the keys are made of is told by what was loaded.
 */
#include <string.h>

#include <linux/netfilter/nf_tables.h>

#include "filter_build.h"

enum { SHOWN = 8, PARTS_MAX = 16, REG_SIZE = 4 };

/* The registers that a key is made of, side by side. */
struct key {
	const struct reg *parts[PARTS_MAX];
	uint32_t at[PARTS_MAX], n;
};

static const struct filter_set *find_set(const struct build *b, const char *name)
{
	for (size_t i = 0; name && i < b->sets->n; i++) {
		const struct filter_set *s = &b->sets->at[i];

		if (s->family == b->place.family && strcmp(s->table, b->place.table) == 0 &&
		    strcmp(s->name, name) == 0)
			return s;
	}
	return NULL;
}

/* Numbers that were not turned have no order of which intervals could be made. */
static bool is_followed(const struct reg *r, const struct filter_set *set)
{
	return r->field != FIELD_NONE && r->field != FIELD_ETHERTYPE && r->len &&
	       !(is_host_order(r) && (set->flags & NFT_SET_INTERVAL));
}

/* A single field as long as the key, or several, each of whole registers. */
static bool find_key(const struct build *b, const struct reg *r, const struct filter_set *set,
		     struct key *out)
{
	uint32_t at = 0;

	*out = (struct key){ .parts = { r }, .n = 1 };
	if (r->len == set->key_len)
		return is_followed(r, set);
	for (out->n = 0; at < set->key_len && out->n < PARTS_MAX; out->n++) {
		uint32_t regs = (r->len + REG_SIZE - 1) / REG_SIZE;

		if (r >= b->regs + REGS || !is_followed(r, set))
			return false;
		out->parts[out->n] = r;
		out->at[out->n] = at;
		at += regs * REG_SIZE;
		r += regs;
	}
	return out->n > 1 && at == set->key_len;
}

static struct net_interval *rows_of(struct build *b, const struct filter_set *set,
				    const struct key *key)
{
	struct net_interval *in =
		arena_alloc(b->arena, ((size_t)set->n * key->n + 1) * sizeof(*in));

	for (uint32_t i = 0; i < set->n; i++)
		for (uint32_t k = 0; k < key->n; k++) {
			const struct reg *r = key->parts[k];
			struct net_interval *one = &in[i * key->n + k];
			size_t at = (size_t)i * set->key_len + key->at[k];

			copy_value(one->first, set->first + at, r->len, r);
			copy_value(one->last, set->last + at, r->len, r);
		}
	return in;
}

/* The condition that the key is in the set. */
static struct net_match match_rows(struct build *b, const struct filter_set *set,
				   const struct key *key, bool invert)
{
	struct net_match m = match_of(key->parts[0], invert);

	if (key->n > 1) {
		struct net_match *parts = arena_alloc(b->arena, key->n * sizeof(*parts));

		for (uint32_t i = 0; i < key->n; i++)
			parts[i] = match_of(key->parts[i], false);
		m = (struct net_match){
			.field = NET_FIELD_TUPLE, .invert = invert, .parts = parts, .nparts = key->n
		};
	}
	m.in = rows_of(b, set, key);
	m.nin = set->n;
	return m;
}

static uint32_t number(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
}

/* Whether each number that can be drawn is in one row, and each row is of such a number. */
static bool covers(const struct reg *r, const struct net_match *m)
{
	uint64_t n = 0;

	if (!r->drawn)
		return false;
	for (uint32_t i = 0; i < m->nin; i++) {
		uint32_t first = number(m->in[i].first), last = number(m->in[i].last);

		if (first < r->drawn_from || last - r->drawn_from >= r->drawn || last < first)
			return false;
		n += (uint64_t)last - first + 1;
	}
	return n == r->drawn;
}

struct net_filter_case *lookup_cases(struct build *b, const struct lookup *l)
{
	uint32_t n = l->set->n + l->set->otherwise, width = l->match.nparts ? l->match.nparts : 1;
	struct net_filter_case *cases = arena_alloc(b->arena, (n + 1) * sizeof(*cases));

	for (uint32_t i = 0; i < l->set->n; i++) {
		cases[i] = (struct net_filter_case){ .match = l->match };
		cases[i].match.in = &l->match.in[i * width];
		cases[i].match.nin = 1;
	}
	if (l->set->otherwise)
		cases[l->set->n] =
			(struct net_filter_case){ .match = { .field = NET_FIELD_TUPLE, .nin = 1 } };
	b->rule->cases = cases;
	b->rule->ncases = n;
	b->rule->drawn = l->drawn;
	b->rule->otherwise = l->set->otherwise;
	return cases;
}

void lookup_text(struct build *b, const struct lookup *l, const char *word, lookup_value value)
{
	filter_field_text(&b->text, &l->match);
	buffer_printf(&b->text, " %s {", word);
	for (uint32_t i = 0; i < b->rule->ncases && i < SHOWN; i++) {
		const struct net_match *m = &b->rule->cases[i].match;

		buffer_text(&b->text, i ? ", " : " ");
		filter_interval_text(&b->text, m, m->in);
		buffer_text(&b->text, " : ");
		value(b, &b->rule->cases[i]);
	}
	if (b->rule->ncases > SHOWN)
		buffer_printf(&b->text, ", ... (%u)", b->rule->ncases);
	build_word(b, "}");
}

static void verdict_text(struct build *b, const struct net_filter_case *c)
{
	put_verdict(&b->text, c->verdict, c->target);
}

/* A map of verdicts: each line of it is a condition of its own, with what follows from it. */
static bool decide(struct build *b, const struct lookup *l)
{
	struct net_filter_case *cases = lookup_cases(b, l);

	for (uint32_t i = 0; i < b->rule->ncases; i++) {
		cases[i].verdict = l->set->to[i].verdict;
		cases[i].target = l->set->to[i].target;
	}
	b->rule->verdict = NET_VERDICT_MAP;
	build_word(b, "");
	lookup_text(b, l, "vmap", verdict_text);
	return true;
}

/* A map of values: what is not in it ends the rule. The text is of who takes the value. */
static bool give(struct build *b, const struct lookup *l, const struct nlattr *dreg)
{
	struct lookup *kept = arena_alloc(b->arena, sizeof(*kept));
	struct reg *r = reg_at(b, dreg);
	uint32_t at = 0;

	if (!r || b->matches.n >= MATCHES_MAX)
		return false;
	*kept = *l;
	for (; at < l->set->value_len && r < b->regs + REGS; at += REG_SIZE)
		*r++ = (struct reg){ .field = FIELD_NONE, .map = kept, .at = (uint8_t)at };
	if (!l->drawn && !l->set->otherwise)
		*(struct net_match *)vec_add(&b->matches) = l->match;
	return true;
}

/* What it would decide cannot be told. */
static bool undecided(struct build *b, attrs tb)
{
	uint32_t to = UINT32_MAX;

	if (nl_be32(tb[NFTA_LOOKUP_DREG], &to) && to == NFT_REG_VERDICT)
		b->rule->verdict = NET_VERDICT_OTHER;
	reg_load(b, tb[NFTA_LOOKUP_DREG], FIELD_NONE, 0);
	return false;
}

static bool add_match(struct build *b, const struct net_match *match)
{
	struct net_match *m;

	if (b->matches.n >= MATCHES_MAX || b->rule->sets_mark)
		return false;
	m = vec_add(&b->matches);
	*m = *match;
	match_end(b, m);
	return true;
}

static bool is_map(const struct filter_set *set)
{
	return set->verdicts || set->value_len;
}

bool run_lookup(struct build *b, attrs tb)
{
	const struct reg *r = reg_at(b, tb[NFTA_LOOKUP_SREG]);
	const struct filter_set *set = find_set(b, nl_text(tb[NFTA_LOOKUP_SET], b->arena));
	struct lookup l = { .set = set };
	uint32_t flags = 0;
	struct key key;

	nl_be32(tb[NFTA_LOOKUP_FLAGS], &flags);
	if (!r || !set || !set->plain || is_map(set) != (tb[NFTA_LOOKUP_DREG] != NULL) ||
	    (set->otherwise && !is_map(set)) || !find_key(b, r, set, &key))
		return undecided(b, tb);
	l.match = match_rows(b, set, &key, flags & NFT_LOOKUP_F_INV);
	l.drawn = key.n == 1 && covers(r, &l.match);
	for (uint32_t i = 0; i < key.n; i++)
		b->rule->names_packet = b->rule->names_packet || names_packet(key.parts[i]->field);
	if (!is_map(set))
		return add_match(b, &l.match);
	return set->verdicts ? decide(b, &l) : give(b, &l, tb[NFTA_LOOKUP_DREG]);
}
