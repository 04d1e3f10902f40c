/* SPDX-License-Identifier: MIT */
/* `nsview tree`: how namespaces nest: owners, pid namespaces, processes. */
#include <errno.h>
#include <string.h>

#include "listing.h"

struct tree_options {
	const char *by;
	const char *json;
};

static const struct option_spec tree_option_table[] = {
	{ 0, "by", OPTION_TEXT, offsetof(struct tree_options, by), "WHAT", "user|pid|process",
	  "user (who owns what, the default), pid or process" },
	{ 'J', "json", OPTION_OPTIONAL, offsetof(struct tree_options, json), "FORMAT", "pretty",
	  "JSON, one document" },
	{ 0 },
};

static int by_parse(const char *word, enum tree_by *out, struct error *err)
{
	static const char *const words[] = {
		[TREE_USER] = "user",
		[TREE_PID] = "pid",
		[TREE_PROCESS] = "process",
	};

	*out = TREE_USER;
	for (size_t i = 0; word && i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(word, words[i]) == 0) {
			*out = (enum tree_by)i;
			return 0;
		}
	return word ? error_set(err, -EINVAL, "--by takes user, pid or process, not \"%.64s\"",
				word)
		    : 0;
}

static int print_tree(struct view *v, enum tree_by by, enum table_format format)
{
	const struct graph *g = v->graph;
	const struct tree_selection sel = {
		.namespaces = v->sel.namespaces,
		.nnamespaces = v->sel.nnamespaces,
		.processes = v->sel.processes,
		.nprocesses = v->sel.nprocesses,
	};
	unsigned needs = tree_needs(by);
	ssize_t n;

	if (by == TREE_USER)
		view_read_ns(v, g->namespaces, g->nnamespaces, needs);
	else
		scan_processes(v->scan, v->graph, g->processes, g->nprocesses,
			       needs & NEEDS_OF_PROCESS);
	if (format == TABLE_LAID_OUT)
		n = tree_print(&v->term, g, by, &sel);
	else
		n = tree_json(&v->term, g, by, &sel);
	return view_finish(v, n != 0);
}

static int run(const struct invocation *inv)
{
	const struct tree_options *o = inv->options;
	struct view view = { 0 };
	struct error err = { 0 };
	enum table_format format;
	enum tree_by by;
	int status = EXIT_TROUBLE;
	int ret = by_parse(o->by, &by, &err);

	if (ret == 0)
		ret = json_format_parse(o->json, &format, &err);
	if (ret == 0)
		ret = view_open(&view, inv, inv->args, inv->nargs, tree_needs(by), &err);
	if (ret < 0)
		report(&err);
	else
		status = print_tree(&view, by, format);
	view_close(&view);
	return status;
}

const struct command command_tree = {
	.name = "tree",
	.args = "[TARGET...]",
	.summary = "show how namespaces nest: who owns, contains and started what",
	.options = tree_option_table,
	.options_size = sizeof(struct tree_options),
	.complete = "target",
	.run = run,
};
