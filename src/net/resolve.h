/* SPDX-License-Identifier: MIT */
/* Which namespace a number means. Private to net/. */
#ifndef NSVIEW_NET_RESOLVE_H
#define NSVIEW_NET_RESOLVE_H

#include "index.h"

/* All paired links of all namespaces. Read-only once made, so that threads share it. */
struct pairs;
struct pairs *pairs_new(const struct net *net);
void pairs_free(struct pairs *pairs);
/*
 * The next link, in any namespace, whose numbers say that it may be link's other end; *at is 0 to
 * start. NULL at the end.
 */
struct net_link *pairs_next(const struct pairs *pairs, const struct net_link *link, size_t *at);
/*
 * What the links of ns are led to from, by numbers that are resolved already, its own numbers
 * mean. Only ns is changed; pure.
 */
void nsids_infer(struct net_ns *ns, const struct pairs *pairs);

/* The number in ns's list; NULL. */
struct net_nsid *nsid_entry(struct net_ns *ns, int32_t id);
/* Whether links of the namespace have numbers whose meaning is not known. */
bool nsids_wanted(struct net_ns *ns);
/*
 * Asks on conn, which is a route socket of self, what number it has for one, of which fd is the
 * file. Only self is changed.
 */
void nsids_ask(struct net_ns *self, struct nl_conn *conn, struct net_ns *one, int fd);
/*
 * Asks about all that might be meant. Only self is changed. Namespaces that are none of those in
 * net are appended to a vec of struct net_ns *: see hidden_join.
 */
void nsids_resolve(struct net *net, struct net_ns *self, struct nl_conn *conn,
		   const struct pairs *pairs, struct vec *out_hidden);

/* hidden.c: one that only a number of self leads to. */
struct net_ns *hidden_new(struct net *net, struct net_ns *self, struct nl_conn *conn, int32_t id);
/*
 * Asks on conn, which is a route socket of self, what those in hidden that self has numbers for
 * are called by the others that see one; appends what is found to a vec of struct hidden_same.
 */
struct hidden_same {
	struct net_ns *a, *b;
	bool same; /* proven, else proven to be two */
};
void hidden_ask(const struct vec *hidden, struct net_ns *self, struct nl_conn *conn,
		struct vec *out);
/*
 * Makes one of those in hidden that are the same, tells of others that they may be, and adds what
 * is left to net. Pure.
 */
void hidden_join(struct net *net, struct vec *hidden, const struct vec *same);

#endif
