/* SPDX-License-Identifier: MIT */
/*
 * Tables of legacy iptables as the kernel gives them, cut short or with offsets and lengths that
 * lie: the first byte chooses the family and the table. Whatever rules are made of it stand in
 * chains, and their conditions are whole.
 */
#include <errno.h>
#include <string.h>

#include "../../src/net/xtables.h"
#include "fuzz.h"

static void check_rule(const struct net_filter_rule *rule)
{
	MUST(rule->text && rule->verdict < NET_VERDICTS);
	MUST(strlen(rule->text) < (1 << 20));
	MUST(!rule->sound ||
	     (rule->verdict != NET_VERDICT_JUMP && rule->verdict != NET_VERDICT_GOTO) ||
	     rule->target);
	for (uint32_t i = 0; i < rule->nmatches; i++) {
		MUST(rule->matches[i].len <= 16 && rule->matches[i].field < NET_FIELDS);
		MUST(!rule->matches[i].nin || rule->matches[i].in);
	}
}

static void check_chain(const struct net_filter_chain *c)
{
	uint32_t n = 0;

	MUST(c->legacy && c->family && c->table && c->name);
	MUST(!c->type == (c->hook == NET_HOOK_NONE));
	MUST(!c->type || c->policy == NET_VERDICT_ACCEPT || c->policy == NET_VERDICT_DROP);
	for (const struct net_filter_rule *rule = c->rules; rule; rule = rule->next) {
		check_rule(rule);
		n++;
	}
	MUST(n == c->nrules);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const tables[] = { "filter", "nat", "mangle", "raw", "security" };
	struct arena arena = ARENA_INIT;
	autovec chains = VEC(struct net_filter_chain);
	uint8_t *exact;
	int ret;

	if (size < 1 || size > 65536)
		return 0;
	/* Of its exact size, so that reading past the end is seen. */
	exact = malloc(size - 1 ? size - 1 : 1);
	MUST(exact);
	memcpy(exact, data + 1, size - 1);
	ret = xtables_parse((enum xtables_family)(data[0] % XTABLES_FAMILIES),
			    tables[data[0] / 8 % 5], (struct span){ (const char *)exact, size - 1 },
			    &arena, &chains);
	MUST(ret == 0 || ret == -EPROTO);
	MUST(ret == 0 || chains.n == 0);
	for (size_t i = 0; i < chains.n; i++)
		check_chain(&((struct net_filter_chain *)chains.at)[i]);
	free(exact);
	arena_release(&arena);
	return 0;
}
