/* SPDX-License-Identifier: MIT */
/*
 * What network namespaces have in them (links, addresses, routes, rules, neighbours, sockets,
 * packet filters, sysctls), and the wires between them. Read by netlink (rtnetlink(7),
 * sock_diag(7), nfnetlink), built once, then only read. Values are in host byte order, addresses
 * in network order. Text comes from the kernel but is chosen by anybody: escape it. Nothing here
 * makes findings or prints.
 */
#ifndef NSVIEW_NET_H
#define NSVIEW_NET_H

#include <net/if.h> /* IFF_UP and so on, of net_link.flags */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <nsview/error.h>
#include <nsview/graph.h>
#include <nsview/scan.h>

struct net_ns;
struct net_link;

/* The parts that can be asked for; how well each is known stands in net_ns.parts. */
enum net_part {
	NET_PART_LINKS, /* links, and the wires between them */
	NET_PART_VLANS, /* of bridges and their ports; read with the links of bridges */
	NET_PART_ADDRS,
	NET_PART_ROUTES,  /* of all tables */
	NET_PART_RULES,	  /* of policy routing */
	NET_PART_NEIGH,	  /* neighbours, and what bridges have learned */
	NET_PART_SOCKETS, /* and who holds them */
	NET_PART_FILTER,  /* nftables and legacy iptables */
	NET_PART_SYSCTL,
	NET_PART_TC, /* queueing disciplines, and whether they have filters */
	NET_PARTS
};
/* Bits of `what`. */
enum {
	NET_LINKS = 1 << NET_PART_LINKS,
	NET_VLANS = 1 << NET_PART_VLANS, /* implies NET_LINKS */
	NET_ADDRS = 1 << NET_PART_ADDRS,
	NET_ROUTES = 1 << NET_PART_ROUTES,
	NET_RULES = 1 << NET_PART_RULES,
	NET_NEIGH = 1 << NET_PART_NEIGH,
	NET_SOCKETS = 1 << NET_PART_SOCKETS,
	NET_FILTER = 1 << NET_PART_FILTER,
	NET_SYSCTL = 1 << NET_PART_SYSCTL,
	NET_TC = 1 << NET_PART_TC, /* takes NET_LINKS */
	NET_ALL = (1 << NET_PARTS) - 1,
};
extern const char *const net_part_names[NET_PARTS]; /* "links", "vlans", ...: JSON, messages */

/*
 * How well a part is known. DENIED, GONE and UNSUPPORTED as everywhere; then there is nothing in
 * the arrays. KNOWN with torn or missing: what is in the arrays is right but not all, or not of
 * one moment.
 */
struct net_known {
	struct fact fact;
	bool torn;	  /* it kept changing while it was read; see why */
	uint32_t missing; /* records that were left out, being malformed or too many */
	const char *why;  /* a sentence, perhaps the kernel's own; NULL: fact_why says it */
};

/* An address; family AF_INET or AF_INET6, 0: none. bytes past the address's length are 0. */
struct net_ip {
	uint8_t family;
	uint8_t bytes[16]; /* network order */
};

/* A hardware address; len 0: none. */
struct net_mac {
	uint8_t len;
	uint8_t bytes[32];
};

/* One value of a link's kind, or of its being a port: "id" 42, "mode" "bridge", "local" 10.0.0.1 */
enum net_detail_type { NET_DETAIL_NUM, NET_DETAIL_BOOL, NET_DETAIL_TEXT, NET_DETAIL_IP };
struct net_detail {
	const char *key; /* as ip-link(8) calls it; static */
	enum net_detail_type type;
	uint64_t num; /* NUM, BOOL; of TEXT the number behind the word where there is one */
	const char *text;
	struct net_ip ip;
};

struct net_stats {
	uint64_t rx_packets, rx_bytes, rx_errors, rx_dropped;
	uint64_t tx_packets, tx_bytes, tx_errors, tx_dropped;
};

enum net_oper {
	NET_OPER_UNKNOWN, /* the driver does not tell; what counts then is IFF_UP and carrier */
	NET_OPER_NOTPRESENT,
	NET_OPER_DOWN,
	NET_OPER_LOWERLAYERDOWN,
	NET_OPER_TESTING,
	NET_OPER_DORMANT,
	NET_OPER_UP,
	NET_OPERS
};
extern const char *const net_oper_names[NET_OPERS]; /* "UNKNOWN", "LOWERLAYERDOWN", ... */

