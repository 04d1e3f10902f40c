/* SPDX-License-Identifier: MIT */
/*
 * Finding columns in a table by name, and reading the lists of -o. Knows how names are matched;
 * knows no column by name and no getter. Data comes from the table that the caller gives.
 */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include <nsview/escape.h>
#include <nsview/nearest.h>

#include "internal.h"

enum { WORD_MAX = 64 };

typedef int (*compare_names)(const char *a, const char *b, size_t len);

static bool name_is(const char *name, const char *word, size_t len, compare_names compare)
{
	return compare(name, word, len) == 0 && name[len] == '\0';
}

static const struct column *find_by(const struct column_table *table, const char *name, size_t len,
				    compare_names compare)
{
	for (const struct column *c = table->columns; c->heading; c++)
		if (name_is(c->key, name, len, compare))
			return c;
	for (const struct column *c = table->columns; c->heading; c++)
		if (name_is(c->heading, name, len, compare))
			return c;
	return NULL;
}

/*
 * Exact case first: `nsview ps` has a heading USER for a name and a heading user for a namespace.
 * Keys first: filters are written with them, and "pid == 1" must not look at pid namespaces.
 */
const struct column *column_find(const struct column_table *table, const char *name, size_t len)
{
	const struct column *found;

	if (!len || memchr(name, '\0', len))
		return NULL;
	found = find_by(table, name, len, strncmp);
	return found ? found : find_by(table, name, len, strncasecmp);
}

/* Headings and keys in turn. */
static const char *next_name(const void *ctx, size_t i)
{
	const struct column_table *table = ctx;
	const struct column *columns = table->columns;

	/* The candidates are asked for in order, so the end is met before it is passed. */
	if (!columns[i / 2].heading)
		return NULL;
	return i % 2 ? columns[i / 2].key : columns[i / 2].heading;
}

static int unknown_column(const struct column_table *table, struct span word, struct error *err)
{
	autobuffer shown = BUFFER_INIT;
	const char *near = NULL;

	if (word.len < WORD_MAX) {
		char plain[WORD_MAX];

		memcpy(plain, word.data, word.len);
		plain[word.len] = '\0';
		near = nearest_word(plain, next_name, table);
	} else {
		word.len = WORD_MAX;
	}
	escape_text(&shown, word.data, word.len, ESCAPE_ASCII);
	if (near)
		return error_set(err, -EINVAL, "unknown column \"%s\", did you mean %s?",
				 buffer_str(&shown), near);
	return error_set(err, -EINVAL,
			 "unknown column \"%s\" (nsview %s --list-columns shows them all)",
			 buffer_str(&shown), table->name);
}

/* A column stands once: twice the same key would spoil a JSON object. */
static void list_add(struct column_list *list, const struct column *c)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->at[i] == c)
			return;
	if (list->n < COLUMNS_MAX)
		list->at[list->n++] = c;
}

static int list_add_word(const struct column_table *table, struct span word,
			 struct column_list *list, struct error *err)
{
	const struct column *c = column_find(table, word.data, word.len);

	if (c) {
		list_add(list, c);
		return 0;
	}
	if (!word.len)
		return error_set(err, -EINVAL, "empty column name");
	if (!name_is("all", word.data, word.len, strncasecmp))
		return unknown_column(table, word, err);
	for (c = table->columns; c->heading; c++)
		list_add(list, c);
	return 0;
}

/* Spaces around a word are let pass: -o "NS, TYPE". */
static struct span trim(const char *begin, const char *end)
{
	while (begin < end && *begin == ' ')
		begin++;
	while (end > begin && end[-1] == ' ')
		end--;
	return (struct span){ begin, (size_t)(end - begin) };
}

static int list_add_words(const struct column_table *table, const char *words,
			  struct column_list *list, struct error *err)
{
	const char *end;
	int r;

	do {
		end = strchrnul(words, ',');
		r = list_add_word(table, trim(words, end), list, err);
		words = end + 1;
	} while (!r && *end);
	return r;
}

int column_list_parse(const struct column_table *table, const char *list, struct column_list *out,
		      struct error *err)
{
	int r = 0;

	out->n = 0;
	if (!list || list[0] == '+')
		r = list_add_words(table, table->defaults, out, err);
	if (r || !list)
		return r;
	return list_add_words(table, list + (list[0] == '+'), out, err);
}

unsigned column_list_needs(const struct column_list *list)
{
	unsigned needs = 0;

	for (size_t i = 0; i < list->n; i++)
		needs |= list->at[i]->needs;
	return needs;
}
