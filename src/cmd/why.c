/* SPDX-License-Identifier: MIT */
/* `nsview why`: can A reach B, hop by hop; and, where asked for, whether it really does. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/cleanup.h>
#include <nsview/probe.h>
#include <nsview/why.h>

#include "netview.h"
#include "why_end.h"

struct why_options {
	const char *json;
	bool probe;
};

static const struct option_spec why_option_table[] = {
	{ 'J', "json", OPTION_OPTIONAL, offsetof(struct why_options, json), "FORMAT", "pretty",
	  "JSON, one document" },
	{ 0, "probe", OPTION_FLAG, offsetof(struct why_options, probe), NULL, NULL,
	  "really connect from inside A, and say whether the analysis agrees" },
	{ 0 },
};

/* The one network namespace that a target stands for. */
static int resolve_one(struct netview *n, const char *word, struct net_ns **out, struct error *err)
{
	struct view *v = &n->view;
	struct selection sel = { 0 };
	struct ns *found = NULL;
	struct target t;
	size_t count = 0;
	int ret = target_parse(word, &t, err);

	if (ret == 0)
		ret = net_target_what(&t) ? net_resolve(v->net, &t, &sel, err)
					  : scan_resolve(v->scan, v->graph, &t, &sel, err);
	netview_add_networks(&sel);
	if (ret == 0)
		ret = netview_want_network(v, &sel, word, err);
	for (size_t i = 0; i < sel.nnamespaces; i++)
		if (sel.namespaces[i]->type == NS_NET) {
			found = sel.namespaces[i];
			count++;
		}
	if (ret == 0 && count > 1)
		ret = error_set(err, -EEXIST,
				"\"%.64s\" stands for %zu network namespaces; why needs one", word,
				count);
	*out = ret == 0 && found ? net_find(n->net, found) : NULL;
	if (ret == 0 && !*out)
		ret = error_set(err, -ENOENT, "\"%.64s\" stands for no network namespace", word);
	selection_release(&sel);
	return ret;
}

/* Reads what a packet between them can pass, and the names of all. */
static void read_near(struct netview *n, const struct why_question *q)
{
	struct net_ns *ends[2] = { q->from, q->to };
	const struct net_addr **owners;
	size_t count;

	if (!q->to) {
		count = net_addrs_with_ip(n->net, &q->ip, &owners);
		ends[1] = count && owners[0]->link ? owners[0]->link->net : NULL;
		free(owners);
	}
	n->nchosen = why_near(n->net, ends, ends[1] ? 2 : 1, &n->chosen);
	net_read(n->net, n->chosen, n->nchosen, WHY_NEEDS);
	netview_read_names(n, 0);
}

static int open_ends(struct netview *n, const struct invocation *inv, const struct why_end *a,
		     const struct why_end *b, struct why_question *q, struct error *err)
{
	char *words[] = { (char *)a->word, (char *)b->word };
	int ret = view_open(&n->view, inv, words, b->word[0] ? 2 : 1,
			    NEED_HOLDERS | NEED_SOCKETS | NEED_WAYS_IN, err);

	*q = (struct why_question){ .ip = b->ip, .port = b->port, .proto = b->proto };
	if (ret == 0)
		ret = net_collect(n->view.scan, n->view.graph, NET_LINKS | NET_ADDRS, NULL, 0,
				  &n->net, err);
	if (ret == 0)
		ret = resolve_one(n, a->word, &q->from, err);
	if (ret == 0 && b->word[0])
		ret = resolve_one(n, b->word, &q->to, err);
	return ret;
}

/* What came of trying it, against what was foreseen. */
static int probe(const struct netview *n, const struct why_question *q, const struct why *why,
		 struct buffer *out)
{
	static const int statuses[WHY_ANSWERS] = { EXIT_YES, EXIT_NO, EXIT_UNSURE };
	struct error err = { 0 };
	struct probe p;
	bool agrees;

