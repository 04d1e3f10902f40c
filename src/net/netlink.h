/* SPDX-License-Identifier: MIT */
/*
 * One netlink socket and what is said on it: requests with bounded attributes, dumps with a
 * deadline. Private to net/.
 */
#ifndef NSVIEW_NET_NETLINK_H
#define NSVIEW_NET_NETLINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <nsview/net.h>

#include "load_mnl.h"

enum { NL_REQUEST_MAX = 512, NL_DUMP_TRIES = 4 };

/* A request being put together. A put that does not fit makes it unsendable (-EMSGSIZE). */
struct nl_request {
	char room[NL_REQUEST_MAX] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *head;
	bool full;
};

/* Starts one; returns the zeroed family header of that size behind the message's own. */
void *nl_begin(struct nl_request *r, uint16_t type, uint16_t flags, size_t extra);
void nl_put_u32(struct nl_request *r, uint16_t type, uint32_t value);
void nl_put(struct nl_request *r, uint16_t type, const void *data, size_t len);
void nl_put_text(struct nl_request *r, uint16_t type, const char *text);

/* Gets each record of a reply. Negative: it is malformed; it is counted and left out. */
typedef int (*nl_take)(const struct nlmsghdr *nlh, void *ctx);

/* What stands in a reply besides its records. */
struct nl_reply {
	bool done;	  /* the end has been seen */
	bool interrupted; /* NLM_F_DUMP_INTR: the kernel's list changed under the dump */
	int error;	  /* -errno that the kernel gave, or that reading it did */
	uint32_t foreign; /* messages that answer something else, skipped */
	uint32_t malformed;
	char words[160]; /* extended ack: the kernel's own sentence, "" for none */
};

/*
 * Goes through one datagram of a reply to request seq on port. Pure. 0, or -EPROTO where lengths
 * lie, so that nothing behind can be told apart.
 */
int nl_parse(const void *data, size_t len, uint32_t seq, uint32_t port, nl_take take, void *ctx,
	     struct nl_reply *reply);

struct nl_conn {
	struct mnl_socket *socket; /* NULL: not open */
	char *buf;
	uint32_t seq, port;
	bool strict;	   /* the kernel refuses what it does not know (4.20) */
	uint64_t deadline; /* of CLOCK_MONOTONIC in milliseconds, 0 none */
};

/* Of the caller's network namespace. 0 or -errno. nl_close may be called either way. */
int nl_open(struct nl_conn *c, int protocol, uint64_t deadline);
/* Takes over a socket that was made elsewhere, also where it fails. */
int nl_adopt(struct nl_conn *c, int fd, uint64_t deadline);
void nl_close(struct nl_conn *c);
uint64_t nl_now(void);

/* Sends a request and goes through its reply; once. reply->words may tell more. */
int nl_ask(struct nl_conn *c, struct nl_request *r, nl_take take, void *ctx,
	   struct nl_reply *reply);

/*
 * A dump, asked again up to NL_DUMP_TRIES times where it was interrupted or overrun; forget is
 * called before each try. The result goes into *out: KNOWN (torn where it never held still), or
 * what went wrong, with words in arena.
 */
void nl_dump(struct nl_conn *c, struct nl_request *r, nl_take take, void (*forget)(void *ctx),
	     void *ctx, struct arena *arena, struct net_known *out);

/* The part as a failed call leaves it; words may be NULL. */
void known_fail(struct net_known *out, int error, const char *words, struct arena *arena);

/* Going through attributes, one after the other, as long as they fit. */
struct nl_walk {
	const char *at;
	size_t left;
};
struct nl_walk nl_walk(const void *data, size_t len);
struct nl_walk nl_walk_message(const struct nlmsghdr *nlh, size_t extra);
struct nl_walk nl_walk_nested(const struct nlattr *nest); /* NULL: none */
bool nl_next(struct nl_walk *w, const struct nlattr **out);

/* Attributes of a message behind its family header, by number; later ones of a number win. */
typedef const struct nlattr *nl_attrs;
void nl_attrs_get(const struct nlmsghdr *nlh, size_t extra, nl_attrs *tb, size_t n);
/* Of a nested attribute (NULL: none of them). */
void nl_attrs_nested(const struct nlattr *nest, nl_attrs *tb, size_t n);
/* The family header, or NULL where the message is too short for it. */
const void *nl_extra(const struct nlmsghdr *nlh, size_t size);

/* Values; false, and *out as it was, where there is none of that size. */
bool nl_u8(const struct nlattr *a, uint8_t *out);
bool nl_u16(const struct nlattr *a, uint16_t *out);
bool nl_u32(const struct nlattr *a, uint32_t *out);
bool nl_u64(const struct nlattr *a, uint64_t *out);
bool nl_s32(const struct nlattr *a, int32_t *out);
bool nl_be16(const struct nlattr *a, uint16_t *out);
bool nl_be32(const struct nlattr *a, uint32_t *out);
bool nl_be64(const struct nlattr *a, uint64_t *out);
/* A copy in arena, up to the first NUL; NULL where there is none. */
const char *nl_text(const struct nlattr *a, struct arena *arena);
bool nl_ip(const struct nlattr *a, struct net_ip *out);	  /* 4 or 16 bytes */
bool nl_mac(const struct nlattr *a, struct net_mac *out); /* 1 to 32 bytes */

/* A growing array of records of one size. */
struct vec {
	void *at;
	size_t n, cap, size;
};
#define VEC(type)                                                                                  \
	{                                                                                          \
		NULL, 0, 0, sizeof(type)                                                           \
	}
#define autovec __attribute__((cleanup(vec_release))) struct vec
void *vec_add(struct vec *v);			    /* a zeroed record; the older ones may move */
void *vec_keep(struct vec *v, struct arena *arena); /* its records in arena, NULL for none */
void vec_release(struct vec *v);

#endif
