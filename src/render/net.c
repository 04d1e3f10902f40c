/* SPDX-License-Identifier: MIT */
/*
 * Draws the wiring picture of `nsview net`: cards of namespaces, their links as aligned columns,
 * and the gutter in which lanes join them. What stands on which line and in which lane is
 * wiring's answer, how a link reads is net_words.c's.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/error.h>

#include "measure.h"
#include "net.h"

enum {
	INDENT = 3,
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

struct net_drawing {
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
};

static void put_branch(struct net_drawing *d, const struct wiring_line *line, struct buffer *out)
{
	for (unsigned i = 1; i < line->depth; i++)
		buffer_text(out, "  ");
	if (line->depth)
		buffer_text(out, line->last ? d->glyphs->last : d->glyphs->branch);
}

static void read_cells(struct net_drawing *d, const struct wiring_line *line)
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
static bool may_break(const struct net_drawing *d, const struct wiring_line *line)
{
	return !d->t->width && line->stub && line->cable < 0;
}

static void measure_first(struct net_drawing *d)
{
	const struct buffer *cell = &d->cells.at[NET_CELL_ADDRS];
	size_t columns = cell->len ? strcspn(cell->data, " ") : 0;

	if (columns <= ADDRS_FIRST && columns > d->first)
		d->first = columns;
}

static void measure(struct net_drawing *d)
{
	for (size_t i = 0; i < d->w->nlines; i++) {
		if (d->w->lines[i].kind == WIRING_CARD)
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

static size_t gutter_width(const struct net_drawing *d)
{
	return d->w->nlanes ? d->run + 2 * d->w->nlanes : 0;
}

static void measure_run(struct net_drawing *d)
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
static void fit(struct net_drawing *d)
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

static void put_cell(struct net_drawing *d, enum net_cell which, bool pad)
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
	if (cell->len && style != STYLE_PLAIN)
		fprintf(d->t->out, "%s%s%s", term_style(d->t, style), buffer_str(cell),
			term_style(d->t, STYLE_PLAIN));
	else
		fputs(buffer_str(cell), d->t->out);
	if (pad)
		fprintf(d->t->out, "%*s", (int)(d->width[which] - columns + GAP), "");
}

/* The run from the text to the lanes: "── veth ───", an X where no packet passes. */
static void put_run(struct net_drawing *d, const struct wiring_cable *cable, bool named)
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

static const char *bend(const struct net_drawing *d, const struct wiring_cable *cable, size_t line)
{
	if (line == cable->first)
		return d->glyphs->top;
	return line == cable->last ? d->glyphs->bottom : d->glyphs->middle;
}

static void put_lanes(struct net_drawing *d, const struct wiring_cable *cable, size_t line)
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

static void put_gutter(struct net_drawing *d, size_t at)
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

static void draw_link(struct net_drawing *d, size_t at)
{
	struct buffer *addrs = &d->cells.at[NET_CELL_ADDRS];

	read_cells(d, &d->w->lines[at]);
	put_gutter(d, at);
	fprintf(d->t->out, "%*s", INDENT, "");
	put_cell(d, NET_CELL_NAME, true);
	put_cell(d, NET_CELL_KIND, true);
	put_cell(d, NET_CELL_STATE, addrs->len || d->gutter.len);
	if (may_break(d, &d->w->lines[at]) &&
	    text_columns(addrs->data, addrs->len) > d->width[NET_CELL_ADDRS]) {
		fprintf(d->t->out, "%s\n", buffer_str(addrs));
		return;
	}
	put_cell(d, NET_CELL_ADDRS, d->gutter.len);
	fprintf(d->t->out, "%s\n", buffer_str(&d->gutter));
}

/* The lanes that pass by beside a card, as far right as those of the links. */
static void draw_card(struct net_drawing *d, size_t at)
{
	struct buffer *text = &d->cells.at[NET_CELL_NAME];
	size_t start = INDENT + 4 * GAP, columns;

	for (int i = 0; i < NET_CELLS; i++)
		start += d->width[i];
	buffer_clear(text);
	d->words.out = text;
	net_card_words(&d->words, &d->w->lines[at]);
	put_gutter(d, at);
	columns = 1 + text_columns(text->data, text->len);
	/* Where the head is longer than the columns, the lanes are broken rather than moved. */
	fprintf(d->t->out, " %s%s%s", term_style(d->t, STYLE_HEADING), buffer_str(text),
		term_style(d->t, STYLE_PLAIN));
	if (d->gutter.len && columns < start)
		fprintf(d->t->out, "%*s%s", (int)(start - columns), "", buffer_str(&d->gutter));
	fputc('\n', d->t->out);
	net_card_notes(d->t, &d->words, &d->w->lines[at]);
}

static void draw_end(struct net_drawing *d)
{
	struct buffer *text = &d->cells.at[NET_CELL_NAME];

	net_left_out_words(d->w, text);
	if (text->len)
		fprintf(d->t->out, " (%s)\n", buffer_str(text));
}

int net_print(const struct term *t, const struct graph *g, const struct wiring *w)
{
	struct net_drawing d = {
		.t = t,
		.w = w,
		.glyphs = t->utf8 ? &utf8_glyphs : &ascii_glyphs,
		.words = { .term = t, .graph = g },
		.active = malloc((w->nlanes + 1) * sizeof(long)),
	};

	if (!d.active)
		die("out of memory");
	for (size_t i = 0; i < w->nlanes; i++)
		d.active[i] = -1;
	measure(&d);
	measure_run(&d);
	fit(&d);
	for (size_t i = 0; i < w->nlines; i++)
		if (w->lines[i].kind == WIRING_CARD)
			draw_card(&d, i);
		else
			draw_link(&d, i);
	draw_end(&d);
	free(d.active);
	buffer_release(&d.gutter);
	for (int i = 0; i < NET_CELLS; i++)
		buffer_release(&d.cells.at[i]);
	words_release(&d.words);
	return ferror(t->out) ? -EIO : 0;
}
