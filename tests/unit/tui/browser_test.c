/* SPDX-License-Identifier: MIT */
// wrap: getpwuid_r getgrgid_r
/* The browser: each key, the detail pane, jumps and the way back, prompts, menus, marks. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../src/tui/view_keys.h"
#include "fixture.h"

/* Tests are given a browser over the sample host on 24 lines of 80 columns. */
#define BROWSER_TEST(name) WITH_BROWSER(name, browser_new(24, 80))

BROWSER_TEST(the_screen_has_its_parts)
{
	assert_true(shows(b, " nsview 0.1.0"));
	assert_true(shows(b, "17 ns (net 3 pid 3 user 2 mnt 2)  5 procs"));
	assert_true(shows(b, "[2s]\n"));
	assert_true(shows(b, " [1:Namespaces] 2:Processes 3:Network\n"));
	assert_true(shows(b, "          NS TYPE   NPROCS  PID USER HELD  WHO\n"));
	assert_true(shows(b, "> 4026531835 cgroup"));
	assert_true(shows(b, "── cgroup:[4026531835] host (systemd) ──"));
	assert_true(shows(b, " Held by       proc, 3 references seen\n"));
	assert_true(shows(
		b, " ?Help /Search \\Filter tTree sSort FFollow eEnter wWho yCopy ZPause qQuit"));
}

BROWSER_TEST(the_pane_follows_the_cursor)
{
	press(b, VK_DOWN);
	assert_true(shows(b, "── cgroup:[4026532100] docker:web nginx ──"));
	press(b, VK_UP);
	assert_true(shows(b, "── cgroup:[4026531835] host (systemd) ──"));
	type(b, "G");
	assert_true(shows(b, "── uts:[4026532107] docker:web nginx ──"));
	press(b, VK_HOME);
	assert_true(shows(b, "── cgroup:[4026531835] host (systemd) ──"));
	press(b, VK_PGDN);
	assert_int_equal(browser_list(b)->at, browser_page_rows(b));
	press(b, VK_PGUP);
	assert_int_equal(browser_list(b)->at, 0);
	press(b, VK_END);
	assert_int_equal(browser_list(b)->at, browser_list(b)->nshown - 1);
	type(b, "kjg");
	assert_int_equal(browser_list(b)->at, 0);
}

BROWSER_TEST(a_page_waits_for_its_facts)
{
	browser_key(b, 'j');
	assert_true(shows(b, "── cgroup:[4026532100] ──"));
	assert_true(hides(b, "Held by"));
	browser_answered(b, ASK_DETAIL);
	assert_true(shows(b, "── cgroup:[4026532100] docker:web nginx ──"));
	assert_true(shows(b, "Held by"));
}

BROWSER_TEST(a_name_is_a_jump_and_the_way_back_is_kept)
{
	go_to_ns(b, NS_NET, 1);
	press(b, VK_ENTER);
	assert_int_equal(b->mode, MODE_DETAIL);
	assert_true(shows(b, " Enter jumps, Esc goes back ──"));
	/* Host's: no, that is net:[...]; then the owner. */
	press(b, VK_ENTER);
	assert_int_equal(b->subject.num, host_ino(NS_NET));
	assert_true(shows(b, "── net:[4026532103] > net:["));
	press(b, VK_ENTER);
	assert_int_equal(b->subject.type, NS_USER);
	assert_int_equal(b->ncrumbs, 2);
	press(b, VK_ESC);
	assert_int_equal(b->subject.num, host_ino(NS_NET));
	type(b, "q");
	assert_int_equal(b->subject.num, other_ino(NS_NET, 1));
	assert_int_equal(b->mode, MODE_DETAIL);
	press(b, VK_ESC);
	assert_int_equal(b->mode, MODE_LIST);
	assert_false(b->quit);
	press(b, VK_ESC);
	assert_true(b->quit);
}

