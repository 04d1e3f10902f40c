/* SPDX-License-Identifier: MIT */
/* The analysis behind `nsview why`, on networks made by hand. Pure. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>

#include <nsview/why.h>

#include "why_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

enum { ROUTES = 8 };

/* Two ends on a bridge of the host's. */
struct lan {
	struct net_sample *s;
	struct net_ns *host, *a, *b;
	struct net_link *a0, *b0, *pa, *pb, *br;
	struct net_route *routes[8];
	struct net_hop *hops[8 * ROUTES];
	size_t nroutes, nhops;
	struct why_question q;
	struct why why;
};

static struct net_route *add_route(struct lan *l, struct net_ns *at, const char *dst, uint8_t len,
				   enum net_route_type type, struct net_link *dev, const char *via)
{
	struct net_hop *hop = calloc(1, sizeof(*hop));
	struct net_route *r;

	assert_non_null(hop);
	l->hops[l->nhops++] = hop;
	if (!at->routes) {
		at->routes = calloc(ROUTES, sizeof(*at->routes));
		l->routes[l->nroutes++] = at->routes;
	}
	r = &at->routes[at->nroutes++];
	hop->link = dev;
	hop->index = dev ? dev->index : 0;
	if (via)
		hop->gateway = ip_of(via);
	*r = (struct net_route){ .family = AF_INET,
				 .len = len,
				 .type = type,
				 .table =
					 type == NET_ROUTE_LOCAL ? NET_TABLE_LOCAL : NET_TABLE_MAIN,
				 .hops = hop,
				 .nhops = dev ? 1 : 0 };
	if (len)
		r->dst = ip_of(dst);
	return r;
}

static int setup(void **state)
{
	struct lan *l = calloc(1, sizeof(*l));

	assert_non_null(l);
	l->s = net_sample_new();
	l->host = net_sample_ns(l->s, 10);
	l->a = net_sample_ns(l->s, 11);
	l->b = net_sample_ns(l->s, 12);
	l->br = net_sample_link(l->host, "br0", "bridge");
	l->pa = net_sample_link(l->host, "pa", "veth");
	l->pb = net_sample_link(l->host, "pb", "veth");
	l->a0 = net_sample_link(l->a, "eth0", "veth");
	l->b0 = net_sample_link(l->b, "eth0", "veth");
	set_mac(l->a0, 1);
	set_mac(l->b0, 2);
	net_sample_veth(l->s, l->pa, l->a0);
	net_sample_veth(l->s, l->pb, l->b0);
	net_sample_port(l->s, l->pa, l->br);
	net_sample_port(l->s, l->pb, l->br);
	l->pa->port_state = l->pb->port_state = NET_PORT_FORWARDING;
	net_sample_addr(l->a0, "10.0.0.1", 24);
	net_sample_addr(l->b0, "10.0.0.2", 24);
	for (size_t i = 0; i < l->s->net.n; i++)
		know_all(l->s->list[i]);
	add_route(l, l->a, "10.0.0.1", 32, NET_ROUTE_LOCAL, l->a0, NULL);
	add_route(l, l->a, "10.0.0.0", 24, NET_ROUTE_UNICAST, l->a0, NULL);
	add_route(l, l->b, "10.0.0.2", 32, NET_ROUTE_LOCAL, l->b0, NULL);
	add_route(l, l->b, "10.0.0.0", 24, NET_ROUTE_UNICAST, l->b0, NULL);
	l->q = (struct why_question){ .from = l->a, .to = l->b };
	*state = l;
	return 0;
}

static int teardown(void **state)
{
	struct lan *l = *state;

	why_release(&l->why);
	for (size_t i = 0; i < l->nroutes; i++)
		free(l->routes[i]);
	for (size_t i = 0; i < l->nhops; i++)
		free(l->hops[i]);
	net_sample_free(l->s);
	free(l);
	return 0;
}

