/* SPDX-License-Identifier: MIT */
/*
 * The wiring picture as text that other programs draw: DOT (graphviz) and Mermaid. Nodes are links,
 * clusters are namespaces; their ids are made of the namespace's inode number and the link's
 * index, so that two runs on an unchanged host agree. Names are chosen by anybody: every one is
 * escaped as everywhere, and then as the format wants it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/error.h>

#include "net_graph.h"

static void put_id(FILE *out, const struct wiring_line *line)
{
	const struct net_ns *net = line->net->ns ? line->net : line->net->seen_by;

	fprintf(out, "n%ju", net && net->ns ? (uintmax_t)net->ns->ino : 0);
	if (!line->net->ns)
		fprintf(out, "x%d", (int)line->net->via_nsid);
	if (line->link)
		fprintf(out, "_%u", line->link->index);
}

/* Inside a quoted string of DOT. What is in text is escaped for a person already. */
static void put_dot(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', out);
		fputc(*text, out);
	}
}

/* Mermaid knows no escapes but numbers of characters, and gives meaning to nearly every sign. */
static void put_mermaid(FILE *out, const char *text)
{
	size_t len = strlen(text), step;
	unsigned code;

	for (size_t i = 0; i < len; i += step) {
		unsigned char c = (unsigned char)text[i];

		step = utf8_next(text + i, len - i, &code);
		if (!step) { /* cannot be: escaped text is valid */
			step = 1;
			continue;
		}
		if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
			fputc(c, out);
		else if (c < 0x80 && strchr("0123456789 ./_-,", c))
			fputc(c, out);
		else
			fprintf(out, "#%u;", code);
	}
}

static void dot_begin(FILE *out)
{
	fputs("graph nsview {\n"
	      "  graph [rankdir=LR, fontname=\"sans-serif\", fontsize=11];\n"
	      "  node [shape=box, fontname=\"sans-serif\", fontsize=10, height=0.2];\n"
	      "  edge [fontname=\"sans-serif\", fontsize=9];\n",
	      out);
}

static void dot_card(FILE *out, const struct wiring_line *line, const char *label)
{
	bool empty = line->net->ns && !line->net->ns->nprocs;

	fputs("  subgraph \"cluster_", out);
	put_id(out, line);
	fputs("\" {\n    label=\"", out);
	put_dot(out, label);
	fprintf(out, "\";\n    style=\"rounded%s\";\n", empty ? ",dashed" : "");
}

static void dot_link(FILE *out, const struct wiring_line *line, const char *label)
{
	fputs("    \"", out);
	put_id(out, line);
	fputs("\" [label=\"", out);
	put_dot(out, label);
	fprintf(out, "\"%s];\n", net_link_is_up(line->link) ? "" : ", style=dotted");
}

static void dot_card_end(FILE *out)
{
	fputs("  }\n", out);
}

static void dot_edge(FILE *out, const struct wiring_line *from, const struct wiring_line *to,
		     const char *label, bool up)
{
	fputs("  \"", out);
	put_id(out, from);
	fputs("\" -- \"", out);
	put_id(out, to);
	fputs("\" [label=\"", out);
	put_dot(out, label);
	fprintf(out, "\"%s];\n", up ? "" : ", style=dashed");
}

static void dot_stub(FILE *out, const struct wiring_line *from, size_t number, const char *label)
{
	fprintf(out, "  \"stub_%zu\" [shape=plaintext, label=\"", number);
	put_dot(out, label);
	fputs("\"];\n  \"", out);
	put_id(out, from);
	fprintf(out, "\" -- \"stub_%zu\" [style=dashed];\n", number);
}

static void dot_end(FILE *out, const char *left_out)
{
	if (*left_out) {
		fputs("  label=\"", out);
		put_dot(out, left_out);
		fputs("\";\n", out);
	}
	fputs("}\n", out);
}

static void mermaid_begin(FILE *out)
{
	fputs("graph LR\n", out);
}

static void mermaid_card(FILE *out, const struct wiring_line *line, const char *label)
{
	fputs("  subgraph ", out);
	put_id(out, line);
	fputs("[\"", out);
	put_mermaid(out, label);
	fputs("\"]\n", out);
}

static void mermaid_link(FILE *out, const struct wiring_line *line, const char *label)
{
	fputs("    ", out);
	put_id(out, line);
	fputs("[\"", out);
	put_mermaid(out, label);
	fputs("\"]\n", out);
}

static void mermaid_card_end(FILE *out)
{
	fputs("  end\n", out);
}