	if (probe_connect(n->view.scan, q->from, &why->destination, q->port, q->proto, &p, &err) <
	    0) {
		buffer_text(out, err.text);
		return statuses[why->answer];
	}
	if (p.outcome == PROBE_SILENT) {
		buffer_text(out, "sent, and nothing came back, which UDP need not do");
		return statuses[why->answer];
	}
	if (p.outcome == PROBE_CONNECTED)
		buffer_printf(out, "%s after %.1f ms",
			      q->proto == NET_PROTO_UDP ? "answered" : "connected",
			      p.duration / 1000.0);
	else
		buffer_printf(out, "failed after %.1f ms: %s", p.duration / 1000.0,
			      strerror(-p.error));
	agrees = (p.outcome == PROBE_CONNECTED) == (why->answer == WHY_REACHABLE);
	if (why->answer != WHY_CANNOT_TELL)
		buffer_text(out, agrees ? ", as the analysis says"
					: ", and the analysis says otherwise");
	return p.outcome == PROBE_CONNECTED ? EXIT_YES : EXIT_NO;
}

static int answer(struct netview *n, const struct why_question *q, const struct why_options *o,
		  enum table_format format)
{
	static const int statuses[WHY_ANSWERS] = { EXIT_YES, EXIT_NO, EXIT_UNSURE };
	autobuffer tried = BUFFER_INIT;
	struct why why;
	int status, partial;

	read_near(n, q);
	why_find(n->net, q, &why);
	status = statuses[why.answer];
	if (o->probe && why.destination.family)
		status = probe(n, q, &why, &tried);
	if (format == TABLE_LAID_OUT)
		why_print(&n->view.term, n->net, q, &why, tried.len ? buffer_str(&tried) : NULL);
	else
		why_json(&n->view.term, n->net, q, &why, tried.len ? buffer_str(&tried) : NULL);
	why_release(&why);
	partial = netview_finish(n, true);
	return partial == EXIT_YES ? status : partial;
}

static int check_usage(const struct invocation *inv, const struct why_options *o, struct why_end *a,
		       struct why_end *b, struct error *err)
{
	int ret;

	if (inv->nargs != 2)
		return error_set(err, -EINVAL,
				 "why needs two ends: nsview why A B[:PORT][/tcp|udp]");
	ret = why_near_end(inv->args[0], a, err);
	if (ret == 0)
		ret = why_far_end(inv->args[1], b, err);
	if (ret == 0 && o->probe && !b->port)
		return error_set(err, -EINVAL, "--probe needs a port to connect to: B:PORT");
	return ret;
}

static int run(const struct invocation *inv)
{
	const struct why_options *o = inv->options;
	struct why_question q;
	struct netview n = { 0 };
	struct error err = { 0 };
	enum table_format format;
	struct why_end a, b;
	int status = EXIT_TROUBLE;
	int ret = json_format_parse(o->json, &format, &err);

	if (ret == 0 && format == TABLE_LINES)
		ret = error_set(&err, -EINVAL, "--json=lines is of tables; this is one document");
	if (ret == 0)
		ret = check_usage(inv, o, &a, &b, &err);
	if (ret == 0)
		ret = open_ends(&n, inv, &a, &b, &q, &err);
	if (ret < 0)
		report(&err);
	else
		status = answer(&n, &q, o, format);
	netview_close(&n);
	return status;
}

const struct command command_why = {
	.name = "why",
	.args = "A B[:PORT][/tcp|udp]",
	.summary = "tell whether A can reach B over the network, and if not, where it breaks",
	.text = "A and B are targets that stand for one network namespace each, or IP addresses; "
		"an\naddress as B may be of no namespace in view. Nothing is sent unless --probe "
		"is "
		"given, and\nnothing is changed: the command that would mend it is only shown.",
	.options = why_option_table,
	.options_size = sizeof(struct why_options),
	.complete = "target",
	.run = run,
};
