/* SPDX-License-Identifier: MIT */
/*
 * What the packet filters of a hook do with a packet. Each chain is run for every outcome that it
 * may have: where a rule cannot be told to match, both ways are followed; only what is the same
 * either way is an answer. The rules themselves were read by net/.
 */
#include <string.h>

#include <nsview/cleanup.h>

#include "why_parts.h"

enum { /* outcomes, as bits */
       CAN_PASS = 1,
       CAN_DROP = 2,
       CAN_RETURN = 4, /* the end of a chain that was jumped to */
       CAN_OTHER = 8,
};
enum { JUMPS_MAX = 16 };

struct trial {
	const struct net_ns *at;
	const struct packet *p;
	const struct net_filter_rule *nat; /* of the one that surely translates */
	const struct net_filter_rule *culprit;
	const struct net_filter_chain *culprit_chain;
	const struct net_filter_rule *doubt; /* the first that cannot be told */
	bool maybe;			     /* an outcome before could have ended it */
};

static const struct net_filter_chain *
find_chain(const struct net_ns *at, const struct net_filter_chain *like, const char *name)
{
	for (const struct net_filter_chain *c = at->chains; c; c = c->next)
		if (name && strcmp(c->name, name) == 0 && strcmp(c->table, like->table) == 0 &&
		    strcmp(c->family, like->family) == 0 && c->legacy == like->legacy)
			return c;
	return NULL;
}

static unsigned run_chain(struct trial *t, const struct net_filter_chain *chain, int depth);

static unsigned drop(struct trial *t, const struct net_filter_chain *chain,
		     const struct net_filter_rule *rule)
{
	t->culprit = rule;
	t->culprit_chain = chain;
	return CAN_DROP;
}

/* The outcome of a rule that matches; CAN_RETURN: the next rule follows. */
static unsigned run_rule(struct trial *t, const struct net_filter_chain *chain,
			 const struct net_filter_rule *rule, int depth, bool *out_ends)
{
	const struct net_filter_chain *to;
	unsigned can;

	*out_ends = true;
	switch (rule->verdict) {
	case NET_VERDICT_NONE:
		*out_ends = false;
		return CAN_RETURN;
	case NET_VERDICT_ACCEPT:
		return CAN_PASS;
	case NET_VERDICT_DROP:
	case NET_VERDICT_REJECT:
		return drop(t, chain, rule);
	case NET_VERDICT_RETURN:
		return CAN_RETURN;
	case NET_VERDICT_JUMP:
	case NET_VERDICT_GOTO:
		to = find_chain(t->at, chain, rule->target);
		can = to && depth < JUMPS_MAX ? run_chain(t, to, depth + 1) : CAN_OTHER;
		*out_ends = rule->verdict == NET_VERDICT_GOTO || !(can & CAN_RETURN);
		return can;
	case NET_VERDICT_DNAT:
	case NET_VERDICT_SNAT:
	case NET_VERDICT_MASQUERADE:
	case NET_VERDICT_REDIRECT:
		if (t->maybe)
			return CAN_OTHER;
		t->nat = rule;
		return CAN_PASS;
	default:
		return CAN_OTHER;
	}
}

/* Rules that only count, log or mark are followed by the next, whether they match or not. */
static unsigned run_chain(struct trial *t, const struct net_filter_chain *chain, int depth)
{
	unsigned can = 0, one;
	bool ends;

	for (const struct net_filter_rule *r = chain->rules; r; r = r->next) {
		enum match match = why_match(t->at, r, t->p);

		if (match == MATCH_NO || (r->verdict == NET_VERDICT_NONE))
			continue;
		if (match == MATCH_MAYBE) {
			t->doubt = t->doubt ? t->doubt : r;
			t->maybe = true;
		}
		one = run_rule(t, chain, r, depth, &ends);
		if (match == MATCH_YES && ends)
			return can | one;
		can |= one & ~(unsigned)CAN_RETURN;
		if (one & CAN_RETURN && ends)
			can |= CAN_RETURN;
		t->maybe = t->maybe || (one & ~(unsigned)CAN_RETURN);
	}
	if (depth)
		return can | CAN_RETURN;
	return can | (chain->policy == NET_VERDICT_DROP ? drop(t, chain, NULL) : CAN_PASS);
}

