/* SPDX-License-Identifier: MIT */
/*
 * The columns of `nsview net --routes`, `--rules` and `--neigh`.
 * Text comes from the kernel but is chosen by anybody; it is escaped where it is shown.
 */
#include <string.h>

#include "net_columns.h"

static const struct net_route *route_of(const struct row *row)
{
	return row->item;
}

static void get_family(const struct row *row, struct value *out)
{
	value_set_str(out, route_of(row)->family == AF_INET6 ? "inet6" : "inet");
}

static void set_table(uint32_t table, struct value *out)
{
	static const char *const names[] = { "default", "main", "local" };

	if (table >= NET_TABLE_DEFAULT && table <= NET_TABLE_LOCAL) {
		value_set_str(out, names[table - NET_TABLE_DEFAULT]);
		return;
	}
	buffer_uint(value_scratch(out), table);
	value_set_scratch(out);
}

static void get_table(const struct row *row, struct value *out)
{
	set_table(route_of(row)->table, out);
}

static void get_dst(const struct row *row, struct value *out)
{
	net_value_prefix(out, &route_of(row)->dst, route_of(row)->len);
}

static void get_type(const struct row *row, struct value *out)
{
	value_set_str(out, net_route_type_names[route_of(row)->type]);
}

/* "10.0.0.1", several of a multipath route by blanks. */
static void get_gateway(const struct row *row, struct value *out)
{
	const struct net_route *route = route_of(row);
	struct buffer *text = value_scratch(out);
	char ip[NET_IP_TEXT];

	for (uint32_t i = 0; i < route->nhops; i++)
		if (route->hops[i].gateway.family)
			buffer_printf(text, "%s%s", text->len ? " " : "",
				      net_ip_text(&route->hops[i].gateway, ip));
	if (text->len)
		value_set_scratch(out);
	else
		value_set_fact(out, fact_none());
}

static void get_link(const struct row *row, struct value *out)
{
	const struct net_route *route = route_of(row);
	struct buffer *text = value_scratch(out);

	for (uint32_t i = 0; i < route->nhops; i++)
		if (route->hops[i].link)
			buffer_printf(text, "%s%s", text->len ? " " : "",
				      route->hops[i].link->name);
	if (text->len)
		value_set_scratch(out);
	else
		value_set_fact(out, fact_none());
}

static void get_prefsrc(const struct row *row, struct value *out)
{
	net_value_ip(out, &route_of(row)->prefsrc);
}

static void get_metric(const struct row *row, struct value *out)
{
	value_set_uint(out, route_of(row)->metric);
}

static void get_protocol(const struct row *row, struct value *out)
{
	const char *name = net_route_protocol_name(route_of(row)->protocol);

	if (!name)
		buffer_uint(value_scratch(out), route_of(row)->protocol);
	if (name)
		value_set_str(out, name);
	else
		value_set_scratch(out);
}

static const struct column routes[] = {
	NET_PLACE_COLUMNS,
	{ "FAMILY", "family", VALUE_TEXT, false, false, 0, get_family, NULL, "inet or inet6" },
	{ "TABLE", "table", VALUE_TEXT, false, false, 0, get_table, NULL, "routing table" },
	{ "DST", "dst", VALUE_TEXT, false, false, 0, get_dst, NULL, "where it leads to" },
	{ "TYPE", "type", VALUE_TEXT, false, false, 0, get_type, NULL,
	  "unicast, local, blackhole, unreachable ..." },
	{ "GATEWAY", "gateway", VALUE_TEXT, false, false, 0, get_gateway, NULL,
	  "the next router, none where it is directly connected" },
	{ "LINK", "link", VALUE_TEXT, false, false, 0, get_link, NULL, "the link out" },
	{ "PREFSRC", "prefsrc", VALUE_TEXT, false, false, 0, get_prefsrc, NULL,
	  "source address for what is sent by it" },
	{ "METRIC", "metric", VALUE_UINT, true, false, 0, get_metric, NULL,
	  "of several the lowest is taken" },
	{ "PROTO", "protocol", VALUE_TEXT, false, false, 0, get_protocol, NULL,
	  "who made it: kernel, static, dhcp ..." },
	{ .heading = NULL },
};
const struct column_table route_columns = { "net --routes", routes,
					    "NS,TABLE,DST,TYPE,GATEWAY,LINK,METRIC,WHO" };

static const struct net_rule *rule_of(const struct row *row)
{
	return row->item;
}

static void rule_get_family(const struct row *row, struct value *out)
{
	value_set_str(out, rule_of(row)->family == AF_INET6 ? "inet6" : "inet");
}

static void rule_get_priority(const struct row *row, struct value *out)
{
	value_set_uint(out, rule_of(row)->priority);
}

static void put_prefix(struct buffer *text, const char *word, const struct net_ip *ip, unsigned len)
{
	char at[NET_IP_TEXT];

	if (len)
		buffer_printf(text, " %s %s/%u", word, net_ip_text(ip, at), len);
}

