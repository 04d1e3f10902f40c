/* SPDX-License-Identifier: MIT */
/*
 * Whether one network namespace can reach an address and port of another, hop by hop, from what
 * was read of them: no packet is sent. Pure: struct net in, hops and an answer out. What hangs on
 * something that was not read, or cannot be evaluated, is said and never guessed.
 */
#ifndef NSVIEW_WHY_H
#define NSVIEW_WHY_H

#include <stdbool.h>
#include <stddef.h>
#include <nsview/buffer.h>
#include <nsview/net.h>

/* What `why` reads of the namespaces that the packets may pass. */
enum {
	WHY_NEEDS = NET_LINKS | NET_VLANS | NET_ADDRS | NET_ROUTES | NET_RULES | NET_NEIGH |
		    NET_SOCKETS | NET_FILTER | NET_SYSCTL | NET_TC
};

/* From whom to whom. */
struct why_question {
	struct net_ns *from;
	struct net_ns *to;    /* NULL: whoever has the address */
	struct net_ip ip;     /* family 0: one of to's addresses is chosen */
	uint16_t port;	      /* 0: none, only whether packets arrive */
	enum net_proto proto; /* NET_PROTO_TCP or NET_PROTO_UDP */
};

enum why_verdict {
	WHY_OK,
	WHY_WARN, /* works, but is not as it should be */
	WHY_FAIL,
	WHY_SKIP, /* not evaluated, or could not be seen */
	WHY_VERDICTS
};
extern const char *const why_verdict_names[WHY_VERDICTS]; /* "ok", "warn", "FAIL", "skip" */

struct why_hop {
	enum why_verdict verdict;
	bool back;	    /* on the way back */
	bool outer;	    /* of the packets that a tunnel's are carried by */
	const char *title;  /* "route", "veth": static */
	struct buffer text; /* unescaped: names of links in it are anybody's choice */
	const struct net_ns *at;
};

enum why_answer { WHY_REACHABLE, WHY_UNREACHABLE, WHY_CANNOT_TELL, WHY_ANSWERS };
extern const char *const why_answer_names[WHY_ANSWERS]; /* "reachable", ...: JSON */

struct why {
	enum why_answer answer;
	struct net_ip source, destination; /* family 0: not found */
	const struct net_ns *arrived;	   /* has the destination, NULL: it was not got to */
	struct why_hop *hops;		   /* owned */
	size_t nhops;
	size_t broken;	      /* index of the first hop that fails, SIZE_MAX where none does */
	struct buffer cause;  /* a sentence without its full stop, unescaped; "" none */
	struct buffer show;   /* a command that shows it; "" where none can be copied safely */
	struct buffer fix;    /* a command that would mend it; "" where there is none */
	struct buffer advice; /* what to do where no command would do it, unescaped; "" */
};

/* The graph's facts that name a namespace, and NEED_COMM of who holds sockets, are to be read. */
void why_find(const struct net *net, const struct why_question *q, struct why *out);
void why_release(struct why *why);

/* "docker:web", "netns:lab", "host": the short name of a namespace, unescaped. */
void why_place(const struct net *net, const struct net_ns *at, struct buffer *out);

/*
 * The namespaces that a packet from one of `ends` can get to by any wires, those included: what
 * why_find needs to be read of. Returns a malloc'd array.
 */
size_t why_near(const struct net *net, struct net_ns *const *ends, size_t n, struct net_ns ***out);

#endif
