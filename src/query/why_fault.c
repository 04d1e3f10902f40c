/* SPDX-License-Identifier: MIT */
/* What stops a frame, in words, and what would let it through: a table by kind of fault. */
#include <string.h>

#include <nsview/cleanup.h>

#include "why_tunnel.h"

struct scene {
	const struct net_link *link;
	const struct net_link *master; /* NULL */
	const struct net_link *tunnel; /* NULL */
	const char *inside;
	uint16_t vlan;
};

static const char *self_word(const struct net_link *link)
{
	return net_link_is(link, "bridge") ? " self" : "";
}

static const char *name_of_master(const struct scene *s)
{
	return s->master ? s->master->name : s->link->name;
}

static void on_down(struct walk *w, const struct scene *s)
{
	why_fail(w, "link", s->link->net, "%s is administratively down %s", s->link->name,
		 s->inside);
	why_show(w, s->link->net, "ip link show dev %s", why_word(s->link->name));
	why_fix(w, s->link->net, "ip link set dev %s up", why_word(s->link->name));
}

static void on_carrier(struct walk *w, const struct scene *s)
{
	why_fail(w, "link", s->link->net, "%s has no carrier %s", s->link->name, s->inside);
	why_show(w, s->link->net, "ip link show dev %s", why_word(s->link->name));
	why_advise(w, "look at what it is connected to");
}

static void on_qdisc(struct walk *w, const struct scene *s)
{
	why_fail(w, "tc", s->link->net,
		 "the queue of %s %s is a \"blackhole\": it drops all that is "
		 "sent",
		 s->link->name, s->inside);
	why_show(w, s->link->net, "tc qdisc show dev %s", why_word(s->link->name));
	why_fix(w, s->link->net, "tc qdisc del dev %s root", why_word(s->link->name));
}

static void on_port(struct walk *w, const struct scene *s)
{
	const struct net_detail *stp = s->master ? net_link_detail(s->master, "stp_state") : NULL;

	why_fail(w, "bridge", s->link->net, "%s, a port of %s %s, is in state %s", s->link->name,
		 name_of_master(s), s->inside, net_port_state_names[s->link->port_state]);
	why_show(w, s->link->net, "bridge -d link show dev %s", why_word(s->link->name));
	if (stp && stp->num &&
	    (s->link->port_state == NET_PORT_LISTENING || s->link->port_state == NET_PORT_LEARNING))
		why_advise(w, "wait until the spanning tree has settled");
	else if (stp && stp->num)
		why_fix(w, s->link->net, "ip link set dev %s type bridge stp_state 0",
			why_word(s->master->name));
	else
		why_fix(w, s->link->net, "bridge link set dev %s state 3", why_word(s->link->name));
}

static void port_option(struct walk *w, const struct scene *s, const char *option)
{
	why_show(w, s->link->net, "bridge -d link show dev %s", why_word(s->link->name));
	why_fix(w, s->link->net, "bridge link set dev %s %s", why_word(s->link->name), option);
}

static void on_isolated(struct walk *w, const struct scene *s)
{
	why_fail(w, "bridge", s->link->net,
		 "%s is an isolated port of %s %s, and so is the one that the frames come from",
		 s->link->name, name_of_master(s), s->inside);
	port_option(w, s, "isolated off");
}

static void on_locked(struct walk *w, const struct scene *s)
{
	why_fail(w, "bridge", s->link->net,
		 "%s is a locked port of %s %s, which does not know who sends", s->link->name,
		 name_of_master(s), s->inside);
	port_option(w, s, "locked off");
}

static void on_flood(struct walk *w, const struct scene *s)
{
	why_fail(w, "bridge", s->link->net,
		 "%s, a port of %s %s, lets no broadcasts out, so no ARP request gets through",
		 s->link->name, name_of_master(s), s->inside);
	port_option(w, s, "bcast_flood on");
}

static void on_flood_many(struct walk *w, const struct scene *s)
{
	why_fail(w, "bridge", s->link->net,
		 "%s, a port of %s %s, lets no multicasts out, so that nobody behind it hears who "
		 "is asked for",
		 s->link->name, name_of_master(s), s->inside);
	port_option(w, s, "mcast_flood on");
}

/* The VLAN that other ports put untagged frames into. */
static uint16_t usual_vlan(const struct scene *s)
{
	const struct net_ns *net = s->link->net;

	for (size_t i = 0; i < net->nlinks; i++) {
		const struct net_link *other = net->links[i];

		for (uint32_t k = 0; k < other->nvlans; k++)
			if (other != s->link && other->master.link == s->master &&
			    other->vlans[k].pvid)
				return other->vlans[k].first;
	}
	return 1;
}

static void let_vlan(struct walk *w, const struct scene *s, uint16_t vlan, bool access)
{
	why_show(w, s->link->net, "bridge vlan show dev %s", why_word(s->link->name));
	why_fix(w, s->link->net, "bridge vlan add dev %s vid %u%s%s", why_word(s->link->name), vlan,
		access ? " pvid untagged" : "", self_word(s->link));
}

