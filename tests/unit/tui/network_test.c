/* SPDX-License-Identifier: MIT */
// wrap: getpwuid_r getgrgid_r
/* The wiring picture as a tab: wires hopped along, rows folded, a cursor that stays where it is. */
#include <errno.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "../../../src/tui/view_keys.h"
#include "net_fixture.h"

static const struct net_wish plain_net = { 0 };

static struct browser *on_network(unsigned rows, unsigned cols, const struct net_wish *wish)
{
	struct browser *b = browser_new(rows, cols);

	type(b, "3");
	browser_graph(b, make_network(wish));
	type(b, "g");
	return b;
}

static void next_look(struct browser *b, const struct net_wish *wish)
{
	b->now_ms += 1000;
	browser_graph(b, make_network(wish));
	type(b, "");
}

static void go_to_link(struct browser *b, unsigned net, uint32_t number)
{
	const struct view_ref ref = { .kind = REF_LINK,
				      .type = NS_NET,
				      .num = net ? other_ino(NS_NET, net) : host_ino(NS_NET),
				      .index = number };

	assert_true(list_seek(browser_list(b), &ref, b->graph, &b->history));
	browser_settle(b);
	type(b, "");
}

static bool is_on_link(const struct browser *b, unsigned net, uint32_t number)
{
	return b->subject.kind == REF_LINK && b->subject.index == number &&
	       b->subject.num == (net ? other_ino(NS_NET, net) : host_ino(NS_NET));
}

/* Tests are given a browser at the picture of the sample networks on 24 lines of 80 columns. */
#define NETWORK_TEST(name) WITH_BROWSER(name, on_network(24, 80, &plain_net))

NETWORK_TEST(the_picture_has_cards_links_and_wires)
{
	assert_true(shows(b, " 1:Namespaces 2:Processes [3:Network]\n"));
	assert_true(shows(b, "\n     LINK            KIND        ADDRESSES     WIRES\n"));
	assert_true(shows(b, ">  host  net:[4026531833]"));
	assert_true(shows(b, "     ├ veth1         veth   UP                 ──────────┐\n"));
	assert_true(shows(b, "     └ vlab          veth   LLD                ──X───────┼─┐\n"));
	assert_true(shows(b, "     eth0@host:veth1 veth   UP   172.17.0.2/16 ─── veth ─┘ │\n"));
	assert_true(shows(b, "     eth0@host:vlab  veth   DOWN               ──X veth ───┘\n"));
}

NETWORK_TEST(enter_hops_along_a_wire_and_esc_goes_back)
{
	type(b, "jj");
	assert_true(is_on_link(b, 0, 5));
	assert_true(shows(b, "── veth1 of host ──"));
	press(b, VK_ENTER);
	assert_true(is_on_link(b, 1, 2));
	assert_int_equal(b->mode, MODE_LIST);
	assert_true(shows(b, "── veth1 > eth0 of docker:web ──"));
	press(b, VK_ENTER);
	assert_true(is_on_link(b, 0, 5));
	press(b, VK_ESC);
	assert_true(is_on_link(b, 1, 2));
	press(b, VK_ESC);
	assert_true(is_on_link(b, 0, 5));
	assert_false(b->quit);
	/* What is no wire of its own leads to what it is a port of, or stands on; else to the pane.
	 */
	type(b, "k");
	press(b, VK_ENTER);
	assert_int_equal(b->mode, MODE_DETAIL);
}

NETWORK_TEST(enter_on_a_namespace_reads_its_page)
{
	press(b, VK_ENTER);
	assert_int_equal(b->mode, MODE_DETAIL);
	assert_int_equal(b->subject.kind, REF_NS);
	assert_true(shows(b, " Links         lo loopback UP\n"
			     "               br0 bridge UP 172.17.0.1/16\n"
			     "               veth1@docker:web:eth0 veth UP, port of br0\n"
			     "               vlab@netns:lab:eth0 veth LLD, port of br0\n"));
	assert_true(shows(b, " Routes        (not read yet)\n"));
}

