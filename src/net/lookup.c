/* SPDX-License-Identifier: MIT */
/* Finding things in what was collected. Pure; the first questions of a person: who has it? */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "netlink.h"

struct net_link *net_ns_link(const struct net_ns *ns, uint32_t index)
{
	size_t low = 0, high = ns->nlinks;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (ns->links[mid]->index == index)
			return ns->links[mid];
		if (ns->links[mid]->index < index)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

static bool has_name(const struct net_link *link, const char *name)
{
	if (strcmp(link->name, name) == 0)
		return true;
	for (size_t i = 0; link->altnames && link->altnames[i]; i++)
		if (strcmp(link->altnames[i], name) == 0)
			return true;
	return false;
}

struct net_link *net_ns_link_named(const struct net_ns *ns, const char *name)
{
	for (size_t i = 0; i < ns->nlinks; i++)
		if (has_name(ns->links[i], name))
			return ns->links[i];
	return NULL;
}

const struct net_addr *net_ns_addr(const struct net_ns *ns, const struct net_ip *ip)
{
	for (size_t i = 0; i < ns->naddrs; i++)
		if (net_ip_equal(&ns->addrs[i].ip, ip))
			return &ns->addrs[i];
	return NULL;
}

bool net_socket_listens(const struct net_socket *socket)
{
	return socket->state == NET_SOCKET_LISTEN ||
	       (socket->state == NET_SOCKET_CLOSE && socket->lport &&
		socket->proto != NET_PROTO_TCP);
}

int net_ns_sysctl(const struct net_ns *ns, const char *name, int64_t *out)
{
	for (size_t i = 0; i < ns->nsysctls; i++) {
		const char *value = ns->sysctls[i].value;
		char *end;

		if (!value || strcmp(ns->sysctls[i].name, name) != 0)
			continue;
		*out = strtoll(value, &end, 10);
		return end == value || *end ? -ENOENT : 0;
	}
	return -ENOENT;
}

const struct net_addr *net_link_next_addr(const struct net_link *link, const struct net_addr *prev)
{
	const struct net_ns *net = link->net;
	size_t i = prev ? (size_t)(prev - net->addrs) + 1 : 0;

	for (; i < net->naddrs; i++)
		if (net->addrs[i].index == link->index)
			return &net->addrs[i];
	return NULL;
}

static const struct net_detail *find_detail(const struct net_detail *list, uint32_t n,
					    const char *key)
{
	for (uint32_t i = 0; i < n; i++)
		if (strcmp(list[i].key, key) == 0)
			return &list[i];
	return NULL;
}

const struct net_detail *net_link_detail(const struct net_link *link, const char *key)
{
	return find_detail(link->details, link->ndetails, key);
}

const struct net_detail *net_link_port_detail(const struct net_link *link, const char *key)
{
	return find_detail(link->port_details, link->nport_details, key);
}

bool net_link_is(const struct net_link *link, const char *kind)
{
	return link->kind && strcmp(link->kind, kind) == 0;
}

bool net_link_is_up(const struct net_link *link)
{
	if (!(link->flags & IFF_UP) || (link->flags & NET_IFF_DORMANT))
		return false;
	/* The operational state follows the carrier only after a while. */
	if (link->carrier_known)
		return link->carrier;
	return link->oper == NET_OPER_UP || link->oper == NET_OPER_UNKNOWN;
}

static size_t keep(struct vec *found, void *out)
{
	memcpy(out, &found->at, sizeof(found->at));
	return found->n;
}

size_t net_links_named(const struct net *net, const char *name, struct net_link ***out)
{
	struct vec found = VEC(struct net_link *);

	for (size_t i = 0; i < net->n; i++)
		for (size_t k = 0; k < net->list[i]->nlinks; k++)
			if (has_name(net->list[i]->links[k], name))
				*(struct net_link **)vec_add(&found) = net->list[i]->links[k];
	return keep(&found, out);
}

static bool has_mac(const struct net_link *link, const struct net_mac *mac)
{
	return link->mac.len == mac->len && memcmp(link->mac.bytes, mac->bytes, mac->len) == 0;
}

size_t net_links_with_mac(const struct net *net, const struct net_mac *mac, struct net_link ***out)
{
	struct vec found = VEC(struct net_link *);

	for (size_t i = 0; i < net->n; i++)
		for (size_t k = 0; k < net->list[i]->nlinks; k++)
			if (has_mac(net->list[i]->links[k], mac))
				*(struct net_link **)vec_add(&found) = net->list[i]->links[k];
	return keep(&found, out);
}

size_t net_addrs_with_ip(const struct net *net, const struct net_ip *ip,
			 const struct net_addr ***out)
{
	struct vec found = VEC(struct net_addr *);

	for (size_t i = 0; i < net->n; i++)
		for (size_t k = 0; k < net->list[i]->naddrs; k++)
			if (net_ip_equal(&net->list[i]->addrs[k].ip, ip))
				*(const struct net_addr **)vec_add(&found) =
					&net->list[i]->addrs[k];
	return keep(&found, out);
}

static bool is_at_port(const struct net_socket *s, int proto, uint32_t port)
{
	if (s->proto == NET_PROTO_RAW || s->proto == NET_PROTO_PACKET || s->proto == NET_PROTO_UNIX)
		return false;
	return s->lport == port && (proto < 0 || (int)s->proto == proto);
}

size_t net_sockets_at_port(const struct net *net, int proto, uint32_t port,
			   const struct net_socket ***out)
{
	struct vec found = VEC(struct net_socket *);

	for (size_t i = 0; i < net->n; i++)
		for (size_t k = 0; k < net->list[i]->nsockets; k++)
			if (is_at_port(&net->list[i]->sockets[k], proto, port))
				*(const struct net_socket **)vec_add(&found) =
					&net->list[i]->sockets[k];
	return keep(&found, out);
}

size_t net_wires_of(const struct net *net, const struct net_link *link,
		    const struct net_wire ***out)
{
	struct vec found = VEC(struct net_wire *);

	for (size_t i = 0; i < net->nwires; i++)
		if (net->wires[i].a == link || net->wires[i].b == link)
			*(const struct net_wire **)vec_add(&found) = &net->wires[i];
	return keep(&found, out);
}

static bool leaves(const struct net_wire *w, const struct net_ns *ns)
{
	const struct net_ns *a = w->a ? w->a->net : NULL, *b = w->b ? w->b->net : NULL;

	return a != b && (a == ns || b == ns);
}

size_t net_wires_leaving(const struct net *net, const struct net_ns *ns,
			 const struct net_wire ***out)
{
	struct vec found = VEC(struct net_wire *);

	for (size_t i = 0; i < net->nwires; i++)
		if (leaves(&net->wires[i], ns))
			*(const struct net_wire **)vec_add(&found) = &net->wires[i];
	return keep(&found, out);
}
