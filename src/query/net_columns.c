/* SPDX-License-Identifier: MIT */
/*
 * The columns of `nsview net --links` and `--addrs`, and what all tables of networks have.
 * Text comes from the kernel but is chosen by anybody; it is escaped where it is shown.
 */
#include <string.h>

#include "net_columns.h"

void net_get_ns(const struct row *row, struct value *out)
{
	if (row->ns)
		value_set_uint(out, row->ns->ino);
	else
		value_set_fact(out, fact_none());
}

void net_get_who(const struct row *row, struct value *out)
{
	struct fact fact = fact_none();

	if (row->ns)
		fact = who_namespace(row->graph, row->ns, value_scratch(out));
	if (fact_is_known(fact))
		value_set_scratch(out);
	else
		value_set_fact(out, fact);
}

void net_value_str(struct value *out, const char *text)
{
	if (text)
		value_set_str(out, text);
	else
		value_set_fact(out, fact_none());
}

void net_value_ip(struct value *out, const struct net_ip *ip)
{
	char text[NET_IP_TEXT];

	if (!ip->family) {
		value_set_fact(out, fact_none());
		return;
	}
	buffer_text(value_scratch(out), net_ip_text(ip, text));
	value_set_scratch(out);
}

void net_value_link(struct value *out, const struct net_link *link)
{
	net_value_str(out, link ? link->name : NULL);
}

void net_value_prefix(struct value *out, const struct net_ip *ip, unsigned len)
{
	char text[NET_IP_TEXT];

	if (ip->family)
		buffer_printf(value_scratch(out), "%s/%u", net_ip_text(ip, text), len);
	else
		buffer_text(value_scratch(out), "default");
	value_set_scratch(out);
}

static const struct net_link *link_of(const struct row *row)
{
	return row->item;
}

static void get_link(const struct row *row, struct value *out)
{
	net_value_link(out, link_of(row));
}

static void get_index(const struct row *row, struct value *out)
{
	value_set_uint(out, link_of(row)->index);
}

static void get_kind(const struct row *row, struct value *out)
{
	const struct net_link *link = link_of(row);

	net_value_str(out, link->kind ? link->kind : link->bus);
}

static void get_up(const struct row *row, struct value *out)
{
	value_set_bool(out, link_of(row)->flags & IFF_UP);
}

static void get_state(const struct row *row, struct value *out)
{
	value_set_str(out, net_oper_names[link_of(row)->oper]);
}

static void get_mtu(const struct row *row, struct value *out)
{
	value_set_uint(out, link_of(row)->mtu);
}

static void get_mac(const struct row *row, struct value *out)
{
	char text[NET_MAC_TEXT];

	if (!link_of(row)->mac.len) {
		value_set_fact(out, fact_none());
		return;
	}
	buffer_text(value_scratch(out), net_mac_text(&link_of(row)->mac, text));
	value_set_scratch(out);
}

static void get_master(const struct row *row, struct value *out)
{
	net_value_link(out, link_of(row)->master.link);
}

/* The peer, or what it stands on: "eth0", and with its namespace where that is another one. */
static void get_end(const struct row *row, struct value *out)
{
	const struct net_link *link = link_of(row);
	const struct net_end *end = link->peer.how != NET_HOW_NONE ? &link->peer : &link->lower;
	struct buffer *text = value_scratch(out);

	if (end->how == NET_HOW_NONE) {
		value_set_fact(out, fact_none());
		return;
	}
	if (end->net && end->net != link->net && end->net->ns)
		buffer_printf(text, "net:%ju:", (uintmax_t)end->net->ns->ino);
	else if (!end->net && end->nsid >= 0)
		buffer_printf(text, "nsid:%d:", (int)end->nsid);
	if (end->link)
		buffer_text(text, end->link->name);
	else if (end->index)
		buffer_printf(text, "if%u", end->index);
	else
		buffer_char(text, '?');
	value_set_scratch(out);
}

static void get_addresses(const struct row *row, struct value *out)
{
	const struct fact addrs = link_of(row)->net->parts[NET_PART_ADDRS].fact;
	struct buffer *text = value_scratch(out);
	const struct net_addr *addr = NULL;
	char ip[NET_IP_TEXT];

	while ((addr = net_link_next_addr(link_of(row), addr)))
		buffer_printf(text, "%s%s/%u", text->len ? " " : "", net_ip_text(&addr->ip, ip),
			      addr->len);
	if (text->len)
		value_set_scratch(out);
	else if (fact_is_known(addrs))
		value_set_fact(out, fact_none());
	else
		value_set_fact(out, addrs);
}

