/* SPDX-License-Identifier: MIT */
/*
 * Puts namespaces and their links on the lines of the wiring picture: a card for each namespace,
 * ports below the bridge or bond that they belong to. Which namespaces are shown is
 * wiring_choose.c's, which stand for others wiring_group.c's, the gutter wiring_join.c's.
 */
#include <stdlib.h>

#include <nsview/error.h>
#include <nsview/grow.h>

#include "wiring_parts.h"

enum { DEPTH_MAX = 8 };

static void *needed(void *memory)
{
	if (!memory)
		die("out of memory");
	return memory;
}

const struct net_link *wiring_far(const struct net_wire *wire, const struct net_link *link)
{
	return wire->a == link ? wire->b : wire->a;
}

bool wiring_is_drawn(const struct net_wire *wire)
{
	switch (wire->kind) {
	case NET_WIRE_BRIDGE:
	case NET_WIRE_BOND:
	case NET_WIRE_MASTER:
		return false;
	case NET_WIRE_VETH:
	case NET_WIRE_TUN:
		return true;
	default:
		/* On a link of the same namespace it stands as NAME@LOWER. */
		return !wire->b || wire->a->net != wire->b->net;
	}
}

static int compare_spots(const void *a, const void *b)
{
	const struct wiring_spot *x = a, *y = b;

	return x->link < y->link ? -1 : x->link > y->link;
}

struct wiring_spot *wiring_spot(const struct wiring_draft *d, const struct net_link *link)
{
	struct wiring_spot key = { .link = link };

	return link ? bsearch(&key, d->spots, d->nspots, sizeof(key), compare_spots) : NULL;
}

static int compare_names(const void *a, const void *b)
{
	const struct wiring_name *x = a, *y = b;

	return x->net < y->net ? -1 : x->net > y->net;
}

struct wiring_place *wiring_place(const struct wiring_draft *d, const struct net_ns *net)
{
	struct wiring_name key = { .net = net };
	const struct wiring_name *found =
		net ? bsearch(&key, d->names, d->net->n, sizeof(key), compare_names) : NULL;

	return found ? &d->places[found->place] : NULL;
}

static void add_spots(struct wiring_draft *d)
{
	size_t n = 0;

	for (size_t i = 0; i < d->net->n; i++)
		n += d->net->list[i]->nlinks;
	d->spots = needed(calloc(n + 1, sizeof(*d->spots)));
	for (size_t i = 0; i < d->net->n; i++)
		for (size_t k = 0; k < d->net->list[i]->nlinks; k++) {
			const struct net_link *link = d->net->list[i]->links[k];

			d->spots[d->nspots++] = (struct wiring_spot){ link, link, 1, false };
		}
	qsort(d->spots, d->nspots, sizeof(*d->spots), compare_spots);
	for (size_t i = 0; i < d->nspots; i++) {
		struct wiring_spot *master = wiring_spot(d, d->spots[i].link->master.link);

		if (master)
			master->master = true;
	}
}

static void add_places(struct wiring_draft *d)
{
	d->places = needed(calloc(d->net->n + 1, sizeof(*d->places)));
	d->names = needed(calloc(d->net->n + 1, sizeof(*d->names)));
	for (size_t i = 0; i < d->net->n; i++) {
		d->places[i] = (struct wiring_place){ d->net->list[i], true, i, 1, 0 };
		d->names[i] = (struct wiring_name){ d->net->list[i], i };
	}
	qsort(d->names, d->net->n, sizeof(*d->names), compare_names);
}

static struct wiring_line *add_line(struct wiring_draft *d, enum wiring_line_kind kind,
				    const struct net_ns *net)
{
	struct wiring *w = d->out;

	w->lines = grow(w->lines, w->nlines, &d->caplines, sizeof(*w->lines));
	w->lines[w->nlines] =
		(struct wiring_line){ .kind = kind, .net = net, .like = 1, .cable = -1 };
	return &w->lines[w->nlines++];
}

static bool stands_alone(const struct wiring_draft *d, const struct net_link *link)
{
	const struct wiring_spot *spot = wiring_spot(d, link);

	return spot->like == link;
}

/* Every namespace has a loopback link: it is worth a line where it is down. */
static bool is_dull(const struct wiring_draft *d, const struct net_link *link)
{
	return !d->opt->all && (link->flags & IFF_LOOPBACK) && (link->flags & IFF_UP);
}

static void add_links(struct wiring_draft *d, const struct net_ns *net,
		      const struct net_link *master, unsigned depth);

static void add_link(struct wiring_draft *d, const struct net_link *link, unsigned depth)
{
	const struct wiring_spot *spot = wiring_spot(d, link);
	const struct wiring_tap *taps;
	size_t n = wiring_taps_of(&d->taps, link, &taps);
	struct wiring_line *line;

	for (size_t i = 0; i < n || i == 0; i++) {
		line = add_line(d, i ? WIRING_EXTRA : WIRING_LINK, link->net);
		line->link = link;
		line->depth = depth;
		line->like = spot->count;
		if (i < n) {
			line->wire = taps[i].wire;
			line->cable = taps[i].cable;
			line->stub = taps[i].cable < 0 ? taps[i].wire : NULL;
		}
	}
	if (spot->master && depth < DEPTH_MAX)
		add_links(d, link->net, link, depth + 1);
}

/* The links below a master, or those that have none for NULL. */
static void add_links(struct wiring_draft *d, const struct net_ns *net,
		      const struct net_link *master, unsigned depth)
{
	long last = -1;

	for (size_t i = 0; i < net->nlinks; i++) {
		const struct net_link *link = net->links[i];

		if (link->master.link != master || !stands_alone(d, link) || is_dull(d, link))
			continue;
		last = (long)d->out->nlines;
		add_link(d, link, depth);
	}
	if (last >= 0)
		d->out->lines[last].last = true;
}

static void add_card(struct wiring_draft *d, const struct wiring_place *place)
{
	add_line(d, WIRING_CARD, place->net)->like = place->count;
	add_links(d, place->net, NULL, 0);
}

void wiring_build(const struct net *net, const struct wiring_options *opt, struct wiring *out)
{
	struct wiring_draft d = { .net = net, .opt = opt, .out = out };

	*out = (struct wiring){ 0 };
	add_places(&d);
	add_spots(&d);
	wiring_tie(&d);
	wiring_choose(&d);
	if (!opt->all)
		wiring_group(&d);
	wiring_join(&d);
	for (size_t i = 0; i < net->n; i++)
		if (d.places[i].shown && d.places[i].like == i)
			add_card(&d, &d.places[i]);
	wiring_lay(out, opt->lanes_max ? opt->lanes_max : WIRING_LANES);
	free(d.taps.at);
	free(d.ties.at);
	free(d.spots);
	free(d.names);
	free(d.places);
}

void wiring_release(struct wiring *w)
{
	free(w->lines);
	free(w->cables);
	free(w->members);
	*w = (struct wiring){ 0 };
}
