/* SPDX-License-Identifier: MIT */
/*
 * Chooses which namespaces the wiring picture shows: those around what one looks at, and of the
 * others those that have more than a loopback link.
 */
#include <stdlib.h>

#include <nsview/error.h>

#include "wiring_parts.h"

bool wiring_is_idle(const struct net_ns *net)
{
	for (size_t i = 0; i < net->nlinks; i++)
		if (!(net->links[i]->flags & IFF_LOOPBACK))
			return false;
	/* What could not be read may have more. */
	return fact_is_known(net->parts[NET_PART_LINKS].fact);
}

static void fold(struct wiring_draft *d)
{
	for (size_t i = 0; i < d->net->n; i++)
		if (wiring_is_idle(d->places[i].net)) {
			d->places[i].shown = false;
			d->out->nfolded++;
		}
}

/* One wire further from every place that is `steps` away; whether there was any. */
static bool step_out(struct wiring_draft *d, unsigned steps)
{
	bool any = false;

	for (size_t i = 0; i < d->net->nwires; i++) {
		const struct net_wire *wire = &d->net->wires[i];
		struct wiring_place *a = wiring_place(d, wire->a->net);
		struct wiring_place *b = wire->b ? wiring_place(d, wire->b->net) : NULL;

		if (!a || !b || a->shown == b->shown || (a->shown ? a : b)->steps != steps)
			continue;
		(a->shown ? b : a)->steps = steps + 1;
		a->shown = b->shown = any = true;
	}
	return any;
}

static void look_around(struct wiring_draft *d)
{
	for (size_t i = 0; i < d->net->n; i++) {
		struct wiring_place *place = &d->places[i];

		place->shown = false;
		for (size_t k = 0; k < d->opt->naround && place->net->ns; k++)
			place->shown = place->shown || place->net->ns == d->opt->around[k];
	}
	for (unsigned steps = 0; steps < d->opt->wires && step_out(d, steps); steps++)
		;
	for (size_t i = 0; i < d->net->n; i++)
		d->out->nfar += !d->places[i].shown;
}

void wiring_choose(struct wiring_draft *d)
{
	if (d->opt->around)
		look_around(d);
	else if (!d->opt->all && !d->opt->loopback)
		fold(d);
}