static bool is_of_family(const struct net_filter_chain *chain, const struct packet *p)
{
	if (strcmp(chain->family, "inet") == 0 || strcmp(chain->family, "netdev") == 0)
		return true;
	return strcmp(chain->family, p->dst.family == AF_INET6 ? "ip6" : "ip") == 0;
}

static bool is_asked(const struct net_filter_chain *chain, enum net_hook hook,
		     const struct packet *p)
{
	const struct net_link *link = hook == NET_HOOK_INGRESS ? p->in : p->out;

	if (!chain->type || chain->hook != hook || chain->dormant || !is_of_family(chain, p))
		return false;
	/* Only the first packet of a connection is looked up there. */
	if (p->reply && strcmp(chain->type, "nat") == 0)
		return false;
	return !chain->device || (link && strcmp(chain->device, link->name) == 0);
}

/* The next base chain by priority; of the same, as they were listed. */
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
		    (last && c->priority == last->priority && !passed))
			continue;
		if (!best || c->priority < best->priority)
			best = c;
	}
	return best;
}

static void put_chain(const struct net_filter_chain *c, struct buffer *out)
{
	buffer_printf(out, "%s %s %s", c->family, c->table, c->name);
}

/* What stands before a rule that lets just this through: "ip daddr 10.0.0.2 tcp dport 80". */
static void put_selector(const struct packet *p, struct buffer *out)
{
	const char *ip = p->dst.family == AF_INET6 ? "ip6" : "ip";
	const char *proto = p->proto == NET_PROTO_UDP ? "udp" : "tcp";
	char src[NET_IP_TEXT], dst[NET_IP_TEXT];

	buffer_printf(out, "%s saddr %s %s daddr %s", ip, why_ip(&p->src, src), ip,
		      why_ip(&p->dst, dst));
	if (p->dport)
		buffer_printf(out, " %s dport %u", proto, p->dport);
	else if (p->sport)
		buffer_printf(out, " %s sport %u", proto, p->sport);
}

static bool fail_filter(struct walk *w, const struct trial *t, enum net_hook hook)
{
	const struct net_filter_chain *c = t->culprit_chain;
	autobuffer inside = BUFFER_INIT, chain = BUFFER_INIT, selector = BUFFER_INIT;

	why_put_inside(w, t->at, &inside);
	put_chain(c, &chain);
	put_selector(t->p, &selector);
	if (t->culprit)
		why_fail(w, "filter", t->at, "a rule of chain \"%s\" (%s) %s drops it: %s",
			 buffer_str(&chain), net_hook_names[hook], buffer_str(&inside),
			 t->culprit->text);
	else
		why_fail(w, "filter", t->at,
			 "the policy of chain \"%s\" (%s) %s drops it: no rule accepts it",
			 buffer_str(&chain), net_hook_names[hook], buffer_str(&inside));
	why_show(w, t->at, "nft -a list chain %s %s %s", c->family, why_word(c->table),
		 why_word(c->name));
	why_fix(w, t->at, "nft insert rule %s %s %s %s accept", c->family, why_word(c->table),
		why_word(c->name), buffer_str(&selector));
	return false;
}

static void skip_filter(struct walk *w, const struct trial *t, enum net_hook hook,
			const struct net_filter_chain *chain)
{
	struct buffer *text = why_hop(w, WHY_SKIP, "filter", t->at);

	buffer_printf(text, "%s, ", net_hook_names[hook]);
	put_chain(chain, text);
	if (t->doubt)
		buffer_printf(text, ": not evaluated: %s", t->doubt->text);
	else
		buffer_text(text, ": not evaluated");
}

static void set_source(struct packet *p, const struct net_ns *at,
		       const struct net_filter_rule *rule)
{
	struct packet onwards = { .dst = p->dst };
	struct net_hop hop = { .link = (struct net_link *)p->out };
	struct route_answer route = { .hop = &hop };

	if (rule->verdict == NET_VERDICT_MASQUERADE)
		p->src = why_source(at, &route, &onwards);
	else if (rule->has_nat_ip)
		p->src = rule->nat_first;
}

