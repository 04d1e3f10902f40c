/* SPDX-License-Identifier: MIT */
/*
 * Editing one line, and what becomes of it: a search that jumps while it is typed, a filter that
 * says while it is typed what is wrong with it, a command. Takes characters, never bytes.
 */
#include <string.h>

#include "view_browser.h"

enum { TEXT_MAX = 1000, CTRL_A = 1, CTRL_E = 5, CTRL_K = 11, CTRL_U = 21, CTRL_W = 23 };

static bool continues(const struct prompt *p, size_t at)
{
	return at < p->text.len && ((unsigned char)p->text.data[at] & 0xc0) == 0x80;
}

static size_t before(const struct prompt *p, size_t at)
{
	while (at > 0 && continues(p, --at))
		;
	return at;
}

static size_t behind(const struct prompt *p, size_t at)
{
	if (at < p->text.len)
		at++;
	while (continues(p, at))
		at++;
	return at;
}

static void cut(struct prompt *p, size_t from, size_t to)
{
	memmove(p->text.data + from, p->text.data + to, p->text.len - to);
	p->text.len -= to - from;
	p->text.data[p->text.len] = '\0';
	p->at = from;
}

static void insert(struct prompt *p, int code)
{
	char bytes[4];
	size_t n = 0;

	if (code < 0x80) {
		bytes[n++] = (char)code;
	} else if (code < 0x800) {
		bytes[n++] = (char)(0xc0 | code >> 6);
	} else if (code < 0x10000) {
		bytes[n++] = (char)(0xe0 | code >> 12);
		bytes[n++] = (char)(0x80 | (code >> 6 & 0x3f));
	} else {
		bytes[n++] = (char)(0xf0 | code >> 18);
		bytes[n++] = (char)(0x80 | (code >> 12 & 0x3f));
		bytes[n++] = (char)(0x80 | (code >> 6 & 0x3f));
	}
	if (code >= 0x80)
		bytes[n++] = (char)(0x80 | (code & 0x3f));
	if (p->text.len + n > TEXT_MAX)
		return;
	buffer_append(&p->text, bytes, n);
	memmove(p->text.data + p->at + n, p->text.data + p->at, p->text.len - n - p->at);
	memcpy(p->text.data + p->at, bytes, n);
	p->at += n;
}

static size_t word_before(const struct prompt *p)
{
	size_t at = p->at;

	while (at > 0 && p->text.data[at - 1] == ' ')
		at--;
	while (at > 0 && p->text.data[at - 1] != ' ')
		at--;
	return at;
}

bool prompt_edit(struct prompt *p, int key)
{
	buffer_reserve(&p->text, 1);
	if (key == VK_LEFT)
		p->at = before(p, p->at);
	else if (key == VK_RIGHT)
		p->at = behind(p, p->at);
	else if (key == VK_HOME || key == CTRL_A)
		p->at = 0;
	else if (key == VK_END || key == CTRL_E)
		p->at = p->text.len;
	else if (key == VK_BACKSPACE)
		cut(p, before(p, p->at), p->at);
	else if (key == VK_DELETE)
		cut(p, p->at, behind(p, p->at));
	else if (key == CTRL_U)
		cut(p, 0, p->at);
	else if (key == CTRL_K)
		cut(p, p->at, p->text.len);
	else if (key == CTRL_W)
		cut(p, word_before(p), p->at);
	else if (key >= ' ' && key < VK_NONE && key != 0x7f &&
		 !(key > 0x7f && escape_is_hidden((unsigned)key)))
		insert(p, key);
	else
		return false;
	return true;
}

static void set_text(struct buffer *to, const char *text)
{
	buffer_clear(to);
	buffer_text(to, text);
}

void prompt_open(struct browser *b, enum prompt_kind kind)
{
	struct prompt *p = &b->prompt;
	const char *was = kind == PROMPT_FILTER ? buffer_str(&b->filters[b->tab]) : "";

	set_text(&p->was, was);
	set_text(&p->text, was);
	p->kind = kind;
	p->at = p->text.len;
	p->error = (struct error){ 0 };
	buffer_clear(&b->message);
	if (kind == PROMPT_SEARCH)
		search_begin(b);
}

static void preview(struct browser *b)
{
	struct prompt *p = &b->prompt;

	p->error = (struct error){ 0 };
	if (p->kind == PROMPT_SEARCH)
		search_preview(b);
	else if (p->kind == PROMPT_FILTER)
		filter_apply(b, buffer_str(&p->text), &p->error);
}

static void accept_search(struct browser *b)
{
	struct doc *d = b->mode == MODE_PAGE ? &b->over.doc : &b->detail;

	set_text(&b->pattern, buffer_str(&b->prompt.text));
	if (b->mode != MODE_LIST && b->pattern.len &&
	    !doc_search(d, buffer_str(&b->pattern), true, browser_page_rows(b)))
		error_set(&b->prompt.error, -1, "not found: %s", buffer_str(&b->pattern));
	if (b->prompt.error.text[0])
		browser_say(b, b->prompt.error.code != 0, "%s", b->prompt.error.text);
}

/* A filter that is wrong stays open, with the reason beside it. */
static void accept(struct browser *b)
{
	struct prompt *p = &b->prompt;

	if (p->kind == PROMPT_FILTER && p->error.code)
		return;
	if (p->kind == PROMPT_SEARCH)
		accept_search(b);
	else if (p->kind == PROMPT_COMMAND)
		set_text(&b->command, buffer_str(&p->text));
	p->kind = PROMPT_NONE;
}

static void cancel(struct browser *b)
{
	if (b->prompt.kind == PROMPT_FILTER)
		filter_apply(b, buffer_str(&b->prompt.was), &b->prompt.error);
	if (b->prompt.kind == PROMPT_SEARCH)
		search_cancel(b);
	b->prompt.kind = PROMPT_NONE;
}

void prompt_key(struct browser *b, int key)
{
	bool empty = b->prompt.text.len == 0;

	if (key == VK_ENTER)
		accept(b);
	else if (key == VK_ESC || (key == VK_BACKSPACE && empty))
		cancel(b);
	else if (prompt_edit(&b->prompt, key))
		preview(b);
}
