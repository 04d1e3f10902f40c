/* SPDX-License-Identifier: MIT */
/*
 * Extensions of xtables (iptables-extensions(8)) by their structures, which stand in rules of
 * iptables-nft and of iptables-legacy alike. Private to net/.
 */
#ifndef NSVIEW_NET_FILTER_XT_H
#define NSVIEW_NET_FILTER_XT_H

#include "filter_build.h"

/* Of one name and revision there may be several, of other sizes: for IPv4 and IPv6. */
struct xt_extension {
	const char *name; /* NULL ends a table */
	uint32_t revision;
	size_t size; /* of its structure, which the kernel rounds up to 8 bytes; 0: any */
	bool (*run)(struct build *b, const void *info); /* NULL: nothing of it matters */
};
extern const struct xt_extension xt_matches[], xt_targets[];

/*
 * Adds what an extension says to the rule; of one that is not decoded its name, and the rule is
 * not sound then. name NULL: it has none that can be told.
 */
void xt_extension_run(struct build *b, bool target, const char *name, uint32_t revision,
		      const void *info, size_t len);

#endif
