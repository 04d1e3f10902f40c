/* SPDX-License-Identifier: MIT */
/*
 * `nsview why` through tunnels on networks made by hand, for the kinds that a kernel may not have:
 * GRE, Geneve, WireGuard. A and B are next to each other; the tunnel is over that.
 */
#include <errno.h>
#include <stdint.h>

#include <nsview/why.h>

#include "why_sample.h"

#include "../../../src/query/why_tunnel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

enum { ROUTES = 8, DETAILS = 4 };

struct end {
	struct net_ns *at;
	struct net_link *eth, *tun;
	struct net_route routes[ROUTES];
	struct net_hop hops[ROUTES];
	struct net_detail details[DETAILS];
	struct net_wireguard wg;
	struct net_peer peer;
	struct net_allowed allowed;
	struct net_socket socket;
};

struct pair {
	struct net_sample *s;
	struct end a, b;
	struct why_question q;
	struct why why;
};

static void add_route(struct end *e, const char *dst, uint8_t len, enum net_route_type type,
		      struct net_link *dev)
{
	size_t i = e->at->nroutes++;

	assert_true(i < ROUTES);
	e->hops[i] = (struct net_hop){ .link = dev, .index = dev->index };
	e->routes[i] = (struct net_route){ .family = AF_INET,
					   .len = len,
					   .type = type,
					   .table = type == NET_ROUTE_LOCAL ? NET_TABLE_LOCAL
									    : NET_TABLE_MAIN,
					   .dst = ip_of(dst),
					   .hops = &e->hops[i],
					   .nhops = 1 };
	e->at->routes = e->routes;
}

static void add_end(struct pair *p, struct end *e, uint64_t ino, const char *ip, const char *inner)
{
	e->at = net_sample_ns(p->s, ino);
	e->eth = net_sample_link(e->at, "eth0", "veth");
	e->tun = net_sample_link(e->at, "tun0", NULL);
	net_sample_addr(e->eth, ip, 24);
	net_sample_addr(e->tun, inner, 24);
	set_mac(e->eth, (uint8_t)ino);
	know_all(e->at);
	add_route(e, ip, 32, NET_ROUTE_LOCAL, e->eth);
	add_route(e, inner, 32, NET_ROUTE_LOCAL, e->tun);
	add_route(e, "10.0.0.0", 24, NET_ROUTE_UNICAST, e->eth);
	add_route(e, "10.7.0.0", 24, NET_ROUTE_UNICAST, e->tun);
}

static int setup(void **state)
{
	struct pair *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	p->s = net_sample_new();
	net_sample_ns(p->s, 10);
	add_end(p, &p->a, 11, "10.0.0.1", "10.7.0.1");
	add_end(p, &p->b, 12, "10.0.0.2", "10.7.0.2");
	net_sample_veth(p->s, p->a.eth, p->b.eth);
	p->q = (struct why_question){ .from = p->a.at, .to = p->b.at, .ip = ip_of("10.7.0.2") };
	*state = p;
	return 0;
}

static int teardown(void **state)
{
	struct pair *p = *state;

	why_release(&p->why);
	net_sample_free(p->s);
	free(p);
	return 0;
}

static void put_detail(struct end *e, const char *key, enum net_detail_type type, uint64_t num,
		       const char *ip)
{
	struct net_detail *d = &e->details[e->tun->ndetails++];

	assert_true(e->tun->ndetails <= DETAILS);
	*d = (struct net_detail){ .key = key, .type = type, .num = num };
	if (ip)
		d->ip = ip_of(ip);
	e->tun->details = e->details;
}

static void make(struct end *e, const char *kind, const char *remote)
{
	e->tun->kind = kind;
	put_detail(e, "remote", NET_DETAIL_IP, 0, remote);
}

static void both(struct pair *p, const char *kind)
{
	make(&p->a, kind, "10.0.0.2");
	make(&p->b, kind, "10.0.0.1");
}

static void ask(struct pair *p)
{
	why_release(&p->why);
	why_find(&p->s->net, &p->q, &p->why);
}