/* Flags that netdevice(7) has and net/if.h has not. */
enum { NET_IFF_LOWER_UP = 0x10000, NET_IFF_DORMANT = 0x20000 };

/* How a link's other end is known. */
enum net_how {
	NET_HOW_NONE,	    /* this link has no such end */
	NET_HOW_UNRESOLVED, /* it has one, which is not in this view: see words */
	NET_HOW_ONE,  /* this end leads there; the other end tells nothing or could not be asked */
	NET_HOW_BOTH, /* each end leads to the other (or is in the same namespace) */
};
extern const char *const net_how_names[4]; /* NULL, "unresolved", "one", "both": JSON */

/* The other end of a link. Never found by a bare number in a namespace that may be the wrong one.
 */
struct net_end {
	enum net_how how;
	uint32_t index; /* its ifindex where it lives, 0 unknown */
	int32_t nsid;	/* as this link's namespace numbers the other one; -1: same or unknown */
	struct net_link *link; /* NULL: unresolved */
	struct net_ns *net;    /* NULL: not known which; may be known while link is not */
	const char *words;     /* UNRESOLVED, ONE: why no more is known */
};

struct net_vlan {
	uint16_t first, last; /* last = first for a single one */
	bool pvid, untagged;
};

enum net_port_state {
	NET_PORT_DISABLED,
	NET_PORT_LISTENING,
	NET_PORT_LEARNING,
	NET_PORT_FORWARDING,
	NET_PORT_BLOCKING,
	NET_PORT_STATES
};
extern const char *const net_port_state_names[NET_PORT_STATES]; /* "disabled", "forwarding", ... */

/*
 * The sysctls of net.ipv4.conf.LINK and net.ipv6.conf.LINK that matter, which come with the link.
 * What the kernel does with rp_filter, and with most of the others, is the greater of LINK's and
 * all's: see net_sysctl for those of "all".
 */
struct net_conf4 {
	bool known;
	int32_t forwarding, rp_filter, accept_local, route_localnet, arp_ignore, arp_filter;
	int32_t arp_announce;
	int32_t proxy_arp, bc_forwarding, mc_forwarding, src_valid_mark;
	int32_t ignore_linkdown; /* ignore_routes_with_linkdown */
};
struct net_conf6 {
	bool known;
	int32_t forwarding, disable_ipv6, proxy_ndp, accept_ra, mc_forwarding, ignore_linkdown;
	int32_t force_forwarding; /* by itself, whatever all's forwarding says (6.17); -1: not there
				   */
};

/* A queueing discipline of tc(8). */
struct net_qdisc {
	const char *kind; /* "fq_codel", "clsact" ... */
	uint32_t handle, parent;
	uint32_t in_filters, out_filters; /* of ingress and clsact; of any other out */
	const char *filter;		  /* kind of the first filter, NULL: none */
	bool unread;			  /* how many filters it has could not be read */
};

/* How a BPF program of XDP is attached, see ip-link(8). */
enum net_xdp { NET_XDP_NONE, NET_XDP_DRIVER, NET_XDP_GENERIC, NET_XDP_HARDWARE, NET_XDP_SEVERAL };
extern const char *const net_xdp_names[5]; /* NULL, "xdpdrv", "xdpgeneric", ... */

/* A WireGuard link and its peers. Private keys are not had. */
enum { NET_KEY = 32, NET_KEY_TEXT = 45 };
struct net_allowed {
	struct net_ip ip;
	uint8_t len; /* of the prefix */
};
struct net_peer {
	uint8_t key[NET_KEY];	/* its public one */
	struct net_ip endpoint; /* family 0: not known */
	uint16_t port;
	uint16_t keepalive; /* seconds, 0 none */
	int64_t handshake;  /* the last, seconds since 1970, 0 never */
	uint64_t rx_bytes, tx_bytes;
	const struct net_allowed *allowed; /* what is sent to it, and taken from it */
	uint32_t nallowed;
};
struct net_wireguard {
	bool has_key;
	uint8_t key[NET_KEY]; /* public */
	uint16_t port;	      /* that it listens on; 0 not up */
	uint32_t fwmark;
	const struct net_peer *peers;
	uint32_t npeers;
};

