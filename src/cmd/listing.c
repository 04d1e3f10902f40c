/* SPDX-License-Identifier: MIT */
/* Understands the options that `ls` and `ps` share, and prints their rows. */
#include <errno.h>
#include <string.h>

#include <nsview/nearest.h>

#include "listing.h"

int json_format_parse(const char *word, enum table_format *out, struct error *err)
{
	*out = TABLE_LAID_OUT;
	if (!word)
		return 0;
	if (!*word || strcmp(word, "pretty") == 0) {
		*out = TABLE_JSON;
		return 0;
	}
	if (strcmp(word, "lines") != 0)
		return error_set(err, -EINVAL, "--json takes pretty or lines, not \"%.64s\"", word);
	*out = TABLE_LINES;
	return 0;
}

static const char *type_name(const void *ctx, size_t i)
{
	(void)ctx;
	return i < NS_TYPES ? ns_types[i].name : NULL;
}

int types_parse(const char *list, unsigned *out, struct error *err)
{
	*out = list ? 0 : (1U << NS_TYPES) - 1;
	while (list) {
		size_t len = strcspn(list, ",");
		int type = ns_type_parse(list, len);
		char word[32];
		const char *near;

		if (type < 0) {
			snprintf(word, sizeof(word), "%.*s", (int)(len > 31 ? 31 : len), list);
			near = nearest_word(word, type_name, NULL);
			return error_set(err, -EINVAL,
					 near ? "no namespace type \"%s\"; did you mean \"%s\"?"
					      : "no namespace type \"%s\"; there are cgroup, ipc, "
						"mnt, net, pid, time, user, uts",
					 word, near);
		}
		*out |= 1U << type;
		list = list[len] ? list + len + 1 : NULL;
	}
	return 0;
}

int listing_init(struct listing *l, const struct listing_options *o,
		 const struct column_table *table, struct error *err)
{
	int ret = json_format_parse(o->json, &l->format, err);

	if (ret == 0 && o->raw && o->json)
		ret = error_set(err, -EINVAL, "--raw and --json exclude each other");
	if (ret == 0 && o->raw)
		l->format = TABLE_RAW;
	if (ret == 0)
		ret = column_list_parse(table, o->all_columns ? "all" : o->columns, &l->columns,
					err);
	if (ret == 0)
		ret = types_parse(o->types, &l->types, err);
	if (ret == 0 && o->filter)
		ret = filter_compile(table, o->filter, &l->filter, err);
	if (ret == 0)
		l->needs = column_list_needs(&l->columns);
	if (ret == 0 && l->filter)
		l->needs |= filter_needs(l->filter);
	return ret;
}

void listing_release(struct listing *l)
{
	filter_free(l->filter);
}

int listing_print_columns(const struct column_table *table)
{
	for (const struct column *c = table->columns; c->heading; c++)
		printf("%-12s %-16s %s\n", c->heading, c->key, c->help);
	return EXIT_YES;
}

void listing_print(const struct listing *l, const struct listing_options *o, const struct view *v,
		   const char *key, const struct row *rows, size_t n, const long *parents,
		   size_t tree_column)
{
	struct table_options table = {
		.format = l->format,
		.noheadings = o->noheadings,
		.notruncate = o->notruncate,
		.parents = parents,
		.tree_column = tree_column,
	};

	if (l->format == TABLE_JSON)
		document_print(&v->term, v->graph, key, &l->columns, rows, n);
	else
		table_print(&v->term, &table, &l->columns, rows, n);
}
