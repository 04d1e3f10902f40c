/* SPDX-License-Identifier: MIT */
// wrap: getpwuid_r getgrgid_r
/*
 * Each key of the table, in each mode where it means something, does what it is there for: a key
 * without a line here is a failure.
 */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../src/tui/view_act.h"
#include "../../../src/tui/view_keys.h"
#include "fixture.h"

enum { LIST = MODE_LIST, DETAIL = MODE_DETAIL, PAGE = MODE_PAGE, MENU = MODE_MENU };

/* Where the person is in what the keys are for. */
static long place(const struct browser *b)
{
	const struct doc *d = b->mode == MODE_PAGE ? &b->over.doc : &b->detail;

	if (b->mode == MODE_LIST)
		return (long)b->lists[b->tab].at;
	if (b->mode == MODE_MENU)
		return (long)b->menu.here;
	return (long)(d->here * 1000 + d->top);
}

/* What was so before the key. */
static long place_before;
static size_t shown_before;

static bool goes_up(struct browser *b)
{
	return place(b) < place_before;
}
static bool goes_down(struct browser *b)
{
	return place(b) > place_before;
}
static bool has_fewer(struct browser *b)
{
	return browser_list(b)->nshown < shown_before;
}
static bool has_more(struct browser *b)
{
	return browser_list(b)->nshown > shown_before;
}
static bool helps(struct browser *b)
{
	return b->over.kind == OVER_HELP;
}
static bool reads(struct browser *b)
{
	return b->mode == MODE_DETAIL;
}
static bool jumps(struct browser *b)
{
	return b->ncrumbs == 1;
}
static bool goes_back(struct browser *b)
{
	return b->mode == MODE_LIST && !b->quit;
}
static bool leaves(struct browser *b)
{
	return b->quit;
}
static bool searches(struct browser *b)
{
	return b->prompt.kind == PROMPT_SEARCH;
}
static bool filters(struct browser *b)
{
	return b->prompt.kind == PROMPT_FILTER;
}
static bool commands(struct browser *b)
{
	return b->prompt.kind == PROMPT_COMMAND;
}
static bool is_tree(struct browser *b)
{
	return browser_list(b)->kind->tree;
}
static bool sorts(struct browser *b)
{
	return b->mode == MODE_MENU && b->menu.kind == MENU_SORT;
}
static bool is_reversed(struct browser *b)
{
	return browser_list(b)->reverse;
}
static bool columns(struct browser *b)
{
	return b->menu.kind == MENU_COLUMNS;
}
static bool follows(struct browser *b)
{
	return b->follow;
}
static bool would_enter(struct browser *b)
{
	return b->foresee.len > 0;
}
static bool tells_who(struct browser *b)
{
	return b->over.kind == OVER_WHO;
}
static bool has_marked(struct browser *b)
{
	return b->chosen.kind == REF_NS;
}
static bool copies(struct browser *b)
{
	return b->copy.len > 0;
}
static bool pauses(struct browser *b)
{
	return b->paused;
}
static bool refreshes(struct browser *b)
{
	return b->refresh;
}
static bool is_slower(struct browser *b)
{
	return b->interval_ms == 4000;
}
static bool is_faster(struct browser *b)
{
	return b->interval_ms == 1000;
}
static bool redraws(struct browser *b)
{
	return b->redraw;
}
static bool is_first_tab(struct browser *b)
{
	return b->tab == 0;
}
static bool is_second_tab(struct browser *b)
{
	return b->tab == 1;
}
static bool is_third_tab(struct browser *b)
{
	return b->tab == 2;
}
static bool is_last_tab(struct browser *b)
{
	return b->tab == TABS - 1;
}
static bool says_words(struct browser *b)
{
	return shows(b, "\n nsview ");
}
static bool finds_none(struct browser *b)
{
	return shows(b, "not found: zzz");
}
static bool has_no_side(struct browser *b)
{
	return shows(b, "nothing to the side");
}

