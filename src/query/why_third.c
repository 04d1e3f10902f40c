/* SPDX-License-Identifier: MIT */
/*
 * What of TCP follows the answer: it goes as the first packet did, but filters see it as part of a
 * connection that they know, or, where the answer went another way, as what it cannot be. Without
 * it the one who asked is connected, and nobody has answered: that is not told to be one or the
 * other. The states are those of nf_conntrack_proto_tcp.c in the kernel.
 */
#include <nsview/cleanup.h>

#include "why_parts.h"

/* Whether anybody could tell it from the first packet. */
static bool is_filtered(const struct net *net)
{
	for (size_t i = 0; i < net->n; i++)
		for (const struct net_filter_chain *c = net->list[i]->chains; c; c = c->next)
			if (c->type && c->nrules)
				return true;
	return false;
}

static const struct why_hop *first_skip(const struct why *why)
{
	for (size_t i = 0; i < why->nhops; i++)
		if (why->hops[i].verdict == WHY_SKIP)
			return &why->hops[i];
	return NULL;
}

static void skip(struct walk *w, const struct why_hop *like, const char *words, const char *why)
{
	buffer_printf(why_hop(w, WHY_SKIP, like->title, like->at), "%s%s", words, why);
}

static void report(struct walk *w, const struct walk *trial, const struct why *found)
{
	const struct why_hop *skipped = first_skip(found);

	if (found->broken != SIZE_MAX)
		skip(w, &found->hops[found->broken],
		     "the connection is made on one side only, since what follows the answer does "
		     "not get through: ",
		     buffer_str(&found->cause));
	else if (skipped && !w->unsure)
		skip(w, skipped, "what follows the answer: ", buffer_str(&skipped->text));
	else if (trial->nforks > w->nforks)
		buffer_text(why_hop(w, WHY_SKIP, "filter", w->q->from),
			    "what follows the answer may go several ways, which are not followed");
}

void why_third(struct walk *w, const struct packet *first)
{
	struct why scratch = { .broken = SIZE_MAX };
	struct packet p = *first;
	struct walk trial = *w;
	const struct net_ns *end;

	if (first->proto != NET_PROTO_TCP || w->out->broken != SIZE_MAX || !is_filtered(w->net))
		return;
	trial.out = &scratch;
	trial.unsure = false;
	p.third = true;
	end = why_walk(&trial, w->q->from, &p);
	if (end)
		why_pass(&trial, end, NET_HOOK_INPUT, &p);
	report(w, &trial, &scratch);
	why_release(&scratch);
}
