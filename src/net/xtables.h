/* SPDX-License-Identifier: MIT */
/*
 * The tables of legacy iptables, which the kernel gives as one block of bytes each
 * (linux/netfilter_ipv4/ip_tables.h, ip6_tables.h, linux/netfilter_arp/arp_tables.h). Private to
 * net/.
 */
#ifndef NSVIEW_NET_XTABLES_H
#define NSVIEW_NET_XTABLES_H

#include "inside.h"

enum xtables_family { XTABLES_IP, XTABLES_IP6, XTABLES_ARP, XTABLES_FAMILIES };

struct xtables_kind {
	const char *names;   /* file below the proc root that lists the tables that there are */
	const char *program; /* "iptables-legacy" */
	const char *prefix;  /* of what texts call a table: "xtables/ip/" */
};
extern const struct xtables_kind xtables_kinds[XTABLES_FAMILIES];

/*
 * A table of the caller's network namespace, appended to out: struct ipt_getinfo (of the same
 * layout in all families), then its entries. Only for a table that /proc lists: of another the
 * kernel would make it, and load a module for that. 0 or -errno: -EPERM without CAP_NET_ADMIN,
 * -EFBIG beyond what is read.
 */
int xtables_get(enum xtables_family family, const char *table, struct buffer *out);

/*
 * Appends the chains of such a block, with their rules, to a vec of struct net_filter_chain. Pure.
 * -EPROTO where lengths or offsets lie, -EOPNOTSUPP for a table whose place among the others is not
 * known; then nothing was appended.
 */
int xtables_parse(enum xtables_family family, const char *table, struct span block,
		  struct arena *arena, struct vec *chains);

/* All tables among the texts; what could not be read is counted in known, and said. */
void xtables_take(const struct inside *in, struct arena *arena, struct vec *chains,
		  struct net_known *known);

#endif
