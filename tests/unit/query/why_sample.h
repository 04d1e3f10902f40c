/* SPDX-License-Identifier: MIT */
/* What the tests of `nsview why` give to networks made by hand. */
#ifndef NSVIEW_TESTS_QUERY_WHY_SAMPLE_H
#define NSVIEW_TESTS_QUERY_WHY_SAMPLE_H

#include "unit/net_sample.h"

/* "" is none. */
static inline struct net_ip ip_of(const char *text)
{
	struct net_ip ip = { 0 };

	if (*text)
		assert(net_ip_parse(text, &ip) == 0);
	return ip;
}

static inline void know_all(struct net_ns *at)
{
	for (int i = 0; i < NET_PARTS; i++)
		at->parts[i].fact = fact_known();
	at->parts[NET_PART_RULES].fact.state = FACT_DENIED; /* the usual tables */
}

static inline void set_mac(struct net_link *link, uint8_t last)
{
	link->hw = 1;
	link->mac = (struct net_mac){ .len = 6, .bytes = { 2, 0, 0, 0, 0, last } };
}

#endif