static void set_destination(struct packet *p, const struct net_filter_rule *rule)
{
	const struct net_addr *own = NULL;

	if (rule->verdict == NET_VERDICT_REDIRECT && p->in) {
		while ((own = net_link_next_addr(p->in, own)) && own->ip.family != p->dst.family)
			;
		p->dst = own ? own->ip : p->dst;
	} else if (rule->verdict == NET_VERDICT_REDIRECT) {
		net_ip_parse(p->dst.family == AF_INET6 ? "::1" : "127.0.0.1", &p->dst);
	} else if (rule->has_nat_ip) {
		p->dst = rule->nat_first;
	}
	if (rule->has_nat_ports)
		p->dport = (uint16_t)rule->nat_ports.first;
}

/* One that chooses among several cannot be followed. */
static bool is_certain(const struct net_filter_rule *rule)
{
	return rule->sound &&
	       (!rule->has_nat_ip || net_ip_equal(&rule->nat_first, &rule->nat_last)) &&
	       (!rule->has_nat_ports || rule->nat_ports.first == rule->nat_ports.last ||
		rule->verdict == NET_VERDICT_SNAT || rule->verdict == NET_VERDICT_MASQUERADE);
}

static bool translate(struct walk *w, const struct trial *t, struct packet *p)
{
	const struct net_filter_rule *rule = t->nat;
	bool source = rule->verdict == NET_VERDICT_SNAT || rule->verdict == NET_VERDICT_MASQUERADE;
	struct buffer *text;
	char ip[NET_IP_TEXT];

	text = why_hop(w, is_certain(rule) ? WHY_OK : WHY_SKIP, "nat", t->at);
	why_place(w->net, t->at, text);
	if (!is_certain(rule)) {
		buffer_printf(text, ": where this leads cannot be told: %s", rule->text);
		return false;
	}
	if (source)
		set_source(p, t->at, rule);
	else
		set_destination(p, rule);
	buffer_printf(text, ": %s %s", source ? "from" : "to",
		      why_ip(source ? &p->src : &p->dst, ip));
	if (!source && p->dport)
		buffer_printf(text, " port %u", p->dport);
	buffer_printf(text, " (%s)", rule->text);
	return true;
}

/* Whether some rule of the table may write what later ones, or routing, read. */
static bool may_mark(const struct net_ns *at, const struct net_filter_chain *chain,
		     const struct packet *p)
{
	for (const struct net_filter_chain *c = at->chains; c; c = c->next)
		if (strcmp(c->table, chain->table) == 0 && strcmp(c->family, chain->family) == 0)
			for (const struct net_filter_rule *r = c->rules; r; r = r->next)
				if (!r->sound && r->verdict == NET_VERDICT_NONE &&
				    why_match(at, r, p) != MATCH_NO)
					return true;
	return false;
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

static bool run_base(struct walk *w, const struct net_ns *at, enum net_hook hook,
		     const struct net_filter_chain *chain, struct packet *p)
{
	struct trial t = { .at = at, .p = p };
	unsigned can = run_chain(&t, chain, 0);

	p->rewritten = p->rewritten || may_mark(at, chain, p);
	if (can & CAN_RETURN)
		can |= chain->policy == NET_VERDICT_DROP ? drop(&t, chain, NULL) : CAN_PASS;
	can &= ~(unsigned)CAN_RETURN;
	if (can == CAN_DROP)
		return fail_filter(w, &t, hook);
	if (can != CAN_PASS) {
		skip_filter(w, &t, hook, chain);
		/* Where it would lead is another place. */
		return strcmp(chain->type, "nat") != 0;
	}
	if (t.nat)
		return translate(w, &t, p);
	if (chain->nrules || chain->policy == NET_VERDICT_DROP) {
		struct buffer *text = why_hop(w, WHY_OK, "filter", at);

		why_place(w->net, at, text);
		buffer_printf(text, ", %s: passes ", net_hook_names[hook]);
		put_chain(chain, text);
	}
	return true;
}

bool why_filter(struct walk *w, const struct net_ns *at, enum net_hook hook, struct packet *p)
{
	const struct net_filter_chain *chain = NULL;

	is_unread(w, at, hook);
	while ((chain = next_chain(at, hook, p, chain)))
		if (!run_base(w, at, hook, chain, p))
			return false;
	return true;
}
