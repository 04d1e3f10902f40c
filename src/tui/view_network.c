/* SPDX-License-Identifier: MIT */
/*
 * What the wiring picture is made of as a list: a card for each network namespace, its links under
 * it, and those that have nothing but lo under one row at the end. Items are made beside the lines
 * of the wiring, one for one. Knows nothing of how a line looks.
 */
#include <stdlib.h>
#include <string.h>

#include <nsview/error.h>
#include <nsview/grow.h>
#include <nsview/leak.h>

#include "view_network.h"

enum { DEPTH_MAX = 12 /* more than wiring has */ };

struct filling {
	struct list *l;
	const struct graph *g;
	const struct history *h;
	struct wiring wiring; /* as it was built; its lines go to the network's in another order */
	size_t caplines;
	long above[DEPTH_MAX]; /* by depth: the item under which a link stands */
};

static struct item *add_line(struct filling *f, const struct wiring_line *line,
			     const struct view_ref *ref, const struct row *row, long parent)
{
	struct wiring *all = &f->l->network->all;

	all->lines = grow(all->lines, all->nlines, &f->caplines, sizeof(*all->lines));
	all->lines[all->nlines++] = *line;
	return list_add(f->l, ref, row, parent);
}

static void add_note(struct filling *f, const struct net_ns *net, const char *words, size_t len,
		     const struct view_ref *ref, long parent)
{
	const struct wiring_line line = { .kind = WIRING_NOTE,
					  .net = net,
					  .words = arena_copy(&f->l->arena, words, len),
					  .like = 1,
					  .cable = -1 };

	add_line(f, &line, ref, &(struct row){ .graph = f->g }, parent);
}

/* Without a namespace in the graph there is nothing but a number in another one. */
static struct view_ref ref_of_card(const struct net_ns *net)
{
	if (net->ns)
		return ref_of_ns(net->ns);
	return (struct view_ref){ .kind = REF_NOTE,
				  .num = net->seen_by && net->seen_by->ns ? net->seen_by->ns->ino
									  : 0,
				  .index = (uint32_t)net->via_nsid,
				  .wire = 1 };
}

static void add_unread(struct filling *f, const struct net_ns *net, long card)
{
	const struct view_ref place = ref_of_card(net);
	autobuffer text = BUFFER_INIT;
	const char *at, *end;
	uint32_t n = 0;

	net_unread_words(&f->l->network->term, f->g, net, &text);
	for (at = buffer_str(&text); (end = strchr(at, '\n')); at = end + 1)
		add_note(f, net, at, (size_t)(end - at),
			 &(struct view_ref){
				 .kind = REF_NOTE, .num = place.num, .index = n++, .wire = 2 },
			 card);
}

static void add_card(struct filling *f, const struct wiring_line *line, long parent)
{
	const struct view_ref ref = ref_of_card(line->net);
	const struct row row = { .graph = f->g, .ns = line->net->ns };
	struct item *item = add_line(f, line, &ref, &row, parent);

	item->change = history_of(f->h, &ref);
	item->leaked = line->net->ns && leak_is_seen(f->g, line->net->ns);
	item->group = line->like > 1 || ref_list_has(&f->l->apart, &ref);
	item->branch |= item->group;
	f->above[0] = (long)f->l->nitems - 1;
	add_unread(f, line->net, f->above[0]);
}

static enum change change_of(const struct filling *f, const struct view_ref *ref)
{
	const struct item *card = &f->l->items[f->above[0]];

	return card->change == CHANGE_APPEARED ? card->change : history_of(f->h, ref);
}

/* One more wire of a link stands under it. */
static void add_link(struct filling *f, const struct wiring_line *line, uint32_t extra)
{
	struct view_ref ref = ref_of_link(line->link);
	const struct row row = { .graph = f->g, .ns = line->net->ns, .item = line->link };
	unsigned depth = line->depth + (extra > 0);
	enum change change;

	change = change_of(f, &ref);
	ref.wire = extra;
	add_line(f, line, &ref, &row, f->above[depth])->change = change;
	if (!extra)
		f->above[depth + 1] = (long)f->l->nitems - 1;
}

/* Links of it that are no more. */
static void add_vanished_links(struct filling *f, const struct net_ns *net)
{
	for (size_t i = 0; i < f->h->n && net->ns; i++) {
		const struct history_entry *e = &f->h->at[i];
		const struct net_link *link = e->row.item;

		if (e->ref.kind != REF_LINK || !link || e->ref.num != net->ns->ino)
			continue;
		add_line(f,
			 &(struct wiring_line){ .kind = WIRING_LINK,
						.net = link->net,
						.link = link,
						.like = 1,
						.cable = -1 },
			 &e->ref, &e->row, f->above[0])
			->change = CHANGE_VANISHED;
	}
}

/* A card with the lines up to the next. */
static void add_block(struct filling *f, size_t first, long parent)
{
	const struct wiring *w = &f->wiring;
	uint32_t extra = 0;

	add_card(f, &w->lines[first], parent);
	for (size_t i = first + 1; i < w->nlines && w->lines[i].kind != WIRING_CARD; i++) {
		extra = w->lines[i].kind == WIRING_EXTRA ? extra + 1 : 0;
		add_link(f, &w->lines[i], extra);
	}
	add_vanished_links(f, w->lines[first].net);
}

