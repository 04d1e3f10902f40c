/* SPDX-License-Identifier: MIT */
/* The search over layer 2, and what bridges do in it. Private to why_segment.c and why_bridge.c. */
#ifndef NSVIEW_WHY_SEGMENT_H
#define NSVIEW_WHY_SEGMENT_H

#include "why_parts.h"

struct search {
	const struct net *net;
	const struct net_link *from;
	const char *flood; /* see segment_find */
	struct segment *out;
	int current; /* index of the place that is looked at */
};

/* What a step meets. */
struct step {
	enum fault fault;
	const struct net_link *at, *via;
	uint16_t vlan;		       /* that is not let through */
	const struct net_link *tunnel; /* see struct place */
	struct net_ip remote;
};

/* A step to a place: it is added, or its price corrected. */
void segment_go(struct search *w, const struct net_link *link, enum side side, uint16_t vlan,
		const struct step *step);
/* Whether what is sent by a link is dropped where it queues. */
bool segment_drops(const struct net_link *link);
/* Come in by a port, with that tag; sent by the bridge itself. */
void segment_through_bridge(struct search *w, const struct net_link *port, uint16_t tag);
void segment_from_bridge(struct search *w, const struct net_link *bridge, uint16_t tag);

#endif
