/* SPDX-License-Identifier: MIT */
/*
 * nftables as the kernel tells it (nfnetlink, linux/netfilter/nf_tables.h): sets, chains, and
 * rules made of expressions that load registers and compare them. Pure. Private to net/.
 */
#ifndef NSVIEW_NET_FILTER_H
#define NSVIEW_NET_FILTER_H

#include <nsview/buffer.h>

#include "netlink.h"

struct filter_verdict {
	enum net_verdict verdict;
	const char *target; /* JUMP, GOTO */
};
/* NFTA_DATA_VERDICT; false for one that is not known. */
bool filter_verdict_parse(const struct nlattr *a, struct arena *arena, struct filter_verdict *out);

enum { FILTER_KEY = 64 /* bytes at most: as many as there are registers */ };

/* The elements of a set that can be decided; KEPT_MAX of them at most. */
struct filter_set {
	const char *table, *name;
	uint8_t family; /* NFPROTO_* */
	uint32_t flags, key_len;
	bool plain; /* all elements are here, and nothing but them decides */
	uint32_t n;
	const uint8_t *first, *last; /* key_len bytes of each, inclusive: of each field of them */
	bool verdicts;		     /* a map of these */
	const struct filter_verdict *to; /* of each */
	uint32_t value_len;		 /* of a map of values, else 0 */
	const uint8_t *values;		 /* value_len bytes of each */
	bool otherwise; /* what has no key is found all the same: `to` and `values` have one more */
};

struct filter_sets {
	struct filter_set *at;
	size_t n;
};

/* NFT_MSG_NEWSET. -ENOENT: another message. */
int filter_set_parse(const struct nlmsghdr *nlh, struct arena *arena, struct filter_set *out);
/* One element as it comes; an interval's end is an element too, if the set has single fields. */
struct filter_element {
	uint8_t key[FILTER_KEY], last[FILTER_KEY];
	bool end;
	bool otherwise;		  /* for what has no key */
	struct filter_verdict to; /* in a map of verdicts */
	uint8_t value[FILTER_KEY];
};
/* NFT_MSG_NEWSETELEM: appends to a vec of struct filter_element. -E2BIG: what cannot be kept. */
int filter_elements_parse(const struct nlmsghdr *nlh, const struct filter_set *set,
			  struct arena *arena, struct vec *out);
/* Makes intervals of elements, which are sorted for it. */
void filter_set_close(struct filter_set *set, struct vec *elements, struct arena *arena);

/* NFT_MSG_NEWCHAIN. */
int filter_chain_parse(const struct nlmsghdr *nlh, struct arena *arena,
		       struct net_filter_chain *out);
/* NFT_MSG_NEWTABLE: its name, and whether it is switched off. */
int filter_table_parse(const struct nlmsghdr *nlh, struct arena *arena, uint8_t *out_family,
		       const char **out_name, bool *out_dormant);
/* NFT_MSG_NEWRULE; table and chain are those that it is in. */
struct filter_place {
	uint8_t family;
	const char *table, *chain;
};
int filter_rule_parse(const struct nlmsghdr *nlh, const struct filter_sets *sets,
		      struct arena *arena, struct filter_place *out_place,
		      struct net_filter_rule *out);

/* "ip", "inet", ...; NULL for one that is not known. Static. */
const char *filter_family_name(uint8_t family);
/* What the number of a hook means in a family; NET_HOOK_NONE for one that is not known. */
enum net_hook filter_hook(uint8_t family, uint32_t number);

/* Appends a condition in nft's words. */
void filter_match_text(struct buffer *out, const struct net_match *m);
/* Its parts: "ip saddr", and the intervals of one row. */
void filter_field_text(struct buffer *out, const struct net_match *m);
void filter_interval_text(struct buffer *out, const struct net_match *m,
			  const struct net_interval *in);

#endif
