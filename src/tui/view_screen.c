/* SPDX-License-Identifier: MIT */
/*
 * The whole screen on a canvas: title, tabs, list, detail pane, key bar, or whatever lies over
 * them. Reads the browser; the one thing that it changes is the text of the detail pane, which is
 * made here, where its width is known.
 */
#include <stdio.h>
#include <string.h>

#include <nsview/error.h>
#include <nsview/measure.h>
#include <nsview/proctext.h>
#include <nsview/version.h>

#include "view_keys.h"

static void put(struct canvas *c, unsigned row, unsigned look, const struct buffer *text)
{
	canvas_text(c, row, look, buffer_str(text), text->len);
}

/* At the right edge, as far as it does not run into what stands there. */
static void put_right(struct canvas *c, unsigned row, unsigned look, const struct buffer *text)
{
	size_t columns = text_columns(buffer_str(text), text->len);

	if (!columns || c->lines[row].columns + columns + 2 > c->cols)
		return;
	canvas_pad(c, row, LOOK_PLAIN, c->cols - (unsigned)columns - 1);
	put(c, row, look, text);
}

/* The same, and cut with a sign where there is too little room. */
static void put_cut(struct canvas *c, unsigned row, unsigned look, const struct buffer *text)
{
	unsigned used = c->lines[row].columns + 2;

	if (text_columns(buffer_str(text), text->len) + used <= c->cols) {
		put_right(c, row, look, text);
	} else if (text->len && used < c->cols) {
		canvas_str(c, row, LOOK_PLAIN, "  ");
		canvas_field(c, row, look, text->data, text->len, c->cols - used, false);
	}
}

static void say_host(const struct browser *b, struct buffer *out)
{
	const struct fact_text name = b->graph->hostname;

	if (fact_is_known(name.fact))
		escape_text(out, name.data, name.len, b->utf8 ? ESCAPE_UTF8 : ESCAPE_ASCII);
}

/* The more room there is, the more is told: level 0 is the least. */
static void say_counts(const struct browser *b, unsigned level, struct buffer *out)
{
	static const enum ns_type told[] = { NS_NET, NS_PID, NS_USER, NS_MNT };
	uint32_t unread = b->graph->completeness.unreadable;
	size_t ntold = level > 2 ? 4 : 3;

	buffer_printf(out, "  %zu ns", b->graph->nnamespaces);
	for (size_t i = 0; level > 0 && i < ntold; i++)
		buffer_printf(out, "%s%s %u%s", i ? " " : " (", ns_types[told[i]].name,
			      b->counts[told[i]], i + 1 == ntold ? ")" : "");
	if (level > 1)
		buffer_printf(out, "  %zu procs", b->graph->nprocesses);
	if (b->leaked)
		buffer_printf(out, "  %u leaked", b->leaked);
	if (unread)
		buffer_printf(out, "  %u unreadable", unread);
}

static void say_seconds(unsigned ms, struct buffer *out)
{
	if (ms % 1000)
		buffer_printf(out, "%u.%us", ms / 1000, ms % 1000 / 100);
	else
		buffer_printf(out, "%us", ms / 1000);
}

static void say_state(const struct browser *b, struct buffer *out)
{
	buffer_char(out, '[');
	if (b->paused)
		buffer_text(out, "paused");
	else if (!b->graph || b->scanning)
		buffer_text(out, "reading");
	else if (b->slowed_ms > b->interval_ms) {
		say_seconds(b->slowed_ms < 1000 ? b->slowed_ms / 100 * 100
						: b->slowed_ms / 1000 * 1000,
			    out);
		buffer_text(out, ", slowed");
	} else
		say_seconds(b->interval_ms, out);
	buffer_char(out, ']');
}

/* As much as fits: the version gives way before the counts do. */
static void draw_title(const struct browser *b, struct canvas *c, unsigned row)
{
	static const struct {
		const char *name;
		unsigned level;
	} tries[] = { { " nsview " NSVIEW_VERSION, 3 },
		      { " nsview " NSVIEW_VERSION, 2 },
		      { " nsview " NSVIEW_VERSION, 1 },
		      { " nsview", 1 },
		      { " nsview", 0 } };
	autobuffer text = BUFFER_INIT, state = BUFFER_INIT;
	size_t i = 0;

	say_state(b, &state);
	for (; b->graph && i + 1 < sizeof(tries) / sizeof(*tries); i++) {
		buffer_clear(&text);
		say_host(b, &text);
		say_counts(b, tries[i].level, &text);
		if (strlen(tries[i].name) + 2 + text_columns(text.data, text.len) + state.len + 3 <=
		    c->cols)
			break;
	}
	buffer_clear(&text);
	if (b->graph) {
		buffer_text(&text, "  ");
		say_host(b, &text);
		say_counts(b, tries[i].level, &text);
	}
	canvas_str(c, row, LOOK_TITLE, tries[i].name);
	put(c, row, LOOK_PLAIN, &text);
	put_right(c, row, b->paused ? LOOK_WARN : LOOK_DIM, &state);
}

