/* SPDX-License-Identifier: MIT */
/* The wiring picture: which lines, which lanes, what stands for what. Pure. */
#include <errno.h>

#include <nsview/wiring.h>

#include "unit/net_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static int setup(void **state)
{
	*state = net_sample_new();
	return 0;
}

static int teardown(void **state)
{
	net_sample_free(*state);
	return 0;
}

static struct wiring build(const struct net_sample *s, bool all)
{
	const struct wiring_options opt = { .all = all };
	struct wiring w;

	wiring_build(&s->net, &opt, &w);
	return w;
}

static const struct wiring_line *line_of(const struct wiring *w, const struct net_link *link)
{
	for (size_t i = 0; i < w->nlines; i++)
		if (w->lines[i].kind == WIRING_LINK && w->lines[i].link == link)
			return &w->lines[i];
	return NULL;
}

static const struct wiring_cable *cable_of(const struct wiring *w, const struct net_link *link)
{
	const struct wiring_line *line = line_of(w, link);

	assert_non_null(line);
	return line->cable < 0 ? NULL : &w->cables[line->cable];
}

static void namespaces_with_lo_only_are_folded(void **state)
{
	struct net_sample *s = *state;
	struct net_ns *host = net_sample_ns(s, 10), *dull = net_sample_ns(s, 11);
	struct net_ns *closed = net_sample_ns(s, 12);
	struct wiring w;

	net_sample_link(host, "eth0", NULL);
	/* One that could not be read may have anything. */
	closed->nlinks = 0;
	closed->parts[NET_PART_LINKS].fact = (struct fact){ FACT_DENIED, -EPERM };
	w = build(s, false);
	assert_int_equal(w.nfolded, 1);
	assert_int_equal(w.nlines, 3);
	assert_ptr_equal(w.lines[2].net, closed);
	assert_null(line_of(&w, host->links[0]));
	wiring_release(&w);
	w = build(s, true);
	assert_int_equal(w.nfolded, 0);
	assert_non_null(line_of(&w, dull->links[0]));
	wiring_release(&w);
	closed->nlinks = 1;
}

static void a_loopback_that_is_down_has_a_line(void **state)
{
	struct net_sample *s = *state;
	struct net_ns *host = net_sample_ns(s, 10);
	struct wiring w;

	net_sample_link(host, "eth0", NULL);
	host->links[0]->flags &= ~(unsigned)IFF_UP;
	w = build(s, false);
	assert_non_null(line_of(&w, host->links[0]));
	wiring_release(&w);
}

static void ports_stand_below_their_bridge(void **state)
{
	struct net_sample *s = *state;
	struct net_ns *host = net_sample_ns(s, 10);
	struct net_link *first = net_sample_link(host, "v1", "veth");
	struct net_link *bridge = net_sample_link(host, "br0", "bridge");
	struct net_link *second = net_sample_link(host, "v2", "veth");
	struct wiring w;

	net_sample_port(s, first, bridge);
	net_sample_port(s, second, bridge);
	w = build(s, false);
	assert_int_equal(w.nlines, 4);
	assert_ptr_equal(w.lines[1].link, bridge);
	assert_ptr_equal(w.lines[2].link, first);
	assert_int_equal(w.lines[2].depth, 1);
	assert_false(w.lines[2].last);
	assert_ptr_equal(w.lines[3].link, second);
	assert_true(w.lines[3].last);
	assert_int_equal(w.ncables, 0);
	wiring_release(&w);
}

/* Three pairs, nested, crossing and apart. */
static void lanes_are_shared_only_where_nothing_meets(void **state)
{
	struct net_sample *s = *state;
	struct net_ns *host = net_sample_ns(s, 10), *a = net_sample_ns(s, 11);
	struct net_ns *b = net_sample_ns(s, 12), *c = net_sample_ns(s, 13);
	struct net_link *h1 = net_sample_link(host, "h1", "veth");
	struct net_link *h2 = net_sample_link(host, "h2", "veth");
	struct net_link *a1 = net_sample_link(a, "a1", "veth");
	struct net_link *b1 = net_sample_link(b, "b1", "veth");
	struct net_link *b2 = net_sample_link(b, "b2", "veth");
	struct net_link *c1 = net_sample_link(c, "c1", "veth");
	struct wiring w;

	net_sample_veth(s, h1, a1);
	net_sample_veth(s, h2, b1);
	net_sample_veth(s, b2, c1);
	w = build(s, false);
	assert_int_equal(w.ncables, 3);
	assert_int_equal(w.nlanes, 2);
	for (size_t i = 0; i < w.ncables; i++)
		for (size_t k = i + 1; k < w.ncables; k++) {
			const struct wiring_cable *x = &w.cables[i], *y = &w.cables[k];

			assert_true(x->lane != y->lane || x->last < y->first || y->last < x->first);
		}
	/* The shortest is nearest to the text. */
	assert_int_equal(cable_of(&w, b2)->lane, 0);
	assert_ptr_equal(cable_of(&w, h1), cable_of(&w, a1));
	assert_ptr_not_equal(cable_of(&w, h1), cable_of(&w, h2));
	wiring_release(&w);
}

