/* SPDX-License-Identifier: MIT */
/* A browser over a host made by hand, and what it shows as text. */
#ifndef NSVIEW_TESTS_TUI_FIXTURE_H
#define NSVIEW_TESTS_TUI_FIXTURE_H

#include "unit/render/sample.h"

#include "../../../src/tui/view_browser.h"

static const char *const no_words[] = { "nsview", NULL };

/* What a scanner would have made: the sample's host, and what the test adds or leaves out. */
struct host_wish {
	bool without_job; /* podman:job's process is gone, with its namespaces */
	bool more;	  /* a further process in namespaces of its own */
	bool pinned;	  /* a namespace that no process is in */
	bool reused;	  /* net number 1 has another kernel id than before */
};

static inline void set_id(struct graph *g, enum ns_type type, unsigned n, uint64_t id)
{
	struct ns *ns = graph_find(g, type, other_ino(type, n));

	if (ns)
		ns_facts_of(g, ns)->id = known_num(id);
}

static inline struct process *add_named(struct graph *g, pid_t pid, unsigned mask, unsigned n,
					const char *name)
{
	struct process *p = add_apart(g, pid, mask, n);

	facts_of(g, p)->comm = known_text(g, name, strlen(name));
	facts_of(g, p)->cmdline = known_text(g, name, strlen(name) + 1);
	facts_of(g, p)->identity_fact = fact_none();
	facts_of(g, p)->uid = known_num(0);
	facts_of(g, p)->start = known_num(1000 + (uint64_t)pid);
	return p;
}

static inline struct graph *make_graph(const struct host_wish *wish)
{
	struct graph *g = graph_new();
	struct process *web;

	add_named(g, 1, 0, 0, "systemd");
	add_named(g, 50, 0, 0, "cron");
	web = add_named(g, 4123, WEB, 1, "nginx");
	set_identity(g, web, "docker", "web", true);
	set_identity(g, add_named(g, 4124, WEB, 1, "nginx"), "docker", "web", true);
	if (!wish->without_job)
		add_named(g, 8801, JOB, 3, "job");
	if (wish->more)
		add_named(g, 9000, 1 << NS_UTS | 1 << NS_IPC, 7, "fresh");
	graph_add_holder(g, graph_add(g, NS_NET, other_ino(NS_NET, 4)), HOLD_MOUNT, web, 0, -1,
			 "/run/netns/lab", NULL);
	if (wish->pinned)
		graph_add_holder(g, graph_add(g, NS_NET, other_ino(NS_NET, 5)), HOLD_FD, web, 0, 7,
				 NULL, NULL);
	graph_seal(g);
	for (size_t i = 0; i < g->nnamespaces; i++)
		if (g->namespaces[i] != g->host[NS_USER])
			g->namespaces[i]->owner = g->host[NS_USER];
	g->host[NS_USER]->owner_fact = g->host[NS_USER]->parent_fact = fact_none();
	for (size_t i = 0; i < g->nnamespaces; i++)
		if (g->namespaces[i]->type == NS_PID || g->namespaces[i]->type == NS_USER)
			g->namespaces[i]->parent = ns_is_host(g, g->namespaces[i])
							   ? NULL
							   : g->host[g->namespaces[i]->type];
	graph_seal(g);
	set_id(g, NS_NET, 1, wish->reused ? 900 : 100);
	return g;
}

static const struct tui_options plain_options = { .interval_ms = 2000 };
static const struct host_wish whole_host = { 0 };

static inline struct browser *browser_new(unsigned rows, unsigned cols)
{
	struct browser *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	browser_init(b, &plain_options, no_words, true);
	browser_resize(b, rows, cols);
	browser_graph(b, make_graph(&whole_host));
	browser_answered(b, ASK_DETAIL);
	return b;
}

static inline void browser_free(struct browser *b)
{
	browser_release(b);
	free(b);
}

/* A test that is given a browser, as made by the call MAKE. */
#define WITH_BROWSER(name, make)                                                                   \
	static void name##_with(struct browser *b);                                                \
	static void name(void **state)                                                             \
	{                                                                                          \
		struct browser *b = (make);                                                        \
                                                                                                   \
		(void)state;                                                                       \
		name##_with(b);                                                                    \
		browser_free(b);                                                                   \
	}                                                                                          \
	static void name##_with(struct browser *b)

/* Types a text, and lets whatever is asked for be answered. */
static inline void type(struct browser *b, const char *keys)
{
	for (; *keys; keys++)
		browser_key(b, *keys);
	for (unsigned i = 0; i < ASKS; i++)
		if (b->asks[i].ref.kind != REF_NONE && !b->asks[i].answered)
			browser_answered(b, i);
	if (browser_wants_members(b) && !b->members)
		browser_members_read(b);
}

static inline void press(struct browser *b, int key)
{
	browser_key(b, key);
	type(b, "");
}

/* The whole screen, a newline behind each line without the blanks at its end; to be freed. */
static inline char *screen_of(struct browser *b)
{
	struct canvas c = { 0 };
	struct buffer out = BUFFER_INIT;

	browser_draw(b, &c);
	for (unsigned i = 0; i < c.rows; i++) {
		buffer_append(&out, buffer_str(&c.lines[i].text), c.lines[i].text.len);
		while (out.len && out.data[out.len - 1] == ' ')
			out.data[--out.len] = '\0';
		buffer_char(&out, '\n');
	}
	canvas_release(&c);
	return out.data;
}

static inline bool shows(struct browser *b, const char *text)
{
	char *screen = screen_of(b);
	bool found = strstr(screen, text) != NULL;

	if (!found)
		print_error("not there: %s\n%s\n", text, screen);
	free(screen);
	return found;
}

static inline bool hides(struct browser *b, const char *text)
{
	char *screen = screen_of(b);
	bool found = strstr(screen, text) != NULL;

	if (found)
		print_error("there: %s\n%s\n", text, screen);
	free(screen);
	return !found;
}

/* The row that the cursor is on, from the sign of the cursor. */
static inline const struct item *here(struct browser *b)
{
	return list_item(browser_list(b));
}

/* Moves the cursor to the row of a namespace. */
static inline void go_to_ns(struct browser *b, enum ns_type ns_type, unsigned n)
{
	struct view_ref ref = { .kind = REF_NS,
				.type = ns_type,
				.num = n ? other_ino(ns_type, n) : host_ino(ns_type) };

	assert_true(list_seek(browser_list(b), &ref, b->graph, &b->history));
	browser_settle(b);
	type(b, "");
}

#endif