/* Steps through the names of the page up to a link of that namespace. */
static const struct view_ref *next_link(struct browser *b, uint64_t ino)
{
	const struct view_ref *to;

	free(screen_of(b));
	for (int i = 0; i < 20; i++, type(b, "l")) {
		to = doc_jump(&b->detail);
		if (to && to->kind == REF_LINK && to->num == ino)
			return to;
	}
	return NULL;
}

NETWORK_TEST(links_on_a_page_are_jumps)
{
	const struct view_ref *to = NULL;

	press(b, VK_ENTER);
	to = next_link(b, other_ino(NS_NET, 1));
	assert_non_null(to);
	assert_int_equal(to->index, 2);
	press(b, VK_ENTER);
	assert_true(is_on_link(b, 1, 2));
	assert_int_equal(b->tab, 2);
	/* And on the page of a link: its namespace first, then what it is wired to. */
	assert_true(shows(b, " Wires         host:veth1  veth\n"));
	assert_int_equal(doc_jump(&b->detail)->kind, REF_NS);
	type(b, "l");
	assert_int_equal(doc_jump(&b->detail)->index, 5);
	press(b, VK_ENTER);
	assert_true(is_on_link(b, 0, 5));
	press(b, VK_ESC);
	press(b, VK_ESC);
	assert_int_equal(b->subject.kind, REF_NS);
	assert_int_equal(b->mode, MODE_DETAIL);
}

NETWORK_TEST(a_link_named_on_another_tab_leads_here)
{
	type(b, "1");
	go_to_ns(b, NS_NET, 1);
	press(b, VK_ENTER);
	assert_non_null(next_link(b, host_ino(NS_NET)));
	press(b, VK_ENTER);
	assert_int_equal(b->tab, 2);
	assert_true(is_on_link(b, 0, 5));
	press(b, VK_ESC);
	assert_int_equal(b->tab, 0);
	assert_int_equal(b->subject.num, other_ino(NS_NET, 1));
}

NETWORK_TEST(the_cursor_stays_on_its_link)
{
	const struct net_wish extra = { .extra = true };
	size_t at;

	go_to_link(b, 1, 2);
	at = browser_list(b)->at;
	next_look(b, &extra);
	assert_true(is_on_link(b, 1, 2));
	assert_int_equal(browser_list(b)->at, at + 1);
	assert_true(shows(b, "\n>    eth0@host:veth1 "));
	next_look(b, &plain_net);
	assert_true(is_on_link(b, 1, 2));
	/* Its name is not what it is. */
	next_look(b, &(struct net_wish){ .renamed = "uplink" });
	assert_true(is_on_link(b, 1, 2));
	assert_true(shows(b, "\n>    uplink@host:veth1 "));
}

NETWORK_TEST(what_came_and_went_is_marked)
{
	const struct net_wish extra = { .extra = true }, idle = { .lab_idle = true };

	next_look(b, &extra);
	assert_true(shows(b, "\n +   dummy0 "));
	next_look(b, &plain_net);
	assert_true(shows(b, "\n x   dummy0 "));
	next_look(b, &idle);
	assert_true(shows(b, "\n x   vlab@netns:lab:eth0 "));
	b->now_ms += HISTORY_MS;
	next_look(b, &idle);
	assert_true(hides(b, "vlab"));
}

NETWORK_TEST(what_could_not_be_read_has_not_vanished)
{
	const struct net_wish unread = { .lab_unread = true };

	next_look(b, &unread);
	assert_true(shows(b, "     links: it may not be entered\n"));
	assert_true(hides(b, "\n x   eth0"));
	next_look(b, &plain_net);
	assert_true(hides(b, "\n +   eth0"));
}

