/* SPDX-License-Identifier: MIT */
/*
 * Makes of the numbers of one namespace's links pointers to them, and sorts what was read, so that
 * two readings of an unchanged namespace are the same. Pure. What leads out of the namespace is
 * wires.c's.
 */
#include <stdlib.h>
#include <string.h>

#include "read.h"

static int compare_links(const void *a, const void *b)
{
	const struct net_link *x = *(struct net_link *const *)a, *y = *(struct net_link *const *)b;

	return x->index < y->index ? -1 : x->index > y->index;
}

#define COMPARE(x, y)                                                                              \
	do {                                                                                       \
		if ((x) != (y))                                                                    \
			return (x) < (y) ? -1 : 1;                                                 \
	} while (0)

static int compare_routes(const void *a, const void *b)
{
	const struct net_route *x = a, *y = b;
	int order;

	COMPARE(x->family, y->family);
	COMPARE(x->table, y->table);
	COMPARE(y->len, x->len);
	order = memcmp(x->dst.bytes, y->dst.bytes, sizeof(x->dst.bytes));
	if (order)
		return order;
	COMPARE(y->tos, x->tos);
	COMPARE(x->metric, y->metric);
	return 0;
}

static int compare_neighs(const void *a, const void *b)
{
	const struct net_neigh *x = a, *y = b;
	int order;

	COMPARE(x->ip.family == 0, y->ip.family == 0);
	COMPARE(x->index, y->index);
	COMPARE(x->ip.family, y->ip.family);
	order = memcmp(x->ip.bytes, y->ip.bytes, sizeof(x->ip.bytes));
	if (order)
		return order;
	COMPARE(x->vlan, y->vlan);
	return memcmp(x->mac.bytes, y->mac.bytes, sizeof(x->mac.bytes));
}

static int compare_sockets(const void *a, const void *b)
{
	const struct net_socket *x = a, *y = b;
	int order;

	COMPARE(x->proto, y->proto);
	COMPARE(x->state != NET_SOCKET_LISTEN, y->state != NET_SOCKET_LISTEN);
	COMPARE(x->lport, y->lport);
	COMPARE(x->family, y->family);
	order = memcmp(x->local.bytes, y->local.bytes, sizeof(x->local.bytes));
	if (order)
		return order;
	COMPARE(x->rport, y->rport);
	COMPARE(x->inode, y->inode);
	COMPARE(x->cookie, y->cookie);
	return 0;
}

static int compare_rules(const void *a, const void *b)
{
	const struct net_rule *x = a, *y = b;

	COMPARE(x->family, y->family);
	COMPARE(x->priority, y->priority);
	return 0;
}

static int compare_addrs(const void *a, const void *b)
{
	const struct net_addr *x = a, *y = b;

	COMPARE(x->index, y->index);
	COMPARE(x->ip.family, y->ip.family);
	return 0;
}

struct order {
	const char *base;
	size_t size;
	int (*compare)(const void *a, const void *b);
};

static int compare_ranks(const void *a, const void *b, void *ctx)
{
	const struct order *o = ctx;
	size_t x = *(const size_t *)a, y = *(const size_t *)b;
	int order = o->compare(o->base + x * o->size, o->base + y * o->size);

	return order ? order : x < y ? -1 : x > y;
}

/* Of equal ones the kernel's order counts: the first address is primary, the first rule or route
 * tried. */
static void sort_stable(void *base, size_t n, size_t size,
			int (*compare)(const void *a, const void *b))
{
	struct order order = { base, size, compare };
	size_t *ranks = calloc(n + 1, sizeof(*ranks));
	char *sorted = malloc(n * size + 1);

	if (!ranks || !sorted)
		die("out of memory");
	for (size_t i = 0; i < n; i++)
		ranks[i] = i;
	qsort_r(ranks, n, sizeof(*ranks), compare_ranks, &order);
	for (size_t i = 0; i < n; i++)
		memcpy(sorted + i * size, order.base + ranks[i] * size, size);
	if (n)
		memcpy(base, sorted, n * size);
	free(ranks);
	free(sorted);
}

static void sort_all(struct net_ns *net)
{
	if (net->nlinks)
		qsort(net->links, net->nlinks, sizeof(struct net_link *), compare_links);
	if (net->nneighs)
		qsort(net->neighs, net->nneighs, sizeof(*net->neighs), compare_neighs);
	if (net->nsockets)
		qsort(net->sockets, net->nsockets, sizeof(*net->sockets), compare_sockets);
	sort_stable(net->routes, net->nroutes, sizeof(*net->routes), compare_routes);
	sort_stable(net->rules, net->nrules, sizeof(*net->rules), compare_rules);
	sort_stable(net->addrs, net->naddrs, sizeof(*net->addrs), compare_addrs);
}

static void join_masters(struct net_ns *net)
{
	for (size_t i = 0; i < net->nlinks; i++) {
		struct net_end *end = &net->links[i]->master;

		if (end->how == NET_HOW_NONE)
			continue;
		end->net = net;
		end->link = net_ns_link(net, end->index);
		end->how = end->link ? NET_HOW_BOTH : NET_HOW_UNRESOLVED;
		end->words = end->link ? NULL : "it was not there any more when it was looked for";
	}
}

void net_ns_join(struct net_ns *net)
{
	sort_all(net);
	join_masters(net);
	for (size_t i = 0; i < net->naddrs; i++)
		net->addrs[i].link = net_ns_link(net, net->addrs[i].index);
	for (size_t i = 0; i < net->nneighs; i++)
		net->neighs[i].link = net_ns_link(net, net->neighs[i].index);
	for (size_t i = 0; i < net->nsockets; i++)
		net->sockets[i].link = net_ns_link(net, net->sockets[i].index);
	for (size_t i = 0; i < net->nroutes; i++) {
		/* In the arena of the namespace, which is ours. */
		struct net_hop *hops = (struct net_hop *)net->routes[i].hops;

		for (uint32_t k = 0; k < net->routes[i].nhops; k++)
			hops[k].link = net_ns_link(net, hops[k].index);
	}
}
