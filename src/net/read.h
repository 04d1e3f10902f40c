/* SPDX-License-Identifier: MIT */
/* Reading one network namespace, and making its numbers pointers. Private to net/. */
#ifndef NSVIEW_NET_READ_H
#define NSVIEW_NET_READ_H

#include "inside.h"

/* A number of a namespace that a link came with, but which the kernel could not give. */
enum { NSID_NONE = -1, NSID_UNASSIGNED = -2 };

/* Reads the parts that are still unread into net, whose arena is used. Any thread. */
void net_ns_read(struct net_ns *net, struct inside *in, unsigned what);
/* All parts of `what` become what this failure makes of them. */
void net_ns_fail(struct net_ns *net, unsigned what, int error, const char *words);
/* Sorts what was read and sets the pointers that stay within the namespace. Again: no harm. */
void net_ns_join(struct net_ns *net);

/* A part of what net_ns_read reads, in a file of its own. */
void sockets_read(struct net_ns *net, struct inside *in);
void filter_read(struct net_ns *net, struct inside *in);
void xfrm_read(struct net_ns *net, struct inside *in);
void sysctls_read(struct net_ns *net, struct inside *in);
void tc_read(struct net_ns *net, struct inside *in);
void wireguard_read(struct net_ns *net, struct inside *in);
/* 1: to make a socket of IPsec loads no module, 0, or -errno. procfd: of the proc root. */
int xfrm_is_loaded(int procfd);
/* nsids in use, without what they lead to. */
void nsids_read(struct net_ns *net, struct nl_conn *conn);
/* Makes a vec of struct net_nsid the namespace's, each number once. */
void nsids_keep(struct net_ns *net, struct vec *ids);
/* Addresses of the namespace that the one of conn calls nsid, without entering it. */
void addrs_read_nsid(struct net_ns *net, struct nl_conn *conn, int32_t nsid);

#endif
