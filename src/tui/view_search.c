/* SPDX-License-Identifier: MIT */
/*
 * Searches the list at hand: all of it, also what is folded, which is opened where something is
 * found. As long as the pattern is typed each character begins again from where the person was.
 * Facts of processes in sets that are folded are not there until somebody has read them: that is
 * wished for, and the search goes on when it is granted.
 */
#include "view_browser.h"

static void copy(struct ref_list *to, const struct ref_list *from)
{
	if (!ref_list_same(to, from))
		ref_list_copy(to, from);
}

void search_begin(struct browser *b)
{
	const struct list *l = browser_list(b);

	b->search.from = l->cursor;
	b->search.waiting = false;
	copy(&b->search.toggled, &l->toggled);
	copy(&b->search.apart, &l->apart);
}

void search_release(struct search *s)
{
	ref_list_release(&s->toggled);
	ref_list_release(&s->apart);
}

/* What was opened on the way is folded again, and the cursor is where it was. */
static void go_back(struct browser *b)
{
	struct list *l = browser_list(b);
	const struct search *s = &b->search;

	if (!ref_list_same(&l->toggled, &s->toggled) || !ref_list_same(&l->apart, &s->apart)) {
		copy(&l->toggled, &s->toggled);
		copy(&l->apart, &s->apart);
		browser_rebuild(b);
	}
	list_seek(l, &s->from, b->graph, &b->history);
}

void search_cancel(struct browser *b)
{
	if (b->mode != MODE_LIST || !b->graph)
		return;
	go_back(b);
	browser_settle(b);
}

void search_preview(struct browser *b)
{
	struct prompt *p = &b->prompt;
	size_t nth, count;

	if (b->mode != MODE_LIST || !b->graph)
		return;
	go_back(b);
	if (p->text.len && list_find(browser_list(b), b->graph, &b->history, buffer_str(&p->text),
				     true, true, &nth, &count))
		error_set(&p->error, 0, "%zu of %zu", nth, count);
	else if (p->text.len)
		error_set(&p->error, -1, "not found");
	browser_settle(b);
}

void search_go(struct browser *b, bool forward)
{
	const char *pattern = buffer_str(&b->pattern);
	size_t nth, count;

	b->search.waiting = browser_list(b)->kind->folded && !b->members;
	b->search.forward = forward;
	if (b->search.waiting)
		return;
	if (list_find(browser_list(b), b->graph, &b->history, pattern, forward, false, &nth,
		      &count)) {
		browser_settle(b);
		browser_say(b, false, "%zu of %zu", nth, count);
	} else {
		browser_say(b, true, "not found: %s", pattern);
	}
}

bool browser_wants_members(const struct browser *b)
{
	return b->search.waiting || (b->prompt.kind == PROMPT_SEARCH && b->mode == MODE_LIST &&
				     b->lists[b->tab].kind->folded);
}

void browser_members_read(struct browser *b)
{
	b->members = true;
	if (b->prompt.kind == PROMPT_SEARCH)
		search_preview(b);
	else if (b->search.waiting && b->mode == MODE_LIST)
		search_go(b, b->search.forward);
	b->search.waiting = false;
}
