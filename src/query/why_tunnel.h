/* SPDX-License-Identifier: MIT */
/* Tunnels as "why" follows them. Private to why*.c. */
#ifndef NSVIEW_WHY_TUNNEL_H
#define NSVIEW_WHY_TUNNEL_H

#include <netinet/in.h>

#include "why_parts.h"

struct tunnel_kind {
	const char *name;
	bool frames;		    /* it carries frames, else packets */
	uint8_t ipproto;	    /* of what carries them */
	const char *id_word;	    /* what its number is called; NULL: it has none */
	const char *in_id, *out_id; /* details with the number that it takes in, and sends */
	bool has_port;
};
enum { TUNNEL_KINDS_MAX = 16 };
/* NULL: link is none, or none that is followed. */
const struct tunnel_kind *tunnel_kind_of(const struct net_link *link);
size_t tunnel_kind_number(const struct tunnel_kind *kind); /* below TUNNEL_KINDS_MAX */
/* Where its packets are routed, also after it was moved; NULL: it could not be told. */
const struct net_ns *tunnel_under(const struct net_link *link);
uint16_t tunnel_port(const struct net_link *link); /* 0: it has none */
uint64_t tunnel_id(const struct net_link *link, bool in);
struct net_ip tunnel_ip(const struct net_link *link, const char *key); /* "remote", "local" */
/* Whoever sends says where to, frame by frame. */
bool tunnel_is_external(const struct net_link *link);
bool tunnel_is_group(const struct net_ip *ip);

/* Where frames for all go: its remote end, group, or entries of its table. */
enum { TUNNEL_REMOTES_MAX = 16 };
size_t tunnel_remotes(const struct net_link *link, struct net_ip out[TUNNEL_REMOTES_MAX]);

/* In what the other end is not as it should be; the first that is found. */
enum tunnel_differs { TUNNEL_SAME, TUNNEL_PORT, TUNNEL_ID, TUNNEL_REMOTE };
enum tunnel_differs tunnel_compare(const struct net_link *near, const struct net_link *far);

/* The links of its kind at a remote address, one after the other; all zero to begin. */
struct tunnel_far {
	const struct net_link *link;
	enum tunnel_differs differs;
	size_t ns, next; /* where to go on */
};
bool tunnel_next_far(const struct net *net, const struct net_link *near,
		     const struct net_ip *remote, struct tunnel_far *far);

/* The address of one that leads to near, where near leads elsewhere; family 0: there is none. */
struct net_ip tunnel_guess(const struct net *net, const struct net_link *near);

/*
 * Walks what carries near's frames or packets to remote, in the namespace below it; far: who takes
 * them in, NULL: nobody that is seen. false where they do not get there: then the failing hop, or
 * one that says why that cannot be told, was added.
 */
bool why_carry(struct walk *w, const struct net_link *near, const struct net_ip *remote,
	       const struct net_link *far);
/* The same of a packet that is made up already; where it arrives. NULL as above. */
const struct net_ns *why_carry_packet(struct walk *w, const struct net_link *near,
				      const struct net_link *far, struct packet *p);
/* The hop that says why a tunnel cannot be followed: words go on behind its name. Always false. */
bool why_tunnel_skip(struct walk *w, const struct net_link *near, const char *words);
/* The hop of far's being different, and what would mend it. */
void why_tunnel_differs(struct walk *w, const struct net_link *near, const struct net_link *far);
/* What tells it from others, behind its ends: ", VNI 42". */
void why_put_tunnel(const struct net_link *near, struct buffer *out);
/* A frame came to where a tunnel leads out of what is seen: follows it out of this host. */
void why_tunnel_out(struct walk *w, const struct net_link *near);
/* Whether entries of near's table lead to mac by remote; else the failing hop was added. */
bool why_tunnel_entry(struct walk *w, const struct net_link *near, const struct net_ip *remote,
		      const struct net_mac *mac);
/* Crosses a tunnel of packets; the link where it comes out, or NULL as why_cross does. */
const struct net_link *why_tunnel_cross(struct walk *w, const struct net_link *near,
					const struct packet *p);

/* The same of a WireGuard link. */
const struct net_link *why_wireguard_cross(struct walk *w, const struct net_link *near,
					   const struct packet *p);

#endif