BROWSER_TEST(a_member_leads_to_the_other_tab)
{
	go_to_ns(b, NS_NET, 1);
	press(b, VK_ENTER);
	assert_null(doc_jump(&b->detail)); /* the page was never seen */
	assert_true(shows(b, "Members       2 processes"));
	while (doc_jump(&b->detail)->kind != REF_PROCESS)
		type(b, "l");
	type(b, "lh");
	press(b, VK_ENTER);
	assert_int_equal(b->tab, 1);
	assert_true(here(b)->single);
	assert_int_equal(here(b)->row.process->pid, 4123);
	press(b, VK_ESC);
	assert_int_equal(b->tab, 0);
	assert_int_equal(here(b)->row.ns->ino, other_ino(NS_NET, 1));
}

BROWSER_TEST(a_jump_to_a_filtered_row_shows_its_page)
{
	struct error err = { 0 };

	assert_true(filter_apply(b, "nprocs == 2 && type == net", &err));
	go_to_ns(b, NS_NET, 1);
	press(b, VK_ENTER);
	assert_true(shows(b, "Host's        no"));
	press(b, VK_ENTER);
	assert_true(shows(b, "the filter hides the row of net:[4026531833]"));
	type(b, "x");
	assert_true(shows(b, "nsview show net:4026531833"));
	press(b, VK_ESC);
	assert_int_equal(b->subject.num, other_ino(NS_NET, 1));
}

BROWSER_TEST(tabs_are_reached_by_number_and_in_turn)
{
	type(b, "2");
	assert_true(shows(b, " 1:Namespaces [2:Processes] 3:Network\n"));
	press(b, VK_TAB);
	press(b, VK_TAB);
	assert_true(shows(b, " [1:Namespaces] 2:Processes 3:Network\n"));
	press(b, VK_BACKTAB);
	assert_int_equal(b->tab, 2);
	press(b, VK_BACKTAB);
	assert_int_equal(b->tab, 1);
	type(b, "1");
	assert_int_equal(b->tab, 0);
}

BROWSER_TEST(t_makes_a_tree_and_back)
{
	type(b, "t");
	assert_true(shows(b, "3:Network tree\n"));
	assert_true(shows(b, "├─4026531835"));
	type(b, " ");
	assert_true(shows(b, "nothing hangs under this row"));
	go_to_ns(b, NS_USER, 0);
	type(b, " ");
	assert_true(shows(b, "> +4026531837"));
	type(b, "t");
	assert_true(hides(b, "tree\n"));
	type(b, "2t");
	assert_true(shows(b, "this tab has no tree"));
}

BROWSER_TEST(a_search_jumps_while_it_is_typed)
{
	type(b, "/ngi");
	assert_true(browser_is_asking(b));
	assert_true(shows(b, " 1 of 6\n/ngi"));
	press(b, VK_ENTER);
	assert_true(shows(b, " 1 of 6\n"));
	type(b, "n");
	assert_true(shows(b, " 2 of 6\n"));
	type(b, "NN");
	assert_true(shows(b, " 6 of 6\n"));
	type(b, "/zzz");
	assert_true(shows(b, " not found\n/zzz"));
	press(b, VK_ESC);
	assert_false(browser_is_asking(b));
}

BROWSER_TEST(a_filter_explains_itself_while_it_is_typed)
{
	type(b, "\\nproc");
	assert_true(shows(
		b, "unknown column \"nproc\" at 1; did you mean \"nprocs\"?\nfilter: nproc\n"));
	press(b, VK_ENTER);
	assert_true(browser_is_asking(b));
	type(b, "s > 2");
	assert_true(shows(b, "filter: nprocs > 2\n"));
	assert_true(hides(b, "4026532103"));
	press(b, VK_ENTER);
	assert_true(shows(b, "filter: nprocs > 2\n"));
	assert_false(browser_is_asking(b));
	/* Esc leaves the one before. */
	type(b, "\\ && type:net");
	assert_int_equal(browser_list(b)->nshown, 1);
	press(b, VK_ESC);
	assert_true(browser_list(b)->nshown > 1);
	type(b, "\\");
	press(b, 21); /* ^U */
	press(b, VK_ENTER);
	assert_int_equal(browser_list(b)->nshown, 17);
}

