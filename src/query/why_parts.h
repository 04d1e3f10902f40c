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
	struct net_ip next;	      /* who is next on the segment, of one that is sent out */
	const struct net_link *bound; /* by which sockets take it to come in, NULL: by in */
	const struct net_link *by;    /* of a socket that is bound to that link, NULL: to none */
	const struct net_link *vrf;   /* whose table is asked, NULL: that of by, or else of in */
	struct net_range chosen;      /* of which the kernel chooses a port, 0 to 0: of the usual */
	uint32_t mark;		      /* as filters have set it */
	uint8_t ipproto; /* 0: proto's; of a packet that carries another one, what it says */
	uint8_t icmp;	/* type of what asks for a neighbour by ICMPv6, or answers; 0: it is neither
			 */
	bool arp;	/* it asks for one by ARP, and has no addresses that filters would see */
	bool frame;	/* it is one, for filters of a bridge; in and out are ports */
	bool early;	/* filters see it before connections are looked up */
	bool once;	/* its route is looked up with no source only, as UDP's answers are */
	bool reply;	/* of a connection that filters know already */
	bool stray;	/* of one that those at hand do not know, since it went another way */
	bool third;	/* it follows the answer */
	bool unheard;	/* of that: those at hand have not seen the answer */
	bool rewritten; /* a rule that could not be read may have marked it or hidden it */
	bool reroute;	/* it was marked where the kernel then asks its routes again */
};

/* What a namespace has made of a packet, so that it takes it back in replies. */
struct translation {
	const struct net_ns *at;
	struct packet before, after;
};
enum { TRANSLATIONS_MAX = 8, MET_MAX = 64, FORKS_MAX = 8 };

/* From asked who has to's address, and so told to its own. */
struct crossing {
	const struct net_link *from, *to;
	struct net_ip sender;
};

/* A multipath route on the way, or a map of which a line is drawn. */
struct fork {
	const void *of; /* the route or the like: the same packet goes the same way again */
	bool back;
	int outer;
	unsigned way, ways; /* which one is taken, of how many */
};

/* By what came from a WireGuard link, another one knows where it is. */
struct endpoint {
	const struct net_link *at, *of;
	struct net_ip ip;
	uint16_t port;
};
enum { ENDPOINTS_MAX = 8 };

struct walk {
	const struct net *net;
	const struct why_question *q;
	struct why *out;
	bool back;	       /* on the way back */
	bool unsure;	       /* something could not be evaluated that may forbid it */
	bool outer_translated; /* one of those was translated on the way there */
	int outer;	       /* how deep in tunnels the packet at hand is, that carries others */
	struct translation translations[TRANSLATIONS_MAX];
	size_t ntranslations;
	const struct net_ns *met[MET_MAX]; /* that it has passed on the way there */
	bool heard[MET_MAX];		   /* and the answer on the way back */
	size_t nmet;
	struct crossing crossings[MET_MAX]; /* where neighbours have been asked for */
	size_t ncrossings;
	struct endpoint learned[ENDPOINTS_MAX];
	size_t nlearned;
	struct net_route by_route; /* what is bound to a link goes by, where there is no other */
	struct net_hop by_hop;
	struct fork forks[FORKS_MAX + 1];
	size_t nforks;
	bool anywhere;			/* who answers is bound to no address */
	const struct net_link *listens; /* the link to which who answers is bound, NULL: none */
};

/* The number of its protocol in its IP header. */
uint8_t why_ipproto(const struct packet *p);
/* The ports from which the kernel chooses one for p (ip_local_port_range). */
struct net_range why_chosen_ports(const struct packet *p);
/* Drops hops that are as they should be, from that index on. */
void why_fold(struct walk *w, size_t from);
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
/* Appends " (COMMAND)", inside `at`, to what a hop says, where it can be copied safely. */
void why_put_command(const struct walk *w, const struct net_ns *at, struct buffer *out,
		     const char *command, ...) __attribute__((format(printf, 4, 5)));
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
/* The n-th hop of a route that the kernel could take; NULL: there are no more. */
const struct net_hop *why_usable_hop(const struct net_route *route, const struct packet *p,
				     unsigned n);
/* Of several ways takes the one that is this run's; true where there are several. */
bool why_take_way(struct walk *w, struct route_answer *r, const struct packet *p);
/* The same of n cases of something of which nobody can foresee one; false: they are too many. */
bool why_take_case(struct walk *w, const void *of, unsigned n, unsigned *out);
/* Follows once for each way, and says into w->out what is so on all of them. */
void why_each_way(struct walk *w, void (*follow)(struct walk *w));
/* Which of at's addresses the kernel would send from; family 0: none. */
struct net_ip why_source(const struct net_ns *at, const struct route_answer *route,
			 const struct packet *p);
