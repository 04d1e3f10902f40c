/* SPDX-License-Identifier: MIT */
/*
 * One rule of nftables: its expressions are run over registers that hold not values but where
 * values come from, and so become conditions and a verdict. An expression that is not understood
 * leaves its name in the text and makes the rule unsound; nothing is guessed.
 */
#include <errno.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "filter_build.h"

struct expression {
	const char *name;
	bool (*run)(struct build *b, attrs tb);
};

static const struct expression expressions[] = {
	{ "bitwise", run_bitwise }, { "byteorder", run_byteorder },
	{ "cmp", run_cmp },	    { "counter", run_counter },
	{ "ct", run_ct },	    { "fib", run_fib },
	{ "hash", run_hash },	    { "immediate", run_immediate },
	{ "log", run_log },	    { "lookup", run_lookup },
	{ "masq", run_masq },	    { "match", run_xt_match },
	{ "meta", run_meta },	    { "nat", run_nat },
	{ "numgen", run_numgen },   { "payload", run_payload },
	{ "range", run_range },	    { "redir", run_redir },
	{ "reject", run_reject },   { "target", run_xt_target },
};
enum { EXPRESSION_ATTRS = 32 };

static bool is_among(const char *name, const char *const *names)
{
	while (*names && strcmp(*names, name) != 0)
		names++;
	return *names;
}

/* What is not understood may have put anything anywhere; some decide, and some only look. */
static void not_understood(struct build *b, const char *name)
{
	static const char *const deciding[] = { "fwd", "queue", "synproxy", "tproxy", NULL };
	static const char *const looking[] = {
		"bitwise", "byteorder", "cmp",	"connlimit", "ct",     "dynset", "exthdr",
		"fib",	   "hash",	"last", "limit",     "lookup", "match",	 "meta",
		"nat",	   "numgen",	"osf",	"payload",   "quota",  "range",	 "reject",
		"rt",	   "socket",	"xfrm", NULL
	};

	b->rule->sound = false;
	b->rule->reads = b->rule->reads && is_among(name, looking);
	if (is_among(name, deciding))
		b->rule->verdict = NET_VERDICT_OTHER;
	buffer_text(&b->text, b->text.len ? " [" : "[");
	buffer_text(&b->text, name);
	buffer_char(&b->text, ']');
}

static void run_expression(struct build *b, const struct nlattr *elem)
{
	nl_attrs tb[NFTA_EXPR_MAX + 1], data[EXPRESSION_ATTRS];
	const char *name;

	nl_attrs_nested(elem, tb, NFTA_EXPR_MAX + 1);
	name = nl_text(tb[NFTA_EXPR_NAME], b->arena);
	if (!name)
		name = "?";
	nl_attrs_nested(tb[NFTA_EXPR_DATA], data, EXPRESSION_ATTRS);
	for (size_t i = 0; i < sizeof(expressions) / sizeof(expressions[0]); i++)
		if (strcmp(expressions[i].name, name) == 0) {
			if (!expressions[i].run(b, data))
				not_understood(b, name);
			return;
		}
	not_understood(b, name);
	for (size_t i = 0; i < REGS; i++)
		b->regs[i] = (struct reg){ .field = FIELD_NONE };
}

static void run_all(struct build *b, const struct nlattr *list)
{
	struct nl_walk w = nl_walk_nested(list);
	const struct nlattr *a;

	for (size_t i = 0; i < REGS; i++)
		b->regs[i].field = FIELD_NONE;
	while (nl_next(&w, &a))
		if (mnl_attr_get_type(a) == NFTA_LIST_ELEM)
			run_expression(b, a);
}

int filter_rule_parse(const struct nlmsghdr *nlh, const struct filter_sets *sets,
		      struct arena *arena, struct filter_place *out_place,
		      struct net_filter_rule *out)
{
	const struct nfgenmsg *msg = nl_extra(nlh, sizeof(*msg));
	struct build b = {
		.sets = sets, .arena = arena, .rule = out, .matches = VEC(struct net_match)
	};
	nl_attrs tb[NFTA_RULE_MAX + 1];

	if (nlh->nlmsg_type != (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWRULE))
		return -ENOENT;
	if (!msg)
		return -EPROTO;
	nl_attrs_get(nlh, sizeof(*msg), tb, NFTA_RULE_MAX + 1);
	b.place = (struct filter_place){ msg->nfgen_family, nl_text(tb[NFTA_RULE_TABLE], arena),
					 nl_text(tb[NFTA_RULE_CHAIN], arena) };
	if (!b.place.table || !b.place.chain)
		return -EPROTO;
	*out = (struct net_filter_rule){ .sound = true, .reads = true };
	nl_be64(tb[NFTA_RULE_HANDLE], &out->handle);
	b.family = msg->nfgen_family == NFPROTO_IPV4   ? AF_INET
		   : msg->nfgen_family == NFPROTO_IPV6 ? AF_INET6
						       : 0;
	run_all(&b, tb[NFTA_RULE_EXPRESSIONS]);
	out->matches = vec_keep(&b.matches, arena);
	out->nmatches = (uint32_t)b.matches.n;
	out->text = arena_copy(arena, buffer_str(&b.text), b.text.len);
	*out_place = b.place;
	vec_release(&b.matches);
	buffer_release(&b.text);
	return 0;
}