struct net_link {
	struct net_ns *net; /* where it is */
	uint32_t index;
	const char *name;	     /* never NULL; "" only where the kernel gave none */
	const char *const *altnames; /* NULL-terminated; NULL: none */
	const char *alias;	     /* NULL: none */
	const char *kind;	  /* "veth", "bridge", ...; NULL: a device without one (NIC, lo) */
	const char *port_kind;	  /* kind of the master whose port it is; NULL: of none */
	const char *bus, *device; /* where it hangs: "virtio" "virtio0", NULL if nowhere */
	const char *qdisc;	  /* NULL: not told */
	enum net_xdp xdp;
	uint32_t xdp_prog;		/* number of the program, 0 not told */
	const struct net_qdisc *qdiscs; /* NET_PART_TC */
	uint32_t nqdiscs;
	uint16_t hw;	/* ARPHRD_*: 1 ether, 772 loopback */
	uint32_t flags; /* IFF_*, netdevice(7), and NET_IFF_* */
	enum net_oper oper;
	bool carrier_known, carrier;
	uint32_t mtu, txqlen, group, carrier_changes, promiscuity;
	struct net_mac mac, permanent;
	bool stats_known;
	struct net_stats stats;
	const struct net_detail *details, *port_details;
	uint32_t ndetails, nport_details;
	int port_state;		      /* enum net_port_state of a bridge's port, -1: it is none */
	const struct net_vlan *vlans; /* of a bridge or its port, by rising number */
	uint32_t nvlans;
	struct net_conf4 conf4;
	struct net_conf6 conf6;
	const struct net_wireguard *wireguard; /* NULL: of another kind, or not known */
	struct net_known wireguard_known;      /* UNREAD where it is of another kind */
	struct net_end master; /* bridge, bond, VRF ...; always in the same namespace */
	struct net_end lower;  /* what VLAN, macvlan, VXLAN ... stand on */
	struct net_end peer;   /* veth, netkit */
};

struct net_addr {
	struct net_link *link; /* NULL: the link is not in net_ns.links */
	uint32_t index;	       /* of the link */
	struct net_ip ip;      /* ours */
	struct net_ip peer;    /* of a point-to-point link, family 0 if none */
	struct net_ip broadcast;
	uint8_t len;   /* of the prefix, which is the peer's where there is one */
	uint8_t scope; /* NET_SCOPE_*, see net_scope_name */
	uint32_t
		flags; /* IFA_F_*: 0x80 permanent, 0x40 tentative, 0x08 dadfailed, 0x01 secondary */
	const char *label;	   /* NULL: none */
	uint32_t valid, preferred; /* seconds, UINT32_MAX for ever */
};
/* How far an address counts (ip-address(8)); users may have made others. */
enum { NET_SCOPE_GLOBAL = 0, NET_SCOPE_LINK = 253, NET_SCOPE_HOST = 254 };
enum {
	NET_ADDR_SECONDARY = 0x01,
	NET_ADDR_DADFAILED = 0x08,
	NET_ADDR_DEPRECATED = 0x20,
	NET_ADDR_TENTATIVE = 0x40,
	NET_ADDR_PERMANENT = 0x80
};

enum net_route_type {
	NET_ROUTE_UNSPEC,
	NET_ROUTE_UNICAST,
	NET_ROUTE_LOCAL,
	NET_ROUTE_BROADCAST,
	NET_ROUTE_ANYCAST,
	NET_ROUTE_MULTICAST,
	NET_ROUTE_BLACKHOLE,
	NET_ROUTE_UNREACHABLE,
	NET_ROUTE_PROHIBIT,
	NET_ROUTE_THROW,
	NET_ROUTE_NAT,
	NET_ROUTE_XRESOLVE,
	NET_ROUTE_TYPES
};
extern const char *const net_route_type_names[NET_ROUTE_TYPES]; /* "unicast", "blackhole", ... */

/* Where a route leads; one, or several of a multipath route. */
struct net_hop {
	struct net_ip gateway; /* family 0: directly; may be of another family than the route */
	uint32_t index;	       /* of the link out, 0 none */
	struct net_link *link;
	uint32_t weight;   /* 1 and up */
	uint32_t flags;	   /* NET_HOP_* */
	bool encapsulated; /* MPLS, SRv6 and such, which is not decoded */
};
enum {
	NET_HOP_DEAD = 1,
	NET_HOP_PERVASIVE = 2,
	NET_HOP_ONLINK = 4,
	NET_HOP_OFFLOAD = 8,
	NET_HOP_LINKDOWN = 16,
	NET_HOP_UNRESOLVED = 32
};

