/* SPDX-License-Identifier: MIT */
/* What `ls` and `ps` have in common: columns, filters, formats. */
#ifndef NSVIEW_CMD_LISTING_H
#define NSVIEW_CMD_LISTING_H

#include <nsview/render.h>

#include "view.h"

struct listing_options {
	const char *json;
	const char *columns;
	bool all_columns;
	bool noheadings;
	bool raw;
	bool notruncate;
	bool list_columns;
	const char *filter;
	const char *types;
};

/*
 * The rows of a listing's option table; put into a command's own with its structure, and with
 * what -t does to its rows.
 */
#define LISTING_OPTIONS(STRUCT, TYPE_HELP)                                                         \
	{ 'J',                                                                                     \
	  "json",                                                                                  \
	  OPTION_OPTIONAL,                                                                         \
	  offsetof(struct STRUCT, listing.json),                                                   \
	  "FORMAT",                                                                                \
	  "pretty|lines",                                                                          \
	  "JSON: pretty (a document) or lines (an object a row)" },                                \
		{ 'o',                                                                             \
		  "output",                                                                        \
		  OPTION_TEXT,                                                                     \
		  offsetof(struct STRUCT, listing.columns),                                        \
		  "LIST",                                                                          \
		  "columns",                                                                       \
		  "columns to show; +LIST adds to the default" },                                  \
		{ 0,                                                                               \
		  "output-all",                                                                    \
		  OPTION_FLAG,                                                                     \
		  offsetof(struct STRUCT, listing.all_columns),                                    \
		  NULL,                                                                            \
		  NULL,                                                                            \
		  "show all columns" },                                                            \
		{ 'n',	"noheadings", OPTION_FLAG,  offsetof(struct STRUCT, listing.noheadings),   \
		  NULL, NULL,	      "no headings" },                                             \
		{ 'r',                                                                             \
		  "raw",                                                                           \
		  OPTION_FLAG,                                                                     \
		  offsetof(struct STRUCT, listing.raw),                                            \
		  NULL,                                                                            \
		  NULL,                                                                            \
		  "one space between fields, spaces within as \\x20" },                            \
		{ 'u',                                                                             \
		  "notruncate",                                                                    \
		  OPTION_FLAG,                                                                     \
		  offsetof(struct STRUCT, listing.notruncate),                                     \
		  NULL,                                                                            \
		  NULL,                                                                            \
		  "do not cut text to make it fit" },                                              \
		{ 't',	      "type",  OPTION_TEXT, offsetof(struct STRUCT, listing.types),        \
		  "TYPE,...", "types", TYPE_HELP },                                                \
		{ 'Q',                                                                             \
		  "filter",                                                                        \
		  OPTION_TEXT,                                                                     \
		  offsetof(struct STRUCT, listing.filter),                                         \
		  "EXPR",                                                                          \
		  "filter",                                                                        \
		  "only rows where EXPR is true (nsview help filters)" },                          \
	{                                                                                          \
		'H', "list-columns", OPTION_FLAG, offsetof(struct STRUCT, listing.list_columns),   \
			NULL, NULL, "list the columns"                                             \
	}

/* The options understood. */
struct listing {
	enum table_format format;
	struct column_list columns;
	struct filter *filter; /* NULL: none */
	unsigned types;	       /* bits 1 << enum ns_type */
	unsigned needs;
};

/* Understands the options, before anything is scanned. listing_release also after a failure. */
int listing_init(struct listing *l, const struct listing_options *o,
		 const struct column_table *table, struct error *err);
void listing_release(struct listing *l);

/* Prints a column table: -H. */
int listing_print_columns(const struct column_table *table);

/* Prints the rows in the format asked for. */
void listing_print(const struct listing *l, const struct listing_options *o, const struct view *v,
		   const char *key, const struct row *rows, size_t n, const long *parents,
		   size_t tree_column);

/* "pretty" or "lines"; TABLE_LAID_OUT where word is NULL. */
int json_format_parse(const char *word, enum table_format *out, struct error *err);

/* "net,user" as bits, all where list is NULL. */
int types_parse(const char *list, unsigned *out, struct error *err);

#endif