static const struct effect {
	void (*run)(struct browser *b, int arg);
	int arg;
	unsigned where;	    /* modes that this line is about */
	const char *before; /* typed into the list */
	const char *inside; /* typed in the mode */
	bool (*wanted)(struct browser *b);
} effects[] = {
	{ act_help, 0, LIST | DETAIL | PAGE, "", "", helps },
	{ act_move, MOVE_UP, LIST, "", "", goes_up },
	{ act_move, MOVE_UP, DETAIL | PAGE | MENU, "", "jj", goes_up },
	{ act_move, MOVE_DOWN, LIST | DETAIL | PAGE | MENU, "", "", goes_down },
	{ act_move, MOVE_PAGE_UP, LIST, "", "", goes_up },
	{ act_move, MOVE_PAGE_UP, DETAIL | PAGE | MENU, "", "G", goes_up },
	{ act_move, MOVE_PAGE_DOWN, LIST | DETAIL | PAGE | MENU, "", "", goes_down },
	{ act_move, MOVE_HOME, LIST, "", "", goes_up },
	{ act_move, MOVE_HOME, DETAIL | PAGE | MENU, "", "G", goes_up },
	{ act_move, MOVE_END, LIST | DETAIL | PAGE | MENU, "", "", goes_down },
	{ act_fold, 1, LIST, "tg", "", has_fewer },
	{ act_fold, 0, LIST, "tgh", "", has_more },
	{ act_toggle, 0, LIST, "tg", "", has_fewer },
	{ act_step, 0, DETAIL | PAGE, "", "ll", goes_up },
	{ act_step, 1, DETAIL | PAGE, "", "", goes_down },
	{ act_go, 0, LIST, "", "", reads },
	{ act_pan, 0, LIST, "", "", has_no_side },
	{ act_pan, 1, LIST, "", "", has_no_side },
	{ act_follow_name, 0, DETAIL | PAGE, "", "", jumps },
	{ act_back, 0, LIST, "", "", leaves },
	{ act_back, 0, DETAIL | PAGE, "", "", goes_back },
	{ act_search, 0, LIST | DETAIL | PAGE, "", "", searches },
	{ act_search_on, 1, LIST | DETAIL | PAGE, "/zzz\r", "", finds_none },
	{ act_search_on, 0, LIST | DETAIL | PAGE, "/zzz\r", "", finds_none },
	{ act_filter, 0, LIST | DETAIL, "", "", filters },
	{ act_tree, 0, LIST | DETAIL, "", "", is_tree },
	{ act_sort, 0, LIST | DETAIL, "", "", sorts },
	{ act_reverse, 0, LIST | DETAIL, "", "", is_reversed },
	{ act_columns, 0, LIST | DETAIL, "", "", columns },
	{ act_follow, 0, LIST | DETAIL, "", "", follows },
	{ act_enter, 0, LIST | DETAIL, "", "", would_enter },
	{ act_who, 0, LIST | DETAIL, "", "", tells_who },
	{ act_mark, 0, LIST | DETAIL, "", "", has_marked },
	{ act_copy, 0, LIST | DETAIL | PAGE, "", "", copies },
	{ act_words, 0, LIST | DETAIL | PAGE, "", "", says_words },
	{ act_command, 0, LIST | DETAIL | PAGE, "", "", commands },
	{ act_pause, 0, LIST | DETAIL | PAGE, "", "", pauses },
	{ act_refresh, 0, LIST | DETAIL | PAGE, "", "", refreshes },
	{ act_interval, 1, LIST | DETAIL | PAGE, "", "", is_slower },
	{ act_interval, 0, LIST | DETAIL | PAGE, "", "", is_faster },
	{ act_next_tab, 1, LIST | DETAIL, "", "", is_second_tab },
	{ act_next_tab, -1, LIST | DETAIL, "", "", is_last_tab },
	{ act_tab, 0, LIST, "2", "", is_first_tab },
	{ act_tab, 0, DETAIL, "", "2", is_first_tab },
	{ act_tab, 1, LIST | DETAIL, "", "", is_second_tab },
	{ act_tab, 2, LIST | DETAIL, "", "", is_third_tab },
	{ act_redraw, 0, LIST | DETAIL | PAGE | MENU, "", "", redraws },
	{ act_quit, 0, LIST | DETAIL | PAGE | MENU, "", "", leaves },
};

static const struct effect *effect_of(const struct key_binding *k, enum mode mode)
{
	for (size_t i = 0; i < sizeof(effects) / sizeof(*effects); i++)
		if (effects[i].run == k->run && effects[i].arg == k->arg && effects[i].where & mode)
			return &effects[i];
	return NULL;
}

/* Words as they are typed: \r is Enter. */
static void type_words(struct browser *b, const char *words)
{
	for (; *words; words++)
		press(b, *words == '\r' ? VK_ENTER : *words);
}

/* A page with more names than one, or, for moves, with more lines than there is room for. */
static void go_into(struct browser *b, enum mode mode, bool moves)
{
	if (mode == MODE_DETAIL)
		press(b, VK_ENTER);
	else if (mode == MODE_PAGE)
		type(b, moves ? "?" : "w");
	else if (mode == MODE_MENU)
		type(b, "c");
	free(screen_of(b));
}

static void check(const struct key_binding *k, int key, enum mode mode)
{
	const struct effect *e = effect_of(k, mode);
	struct browser *b = browser_new(14, 80);

	if (!e)
		fail_msg("the key %s has no line in mode %d", k->name, (int)mode);
	go_to_ns(b, NS_NET, 1);
	type_words(b, e->before);
	go_into(b, mode, k->run == act_move);
	type_words(b, e->inside);
	free(screen_of(b));
	if (b->mode != mode && !*e->inside)
		fail_msg("the key %s was not tried in mode %d", k->name, (int)mode);
	place_before = place(b);
	shown_before = browser_list(b)->nshown;
	press(b, key);
	if (!e->wanted(b))
		fail_msg("the key %s does not do it in mode %d", k->name, (int)mode);
	browser_free(b);
}

static void each_key_does_what_it_is_there_for(void **state)
{
	(void)state;
	for (const struct key_binding *k = key_table; k->name; k++)
		for (int i = 0; i < KEYS_EACH; i++)
			for (unsigned mode = MODE_LIST; mode <= MODE_MENU && k->keys[i]; mode <<= 1)
				if (k->where & mode)
					check(k, k->keys[i], (enum mode)mode);
}

static void no_line_is_left_over(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(effects) / sizeof(*effects); i++) {
		bool used = false;

		for (const struct key_binding *k = key_table; k->name; k++)
			used |= k->run == effects[i].run && k->arg == effects[i].arg &&
				k->where & effects[i].where;
		if (!used)
			fail_msg("line %zu is about no key", i);
	}
}

/* Nothing can be reached by no key: the bar and the help screen tell of all there is. */
static void each_sign_of_the_bar_is_its_key(void **state)
{
	(void)state;
	for (const struct key_binding *k = key_table; k->name; k++) {
		if (!k->sign)
			continue;
		assert_non_null(k->label);
		if (k->run != act_quit)
			assert_ptr_equal(key_find(k->sign[0], MODE_LIST), k);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_key_does_what_it_is_there_for),
		cmocka_unit_test(no_line_is_left_over),
		cmocka_unit_test(each_sign_of_the_bar_is_its_key),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
