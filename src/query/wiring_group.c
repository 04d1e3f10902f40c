/* SPDX-License-Identifier: MIT */
/*
 * Lets one namespace of the wiring picture stand for others that are like it: the same links in
 * the same state, wired to the same places. Addresses and the names of far ends may differ. The
 * host's own is never one of several. And lets one link stand for others of its namespace that
 * lead out of the picture like it.
 */
#include <stdlib.h>
#include <string.h>

#include <nsview/buffer.h>
#include <nsview/error.h>
#include <nsview/grow.h>

#include "wiring_parts.h"

/* A namespace and the words that are the same of all that are like it. */
struct likeness {
	char *words; /* owned */
	size_t place;
};

static void put_far(const struct wiring_draft *d, const struct net_wire *wire,
		    const struct net_link *link, struct buffer *out)
{
	const struct net_link *far = wiring_far(wire, link);
	const struct wiring_place *place = far ? wiring_place(d, far->net) : NULL;

	buffer_printf(out, " %d%d%d", (int)wire->kind, (int)wire->how, wire->up);
	/* Ends of veth pairs are alike by where they are, others by what they stand on. */
	if (place)
		buffer_printf(out, ":%td:%u:%u", place - d->places,
			      far->master.link ? far->master.link->index : 0,
			      wire->kind == NET_WIRE_VETH ? 0 : far->index);
}

static void put_link(const struct wiring_draft *d, const struct net_link *link, struct buffer *out)
{
	const struct wiring_tap *ties;
	size_t n = wiring_taps_of(&d->ties, link, &ties);

	/* The name ends where a byte does that no name has. */
	buffer_printf(out, "%s/%s/%d", link->name, link->kind ? link->kind : "",
		      net_link_is_up(link));
	for (size_t i = 0; i < n; i++)
		put_far(d, ties[i].wire, link, out);
	buffer_char(out, '\n');
}

static char *words_of(const struct wiring_draft *d, const struct net_ns *net)
{
	struct buffer text = BUFFER_INIT;
	char *words;

	for (size_t i = 0; i < net->nlinks; i++)
		put_link(d, net->links[i], &text);
	words = strdup(buffer_str(&text));
	buffer_release(&text);
	if (!words)
		die("out of memory");
	return words;
}

static int compare(const void *a, const void *b)
{
	const struct likeness *x = a, *y = b;
	int order = strcmp(x->words, y->words);

	if (order)
		return order;
	return x->place < y->place ? -1 : x->place > y->place;
}

static void let_stand(const struct wiring_draft *d, const struct net_link *lead,
		      const struct net_link *link)
{
	struct wiring_spot *spot = wiring_spot(d, link), *first = wiring_spot(d, lead);

	if (spot == first || spot->like != link)
		return;
	spot->like = lead;
	first->count++;
}

/* The far ends of veth pairs stand for each other too. */
static void join_far_ends(const struct wiring_draft *d, const struct net_link *lead,
			  const struct net_link *link)
{
	const struct wiring_tap *leads, *ties;
	size_t n = wiring_taps_of(&d->ties, lead, &leads);
	size_t m = wiring_taps_of(&d->ties, link, &ties);

	for (size_t i = 0; i < n && i < m; i++) {
		const struct net_wire *first = leads[i].wire, *wire = ties[i].wire;

		if (first->kind == NET_WIRE_VETH && first->b && wire->b)
			let_stand(d, wiring_far(first, lead), wiring_far(wire, link));
	}
}

static void add_member(struct wiring_draft *d, const struct net_ns *net, const struct net_ns *lead)
{
	struct wiring *w = d->out;

	w->members = grow(w->members, w->nmembers, &d->capmembers, sizeof(*w->members));
	w->members[w->nmembers++] = (struct wiring_member){ net, lead };
}

static bool stays_apart(const struct wiring_draft *d, const struct net_ns *lead)
{
	return d->opt->apart && lead->ns && d->opt->apart(d->opt->ctx, lead->ns);
}

