/* SPDX-License-Identifier: MIT */
/*
 * Draws the trees of `nsview tree`: one line for each node, and beneath it those namespaces that
 * are told with it. Which node hangs under which is the forest's answer, how it reads is in
 * tree_words.c. Lines are cut where the output has a width: the middle first, so that what a line
 * says at its end stays.
 */
#include <errno.h>

#include <nsview/render.h>

#include "measure.h"
#include "tree.h"

enum {
	/* What is deeper is drawn here, with its level: anyone can nest processes without end. */
	TREE_LEVELS = 40,
	MIDDLE_MIN = 8, /* columns that the middle keeps before the whole line is cut */
	ROOM_MIN = 20,	/* columns for a node, however deep it hangs */
};

struct glyphs {
	const char *branch, *last_branch, *bar, *blank, *cut;
};
static const struct glyphs utf8_glyphs = { "├─", "└─", "│ ", "  ", "…" };
static const struct glyphs ascii_glyphs = { "|-", "`-", "| ", "  ", "..." };

struct drawing {
	const struct term *t;
	const struct forest *forest;
	enum tree_by by;
	const struct glyphs *glyphs;
	struct words words;
	struct line line;
	struct buffer prefix, list;
	bool last[TREE_LEVELS + 1]; /* by depth: whether the latest node there was a last one */
};

static void drawing_release(struct drawing *d)
{
	words_release(&d->words);
	buffer_release(&d->line.head);
	buffer_release(&d->line.middle);
	buffer_release(&d->line.tail);
	buffer_release(&d->prefix);
	buffer_release(&d->list);
}

static void draw_bars(struct drawing *d, unsigned from, unsigned to)
{
	for (unsigned depth = from; depth < to; depth++)
		buffer_text(&d->prefix, d->last[depth] ? d->glyphs->blank : d->glyphs->bar);
}

static unsigned drawn_depth(const struct forest_node *node)
{
	return node->depth < TREE_LEVELS ? node->depth : TREE_LEVELS;
}

static void draw_branch(struct drawing *d, const struct forest_node *node)
{
	unsigned depth = drawn_depth(node);

	buffer_clear(&d->prefix);
	draw_bars(d, 1, depth);
	if (depth)
		buffer_text(&d->prefix, node->last ? d->glyphs->last_branch : d->glyphs->branch);
	d->last[depth] = node->last;
}

/* Columns that are left beside the prefix; 0 where nothing limits them. */
static size_t room_beside(const struct drawing *d)
{
	size_t used = text_columns(d->prefix.data, d->prefix.len);

	if (!d->t->width)
		return 0;
	return d->t->width < used + ROOM_MIN ? ROOM_MIN : d->t->width - used;
}

/* Cuts text to that many columns, the sign for it included. */
static void cut(const struct drawing *d, struct buffer *text, size_t columns)
{
	size_t sign = d->t->utf8 ? 1 : 3;

	text->len = text_fit(text->data, text->len, columns > sign ? columns - sign : 0);
	buffer_text(text, d->glyphs->cut);
}

static void fit_line(struct drawing *d, size_t room)
{
	struct line *l = &d->line;
	size_t head = text_columns(l->head.data, l->head.len);
	size_t middle = text_columns(l->middle.data, l->middle.len);
	size_t tail = text_columns(l->tail.data, l->tail.len);
	size_t least = middle < MIDDLE_MIN ? middle : MIDDLE_MIN;

	if (!room || head + middle + tail <= room)
		return;
	if (head + least + tail <= room) {
		cut(d, &l->middle, room - head - tail);
		return;
	}
	/* Nothing is worth keeping more than the rest: one text, cut at its end. */
	if (middle > least)
		cut(d, &l->middle, least);
	buffer_append(&l->middle, buffer_str(&l->tail), l->tail.len);
	buffer_clear(&l->tail);
	if (head < room)
		cut(d, &l->middle, room - head);
	else
		buffer_clear(&l->middle);
}

static void put_line(struct drawing *d, const struct forest_node *node)
{
	static const enum style styles[] = {
		[FOREST_NS] = STYLE_TYPE,
		[FOREST_PROCESS] = STYLE_PLAIN,
		[FOREST_UNSEEN] = STYLE_WARN,
	};
	const char *style = term_style(d->t, styles[node->kind]);
	struct line *l = &d->line;

	/* The blank that would part it from what was cut away. */
	if (!l->middle.len && !l->tail.len && l->head.data[l->head.len - 1] == ' ')
		l->head.data[--l->head.len] = '\0';
	fprintf(d->t->out, "%s%s%s%s%s%s\n", buffer_str(&d->prefix), style, buffer_str(&l->head),
		term_style(d->t, STYLE_PLAIN), buffer_str(&l->middle), buffer_str(&l->tail));
}

static void draw_node(struct drawing *d, const struct forest_node *node)
{
	struct line *l = &d->line;

	buffer_clear(&l->head);
	buffer_clear(&l->middle);
	buffer_clear(&l->tail);
	draw_branch(d, node);
	if (node->depth > TREE_LEVELS)
		buffer_printf(&d->prefix, "(level %u) ", node->depth);
	tree_say(&d->words, d->forest, d->by, node, l);
	fit_line(d, room_beside(d));
	put_line(d, node);
}

/* The namespaces told with a node, as many on a line as fit. */
static void draw_list(struct drawing *d, const struct forest_node *node)
{
	size_t room, used = 0;
	unsigned depth = drawn_depth(node);

	buffer_clear(&d->prefix);
	draw_bars(d, 1, depth + 1);
	buffer_text(&d->prefix, node->has_children ? d->glyphs->bar : d->glyphs->blank);
	room = room_beside(d);
	d->words.out = &d->list;
	for (size_t i = 0; i < node->nwith; i++) {
		buffer_clear(&d->list);
		words_ns(&d->words, node->with[i]);
		if (used && room && used + 1 + d->list.len > room) {
			fputc('\n', d->t->out);
			used = 0;
		}
		fprintf(d->t->out, "%s%s%s%s", used ? " " : buffer_str(&d->prefix),
			term_style(d->t, STYLE_DIM), buffer_str(&d->list),
			term_style(d->t, STYLE_PLAIN));
		used += (used ? 1 : 0) + d->list.len;
	}
	if (used)
		fputc('\n', d->t->out);
}

static void draw_unread(const struct drawing *d, const struct graph *g)
{
	uint32_t n = g->completeness.unreadable;

	if (n)
		fprintf(d->t->out, "%s%u %s could not be read: %s%s\n",
			term_style(d->t, STYLE_WARN), n, n == 1 ? "process" : "processes",
			d->by == TREE_PROCESS ? "their namespaces are not known"
					      : "what only they are in is missing here",
			term_style(d->t, STYLE_PLAIN));
}

ssize_t tree_print(const struct term *t, const struct graph *g, enum tree_by by,
		   const struct tree_selection *sel)
{
	struct forest forest;
	struct drawing d = {
		.t = t,
		.forest = &forest,
		.by = by,
		.glyphs = t->utf8 ? &utf8_glyphs : &ascii_glyphs,
		.words = { .term = t, .graph = g },
	};
	size_t n;

	forest_build(&forest, g, by, sel);
	for (size_t i = 0; i < forest.n; i++) {
		draw_node(&d, &forest.nodes[i]);
		draw_list(&d, &forest.nodes[i]);
	}
	draw_unread(&d, g);
	drawing_release(&d);
	n = forest.n;
	forest_release(&forest);
	return ferror(t->out) ? -EIO : (ssize_t)n;
}
