/* SPDX-License-Identifier: MIT */
/*
 * Netlink messages cut short, or lying about lengths: the first byte chooses what the rest is
 * taken for. Whatever is taken from them must lie in them, or be a copy.
 */
#include <errno.h>
#include <string.h>

#include "../../src/net/filter.h"
#include "../../src/net/inside.h"
#include "../../src/net/parse.h"
#include "../../src/net/uapi.h"
#include "fuzz.h"

enum { ROOM = 65536, KINDS = 14 };

static void check_text(const char *text)
{
	MUST(!text || strlen(text) < ROOM);
}

static void check_link(const struct nlmsghdr *nlh, struct arena *arena)
{
	struct net_link link;

	if (link_parse(nlh, arena, &link) < 0)
		return;
	MUST(link.index > 0 && link.name);
	check_text(link.name);
	check_text(link.kind);
	MUST(link.mac.len <= sizeof(link.mac.bytes));
	MUST(link.port_state >= -1 && link.port_state < NET_PORT_STATES);
	MUST(link.peer.how == NET_HOW_NONE || link.lower.how == NET_HOW_NONE);
	for (uint32_t i = 0; i < link.ndetails; i++)
		check_text(link.details[i].text);
}

static void check_vlans(const struct nlmsghdr *nlh)
{
	autovec vlans = VEC(struct net_vlan);
	uint32_t index;

	vlans_parse(nlh, &vlans, &index);
}

static void check_route(const struct nlmsghdr *nlh, struct arena *arena)
{
	struct net_route route;

	if (route_parse(nlh, arena, &route) < 0)
		return;
	MUST(route.len <= (route.family == AF_INET ? 32 : 128));
	MUST(!route.len || route.dst.family == route.family);
	for (uint32_t i = 0; i < route.nhops; i++)
		MUST(route.hops[i].weight >= 1);
}

static void check_rule(const struct nlmsghdr *nlh, struct arena *arena)
{
	static const uint8_t keys[16], values[24];
	struct filter_verdict to[3] = { { NET_VERDICT_DROP, NULL }, { NET_VERDICT_JUMP, "c" } };
	struct filter_set three[3] = {
		{ .name = "s", .key_len = 4 },
		{ .name = "v", .key_len = 8, .verdicts = true, .otherwise = true },
		{ .name = "m", .key_len = 8, .value_len = 8, .otherwise = true },
	};
	const struct filter_sets sets = { three, 3 };
	struct filter_place place;
	struct net_filter_rule rule;

	for (int i = 0; i < 3; i++) {
		three[i].table = "t";
		three[i].family = 2;
		three[i].plain = true;
		three[i].first = three[i].last = keys;
		three[i].values = values;
		three[i].to = to;
		three[i].n = 2;
	}
	if (filter_rule_parse(nlh, &sets, arena, &place, &rule) < 0)
		return;
	check_text(rule.text);
	MUST(!rule.ncases || rule.cases);
	for (uint32_t i = 0; i < rule.nmatches; i++) {
		MUST(rule.matches[i].len <= 16);
		MUST(rule.matches[i].field < NET_FIELDS);
		MUST(!rule.matches[i].nin || rule.matches[i].in);
	}
}

static void check_elements(const struct nlmsghdr *nlh, struct arena *arena)
{
	autovec elements = VEC(struct filter_element);
	struct filter_set set = { .key_len = 8, .value_len = 8, .flags = nlh->nlmsg_seq };

	if (filter_elements_parse(nlh, &set, arena, &elements) == 0)
		filter_set_close(&set, &elements, arena);
	MUST(set.n <= elements.n);
}

static int take_any(const struct nlmsghdr *nlh, void *ctx)
{
	struct arena *arena = ctx;
	struct net_addr addr;
	struct net_neigh neigh;
	int32_t id;

	addr_parse(nlh, arena, &addr);
	neigh_parse(nlh, &neigh);
	return nsid_parse(nlh, &id);
}

/* The same bytes for each kind, with the type that it must have. */
static void check_message(unsigned kind, struct nlmsghdr *nlh, struct arena *arena)
{
	static const uint16_t types[KINDS] = { RTM_NEWLINK, RTM_NEWLINK,  RTM_NEWADDR, RTM_NEWROUTE,
					       RTM_NEWRULE, RTM_NEWNEIGH, 88,	       20,
					       20,	    20,		  20,	       0xa06,
					       0xa03,	    0xa0c };
	struct net_filter_chain chain;
	struct net_socket socket;
	struct net_addr addr;
	struct net_rule rule;
	struct net_neigh neigh;
	int32_t id;

	nlh->nlmsg_type = types[kind];
	switch (kind) {
	case 0:
		check_link(nlh, arena);
		break;
	case 1:
		check_vlans(nlh);
		break;
	case 2:
		addr_parse(nlh, arena, &addr);
		break;
	case 3:
		check_route(nlh, arena);
		break;
	case 4:
		rule_parse(nlh, arena, &rule);
		break;
	case 5:
		neigh_parse(nlh, &neigh);
		break;
	case 6:
		nsid_parse(nlh, &id);
		break;
	case 7:
		inet_diag_parse(nlh, NET_PROTO_TCP, &socket);
		break;
	case 8:
		unix_diag_parse(nlh, arena, &socket);
		break;
	case 9:
		packet_diag_parse(nlh, &socket);
		break;
	case 10:
		vsock_diag_parse(nlh, &socket);
		break;
	case 11:
		check_rule(nlh, arena);
		break;
	case 12:
		filter_chain_parse(nlh, arena, &chain);
		break;
	default:
		check_elements(nlh, arena);
	}
}

/* A whole datagram, with whatever messages it says that it has. */
static void check_datagram(const uint8_t *data, size_t size, struct arena *arena)
{
	struct nl_reply reply = { 0 };
	int ret = nl_parse(data, size, 1, 1, take_any, arena, &reply);

	MUST(ret == 0 || ret == -EPROTO);
	MUST(reply.error <= 0 && strlen(reply.words) < sizeof(reply.words));
}

static void check_texts(const uint8_t *data, size_t size)
{
	struct span rest = { (const char *)data, size };
	struct net_socket socket;
	struct text text;

	while (texts_next(&rest, &text))
		MUST(span_lies_in(text.value, data, size));
	raw_line_parse((struct span){ (const char *)data, size }, AF_INET6, &socket);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	unsigned kind;
	uint8_t *exact;

	if (size < 1 || size > ROOM - sizeof(struct nlmsghdr))
		return 0;
	kind = data[0] % (KINDS + 2);
	/* Of its exact size, so that reading past the end is seen. */
	exact = malloc(sizeof(struct nlmsghdr) + size);
	MUST(exact);
	memset(exact, 0, sizeof(struct nlmsghdr));
	memcpy(exact + sizeof(struct nlmsghdr), data + 1, size - 1);
	if (kind == KINDS) {
		check_datagram(exact + sizeof(struct nlmsghdr), size - 1, &arena);
	} else if (kind > KINDS) {
		check_texts(exact + sizeof(struct nlmsghdr), size - 1);
	} else {
		struct nlmsghdr *nlh = (struct nlmsghdr *)(void *)exact;

		nlh->nlmsg_len = (uint32_t)(sizeof(*nlh) + size - 1);
		check_message(kind, nlh, &arena);
	}
	free(exact);
	arena_release(&arena);
	return 0;
}