/* Cards that are no more, of those with a number below that. They are where they would be. */
static void add_vanished(struct filling *f, size_t *at, uint64_t below, bool idle, long parent)
{
	for (; *at < f->h->n; ++*at) {
		const struct history_entry *e = &f->h->at[*at];
		const struct net_ns *net;

		if (e->ref.kind != REF_NS || e->ref.type != NS_NET || !e->row.ns)
			continue;
		if (e->ref.num >= below)
			return;
		net = e->row.graph->net ? net_find(e->row.graph->net, e->row.ns) : NULL;
		if (net && wiring_is_idle(net) == idle)
			add_line(f,
				 &(struct wiring_line){
					 .kind = WIRING_CARD, .net = net, .like = 1, .cable = -1 },
				 &e->ref, &e->row, parent)
				->change = CHANGE_VANISHED;
	}
}

static void add_busy(struct filling *f)
{
	size_t vanished = 0;

	for (size_t i = 0; i < f->wiring.nlines; i++) {
		const struct wiring_line *line = &f->wiring.lines[i];

		if (line->kind != WIRING_CARD || wiring_is_idle(line->net))
			continue;
		/* The host's own comes first, whatever its number. */
		if (line->net->at)
			add_vanished(f, &vanished, line->net->ns ? line->net->ns->ino : UINT64_MAX,
				     false, -1);
		add_block(f, i, -1);
	}
	add_vanished(f, &vanished, UINT64_MAX, false, -1);
}

static size_t count_idle(const struct wiring *w)
{
	size_t n = 0;

	for (size_t i = 0; i < w->nlines; i++)
		n += w->lines[i].kind == WIRING_CARD && wiring_is_idle(w->lines[i].net);
	return n;
}

/* The row is folded unless it was opened. */
static void add_idle(struct filling *f)
{
	const struct view_ref rest = { .kind = REF_NOTE };
	size_t n = count_idle(&f->wiring), vanished = 0;
	autobuffer text = BUFFER_INIT;
	long parent;

	if (!n)
		return;
	buffer_printf(&text, "(%zu %s with only lo)", n, n == 1 ? "namespace" : "namespaces");
	add_note(f, NULL, text.data, text.len, &rest, -1);
	parent = (long)f->l->nitems - 1;
	f->l->items[parent].closed = true;
	for (size_t i = 0; i < f->wiring.nlines; i++)
		if (f->wiring.lines[i].kind == WIRING_CARD &&
		    wiring_is_idle(f->wiring.lines[i].net))
			add_block(f, i, parent);
	add_vanished(f, &vanished, UINT64_MAX, true, parent);
}

static bool is_apart(const void *ctx, const struct ns *lead)
{
	const struct list *l = ctx;
	const struct view_ref ref = ref_of_ns(lead);

	return l->unfolded || ref_list_has(&l->apart, &ref);
}

static void fill(struct list *l, const struct graph *g, const struct history *h)
{
	const struct wiring_options opt = { .loopback = true, .apart = is_apart, .ctx = l };
	struct filling f = { .l = l, .g = g, .h = h };
	struct network *n;

	if (!l->network)
		l->network = calloc(1, sizeof(*l->network));
	if (!l->network)
		die("out of memory");
	n = l->network;
	n->term.utf8 = l->escape == ESCAPE_UTF8;
	n->graph = g->net ? g : NULL;
	wiring_release(&n->all);
	if (!g->net)
		return;
	wiring_build(g->net, &opt, &f.wiring);
	add_busy(&f);
	add_idle(&f);
	n->all.cables = f.wiring.cables;
	n->all.ncables = f.wiring.ncables;
	n->all.members = f.wiring.members;
	n->all.nmembers = f.wiring.nmembers;
	free(f.wiring.lines);
}

/* A namespace passes where any of its links does, also one that has no row. */
static enum filter_answer judge_card(const struct list *l, const struct item *item,
				     const struct net_ns *net)
{
	enum filter_answer best = FILTER_NO;

	for (size_t i = 0; i < net->nlinks && best != FILTER_YES; i++) {
		struct row row = item->row;
		enum filter_answer answer;

		row.item = net->links[i];
		answer = filter_match(l->filter, &row);
		best = answer == FILTER_NO ? best : answer;
	}
	return best;
}

static enum filter_answer judge(const struct list *l, const struct item *item)
{
	const struct wiring_line *line = &l->network->all.lines[item - l->items];

	if (item->row.item)
		return filter_match(l->filter, &item->row);
	return line->kind == WIRING_CARD ? judge_card(l, item, line->net) : FILTER_NO;
}

/* The card that stands for a namespace, where that has none. */
static const struct net_ns *lead_of(const struct wiring *w, const struct net_ns *net)
{
	for (size_t i = 0; net && i < w->nmembers; i++)
		if (w->members[i].net == net || w->members[i].lead == net)
			return w->members[i].lead;
	return NULL;
}

/* A link may also stand for others since their other ends do. */
static bool reveal(struct list *l, const struct view_ref *ref, const struct graph *g)
{
	const struct ns *ns = ref_find_place(g, ref);
	const struct net_link *link = ref_find_link(g, ref);
	const struct net_ns *lead;
	struct view_ref to;

	for (size_t i = 0; i < l->nitems; i++)
		if (ref_same(&l->items[i].ref, ref))
			return false;
	if (!ns || ns->type != NS_NET || !g->net)
		return false;
	lead = lead_of(&l->network->all, net_find(g->net, ns));
	if (!lead && link && link->peer.link)
		lead = lead_of(&l->network->all, link->peer.link->net);
	if (!lead || !lead->ns)
		return false;
	to = ref_of_ns(lead->ns);
	ref_list_put(&l->apart, &to, true);
	return true;
}

static const struct list_picture picture = {
	.lay = network_lay,
	.judge = judge,
	.reveal = reveal,
	.say = network_say,
	.draw = network_draw,
	.release = network_release,
};

const struct list_kind list_network = {
	.command = "net",
	.table = &link_columns,
	.fill = fill,
	.picture = &picture,
};
