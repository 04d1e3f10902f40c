/* SPDX-License-Identifier: MIT */
/*
 * Reads a namespace's packet filters: nftables by nfnetlink, in the order that each needs the one
 * before (sets, tables, chains, rules); then tables of legacy iptables, which have an interface of
 * their own (xtables_get.c).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "filter.h"
#include "read.h"
#include "xtables.h"

struct table {
	uint8_t family;
	const char *name;
	bool dormant;
};

struct reading {
	struct net_ns *net;
	struct nl_conn *conn;
	struct vec sets, tables, chains; /* struct filter_set, table, net_filter_chain */
	struct vec rules;		 /* struct placed_rule */
	struct filter_set *set;		 /* whose elements are being read */
	struct vec elements;
	bool cut;
};

struct placed_rule {
	struct filter_place place;
	struct net_filter_rule rule;
};

static struct nfgenmsg *begin(struct nl_request *r, unsigned type)
{
	struct nfgenmsg *msg =
		nl_begin(r, (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | type), NLM_F_DUMP, sizeof(*msg));

	msg->version = NFNETLINK_V0;
	return msg;
}

static int take_set(const struct nlmsghdr *nlh, void *ctx)
{
	struct reading *r = ctx;
	struct filter_set set;
	int ret = filter_set_parse(nlh, &r->net->arena, &set);

	if (ret == 0)
		*(struct filter_set *)vec_add(&r->sets) = set;
	return ret;
}

static int take_elements(const struct nlmsghdr *nlh, void *ctx)
{
	struct reading *r = ctx;

	if (!r->cut && filter_elements_parse(nlh, r->set, &r->net->arena, &r->elements) < 0)
		r->cut = true;
	return 0;
}

static int take_table(const struct nlmsghdr *nlh, void *ctx)
{
	struct reading *r = ctx;
	struct table t;
	int ret = filter_table_parse(nlh, &r->net->arena, &t.family, &t.name, &t.dormant);

	if (ret == 0)
		*(struct table *)vec_add(&r->tables) = t;
	return ret;
}

static int take_chain(const struct nlmsghdr *nlh, void *ctx)
{
	struct reading *r = ctx;
	struct net_filter_chain chain;
	int ret = filter_chain_parse(nlh, &r->net->arena, &chain);

	if (ret == 0)
		*(struct net_filter_chain *)vec_add(&r->chains) = chain;
	return ret;
}

static int take_rule(const struct nlmsghdr *nlh, void *ctx)
{
	struct reading *r = ctx;
	struct filter_sets sets = { r->sets.at, r->sets.n };
	struct placed_rule one;
	int ret = filter_rule_parse(nlh, &sets, &r->net->arena, &one.place, &one.rule);

	if (ret == 0)
		*(struct placed_rule *)vec_add(&r->rules) = one;
	return ret;
}

static void forget_sets(void *ctx)
{
	((struct reading *)ctx)->sets.n = 0;
}

static void forget_elements(void *ctx)
{
	struct reading *r = ctx;

	r->elements.n = 0;
	r->cut = false;
}

static void forget_tables(void *ctx)
{
	((struct reading *)ctx)->tables.n = 0;
}

static void forget_chains(void *ctx)
{
	((struct reading *)ctx)->chains.n = 0;
}

static void forget_rules(void *ctx)
{
	((struct reading *)ctx)->rules.n = 0;
}

static void read_elements(struct reading *r, struct net_known *known)
{
	for (size_t i = 0; i < r->sets.n; i++) {
		struct net_known one = { 0 };
		struct nl_request request;

		r->set = &((struct filter_set *)r->sets.at)[i];
		if (!r->set->plain)
			continue;
		begin(&request, NFT_MSG_GETSETELEM)->nfgen_family = r->set->family;
		nl_put_text(&request, NFTA_SET_ELEM_LIST_TABLE, r->set->table);
		nl_put_text(&request, NFTA_SET_ELEM_LIST_SET, r->set->name);
		nl_dump(r->conn, &request, take_elements, forget_elements, r, &r->net->arena, &one);
		r->set->plain = fact_is_known(one.fact) && !one.torn && !r->cut;
		if (r->set->plain)
			filter_set_close(r->set, &r->elements, &r->net->arena);
		known->torn = known->torn || one.torn;
	}
}

static void read_nft(struct reading *r, struct net_known *known)
{
	static const struct {
		unsigned type;
		nl_take take;
		void (*forget)(void *ctx);
	} dumps[] = {
		{ NFT_MSG_GETSET, take_set, forget_sets },
		{ NFT_MSG_GETTABLE, take_table, forget_tables },
		{ NFT_MSG_GETCHAIN, take_chain, forget_chains },
		{ NFT_MSG_GETRULE, take_rule, forget_rules },
	};

	known->fact = fact_known();
	for (size_t i = 0; i < sizeof(dumps) / sizeof(dumps[0]); i++) {
		struct net_known one = { 0 };
		struct nl_request request;

		begin(&request, dumps[i].type);
		nl_dump(r->conn, &request, dumps[i].take, dumps[i].forget, r, &r->net->arena, &one);
		if (!fact_is_known(one.fact)) {
			*known = one;
			return;
		}
		known->torn = known->torn || one.torn;
		known->missing += one.missing;
		if (one.why)
			known->why = one.why;
		if (i == 0)
			read_elements(r, known);
	}
}