NETWORK_TEST(those_with_lo_only_are_under_one_row)
{
	const struct net_wish idle = { .lab_idle = true };

	next_look(b, &idle);
	b->now_ms += HISTORY_MS;
	next_look(b, &idle);
	assert_true(hides(b, "netns:lab"));
	type(b, "G");
	assert_true(shows(b, "\n>   +(1 namespace with only lo)\n"));
	assert_int_equal(b->subject.kind, REF_NONE);
	press(b, VK_ENTER);
	assert_true(shows(b, "\n>   -(1 namespace with only lo)\n"
			     "   netns:lab  net:[4026532403]  (mount)\n"));
	type(b, "j");
	assert_int_equal(b->subject.num, other_ino(NS_NET, 4));
	next_look(b, &idle);
	assert_int_equal(b->subject.num, other_ino(NS_NET, 4));
	type(b, "hh");
	assert_true(shows(b, "\n>   +(1 namespace with only lo)\n"));
	/* A jump opens it. */
	go_to_ns(b, NS_NET, 4);
	assert_int_equal(list_item(browser_list(b))->ref.num, other_ino(NS_NET, 4));
}

NETWORK_TEST(wires_to_what_is_folded_are_told_in_words)
{
	go_to_link(b, 0, 5);
	type(b, "hh");
	/* To the bridge, and with that folded its ports are gone. */
	assert_int_equal(b->subject.index, 4);
	assert_true(shows(b, "\n>   +br0 "));
	assert_true(hides(b, "├ veth1"));
	assert_true(shows(b, "eth0 veth   UP   172.17.0.2/16  veth to host:veth1\n"));
	type(b, " ");
	assert_true(shows(b, "├ veth1"));
	type(b, "h");
	type(b, "h");
	assert_int_equal(b->subject.kind, REF_NS);
	type(b, " ");
	assert_true(shows(b, "\n> +host  net:"));
	assert_true(hides(b, "\n     br0 "));
	/* A wire that is hopped along opens what its other end is in. */
	go_to_link(b, 1, 2);
	press(b, VK_ENTER);
	assert_true(is_on_link(b, 0, 5));
	assert_true(shows(b, "├ veth1"));
}

NETWORK_TEST(a_filter_keeps_links_and_the_cards_above)
{
	type(b, "\\link == \"eth0\"");
	press(b, VK_ENTER);
	assert_true(shows(b, "filter: link == \"eth0\""));
	assert_true(shows(b, "docker:web"));
	assert_true(hides(b, "br0 "));
	assert_true(hides(b, "   host  net:"));
	assert_true(shows(b, "veth to host:veth1"));
	type(b, "x");
	assert_true(shows(b, " nsview net --links -Q 'link == \"eth0\"'"));
	/* A card passes by a link that has no row. */
	type(b, "\\");
	press(b, 21);
	type(b, "link == \"lo\"");
	press(b, VK_ENTER);
	assert_true(shows(b, "docker:web"));
	type(b, "\\");
	press(b, 21);
	type(b, "nonsense");
	assert_true(shows(b, "nonsense"));
	press(b, VK_ESC);
}

NETWORK_TEST(a_search_reads_the_picture)
{
	type(b, "/172.17.0.2");
	assert_true(is_on_link(b, 1, 2));
	press(b, VK_ENTER);
	type(b, "g/netns:lab");
	press(b, VK_ENTER);
	assert_true(shows(b, " 1 of 2\n"));
	type(b, "/lodz");
	assert_true(shows(b, " not found\n/lodz"));
	press(b, VK_ESC);
}

NETWORK_TEST(keys_do_here_what_they_do_elsewhere)
{
	type(b, "x");
	assert_true(shows(b, " nsview net\n"));
	go_to_link(b, 1, 2);
	type(b, "y");
	assert_string_equal(buffer_str(&b->copy), "eth0");
	type(b, "w");
	assert_true(shows(b, "── who holds net:[4026532103] ──"));
	press(b, VK_ESC);
	type(b, "d");
	assert_true(shows(b, "\n>*   eth0@host:veth1 "));
	press(b, VK_HOME);
	type(b, "d");
	assert_true(shows(b, "a link and what is none have nothing to compare"));
	go_to_link(b, 0, 5);
	type(b, "d");
	assert_true(shows(b, "!= LINK         eth0"));
	press(b, VK_ESC);
	type(b, "s");
	assert_true(shows(b, "this tab is a picture"));
	type(b, "c");
	assert_int_equal(b->mode, MODE_LIST);
	type(b, "I");
	assert_true(shows(b, "this tab is a picture"));
	type(b, "t");
	assert_true(shows(b, "this tab has no tree"));
	type(b, "l");
	type(b, "x");
	assert_true(shows(b, " nsview net --links net:4026531833 -Q 'index == 5'\n"));
}

