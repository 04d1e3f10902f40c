/* SPDX-License-Identifier: MIT */
/* `nsview who`: everything that keeps a namespace alive; and what leaks. */
#include <errno.h>
#include <stdlib.h>

#include <nsview/hold.h>
#include <nsview/leak.h>
#include <nsview/partial.h>

#include "listing.h"

struct who_options {
	const char *json;
	bool all;
	bool leaked;
	bool peek;
};

static const struct option_spec who_option_table[] = {
	{ 'a', "all", OPTION_FLAG, offsetof(struct who_options, all), NULL, NULL,
	  "every reference, also where there are many of a kind" },
	{ 'J', "json", OPTION_OPTIONAL, offsetof(struct who_options, json), "FORMAT", "pretty",
	  "JSON, one document" },
	{ 0, "leaked", OPTION_FLAG, offsetof(struct who_options, leaked), NULL, NULL,
	  "list namespaces that only something unexpected keeps, and dead names" },
	{ 0, "peek", OPTION_FLAG, offsetof(struct who_options, peek), NULL, NULL,
	  "duplicate descriptors that are in sockets' queues, to see what they are" },
	{ 0 },
};

enum { NEEDS_OF_NAMES = NEED_COMM | NEED_CMDLINE | NEED_IDENTITY };

/* Namespaces that rows name: those that need it, and those that its mounts are in. */
static size_t named_in(const struct reference_list *list, struct ns **out)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++) {
		const struct reference *ref = &list->at[i];

		if (ref->ns)
			out[n++] = (struct ns *)ref->ns;
		else if (ref->holder && ref->holder->mnt)
			out[n++] = ref->holder->mnt;
	}
	return n;
}

void view_read_references(struct view *v, const struct ns *ns)
{
	struct reference_list list;
	struct process **processes;
	struct ns **named;
	size_t n = 0;

	references_find(v->graph, ns, &list);
	processes = calloc(list.n + 1, sizeof(struct process *));
	named = calloc(list.n + 1, sizeof(struct ns *));
	if (!processes || !named)
		die("out of memory");
	for (size_t i = 0; i < list.n; i++)
		if (list.at[i].process)
			processes[n++] = (struct process *)list.at[i].process;
	view_read_processes(v, processes, n, NEED_COMM);
	/* Whose status nobody takes, and which is the init. */
	for (size_t i = 0; i < n; i++)
		if (processes[i]->zombie || processes[i] == ns->lead)
			view_read_processes(v, &processes[i], 1, NEED_STAT | NEED_STATUS);
	view_read_ns(v, named, named_in(&list, named), NEEDS_OF_NAMES);
	free(named);
	free(processes);
	references_release(&list);
}

/* A process stands for the namespaces that it is in. */
static void add_processes(struct view *v)
{
	for (size_t i = 0; i < v->sel.nprocesses; i++)
		for (int type = 0; type < NS_TYPES; type++)
			if (v->sel.processes[i]->set->ns[type])
				selection_add_ns(&v->sel, v->sel.processes[i]->set->ns[type]);
}

/* Whether something that has a name holds each. */
static bool all_held(const struct view *v)
{
	bool held = v->sel.nnamespaces > 0;

	for (size_t i = 0; i < v->sel.nnamespaces; i++) {
		const struct ns *ns = v->sel.namespaces[i];

		held = held && (ns->initial || ns_held(ns) != HOLD_KERNEL);
	}
	return held;
}

static int who(struct view *v, const struct who_options *o, enum table_format format)
{
	int status;

	add_processes(v);
	for (size_t i = 0; i < v->sel.nnamespaces; i++)
		view_read_references(v, v->sel.namespaces[i]);
	if (format != TABLE_LAID_OUT)
		who_json(&v->term, v->graph, v->sel.namespaces, v->sel.nnamespaces);
	else
		who_print(&v->term, v->graph, v->sel.namespaces, v->sel.nnamespaces, o->all);
	status = view_finish(v, v->sel.nnamespaces > 0);
	return status == EXIT_YES && !all_held(v) ? EXIT_UNSURE : status;
}

