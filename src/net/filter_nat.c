/* SPDX-License-Identifier: MIT */
/*
 * Expressions of nftables that translate: to addresses and ports that the rule names, or that a map
 * gives, which is then as good as a rule for each of its lines.
 */
#include <arpa/inet.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include "filter_build.h"

/* Where it takes them from; NULL: it leaves them. */
struct sources {
	uint8_t family;
	const struct reg *ip_min, *ip_max, *port_min, *port_max;
};

/* What stands in a register, where it comes from a map in that row of it; NULL: not known. */
static const uint8_t *held(const struct reg *r, uint32_t row, size_t len)
{
	if (r->constant)
		return r->value_len >= len ? r->value : NULL;
	if (!r->map || r->at + len > r->map->set->value_len)
		return NULL;
	return r->map->set->values + (size_t)row * r->map->set->value_len + r->at;
}

static bool put_ports(const struct sources *from, uint32_t row, struct net_filter_rule *rule)
{
	const uint8_t *first = from->port_min ? held(from->port_min, row, 2) : NULL;
	const uint8_t *last = from->port_max ? held(from->port_max, row, 2) : first;

	if (!from->port_min)
		return true;
	if (!first || !last)
		return false;
	rule->nat_ports = (struct net_range){ (uint32_t)first[0] << 8 | first[1],
					      (uint32_t)last[0] << 8 | last[1] };
	rule->has_nat_ports = true;
	return true;
}

static bool put_addresses(const struct sources *from, uint32_t row, struct net_filter_rule *rule)
{
	size_t len = from->family == NFPROTO_IPV6 ? 16 : 4;
	const uint8_t *first = from->ip_min ? held(from->ip_min, row, len) : NULL;
	const uint8_t *last = from->ip_max ? held(from->ip_max, row, len) : first;

	if (!from->ip_min)
		return true;
	if (!first || !last)
		return false;
	rule->nat_first.family = len == 16 ? AF_INET6 : AF_INET;
	memcpy(rule->nat_first.bytes, first, len);
	rule->nat_last = rule->nat_first;
	memcpy(rule->nat_last.bytes, last, len);
	rule->has_nat_ip = true;
	return true;
}

static void put_text(struct buffer *out, const struct net_filter_rule *rule)
{
	char ip[NET_IP_TEXT];

	if (rule->has_nat_ip) {
		buffer_text(out, net_ip_text(&rule->nat_first, ip));
		if (!net_ip_equal(&rule->nat_first, &rule->nat_last))
			buffer_printf(out, "-%s", net_ip_text(&rule->nat_last, ip));
	}
	if (!rule->has_nat_ports)
		return;
	buffer_printf(out, "%sport %u", rule->has_nat_ip ? " " : "", rule->nat_ports.first);
	if (rule->nat_ports.last != rule->nat_ports.first)
		buffer_printf(out, "-%u", rule->nat_ports.last);
}

static bool put_row(const struct sources *from, uint32_t row, struct net_filter_rule *rule)
{
	return put_addresses(from, row, rule) && put_ports(from, row, rule);
}

/* The map that some of them come from, NULL: none; false where they come from several. */
static bool find_map(const struct sources *from, const struct lookup **out)
{
	const struct reg *regs[] = { from->ip_min, from->ip_max, from->port_min, from->port_max };

	*out = NULL;
	for (size_t i = 0; i < sizeof(regs) / sizeof(regs[0]); i++) {
		if (!regs[i] || !regs[i]->map)
			continue;
		if (*out && *out != regs[i]->map)
			return false;
		*out = regs[i]->map;
	}
	return true;
}

static void case_text(struct build *b, const struct net_filter_case *c)
{
	put_text(&b->text, c->nat);
}

/* Each line of the map does what a rule of its own would. */
static bool by_map(struct build *b, const struct lookup *map, const struct sources *from)
{
	struct net_filter_case *cases;
	struct net_filter_rule *then;
	uint32_t n = map->set->n + map->set->otherwise;

	then = arena_alloc(b->arena, (n + 1) * sizeof(*then));
	for (uint32_t i = 0; i < n; i++) {
		autobuffer text = BUFFER_INIT;

		then[i] = (struct net_filter_rule){ .verdict = b->rule->verdict, .sound = true };
		if (!put_row(from, i, &then[i]))
			return false;
		buffer_printf(&text, "%s to ", net_verdict_names[b->rule->verdict]);
		put_text(&text, &then[i]);
		then[i].text = arena_copy(b->arena, buffer_str(&text), text.len);
	}
	cases = lookup_cases(b, map);
	for (uint32_t i = 0; i < n; i++) {
		cases[i].verdict = then[i].verdict;
		cases[i].nat = &then[i];
	}
	buffer_char(&b->text, ' ');
	lookup_text(b, map, "map", case_text);
	return true;
}

static bool translate(struct build *b, const struct sources *from)
{
	const struct lookup *map;

	if (!from->ip_min && !from->port_min)
		return true;
	if (b->rule->ncases || !find_map(from, &map))
		return false;
	if (b->rule->verdict != NET_VERDICT_REDIRECT)
		build_word(b, "to");
	if (map)
		return by_map(b, map, from);
	if (!put_row(from, 0, b->rule))
		return false;
	buffer_char(&b->text, ' ');
	put_text(&b->text, b->rule);
	return true;
}

static bool source(struct build *b, const struct nlattr *a, const struct reg **out)
{
	*out = a ? reg_at(b, a) : NULL;
	return !a || *out;
}

bool run_nat(struct build *b, attrs tb)
{
	uint32_t type = 0, family = 0;
	struct sources from;

	if (!nl_be32(tb[NFTA_NAT_TYPE], &type) || !nl_be32(tb[NFTA_NAT_FAMILY], &family))
		return false;
	b->rule->verdict = type == NFT_NAT_SNAT ? NET_VERDICT_SNAT : NET_VERDICT_DNAT;
	b->rule->names_packet = true;
	build_word(b, net_verdict_names[b->rule->verdict]);
	from.family = (uint8_t)family;
	return source(b, tb[NFTA_NAT_REG_ADDR_MIN], &from.ip_min) &&
	       source(b, tb[NFTA_NAT_REG_ADDR_MAX], &from.ip_max) &&
	       source(b, tb[NFTA_NAT_REG_PROTO_MIN], &from.port_min) &&
	       source(b, tb[NFTA_NAT_REG_PROTO_MAX], &from.port_max) && translate(b, &from);
}

bool run_masq(struct build *b, attrs tb)
{
	struct sources from = { 0 };

	b->rule->verdict = NET_VERDICT_MASQUERADE;
	build_word(b, "masquerade");
	return source(b, tb[NFTA_MASQ_REG_PROTO_MIN], &from.port_min) &&
	       source(b, tb[NFTA_MASQ_REG_PROTO_MAX], &from.port_max) && translate(b, &from);
}

bool run_redir(struct build *b, attrs tb)
{
	struct sources from = { 0 };

	b->rule->verdict = NET_VERDICT_REDIRECT;
	b->rule->names_packet = true;
	build_word(b, "redirect to");
	return source(b, tb[NFTA_REDIR_REG_PROTO_MIN], &from.port_min) &&
	       source(b, tb[NFTA_REDIR_REG_PROTO_MAX], &from.port_max) && translate(b, &from);
}
