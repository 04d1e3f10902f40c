/* SPDX-License-Identifier: MIT */
/*
 * What else may drop, change or divert a packet, and is not evaluated: filters of tc(8), BPF
 * programs of XDP, rules for ARP, a full table of connections. Each is named where it matters, with
 * the command that shows it. Rules of nftables for one link are evaluated, like any others.
 */
#include <string.h>

#include <nsview/cleanup.h>

#include "why_parts.h"

static struct buffer *skip(struct walk *w, const char *title, const struct net_link *link)
{
	struct buffer *text = why_hop(w, WHY_SKIP, title, link->net);

	why_put_link(w, link, text);
	return text;
}

static void skip_xdp(struct walk *w, const struct net_link *link)
{
	struct buffer *text = skip(w, "xdp", link);

	buffer_printf(text, ": its BPF program (%s", net_xdp_names[link->xdp]);
	if (link->xdp_prog)
		buffer_printf(text, ", %u", link->xdp_prog);
	buffer_text(text, ") is not evaluated");
	why_put_command(w, link->net, text, "ip -d link show dev %s", why_word(link->name));
}

static void skip_filters(struct walk *w, const struct net_link *link, const struct net_qdisc *q,
			 bool in)
{
	uint32_t n = in ? q->in_filters : q->out_filters;
	bool clsact = strcmp(q->kind, "clsact") == 0;
	struct buffer *text;

	if (!n && !q->unread)
		return;
	text = skip(w, "tc", link);
	if (q->unread)
		buffer_printf(text, ": filters of its %s could not be read", q->kind);
	else
		buffer_printf(text, ": %u %s filter%s of tc for what %s by it %s not evaluated", n,
			      q->filter, n == 1 ? "" : "s", in ? "comes in" : "goes out",
			      n == 1 ? "is" : "are");
	why_put_command(w, link->net, text, "tc filter show dev %s%s", why_word(link->name),
			in	 ? " ingress"
			: clsact ? " egress"
				 : "");
}

static bool is_of_side(const struct net_qdisc *q, bool in)
{
	bool ingress = strcmp(q->kind, "ingress") == 0;

	return strcmp(q->kind, "clsact") == 0 || ingress == in;
}

/* It is there to lose and delay packets. */
static void warn_netem(struct walk *w, const struct net_link *link, const struct net_qdisc *q)
{
	struct buffer *text;

	if (strcmp(q->kind, "netem") != 0)
		return;
	text = why_hop(w, WHY_WARN, "tc", link->net);
	why_put_link(w, link, text);
	buffer_text(text, ": netem may lose and delay packets");
	why_put_command(w, link->net, text, "tc qdisc show dev %s", why_word(link->name));
}

/* A kernel may be without it all. */
static void skip_unread(struct walk *w, const struct net_link *link)
{
	const struct net_known *known = &link->net->parts[NET_PART_TC];

	if (fact_is_known(known->fact) || known->fact.state == FACT_UNSUPPORTED)
		return;
	buffer_printf(skip(w, "tc", link), ": what tc has put there could not be read: %s",
		      known->why ? known->why : fact_why(known->fact));
}

void why_link_hooks(struct walk *w, const struct net_link *link, bool in)
{
	skip_unread(w, link);
	if (in && link->xdp != NET_XDP_NONE)
		skip_xdp(w, link);
	for (uint32_t i = 0; i < link->nqdiscs; i++) {
		if (is_of_side(&link->qdiscs[i], in))
			skip_filters(w, link, &link->qdiscs[i], in);
		if (!in)
			warn_netem(w, link, &link->qdiscs[i]);
	}
}

/* Rules for ARP at either end may keep the one from hearing of the other. */
void why_arp_rules(struct walk *w, const struct net_ns *at)
{
	for (const struct net_filter_chain *c = at->chains; c; c = c->next) {
		autobuffer list = BUFFER_INIT;
		struct buffer *text;

		if (strcmp(c->family, "arp") != 0 || !c->type || c->dormant ||
		    (!c->nrules && c->policy != NET_VERDICT_DROP))
			continue;
		text = why_hop(w, WHY_SKIP, "neighbour", at);
		why_place(w->net, at, text);
		buffer_text(text, ": rules for ARP are not evaluated");
		why_put_list_chain(c, &list);
		why_put_command(w, at, text, "%s", buffer_str(&list));
		return;
	}
}

/* A connection that finds no place in the table of connections is dropped. */
void why_connections(struct walk *w, const struct net_ns *at)
{
	int64_t count, most;
	struct buffer *text;

	if (net_ns_sysctl(at, "net/netfilter/nf_conntrack_count", &count) < 0 ||
	    net_ns_sysctl(at, "net/netfilter/nf_conntrack_max", &most) < 0 || !most || count < most)
		return;
	text = why_hop(w, WHY_SKIP, "conntrack", at);
	why_place(w->net, at, text);
	buffer_printf(text,
		      ": the table of connections is full (%jd of %jd): new ones may be dropped",
		      (intmax_t)count, (intmax_t)most);
	why_put_command(w, at, text, "sysctl net.netfilter.nf_conntrack_max");
}