struct net_route {
	uint8_t family;
	uint8_t len, src_len; /* of dst and src */
	uint8_t tos, scope, protocol;
	enum net_route_type type;
	uint32_t table; /* 254 main, 255 local, 253 default */
	uint32_t metric, flags;
	struct net_ip dst, src; /* family 0 where len is 0: everything */
	struct net_ip prefsrc;
	uint32_t nexthop_id;	    /* ip-nexthop(8); its hops are filled in all the same; 0 none */
	uint32_t mtu;		    /* 0: none of its own */
	const struct net_hop *hops; /* none for blackhole and such of IPv4 */
	uint32_t nhops;
	bool partly; /* has something that is not decoded and may matter */
};
enum { NET_TABLE_DEFAULT = 253, NET_TABLE_MAIN = 254, NET_TABLE_LOCAL = 255 };

enum net_rule_action {
	NET_RULE_UNSPEC,
	NET_RULE_TABLE, /* look in table */
	NET_RULE_GOTO,
	NET_RULE_NOP,
	NET_RULE_BLACKHOLE,
	NET_RULE_UNREACHABLE,
	NET_RULE_PROHIBIT,
	NET_RULE_OTHER,
	NET_RULE_ACTIONS
};
extern const char *const net_rule_action_names[NET_RULE_ACTIONS];

struct net_range {
	uint32_t first, last;
};

/* One line of ip-rule(8), in the order in which they are tried within a family. */
struct net_rule {
	uint8_t family;
	enum net_rule_action action;
	uint32_t priority, table, go_to;
	bool invert; /* it applies to what does not match */
	uint8_t src_len, dst_len, tos, ipproto, protocol;
	struct net_ip src, dst;
	const char *iif, *oif; /* NULL: any */
	bool has_mark, has_uids, has_sports, has_dports, l3mdev;
	uint32_t mark, mark_mask;
	struct net_range uids, sports, dports;
	int32_t suppress_len;	/* suppress_prefixlength, -1: none */
	int32_t suppress_group; /* suppress_ifgroup, -1: none */
	bool partly;		/* has a condition that is not decoded: cannot be evaluated */
};

/* State of a neighbour, bits as the kernel has them; see net_neigh_state_name. */
enum {
	NET_NEIGH_INCOMPLETE = 0x01,
	NET_NEIGH_REACHABLE = 0x02,
	NET_NEIGH_STALE = 0x04,
	NET_NEIGH_DELAY = 0x08,
	NET_NEIGH_PROBE = 0x10,
	NET_NEIGH_FAILED = 0x20,
	NET_NEIGH_NOARP = 0x40,
	NET_NEIGH_PERMANENT = 0x80
};

struct net_neigh {
	uint32_t index;
	struct net_link *link;
	struct net_ip ip;   /* family 0: it is an entry of a bridge or VXLAN, see mac, vlan, to */
	struct net_mac mac; /* len 0: not known */
	uint16_t state;
	uint8_t flags;	  /* NTF_*: 0x80 router, 0x08 proxy, 0x02 self, 0x04 master */
	uint16_t vlan;	  /* 0 none */
	struct net_ip to; /* VXLAN: the endpoint behind which the MAC is */
	uint32_t master;  /* bridge entries: ifindex of the bridge */
};

enum net_proto {
	NET_PROTO_TCP,
	NET_PROTO_UDP,
	NET_PROTO_UDPLITE,
	NET_PROTO_SCTP,
	NET_PROTO_DCCP,
	NET_PROTO_MPTCP,
	NET_PROTO_RAW,
	NET_PROTO_PACKET,
	NET_PROTO_UNIX,
	NET_PROTO_VSOCK,
	NET_PROTOS
};
extern const char *const net_proto_names[NET_PROTOS]; /* "tcp", "udp", ... */

/* TCP's, which the others borrow: UDP and raw are ESTABLISHED where connected, else CLOSE. */
enum net_socket_state {
	NET_SOCKET_UNKNOWN,
	NET_SOCKET_ESTABLISHED,
	NET_SOCKET_SYN_SENT,
	NET_SOCKET_SYN_RECV,
	NET_SOCKET_FIN_WAIT1,
	NET_SOCKET_FIN_WAIT2,
	NET_SOCKET_TIME_WAIT,
	NET_SOCKET_CLOSE,
	NET_SOCKET_CLOSE_WAIT,
	NET_SOCKET_LAST_ACK,
	NET_SOCKET_LISTEN,
	NET_SOCKET_CLOSING,
	NET_SOCKET_NEW_SYN_RECV,
	NET_SOCKET_STATES
};
extern const char *const net_socket_state_names[NET_SOCKET_STATES]; /* "ESTAB", "LISTEN": as ss */

