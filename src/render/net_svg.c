/* SPDX-License-Identifier: MIT */
/*
 * The wiring picture as SVG that stands alone: cards in columns by how many wires they are from
 * the first of their component, wires as curves between the rows of links. Colours follow the
 * reader's light or dark preference; what is down is dashed too. All text is escaped as XML.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/error.h>

#include "measure.h"
#include "net_graph.h"

enum {
	ROW = 18,	  /* pixels: of a line */
	CHAR_TENTHS = 74, /* of pixels: a character of the monospaced font, whichever it is */
	PAD = 8,	  /* inside a card */
	GAP_ACROSS = 130, /* between columns: room for wires and the names of their kinds */
	GAP_DOWN = 16,
	MARGIN = 16,
	RANKS_MAX = 16,
};

struct card {
	size_t head, end; /* lines: its own, and the one past its last */
	unsigned column;
	bool placed;
	int x, y, width, height;
};

struct svg {
	const struct term *t;
	const struct wiring *w;
	FILE *out;
	struct words words;
	struct buffer text;
	struct card *cards;
	size_t ncards;
	size_t *card_of; /* of each line */
	int *row_of;	 /* of each line, within its card: one without text is on the row before */
	size_t *hubs;
	int width, height;
};

/* Plain colours and a media query: programs other than browsers know no more of CSS. */
static const char style[] =
	"<style>\n"
	"svg { background: #ffffff; }\n"
	"text { font-family: ui-monospace, monospace; font-size: 12px; fill: #1b1f24;"
	" white-space: pre; }\n"
	".paper { fill: #ffffff; }\n"
	".card { fill: #f6f8fa; stroke: #57606a; }\n"
	".empty { stroke-dasharray: 5 3; }\n"
	".head { font-weight: 600; }\n"
	".kind { font-size: 10px; fill: #57606a; paint-order: stroke;"
	" stroke: #ffffff; stroke-width: 3px; }\n"
	".wire { fill: none; stroke: #0b5cad; stroke-width: 1.5; }\n"
	".down { stroke: #a6560b; stroke-dasharray: 6 4; }\n"
	"@media (prefers-color-scheme: dark) {\n"
	"svg { background: #0d1117; }\n"
	"text { fill: #e6edf3; }\n"
	".paper { fill: #0d1117; }\n"
	".card { fill: #161b22; stroke: #9da7b1; }\n"
	".kind { fill: #9da7b1; stroke: #0d1117; }\n"
	".wire { stroke: #6cb6ff; }\n"
	".down { stroke: #f0a35e; }\n"
	"}\n"
	"</style>\n";

static void put_xml(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc(*text, out);
		}
	}
}

/* What a line reads, escaped for a person. */
static const char *line_text(struct svg *s, const struct wiring_line *line)
{
	buffer_clear(&s->text);
	s->words.out = &s->text;
	if (line->kind == WIRING_CARD) {
		net_card_words(&s->words, line);
	} else if (line->kind == WIRING_LINK) {
		for (unsigned i = 0; i < line->depth; i++)
			buffer_text(&s->text, "  ");
		net_link_label(&s->words, line);
	}
	if (line->stub) {
		buffer_text(&s->text, "  ");
		net_stub_words(&s->words, line);
	}
	return buffer_str(&s->text);
}

static void find_cards(struct svg *s)
{
	const struct wiring *w = s->w;

	s->cards = calloc(w->nlines + 1, sizeof(*s->cards));
	s->card_of = calloc(w->nlines + 1, sizeof(*s->card_of));
	s->row_of = calloc(w->nlines + 1, sizeof(*s->row_of));
	if (!s->cards || !s->card_of || !s->row_of)
		die("out of memory");
	for (size_t i = 0; i < w->nlines; i++) {
		struct card *card;
		int columns;

		if (w->lines[i].kind == WIRING_CARD)
			s->cards[s->ncards++].head = i;
		card = &s->cards[s->ncards - 1];
		s->card_of[i] = s->ncards - 1;
		card->end = i + 1;
		line_text(s, &w->lines[i]);
		if (i > card->head)
			s->row_of[i] = s->row_of[i - 1] + (s->text.len > 0);
		card->height = (s->row_of[i] + 1) * ROW + PAD;
		columns = (int)text_columns(s->text.data, s->text.len);
		if (columns * CHAR_TENTHS / 10 + 2 * PAD > card->width)
			card->width = columns * CHAR_TENTHS / 10 + 2 * PAD;
	}
}

/* One wire further in from the cards of a column; whether there were any. */
static bool place_next(struct svg *s, unsigned column)
{
	bool any = false;

	for (size_t i = 0; i < s->w->nlines; i++) {
		long cable = s->w->lines[i].cable;
		struct card *a, *b;

		if (cable < 0)
			continue;
		a = &s->cards[s->card_of[i]];
		b = &s->cards[s->card_of[s->hubs[cable]]];
		if (a->placed == b->placed || (a->placed ? a : b)->column != column)
			continue;
		(a->placed ? b : a)->column = column + 1;
		a->placed = b->placed = any = true;
	}
	return any && column + 2 < RANKS_MAX;
}

static void place_columns(struct svg *s)
{
	for (size_t i = 0; i < s->ncards; i++) {
		if (s->cards[i].placed)
			continue;
		s->cards[i].placed = true;
		for (unsigned column = 0; place_next(s, column); column++)
			;
	}
}

