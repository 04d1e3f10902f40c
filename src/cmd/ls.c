/* SPDX-License-Identifier: MIT */
/* `nsview ls`: namespaces, one row each. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/nearest.h>

#include "listing.h"

struct ls_options {
	struct listing_options listing;
	const char *pid;
	const char *tree;
	bool list;
	bool persistent;
};

static const struct option_spec ls_option_table[] = {
	LISTING_OPTIONS(ls_options, "only these types of namespace"),
	{ 'p', "task", OPTION_TEXT, offsetof(struct ls_options, pid), "PID", "pid",
	  "only the namespaces of this process" },
	{ 'P', "persistent", OPTION_FLAG, offsetof(struct ls_options, persistent), NULL, NULL,
	  "only those without processes; searches mounts, fds" },
	{ 'T', "tree", OPTION_OPTIONAL, offsetof(struct ls_options, tree), "REL",
	  "parent|owner|process", "a tree by REL: owner (default), parent or process" },
	{ 'l', "list", OPTION_FLAG, offsetof(struct ls_options, list), NULL, NULL,
	  "a list, not a tree, also where -T is given" },
	{ 0 },
};

enum relation { REL_NONE, REL_OWNER, REL_PARENT, REL_PROCESS };

static int relation_parse(const char *word, enum relation *out, struct error *err)
{
	static const char *const words[] = {
		[REL_OWNER] = "owner",
		[REL_PARENT] = "parent",
		[REL_PROCESS] = "process",
	};

	*out = word ? REL_OWNER : REL_NONE;
	if (!word || !*word)
		return 0;
	for (size_t i = REL_OWNER; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(word, words[i]) == 0) {
			*out = (enum relation)i;
			return 0;
		}
	return error_set(err, -EINVAL, "--tree takes owner, parent or process, not \"%.64s\"",
			 word);
}

/* Marks what the targets stand for; a process stands for the namespaces that it is in. */
static void mark_selection(const struct view *v, bool seen)
{
	for (size_t i = 0; i < v->sel.nnamespaces; i++)
		v->sel.namespaces[i]->seen = seen;
	for (size_t i = 0; i < v->sel.nprocesses; i++)
		for (int type = 0; type < NS_TYPES; type++) {
			struct ns *ns = v->sel.processes[i]->set->ns[type];

			if (ns)
				ns->seen = seen;
		}
}

static size_t choose(const struct view *v, const struct listing *l, bool persistent,
		     struct ns **out)
{
	const struct graph *g = v->graph;
	size_t n = 0;

	mark_selection(v, true);
	for (size_t i = 0; i < g->nnamespaces; i++) {
		struct ns *ns = g->namespaces[i];

		if ((l->types >> ns->type & 1) && !(persistent && ns->nprocs) &&
		    (!v->selected || ns->seen))
			out[n++] = ns;
	}
	mark_selection(v, false);
	return n;
}

static int compare_ns(const void *a, const void *b)
{
	const struct ns *x = *(const struct ns *const *)a;
	const struct ns *y = ((const struct row *)b)->ns;

	if (x->type != y->type)
		return x->type < y->type ? -1 : 1;
	return x->ino < y->ino ? -1 : x->ino > y->ino;
}

/* Rows are sorted as the graph is: by type and inode. */
static long row_of(const struct row *rows, size_t n, const struct ns *ns)
{
	const struct row *at = ns ? bsearch(&ns, rows, n, sizeof(*rows), compare_ns) : NULL;

	return at ? at - rows : -1;
}

/* For --tree=process: the namespace of the same type that the lead's parent process is in. */
static const struct ns *above_by_process(const struct graph *g, const struct ns *ns)
{
	const struct process *p = ns->lead;

	for (int hops = 0; p && hops < 1000; hops++) {
		if (!p->facts || !fact_is_known(p->facts->ppid.fact))
			return NULL;
		p = graph_process(g, (pid_t)p->facts->ppid.num);
		if (p && p->set->ns[ns->type] && p->set->ns[ns->type] != ns)
			return p->set->ns[ns->type];
	}
	return NULL;
}