/* The same of a link, where next is who comes next; scope: the worst that an address may have. */
struct net_ip why_select(const struct net_ns *at, const struct net_link *link,
			 const struct net_ip *next, const struct net_ip *dst, uint8_t scope);
/* The VRF that a link is, or is a port of; NULL: none, also where link is NULL. */
const struct net_link *why_vrf_of(const struct net_link *link);
/* What kind of address it is to at, as "fib daddr type" and addrtype ask. */
enum net_route_type why_type_of(const struct net_ns *at, const struct packet *p);
/* Adds the hop of a lookup that found nothing, or refuses; with what would mend it. */
void why_no_route(struct walk *w, const struct net_ns *at, const struct packet *p,
		  const struct route_answer *route);
/* A fix: a route to dst over a neighbour that knows one. false: there is none. */
bool why_fix_route(struct walk *w, const struct net_ns *at, const struct net_ip *dst);

/* Of a sysctl of a link and that of all (its path), what the kernel goes by. */
int64_t why_greatest(const struct net_ns *at, const char *all, int64_t own);
/* Whether a namespace takes a packet that has come in by p->in, and goes on by p->out if by any. */
enum admit {
	ADMIT_YES,
	ADMIT_UNKNOWN,	/* its routes hang on rules that cannot be evaluated */
	ADMIT_OWN,	/* it comes from an address of its own */
	ADMIT_LOOPBACK, /* an address of 127.0.0.0/8, by another link than lo */
	ADMIT_REVERSE,	/* rp_filter */
};
enum admit why_admit(const struct net_ns *at, const struct packet *p,
		     struct route_answer *out_back);
/* The same as a hop; false where that fails. */
bool why_check_source(struct walk *w, const struct net_ns *at, const struct packet *p);
bool why_check_forwarding(struct walk *w, const struct net_ns *at, const struct packet *p);
/* Whether link is not lo, and forbids p for a loopback address; adds that hop. */
bool why_keeps_loopback(const struct net_link *link, const struct packet *p);
void why_fail_loopback(struct walk *w, const struct net_link *link, const struct packet *p);

/* Layer 2. How a frame gets from one link to the next, or why it does not. */
enum fault {
	FAULT_NONE,
	FAULT_DOWN,	  /* link is administratively down */
	FAULT_CARRIER,	  /* link has no carrier */
	FAULT_QDISC,	  /* what is sent by link is dropped where it queues */
	FAULT_PORT,	  /* link is a bridge's port that does not forward */
	FAULT_ISOLATED,	  /* link and another port are isolated from each other */
	FAULT_LOCKED,	  /* link is a port that lets in only those whose address it knows */
	FAULT_FLOOD,	  /* link is a port that no broadcast leaves by */
	FAULT_FLOOD_MANY, /* the same of multicasts */
	FAULT_VLAN_IN,	  /* link lets no such frame in */
	FAULT_VLAN_OUT,	  /* link lets vlan not out */
	FAULT_PARENT,	  /* link is a macvlan that cannot reach what it stands on */
	FAULT_MODE,	  /* link is a macvlan whose mode forbids its siblings */
	FAULT_BACKUP,	  /* link is a port of a bond that uses another one now */
	FAULT_TUNNEL,	  /* link is the other end of a tunnel, but differs from it */
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
	const struct net_link *tunnel;	       /* the tunnel that it came through, or NULL */
	struct net_ip remote;		       /* where that one sent it */
	uint16_t fault_vlan;
};
struct segment {
	struct place *places; /* owned; the first is where it starts */
	size_t n, cap;
	const struct net_link *exit; /* by which it leaves what is seen, NULL: by none */
	const char *exit_words;	     /* why it is not followed; NULL: it leaves this host */
	bool exit_clean;	     /* it gets there without a fault, and that link is up */
	int exit_at;		     /* index of the place of exit */
	bool cut;		     /* it is larger than can be followed */
};
/*
 * Everywhere a frame from link gets, by the fewest faults; flood: the option of bridge ports that
 * lets it out, if it is for all ("bcast_flood", "mcast_flood"), else NULL.
 */
void segment_find(const struct net *net, const struct net_link *from, const char *flood,
		  struct segment *out);
void segment_release(struct segment *s);

/* Who has ip? It is asked by who claims to be sender (family 0: it has no address to claim). */
struct asking {
	struct net_ip ip, sender;
};
struct asking why_asking(const struct net_link *from, const struct net_ip *ip,
			 const struct net_ip *src);
enum answer {
	ANSWER_NOT, /* it is none of its */
	ANSWER_YES,
	ANSWER_FOR_OTHERS, /* as a proxy */
	ANSWER_IGNORED,	   /* it has it, but arp_ignore forbids to say so, */
	ANSWER_FILTERED,   /* or arp_filter, */
	ANSWER_REFUSED,	   /* or does not believe the sender */
};
/* What is said by who is at that place. */
enum answer why_answers(const struct place *place, const struct asking *q);

