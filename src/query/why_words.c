/* SPDX-License-Identifier: MIT */
/*
 * The words of "why": hops, causes, and commands that a person may copy. A command is only made of
 * words that mean themselves to a shell; with any other there is none.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/cleanup.h>
#include <nsview/error.h>
#include <nsview/who.h>

#include "why_parts.h"

const char *const why_verdict_names[WHY_VERDICTS] = {
	[WHY_OK] = "ok",
	[WHY_WARN] = "warn",
	[WHY_FAIL] = "FAIL",
	[WHY_SKIP] = "skip",
};

const char *const why_answer_names[WHY_ANSWERS] = {
	[WHY_REACHABLE] = "reachable",
	[WHY_UNREACHABLE] = "unreachable",
	[WHY_CANNOT_TELL] = "unknown",
};

struct buffer *why_hop(struct walk *w, enum why_verdict verdict, const char *title,
		       const struct net_ns *at)
{
	struct why *why = w->out;
	struct why_hop *hop;

	why->hops = reallocarray(why->hops, why->nhops + 1, sizeof(*why->hops));
	if (!why->hops)
		die("out of memory");
	hop = &why->hops[why->nhops++];
	*hop = (struct why_hop){
		.verdict = verdict, .title = title, .at = at, .back = w->back, .outer = w->outer > 0
	};
	if (verdict == WHY_SKIP)
		w->unsure = true;
	return &hop->text;
}

void why_fold(struct walk *w, size_t from)
{
	struct why *why = w->out;
	size_t kept = from;

	for (size_t i = from; i < why->nhops; i++) {
		if (why->hops[i].verdict == WHY_OK)
			buffer_release(&why->hops[i].text);
		else
			why->hops[kept++] = why->hops[i];
		if (i == why->broken)
			why->broken = kept - 1;
	}
	why->nhops = kept;
}

__attribute__((format(printf, 2, 0))) static void put_format(struct buffer *out, const char *format,
							     va_list args)
{
	autofree char *text = NULL;

	if (vasprintf(&text, format, args) < 0)
		die("out of memory");
	buffer_text(out, text);
}

void why_fail(struct walk *w, const char *title, const struct net_ns *at, const char *cause, ...)
{
	struct buffer *text = why_hop(w, WHY_FAIL, title, at);
	va_list args;

	va_start(args, cause);
	put_format(text, cause, args);
	va_end(args);
	if (w->out->broken != SIZE_MAX)
		return;
	w->out->broken = w->out->nhops - 1;
	buffer_text(&w->out->cause, buffer_str(text));
}

/* The cause is that of the first broken hop, and so is what would mend it. */
static bool is_first(const struct walk *w, const struct buffer *out)
{
	return w->out->nhops && w->out->broken == w->out->nhops - 1 && !out->len;
}

static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
			    "./:=,@%+_-";

const char *why_word(const char *word)
{
	if (!word || !*word || *word == '-' || word[strspn(word, plain)])
		return "\n";
	return word;
}

/* How one gets into a namespace: a process there is the surest way. */
static void put_entering(const struct walk *w, const struct net_ns *at, struct buffer *out)
{
	const struct ns *ns = at->ns;
	const char *name = ns_netns_name(ns);

	if (ns == w->net->graph->self[NS_NET])
		return;
	if (ns->lead)
		buffer_printf(out, "nsview enter %d %s-n -- ", (int)ns->lead->pid,
			      at->by_owner ? "-U " : "");
	else if (name && *why_word(name) != '\n')
		buffer_printf(out, "nsview enter netns:%s -- ", name);
	else
		buffer_printf(out, "nsview enter net:%ju -- ", (uintmax_t)ns->ino);
}

__attribute__((format(printf, 3, 0))) static void put_command(struct walk *w,
							      const struct net_ns *at,
							      const char *format, va_list args,
							      struct buffer *out)
{
	autobuffer command = BUFFER_INIT;