BROWSER_TEST(a_line_is_edited)
{
	type(b, "/ab cd");
	press(b, VK_LEFT);
	press(b, VK_BACKSPACE);
	assert_string_equal(buffer_str(&b->prompt.text), "ab d");
	press(b, VK_HOME);
	press(b, VK_DELETE);
	press(b, VK_RIGHT);
	press(b, 0x6f22);
	assert_string_equal(buffer_str(&b->prompt.text), "b\xe6\xbc\xa2 d");
	press(b, VK_BACKSPACE);
	press(b, VK_END);
	press(b, 23); /* ^W */
	assert_string_equal(buffer_str(&b->prompt.text), "b ");
	press(b, 1);  /* ^A */
	press(b, 11); /* ^K */
	assert_int_equal(b->prompt.text.len, 0);
	press(b, 0x202e);
	press(b, 5); /* ^E */
	assert_int_equal(b->prompt.text.len, 0);
	press(b, VK_BACKSPACE);
	assert_false(browser_is_asking(b));
}

BROWSER_TEST(the_sort_menu_sorts)
{
	type(b, "s");
	assert_true(shows(b, " Sort by:"));
	assert_true(shows(b, "> (*) -            as they are numbered, by type"));
	type(b, "jjj");
	press(b, VK_ENTER);
	assert_true(shows(b, "sort: NPROCS\n"));
	assert_int_equal(here(b)->row.ns->type, NS_CGROUP);
	type(b, "I");
	assert_true(shows(b, "sort: NPROCS reversed\n"));
	press(b, VK_F6);
	assert_true(shows(b, "> (*) NPROCS"));
	press(b, VK_ESC);
	assert_true(shows(b, "sort: NPROCS reversed\n"));
}

BROWSER_TEST(columns_are_chosen_and_moved)
{
	type(b, "c");
	assert_true(shows(b, "> [x] NS"));
	type(b, "j ");
	assert_true(shows(b, "> [ ] TYPE"));
	type(b, "G >gj<");
	press(b, VK_ENTER);
	assert_true(shows(b, "        NS NPROCS  PID USER HELD  WHO "));
	assert_true(shows(b, " ID\n"));
	type(b, "x");
	assert_true(shows(b, "nsview ls -o ns,nprocs,pid,user,held,who,id"));
	type(b, "cq");
	assert_int_equal(b->mode, MODE_LIST);
}

BROWSER_TEST(who_holds_it_is_a_page_with_names)
{
	go_to_ns(b, NS_NET, 4);
	browser_key(b, 'w');
	assert_true(shows(b, "── who holds net:[4026532403] ... ──"));
	type(b, "");
	assert_true(shows(b, "net:[4026532403] has 0 processes and is kept alive by:"));
	assert_true(shows(b, "/run/netns/lab"));
	type(b, "x");
	assert_true(shows(b, "nsview who net:4026532403"));
	press(b, VK_ESC);
	assert_int_equal(b->mode, MODE_LIST);
	go_to_ns(b, NS_NET, 1);
	type(b, "w");
	press(b, VK_ENTER);
	assert_int_equal(b->subject.kind, REF_PROCESS);
	assert_int_equal(b->subject.num, 4123);
	type(b, "w");
	assert_true(shows(b, "a process is held by nothing"));
}

BROWSER_TEST(two_are_compared)
{
	go_to_ns(b, NS_NET, 1);
	type(b, "d");
	assert_true(shows(b, "marked; d on another compares the two"));
	assert_true(shows(b, ">*4026532103"));
	type(b, "dd");
	go_to_ns(b, NS_NET, 4);
	assert_true(shows(b, " *4026532103"));
	type(b, "d");
	assert_true(shows(b, "!= NS           4026532103"));
	assert_true(shows(b, "   TYPE         net                            net\n"));
	type(b, "x");
	assert_true(shows(b, "nsview show net:4026532103 net:4026532403"));
	press(b, VK_ESC);
	type(b, "d2d");
	assert_true(shows(b, "a namespace and a process have nothing to compare"));
}

BROWSER_TEST(a_name_is_copied)
{
	go_to_ns(b, NS_NET, 1);
	type(b, "y");
	assert_string_equal(buffer_str(&b->copy), "net:[4026532103]");
	type(b, "2jy");
	assert_string_equal(buffer_str(&b->copy), "4123");
}

