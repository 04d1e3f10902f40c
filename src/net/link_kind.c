/* SPDX-License-Identifier: MIT */
/*
 * The table of link kinds: what connects one to others, and which of its own values are shown
 * under which of ip-link(8)'s names. A kind without a row is shown with its name alone.
 */
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include <linux/if_tunnel.h>

#include "parse.h"
#include "uapi.h"

enum form {
	FORM_U8,
	FORM_U16,
	FORM_BE16,
	FORM_BE32,
	FORM_U32,
	FORM_BOOL, /* one byte */
	FORM_FLAG, /* true by being there */
	FORM_IP,
	FORM_WORD,	/* one byte, the number of a word */
	FORM_BIT,	/* 32 bits, the words are of bits */
	FORM_ETHERTYPE, /* big-endian */
};

struct detail_spec {
	uint16_t attr; /* 0 ends a list */
	const char *key;
	enum form form;
	const char *const *words; /* NULL-terminated */
};

static const char *const bond_modes[] = { "balance-rr", "active-backup", "balance-xor", "broadcast",
					  "802.3ad",	"balance-tlb",	 "balance-alb", NULL };
static const char *const bond_states[] = { "active", "backup", NULL };
static const char *const mii_states[] = { "up", "going_down", "down", "going_back", NULL };
static const char *const macvlan_modes[] = {
	"private", "vepa", "bridge", "passthru", "source", NULL
};
static const char *const ipvlan_modes[] = { "l2", "l3", "l3s", NULL };
static const char *const tun_types[] = { "", "tun", "tap", NULL };
static const char *const port_states[] = { "disabled",	 "listening", "learning",
					   "forwarding", "blocking",  NULL };

static const struct detail_spec bridge_details[] = {
	{ IFLA_BR_STP_STATE, "stp_state", FORM_U32, NULL },
	{ IFLA_BR_VLAN_FILTERING, "vlan_filtering", FORM_BOOL, NULL },
	{ IFLA_BR_VLAN_PROTOCOL, "vlan_protocol", FORM_ETHERTYPE, NULL },
	{ IFLA_BR_VLAN_DEFAULT_PVID, "vlan_default_pvid", FORM_U16, NULL },
	{ IFLA_BR_AGEING_TIME, "ageing_time", FORM_U32, NULL },
	{ IFLA_BR_FORWARD_DELAY, "forward_delay", FORM_U32, NULL },
	{ IFLA_BR_MCAST_SNOOPING, "mcast_snooping", FORM_BOOL, NULL },
	{ IFLA_BR_NF_CALL_IPTABLES, "nf_call_iptables", FORM_BOOL, NULL },
	{ IFLA_BR_NF_CALL_IP6TABLES, "nf_call_ip6tables", FORM_BOOL, NULL },
	{ IFLA_BR_NF_CALL_ARPTABLES, "nf_call_arptables", FORM_BOOL, NULL },
	{ 0 },
};

static const struct detail_spec bridge_port_details[] = {
	{ IFLA_BRPORT_STATE, "state", FORM_WORD, port_states },
	{ IFLA_BRPORT_PRIORITY, "priority", FORM_U16, NULL },
	{ IFLA_BRPORT_COST, "cost", FORM_U32, NULL },
	{ IFLA_BRPORT_MODE, "hairpin", FORM_BOOL, NULL },
	{ IFLA_BRPORT_GUARD, "guard", FORM_BOOL, NULL },
	{ IFLA_BRPORT_LEARNING, "learning", FORM_BOOL, NULL },
	{ IFLA_BRPORT_UNICAST_FLOOD, "flood", FORM_BOOL, NULL },
	{ IFLA_BRPORT_BCAST_FLOOD, "bcast_flood", FORM_BOOL, NULL },
	{ IFLA_BRPORT_MCAST_FLOOD, "mcast_flood", FORM_BOOL, NULL },
	{ IFLA_BRPORT_NEIGH_SUPPRESS, "neigh_suppress", FORM_BOOL, NULL },
	{ IFLA_BRPORT_ISOLATED, "isolated", FORM_BOOL, NULL },
	{ IFLA_BRPORT_LOCKED, "locked", FORM_BOOL, NULL },
	{ 0 },
};