static void what_stands_on_one_link_is_one_cable(void **state)
{
	struct net_sample *s = *state;
	struct net_ns *host = net_sample_ns(s, 10), *a = net_sample_ns(s, 11);
	struct net_ns *b = net_sample_ns(s, 12);
	struct net_link *eth = net_sample_link(host, "eth0", NULL);
	struct net_link *inner = net_sample_link(host, "mv0", "macvlan");
	struct net_link *ma = net_sample_link(a, "mv", "macvlan");
	struct net_link *mb = net_sample_link(b, "mv", "macvlan");
	struct wiring w;

	net_sample_wire(s, NET_WIRE_MACVLAN, ma, eth);
	net_sample_wire(s, NET_WIRE_MACVLAN, mb, eth);
	net_sample_wire(s, NET_WIRE_MACVLAN, inner, eth);
	w = build(s, false);
	assert_int_equal(w.ncables, 1);
	assert_ptr_equal(cable_of(&w, ma), cable_of(&w, mb));
	assert_ptr_equal(cable_of(&w, eth), cable_of(&w, mb));
	/* In its own namespace it is told by its name. */
	assert_null(cable_of(&w, inner));
	wiring_release(&w);
}

static void a_link_with_two_cables_has_a_line_more(void **state)
{
	struct net_sample *s = *state;
	struct net_ns *host = net_sample_ns(s, 10), *a = net_sample_ns(s, 11);
	struct net_link *h = net_sample_link(host, "h", "veth"),
			*v = net_sample_link(a, "v", "veth");
	struct net_link *m = net_sample_link(a, "m", "macvlan");
	struct wiring w;

	net_sample_veth(s, h, v);
	net_sample_wire(s, NET_WIRE_MACVLAN, m, h);
	w = build(s, false);
	assert_int_equal(w.ncables, 2);
	assert_int_equal(w.lines[1].kind, WIRING_LINK);
	assert_int_equal(w.lines[2].kind, WIRING_EXTRA);
	assert_ptr_equal(w.lines[2].link, h);
	assert_true(w.lines[1].cable != w.lines[2].cable);
	wiring_release(&w);
}

static void an_end_that_is_not_shown_is_a_stub(void **state)
{
	struct net_sample *s = *state;
	struct net_ns *host = net_sample_ns(s, 10), *a = net_sample_ns(s, 11);
	struct net_ns *b = net_sample_ns(s, 12);
	struct net_link *h1 = net_sample_link(host, "h1", "veth");
	struct net_link *h2 = net_sample_link(host, "h2", "veth");
	struct net_link *lost = net_sample_link(host, "lost", "veth");
	struct net_link *a1 = net_sample_link(a, "a1", "veth"),
			*b1 = net_sample_link(b, "b1", "veth");
	struct ns *const around[] = { a->ns };
	const struct wiring_options opt = { .around = around, .naround = 1, .wires = 1 };
	struct wiring w;

	net_sample_veth(s, h1, a1);
	net_sample_veth(s, h2, b1);
	net_sample_wire(s, NET_WIRE_VETH, lost, NULL);
	wiring_build(&s->net, &opt, &w);
	assert_int_equal(w.nfar, 1);
	assert_null(line_of(&w, b1));
	assert_non_null(line_of(&w, h2)->stub);
	assert_ptr_equal(wiring_far(line_of(&w, h2)->stub, h2), b1);
	assert_non_null(line_of(&w, lost)->stub);
	assert_null(line_of(&w, h1)->stub);
	wiring_release(&w);
}

