/* SPDX-License-Identifier: MIT */
/*
 * The expression of nftables that looks a register up in a set, or in a map of verdicts: which is
 * then as good as a rule for each of its lines.
 */
#include <string.h>

#include <linux/netfilter/nf_tables.h>

#include "filter_build.h"

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

/* Keys of host byte order are turned, one by one; only single values can be. */
static const struct net_interval *set_values(struct build *b, const struct filter_set *set,
					     const struct reg *r)
{
	struct net_interval *in;

	if (!is_host_order(r->field))
		return set->in;
	in = arena_alloc(b->arena, (set->nin + 1) * sizeof(*in));
	for (uint32_t i = 0; i < set->nin; i++) {
		copy_value(in[i].first, set->in[i].first, r->len, r);
		in[i].last[0] = 0;
		memcpy(in[i].last, in[i].first, sizeof(in[i].last));
	}
	return in;
}

/* A map of verdicts: each line of it is a condition of its own, with what follows from it. */
static bool decide(struct build *b, const struct filter_set *set, const struct reg *r)
{
	enum { SHOWN = 8 };
	const struct net_interval *in = set_values(b, set, r);
	struct net_filter_case *cases = arena_alloc(b->arena, (set->nin + 1) * sizeof(*cases));
	struct net_match m = { .field = (enum net_field)r->field,
			       .family = r->family,
			       .len = r->len };

	memcpy(m.mask, r->mask, sizeof(m.mask));
	b->rule->names_packet = b->rule->names_packet || names_packet(r->field);
	build_word(b, "");
	filter_field_text(&b->text, &m);
	buffer_text(&b->text, " vmap {");
	for (uint32_t i = 0; i < set->nin; i++) {
		m.in = &in[i];
		m.nin = 1;
		cases[i] = (struct net_filter_case){ m, set->to[i].verdict, set->to[i].target };
		if (i >= SHOWN)
			continue;
		buffer_text(&b->text, i ? ", " : " ");
		filter_interval_text(&b->text, &m, m.in);
		buffer_text(&b->text, " :");
		build_verdict(b, set->to[i].verdict, set->to[i].target);
	}
	if (set->nin > SHOWN)
		buffer_printf(&b->text, ", ... (%u)", set->nin);
	build_word(b, "}");
	b->rule->verdict = NET_VERDICT_MAP;
	b->rule->cases = cases;
	b->rule->ncases = set->nin;
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

bool run_lookup(struct build *b, attrs tb)
{
	const struct reg *r = reg_at(b, tb[NFTA_LOOKUP_SREG]);
	const struct filter_set *set = find_set(b, nl_text(tb[NFTA_LOOKUP_SET], b->arena));
	uint32_t flags = 0;
	struct net_match *m;

	nl_be32(tb[NFTA_LOOKUP_FLAGS], &flags);
	if (!r || r->field == FIELD_NONE || !set || !set->plain || r->field == FIELD_ETHERTYPE ||
	    set->verdicts != (tb[NFTA_LOOKUP_DREG] != NULL))
		return undecided(b, tb);
	if (set->key_len != r->len || (is_host_order(r->field) && (set->flags & NFT_SET_INTERVAL)))
		return undecided(b, tb);
	if (set->verdicts)
		return decide(b, set, r);
	m = match_begin(b, r, flags & NFT_LOOKUP_F_INV);
	if (!m)
		return false;
	m->in = set_values(b, set, r);
	m->nin = set->nin;
	match_end(b, m);
	return true;
}
