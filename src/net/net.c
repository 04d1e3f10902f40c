/* SPDX-License-Identifier: MIT */
/* Making and freeing struct net, and finding a namespace in it. Knows nothing of netlink. */
#include <stdlib.h>
#include <string.h>

#include "index.h"

struct net_ns *net_ns_new(struct net *net, struct ns *ns)
{
	struct net_ns *one = calloc(1, sizeof(*one));

	if (!one)
		die("out of memory");
	*one = (struct net_ns){ .all = net, .ns = ns, .via_nsid = -1, .arena = ARENA_INIT };
	return one;
}

void net_add(struct net *net, struct net_ns *ns)
{
	net->list = reallocarray(net->list, net->n + 1, sizeof(struct net_ns *));
	if (!net->list)
		die("out of memory");
	ns->at = net->n;
	net->list[net->n++] = ns;
}

static int compare_by_ns(const void *a, const void *b)
{
	const struct net_ns *x = *(struct net_ns *const *)a, *y = *(struct net_ns *const *)b;

	return (uintptr_t)x->ns < (uintptr_t)y->ns ? -1 : (uintptr_t)x->ns > (uintptr_t)y->ns;
}

void net_index_build(struct net *net)
{
	struct net_index *index = net->index;

	index->by_ns = calloc(net->n + 1, sizeof(struct net_ns *));
	if (!index->by_ns)
		die("out of memory");
	for (size_t i = 0; i < net->n; i++)
		if (net->list[i]->ns)
			index->by_ns[index->nby_ns++] = net->list[i];
	qsort(index->by_ns, index->nby_ns, sizeof(struct net_ns *), compare_by_ns);
}

void net_index_free(struct net_index *index)
{
	if (!index)
		return;
	for (size_t i = 0; i < index->kept.n; i++)
		nl_close(&((struct kept_socket *)index->kept.at)[i].route);
	vec_release(&index->kept);
	free(index->by_ns);
	free(index->fds);
	free(index);
}

/* Without an index it was put together by hand, and is small. */
static struct net_ns *find_plainly(const struct net *net, const struct ns *ns)
{
	for (size_t i = 0; i < net->n; i++)
		if (net->list[i]->ns == ns)
			return net->list[i];
	return NULL;
}

struct net_ns *net_find(const struct net *net, const struct ns *ns)
{
	struct net_ns key = { .ns = (struct ns *)ns }, *at = &key, **found;

	if (!ns)
		return NULL;
	if (!net->index)
		return find_plainly(net, ns);
	found = bsearch(&at, net->index->by_ns, net->index->nby_ns, sizeof(struct net_ns *),
			compare_by_ns);
	return found ? *found : NULL;
}

struct net_ns *net_of_process(const struct net *net, const struct process *p)
{
	return p->set ? net_find(net, p->set->ns[NS_NET]) : NULL;
}

void net_free(struct net *net)
{
	if (!net)
		return;
	for (size_t i = 0; i < net->n; i++) {
		arena_release(&net->list[i]->arena);
		free(net->list[i]);
	}
	free(net->list);
	net_index_free(net->index);
	arena_release(&net->arena);
	free(net);
}

void net_attach(struct net *net)
{
	net->graph->net = net;
	net->graph->net_free = net_free;
}
