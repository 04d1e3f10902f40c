/* SPDX-License-Identifier: MIT */
/*
 * THE column tables: one for namespaces, one for processes. Table, JSON, raw output, sort,
 * filter, --list-columns, completion and the man page check all read them.
 */
#ifndef NSVIEW_COLUMN_H
#define NSVIEW_COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <nsview/buffer.h>
#include <nsview/error.h>
#include <nsview/fact.h>
#include <nsview/graph.h>
#include <nsview/json.h>
#include <nsview/matrix.h>

enum value_kind {
	VALUE_TEXT,
	VALUE_UINT,
	VALUE_INT,
	VALUE_BOOL,
	VALUE_ID, /* a 64-bit id: number for sort and filter, string in JSON */
};

/* One cell. Untrusted text is not escaped yet. */
struct value {
	struct fact fact;
	enum value_kind kind;
	uint64_t num;	    /* VALUE_UINT, VALUE_ID, VALUE_BOOL (0 or 1) */
	int64_t signed_num; /* VALUE_INT */
	const char *text;   /* VALUE_TEXT: borrowed from the graph, or from scratch */
	size_t len;
	struct buffer scratch; /* owned; reused from cell to cell */
};
#define VALUE_INIT                                                                                 \
	{                                                                                          \
		.scratch = BUFFER_INIT                                                             \
	}
void value_release(struct value *v);

/*
 * Compares for sorting and filtering: numbers by size, text bytewise; unknown and none come
 * last. <0, 0, >0.
 */
int value_compare(const struct value *a, const struct value *b);

/* What a row is about; a namespace row has ns, a process row has process. */
struct row {
	const struct graph *graph;
	const struct ns *ns;
	const struct process *process;
	const void *item;	     /* of the tables of networks: the link, address, route ... */
	const struct matrix *matrix; /* process rows: the letters of `nsview ps`, else NULL */
};

struct column {
	const char *heading; /* "NS": unique; upper case, but for the types in `ps` */
	const char *key;     /* JSON key and name in filters: unique, snake_case */
	enum value_kind kind;
	bool right;	/* align to the right */
	bool elastic;	/* may be cut to fit the terminal */
	unsigned needs; /* NEED_* of scan.h: what it costs to obtain */
	void (*get)(const struct row *row, struct value *out);
	/* For values with structure (maps, paths): writes the JSON member itself. NULL: by kind. */
	void (*json)(const struct row *row, const char *key, struct json *j);
	const char *help; /* one line, for --list-columns and nsview-ls(1) */
};

struct column_table {
	const char *name;	      /* "ls", "ps" */
	const struct column *columns; /* ends with heading NULL */
	const char *defaults;	      /* "NS,TYPE,..." */
};
extern const struct column_table ns_columns;
extern const struct column_table process_columns;
/* What is in network namespaces; a row's ns is the namespace, its item as the name says. */
extern const struct column_table link_columns, addr_columns, route_columns, rule_columns,
	neigh_columns, socket_columns, firewall_columns;

/*
 * By key or heading, exactly, else with case ignored; a key goes before a heading. NULL if there
 * is none. (In `ps`, "user" is the login name, as in `ls`; the user namespace is "ns_user".)
 */
const struct column *column_find(const struct column_table *table, const char *name, size_t len);

enum { COLUMNS_MAX = 96 };

/*
 * The user namespace whose owner_uid stands in for UID and USER of a namespace that no task is in;
 * NULL where there is no need for it. Read NEED_OWNER_UID of it where NEED_UID is wanted.
 */
const struct ns *ns_uid_source(const struct ns *ns);

/* The columns chosen for an output, in order. */
struct column_list {
	const struct column *at[COLUMNS_MAX];
	size_t n;
};

/*
 * Parses "A,B,C" (replaces the defaults) or "+A,B" (adds to them). list NULL gives the defaults,
 * "all" in any case every column. -EINVAL with the nearest right word.
 */
int column_list_parse(const struct column_table *table, const char *list, struct column_list *out,
		      struct error *err);

/* NEED_* of all columns in the list. */
unsigned column_list_needs(const struct column_list *list);

/* Cell text for a person or raw output, unescaped, into v->text: "-" for none, "?" unknown. */
void value_display(struct value *v);

#endif