static void say_list_state(const struct browser *b, struct buffer *out)
{
	const struct list *l = &b->lists[b->tab];
	const struct buffer *filter = &b->filters[b->tab];

	if (b->follow)
		buffer_text(out, "following");
	if (l->sort || l->reverse)
		buffer_printf(out, "%ssort: %s%s", out->len ? "  " : "",
			      l->sort ? l->sort->heading : "number", l->reverse ? " reversed" : "");
	if (filter->len) {
		buffer_printf(out, "%sfilter: ", out->len ? "  " : "");
		escape_text(out, filter->data, filter->len, b->utf8 ? ESCAPE_UTF8 : ESCAPE_ASCII);
		if (l->undecided)
			buffer_printf(out, " (%zu undecided)", l->undecided);
	}
}

void browser_tab_label(const struct browser *b, unsigned tab, struct buffer *out)
{
	buffer_printf(out, tab == b->tab ? "[%u:%s]" : "%u:%s", tab + 1, tab_table[tab].name);
}

static void draw_tabs(const struct browser *b, struct canvas *c, unsigned row)
{
	autobuffer text = BUFFER_INIT;

	for (unsigned i = 0; tab_table[i].name; i++) {
		buffer_clear(&text);
		browser_tab_label(b, i, &text);
		canvas_str(c, row, LOOK_PLAIN, " ");
		put(c, row, i == b->tab ? LOOK_TITLE : LOOK_PLAIN, &text);
	}
	if (b->lists[b->tab].kind->tree)
		canvas_str(c, row, LOOK_PLAIN, " tree");
	buffer_clear(&text);
	say_list_state(b, &text);
	put_cut(c, row, LOOK_KEY, &text);
}

/* What stands at the right end of a line, where there is room for it. */
static void end_rule(struct canvas *c, unsigned row, const struct buffer *text)
{
	if (c->lines[row].columns + text->len + 4 <= c->cols) {
		canvas_rule(c, row, LOOK_DIM, c->cols - (unsigned)text->len - 2);
		put(c, row, LOOK_DIM, text);
	}
	canvas_rule(c, row, LOOK_DIM, c->cols);
}

/* The way here, and what the pane is about. */
static void draw_rule(const struct browser *b, struct canvas *c, unsigned row)
{
	const struct list *l = &b->lists[b->tab];
	autobuffer text = BUFFER_INIT;
	unsigned from = b->ncrumbs > 3 ? b->ncrumbs - 3 : 0;

	canvas_rule(c, row, LOOK_DIM, 2);
	if (from)
		buffer_text(&text, " ... >");
	for (unsigned i = from; i < b->ncrumbs; i++) {
		buffer_char(&text, ' ');
		browser_name(b, &b->crumbs[i].subject, &text);
		buffer_text(&text, " >");
	}
	put(c, row, LOOK_PLAIN, &text);
	buffer_clear(&text);
	buffer_char(&text, ' ');
	if (ref_same(&b->detail_of, &b->subject) && b->detail_title.len)
		buffer_append(&text, b->detail_title.data, b->detail_title.len);
	else if (b->subject.kind != REF_NONE)
		browser_name(b, &b->subject, &text);
	buffer_char(&text, ' ');
	if (b->subject.kind != REF_NONE)
		put(c, row, LOOK_TITLE, &text);
	buffer_clear(&text);
	if (b->mode == MODE_DETAIL)
		buffer_text(&text, " Enter jumps, Esc goes back ");
	else if (l->nshown)
		buffer_printf(&text, " %zu of %zu ", l->at + 1, l->nshown);
	end_rule(c, row, &text);
}

/* The name of a label that the title has said already. */
static bool is_said(const char *line, size_t len)
{
	static const char *const said[] = { "Type ", "Inode " };

	for (size_t i = 0; i < sizeof(said) / sizeof(*said); i++)
		if (len > strlen(said[i]) && strncmp(line, said[i], strlen(said[i])) == 0)
			return true;
	return false;
}

/* The first line of a page becomes the title above the pane; there is little room. */
static void set_detail(struct browser *b, const struct buffer *page)
{
	struct buffer rest = BUFFER_INIT;
	struct span left = { page->data, page->len }, line;
	bool said = false;

	buffer_clear(&b->detail_title);
	if (proc_line_next(&left, &line))
		buffer_append(&b->detail_title, line.data, line.len);
	while (proc_line_next(&left, &line)) {
		/* What continues a line goes with it. */
		said = line.len && *line.data == ' ' ? said : is_said(line.data, line.len);
		if (said)
			continue;
		buffer_append(&rest, line.data, line.len);
		buffer_char(&rest, '\n');
	}
	doc_set(&b->detail, &rest);
}

