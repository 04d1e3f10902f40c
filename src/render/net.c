/* SPDX-License-Identifier: MIT */
/*
 * Draws the wiring picture of `nsview net` line by line: cards of namespaces, their links as
 * aligned columns, and the gutter in which lanes join them. What stands on which line and in which
 * lane is wiring's answer, how a link reads is net_words.c's; where lines go it does not know.
 */
#include <stdlib.h>
#include <string.h>

#include <nsview/error.h>

#include "measure.h"
#include "net.h"

enum {
	INDENT = 3, /* of links */
	INDENT_CARD = 1,
	STUMP = 3,     /* columns of a run, before the name of its kind */
	NAME_MIN = 11, /* columns that are kept where a line has to be cut */
	ADDRS_MIN = 10,
	ADDRS_FIRST = 20, /* any of IPv4, with its length */
	GAP = 1,
};

/* Shapes of a lane where the line's own cable comes to it. */
struct net_glyphs {
	const char *run, *cross, *bar, *top, *middle, *bottom, *branch, *last, *cut;
};
static const struct net_glyphs utf8_glyphs = { "─", "┼", "│", "┐", "┤", "┘", "├ ", "└ ", "…" };
static const struct net_glyphs ascii_glyphs = { "-", "+", "|", ".", "+", "'", "|-", "`-", "..." };

struct net_picture {
	const struct term *t;
	const struct wiring *w;
	const struct net_glyphs *glyphs;
	struct words words;
	struct net_cells cells;	 /* of the line at hand */
	size_t width[NET_CELLS]; /* columns of each cell */
	size_t first;		 /* columns of the longest first address, up to ADDRS_FIRST */
	size_t run; /* columns of the gutter before its first lane: room for a kind's name */
	struct buffer gutter;
	long *active; /* cable in each lane, -1: none */
	size_t next;  /* the line for which that is so */
};

static void put_branch(struct net_picture *d, const struct wiring_line *line, struct buffer *out)
{
	for (unsigned i = 1; i < line->depth; i++)
		buffer_text(out, "  ");
	if (line->depth)
		buffer_text(out, line->last ? d->glyphs->last : d->glyphs->branch);
}

static void read_cells(struct net_picture *d, const struct wiring_line *line)
{
	for (int i = 0; i < NET_CELLS; i++)
		buffer_clear(&d->cells.at[i]);
	put_branch(d, line, &d->cells.at[NET_CELL_NAME]);
	if (line->kind == WIRING_LINK)
		net_link_cells(&d->words, d->w, line, &d->cells);
	else
		net_extra_cells(&d->words, d->w, line, &d->cells);
}

/*
 * A sentence on a wire that leads nowhere does not push the lanes of all others away where nothing
 * has to be cut: it breaks those that pass by.
 */
static bool may_break(const struct net_picture *d, const struct wiring_line *line)
{
	return !d->t->width && line->stub && line->cable < 0;
}

static void measure_first(struct net_picture *d)
{
	const struct buffer *cell = &d->cells.at[NET_CELL_ADDRS];
	size_t columns = cell->len ? strcspn(cell->data, " ") : 0;

	if (columns <= ADDRS_FIRST && columns > d->first)
		d->first = columns;
}

static void measure(struct net_picture *d)
{
	for (size_t i = 0; i < d->w->nlines; i++) {
		if (d->w->lines[i].kind == WIRING_CARD || d->w->lines[i].kind == WIRING_NOTE)
			continue;
		read_cells(d, &d->w->lines[i]);
		for (int k = 0; k < NET_CELLS; k++) {
			const struct buffer *cell = &d->cells.at[k];
			size_t columns = text_columns(cell->data, cell->len);

			if (k == NET_CELL_ADDRS && may_break(d, &d->w->lines[i]))
				continue;
			if (columns > d->width[k])
				d->width[k] = columns;
		}
		measure_first(d);
	}
}

static size_t gutter_width(const struct net_picture *d)
{
	return d->w->nlanes ? d->run + 2 * d->w->nlanes : 0;
}

static void measure_run(struct net_picture *d)
{
	for (size_t i = 0; i < d->w->ncables; i++) {
		size_t need = STUMP + 3 + strlen(net_wire_kind_names[d->w->cables[i].wire->kind]);

		if (d->w->cables[i].lane >= 0 && need > d->run)
			d->run = need;
	}
}

/*
 * Where the terminal is too narrow addresses behind the first give way, then names, and that last;
 * the gutter never does.
 */