/* A process that has a socket open. */
struct net_holder {
	const struct net_holder *next; /* by rising pid and fd */
	struct process *process;       /* borrowed from the graph */
	pid_t tid; /* of the thread whose own descriptor table it is in, else 0 */
	int fd;
};

struct net_socket {
	struct net_ns *net; /* of the socket, whoever holds it */
	enum net_proto proto;
	enum net_socket_state state;
	uint8_t family;	   /* AF_INET, AF_INET6, AF_UNIX, AF_PACKET, AF_VSOCK */
	uint8_t type;	   /* SOCK_STREAM ... of unix, packet and vsock */
	uint16_t protocol; /* raw: IP protocol; packet: EtherType */
	bool v6only_known, v6only;
	bool wildcard;		     /* inet: bound to no address */
	struct net_ip local, remote; /* family 0: none */
	uint32_t lport, rport;	     /* 0: none */
	uint32_t lcid, rcid;	     /* vsock */
	uint32_t index;		     /* bound to that link, 0 none */
	struct net_link *link;
	uint64_t inode; /* 0: belongs to no file (TIME_WAIT and such) */
	uint32_t uid;	/* as our user namespace numbers it */
	bool uid_known;
	uint32_t rqueue, wqueue; /* bytes; of a listener: waiting to be accepted, and at most */
	uint64_t cookie;
	const char *path; /* unix: a path, or an abstract name starting with a NUL; NULL: none */
	uint32_t path_len;
	uint64_t peer_inode;		  /* unix: 0 none */
	const struct net_holder *holders; /* NULL: nobody's, or see net.sockets_held */
};

enum net_hook { /* of a base chain; NET_HOOK_NONE: reached by jumps only */
		NET_HOOK_NONE,
		NET_HOOK_INGRESS,
		NET_HOOK_PREROUTING,
		NET_HOOK_INPUT,
		NET_HOOK_FORWARD,
		NET_HOOK_OUTPUT,
		NET_HOOK_POSTROUTING,
		NET_HOOK_EGRESS,
		NET_HOOKS
};
extern const char *const net_hook_names[NET_HOOKS]; /* NULL, "ingress", "prerouting", ... */

/* What a condition of a filter rule looks at. */
enum net_field {
	NET_FIELD_NFPROTO, /* 2 IPv4, 10 IPv6, 0 ARP: one byte */
	NET_FIELD_L4PROTO, /* one byte: 6 tcp, 17 udp */
	NET_FIELD_SADDR,   /* 4 or 16 bytes, see match.family */
	NET_FIELD_DADDR,
	NET_FIELD_SPORT, /* 2 bytes, network order */
	NET_FIELD_DPORT,
	NET_FIELD_IIFNAME, /* up to 16 bytes; a mask of less than that is a name's beginning */
	NET_FIELD_OIFNAME,
	NET_FIELD_IIF, /* 4 bytes, network order here: ifindex */
	NET_FIELD_OIF,
	NET_FIELD_MARK,		/* 4 bytes, network order here */
	NET_FIELD_CT_STATE,	/* 4 bytes, network order here: bits NET_CT_* */
	NET_FIELD_FIB_TYPE_DST, /* addrtype of the destination: 4 bytes, enum net_route_type */
	NET_FIELD_TCP_FLAGS,	/* one byte: 2 SYN, 16 ACK */
	NET_FIELD_ICMP_TYPE,	/* one byte */
	NET_FIELD_NUMGEN,	/* 4 bytes, network order here: a number drawn for each packet */
	NET_FIELD_HASH,		/* the same, computed from it */
	NET_FIELD_TUPLE,	/* several fields at once, as concatenations have: match.parts */
	NET_FIELDS
};
enum {
	NET_CT_INVALID = 1,
	NET_CT_ESTABLISHED = 2,
	NET_CT_RELATED = 4,
	NET_CT_NEW = 8,
	NET_CT_UNTRACKED = 64
};
extern const char *const net_field_names[NET_FIELDS];

/* (field & mask) is in one of the intervals; or in none, where invert is set. */
struct net_interval {
	uint8_t first[16], last[16]; /* the first `len` bytes, compared as bytes; inclusive */
};
struct net_match {
	enum net_field field;
	uint8_t family; /* SADDR, DADDR: AF_INET or AF_INET6 */
	uint8_t len;
	bool invert;
	uint8_t mask[16];
	const struct net_interval *in;
	uint32_t nin;
	const struct net_match *parts; /* TUPLE: its fields, without `in` of their own; then `in` */
	uint32_t nparts; /* has nin rows of one for each of them, all of which hold; 0: any */
};

