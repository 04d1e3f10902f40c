/* SPDX-License-Identifier: MIT */
/*
 * The answer of `nsview why`: who to whom, the hops, the cause, and the commands that show and
 * mend it, which nobody runs. Names of links and rules are anybody's choice: all is escaped here.
 */
#include <errno.h>
#include <string.h>

#include <nsview/render.h>
#include <nsview/why.h>

#include "net_json.h"
#include "words.h"

static const char *const answers[WHY_ANSWERS] = {
	[WHY_REACHABLE] = "REACHABLE",
	[WHY_UNREACHABLE] = "NOT REACHABLE",
	[WHY_CANNOT_TELL] = "CANNOT TELL",
};

static void put_place(struct words *w, const struct net *net, const struct net_ns *at)
{
	buffer_clear(&w->scratch);
	why_place(net, at, &w->scratch);
	words_escape(w, buffer_str(&w->scratch), w->scratch.len);
}

static const struct net_ns *end_of(const struct why_question *q, const struct why *why)
{
	return q->to ? q->to : why->arrived;
}

static void put_ends(struct words *w, const struct net *net, const struct why_question *q,
		     const struct why *why)
{
	const struct net_ns *end = end_of(q, why);
	char ip[NET_IP_TEXT];

	put_place(w, net, q->from);
	buffer_text(w->out, " ->");
	if (end) {
		buffer_char(w->out, ' ');
		put_place(w, net, end);
	}
	if (why->destination.family)
		buffer_printf(w->out, " %s", net_ip_text(&why->destination, ip));
	if (q->port)
		buffer_printf(w->out, " %s/%u", net_proto_names[q->proto], q->port);
}

static void put_header(struct words *w, const struct net *net, const struct why_question *q,
		       const struct why *why)
{
	bool bad = why->answer != WHY_REACHABLE;

	buffer_clear(w->out);
	put_ends(w, net, q, why);
	fprintf(w->term->out, "%s%-48s%s %s%s%s", term_style(w->term, STYLE_NAME),
		buffer_str(w->out), term_style(w->term, STYLE_PLAIN),
		term_style(w->term, bad ? STYLE_WARN : STYLE_HEADING), answers[why->answer],
		term_style(w->term, STYLE_PLAIN));
	if (why->broken < why->nhops)
		fprintf(w->term->out, ", at hop %zu", why->broken + 1);
	fputc('\n', w->term->out);
}

static void put_hop(struct words *w, const struct why *why, size_t i)
{
	const struct why_hop *hop = &why->hops[i];
	bool bad = hop->verdict == WHY_FAIL || hop->verdict == WHY_WARN;

	buffer_clear(w->out);
	if (hop->back && hop->verdict != WHY_OK)
		buffer_text(w->out, "way back: ");
	if (hop->outer)
		buffer_text(w->out, "outer packet: ");
	words_escape(w, buffer_str(&hop->text), hop->text.len);
	fprintf(w->term->out, "  %s%-4s%s %zu %s%-9s%s %s\n",
		term_style(w->term, bad ? STYLE_WARN : STYLE_PLAIN),
		why_verdict_names[hop->verdict], term_style(w->term, STYLE_PLAIN), i + 1,
		term_style(w->term, STYLE_TYPE), hop->title, term_style(w->term, STYLE_PLAIN),
		buffer_str(w->out));
}

static void put_end(struct words *w, const char *title, const struct buffer *text,
		    const char *after)
{
	if (!text->len)
		return;
	buffer_clear(w->out);
	words_escape(w, text->data, text->len);
	fprintf(w->term->out, "%s%-6s%s %s%s\n", term_style(w->term, STYLE_HEADING), title,
		term_style(w->term, STYLE_PLAIN), buffer_str(w->out), after);
}

int why_print(const struct term *t, const struct net *net, const struct why_question *q,
	      const struct why *why, const char *probe)
{
	struct buffer line = BUFFER_INIT;
	struct words w = { .term = t, .graph = net->graph, .out = &line };

	put_header(&w, net, q, why);
	for (size_t i = 0; i < why->nhops; i++)
		put_hop(&w, why, i);
	put_end(&w, "Cause", &why->cause, "");
	put_end(&w, "Show", &why->show, "");
	put_end(&w, "Fix", &why->fix, "     (not run)");
	put_end(&w, "Advice", &why->advice, "");
	if (probe)
		fprintf(t->out, "%sProbe %s %s\n", term_style(t, STYLE_HEADING),
			term_style(t, STYLE_PLAIN), probe);
	words_release(&w);
	buffer_release(&line);
	return ferror(t->out) ? -EIO : 0;
}

static void write_ns(struct json *j, const char *key, const struct net *net,
		     const struct net_ns *at)
{
	autobuffer name = BUFFER_INIT;

	if (!at) {
		json_none(j, key);
		return;
	}
	json_begin_object(j, key);
	net_json_number(j, "ns", at->ns ? (int64_t)at->ns->ino : 0, at->ns != NULL);
	why_place(net, at, &name);
	json_text(j, "name", buffer_str(&name), name.len);
	json_end_object(j);
}

static void write_text(struct json *j, const char *key, const struct buffer *text)
{
	if (text->len)
		json_text(j, key, text->data, text->len);
	else
		json_none(j, key);
}

static void write_hop(struct json *j, const struct net *net, const struct why_hop *hop)
{
	json_begin_object(j, NULL);
	json_str(j, "verdict", why_verdict_names[hop->verdict]);
	json_str(j, "kind", hop->title);
	json_bool(j, "back", hop->back);
	json_bool(j, "outer", hop->outer);
	write_ns(j, "at", net, hop->at);
	json_text(j, "text", buffer_str(&hop->text), hop->text.len);
	json_end_object(j);
}

int why_json(const struct term *t, const struct net *net, const struct why_question *q,
	     const struct why *why, const char *probe)
{
	struct json j = { .out = t->out, .pretty = true };

	document_begin(&j, net->graph);
	json_begin_object(&j, "why");
	write_ns(&j, "from", net, q->from);
	write_ns(&j, "to", net, end_of(q, why));
	net_json_ip(&j, "source", &why->source);
	net_json_ip(&j, "destination", &why->destination);
	net_json_number(&j, "port", q->port, q->port != 0);
	json_str(&j, "protocol", net_proto_names[q->proto]);
	json_str(&j, "answer", why_answer_names[why->answer]);
	net_json_number(&j, "broken", (int64_t)why->broken + 1, why->broken < why->nhops);
	write_text(&j, "cause", &why->cause);
	write_text(&j, "show", &why->show);
	write_text(&j, "fix", &why->fix);
	write_text(&j, "advice", &why->advice);
	net_json_string(&j, "probe", probe);
	json_begin_array(&j, "hops");
	for (size_t i = 0; i < why->nhops; i++)
		write_hop(&j, net, &why->hops[i]);
	json_end_array(&j);
	json_end_object(&j);
	document_end(&j);
	return ferror(t->out) ? -EIO : 0;
}
