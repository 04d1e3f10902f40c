/* SPDX-License-Identifier: MIT */
/*
 * Which namespace a number means. Numbers belong to the namespace that has them: so a thread goes
 * there and asks, with the file of the one that it might be (RTM_GETNSID). Whom to try first is
 * guessed by who names whom; only the kernel's answer counts. Nothing is ever assigned.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/net_namespace.h>

#include <nsview/cleanup.h>

#include "parse.h"
#include "resolve.h"
#include "visit.h"
#include "uapi.h"

/* Guesses for one namespace, past which a number stays unresolved. */
enum { GUESSES_MAX = 4096 };

/* A paired link by its two numbers, to find what might be its other end. */
struct pair {
	uint32_t own, peer;
	struct net_ns *net;
};

struct pairs {
	struct pair *at; /* sorted */
	size_t n;
};

struct viewer {
	struct net *net;
	struct net_ns *self;
	struct nl_conn *conn;
	const struct pairs *pairs;
	uint8_t *tried; /* by position in net->list */
	size_t guesses;
	size_t unasked; /* namespaces that any number may mean, since they could not be asked about
			 */
};

static int compare_pairs(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->own != y->own)
		return x->own < y->own ? -1 : 1;
	return x->peer < y->peer ? -1 : x->peer > y->peer;
}

struct pairs *pairs_new(const struct net *net)
{
	struct pairs *pairs = calloc(1, sizeof(*pairs));
	struct vec found = VEC(struct pair);

	if (!pairs)
		die("out of memory");
	for (size_t i = 0; i < net->n; i++)
		for (size_t k = 0; k < net->list[i]->nlinks; k++) {
			const struct net_link *link = net->list[i]->links[k];

			if (link->peer.how != NET_HOW_NONE && link->peer.nsid != NSID_NONE)
				*(struct pair *)vec_add(&found) =
					(struct pair){ link->index, link->peer.index,
						       net->list[i] };
		}
	if (found.n)
		qsort(found.at, found.n, sizeof(struct pair), compare_pairs);
	pairs->at = found.at;
	pairs->n = found.n;
	return pairs;
}

void pairs_free(struct pairs *pairs)
{
	if (pairs)
		free(pairs->at);
	free(pairs);
}

static int take_nsid(const struct nlmsghdr *nlh, void *ctx)
{
	return nsid_parse(nlh, ctx);
}

/* The number that the viewer has for a namespace: 0 and up, else NSID_NONE; or -errno below it. */
static int ask_nsid(struct nl_conn *conn, int fd, int32_t *out)
{
	struct nl_request request;
	struct nl_reply reply;

	*out = NSID_NONE;
	nl_begin(&request, RTM_GETNSID, 0, sizeof(struct rtgenmsg));
	nl_put_u32(&request, NETNSA_FD, (uint32_t)fd);
	return nl_ask(conn, &request, take_nsid, out, &reply);
}

static struct net_nsid *find_id(struct net_ns *ns, int32_t id)
{
	size_t low = 0, high = ns->nnsids;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (ns->nsids[mid].id == id)
			return &ns->nsids[mid];
		if (ns->nsids[mid].id < id)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

struct net_ns *nsid_to(const struct net_ns *viewer, int32_t id)
{
	const struct net_nsid *found = find_id((struct net_ns *)viewer, id);