static void ask(struct lan *l)
{
	why_release(&l->why);
	why_find(&l->s->net, &l->q, &l->why);
}

static void assert_cause(struct lan *l, const char *words)
{
	ask(l);
	assert_int_equal(l->why.answer, WHY_UNREACHABLE);
	if (!strstr(buffer_str(&l->why.cause), words))
		fail_msg("\"%s\" is not in \"%s\"", words, buffer_str(&l->why.cause));
}

static void a_whole_way_is_reachable(void **state)
{
	struct lan *l = *state;

	ask(l);
	assert_int_equal(l->why.answer, WHY_REACHABLE);
	assert_ptr_equal(l->why.arrived, l->b);
	assert_int_equal(l->why.broken, SIZE_MAX);
	assert_string_equal(buffer_str(&l->why.cause), "");
}

static void the_first_fault_has_the_fix_and_the_end_is_told(void **state)
{
	struct lan *l = *state;

	l->b0->flags &= ~(unsigned)IFF_UP;
	l->q.port = 80;
	assert_cause(l, "eth0 is administratively down");
	/* Nobody listens either, but that is not the cause. */
	assert_string_equal(l->why.hops[l->why.nhops - 1].title, "listener");
	assert_int_equal(l->why.hops[l->why.nhops - 1].verdict, WHY_FAIL);
	assert_non_null(strstr(buffer_str(&l->why.fix), "ip link set dev eth0 up"));
	assert_string_equal(buffer_str(&l->why.advice), "");
}

static void a_name_that_a_shell_would_take_apart_gives_no_command(void **state)
{
	struct lan *l = *state;

	l->b0->flags &= ~(unsigned)IFF_UP;
	l->b0->name = "a;reboot";
	assert_cause(l, "a;reboot is administratively down");
	assert_string_equal(buffer_str(&l->why.fix), "");
	assert_string_equal(buffer_str(&l->why.show), "");
	l->b0->name = "-x";
	assert_cause(l, "-x is administratively down");
	assert_string_equal(buffer_str(&l->why.fix), "");
}

static void unread_parts_are_not_taken_for_empty_ones(void **state)
{
	struct lan *l = *state;

	l->q.port = 80;
	l->b->parts[NET_PART_SOCKETS].fact = (struct fact){ FACT_DENIED, -EPERM };
	ask(l);
	assert_int_equal(l->why.answer, WHY_CANNOT_TELL);
	l->a->parts[NET_PART_ROUTES].fact = (struct fact){ FACT_DENIED, -EPERM };
	ask(l);
	assert_int_equal(l->why.answer, WHY_CANNOT_TELL);
	l->a->parts[NET_PART_LINKS].fact = (struct fact){ FACT_DENIED, -EPERM };
	ask(l);
	assert_int_equal(l->why.answer, WHY_CANNOT_TELL);
}

static void what_leaves_the_host_cannot_be_told(void **state)
{
	struct lan *l = *state;
	struct net_link *nic = net_sample_link(l->host, "eth0", NULL);

	nic->port_state = NET_PORT_FORWARDING;
	net_sample_port(l->s, nic, l->br);
	l->q.to = NULL;
	l->q.ip = ip_of("10.0.0.9");
	ask(l);
	assert_int_equal(l->why.answer, WHY_CANNOT_TELL);
	nic->flags = 0;
	assert_cause(l, "eth0 is administratively down on the host");
}

static void an_unresolved_end_cannot_be_told(void **state)
{
	struct lan *l = *state;

	l->pb->peer = (struct net_end){ .how = NET_HOW_UNRESOLVED, .words = "gone" };
	l->q.to = NULL;
	l->q.ip = ip_of("10.0.0.9");
	ask(l);
	assert_int_equal(l->why.answer, WHY_CANNOT_TELL);
}

/* ---- VLANs, which not every kernel that runs the tests has */

