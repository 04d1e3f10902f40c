/* SPDX-License-Identifier: MIT */
/*
 * TARGETs by what networks have: an interface, an address, a hardware address, a port. Looks at
 * what was collected only. Where nothing matches, says what could not be looked into, since it
 * may hide there.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/cleanup.h>
#include <nsview/escape.h>

#include "netlink.h"

unsigned net_target_what(const struct target *t)
{
	switch (t->kind) {
	case TARGET_IFACE:
	case TARGET_MAC:
		return NET_LINKS;
	case TARGET_IP:
		return NET_ADDRS;
	case TARGET_PORT:
		return NET_SOCKETS;
	default:
		return 0;
	}
}

/* A namespace that nothing but a number leads to is no node of the graph; its viewer stands in. */
static void select_net(struct selection *sel, const struct net_ns *net)
{
	const struct net_ns *shown = net->ns || !net->seen_by ? net : net->seen_by;

	if (shown->ns)
		selection_add_ns(sel, shown->ns);
}

static size_t select_links(struct net_link **links, size_t n, struct selection *sel)
{
	for (size_t i = 0; i < n; i++)
		select_net(sel, links[i]->net);
	free(links);
	return n;
}

static size_t resolve_iface(const struct net *net, const struct target *t, struct selection *sel)
{
	struct net_link **links;
	size_t n = net_links_named(net, t->text, &links);

	return select_links(links, n, sel);
}

static size_t resolve_mac(const struct net *net, const struct target *t, struct selection *sel)
{
	struct net_link **links;
	struct net_mac mac;
	size_t n = net_mac_parse(t->text, &mac) < 0 ? 0 : net_links_with_mac(net, &mac, &links);

	return n ? select_links(links, n, sel) : 0;
}

static size_t resolve_ip(const struct net *net, const struct target *t, struct selection *sel)
{
	struct net_ip ip;
	size_t found = 0;

	if (net_ip_parse(t->text, &ip) < 0)
		return 0;
	for (size_t i = 0; i < net->n; i++)
		if (net_ns_addr(net->list[i], &ip)) {
			select_net(sel, net->list[i]);
			found++;
		}
	return found;
}

static int proto_of(const char *text)
{
	const char *slash = strchr(text, '/');

	for (int i = 0; slash && i < NET_PROTOS; i++)
		if (strlen(net_proto_names[i]) == (size_t)(slash - text) &&
		    memcmp(net_proto_names[i], text, (size_t)(slash - text)) == 0)
			return i;
	return -1;
}

/* The processes that have it; the namespace too where none of them lives there. */
static void select_socket(struct selection *sel, const struct net_socket *socket)
{
	bool home = false;

	for (const struct net_holder *h = socket->holders; h; h = h->next) {
		selection_add_process(sel, h->process);
		home = home || (h->process->set && h->process->set->ns[NS_NET] == socket->net->ns);
	}
	if (!home)
		select_net(sel, socket->net);
}

static size_t resolve_port(const struct net *net, const struct target *t, struct selection *sel)
{
	const struct net_socket **sockets;
	size_t n = net_sockets_at_port(net, proto_of(t->text), (uint32_t)t->num, &sockets);
	size_t found = 0;

	/* A connection out may have borrowed the number; one that listens or waits has it. */
	for (size_t i = 0; i < n; i++)
		if (!sockets[i]->rport) {
			select_socket(sel, sockets[i]);
			found++;
		}
	for (size_t i = 0; !found && i < n; i++)
		select_socket(sel, sockets[i]);
	free(sockets);
	return n;
}

static enum net_part part_of(const struct target *t)
{
	switch (t->kind) {
	case TARGET_IP:
		return NET_PART_ADDRS;
	case TARGET_PORT:
		return NET_PART_SOCKETS;
	default:
		return NET_PART_LINKS;
	}
}

static int none_has(const struct net *net, const struct target *t, struct error *err)
{
	autobuffer shown = BUFFER_INIT;
	enum net_part part = part_of(t);
	const struct net_known *why = NULL;
	size_t unread = 0;

	escape_text(&shown, t->word, strlen(t->word), ESCAPE_ASCII);
	for (size_t i = 0; i < net->n; i++)
		if (!fact_is_known(net->list[i]->parts[part].fact)) {
			why = &net->list[i]->parts[part];
			unread++;
		}
	if (!why)
		return error_set(err, -ENOENT, "no network namespace has %s", buffer_str(&shown));
	return error_set(err, -ENOENT,
			 "no network namespace is known to have %s (the %s of %zu could not be "
			 "read: %s)",
			 buffer_str(&shown), net_part_names[part], unread,
			 why->why ? why->why : fact_why(why->fact));
}

int net_resolve(const struct net *net, const struct target *t, struct selection *sel,
		struct error *err)
{
	size_t found = 0;

	switch (t->kind) {
	case TARGET_IFACE:
		found = resolve_iface(net, t, sel);
		break;
	case TARGET_IP:
		found = resolve_ip(net, t, sel);
		break;
	case TARGET_MAC:
		found = resolve_mac(net, t, sel);
		break;
	case TARGET_PORT:
		found = resolve_port(net, t, sel);
		break;
	default:
		return -ENOTSUP;
	}
	return found ? 0 : none_has(net, t, err);
}
