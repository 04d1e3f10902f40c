/* SPDX-License-Identifier: MIT */
/* A view of the host for one command: the scan, the targets named, the facts that are wanted. */
#ifndef NSVIEW_CMD_VIEW_H
#define NSVIEW_CMD_VIEW_H

#include <nsview/filter.h>
#include <nsview/net.h>
#include <nsview/scan.h>

#include "command.h"

struct view {
	const struct invocation *inv; /* borrowed */
	struct term term;	      /* of stdout */
	struct scan *scan;
	struct graph *graph;
	struct net *net;      /* collected where a target names something of a network, else NULL */
	struct selection sel; /* what the targets stand for */
	bool selected;	      /* there were targets */
	size_t undecided;     /* rows that a filter could not judge */
};

/*
 * Parses words as targets, scans the host, resolves them. Nothing is printed. The needs are those
 * of scan_host (NEED_HOLDERS counts here). view_close releases v also after a failure.
 */
int view_open(struct view *v, const struct invocation *inv, char *const *words, size_t nwords,
	      unsigned needs, struct error *err);

/* Reads facts of the namespaces, and those of the process that each row would name. */
void view_read_ns(struct view *v, struct ns *const *list, size_t n, unsigned needs);
void view_read_processes(struct view *v, struct process *const *list, size_t n, unsigned needs);

/* What the pages of `nsview show` tell of all that is selected. */
void view_read_pages(struct view *v);
/* What `nsview who` tells of ns. */
void view_read_references(struct view *v, const struct ns *ns);

/* Whether the filter (NULL: none) lets a row through; counts those it cannot judge. */
bool view_passes(struct view *v, const struct filter *f, const struct row *row);

/* A selected process whose namespaces could not be read, or NULL; and why, as words. */
const struct process *view_unread(const struct selection *sel);
const char *view_unread_why(const struct view *v, const struct process *p);

/*
 * Says on stderr what could not be seen, and gives the exit status: matched tells whether
 * anything was shown.
 */
int view_finish(struct view *v, bool matched);
void view_close(struct view *v);

#endif
