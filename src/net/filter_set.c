/* SPDX-License-Identifier: MIT */
/*
 * Sets of nftables, and maps of verdicts and of values: the keys as they stand in registers, since
 * only who looks them up knows which fields these are. A set that packets add to is known by name
 * alone, since the one at hand may do so; so is one with more elements than anybody would look
 * through, or with elements that do more than be there.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "filter.h"
#include "uapi.h"

enum { KEPT_MAX = 10000 };

static bool is_message(const struct nlmsghdr *nlh, unsigned type)
{
	return nlh->nlmsg_type == (NFNL_SUBSYS_NFTABLES << 8 | type);
}

int filter_set_parse(const struct nlmsghdr *nlh, struct arena *arena, struct filter_set *out)
{
	const struct nfgenmsg *msg = nl_extra(nlh, sizeof(*msg));
	nl_attrs tb[NFTA_SET_MAX + 1];
	uint32_t data_type = NFT_DATA_VALUE;

	if (!is_message(nlh, NFT_MSG_NEWSET))
		return -ENOENT;
	if (!msg)
		return -EPROTO;
	nl_attrs_get(nlh, sizeof(*msg), tb, NFTA_SET_MAX + 1);
	*out = (struct filter_set){ .family = msg->nfgen_family };
	out->table = nl_text(tb[NFTA_SET_TABLE], arena);
	out->name = nl_text(tb[NFTA_SET_NAME], arena);
	if (!out->table || !out->name)
		return -EPROTO;
	nl_be32(tb[NFTA_SET_FLAGS], &out->flags);
	nl_be32(tb[NFTA_SET_KEY_LEN], &out->key_len);
	nl_be32(tb[NFTA_SET_DATA_TYPE], &data_type);
	out->verdicts = (out->flags & NFT_SET_MAP) && data_type == NFT_DATA_VERDICT;
	if ((out->flags & NFT_SET_MAP) && !out->verdicts)
		nl_be32(tb[NFTA_SET_DATA_LEN], &out->value_len);
	out->plain = out->key_len > 0 && out->key_len <= FILTER_KEY &&
		     out->value_len <= FILTER_KEY &&
		     !(out->flags & (NFT_SET_OBJECT | NFT_SET_EVAL)) &&
		     (out->verdicts || out->value_len || !(out->flags & NFT_SET_MAP));
	return 0;
}

/* Of struct nft_data: a value of just that length; false for anything else. */
static bool take_value(const struct nlattr *a, uint32_t len, uint8_t out[FILTER_KEY])
{
	nl_attrs tb[NFTA_DATA_MAX + 1];

	nl_attrs_nested(a, tb, NFTA_DATA_MAX + 1);
	if (!tb[NFTA_DATA_VALUE] || mnl_attr_get_payload_len(tb[NFTA_DATA_VALUE]) != len)
		return false;
	memcpy(out, mnl_attr_get_payload(tb[NFTA_DATA_VALUE]), len);
	return true;
}

/* Rows have one that counts, or that decides whether the element is found at all. */
static bool only_counts(const struct nlattr *expression)
{
	nl_attrs tb[NFTA_EXPR_MAX + 1];

	nl_attrs_nested(expression, tb, NFTA_EXPR_MAX + 1);
	return tb[NFTA_EXPR_NAME] && mnl_attr_get_payload_len(tb[NFTA_EXPR_NAME]) == 8 &&
	       memcmp(mnl_attr_get_payload(tb[NFTA_EXPR_NAME]), "counter", 8) == 0;
}

static bool takes_keys(const nl_attrs *tb, const struct filter_set *set, struct filter_element *e)
{
	const struct nlattr *end = tb[UAPI_NFTA_SET_ELEM_KEY_END];

	if (e->otherwise)
		return true;
	if (!take_value(tb[NFTA_SET_ELEM_KEY], set->key_len, e->key))
		return false;
	memcpy(e->last, e->key, sizeof(e->last));
	return !end ||
	       ((set->flags & UAPI_NFT_SET_CONCAT) && take_value(end, set->key_len, e->last));
}

static bool takes_data(const struct nlattr *a, const struct filter_set *set, struct arena *arena,
		       struct filter_element *e)
{
	nl_attrs tb[NFTA_DATA_MAX + 1];

	if (e->end)
		return true;
	nl_attrs_nested(a, tb, NFTA_DATA_MAX + 1);
	if (set->verdicts)
		return filter_verdict_parse(tb[NFTA_DATA_VERDICT], arena, &e->to);
	return !set->value_len || take_value(a, set->value_len, e->value);
}

