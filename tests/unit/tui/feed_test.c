/* SPDX-License-Identifier: MIT */
// wrap: getpwuid_r getgrgid_r
/* The feed: graphs come by themselves, answers to what is asked, and nothing while it is held. */
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../src/tui/feed.h"
#include "net_fixture.h"

enum { PATIENCE_MS = 10000, MOMENT_MS = 150 };

/* A host that counts how often it is looked at. */
struct counted {
	atomic_uint scans, full_scans, pages, members;
	atomic_uint nets, detailed; /* networks read, and of those with one in all detail */
	atomic_bool fails, no_net;
};

static int counted_scan(void *ctx, bool holders, struct graph **out, struct error *err)
{
	struct counted *c = ctx;

	c->scans++;
	c->full_scans += holders;
	if (c->fails)
		return error_set(err, -EIO, "no host");
	*out = make_graph(&whole_host);
	return 0;
}

static void counted_read_ns(void *ctx, struct graph *g, struct ns *const *list, size_t n,
			    unsigned needs)
{
	(void)ctx, (void)g, (void)list, (void)n, (void)needs;
}

static void counted_read_processes(void *ctx, struct graph *g, struct process *const *list,
				   size_t n, unsigned needs)
{
	struct counted *c = ctx;

	(void)g, (void)list, (void)needs;
	c->members += (unsigned)n;
}

static void counted_read_page(void *ctx, struct graph *g, const struct ns *ns,
			      const struct process *p, enum tui_page page)
{
	struct counted *c = ctx;

	(void)g, (void)ns, (void)p, (void)page;
	c->pages++;
}

static int counted_read_net(void *ctx, struct graph *g, const struct ns *ns, struct error *err)
{
	struct counted *c = ctx;
	struct net_sample *nets;

	c->nets++;
	c->detailed += ns != NULL;
	if (c->no_net)
		return error_set(err, -EOPNOTSUPP, "no networks");
	nets = net_sample_on(g);
	for (size_t i = 0; i < g->nnamespaces; i++)
		if (g->namespaces[i]->type == NS_NET)
			net_sample_ns(nets, g->namespaces[i]->ino);
	add_link(nets->list[0], 2, "eth0", NULL);
	return 0;
}

struct rig {
	struct counted scanner, reader;
	struct tui_source source;
	struct tui_options options;
	struct browser browser;
	struct feed *feed;
};

static int rig_up(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));
	struct error err = { 0 };

	assert_non_null(r);
	r->options.interval_ms = 3600000;
	r->source = (struct tui_source){ .scanner = &r->scanner,
					 .reader = &r->reader,
					 .scan = counted_scan,
					 .read_ns = counted_read_ns,
					 .read_processes = counted_read_processes,
					 .read_page = counted_read_page,
					 .read_net = counted_read_net,
					 .program = no_words };
	browser_init(&r->browser, &r->options, no_words, true);
	browser_resize(&r->browser, 24, 80);
	*state = r;
	r->feed = feed_new(&r->source, &r->browser, &err);
	assert_non_null(r->feed);
	assert_true(feed_lock(r->feed, PATIENCE_MS));
	return 0;
}

static int rig_down(void **state)
{
	struct rig *r = *state;

	feed_unlock(r->feed);
	assert_true(feed_end(r->feed));
	browser_release(&r->browser);
	free(r);
	return 0;
}

/* One turn of the event loop; false where nothing came. */
static bool turn(struct rig *r, int timeout)
{
	struct pollfd fd = { .fd = feed_fd(r->feed), .events = POLLIN };
	struct graph *g;
	int n;

	feed_wish(r->feed, &r->browser);
	r->browser.refresh = false;
	feed_unlock(r->feed);
	n = poll(&fd, 1, timeout);
	assert_true(feed_lock(r->feed, PATIENCE_MS));
	feed_read_fd(r->feed);
	g = feed_take(r->feed);
	if (g)
		browser_graph(&r->browser, g);
	feed_wish(r->feed, &r->browser);
	feed_tell(r->feed, &r->browser);
	return n > 0;
}

/* Until the second graph is there, and the page of the cursor's object. */
static void settle(struct rig *r)
{
	while (r->scanner.full_scans < 1 || !r->browser.asks[ASK_DETAIL].answered)
		assert_true(turn(r, PATIENCE_MS));
	while (turn(r, MOMENT_MS))
		;
}

static void rows_come_first_and_then_the_rest(void **state)
{
	struct rig *r = *state;

	assert_true(turn(r, PATIENCE_MS));
	assert_non_null(r->browser.graph);
	assert_int_equal(r->scanner.full_scans, 0);
	settle(r);
	assert_int_equal(r->scanner.full_scans, 1);
	assert_int_equal(r->scanner.scans, 2);
}

static void what_is_asked_for_is_read(void **state)
{
	struct rig *r = *state;
	unsigned pages;

	settle(r);
	pages = r->reader.pages;
	browser_key(&r->browser, 'j');
	assert_false(r->browser.asks[ASK_DETAIL].answered);
	while (!r->browser.asks[ASK_DETAIL].answered)
		assert_true(turn(r, PATIENCE_MS));
	assert_int_equal(r->reader.pages, pages + 1);
	assert_int_equal(r->scanner.scans, 2);
}

