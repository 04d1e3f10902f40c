/* SPDX-License-Identifier: MIT */
/*
 * Messages about WireGuard links, queueing disciplines and filters, cut short or lying: the first
 * byte chooses which. Two of a WireGuard link, since a peer may go on from one to the next.
 */
#include <errno.h>
#include <string.h>

#include "../../src/net/parse.h"
#include "../../src/net/uapi.h"
#include "fuzz.h"

static struct nlmsghdr *message(const uint8_t *data, size_t size, uint16_t type)
{
	/* Of its exact size, so that reading past the end is seen. */
	struct nlmsghdr *nlh = malloc(sizeof(*nlh) + size);

	MUST(nlh);
	memset(nlh, 0, sizeof(*nlh));
	memcpy(nlh + 1, data, size);
	nlh->nlmsg_len = (uint32_t)(sizeof(*nlh) + size);
	nlh->nlmsg_type = type;
	return nlh;
}

static void check_device(struct wg_device *d, struct arena *arena)
{
	const struct net_wireguard *wg = wireguard_keep(d, arena);
	char key[NET_KEY_TEXT];
	size_t allowed = 0;

	MUST(strlen(net_key_text(wg->key, key)) == NET_KEY_TEXT - 1);
	for (uint32_t i = 0; i < wg->npeers; i++) {
		for (uint32_t k = 0; k < wg->peers[i].nallowed; k++) {
			const struct net_allowed *a = &wg->peers[i].allowed[k];

			MUST(a->ip.family == AF_INET || a->ip.family == AF_INET6);
			MUST(a->len <= (a->ip.family == AF_INET ? 32 : 128));
		}
		allowed += wg->peers[i].nallowed;
	}
	MUST(allowed == d->allowed.n);
}

static void try_wireguard(const uint8_t *data, size_t size, struct arena *arena)
{
	struct wg_device d = { .peers = VEC(struct wg_peer), .allowed = VEC(struct net_allowed) };
	struct nlmsghdr *a = message(data, size / 2, 30);
	struct nlmsghdr *b = message(data + size / 2, size - size / 2, 30);
	struct nlmsghdr *whole = message(data, size, 30);

	wireguard_parse(a, &d);
	wireguard_parse(b, &d);
	wireguard_parse(whole, &d);
	check_device(&d, arena);
	free(a);
	free(b);
	free(whole);
	vec_release(&d.peers);
	vec_release(&d.allowed);
}

static void try_tc(const uint8_t *data, size_t size, struct arena *arena)
{
	struct nlmsghdr *nlh = message(data, size, RTM_NEWQDISC);
	struct net_qdisc q;
	uint32_t index;
	const char *kind;

	if (qdisc_parse(nlh, arena, &index, &q) == 0)
		MUST(index && q.kind && strlen(q.kind) <= size);
	nlh->nlmsg_type = RTM_NEWTFILTER;
	if (tc_filter_parse(nlh, arena, &kind) == 0)
		MUST(!kind || strlen(kind) <= size);
	free(nlh);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;

	if (size < 1 || size > 65536)
		return 0;
	if (data[0] & 1)
		try_wireguard(data + 1, size - 1, &arena);
	else
		try_tc(data + 1, size - 1, &arena);
	arena_release(&arena);
	return 0;
}