static bool is_dormant(const struct reading *r, const struct net_filter_chain *chain)
{
	const struct table *t = r->tables.at;

	for (size_t i = 0; i < r->tables.n; i++)
		if (strcmp(t[i].name, chain->table) == 0 &&
		    filter_family_name(t[i].family) == chain->family)
			return t[i].dormant;
	return false;
}

static bool is_in(const struct placed_rule *p, const struct net_filter_chain *chain)
{
	return filter_family_name(p->place.family) == chain->family &&
	       strcmp(p->place.table, chain->table) == 0 &&
	       strcmp(p->place.chain, chain->name) == 0;
}

/* The kernel lists rules chain by chain as it lists chains: the next is near the last. */
static size_t find_chain(const struct net_filter_chain *chains, size_t n, size_t from,
			 const struct placed_rule *rule)
{
	for (size_t i = 0; i < n; i++)
		if (is_in(rule, &chains[(from + i) % n]))
			return (from + i) % n;
	return n;
}

static void put_rules(struct reading *r, struct net_filter_chain *chains, size_t n)
{
	const struct net_filter_rule ***ends = calloc(n + 1, sizeof(*ends));
	struct placed_rule *placed = r->rules.at;
	size_t at = 0;

	if (!ends)
		die("out of memory");
	for (size_t i = 0; i < n; i++)
		ends[i] = &chains[i].rules;
	for (size_t i = 0; i < r->rules.n; i++) {
		size_t found = find_chain(chains, n, at, &placed[i]);
		struct net_filter_rule *rule;

		/* Its chain was made after the chains were listed. */
		if (found == n) {
			r->net->parts[NET_PART_FILTER].missing++;
			continue;
		}
		at = found;
		rule = arena_alloc(&r->net->arena, sizeof(*rule));
		*rule = placed[i].rule;
		*ends[at] = rule;
		ends[at] = &rule->next;
		chains[at].nrules++;
	}
	free(ends);
}

static void put_chains(struct reading *r)
{
	struct net_filter_chain *chains = vec_keep(&r->chains, &r->net->arena);

	put_rules(r, chains, r->chains.n);
	for (size_t i = 0; i < r->chains.n; i++) {
		chains[i].dormant = is_dormant(r, &chains[i]);
		chains[i].next = i + 1 < r->chains.n ? &chains[i + 1] : NULL;
	}
	r->net->chains = chains;
}

/* Behind those that are there already. */
static void append_chains(struct net_ns *net, struct vec *more)
{
	struct net_filter_chain *chains = vec_keep(more, &net->arena);
	const struct net_filter_chain **end = &net->chains;

	while (*end)
		end = (const struct net_filter_chain **)&(*end)->next;
	for (size_t i = 0; i < more->n; i++) {
		*end = &chains[i];
		end = &chains[i].next;
	}
}

/* A kernel may have either of them. */
static void read_legacy(struct net_ns *net, const struct inside *in, struct net_known *known)
{
	autovec chains = VEC(struct net_filter_chain);

	xtables_take(in, &net->arena, &chains, known);
	if (chains.n && known->fact.state == FACT_UNSUPPORTED)
		known->fact = fact_known();
	append_chains(net, &chains);
}

static void add_line(struct vec *lines, const struct net_filter_chain *chain,
		     const struct net_filter_rule *rule)
{
	*(struct net_filter_line *)vec_add(lines) = (struct net_filter_line){ chain, rule };
}

static void list_lines(struct net_ns *net)
{
	autovec lines = VEC(struct net_filter_line);

	for (const struct net_filter_chain *c = net->chains; c; c = c->next) {
		for (const struct net_filter_rule *rule = c->rules; rule; rule = rule->next)
			add_line(&lines, c, rule);
		if (c->type)
			add_line(&lines, c, NULL);
	}
	net->filter_lines = vec_keep(&lines, &net->arena);
	net->nfilter_lines = lines.n;
}

void filter_read(struct net_ns *net, struct inside *in)
{
	struct net_known *known = &net->parts[NET_PART_FILTER];
	struct reading r = {
		.net = net,
		.conn = &in->conn[INSIDE_FILTER],
		.sets = VEC(struct filter_set),
		.tables = VEC(struct table),
		.chains = VEC(struct net_filter_chain),
		.rules = VEC(struct placed_rule),
		.elements = VEC(struct filter_element),
	};

	if (in->error[INSIDE_FILTER]) {
		known_fail(known, in->error[INSIDE_FILTER], NULL, &net->arena);
		return;
	}
	read_nft(&r, known);
	if (fact_is_known(known->fact))
		put_chains(&r);
	read_legacy(net, in, known);
	list_lines(net);
	vec_release(&r.sets);
	vec_release(&r.tables);
	vec_release(&r.chains);
	vec_release(&r.rules);
	vec_release(&r.elements);
}
