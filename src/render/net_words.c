/* SPDX-License-Identifier: MIT */
/*
 * How namespaces and links read in the wiring picture and in tables of networks. Names of links
 * and namespaces are chosen by anybody: all of them are escaped here.
 */
#include <string.h>

#include <nsview/who.h>

#include "net.h"

enum { WHO_MAX = 40 /* columns of a command line that stands for a name */ };

static void put_escaped(struct words *w, const char *text)
{
	words_escape(w, text, strlen(text));
}

static bool in_container(const struct process *p)
{
	return p && p->facts && fact_is_known(p->facts->identity_fact) &&
	       p->facts->identity->container;
}

/* false, and nothing appended, where it has no name but its number. */
static bool put_name_of(struct words *w, const struct net_ns *net)
{
	const struct ns *ns = net->ns;
	const struct process *p = ns ? ns_subject(ns) : NULL;
	/* Engines give the network of a container a name that says less than the container's. */
	const char *name = ns && !in_container(p) ? ns_netns_name(ns) : NULL;

	if (ns && (ns->initial || ns == w->graph->host[NS_NET])) {
		buffer_text(w->out, "host");
	} else if (ns && ns == w->graph->self[NS_NET]) {
		buffer_text(w->out, "self"); /* as the TARGET */
	} else if (name) {
		buffer_text(w->out, "netns:");
		put_escaped(w, name);
	} else {
		return p && words_identity(w, p);
	}
	return true;
}

void net_place_words(struct words *w, const struct net_ns *net)
{
	if (put_name_of(w, net))
		return;
	if (net->ns) {
		buffer_printf(w->out, "net:%ju", (uintmax_t)net->ns->ino);
		return;
	}
	buffer_printf(w->out, "nsid:%d", (int)net->via_nsid);
	if (net->seen_by) {
		buffer_text(w->out, " of ");
		net_place_words(w, net->seen_by);
	}
}

/* By what net_link_is_up goes by: the operational state may still be that of a moment ago. */
const char *net_link_state(const struct net_link *link)
{
	bool stands_on = link->peer.how != NET_HOW_NONE || link->lower.how != NET_HOW_NONE;

	if (!(link->flags & IFF_UP))
		return "DOWN";
	if (link->carrier_known && !link->carrier)
		return stands_on ? "LLD" : "NOCARR";
	if (link->port_state == NET_PORT_BLOCKING || link->port_state == NET_PORT_DISABLED)
		return "BLOCKED";
	if (net_link_is_up(link))
		return "UP";
	if (link->flags & NET_IFF_DORMANT)
		return "DORMANT";
	return link->oper == NET_OPER_LOWERLAYERDOWN ? "LLD" : net_oper_names[link->oper];
}

const char *net_link_kind(const struct net_link *link)
{
	if (link->kind)
		return link->kind;
	if (link->flags & IFF_LOOPBACK)
		return "loopback";
	return link->bus ? link->bus : "";
}

/* The end that a person would otherwise have to look for: of a wire that leaves the namespace. */
static const struct net_end *other_end(const struct net_link *link)
{
	if (link->peer.how != NET_HOW_NONE)
		return &link->peer;
	return link->lower.how != NET_HOW_NONE ? &link->lower : NULL;
}

static bool is_told_above(const struct wiring *wiring, const struct wiring_line *line)
{
	/* The first of a cable's ends needs no words: those below name it. */
	return line->cable >= 0 && &wiring->lines[wiring->cables[line->cable].first] == line;
}

/* A stub names its far end itself. */
static bool is_told_beside(const struct wiring_line *line)
{
	return line->stub && wiring_far(line->stub, line->link);
}

static void put_far(struct words *w, const struct net_link *link, const struct net_link *from)
{
	if (link->net != from->net) {
		net_place_words(w, link->net);
		buffer_char(w->out, ':');
	}
	put_escaped(w, link->name);
}

static void put_name(struct words *w, const struct wiring *wiring, const struct wiring_line *line)
{
	const struct net_link *link = line->link;
	const struct net_end *end = other_end(link);

	put_escaped(w, link->name);
	if (line->like > 1)
		buffer_printf(w->out, " (%zu alike)", line->like);
	if (!end || line->like > 1 || is_told_above(wiring, line) || is_told_beside(line) ||
	    !end->link)
		return;
	buffer_char(w->out, '@');
	put_far(w, end->link, link);
}

static bool is_worth_showing(const struct net_addr *addr)
{
	return addr->ip.family == AF_INET || addr->scope < NET_SCOPE_LINK;
}

static void put_kind_and_state(struct words *w, const struct net_link *link)
{
	const char *kind = net_link_kind(link);

	buffer_text(w->out, *kind ? " " : "");
	put_escaped(w, kind);
	buffer_printf(w->out, " %s", net_link_state(link));
}