enum net_verdict {
	NET_VERDICT_NONE, /* none: it counts, logs, marks; the next rule follows */
	NET_VERDICT_ACCEPT,
	NET_VERDICT_DROP,
	NET_VERDICT_REJECT,
	NET_VERDICT_RETURN,
	NET_VERDICT_JUMP, /* to target */
	NET_VERDICT_GOTO,
	NET_VERDICT_QUEUE,
	NET_VERDICT_DNAT, /* to nat_ip, nat_ports */
	NET_VERDICT_SNAT,
	NET_VERDICT_MASQUERADE,
	NET_VERDICT_REDIRECT,
	NET_VERDICT_MAP, /* what one of cases says */
	NET_VERDICT_OTHER,
	NET_VERDICTS
};
extern const char *const net_verdict_names[NET_VERDICTS];

struct net_filter_rule;

/* One line of a map of verdicts, or of addresses and ports. */
struct net_filter_case {
	struct net_match match;
	enum net_verdict verdict;
	const char *target; /* JUMP, GOTO */
	const struct net_filter_rule
		*nat; /* DNAT and such: what would do the same alone, or NULL */
};

struct net_filter_rule {
	const struct net_filter_rule *next; /* in its chain */
	uint64_t handle;		    /* nft: for "nft delete rule"; legacy: its number */
	const struct net_match *matches;    /* all of them must hold */
	uint32_t nmatches;
	enum net_verdict verdict;
	const char *target; /* JUMP, GOTO: a chain of the same table; OTHER: its name */
	/* MAP, and DNAT and such whose address or port hangs on something; if none holds, it goes
	 * on. */
	const struct net_filter_case *cases;
	uint32_t ncases;
	bool drawn;	/* by lot or hash: one of cases surely holds */
	bool otherwise; /* the last of cases holds where no other does */
	bool has_nat_ip, has_nat_ports;
	struct net_ip nat_first, nat_last;
	struct net_range nat_ports;
	bool sets_mark; /* verdict NONE: the packet's mark becomes (mark & ~mark_mask) ^ this mark
			 */
	uint32_t mark, mark_mask;
	bool sound; /* all of it is in matches and verdict: it can be evaluated */
	bool reads; /* not sound, but nothing in it changes packets or what is known of them */
	bool names_packet; /* it names an address, a port or a link */
	const char
		*text; /* in nft's or iptables's words as far as decoded, "[NAME]" for the rest */
	bool counted;
	uint64_t packets, bytes;
};

struct net_filter_chain {
	const struct net_filter_chain *next; /* nft: by table, then as the kernel lists them */
	bool legacy;			     /* of iptables-legacy(8), else of nft(8) */
	const char *family;		     /* "ip", "ip6", "inet", "arp", "bridge", "netdev" */
	const char *table, *name;
	const char *type; /* "filter", "nat", "route", "mangle" ...; NULL: no base chain */
	enum net_hook hook;
	int32_t priority; /* lower ones come first */
	enum net_verdict policy;
	const char *device; /* ingress, egress: the links in words, "eth0,veth*"; NULL: none */
	const char *const *devices;  /* their names, NULL-terminated; NULL: none is named */
	const char *const *prefixes; /* what other names begin with; the same */
	bool dormant;		     /* its table is switched off */
	const struct net_filter_rule *rules;
	uint32_t nrules;
};

/* One line of all that filters packets: a rule, or behind those of a base chain its policy. */
struct net_filter_line {
	const struct net_filter_chain *chain;
	const struct net_filter_rule *rule; /* NULL: the policy */
};

struct net_sysctl {
	const char *name;  /* below /proc/sys: "net/ipv4/ip_forward" */
	const char *value; /* NULL: this kernel does not have it */
};

/* Which namespace a number means here (ip-netns(8), "nsid"). */
struct net_nsid {
	int32_t id;
	struct net_ns *to; /* NULL: not found among those in the view */
};

/* How a namespace was looked into. */
enum net_entry {
	NET_ENTRY_NONE,	  /* not at all: see parts */
	NET_ENTRY_SELF,	  /* it is our own */
	NET_ENTRY_JOINED, /* by a thread of ours */
	/*
	 * From another one that has a number for it: addresses only. To list its links from there
	 * would assign numbers (the kernel numbers whatever a link leads to, also the asker).
	 */
	NET_ENTRY_NSID,
};

