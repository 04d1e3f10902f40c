/* SPDX-License-Identifier: MIT */
/*
 * `nsview net` as JSON: everything that was read of each network namespace, and the wires. Links
 * are told by the inode number of their namespace and their index. Parts that were not read are
 * left out; what could not be read is null, with why. Links are net_json_link.c's; sockets, filters
 * and wires net_json_more.c's.
 */
#include <errno.h>

#include "net_json.h"

void net_json_string(struct json *j, const char *key, const char *text)
{
	if (text)
		json_str(j, key, text);
	else
		json_none(j, key);
}

void net_json_ip(struct json *j, const char *key, const struct net_ip *ip)
{
	char text[NET_IP_TEXT];

	net_json_string(j, key, ip->family ? net_ip_text(ip, text) : NULL);
}

void net_json_mac(struct json *j, const char *key, const struct net_mac *mac)
{
	char text[NET_MAC_TEXT];

	net_json_string(j, key, mac->len ? net_mac_text(mac, text) : NULL);
}

void net_json_number(struct json *j, const char *key, int64_t value, bool given)
{
	if (given)
		json_int(j, key, value);
	else
		json_none(j, key);
}

void net_json_ns_number(struct json *j, const char *key, const struct net_ns *net)
{
	net_json_number(j, key, net && net->ns ? (int64_t)net->ns->ino : 0, net && net->ns);
}

void net_json_link(struct json *j, const char *key, const struct net_link *link)
{
	if (!link) {
		json_none(j, key);
		return;
	}
	json_begin_object(j, key);
	net_json_ns_number(j, "ns", link->net);
	json_uint(j, "index", link->index);
	json_str(j, "name", link->name);
	json_end_object(j);
}

const char *net_json_why(const struct net_known *known)
{
	return known->why ? known->why : fact_why(known->fact);
}

static void write_addr(struct json *j, const struct net_addr *addr)
{
	json_begin_object(j, NULL);
	net_json_string(j, "link", addr->link ? addr->link->name : NULL);
	json_uint(j, "index", addr->index);
	net_json_ip(j, "ip", &addr->ip);
	json_uint(j, "len", addr->len);
	net_json_ip(j, "peer", &addr->peer);
	net_json_ip(j, "broadcast", &addr->broadcast);
	net_json_string(j, "scope", net_scope_name(addr->scope));
	json_uint(j, "flags", addr->flags);
	net_json_string(j, "label", addr->label);
	json_end_object(j);
}

static void write_hops(struct json *j, const struct net_route *route)
{
	json_begin_array(j, "hops");
	for (uint32_t i = 0; i < route->nhops; i++) {
		const struct net_hop *hop = &route->hops[i];

		json_begin_object(j, NULL);
		net_json_ip(j, "gateway", &hop->gateway);
		net_json_string(j, "link", hop->link ? hop->link->name : NULL);
		net_json_number(j, "index", hop->index, hop->index != 0);
		json_uint(j, "weight", hop->weight);
		json_uint(j, "flags", hop->flags);
		json_end_object(j);
	}
	json_end_array(j);
}

static void write_route(struct json *j, const struct net_route *route)
{
	json_begin_object(j, NULL);
	json_str(j, "family", route->family == AF_INET6 ? "inet6" : "inet");
	json_str(j, "type", net_route_type_names[route->type]);
	json_uint(j, "table", route->table);
	net_json_ip(j, "dst", &route->dst);
	json_uint(j, "len", route->len);
	net_json_ip(j, "src", &route->src);
	json_uint(j, "src_len", route->src_len);
	net_json_ip(j, "prefsrc", &route->prefsrc);
	json_uint(j, "metric", route->metric);
	net_json_string(j, "scope", net_scope_name(route->scope));
	net_json_string(j, "protocol", net_route_protocol_name(route->protocol));
	write_hops(j, route);
	json_bool(j, "partly", route->partly);
	json_end_object(j);
}

static void write_neigh(struct json *j, const struct net_neigh *neigh)
{
	json_begin_object(j, NULL);
	net_json_string(j, "link", neigh->link ? neigh->link->name : NULL);
	json_uint(j, "index", neigh->index);
	net_json_ip(j, "ip", &neigh->ip);
	net_json_mac(j, "mac", &neigh->mac);
	net_json_string(j, "state", net_neigh_state_name(neigh->state));
	net_json_number(j, "vlan", neigh->vlan, neigh->vlan != 0);
	net_json_ip(j, "to", &neigh->to);
	json_end_object(j);
}

static void write_nsids(struct json *j, const struct net_ns *net)
{
	json_begin_array(j, "nsids");
	for (size_t i = 0; i < net->nnsids; i++) {
		json_begin_object(j, NULL);
		json_int(j, "nsid", net->nsids[i].id);
		net_json_ns_number(j, "ns", net->nsids[i].to);
		json_end_object(j);
	}
	json_end_array(j);
}

/* Opens the array of a part; false where it is not to be filled, having said why. */
static bool begin_part(struct json *j, const struct net_ns *net, enum net_part part)
{
	const struct net_known *known = &net->parts[part];

	if (known->fact.state == FACT_UNREAD)
		return false;
	if (!fact_is_known(known->fact)) {
		json_unknown(j, net_part_names[part], net_json_why(known));
		return false;
	}
	json_begin_array(j, net_part_names[part]);
	return true;
}