static const struct ns *above(const struct graph *g, const struct ns *ns, enum relation rel)
{
	if (rel == REL_PROCESS)
		return above_by_process(g, ns);
	return rel == REL_PARENT ? ns->parent : ns->owner;
}

/* Rows whose parents form a ring would hang below nothing: one of them becomes a root. */
static void cut_rings(long *parents, size_t n)
{
	size_t *walk = calloc(n + 1, sizeof(*walk)); /* number of the walk that met a row */

	if (!walk)
		die("out of memory");
	for (size_t i = 0; i < n; i++) {
		long at = (long)i;

		while (at >= 0 && !walk[at]) {
			walk[at] = i + 1;
			if (parents[at] >= 0 && walk[parents[at]] == i + 1)
				parents[at] = -1;
			at = parents[at];
		}
	}
	free(walk);
}

static long *tree_parents(const struct graph *g, const struct row *rows, size_t n,
			  enum relation rel)
{
	long *parents;

	if (rel == REL_NONE)
		return NULL;
	parents = calloc(n + 1, sizeof(*parents));
	if (!parents)
		die("out of memory");
	for (size_t i = 0; i < n; i++)
		parents[i] = row_of(rows, n, above(g, rows[i].ns, rel));
	cut_rings(parents, n);
	return parents;
}

static size_t column_at(const struct column_list *list, const char *heading)
{
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(list->at[i]->heading, heading) == 0)
			return i;
	return 0;
}

static bool print_rows(struct view *v, const struct listing *l, const struct ls_options *o,
		       enum relation rel)
{
	size_t n, kept = 0;
	struct ns **list = malloc((v->graph->nnamespaces + 1) * sizeof(struct ns *));
	struct row *rows = calloc(v->graph->nnamespaces + 1, sizeof(*rows));
	long *parents;

	if (!list || !rows)
		die("out of memory");
	n = choose(v, l, o->persistent, list);
	if (rel == REL_PROCESS)
		scan_processes(v->scan, v->graph, v->graph->processes, v->graph->nprocesses,
			       NEED_STAT);
	view_read_ns(v, list, n, l->needs);
	for (size_t i = 0; i < n; i++) {
		rows[kept] = (struct row){ .graph = v->graph, .ns = list[i] };
		kept += view_passes(v, l->filter, &rows[kept]);
	}
	parents = o->list ? NULL : tree_parents(v->graph, rows, kept, rel);
	if (kept || l->format == TABLE_JSON)
		listing_print(l, &o->listing, v, "namespaces", rows, kept, parents,
			      column_at(&l->columns, "NS"));
	free(parents);
	free(rows);
	free(list);
	return kept > 0;
}

static int run(const struct invocation *inv)
{
	const struct ls_options *o = inv->options;
	struct listing listing = { 0 };
	struct view view = { 0 };
	struct error err = { 0 };
	enum relation rel = REL_NONE;
	char *pid[] = { (char *)o->pid, NULL };
	int ret, status = EXIT_TROUBLE;

	if (o->listing.list_columns)
		return listing_print_columns(&ns_columns);
	ret = listing_init(&listing, &o->listing, &ns_columns, &err);
	if (ret == 0)
		ret = relation_parse(o->tree, &rel, &err);
	if (ret == 0 && o->pid && inv->nargs)
		ret = error_set(&err, -EINVAL, "-p is a target too: give one or the other");
	if (ret == 0)
		ret = view_open(&view, inv, o->pid ? pid : inv->args, o->pid ? 1 : inv->nargs,
				listing.needs | (o->persistent ? NEED_HOLDERS | NEED_SOCKETS : 0),
				&err);
	if (ret < 0)
		report(&err);
	else
		status = view_finish(&view, print_rows(&view, &listing, o, rel));
	view_close(&view);
	listing_release(&listing);
	return status;
}

const struct command command_ls = {
	.name = "ls",
	.args = "[TARGET...]",
	.summary = "list namespaces, one row each",
	.options = ls_option_table,
	.options_size = sizeof(struct ls_options),
	.columns = &ns_columns,
	.complete = "target",
	.run = run,
};
