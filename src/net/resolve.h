/* SPDX-License-Identifier: MIT */
/* Which namespace a number means, asked in the namespace that has the number. Private to net/. */
#ifndef NSVIEW_NET_RESOLVE_H
#define NSVIEW_NET_RESOLVE_H

#include "index.h"

/* All paired links of all namespaces, to guess by. Read-only once made, so that threads share it.
 */
struct pairs;
struct pairs *pairs_new(const struct net *net);
void pairs_free(struct pairs *pairs);

/* Whether links of the namespace have numbers whose meaning is not known. */
bool nsids_wanted(struct net_ns *ns);
/*
 * Asks on conn, which is a route socket of self. Only self is changed. Namespaces that are none of
 * those in net are appended to a vec of struct net_ns *, to be added to it.
 */
void nsids_resolve(struct net *net, struct net_ns *self, struct nl_conn *conn,
		   const struct pairs *pairs, struct vec *out_hidden);

#endif