/* One part: its array, element by element. */
#define WRITE_PART(j, net, part, count, list, write)                                               \
	do {                                                                                       \
		if (begin_part(j, net, part)) {                                                    \
			for (size_t i_ = 0; i_ < (count); i_++)                                    \
				write(j, list);                                                    \
			json_end_array(j);                                                         \
		}                                                                                  \
	} while (0)

/* They are asked for where filters are, whether these could be read or not. */
static void write_policies(struct json *j, const struct net_ns *net)
{
	const struct net_known *known = &net->parts[NET_PART_FILTER];

	if (known->fact.state == FACT_UNREAD)
		return;
	if (net->policies_unread)
		json_unknown(j, "ipsec_policies", "they could not be asked for");
	else if (fact_is_known(known->fact) || known->fact.state == FACT_UNSUPPORTED)
		json_uint(j, "ipsec_policies", net->policies);
	else
		json_unknown(j, "ipsec_policies", net_json_why(known));
}

static void write_parts(struct json *j, const struct net_ns *net)
{
	WRITE_PART(j, net, NET_PART_LINKS, net->nlinks, net->links[i_], net_json_one_link);
	WRITE_PART(j, net, NET_PART_ADDRS, net->naddrs, &net->addrs[i_], write_addr);
	WRITE_PART(j, net, NET_PART_ROUTES, net->nroutes, &net->routes[i_], write_route);
	WRITE_PART(j, net, NET_PART_RULES, net->nrules, &net->rules[i_], net_json_rule);
	WRITE_PART(j, net, NET_PART_NEIGH, net->nneighs, &net->neighs[i_], write_neigh);
	WRITE_PART(j, net, NET_PART_SOCKETS, net->nsockets, &net->sockets[i_], net_json_socket);
	WRITE_PART(j, net, NET_PART_SYSCTL, net->nsysctls, &net->sysctls[i_], net_json_sysctl);
	if (begin_part(j, net, NET_PART_FILTER)) {
		for (const struct net_filter_chain *c = net->chains; c; c = c->next)
			net_json_chain(j, c);
		json_end_array(j);
	}
	write_policies(j, net);
}

/* Parts of which not all is there, and why. */
static void write_torn(struct json *j, const struct net_ns *net)
{
	json_begin_array(j, "partly");
	for (int part = 0; part < NET_PARTS; part++) {
		const struct net_known *known = &net->parts[part];

		if (!fact_is_known(known->fact) || (!known->torn && !known->missing))
			continue;
		json_begin_object(j, NULL);
		json_str(j, "part", net_part_names[part]);
		json_uint(j, "missing", known->missing);
		net_json_string(j, "why", known->why);
		json_end_object(j);
	}
	json_end_array(j);
}

/* How it was looked into; why it was not, or not by joining it. */
static void write_entry(struct json *j, const struct net_ns *net)
{
	static const char *const names[] = {
		[NET_ENTRY_NONE] = NULL,
		[NET_ENTRY_SELF] = "self",
		[NET_ENTRY_JOINED] = "joined",
		[NET_ENTRY_NSID] = "nsid",
	};

	net_json_string(j, "entry", names[net->entry]);
	if (net->entry_words)
		json_str(j, "entry_why", net->entry_words);
}

/* Another that is known by a number only, and may be the same. */
static void write_maybe(struct json *j, const struct net_ns *maybe)
{
	if (!maybe)
		return;
	json_begin_object(j, "may_be");
	net_json_ns_number(j, "seen_by", maybe->seen_by);
	json_int(j, "via_nsid", maybe->via_nsid);
	json_end_object(j);
}

void net_json_ns(struct json *j, const char *key, const struct graph *g, const struct net_ns *net)
{
	struct buffer who = BUFFER_INIT;

	json_begin_object(j, key);
	net_json_ns_number(j, "ns", net);
	net_json_number(j, "nprocs", net->ns ? net->ns->nprocs : 0, net->ns != NULL);
	net_json_string(j, "held", net->ns ? holder_names[ns_held(net->ns)] : NULL);
	if (net->ns && fact_is_known(who_namespace(g, net->ns, &who)))
		json_text(j, "who", buffer_str(&who), who.len);
	else
		json_none(j, "who");
	write_entry(j, net);
	net_json_ns_number(j, "seen_by", net->seen_by);
	net_json_number(j, "via_nsid", net->via_nsid, net->via_nsid >= 0);
	write_maybe(j, net->maybe);
	write_parts(j, net);
	write_torn(j, net);
	write_nsids(j, net);
	json_end_object(j);
	buffer_release(&who);
}

/* Processes whose descriptors could not be listed: a socket that has no holders may have them. */
static void write_holders_unread(struct json *j, const struct net_known *known)
{
	if (fact_is_known(known->fact))
		json_uint(j, "holders_unread", known->missing);
	else
		json_unknown(j, "holders_unread", net_json_why(known));
}

int net_json(const struct term *t, const struct graph *g, const struct net *net,
	     struct net_ns *const *list, size_t n)
{
	struct json j = { .out = t->out, .pretty = true };

	document_begin(&j, g);
	json_begin_array(&j, "net_namespaces");
	for (size_t i = 0; i < n; i++)
		net_json_ns(&j, NULL, g, list[i]);
	json_end_array(&j);
	json_begin_array(&j, "wires");
	for (size_t i = 0; i < net->nwires; i++)
		net_json_wire(&j, &net->wires[i]);
	json_end_array(&j);
	write_holders_unread(&j, &net->sockets_held);
	document_end(&j);
	return ferror(t->out) ? -EIO : 0;
}
