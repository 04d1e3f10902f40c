/* SPDX-License-Identifier: MIT */
/* `nsview show`: everything about a namespace or a process. */
#include <errno.h>
#include <stdlib.h>

#include "netview.h"

struct show_options {
	const char *json;
};

static const struct option_spec show_option_table[] = {
	{ 'J', "json", OPTION_OPTIONAL, offsetof(struct show_options, json), "FORMAT", "pretty",
	  "JSON, one document" },
	{ 0 },
};

static unsigned needs_of(const struct selection *sel)
{
	unsigned needs = show_process_needs();

	for (size_t i = 0; i < sel->nnamespaces; i++)
		needs |= show_needs(sel->namespaces[i]->type);
	return needs;
}

/* The members that a namespace's page names, and whoever else it mentions. */
static void read_members(struct view *v, unsigned needs)
{
	const struct graph *g = v->graph;
	struct process **list = malloc((g->nprocesses + 1) * sizeof(struct process *));
	size_t n = 0;

	if (!list)
		die("out of memory");
	for (size_t i = 0; i < v->sel.nnamespaces; i++) {
		struct process *p = NULL;

		for (size_t shown = 0; shown < SHOW_MEMBERS && n < g->nprocesses; shown++) {
			p = ns_next_member(g, v->sel.namespaces[i], p);
			if (!p)
				break;
			list[n++] = p;
		}
	}
	view_read_processes(v, list, n, needs);
	free(list);
}

/* Pages name the parent of a process, and who holds a namespace by a descriptor. */
static void read_mentioned(struct view *v)
{
	const struct graph *g = v->graph;
	struct process **list = calloc(g->nprocesses + 1, sizeof(struct process *));
	size_t n = 0;

	if (!list)
		die("out of memory");
	for (size_t i = 0; i < v->sel.nprocesses; i++) {
		const struct process_facts *f = v->sel.processes[i]->facts;
		struct process *parent = NULL;

		if (f && fact_is_known(f->ppid.fact))
			parent = graph_process(g, (pid_t)f->ppid.num);
		if (parent && n < g->nprocesses)
			list[n++] = parent;
	}
	for (size_t i = 0; i < v->sel.nnamespaces; i++)
		for (const struct holder *h = v->sel.namespaces[i]->holders; h; h = h->next)
			if (h->process && n < g->nprocesses)
				list[n++] = h->process;
	view_read_processes(v, list, n, NEED_COMM | NEED_CMDLINE | NEED_IDENTITY);
	free(list);
}

/* Pages name other namespaces by who leads them: owners, parents, and those of a process. */
static size_t list_mentioned(const struct view *v, struct ns **out, size_t room)
{
	size_t n = 0;

	for (size_t i = 0; i < v->sel.nnamespaces; i++) {
		const struct ns *ns = v->sel.namespaces[i];

		if (ns->owner && n < room)
			out[n++] = ns->owner;
		for (int level = 0; ns->parent && level < PROC_LEVELS && n < room; level++)
			out[n++] = (struct ns *)(ns = ns->parent);
	}
	for (size_t i = 0; i < v->sel.nprocesses; i++)
		for (int link = 0; link < NS_LINKS && n < room; link++)
			if (v->sel.processes[i]->set->ns[link])
				out[n++] = v->sel.processes[i]->set->ns[link];
	return n;
}

void view_read_pages(struct view *v)
{
	const struct selection *sel = &v->sel;
	size_t room = sel->nnamespaces * (PROC_LEVELS + 1) + sel->nprocesses * NS_LINKS;
	struct ns **mentioned = calloc(room + 1, sizeof(struct ns *));
	unsigned needs = needs_of(sel);

	if (!mentioned)
		die("out of memory");
	view_read_processes(v, sel->processes, sel->nprocesses, needs);
	view_read_ns(v, sel->namespaces, sel->nnamespaces, needs);
	read_members(v, needs);
	read_mentioned(v);
	/* Who is in one can be asked for its mounts by anybody; where nobody is, the page tells. */
	for (size_t i = 0; i < sel->nnamespaces; i++)
		if (sel->namespaces[i]->type == NS_MNT && !sel->namespaces[i]->nprocs)
			view_read_ns(v, &sel->namespaces[i], 1, NEED_MOUNT_LIST);
	view_read_ns(v, mentioned, list_mentioned(v, mentioned, room),
		     NEED_COMM | NEED_CMDLINE | NEED_IDENTITY | NEED_UID | NEED_INIT_ENDED);
	free(mentioned);
}

static void print_pages(const struct view *v)
{
	const struct selection *sel = &v->sel;
	bool more = false;

	for (size_t i = 0; i < sel->nnamespaces; i++) {
		fputs(more ? "\n" : "", stdout);
		show_ns(&v->term, v->graph, sel->namespaces[i]);
		more = true;
	}
	for (size_t i = 0; i < sel->nprocesses; i++) {
		fputs(more ? "\n" : "", stdout);
		show_process(&v->term, v->graph, sel->processes[i]);
		more = true;
	}
}

/* Of a copy of /proc there is none, and the page has what that tells. */
static void read_networks(struct view *v, unsigned what)
{
	const struct selection *sel = &v->sel;
	bool any = false;

	for (size_t i = 0; i < sel->nnamespaces; i++)
		any = any || sel->namespaces[i]->type == NS_NET;
	if (any)
		netview_attach(v, NET_LINKS, what, sel->namespaces, sel->nnamespaces, NULL);
}

static int show(const struct invocation *inv, struct view *v, enum table_format format)
{
	struct pager pager;

	read_networks(v, format == TABLE_LAID_OUT ? NET_LINKS | NET_ADDRS | NET_ROUTES | NET_SOCKETS
						  : NET_ALL);
	view_read_pages(v);
	if (format != TABLE_LAID_OUT) {
		show_json(&v->term, v->graph, v->sel.namespaces, v->sel.nnamespaces,
			  v->sel.processes, v->sel.nprocesses);
		return view_finish(v, true);
	}
	pager = pager_start(&inv->global);
	print_pages(v);
	pager_end(&pager);
	return view_finish(v, true);
}

static int run(const struct invocation *inv)
{
	const struct show_options *o = inv->options;
	struct view view = { 0 };
	struct error err = { 0 };
	enum table_format format;
	int status = EXIT_TROUBLE;
	int ret = json_format_parse(o->json, &format, &err);

	if (ret == 0 && !inv->nargs)
		ret = error_set(&err, -EINVAL, "show needs a target; see nsview help targets");
	if (ret == 0)
		ret = view_open(&view, inv, inv->args, inv->nargs, NEED_HOLDERS | NEED_SOCKETS,
				&err);
	if (ret < 0)
		report(&err);
	else
		status = show(inv, &view, format);
	view_close(&view);
	return status;
}

const struct command command_show = {
	.name = "show",
	.args = "TARGET...",
	.summary = "tell everything about a namespace or a process",
	.options = show_option_table,
	.options_size = sizeof(struct show_options),
	.complete = "target",
	.run = run,
};