static const struct detail_spec bond_details[] = {
	{ IFLA_BOND_MODE, "mode", FORM_WORD, bond_modes },
	{ IFLA_BOND_ACTIVE_SLAVE, "active_slave", FORM_U32, NULL },
	{ IFLA_BOND_PRIMARY, "primary", FORM_U32, NULL },
	{ IFLA_BOND_MIIMON, "miimon", FORM_U32, NULL },
	{ IFLA_BOND_UPDELAY, "updelay", FORM_U32, NULL },
	{ IFLA_BOND_DOWNDELAY, "downdelay", FORM_U32, NULL },
	{ IFLA_BOND_MIN_LINKS, "min_links", FORM_U32, NULL },
	{ 0 },
};

static const struct detail_spec bond_port_details[] = {
	{ IFLA_BOND_SLAVE_STATE, "state", FORM_WORD, bond_states },
	{ IFLA_BOND_SLAVE_MII_STATUS, "mii_status", FORM_WORD, mii_states },
	{ IFLA_BOND_SLAVE_LINK_FAILURE_COUNT, "link_failure_count", FORM_U32, NULL },
	{ IFLA_BOND_SLAVE_QUEUE_ID, "queue_id", FORM_U16, NULL },
	{ 0 },
};

static const struct detail_spec vlan_details[] = {
	{ IFLA_VLAN_ID, "id", FORM_U16, NULL },
	{ IFLA_VLAN_PROTOCOL, "protocol", FORM_ETHERTYPE, NULL },
	{ 0 },
};

static const struct detail_spec macvlan_details[] = {
	{ IFLA_MACVLAN_MODE, "mode", FORM_BIT, macvlan_modes },
	{ IFLA_MACVLAN_FLAGS, "flags", FORM_U16, NULL },
	{ 0 },
};

static const struct detail_spec ipvlan_details[] = {
	{ IFLA_IPVLAN_MODE, "mode", FORM_U16, ipvlan_modes },
	{ IFLA_IPVLAN_FLAGS, "flags", FORM_U16, NULL },
	{ 0 },
};

static const struct detail_spec vxlan_details[] = {
	{ IFLA_VXLAN_ID, "id", FORM_U32, NULL },
	{ IFLA_VXLAN_GROUP, "remote", FORM_IP, NULL },
	{ IFLA_VXLAN_GROUP6, "remote", FORM_IP, NULL },
	{ IFLA_VXLAN_LOCAL, "local", FORM_IP, NULL },
	{ IFLA_VXLAN_LOCAL6, "local", FORM_IP, NULL },
	{ IFLA_VXLAN_LINK, "link", FORM_U32, NULL },
	{ IFLA_VXLAN_PORT, "port", FORM_BE16, NULL },
	{ IFLA_VXLAN_TTL, "ttl", FORM_U8, NULL },
	{ IFLA_VXLAN_LEARNING, "learning", FORM_BOOL, NULL },
	{ IFLA_VXLAN_AGEING, "ageing", FORM_U32, NULL },
	{ IFLA_VXLAN_COLLECT_METADATA, "external", FORM_BOOL, NULL },
	{ 0 },
};

static const struct detail_spec geneve_details[] = {
	{ IFLA_GENEVE_ID, "id", FORM_U32, NULL },
	{ IFLA_GENEVE_REMOTE, "remote", FORM_IP, NULL },
	{ IFLA_GENEVE_REMOTE6, "remote", FORM_IP, NULL },
	{ IFLA_GENEVE_PORT, "port", FORM_BE16, NULL },
	{ IFLA_GENEVE_TTL, "ttl", FORM_U8, NULL },
	{ IFLA_GENEVE_COLLECT_METADATA, "external", FORM_FLAG, NULL },
	{ 0 },
};

static const struct detail_spec gre_details[] = {
	{ IFLA_GRE_LOCAL, "local", FORM_IP, NULL },
	{ IFLA_GRE_REMOTE, "remote", FORM_IP, NULL },
	{ IFLA_GRE_IKEY, "ikey", FORM_BE32, NULL },
	{ IFLA_GRE_OKEY, "okey", FORM_BE32, NULL },
	{ IFLA_GRE_TTL, "ttl", FORM_U8, NULL },
	{ IFLA_GRE_COLLECT_METADATA, "external", FORM_FLAG, NULL },
	{ 0 },
};

