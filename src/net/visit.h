/* SPDX-License-Identifier: MIT */
/* Being in one network namespace after the other, by threads. Private to net/. */
#ifndef NSVIEW_NET_VISIT_H
#define NSVIEW_NET_VISIT_H

#include "index.h"

struct pairs;

/* One namespace to be visited, and what for. */
struct site {
	struct net_ns *net;
	unsigned what;
	int error;	   /* -errno why it was not joined, 0: it was visited */
	int procfd;	   /* set for the visit: of a /proc root; borrowed */
	struct vec hidden; /* of struct net_ns *, found from here */
	struct vec same;   /* of struct hidden_same, found from here */
};

struct visit {
	struct net *net;
	struct site *sites;
	size_t n;
	bool keep; /* the files of namespaces, for later visits: nobody else is asking for them now
		    */
	bool sysctls; /* /proc/sys will be read */
	int host_fd;  /* of the file of net->list[0], to ask about it; -1 */
	const struct pairs *pairs;
	const struct vec *hidden; /* of struct net_ns * */
	/* In the namespace; several at a time, each with another site. */
	void (*look)(const struct visit *v, struct site *site);
};

/*
 * Visits all of them. Sites may change their order. The threads end before it returns, and the
 * caller's own namespace stays what it is.
 */
void visit_all(struct visit *v);

/* When a visit that begins now has to end. */
uint64_t visit_deadline(void);

/*
 * An fd of the namespace's file, or -errno: one that a visit has kept, which stays until
 * net_fds_close, or else one that is the caller's to close, and then in *out_close too (else -1).
 */
int net_fd(const struct net *net, const struct net_ns *ns, int *out_close);
void net_fds_close(struct net *net);

#endif
