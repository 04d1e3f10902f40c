/* SPDX-License-Identifier: MIT */
/*
 * Where a tunnel leads to: its remote ends as it has them, the links at these ends that are on this
 * host, and in what those differ from it. Pure. What carries its packets there is walked by
 * why_carry.c.
 */
#include <string.h>

#include "why_tunnel.h"

enum { VXLAN_PORT = 4789, GENEVE_PORT = 6081 };

static const struct tunnel_kind kinds[] = {
	{ "vxlan", true, IPPROTO_UDP, "VNI", "id", "id", true },
	{ "geneve", true, IPPROTO_UDP, "VNI", "id", "id", true },
	{ "gretap", true, IPPROTO_GRE, "key", "ikey", "okey", false },
	{ "ip6gretap", true, IPPROTO_GRE, "key", "ikey", "okey", false },
	{ "gre", false, IPPROTO_GRE, "key", "ikey", "okey", false },
	{ "ip6gre", false, IPPROTO_GRE, "key", "ikey", "okey", false },
	{ "ipip", false, IPPROTO_IPIP, NULL, NULL, NULL, false },
	{ "sit", false, IPPROTO_IPV6, NULL, NULL, NULL, false },
	{ "wireguard", false, IPPROTO_UDP, NULL, NULL, NULL, true },
};

const struct tunnel_kind *tunnel_kind_of(const struct net_link *link)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (net_link_is(link, kinds[i].name))
			return &kinds[i];
	return NULL;
}

size_t tunnel_kind_number(const struct tunnel_kind *kind)
{
	return (size_t)(kind - kinds);
}

/* It has an inode number as any other, but no process has it open. */
static bool has_port(const struct net_ns *at, uint16_t port)
{
	for (size_t i = 0; i < at->nsockets; i++)
		if (at->sockets[i].proto == NET_PROTO_UDP && at->sockets[i].lport == port &&
		    !at->sockets[i].holders)
			return true;
	return false;
}

static bool has_wireguard(const struct net_ns *at, uint16_t port)
{
	for (size_t i = 0; i < at->nlinks; i++)
		if (at->links[i]->wireguard && at->links[i]->wireguard->port == port)
			return true;
	return false;
}

/*
 * Nothing but the kernel's own socket with its port tells where a WireGuard link was made. One in a
 * namespace that has such a link itself is taken for that link's.
 */
static const struct net_ns *with_port(const struct net_link *link, uint16_t port)
{
	const struct net *net = link->net->all;
	const struct net_ns *found = NULL;

	if (has_port(link->net, port))
		return link->net;
	for (size_t i = 0; i < net->n; i++) {
		if (!has_port(net->list[i], port) || has_wireguard(net->list[i], port))
			continue;
		if (found)
			return NULL;
		found = net->list[i];
	}
	return found;
}

const struct net_ns *tunnel_under(const struct net_link *link)
{
	if (link->wireguard && link->wireguard->port)
		return with_port(link, link->wireguard->port);
	return link->lower.how == NET_HOW_NONE ? link->net : link->lower.net;
}

static uint64_t number_of(const struct net_link *link, const char *key)
{
	const struct net_detail *d = key ? net_link_detail(link, key) : NULL;

	return d ? d->num : 0;
}

uint16_t tunnel_port(const struct net_link *link)
{
	const struct tunnel_kind *kind = tunnel_kind_of(link);
	uint16_t port = (uint16_t)number_of(link, "port");

	if (!kind || !kind->has_port)
		return 0;
	return port ? port : net_link_is(link, "geneve") ? GENEVE_PORT : VXLAN_PORT;
}

struct net_ip tunnel_ip(const struct net_link *link, const char *key)
{
	const struct net_detail *d = net_link_detail(link, key);

	return d && d->type == NET_DETAIL_IP ? d->ip : (struct net_ip){ 0 };
}

bool tunnel_is_external(const struct net_link *link)
{
	return number_of(link, "external") != 0;
}

bool tunnel_is_group(const struct net_ip *ip)
{
	return ip->family == AF_INET6 ? ip->bytes[0] == 0xff
				      : ip->family == AF_INET && ip->bytes[0] >> 4 == 0xe;
}

static bool is_zero_mac(const struct net_mac *mac)
{
	for (uint8_t i = 0; i < mac->len; i++)
		if (mac->bytes[i])
			return false;
	return true;
}

static void add_remote(struct net_ip out[TUNNEL_REMOTES_MAX], size_t *n, const struct net_ip *ip)
{
	for (size_t i = 0; i < *n; i++)
		if (net_ip_equal(&out[i], ip))
			return;
	if (*n < TUNNEL_REMOTES_MAX)
		out[(*n)++] = *ip;
}

