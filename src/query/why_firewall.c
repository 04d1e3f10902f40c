/* SPDX-License-Identifier: MIT */
/*
 * Chains of packet filters in words, and the commands that show one and let a packet through it:
 * those of nft(8), or of iptables-legacy(8), which has its own names for all of it.
 */
#include <string.h>

#include <nsview/cleanup.h>

#include "why_parts.h"

static const char *legacy_program(const struct net_filter_chain *c)
{
	if (strcmp(c->family, "arp") == 0)
		return "arptables-legacy";
	return strcmp(c->family, "ip6") == 0 ? "ip6tables-legacy" : "iptables-legacy";
}

void why_put_chain(const struct net_filter_chain *c, struct buffer *out)
{
	buffer_printf(out, "%s %s %s", c->legacy ? legacy_program(c) : c->family, c->table,
		      c->name);
}

void why_put_list_chain(const struct net_filter_chain *c, struct buffer *out)
{
	if (c->legacy)
		buffer_printf(out, "%s -t %s -vnL %s --line-numbers", legacy_program(c),
			      why_word(c->table), why_word(c->name));
	else
		buffer_printf(out, "nft -a list chain %s %s %s", c->family, why_word(c->table),
			      why_word(c->name));
}

/* "udp": a packet without ports is of neither. */
static const char *protocol_of(const struct packet *p)
{
	return p->proto == NET_PROTO_UDP ? "udp" : "tcp";
}

/* What stands before a rule that lets just this through: "ip daddr 10.0.0.2 tcp dport 80". */
static void put_nft_selector(const struct packet *p, struct buffer *out)
{
	const char *ip = p->dst.family == AF_INET6 ? "ip6" : "ip";
	char src[NET_IP_TEXT], dst[NET_IP_TEXT];

	if (p->arp || p->icmp) {
		buffer_text(out, p->arp ? "meta protocol arp" : "meta l4proto ipv6-icmp");
		return;
	}
	buffer_printf(out, "%s saddr %s %s daddr %s", ip, why_ip(&p->src, src), ip,
		      why_ip(&p->dst, dst));
	if (p->dport)
		buffer_printf(out, " %s dport %u", protocol_of(p), p->dport);
	else if (p->sport)
		buffer_printf(out, " %s sport %u", protocol_of(p), p->sport);
}

static void put_legacy_selector(const struct packet *p, struct buffer *out)
{
	char src[NET_IP_TEXT], dst[NET_IP_TEXT];

	if (p->icmp) {
		buffer_text(out, "-p ipv6-icmp");
		return;
	}
	buffer_printf(out, "-s %s -d %s", why_ip(&p->src, src), why_ip(&p->dst, dst));
	if (p->dport)
		buffer_printf(out, " -p %s --dport %u", protocol_of(p), p->dport);
	else if (p->sport)
		buffer_printf(out, " -p %s --sport %u", protocol_of(p), p->sport);
}

void why_fix_filter(struct walk *w, const struct net_ns *at, const struct net_filter_chain *c,
		    const struct packet *p)
{
	autobuffer list = BUFFER_INIT, selector = BUFFER_INIT;

	why_put_list_chain(c, &list);
	why_show(w, at, "%s", buffer_str(&list));
	if (c->legacy) {
		put_legacy_selector(p, &selector);
		why_fix(w, at, "%s -t %s -I %s %s -j ACCEPT", legacy_program(c), why_word(c->table),
			why_word(c->name), buffer_str(&selector));
		return;
	}
	put_nft_selector(p, &selector);
	why_fix(w, at, "nft insert rule %s %s %s %s accept", c->family, why_word(c->table),
		why_word(c->name), buffer_str(&selector));
}
