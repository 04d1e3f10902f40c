/* SPDX-License-Identifier: MIT */
/*
 * Namespaces that nothing leads to but numbers of others. One that several see is one namespace
 * under several numbers: where one of them has a number for another, the kernel translates between
 * the two (NETNSA_TARGET_NSID, Linux 4.20); otherwise what each can tell of it is compared, which
 * tells some apart and proves nothing of the rest.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/net_namespace.h>

#include "parse.h"
#include "resolve.h"
#include "uapi.h"

/* With more of them than this, nothing is asked. */
enum { HIDDEN_MAX = 256 };

static const char *const words_hidden = "nothing that could be opened leads to it";

/*
 * Its addresses may be read from outside. Its links may not: for each that leads on, the kernel
 * would assign a number in the asker's namespace, also for that namespace itself.
 */
struct net_ns *hidden_new(struct net *net, struct net_ns *self, struct nl_conn *conn, int32_t id)
{
	struct net_ns *hidden = net_ns_new(net, NULL);
	struct net_known *links = &hidden->parts[NET_PART_LINKS];

	hidden->seen_by = self;
	hidden->via_nsid = id;
	hidden->entry = NET_ENTRY_NSID;
	hidden->entry_words = words_hidden;
	/* A kernel that does not know the attribute would answer with our own addresses. */
	if (conn->strict)
		addrs_read_nsid(hidden, conn, id);
	net_ns_fail(hidden, NET_ALL, -EACCES, words_hidden);
	links->why = "they cannot be listed from outside without changing something";
	return hidden;
}

static struct net_ns *at(const struct vec *hidden, size_t i)
{
	return ((struct net_ns **)hidden->at)[i];
}

static int32_t number_for(const struct net_ns *self, const struct net_ns *other)
{
	for (size_t i = 0; i < self->nnsids; i++)
		if (self->nsids[i].to == other)
			return self->nsids[i].id;
	return NSID_NONE;
}

static int take_nsid(const struct nlmsghdr *nlh, void *ctx)
{
	return nsid_parse(nlh, ctx);
}

/* What the namespace that conn's calls `target` calls the one that conn's calls id. */
static int ask_translated(struct nl_conn *conn, int32_t id, int32_t target, int32_t *out)
{
	struct nl_request request;
	struct nl_reply reply;
	int ret;

	*out = NSID_UNASSIGNED;
	nl_begin(&request, RTM_GETNSID, 0, sizeof(struct rtgenmsg));
	nl_put_u32(&request, NETNSA_NSID, (uint32_t)id);
	nl_put_u32(&request, NETNSA_TARGET_NSID, (uint32_t)target);
	ret = nl_ask(conn, &request, take_nsid, out, &reply);
	return ret < 0 ? ret : *out == NSID_UNASSIGNED ? -EPROTO : 0;
}

static void ask_pair(struct net_ns *one, struct net_ns *other, struct nl_conn *conn,
		     struct vec *out)
{
	int32_t target = number_for(one->seen_by, other->seen_by), id;

	if (target < 0 || ask_translated(conn, one->via_nsid, target, &id) < 0)
		return;
	*(struct hidden_same *)vec_add(out) =
		(struct hidden_same){ one, other, id == other->via_nsid };
}

void hidden_ask(const struct vec *hidden, struct net_ns *self, struct nl_conn *conn,
		struct vec *out)
{
	/* A kernel that does not know the attribute would answer of its own numbers. */
	if (!conn->strict || hidden->n > HIDDEN_MAX)
		return;
	for (size_t i = 0; i < hidden->n; i++)
		for (size_t k = 0; k < hidden->n && at(hidden, i)->seen_by == self; k++)
			if (at(hidden, k)->seen_by != self)
				ask_pair(at(hidden, i), at(hidden, k), conn, out);
}

/* Whether a paired link of the viewer ends at that ifindex of the hidden one. */
static bool ends_at(const struct net_ns *hidden, uint32_t index)
{
	const struct net_ns *viewer = hidden->seen_by;

	for (size_t i = 0; i < viewer->nlinks; i++) {
		const struct net_end *peer = &viewer->links[i]->peer;

		if (peer->how != NET_HOW_NONE && peer->nsid == hidden->via_nsid &&
		    peer->index == index && index)
			return true;
	}
	return false;
}