static void assert_broken(const struct pair *p, const char *cause)
{
	assert_int_equal(p->why.answer, WHY_UNREACHABLE);
	if (!strstr(buffer_str(&p->why.cause), cause))
		assert_string_equal(buffer_str(&p->why.cause), cause);
}

static const struct why_hop *hop_titled(const struct pair *p, const char *title)
{
	for (size_t i = 0; i < p->why.nhops; i++)
		if (strcmp(p->why.hops[i].title, title) == 0)
			return &p->why.hops[i];
	fail_msg("no hop \"%s\"", title);
	return NULL;
}

static void gre_is_followed_and_what_carries_it(void **state)
{
	struct pair *p = *state;

	both(p, "gre");
	ask(p);
	assert_int_equal(p->why.answer, WHY_REACHABLE);
	assert_string_equal(buffer_str(&hop_titled(p, "outer")->text),
			    "10.0.0.1 -> 10.0.0.2 IP protocol 47");
}

static void gre_keys_must_agree(void **state)
{
	struct pair *p = *state;

	both(p, "gre");
	put_detail(&p->a, "okey", NET_DETAIL_NUM, 7, NULL);
	put_detail(&p->b, "ikey", NET_DETAIL_NUM, 8, NULL);
	ask(p);
	assert_broken(p, "tun0 sends with key 7, but net:12:tun0 takes in key 8");
	p->b.details[1].num = 7;
	ask(p);
	assert_int_equal(p->why.answer, WHY_REACHABLE);
}

/* gre0, as the kernel makes one in every namespace: before B's own in the list. */
static void spare_link_is_no_other_end(void **state)
{
	struct pair *p = *state;
	struct net_link *spare = p->b.eth, *own = net_sample_link(p->b.at, "own", "veth");

	both(p, "gre");
	*own = *spare;
	own->index = 9;
	spare->kind = "gre";
	spare->flags = 0;
	spare->peer = (struct net_end){ .how = NET_HOW_NONE };
	net_sample_veth(p->s, p->a.eth, own);
	for (size_t i = 0; i < p->b.at->nroutes; i++)
		p->b.hops[i].link = p->b.hops[i].link == spare ? own : p->b.hops[i].link;
	for (size_t i = 0; i < p->b.at->naddrs; i++)
		if (p->b.at->addrs[i].link == spare)
			p->b.at->addrs[i].link = own;
	ask(p);
	assert_int_equal(p->why.answer, WHY_REACHABLE);
	spare->flags = IFF_UP;
	ask(p);
	assert_non_null(strstr(buffer_str(&hop_titled(p, "gre")->text), "net:12:tun0 UP"));
}

static void ipip_takes_in_from_its_remote_only(void **state)
{
	struct pair *p = *state;

	make(&p->a, "ipip", "10.0.0.2");
	make(&p->b, "ipip", "10.0.0.99");
	ask(p);
	assert_broken(p, "net:12:tun0 takes in only what comes from 10.0.0.99, not net:11:tun0");
}

static void tunnel_of_another_kind_does_not_take_it_in(void **state)
{
	struct pair *p = *state;

	make(&p->a, "gre", "10.0.0.2");
	make(&p->b, "ipip", "10.0.0.1");
	ask(p);
	assert_broken(p, "no gre inside net:12 takes in what tun0 sends");
}

static void way_below_counts(void **state)
{
	struct pair *p = *state;

	both(p, "gre");
	p->b.eth->flags = 0;
	ask(p);
	assert_broken(p, "eth0 is administratively down inside net:12");
	assert_true(hop_titled(p, "veth")->outer);
}

static void what_leaves_this_host_is_said(void **state)
{
	struct pair *p = *state;

	both(p, "gre");
	p->a.eth->kind = NULL;
	p->a.eth->peer = (struct net_end){ .how = NET_HOW_NONE };
	p->a.details[0].ip = ip_of("10.0.0.77");
	p->b.details[0].ip = ip_of("10.0.0.55");
	ask(p);
	assert_int_equal(p->why.answer, WHY_CANNOT_TELL);
	assert_string_equal(buffer_str(&hop_titled(p, "wire")->text),
			    "it leaves this host at net:11:eth0");
	assert_true(hop_titled(p, "wire")->outer);
}