	return found ? found->to : NULL;
}

/* Whether any link still waits for that number. */
static bool resolved(const struct viewer *v, int32_t id)
{
	const struct net_nsid *entry = find_id(v->self, id);

	return !entry || entry->to;
}

static void try_guess(struct viewer *v, struct net_ns *guess)
{
	struct net_nsid *entry;
	autoclose int opened = -1;
	int32_t id;
	int fd;

	if (v->tried[guess->at] || !guess->ns)
		return;
	if (v->guesses >= GUESSES_MAX) {
		v->unasked++;
		return;
	}
	v->tried[guess->at] = 1;
	v->guesses++;
	fd = net_fd(v->net, guess, &opened);
	if (fd < 0 || ask_nsid(v->conn, fd, &id) < 0) {
		v->unasked++;
		return;
	}
	entry = id < 0 ? NULL : find_id(v->self, id);
	if (entry)
		entry->to = guess;
}

/* Those that have a paired link which names this one's number, as this one names its. */
static void guess_pairs(struct viewer *v, const struct net_link *link)
{
	struct pair key = { link->peer.index, link->index, NULL };
	size_t low = 0, high = v->pairs->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (compare_pairs(&v->pairs->at[mid], &key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < v->pairs->n && compare_pairs(&v->pairs->at[low], &key) == 0; low++) {
		if (resolved(v, link->peer.nsid))
			return;
		try_guess(v, v->pairs->at[low].net);
	}
}

static int32_t number_of(const struct net_link *link)
{
	const struct net_end *end = link->peer.how != NET_HOW_NONE ? &link->peer : &link->lower;

	return end->how == NET_HOW_NONE ? NSID_NONE : end->nsid;
}

/* The host's and our own are where most things come from; after them, all that there are. */
static void guess_all(struct viewer *v)
{
	for (size_t i = 0; i < v->self->nlinks; i++) {
		int32_t id = number_of(v->self->links[i]);

		for (size_t k = 0; id >= 0 && k < v->net->n && !resolved(v, id); k++)
			try_guess(v, v->net->list[k]);
	}
}

/* Links may have been given numbers after the list of numbers was read, or before 4.0. */
static void add_numbers(struct net_ns *ns)
{
	autovec all = VEC(struct net_nsid);
	bool missing = false;

	for (size_t i = 0; i < ns->nnsids; i++)
		*(struct net_nsid *)vec_add(&all) = ns->nsids[i];
	for (size_t i = 0; i < ns->nlinks; i++) {
		int32_t id = number_of(ns->links[i]);

		if (id < 0 || find_id(ns, id))
			continue;
		missing = true;
		((struct net_nsid *)vec_add(&all))->id = id;
	}
	if (!missing)
		return;
	nsids_keep(ns, &all);
}

bool nsids_wanted(struct net_ns *ns)
{
	add_numbers(ns);
	for (size_t i = 0; i < ns->nlinks; i++) {
		int32_t id = number_of(ns->links[i]);

		if (id >= 0 && !nsid_to(ns, id))
			return true;
	}
	return false;
}

/*
 * What a number means that is none of those in the graph: a namespace that nothing leads to. Its
 * addresses may be read from here. Its links may not: for each that leads on, the kernel would
 * assign a number here, also for this namespace itself.
 */
static void add_hidden(struct viewer *v, struct net_nsid *entry, struct vec *out)
{
	struct net_ns *hidden = net_ns_new(v->net, NULL);
	struct net_known *links = &hidden->parts[NET_PART_LINKS];

	hidden->seen_by = v->self;
	hidden->via_nsid = entry->id;
	hidden->entry = NET_ENTRY_NSID;
	hidden->entry_words = "nothing that could be opened leads to it";
	/* A kernel that does not know the attribute would answer with our own addresses. */
	if (v->conn->strict)
		addrs_read_nsid(hidden, v->conn, entry->id);
	net_ns_fail(hidden, NET_ALL, -EACCES, hidden->entry_words);
	links->why = "they cannot be listed from outside without changing something";
	entry->to = hidden;
	*(struct net_ns **)vec_add(out) = hidden;
}

static void find_hidden(struct viewer *v, struct vec *out)
{
	for (size_t i = 0; i < v->self->nlinks; i++) {
		int32_t id = number_of(v->self->links[i]);
		struct net_nsid *entry = id < 0 ? NULL : find_id(v->self, id);

		if (entry && !entry->to)
			add_hidden(v, entry, out);
	}
}

void nsids_resolve(struct net *net, struct net_ns *self, struct nl_conn *conn,
		   const struct pairs *pairs, struct vec *out_hidden)
{
	struct viewer v = { net, self, conn, pairs, calloc(net->n + 1, 1), 0, 0 };

	if (!v.tried)
		die("out of memory");
	for (size_t i = 0; i < self->nlinks; i++) {
		const struct net_link *link = self->links[i];

		if (link->peer.how != NET_HOW_NONE && link->peer.nsid >= 0 &&
		    !resolved(&v, link->peer.nsid))
			guess_pairs(&v, link);
	}
	guess_all(&v);
	/* Otherwise it may be one of those. */
	if (!v.unasked)
		find_hidden(&v, out_hidden);
	free(v.tried);
}