static const struct detail_spec iptun_details[] = {
	{ IFLA_IPTUN_LOCAL, "local", FORM_IP, NULL },
	{ IFLA_IPTUN_REMOTE, "remote", FORM_IP, NULL },
	{ IFLA_IPTUN_TTL, "ttl", FORM_U8, NULL },
	{ IFLA_IPTUN_COLLECT_METADATA, "external", FORM_FLAG, NULL },
	{ 0 },
};

static const struct detail_spec vti_details[] = {
	{ IFLA_VTI_LOCAL, "local", FORM_IP, NULL },
	{ IFLA_VTI_REMOTE, "remote", FORM_IP, NULL },
	{ 0 },
};

static const struct detail_spec vrf_details[] = {
	{ IFLA_VRF_TABLE, "table", FORM_U32, NULL },
	{ 0 },
};

static const struct detail_spec vrf_port_details[] = {
	{ IFLA_VRF_PORT_TABLE, "table", FORM_U32, NULL },
	{ 0 },
};

static const struct detail_spec xfrm_details[] = {
	{ IFLA_XFRM_IF_ID, "if_id", FORM_U32, NULL },
	{ 0 },
};

static const struct detail_spec tun_details[] = {
	{ IFLA_TUN_TYPE, "type", FORM_WORD, tun_types },
	{ IFLA_TUN_OWNER, "user", FORM_U32, NULL },
	{ IFLA_TUN_GROUP, "group", FORM_U32, NULL },
	{ IFLA_TUN_PERSIST, "persist", FORM_BOOL, NULL },
	{ IFLA_TUN_PI, "pi", FORM_BOOL, NULL },
	{ IFLA_TUN_VNET_HDR, "vnet_hdr", FORM_BOOL, NULL },
	{ IFLA_TUN_MULTI_QUEUE, "multi_queue", FORM_BOOL, NULL },
	{ IFLA_TUN_NUM_QUEUES, "queues", FORM_U32, NULL },
	{ 0 },
};

static const struct link_kind kinds[] = {
	{ "veth", NET_WIRE_VETH, true, false, NULL },
	{ "netkit", NET_WIRE_VETH, true, false, NULL },
	{ "vxcan", NET_WIRE_VETH, true, false, NULL },
	{ "macvlan", NET_WIRE_MACVLAN, false, false, macvlan_details },
	{ "macvtap", NET_WIRE_MACVTAP, false, false, macvlan_details },
	{ "ipvlan", NET_WIRE_IPVLAN, false, false, ipvlan_details },
	{ "ipvtap", NET_WIRE_IPVLAN, false, false, ipvlan_details },
	{ "vlan", NET_WIRE_VLAN, false, false, vlan_details },
	{ "vxlan", NET_WIRE_VXLAN, false, true, vxlan_details },
	{ "geneve", NET_WIRE_VXLAN, false, true, geneve_details },
	{ "wireguard", NET_WIRE_TUNNEL, false, true, NULL },
	{ "bareudp", NET_WIRE_VXLAN, false, true, NULL },
	{ "gre", NET_WIRE_TUNNEL, false, false, gre_details },
	{ "gretap", NET_WIRE_TUNNEL, false, false, gre_details },
	{ "ip6gre", NET_WIRE_TUNNEL, false, false, gre_details },
	{ "ip6gretap", NET_WIRE_TUNNEL, false, false, gre_details },
	{ "erspan", NET_WIRE_TUNNEL, false, false, gre_details },
	{ "ip6erspan", NET_WIRE_TUNNEL, false, false, gre_details },
	{ "ipip", NET_WIRE_TUNNEL, false, false, iptun_details },
	{ "sit", NET_WIRE_TUNNEL, false, false, iptun_details },
	{ "ip6tnl", NET_WIRE_TUNNEL, false, false, iptun_details },
	{ "vti", NET_WIRE_TUNNEL, false, false, vti_details },
	{ "vti6", NET_WIRE_TUNNEL, false, false, vti_details },
	{ "xfrm", NET_WIRE_TUNNEL, false, false, xfrm_details },
	{ "bridge", NET_WIRE_BRIDGE, false, false, bridge_details },
	{ "bond", NET_WIRE_BOND, false, false, bond_details },
	{ "team", NET_WIRE_BOND, false, false, NULL },
	{ "vrf", NET_WIRE_MASTER, false, false, vrf_details },
	{ "tun", NET_WIRE_TUN, false, false, tun_details },
};

