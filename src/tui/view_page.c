/* SPDX-License-Identifier: MIT */
/*
 * The pages that are read over or beside the list: those that render/ makes of an object, two
 * objects side by side, the help screen, the output of a command. Text, and then the names in it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/error.h>
#include <nsview/measure.h>
#include <nsview/partial.h>
#include <nsview/render.h>
#include <nsview/version.h>

#include "view_keys.h"

enum { OUTPUT_MAX = 1 << 20 };

/* Who keeps it alive is asked of namespaces only. */
static void print_page(const struct term *t, const struct row *row, enum tui_page page)
{
	struct ns *ns = (struct ns *)row->ns;

	if (row->item)
		show_link(t, row->graph, row->ns, row->item);
	else if (row->ns && page == PAGE_WHO)
		who_print(t, row->graph, &ns, 1, true);
	else if (row->ns)
		show_ns(t, row->graph, row->ns);
	else
		show_process(t, row->graph, row->process);
}

void page_text(const struct browser *b, const struct row *row, enum tui_page page, unsigned cols,
	       struct buffer *out)
{
	struct term t = { .utf8 = b->utf8, .width = cols };
	char *text = NULL;
	size_t len = 0;

	t.out = open_memstream(&text, &len);
	if (!t.out)
		die("out of memory");
	print_page(&t, row, page);
	fclose(t.out);
	buffer_clear(out);
	buffer_append(out, text, len);
	free(text);
}

static void say_cell(const struct browser *b, const struct row *row, const struct column *c,
		     struct value *v, struct buffer *out)
{
	buffer_clear(&v->scratch);
	buffer_clear(out);
	v->kind = c->kind;
	v->fact = fact_none();
	c->get(row, v);
	value_display(v);
	escape_text(out, v->text, v->len, b->utf8 ? ESCAPE_UTF8 : ESCAPE_ASCII);
}

static void say_padded(struct buffer *out, const struct buffer *text, size_t columns)
{
	size_t len = text_fit(buffer_str(text), text->len, columns);

	buffer_append(out, buffer_str(text), len);
	for (size_t n = text_columns(buffer_str(text), len); n < columns; n++)
		buffer_char(out, ' ');
}

/* A line for each column of which either has something: what differs has a sign. */
void compare_text(const struct browser *b, const struct row *one, const struct row *other,
		  unsigned cols, struct buffer *out)
{
	const struct column_table *table = one->item ? &link_columns
					   : one->ns ? &ns_columns
						     : &process_columns;
	unsigned half = cols > 40 ? (cols - 18) / 2 : 12;
	autobuffer left = BUFFER_INIT, right = BUFFER_INIT;
	struct value v = VALUE_INIT;

	buffer_text(out, "!= where they differ\n");
	for (const struct column *c = table->columns; c->heading; c++) {
		bool differs, none;

		say_cell(b, one, c, &v, &left);
		none = v.fact.state == FACT_NONE || v.fact.state == FACT_UNREAD;
		say_cell(b, other, c, &v, &right);
		if (none && (v.fact.state == FACT_NONE || v.fact.state == FACT_UNREAD))
			continue;
		differs = strcmp(buffer_str(&left), buffer_str(&right)) != 0;
		buffer_printf(out, "%-2s %-12s ", differs ? "!=" : "", c->heading);
		say_padded(out, &left, half);
		buffer_char(out, ' ');
		buffer_append(out, buffer_str(&right), right.len);
		buffer_char(out, '\n');
	}
	value_release(&v);
}

void overlay_open(struct browser *b, enum page_kind kind, const char *title)
{
	overlay_close(b);
	b->over.kind = kind;
	buffer_clear(&b->over.title);
	buffer_text(&b->over.title, title);
	b->mode = MODE_PAGE;
}

void overlay_close(struct browser *b)
{
	if (b->over.kind == OVER_NONE)
		return;
	if (b->over.kind == OVER_OUTPUT && b->running)
		b->cancel = true;
	doc_release(&b->over.doc);
	buffer_clear(&b->over.raw);
	b->over.kind = OVER_NONE;
	b->over.waiting = false;
	b->over.about = b->over.other = (struct view_ref){ 0 };
	b->asks[ASK_PAGE] = b->asks[ASK_OTHER] = (struct ask){ 0 };
	b->mode = MODE_LIST;
}

void overlay_fill(struct browser *b)
{
	struct overlay *o = &b->over;
	struct buffer text = BUFFER_INIT;
	struct row one, other;
	bool found;

	if (!o->waiting || !b->asks[ASK_PAGE].answered ||
	    (o->kind == OVER_COMPARE && !b->asks[ASK_OTHER].answered))
		return;
	found = browser_find(b, &o->about, &one) &&
		(o->kind != OVER_COMPARE || browser_find(b, &o->other, &other));
	o->waiting = false;
	if (!found)
		buffer_text(&text, "it is gone\n");
	else if (o->kind == OVER_COMPARE)
		compare_text(b, &one, &other, b->cols - 2, &text);
	else
		page_text(b, &one, PAGE_WHO, b->cols - 2, &text);
	doc_set_wrapped(&o->doc, &text, b->cols - 2);
	doc_find_jumps(&o->doc, b->graph, &o->about);
}