static void moved_tunnel_is_routed_where_it_was_made(void **state)
{
	struct pair *p = *state;

	both(p, "gre");
	p->a.tun->lower = (struct net_end){ .how = NET_HOW_ONE, .nsid = 0, .net = p->s->list[0] };
	ask(p);
	assert_broken(p, "takes in only what comes from 10.0.0.1"); /* the host has it not */
	p->a.tun->lower.net = NULL;
	p->a.tun->lower.how = NET_HOW_UNRESOLVED;
	ask(p);
	assert_int_equal(p->why.answer, WHY_CANNOT_TELL);
}

static void geneve_carries_frames(void **state)
{
	struct pair *p = *state;

	both(p, "geneve");
	put_detail(&p->a, "id", NET_DETAIL_NUM, 5, NULL);
	put_detail(&p->b, "id", NET_DETAIL_NUM, 5, NULL);
	ask(p);
	assert_int_equal(p->why.answer, WHY_REACHABLE);
	assert_string_equal(buffer_str(&hop_titled(p, "outer")->text),
			    "10.0.0.1 -> 10.0.0.2 udp/6081");
	p->b.details[1].num = 6;
	ask(p);
	assert_broken(p, "takes in VNI 6");
}

/* A and B as each other's peers, as they should be. */
static void guard(struct end *e, uint8_t key, uint8_t peer, const char *endpoint, const char *inner)
{
	e->tun->kind = "wireguard";
	memset(e->wg.key, key, NET_KEY);
	memset(e->peer.key, peer, NET_KEY);
	e->wg.has_key = true;
	e->wg.port = (uint16_t)(51820 + key);
	e->wg.peers = &e->peer;
	e->wg.npeers = 1;
	e->peer.endpoint = ip_of(endpoint);
	e->peer.port = (uint16_t)(51820 + peer);
	e->peer.allowed = &e->allowed;
	e->peer.nallowed = 1;
	e->allowed = (struct net_allowed){ ip_of(inner), 32 };
	e->tun->wireguard = &e->wg;
	e->tun->wireguard_known.fact = fact_known();
	e->socket = (struct net_socket){
		.proto = NET_PROTO_UDP,
		.lport = e->wg.port,
		.inode = 10942, /* as the kernel's have */
	};
	e->at->sockets = &e->socket;
	e->at->nsockets = 1;
}

static void guarded(struct pair *p)
{
	guard(&p->a, 1, 2, "10.0.0.2", "10.7.0.2");
	guard(&p->b, 2, 1, "10.0.0.1", "10.7.0.1");
}

static void wireguard_is_followed_by_keys(void **state)
{
	struct pair *p = *state;

	guarded(p);
	ask(p);
	assert_int_equal(p->why.answer, WHY_REACHABLE);
	assert_string_equal(buffer_str(&hop_titled(p, "outer")->text),
			    "10.0.0.1 -> 10.0.0.2 udp/51822");
	assert_non_null(strstr(buffer_str(&hop_titled(p, "wireguard")->text),
			       "peer AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="));
}

static void destination_must_be_allowed(void **state)
{
	struct pair *p = *state;

	guarded(p);
	p->a.allowed.ip = ip_of("10.7.0.3");
	ask(p);
	assert_broken(p, "no peer of net:11:tun0 has 10.7.0.2 among its allowed IPs");
}

static void source_must_be_allowed_at_the_other_end(void **state)
{
	struct pair *p = *state;

	guarded(p);
	p->b.allowed.ip = ip_of("10.7.0.3");
	ask(p);
	assert_broken(p, "net:12:tun0 does not let 10.7.0.1 come from net:11:tun0");
}

static void other_end_must_know_the_key(void **state)
{
	struct pair *p = *state;

	guarded(p);
	memset(p->b.peer.key, 9, NET_KEY);
	ask(p);
	assert_broken(p, "net:12:tun0 has no peer with the key of net:11:tun0");
}

static void peer_with_no_such_link_is_told(void **state)
{
	struct pair *p = *state;

	guarded(p);
	memset(p->a.peer.key, 9, NET_KEY);
	ask(p);
	assert_broken(p, "no WireGuard link inside net:12 has the key CQkJCQ");
}

