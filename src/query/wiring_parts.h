/* SPDX-License-Identifier: MIT */
/* What the steps of making a wiring picture share. Private to wiring*.c. */
#ifndef NSVIEW_WIRING_PARTS_H
#define NSVIEW_WIRING_PARTS_H

#include <nsview/wiring.h>

/* A link and what is known of it in the picture. */
struct wiring_spot {
	const struct net_link *link;
	const struct net_link *like; /* the one that stands for it: itself, or the first alike */
	size_t count;		     /* how many it stands for */
	bool master;		     /* others are its ports */
};

/* Where a wire comes to a link: a tie, whatever kind it is; or a tap, where it is drawn. */
struct wiring_tap {
	const struct net_link *link;
	const struct net_wire *wire;
	long cable; /* -1: a stub */
};

/* A namespace in the picture. */
struct wiring_place {
	const struct net_ns *net;
	bool shown;	/* has a card, or is one of those that a card stands for */
	size_t like;	/* index of the place that stands for it: its own, or the first alike */
	size_t count;	/* how many it stands for */
	unsigned steps; /* wires away from where one looks */
};

/* Where a namespace's place is. */
struct wiring_name {
	const struct net_ns *net;
	size_t place;
};

struct wiring_draft {
	const struct net *net;
	const struct wiring_options *opt;
	struct wiring_place *places; /* one for each of net->list, in its order */
	struct wiring_name *names;   /* as many, by address */
	struct wiring_spot *spots;   /* one for each link, by address */
	size_t nspots;
	struct wiring_taps {
		struct wiring_tap *at; /* by address of the link, then as net->wires */
		size_t n;
	} ties, taps;
	struct wiring *out;
	size_t caplines, capmembers; /* of out */
};

struct wiring_spot *wiring_spot(const struct wiring_draft *d, const struct net_link *link);
struct wiring_place *wiring_place(const struct wiring_draft *d, const struct net_ns *net);

/* Whether a wire is drawn in the gutter: not what the indentation of ports tells. */
bool wiring_is_drawn(const struct net_wire *wire);

/* Chooses which namespaces are shown, and which stand for others like them. */
void wiring_choose(struct wiring_draft *d);
void wiring_group(struct wiring_draft *d);
/* Makes cables of wires, and taps where they come to links: before there are lines. */
void wiring_join(struct wiring_draft *d);
/* Finds the ends of all wires. */
void wiring_tie(struct wiring_draft *d);
/* Those of a link: *out is the first of them. */
size_t wiring_taps_of(const struct wiring_taps *taps, const struct net_link *link,
		      const struct wiring_tap **out);
/* Gives each cable its lane, once all lines are there. */
void wiring_lay(struct wiring *w, size_t lanes_max);

#endif