static void vlans_of_ports_must_agree(void **state)
{
	struct net_detail filtering = { .key = "vlan_filtering",
					.type = NET_DETAIL_BOOL,
					.num = 1 };
	struct net_vlan one = { 1, 1, true, true }, two = { 2, 2, true, true };
	struct net_vlan both[] = { { 1, 1, true, true }, { 2, 2, false, true } };
	struct lan *l = *state;

	l->br->details = &filtering;
	l->br->ndetails = 1;
	assert_cause(l, "pa, of br0 on the host, lets no untagged frames in");
	l->pa->vlans = &one;
	l->pa->nvlans = 1;
	assert_cause(l, "pb, of br0 on the host, is not in VLAN 1");
	assert_string_equal(strstr(buffer_str(&l->why.fix), "bridge"),
			    "bridge vlan add dev pb vid 1 pvid untagged");
	l->pb->vlans = &two;
	l->pb->nvlans = 1;
	assert_cause(l, "pb, of br0 on the host, is not in VLAN 1");
	l->pb->vlans = &one;
	ask(l);
	assert_int_equal(l->why.answer, WHY_REACHABLE);
	/* It gets there, but the answer comes in as of another VLAN. */
	l->pb->vlans = both;
	l->pb->nvlans = 2;
	both[0].pvid = false;
	both[1].pvid = true;
	assert_cause(l, "pa, of br0 on the host, is not in VLAN 2");
}

static void tagged_links_meet_by_their_number(void **state)
{
	struct lan *l = *state;
	struct net_detail ten = { .key = "id", .type = NET_DETAIL_NUM, .num = 10 };
	struct net_detail eleven = { .key = "id", .type = NET_DETAIL_NUM, .num = 11 };
	struct net_link *va = net_sample_link(l->a, "eth0.10", "vlan");
	struct net_link *vb = net_sample_link(l->b, "eth0.10", "vlan");

	set_mac(va, 1);
	set_mac(vb, 2);
	net_sample_end(&va->lower, l->a0);
	net_sample_end(&vb->lower, l->b0);
	va->details = vb->details = &ten;
	va->ndetails = vb->ndetails = 1;
	net_sample_addr(va, "10.1.0.1", 24);
	net_sample_addr(vb, "10.1.0.2", 24);
	add_route(l, l->a, "10.1.0.1", 32, NET_ROUTE_LOCAL, va, NULL);
	add_route(l, l->a, "10.1.0.0", 24, NET_ROUTE_UNICAST, va, NULL);
	add_route(l, l->b, "10.1.0.2", 32, NET_ROUTE_LOCAL, vb, NULL);
	add_route(l, l->b, "10.1.0.0", 24, NET_ROUTE_UNICAST, vb, NULL);
	l->q.ip = ip_of("10.1.0.2");
	ask(l);
	assert_int_equal(l->why.answer, WHY_REACHABLE);
	vb->details = &eleven;
	assert_cause(l, "nobody on the segment of");
}

/* ---- filters */

struct rules {
	struct net_filter_chain chain;
	struct net_filter_rule rule[2];
	struct net_match match;
	struct net_interval interval;
};

static void make_input(struct rules *r, struct net_ns *at, enum net_verdict policy)
{
	*r = (struct rules){ 0 };
	r->chain = (struct net_filter_chain){ .family = "inet",
					      .table = "t",
					      .name = "c",
					      .type = "filter",
					      .hook = NET_HOOK_INPUT,
					      .policy = policy };
	at->chains = &r->chain;
}

static void port_rule(struct rules *r, uint16_t first, uint16_t last, enum net_verdict verdict)
{
	r->match = (struct net_match){ .field = NET_FIELD_DPORT,
				       .len = 2,
				       .mask = { 0xff, 0xff },
				       .in = &r->interval,
				       .nin = 1 };
	r->interval = (struct net_interval){
		.first = { (uint8_t)(first >> 8), (uint8_t)first },
		.last = { (uint8_t)(last >> 8), (uint8_t)last },
	};
	r->rule[0] = (struct net_filter_rule){ .matches = &r->match,
					       .nmatches = 1,
					       .verdict = verdict,
					       .sound = true,
					       .text = "the rule" };
	r->chain.rules = &r->rule[0];
	r->chain.nrules = 1;
}