/*
 * Follows a packet from link to who has ip on the same segment; adds a hop for each wire. NULL
 * where it does not get there: then the failing hop, or one that says why that cannot be told,
 * was added.
 */
const struct net_link *why_cross(struct walk *w, const struct net_link *from,
				 const struct net_ip *ip, const struct packet *p);
/* Whether from has, or gets, the hardware address of target, who has ip; else adds the hop. */
bool why_neighbour(struct walk *w, const struct segment *s, const struct place *target,
		   const struct net_link *from, const struct asking *q);
/* The entry of its table, NULL: none; whether it would be used, as it is. */
const struct net_neigh *why_neigh_entry(const struct net_link *from, const struct net_ip *ip);
bool why_neigh_is_fixed(const struct net_neigh *n);
/* The hardware address that from has for ip already, and need not ask for; NULL: none. */
const struct net_mac *why_known_mac(const struct walk *w, const struct net_link *from,
				    const struct net_ip *ip);
/* Links whose neighbours have hardware addresses that are asked for. */
bool why_resolves(const struct net_link *link);
/* Whether filters let the question for target's hardware address pass; else the hop was added. */
bool why_discover(struct walk *w, const struct segment *s, const struct place *target,
		  const struct net_link *from, const struct asking *q);
/* Passes a packet through what filters frames on the way to a place. */
bool why_path_filters(struct walk *w, const struct segment *s, const struct place *p,
		      const struct packet *packet);
/*
 * Whether the bridges on the way to a place send what is for it there; else adds the hop. heard:
 * who is there has just sent something.
 */
bool why_learned(struct walk *w, const struct segment *s, const struct place *target, bool heard);
/*
 * A frame on its way from one place to the next: the filters of the links that it only passes, and
 * of the bridge that it crosses. false where one drops it (the hop is added).
 */
bool why_pass_link(struct walk *w, const struct place *before, const struct place *p,
		   const struct packet *packet);
bool why_pass_bridge(struct walk *w, const struct place *before, const struct place *p,
		     const struct packet *packet);
/* Adds the hop of a fault, and what would mend it. */
void why_fault(struct walk *w, const struct place *place, const char *title);

enum match { MATCH_NO, MATCH_YES, MATCH_MAYBE };
enum match why_match(const struct net_ns *at, const struct net_filter_rule *rule,
		     const struct packet *p);
enum match why_match_one(const struct net_ns *at, const struct net_match *m,
			 const struct packet *p);
/* Passes a packet through the filters of a hook; false where it is dropped (the hop is added). */
bool why_filter(struct walk *w, const struct net_ns *at, enum net_hook hook, struct packet *p);
/* What a rule of NAT makes of p; false where that cannot be told. Adds the hop either way. */
bool why_translate(struct walk *w, const struct net_ns *at, const struct net_filter_rule *rule,
		   struct packet *p);
/* Passes a hook, and notes what it made of the packet, so that replies are taken back. */
bool why_pass(struct walk *w, const struct net_ns *at, enum net_hook hook, struct packet *p);

/*
 * What is not evaluated, each as a hop that says so: of a link that a packet comes in or goes out
 * by; rules for ARP; a table of connections that is full.
 */
void why_link_hooks(struct walk *w, const struct net_link *link, bool in);
void why_arp_rules(struct walk *w, const struct net_ns *at);
void why_connections(struct walk *w, const struct net_ns *at);

/* "ip filter input", "iptables-legacy filter INPUT": unescaped. */
void why_put_chain(const struct net_filter_chain *chain, struct buffer *out);
/* The command that lists it, made of why_word's words. */
void why_put_list_chain(const struct net_filter_chain *chain, struct buffer *out);
/* Of the hop that failed just now: shows a chain, and would let p pass it. */
void why_fix_filter(struct walk *w, const struct net_ns *at, const struct net_filter_chain *chain,
		    const struct packet *p);

/* Into w->out->destination; false where there is none to follow (the hop is added). */
bool why_choose_destination(struct walk *w);
/* Notes that a packet passes the filters of a namespace, or whether a reply's beginning did. */
void why_meet(struct walk *w, const struct net_ns *at, struct packet *p);
/* From `at` to who has p's destination, over routers; NULL where it does not get there. */
const struct net_ns *why_walk(struct walk *w, const struct net_ns *at, struct packet *p);

/*
 * What of TCP follows the answer, and so completes the connection, which first began: whether that
 * is let through as well. Adds a hop where it is not, or cannot be told.
 */
void why_third(struct walk *w, const struct packet *first);

/* Who listens; false where nobody does (the hop is added). */
bool why_listener(struct walk *w, const struct net_ns *at, const struct packet *p);

#endif
