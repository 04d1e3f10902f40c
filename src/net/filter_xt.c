/* SPDX-License-Identifier: MIT */
/*
 * Finds an extension of xtables in the tables of those that are decoded; the others are named and
 * left undecided. Structures are believed only with the size that they have.
 */
#include <string.h>

#include <linux/netfilter/nf_tables_compat.h>

#include "filter_xt.h"

/* Targets after which the next rule follows, and whether later rules may see what they did. */
static const struct {
	const char *name;
	bool rewrites;
} continuing[] = {
	{ "AUDIT", false },  { "CHECKSUM", false }, { "CLASSIFY", false },   { "DSCP", false },
	{ "LED", false },    { "NFLOG", false },    { "RATEEST", false },    { "SET", false },
	{ "TCPMSS", false }, { "TEE", false },	    { "TOS", false },	     { "TRACE", false },
	{ "ULOG", false },   { "CONNMARK", true },  { "CONNSECMARK", true }, { "CT", true },
	{ "ECN", true },     { "HL", true },	    { "HMARK", true },	     { "MARK", true },
	{ "NOTRACK", true }, { "SECMARK", true },   { "TCPOPTSTRIP", true }, { "TTL", true },
};

static bool is_of_size(const struct xt_extension *e, const void *info, size_t len)
{
	return !e->size || (info && len >= e->size && len < e->size + 8);
}

static const struct xt_extension *find_extension(const struct xt_extension *e, const char *name,
						 uint32_t revision, const void *info, size_t len)
{
	for (; e->name; e++)
		if (e->revision == revision && strcmp(e->name, name) == 0 &&
		    is_of_size(e, info, len))
			return e;
	return NULL;
}

static void put_name(struct build *b, const char *name)
{
	build_word(b, "[xt ");
	buffer_text(&b->text, name);
	buffer_char(&b->text, ']');
}

/* A target that is known by its name only. */
static void put_target(struct build *b, const char *name)
{
	for (size_t i = 0; i < sizeof(continuing) / sizeof(continuing[0]); i++)
		if (strcmp(continuing[i].name, name) == 0) {
			b->rule->sound = b->rule->sound && !continuing[i].rewrites;
			b->rule->reads = b->rule->reads && !continuing[i].rewrites;
			return;
		}
	b->rule->verdict = NET_VERDICT_OTHER;
	b->rule->reads = false;
	b->rule->target = arena_copy(b->arena, name, strlen(name));
	b->rule->sound = false;
}

void xt_extension_run(struct build *b, bool target, const char *name, uint32_t revision,
		      const void *info, size_t len)
{
	const struct xt_extension *e =
		name ? find_extension(target ? xt_targets : xt_matches, name, revision, info, len)
		     : NULL;

	if (e && (!e->run || e->run(b, info)))
		return;
	if (!name)
		name = "?";
	if (target && b->rule->verdict == NET_VERDICT_NONE)
		put_target(b, name);
	else
		b->rule->sound = false;
	put_name(b, name);
}

static bool run_xt(struct build *b, attrs tb, bool target)
{
	const struct nlattr *info = tb[NFTA_MATCH_INFO];
	uint32_t revision = 0;

	nl_be32(tb[NFTA_MATCH_REV], &revision);
	xt_extension_run(b, target, nl_text(tb[NFTA_MATCH_NAME], b->arena), revision,
			 info ? mnl_attr_get_payload(info) : NULL,
			 info ? mnl_attr_get_payload_len(info) : 0);
	return true;
}

bool run_xt_match(struct build *b, attrs tb)
{
	return run_xt(b, tb, false);
}

/* Its attributes have the same numbers. */
bool run_xt_target(struct build *b, attrs tb)
{
	return run_xt(b, tb, true);
}
