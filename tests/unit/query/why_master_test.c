/* SPDX-License-Identifier: MIT */
/*
 * `nsview why` where links belong to others, on networks made by hand: B's in a VRF with a table of
 * its own, A's two in a bond of which one is used.
 */
#include <errno.h>
#include <stdint.h>

#include <nsview/why.h>

#include "unit/net_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

enum { ROUTES = 4, VRF_TABLE = 10 };

struct end {
	struct net_ns *at;
	struct net_link *eth;
	struct net_route routes[ROUTES];
	struct net_hop hops[ROUTES];
};

struct pair {
	struct net_sample *s;
	struct end a, b;
	struct net_rule rules[4];
	struct net_detail table, mode[2], states[2];
	struct net_sysctl accept;
	struct net_socket socket;
	struct why_question q;
	struct why why;
};

static struct net_ip ip_of(const char *text)
{
	struct net_ip ip;

	assert_int_equal(net_ip_parse(text, &ip), 0);
	return ip;
}

static void add_route(struct end *e, const char *dst, uint8_t len, enum net_route_type type)
{
	size_t i = e->at->nroutes++;

	assert_true(i < ROUTES);
	e->hops[i] = (struct net_hop){ .link = e->eth, .index = e->eth->index };
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

/* An Ethernet link, whose address tells it from others. */
static struct net_link *add_link(struct net_ns *at, const char *name, const char *kind)
{
	struct net_link *link = net_sample_link(at, name, kind);

	link->hw = 1;
	link->mac =
		(struct net_mac){ .len = 6,
				  .bytes = { 2, 0, 0, 0, (uint8_t)at->at, (uint8_t)link->index } };
	return link;
}

static void add_end(struct pair *p, struct end *e, uint64_t ino, const char *kind, const char *ip)
{
	e->at = net_sample_ns(p->s, ino);
	e->eth = add_link(e->at, "eth0", kind);
	net_sample_addr(e->eth, ip, 24);
	for (int i = 0; i < NET_PARTS; i++)
		e->at->parts[i].fact = fact_known();
	e->at->parts[NET_PART_RULES].fact.state = FACT_DENIED; /* the usual tables */
	add_route(e, ip, 32, NET_ROUTE_LOCAL);
	add_route(e, "10.0.0.0", 24, NET_ROUTE_UNICAST);
}

static int setup(void **state)
{
	struct pair *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	p->s = net_sample_new();
	net_sample_ns(p->s, 10);
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

static void rule(struct pair *p, size_t i, uint32_t priority, uint32_t table)
{
	p->rules[i] = (struct net_rule){ .family = AF_INET,
					 .action = NET_RULE_TABLE,
					 .priority = priority,
					 .table = table,
					 .l3mdev = !table,
					 .suppress_len = -1,
					 .suppress_group = -1 };
}

/* An end's link as the port of a VRF, which has its routes then, and the rule that comes with it.
 */
static struct net_link *in_vrf(struct pair *p, struct end *e)
{
	struct net_link *vrf = net_sample_link(e->at, "blue", "vrf");

	p->table = (struct net_detail){ .key = "table", .type = NET_DETAIL_NUM, .num = VRF_TABLE };
	vrf->details = &p->table;
	vrf->ndetails = 1;
	net_sample_end(&e->eth->master, vrf);
	e->eth->port_kind = "vrf";
	for (size_t i = 0; i < e->at->nroutes; i++)
		e->routes[i].table = VRF_TABLE;
	rule(p, 0, 0, NET_TABLE_LOCAL);
	rule(p, 1, 1000, 0);
	rule(p, 2, 32766, NET_TABLE_MAIN);
	rule(p, 3, 32767, NET_TABLE_DEFAULT);
	e->at->rules = p->rules;
	e->at->nrules = 4;
	e->at->parts[NET_PART_RULES].fact = fact_known();
	return vrf;
}

static void next_to_each_other(struct pair *p)
{
	add_end(p, &p->a, 11, "veth", "10.0.0.1");
	add_end(p, &p->b, 12, "veth", "10.0.0.2");
	net_sample_veth(p->s, p->a.eth, p->b.eth);
	p->q = (struct why_question){ .from = p->a.at, .to = p->b.at, .ip = ip_of("10.0.0.2") };
}

/* B listens on TCP port 80. */
static void listens(struct pair *p, struct net_link *bound)
{
	p->socket = (struct net_socket){ .family = AF_INET,
					 .proto = NET_PROTO_TCP,
					 .state = NET_SOCKET_LISTEN,
					 .lport = 80,
					 .wildcard = true,
					 .wqueue = 8,
					 .index = bound ? bound->index : 0,
					 .link = bound };
	p->accept = (struct net_sysctl){ "net/ipv4/tcp_l3mdev_accept", "0" };
	p->b.at->sockets = &p->socket;
	p->b.at->nsockets = 1;
	p->b.at->sysctls = &p->accept;
	p->b.at->nsysctls = 1;
	p->q.port = 80;
}

static void vrf_has_the_routes_of_its_ports(void **state)
{
	struct pair *p = *state;

	next_to_each_other(p);
	listens(p, in_vrf(p, &p->b));
	ask(p);
	assert_int_equal(p->why.answer, WHY_REACHABLE);
	p->b.routes[1].type = NET_ROUTE_BLACKHOLE;
	ask(p);
	assert_broken(p, "the route to 10.0.0.1 inside net:12 is a \"blackhole\" route");
}

static void listener_outside_of_the_vrf_does_not_count(void **state)
{
	struct pair *p = *state;

	next_to_each_other(p);
	in_vrf(p, &p->b);
	listens(p, NULL);
	ask(p);
	assert_broken(p, "listens outside of the VRF blue, by which it comes in");
	assert_non_null(strstr(buffer_str(&p->why.fix), "net.ipv4.tcp_l3mdev_accept=1"));
	p->accept.value = "1";
	ask(p);
	assert_int_equal(p->why.answer, WHY_REACHABLE);
}

static void listener_on_the_port_of_a_vrf_counts(void **state)
{
	struct pair *p = *state;

	next_to_each_other(p);
	in_vrf(p, &p->b);
	listens(p, p->b.eth);
	ask(p);
	assert_int_equal(p->why.answer, WHY_REACHABLE);
}

static void sender_outside_of_the_vrf_is_told(void **state)
{
	struct pair *p = *state;

	next_to_each_other(p);
	in_vrf(p, &p->a);
	ask(p);
	assert_broken(p, "the way to 10.0.0.2 inside net:11 is in the VRF blue, where the sender "
			 "is not");
}

static struct net_link *add_port(struct pair *p, size_t i, const char *name, const char *state,
				 struct net_link *other)
{
	struct net_link *port = add_link(p->a.at, name, "veth");

	p->states[i] =
		(struct net_detail){ .key = "state", .type = NET_DETAIL_TEXT, .text = state };
	port->port_details = &p->states[i];
	port->nport_details = 1;
	net_sample_end(&port->master, p->a.eth);
	port->port_kind = "bond";
	net_sample_veth(p->s, port, other);
	return port;
}

/* A's bond of two, of which the second leads to B; the first is used. */
static void bonded(struct pair *p, const char *mode)
{
	add_end(p, &p->a, 11, "bond", "10.0.0.1");
	add_end(p, &p->b, 12, "veth", "10.0.0.2");
	p->mode[0] = (struct net_detail){ .key = "mode", .type = NET_DETAIL_TEXT, .text = mode };
	p->a.eth->details = p->mode;
	p->a.eth->ndetails = 2;
	p->mode[1] = (struct net_detail){
		.key = "active_slave",
		.type = NET_DETAIL_NUM,
		.num = add_port(p, 0, "s0", "active", add_link(p->b.at, "x0", "veth"))->index,
	};
	add_port(p, 1, "s1", "backup", p->b.eth);
	p->q = (struct why_question){ .from = p->a.at, .to = p->b.at, .ip = ip_of("10.0.0.2") };
}

static void backup_of_a_bond_sends_nothing(void **state)
{
	struct pair *p = *state;

	bonded(p, "active-backup");
	ask(p);
	assert_broken(p, "s1 is a backup of eth0 inside net:11, which uses s0 now");
	assert_non_null(strstr(buffer_str(&p->why.fix), "type bond active_slave s1"));
	p->states[1].text = "active";
	ask(p);
	assert_int_equal(p->why.answer, WHY_REACHABLE);
}

static void backup_of_a_bond_takes_nothing_in(void **state)
{
	struct pair *p = *state;

	bonded(p, "802.3ad");
	p->q = (struct why_question){ .from = p->b.at, .to = p->a.at, .ip = ip_of("10.0.0.1") };
	ask(p);
	assert_broken(p, "s1 is a backup of eth0 inside net:11, which uses s0 now");
	assert_string_equal(buffer_str(&p->why.fix), "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(vrf_has_the_routes_of_its_ports),
		TEST(listener_outside_of_the_vrf_does_not_count),
		TEST(listener_on_the_port_of_a_vrf_counts),
		TEST(sender_outside_of_the_vrf_is_told),
		TEST(backup_of_a_bond_sends_nothing),
		TEST(backup_of_a_bond_takes_nothing_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
