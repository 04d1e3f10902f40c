/* SPDX-License-Identifier: MIT */
/* Conditions of filter rules in nft(8)'s words. Pure. */
#include <arpa/inet.h>
#include <string.h>

#include <nsview/buffer.h>

#include "filter.h"

enum { SHOWN = 8 };

static const char *const words[NET_FIELDS] = {
	[NET_FIELD_NFPROTO] = "meta nfproto",
	[NET_FIELD_L4PROTO] = "meta l4proto",
	[NET_FIELD_SADDR] = "saddr",
	[NET_FIELD_DADDR] = "daddr",
	[NET_FIELD_SPORT] = "th sport",
	[NET_FIELD_DPORT] = "th dport",
	[NET_FIELD_IIFNAME] = "iifname",
	[NET_FIELD_OIFNAME] = "oifname",
	[NET_FIELD_IIF] = "iif",
	[NET_FIELD_OIF] = "oif",
	[NET_FIELD_MARK] = "meta mark",
	[NET_FIELD_CT_STATE] = "ct state",
	[NET_FIELD_FIB_TYPE_DST] = "fib daddr type",
	[NET_FIELD_TCP_FLAGS] = "tcp flags",
	[NET_FIELD_ICMP_TYPE] = "icmp type",
	[NET_FIELD_NUMGEN] = "numgen",
	[NET_FIELD_HASH] = "hash",
	[NET_FIELD_TUPLE] = "",
};

static uint32_t number(const uint8_t *bytes, size_t len)
{
	uint32_t value = 0;

	for (size_t i = 0; i < len && i < 4; i++)
		value = value << 8 | bytes[i];
	return value;
}

/* Length of the prefix that a mask is, -1 if it is none. */
static int prefix_of(const uint8_t *mask, size_t len)
{
	int bits = 0;

	while ((size_t)bits < len * 8 && (mask[bits / 8] & (0x80 >> bits % 8)))
		bits++;
	for (size_t i = (size_t)bits; i < len * 8; i++)
		if (mask[i / 8] & (0x80 >> i % 8))
			return -1;
	return bits;
}

static void address_text(struct buffer *out, const struct net_match *m, const uint8_t *bytes)
{
	struct net_ip ip = { .family = m->family };
	char text[NET_IP_TEXT];

	memcpy(ip.bytes, bytes, m->len);
	buffer_text(out, net_ip_text(&ip, text));
}

static void states_text(struct buffer *out, uint32_t bits)
{
	static const char *const states[] = { "invalid", "established", "related",  "new",
					      NULL,	 NULL,		"untracked" };
	const char *before = "";

	for (unsigned i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (states[i] && (bits >> i & 1)) {
			buffer_printf(out, "%s%s", before, states[i]);
			before = ",";
		}
}

static void proto_text(struct buffer *out, uint8_t proto)
{
	static const struct {
		uint8_t number;
		const char *name;
	} names[] = {
		{ 1, "icmp" }, { 6, "tcp" }, { 17, "udp" }, { 58, "ipv6-icmp" }, { 132, "sctp" }
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].number == proto) {
			buffer_text(out, names[i].name);
			return;
		}
	buffer_printf(out, "%u", proto);
}

static void value_text(struct buffer *out, const struct net_match *m, const uint8_t *bytes)
{
	switch (m->field) {
	case NET_FIELD_SADDR:
	case NET_FIELD_DADDR:
		address_text(out, m, bytes);
		break;
	case NET_FIELD_IIFNAME:
	case NET_FIELD_OIFNAME:
		buffer_char(out, '"');
		buffer_append(out, bytes, strnlen((const char *)bytes, 16));
		if (!m->mask[15])
			buffer_char(out, '*');
		buffer_char(out, '"');
		break;
	case NET_FIELD_L4PROTO:
		proto_text(out, bytes[0]);
		break;
	case NET_FIELD_NFPROTO:
		buffer_text(out, bytes[0] == AF_INET	? "ipv4"
				 : bytes[0] == AF_INET6 ? "ipv6"
				 : bytes[0] == 0	? "arp"
							: "?");
		break;
	case NET_FIELD_CT_STATE:
		states_text(out, number(bytes, 4));
		break;
	case NET_FIELD_FIB_TYPE_DST:
		buffer_text(out, number(bytes, 4) < NET_ROUTE_TYPES
					 ? net_route_type_names[number(bytes, 4)]
					 : "?");
		break;
	default:
		buffer_printf(out, "%u", number(bytes, m->len));
	}
}

/* "10.0.0.1 . 80"; of no fields at all: "*" */
static void row_text(struct buffer *out, const struct net_match *m, const struct net_interval *in)
{
	if (!m->nparts)
		buffer_char(out, '*');
	for (uint32_t i = 0; i < m->nparts; i++) {
		if (i)
			buffer_text(out, " . ");
		filter_interval_text(out, &m->parts[i], &in[i]);
	}
}

void filter_interval_text(struct buffer *out, const struct net_match *m,
			  const struct net_interval *in)
{
	bool address = m->field == NET_FIELD_SADDR || m->field == NET_FIELD_DADDR;
	int prefix = address ? prefix_of(m->mask, m->len) : -1;

	if (m->field == NET_FIELD_TUPLE) {
		row_text(out, m, in);
		return;
	}
	value_text(out, m, in->first);
	if (memcmp(in->first, in->last, m->len) != 0) {
		buffer_char(out, '-');
		value_text(out, m, in->last);
	}
	if (prefix >= 0 && prefix < m->len * 8)
		buffer_printf(out, "/%d", prefix);
}

/* "ct state established,related" is: of these bits some are set. */
static bool state_text(struct buffer *out, const struct net_match *m)
{
	static const uint8_t none[16];

	if (m->field != NET_FIELD_CT_STATE || m->nin != 1 || memcmp(m->in[0].first, none, 4) != 0 ||
	    memcmp(m->in[0].last, none, 4) != 0)
		return false;
	buffer_text(out, m->invert ? "ct state " : "ct state != ");
	states_text(out, number(m->mask, 4));
	return true;
}

void filter_field_text(struct buffer *out, const struct net_match *m)
{
	for (uint32_t i = 0; i < m->nparts; i++) {
		if (i)
			buffer_text(out, " . ");
		filter_field_text(out, &m->parts[i]);
	}
	if (m->field == NET_FIELD_SADDR || m->field == NET_FIELD_DADDR)
		buffer_text(out, m->family == AF_INET6 ? "ip6 " : "ip ");
	buffer_text(out, words[m->field]);
}

void filter_match_text(struct buffer *out, const struct net_match *m)
{
	if (state_text(out, m))
		return;
	filter_field_text(out, m);
	if (m->field == NET_FIELD_MARK && number(m->mask, 4) != UINT32_MAX)
		buffer_printf(out, " and 0x%x", number(m->mask, 4));
	if (m->field == NET_FIELD_TCP_FLAGS && m->mask[0] != 0xff)
		buffer_printf(out, " and 0x%x", m->mask[0]);
	buffer_text(out, m->invert ? " != " : " ");
	if (m->nin != 1)
		buffer_text(out, "{ ");
	for (uint32_t i = 0; i < m->nin && i < SHOWN; i++) {
		if (i)
			buffer_text(out, ", ");
		filter_interval_text(out, m, &m->in[m->nparts ? i * m->nparts : i]);
	}
	if (m->nin > SHOWN)
		buffer_printf(out, ", ... (%u)", m->nin);
	if (m->nin != 1)
		buffer_text(out, " }");
}