static void around_goes_as_many_wires_as_asked(void **state)
{
	struct net_sample *s = *state;
	struct net_link *before = NULL;
	struct wiring w;

	for (uint64_t i = 0; i < 5; i++) {
		struct net_ns *net = net_sample_ns(s, 10 + i);
		struct net_link *left = net_sample_link(net, "left", "veth");

		if (before)
			net_sample_veth(s, before, left);
		before = net_sample_link(net, "right", "veth");
	}
	for (unsigned wires = 0; wires < 4; wires++) {
		struct ns *const around[] = { s->list[0]->ns };
		const struct wiring_options opt = { .around = around,
						    .naround = 1,
						    .wires = wires };

		wiring_build(&s->net, &opt, &w);
		assert_int_equal(w.nfar, 4 - wires);
		wiring_release(&w);
	}
}

static void without_room_for_lanes_cables_are_numbered(void **state)
{
	struct net_sample *s = *state;
	struct net_ns *host = net_sample_ns(s, 10);
	const struct wiring_options opt = { .lanes_max = 2 };
	unsigned numbered = 0;
	struct wiring w;

	for (uint64_t i = 0; i < 4; i++) {
		struct net_link *h = net_sample_link(host, "h", "veth");

		net_sample_veth(s, h, net_sample_link(net_sample_ns(s, 11 + i), "v", "bare"));
	}
	wiring_build(&s->net, &opt, &w);
	assert_int_equal(w.nlanes, 2);
	for (size_t i = 0; i < w.ncables; i++) {
		assert_true((w.cables[i].lane < 0) == (w.cables[i].number > 0));
		numbered += w.cables[i].lane < 0;
	}
	assert_int_equal(numbered, 2);
	wiring_release(&w);
}

static void many_alike_are_one_card(void **state)
{
	static const char *const names[] = { "eth0", "eth1" };
	struct net_sample *s = *state;
	struct net_ns *host = net_sample_ns(s, 10), *odd = NULL;
	struct net_link *bridge = net_sample_link(host, "br0", "bridge");
	struct wiring w;

	/* Twelve at the bridge are alike but for one whose link has another name. */
	for (uint64_t i = 0; i < 12; i++) {
		struct net_ns *net = net_sample_ns(s, 11 + i);
		struct net_link *h = net_sample_link(host, "v", "veth");

		net_sample_veth(s, h, net_sample_link(net, names[i == 5], "veth"));
		net_sample_port(s, h, bridge);
		odd = i == 5 ? net : odd;
	}
	w = build(s, false);
	assert_int_equal(w.ncables, 12); /* too few to be grouped */
	wiring_release(&w);
	for (uint64_t i = 0; i < WIRING_ALIKE_FROM; i++)
		net_sample_link(net_sample_ns(s, 100 + i), "tap0", "tun");
	w = build(s, false);
	assert_int_equal(w.ncables, 2);
	assert_int_equal(line_of(&w, s->list[1]->links[1])->like, 11);
	assert_int_equal(line_of(&w, odd->links[1])->like, 1);
	assert_null(line_of(&w, s->list[2]->links[1]));
	/* So are the bridge's ports that lead to them. */
	assert_int_equal(line_of(&w, host->links[2])->like, 11);
	wiring_release(&w);
	w = build(s, true);
	assert_int_equal(w.ncables, 12);
	wiring_release(&w);
}

static void what_leads_further_away_alike_is_one_line(void **state)
{
	struct net_sample *s = *state;
	struct net_ns *host = net_sample_ns(s, 10), *near = net_sample_ns(s, 11);
	struct net_link *bridge = net_sample_link(host, "br0", "bridge"), *ports[6], *down;
	struct ns *const around[] = { near->ns };
	struct wiring_options opt = { .around = around, .naround = 1, .wires = 1 };
	struct wiring w;

	for (uint64_t i = 0; i < 6; i++) {
		ports[i] = net_sample_link(host, "v", "veth");
		net_sample_veth(
			s, ports[i],
			net_sample_link(i ? net_sample_ns(s, 20 + i) : near, "eth0", "veth"));
		net_sample_port(s, ports[i], bridge);
	}
	down = ports[5];
	down->flags &= ~(unsigned)IFF_UP;
	wiring_build(&s->net, &opt, &w);
	assert_non_null(cable_of(&w, ports[0]));
	assert_int_equal(line_of(&w, ports[1])->like, 4);
	assert_non_null(line_of(&w, ports[1])->stub);
	assert_null(line_of(&w, ports[2]));
	assert_int_equal(line_of(&w, down)->like, 1);
	wiring_release(&w);
	opt.all = true;
	wiring_build(&s->net, &opt, &w);
	assert_int_equal(line_of(&w, ports[4])->like, 1);
	wiring_release(&w);
}

