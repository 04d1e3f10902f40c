/* SPDX-License-Identifier: MIT */
/*
 * The last lines of the screen: what was said, what is asked or typed, and where there is nothing
 * of that, the keys. Reads the browser and the key table.
 */
#include <string.h>

#include <nsview/measure.h>

#include "view_keys.h"

/* The binding with that place in the bar; NULL: there is none. */
static const struct key_binding *ranked(unsigned rank)
{
	for (const struct key_binding *k = key_table; k->name; k++)
		if (k->rank == rank)
			return k;
	return NULL;
}

static unsigned columns_of(const struct key_binding *k)
{
	return (unsigned)(strlen(k->sign) + strlen(k->label)) + 1;
}

/* How to leave is told wherever there is room for anything. */
static bool fits_bar(const struct key_binding *k, const struct canvas *c, unsigned row,
		     const struct key_binding *quit)
{
	unsigned columns = c->lines[row].columns + columns_of(k);

	if (k->rank < quit->rank)
		columns += columns_of(quit);
	return columns - 1 <= c->cols;
}

/* What may not be done leaves its place empty. */
static void draw_key(const struct key_binding *k, struct canvas *c, unsigned row, bool barred)
{
	unsigned end = c->lines[row].columns + columns_of(k);

	canvas_str(c, row, LOOK_KEY, barred ? "" : k->sign);
	canvas_str(c, row, LOOK_PLAIN, barred ? "" : k->label);
	canvas_pad(c, row, LOOK_PLAIN, end);
}

static void draw_bar(const struct browser *b, struct canvas *c, unsigned row)
{
	static const char *const menus[] = {
		[MENU_NONE] = "",
		[MENU_SORT] = " Enter chooses  Esc leaves it as it was",
		[MENU_COLUMNS] = " Space chooses  < > move  Enter applies  Esc leaves it as it was",
	};
	const struct key_binding *k, *quit = key_find('Q', MODE_LIST);

	if (b->mode == MODE_MENU) {
		canvas_str(c, row, LOOK_PLAIN, menus[b->menu.kind]);
		return;
	}
	canvas_str(c, row, LOOK_PLAIN, " ");
	for (unsigned rank = 1; (k = ranked(rank)); rank++) {
		bool fits = fits_bar(k, c, row, quit);

		if (!fits && k->rank > quit->rank)
			break;
		if (fits && k->where & b->mode)
			draw_key(k, c, row, key_is_barred(k, b));
	}
}

/* The prompt's text, scrolled so that its cursor is in sight; what is wrong stands above it. */
static void draw_prompt(const struct browser *b, struct canvas *c, unsigned row)
{
	static const char *const signs[] = { "", "/", "filter: ", ":" };
	const struct prompt *p = &b->prompt;
	autobuffer shown = BUFFER_INIT;
	size_t from = 0, room;

	canvas_str(c, row, LOOK_KEY, signs[p->kind]);
	room = c->cols - c->lines[row].columns - 1;
	while (text_columns(buffer_str(&p->text) + from, p->at - from) > room)
		from++;
	escape_text(&shown, buffer_str(&p->text) + from, p->text.len - from,
		    b->utf8 ? ESCAPE_UTF8 : ESCAPE_ASCII);
	c->cursor_row = (int)row;
	c->cursor_col = (int)(c->lines[row].columns +
			      text_columns(buffer_str(&p->text) + from, p->at - from));
	canvas_text(c, row, LOOK_PLAIN, buffer_str(&shown), shown.len);
}

void bar_draw(const struct browser *b, struct canvas *c, const struct part *part)
{
	unsigned row = part->top;

	if (b->question.open) {
		question_draw(b, c, row);
	} else if (b->prompt.kind != PROMPT_NONE) {
		if (part->rows > 1) {
			canvas_str(c, row, LOOK_PLAIN, " ");
			canvas_str(c, row, b->prompt.error.code ? LOOK_WARN : LOOK_TITLE,
				   b->prompt.error.text);
		}
		draw_prompt(b, c, row + part->rows - 1);
	} else if (b->message.len) {
		canvas_str(c, row, LOOK_PLAIN, " ");
		canvas_field(c, row, b->complaint ? LOOK_WARN : LOOK_TITLE, b->message.data,
			     b->message.len, c->cols - 1, false);
	} else {
		draw_bar(b, c, row);
	}
}
