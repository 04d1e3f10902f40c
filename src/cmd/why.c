/* SPDX-License-Identifier: MIT */
/* `nsview why`: can A reach B, hop by hop; and, where asked for, whether it really does. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/cleanup.h>
#include <nsview/probe.h>
#include <nsview/why.h>

#include "netview.h"

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

/* B as it was typed, taken apart. */
struct far_end {
	char word[512];	  /* the target; "" where an address alone was given */
	struct net_ip ip; /* family 0: none */
	uint16_t port;	  /* 0: none */
	enum net_proto proto;
};

static bool take_suffix(char *word, const char *suffix)
{
	size_t len = strlen(word), n = strlen(suffix);

	if (len <= n || strcmp(word + len - n, suffix) != 0)
		return false;
	word[len - n] = '\0';
	return true;
}

/* The number behind the last colon, if it can be a port; 0: it is none. */
static uint16_t port_behind(const char *colon)
{
	size_t n = strspn(colon + 1, "0123456789");
	unsigned long port = strtoul(colon + 1, NULL, 10);

	return n && n < 6 && !colon[1 + n] && port <= UINT16_MAX ? (uint16_t)port : 0;
}

/* Words before a colon that make a target of what follows: "netns:80" is a name, not a port. */
static bool is_prefix(const char *word)
{
	static const char *const prefixes[] = { "netns", "ctr", "unit", "iface", "ip", "mac",
						"port",	 "pid", "uid",	"mount", "net" };

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (strcmp(word, prefixes[i]) == 0)
			return true;
	return false;
}

/* What stands before the port, and that. */
static void take_port(struct far_end *b)
{
	char *colon = strrchr(b->word, ':');
	const char *address = strncmp(b->word, "ip:", 3) == 0 ? b->word + 3 : b->word;
	struct net_ip ip;
	uint16_t port;

	if (!colon || net_ip_parse(address, &ip) == 0 || strncmp(b->word, "mac:", 4) == 0)
		return;
	port = port_behind(colon);
	*colon = '\0';
	if (port && !is_prefix(b->word))
		b->port = port;
	else
		*colon = ':';
}

static void take_address(struct far_end *b)
{
	size_t len = strlen(b->word);
	char *address = strncmp(b->word, "ip:", 3) == 0 ? b->word + 3 : b->word;

	if (len > 2 && b->word[0] == '[' && b->word[len - 1] == ']') {
		memmove(b->word, b->word + 1, len - 2);
		b->word[len - 2] = '\0';
	}
	if (net_ip_parse(address, &b->ip) == 0)
		b->word[0] = '\0';
	else
		b->ip.family = 0;
}

static int parse_far_end(const char *word, struct far_end *out, struct error *err)
{
	bool tcp, udp;

	*out = (struct far_end){ .proto = NET_PROTO_TCP };
	if (strlen(word) >= sizeof(out->word))
		return error_set(err, -EINVAL, "B is too long");
	strcpy(out->word, word);
	udp = take_suffix(out->word, "/udp");
	tcp = !udp && take_suffix(out->word, "/tcp");
	take_port(out);
	if (strncmp(out->word, "port:", 5) == 0) { /* who listens there is asked for that */
		const char *number = out->word + 5 + strcspn(out->word + 5, "0123456789");

		udp = udp || strncmp(out->word, "port:udp/", 9) == 0;
		out->port = (uint16_t)strtoul(number, NULL, 10);
	}
	if (udp)
		out->proto = NET_PROTO_UDP;
	take_address(out);
	if ((tcp || udp) && !out->port)
		return error_set(err, -EINVAL, "/%s needs a port: B:PORT/%s", udp ? "udp" : "tcp",
				 udp ? "udp" : "tcp");
	return 0;
}

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
	for (size_t i = 0; i < sel.nprocesses; i++)
		if (sel.processes[i]->set->ns[NS_NET])
			selection_add_ns(&sel, sel.processes[i]->set->ns[NS_NET]);
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

static int open_ends(struct netview *n, const struct invocation *inv, const struct far_end *b,
		     struct why_question *q, struct error *err)
{
	char *words[] = { inv->args[0], (char *)b->word };
	int ret = view_open(&n->view, inv, words, b->word[0] ? 2 : 1, NEED_HOLDERS | NEED_SOCKETS,
			    err);

	*q = (struct why_question){ .ip = b->ip, .port = b->port, .proto = b->proto };
	if (ret == 0)
		ret = net_collect(n->view.scan, n->view.graph, NET_LINKS | NET_ADDRS, NULL, 0,
				  &n->net, err);
	if (ret == 0)
		ret = resolve_one(n, inv->args[0], &q->from, err);
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

static int check_usage(const struct invocation *inv, const struct why_options *o, struct far_end *b,
		       struct error *err)
{
	int ret;

	if (inv->nargs != 2)
		return error_set(err, -EINVAL,
				 "why needs two ends: nsview why A B[:PORT][/tcp|udp]");
	ret = parse_far_end(inv->args[1], b, err);
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
	struct far_end b;
	int status = EXIT_TROUBLE;
	int ret = json_format_parse(o->json, &format, &err);

	if (ret == 0 && format == TABLE_LINES)
		ret = error_set(&err, -EINVAL, "--json=lines is of tables; this is one document");
	if (ret == 0)
		ret = check_usage(inv, o, &b, &err);
	if (ret == 0)
		ret = open_ends(&n, inv, &b, &q, &err);
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
	.text = "A and B are targets that stand for one network namespace each; B may be an IP "
		"address\ninstead. Nothing is sent unless --probe is given, and nothing is "
		"changed: the\ncommand that would mend it is only shown.",
	.options = why_option_table,
	.options_size = sizeof(struct why_options),
	.complete = "target",
	.run = run,
};