static void lo_only_can_be_asked_for_and_stands_for_itself(void **state)
{
	struct net_sample *s = *state;
	struct net_ns *host = net_sample_ns(s, 10);
	const struct wiring_options opt = { .loopback = true };
	struct wiring w;

	net_sample_link(host, "eth0", NULL);
	for (uint64_t i = 0; i < WIRING_ALIKE_FROM + 2; i++)
		net_sample_ns(s, 20 + i);
	wiring_build(&s->net, &opt, &w);
	assert_int_equal(w.nfolded, 0);
	/* The host's card and its link, and a card each. */
	assert_int_equal(w.nlines, 2 + WIRING_ALIKE_FROM + 2);
	assert_true(wiring_is_idle(s->list[1]));
	assert_false(wiring_is_idle(host));
	wiring_release(&w);
}

static bool is_first(const void *ctx, const struct ns *lead)
{
	return lead == ctx;
}

static void a_group_can_be_kept_apart(void **state)
{
	struct net_sample *s = *state;
	struct net_ns *host = net_sample_ns(s, 10);
	struct wiring_options opt = { .apart = is_first };
	struct wiring w;

	for (uint64_t i = 0; i < WIRING_ALIKE_FROM; i++)
		net_sample_veth(s, net_sample_link(host, "v", "veth"),
				net_sample_link(net_sample_ns(s, 20 + i), "eth0", "veth"));
	wiring_build(&s->net, &opt, &w);
	assert_int_equal(w.nlines, 4);
	/* Who stands for whom. */
	assert_int_equal(w.nmembers, WIRING_ALIKE_FROM - 1);
	assert_ptr_equal(w.members[0].net, s->list[2]);
	assert_ptr_equal(w.members[0].lead, s->list[1]);
	wiring_release(&w);
	opt.ctx = s->list[1]->ns;
	wiring_build(&s->net, &opt, &w);
	assert_int_equal(w.nmembers, 0);
	assert_int_equal(w.ncables, WIRING_ALIKE_FROM);
	wiring_release(&w);
}

static void a_part_has_a_gutter_of_its_own(void **state)
{
	struct net_sample *s = *state;
	struct net_ns *host = net_sample_ns(s, 10), *a = net_sample_ns(s, 11);
	struct net_ns *b = net_sample_ns(s, 12);
	struct net_link *first = net_sample_link(host, "v1", "veth");
	struct net_link *second = net_sample_link(host, "v2", "veth");
	struct net_wire *wire = net_sample_veth(s, first, net_sample_link(a, "eth0", "veth"));
	/* host v1 v2, a eth0, b eth0: without v1, and b before a. */
	static const size_t lines[] = { 0, 2, 5, 6, 3, 4 };
	struct wiring w = { 0 }, part;

	net_sample_veth(s, second, net_sample_link(b, "eth0", "veth"));
	w = build(s, false);
	assert_int_equal(w.nlines, 7);
	assert_int_equal(w.nlanes, 2);
	wiring_select(&w, lines, 6, 0, &part);
	assert_int_equal(part.nlines, 6);
	assert_int_equal(part.ncables, 1);
	assert_int_equal(part.nlanes, 1);
	assert_int_equal(cable_of(&part, second)->first, 1);
	assert_int_equal(cable_of(&part, second)->last, 3);
	assert_null(cable_of(&part, a->links[1]));
	assert_ptr_equal(line_of(&part, a->links[1])->stub, wire);
	wiring_release(&part);
	wiring_select(&w, lines, 0, 0, &part);
	assert_int_equal(part.nlines, 0);
	wiring_release(&part);
	wiring_release(&w);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(namespaces_with_lo_only_are_folded),
		TEST(a_loopback_that_is_down_has_a_line),
		TEST(ports_stand_below_their_bridge),
		TEST(lanes_are_shared_only_where_nothing_meets),
		TEST(what_stands_on_one_link_is_one_cable),
		TEST(a_link_with_two_cables_has_a_line_more),
		TEST(an_end_that_is_not_shown_is_a_stub),
		TEST(around_goes_as_many_wires_as_asked),
		TEST(without_room_for_lanes_cables_are_numbered),
		TEST(many_alike_are_one_card),
		TEST(what_leads_further_away_alike_is_one_line),
		TEST(lo_only_can_be_asked_for_and_stands_for_itself),
		TEST(a_group_can_be_kept_apart),
		TEST(a_part_has_a_gutter_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
