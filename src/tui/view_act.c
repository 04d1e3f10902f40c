/* SPDX-License-Identifier: MIT */
/*
 * Keys that change what is shown, or ask for something: searching, filtering, sorting, marking,
 * copying, running, pausing. What only a terminal or the scanner can do becomes a wish.
 */
#include <stdio.h>

#include "view_act.h"

enum { INTERVAL_MIN = 500, INTERVAL_MAX = 60000 };

static const struct view_ref *about(const struct browser *b)
{
	return b->mode == MODE_PAGE && b->over.about.kind != REF_NONE ? &b->over.about
								      : &b->subject;
}

static bool has_subject(struct browser *b)
{
	if (about(b)->kind != REF_NONE)
		return true;
	browser_say(b, true, "there is nothing here");
	return false;
}

void act_search(struct browser *b, int unused)
{
	(void)unused;
	prompt_open(b, PROMPT_SEARCH);
}

static void search_page(struct browser *b, const char *pattern, bool forward)
{
	struct doc *d = b->mode == MODE_PAGE ? &b->over.doc : &b->detail;

	if (!doc_search(d, pattern, forward, browser_page_rows(b)))
		browser_say(b, true, "not found: %s", pattern);
}

void act_search_on(struct browser *b, int forward)
{
	const char *pattern = buffer_str(&b->pattern);

	if (!*pattern)
		browser_say(b, true, "nothing was searched for yet; / searches");
	else if (b->mode != MODE_LIST)
		search_page(b, pattern, forward);
	else
		search_go(b, forward);
}

void act_filter(struct browser *b, int unused)
{
	(void)unused;
	prompt_open(b, PROMPT_FILTER);
}

/* The picture has one order, and no columns. */
static bool is_table(struct browser *b)
{
	if (!browser_list(b)->kind->picture)
		return true;
	browser_say(b, true, "this tab is a picture: it has one order and no columns");
	return false;
}

void act_tree(struct browser *b, int unused)
{
	struct list *l = browser_list(b);

	(void)unused;
	if (!l->kind->other) {
		browser_say(b, true, "this tab has no tree");
		return;
	}
	l->kind = l->kind->other;
	browser_rebuild(b);
	browser_settle(b);
	l->top = 0; /* as much of what is above as there is room for */
}

void act_sort(struct browser *b, int unused)
{
	(void)unused;
	if (is_table(b))
		menu_open_sort(b);
}

void act_reverse(struct browser *b, int unused)
{
	struct list *l = browser_list(b);

	(void)unused;
	if (!is_table(b))
		return;
	l->reverse = !l->reverse;
	browser_rebuild(b);
}

void act_columns(struct browser *b, int unused)
{
	(void)unused;
	if (is_table(b))
		menu_open_columns(b);
}

void act_follow(struct browser *b, int unused)
{
	(void)unused;
	if (!has_subject(b))
		return;
	b->follow = !b->follow;
	b->followed_gone = false;
}

/* Namespaces are held; a link ends with its own, a process leads to those it is in by its page. */
void act_who(struct browser *b, int unused)
{
	const struct ns *ns = b->graph ? ref_find_place(b->graph, &b->subject) : NULL;
	struct view_ref of = b->subject.kind == REF_LINK && ns ? ref_of_ns(ns) : b->subject;

	(void)unused;
	if (!has_subject(b))
		return;
	if (of.kind != REF_NS) {
		browser_say(b, true, "a process is held by nothing: choose one of its namespaces");
		return;
	}
	overlay_open(b, OVER_WHO, "who holds ");
	ref_name(&of, b->graph, &b->over.title);
	b->over.about = of;
	b->over.waiting = true;
	b->asks[ASK_PAGE] = (struct ask){ of, PAGE_WHO, false };
}

/* A set is compared as the process that stands for it. */
static enum ref_kind comparable(const struct view_ref *ref)
{
	return ref->kind == REF_SET ? REF_PROCESS : ref->kind;
}

void act_mark(struct browser *b, int unused)
{
	(void)unused;
	if (!has_subject(b))
		return;
	if (b->chosen.kind == REF_NONE) {
		b->chosen = b->subject;
		browser_say(b, false, "marked; d on another compares the two");
		return;
	}
	if (ref_same(&b->chosen, &b->subject)) {
		b->chosen = (struct view_ref){ 0 };
		browser_say(b, false, "no longer marked");
		return;
	}
	if (comparable(&b->chosen) != comparable(&b->subject)) {
		bool link = b->chosen.kind == REF_LINK || b->subject.kind == REF_LINK;

		browser_say(b, true, "%s have nothing to compare",
			    link ? "a link and what is none" : "a namespace and a process");
		return;
	}
	overlay_open(b, OVER_COMPARE, "compared");
	b->over.about = b->chosen;
	b->over.other = b->subject;
	b->over.waiting = true;
	b->asks[ASK_PAGE] = (struct ask){ b->chosen, PAGE_SHOW, false };
	b->asks[ASK_OTHER] = (struct ask){ b->subject, PAGE_SHOW, false };
	b->chosen = (struct view_ref){ 0 };
}

void act_copy(struct browser *b, int unused)
{
	(void)unused;
	if (!has_subject(b))
		return;
	buffer_clear(&b->copy);
	browser_name(b, about(b), &b->copy);
	browser_say(b, false, "copied: %s (where the terminal allows it)", buffer_str(&b->copy));
}

void act_words(struct browser *b, int unused)
{
	autobuffer words = BUFFER_INIT;

	(void)unused;
	equivalent_words(b, &words);
	browser_tell(b, "the command line that prints this", buffer_str(&words));
}

void act_command(struct browser *b, int unused)
{
	(void)unused;
	prompt_open(b, PROMPT_COMMAND);
}

void act_pause(struct browser *b, int unused)
{
	(void)unused;
	b->paused = !b->paused;
}

void act_refresh(struct browser *b, int unused)
{
	(void)unused;
	b->refresh = true;
}

void act_interval(struct browser *b, int longer)
{
	b->interval_ms = longer ? b->interval_ms * 2 : b->interval_ms / 2;
	if (b->interval_ms < INTERVAL_MIN)
		b->interval_ms = INTERVAL_MIN;
	if (b->interval_ms > INTERVAL_MAX)
		b->interval_ms = INTERVAL_MAX;
}

void act_help(struct browser *b, int unused)
{
	(void)unused;
	overlay_help(b);
}

void act_redraw(struct browser *b, int unused)
{
	(void)unused;
	b->redraw = true;
}

void act_quit(struct browser *b, int unused)
{
	(void)unused;
	b->quit = true;
}
