/* SPDX-License-Identifier: MIT */
/*
 * Where there is no route: why not, and what would give one. A gateway is proposed only where it
 * is on the same segment, can be got to, and itself knows the way.
 */
#include <string.h>

#include <nsview/cleanup.h>

#include "why_parts.h"

static void fail_down(struct walk *w, const struct net_link *link)
{
	struct place place = { .link = link, .fault = FAULT_DOWN, .at_fault = link };

	why_fault(w, &place, "link");
}

/* A link that has an address next to dst, or any, but is down, and its routes are gone. */
static const struct net_link *down_link(const struct net_ns *at, const struct net_ip *dst)
{
	const struct net_link *any = NULL;
	bool up = false;

	for (size_t i = 0; i < at->nlinks; i++)
		up = up ||
		     ((at->links[i]->flags & IFF_UP) && !(at->links[i]->flags & IFF_LOOPBACK));
	for (size_t i = 0; i < at->naddrs; i++) {
		const struct net_addr *a = &at->addrs[i];

		if (!a->link || (a->link->flags & IFF_UP) || a->ip.family != dst->family)
			continue;
		if (net_ip_within(dst, a->peer.family ? &a->peer : &a->ip, a->len))
			return a->link;
		any = a->link->flags & IFF_LOOPBACK ? any : a->link;
	}
	return up ? NULL : any;
}

static bool has_address(const struct net_ns *at, uint8_t family)
{
	for (size_t i = 0; i < at->naddrs; i++)
		if (at->addrs[i].ip.family == family && at->addrs[i].scope < NET_SCOPE_LINK)
			return true;
	return false;
}

static bool has_no_ipv6(const struct net_ns *at)
{
	int64_t off;

	return net_ns_sysctl(at, "net/ipv6/conf/all/disable_ipv6", &off) == 0 && off;
}

static void no_address(struct walk *w, const struct net_ns *at, const struct packet *p)
{
	autobuffer inside = BUFFER_INIT;
	const char *family = p->dst.family == AF_INET6 ? "IPv6" : "IPv4";

	why_put_inside(w, at, &inside);
	if (p->dst.family == AF_INET6 && has_no_ipv6(at)) {
		why_fail(w, "source", at, "IPv6 is switched off %s", buffer_str(&inside));
		why_show(w, at, "sysctl net.ipv6.conf.all.disable_ipv6");
		why_fix(w, at, "sysctl -w net.ipv6.conf.all.disable_ipv6=0");
		return;
	}
	why_fail(w, "source", at, "no link has an %s address %s", family, buffer_str(&inside));
	why_show(w, at, "ip%s addr", why_ip_option(&p->dst));
	why_advise(w, "give one of its links an address");
}

static const char *table_words(uint32_t table, char out[32])
{
	out[0] = '\0';
	if (table && table != NET_TABLE_MAIN)
		snprintf(out, 32, " table %u", table);
	return out;
}

static void refused(struct walk *w, const struct net_ns *at, const struct packet *p,
		    const struct route_answer *r)
{
	char dst[NET_IP_TEXT], prefix[NET_IP_TEXT + 8], table[32];
	autobuffer inside = BUFFER_INIT;

	why_put_inside(w, at, &inside);
	why_ip(&p->dst, dst);
	if (!r->route) {
		why_fail(w, "route", at, "the routing rule of priority %u %s refuses %s (%s)",
			 r->rule->priority, buffer_str(&inside), dst,
			 net_rule_action_names[r->rule->action]);
		why_show(w, at, "ip%s rule", why_ip_option(&p->dst));
		why_fix(w, at, "ip%s rule del priority %u", why_ip_option(&p->dst),
			r->rule->priority);
		return;
	}
	if (r->route->type == NET_ROUTE_BROADCAST) {
		why_fail(w, "route", at, "%s is a broadcast address %s", dst, buffer_str(&inside));
		why_show(w, at, "ip route get %s", dst);
		why_advise(w, "give the other end an address that is none, or the link another "
			      "prefix");
		return;
	}
	if (r->route->len)
		snprintf(prefix, sizeof(prefix), "%s/%u", net_ip_text(&r->route->dst, dst),
			 r->route->len);
	else
		strcpy(prefix, "default");
	why_ip(&p->dst, dst);
	why_fail(w, "route", at, "the route to %s %s is a \"%s\" route", dst, buffer_str(&inside),
		 net_route_type_names[r->route->type]);
	why_show(w, at, "ip route get %s", dst);
	why_fix(w, at, "ip%s route del %s %s%s", why_ip_option(&p->dst),
		net_route_type_names[r->route->type], prefix, table_words(r->route->table, table));
}

