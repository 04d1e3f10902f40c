/* SPDX-License-Identifier: MIT */
/*
 * Where the person is: what the detail pane is about, where a jump leads, and the way back. Knows
 * nothing of why somebody goes there.
 */
#include <string.h>

#include "view_browser.h"

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

	if (to.kind == REF_NOTE)
		to = (struct view_ref){ 0 };
	/* One more wire of a link is no other link. */
	to.wire = 0;
	set_subject(b, &to);
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
	browser_name(b, ref, &name);
	if (!b->graph->net && browser_list(b)->kind->picture)
		return;
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
	b->tab = tab_of(b->tab, ref);
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