static void say_keys(const struct browser *b, const char *title, unsigned where, struct buffer *out)
{
	buffer_printf(out, "%s\n", title);
	for (const struct key_binding *k = key_table; k->name; k++)
		if (k->help && (k->where & where) && !key_is_barred(k, b) &&
		    (where == MODE_LIST || !(k->where & MODE_LIST)))
			buffer_printf(out, "  %-10s %s\n", k->name, k->help);
}

void overlay_help(struct browser *b)
{
	struct buffer text = BUFFER_INIT;

	overlay_open(b, OVER_HELP, "help: Esc leaves it");
	buffer_text(&text, "nsview " NSVIEW_VERSION ", nsview-tui(1)\n\n");
	say_keys(b, "Keys", MODE_LIST, &text);
	say_keys(b, "\nIn the detail pane and in pages", MODE_DETAIL, &text);
	buffer_text(&text, "\nIn a choice of columns\n"
			   "  Space      choose one, or not\n"
			   "  < >        move it before or behind another\n"
			   "  Enter      apply\n"
			   "\nMarks\n");
	for (const struct mark_meaning *m = mark_table; m->mark; m++)
		buffer_printf(&text, "  %-10s %s\n", m->mark, m->meaning);
	if (view_is_partial(b->graph)) {
		buffer_text(&text, "\nWhat this shows is not all: ");
		partial_sentence(b->graph, &text);
	}
	doc_set_wrapped(&b->over.doc, &text, b->cols - 2);
}

void browser_output(struct browser *b, const char *text, size_t len)
{
	static const char rest[] = "\n(the rest is not shown)\n";
	struct buffer *raw = &b->over.raw, all = BUFFER_INIT;

	if (b->over.kind != OVER_OUTPUT || raw->len > OUTPUT_MAX)
		return;
	buffer_append(raw, text, len);
	if (raw->len > OUTPUT_MAX)
		buffer_text(raw, rest);
	buffer_append(&all, raw->data, raw->len);
	doc_set_wrapped(&b->over.doc, &all, b->cols - 2);
	doc_find_jumps(&b->over.doc, b->graph, &b->over.about);
}

/* In quotes that a shell takes as they stand, where it is needed. */
static void say_quoted(const char *text, struct buffer *out)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "/._-+@%:,=";

	if (*text && strspn(text, plain) == strlen(text)) {
		buffer_text(out, text);
		return;
	}
	buffer_char(out, '\'');
	for (; *text; text++)
		if (*text == '\'')
			buffer_text(out, "'\\''");
		else
			buffer_char(out, *text);
	buffer_char(out, '\'');
}

static void say_columns(const struct list *l, struct buffer *out)
{
	struct column_list defaults;

	column_list_parse(l->kind->table, NULL, &defaults, NULL);
	if (defaults.n == l->columns.n &&
	    memcmp(defaults.at, l->columns.at, defaults.n * sizeof(*defaults.at)) == 0)
		return;
	buffer_text(out, " -o ");
	for (size_t i = 0; i < l->columns.n; i++)
		buffer_printf(out, "%s%s", i ? "," : "", l->columns.at[i]->key);
}

static void say_list_words(const struct browser *b, struct buffer *out)
{
	const struct list *l = &b->lists[b->tab];
	const char *filter = buffer_str(&b->filters[b->tab]);

	buffer_text(out, l->kind->command);
	/* Of the picture only a table of its links can be filtered. */
	if (!l->kind->picture)
		say_columns(l, out);
	else if (*filter)
		buffer_text(out, " --links");
	else if (l->apart.n || l->toggled.n)
		buffer_text(out, " --all");
	if (*filter) {
		buffer_text(out, " -Q ");
		say_quoted(filter, out);
	}
}

void equivalent_words(const struct browser *b, struct buffer *out)
{
	const struct view_ref *about =
		b->over.about.kind != REF_NONE ? &b->over.about : &b->subject;

	buffer_text(out, "nsview ");
	for (size_t i = 1; b->program[i]; i++) {
		say_quoted(b->program[i], out);
		buffer_char(out, ' ');
	}
	if (b->mode == MODE_LIST) {
		say_list_words(b, out);
		return;
	}
	if (b->mode == MODE_PAGE && b->over.kind == OVER_WHO)
		buffer_text(out, "who ");
	else
		buffer_text(out, about->kind == REF_LINK ? "net --links " : "show ");
	ref_target(about, b->graph, out);
	if (about->kind == REF_LINK)
		buffer_printf(out, " -Q 'index == %u'", (unsigned)about->index);
	else if (b->over.kind == OVER_COMPARE) {
		buffer_char(out, ' ');
		ref_target(&b->over.other, b->graph, out);
	}
}