static const struct {
	const char *kind;
	const struct detail_spec *details;
} ports[] = {
	{ "bridge", bridge_port_details },
	{ "bond", bond_port_details },
	{ "vrf", vrf_port_details },
};

const struct link_kind *link_kind_find(const char *kind)
{
	for (size_t i = 0; kind && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].name, kind) == 0)
			return &kinds[i];
	return NULL;
}

static const struct detail_spec *specs_find(const char *kind, bool port)
{
	const struct link_kind *k = link_kind_find(kind);

	if (!port)
		return k ? k->details : NULL;
	for (size_t i = 0; kind && i < sizeof(ports) / sizeof(ports[0]); i++)
		if (strcmp(ports[i].kind, kind) == 0)
			return ports[i].details;
	return NULL;
}

/* The number in an attribute of whatever width; false where it has another. */
static bool get_number(const struct detail_spec *spec, const struct nlattr *a, uint64_t *out)
{
	uint8_t u8;
	uint16_t u16;
	uint32_t u32;

	switch (spec->form) {
	case FORM_U8:
	case FORM_BOOL:
	case FORM_WORD:
		return nl_u8(a, &u8) && (*out = u8, true);
	case FORM_U16:
		return nl_u16(a, &u16) && (*out = u16, true);
	case FORM_BE16:
	case FORM_ETHERTYPE:
		return nl_be16(a, &u16) && (*out = u16, true);
	case FORM_BE32:
		return nl_be32(a, &u32) && (*out = u32, true);
	case FORM_U32:
	case FORM_BIT:
		return nl_u32(a, &u32) && (*out = u32, true);
	case FORM_FLAG:
		*out = 1;
		return true;
	case FORM_IP:
		break;
	}
	return false;
}

static const char *find_word(const struct detail_spec *spec, uint64_t num)
{
	for (size_t i = 0; spec->words[i]; i++)
		if (num == (spec->form == FORM_BIT ? UINT64_C(1) << i : i))
			return spec->words[i];
	return NULL;
}

static const char *ethertype(uint64_t num, struct arena *arena)
{
	char text[32];

	if (num == 0x8100)
		return "802.1Q";
	if (num == 0x88a8)
		return "802.1ad";
	snprintf(text, sizeof(text), "0x%04x", (unsigned)num);
	return arena_copy(arena, text, strlen(text));
}

static bool get_detail(const struct detail_spec *spec, const struct nlattr *a, struct arena *arena,
		       struct net_detail *out)
{
	*out = (struct net_detail){ .key = spec->key, .type = NET_DETAIL_NUM };
	if (spec->form == FORM_IP) {
		out->type = NET_DETAIL_IP;
		return nl_ip(a, &out->ip) && !net_ip_is_any(&out->ip);
	}
	if (!get_number(spec, a, &out->num))
		return false;
	if (spec->form == FORM_BOOL || spec->form == FORM_FLAG)
		out->type = NET_DETAIL_BOOL;
	if (spec->words)
		out->text = find_word(spec, out->num);
	else if (spec->form == FORM_ETHERTYPE)
		out->text = ethertype(out->num, arena);
	if (out->text)
		out->type = NET_DETAIL_TEXT;
	return true;
}

enum { DETAIL_ATTRS = 64 };

void link_details(const char *kind, const struct nlattr *data, bool port, struct arena *arena,
		  const struct net_detail **out, uint32_t *out_n)
{
	const struct detail_spec *specs = specs_find(kind, port);
	autovec found = VEC(struct net_detail);
	nl_attrs tb[DETAIL_ATTRS];

	if (!specs || !data)
		return;
	nl_attrs_nested(data, tb, DETAIL_ATTRS);
	for (; specs->attr; specs++) {
		struct net_detail d;

		if (tb[specs->attr] && get_detail(specs, tb[specs->attr], arena, &d))
			*(struct net_detail *)vec_add(&found) = d;
	}
	*out = vec_keep(&found, arena);
	*out_n = (uint32_t)found.n;
}