static void endpoint_and_port_must_be_right(void **state)
{
	struct pair *p = *state;

	guarded(p);
	p->a.peer.port = 1;
	ask(p);
	assert_broken(p, "sends to UDP port 1, but net:12:tun0 has port 51822");
	p->a.peer.endpoint.family = 0;
	ask(p);
	assert_broken(p, "it has no endpoint");
}

/* What comes from A tells B where A is, whatever B believed. */
static void endpoint_of_who_has_asked_is_learned(void **state)
{
	struct pair *p = *state;

	guarded(p);
	p->b.peer.endpoint.family = 0;
	ask(p);
	assert_int_equal(p->why.answer, WHY_REACHABLE);
	p->b.peer.endpoint = ip_of("10.0.0.77");
	p->b.peer.port = 1;
	ask(p);
	assert_int_equal(p->why.answer, WHY_REACHABLE);
}

/* Made where a socket is that nobody has open; the other end has one with that port as well. */
static void moved_wireguard_is_routed_where_its_socket_is(void **state)
{
	struct pair *p = *state;
	struct net_ns *maker = p->s->net.list[0];

	guarded(p);
	p->a.wg.port = p->b.peer.port = p->b.wg.port;
	p->a.socket.lport = p->b.wg.port;
	maker->sockets = &p->a.socket;
	maker->nsockets = 1;
	p->a.at->nsockets = 0;
	assert_ptr_equal(tunnel_under(p->a.tun), maker);
	assert_ptr_equal(tunnel_under(p->b.tun), p->b.at);
}

static void unread_peers_are_said(void **state)
{
	struct pair *p = *state;

	guarded(p);
	p->a.tun->wireguard = NULL;
	ask(p);
	assert_int_equal(p->why.answer, WHY_CANNOT_TELL);
}

static void netem_is_a_warning_and_no_doubt(void **state)
{
	static const struct net_qdisc netem = { .kind = "netem", .handle = 1 };
	struct pair *p = *state;

	p->q.ip = ip_of("10.0.0.2");
	p->a.eth->qdiscs = &netem;
	p->a.eth->nqdiscs = 1;
	ask(p);
	assert_int_equal(p->why.answer, WHY_REACHABLE);
	assert_int_equal(hop_titled(p, "tc")->verdict, WHY_WARN);
}

static void full_table_of_connections_is_a_doubt(void **state)
{
	static struct net_sysctl full[] = { { "net/netfilter/nf_conntrack_count", "8" },
					    { "net/netfilter/nf_conntrack_max", "8" } };
	struct pair *p = *state;

	p->q.ip = ip_of("10.0.0.2");
	p->b.at->sysctls = full;
	p->b.at->nsysctls = 2;
	ask(p);
	assert_int_equal(p->why.answer, WHY_CANNOT_TELL);
	assert_non_null(strstr(buffer_str(&hop_titled(p, "conntrack")->text), "full (8 of 8)"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(gre_is_followed_and_what_carries_it),
		TEST(gre_keys_must_agree),
		TEST(spare_link_is_no_other_end),
		TEST(ipip_takes_in_from_its_remote_only),
		TEST(tunnel_of_another_kind_does_not_take_it_in),
		TEST(way_below_counts),
		TEST(what_leaves_this_host_is_said),
		TEST(moved_tunnel_is_routed_where_it_was_made),
		TEST(geneve_carries_frames),
		TEST(wireguard_is_followed_by_keys),
		TEST(endpoint_of_who_has_asked_is_learned),
		TEST(moved_wireguard_is_routed_where_its_socket_is),
		TEST(destination_must_be_allowed),
		TEST(source_must_be_allowed_at_the_other_end),
		TEST(other_end_must_know_the_key),
		TEST(peer_with_no_such_link_is_told),
		TEST(endpoint_and_port_must_be_right),
		TEST(unread_peers_are_said),
		TEST(netem_is_a_warning_and_no_doubt),
		TEST(full_table_of_connections_is_a_doubt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