static void fit(struct net_picture *d)
{
	size_t fixed = INDENT + d->width[NET_CELL_KIND] + d->width[NET_CELL_STATE] + 3 * GAP +
		       gutter_width(d);
	size_t *name = &d->width[NET_CELL_NAME], *addrs = &d->width[NET_CELL_ADDRS];
	size_t room = d->t->width > fixed + NAME_MIN + ADDRS_MIN ? d->t->width - fixed
								 : NAME_MIN + ADDRS_MIN;
	size_t least = d->first > ADDRS_MIN ? d->first : ADDRS_MIN;

	if (!d->t->width || *name + *addrs <= room)
		return;
	if (*addrs > least)
		*addrs = room > *name + least ? room - *name : least;
	if (*name + *addrs > room && *name > NAME_MIN)
		*name = room > *addrs + NAME_MIN ? room - *addrs : NAME_MIN;
	if (*name + *addrs > room && *addrs > ADDRS_MIN)
		*addrs = room > *name + ADDRS_MIN ? room - *name : ADDRS_MIN;
}

static void put_run_of(struct net_picture_line *out, enum style style, const char *text, size_t len)
{
	if (!len)
		return;
	if (!out->nruns || out->runs[out->nruns - 1].style != style)
		out->runs[out->nruns++] = (struct net_picture_run){ out->text.len, style };
	buffer_append(&out->text, text, len);
	out->columns += text_columns(text, len);
}

static void put_blanks(struct net_picture_line *out, size_t n)
{
	for (; n > 0; n--)
		put_run_of(out, STYLE_PLAIN, " ", 1);
}

static void put_cell(struct net_picture *d, enum net_cell which, bool pad,
		     struct net_picture_line *out)
{
	static const enum style styles[NET_CELLS] = {
		[NET_CELL_NAME] = STYLE_NAME,
		[NET_CELL_KIND] = STYLE_TYPE,
	};
	struct buffer *cell = &d->cells.at[which];
	size_t columns = text_columns(cell->data, cell->len);
	enum style style = which == NET_CELL_STATE && !d->cells.up ? STYLE_WARN : styles[which];

	if (columns > d->width[which]) {
		size_t sign = text_columns(d->glyphs->cut, strlen(d->glyphs->cut));

		cell->len = text_fit(cell->data, cell->len, d->width[which] - sign);
		buffer_text(cell, d->glyphs->cut);
		columns = text_columns(cell->data, cell->len);
	}
	put_run_of(out, style, buffer_str(cell), cell->len);
	if (pad)
		put_blanks(out, d->width[which] - columns + GAP);
}

/* The run from the text to the lanes: "── veth ───", an X where no packet passes. */
static void put_run(struct net_picture *d, const struct wiring_cable *cable, bool named)
{
	const char *kind = named ? net_wire_kind_names[cable->wire->kind] : "";
	size_t used = STUMP + (*kind ? strlen(kind) + 2 : 0);

	buffer_text(&d->gutter, d->glyphs->run);
	buffer_text(&d->gutter, d->glyphs->run);
	buffer_text(&d->gutter, cable->wire->up ? d->glyphs->run : "X");
	if (*kind)
		buffer_printf(&d->gutter, " %s ", kind);
	for (; used < d->run; used++)
		buffer_text(&d->gutter, d->glyphs->run);
}

static const char *bend(const struct net_picture *d, const struct wiring_cable *cable, size_t line)
{
	if (line == cable->first)
		return d->glyphs->top;
	return line == cable->last ? d->glyphs->bottom : d->glyphs->middle;
}

static void put_lanes(struct net_picture *d, const struct wiring_cable *cable, size_t line)
{
	long own = cable ? cable->lane : -1;

	for (long lane = 0; lane < (long)d->w->nlanes; lane++) {
		bool busy = d->active[lane] >= 0;

		if (lane < own)
			buffer_text(&d->gutter, busy ? d->glyphs->cross : d->glyphs->run);
		else if (lane == own)
			buffer_text(&d->gutter, bend(d, cable, line));
		else
			buffer_text(&d->gutter, busy ? d->glyphs->bar : " ");
		buffer_text(&d->gutter, lane < own ? d->glyphs->run : " ");
	}
}

static void put_gutter(struct net_picture *d, size_t at)
{
	const struct wiring_line *line = &d->w->lines[at];
	const struct wiring_cable *cable = line->cable >= 0 ? &d->w->cables[line->cable] : NULL;

	buffer_clear(&d->gutter);
	if (cable && cable->lane < 0)
		cable = NULL;
	if (cable && at == cable->first)
		d->active[cable->lane] = line->cable;
	if (cable)
		put_run(d, cable, at == cable->last);
	else
		buffer_printf(&d->gutter, "%*s", (int)d->run, "");
	put_lanes(d, cable, at);
	if (cable && at == cable->last)
		d->active[cable->lane] = -1;
	while (d->gutter.len && d->gutter.data[d->gutter.len - 1] == ' ')
		d->gutter.data[--d->gutter.len] = '\0';
}

/* Which cables pass by a line, where the one before it was not asked for just now. */
static void seek(struct net_picture *d, size_t at)
{
	for (size_t i = 0; i < d->w->nlanes; i++)
		d->active[i] = -1;
	for (size_t i = 0; i < d->w->ncables; i++) {
		const struct wiring_cable *cable = &d->w->cables[i];

		if (cable->lane >= 0 && cable->first < at && cable->last >= at)
			d->active[cable->lane] = (long)i;
	}
}