struct net_ns {
	struct net *all; /* what it is part of */
	size_t at;	 /* its position in all->list */
	struct ns *ns;	 /* borrowed from the graph; NULL: nothing leads there but a number */
	struct net_ns *seen_by; /* ENTRY_NSID: whose number via_nsid is */
	int32_t via_nsid;	/* -1: none */
	struct net_ns *maybe;	/* ENTRY_NSID: another one of these that may be the same; NULL */
	enum net_entry entry;
	const char *entry_words; /* why it could not be entered, and which capability would help */
	bool by_owner; /* only who has joined the user namespace that owns it may enter it */
	struct net_known parts[NET_PARTS];
	struct net_link **links; /* by rising index */
	size_t nlinks;
	struct net_addr *addrs; /* by link, as the kernel orders them */
	size_t naddrs;
	struct net_route *routes; /* by family, table, longest prefix, metric */
	size_t nroutes;
	struct net_rule *rules; /* by family, then as they are tried */
	size_t nrules;
	struct net_neigh *neighs;
	size_t nneighs;
	struct net_socket *sockets; /* by protocol, listeners first, local port */
	size_t nsockets;
	struct net_socket *
		*away; /* sockets of other namespaces, held by processes that live here */
	size_t naway;
	const struct net_filter_chain *chains;
	struct net_filter_line *filter_lines; /* all that chains has, in its order */
	size_t nfilter_lines;
	uint32_t policies;	    /* of IPsec; part of FILTER */
	bool policies_unread;	    /* there may be some */
	struct net_sysctl *sysctls; /* by name */
	size_t nsysctls;
	struct net_nsid *nsids; /* by rising id; those in use by links, and others found */
	size_t nnsids;
	struct arena arena; /* owns all of the above */
};

enum net_wire_kind {
	NET_WIRE_VETH, /* and netkit */
	NET_WIRE_MACVLAN,
	NET_WIRE_MACVTAP,
	NET_WIRE_IPVLAN, /* and ipvtap */
	NET_WIRE_VLAN,
	NET_WIRE_VXLAN,	 /* and geneve */
	NET_WIRE_TUNNEL, /* GRE, IPIP, SIT, VTI, xfrm ... */
	NET_WIRE_LOWER,	 /* any other kind that stands on a link */
	NET_WIRE_BRIDGE, /* a: the port, b: the bridge */
	NET_WIRE_BOND,	 /* a: member, b: the bond or team */
	NET_WIRE_MASTER, /* a: member of any other master (VRF, OVS ...) */
	NET_WIRE_TUN,	 /* a: the tun or tap, process: who holds it */
	NET_WIRE_KINDS
};
extern const char *const net_wire_kind_names[NET_WIRE_KINDS]; /* "veth", "macvlan", ... */

/* A connection between two links, or from a link to a process. Each exists once. */
struct net_wire {
	enum net_wire_kind kind;
	struct net_link *a;	 /* veth: of the namespace listed first; else the upper one */
	struct net_link *b;	 /* NULL: unresolved, or process */
	struct process *process; /* TUN; NULL: nobody holds it, or could not be seen */
	int fd;			 /* of process, else -1 */
	struct net_ip remote;	 /* VXLAN, TUNNEL: where it leads to, family 0 unknown or many */
	enum net_how how;
	bool up;	   /* packets pass: both ends are up and have carrier, as far as seen */
	const char *words; /* UNRESOLVED, ONE: what is known; borrowed */
};

struct net {
	struct scan *scan;   /* borrowed, for net_read; NULL in one that was loaded or hand-built */
	struct graph *graph; /* borrowed */
	struct net_ns *
		*list; /* the host's first, then as graph.namespaces; those without ns last */
	size_t n;
	struct net_wire *wires; /* by the position of a, then its index, then kind */
	size_t nwires;
	struct net_known sockets_held; /* how well it is known who holds sockets and tuns */
	struct arena arena;	       /* owns list and wires */
	struct net_index *index;       /* private */
};

/*
 * Reads network namespaces of g, only those in `only` (all for NULL). Links are always read, and
 * of all of them, since everything else names links and wires lead anywhere; the other parts of
 * `only` alone. What
 * cannot be read is a fact of the namespace, never an error; a namespace that does not answer
 * within NET_DEADLINE seconds is one whose parts are DENIED with -ETIMEDOUT. Nothing is changed on
 * the host. g should have been scanned with NEED_HOLDERS and NEED_SOCKETS, to have namespaces
 * without processes in it. -errno with words only where nothing at all can be read (a copy of
 * /proc).
 */