static void on_vlan_in(struct walk *w, const struct scene *s)
{
	if (s->vlan)
		why_fail(w, "bridge", s->link->net, "%s, of %s %s, lets no frames of VLAN %u in",
			 s->link->name, name_of_master(s), s->inside, s->vlan);
	else
		why_fail(w, "bridge", s->link->net, "%s, of %s %s, lets no untagged frames in",
			 s->link->name, name_of_master(s), s->inside);
	let_vlan(w, s, s->vlan ? s->vlan : usual_vlan(s), !s->vlan);
}

/* Whether what is behind a port, or stands on the bridge itself, is for frames with that tag. */
static bool takes_tagged(const struct walk *w, const struct net_link *port, uint16_t vlan)
{
	const struct net_link *lower = net_link_is(port, "bridge") ? port : port->peer.link;

	for (size_t i = 0; lower && i < w->net->n; i++)
		for (size_t k = 0; k < w->net->list[i]->nlinks; k++) {
			const struct net_link *upper = w->net->list[i]->links[k];
			const struct net_detail *id = net_link_detail(upper, "id");

			if (net_link_is(upper, "vlan") && upper->lower.link == lower && id &&
			    id->num == vlan)
				return true;
		}
	return false;
}

static void on_vlan_out(struct walk *w, const struct scene *s)
{
	why_fail(w, "bridge", s->link->net, "%s, of %s %s, is not in VLAN %u", s->link->name,
		 name_of_master(s), s->inside, s->vlan);
	let_vlan(w, s, s->vlan, !takes_tagged(w, s->link, s->vlan));
}

static void on_parent(struct walk *w, const struct scene *s)
{
	why_fail(w, "macvlan", s->link->net,
		 "%s is a %s %s, and such a link cannot reach the one that it stands on",
		 s->link->name, s->link->kind, s->inside);
	why_show(w, s->link->net, "ip -d link show dev %s", why_word(s->link->name));
	why_advise(w, "give the other end a %s of its own on the same link", s->link->kind);
}

static void on_mode(struct walk *w, const struct scene *s)
{
	const struct net_detail *mode = net_link_detail(s->link, "mode");

	why_fail(w, "macvlan", s->link->net,
		 "%s is a %s in mode %s %s, which lets it reach none of its siblings",
		 s->link->name, s->link->kind, mode ? mode->text : "?", s->inside);
	why_show(w, s->link->net, "ip -d link show dev %s", why_word(s->link->name));
	why_fix(w, s->link->net, "ip link set dev %s type %s mode bridge", why_word(s->link->name),
		why_word(s->link->kind));
}

/* By LACP it is agreed on with the other end, else it may be chosen by hand. */
static bool has_lacp(const struct net_link *bond)
{
	const struct net_detail *mode = net_link_detail(bond, "mode");

	return mode && mode->text && strcmp(mode->text, "802.3ad") == 0;
}

static void on_backup(struct walk *w, const struct scene *s)
{
	const struct net_detail *active = net_link_detail(s->master, "active_slave");
	const struct net_link *used =
		active ? net_ns_link(s->link->net, (uint32_t)active->num) : NULL;

	why_fail(w, "bond", s->link->net, "%s is a backup of %s %s, which uses %s now",
		 s->link->name, s->master->name, s->inside, used ? used->name : "another one");
	why_show(w, s->link->net, "ip -d link show master %s", why_word(s->master->name));
	if (has_lacp(s->master))
		why_advise(w, "look why %s does not use it", s->master->name);
	else
		why_fix(w, s->link->net, "ip link set dev %s type bond active_slave %s",
			why_word(s->master->name), why_word(s->link->name));
}

static void on_tunnel(struct walk *w, const struct scene *s)
{
	why_tunnel_differs(w, s->tunnel, s->link);
}

static void (*const faults[])(struct walk *w, const struct scene *s) = {
	[FAULT_QDISC] = on_qdisc,	[FAULT_DOWN] = on_down,
	[FAULT_CARRIER] = on_carrier,	[FAULT_PORT] = on_port,
	[FAULT_ISOLATED] = on_isolated, [FAULT_LOCKED] = on_locked,
	[FAULT_FLOOD] = on_flood,	[FAULT_FLOOD_MANY] = on_flood_many,
	[FAULT_VLAN_IN] = on_vlan_in,	[FAULT_VLAN_OUT] = on_vlan_out,
	[FAULT_PARENT] = on_parent,	[FAULT_MODE] = on_mode,
	[FAULT_BACKUP] = on_backup,	[FAULT_TUNNEL] = on_tunnel,
};

void why_fault(struct walk *w, const struct place *place, const char *title)
{
	autobuffer inside = BUFFER_INIT;
	struct scene s = { .link = place->at_fault,
			   .master = place->at_fault->master.link,
			   .tunnel = place->tunnel,
			   .vlan = place->fault_vlan };

	why_put_inside(w, s.link->net, &inside);
	s.inside = buffer_str(&inside);
	faults[place->fault](w, &s);
	w->out->hops[w->out->nhops - 1].title = title;
}
