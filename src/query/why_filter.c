/* SPDX-License-Identifier: MIT */
/*
 * What the packet filters of a hook do with a packet: which chains it passes, in which order, and
 * what is told of them. How one is run is in why_chain.c; the rules themselves were read by net/.
 */
#include <string.h>

#include <nsview/cleanup.h>

#include "why_chain.h"

static bool is_of_family(const struct net_filter_chain *chain, const struct packet *p)
{
	if (p->frame || strcmp(chain->family, "bridge") == 0)
		return p->frame && strcmp(chain->family, "bridge") == 0;
	if (strcmp(chain->family, "netdev") == 0)
		return true;
	if (strcmp(chain->family, "inet") == 0 || p->arp)
		return !p->arp;
	return strcmp(chain->family, p->dst.family == AF_INET6 ? "ip6" : "ip") == 0;
}

/*
 * Only the first packet of a connection is looked up there, which one out of order is not; and what
 * comes from inside only where it goes out.
 */
static bool is_for_nat(enum net_hook hook, const struct packet *p)
{
	bool coming = hook == NET_HOOK_PREROUTING || hook == NET_HOOK_INPUT;

	if (p->icmp)
		return false;
	if (p->reply && !(p->stray && p->proto == NET_PROTO_UDP))
		return false;
	return !(coming && p->in && (p->in->flags & IFF_LOOPBACK));
}

static bool names_link(const struct net_filter_chain *chain, const struct net_link *link)
{
	for (size_t i = 0; chain->devices && chain->devices[i]; i++)
		if (strcmp(chain->devices[i], link->name) == 0)
			return true;
	for (size_t i = 0; chain->prefixes && chain->prefixes[i]; i++)
		if (strncmp(chain->prefixes[i], link->name, strlen(chain->prefixes[i])) == 0)
			return true;
	return false;
}

static bool is_asked(const struct net_filter_chain *chain, enum net_hook hook,
		     const struct packet *p)
{
	const struct net_link *link = hook == NET_HOOK_INGRESS ? p->in : p->out;

	if (!chain->type || chain->hook != hook || chain->dormant || !is_of_family(chain, p))
		return false;
	if (strcmp(chain->type, "nat") == 0 && !is_for_nat(hook, p))
		return false;
	return (hook != NET_HOOK_INGRESS && hook != NET_HOOK_EGRESS) ||
	       (link && names_link(chain, link));
}

/* The next base chain by priority; of the same the kernel has the newest first, the last listed. */
static const struct net_filter_chain *next_chain(const struct net_ns *at, enum net_hook hook,
						 const struct packet *p,
						 const struct net_filter_chain *last)
{
	const struct net_filter_chain *best = NULL;
	bool passed = false;

	for (const struct net_filter_chain *c = at->chains; c; c = c->next) {
		if (c == last) {
			passed = true;
			continue;
		}
		if (!is_asked(c, hook, p) || (last && c->priority < last->priority) ||
		    (last && c->priority == last->priority && passed))
			continue;
		if (!best || c->priority <= best->priority)
			best = c;
	}
	return best;
}

/* One of another table that may come before it or after it: which is newer is not told. */
static const struct net_filter_chain *next_equal(const struct net_ns *at, enum net_hook hook,
						 const struct packet *p,
						 const struct net_filter_chain *chain,
						 const struct net_filter_chain *last)
{
	for (const struct net_filter_chain *c = last ? last->next : at->chains; c; c = c->next)
		if (c->priority == chain->priority && c->nrules && is_asked(c, hook, p) &&
		    (c->legacy != chain->legacy || strcmp(c->table, chain->table) != 0 ||
		     strcmp(c->family, chain->family) != 0))
			return c;
	return NULL;
}

/* Whether another would translate it as well, if it came first. */
static bool has_rival(struct walk *w, const struct net_ns *at, enum net_hook hook,
		      const struct net_filter_chain *chain, const struct packet *p)
{
	const struct net_filter_chain *c = NULL;

	while ((c = next_equal(at, hook, p, chain, c))) {
		struct packet copy = *p;
		struct trial t = { .w = w, .at = at, .p = &copy };

		if (strcmp(c->type, "nat") == 0 && (why_chain_run(&t, c) != CAN_PASS || t.nat))
			return true;
	}
	return false;
}

static const char *what_of(const struct packet *p)
{
	return p->arp ? "ARP" : p->icmp ? "neighbour discovery" : "it";
}

static bool fail_filter(struct walk *w, const struct trial *t, enum net_hook hook)
{
	const struct net_filter_chain *c = t->culprit_chain;
	autobuffer inside = BUFFER_INIT, chain = BUFFER_INIT;

	why_put_inside(w, t->at, &inside);
	why_put_chain(c, &chain);
	if (t->culprit)
		why_fail(w, "filter", t->at, "a rule of chain \"%s\" (%s) %s drops %s: %s",
			 buffer_str(&chain), net_hook_names[hook], buffer_str(&inside),
			 what_of(t->p), t->culprit->text);
	else
		why_fail(w, "filter", t->at,
			 "the policy of chain \"%s\" (%s) %s drops %s: no rule accepts it",
			 buffer_str(&chain), net_hook_names[hook], buffer_str(&inside),
			 what_of(t->p));
	why_fix_filter(w, t->at, c, t->p);
	return false;
}

