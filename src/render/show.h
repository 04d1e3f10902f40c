/* SPDX-License-Identifier: MIT */
/* What the pages of `nsview show` and their JSON share. Private to the room. */
#ifndef NSVIEW_RENDER_SHOW_H
#define NSVIEW_RENDER_SHOW_H

#include <stdbool.h>
#include <nsview/graph.h>
#include <nsview/net.h>

#include "page.h"

/* A task that leads to a namespace without its process being a member. */
struct stray {
	const struct process *process;
	pid_t tid;	   /* 0: the process itself, by a *_for_children link */
	enum ns_link link; /* by which it leads there */
};

/* Calls each for the threads that are in ns while their process is not. */
void stray_threads(const struct graph *g, const struct ns *ns,
		   void (*each)(void *ctx, const struct stray *stray), void *ctx);
/* ... for the tasks that have ns for their children while it is not their own. */
void stray_children(const struct graph *g, const struct ns *ns,
		    void (*each)(void *ctx, const struct stray *stray), void *ctx);

/* How many namespaces of each type a user namespace owns. */
void owned_by_type(const struct graph *g, const struct ns *ns, unsigned counts[NS_TYPES]);

/* Whether a part of a network namespace (NULL: of none) was read; where not, that is said. */
bool say_net_part(struct page *page, const struct net_ns *net, enum net_part part);
/* What a network namespace has, as far as it was collected with the graph. */
void say_net_links(struct page *page);
void say_net_routes(struct page *page);
void say_net_listeners(struct page *page);

/* Commands by which a person looks further, one an item. */
void run_in_ns(struct page *page);
void run_in_process(struct page *page);

#endif
