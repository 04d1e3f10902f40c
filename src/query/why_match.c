/* SPDX-License-Identifier: MIT */
/*
 * Whether a packet meets the conditions of a filter rule: yes, no, or not to be told, since the
 * rule or the packet is not known well enough. Pure.
 */
#include <string.h>

#include "why_parts.h"

enum { PROTO_TCP = 6, PROTO_UDP = 17, TCP_SYN = 2, TCP_ACK = 16 };

uint8_t why_ipproto(const struct packet *p)
{
	if (p->ipproto)
		return p->ipproto;
	return p->proto == NET_PROTO_UDP ? PROTO_UDP : PROTO_TCP;
}

struct value {
	bool known;
	uint8_t bytes[16];
};

static void put_be32(uint8_t *out, uint32_t number)
{
	for (int i = 0; i < 4; i++)
		out[i] = (uint8_t)(number >> (24 - 8 * i));
}

static void put_name(const struct net_link *link, struct value *v)
{
	if (link)
		memcpy(v->bytes, link->name, strnlen(link->name, sizeof(v->bytes)));
}

static void put_port(uint16_t port, struct value *v)
{
	v->known = port != 0;
	v->bytes[0] = (uint8_t)(port >> 8);
	v->bytes[1] = (uint8_t)port;
}

/* A reply to what it has not seen begin is new to it, but no beginning that TCP could have. */
static uint32_t state_of(const struct packet *p)
{
	if (p->early)
		return NET_CT_INVALID;
	if (p->icmp)
		return NET_CT_UNTRACKED;
	/* Of one of which only the beginning was seen, this is no part. */
	if (p->third)
		return p->unheard ? NET_CT_INVALID : NET_CT_ESTABLISHED;
	if (!p->stray)
		return p->reply ? NET_CT_ESTABLISHED : NET_CT_NEW;
	return p->proto == NET_PROTO_UDP ? NET_CT_NEW : NET_CT_INVALID;
}

/* What stands behind the IP header. */
static void put_transport(const struct packet *p, enum net_field field, struct value *v)
{
	if (field == NET_FIELD_SPORT) {
		put_port(p->sport, v);
	} else if (field == NET_FIELD_DPORT) {
		put_port(p->dport, v);
	} else if (field == NET_FIELD_TCP_FLAGS) {
		v->known = p->proto == NET_PROTO_TCP && (p->sport || p->dport);
		v->bytes[0] = p->third ? TCP_ACK : p->reply ? TCP_SYN | TCP_ACK : TCP_SYN;
	} else {
		v->known = p->icmp;
		v->bytes[0] = p->icmp;
	}
}

/* What the field of a condition has in this packet. */
static struct value value_of(const struct net_ns *at, const struct packet *p, enum net_field field)
{
	struct value v = { .known = true };

	switch (field) {
	case NET_FIELD_NFPROTO:
		v.bytes[0] = p->dst.family;
		break;
	case NET_FIELD_L4PROTO:
		v.known = p->sport || p->dport || p->ipproto || p->arp;
		v.bytes[0] = p->arp ? 0 : why_ipproto(p);
		break;
	case NET_FIELD_SADDR:
		memcpy(v.bytes, p->src.bytes, sizeof(v.bytes));
		break;
	case NET_FIELD_DADDR:
		memcpy(v.bytes, p->dst.bytes, sizeof(v.bytes));
		break;
	case NET_FIELD_SPORT:
	case NET_FIELD_DPORT:
	case NET_FIELD_TCP_FLAGS:
	case NET_FIELD_ICMP_TYPE:
		put_transport(p, field, &v);
		break;
	case NET_FIELD_IIFNAME:
		put_name(p->in, &v);
		break;
	case NET_FIELD_OIFNAME:
		put_name(p->out, &v);
		break;
	case NET_FIELD_IIF:
		put_be32(v.bytes, p->in ? p->in->index : 0);
		break;
	case NET_FIELD_OIF:
		put_be32(v.bytes, p->out ? p->out->index : 0);
		break;
	case NET_FIELD_MARK:
		v.known = !p->rewritten;
		put_be32(v.bytes, p->mark);
		break;
	case NET_FIELD_CT_STATE:
		v.known = !p->rewritten && !p->arp && !p->frame;
		put_be32(v.bytes, state_of(p));
		break;
	case NET_FIELD_FIB_TYPE_DST:
		v.known = !p->frame;
		put_be32(v.bytes, why_type_of(at, p));
		break;
	case NET_FIELD_NUMGEN:
	case NET_FIELD_HASH:
	case NET_FIELD_TUPLE:
	case NET_FIELDS:
		v.known = false;
	}
	return v;
}

