/* SPDX-License-Identifier: MIT */
/*
 * A part of a wiring picture, for who folds or filters its lines. Knows nothing of why a line is
 * left out.
 */
#include <stdlib.h>

#include <nsview/error.h>

#include "wiring_parts.h"

/* By cable of from: how many of its ends have a line, then its place among those that stay. */
static long *count_ends(const struct wiring *from, const struct wiring *out)
{
	long *ends = calloc(from->ncables + 1, sizeof(long));

	if (!ends)
		die("out of memory");
	for (size_t i = 0; i < out->nlines; i++)
		if (out->lines[i].cable >= 0)
			ends[out->lines[i].cable]++;
	return ends;
}

static void keep_cables(const struct wiring *from, struct wiring *out)
{
	long *place = count_ends(from, out);

	for (size_t i = 0; i < from->ncables; i++) {
		if (place[i] < 2) {
			place[i] = -1;
			continue;
		}
		out->cables[out->ncables] =
			(struct wiring_cable){ .wire = from->cables[i].wire, .lane = -1 };
		place[i] = (long)out->ncables++;
	}
	for (size_t i = 0; i < out->nlines; i++) {
		struct wiring_line *line = &out->lines[i];

		if (line->cable < 0)
			continue;
		line->cable = place[line->cable];
		line->stub = line->cable < 0 ? line->wire : NULL;
	}
	free(place);
}

void wiring_select(const struct wiring *from, const size_t *lines, size_t n, size_t lanes_max,
		   struct wiring *out)
{
	*out = (struct wiring){ .nlines = n };
	out->lines = calloc(n + 1, sizeof(*out->lines));
	out->cables = calloc(from->ncables + 1, sizeof(*out->cables));
	if (!out->lines || !out->cables)
		die("out of memory");
	for (size_t i = 0; i < n; i++)
		out->lines[i] = from->lines[lines[i]];
	keep_cables(from, out);
	wiring_lay(out, lanes_max ? lanes_max : WIRING_LANES);
}