	/* Nobody can step into one that only a number leads to. */
	if (!is_first(w, out) || !at->ns)
		return;
	put_format(&command, format, args);
	if (strchr(buffer_str(&command), '\n'))
		return;
	put_entering(w, at, out);
	buffer_text(out, buffer_str(&command));
}

void why_put_command(const struct walk *w, const struct net_ns *at, struct buffer *out,
		     const char *command, ...)
{
	autobuffer text = BUFFER_INIT;
	va_list args;

	va_start(args, command);
	put_format(&text, command, args);
	va_end(args);
	if (!at->ns || strchr(buffer_str(&text), '\n'))
		return;
	buffer_text(out, " (");
	put_entering(w, at, out);
	buffer_printf(out, "%s)", buffer_str(&text));
}

void why_show(struct walk *w, const struct net_ns *at, const char *command, ...)
{
	va_list args;

	va_start(args, command);
	put_command(w, at, command, args, &w->out->show);
	va_end(args);
}

void why_fix(struct walk *w, const struct net_ns *at, const char *command, ...)
{
	va_list args;

	va_start(args, command);
	put_command(w, at, command, args, &w->out->fix);
	va_end(args);
}

void why_advise(struct walk *w, const char *advice, ...)
{
	va_list args;

	va_start(args, advice);
	if (is_first(w, &w->out->advice))
		put_format(&w->out->advice, advice, args);
	va_end(args);
}

void why_place(const struct net *net, const struct net_ns *at, struct buffer *out)
{
	const struct ns *ns = at->ns;
	const struct process *p = ns ? ns_subject(ns) : NULL;
	const char *name = ns ? ns_netns_name(ns) : NULL;

	if (!ns)
		buffer_printf(out, "nsid:%d", (int)at->via_nsid);
	else if (ns_is_host(net->graph, ns))
		buffer_text(out, "host");
	else if (ns == net->graph->self[NS_NET])
		buffer_text(out, "self"); /* as the TARGET */
	else if (p && p->facts && fact_is_known(p->facts->identity_fact) &&
		 (p->facts->identity->container || !name))
		who_identity(p->facts->identity, out);
	else if (name)
		buffer_printf(out, "netns:%s", name);
	else
		buffer_printf(out, "net:%ju", (uintmax_t)ns->ino);
}

void why_put_link(const struct walk *w, const struct net_link *link, struct buffer *out)
{
	why_place(w->net, link->net, out);
	buffer_printf(out, ":%s", link->name);
}

void why_put_inside(const struct walk *w, const struct net_ns *at, struct buffer *out)
{
	if (at->ns && ns_is_host(w->net->graph, at->ns)) {
		buffer_text(out, "on the host");
		return;
	}
	buffer_text(out, "inside ");
	why_place(w->net, at, out);
}

bool why_link_is_up(const struct net_link *link)
{
	return (link->flags & IFF_UP) && (!link->carrier_known || link->carrier);
}

const char *why_link_state(const struct net_link *link)
{
	if (!(link->flags & IFF_UP))
		return "DOWN";
	if (why_link_is_up(link))
		return "UP";
	return link->oper == NET_OPER_UNKNOWN || link->oper == NET_OPER_UP
		       ? "NO-CARRIER"
		       : net_oper_names[link->oper];
}

const char *why_ip(const struct net_ip *ip, char out[NET_IP_TEXT])
{
	return ip->family ? net_ip_text(ip, out) : "?";
}

const char *why_ip_option(const struct net_ip *ip)
{
	return ip->family == AF_INET6 ? " -6" : "";
}

void why_release(struct why *why)
{
	for (size_t i = 0; i < why->nhops; i++)
		buffer_release(&why->hops[i].text);
	free(why->hops);
	buffer_release(&why->cause);
	buffer_release(&why->show);
	buffer_release(&why->fix);
	buffer_release(&why->advice);
}