NETWORK_TEST(a_link_is_followed_until_it_ends)
{
	const struct net_wish extra = { .extra = true }, idle = { .lab_idle = true };

	go_to_link(b, 0, 6);
	type(b, "F");
	next_look(b, &extra);
	assert_true(is_on_link(b, 0, 6));
	next_look(b, &idle);
	assert_true(shows(b, " vlab is gone\n"));
}

NETWORK_TEST(a_wire_without_a_far_end_says_so)
{
	next_look(b, &(struct net_wish){ .unresolved = true, .tap = true });
	assert_true(shows(b, "lost            veth   UP   veth to ? nobody\\x1b told"));
	assert_true(shows(b, "tap0            tun    UP   tun to pid 50 cron fd 7"));
	go_to_link(b, 0, 8);
	press(b, VK_ENTER);
	assert_true(shows(b, " the other end is not in view: nobody\\x1b told\n"));
	assert_true(is_on_link(b, 0, 8));
	go_to_link(b, 0, 9);
	press(b, VK_ENTER);
	assert_int_equal(b->tab, 1);
	assert_int_equal(b->subject.num, 50);
	press(b, VK_ESC);
	assert_true(is_on_link(b, 0, 9));
}

NETWORK_TEST(each_wire_of_a_link_has_a_row)
{
	const struct net_wish upper = { .upper = true }, both = { .upper = true, .extra = true };

	next_look(b, &upper);
	go_to_link(b, 0, 5);
	press(b, VK_ENTER);
	assert_true(is_on_link(b, 1, 2));
	go_to_link(b, 0, 5);
	type(b, "j");
	assert_true(is_on_link(b, 0, 5));
	assert_int_equal(browser_list(b)->cursor.wire, 1);
	next_look(b, &both);
	assert_int_equal(browser_list(b)->cursor.wire, 1);
	press(b, VK_ENTER);
	assert_true(is_on_link(b, 4, 9));
	/* What stands on a link is at the other end of one wire; back it goes to the link. */
	press(b, VK_ENTER);
	assert_true(is_on_link(b, 0, 5));
	press(b, VK_ESC);
	press(b, VK_ESC);
	assert_int_equal(browser_list(b)->cursor.wire, 1);
}

NETWORK_TEST(a_hostile_name_is_escaped)
{
	next_look(b, &(struct net_wish){ .renamed = "\033[2J" });
	assert_true(shows(b, "\\x1b[2J@host:veth1"));
	go_to_link(b, 1, 2);
	type(b, "y");
	assert_string_equal(buffer_str(&b->copy), "\\x1b[2J");
	assert_true(shows(b, "copied: \\x1b[2J"));
}

NETWORK_TEST(networks_are_wished_for_where_they_are_shown)
{
	struct view_ref of;

	assert_true(browser_wants_net(b, &of));
	assert_int_equal(of.num, host_ino(NS_NET));
	go_to_link(b, 1, 2);
	assert_true(browser_wants_net(b, &of));
	assert_int_equal(of.kind, REF_NONE);
	type(b, "1g");
	assert_false(browser_wants_net(b, &of));
	go_to_ns(b, NS_NET, 1);
	assert_true(browser_wants_net(b, &of));
	assert_int_equal(of.num, other_ino(NS_NET, 1));
	type(b, "2");
	assert_false(browser_wants_net(b, &of));
}

NETWORK_TEST(without_networks_the_tab_says_why)
{
	browser_graph(b, make_graph(&whole_host));
	assert_true(shows(b, "\n  reading the networks\n"));
	error_set(&b->net_error, -EOPNOTSUPP, "not of a copy");
	assert_true(shows(b, "\n  not of a copy\n"));
	press(b, VK_ENTER);
	type(b, " hljk<>/x");
	press(b, VK_ESC);
	type(b, "wdyxF");
	next_look(b, &plain_net);
	assert_true(shows(b, "br0"));
}

