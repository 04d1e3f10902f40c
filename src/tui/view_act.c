/* SPDX-License-Identifier: MIT */
/*
 * Keys that change what is shown, or ask for something: searching, filtering, sorting, marking,
 * copying, running, pausing. What only a terminal or the scanner can do becomes a wish.
 */
#include <stdio.h>

#include <nsview/measure.h>

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
	struct list *l = browser_list(b);
	const char *pattern = buffer_str(&b->pattern);
	size_t at, nth, count;

	if (!*pattern)
		browser_say(b, true, "nothing was searched for yet; / searches");
	else if (b->mode != MODE_LIST)
		search_page(b, pattern, forward);
	else if (!list_search(l, pattern, forward, false, &at, &nth, &count))
		browser_say(b, true, "not found: %s", pattern);
	else {
		list_go(l, at);
		browser_settle(b);
		browser_say(b, false, "%zu of %zu", nth, count);
	}
}

void act_filter(struct browser *b, int unused)
{
	(void)unused;
	prompt_open(b, PROMPT_FILTER);
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
	menu_open_sort(b);
}

void act_reverse(struct browser *b, int unused)
{
	struct list *l = browser_list(b);

	(void)unused;
	l->reverse = !l->reverse;
	browser_rebuild(b);
}

void act_columns(struct browser *b, int unused)
{
	(void)unused;
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

/* Namespaces are held; a process leads to those it is in by its page. */
void act_who(struct browser *b, int unused)
{
	(void)unused;
	if (!has_subject(b))
		return;
	if (b->subject.kind != REF_NS) {
		browser_say(b, true, "a process is held by nothing: choose one of its namespaces");
		return;
	}
	overlay_open(b, OVER_WHO, "who holds ");
	ref_name(&b->subject, b->graph, &b->over.title);
	b->over.about = b->subject;
	b->over.waiting = true;
	b->asks[ASK_PAGE] = (struct ask){ b->subject, PAGE_WHO, false };
}

static bool is_ns(const struct view_ref *ref)
{
	return ref->kind == REF_NS;
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
	if (is_ns(&b->chosen) != is_ns(&b->subject)) {
		browser_say(b, true, "a namespace and a process have nothing to compare");
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
	ref_name(about(b), b->graph, &b->copy);
	browser_say(b, false, "copied: %s (where the terminal allows it)", buffer_str(&b->copy));
}

void act_words(struct browser *b, int unused)
{
	struct buffer words = BUFFER_INIT;

	(void)unused;
	equivalent_words(b, &words);
	if (text_columns(words.data, words.len) + 1 < b->cols) {
		browser_say(b, false, "%s", words.data);
		buffer_release(&words);
	} else {
		overlay_open(b, OVER_OUTPUT, "the command line that prints this");
		doc_set_wrapped(&b->over.doc, &words, b->cols - 2);
	}
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
