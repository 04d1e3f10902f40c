/* SPDX-License-Identifier: MIT */
/* Which link is at the other end: namespaces with links and numbers put together by hand. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wires_sample.h"

static void wire_up(void)
{
	net_ends_find(net);
	net_wires_make(net);
}

static void pair_is_verified_from_both_ends(void **state)
{
	struct net_ns *host = add_ns(1), *web = add_ns(2);
	struct net_link *a = add_veth(host, 5, "veth3a", 2, 0), *b = add_veth(web, 2, "eth0", 5, 7);

	(void)state;
	know(host, 0, web);
	know(web, 7, host);
	wire_up();
	assert_ptr_equal(a->peer.link, b);
	assert_ptr_equal(b->peer.link, a);
	assert_int_equal(a->peer.how, NET_HOW_BOTH);
	assert_int_equal(b->peer.how, NET_HOW_BOTH);
	assert_int_equal(net->nwires, 1);
	assert_ptr_equal(net->wires[0].a, a);
	assert_ptr_equal(net->wires[0].b, b);
	assert_int_equal(net->wires[0].kind, NET_WIRE_VETH);
	assert_true(net->wires[0].up);
}

/* The same number for a link in three namespaces: only the one that the number means counts. */
static void same_ifindex_everywhere_is_no_confusion(void **state)
{
	struct net_ns *host = add_ns(1), *a = add_ns(2), *b = add_ns(3);
	struct net_link *ha = add_veth(host, 2, "va", 2, 0), *hb = add_veth(host, 3, "vb", 2, 1);
	struct net_link *ea = add_veth(a, 2, "eth0", 2, 0), *eb = add_veth(b, 2, "eth0", 3, 0);

	(void)state;
	know(host, 0, a);
	know(host, 1, b);
	know(a, 0, host);
	know(b, 0, host);
	wire_up();
	assert_ptr_equal(ha->peer.link, ea);
	assert_ptr_equal(hb->peer.link, eb);
	assert_int_equal(ha->peer.how, NET_HOW_BOTH);
	assert_int_equal(hb->peer.how, NET_HOW_BOTH);
	assert_int_equal(net->nwires, 2);
}

static void pair_within_one_namespace_needs_no_number(void **state)
{
	struct net_ns *host = add_ns(1);
	struct net_link *a = add_veth(host, 2, "a", 3, NSID_NONE);
	struct net_link *b = add_veth(host, 3, "b", 2, NSID_NONE);

	(void)state;
	wire_up();
	assert_ptr_equal(a->peer.link, b);
	assert_int_equal(b->peer.how, NET_HOW_BOTH);
	assert_int_equal(net->nwires, 1);
}

static void number_that_means_nothing_known_stays_unresolved(void **state)
{
	struct net_ns *host = add_ns(1), *other = add_ns(2);
	struct net_link *a = add_veth(host, 5, "veth3a", 2, 4);

	(void)state;
	/* A link with the right number in a namespace that is not the one. */
	add_veth(other, 2, "eth0", 5, 0);
	know(host, 4, NULL);
	wire_up();
	assert_int_equal(a->peer.how, NET_HOW_UNRESOLVED);
	assert_null(a->peer.link);
	assert_null(a->peer.net);
	assert_non_null(a->peer.words);
	assert_int_equal(a->peer.index, 2);
	assert_int_equal(a->peer.nsid, 4);
	assert_int_equal(net->nwires, 2);
	assert_null(net->wires[0].b);
}

static void namespace_that_was_not_read_is_named_all_the_same(void **state)
{
	struct net_ns *host = add_ns(1), *web = add_ns(2);
	struct net_link *a = add_veth(host, 5, "veth3a", 2, 0);

	(void)state;
	web->parts[NET_PART_LINKS].fact = fact_from_error(-EPERM);
	know(host, 0, web);
	wire_up();
	assert_int_equal(a->peer.how, NET_HOW_UNRESOLVED);
	assert_ptr_equal(a->peer.net, web);
	assert_null(a->peer.link);
}