/* But those of the link alone. */
static void put_addrs(struct words *w, const struct net_link *link, const char *before)
{
	const struct net_addr *addr = NULL;
	char text[NET_IP_TEXT];

	while ((addr = net_link_next_addr(link, addr))) {
		if (!is_worth_showing(addr))
			continue;
		buffer_printf(w->out, "%s%s/%u", before, net_ip_text(&addr->ip, text), addr->len);
		before = " ";
	}
}

void net_link_rest_words(struct words *w, const struct net_link *link)
{
	put_kind_and_state(w, link);
	put_addrs(w, link, " ");
}

static void put_holder(struct words *w, const struct net_wire *wire)
{
	buffer_printf(w->out, "pid %d ", (int)wire->process->pid);
	words_comm(w, wire->process);
	if (wire->fd >= 0)
		buffer_printf(w->out, " fd %d", wire->fd);
}

/* The link that could not be found, but by where it is: "netns:web:if2". */
static bool put_unseen(struct words *w, const struct net_wire *wire)
{
	const struct net_end *end =
		wire->a->peer.how != NET_HOW_NONE ? &wire->a->peer : &wire->a->lower;

	if (wire->kind >= NET_WIRE_BRIDGE || !end->net || !end->index)
		return false;
	net_place_words(w, end->net);
	buffer_printf(w->out, ":if%u", end->index);
	return true;
}

/* Where no far end was found; of a tun device nobody need have it open. */
static void put_no_end(struct words *w, const struct net_wire *wire)
{
	const struct net_known *seen = &wire->a->net->all->sockets_held;
	bool tun = wire->kind == NET_WIRE_TUN;
	const char *why = wire->words ? wire->words : tun ? seen->why : NULL;

	if (tun && !why && fact_is_known(seen->fact)) {
		buffer_text(w->out, "no process");
	} else if (wire->remote.family) {
		char text[NET_IP_TEXT];

		buffer_text(w->out, net_ip_text(&wire->remote, text));
	} else {
		bool seen_where = put_unseen(w, wire);

		buffer_text(w->out, seen_where ? "" : "?");
		buffer_text(w->out, !why ? "" : seen_where ? ", " : " ");
		put_escaped(w, why ? why : "");
	}
}

void net_stub_words(struct words *w, const struct wiring_line *line)
{
	const struct net_wire *wire = line->stub;
	const struct net_link *far = wiring_far(wire, line->link);

	buffer_printf(w->out, "%s to ", net_wire_kind_names[wire->kind]);
	if (far && line->like > 1) {
		buffer_text(w->out, "namespaces further away");
	} else if (far) {
		put_far(w, far, line->link);
	} else if (wire->process) {
		put_holder(w, wire);
	} else {
		put_no_end(w, wire);
	}
}

static void put_leads(struct words *w, const struct wiring *wiring, const struct wiring_line *line)
{
	const struct wiring_cable *cable = line->cable >= 0 ? &wiring->cables[line->cable] : NULL;

	if (w->out->len && (line->stub || (cable && cable->lane < 0)))
		buffer_text(w->out, "  ");
	if (line->stub)
		net_stub_words(w, line);
	else if (cable && cable->lane < 0)
		buffer_printf(w->out, "%s #%u", net_wire_kind_names[cable->wire->kind],
			      cable->number);
}

void net_link_cells(struct words *w, const struct wiring *wiring, const struct wiring_line *line,
		    struct net_cells *cells)
{
	const struct net_link *link = line->link;

	w->out = &cells->at[NET_CELL_NAME];
	put_name(w, wiring, line);
	w->out = &cells->at[NET_CELL_KIND];
	put_escaped(w, net_link_kind(link));
	buffer_text(&cells->at[NET_CELL_STATE], net_link_state(link));
	cells->up = net_link_is_up(link);
	w->out = &cells->at[NET_CELL_ADDRS];
	if (line->like == 1)
		put_addrs(w, link, "");
	put_leads(w, wiring, line);
}

void net_extra_cells(struct words *w, const struct wiring *wiring, const struct wiring_line *line,
		     struct net_cells *cells)
{
	buffer_clear(&cells->at[NET_CELL_NAME]);
	cells->up = true;
	w->out = &cells->at[NET_CELL_ADDRS];
	put_leads(w, wiring, line);
}

void net_link_label(struct words *w, const struct wiring_line *line)
{
	put_escaped(w, line->link->name);
	if (line->like > 1)
		buffer_printf(w->out, " (%zu alike)", line->like);
	put_kind_and_state(w, line->link);
	if (line->like == 1)
		put_addrs(w, line->link, " ");
}