static bool is_in(const struct net_match *m, const uint8_t *bytes)
{
	uint8_t masked[16];

	for (size_t i = 0; i < sizeof(masked); i++)
		masked[i] = bytes[i] & m->mask[i];
	for (uint32_t i = 0; i < m->nin; i++)
		if (memcmp(masked, m->in[i].first, m->len) >= 0 &&
		    memcmp(masked, m->in[i].last, m->len) <= 0)
			return true;
	return false;
}

struct net_range why_chosen_ports(const struct packet *p)
{
	static const struct net_range usual = { 32768, 60999 };

	return p->chosen.last ? p->chosen : usual;
}

static enum match match_chosen_port(const struct net_match *m, const struct packet *p)
{
	struct net_range chosen = why_chosen_ports(p);

	for (uint32_t i = 0; i < m->nin; i++) {
		unsigned first = m->in[i].first[0] << 8 | m->in[i].first[1];
		unsigned last = m->in[i].last[0] << 8 | m->in[i].last[1];

		if (first <= chosen.first && last >= chosen.last)
			return m->invert ? MATCH_NO : MATCH_YES;
		if (last >= chosen.first && first <= chosen.last)
			return MATCH_MAYBE;
	}
	return m->invert ? MATCH_YES : MATCH_NO;
}

static enum match match_row(const struct net_ns *at, const struct net_match *m, uint32_t row,
			    const struct packet *p)
{
	enum match all = MATCH_YES;

	for (uint32_t i = 0; i < m->nparts; i++) {
		struct net_match part = m->parts[i];
		enum match one;

		part.in = &m->in[(size_t)row * m->nparts + i];
		part.nin = 1;
		one = why_match_one(at, &part, p);
		if (one == MATCH_NO)
			return MATCH_NO;
		if (one == MATCH_MAYBE)
			all = MATCH_MAYBE;
	}
	return all;
}

static enum match match_tuple(const struct net_ns *at, const struct net_match *m,
			      const struct packet *p)
{
	enum match any = MATCH_NO;

	for (uint32_t i = 0; i < m->nin && any != MATCH_YES; i++) {
		enum match one = match_row(at, m, i, p);

		any = one == MATCH_NO ? any : one;
	}
	if (any == MATCH_MAYBE)
		return any;
	return (any == MATCH_YES) != m->invert ? MATCH_YES : MATCH_NO;
}

enum match why_match_one(const struct net_ns *at, const struct net_match *m, const struct packet *p)
{
	bool port = m->field == NET_FIELD_SPORT || m->field == NET_FIELD_DPORT;
	struct value v = value_of(at, p, m->field);

	if (m->field == NET_FIELD_TUPLE)
		return match_tuple(at, m, p);
	if ((m->field == NET_FIELD_SADDR || m->field == NET_FIELD_DADDR) &&
	    m->family != p->dst.family)
		return MATCH_NO;
	/* ICMP has no ports, and a rule for them is of a protocol that it is not. */
	if (port && (p->icmp || p->arp))
		return MATCH_NO;
	if (!v.known && port && (p->sport || p->dport))
		return match_chosen_port(m, p);
	if (!v.known)
		return MATCH_MAYBE;
	return is_in(m, v.bytes) != m->invert ? MATCH_YES : MATCH_NO;
}

enum match why_match(const struct net_ns *at, const struct net_filter_rule *rule,
		     const struct packet *p)
{
	enum match all = rule->sound ? MATCH_YES : MATCH_MAYBE;

	for (uint32_t i = 0; i < rule->nmatches; i++) {
		enum match one = why_match_one(at, &rule->matches[i], p);

		if (one == MATCH_NO)
			return MATCH_NO;
		if (one == MATCH_MAYBE)
			all = MATCH_MAYBE;
	}
	return all;
}
