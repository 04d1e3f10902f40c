/* SPDX-License-Identifier: MIT */
/*
 * Choosing columns: one to sort by, or those to show. What is chosen applies at Enter; Esc changes
 * nothing. Offers what the column table has.
 */
#include <stdio.h>
#include <string.h>

#include "view_keys.h"

static bool shows(const struct list *l, const struct column *c)
{
	for (size_t i = 0; i < l->columns.n; i++)
		if (l->columns.at[i] == c)
			return true;
	return false;
}

static void add(struct menu *m, const struct column *c, bool on)
{
	m->at[m->n] = c;
	m->on[m->n++] = on;
}

void menu_open_sort(struct browser *b)
{
	const struct list *l = browser_list(b);
	struct menu *m = &b->menu;

	*m = (struct menu){ .kind = MENU_SORT };
	add(m, NULL, !l->sort);
	for (size_t i = 0; i < l->columns.n; i++) {
		if (l->columns.at[i] == l->sort)
			m->here = m->n;
		add(m, l->columns.at[i], l->columns.at[i] == l->sort);
	}
	b->mode = MODE_MENU;
}

/* Those that are shown come first, in their order. */
void menu_open_columns(struct browser *b)
{
	const struct list *l = browser_list(b);
	struct menu *m = &b->menu;

	*m = (struct menu){ .kind = MENU_COLUMNS };
	for (size_t i = 0; i < l->columns.n; i++)
		add(m, l->columns.at[i], true);
	for (const struct column *c = l->kind->table->columns; c->heading; c++)
		if (!shows(l, c))
			add(m, c, false);
	b->mode = MODE_MENU;
}

static void apply_sort(struct browser *b)
{
	struct list *l = browser_list(b);

	l->sort = b->menu.at[b->menu.here];
	browser_rebuild(b);
}

static void apply_columns(struct browser *b)
{
	struct list *l = browser_list(b);
	size_t n = 0;

	for (size_t i = 0; i < b->menu.n; i++)
		if (b->menu.on[i])
			l->columns.at[n++] = b->menu.at[i];
	l->columns.n = n ? n : 1;
	if (!n)
		l->columns.at[0] = b->menu.at[b->menu.here];
	browser_rebuild(b);
}

static void close_menu(struct browser *b)
{
	b->menu.kind = MENU_NONE;
	b->mode = MODE_LIST;
}

/* Moves a chosen column among the others. */
static void shift(struct menu *m, int by)
{
	size_t to = m->here + (size_t)by;
	const struct column *c = m->at[m->here];
	bool on = m->on[m->here];

	if (m->kind != MENU_COLUMNS || to >= m->n)
		return;
	m->at[m->here] = m->at[to];
	m->on[m->here] = m->on[to];
	m->at[to] = c;
	m->on[to] = on;
	m->here = to;
}

void menu_key(struct browser *b, int key)
{
	struct menu *m = &b->menu;
	const struct key_binding *k = key_find(key, MODE_MENU);

	if (key == VK_ESC || key == 'q') {
		close_menu(b);
	} else if (key == VK_ENTER) {
		if (m->kind == MENU_SORT)
			apply_sort(b);
		else
			apply_columns(b);
		close_menu(b);
	} else if (key == ' ' && m->kind == MENU_COLUMNS) {
		m->on[m->here] = !m->on[m->here];
	} else if (key == '<' || key == '>') {
		shift(m, key == '<' ? -1 : 1);
	} else if (k) {
		k->run(b, k->arg);
	}
}

static void draw_entry(const struct menu *m, struct canvas *c, unsigned row, size_t i)
{
	unsigned selected = i == m->here ? LOOK_SELECTED : 0;
	const struct column *col = m->at[i];
	char text[200];

	snprintf(text, sizeof(text), "%s%-12s %s",
		 m->kind == MENU_SORT ? (m->on[i] ? " (*) " : " ( ) ")
				      : (m->on[i] ? " [x] " : " [ ] "),
		 col ? col->heading : "-", col ? col->help : "as they are numbered, by type");
	canvas_str(c, row, selected, selected ? ">" : " ");
	canvas_field(c, row, selected, text, strlen(text), c->cols - 1, false);
}

void menu_draw(struct browser *b, struct canvas *c, const struct part *part)
{
	static const char *const titles[] = {
		[MENU_NONE] = "",
		[MENU_SORT] = " Sort by: Enter chooses",
		[MENU_COLUMNS] = " Columns: Space, < >, Enter",
	};
	struct menu *m = &b->menu;
	size_t rows = part->rows - 1;
	char place[48];

	if (m->here < m->top)
		m->top = m->here;
	if (m->here >= m->top + rows)
		m->top = m->here - rows + 1;
	canvas_str(c, part->top, LOOK_TITLE, titles[m->kind]);
	snprintf(place, sizeof(place), "  (%zu of %zu)", m->here + 1, m->n);
	canvas_str(c, part->top, LOOK_DIM, place);
	for (size_t i = 0; i < rows && m->top + i < m->n; i++)
		draw_entry(m, c, part->top + 1 + (unsigned)i, m->top + i);
}