/* The VRF whose table has the way, where the sender is in none. */
static const struct net_link *vrf_with_way(const struct net_ns *at, const struct packet *p)
{
	struct packet in_vrf = *p;
	struct route_answer r;

	for (size_t i = 0; i < at->nlinks && !p->in && !p->by; i++) {
		in_vrf.vrf = why_vrf_of(at->links[i]);
		if (!in_vrf.vrf)
			continue;
		why_route(at, &in_vrf, &r);
		if (r.result == ROUTE_FOUND)
			return in_vrf.vrf;
	}
	return NULL;
}

static void fail_outside(struct walk *w, const struct net_ns *at, const struct packet *p,
			 const struct net_link *vrf)
{
	autobuffer inside = BUFFER_INIT;
	char dst[NET_IP_TEXT];

	why_put_inside(w, at, &inside);
	why_fail(w, "route", at, "the way to %s %s is in the VRF %s, where the sender is not",
		 why_ip(&p->dst, dst), buffer_str(&inside), vrf->name);
	why_show(w, at, "ip route show vrf %s", why_word(vrf->name));
	why_advise(w, "bind what sends to %s, as ip vrf exec does", vrf->name);
}

void why_no_route(struct walk *w, const struct net_ns *at, const struct packet *p,
		  const struct route_answer *route)
{
	const struct net_link *down = down_link(at, &p->dst), *vrf = vrf_with_way(at, p);
	autobuffer inside = BUFFER_INIT;
	char dst[NET_IP_TEXT];

	if (route->result == ROUTE_REFUSED) {
		refused(w, at, p, route);
		return;
	}
	if (vrf) {
		fail_outside(w, at, p, vrf);
		return;
	}
	if (down) {
		fail_down(w, down);
		return;
	}
	if (!p->in && !has_address(at, p->dst.family)) {
		no_address(w, at, p);
		return;
	}
	why_put_inside(w, at, &inside);
	why_fail(w, "route", at, "there is no route to %s %s", why_ip(&p->dst, dst),
		 buffer_str(&inside));
	why_show(w, at, "ip route get %s", dst);
	if (!why_fix_route(w, at, &p->dst))
		why_advise(w, "add a route to %s", dst);
}

/* Whether the way to dst over a neighbour leads on, and not back by the link it came. */
static bool knows_way(const struct net_ns *at, const struct net_link *in, const struct net_ip *dst)
{
	struct packet p = { .dst = *dst };
	struct route_answer r;

	why_route(at, &p, &r);
	return r.result == ROUTE_FOUND && (!r.hop || r.hop->link != in);
}

/* The address of a neighbour on link's segment that is next to one of link's own. */
static const struct net_addr *gateway_beyond(const struct net *net, const struct net_link *link,
					     const struct net_ip *dst)
{
	const struct net_addr *found = NULL;
	struct segment s;

	segment_find(net, link, NULL, &s);
	for (size_t i = 0; i < s.n && !found; i++) {
		const struct net_link *far = s.places[i].link;
		const struct net_addr *a = NULL, *own;

		if (s.places[i].side != SIDE_STACK || s.places[i].cost || far->net == link->net ||
		    !knows_way(far->net, far, dst))
			continue;
		while (!found && (a = net_link_next_addr(far, a))) {
			own = NULL;
			while (!found && (own = net_link_next_addr(link, own)))
				if (a->ip.family == dst->family && own->ip.family == dst->family &&
				    a->scope == 0 && net_ip_within(&a->ip, &own->ip, own->len))
					found = a;
		}
	}
	segment_release(&s);
	return found;
}

/* The prefix in which somebody has dst; that of dst alone where nobody is seen to. */
static unsigned prefix_of(const struct net *net, const struct net_ip *dst)
{
	unsigned bits = dst->family == AF_INET6 ? 128 : 32;

	for (size_t i = 0; i < net->n; i++) {
		const struct net_addr *a = net_ns_addr(net->list[i], dst);

		if (a)
			return a->len;
	}
	return bits;
}

static void cut_prefix(struct net_ip *ip, unsigned len)
{
	for (unsigned i = len; i < 128; i++)
		ip->bytes[i / 8] &= (uint8_t) ~(0x80 >> i % 8);
}

bool why_fix_route(struct walk *w, const struct net_ns *at, const struct net_ip *dst)
{
	unsigned len = prefix_of(w->net, dst);
	char text[NET_IP_TEXT], via[NET_IP_TEXT];
	struct net_ip prefix = *dst;

	cut_prefix(&prefix, len);
	for (size_t i = 0; i < at->nlinks; i++) {
		const struct net_link *link = at->links[i];
		const struct net_addr *gateway =
			link->flags & IFF_UP ? gateway_beyond(w->net, link, dst) : NULL;

		if (!gateway)
			continue;
		why_fix(w, at, "ip%s route replace %s/%u via %s dev %s", why_ip_option(dst),
			net_ip_text(&prefix, text), len, net_ip_text(&gateway->ip, via),
			why_word(link->name));
		return true;
	}
	return false;
}
