/* SPDX-License-Identifier: MIT */
/*
 * How the wiring picture looks on the screen: its lines are render's, cut to what is in sight.
 * Where it is wider than the screen it goes out to the left; marks and cursor stay. What is not
 * shown has no lane: the gutter is laid anew whenever rows come or go.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/error.h>
#include <nsview/measure.h>

#include "view_network.h"

enum { GUTTER = 2 /* the cursor and a mark */ };

static unsigned look_of(enum style style)
{
	static const unsigned looks[] = {
		[STYLE_PLAIN] = LOOK_PLAIN, [STYLE_HEADING] = LOOK_TITLE, [STYLE_TYPE] = LOOK_TYPE,
		[STYLE_NAME] = LOOK_PLAIN,  [STYLE_DIM] = LOOK_DIM,	  [STYLE_WARN] = LOOK_WARN,
	};

	return looks[style];
}

static void forget_picture(struct network *n)
{
	net_picture_free(n->picture);
	n->picture = NULL;
	wiring_release(&n->shown);
}

void network_release(struct list *l)
{
	if (!l->network)
		return;
	forget_picture(l->network);
	wiring_release(&l->network->all);
	free(l->network);
}

void network_lay(struct list *l)
{
	forget_picture(l->network);
}

void network_say(const struct list *l, const struct item *item, struct buffer *out)
{
	const struct network *n = l->network;

	net_line_words(&n->term, item->row.graph ? item->row.graph : n->graph,
		       &n->all.lines[item - l->items], out);
}

/* As wide as it has to be where it was moved, since then nothing need be cut. */
static void prepare(struct list *l, unsigned cols)
{
	struct network *n = l->network;

	if (n->picture && n->cols == cols)
		return;
	forget_picture(n);
	n->cols = cols;
	n->term.width = n->pan ? 0 : cols - GUTTER;
	wiring_select(&n->all, l->shown, l->nshown, net_picture_lanes(cols), &n->shown);
	n->picture = net_picture_new(&n->term, n->graph, &n->shown);
}

bool network_pan(struct list *l, bool right, unsigned cols)
{
	struct network *n = l->network;
	size_t room = cols > GUTTER ? cols - GUTTER : 1, was;

	if (!n)
		return false;
	was = n->pan;
	if (!right)
		n->pan -= n->pan < room / 2 ? n->pan : room / 2;
	else
		n->pan += room / 2;
	if (!was != !n->pan)
		forget_picture(n);
	return was != n->pan;
}

/* A piece of text, of which some columns are out of sight to the left. */
static void put(struct canvas *c, unsigned row, unsigned look, const char *text, size_t len,
		size_t *skip)
{
	size_t columns = text_columns(text, len), cut;

	if (columns <= *skip) {
		*skip -= columns;
		return;
	}
	cut = text_fit(text, len, *skip);
	*skip = 0;
	canvas_text(c, row, look, text + cut, len - cut);
}

/* item: NULL for the heading. */
static void put_line(const struct network *n, struct canvas *c, unsigned row,
		     const struct net_picture_line *line, const struct item *item,
		     unsigned selected)
{
	const char *text = buffer_str(&line->text), *sign = " ";
	size_t skip = n->pan;

	if (item && item->branch)
		sign = item->folded ? "+" : item->group || item->closed ? "-" : " ";
	for (size_t i = 1; i < line->indent; i++)
		put(c, row, selected, " ", 1, &skip);
	put(c, row, selected, sign, 1, &skip);
	for (size_t i = 0; i < line->nruns; i++) {
		size_t end = i + 1 < line->nruns ? line->runs[i + 1].at : line->text.len;
		unsigned look = item ? list_look(item, look_of(line->runs[i].style)) : LOOK_HEADING;

		put(c, row, look | selected, text + line->runs[i].at, end - line->runs[i].at,
		    &skip);
	}
}

static void draw_row(struct list *l, struct canvas *c, unsigned row, size_t at,
		     struct net_picture_line *line, bool focused, const struct view_ref *chosen)
{
	const struct item *item = &l->items[l->shown[at]];
	struct network *n = l->network;
	unsigned selected = focused && at == l->at ? LOOK_SELECTED : 0;
	bool marked = chosen->kind != REF_NONE && ref_same(chosen, &item->ref);

	net_picture_line(n->picture, at, line);
	canvas_str(c, row, selected, at == l->at ? ">" : " ");
	canvas_str(c, row, (item->leaked ? LOOK_WARN : LOOK_PLAIN) | selected,
		   list_mark(item, marked));
	put_line(n, c, row, line, item, selected);
	if (selected)
		canvas_pad(c, row, selected, c->cols);
}

/* What is cut is said at the end: that there is a filter, and in which directions there is more. */
static void draw_heading(struct network *n, struct canvas *c, unsigned row, bool filter,
			 struct net_picture_line *line)
{
	bool more = n->widest > n->pan + c->cols - GUTTER;
	char text[32];

	snprintf(text, sizeof(text), "%s%s%s", filter ? " filtered" : "", n->pan ? " <" : "",
		 more ? " >" : "");
	net_picture_heading(n->picture, line);
	canvas_pad(c, row, LOOK_PLAIN, GUTTER);
	c->cols -= (unsigned)strlen(text);
	put_line(n, c, row, line, NULL, 0);
	canvas_pad(c, row, LOOK_PLAIN, c->cols);
	c->cols += (unsigned)strlen(text);
	canvas_str(c, row, LOOK_KEY, text);
}

static void clamp_pan(struct list *l, unsigned cols)
{
	struct network *n = l->network;
	size_t room = cols - GUTTER, most = n->widest > room ? n->widest - room : 0;

	if (n->pan <= most)
		return;
	n->pan = most;
	if (!most)
		forget_picture(n);
}

/* How wide the lines in sight are tells how far they can go out to the left. */
static void measure(struct list *l, unsigned rows, struct net_picture_line *line)
{
	struct network *n = l->network;

	n->widest = 0;
	for (unsigned i = 0; i < rows && l->top + i < l->nshown; i++) {
		net_picture_line(n->picture, l->top + i, line);
		if (line->indent + line->columns > n->widest)
			n->widest = line->indent + line->columns;
	}
}

static void draw_rows(struct list *l, struct canvas *c, const struct part *part, bool focused,
		      const struct view_ref *chosen, struct net_picture_line *line)
{
	for (unsigned i = 0; i + 1 < part->rows && l->top + i < l->nshown; i++)
		draw_row(l, c, part->top + 1 + i, l->top + i, line, focused, chosen);
}

void network_draw(struct list *l, struct canvas *c, const struct part *part, bool focused,
		  bool alone, const struct view_ref *chosen)
{
	struct net_picture_line line = { .text = BUFFER_INIT };

	if (!l->network || !l->network->graph)
		return;
	list_scroll(l, part->rows - 1);
	prepare(l, c->cols);
	measure(l, part->rows - 1, &line);
	clamp_pan(l, c->cols);
	prepare(l, c->cols);
	draw_heading(l->network, c, part->top, alone, &line);
	draw_rows(l, c, part, focused, chosen, &line);
	buffer_release(&line.text);
}