static void read_leaks(struct view *v)
{
	struct graph *g = v->graph;
	const struct ns **leaks = calloc(g->nnamespaces + 1, sizeof(struct ns *));
	struct process **processes = calloc(g->nnamespaces + 1, sizeof(struct process *));
	size_t nprocesses = 0, n;

	if (!leaks || !processes)
		die("out of memory");
	n = leaks_find(g, leaks);
	for (size_t i = 0; i < n; i++) {
		struct ns *ns = (struct ns *)leaks[i];
		const struct holder *by;

		view_read_ns(v, &ns, 1, NEED_ID);
		leak_judge(g, ns, &by);
		if (by && by->process)
			processes[nprocesses++] = by->process;
		if (by && by->mnt)
			view_read_ns(v, (struct ns *const *)&by->mnt, 1, NEEDS_OF_NAMES);
	}
	view_read_processes(v, processes, nprocesses, NEED_COMM);
	for (size_t i = 0; i < g->nnamespaces; i++)
		if (g->namespaces[i]->type == NS_USER)
			view_read_ns(v, &g->namespaces[i], 1, NEED_OWNER_UID);
	free(processes);
	free(leaks);
}

static int leaked(struct view *v, enum table_format format)
{
	size_t n;
	int status;

	read_leaks(v);
	n = format == TABLE_LAID_OUT ? leaked_print(&v->term, v->graph)
				     : leaked_json(&v->term, v->graph);
	status = view_finish(v, n > 0);
	/* Whether there is none hangs on what was not seen. */
	return status == EXIT_NO && view_is_partial(v->graph) ? EXIT_UNSURE : status;
}

static int check_usage(const struct invocation *inv, struct error *err)
{
	const struct who_options *o = inv->options;

	if (o->leaked && inv->nargs)
		return error_set(err, -EINVAL, "--leaked looks at everything: it takes no target");
	if (!o->leaked && !inv->nargs)
		return error_set(err, -EINVAL,
				 "who needs a target, or --leaked; see nsview help "
				 "targets");
	return 0;
}

/*
 * A namespace that is not there is held by nothing, which is an answer, as long as nothing was
 * left out of sight. What no process, mount or descriptor leads to only the kernel's lists have.
 */
static int not_found(struct view *v, const struct invocation *inv, const struct error *err)
{
	const struct completeness *c;
	struct target t;
	struct error ignored = { 0 };

	report(err);
	if (err->code != -ENOENT || !v->graph || inv->nargs != 1 ||
	    target_parse(inv->args[0], &t, &ignored) < 0 || t.kind != TARGET_NS)
		return EXIT_TROUBLE;
	c = &v->graph->completeness;
	if (!c->by_kernel && !inv->global.quiet)
		fputs("nsview: it is gone, or nothing leads to it that /proc shows\n", stderr);
	if (c->unread_queued && !inv->global.quiet)
		fprintf(stderr,
			"nsview: %u descriptor%s in sockets' queues %s not looked at: --peek "
			"does\n",
			c->unread_queued, c->unread_queued == 1 ? "" : "s",
			c->unread_queued == 1 ? "was" : "were");
	return view_is_partial(v->graph) ? view_finish(v, false), EXIT_UNSURE : EXIT_NO;
}

static int run(const struct invocation *inv)
{
	const struct who_options *o = inv->options;
	unsigned needs = NEED_HOLDERS | NEED_SOCKETS | (o->peek ? NEED_PEEK : 0) |
			 (o->leaked ? NEED_NAMES : 0);
	struct view view = { 0 };
	struct error err = { 0 };
	enum table_format format;
	int status;
	int ret = json_format_parse(o->json, &format, &err);

	if (ret == 0)
		ret = check_usage(inv, &err);
	if (ret == 0)
		ret = view_open(&view, inv, inv->args, inv->nargs, needs, &err);
	if (ret < 0)
		status = not_found(&view, inv, &err);
	else
		status = o->leaked ? leaked(&view, format) : who(&view, o, format);
	view_close(&view);
	return status;
}

const struct command command_who = {
	.name = "who",
	.args = "TARGET",
	.summary = "tell everything that keeps a namespace alive",
	.options = who_option_table,
	.options_size = sizeof(struct who_options),
	.complete = "target",
	.run = run,
};
