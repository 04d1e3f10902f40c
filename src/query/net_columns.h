/* SPDX-License-Identifier: MIT */
/* What the column tables of networks share. Private to net_columns*.c. */
#ifndef NSVIEW_NET_COLUMNS_H
#define NSVIEW_NET_COLUMNS_H

#include <nsview/net.h>
#include <nsview/need.h>
#include <nsview/who.h>

#include "internal.h"

/* The first columns of each: which namespace it is in. */
void net_get_ns(const struct row *row, struct value *out);
void net_get_who(const struct row *row, struct value *out);
#define NET_PLACE_COLUMNS                                                                          \
	{ "NS", "ns", VALUE_UINT, true, false, 0, net_get_ns, NULL, "network namespace" },         \
	{                                                                                          \
		"WHO", "who", VALUE_TEXT, false, true, NEED_IDENTITY | NEED_COMM | NEED_CMDLINE,   \
			net_get_who, NULL, "best name of the namespace"                            \
	}

/* NULL and family 0 are "none". */
void net_value_str(struct value *out, const char *text);
void net_value_ip(struct value *out, const struct net_ip *ip);
void net_value_link(struct value *out, const struct net_link *link);
/* "10.0.0.0/8", "default" for everything */
void net_value_prefix(struct value *out, const struct net_ip *ip, unsigned len);

#endif