static void end_that_only_the_other_could_follow(void **state)
{
	struct net_ns *host = add_ns(1), *web = add_ns(2);
	struct net_link *a = add_veth(host, 5, "veth3a", 2, NSID_UNASSIGNED);
	struct net_link *b = add_veth(web, 2, "eth0", 5, 0);

	(void)state;
	know(web, 0, host);
	wire_up();
	assert_ptr_equal(b->peer.link, a);
	assert_int_equal(b->peer.how, NET_HOW_ONE);
	assert_ptr_equal(a->peer.link, b);
	assert_int_equal(a->peer.how, NET_HOW_ONE);
	assert_int_equal(a->peer.nsid, -1);
	assert_int_equal(net->nwires, 1);
	assert_int_equal(net->wires[0].how, NET_HOW_ONE);
}

static void link_that_leads_elsewhere_is_not_the_peer(void **state)
{
	struct net_ns *host = add_ns(1), *web = add_ns(2);
	struct net_link *a = add_veth(host, 5, "veth3a", 2, 0);

	(void)state;
	/* Number 2 has been taken by another pair since. */
	add_veth(web, 2, "eth0", 9, 0);
	know(host, 0, web);
	know(web, 0, host);
	wire_up();
	assert_int_equal(a->peer.how, NET_HOW_UNRESOLVED);
	assert_null(a->peer.link);
}

static void upper_link_in_another_namespace(void **state)
{
	struct net_ns *host = add_ns(1), *lab = add_ns(2);
	struct net_link *eth = add_link(host, 2, "eth0", NULL);
	struct net_link *mv = add_link(lab, 2, "mv0", "macvlan");

	(void)state;
	mv->lower = (struct net_end){ .how = NET_HOW_UNRESOLVED, .index = 2, .nsid = 0 };
	know(lab, 0, host);
	wire_up();
	assert_ptr_equal(mv->lower.link, eth);
	assert_int_equal(mv->lower.how, NET_HOW_ONE);
	assert_int_equal(net->nwires, 1);
	assert_int_equal(net->wires[0].kind, NET_WIRE_MACVLAN);
	assert_ptr_equal(net->wires[0].a, mv);
	assert_ptr_equal(net->wires[0].b, eth);
}

static void tunnel_bound_to_no_link_still_knows_its_namespace(void **state)
{
	struct net_ns *host = add_ns(1), *lab = add_ns(2);
	struct net_link *vx = add_link(lab, 2, "vx", "vxlan");

	(void)state;
	vx->lower = (struct net_end){ .how = NET_HOW_UNRESOLVED, .index = 0, .nsid = 0 };
	know(lab, 0, host);
	wire_up();
	assert_int_equal(vx->lower.how, NET_HOW_ONE);
	assert_ptr_equal(vx->lower.net, host);
	assert_null(vx->lower.link);
}

static void port_that_blocks_is_not_up(void **state)
{
	struct net_ns *host = add_ns(1);
	struct net_link *br = add_link(host, 2, "br0", "bridge");
	struct net_link *port = add_link(host, 3, "p", NULL);

	(void)state;
	port->port_kind = "bridge";
	port->port_state = NET_PORT_BLOCKING;
	port->master = (struct net_end){ .how = NET_HOW_UNRESOLVED, .index = 2, .nsid = -1 };
	net_ns_join(host);
	wire_up();
	assert_ptr_equal(port->master.link, br);
	assert_int_equal(net->wires[0].kind, NET_WIRE_BRIDGE);
	assert_false(net->wires[0].up);
}

static void down_at_either_end_is_down(void **state)
{
	struct net_ns *host = add_ns(1), *web = add_ns(2);

	(void)state;
	add_veth(host, 5, "veth3a", 2, 0);
	add_veth(web, 2, "eth0", 5, 0)->flags = 0;
	know(host, 0, web);
	know(web, 0, host);
	wire_up();
	assert_false(net->wires[0].up);
}

