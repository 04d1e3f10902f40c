/* SPDX-License-Identifier: MIT */
/*
 * What filters do with the question who has an address, and with the answer to it: neighbour
 * discovery is ICMPv6 and passes them like anything else, though as no part of a connection; ARP
 * passes those of single links. Only where they are dropped is there anything to say.
 */
#include <netinet/in.h>
#include <string.h>

#include <nsview/cleanup.h>

#include "why_parts.h"

enum { SOLICITATION = 135, ADVERTISEMENT = 136, SCOPE_LINK = 253 };

static struct net_ip link_local_of(const struct net_link *link)
{
	const struct net_addr *a = NULL;

	while ((a = net_link_next_addr(link, a)))
		if (a->ip.family == AF_INET6 && a->ip.bytes[0] == 0xfe && a->ip.bytes[1] == 0x80)
			return a->ip;
	return (struct net_ip){ .family = AF_INET6 };
}

/* Those who may have ip listen to a group made of its end. */
static struct net_ip group_of(const struct net_ip *ip)
{
	struct net_ip group;

	net_ip_parse("ff02::1:ff00:0", &group);
	memcpy(group.bytes + 13, ip->bytes + 13, 3);
	return group;
}

static bool leaves(struct walk *w, const struct net_link *link, struct packet *p)
{
	p->in = NULL;
	p->out = link;
	if (!why_filter(w, link->net, NET_HOOK_OUTPUT, p))
		return false;
	/* The kernel makes these with the link at hand, which then counts as that of both. */
	p->in = link;
	return why_filter(w, link->net, NET_HOOK_POSTROUTING, p) &&
	       why_filter(w, link->net, NET_HOOK_EGRESS, p);
}

static bool enters(struct walk *w, const struct net_link *link, struct packet *p)
{
	p->in = link;
	p->out = NULL;
	return why_filter(w, link->net, NET_HOOK_INGRESS, p) &&
	       why_filter(w, link->net, NET_HOOK_PREROUTING, p) &&
	       why_filter(w, link->net, NET_HOOK_INPUT, p);
}

static bool filters_frames(const struct net *net)
{
	for (size_t i = 0; i < net->n; i++)
		for (const struct net_filter_chain *c = net->list[i]->chains; c; c = c->next)
			if (c->type &&
			    (strcmp(c->family, "bridge") == 0 || strcmp(c->family, "netdev") == 0))
				return true;
	return false;
}

/* What filters see frames on the way from who was asked. */
static bool answer_passes(struct walk *w, const struct net_link *asked, const struct net_link *by,
			  const struct packet *answer)
{
	bool passed = true;
	struct segment s;

	if (!filters_frames(w->net))
		return true;
	segment_find(w->net, asked, NULL, &s);
	for (size_t i = 0; i < s.n; i++)
		if (s.places[i].link == by && s.places[i].side == SIDE_STACK) {
			passed = why_path_filters(w, &s, &s.places[i], answer);
			break;
		}
	segment_release(&s);
	return passed;
}

static bool is_asked_six(struct walk *w, const struct segment *s, const struct place *target,
			 const struct net_link *from, const struct asking *q)
{
	struct packet request = { .src = q->sender.family ? q->sender : link_local_of(from),
				  .dst = group_of(&q->ip),
				  .ipproto = IPPROTO_ICMPV6,
				  .icmp = SOLICITATION };
	struct packet answer = {
		.src = q->ip, .dst = request.src, .ipproto = IPPROTO_ICMPV6, .icmp = ADVERTISEMENT
	};

	return leaves(w, from, &request) && why_path_filters(w, s, target, &request) &&
	       enters(w, target->link, &request) && leaves(w, target->link, &answer) &&
	       answer_passes(w, target->link, from, &answer) && enters(w, from, &answer);
}

static bool is_asked_four(struct walk *w, const struct segment *s, const struct place *target,
			  const struct net_link *from)
{
	struct packet arp = { .arp = true, .out = from };

	if (!why_filter(w, from->net, NET_HOOK_EGRESS, &arp) ||
	    !why_path_filters(w, s, target, &arp))
		return false;
	arp.in = target->link;
	arp.out = NULL;
	if (!why_filter(w, target->link->net, NET_HOOK_INGRESS, &arp))
		return false;
	arp.in = NULL;
	arp.out = target->link;
	if (!why_filter(w, target->link->net, NET_HOOK_EGRESS, &arp) ||
	    !answer_passes(w, target->link, from, &arp))
		return false;
	arp.in = from;
	arp.out = NULL;
	return why_filter(w, from->net, NET_HOOK_INGRESS, &arp);
}

/* Whether from has an address to ask from: that of the packet, or its own of the link. */
static const struct net_addr *asks_from(const struct net_link *from, const struct asking *q,
					bool tentative)
{
	const struct net_addr *a = NULL;

	while ((a = net_link_next_addr(from, a)))
		if (a->ip.family == AF_INET6 &&
		    (net_ip_equal(&a->ip, &q->sender) || a->scope == SCOPE_LINK) &&
		    (tentative || !(a->flags & (NET_ADDR_TENTATIVE | NET_ADDR_DADFAILED))))
			return a;
	return NULL;
}

/* The address that the kernel would have made of a hardware address, RFC 4291 appendix A. */
static struct net_ip link_local_for(const struct net_mac *mac)
{
	struct net_ip ip;

	net_ip_parse("fe80::ff:fe00:0", &ip);
	memcpy(ip.bytes + 8, mac->bytes, 3);
	memcpy(ip.bytes + 13, mac->bytes + 3, 3);
	ip.bytes[8] ^= 2;
	return ip;
}

/* What is sent on for others needs an address of the link, which takes a second to be confirmed. */
static bool can_ask(struct walk *w, const struct net_link *from, const struct asking *q)
{
	struct net_ip better = link_local_for(&from->mac);
	autobuffer place = BUFFER_INIT;
	const struct net_addr *a;
	char ip[NET_IP_TEXT];

	if (!fact_is_known(from->net->parts[NET_PART_ADDRS].fact) || asks_from(from, q, false))
		return true;
	why_put_link(w, from, &place);
	a = asks_from(from, q, true);
	if (a && !(a->flags & NET_ADDR_DADFAILED)) {
		buffer_printf(why_hop(w, WHY_SKIP, "neighbour", from->net),
			      "%s cannot ask for neighbours before %s is confirmed",
			      buffer_str(&place), why_ip(&a->ip, ip));
		return true;
	}
	why_fail(w, "neighbour", from->net,
		 "%s has no link-local address from which it could ask for %s", buffer_str(&place),
		 why_ip(&q->ip, ip));
	why_show(w, from->net, "ip -6 addr show dev %s", why_word(from->name));
	if (from->mac.len == 6)
		why_fix(w, from->net, "ip -6 addr add %s/64 dev %s", why_ip(&better, ip),
			why_word(from->name));
	else
		why_advise(w, "give %s a link-local address", from->name);
	return false;
}

bool why_discover(struct walk *w, const struct segment *s, const struct place *target,
		  const struct net_link *from, const struct asking *q)
{
	size_t before = w->out->nhops;
	bool passed;

	if (!why_resolves(from) || !why_resolves(target->link) || why_known_mac(w, from, &q->ip))
		return true;
	if (q->ip.family == AF_INET6)
		passed = can_ask(w, from, q) && is_asked_six(w, s, target, from, q);
	else
		passed = is_asked_four(w, s, target, from);
	why_fold(w, before);
	return passed;
}
