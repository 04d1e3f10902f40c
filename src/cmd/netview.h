/* SPDX-License-Identifier: MIT */
/* A view of the host with its networks, for the commands that show them. */
#ifndef NSVIEW_CMD_NETVIEW_H
#define NSVIEW_CMD_NETVIEW_H

#include <nsview/net.h>
#include <nsview/wiring.h>

#include "listing.h"

struct netview {
	struct view view;
	struct net *net;
	struct net_ns **chosen; /* owned; those of the targets, else all */
	size_t nchosen;
	unsigned wires; /* of --around */
	bool around;	/* the targets are what one looks around of */
	unsigned told;	/* parts that stand in a table, where there is no room for what is unread */
};

/*
 * Scans the host and reads its networks, `what` of those that the arguments stand for. around:
 * "TARGET[,N]" or NULL; it takes the place of arguments. netview_close also after a failure.
 */
int netview_open(struct netview *n, const struct invocation *inv, const char *around, unsigned what,
		 struct error *err);
void netview_close(struct netview *n);

/* Adds the network namespaces of the processes that were selected. */
void netview_add_networks(struct selection *sel);
/*
 * 0 where there is a network namespace among what was selected by word; else -errno with words: no
 * such thing, or one that could not be read.
 */
int netview_want_network(const struct view *v, const struct selection *sel, const char *word,
			 struct error *err);

/* Reads what names the namespaces, those who hold sockets, and what columns need. */
void netview_read_names(struct netview *n, unsigned needs);

/*
 * Reads networks along with the graph of v, as graph.net, with whatever names what is in them:
 * `all` of every namespace, `some` of those listed that are network namespaces. -errno with words
 * where nothing can be read.
 */
int netview_attach(struct view *v, unsigned all, unsigned some, struct ns *const *list, size_t n,
		   struct error *err);

/* The wiring picture of what was chosen. wiring_release it. */
void netview_wiring(const struct netview *n, bool all, struct wiring *out);

/* view_finish, and what of the networks could not be read. */
int netview_finish(struct netview *n, bool matched);

#endif
