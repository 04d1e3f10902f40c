/* SPDX-License-Identifier: MIT */
/*
 * The columns of `nsview net --firewall`: rules of packet filters, and the policies of chains.
 * Names of tables and comments are anybody's choice; they are escaped where they are shown.
 */
#include <string.h>

#include "net_columns.h"

static const struct net_filter_line *line_of(const struct row *row)
{
	return row->item;
}

static const char *program_of(const struct net_filter_chain *c)
{
	if (!c->legacy)
		return "nft";
	if (strcmp(c->family, "arp") == 0)
		return "arptables-legacy";
	return strcmp(c->family, "ip6") == 0 ? "ip6tables-legacy" : "iptables-legacy";
}

static void get_program(const struct row *row, struct value *out)
{
	value_set_str(out, program_of(line_of(row)->chain));
}

static void get_family(const struct row *row, struct value *out)
{
	value_set_str(out, line_of(row)->chain->family);
}

static void get_table(const struct row *row, struct value *out)
{
	value_set_str(out, line_of(row)->chain->table);
}

static void get_chain(const struct row *row, struct value *out)
{
	value_set_str(out, line_of(row)->chain->name);
}

static void get_hook(const struct row *row, struct value *out)
{
	net_value_str(out, net_hook_names[line_of(row)->chain->hook]);
}

static void get_priority(const struct row *row, struct value *out)
{
	if (!line_of(row)->chain->type) {
		value_set_fact(out, fact_none());
		return;
	}
	out->kind = VALUE_INT;
	out->fact = fact_known();
	out->signed_num = line_of(row)->chain->priority;
}

static void get_device(const struct row *row, struct value *out)
{
	net_value_str(out, line_of(row)->chain->device);
}

static void get_handle(const struct row *row, struct value *out)
{
	if (line_of(row)->rule)
		value_set_uint(out, line_of(row)->rule->handle);
	else
		value_set_fact(out, fact_none());
}

static void get_verdict(const struct row *row, struct value *out)
{
	const struct net_filter_line *line = line_of(row);
	enum net_verdict verdict = line->rule ? line->rule->verdict : line->chain->policy;

	net_value_str(out, verdict == NET_VERDICT_NONE ? NULL : net_verdict_names[verdict]);
}

static void get_rule(const struct row *row, struct value *out)
{
	value_set_str(out, line_of(row)->rule ? line_of(row)->rule->text : "policy");
}

static void get_evaluated(const struct row *row, struct value *out)
{
	value_set_bool(out, !line_of(row)->rule || line_of(row)->rule->sound);
}

static void get_count(const struct net_filter_rule *rule, uint64_t count, struct value *out)
{
	if (rule && rule->counted)
		value_set_uint(out, count);
	else
		value_set_fact(out, fact_none());
}

static void get_packets(const struct row *row, struct value *out)
{
	const struct net_filter_rule *rule = line_of(row)->rule;

	get_count(rule, rule ? rule->packets : 0, out);
}

static void get_bytes(const struct row *row, struct value *out)
{
	const struct net_filter_rule *rule = line_of(row)->rule;

	get_count(rule, rule ? rule->bytes : 0, out);
}

static const struct column lines[] = {
	NET_PLACE_COLUMNS,
	{ "TOOL", "tool", VALUE_TEXT, false, false, 0, get_program, NULL,
	  "nft, iptables-legacy, ip6tables-legacy or arptables-legacy" },
	{ "FAMILY", "family", VALUE_TEXT, false, false, 0, get_family, NULL,
	  "ip, ip6, inet, arp, bridge or netdev" },
	{ "TABLE", "table", VALUE_TEXT, false, false, 0, get_table, NULL, "table" },
	{ "CHAIN", "chain", VALUE_TEXT, false, false, 0, get_chain, NULL, "chain" },
	{ "HOOK", "hook", VALUE_TEXT, false, false, 0, get_hook, NULL,
	  "where packets meet the chain; none: by jumps only" },
	{ "PRIORITY", "priority", VALUE_INT, true, false, 0, get_priority, NULL,
	  "of the chains of a hook lower ones come first" },
	{ "DEVICE", "device", VALUE_TEXT, false, false, 0, get_device, NULL,
	  "the link that an ingress or egress chain is of" },
	{ "HANDLE", "handle", VALUE_UINT, true, false, 0, get_handle, NULL,
	  "of nft its handle, of the others its number in the chain" },
	{ "VERDICT", "verdict", VALUE_TEXT, false, false, 0, get_verdict, NULL,
	  "accept, drop, jump, dnat ..." },
	{ "RULE", "rule", VALUE_TEXT, false, true, 0, get_rule, NULL,
	  "the rule in nft's words, [NAME] what is not decoded; or policy" },
	{ "EVALUATED", "evaluated", VALUE_BOOL, false, false, 0, get_evaluated, NULL,
	  "why can tell what it does" },
	{ "PACKETS", "packets", VALUE_UINT, true, false, 0, get_packets, NULL,
	  "packets counted by the rule" },
	{ "BYTES", "bytes", VALUE_UINT, true, false, 0, get_bytes, NULL,
	  "bytes counted by the rule" },
	{ .heading = NULL },
};
const struct column_table firewall_columns = { "net --firewall", lines,
					       "NS,TOOL,FAMILY,TABLE,CHAIN,HOOK,VERDICT,RULE,WHO" };