void net_card_words(struct words *w, const struct wiring_line *line)
{
	const struct ns *ns = line->net->ns;

	if (line->like > 1)
		buffer_printf(w->out, "%zu namespaces like ", line->like);
	if (!ns) {
		net_place_words(w, line->net);
		if (line->net->maybe) {
			buffer_text(w->out, ", perhaps the same as ");
			net_place_words(w, line->net->maybe);
		}
		return;
	}
	if (!put_name_of(w, line->net)) {
		size_t start = w->out->len;

		words_who_ns(w, ns);
		words_cut(w, start, WHO_MAX);
	}
	buffer_text(w->out, "  ");
	words_ns(w, ns);
	buffer_text(w->out, "  ");
	if (ns->nprocs)
		words_count(w, ns->nprocs, "proc", "procs");
	else
		buffer_printf(w->out, "(%s)", holder_names[ns_held(ns)]);
}

static const char *note_of(const struct net_ns *net, enum net_part part)
{
	const struct net_known *known = &net->parts[part];

	if (known->fact.state == FACT_UNREAD ||
	    (fact_is_known(known->fact) && !known->torn && !known->missing))
		return NULL;
	return known->why ? known->why : fact_why(known->fact);
}

static void put_note(struct words *w, const char *names, const char *why)
{
	buffer_printf(w->out, "%s: ", names);
	put_escaped(w, why);
	buffer_char(w->out, '\n');
}

/* All that is known of one that is seen by its number only: its links cannot be listed. */
static void put_only_addrs(struct words *w, const struct net_ns *net)
{
	char text[NET_IP_TEXT];

	for (size_t i = 0; i < net->naddrs; i++)
		if (is_worth_showing(&net->addrs[i]))
			buffer_printf(w->out, "if%u %s/%u\n", net->addrs[i].index,
				      net_ip_text(&net->addrs[i].ip, text), net->addrs[i].len);
}

void net_left_out_words(const struct wiring *wiring, struct buffer *out)
{
	buffer_clear(out);
	if (wiring->nfolded)
		buffer_printf(out, "%zu %s with only lo hidden: --all", wiring->nfolded,
			      wiring->nfolded == 1 ? "namespace" : "namespaces");
	if (wiring->nfar)
		buffer_printf(out, "%s%zu %s further away hidden", out->len ? "; " : "",
			      wiring->nfar, wiring->nfar == 1 ? "namespace" : "namespaces");
}

static struct words words_for(const struct term *t, const struct graph *g, struct buffer *out)
{
	return (struct words){ .term = t, .graph = g, .out = out };
}

void net_unread_words(const struct term *t, const struct graph *g, const struct net_ns *net,
		      struct buffer *out)
{
	struct words w = words_for(t, g, out);
	const char *links = note_of(net, NET_PART_LINKS);
	const char *addrs = note_of(net, NET_PART_ADDRS);

	if (links && addrs && strcmp(links, addrs) == 0) {
		put_note(&w, "links and addresses", links);
		addrs = NULL;
	} else if (links) {
		put_note(&w, net_part_names[NET_PART_LINKS], links);
	}
	if (addrs)
		put_note(&w, net_part_names[NET_PART_ADDRS], addrs);
	if (!net->ns)
		put_only_addrs(&w, net);
	words_release(&w);
}

const struct net_link *net_link_words(const struct term *t, const struct graph *g,
				      const struct net_link *link, struct buffer *out,
				      size_t *out_far)
{
	const struct net_end *end = other_end(link);
	struct words w = words_for(t, g, out);
	size_t start = out->len;

	put_escaped(&w, link->name);
	if (end && end->link) {
		buffer_char(out, '@');
		*out_far = out->len - start;
		put_far(&w, end->link, link);
	}
	words_release(&w);
	return end ? end->link : NULL;
}

void net_line_words(const struct term *t, const struct graph *g, const struct wiring_line *line,
		    struct buffer *out)
{
	struct words w = words_for(t, g, out);
	size_t far;

	if (line->kind == WIRING_CARD)
		net_card_words(&w, line);
	else if (line->kind == WIRING_NOTE)
		buffer_text(out, line->words);
	if (line->kind == WIRING_LINK) {
		net_link_words(t, g, line->link, out, &far);
		net_link_rest_words(&w, line->link);
	}
	if (line->stub) {
		buffer_char(out, ' ');
		net_stub_words(&w, line);
	}
	words_release(&w);
}

void net_far_words(const struct term *t, const struct graph *g, const struct net_link *link,
		   const struct net_link *from, struct buffer *out)
{
	struct words w = words_for(t, g, out);

	put_far(&w, link, from);
	words_release(&w);
}
