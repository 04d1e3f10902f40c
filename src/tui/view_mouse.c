/* SPDX-License-Identifier: MIT */
/*
 * The mouse: the wheel scrolls what it is over, a click chooses a row, a tab or a name, a double
 * click is Enter there. Whatever it does a key does as well; what is typed into a prompt it leaves
 * alone.
 */
#include <string.h>

#include <nsview/measure.h>

#include "view_act.h"

enum { WHEEL_ROWS = 3 };

static bool is_in(const struct part *part, unsigned row)
{
	return row >= part->top && row < part->top + part->rows;
}

/* Without its first line, which is a heading. */
static struct part below_heading(const struct part *part)
{
	return part->rows ? (struct part){ part->top + 1, part->rows - 1 } : *part;
}

static void click_tab(struct browser *b, unsigned col)
{
	autobuffer label = BUFFER_INIT;
	unsigned end = 0;

	for (unsigned i = 0; tab_table[i].name; i++) {
		unsigned begin = end + 1;

		buffer_clear(&label);
		browser_tab_label(b, i, &label);
		end = begin + (unsigned)label.len;
		if (col >= begin && col < end) {
			browser_set_tab(b, i);
			return;
		}
	}
}

/* A name of the page becomes the one that Enter follows; false where there is none. */
static bool click_name(struct doc *d, const struct part *part, const struct mouse_event *e)
{
	size_t line = d->top + (e->row - part->top);

	for (size_t i = 0; i < d->njumps; i++) {
		const struct jump *j = &d->jumps[i];
		const char *text = d->text.data + d->starts[j->line];
		size_t begin = 1 + text_columns(text, j->at); /* a page begins with a blank */
		size_t end = begin + text_columns(text + j->at, j->len);

		if (j->line == line && e->col >= begin && e->col < end) {
			d->here = i;
			return true;
		}
	}
	return false;
}

static void on_page(struct browser *b, struct doc *d, const struct part *part,
		    const struct mouse_event *e)
{
	bool up = e->what == MOUSE_WHEEL_UP;

	if (e->what == MOUSE_CLICK)
		click_name(d, part, e);
	else if (e->what != MOUSE_DOUBLE)
		doc_scroll(d, up ? -WHEEL_ROWS : WHEEL_ROWS, part->rows);
	else if (click_name(d, part, e))
		act_follow_name(b, 0);
}

static void on_list(struct browser *b, const struct part *part, const struct mouse_event *e)
{
	struct list *l = browser_list(b);
	size_t at = l->top + (e->row - part->top);

	b->mode = MODE_LIST;
	if (e->what == MOUSE_WHEEL_UP || e->what == MOUSE_WHEEL_DOWN)
		list_move(l, e->what == MOUSE_WHEEL_UP ? -WHEEL_ROWS : WHEEL_ROWS);
	else if (at < l->nshown)
		list_go(l, at);
	else
		return;
	b->follow = false;
	browser_settle(b);
	if (e->what == MOUSE_DOUBLE)
		browser_key(b, VK_ENTER);
}

static void on_menu(struct browser *b, const struct part *part, const struct mouse_event *e)
{
	struct menu *m = &b->menu;
	size_t at = m->top + (e->row - part->top);

	if (e->what == MOUSE_WHEEL_UP || e->what == MOUSE_WHEEL_DOWN)
		for (int i = 0; i < WHEEL_ROWS; i++)
			act_move(b, e->what == MOUSE_WHEEL_UP ? MOVE_UP : MOVE_DOWN);
	else if (at < m->n)
		m->here = at;
	if (e->what == MOUSE_DOUBLE && at < m->n)
		menu_key(b, VK_ENTER);
}

void browser_mouse(struct browser *b, const struct mouse_event *e)
{
	const struct layout l = browser_layout(b);
	const struct part body = { l.list.top, l.list.rows + l.rule.rows + l.detail.rows };
	const struct part inner = below_heading(&body), rows = below_heading(&l.list);
	bool click = e->what == MOUSE_CLICK;

	if (!b->graph || l.too_small || b->prompt.kind != PROMPT_NONE || b->question.open)
		return;
	buffer_clear(&b->message);
	if (b->mode == MODE_MENU && is_in(&inner, e->row))
		on_menu(b, &inner, e);
	else if (b->mode == MODE_PAGE && is_in(&inner, e->row))
		on_page(b, &b->over.doc, &inner, e);
	else if (b->mode == MODE_MENU || b->mode == MODE_PAGE)
		return;
	else if (is_in(&l.tabs, e->row) && click)
		click_tab(b, e->col);
	else if (is_in(&rows, e->row))
		on_list(b, &rows, e);
	else if (is_in(&l.detail, e->row)) {
		b->mode = click || e->what == MOUSE_DOUBLE ? MODE_DETAIL : b->mode;
		on_page(b, &b->detail, &l.detail, e);
	}
}