BROWSER_TEST(x_quotes_for_a_shell)
{
	static const char *const words[] = { "nsview", "--proc=/a b", NULL };
	struct error err = { 0 };

	b->program = words;
	assert_true(filter_apply(b, "who =~ \"it's\"", &err));
	type(b, "x");
	assert_true(shows(b, " nsview '--proc=/a b' ls -Q 'who =~ \"it'\\''s\"'\n"));
	type(b, "tx");
	assert_true(shows(b, " ls -T -Q "));
	type(b, "2x");
	assert_true(shows(b, " nsview '--proc=/a b' ps\n"));
}

BROWSER_TEST(a_command_is_a_wish)
{
	type(b, ":show self");
	assert_true(shows(b, ":show self"));
	press(b, VK_ENTER);
	assert_string_equal(buffer_str(&b->command), "show self");
	/* What its driver does. */
	overlay_open(b, OVER_OUTPUT, "nsview show self");
	b->running = true;
	browser_output(b, "net:[4026531833] is\n", 20);
	browser_output(b, "half ", 5);
	browser_output(b, "line\n", 5);
	assert_true(shows(b, "── nsview show self ... ──"));
	assert_true(shows(b, " net:[4026531833] is\n half line\n"));
	press(b, VK_ENTER);
	assert_int_equal(b->subject.num, host_ino(NS_NET));
	assert_true(b->cancel);
}

BROWSER_TEST(pause_interval_and_refresh_are_wishes)
{
	type(b, "Z");
	assert_true(b->paused);
	assert_true(shows(b, "[paused]\n"));
	type(b, "Z+");
	assert_int_equal(b->interval_ms, 4000);
	assert_true(shows(b, "[4s]\n"));
	type(b, "--");
	assert_int_equal(b->interval_ms, 1000);
	type(b, "R");
	assert_true(b->refresh);
	b->refresh = false;
	press(b, VK_F5);
	assert_true(b->refresh);
	press(b, 'L' - '@');
	assert_true(b->redraw);
	b->slowed_ms = 12500;
	assert_true(shows(b, "[12s, slowed]\n"));
	b->scanning = true;
	assert_true(shows(b, "[reading]\n"));
}

BROWSER_TEST(follow_tells_the_end)
{
	go_to_ns(b, NS_PID, 3);
	type(b, "F");
	assert_true(shows(b, "following\n"));
	browser_graph(b, make_graph(&(struct host_wish){ .without_job = true }));
	assert_true(shows(b, ">x4026532304 pid"));
	assert_true(shows(b, "pid:[4026532304] is gone"));
	type(b, "j");
	assert_true(hides(b, "following\n"));
}

BROWSER_TEST(help_has_every_key_and_mark)
{
	char *screen;

	browser_resize(b, 100, 120);
	type(b, "?");
	screen = screen_of(b);
	for (const struct key_binding *k = key_table; k->name; k++)
		if (k->help && (!strstr(screen, k->name) || !strstr(screen, k->help)))
			fail_msg("not in the help: %s", k->name);
	for (const struct mark_meaning *m = mark_table; m->mark; m++)
		if (!strstr(screen, m->meaning))
			fail_msg("not in the help: %s", m->mark);
	free(screen);
	press(b, VK_ESC);
	press(b, VK_F1);
	assert_int_equal(b->mode, MODE_PAGE);
	type(b, "/vanished");
	press(b, VK_ENTER);
	type(b, "q");
	assert_int_equal(b->mode, MODE_LIST);
}

BROWSER_TEST(an_unknown_key_says_where_help_is)
{
	type(b, "%");
	assert_true(shows(b, "that key does nothing here: press ? for help"));
	press(b, VK_UNKNOWN);
	assert_true(shows(b, "press ? for help"));
	type(b, "j");
	assert_true(hides(b, "press ? for help"));
}

/* Who wants a message to go does not want to go with it. */
BROWSER_TEST(esc_after_a_message_does_not_leave)
{
	type(b, "t ");
	assert_true(shows(b, "nothing hangs under this row"));
	press(b, VK_ESC);
	assert_false(b->quit);
	assert_true(hides(b, "nothing hangs under this row"));
	press(b, VK_ESC);
	assert_true(b->quit);
}