WITH_BROWSER(a_picture_that_is_too_wide_moves, on_network(8, 40, &plain_net))
{
	assert_true(shows(b, "ADDRESSES >\n"));
	assert_true(hides(b, "┐"));
	type(b, ">");
	assert_true(shows(b, "┐"));
	assert_true(shows(b, " < >\n"));
	type(b, ">>>");
	assert_true(shows(b, "  <\n"));
	assert_true(shows(b, "─┘ │\n"));
	type(b, "<<<<");
	assert_true(shows(b, "\n>  host  net:"));
	browser_resize(b, 24, 120);
	type(b, ">");
	assert_true(shows(b, "┐"));
	assert_true(shows(b, "\n>  host  net:"));
	type(b, "2<");
	assert_true(shows(b, "this tab has nothing to the side"));
}

static void in_ascii_it_is_ascii(void **state)
{
	struct browser *b = calloc(1, sizeof(*b));
	char *screen;

	(void)state;
	browser_init(b, &plain_options, no_words, false);
	browser_resize(b, 24, 80);
	browser_graph(b, make_network(&(struct net_wish){ .renamed = "\303\251th" }));
	type(b, "3g");
	screen = screen_of(b);
	for (const char *c = screen; *c; c++)
		assert_true(*c == '\n' || (*c >= ' ' && *c < 0x7f));
	assert_non_null(strstr(screen, "------.\n"));
	free(screen);
	browser_free(b);
}

/* Thirty containers that are alike, and one that is not. */
static struct graph *make_fleet(unsigned n)
{
	struct graph *g = make_graph(&whole_host);
	struct net_sample *nets = net_sample_on(g);
	struct net_ns *host = net_sample_ns(nets, host_ino(NS_NET));
	struct net_link *bridge = add_link(host, 100, "br0", "bridge"), *port;
	static char names[SAMPLE_NETS][16];

	for (unsigned i = 0; i < n; i++) {
		struct net_ns *at = net_sample_ns(nets, 5000000000 + i);

		snprintf(names[i], sizeof(names[i]), "v%u", i);
		port = add_link(host, 101 + i, names[i], "veth");
		net_sample_port(nets, port, bridge);
		net_sample_veth(nets, port, add_link(at, 2, i ? "eth0" : "odd", "veth"));
	}
	graph_seal(g);
	return g;
}

WITH_BROWSER(one_of_many_alike_stands_for_them_until_it_is_opened, browser_new(24, 100))
{
	const struct view_ref member = {
		.kind = REF_LINK, .type = NS_NET, .num = 5000000009, .index = 2
	};

	type(b, "3");
	browser_graph(b, make_fleet(30));
	type(b, "g");
	assert_true(shows(b, "29 namespaces like -  net:[5000000001]"));
	assert_true(shows(b, "(29 alike)"));
	assert_true(hides(b, "5000000009"));
	type(b, "G");
	type(b, "k ");
	assert_true(hides(b, "alike)"));
	assert_true(browser_list(b)->nshown > 60);
	type(b, " ");
	assert_true(shows(b, "29 namespaces like -  net:[5000000001]"));
	type(b, "x");
	assert_true(shows(b, " nsview net\n"));
	/* A jump to one of them opens it too. */
	browser_jump(b, &member);
	assert_int_equal(b->subject.num, 5000000009);
	assert_true(ref_same(&list_item(browser_list(b))->ref, &member));
	type(b, "x");
	assert_true(shows(b, " nsview net --all\n"));
}