static void an_open_set_has_its_members_read(void **state)
{
	struct rig *r = *state;
	unsigned members;

	settle(r);
	members = r->reader.members;
	type(&r->browser, "2l");
	while (r->reader.members == members)
		turn(r, PATIENCE_MS);
	assert_int_equal(r->scanner.scans, 2);
}

static void a_refresh_comes_at_once(void **state)
{
	struct rig *r = *state;

	settle(r);
	type(&r->browser, "R");
	while (r->scanner.scans < 3)
		assert_true(turn(r, PATIENCE_MS));
}

static void nothing_is_scanned_while_a_prompt_is_open(void **state)
{
	struct rig *r = *state;

	settle(r);
	type(&r->browser, "/");
	r->browser.interval_ms = 1;
	turn(r, MOMENT_MS);
	turn(r, MOMENT_MS);
	/* One may have begun before the prompt did. */
	assert_true(r->scanner.scans <= 3);
	browser_key(&r->browser, VK_ESC);
	while (r->scanner.scans < 5)
		turn(r, PATIENCE_MS);
}

static void paused_it_scans_only_when_asked(void **state)
{
	struct rig *r = *state;
	unsigned scans;

	settle(r);
	type(&r->browser, "Z");
	r->browser.interval_ms = 1;
	turn(r, MOMENT_MS);
	turn(r, MOMENT_MS);
	scans = r->scanner.scans;
	assert_true(scans <= 3);
	type(&r->browser, "R");
	while (r->scanner.scans == scans)
		turn(r, PATIENCE_MS);
}

static void another_column_is_read_at_once(void **state)
{
	struct rig *r = *state;

	settle(r);
	assert_int_equal(
		column_list_parse(&ns_columns, "+UIDMAP", &r->browser.lists[0].columns, NULL), 0);
	while (r->scanner.scans < 3)
		assert_true(turn(r, PATIENCE_MS));
	while (turn(r, MOMENT_MS))
		;
	assert_int_equal(r->scanner.scans, 3);
}

static void a_failure_is_told_and_not_repeated_at_once(void **state)
{
	struct rig *r = *state;

	settle(r);
	r->scanner.fails = true;
	type(&r->browser, "R");
	while (!feed_status(r->feed).error.code)
		turn(r, PATIENCE_MS);
	assert_string_equal(feed_status(r->feed).error.text, "no host");
	turn(r, MOMENT_MS);
	assert_int_equal(r->scanner.scans, 3);
	assert_non_null(r->browser.graph);
}

static void networks_are_read_only_where_they_are_shown(void **state)
{
	struct rig *r = *state;
	unsigned scans;

	settle(r);
	assert_int_equal(r->scanner.nets, 0);
	type(&r->browser, "3");
	while (!r->browser.graph->net)
		assert_true(turn(r, PATIENCE_MS));
	/* And of the namespace that the cursor is on now the rest. */
	while (!r->scanner.detailed)
		assert_true(turn(r, PATIENCE_MS));
	while (turn(r, 2 * MOMENT_MS))
		;
	assert_int_equal(r->reader.nets, 0);
	scans = r->scanner.scans;
	type(&r->browser, "1gR");
	while (r->scanner.scans == scans)
		assert_true(turn(r, PATIENCE_MS));
	while (turn(r, MOMENT_MS))
		;
	assert_int_equal(r->scanner.nets, scans - 2);
	assert_null(r->browser.graph->net);
}

static void the_cursor_comes_to_rest_before_more_is_read(void **state)
{
	struct rig *r = *state;
	unsigned nets;

	settle(r);
	type(&r->browser, "3");
	while (!r->scanner.detailed)
		assert_true(turn(r, PATIENCE_MS));
	while (turn(r, 2 * MOMENT_MS))
		;
	nets = r->scanner.nets;
	type(&r->browser, "Gl");
	for (int i = 0; i < 20; i++) {
		type(&r->browser, i % 2 ? "j" : "k");
		turn(r, 1);
	}
	assert_true(r->scanner.nets <= nets + 1);
}

static void networks_that_cannot_be_read_are_not_tried_at_once_again(void **state)
{
	struct rig *r = *state;

	settle(r);
	r->scanner.no_net = true;
	type(&r->browser, "3");
	while (!feed_status(r->feed).net.code)
		assert_true(turn(r, PATIENCE_MS));
	assert_string_equal(feed_status(r->feed).net.text, "no networks");
	while (turn(r, 2 * MOMENT_MS))
		;
	assert_int_equal(r->scanner.nets, 1);
}

#define WITH_RIG(test) cmocka_unit_test_setup_teardown(test, rig_up, rig_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_RIG(rows_come_first_and_then_the_rest),
		WITH_RIG(what_is_asked_for_is_read),
		WITH_RIG(an_open_set_has_its_members_read),
		WITH_RIG(a_refresh_comes_at_once),
		WITH_RIG(nothing_is_scanned_while_a_prompt_is_open),
		WITH_RIG(paused_it_scans_only_when_asked),
		WITH_RIG(another_column_is_read_at_once),
		WITH_RIG(a_failure_is_told_and_not_repeated_at_once),
		WITH_RIG(networks_are_read_only_where_they_are_shown),
		WITH_RIG(the_cursor_comes_to_rest_before_more_is_read),
		WITH_RIG(networks_that_cannot_be_read_are_not_tried_at_once_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
