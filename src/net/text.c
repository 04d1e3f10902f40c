/* SPDX-License-Identifier: MIT */
/* Names of numbers, and addresses as text. Pure. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <nsview/base64.h>

#include "netlink.h"
#include "uapi.h"

const char *const net_part_names[NET_PARTS] = {
	"links",      "vlans",	 "addresses", "routes",	 "rules",
	"neighbours", "sockets", "filters",   "sysctls", "tc",
};

const char *const net_xdp_names[5] = { NULL, "xdpdrv", "xdpgeneric", "xdpoffload", "xdpmulti" };

const char *const net_oper_names[NET_OPERS] = {
	"UNKNOWN", "NOTPRESENT", "DOWN", "LOWERLAYERDOWN", "TESTING", "DORMANT", "UP",
};

const char *const net_how_names[4] = { NULL, "unresolved", "one", "both" };

const char *const net_port_state_names[NET_PORT_STATES] = {
	"disabled", "listening", "learning", "forwarding", "blocking",
};

const char *const net_route_type_names[NET_ROUTE_TYPES] = {
	"unspec",    "unicast",	    "local",	"broadcast", "anycast", "multicast",
	"blackhole", "unreachable", "prohibit", "throw",     "nat",	"xresolve",
};

const char *const net_rule_action_names[NET_RULE_ACTIONS] = {
	"unspec", "lookup", "goto", "nop", "blackhole", "unreachable", "prohibit", "other",
};

const char *const net_proto_names[NET_PROTOS] = {
	"tcp", "udp", "udplite", "sctp", "dccp", "mptcp", "raw", "packet", "unix", "vsock",
};

const char *const net_socket_state_names[NET_SOCKET_STATES] = {
	"UNKNOWN", "ESTAB",	 "SYN-SENT", "SYN-RECV", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT",
	"UNCONN",  "CLOSE-WAIT", "LAST-ACK", "LISTEN",	 "CLOSING",    "SYN-RECV",
};

const char *const net_hook_names[NET_HOOKS] = {
	NULL, "ingress", "prerouting", "input", "forward", "output", "postrouting", "egress",
};

const char *const net_field_names[NET_FIELDS] = {
	"nfproto",  "l4proto",	 "saddr",     "daddr",	"sport", "dport",
	"iifname",  "oifname",	 "iif",	      "oif",	"mark",	 "ct_state",
	"fib_type", "tcp_flags", "icmp_type", "numgen", "hash",	 "tuple",
};

const char *const net_verdict_names[NET_VERDICTS] = {
	"none",	 "accept", "drop", "reject",	 "return",   "jump", "goto",
	"queue", "dnat",   "snat", "masquerade", "redirect", "vmap", "other",
};

const char *const net_wire_kind_names[NET_WIRE_KINDS] = {
	"veth",	  "macvlan", "macvtap", "ipvlan", "vlan",   "vxlan",
	"tunnel", "lower",   "bridge",	"bond",	  "master", "tun",
};

const char *net_ip_text(const struct net_ip *ip, char out[NET_IP_TEXT])
{
	if (!ip->family || !inet_ntop(ip->family, ip->bytes, out, NET_IP_TEXT))
		out[0] = '\0';
	return out;
}

const char *net_mac_text(const struct net_mac *mac, char out[NET_MAC_TEXT])
{
	size_t at = 0;

	out[0] = '\0';
	for (size_t i = 0; i < mac->len && i < sizeof(mac->bytes); i++)
		at += (size_t)snprintf(out + at, NET_MAC_TEXT - at, "%s%02x", i ? ":" : "",
				       mac->bytes[i]);
	return out;
}

const char *net_key_text(const uint8_t key[NET_KEY], char out[NET_KEY_TEXT])
{
	autobuffer text = BUFFER_INIT;

	base64_append(&text, key, NET_KEY);
	memcpy(out, text.data, NET_KEY_TEXT);
	return out;
}

int net_ip_parse(const char *text, struct net_ip *out)
{
	struct net_ip ip = { .family = strchr(text, ':') ? AF_INET6 : AF_INET };

	*out = (struct net_ip){ 0 };
	if (inet_pton(ip.family, text, ip.bytes) != 1)
		return -EINVAL;
	*out = ip;
	return 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int net_mac_parse(const char *text, struct net_mac *out)
{
	*out = (struct net_mac){ .len = 6 };
	for (size_t i = 0; i < 6; i++, text += 3) {
		int high = hex_digit(text[0]), low = high < 0 ? -1 : hex_digit(text[1]);

		if (low < 0)
			return -EINVAL;
		if (i < 5 ? text[2] != ':' && text[2] != '-' : text[2] != '\0')
			return -EINVAL;
		out->bytes[i] = (uint8_t)(high << 4 | low);
	}
	return 0;
}

bool net_ip_equal(const struct net_ip *a, const struct net_ip *b)
{
	return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

bool net_ip_within(const struct net_ip *ip, const struct net_ip *prefix, unsigned len)
{
	unsigned whole = len / 8, bits = len % 8;
	uint8_t mask = (uint8_t)(0xff00 >> bits);

	if (len > 128 || (prefix->family && prefix->family != ip->family))
		return false;
	if (memcmp(ip->bytes, prefix->bytes, whole) != 0)
		return false;
	return !bits || ((ip->bytes[whole] ^ prefix->bytes[whole]) & mask) == 0;
}

bool net_ip_is_any(const struct net_ip *ip)
{
	static const uint8_t zero[16];

	return memcmp(ip->bytes, zero, sizeof(zero)) == 0;
}

const char *net_scope_name(uint8_t scope)
{
	switch (scope) {
	case RT_SCOPE_UNIVERSE:
		return "global";
	case RT_SCOPE_SITE:
		return "site";
	case RT_SCOPE_LINK:
		return "link";
	case RT_SCOPE_HOST:
		return "host";
	case RT_SCOPE_NOWHERE:
		return "nowhere";
	default:
		return NULL;
	}
}

const char *net_neigh_state_name(uint16_t state)
{
	static const struct {
		uint16_t bit;
		const char *name;
	} names[] = {
		{ NET_NEIGH_PERMANENT, "PERMANENT" },	{ NET_NEIGH_NOARP, "NOARP" },
		{ NET_NEIGH_REACHABLE, "REACHABLE" },	{ NET_NEIGH_STALE, "STALE" },
		{ NET_NEIGH_DELAY, "DELAY" },		{ NET_NEIGH_PROBE, "PROBE" },
		{ NET_NEIGH_INCOMPLETE, "INCOMPLETE" }, { NET_NEIGH_FAILED, "FAILED" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (state & names[i].bit)
			return names[i].name;
	return "NONE";
}

const char *net_route_protocol_name(uint8_t protocol)
{
	static const struct {
		uint8_t number;
		const char *name;
	} names[] = {
		{ RTPROT_UNSPEC, "unspec" }, { RTPROT_REDIRECT, "redirect" },
		{ RTPROT_KERNEL, "kernel" }, { RTPROT_BOOT, "boot" },
		{ RTPROT_STATIC, "static" }, { RTPROT_RA, "ra" },
		{ RTPROT_DHCP, "dhcp" },     { RTPROT_KEEPALIVED, "keepalived" },
		{ RTPROT_BABEL, "babel" },   { RTPROT_BGP, "bgp" },
		{ RTPROT_ISIS, "isis" },     { RTPROT_OSPF, "ospf" },
		{ RTPROT_RIP, "rip" },	     { RTPROT_EIGRP, "eigrp" },
		{ RTPROT_ZEBRA, "zebra" },   { RTPROT_BIRD, "bird" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].number == protocol)
			return names[i].name;
	return NULL;
}