WITH_BROWSER(a_namespace_that_vanishes_keeps_its_place_for_a_while, browser_new(24, 100))
{
	type(b, "3");
	browser_graph(b, make_fleet(3));
	browser_graph(b, make_fleet(2));
	assert_true(shows(b, "\n x -  net:[5000000002]  (kernel)\n"));
	assert_true(shows(b, "\n x   v2@net:5000000002:eth0 "));
	type(b, "G");
	assert_int_equal(b->subject.num, 5000000002);
	assert_true(shows(b, "── net:[5000000002]"));
	type(b, "ll");
	b->now_ms += HISTORY_MS;
	browser_graph(b, make_fleet(2));
	assert_true(hides(b, "\n x -"));
}

/* Keys that mean nothing together, on screens of every size, while links come and go. */
NETWORK_TEST(random_keys_and_looks_do_no_harm)
{
	static const int keys[] = { VK_UP,   VK_DOWN, VK_LEFT,	VK_RIGHT, VK_PGUP, VK_PGDN,
				    VK_HOME, VK_END,  VK_ENTER, VK_ESC,	  VK_TAB,  ' ',
				    'j',     'k',     'h',	'l',	  '3',	   '3',
				    '3',     '1',     '<',	'>',	  'w',	   'd',
				    'y',     'x',     'F',	'/',	  'e',	   'n',
				    'N',     '\\',    't',	's',	  'I',	   '?' };
	struct canvas c = { 0 };
	unsigned seed = 11;

	for (unsigned i = 0; i < 6000; i++) {
		seed = seed * 1103515245 + 12345;
		press(b, keys[(seed >> 16) % (sizeof(keys) / sizeof(*keys))]);
		b->quit = false;
		if (i % 7 == 0)
			browser_resize(b, 1 + (seed >> 8) % 40, 1 + (seed >> 12) % 130);
		if (i % 13 == 0)
			next_look(b, &(struct net_wish){ .extra = seed >> 5 & 1,
							 .lab_idle = seed >> 6 & 1,
							 .tap = seed >> 7 & 1,
							 .upper = seed >> 8 & 1,
							 .unresolved = seed >> 9 & 1,
							 .lab_unread = seed >> 10 & 1 });
		if (i % 101 == 0)
			browser_graph(b, make_graph(&whole_host));
		if (i % 211 == 0)
			browser_graph(b, make_fleet(30 + i % 5));
		browser_draw(b, &c);
		for (unsigned row = 0; row < c.rows; row++)
			assert_true(c.lines[row].columns <= c.cols);
	}
	canvas_release(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_picture_has_cards_links_and_wires),
		cmocka_unit_test(enter_hops_along_a_wire_and_esc_goes_back),
		cmocka_unit_test(enter_on_a_namespace_reads_its_page),
		cmocka_unit_test(links_on_a_page_are_jumps),
		cmocka_unit_test(a_link_named_on_another_tab_leads_here),
		cmocka_unit_test(the_cursor_stays_on_its_link),
		cmocka_unit_test(what_came_and_went_is_marked),
		cmocka_unit_test(what_could_not_be_read_has_not_vanished),
		cmocka_unit_test(those_with_lo_only_are_under_one_row),
		cmocka_unit_test(a_namespace_that_vanishes_keeps_its_place_for_a_while),
		cmocka_unit_test(wires_to_what_is_folded_are_told_in_words),
		cmocka_unit_test(a_filter_keeps_links_and_the_cards_above),
		cmocka_unit_test(a_search_reads_the_picture),
		cmocka_unit_test(keys_do_here_what_they_do_elsewhere),
		cmocka_unit_test(a_link_is_followed_until_it_ends),
		cmocka_unit_test(a_wire_without_a_far_end_says_so),
		cmocka_unit_test(each_wire_of_a_link_has_a_row),
		cmocka_unit_test(a_hostile_name_is_escaped),
		cmocka_unit_test(networks_are_wished_for_where_they_are_shown),
		cmocka_unit_test(without_networks_the_tab_says_why),
		cmocka_unit_test(a_picture_that_is_too_wide_moves),
		cmocka_unit_test(in_ascii_it_is_ascii),
		cmocka_unit_test(one_of_many_alike_stands_for_them_until_it_is_opened),
		cmocka_unit_test(random_keys_and_looks_do_no_harm),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
