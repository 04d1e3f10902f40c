/* SPDX-License-Identifier: MIT */
/*
 * The interactive view. It is given a source that scans and reads facts, keeps the latest graph,
 * and shows it in a terminal until the person leaves. Nothing of a host is looked at here.
 */
#ifndef NSVIEW_TUI_H
#define NSVIEW_TUI_H

#include <stdbool.h>
#include <stddef.h>
#include <nsview/error.h>
#include <nsview/graph.h>
#include <nsview/term.h>

/* What is read of an object before a page about it can be made. */
enum tui_page {
	PAGE_SHOW, /* the page of `nsview show` */
	PAGE_WHO,  /* that of `nsview who` */
};

/*
 * Where graphs come from. Two threads call it, each with a context of its own: one scans, the
 * other reads what is asked for of the graph that is shown, which nobody looks at meanwhile.
 */
struct tui_source {
	void *scanner, *reader; /* the contexts */
	/* A new graph, owned by the caller. holders: also what no process is in. */
	int (*scan)(void *ctx, bool holders, struct graph **out, struct error *err);
	/* Facts of them (NEED_*), and of the processes that a row about them names. */
	void (*read_ns)(void *ctx, struct graph *g, struct ns *const *list, size_t n,
			unsigned needs);
	void (*read_processes)(void *ctx, struct graph *g, struct process *const *list, size_t n,
			       unsigned needs);
	/* What a page about ns, or else about p, shows. */
	void (*read_page)(void *ctx, struct graph *g, const struct ns *ns, const struct process *p,
			  enum tui_page page);
	/*
	 * Networks, attached to g: links and addresses of all, routes and sockets of ns (may be
	 * NULL). The scanner alone is asked. -errno with words where there are none to be had.
	 */
	int (*read_net)(void *ctx, struct graph *g, const struct ns *ns, struct error *err);
	/*
	 * How nsview is called so that it looks at the same host: the program, its options, NULL.
	 * In front of a command for `:`, and behind "nsview" for `x`.
	 */
	const char *const *program;
};

struct tui_options {
	enum color_when color;
	bool ascii;
	bool mouse;	      /* is for us, instead of the terminal's own use of it */
	bool readonly;	      /* nothing that changes anything */
	unsigned interval_ms; /* between the starts of two scans, at least */
	const char *filter;   /* of the first tab, in the filter language; NULL */
	const char *columns;  /* of the first tab, as `ls -o` takes them; NULL */
	bool tree;	      /* the first tab starts as a tree */
	unsigned tab;	      /* which one is shown first, from 0 */
};

/* The number of a tab by its name in any case or its place from 1; -EINVAL with words. */
int tui_tab_parse(const char *word, unsigned *out, struct error *err);

/* Whether stdin and stdout are a terminal that can show it. -ENOTTY with words where not. */
int tui_possible(struct error *err);

/*
 * Shows the view until the person leaves, and restores the terminal. 0, or -errno with words; -EIO
 * where the terminal went away. A signal that ends it ends the process after that.
 */
int tui_run(const struct tui_source *source, const struct tui_options *options, struct error *err);

#endif