/* How the end of the line with that text looks. */
static unsigned look_of(struct browser *b, const char *text)
{
	struct canvas c = { 0 };
	unsigned look = LOOKS;

	browser_draw(b, &c);
	for (unsigned i = 0; i < c.rows; i++)
		if (strstr(buffer_str(&c.lines[i].text), text))
			look = c.lines[i].runs[c.lines[i].nruns - 1].look;
	canvas_release(&c);
	return look;
}

BROWSER_TEST(networks_that_cannot_be_read_are_no_warning_elsewhere)
{
	struct error err = { 0 };

	error_set(&b->net_error, -EPERM, "no networks");
	assert_true(filter_apply(b, "nprocs > 1000", &err));
	assert_int_equal(look_of(b, "nothing passes the filter"), LOOK_DIM);
	type(b, "3");
	assert_int_equal(look_of(b, "no networks"), LOOK_WARN);
}

BROWSER_TEST(an_empty_list_says_why)
{
	struct error err = { 0 };

	assert_true(filter_apply(b, "nprocs > 1000", &err));
	assert_true(shows(b, "\n  nothing passes the filter\n"));
	press(b, VK_ENTER);
	assert_int_equal(b->mode, MODE_LIST);
	type(b, "weyd");
	assert_true(shows(b, "there is nothing here"));
}

/* A banner that is too long is cut, and never left out. */
BROWSER_TEST(a_long_filter_is_still_seen)
{
	struct error err = { 0 };

	assert_true(filter_apply(b, "nprocs > 0 && nprocs < 1000 && nprocs != 77 && pid != 123456",
				 &err));
	type(b, "F");
	assert_true(shows(b, "3:Network  following  filter: nprocs > 0 && nprocs …\n"));
}

BROWSER_TEST(how_to_leave_is_told_where_there_is_little_room)
{
	browser_resize(b, 24, 60);
	assert_true(shows(b, "\n ?Help /Search \\Filter tTree sSort FFollow eEnter wWho qQuit\n"));
	browser_resize(b, 24, 40);
	assert_true(shows(b, "\n ?Help /Search \\Filter tTree sSort qQuit\n"));
	browser_say(b, false, "%s", "a sentence that is longer than forty columns are");
	assert_true(shows(b, "\n a sentence that is longer than forty c…\n"));
}

BROWSER_TEST(ctrl_c_leaves_what_is_open_first)
{
	type(b, "/x");
	browser_interrupt(b);
	assert_false(browser_is_asking(b));
	assert_false(b->quit);
	browser_interrupt(b);
	assert_true(b->quit);
}

BROWSER_TEST(capital_q_leaves_from_anywhere)
{
	type(b, "?Q");
	assert_true(b->quit);
	b->quit = false;
	press(b, VK_ESC);
	type(b, "sQ");
	assert_true(b->quit);
}

/* What a table promises, others rely on. */
static void no_key_means_two_things_in_one_mode(void **state)
{
	(void)state;
	for (const struct key_binding *k = key_table; k->name; k++)
		for (int i = 0; i < KEYS_EACH; i++)
			for (unsigned mode = MODE_LIST; mode <= MODE_MENU && k->keys[i]; mode <<= 1)
				if (k->where & mode)
					assert_ptr_equal(key_find(k->keys[i], (enum mode)mode), k);
}

WITH_BROWSER(tiny_screens_say_what_they_need, browser_new(5, 20))
{
	assert_true(shows(b, "\n\nneeds 40x8, has 20x5\n\n"));
	browser_resize(b, 8, 40);
	assert_true(shows(b, "> 4026531835 cgroup"));
	assert_true(shows(b, "WHO               +4\n"));
	assert_true(filter_apply(b, "type:net", NULL));
	assert_true(shows(b, " filtered+4\n"));
	browser_resize(b, 1, 1);
	free(screen_of(b));
	browser_resize(b, 24, 80);
	assert_true(shows(b, "[1:Namespaces]"));
}