static void join(struct wiring_draft *d, const struct likeness *all, size_t n)
{
	struct wiring_place *lead = &d->places[all[0].place];

	if (stays_apart(d, lead->net))
		return;
	for (size_t i = 1; i < n; i++) {
		struct wiring_place *place = &d->places[all[i].place];

		place->like = all[0].place;
		lead->count++;
		add_member(d, place->net, lead->net);
		for (size_t k = 0; k < lead->net->nlinks; k++) {
			let_stand(d, lead->net->links[k], place->net->links[k]);
			join_far_ends(d, lead->net->links[k], place->net->links[k]);
		}
	}
}

/* The wire of a link that has no other in the gutter. */
static const struct net_wire *only_wire(const struct wiring_draft *d, const struct net_link *link)
{
	const struct net_wire *only = NULL;
	const struct wiring_tap *ties;
	size_t n = wiring_taps_of(&d->ties, link, &ties);

	for (size_t i = 0; i < n; i++) {
		if (!wiring_is_drawn(ties[i].wire))
			continue;
		if (only)
			return NULL;
		only = ties[i].wire;
	}
	return only;
}

static bool leads_away(const struct wiring_draft *d, const struct net_link *link)
{
	const struct net_wire *wire = only_wire(d, link);
	const struct wiring_spot *spot = wiring_spot(d, link);
	const struct net_link *far;

	if (!wire || wire->kind != NET_WIRE_VETH || spot->master || spot->like != link)
		return false;
	far = wiring_far(wire, link);
	return far && !wiring_place(d, far->net)->shown;
}

static int compare_leaving(const void *a, const void *b)
{
	const struct net_link *x = *(struct net_link *const *)a;
	const struct net_link *y = *(struct net_link *const *)b;
	uint32_t master = x->master.link ? x->master.link->index : 0;
	uint32_t other = y->master.link ? y->master.link->index : 0;
	bool up = net_link_is_up(x), up_too = net_link_is_up(y);

	if (master != other)
		return master < other ? -1 : 1;
	return up != up_too ? up_too - up : 0;
}

static int compare_leaving_in_order(const void *a, const void *b)
{
	const struct net_link *x = *(struct net_link *const *)a;
	const struct net_link *y = *(struct net_link *const *)b;
	int order = compare_leaving(a, b);

	return order ? order : x->index < y->index ? -1 : x->index > y->index;
}

static void group_leaving(const struct wiring_draft *d, const struct net_ns *net)
{
	struct net_link **away = calloc(net->nlinks + 1, sizeof(struct net_link *));
	size_t n = 0, same;

	if (!away)
		die("out of memory");
	for (size_t i = 0; i < net->nlinks; i++)
		if (leads_away(d, net->links[i]))
			away[n++] = net->links[i];
	qsort(away, n, sizeof(struct net_link *), compare_leaving_in_order);
	for (size_t i = 0; i < n; i += same) {
		for (same = 1; i + same < n; same++)
			if (compare_leaving(&away[i], &away[i + same]) != 0)
				break;
		for (size_t k = 1; same >= WIRING_ALIKE_MIN && k < same; k++)
			let_stand(d, away[i], away[i + k]);
	}
	free(away);
}

void wiring_group(struct wiring_draft *d)
{
	struct likeness *all = calloc(d->net->n + 1, sizeof(*all));
	size_t n = 0, same;

	if (!all)
		die("out of memory");
	for (size_t i = 1; i < d->net->n; i++)
		if (d->places[i].shown && !(d->opt->loopback && wiring_is_idle(d->places[i].net)))
			all[n++] = (struct likeness){ words_of(d, d->places[i].net), i };
	qsort(all, n, sizeof(*all), compare);
	for (size_t i = 0; n >= WIRING_ALIKE_FROM && i < n; i += same) {
		for (same = 1; i + same < n; same++)
			if (strcmp(all[i].words, all[i + same].words) != 0)
				break;
		if (same >= WIRING_ALIKE_MIN)
			join(d, &all[i], same);
	}
	for (size_t i = 0; i < n; i++)
		free(all[i].words);
	free(all);
	for (size_t i = 0; i < d->net->n && d->opt->around; i++)
		if (d->places[i].shown)
			group_leaving(d, d->places[i].net);
}