static void get_alias(const struct row *row, struct value *out)
{
	net_value_str(out, link_of(row)->alias);
}

static void get_altnames(const struct row *row, struct value *out)
{
	struct buffer *text = value_scratch(out);
	const char *const *names = link_of(row)->altnames;

	if (!names || !*names) {
		value_set_fact(out, fact_none());
		return;
	}
	for (size_t i = 0; names[i]; i++) {
		if (i)
			buffer_char(text, ' ');
		buffer_text(text, names[i]);
	}
	value_set_scratch(out);
}

static void get_bytes(const struct net_link *link, uint64_t bytes, struct value *out)
{
	if (link->stats_known)
		value_set_uint(out, bytes);
	else
		value_set_fact(out, (struct fact){ .state = FACT_UNREAD });
}

static void get_rx(const struct row *row, struct value *out)
{
	get_bytes(link_of(row), link_of(row)->stats.rx_bytes, out);
}

static void get_tx(const struct row *row, struct value *out)
{
	get_bytes(link_of(row), link_of(row)->stats.tx_bytes, out);
}

static void put_detail(struct buffer *text, const struct net_detail *d)
{
	char ip[NET_IP_TEXT];

	if (text->len)
		buffer_text(text, ", ");
	buffer_text(text, d->key);
	switch (d->type) {
	case NET_DETAIL_NUM:
		buffer_printf(text, " %ju", (uintmax_t)d->num);
		break;
	case NET_DETAIL_BOOL:
		buffer_text(text, d->num ? " on" : " off");
		break;
	case NET_DETAIL_TEXT:
		buffer_printf(text, " %s", d->text);
		break;
	case NET_DETAIL_IP:
		buffer_printf(text, " %s", net_ip_text(&d->ip, ip));
		break;
	}
}

static void put_peer(struct buffer *text, const struct net_peer *peer)
{
	char key[NET_KEY_TEXT], ip[NET_IP_TEXT];

	buffer_printf(text, ", peer %s", net_key_text(peer->key, key));
	if (peer->endpoint.family)
		buffer_printf(text, peer->endpoint.family == AF_INET6 ? " at [%s]:%u" : " at %s:%u",
			      net_ip_text(&peer->endpoint, ip), peer->port);
	for (uint32_t i = 0; i < peer->nallowed; i++)
		buffer_printf(text, "%s%s/%u", i ? "," : " for ",
			      net_ip_text(&peer->allowed[i].ip, ip), peer->allowed[i].len);
}

static void put_wireguard(struct buffer *text, const struct net_wireguard *wg)
{
	char key[NET_KEY_TEXT];

	buffer_printf(text, "key %s", wg->has_key ? net_key_text(wg->key, key) : "none");
	if (wg->port)
		buffer_printf(text, ", port %u", wg->port);
	for (uint32_t i = 0; i < wg->npeers; i++)
		put_peer(text, &wg->peers[i]);
}

static void get_details(const struct row *row, struct value *out)
{
	const struct net_link *link = link_of(row);
	struct buffer *text = value_scratch(out);

	for (uint32_t i = 0; i < link->ndetails; i++)
		put_detail(text, &link->details[i]);
	if (link->wireguard)
		put_wireguard(text, link->wireguard);
	if (text->len)
		value_set_scratch(out);
	else if (link->wireguard_known.fact.state != FACT_UNREAD)
		value_set_fact(out, link->wireguard_known.fact);
	else
		value_set_fact(out, fact_none());
}

