/* SPDX-License-Identifier: MIT */
/*
 * Keys that go somewhere: up and down, into the tree, into a page, along a name, back. Changes
 * nothing but where the person is.
 */
#include "view_act.h"
#include "view_network.h"

static struct doc *doc_of(struct browser *b)
{
	return b->mode == MODE_PAGE ? &b->over.doc : &b->detail;
}

/* Lines that a move goes; its ends are as far as can be. */
static long distance(const struct browser *b, enum move how)
{
	long page = (long)browser_page_rows(b), ends = 1L << 40;
	const long lines[] = {
		[MOVE_UP] = -1,		 [MOVE_DOWN] = 1,     [MOVE_PAGE_UP] = -page,
		[MOVE_PAGE_DOWN] = page, [MOVE_HOME] = -ends, [MOVE_END] = ends,
	};

	return lines[how];
}

static void move_menu(struct menu *m, long by)
{
	if (by < 0 && m->here < (size_t)-by)
		m->here = 0;
	else
		m->here += (size_t)by;
	m->here = m->here >= m->n ? m->n - 1 : m->here;
}

void act_move(struct browser *b, int how)
{
	long by = distance(b, (enum move)how);

	if (b->mode == MODE_LIST) {
		b->follow = false;
		list_move(browser_list(b), by);
		browser_settle(b);
	} else if (b->mode == MODE_MENU) {
		move_menu(&b->menu, by);
	} else {
		doc_move(doc_of(b), by, browser_page_rows(b));
	}
}

void act_fold(struct browser *b, int fold)
{
	struct list *l = browser_list(b);

	if (list_fold(l, fold, b->graph, &b->history))
		browser_settle(b);
	else if (fold && list_to_parent(l))
		browser_settle(b);
	else if (!fold && list_item(l) && list_item(l)->branch && !list_item(l)->folded)
		act_move(b, MOVE_DOWN);
	else if (!fold)
		act_read(b, 0);
}

void act_toggle(struct browser *b, int unused)
{
	const struct item *item = list_item(browser_list(b));

	(void)unused;
	if (item && !list_fold(browser_list(b), !item->folded, b->graph, &b->history))
		browser_say(b, false, "nothing hangs under this row");
	browser_settle(b);
}

void act_step(struct browser *b, int forward)
{
	doc_step(doc_of(b), forward, browser_page_rows(b));
}

void act_read(struct browser *b, int unused)
{
	(void)unused;
	if (b->subject.kind != REF_NONE)
		b->mode = MODE_DETAIL;
}

void act_go(struct browser *b, int unused)
{
	const struct list *l = browser_list(b);
	const struct item *item = list_item(l);

	if (l->kind->picture && network_hop(b))
		return;
	if (item && item->closed)
		act_toggle(b, unused);
	else
		act_read(b, unused);
}

void act_pan(struct browser *b, int right)
{
	struct list *l = browser_list(b);

	if (!l->kind->picture)
		browser_say(b, false, "this tab has nothing to the side");
	else
		network_pan(l, right, b->cols);
}

void act_follow_name(struct browser *b, int unused)
{
	const struct view_ref *to = doc_jump(doc_of(b));
	struct view_ref copy = to ? *to : (struct view_ref){ 0 }; /* the page may go */

	(void)unused;
	if (to)
		browser_jump(b, &copy);
	else
		browser_say(b, false, "no name to jump to");
}

void act_back(struct browser *b, int unused)
{
	(void)unused;
	if (b->mode == MODE_PAGE)
		overlay_close(b);
	else if (browser_back(b))
		return;
	else if (b->mode == MODE_DETAIL) {
		b->mode = MODE_LIST;
		doc_home(&b->detail);
		browser_settle(b);
	} else if (!b->dismisses) { /* nobody wants to leave because something was said */
		b->quit = true;
	}
}

void act_tab(struct browser *b, int tab)
{
	browser_set_tab(b, (unsigned)tab);
}

void act_next_tab(struct browser *b, int by)
{
	browser_set_tab(b, (b->tab + TABS + (unsigned)by) % TABS);
}
