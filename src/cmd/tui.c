/* SPDX-License-Identifier: MIT */
/* `nsview tui`: the interactive view. Gives it a host to read, as the other commands read it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/tui.h>

#include "netview.h"

struct tui_options_given {
	const char *interval;
	const char *filter;
	const char *columns;
	bool tree;
	bool readonly;
	bool mouse;
	const char *tab;
};

static const struct option_spec tui_option_table[] = {
	{ 'i', "interval", OPTION_TEXT, offsetof(struct tui_options_given, interval), "SECONDS",
	  NULL, "read the host this often (2); less often where that would be too much work" },
	{ 'o', "output", OPTION_TEXT, offsetof(struct tui_options_given, columns), "LIST",
	  "columns", "columns of the namespaces; +LIST adds to the default" },
	{ 'Q', "filter", OPTION_TEXT, offsetof(struct tui_options_given, filter), "EXPR", "filter",
	  "begin with this filter on the namespaces (nsview help filters)" },
	{ 'T', "tree", OPTION_FLAG, offsetof(struct tui_options_given, tree), NULL, NULL,
	  "begin with the tree of owners" },
	{ 0, "tab", OPTION_TEXT, offsetof(struct tui_options_given, tab), "NAME",
	  "namespaces|processes|network",
	  "begin with that tab: namespaces, processes, network, or its number" },
	{ 0, "mouse", OPTION_FLAG, offsetof(struct tui_options_given, mouse), NULL, NULL,
	  "the mouse scrolls and selects, instead of what the terminal does with it" },
	{ 0, "readonly", OPTION_FLAG, offsetof(struct tui_options_given, readonly), NULL, NULL,
	  "nothing that could change anything" },
	{ 0 },
};

enum { INTERVAL_DEFAULT_MS = 2000, INTERVAL_MIN_MS = 100, INTERVAL_MAX_MS = 3600000, WORDS = 8 };

/* A thread's way to the host. */
struct host {
	const struct invocation *inv; /* borrowed */
	struct scan *scan;
};

static struct view view_of(const struct host *h, struct graph *g)
{
	return (struct view){ .inv = h->inv, .scan = h->scan, .graph = g };
}

static int host_scan(void *ctx, bool holders, struct graph **out, struct error *err)
{
	const struct host *h = ctx;

	return scan_host(h->scan, holders ? NEED_HOLDERS | NEED_SOCKETS | NEED_NAMES : 0, 0, out,
			 err);
}

static void host_read_ns(void *ctx, struct graph *g, struct ns *const *list, size_t n,
			 unsigned needs)
{
	struct view v = view_of(ctx, g);

	view_read_ns(&v, list, n, needs);
}

static void host_read_processes(void *ctx, struct graph *g, struct process *const *list, size_t n,
				unsigned needs)
{
	struct view v = view_of(ctx, g);

	view_read_processes(&v, list, n, needs);
}

static void host_read_page(void *ctx, struct graph *g, const struct ns *ns, const struct process *p,
			   enum tui_page page)
{
	struct view v = view_of(ctx, g);

	if (ns)
		selection_add_ns(&v.sel, (struct ns *)ns);
	else
		selection_add_process(&v.sel, (struct process *)p);
	if (page == PAGE_WHO && ns)
		view_read_references(&v, ns);
	view_read_pages(&v);
	selection_release(&v.sel);
}

static int host_read_net(void *ctx, struct graph *g, const struct ns *ns, struct error *err)
{
	struct view v = view_of(ctx, g);
	struct ns *one = (struct ns *)ns;

	return netview_attach(&v, NET_LINKS | NET_ADDRS, NET_ROUTES | NET_SOCKETS, &one, ns != NULL,
			      err);
}

static int parse_interval(const char *word, unsigned *out_ms, struct error *err)
{
	char *end;
	double seconds;

	*out_ms = INTERVAL_DEFAULT_MS;
	if (!word)
		return 0;
	seconds = strtod(word, &end);
	if (end == word || *end || !(seconds * 1000 >= INTERVAL_MIN_MS) ||
	    seconds * 1000 > INTERVAL_MAX_MS)
		return error_set(err, -EINVAL,
				 "--interval takes seconds, 0.1 to 3600, not \"%.64s\"", word);
	*out_ms = (unsigned)(seconds * 1000);
	return 0;
}

/* nsview itself, to look at the same host in the same way. */
static void program_words(const struct invocation *inv, struct buffer words[WORDS],
			  const char *out[WORDS])
{
	const struct global_options *g = &inv->global;
	size_t n = 0;

	buffer_text(&words[n++], "/proc/self/exe");
	if (g->proc)
		buffer_printf(&words[n++], "--proc=%s", g->proc);
	if (g->source)
		buffer_printf(&words[n++], "--source=%s", g->source);
	if (g->ascii)
		buffer_text(&words[n++], "--ascii");
	for (size_t i = 0; i < n; i++)
		out[i] = words[i].data;
	out[n] = NULL;
}

static int open_host(struct host *h, const struct invocation *inv, struct error *err)
{
	int ret = scan_open(inv->global.proc, &h->scan, err);

	h->inv = inv;
	if (ret == 0)
		scan_choose(h->scan, inv->source);
	return ret;
}

static int show(const struct invocation *inv, const struct tui_options *options, struct error *err)
{
	struct host hosts[2] = { { 0 } };
	struct buffer words[WORDS] = { BUFFER_INIT };
	const char *program[WORDS];
	const struct tui_source source = {
		.scanner = &hosts[0],
		.reader = &hosts[1],
		.scan = host_scan,
		.read_ns = host_read_ns,
		.read_processes = host_read_processes,
		.read_page = host_read_page,
		.read_net = host_read_net,
		.program = program,
	};
	int ret = open_host(&hosts[0], inv, err);

	if (ret == 0)
		ret = open_host(&hosts[1], inv, err);
	program_words(inv, words, program);
	if (ret == 0)
		ret = tui_run(&source, options, err);
	for (size_t i = 0; i < WORDS; i++)
		buffer_release(&words[i]);
	scan_close(hosts[0].scan);
	scan_close(hosts[1].scan);
	return ret;
}

static int run(const struct invocation *inv)
{
	const struct tui_options_given *o = inv->options;
	struct tui_options options = { .color = inv->color,
				       .ascii = inv->global.ascii,
				       .mouse = o->mouse,
				       .readonly = o->readonly,
				       .filter = o->filter,
				       .columns = o->columns,
				       .tree = o->tree };
	struct error err = { 0 };
	int ret = tui_possible(&err);

	if (ret == 0 && inv->nargs)
		ret = error_set(&err, -EINVAL, "tui takes no target; see --filter");
	if (ret == 0)
		ret = parse_interval(o->interval, &options.interval_ms, &err);
	if (ret == 0 && o->tab)
		ret = tui_tab_parse(o->tab, &options.tab, &err);
	if (ret == 0)
		ret = show(inv, &options, &err);
	return ret < 0 ? report(&err) : EXIT_YES;
}

bool tui_is_wanted(void)
{
	return tui_possible(NULL) == 0;
}

const struct command command_tui = {
	.name = "tui",
	.summary = "look around interactively; nsview alone on a terminal does the same",
	.options = tui_option_table,
	.options_size = sizeof(struct tui_options_given),
	.columns = &ns_columns,
	.config = true,
	.run = run,
};