static int parse_element(const struct nlattr *elem, const struct filter_set *set,
			 struct arena *arena, struct vec *out)
{
	nl_attrs tb[UAPI_NFTA_SET_ELEM_EXPRESSIONS + 1];
	struct filter_element e = { .to = { NET_VERDICT_NONE, NULL } };
	uint32_t flags = 0;

	nl_attrs_nested(elem, tb, UAPI_NFTA_SET_ELEM_EXPRESSIONS + 1);
	nl_be32(tb[NFTA_SET_ELEM_FLAGS], &flags);
	e.end = flags & NFT_SET_ELEM_INTERVAL_END;
	e.otherwise = flags & UAPI_NFT_SET_ELEM_CATCHALL;
	if (tb[UAPI_NFTA_SET_ELEM_EXPRESSIONS] ||
	    (tb[NFTA_SET_ELEM_EXPR] && !only_counts(tb[NFTA_SET_ELEM_EXPR])))
		return -EPROTO;
	if (!takes_keys(tb, set, &e) || !takes_data(tb[NFTA_SET_ELEM_DATA], set, arena, &e))
		return -EPROTO;
	*(struct filter_element *)vec_add(out) = e;
	return 0;
}

int filter_elements_parse(const struct nlmsghdr *nlh, const struct filter_set *set,
			  struct arena *arena, struct vec *out)
{
	nl_attrs tb[NFTA_SET_ELEM_LIST_MAX + 1];
	const struct nlattr *a;
	struct nl_walk w;

	if (!is_message(nlh, NFT_MSG_NEWSETELEM))
		return -ENOENT;
	nl_attrs_get(nlh, sizeof(struct nfgenmsg), tb, NFTA_SET_ELEM_LIST_MAX + 1);
	w = nl_walk_nested(tb[NFTA_SET_ELEM_LIST_ELEMENTS]);
	while (nl_next(&w, &a)) {
		int ret;

		if (mnl_attr_get_type(a) != NFTA_LIST_ELEM)
			continue;
		if (out->n >= KEPT_MAX)
			return -E2BIG;
		ret = parse_element(a, set, arena, out);
		if (ret < 0)
			return ret;
	}
	return 0;
}

/* An interval ends before the next begins, where both have the same key. */
static int compare_elements(const void *a, const void *b)
{
	const struct filter_element *x = a, *y = b;
	int order = (int)x->otherwise - (int)y->otherwise;

	if (order == 0)
		order = memcmp(x->key, y->key, sizeof(x->key));
	return order ? order : (int)y->end - (int)x->end;
}

/* The value below, of len bytes; an end is the first that is not in the interval any more. */
static void one_less(uint8_t *value, size_t len)
{
	while (len && value[len - 1]-- == 0)
		len--;
}

/* Those of concatenations come with both their ends, others end where the next one begins. */
static void close_element(const struct filter_set *set, struct filter_element *e, bool has_next)
{
	if (!(set->flags & NFT_SET_INTERVAL) || (set->flags & UAPI_NFT_SET_CONCAT))
		return;
	memset(e->last, 0xff, sizeof(e->last));
	if (!has_next)
		return;
	memcpy(e->last, e[1].key, sizeof(e->last));
	one_less(e->last, set->key_len);
}

struct rows {
	uint8_t *first, *last, *values;
	struct filter_verdict *to;
};

static void put_element(const struct filter_set *set, const struct filter_element *e,
			const struct rows *rows, size_t n)
{
	memcpy(rows->first + n * set->key_len, e->key, set->key_len);
	memcpy(rows->last + n * set->key_len, e->last, set->key_len);
	memcpy(rows->values + n * set->value_len, e->value, set->value_len);
	rows->to[n] = e->to;
}

void filter_set_close(struct filter_set *set, struct vec *elements, struct arena *arena)
{
	struct filter_element *e = elements->at;
	struct rows rows;
	uint32_t n = 0;

	if (!elements->n)
		return;
	qsort(elements->at, elements->n, sizeof(*e), compare_elements);
	rows.first = arena_alloc(arena, elements->n * set->key_len);
	rows.last = arena_alloc(arena, elements->n * set->key_len);
	rows.values = arena_alloc(arena, elements->n * set->value_len + 1);
	rows.to = arena_alloc(arena, elements->n * sizeof(*rows.to));
	for (size_t i = 0; i < elements->n; i++) {
		if (e[i].end)
			continue;
		close_element(set, &e[i], i + 1 < elements->n && !e[i + 1].otherwise);
		put_element(set, &e[i], &rows, n);
		set->otherwise = set->otherwise || e[i].otherwise;
		n += !e[i].otherwise;
	}
	set->first = rows.first;
	set->last = rows.last;
	set->values = rows.values;
	set->to = rows.to;
	set->n = n;
}