static void place_rows(struct svg *s)
{
	int widest[RANKS_MAX] = { 0 }, below[RANKS_MAX], left = MARGIN;

	for (size_t i = 0; i < s->ncards; i++)
		if (s->cards[i].width > widest[s->cards[i].column])
			widest[s->cards[i].column] = s->cards[i].width;
	for (int column = 0; column < RANKS_MAX; column++)
		below[column] = MARGIN;
	for (unsigned column = 0; column < RANKS_MAX; column++) {
		for (size_t i = 0; i < s->ncards; i++) {
			struct card *card = &s->cards[i];

			if (card->column != column)
				continue;
			card->x = left;
			card->y = below[column];
			below[column] += card->height + GAP_DOWN;
			if (below[column] > s->height)
				s->height = below[column];
		}
		if (!widest[column])
			break;
		left += widest[column] + GAP_ACROSS;
		s->width = left;
	}
	s->width += MARGIN;
	s->height += MARGIN + (s->w->nfolded || s->w->nfar ? ROW : 0);
}

static void draw_card(struct svg *s, const struct card *card)
{
	const struct wiring_line *head = &s->w->lines[card->head];
	bool empty = head->net->ns && !head->net->ns->nprocs;

	fputs("<g><title>", s->out);
	put_xml(s->out, line_text(s, head));
	fprintf(s->out,
		"</title>\n<rect class=\"card%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
		"rx=\"5\"/>\n",
		empty ? " empty" : "", card->x, card->y, card->width, card->height);
	for (size_t i = card->head; i < card->end; i++) {
		const char *text = line_text(s, &s->w->lines[i]);

		if (!*text)
			continue;
		fprintf(s->out, "<text%s x=\"%d\" y=\"%d\">",
			i == card->head ? " class=\"head\"" : "", card->x + PAD,
			card->y + (s->row_of[i] + 1) * ROW - 4);
		put_xml(s->out, text);
		fputs("</text>\n", s->out);
	}
	fputs("</g>\n", s->out);
}

static int height_of(const struct svg *s, size_t line)
{
	return s->cards[s->card_of[line]].y + s->row_of[line] * ROW + ROW / 2 + 1;
}

/* At the end that no other wire shares. */
static void draw_kind(const struct svg *s, size_t line, bool leftwards, const struct net_wire *wire)
{
	const struct card *card = &s->cards[s->card_of[line]];

	fprintf(s->out, "<text class=\"kind\" x=\"%d\" y=\"%d\"%s>%s%s</text></g>\n",
		leftwards ? card->x - 6 : card->x + card->width + 6, height_of(s, line) - 4,
		leftwards ? " text-anchor=\"end\"" : "", net_wire_kind_names[wire->kind],
		wire->up ? "" : " X");
}

/* From the row of one line to that of another; the card further left comes first. */
static void draw_wire(struct svg *s, size_t line, size_t hub)
{
	const struct net_wire *wire = s->w->cables[s->w->lines[line].cable].wire;
	size_t first =
		s->cards[s->card_of[line]].column < s->cards[s->card_of[hub]].column ? line : hub;
	size_t second = first == hub ? line : hub;
	const struct card *a = &s->cards[s->card_of[first]], *b = &s->cards[s->card_of[second]];
	bool beside = a->column != b->column;
	int bend = GAP_ACROSS / 2, x1 = a->x + a->width;
	int x2 = beside ? b->x : b->x + b->width;
	int y1 = height_of(s, first), y2 = height_of(s, second);

	fprintf(s->out,
		"<g><title>%s</title><path class=\"wire%s\" d=\"M%d %d C%d %d %d %d %d %d\"/>",
		net_wire_kind_names[wire->kind], wire->up ? "" : " down", x1, y1, x1 + bend, y1,
		beside ? x2 - bend : x2 + bend, y2, x2, y2);
	draw_kind(s, line, beside && line == second, wire);
}

static void draw_left_out(struct svg *s)
{
	net_left_out_words(s->w, &s->text);
	if (!s->text.len)
		return;
	fprintf(s->out, "<text x=\"%d\" y=\"%d\">(", MARGIN, s->height - MARGIN);
	put_xml(s->out, buffer_str(&s->text));
	fputs(")</text>\n", s->out);
}

static void draw(struct svg *s)
{
	fprintf(s->out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"%d\" "
		"height=\"%d\" viewBox=\"0 0 %d %d\">\n<title>Network namespaces and the wires "
		"between them</title>\n%s<rect class=\"paper\" width=\"100%%\" "
		"height=\"100%%\"/>\n",
		s->width, s->height, s->width, s->height, style);
	for (size_t i = 0; i < s->w->nlines; i++)
		if (s->w->lines[i].cable >= 0 && s->hubs[s->w->lines[i].cable] != i)
			draw_wire(s, i, s->hubs[s->w->lines[i].cable]);
	for (size_t i = 0; i < s->ncards; i++)
		draw_card(s, &s->cards[i]);
	draw_left_out(s);
	fputs("</svg>\n", s->out);
}

int net_svg(const struct term *t, const struct graph *g, const struct wiring *w)
{
	struct svg s = { .t = t, .w = w, .out = t->out, .words = { .term = t, .graph = g } };

	s.hubs = net_graph_hubs(w);
	find_cards(&s);
	place_columns(&s);
	place_rows(&s);
	draw(&s);
	free(s.hubs);
	free(s.card_of);
	free(s.row_of);
	free(s.cards);
	buffer_release(&s.text);
	words_release(&s.words);
	return ferror(t->out) ? -EIO : 0;
}