int net_collect(struct scan *s, struct graph *g, unsigned what, struct ns *const *only, size_t n,
		struct net **out, struct error *err);
enum { NET_DEADLINE = 5 };
/* Reads more parts of some; those read already are skipped. */
void net_read(struct net *net, struct net_ns *const *list, size_t n, unsigned what);
void net_free(struct net *net);
/* From here on it is graph.net of its graph, which owns it. */
void net_attach(struct net *net);

/* What the graph's namespace has; NULL if it was not collected. */
struct net_ns *net_find(const struct net *net, const struct ns *ns);
struct net_ns *net_of_process(const struct net *net, const struct process *p);

/* Within one namespace; NULL where there is none. */
struct net_link *net_ns_link(const struct net_ns *ns, uint32_t index);
struct net_link *net_ns_link_named(const struct net_ns *ns, const char *name); /* or altname */
const struct net_addr *net_ns_addr(const struct net_ns *ns, const struct net_ip *ip);
/* The value of a sysctl by its path below /proc/sys; -ENOENT not read or not a number. */
int net_ns_sysctl(const struct net_ns *ns, const char *name, int64_t *out);
/* The next address of a link after prev (NULL to start). */
const struct net_addr *net_link_next_addr(const struct net_link *link, const struct net_addr *prev);

const struct net_detail *net_link_detail(const struct net_link *link, const char *key);
const struct net_detail *net_link_port_detail(const struct net_link *link, const char *key);
bool net_link_is(const struct net_link *link, const char *kind);
/* Switched on, with a carrier, and not dormant: UP and LOWER_UP of ip-link(8), not its "state". */
bool net_link_is_up(const struct net_link *link);

/* Whether others can reach it unasked: it listens, or is bound to a port without being connected.
 */
bool net_socket_listens(const struct net_socket *socket);

/* Over all namespaces; each puts a malloc'd array into out (NULL for none), in list's order. */
size_t net_links_named(const struct net *net, const char *name, struct net_link ***out);
size_t net_links_with_mac(const struct net *net, const struct net_mac *mac, struct net_link ***out);
size_t net_addrs_with_ip(const struct net *net, const struct net_ip *ip,
			 const struct net_addr ***out);
/* Bound to a local port; proto: enum net_proto, -1 any. */
size_t net_sockets_at_port(const struct net *net, int proto, uint32_t port,
			   const struct net_socket ***out);
/* Wires that end at a link, or in a namespace and leave it. */
size_t net_wires_of(const struct net *net, const struct net_link *link,
		    const struct net_wire ***out);
size_t net_wires_leaving(const struct net *net, const struct net_ns *ns,
			 const struct net_wire ***out);

/* Text; pure. */
enum { NET_IP_TEXT = 64, NET_MAC_TEXT = 100 };
const char *net_ip_text(const struct net_ip *ip, char out[NET_IP_TEXT]); /* "" for none */
const char *net_mac_text(const struct net_mac *mac, char out[NET_MAC_TEXT]);
const char *net_key_text(const uint8_t key[NET_KEY], char out[NET_KEY_TEXT]); /* as wg(8) */
int net_ip_parse(const char *text, struct net_ip *out);			      /* -EINVAL */
int net_mac_parse(const char *text, struct net_mac *out); /* six bytes; -EINVAL */
bool net_ip_equal(const struct net_ip *a, const struct net_ip *b);
/* Whether the first len bits are those of prefix; families must agree. */
bool net_ip_within(const struct net_ip *ip, const struct net_ip *prefix, unsigned len);
/* 0.0.0.0 or ::, or none. */
bool net_ip_is_any(const struct net_ip *ip);
const char *net_scope_name(uint8_t scope);	       /* "global", "link", ...; NULL: a number */
const char *net_neigh_state_name(uint16_t state);      /* "REACHABLE", ... */
const char *net_route_protocol_name(uint8_t protocol); /* "kernel", "static", ...; NULL */

/*
 * The TARGETs that only the network tells: TARGET_IFACE, TARGET_IP, TARGET_MAC, TARGET_PORT. Adds
 * the namespaces, and of a port the processes too. -ENOENT, with a word on what could not be read.
 */
unsigned net_target_what(const struct target *t); /* NET_* it needs, 0: it is none of these */
int net_resolve(const struct net *net, const struct target *t, struct selection *sel,
		struct error *err);

#endif