static struct net_socket listener(struct net_ns *at, uint16_t port)
{
	return (struct net_socket){ .net = at,
				    .proto = NET_PROTO_TCP,
				    .state = NET_SOCKET_LISTEN,
				    .family = AF_INET,
				    .wildcard = true,
				    .lport = port,
				    .wqueue = 16 };
}

static void rules_go_by_port(void **state)
{
	struct lan *l = *state;
	struct net_socket socket = listener(l->b, 80);
	struct rules r;

	l->b->sockets = &socket;
	l->b->nsockets = 1;
	l->q.port = 80;
	make_input(&r, l->b, NET_VERDICT_ACCEPT);
	port_rule(&r, 79, 81, NET_VERDICT_DROP);
	assert_cause(l, "a rule of chain \"inet t c\" (input)");
	port_rule(&r, 81, 90, NET_VERDICT_DROP);
	ask(l);
	assert_int_equal(l->why.answer, WHY_REACHABLE);
	make_input(&r, l->b, NET_VERDICT_DROP);
	port_rule(&r, 80, 80, NET_VERDICT_ACCEPT);
	ask(l);
	assert_int_equal(l->why.answer, WHY_REACHABLE);
	port_rule(&r, 81, 81, NET_VERDICT_ACCEPT);
	assert_cause(l, "the policy of chain");
	r.chain.dormant = true;
	ask(l);
	assert_int_equal(l->why.answer, WHY_REACHABLE);
}

static void a_rule_that_is_not_understood_decides_nothing(void **state)
{
	struct lan *l = *state;
	struct net_socket socket = listener(l->b, 80);
	struct rules r;

	l->b->sockets = &socket;
	l->b->nsockets = 1;
	l->q.port = 80;
	make_input(&r, l->b, NET_VERDICT_ACCEPT);
	port_rule(&r, 80, 80, NET_VERDICT_DROP);
	r.rule[0].sound = false;
	ask(l);
	assert_int_equal(l->why.answer, WHY_CANNOT_TELL);
	/* Either way the same. */
	port_rule(&r, 80, 80, NET_VERDICT_ACCEPT);
	r.rule[0].sound = false;
	ask(l);
	assert_int_equal(l->why.answer, WHY_REACHABLE);
	r.chain.policy = NET_VERDICT_DROP;
	ask(l);
	assert_int_equal(l->why.answer, WHY_CANNOT_TELL);
	/* Surely not meant: another port. */
	port_rule(&r, 81, 81, NET_VERDICT_ACCEPT);
	r.rule[0].sound = false;
	assert_cause(l, "the policy of chain");
}

static void jumps_come_back(void **state)
{
	struct lan *l = *state;
	struct net_socket socket = listener(l->b, 80);
	struct net_filter_chain sub = { .family = "inet", .table = "t", .name = "sub" };
	struct rules r;

	l->b->sockets = &socket;
	l->b->nsockets = 1;
	l->q.port = 80;
	make_input(&r, l->b, NET_VERDICT_ACCEPT);
	port_rule(&r, 80, 80, NET_VERDICT_JUMP);
	r.rule[0].target = "sub";
	r.rule[0].next = &r.rule[1];
	r.rule[1] = (struct net_filter_rule){ .verdict = NET_VERDICT_DROP,
					      .sound = true,
					      .text = "drop" };
	r.chain.next = &sub;
	assert_cause(l, "drops it: drop");
	r.rule[0].verdict = NET_VERDICT_GOTO;
	ask(l);
	assert_int_equal(l->why.answer, WHY_REACHABLE);
	/* In circles. */
	r.rule[0].target = "c";
	ask(l);
	assert_int_equal(l->why.answer, WHY_CANNOT_TELL);
}

