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
#include <nsview/partial.h>

#include "view_keys.h"

const struct tab tab_table[] = {
	{ "Namespaces", { REF_NS, REF_NONE }, &list_namespaces },
	{ "Processes", { REF_SET, REF_PROCESS }, &list_processes },
	{ .name = NULL },
};
_Static_assert(sizeof(tab_table) / sizeof(*tab_table) == TABS + 1, "TABS counts the table");

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
	buffer_release(&b->message);
	buffer_release(&b->copy);
	buffer_release(&b->command);
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
	return b->prompt.kind != PROMPT_NONE || b->mode == MODE_MENU;
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

struct layout browser_layout(const struct browser *b)
{
	struct layout l;
	unsigned asking = b->message.len > 0;

	if (b->prompt.kind != PROMPT_NONE)
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

/* No name of the page before it may be followed from its own. */
static void set_subject(struct browser *b, const struct view_ref *to)
{
	if (!ref_same(to, &b->subject)) {
		doc_release(&b->detail);
		b->stale = true;
	}
	b->subject = *to;
	if (!ref_same(&b->asks[ASK_DETAIL].ref, to))
		b->asks[ASK_DETAIL] = (struct ask){ *to, PAGE_SHOW, false };
}

void browser_settle(struct browser *b)
{
	const struct item *item = list_item(browser_list(b));
	struct view_ref to = item ? item->ref : (struct view_ref){ 0 };

	set_subject(b, &to);
}

bool browser_find(const struct browser *b, const struct view_ref *ref, struct row *out)
{
	if (!b->graph)
		return false;
	*out = (struct row){ .graph = b->graph, .ns = ref_find_ns(b->graph, ref) };
	if (!out->ns)
		out->process = ref_find_process(b->graph, ref);
	if (out->ns || out->process)
		return true;
	for (size_t i = 0; i < b->history.n; i++)
		if (ref_same(&b->history.at[i].ref, ref) && b->history.at[i].row.graph) {
			*out = b->history.at[i].row;
			return true;
		}
	return false;
}

static void count(struct browser *b)
{
	const struct graph *g = b->graph;
	const struct holder *by;

	memset(b->counts, 0, sizeof(b->counts));
	b->leaked = 0;
	for (size_t i = 0; i < g->nnamespaces; i++) {
		b->counts[g->namespaces[i]->type]++;
		if (g->completeness.searched >> SOURCE_FDS & 1)
			b->leaked += leak_is(leak_judge(g, g->namespaces[i], &by));
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

	if (list_seek(browser_list(b), &subject, b->graph, &b->history))
		return;
	if (b->followed_gone || (browser_find(b, &subject, &row) && row.graph == b->graph))
		return;
	ref_name(&subject, b->graph, &name);
	browser_say(b, true, "%s is gone", buffer_str(&name));
	b->followed_gone = true;
}

void browser_graph(struct browser *b, struct graph *g)
{
	struct graph *old = b->graph;
	bool first = !old;

	b->graph = g;
	for (unsigned i = 0; i < ASKS; i++)
		b->asks[i].answered = false;
	history_swap(&b->history, old, g, browser_open_sets(b)->n > 0);
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

static unsigned tab_of(const struct browser *b, enum ref_kind kind)
{
	for (unsigned i = 0; i < TABS; i++) {
		unsigned tab = (b->tab + i) % TABS;

		if (tab_table[tab].shows[0] == kind || tab_table[tab].shows[1] == kind)
			return tab;
	}
	return b->tab;
}

static void push_crumb(struct browser *b)
{
	if (b->ncrumbs == CRUMBS_MAX)
		memmove(b->crumbs, b->crumbs + 1, --b->ncrumbs * sizeof(*b->crumbs));
	b->crumbs[b->ncrumbs++] = (struct crumb){ b->tab, browser_list(b)->kind,
						  browser_list(b)->cursor, b->subject, b->mode };
}

/* The list goes along where it has such a row; the page is about it in any case. */
static void go_to(struct browser *b, const struct view_ref *ref)
{
	autobuffer name = BUFFER_INIT;

	if (list_seek(browser_list(b), ref, b->graph, &b->history)) {
		browser_settle(b);
		return;
	}
	set_subject(b, ref);
	ref_name(ref, b->graph, &name);
	browser_say(b, true, "the filter hides the row of %s", buffer_str(&name));
}

void browser_jump(struct browser *b, const struct view_ref *ref)
{
	enum mode mode = b->mode == MODE_PAGE ? MODE_LIST : b->mode;

	overlay_close(b);
	if (ref_same(ref, &b->subject)) {
		browser_say(b, false, "that is what you are looking at");
		return;
	}
	push_crumb(b);
	b->tab = tab_of(b, ref->kind);
	b->mode = mode;
	b->follow = false;
	browser_rebuild(b);
	go_to(b, ref);
}

bool browser_back(struct browser *b)
{
	struct crumb *from;

	if (!b->ncrumbs)
		return false;
	from = &b->crumbs[--b->ncrumbs];
	b->tab = from->tab;
	browser_list(b)->kind = from->kind;
	b->mode = from->mode == MODE_PAGE ? MODE_LIST : from->mode;
	browser_rebuild(b);
	if (list_seek(browser_list(b), &from->cursor, b->graph, &b->history))
		browser_settle(b);
	if (!ref_same(&b->subject, &from->subject))
		go_to(b, &from->subject);
	return true;
}

unsigned browser_ns_needs(const struct browser *b)
{
	return list_needs(&b->lists[0]);
}

unsigned browser_process_needs(const struct browser *b)
{
	return list_needs(&b->lists[1]);
}

const struct ref_list *browser_open_sets(const struct browser *b)
{
	return &b->lists[1].toggled;
}

void browser_key(struct browser *b, int key)
{
	const struct key_binding *k;

	buffer_clear(&b->message);
	b->complaint = false;
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
