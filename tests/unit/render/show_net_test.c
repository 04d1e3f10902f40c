/* SPDX-License-Identifier: MIT */
/* What the pages of `nsview show` have of networks, and the page of a link; made by hand. */
// wrap: getpwuid_r getgrgid_r
#include "unit/net_sample.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <jansson.h>

#include "sample.h"

/* docker:web, which a pair leads to from a bridge of the host. */
struct fixture {
	struct net_sample *nets;
	struct graph *g;
	struct net_ns *host, *web;
	struct net_link *bridge, *port, *eth;
	struct net_hop hop;
	struct net_route routes[3];
	struct net_holder holder;
	struct net_socket sockets[2];
};

static void add_routes(struct fixture *f)
{
	f->hop = (struct net_hop){ .link = f->eth,
				   .index = 2,
				   .gateway = { AF_INET, { 172, 17, 0, 1 } } };
	f->routes[0] = (struct net_route){ .family = AF_INET,
					   .type = NET_ROUTE_UNICAST,
					   .table = NET_TABLE_MAIN,
					   .metric = 100,
					   .hops = &f->hop,
					   .nhops = 1 };
	f->routes[1] = (struct net_route){ .family = AF_INET,
					   .type = NET_ROUTE_BLACKHOLE,
					   .table = 7,
					   .len = 8,
					   .dst = { AF_INET, { 10 } } };
	f->routes[2] = (struct net_route){ .type = NET_ROUTE_LOCAL, .table = NET_TABLE_LOCAL };
	f->web->routes = f->routes;
	f->web->nroutes = 3;
	f->web->parts[NET_PART_ROUTES].fact = fact_known();
}

static void add_sockets(struct fixture *f)
{
	f->holder = (struct net_holder){ .process = graph_process(f->g, 4123), .fd = 6 };
	f->sockets[0] = (struct net_socket){ .net = f->web,
					     .proto = NET_PROTO_TCP,
					     .state = NET_SOCKET_LISTEN,
					     .family = AF_INET,
					     .wildcard = true,
					     .lport = 80,
					     .inode = 99,
					     .holders = &f->holder };
	f->sockets[1] = (struct net_socket){ .net = f->web,
					     .proto = NET_PROTO_TCP,
					     .state = NET_SOCKET_ESTABLISHED,
					     .family = AF_INET,
					     .lport = 81 };
	f->web->sockets = f->sockets;
	f->web->nsockets = 2;
	f->web->parts[NET_PART_SOCKETS].fact = fact_known();
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct sample s;

	assert_non_null(f);
	fill_sample(&s);
	f->g = s.g;
	f->nets = net_sample_on(f->g);
	f->nets->net.sockets_held.fact = fact_known();
	f->host = net_sample_ns(f->nets, host_ino(NS_NET));
	f->web = net_sample_ns(f->nets, other_ino(NS_NET, 1));
	f->bridge = net_sample_link(f->host, "docker0", "bridge");
	f->port = net_sample_link(f->host, "veth3a1c", "veth");
	f->eth = net_sample_link(f->web, "eth0", "veth");
	net_sample_addr(f->eth, "172.17.0.2", 16);
	net_sample_port(f->nets, f->port, f->bridge);
	net_sample_veth(f->nets, f->port, f->eth);
	add_routes(f);
	add_sockets(f);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	net_sample_free(f->nets);
	free(f);
	return 0;
}

static void assert_page(const struct fixture *f, const struct net_ns *net, const char *piece)
{
	struct paper paper = paper_new(80, true);

	paper_open(&paper);
	assert_int_equal(show_ns(&paper.term, f->g, net->ns), 0);
	assert_says(paper_read(&paper), piece);
	free(paper.text);
}

static void assert_link(const struct fixture *f, const struct net_link *link, const char *piece)
{
	struct paper paper = paper_new(80, true);

	paper_open(&paper);
	assert_int_equal(show_link(&paper.term, f->g, link->net->ns, link), 0);
	assert_says(paper_read(&paper), piece);
	free(paper.text);
}

static void a_page_has_links_routes_and_listeners(void **state)
{
	const struct fixture *f = *state;

	assert_page(f, f->web,
		    "\nLinks         lo loopback UP\n"
		    "              eth0@host:veth3a1c veth UP 172.17.0.2/16\n"
		    "Routes        default via 172.17.0.1 dev eth0 metric 100\n"
		    "              blackhole 10.0.0.0/8 table 7\n"
		    "Listen        tcp *:80 nginx(4123)\n"
		    "Held by       ");
	assert_page(f, f->host,
		    "              veth3a1c@docker:web:eth0 veth UP, port of docker0\n");
}

