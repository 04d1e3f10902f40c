/* SPDX-License-Identifier: MIT */
/*
 * The trees of `nsview tree` as JSON: a flat list, parents before children, each node with its
 * parent's number. Not nested, since anyone can nest processes deeper than a JSON reader goes.
 */
#include <errno.h>
#include <string.h>

#include <nsview/render.h>

#include "tree.h"

static const char *const kinds[] = {
	[FOREST_NS] = "namespace",
	[FOREST_PROCESS] = "process",
	[FOREST_UNSEEN] = "unknown",
};

static const char *const by_names[] = {
	[TREE_USER] = "user",
	[TREE_PID] = "pid",
	[TREE_PROCESS] = "process",
};

/* Columns by their keys. */
static const char *const ns_keys[] = { "ns",	"type", "nprocs", "pid", "held",
				       "nhold", "who",	"host",	  NULL };
static const char *const user_keys[] = { "owner_uid", "uid_map", "gid_map", NULL };
static const char *const process_keys[] = { "pid",     "ppid",	   "nspid", "comm",
					    "command", "identity", "error", NULL };

static void write_keys(struct json *j, const struct column_table *table, const char *const *keys,
		       const struct row *row, struct value *scratch)
{
	for (; *keys; keys++)
		document_cell(j, column_find(table, *keys, strlen(*keys)), row, scratch);
}

static void write_with(struct json *j, const struct forest_node *node)
{
	json_begin_array(j, "with");
	for (size_t i = 0; i < node->nwith; i++) {
		json_begin_object(j, NULL);
		json_uint(j, "ns", node->with[i]->ino);
		json_str(j, "type", ns_types[node->with[i]->type].name);
		json_end_object(j);
	}
	json_end_array(j);
}

static void write_differs(struct json *j, unsigned differs)
{
	json_begin_array(j, "differs");
	for (int type = 0; type < NS_TYPES; type++)
		if (differs & 1u << type)
			json_str(j, NULL, ns_types[type].name);
	json_end_array(j);
}

static void write_content(struct json *j, const struct graph *g, const struct forest_node *node,
			  struct value *scratch)
{
	const struct row row = { .graph = g, .ns = node->ns, .process = node->process };

	switch (node->kind) {
	case FOREST_NS:
		write_keys(j, &ns_columns, ns_keys, &row, scratch);
		if (node->ns->type == NS_USER)
			write_keys(j, &ns_columns, user_keys, &row, scratch);
		write_with(j, node);
		break;
	case FOREST_PROCESS:
		write_keys(j, &process_columns, process_keys, &row, scratch);
		json_uint(j, "nprocs", node->nprocs);
		json_bool(j, "zombie", node->process->zombie);
		write_differs(j, node->differs);
		break;
	case FOREST_UNSEEN:
		json_str(j, "why", fact_why(node->why));
		break;
	}
}

static void write_node(struct json *j, const struct graph *g, const struct forest *f, size_t at,
		       struct value *scratch)
{
	const struct forest_node *node = &f->nodes[at];

	json_begin_object(j, NULL);
	json_uint(j, "node", at);
	if (node->parent < 0)
		json_none(j, "parent_node");
	else
		json_int(j, "parent_node", node->parent);
	json_uint(j, "depth", node->depth);
	json_str(j, "kind", kinds[node->kind]);
	write_content(j, g, node, scratch);
	json_end_object(j);
}

ssize_t tree_json(const struct term *t, const struct graph *g, enum tree_by by,
		  const struct tree_selection *sel)
{
	struct json j = { .out = t->out, .pretty = true };
	struct value scratch = VALUE_INIT;
	struct forest forest;
	size_t n;

	forest_build(&forest, g, by, sel);
	document_begin(&j, g);
	json_str(&j, "by", by_names[by]);
	json_begin_array(&j, "nodes");
	for (size_t i = 0; i < forest.n; i++)
		write_node(&j, g, &forest, i, &scratch);
	json_end_array(&j);
	document_end(&j);
	value_release(&scratch);
	n = forest.n;
	forest_release(&forest);
	return ferror(t->out) ? -EIO : (ssize_t)n;
}