static void skip_filter(struct walk *w, const struct trial *t, enum net_hook hook,
			const struct net_filter_chain *chain)
{
	struct buffer *text = why_hop(w, WHY_SKIP, "filter", t->at);

	buffer_printf(text, "%s, ", net_hook_names[hook]);
	why_put_chain(chain, text);
	if (t->p->arp || t->p->icmp)
		buffer_printf(text, ", of %s", what_of(t->p));
	if (t->doubt)
		buffer_printf(text, ": not evaluated: %s", t->doubt->text);
	else
		buffer_text(text, ": not evaluated");
}

/* What was read of the filters, if anything is missing. */
static bool is_unread(struct walk *w, const struct net_ns *at, enum net_hook hook)
{
	const struct net_known *known = &at->parts[NET_PART_FILTER];
	bool unread = known->missing || known->torn;
	struct buffer *text;

	if (known->fact.state == FACT_UNSUPPORTED || hook == NET_HOOK_EGRESS ||
	    hook == NET_HOOK_INGRESS || hook == NET_HOOK_POSTROUTING)
		return false;
	if (fact_is_known(known->fact) && !unread)
		return false;
	if (!fact_is_known(known->fact) && hook == NET_HOOK_PREROUTING)
		return false;
	text = why_hop(w, WHY_SKIP, "filter", at);
	why_place(w->net, at, text);
	buffer_printf(text, ", %s: not evaluated: %s", net_hook_names[hook],
		      known->why ? known->why : fact_why(known->fact));
	return true;
}

/* Where the kernel looks for a route again after a mark has changed. */
static bool marks_reroute(const struct net_filter_chain *chain)
{
	return chain->legacy ? strcmp(chain->table, "mangle") == 0
			     : strcmp(chain->type, "route") == 0;
}

/* Whether a chain comes before the kernel has looked which connection a packet is of. */
static bool is_early(const struct net_filter_chain *chain, enum net_hook hook,
		     const struct packet *p)
{
	enum { CONNTRACK = -200 };

	if (hook == NET_HOOK_INGRESS)
		return true;
	if (hook == NET_HOOK_PREROUTING && p->in && (p->in->flags & IFF_LOOPBACK))
		return false;
	return (hook == NET_HOOK_PREROUTING || hook == NET_HOOK_OUTPUT) &&
	       chain->priority < CONNTRACK;
}

static bool run_base(struct walk *w, const struct net_ns *at, enum net_hook hook,
		     const struct net_filter_chain *chain, struct packet *p, bool *out_translated)
{
	struct trial t = { .w = w, .at = at, .p = p };
	uint32_t unmarked = p->mark;
	bool third = p->third;
	unsigned can;

	p->early = is_early(chain, hook, p);
	/* What was translated is so again, as the first packet was. */
	p->third = third && strcmp(chain->type, "nat") != 0;
	can = why_chain_run(&t, chain);
	p->third = third;
	p->reroute = p->reroute || (p->mark != unmarked && marks_reroute(chain));
	p->rewritten =
		p->rewritten || (p->mark != unmarked && next_equal(at, hook, p, chain, NULL));
	if (can == CAN_DROP)
		return fail_filter(w, &t, hook);
	if (can != CAN_PASS || (t.nat && has_rival(w, at, hook, chain, p))) {
		t.doubt = t.doubt ? t.doubt : t.nat;
		skip_filter(w, &t, hook, chain);
		/* Where it would lead is another place. */
		return strcmp(chain->type, "nat") != 0;
	}
	*out_translated = *out_translated || t.nat;
	if (t.nat)
		return why_translate(w, at, t.nat, p);
	if (chain->nrules || chain->policy == NET_VERDICT_DROP) {
		struct buffer *text = why_hop(w, WHY_OK, "filter", at);

		why_place(w->net, at, text);
		buffer_printf(text, ", %s: passes ", net_hook_names[hook]);
		why_put_chain(chain, text);
	}
	return true;
}

bool why_filter(struct walk *w, const struct net_ns *at, enum net_hook hook, struct packet *p)
{
	const struct net_filter_chain *chain = NULL;
	bool translated = false;

	is_unread(w, at, hook);
	if (!p->reply && !p->third && !p->frame &&
	    (hook == NET_HOOK_PREROUTING || hook == NET_HOOK_OUTPUT))
		why_connections(w, at);
	while ((chain = next_chain(at, hook, p, chain))) {
		/* The first chain that translates is the last that is asked. */
		if (translated && strcmp(chain->type, "nat") == 0)
			continue;
		if (!run_base(w, at, hook, chain, p, &translated))
			return false;
	}
	return true;
}
