/* SPDX-License-Identifier: MIT */
/* One chain of packet filters, run for a packet. Private to why_chain.c and why_filter.c. */
#ifndef NSVIEW_WHY_CHAIN_H
#define NSVIEW_WHY_CHAIN_H

#include "why_parts.h"

enum { /* outcomes, as bits */
       CAN_PASS = 1,
       CAN_DROP = 2,
       CAN_RETURN = 4, /* the end of a chain that was jumped to */
       CAN_OTHER = 8,
};

struct trial {
	struct walk *w;
	const struct net_ns *at;
	struct packet *p;
	const struct net_filter_rule *nat; /* of the one that surely translates */
	const struct net_filter_rule *culprit;
	const struct net_filter_chain *culprit_chain;
	const struct net_filter_rule *doubt; /* the first that cannot be told */
	bool maybe;			     /* an outcome before could have ended it */
};

/* What may come of a base chain, its policy included: bits, never CAN_RETURN. */
unsigned why_chain_run(struct trial *t, const struct net_filter_chain *chain);

#endif
