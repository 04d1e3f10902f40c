/* SPDX-License-Identifier: MIT */
/*
 * The other end of every link, and the wires that follow. Pure: takes the numbers that links came
 * with and what these were found to mean. An end is believed only in the namespace that its number
 * means; of a pair, when the other end names this one too.
 */
#include <stdlib.h>
#include <string.h>

#include "index.h"
#include "parse.h"

static void unresolved(struct net_end *end, const char *words)
{
	end->how = NET_HOW_UNRESOLVED;
	end->link = NULL;
	end->words = words;
}

/* Finds the namespace and, if it was read, the link. */
static void find_end(const struct net_link *link, struct net_end *end)
{
	int32_t nsid = end->nsid;

	end->nsid = nsid < 0 ? -1 : nsid;
	end->net = nsid == NSID_NONE ? link->net : nsid < 0 ? NULL : nsid_to(link->net, nsid);
	if (nsid == NSID_UNASSIGNED)
		unresolved(end, "the kernel has no number here for the namespace that it is in");
	else if (!end->net)
		unresolved(end,
			   "it is in a namespace that could not be told among those there are");
	else if (!end->index)
		unresolved(end, "the kernel does not tell which link it is");
	else if (!fact_is_known(end->net->parts[NET_PART_LINKS].fact))
		unresolved(end, "the namespace that it is in could not be read");
	else
		end->link = net_ns_link(end->net, end->index);
	if (end->net && end->index && !end->link && !end->words)
		unresolved(end, "it was not there any more when it was looked for");
}

static void find_lower(const struct net_link *link, struct net_end *end)
{
	find_end(link, end);
	if (end->link)
		end->how = end->net == link->net ? NET_HOW_BOTH : NET_HOW_ONE;
	else if (end->net && !end->index) {
		/* A tunnel whose packets are routed in the namespace where it was made. */
		end->how = NET_HOW_ONE;
		end->words = "it is bound to no link there";
	}
}

/* With both ends looked at: do they agree? */
static void check_pair(struct net_link *link)
{
	struct net_end *end = &link->peer;
	struct net_end *other = end->link ? &end->link->peer : NULL;

	if (!other)
		return;
	if (other->link == link)
		end->how = NET_HOW_BOTH;
	else if (other->link || other->index != link->index)
		unresolved(end, "the link with its number leads elsewhere");
	else {
		end->how = NET_HOW_ONE;
		end->words = "the other end could not be followed back";
	}
}

/* One that could not be followed, but whose other end could. */
static void follow_back(struct net_link *link)
{
	struct net_end *other = link->peer.how == NET_HOW_ONE ? &link->peer.link->peer : NULL;

	if (!other || other->link)
		return;
	*other = (struct net_end){ NET_HOW_ONE, link->index, other->nsid,
				   link,	link->net,   "only the other end leads here" };
}

static void each_link(struct net *net, void (*each)(struct net_link *link))
{
	for (size_t i = 0; i < net->n; i++)
		for (size_t k = 0; k < net->list[i]->nlinks; k++)
			each(net->list[i]->links[k]);
}

static void find_ends(struct net_link *link)
{
	if (link->peer.how != NET_HOW_NONE)
		find_end(link, &link->peer);
	if (link->lower.how != NET_HOW_NONE)
		find_lower(link, &link->lower);
}

static bool comes_before(const struct net_link *a, const struct net_link *b)
{
	if (a->net != b->net)
		return a->net->at < b->net->at;
	return a->index < b->index;
}

static struct net_wire *add_wire(struct vec *wires, enum net_wire_kind kind, struct net_link *a,
				 const struct net_end *end)
{
	const struct net_detail *remote = net_link_detail(a, "remote");
	struct net_wire *w = vec_add(wires);

	w->kind = kind;
	w->a = a;
	w->fd = -1;
	if (end) {
		w->b = end->link;
		w->how = end->how;
		w->words = end->words;
	}
	if (remote && (kind == NET_WIRE_VXLAN || kind == NET_WIRE_TUNNEL))
		w->remote = remote->ip;
	w->up = net_link_is_up(a) && (!w->b || net_link_is_up(w->b));
	return w;
}

static void wire_peer(struct vec *wires, struct net_link *link)
{
	const struct net_link *other = link->peer.link;

	/* Both ends know of it: the first tells. */
	if (other && other->peer.link == link && comes_before(other, link))
		return;
	add_wire(wires, NET_WIRE_VETH, link, &link->peer);
}

static void wire_lower(struct vec *wires, struct net_link *link)
{
	const struct link_kind *kind = link_kind_find(link->kind);
	enum net_wire_kind wire =
		kind && kind->wire <= NET_WIRE_LOWER ? kind->wire : NET_WIRE_LOWER;

	if (link->lower.how != NET_HOW_NONE)
		add_wire(wires, wire, link, &link->lower);
	else if (net_link_detail(link, "remote"))
		add_wire(wires, wire, link, NULL);
}

static void wire_master(struct vec *wires, struct net_link *link)
{
	const struct link_kind *kind = link_kind_find(link->port_kind);
	enum net_wire_kind wire =
		kind && kind->wire >= NET_WIRE_BRIDGE ? kind->wire : NET_WIRE_MASTER;
	struct net_wire *w;

	if (link->master.how == NET_HOW_NONE)
		return;
	w = add_wire(wires, wire, link, &link->master);
	w->up = w->up && (link->port_state < 0 || link->port_state == NET_PORT_FORWARDING);
}

static void wire_tun(const struct net *net, struct vec *wires, struct net_link *link)
{
	const struct scan_fd *holder = NULL;
	bool any = false;

	if (!net_link_is(link, "tun"))
		return;
	while ((holder = tun_holder(net, link, holder))) {
		struct net_wire *w = add_wire(wires, NET_WIRE_TUN, link, NULL);

		w->process = holder->process;
		w->fd = holder->fd;
		w->how = holder->tun_ns ? NET_HOW_BOTH : NET_HOW_ONE;
		w->words = holder->tun_ns ? NULL : "by its name alone, which others may have too";
		any = true;
	}
	if (!any)
		add_wire(wires, NET_WIRE_TUN, link, NULL);
}

static int compare_wires(const void *a, const void *b)
{
	const struct net_wire *x = a, *y = b;

	if (x->a != y->a)
		return comes_before(x->a, y->a) ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return x->fd < y->fd ? -1 : x->fd > y->fd;
}

void net_ends_find(struct net *net)
{
	each_link(net, find_ends);
	each_link(net, check_pair);
	each_link(net, follow_back);
}

void net_wires_make(struct net *net)
{
	autovec wires = VEC(struct net_wire);

	for (size_t i = 0; i < net->n; i++)
		for (size_t k = 0; k < net->list[i]->nlinks; k++) {
			struct net_link *link = net->list[i]->links[k];

			if (link->peer.how != NET_HOW_NONE)
				wire_peer(&wires, link);
			wire_lower(&wires, link);
			wire_master(&wires, link);
			wire_tun(net, &wires, link);
		}
	if (wires.n)
		qsort(wires.at, wires.n, sizeof(struct net_wire), compare_wires);
	net->wires = vec_keep(&wires, &net->arena);
	net->nwires = wires.n;
}
