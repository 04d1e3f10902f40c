/* SPDX-License-Identifier: MIT */
/*
 * What a rule that translates makes of a packet: which address, which port. One that chooses among
 * several is not followed.
 */
#include "why_parts.h"

static void set_source(struct packet *p, const struct net_ns *at,
		       const struct net_filter_rule *rule)
{
	if (rule->verdict == NET_VERDICT_MASQUERADE)
		p->src = why_select(at, p->out, &p->next, &p->dst, 0);
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

bool why_translate(struct walk *w, const struct net_ns *at, const struct net_filter_rule *rule,
		   struct packet *p)
{
	bool source = rule->verdict == NET_VERDICT_SNAT || rule->verdict == NET_VERDICT_MASQUERADE;
	struct buffer *text;
	char ip[NET_IP_TEXT];

	text = why_hop(w, is_certain(rule) ? WHY_OK : WHY_SKIP, "nat", at);
	why_place(w->net, at, text);
	if (!is_certain(rule)) {
		buffer_printf(text, ": where this leads cannot be told: %s", rule->text);
		return false;
	}
	if (source)
		set_source(p, at, rule);
	else
		set_destination(p, rule);
	buffer_printf(text, ": %s %s", source ? "from" : "to",
		      why_ip(source ? &p->src : &p->dst, ip));
	if (!source && p->dport)
		buffer_printf(text, " port %u", p->dport);
	buffer_printf(text, " (%s)", rule->text);
	return true;
}
