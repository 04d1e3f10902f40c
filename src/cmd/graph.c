/* SPDX-License-Identifier: MIT */
/* `nsview graph net`: the wiring as text that other programs draw, or as SVG. */
#include <errno.h>
#include <string.h>

#include "netview.h"

struct graph_options {
	const char *format;
	const char *around;
	bool all;
};

static const struct option_spec graph_option_table[] = {
	{ 0, "format", OPTION_TEXT, offsetof(struct graph_options, format), "FORMAT",
	  "dot|svg|mermaid", "dot (the default), svg or mermaid" },
	{ 'a', "all", OPTION_FLAG, offsetof(struct graph_options, all), NULL, NULL,
	  "also namespaces with lo only, and each of those that are alike" },
	{ 0, "around", OPTION_TEXT, offsetof(struct graph_options, around), "TARGET[,N]", "target",
	  "only what is within N wires (1) of TARGET" },
	{ 0 },
};

static int parse_format(const char *word, enum net_graph_kind *out, struct error *err)
{
	static const char *const words[] = {
		[NET_GRAPH_DOT] = "dot",
		[NET_GRAPH_SVG] = "svg",
		[NET_GRAPH_MERMAID] = "mermaid",
	};

	*out = NET_GRAPH_DOT;
	for (size_t i = 0; word && i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(word, words[i]) == 0) {
			*out = (enum net_graph_kind)i;
			return 0;
		}
	return word ? error_set(err, -EINVAL, "--format takes dot, svg or mermaid, not \"%.64s\"",
				word)
		    : 0;
}

/* The first argument says what of: the others are targets. */
static int take_subject(struct invocation *inv, struct error *err)
{
	if (!inv->nargs || strcmp(inv->args[0], "net") != 0)
		return error_set(err, -EINVAL, "graph needs to know of what: nsview graph net");
	inv->args++;
	inv->nargs--;
	return 0;
}

static int draw(struct netview *n, const struct graph_options *o, enum net_graph_kind kind)
{
	struct wiring wiring;
	bool any;

	n->view.term.width = 0; /* lanes do not matter here */
	netview_read_names(n, 0);
	netview_wiring(n, o->all, &wiring);
	any = wiring.nlines > 0 || wiring.nfolded > 0;
	net_graph(&n->view.term, n->view.graph, &wiring, kind);
	wiring_release(&wiring);
	return netview_finish(n, any);
}

static int run(const struct invocation *inv)
{
	const struct graph_options *o = inv->options;
	struct invocation rest = *inv;
	struct netview n = { 0 };
	struct error err = { 0 };
	enum net_graph_kind kind;
	int ret = parse_format(o->format, &kind, &err);

	if (ret == 0)
		ret = take_subject(&rest, &err);
	if (ret == 0)
		ret = netview_open(&n, &rest, o->around, NET_LINKS | NET_ADDRS, &err);
	if (ret < 0)
		ret = report(&err);
	else
		ret = draw(&n, o, kind);
	netview_close(&n);
	return ret;
}

const struct command command_graph = {
	.name = "graph",
	.args = "net [TARGET...]",
	.summary = "draw the wiring of network namespaces for other programs",
	.options = graph_option_table,
	.options_size = sizeof(struct graph_options),
	.complete = "graph",
	.run = run,
};
