/* SPDX-License-Identifier: MIT */
/*
 * The paired links of all namespaces by their numbers: who might be whose other end, and what a
 * number must mean since the other end says so. Pure; what the kernel is asked is resolve.c's.
 *
 * To ask a namespace about a number costs the kernel a walk through all of its numbers, which for
 * the one that all the others are wired to is a walk per namespace. They have few numbers.
 */
#include <stdlib.h>

#include "resolve.h"

/* A paired link by its two numbers. */
struct pair {
	uint32_t own, peer;
	struct net_link *link;
};

struct pairs {
	struct pair *at; /* sorted */
	size_t n;
};

static int compare_pairs(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->own != y->own)
		return x->own < y->own ? -1 : 1;
	return x->peer < y->peer ? -1 : x->peer > y->peer;
}

struct pairs *pairs_new(const struct net *net)
{
	struct pairs *pairs = calloc(1, sizeof(*pairs));
	struct vec found = VEC(struct pair);

	if (!pairs)
		die("out of memory");
	for (size_t i = 0; i < net->n; i++)
		for (size_t k = 0; k < net->list[i]->nlinks; k++) {
			struct net_link *link = net->list[i]->links[k];

			if (link->peer.how != NET_HOW_NONE && link->peer.nsid != NSID_NONE)
				*(struct pair *)vec_add(&found) =
					(struct pair){ link->index, link->peer.index, link };
		}
	if (found.n)
		qsort(found.at, found.n, sizeof(struct pair), compare_pairs);
	pairs->at = found.at;
	pairs->n = found.n;
	return pairs;
}

void pairs_free(struct pairs *pairs)
{
	if (pairs)
		free(pairs->at);
	free(pairs);
}

/* The first whose numbers are not below these. */
static size_t first_of(const struct pairs *pairs, const struct pair *key)
{
	size_t low = 0, high = pairs->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (compare_pairs(&pairs->at[mid], key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

struct net_link *pairs_next(const struct pairs *pairs, const struct net_link *link, size_t *at)
{
	struct pair key = { link->peer.index, link->index, NULL };
	size_t i = *at ? *at : first_of(pairs, &key);

	if (i >= pairs->n || compare_pairs(&pairs->at[i], &key) != 0)
		return NULL;
	*at = i + 1;
	return pairs->at[i].link;
}

/* Where the one link is that leads to this one; NULL: none is known to, or several say so. */
static struct net_ns *led_from(const struct pairs *pairs, const struct net_link *link)
{
	struct net_link *other;
	struct net_ns *from = NULL;
	size_t at = 0;

	while ((other = pairs_next(pairs, link, &at))) {
		if (other->peer.nsid < 0 || nsid_to(other->net, other->peer.nsid) != link->net)
			continue;
		if (from)
			return NULL;
		from = other->net;
	}
	return from;
}

void nsids_infer(struct net_ns *ns, const struct pairs *pairs)
{
	struct net_ns **means = calloc(ns->nnsids + 1, sizeof(struct net_ns *));

	if (!means)
		die("out of memory");
	for (size_t i = 0; i < ns->nlinks; i++) {
		const struct net_link *link = ns->links[i];
		bool paired = link->peer.how != NET_HOW_NONE && link->peer.nsid >= 0;
		struct net_nsid *entry = paired ? nsid_entry(ns, link->peer.nsid) : NULL;
		struct net_ns *from = entry && !entry->to ? led_from(pairs, link) : NULL;
		struct net_ns **one = from ? &means[entry - ns->nsids] : NULL;

		/* Something moved meanwhile: then ns, which no number of its own means. */
		if (one)
			*one = !*one || *one == from ? from : ns;
	}
	for (size_t i = 0; i < ns->nnsids; i++)
		if (means[i] && means[i] != ns)
			ns->nsids[i].to = means[i];
	free(means);
}