static void mermaid_edge(FILE *out, const struct wiring_line *from, const struct wiring_line *to,
			 const char *label, bool up)
{
	fputs("  ", out);
	put_id(out, from);
	fputs(up ? " ---" : " -.-", out);
	if (*label) {
		fputs("|\"", out);
		put_mermaid(out, label);
		fputs("\"|", out);
	}
	fputc(' ', out);
	put_id(out, to);
	fputc('\n', out);
}

static void mermaid_stub(FILE *out, const struct wiring_line *from, size_t number,
			 const char *label)
{
	fputs("  ", out);
	put_id(out, from);
	fprintf(out, " -.- stub_%zu([\"", number);
	put_mermaid(out, label);
	fputs("\"])\n", out);
}

/* It stands apart, since there are no labels for the whole. */
static void mermaid_end(FILE *out, const char *left_out)
{
	if (!*left_out)
		return;
	fputs("  left_out([\"", out);
	put_mermaid(out, left_out);
	fputs("\"])\n", out);
}

static const struct net_graph_format formats[] = {
	[NET_GRAPH_DOT] = { dot_begin, dot_card, dot_link, dot_card_end, dot_edge, dot_stub,
			    dot_end },
	[NET_GRAPH_MERMAID] = { mermaid_begin, mermaid_card, mermaid_link, mermaid_card_end,
				mermaid_edge, mermaid_stub, mermaid_end },
};

struct net_graph_drawing {
	const struct net_graph_format *format;
	const struct wiring *w;
	FILE *out;
	struct words words;
	struct buffer text;
	size_t *hubs; /* line of each cable's link that the others stand on */
	size_t stubs;
};

static void draw_cards(struct net_graph_drawing *d)
{
	bool open = false;

	for (size_t i = 0; i < d->w->nlines; i++) {
		const struct wiring_line *line = &d->w->lines[i];

		buffer_clear(&d->text);
		d->words.out = &d->text;
		if (line->kind == WIRING_CARD) {
			if (open)
				d->format->card_end(d->out);
			net_card_words(&d->words, line);
			d->format->card(d->out, line, buffer_str(&d->text));
			open = true;
		} else if (line->kind == WIRING_LINK) {
			net_link_label(&d->words, line);
			d->format->link(d->out, line, buffer_str(&d->text));
		}
	}
	if (open)
		d->format->card_end(d->out);
}

/* Ports hang below their master. */
static void draw_ports(struct net_graph_drawing *d)
{
	const struct wiring_line *above[32] = { NULL };

	for (size_t i = 0; i < d->w->nlines; i++) {
		const struct wiring_line *line = &d->w->lines[i];

		if (line->kind != WIRING_LINK || line->depth >= 32)
			continue;
		above[line->depth] = line;
		if (line->depth && above[line->depth - 1])
			d->format->edge(d->out, above[line->depth - 1], line, "",
					net_link_is_up(line->link));
	}
}

static void draw_wires(struct net_graph_drawing *d)
{
	for (size_t i = 0; i < d->w->nlines; i++) {
		const struct wiring_line *line = &d->w->lines[i];
		const struct wiring_cable *cable =
			line->cable >= 0 ? &d->w->cables[line->cable] : NULL;

		if (cable && i != d->hubs[line->cable])
			d->format->edge(d->out, &d->w->lines[d->hubs[line->cable]], line,
					net_wire_kind_names[cable->wire->kind], cable->wire->up);
		if (!line->stub)
			continue;
		buffer_clear(&d->text);
		d->words.out = &d->text;
		net_stub_words(&d->words, line);
		d->format->stub(d->out, line, ++d->stubs, buffer_str(&d->text));
	}
}

size_t *net_graph_hubs(const struct wiring *w)
{
	size_t *hubs = calloc(w->ncables + 1, sizeof(*hubs));

	if (!hubs)
		die("out of memory");
	for (size_t i = 0; i < w->nlines; i++) {
		const struct wiring_line *line = &w->lines[i];

		if (line->cable >= 0 && line->link == w->cables[line->cable].wire->b)
			hubs[line->cable] = i;
	}
	return hubs;
}

int net_graph(const struct term *t, const struct graph *g, const struct wiring *w,
	      enum net_graph_kind kind)
{
	struct net_graph_drawing d = {
		.format = &formats[kind],
		.w = w,
		.out = t->out,
		.words = { .term = t, .graph = g },
		.hubs = NULL,
	};

	if (kind == NET_GRAPH_SVG)
		return net_svg(t, g, w);
	d.hubs = net_graph_hubs(w);
	d.format->begin(d.out);
	draw_cards(&d);
	draw_ports(&d);
	draw_wires(&d);
	net_left_out_words(w, &d.text);
	d.format->end(d.out, buffer_str(&d.text));
	free(d.hubs);
	buffer_release(&d.text);
	words_release(&d.words);
	return ferror(t->out) ? -EIO : 0;
}