static void things_are_found_by_what_they_have(void **state)
{
	struct net_ns *host = add_ns(1), *web = add_ns(2);
	struct selection sel = { 0 };
	struct net_addr addr = { .index = 2, .len = 24 };
	struct net_socket socket = { .net = web, .proto = NET_PROTO_UDP, .lport = 53 };
	struct error err = { 0 };
	struct target t;

	(void)state;
	add_link(host, 2, "eth0", NULL)->mac = (struct net_mac){ 6, { 2, 0x42, 0, 0, 0, 1 } };
	add_link(web, 2, "eth0", NULL);
	assert_int_equal(net_ip_parse("10.0.0.5", &addr.ip), 0);
	web->addrs = &addr;
	web->naddrs = 1;
	web->sockets = &socket;
	web->nsockets = 1;
	host->parts[NET_PART_SOCKETS].fact = web->parts[NET_PART_SOCKETS].fact = fact_known();
	assert_int_equal(target_parse("iface:eth0", &t, NULL), 0);
	assert_int_equal(net_resolve(net, &t, &sel, &err), 0);
	assert_int_equal(sel.nnamespaces, 2);
	selection_release(&sel);
	sel = (struct selection){ 0 };
	assert_int_equal(target_parse("ip:10.0.0.5", &t, NULL), 0);
	assert_int_equal(net_resolve(net, &t, &sel, &err), 0);
	assert_int_equal(sel.nnamespaces, 1);
	assert_ptr_equal(sel.namespaces[0], web->ns);
	assert_int_equal(target_parse("mac:02:42:00:00:00:01", &t, NULL), 0);
	assert_int_equal(net_resolve(net, &t, &sel, &err), 0);
	assert_int_equal(sel.nnamespaces, 2);
	selection_release(&sel);
	sel = (struct selection){ 0 };
	assert_int_equal(target_parse("port:udp/53", &t, NULL), 0);
	assert_int_equal(net_resolve(net, &t, &sel, &err), 0);
	assert_ptr_equal(sel.namespaces[0], web->ns);
	assert_int_equal(target_parse("port:tcp/53", &t, NULL), 0);
	assert_int_equal(net_resolve(net, &t, &sel, &err), -ENOENT);
	assert_string_equal(err.text, "no network namespace has port:tcp/53");
	host->parts[NET_PART_SOCKETS].fact = fact_from_error(-EPERM);
	assert_int_equal(net_resolve(net, &t, &sel, &err), -ENOENT);
	assert_string_equal(err.text, "no network namespace is known to have port:tcp/53 (the "
				      "sockets of 1 could not be read: operation not permitted)");
	selection_release(&sel);
}

static void prefixes_are_compared_by_bits(void **state)
{
	struct net_ip ip, prefix;

	(void)state;
	net_ip_parse("10.9.255.1", &ip);
	net_ip_parse("10.8.0.0", &prefix);
	assert_true(net_ip_within(&ip, &prefix, 15));
	assert_false(net_ip_within(&ip, &prefix, 16));
	assert_true(net_ip_within(&ip, &(struct net_ip){ 0 }, 0));
	net_ip_parse("fd00::1", &prefix);
	assert_false(net_ip_within(&ip, &prefix, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(pair_is_verified_from_both_ends),
		CASE(same_ifindex_everywhere_is_no_confusion),
		CASE(pair_within_one_namespace_needs_no_number),
		CASE(number_that_means_nothing_known_stays_unresolved),
		CASE(namespace_that_was_not_read_is_named_all_the_same),
		CASE(end_that_only_the_other_could_follow),
		CASE(link_that_leads_elsewhere_is_not_the_peer),
		CASE(upper_link_in_another_namespace),
		CASE(tunnel_bound_to_no_link_still_knows_its_namespace),
		CASE(port_that_blocks_is_not_up),
		CASE(down_at_either_end_is_down),
		CASE(things_are_found_by_what_they_have),
		CASE(prefixes_are_compared_by_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