static const struct column links[] = {
	NET_PLACE_COLUMNS,
	{ "LINK", "link", VALUE_TEXT, false, false, 0, get_link, NULL, "name of the link" },
	{ "INDEX", "index", VALUE_UINT, true, false, 0, get_index, NULL,
	  "its number in its namespace" },
	{ "KIND", "kind", VALUE_TEXT, false, false, 0, get_kind, NULL,
	  "kind of link, or the bus that it is on" },
	{ "UP", "up", VALUE_BOOL, false, false, 0, get_up, NULL, "switched on" },
	{ "STATE", "state", VALUE_TEXT, false, false, 0, get_state, NULL, "operational state" },
	{ "MTU", "mtu", VALUE_UINT, true, false, 0, get_mtu, NULL, "largest packet, in bytes" },
	{ "MAC", "mac", VALUE_TEXT, false, false, 0, get_mac, NULL, "hardware address" },
	{ "MASTER", "master", VALUE_TEXT, false, false, 0, get_master, NULL,
	  "bridge, bond or VRF that it is a port of" },
	{ "END", "end", VALUE_TEXT, false, false, 0, get_end, NULL,
	  "the other end of a veth pair, or the link that it stands on" },
	{ "DETAILS", "details", VALUE_TEXT, false, true, 0, get_details, NULL,
	  "what its kind has: a VLAN's id, a tunnel's remote end, WireGuard's peers" },
	{ "ADDRS", "addrs", VALUE_TEXT, false, true, 0, get_addresses, NULL, "its addresses" },
	{ "ALIAS", "alias", VALUE_TEXT, false, true, 0, get_alias, NULL,
	  "free text of ip-link(8)" },
	{ "ALTNAMES", "altnames", VALUE_TEXT, false, true, 0, get_altnames, NULL,
	  "its other names" },
	{ "RX", "rx_bytes", VALUE_UINT, true, false, 0, get_rx, NULL, "bytes received" },
	{ "TX", "tx_bytes", VALUE_UINT, true, false, 0, get_tx, NULL, "bytes sent" },
	{ .heading = NULL },
};
const struct column_table link_columns = { "net --links", links,
					   "NS,LINK,KIND,STATE,MASTER,END,WHO" };

static const struct net_addr *addr_of(const struct row *row)
{
	return row->item;
}

static void addr_get_link(const struct row *row, struct value *out)
{
	net_value_link(out, addr_of(row)->link);
}

static void addr_get_ip(const struct row *row, struct value *out)
{
	net_value_ip(out, &addr_of(row)->ip);
}

static void addr_get_len(const struct row *row, struct value *out)
{
	value_set_uint(out, addr_of(row)->len);
}

static void addr_get_peer(const struct row *row, struct value *out)
{
	net_value_ip(out, &addr_of(row)->peer);
}

static void addr_get_scope(const struct row *row, struct value *out)
{
	const char *name = net_scope_name(addr_of(row)->scope);

	if (!name)
		buffer_uint(value_scratch(out), addr_of(row)->scope);
	if (name)
		value_set_str(out, name);
	else
		value_set_scratch(out);
}

static void addr_get_flags(const struct row *row, struct value *out)
{
	static const struct {
		uint32_t flag;
		const char *name;
	} names[] = {
		{ NET_ADDR_SECONDARY, "secondary" },   { NET_ADDR_DADFAILED, "dadfailed" },
		{ NET_ADDR_DEPRECATED, "deprecated" }, { NET_ADDR_TENTATIVE, "tentative" },
		{ NET_ADDR_PERMANENT, "permanent" },
	};
	struct buffer *text = value_scratch(out);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (addr_of(row)->flags & names[i].flag)
			buffer_printf(text, "%s%s", text->len ? "," : "", names[i].name);
	if (text->len)
		value_set_scratch(out);
	else
		value_set_fact(out, fact_none());
}

static const struct column addrs[] = {
	NET_PLACE_COLUMNS,
	{ "ADDR", "addr", VALUE_TEXT, false, false, 0, addr_get_ip, NULL, "the address" },
	{ "LEN", "len", VALUE_UINT, true, false, 0, addr_get_len, NULL, "bits of its prefix" },
	{ "PEER", "peer", VALUE_TEXT, false, false, 0, addr_get_peer, NULL,
	  "the other end's address, of a point-to-point link" },
	{ "LINK", "link", VALUE_TEXT, false, false, 0, addr_get_link, NULL,
	  "the link that has it" },
	{ "SCOPE", "scope", VALUE_TEXT, false, false, 0, addr_get_scope, NULL,
	  "how far it is valid: global, link, host" },
	{ "FLAGS", "flags", VALUE_TEXT, false, false, 0, addr_get_flags, NULL,
	  "permanent, tentative, dadfailed, deprecated, secondary" },
	{ .heading = NULL },
};
const struct column_table addr_columns = { "net --addrs", addrs, "NS,ADDR,LEN,LINK,SCOPE,WHO" };