/* Made when its object was read; until then what there is of it stays. */
static void update_detail(struct browser *b)
{
	struct buffer text = BUFFER_INIT;
	struct row row;

	if (!b->stale && b->detail_cols == b->cols)
		return;
	if (!b->asks[ASK_DETAIL].answered)
		return;
	if (b->subject.kind == REF_NONE)
		; /* nothing to tell */
	else if (b->subject.kind == REF_LINK && !b->graph->net)
		buffer_text(&text, "(not read yet)\n");
	else if (browser_find(b, &b->subject, &row))
		page_text(b, &row, PAGE_SHOW, b->cols - 2, &text);
	else
		buffer_text(&text, "it is gone\n");
	set_detail(b, &text);
	buffer_release(&text);
	b->detail.ascii = !b->utf8;
	if (b->graph)
		doc_find_jumps(&b->detail, b->graph, &b->subject);
	b->detail_of = b->subject;
	b->detail_cols = b->cols;
	b->stale = false;
}

static void draw_overlay(struct browser *b, struct canvas *c, struct part part)
{
	struct doc *d = &b->over.doc;
	autobuffer text = BUFFER_INIT;

	canvas_rule(c, part.top, LOOK_DIM, 2);
	canvas_str(c, part.top, LOOK_PLAIN, " ");
	put(c, part.top, LOOK_TITLE, &b->over.title);
	canvas_str(c, part.top, LOOK_PLAIN, b->running || b->over.waiting ? " ... " : " ");
	part.top++;
	part.rows--;
	doc_draw(d, c, &part, false, true);
	if (d->nlines > part.rows)
		buffer_printf(&text, " %zu-%zu of %zu ", d->top + 1, d->top + part.rows, d->nlines);
	end_rule(c, part.top - 1, &text);
}

static void draw_too_small(struct canvas *c)
{
	char text[64];
	size_t len;
	unsigned row = c->rows / 2;

	snprintf(text, sizeof(text), "needs %dx%d, has %ux%u", LAYOUT_MIN_COLS, LAYOUT_MIN_ROWS,
		 c->cols, c->rows);
	len = strlen(text);
	if (row < c->rows) {
		canvas_pad(c, row, LOOK_PLAIN, len < c->cols ? (c->cols - (unsigned)len) / 2 : 0);
		canvas_str(c, row, LOOK_PLAIN, text);
	}
}

/* Where there are no rows yet, or never will be. */
static void draw_waiting(const struct browser *b, struct canvas *c, unsigned row)
{
	const char *why = NULL;

	if (!b->graph)
		why = "reading the host";
	else if (b->lists[b->tab].kind->picture && !b->graph->net)
		why = b->net_error.text[0] ? b->net_error.text : "reading the networks";
	else if (b->lists[b->tab].filter && !b->lists[b->tab].nshown)
		why = "nothing passes the filter";
	if (!why)
		return;
	canvas_str(c, row, LOOK_PLAIN, "  ");
	canvas_str(c, row, why == b->net_error.text ? LOOK_WARN : LOOK_DIM, why);
}

static void draw_body(struct browser *b, struct canvas *c, const struct layout *l)
{
	const struct part body = { l->list.top, l->list.rows + l->rule.rows + l->detail.rows };

	if (b->mode == MODE_PAGE) {
		draw_overlay(b, c, body);
		return;
	}
	if (b->mode == MODE_MENU) {
		menu_draw(b, c, &body);
		return;
	}
	list_draw(browser_list(b), c, &l->list, b->mode == MODE_LIST, !l->tabs.rows, &b->chosen);
	if (l->list.rows > 1)
		draw_waiting(b, c, l->list.top + 1);
	if (l->rule.rows)
		draw_rule(b, c, l->rule.top);
	if (l->detail.rows)
		doc_draw(&b->detail, c, &l->detail, true, b->mode == MODE_DETAIL);
}

void browser_draw(struct browser *b, struct canvas *c)
{
	struct layout l = browser_layout(b);

	c->utf8 = b->utf8;
	canvas_reset(c, b->rows, b->cols);
	if (l.too_small) {
		draw_too_small(c);
		return;
	}
	update_detail(b);
	if (l.title.rows)
		draw_title(b, c, l.title.top);
	if (l.tabs.rows)
		draw_tabs(b, c, l.tabs.top);
	draw_body(b, c, &l);
	if (l.bar.rows)
		bar_draw(b, c, &l.bar);
}
