/* SPDX-License-Identifier: MIT */
/*
 * Sets of nftables into intervals, and maps of verdicts. What is neither (other maps,
 * concatenations) is known by name alone; so is one with more elements than anybody would look
 * through.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "filter.h"

enum { KEPT_MAX = 10000, SET_CONCAT = 0x80 /* NFT_SET_CONCAT, 5.6 */ };

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
	out->plain = out->key_len > 0 &&
		     out->key_len <= sizeof(((struct filter_element *)0)->key) &&
		     !(out->flags & (NFT_SET_OBJECT | SET_CONCAT)) &&
		     (out->verdicts || !(out->flags & NFT_SET_MAP));
	return 0;
}

static int parse_element(const struct nlattr *elem, const struct filter_set *set,
			 struct arena *arena, struct vec *out)
{
	nl_attrs tb[NFTA_SET_ELEM_MAX + 1], data[NFTA_DATA_MAX + 1], value[NFTA_DATA_MAX + 1];
	const uint32_t key_len = set->key_len;
	struct filter_element *e;
	struct filter_verdict to = { NET_VERDICT_NONE, NULL };
	uint32_t flags = 0;

	nl_attrs_nested(elem, tb, NFTA_SET_ELEM_MAX + 1);
	nl_attrs_nested(tb[NFTA_SET_ELEM_KEY], data, NFTA_DATA_MAX + 1);
	nl_be32(tb[NFTA_SET_ELEM_FLAGS], &flags);
	if (!data[NFTA_DATA_VALUE] || tb[NFTA_SET_ELEM_KEY_END])
		return -EPROTO;
	if (mnl_attr_get_payload_len(data[NFTA_DATA_VALUE]) != key_len || key_len > sizeof(e->key))
		return -EPROTO;
	nl_attrs_nested(tb[NFTA_SET_ELEM_DATA], value, NFTA_DATA_MAX + 1);
	if (set->verdicts && !(flags & NFT_SET_ELEM_INTERVAL_END) &&
	    !filter_verdict_parse(value[NFTA_DATA_VERDICT], arena, &to))
		return -EPROTO;
	e = vec_add(out);
	e->to = to;
	memcpy(e->key, mnl_attr_get_payload(data[NFTA_DATA_VALUE]), key_len);
	e->end = flags & NFT_SET_ELEM_INTERVAL_END;
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
	int order = memcmp(x->key, y->key, sizeof(x->key));

	return order ? order : (int)y->end - (int)x->end;
}

/* The value below, of len bytes; an end is the first that is not in the interval any more. */
static void one_less(uint8_t *value, size_t len)
{
	while (len && value[len - 1]-- == 0)
		len--;
}

void filter_set_close(struct filter_set *set, struct vec *elements, struct arena *arena)
{
	const struct filter_element *e = elements->at;
	struct net_interval *in;
	struct filter_verdict *to;
	uint32_t n = 0;

	if (!elements->n)
		return;
	qsort(elements->at, elements->n, sizeof(*e), compare_elements);
	in = arena_alloc(arena, elements->n * sizeof(*in));
	to = arena_alloc(arena, elements->n * sizeof(*to));
	for (size_t i = 0; i < elements->n; i++) {
		if (e[i].end)
			continue;
		memcpy(in[n].first, e[i].key, sizeof(e->key));
		memcpy(in[n].last, e[i].key, sizeof(e->key));
		if ((set->flags & NFT_SET_INTERVAL) && i + 1 < elements->n) {
			memcpy(in[n].last, e[i + 1].key, sizeof(e->key));
			one_less(in[n].last, set->key_len);
		} else if (set->flags & NFT_SET_INTERVAL) {
			memset(in[n].last, 0xff, set->key_len);
		}
		to[n++] = e[i].to;
	}
	set->in = in;
	set->to = to;
	set->nin = n;
}