/* The entry for no address in particular is where frames for all go, and where one is asked for. */
size_t tunnel_remotes(const struct net_link *link, struct net_ip out[TUNNEL_REMOTES_MAX])
{
	struct net_ip remote = tunnel_ip(link, "remote");
	size_t n = 0;

	for (size_t i = 0; i < link->net->nneighs; i++) {
		const struct net_neigh *e = &link->net->neighs[i];

		if (e->index == link->index && !e->ip.family && e->to.family &&
		    is_zero_mac(&e->mac))
			add_remote(out, &n, &e->to);
	}
	if (remote.family)
		add_remote(out, &n, &remote);
	return n;
}

/* Whether far listens on the address that near sends to. */
static bool is_at(const struct net_link *far, const struct net_ip *remote)
{
	const struct net_ns *under = tunnel_under(far);
	struct net_ip local = tunnel_ip(far, "local");

	if (tunnel_is_group(remote)) {
		struct net_ip group = tunnel_ip(far, "remote");

		return under && net_ip_equal(&group, remote);
	}
	if (!under || !net_ns_addr(under, remote))
		return false;
	return !local.family || net_ip_equal(&local, remote);
}

/* One with a fixed remote end takes in nothing from others, unless its frames have a number. */
static bool takes_from(const struct net_link *far, const struct net_link *near)
{
	struct net_ip remote = tunnel_ip(far, "remote");
	const struct net_ns *under = tunnel_under(near);

	/* Where near sends from may not be known. */
	return tunnel_kind_of(far)->has_port || !remote.family || !under ||
	       net_ns_addr(under, &remote);
}

enum tunnel_differs tunnel_compare(const struct net_link *near, const struct net_link *far)
{
	const struct tunnel_kind *kind = tunnel_kind_of(near);

	if (tunnel_port(near) != tunnel_port(far))
		return TUNNEL_PORT;
	if (number_of(near, kind->out_id) != number_of(far, kind->in_id))
		return TUNNEL_ID;
	return takes_from(far, near) ? TUNNEL_SAME : TUNNEL_REMOTE;
}

uint64_t tunnel_id(const struct net_link *link, bool in)
{
	const struct tunnel_kind *kind = tunnel_kind_of(link);

	return number_of(link, in ? kind->in_id : kind->out_id);
}

/*
 * Of the kinds without a port the kernel makes one in every namespace, which leads nowhere and
 * takes in what is for no other, if somebody sets it up: gre0, tunl0, sit0.
 */
static bool is_spare(const struct net_link *link)
{
	return !tunnel_kind_of(link)->has_port && !tunnel_ip(link, "remote").family &&
	       !tunnel_ip(link, "local").family && !(link->flags & IFF_UP);
}

static bool is_candidate(const struct net_link *near, const struct net_link *far,
			 const struct net_ip *remote)
{
	return far != near && far->kind && strcmp(far->kind, near->kind) == 0 &&
	       !tunnel_is_external(far) && !is_spare(far) && is_at(far, remote);
}

bool tunnel_next_far(const struct net *net, const struct net_link *near,
		     const struct net_ip *remote, struct tunnel_far *far)
{
	size_t ns = far->ns, link = far->next;

	for (; ns < net->n; ns++, link = 0)
		for (; link < net->list[ns]->nlinks; link++) {
			const struct net_link *one = net->list[ns]->links[link];

			if (!is_candidate(near, one, remote))
				continue;
			*far = (struct tunnel_far){ one, tunnel_compare(near, one), ns, link + 1 };
			return true;
		}
	return false;
}

/* An address of one that `under` has a neighbour of, or any. */
static struct net_ip address_of(const struct net_ns *at, const struct net_ns *under, uint8_t family)
{
	struct net_ip any = { 0 };

	for (size_t i = 0; i < at->naddrs; i++) {
		const struct net_addr *a = &at->addrs[i];

		if (a->ip.family != family || a->scope)
			continue;
		any = any.family ? any : a->ip;
		for (size_t k = 0; k < under->naddrs; k++)
			if (net_ip_within(&under->addrs[k].ip, &a->ip, a->len))
				return a->ip;
	}
	return any;
}

struct net_ip tunnel_guess(const struct net *net, const struct net_link *near)
{
	const struct net_ns *under = tunnel_under(near);

	for (size_t i = 0; under && i < net->n; i++)
		for (size_t k = 0; k < net->list[i]->nlinks; k++) {
			const struct net_link *far = net->list[i]->links[k];
			struct net_ip to = { 0 }, local = { 0 };

			if (far == near || !tunnel_kind_of(far) ||
			    strcmp(far->kind, near->kind) != 0 || !tunnel_under(far))
				continue;
			to = tunnel_ip(far, "remote");
			local = tunnel_ip(far, "local");
			/* It means us, and would understand us. */
			if (!to.family || !net_ns_addr(under, &to) ||
			    tunnel_compare(near, far) != TUNNEL_SAME)
				continue;
			return local.family ? local
					    : address_of(tunnel_under(far), under, to.family);
		}
	return (struct net_ip){ 0 };
}