/* One link is the other end of one link: two that end at the same number are in two namespaces. */
static bool share_an_end(const struct net_ns *a, const struct net_ns *b)
{
	for (size_t i = 0; i < a->seen_by->nlinks; i++) {
		const struct net_end *peer = &a->seen_by->links[i]->peer;

		if (peer->how != NET_HOW_NONE && peer->nsid == a->via_nsid &&
		    ends_at(b, peer->index))
			return true;
	}
	return false;
}

static bool same_addrs(const struct net_ns *a, const struct net_ns *b)
{
	if (!fact_is_known(a->parts[NET_PART_ADDRS].fact) ||
	    !fact_is_known(b->parts[NET_PART_ADDRS].fact))
		return true;
	if (a->naddrs != b->naddrs)
		return false;
	for (size_t i = 0; i < a->naddrs; i++)
		if (a->addrs[i].index != b->addrs[i].index || a->addrs[i].len != b->addrs[i].len ||
		    !net_ip_equal(&a->addrs[i].ip, &b->addrs[i].ip))
			return false;
	return true;
}

/* Which of those in hidden are one: the position of the first of them. */
struct groups {
	const struct vec *hidden, *same;
	size_t *first;
};

static void group(struct groups *g)
{
	bool changed = true;

	for (size_t i = 0; i < g->hidden->n; i++)
		g->first[i] = i;
	while (changed) {
		changed = false;
		for (size_t i = 0; i < g->same->n; i++) {
			const struct hidden_same *s = &((struct hidden_same *)g->same->at)[i];
			size_t a = 0, b = 0, low;

			if (!s->same)
				continue;
			while (at(g->hidden, a) != s->a)
				a++;
			while (at(g->hidden, b) != s->b)
				b++;
			low = g->first[a] < g->first[b] ? g->first[a] : g->first[b];
			changed = changed || g->first[a] != g->first[b];
			g->first[a] = g->first[b] = low;
		}
	}
}

static bool told_apart(const struct groups *g, const struct net_ns *a, const struct net_ns *b)
{
	/* In one namespace, what has two numbers is two. */
	if (a->seen_by == b->seen_by || share_an_end(a, b) || !same_addrs(a, b))
		return true;
	for (size_t i = 0; i < g->same->n; i++) {
		const struct hidden_same *s = &((struct hidden_same *)g->same->at)[i];

		if (!s->same && ((s->a == a && s->b == b) || (s->a == b && s->b == a)))
			return true;
	}
	return false;
}

/* Whether the groups of these two may be one. */
static bool may_be_one(const struct groups *g, size_t a, size_t b)
{
	if (a == b)
		return false;
	for (size_t i = 0; i < g->hidden->n; i++)
		for (size_t k = 0; k < g->hidden->n && g->first[i] == a; k++)
			if (g->first[k] == b && told_apart(g, at(g->hidden, i), at(g->hidden, k)))
				return false;
	return true;
}

static void say_maybe(const struct groups *g, size_t i)
{
	struct net_ns *hidden = at(g->hidden, i);
	size_t k = 0;

	while (k < g->hidden->n && !(g->first[k] == k && may_be_one(g, i, k)))
		k++;
	if (k == g->hidden->n)
		return;
	hidden->maybe = at(g->hidden, k);
	hidden->entry_words = "nothing that could be opened leads to it, and it may be the same as "
			      "another one that is seen by its number only";
}

static void become(struct net_ns *hidden, struct net_ns *one)
{
	struct net_nsid *entry = nsid_entry(hidden->seen_by, hidden->via_nsid);

	if (entry)
		entry->to = one;
	arena_release(&hidden->arena);
	free(hidden);
}

void hidden_join(struct net *net, struct vec *hidden, const struct vec *same)
{
	struct groups g = { hidden, same, calloc(hidden->n + 1, sizeof(size_t)) };

	if (!g.first)
		die("out of memory");
	group(&g);
	for (size_t i = 0; i < hidden->n && hidden->n <= HIDDEN_MAX; i++)
		if (g.first[i] == i)
			say_maybe(&g, i);
	for (size_t i = 0; i < hidden->n; i++)
		if (g.first[i] == i)
			net_add(net, at(hidden, i));
	for (size_t i = 0; i < hidden->n; i++)
		if (g.first[i] != i)
			become(at(hidden, i), at(hidden, g.first[i]));
	free(g.first);
	vec_release(hidden);
}
