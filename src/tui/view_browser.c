/* SPDX-License-Identifier: MIT */
/*
 * Holds the parts of the interactive view together: which tab, which object, which graph, where a
 * key goes. A new graph changes what the parts show and never where the person is. Draws nothing.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <nsview/leak.h>
#include <nsview/measure.h>
#include <nsview/net.h>
#include <nsview/partial.h>

#include "view_keys.h"

void browser_init(struct browser *b, const struct tui_options *options, const char *const *program,
		  bool utf8)
{
	*b = (struct browser){ .options = options,
			       .program = program,
			       .utf8 = utf8,
			       .mode = MODE_LIST,
			       .interval_ms = options->interval_ms };
	for (unsigned i = 0; i < TABS; i++)
		list_init(&b->lists[i], tab_table[i].kind, utf8 ? ESCAPE_UTF8 : ESCAPE_ASCII);
	if (options->tree)
		b->lists[0].kind = b->lists[0].kind->other;
}

int browser_configure(struct browser *b, struct error *err)
{
	struct list *l = &b->lists[0];
	int ret = 0;

	if (b->options->columns)
		ret = column_list_parse(l->kind->table, b->options->columns, &l->columns, err);
	if (ret == 0 && b->options->filter && !filter_apply(b, b->options->filter, err))
		ret = -EINVAL;
	/* What was given before is of the first. */
	b->tab = b->options->tab < TABS ? b->options->tab : 0;
	return ret;
}

void browser_release(struct browser *b)
{
	for (unsigned i = 0; i < TABS; i++) {
		list_release(&b->lists[i]);
		buffer_release(&b->filters[i]);
	}
	history_release(&b->history);
	graph_free(b->graph);
	doc_release(&b->detail);
	buffer_release(&b->detail_title);
	doc_release(&b->over.doc);
	buffer_release(&b->over.title);
	buffer_release(&b->over.raw);
	buffer_release(&b->prompt.text);
	buffer_release(&b->prompt.was);
	buffer_release(&b->pattern);
	search_release(&b->search);
	buffer_release(&b->message);
	buffer_release(&b->copy);
	buffer_release(&b->command);
	buffer_release(&b->foresee);
	buffer_release(&b->question.title);
	buffer_release(&b->question.why);
}

void browser_resize(struct browser *b, unsigned rows, unsigned cols)
{
	b->rows = rows;
	b->cols = cols;
}

struct list *browser_list(struct browser *b)
{
	return &b->lists[b->tab];
}

bool browser_is_asking(const struct browser *b)
{
	return b->prompt.kind != PROMPT_NONE || b->question.open || b->mode == MODE_MENU;
}

void browser_say(struct browser *b, bool complaint, const char *fmt, ...)
{
	char raw[600];
	va_list args;

	va_start(args, fmt);
	vsnprintf(raw, sizeof(raw), fmt, args);
	va_end(args);
	buffer_clear(&b->message);
	buffer_text(&b->message, raw);
	b->complaint = complaint;
}

void browser_tell(struct browser *b, const char *title, const char *text)
{
	struct buffer page = BUFFER_INIT;

	if (text_columns(text, strlen(text)) + 1 < b->cols) {
		browser_say(b, false, "%s", text);
		return;
	}
	overlay_open(b, OVER_OUTPUT, title);
	buffer_text(&page, text);
	doc_set_wrapped(&b->over.doc, &page, b->cols - 2);
}

struct layout browser_layout(const struct browser *b)
{
	struct layout l;
	unsigned asking = b->message.len > 0;

	if (b->question.open)
		asking = QUESTION_ROWS;
	else if (b->prompt.kind != PROMPT_NONE)
		asking = b->prompt.error.text[0] ? 2 : 1;
	layout_make(&l, b->rows, b->cols, b->mode == MODE_DETAIL, asking);
	return l;
}

unsigned browser_page_rows(const struct browser *b)
{
	struct layout l = browser_layout(b);
	unsigned body = l.list.rows + l.rule.rows + l.detail.rows;

	if (b->mode == MODE_LIST)
		return l.list.rows > 2 ? l.list.rows - 1 : 1;
	if (b->mode == MODE_DETAIL)
		return l.detail.rows ? l.detail.rows : 1;
	return body > 1 ? body - 1 : 1;
}

void browser_rebuild(struct browser *b)
{
	if (b->graph)
		list_rebuild(browser_list(b), b->graph, &b->history);
}

bool browser_find(const struct browser *b, const struct view_ref *ref, struct row *out)
{
	if (!b->graph)
		return false;
	*out = (struct row){ .graph = b->graph,
			     .ns = ref_find_place(b->graph, ref),
			     .item = ref_find_link(b->graph, ref) };
	if (!out->ns)
		out->process = ref_find_process(b->graph, ref);
	if (ref->kind == REF_LINK ? out->item != NULL : out->ns || out->process)
		return true;
	for (size_t i = 0; i < b->history.n; i++)
		if (ref_same(&b->history.at[i].ref, ref) && b->history.at[i].row.graph) {
			*out = b->history.at[i].row;
			return true;
		}
	return false;
}