static void what_was_not_read_is_told(void **state)
{
	struct fixture *f = *state;
	struct net_known *parts = f->web->parts;

	assert_page(f, f->host, "\nRoutes        (not read yet)\nListen        (not read yet)\n");
	parts[NET_PART_LINKS] =
		(struct net_known){ .fact = fact_from_error(-EPERM), .why = "that takes \033" };
	parts[NET_PART_ROUTES].torn = true;
	parts[NET_PART_ROUTES].why = "it kept changing";
	parts[NET_PART_SOCKETS].missing = 3;
	assert_page(f, f->web, "\nLinks         ? (operation not permitted): that takes \\x1b\n");
	assert_page(f, f->web, "              not all: it kept changing\n");
	assert_page(f, f->web, "              not all: 3 left out\n");
	f->web->nroutes = f->web->nsockets = 0;
	parts[NET_PART_ROUTES] = parts[NET_PART_SOCKETS] =
		(struct net_known){ .fact = fact_known() };
	assert_page(f, f->web, "\nRoutes        none\nListen        none\n");
}

static void ends_that_are_not_in_view_are_told(void **state)
{
	struct fixture *f = *state;
	struct net_link *lost = net_sample_link(f->web, "lost", "veth");

	net_sample_wire(f->nets, NET_WIRE_VETH, lost, NULL)->words = "nobody tells";
	assert_page(f, f->web, "              lost veth UP, veth to ? nobody tells\n");
	assert_link(f, lost, "\nWires         veth to ? nobody tells\n");
}

static void long_lists_say_where_the_rest_is(void **state)
{
	struct fixture *f = *state;
	static char names[SHOW_MEMBERS][16];

	for (int i = 0; i < SHOW_MEMBERS; i++) {
		snprintf(names[i], sizeof(names[i]), "d%d", i);
		net_sample_link(f->web, names[i], "dummy");
	}
	assert_page(f, f->web,
		    "              d17 dummy UP\n"
		    "              and 2 more: nsview net --links net:4026532103\n");
}

static void a_link_has_a_page(void **state)
{
	const struct fixture *f = *state;

	f->port->alias = "to \033web";
	assert_link(f, f->port,
		    "veth3a1c of host\n"
		    "Namespace     net:[4026531833] host (systemd)\n"
		    "Kind          veth\n"
		    "State         UP\n"
		    "Wires         docker0  bridge\n"
		    "              docker:web:eth0  veth\n"
		    "Addresses     none\n"
		    "Index         3\n"
		    "Mac           -\n"
		    "Mtu           1500\n"
		    "Alias         to \\x1bweb\n"
		    "Received      ? (not read)\n"
		    "Sent          ? (not read)\n"
		    "Run           nsview net --around net:4026531833\n");
	f->eth->flags = 0;
	f->nets->wires[1].up = false;
	assert_link(f, f->eth,
		    "\nState         DOWN (switched off)\n"
		    "Wires         host:veth3a1c  veth, nothing passes\n"
		    "Addresses     172.17.0.2/16  global\n");
}

static void addresses_that_could_not_be_read_are_not_none(void **state)
{
	const struct fixture *f = *state;

	f->host->parts[NET_PART_ADDRS].fact = fact_from_error(-EACCES);
	assert_link(f, f->port, "\nAddresses     ? (permission denied)\n");
	f->host->parts[NET_PART_ADDRS] = (struct net_known){ 0 };
	assert_link(f, f->port, "\nAddresses     (not read yet)\n");
}

static void json_has_the_network_too(void **state)
{
	const struct fixture *f = *state;
	struct paper paper = paper_new(0, true);
	struct ns *ns = f->web->ns;
	json_error_t error;
	json_t *doc, *network;

	paper_open(&paper);
	assert_int_equal(show_json(&paper.term, f->g, &ns, 1, NULL, 0), 0);
	doc = json_loads(paper_read(&paper), 0, &error);
	assert_non_null(doc);
	network = json_object_get(json_array_get(json_object_get(doc, "namespaces"), 0), "network");
	assert_int_equal(json_array_size(json_object_get(network, "links")), 2);
	assert_int_equal(json_array_size(json_object_get(network, "routes")), 3);
	json_decref(doc);
	free(paper.text);
	paper = paper_new(0, true);
	f->g->net = NULL;
	paper_open(&paper);
	show_json(&paper.term, f->g, &ns, 1, NULL, 0);
	f->g->net = &f->nets->net;
	doc = json_loads(paper_read(&paper), 0, &error);
	network = json_object_get(json_array_get(json_object_get(doc, "namespaces"), 0), "network");
	assert_true(json_is_null(network));
	json_decref(doc);
	free(paper.text);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_page_has_links_routes_and_listeners),
		TEST(what_was_not_read_is_told),
		TEST(ends_that_are_not_in_view_are_told),
		TEST(long_lists_say_where_the_rest_is),
		TEST(a_link_has_a_page),
		TEST(addresses_that_could_not_be_read_are_not_none),
		TEST(json_has_the_network_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