static void unread_filters_are_said(void **state)
{
	struct lan *l = *state;

	l->b->parts[NET_PART_FILTER].missing = 1;
	ask(l);
	assert_int_equal(l->why.answer, WHY_CANNOT_TELL);
}

/* ---- routes */

static void the_longest_prefix_and_the_lowest_metric_win(void **state)
{
	struct lan *l = *state;
	struct net_route *r = add_route(l, l->a, "10.0.0.0", 24, NET_ROUTE_BLACKHOLE, NULL, NULL);

	r->metric = 5;
	ask(l);
	assert_int_equal(l->why.answer, WHY_REACHABLE);
	l->a->routes[1].metric = 6;
	assert_cause(l, "\"blackhole\"");
	r->len = 0;
	ask(l);
	assert_int_equal(l->why.answer, WHY_REACHABLE);
}

static void a_throw_goes_on_and_a_strange_rule_is_unknown(void **state)
{
	struct lan *l = *state;
	struct net_rule rules[] = {
		{ .family = AF_INET, .action = NET_RULE_TABLE, .table = NET_TABLE_LOCAL },
		{ .family = AF_INET, .action = NET_RULE_TABLE, .table = 7, .priority = 1 },
		{ .family = AF_INET,
		  .action = NET_RULE_TABLE,
		  .table = NET_TABLE_MAIN,
		  .priority = 2 },
	};
	struct net_route *r = add_route(l, l->a, "", 0, NET_ROUTE_THROW, NULL, NULL);

	for (size_t i = 0; i < 3; i++)
		rules[i].suppress_len = rules[i].suppress_group = -1;
	r->table = 7;
	l->a->rules = rules;
	l->a->nrules = 3;
	l->a->parts[NET_PART_RULES].fact = fact_known();
	ask(l);
	assert_int_equal(l->why.answer, WHY_REACHABLE);
	r->type = NET_ROUTE_PROHIBIT;
	assert_cause(l, "\"prohibit\"");
	rules[1].partly = true;
	ask(l);
	assert_int_equal(l->why.answer, WHY_CANNOT_TELL);
	rules[1].partly = false;
	rules[1].iif = "eth9";
	ask(l);
	assert_int_equal(l->why.answer, WHY_REACHABLE);
}

static void a_group_is_not_followed(void **state)
{
	struct lan *l = *state;

	l->q.to = NULL;
	l->q.ip = ip_of("224.0.0.1");
	ask(l);
	assert_int_equal(l->why.answer, WHY_CANNOT_TELL);
}

static void what_is_near_is_what_wires_lead_to(void **state)
{
	struct lan *l = *state;
	struct net_ns **near;

	net_sample_ns(l->s, 13);
	assert_int_equal(why_near(&l->s->net, &l->a, 1, &near), 3);
	assert_ptr_equal(near[0], l->host);
	free(near);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_whole_way_is_reachable),
		TEST(the_first_fault_has_the_fix_and_the_end_is_told),
		TEST(a_name_that_a_shell_would_take_apart_gives_no_command),
		TEST(unread_parts_are_not_taken_for_empty_ones),
		TEST(what_leaves_the_host_cannot_be_told),
		TEST(an_unresolved_end_cannot_be_told),
		TEST(vlans_of_ports_must_agree),
		TEST(tagged_links_meet_by_their_number),
		TEST(rules_go_by_port),
		TEST(a_rule_that_is_not_understood_decides_nothing),
		TEST(jumps_come_back),
		TEST(unread_filters_are_said),
		TEST(the_longest_prefix_and_the_lowest_metric_win),
		TEST(a_throw_goes_on_and_a_strange_rule_is_unknown),
		TEST(a_group_is_not_followed),
		TEST(what_is_near_is_what_wires_lead_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