void browser_name(const struct browser *b, const struct view_ref *ref, struct buffer *out)
{
	const struct net_link *link = NULL;
	struct row row;

	if (ref->kind == REF_LINK && browser_find(b, ref, &row))
		link = row.item;
	if (link)
		escape_text(out, link->name, strlen(link->name),
			    b->utf8 ? ESCAPE_UTF8 : ESCAPE_ASCII);
	else
		ref_name(ref, b->graph, out);
}

static void count(struct browser *b)
{
	const struct graph *g = b->graph;

	memset(b->counts, 0, sizeof(b->counts));
	b->leaked = 0;
	for (size_t i = 0; i < g->nnamespaces; i++) {
		b->counts[g->namespaces[i]->type]++;
		b->leaked += leak_is_seen(g, g->namespaces[i]);
	}
}

static void say_partial(struct browser *b)
{
	autobuffer text = BUFFER_INIT;

	if (b->partial_said || browser_is_asking(b) || b->message.len)
		return;
	b->partial_said = true;
	if (!view_is_partial(b->graph))
		return;
	partial_sentence(b->graph, &text);
	browser_say(b, true, "%s", buffer_str(&text));
}

static void follow(struct browser *b)
{
	struct view_ref subject = b->subject;
	autobuffer name = BUFFER_INIT;
	struct row row;

	list_seek(browser_list(b), &subject, b->graph, &b->history);
	if (subject.kind == REF_LINK && !b->graph->net)
		return; /* nobody knows */
	if (b->followed_gone || (browser_find(b, &subject, &row) && row.graph == b->graph))
		return;
	browser_name(b, &subject, &name);
	browser_say(b, true, "%s is gone", buffer_str(&name));
	b->followed_gone = true;
}

void browser_graph(struct browser *b, struct graph *g)
{
	struct graph *old = b->graph;
	bool first = !old;

	b->graph = g;
	b->members = false;
	for (unsigned i = 0; i < ASKS; i++)
		b->asks[i].answered = false;
	history_swap(&b->history, old, g, browser_open_sets(b)->n > 0, b->now_ms);
	count(b);
	browser_rebuild(b);
	if (b->follow)
		follow(b);
	/* A name was followed to what no row shows: the page stays. */
	if (b->mode == MODE_LIST)
		browser_settle(b);
	b->stale = true;
	/* The first rows come before all that is to be searched has been. */
	if (!first)
		say_partial(b);
}

void browser_answered(struct browser *b, unsigned ask)
{
	b->asks[ask].answered = true;
	if (ask == ASK_DETAIL)
		b->stale = true;
	else
		overlay_fill(b);
}

void browser_set_tab(struct browser *b, unsigned tab)
{
	if (tab >= TABS)
		return;
	b->tab = tab;
	b->follow = false;
	b->mode = MODE_LIST;
	browser_rebuild(b);
	browser_settle(b);
}

unsigned browser_ns_needs(const struct browser *b)
{
	return list_needs(&b->lists[0]);
}

unsigned browser_process_needs(const struct browser *b)
{
	return list_needs(&b->lists[1]);
}

bool browser_wants_net(const struct browser *b, struct view_ref *out_ns)
{
	bool ns = b->subject.kind == REF_NS && b->subject.type == NS_NET;

	*out_ns = ns ? b->subject : (struct view_ref){ 0 };
	return ns || b->subject.kind == REF_LINK || b->lists[b->tab].kind->picture;
}

const struct ref_list *browser_open_sets(const struct browser *b)
{
	return &b->lists[1].toggled;
}

void browser_key(struct browser *b, int key)
{
	const struct key_binding *k;

	b->dismisses = key == VK_ESC && b->message.len;
	buffer_clear(&b->message);
	b->complaint = false;
	if (b->question.open) {
		question_key(b, key);
		return;
	}
	/* Whoever types something else does not wait for an answer. */
	question_close(b);
	if (b->prompt.kind != PROMPT_NONE) {
		prompt_key(b, key);
		return;
	}
	if (b->mode == MODE_MENU) {
		menu_key(b, key);
		return;
	}
	k = key_find(key, b->mode);
	if (!k)
		browser_say(b, true, "that key does nothing here: press ? for help");
	else if (key_is_barred(k, b))
		browser_say(b, true, "not with --readonly");
	else if (b->graph)
		k->run(b, k->arg);
	else if (key == 'q' || key == 'Q' || key == VK_ESC)
		b->quit = true;
}

void browser_interrupt(struct browser *b)
{
	if (browser_is_asking(b))
		browser_key(b, VK_ESC);
	else if (b->running)
		b->cancel = true;
	else
		b->quit = true;
}

bool filter_apply(struct browser *b, const char *text, struct error *err)
{
	struct list *l = browser_list(b);
	struct filter *f = NULL;

	if (*text && filter_compile(l->kind->table, text, &f, err) < 0)
		return false;
	filter_free(l->filter);
	l->filter = f;
	buffer_clear(&b->filters[b->tab]);
	buffer_text(&b->filters[b->tab], text);
	browser_rebuild(b);
	browser_settle(b);
	return true;
}
