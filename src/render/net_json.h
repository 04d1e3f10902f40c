/* SPDX-License-Identifier: MIT */
/* What the files that write networks as JSON share. Private to the room. */
#ifndef NSVIEW_RENDER_NET_JSON_H
#define NSVIEW_RENDER_NET_JSON_H

#include <nsview/render.h>
#include <nsview/net.h>
#include <nsview/who.h>

/* A member that may be absent: null then. */
void net_json_string(struct json *j, const char *key, const char *text);
void net_json_number(struct json *j, const char *key, int64_t value, bool given);
void net_json_ip(struct json *j, const char *key, const struct net_ip *ip);
void net_json_mac(struct json *j, const char *key, const struct net_mac *mac);
void net_json_ns_number(struct json *j, const char *key, const struct net_ns *net);
void net_json_link(struct json *j, const char *key, const struct net_link *link);

/* Why there is nothing of a part; borrowed. */
const char *net_json_why(const struct net_known *known);

/* One element of an array each. */
void net_json_one_link(struct json *j, const struct net_link *link);
/* Members of a link. */
void net_json_wireguard(struct json *j, const struct net_link *link);
void net_json_tc(struct json *j, const struct net_link *link);
/* A member, or one element of an array. */
void net_json_ns(struct json *j, const char *key, const struct graph *g, const struct net_ns *net);
void net_json_wire(struct json *j, const struct net_wire *wire);
void net_json_rule(struct json *j, const struct net_rule *rule);
void net_json_socket(struct json *j, const struct net_socket *socket);
void net_json_chain(struct json *j, const struct net_filter_chain *chain);
void net_json_sysctl(struct json *j, const struct net_sysctl *sysctl);

#endif
