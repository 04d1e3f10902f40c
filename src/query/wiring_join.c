/* SPDX-License-Identifier: MIT */
/*
 * The gutter of the wiring picture: which wires make one cable, where it comes to a link, and in
 * which lane it runs. What stands on one link of another namespace (macvlan, VLAN ...) is one
 * cable with several taps. Short cables get the lanes nearest to the text.
 */
#include <stdlib.h>

#include <nsview/error.h>

#include "wiring_parts.h"

/* Whether its line, if it gets one, is its own. */
static bool is_shown(const struct wiring_draft *d, const struct net_link *link)
{
	const struct wiring_spot *spot = wiring_spot(d, link);
	const struct wiring_place *place = link ? wiring_place(d, link->net) : NULL;

	return spot && spot->like == link && place && place->shown &&
	       &d->places[place->like] == place;
}

/* Whether a line that stands for link's is in the picture. */
static bool is_told(const struct wiring_draft *d, const struct net_link *link)
{
	const struct wiring_spot *spot = wiring_spot(d, link);

	return spot && is_shown(d, spot->like);
}

static void add_tap(struct wiring_taps *taps, const struct net_link *link,
		    const struct net_wire *wire, long cable)
{
	taps->at[taps->n++] = (struct wiring_tap){ link, wire, cable };
}

/* The cable of other wires to the same link, or a new one with a tap there. */
static long cable_of(struct wiring_draft *d, const struct net_wire *wire, long *of_link)
{
	size_t hub = (size_t)(wiring_spot(d, wire->b) - d->spots);
	struct wiring *w = d->out;

	if (wire->kind != NET_WIRE_VETH && of_link[hub] >= 0 &&
	    w->cables[of_link[hub]].wire->kind == wire->kind)
		return of_link[hub];
	w->cables[w->ncables] = (struct wiring_cable){ .wire = wire, .lane = -1 };
	add_tap(&d->taps, wire->b, wire, (long)w->ncables);
	of_link[hub] = (long)w->ncables;
	return (long)w->ncables++;
}

static void join_wire(struct wiring_draft *d, const struct net_wire *wire, long *of_link)
{
	if (!wiring_is_drawn(wire))
		return;
	if (is_shown(d, wire->a) && is_shown(d, wire->b))
		add_tap(&d->taps, wire->a, wire, cable_of(d, wire, of_link));
	else if (is_shown(d, wire->a) && !is_told(d, wire->b))
		add_tap(&d->taps, wire->a, wire, -1);
	else if (is_shown(d, wire->b) && !is_told(d, wire->a) && wire->kind == NET_WIRE_VETH)
		add_tap(&d->taps, wire->b, wire, -1);
}

static int compare_taps(const void *a, const void *b)
{
	const struct wiring_tap *x = a, *y = b;

	if (x->link != y->link)
		return x->link < y->link ? -1 : 1;
	return x->wire < y->wire ? -1 : x->wire > y->wire;
}

static void new_taps(const struct wiring_draft *d, struct wiring_taps *taps)
{
	taps->at = calloc(2 * d->net->nwires + 1, sizeof(*taps->at));
	if (!taps->at)
		die("out of memory");
}

void wiring_tie(struct wiring_draft *d)
{
	new_taps(d, &d->ties);
	for (size_t i = 0; i < d->net->nwires; i++) {
		const struct net_wire *wire = &d->net->wires[i];

		add_tap(&d->ties, wire->a, wire, -1);
		if (wire->b)
			add_tap(&d->ties, wire->b, wire, -1);
	}
	qsort(d->ties.at, d->ties.n, sizeof(*d->ties.at), compare_taps);
}

void wiring_join(struct wiring_draft *d)
{
	const struct net *net = d->net;
	long *of_link = malloc((d->nspots + 1) * sizeof(long));

	new_taps(d, &d->taps);
	d->out->cables = calloc(net->nwires + 1, sizeof(*d->out->cables));
	if (!of_link || !d->out->cables)
		die("out of memory");
	for (size_t i = 0; i < d->nspots; i++)
		of_link[i] = -1;
	for (size_t i = 0; i < net->nwires; i++)
		join_wire(d, &net->wires[i], of_link);
	qsort(d->taps.at, d->taps.n, sizeof(*d->taps.at), compare_taps);
	free(of_link);
}

size_t wiring_taps_of(const struct wiring_taps *taps, const struct net_link *link,
		      const struct wiring_tap **out)
{
	size_t low = 0, high = taps->n, n = 0;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (taps->at[middle].link < link)
			low = middle + 1;
		else
			high = middle;
	}
	*out = &taps->at[low];
	while (low + n < taps->n && taps->at[low + n].link == link)
		n++;
	return n;
}

/* The first and last line of each cable. */
static void measure(struct wiring *w)
{
	for (size_t i = w->nlines; i-- > 0;)
		if (w->lines[i].cable >= 0)
			w->cables[w->lines[i].cable].first = i;
	for (size_t i = 0; i < w->nlines; i++)
		if (w->lines[i].cable >= 0)
			w->cables[w->lines[i].cable].last = i;
}

static int compare_cables(const void *a, const void *b)
{
	const struct wiring_cable *x = *(struct wiring_cable *const *)a;
	const struct wiring_cable *y = *(struct wiring_cable *const *)b;
	size_t i = x->last - x->first, k = y->last - y->first;

	if (i != k)
		return i < k ? -1 : 1;
	return x->first < y->first ? -1 : x->first > y->first;
}

/* The lanes, as bits, of which a cable laid so far is beside c; it ends where all of them are. */
static uint64_t lanes_beside(const uint64_t *busy, const struct wiring_cable *c, uint64_t all)
{
	uint64_t lanes = 0;

	for (size_t i = c->first; i <= c->last && lanes != all; i++)
		lanes |= busy[i];
	return lanes;
}

static void lay(struct wiring *w, struct wiring_cable *cable, uint64_t *busy, uint64_t all)
{
	uint64_t free_lanes = all & ~lanes_beside(busy, cable, all);

	if (!free_lanes)
		return;
	cable->lane = __builtin_ctzll(free_lanes);
	for (size_t i = cable->first; i <= cable->last; i++)
		busy[i] |= UINT64_C(1) << cable->lane;
	if ((size_t)cable->lane >= w->nlanes)
		w->nlanes = (size_t)cable->lane + 1;
}

void wiring_lay(struct wiring *w, size_t lanes_max)
{
	struct wiring_cable **order = malloc((w->ncables + 1) * sizeof(struct wiring_cable *));
	uint64_t *busy = calloc(w->nlines + 1, sizeof(*busy));
	uint64_t all = lanes_max < WIRING_LANES ? (UINT64_C(1) << lanes_max) - 1 : UINT64_MAX;
	unsigned number = 0;

	if (!order || !busy)
		die("out of memory");
	measure(w);
	for (size_t i = 0; i < w->ncables; i++)
		order[i] = &w->cables[i];
	qsort(order, w->ncables, sizeof(struct wiring_cable *), compare_cables);
	for (size_t i = 0; i < w->ncables; i++)
		lay(w, order[i], busy, all);
	/* Numbered from the top, so that they are easy to find. */
	for (size_t i = 0; i < w->ncables; i++)
		if (w->cables[i].lane < 0)
			w->cables[i].number = ++number;
	free(order);
	free(busy);
}