static void say_link(struct net_picture *d, size_t at, struct net_picture_line *out)
{
	struct buffer *addrs = &d->cells.at[NET_CELL_ADDRS];

	read_cells(d, &d->w->lines[at]);
	out->indent = INDENT;
	put_cell(d, NET_CELL_NAME, true, out);
	put_cell(d, NET_CELL_KIND, true, out);
	put_cell(d, NET_CELL_STATE, addrs->len || d->gutter.len, out);
	if (may_break(d, &d->w->lines[at]) &&
	    text_columns(addrs->data, addrs->len) > d->width[NET_CELL_ADDRS]) {
		put_run_of(out, STYLE_PLAIN, buffer_str(addrs), addrs->len);
		return;
	}
	put_cell(d, NET_CELL_ADDRS, d->gutter.len, out);
	put_run_of(out, STYLE_PLAIN, buffer_str(&d->gutter), d->gutter.len);
}

/* The lanes that pass by beside words, as far right as those of the links. */
static void put_passing(struct net_picture *d, struct net_picture_line *out)
{
	size_t start = INDENT + 4 * GAP, columns = out->indent + out->columns;

	for (int i = 0; i < NET_CELLS; i++)
		start += d->width[i];
	/* Where these are longer than the columns, the lanes are broken rather than moved. */
	if (!d->gutter.len || columns >= start)
		return;
	put_blanks(out, start - columns);
	put_run_of(out, STYLE_PLAIN, buffer_str(&d->gutter), d->gutter.len);
}

static void say_card(struct net_picture *d, size_t at, struct net_picture_line *out)
{
	struct buffer *text = &d->cells.at[NET_CELL_NAME];

	buffer_clear(text);
	d->words.out = text;
	net_card_words(&d->words, &d->w->lines[at]);
	out->indent = INDENT_CARD;
	put_run_of(out, STYLE_HEADING, buffer_str(text), text->len);
	put_passing(d, out);
}

static void say_note(struct net_picture *d, size_t at, struct net_picture_line *out)
{
	const struct wiring_line *line = &d->w->lines[at];

	out->indent = INDENT;
	put_run_of(out, line->net ? STYLE_WARN : STYLE_DIM, line->words, strlen(line->words));
	put_passing(d, out);
}

static void begin(struct net_picture_line *out)
{
	buffer_clear(&out->text);
	out->indent = out->columns = out->nruns = 0;
}

void net_picture_line(struct net_picture *p, size_t at, struct net_picture_line *out)
{
	begin(out);
	if (at != p->next)
		seek(p, at);
	put_gutter(p, at);
	p->next = at + 1;
	if (p->w->lines[at].kind == WIRING_CARD)
		say_card(p, at, out);
	else if (p->w->lines[at].kind == WIRING_NOTE)
		say_note(p, at, out);
	else
		say_link(p, at, out);
}

void net_picture_heading(struct net_picture *p, struct net_picture_line *out)
{
	static const char *const headings[NET_CELLS] = { "LINK", "KIND", "STATE", "ADDRESSES" };

	begin(out);
	out->indent = INDENT;
	for (int i = 0; i < NET_CELLS; i++) {
		size_t len = strlen(headings[i]);
		bool fits = len <= p->width[i];

		put_run_of(out, STYLE_HEADING, headings[i], fits ? len : 0);
		put_blanks(out, p->width[i] - (fits ? len : 0) + GAP);
	}
	if (p->w->nlanes)
		put_run_of(out, STYLE_HEADING, "WIRES", 5);
}

size_t net_picture_lanes(unsigned width)
{
	enum { BESIDE = 60, LANE = 2, LEAST = 8 };

	if (!width)
		return WIRING_LANES;
	return width > BESIDE + LEAST * LANE ? (width - BESIDE) / LANE : LEAST;
}

struct net_picture *net_picture_new(const struct term *t, const struct graph *g,
				    const struct wiring *w)
{
	struct net_picture *p = calloc(1, sizeof(*p));

	if (!p)
		die("out of memory");
	*p = (struct net_picture){
		.t = t,
		.w = w,
		.glyphs = t->utf8 ? &utf8_glyphs : &ascii_glyphs,
		.words = { .term = t, .graph = g },
		.active = malloc((w->nlanes + 1) * sizeof(long)),
	};
	if (!p->active)
		die("out of memory");
	measure(p);
	measure_run(p);
	fit(p);
	seek(p, 0);
	return p;
}

void net_picture_free(struct net_picture *p)
{
	if (!p)
		return;
	free(p->active);
	buffer_release(&p->gutter);
	for (int i = 0; i < NET_CELLS; i++)
		buffer_release(&p->cells.at[i]);
	words_release(&p->words);
	free(p);
}