/* As ip-rule(8) has it: "not from 10.0.0.0/8 fwmark 0x1/0xff iif eth0". */
static void rule_get_match(const struct row *row, struct value *out)
{
	const struct net_rule *rule = rule_of(row);
	struct buffer *text = value_scratch(out);

	buffer_text(text, rule->invert ? "not" : "");
	if (!rule->src_len)
		buffer_text(text, rule->invert ? " from all" : "from all");
	put_prefix(text, "from", &rule->src, rule->src_len);
	put_prefix(text, "to", &rule->dst, rule->dst_len);
	if (rule->has_mark)
		buffer_printf(text, " fwmark 0x%x/0x%x", rule->mark, rule->mark_mask);
	if (rule->iif)
		buffer_printf(text, " iif %s", rule->iif);
	if (rule->oif)
		buffer_printf(text, " oif %s", rule->oif);
	if (rule->ipproto)
		buffer_printf(text, " ipproto %u", rule->ipproto);
	if (rule->has_sports)
		buffer_printf(text, " sport %u-%u", rule->sports.first, rule->sports.last);
	if (rule->has_dports)
		buffer_printf(text, " dport %u-%u", rule->dports.first, rule->dports.last);
	if (rule->has_uids)
		buffer_printf(text, " uidrange %u-%u", rule->uids.first, rule->uids.last);
	if (rule->partly)
		buffer_text(text, " (and more)");
	value_set_scratch(out);
	if (out->len && out->text[0] == ' ') {
		out->text++;
		out->len--;
	}
}

static void rule_get_action(const struct row *row, struct value *out)
{
	const struct net_rule *rule = rule_of(row);

	if (rule->action != NET_RULE_GOTO) {
		value_set_str(out, net_rule_action_names[rule->action]);
		return;
	}
	buffer_printf(value_scratch(out), "goto %u", rule->go_to);
	value_set_scratch(out);
}

static void rule_get_table(const struct row *row, struct value *out)
{
	if (rule_of(row)->action == NET_RULE_TABLE)
		set_table(rule_of(row)->table, out);
	else
		value_set_fact(out, fact_none());
}

static const struct column rules[] = {
	NET_PLACE_COLUMNS,
	{ "FAMILY", "family", VALUE_TEXT, false, false, 0, rule_get_family, NULL, "inet or inet6" },
	{ "PRIORITY", "priority", VALUE_UINT, true, false, 0, rule_get_priority, NULL,
	  "lower ones are tried first" },
	{ "MATCH", "match", VALUE_TEXT, false, true, 0, rule_get_match, NULL,
	  "the packets that it is for" },
	{ "ACTION", "action", VALUE_TEXT, false, false, 0, rule_get_action, NULL,
	  "what is done with them" },
	{ "TABLE", "table", VALUE_TEXT, false, false, 0, rule_get_table, NULL,
	  "the table in which a route is looked for" },
	{ .heading = NULL },
};
const struct column_table rule_columns = { "net --rules", rules,
					   "NS,FAMILY,PRIORITY,MATCH,ACTION,TABLE,WHO" };

static const struct net_neigh *neigh_of(const struct row *row)
{
	return row->item;
}

static void neigh_get_ip(const struct row *row, struct value *out)
{
	net_value_ip(out, &neigh_of(row)->ip);
}

static void neigh_get_mac(const struct row *row, struct value *out)
{
	char text[NET_MAC_TEXT];

	if (!neigh_of(row)->mac.len) {
		value_set_fact(out, fact_none());
		return;
	}
	buffer_text(value_scratch(out), net_mac_text(&neigh_of(row)->mac, text));
	value_set_scratch(out);
}

static void neigh_get_link(const struct row *row, struct value *out)
{
	net_value_link(out, neigh_of(row)->link);
}

static void neigh_get_state(const struct row *row, struct value *out)
{
	net_value_str(out, net_neigh_state_name(neigh_of(row)->state));
}

static void neigh_get_vlan(const struct row *row, struct value *out)
{
	if (neigh_of(row)->vlan)
		value_set_uint(out, neigh_of(row)->vlan);
	else
		value_set_fact(out, fact_none());
}

static const struct column neighs[] = {
	NET_PLACE_COLUMNS,
	{ "IP", "ip", VALUE_TEXT, false, false, 0, neigh_get_ip, NULL,
	  "address; none for what a bridge has learned" },
	{ "MAC", "mac", VALUE_TEXT, false, false, 0, neigh_get_mac, NULL, "hardware address" },
	{ "LINK", "link", VALUE_TEXT, false, false, 0, neigh_get_link, NULL, "behind which link" },
	{ "STATE", "state", VALUE_TEXT, false, false, 0, neigh_get_state, NULL,
	  "REACHABLE, STALE, FAILED, PERMANENT ..." },
	{ "VLAN", "vlan", VALUE_UINT, true, false, 0, neigh_get_vlan, NULL, "of a bridge's entry" },
	{ .heading = NULL },
};
const struct column_table neigh_columns = { "net --neigh", neighs, "NS,IP,MAC,LINK,STATE,WHO" };
