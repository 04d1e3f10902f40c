/* SPDX-License-Identifier: MIT */
/*
 * A rule of nftables being built: registers that hold not values but where values come from.
 * Private to filter_*.c.
 */
#ifndef NSVIEW_NET_FILTER_BUILD_H
#define NSVIEW_NET_FILTER_BUILD_H

#include <nsview/buffer.h>

#include "filter.h"

/* FIELD_ETHERTYPE is what is behind the frame's addresses; as a condition it is NFPROTO, 0: ARP. */
enum { REGS = 20, FIELD_NONE = -1, FIELD_ETHERTYPE = NET_FIELDS, MATCHES_MAX = 64 };

/* A map that was asked, and for what: match has all its rows. */
struct lookup {
	const struct filter_set *set;
	struct net_match match;
	bool drawn; /* one of its rows surely holds */
};

/* What a register of four bytes was last given; a longer value has it in its first. */
struct reg {
	int field;		    /* enum net_field, FIELD_NONE: a constant, or not understood */
	uint8_t family, len, shift; /* shift: bytes of the field in front of those loaded */
	bool constant;
	bool turned; /* a number of the host's byte order was put into that of the network */
	bool marks;  /* FIELD_NONE: it is the mark, as value[0..3] and mask would have it set */
	uint8_t mask[16], value[16];
	uint8_t value_len;
	uint32_t drawn_from, drawn; /* NUMGEN, HASH: so many, from that on */
	const struct lookup *map;   /* FIELD_NONE: what that gave, from byte `at` on */
	uint8_t at;
};

struct build {
	const struct filter_sets *sets;
	struct arena *arena;
	struct filter_place place;
	struct net_filter_rule *rule;
	struct reg regs[REGS];
	struct vec matches;
	struct buffer text;
	uint8_t family; /* AF_* as far as the conditions so far leave one */
};

typedef nl_attrs *attrs;

/* The register that an attribute names; NULL for none. */
struct reg *reg_at(struct build *b, const struct nlattr *a);
/* What is loaded next into it; false where that is FIELD_NONE or there is no such register. */
bool reg_load(struct build *b, const struct nlattr *dreg, int field, uint8_t len);
/* A number of the host's byte order, which stands in ours the other way round. */
bool is_host_order(const struct reg *r);
/* A value as it stands in a condition on that register. */
void copy_value(uint8_t out[16], const void *data, size_t len, const struct reg *r);
bool names_packet(int field);
/* Of struct nft_data: a value of 1 to 16 bytes, or NULL. */
const struct nlattr *data_value(const struct nlattr *data, size_t *out_len);

/* On what a register holds, without values yet. */
struct net_match match_of(const struct reg *r, bool invert);
/* A condition on what a register holds; NULL: there are too many. Filled in, then ended. */
struct net_match *match_begin(struct build *b, const struct reg *r, bool invert);
void match_end(struct build *b, struct net_match *m);
void build_word(struct build *b, const char *text);
/* "jump NAME" */
void put_verdict(struct buffer *out, enum net_verdict verdict, const char *target);

/* Gives the rule a case for each line of a map, whose verdicts are to be filled in. */
struct net_filter_case *lookup_cases(struct build *b, const struct lookup *l);
/* "tcp dport WORD { 80 : VALUE, ... }": the rule's cases, with what `value` appends. */
typedef void (*lookup_value)(struct build *b, const struct net_filter_case *c);
void lookup_text(struct build *b, const struct lookup *l, const char *word, lookup_value value);

/* "meta mark set 1"; false for anything else that is set. */
bool set_mark(struct build *b, attrs tb);

/* Expressions by their attributes. false: not understood. */
bool run_bitwise(struct build *b, attrs tb);
bool run_byteorder(struct build *b, attrs tb);
bool run_cmp(struct build *b, attrs tb);
bool run_ct(struct build *b, attrs tb);
bool run_fib(struct build *b, attrs tb);
bool run_hash(struct build *b, attrs tb);
bool run_lookup(struct build *b, attrs tb);
bool run_meta(struct build *b, attrs tb);
bool run_numgen(struct build *b, attrs tb);
bool run_payload(struct build *b, attrs tb);
bool run_range(struct build *b, attrs tb);

bool run_counter(struct build *b, attrs tb);
bool run_immediate(struct build *b, attrs tb);
bool run_log(struct build *b, attrs tb);
bool run_masq(struct build *b, attrs tb);
bool run_nat(struct build *b, attrs tb);
bool run_redir(struct build *b, attrs tb);
bool run_reject(struct build *b, attrs tb);
bool run_xt_match(struct build *b, attrs tb);
bool run_xt_target(struct build *b, attrs tb);

#endif
