/* SPDX-License-Identifier: MIT */
/* What struct net keeps for itself. Private to net/. */
#ifndef NSVIEW_NET_INDEX_H
#define NSVIEW_NET_INDEX_H

#include "read.h"

/* A namespace that only a child of ours could enter: its route socket, to ask for numbers. */
struct kept_socket {
	struct net_ns *net;
	struct nl_conn route;
};

struct net_index {
	struct net_ns **by_ns; /* by the address of their struct ns; those that have one */
	size_t nby_ns;
	int *ns_fds; /* by position in list, -1 where not open; see visit.h */
	size_t nns_fds, ns_fds_most;
	struct vec kept;     /* of struct kept_socket */
	bool holders;	     /* who holds sockets and tuns has been looked for */
	struct scan_fd *fds; /* by inode; owned */
	size_t nfds;
};

void net_index_build(struct net *net);
void net_index_free(struct net_index *index);
struct net_ns *net_ns_new(struct net *net, struct ns *ns);
void net_add(struct net *net, struct net_ns *ns);

/* wires.c: the other ends of links, by resolved numbers; once. Then wires of them. Pure. */
void net_ends_find(struct net *net);
void net_wires_make(struct net *net);
/* holders.c: reads who has sockets and tun devices open, once; and joins sockets to that. */
void holders_find(struct net *net);
void holders_join(struct net *net);
/* The number's namespace, NULL where it is not known. */
struct net_ns *nsid_to(const struct net_ns *viewer, int32_t id);
/* The next who holds a tun or tap device after prev (NULL to start). */
const struct scan_fd *tun_holder(const struct net *net, const struct net_link *link,
				 const struct scan_fd *prev);

#endif
