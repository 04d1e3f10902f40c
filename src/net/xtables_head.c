/* SPDX-License-Identifier: MIT */
/*
 * What every entry of a legacy table begins with: addresses, links and protocol, each of which may
 * be inverted, as conditions. Interfaces are compared by as many bytes as the mask has; "eth+" is a
 * mask without the final NUL.
 */
#include <stddef.h>
#include <string.h>

#include "xtables_head.h"
#include "xtables_uapi.h"

static void add_condition(struct build *b, enum net_field field, uint8_t family, uint8_t len,
			  const void *value, const void *mask, bool invert)
{
	struct reg r = { .field = field, .len = len, .family = family };
	struct net_interval *in;
	struct net_match *m;

	memcpy(r.mask, mask, len);
	m = match_begin(b, &r, invert);
	if (!m) {
		b->rule->sound = false;
		return;
	}
	in = arena_alloc(b->arena, sizeof(*in));
	for (size_t i = 0; i < len; i++)
		in->first[i] = in->last[i] = ((const uint8_t *)value)[i] & r.mask[i];
	m->in = in;
	m->nin = 1;
	match_end(b, m);
}

static bool is_zero(const void *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (((const uint8_t *)bytes)[i])
			return false;
	return true;
}

/* No mask at all means every address, and inverted none. */
static void address(struct build *b, enum net_field field, uint8_t len, const void *value,
		    const void *mask, bool invert)
{
	if (invert || !is_zero(mask, len))
		add_condition(b, field, len == 16 ? AF_INET6 : AF_INET, len, value, mask, invert);
}

static void interface(struct build *b, enum net_field field, const char *name, const uint8_t *mask,
		      bool invert)
{
	uint8_t whole[IFNAMSIZ];
	size_t covered = 0;

	if (!invert && is_zero(mask, IFNAMSIZ))
		return;
	while (covered < IFNAMSIZ && mask[covered] == 0xff)
		covered++;
	/* With its end in the mask it is a whole name. */
	memset(whole, 0xff, sizeof(whole));
	add_condition(b, field, 0, IFNAMSIZ, name, strnlen(name, IFNAMSIZ) < covered ? whole : mask,
		      invert);
}

static void protocol(struct build *b, uint16_t proto, bool invert)
{
	const uint8_t value = (uint8_t)proto, mask = 0xff;

	if (proto)
		add_condition(b, NET_FIELD_L4PROTO, 0, 1, &value, &mask, invert);
	if (proto > UINT8_MAX)
		b->rule->sound = false;
}

static void not_decoded(struct build *b, const char *word)
{
	b->rule->sound = false;
	build_word(b, word);
}

static bool ip_conditions(struct build *b, const void *head)
{
	struct ipt_ip ip;

	memcpy(&ip, head, sizeof(ip));
	address(b, NET_FIELD_SADDR, 4, &ip.src, &ip.smsk, ip.invflags & IPT_INV_SRCIP);
	address(b, NET_FIELD_DADDR, 4, &ip.dst, &ip.dmsk, ip.invflags & IPT_INV_DSTIP);
	interface(b, NET_FIELD_IIFNAME, ip.iniface, ip.iniface_mask, ip.invflags & IPT_INV_VIA_IN);
	interface(b, NET_FIELD_OIFNAME, ip.outiface, ip.outiface_mask,
		  ip.invflags & IPT_INV_VIA_OUT);
	protocol(b, ip.proto, ip.invflags & IPT_INV_PROTO);
	if ((ip.flags & IPT_F_FRAG) || (ip.invflags & IPT_INV_FRAG))
		not_decoded(b, "[fragment]");
	return ip.flags & IPT_F_GOTO;
}

static bool ip6_conditions(struct build *b, const void *head)
{
	struct ip6t_ip6 ip;

	memcpy(&ip, head, sizeof(ip));
	address(b, NET_FIELD_SADDR, 16, &ip.src, &ip.smsk, ip.invflags & IP6T_INV_SRCIP);
	address(b, NET_FIELD_DADDR, 16, &ip.dst, &ip.dmsk, ip.invflags & IP6T_INV_DSTIP);
	interface(b, NET_FIELD_IIFNAME, ip.iniface, ip.iniface_mask, ip.invflags & IP6T_INV_VIA_IN);
	interface(b, NET_FIELD_OIFNAME, ip.outiface, ip.outiface_mask,
		  ip.invflags & IP6T_INV_VIA_OUT);
	if (ip.flags & IP6T_F_PROTO)
		protocol(b, ip.proto, ip.invflags & IP6T_INV_PROTO);
	if (ip.flags & IP6T_F_TOS)
		not_decoded(b, "[tos]");
	return ip.flags & IP6T_F_GOTO;
}

/* Whether there are any: what ARP carries is not evaluated. */
static bool arp_conditions(struct build *b, const void *head)
{
	struct arpt_arp arp;

	memcpy(&arp, head, sizeof(arp));
	if (!is_zero(&arp, sizeof(arp)))
		not_decoded(b, "[arp]");
	return false;
}

#define HEAD(nfproto, type, run)                                                                   \
	{                                                                                          \
		nfproto, sizeof(type), offsetof(type, target_offset), offsetof(type, next_offset), \
			offsetof(type, counters), run                                              \
	}
const struct xtables_head xtables_heads[XTABLES_FAMILIES] = {
	[XTABLES_IP] = HEAD(NFPROTO_IPV4, struct ipt_entry, ip_conditions),
	[XTABLES_IP6] = HEAD(NFPROTO_IPV6, struct ip6t_entry, ip6_conditions),
	[XTABLES_ARP] = HEAD(NFPROTO_ARP, struct arpt_entry, arp_conditions),
};
