/* SPDX-License-Identifier: MIT */
/* Rows and columns to words: laid-out table, raw, list, JSON; trees; the page of `show`. */
#ifndef NSVIEW_RENDER_H
#define NSVIEW_RENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <nsview/column.h>
#include <nsview/forest.h>
#include <nsview/json.h>
#include <nsview/term.h>
#include <nsview/verify.h>

enum table_format {
	TABLE_LAID_OUT, /* libsmartcols */
	TABLE_RAW,	/* -r: streamed, one space between words, nothing aligned or cut */
	TABLE_JSON,	/* one document, pretty */
	TABLE_LINES,	/* one JSON object a line */
};

struct table_options {
	enum table_format format;
	bool noheadings;
	bool notruncate;
	/* For a tree: index of the parent row of each row, -1 for roots; NULL: a flat table. */
	const long *parents;
	size_t tree_column; /* index into columns: which one carries the branches */
};

/*
 * Loads what lays tables out, for who wants to know in time whether one can be: table_print and
 * verify_print end the program where it is missing. -ELIBACC.
 */
int layout_load(struct error *err);

/* Prints rows as a table or, for TABLE_RAW and TABLE_LINES, streams them. */
int table_print(const struct term *t, const struct table_options *opt,
		const struct column_list *columns, const struct row *rows, size_t n);

/* {"schema":1,"host":{...},"completeness":{...},"KEY":[rows]} for TABLE_JSON. */
int document_print(const struct term *t, const struct graph *g, const char *key,
		   const struct column_list *columns, const struct row *rows, size_t n);

/* Parts of a document, for commands that write rows of another shape. */
void document_begin(struct json *j, const struct graph *g);
void document_end(struct json *j);
/* One cell as a member; the row's columns as the members of an open object. */
void document_cell(struct json *j, const struct column *c, const struct row *row,
		   struct value *scratch);

/*
 * The page of `nsview show`: all that is known of one namespace or process, and why the rest is
 * not. Of a namespace's members the first SHOW_MEMBERS are told in words; what was not read of
 * other nodes that a page mentions is left out. Of a network namespace there are the links, routes
 * and listeners of graph.net, if there is one. 0 or -errno of the output.
 */
enum { SHOW_MEMBERS = 20 };
int show_ns(const struct term *t, const struct graph *g, const struct ns *ns);
int show_process(const struct term *t, const struct graph *g, const struct process *p);
/* The page of a link of graph.net, in the network namespace ns. */
struct net_link;
int show_link(const struct term *t, const struct graph *g, const struct ns *ns,
	      const struct net_link *link);
int show_json(const struct term *t, const struct graph *g, struct ns *const *nss, size_t nns,
	      struct process *const *processes, size_t nprocesses);

/*
 * `nsview who`: everything that keeps a namespace alive. Needs NEED_COMM of the processes that
 * hold it, what who_namespace needs of the namespaces that are named, NEED_STAT and NEED_STATUS of
 * its members. all: also what is many. 0 or -errno of the output.
 */
int who_print(const struct term *t, const struct graph *g, struct ns *const *nss, size_t n,
	      bool all);
int who_json(const struct term *t, const struct graph *g, struct ns *const *nss, size_t n);
/* `nsview who --leaked`; returns how many namespaces and names there are. See leak.h for needs. */
size_t leaked_print(const struct term *t, const struct graph *g);
size_t leaked_json(const struct term *t, const struct graph *g);

/* What `nsview enter --verify` has found. 0 or -errno of the output. */
int verify_print(const struct term *t, const struct verify_row *rows, size_t n);
int verify_json(const struct term *t, const struct verify_row *rows, size_t n, bool pretty);

/* The trees of `nsview tree`. sel may be NULL for everything. The number of nodes, or -errno. */
ssize_t tree_print(const struct term *t, const struct graph *g, enum tree_by by,
		   const struct tree_selection *sel);
ssize_t tree_json(const struct term *t, const struct graph *g, enum tree_by by,
		  const struct tree_selection *sel);

/* The wiring picture of `nsview net`. Needs NEED_COMM and NEED_IDENTITY of each ns_subject. */
struct wiring;
int net_print(const struct term *t, const struct graph *g, const struct wiring *w);
/* The same picture for other programs, and as SVG that stands alone. */
enum net_graph_kind { NET_GRAPH_DOT, NET_GRAPH_SVG, NET_GRAPH_MERMAID };
int net_graph(const struct term *t, const struct graph *g, const struct wiring *w,
	      enum net_graph_kind kind);
/* The same and all else that was read of those in list, as JSON; all wires. */
struct net;
struct net_ns;
int net_json(const struct term *t, const struct graph *g, const struct net *net,
	     struct net_ns *const *list, size_t n);

/* The answer of `nsview why`; probe: what came of trying it, NULL. 0 or -errno of the output. */
struct why;
struct why_question;
int why_print(const struct term *t, const struct net *net, const struct why_question *q,
	      const struct why *why, const char *probe);
int why_json(const struct term *t, const struct net *net, const struct why_question *q,
	     const struct why *why, const char *probe);

/*
 * NEED_* that they read: of the namespaces and processes shown, of the first SHOW_MEMBERS members
 * of a namespace shown, and of the ns_subject of every namespace named. TREE_PID and TREE_PROCESS
 * show all processes. NEED_HOLDERS is among them where holders are told.
 */
unsigned show_needs(enum ns_type type);
unsigned show_process_needs(void);
unsigned tree_needs(enum tree_by by);

#endif