static void without_a_graph_there_is_a_way_out(void **state)
{
	struct browser *b = calloc(1, sizeof(*b));

	(void)state;
	assert_non_null(b);
	browser_init(b, &plain_options, no_words, false);
	browser_resize(b, 24, 80);
	for (int key = 1; key < 128; key++)
		if (key != 'q' && key != 'Q')
			browser_key(b, key);
	assert_true(shows(b, "reading the host"));
	assert_true(shows(b, "[reading]"));
	assert_false(b->quit);
	browser_key(b, 'q');
	assert_true(b->quit);
	browser_free(b);
}

/* Ten thousand keys that mean nothing together, while the host changes. */
BROWSER_TEST(any_keys_do_no_harm)
{
	static const int special[] = { VK_UP,	VK_DOWN,    VK_LEFT,	  VK_RIGHT,  VK_PGUP,
				       VK_PGDN, VK_HOME,    VK_END,	  VK_ENTER,  VK_ESC,
				       VK_TAB,	VK_BACKTAB, VK_BACKSPACE, VK_DELETE, VK_F1,
				       VK_F5,	VK_F6,	    VK_UNKNOWN };
	struct canvas c = { 0 };
	unsigned seed = 12345;

	for (int i = 0; i < 10000; i++) {
		unsigned r;

		seed = seed * 1103515245 + 12345;
		r = seed >> 8;
		if (r % 3)
			browser_key(b, ' ' + (int)(r / 3 % 95));
		else
			press(b, special[r / 3 % (sizeof(special) / sizeof(*special))]);
		if (i % 7 == 0)
			browser_graph(b, make_graph(&(struct host_wish){ .without_job = r >> 4 & 1,
									 .more = r >> 5 & 1,
									 .reused = r >> 6 & 1 }));
		if (i % 11 == 0)
			browser_resize(b, 1 + r % 60, 1 + r / 60 % 200);
		browser_draw(b, &c);
		b->quit = false;
		b->running = b->running && !b->cancel;
		buffer_clear(&b->command);
	}
	canvas_release(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_screen_has_its_parts),
		cmocka_unit_test(the_pane_follows_the_cursor),
		cmocka_unit_test(a_page_waits_for_its_facts),
		cmocka_unit_test(a_name_is_a_jump_and_the_way_back_is_kept),
		cmocka_unit_test(a_member_leads_to_the_other_tab),
		cmocka_unit_test(a_jump_to_a_filtered_row_shows_its_page),
		cmocka_unit_test(tabs_are_reached_by_number_and_in_turn),
		cmocka_unit_test(t_makes_a_tree_and_back),
		cmocka_unit_test(a_search_jumps_while_it_is_typed),
		cmocka_unit_test(a_filter_explains_itself_while_it_is_typed),
		cmocka_unit_test(a_line_is_edited),
		cmocka_unit_test(the_sort_menu_sorts),
		cmocka_unit_test(columns_are_chosen_and_moved),
		cmocka_unit_test(who_holds_it_is_a_page_with_names),
		cmocka_unit_test(two_are_compared),
		cmocka_unit_test(a_name_is_copied),
		cmocka_unit_test(x_quotes_for_a_shell),
		cmocka_unit_test(a_command_is_a_wish),
		cmocka_unit_test(pause_interval_and_refresh_are_wishes),
		cmocka_unit_test(follow_tells_the_end),
		cmocka_unit_test(help_has_every_key_and_mark),
		cmocka_unit_test(an_unknown_key_says_where_help_is),
		cmocka_unit_test(esc_after_a_message_does_not_leave),
		cmocka_unit_test(networks_that_cannot_be_read_are_no_warning_elsewhere),
		cmocka_unit_test(an_empty_list_says_why),
		cmocka_unit_test(a_long_filter_is_still_seen),
		cmocka_unit_test(how_to_leave_is_told_where_there_is_little_room),
		cmocka_unit_test(ctrl_c_leaves_what_is_open_first),
		cmocka_unit_test(capital_q_leaves_from_anywhere),
		cmocka_unit_test(no_key_means_two_things_in_one_mode),
		cmocka_unit_test(tiny_screens_say_what_they_need),
		cmocka_unit_test(without_a_graph_there_is_a_way_out),
		cmocka_unit_test(any_keys_do_no_harm),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
