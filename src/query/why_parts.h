/* SPDX-License-Identifier: MIT */
/* What the steps of answering "why" share. Private to why*.c. */
#ifndef NSVIEW_WHY_PARTS_H
#define NSVIEW_WHY_PARTS_H

#include <nsview/why.h>

/* The packet at hand; ports in host order, 0 unknown. */
struct packet {
	struct net_ip src, dst;
	enum net_proto proto;
	uint16_t sport, dport;
	const struct net_link *in, *out; /* NULL: it comes from inside, or is not routed yet */
	struct net_ip later; /* becomes src where it leaves: what a translation had made of it */
	uint16_t later_port;
	bool reply;	/* of a connection that filters know already */
	bool rewritten; /* a rule that could not be read may have marked it or hidden it */
};

/* What a namespace has made of a packet, so that it takes it back in replies. */
struct translation {
	const struct net_ns *at;
	struct packet before, after;
};
enum { TRANSLATIONS_MAX = 8 };

struct walk {
	const struct net *net;
	const struct why_question *q;
	struct why *out;
	bool back;   /* on the way back */
	bool unsure; /* something could not be evaluated that may forbid it */
	struct translation translations[TRANSLATIONS_MAX];
	size_t ntranslations;
};

/* Adds a hop; the text is appended to the buffer returned, which the next hop makes invalid. */
struct buffer *why_hop(struct walk *w, enum why_verdict verdict, const char *title,
		       const struct net_ns *at);
/* The same for the hop that fails, and the cause in a sentence. */
void why_fail(struct walk *w, const char *title, const struct net_ns *at, const char *cause, ...)
	__attribute__((format(printf, 4, 5)));
/*
 * Of the hop that failed just now, commands inside `at`, and what to do where none would do.
 * Whatever anybody could have named goes through why_word.
 */
void why_show(struct walk *w, const struct net_ns *at, const char *command, ...)
	__attribute__((format(printf, 3, 4)));
void why_fix(struct walk *w, const struct net_ns *at, const char *command, ...)
	__attribute__((format(printf, 3, 4)));
void why_advise(struct walk *w, const char *advice, ...) __attribute__((format(printf, 2, 3)));
/* The word itself, or one with which there is no command, where a shell would take it apart. */
const char *why_word(const char *word);

/* "host:eth0", "inside docker:web": unescaped. */
void why_put_link(const struct walk *w, const struct net_link *link, struct buffer *out);
void why_put_inside(const struct walk *w, const struct net_ns *at, struct buffer *out);
/* Up and with a carrier: the operational state may lag a second behind. */
bool why_link_is_up(const struct net_link *link);
/* "UP", "DOWN", "LOWERLAYERDOWN" */
const char *why_link_state(const struct net_link *link);
/* "?" for none */
const char *why_ip(const struct net_ip *ip, char out[NET_IP_TEXT]);
/* " -6" where ip(8) would take it for IPv4 else, "" */
const char *why_ip_option(const struct net_ip *ip);

/* Looking up a route, as the kernel does. */
enum route_result { ROUTE_FOUND, ROUTE_NONE, ROUTE_REFUSED, ROUTE_UNKNOWN };
struct route_answer {
	enum route_result result;
	const struct net_route *route; /* FOUND, REFUSED by a route */
	const struct net_hop *hop;     /* FOUND of a unicast route */
	const struct net_rule *rule;   /* the rule that led there, or refused; NULL: none read */
};
void why_route(const struct net_ns *at, const struct packet *p, struct route_answer *out);
/* Which of at's addresses the kernel would send from; family 0: none. */
struct net_ip why_source(const struct net_ns *at, const struct route_answer *route,
			 const struct packet *p);
/* Adds the hop of a lookup that found nothing, or refuses; with what would mend it. */
void why_no_route(struct walk *w, const struct net_ns *at, const struct packet *p,
		  const struct route_answer *route);
/* A fix: a route to dst over a neighbour that knows one. false: there is none. */
bool why_fix_route(struct walk *w, const struct net_ns *at, const struct net_ip *dst);

/* Layer 2. How a frame gets from one link to the next, or why it does not. */
enum fault {
	FAULT_NONE,
	FAULT_DOWN,	/* link is administratively down */
	FAULT_CARRIER,	/* link has no carrier */
	FAULT_PORT,	/* link is a bridge's port that does not forward */
	FAULT_ISOLATED, /* link and another port are isolated from each other */
	FAULT_LOCKED,	/* link is a port that lets in only those whose address it knows */
	FAULT_FLOOD,	/* link is a port that no broadcast leaves by */
	FAULT_VLAN_IN,	/* link lets no such frame in */
	FAULT_VLAN_OUT, /* link lets vlan not out */
	FAULT_PARENT,	/* link is a macvlan that cannot reach what it stands on */
	FAULT_MODE,	/* link is a macvlan whose mode forbids its siblings */
};
enum side { SIDE_OUT, SIDE_IN, SIDE_STACK }; /* leaving by a link, come in by it, taken in */
struct place {
	const struct net_link *link;
	enum side side;
	uint16_t vlan;			       /* its tag, 0 none */
	int before;			       /* index of the place that it came from, -1 */
	unsigned cost;			       /* faults on the way */
	enum fault fault;		       /* on the last step */
	const struct net_link *at_fault, *via; /* via: the bridge that was crossed, or NULL */
	uint16_t fault_vlan;
};
struct segment {
	struct place *places; /* owned; the first is where it starts */
	size_t n, cap;
	const struct net_link *exit; /* by which it leaves what is seen, NULL: by none */
	const char *exit_words;
	bool exit_clean; /* it gets there without a fault, and that link is up */
	int exit_at;	 /* index of the place of exit */
};
/* Everywhere a frame from link gets, by the fewest faults. */
void segment_find(const struct net *net, const struct net_link *from, struct segment *out);
void segment_release(struct segment *s);
/* Whether who is at that place answers for ip. */
bool segment_answers(const struct place *place, const struct net_ip *ip);

/*
 * Follows a packet from link to who has ip on the same segment; adds a hop for each wire. NULL
 * where it does not get there: then the failing hop, or one that says why that cannot be told,
 * was added.
 */
const struct net_link *why_cross(struct walk *w, const struct net_link *from,
				 const struct net_ip *ip, const struct packet *p);
/* Whether from has, or gets, the hardware address of target, who has ip; else adds the hop. */
bool why_neighbour(struct walk *w, const struct segment *s, const struct place *target,
		   const struct net_link *from, const struct net_ip *ip);
/* Adds the hop of a fault, and what would mend it. */
void why_fault(struct walk *w, const struct place *place, const char *title);

enum match { MATCH_NO, MATCH_YES, MATCH_MAYBE };
enum match why_match(const struct net_ns *at, const struct net_filter_rule *rule,
		     const struct packet *p);
/* Passes a packet through the filters of a hook; false where it is dropped (the hop is added). */
bool why_filter(struct walk *w, const struct net_ns *at, enum net_hook hook, struct packet *p);

/* From `at` to who has p's destination, over routers; NULL where it does not get there. */
const struct net_ns *why_walk(struct walk *w, const struct net_ns *at, struct packet *p);

/* Who listens; false where nobody does (the hop is added). */
bool why_listener(struct walk *w, const struct net_ns *at, const struct packet *p);

#endif
