/* SPDX-License-Identifier: MIT */
/*
 * The sysctls of a namespace: those of all and default by netlink (RTM_GETNETCONF, Linux 3.8),
 * which costs the same however many namespaces there are and works without /proc/sys; the others
 * from the texts that were read there. Those of each link come with the link.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netconf.h>

#include "read.h"
#include "uapi.h"

static const struct {
	const char *name; /* of the sysctl, at the end of its path */
	uint16_t attr;
	uint8_t family;
} conf[] = {
	{ "bc_forwarding", NETCONFA_BC_FORWARDING, AF_INET },
	{ "forwarding", NETCONFA_FORWARDING, AF_INET },
	{ "ignore_routes_with_linkdown", NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN, AF_INET },
	{ "mc_forwarding", NETCONFA_MC_FORWARDING, AF_INET },
	{ "proxy_arp", NETCONFA_PROXY_NEIGH, AF_INET },
	{ "rp_filter", NETCONFA_RP_FILTER, AF_INET },
	{ "forwarding", NETCONFA_FORWARDING, AF_INET6 },
	{ "ignore_routes_with_linkdown", NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN, AF_INET6 },
	{ "mc_forwarding", NETCONFA_MC_FORWARDING, AF_INET6 },
	{ "proxy_ndp", NETCONFA_PROXY_NEIGH, AF_INET6 },
};
enum { CONFS = sizeof(conf) / sizeof(conf[0]) };

/* One answer. */
struct conf_reply {
	bool known[NETCONFA_MAX + 1];
	int32_t value[NETCONFA_MAX + 1];
};

static int take_conf(const struct nlmsghdr *nlh, void *ctx)
{
	const struct netconfmsg *msg = nl_extra(nlh, sizeof(*msg));
	struct conf_reply *reply = ctx;
	nl_attrs tb[NETCONFA_MAX + 1];

	if (nlh->nlmsg_type != RTM_NEWNETCONF || !msg)
		return -EPROTO;
	/* Its header is shorter than what attributes are aligned to. */
	nl_attrs_get(nlh, sizeof(*msg), tb, NETCONFA_MAX + 1);
	for (int i = 0; i <= NETCONFA_MAX; i++)
		reply->known[i] = nl_s32(tb[i], &reply->value[i]);
	return 0;
}

/* 0, or -errno other than that the kernel has no such thing. */
static int ask_conf(struct nl_conn *conn, uint8_t family, int32_t which, struct conf_reply *out)
{
	struct nl_request request;
	struct nl_reply reply;
	struct netconfmsg *msg = nl_begin(&request, RTM_GETNETCONF, 0, sizeof(*msg));
	int ret;

	msg->ncm_family = family;
	nl_put_u32(&request, NETCONFA_IFINDEX, (uint32_t)which);
	*out = (struct conf_reply){ 0 };
	ret = nl_ask(conn, &request, take_conf, out, &reply);
	return ret == -EOPNOTSUPP || ret == -EAFNOSUPPORT || ret == -EINVAL ? 0 : ret;
}

static const char *number_text(struct arena *arena, int32_t value)
{
	char text[16];

	return arena_copy(arena, text, (size_t)snprintf(text, sizeof(text), "%d", (int)value));
}

static void add(struct net_ns *net, struct vec *found, const char *name, const char *value)
{
	struct net_sysctl *one = vec_add(found);

	one->name = arena_copy(&net->arena, name, strlen(name));
	one->value = value;
}

static void add_conf(struct net_ns *net, struct vec *found, uint8_t family, const char *which,
		     const struct conf_reply *reply)
{
	char name[80];

	for (int i = 0; i < CONFS; i++) {
		uint16_t attr = conf[i].attr;

		if (conf[i].family != family)
			continue;
		snprintf(name, sizeof(name), "net/ipv%d/conf/%s/%s", family == AF_INET ? 4 : 6,
			 which, conf[i].name);
		add(net, found, name,
		    reply->known[attr] ? number_text(&net->arena, reply->value[attr]) : NULL);
	}
}

/* Of one family: of all links, and what new ones begin with. */
static int read_conf(struct net_ns *net, struct inside *in, uint8_t family, struct vec *found)
{
	static const struct {
		const char *name;
		int32_t index;
	} which[] = { { "all", NETCONFA_IFINDEX_ALL }, { "default", NETCONFA_IFINDEX_DEFAULT } };
	int error = in->error[INSIDE_ROUTE];

	for (size_t i = 0; i < sizeof(which) / sizeof(which[0]); i++) {
		struct conf_reply reply = { 0 };
		int ret = error ? error
				: ask_conf(&in->conn[INSIDE_ROUTE], family, which[i].index, &reply);

		if (ret < 0)
			return ret;
		add_conf(net, found, family, which[i].name, &reply);
	}
	return 0;
}

static int read_texts(struct net_ns *net, struct inside *in, struct vec *found)
{
	struct span rest = { in->texts.data, in->texts.len };
	struct text text;
	int error = 0;

	while (texts_next(&rest, &text)) {
		if (strncmp(text.name, "sys/", 4) != 0)
			continue;
		while (text.value.len && text.value.data[text.value.len - 1] == '\n')
			text.value.len--;
		if (text.error && text.error != -ENOENT)
			error = text.error;
		else
			add(net, found, text.name + 4,
			    text.error ? NULL
				       : arena_copy(&net->arena, text.value.data, text.value.len));
	}
	return error;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(((const struct net_sysctl *)a)->name, ((const struct net_sysctl *)b)->name);
}

void sysctls_read(struct net_ns *net, struct inside *in)
{
	struct net_known *known = &net->parts[NET_PART_SYSCTL];
	autovec found = VEC(struct net_sysctl);
	int errors[] = { read_texts(net, in, &found), read_conf(net, in, AF_INET, &found),
			 read_conf(net, in, AF_INET6, &found) };

	known->fact = fact_known();
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		if (!errors[i])
			continue;
		if (!found.n) {
			known_fail(known, errors[i], NULL, &net->arena);
			return;
		}
		known->missing++;
		known->why = "some of them could not be read";
	}
	if (found.n)
		qsort(found.at, found.n, sizeof(struct net_sysctl), compare_names);
	net->sysctls = vec_keep(&found, &net->arena);
	net->nsysctls = found.n;
}
