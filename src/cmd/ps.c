/* SPDX-License-Identifier: MIT */
/* `nsview ps`: processes × namespace types: what each shares with the host and with each other. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "listing.h"

struct ps_options {
	struct listing_options listing;
	bool all;
};

static const struct option_spec ps_option_table[] = {
	{ 'a', "all", OPTION_FLAG, offsetof(struct ps_options, all), NULL, NULL,
	  "every process, not a row per set of namespaces" },
	LISTING_OPTIONS(ps_options, "only rows outside the host's namespaces of a TYPE"),
	{ 0 },
};

static void mark_selection(const struct view *v, bool seen)
{
	for (size_t i = 0; i < v->sel.nnamespaces; i++)
		v->sel.namespaces[i]->seen = seen;
	for (size_t i = 0; i < v->sel.nprocesses; i++)
		v->sel.processes[i]->seen = seen;
}

static bool is_selected(const struct process *p)
{
	for (int link = 0; link < NS_TYPES; link++)
		if (p->set->ns[link] && p->set->ns[link]->seen)
			return true;
	return p->seen;
}

/* A namespace as target stands for its members. */
static size_t choose(const struct view *v, struct process **out)
{
	const struct graph *g = v->graph;
	size_t n = 0;

	mark_selection(v, true);
	for (size_t i = 0; i < g->nprocesses; i++)
		if (!v->selected || is_selected(g->processes[i]))
			out[n++] = g->processes[i];
	mark_selection(v, false);
	return n;
}

/* With -t: the processes that are in a namespace of such a type which is not the reference's. */
static bool differs_in(const struct matrix_row *row, unsigned types)
{
	if (types == (1U << NS_TYPES) - 1)
		return true;
	for (int type = 0; type < NS_TYPES; type++)
		if ((types >> type & 1) && row->cell[type].ns && !row->cell[type].host)
			return true;
	return false;
}

static struct process **row_processes(const struct matrix *m)
{
	struct process **list = malloc((m->n + 1) * sizeof(struct process *));

	if (!list)
		die("out of memory");
	/* The matrix borrows what the graph owns and this command may fill in. */
	for (size_t i = 0; i < m->n; i++)
		list[i] = (struct process *)m->rows[i].process;
	return list;
}

static bool print_rows(struct view *v, const struct listing *l, const struct ps_options *o)
{
	struct process **list = malloc((v->graph->nprocesses + 1) * sizeof(struct process *));
	struct process **leads;
	struct matrix m = { 0 };
	struct row *rows;
	size_t n, kept = 0;

	if (!list)
		die("out of memory");
	n = choose(v, list);
	/* Twice: which processes lead a row is known before, what they are only after the reading.
	 */
	matrix_build(&m, v->graph, list, n, !o->all);
	leads = row_processes(&m);
	view_read_processes(v, leads, m.n, l->needs | NEED_IDENTITY);
	matrix_release(&m);
	matrix_build(&m, v->graph, list, n, !o->all);
	rows = calloc(m.n + 1, sizeof(*rows));
	if (!rows)
		die("out of memory");
	for (size_t i = 0; i < m.n; i++) {
		rows[kept] = (struct row){ .graph = v->graph,
					   .process = m.rows[i].process,
					   .matrix = &m };
		kept += differs_in(&m.rows[i], l->types) && view_passes(v, l->filter, &rows[kept]);
	}
	if (kept || l->format == TABLE_JSON)
		listing_print(l, &o->listing, v, "processes", rows, kept, NULL, 0);
	free(rows);
	matrix_release(&m);
	free(leads);
	free(list);
	return kept > 0;
}

/* -a: the members singly, with their PID inside. */
static const char *const all_columns =
	"PID,NSPID,USER,ns_user,ns_pid,ns_net,ns_mnt,ns_uts,ns_ipc,ns_cgroup,ns_time,WHO";

static int run(const struct invocation *inv)
{
	const struct ps_options *o = inv->options;
	struct column_table columns = process_columns;
	struct listing listing = { 0 };
	struct view view = { 0 };
	struct error err = { 0 };
	int ret, status = EXIT_TROUBLE;

	if (o->listing.list_columns)
		return listing_print_columns(&process_columns);
	if (o->all)
		columns.defaults = all_columns;
	ret = listing_init(&listing, &o->listing, &columns, &err);
	if (ret == 0)
		ret = view_open(&view, inv, inv->args, inv->nargs,
				listing.needs | (o->all ? NEED_EVERY_PROCESS : 0), &err);
	if (ret < 0)
		report(&err);
	else
		status = view_finish(&view, print_rows(&view, &listing, o));
	view_close(&view);
	listing_release(&listing);
	return status;
}

const struct command command_ps = {
	.name = "ps",
	.args = "[TARGET...]",
	.summary = "show which processes share which namespaces",
	.text = "One row per distinct set of namespaces, one letter per distinct namespace; = is "
		"the "
		"host's,\n=! is shared with the host by a container.",
	.options = ps_option_table,
	.options_size = sizeof(struct ps_options),
	.columns = &process_columns,
	.complete = "target",
	.run = run,
};
