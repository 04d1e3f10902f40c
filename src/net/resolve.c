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

struct net_nsid *nsid_entry(struct net_ns *ns, int32_t id)
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
	const struct net_nsid *found = nsid_entry((struct net_ns *)viewer, id);

	return found ? found->to : NULL;
}

/* Whether any link still waits for that number. */
static bool resolved(const struct viewer *v, int32_t id)
{
	const struct net_nsid *entry = nsid_entry(v->self, id);

	return !entry || entry->to;
}

/* 0 where it could be asked, whatever the answer. */
static int ask(struct net_ns *self, struct nl_conn *conn, struct net_ns *one, int fd)
{
	struct net_nsid *entry;
	int32_t id;
	int ret = ask_nsid(conn, fd, &id);

	entry = ret < 0 || id < 0 ? NULL : nsid_entry(self, id);
	if (entry)
		entry->to = one;
	return ret;
}

void nsids_ask(struct net_ns *self, struct nl_conn *conn, struct net_ns *one, int fd)
{
	if (nsids_wanted(self))
		ask(self, conn, one, fd);
}

static void try_guess(struct viewer *v, struct net_ns *guess)
{
	autoclose int opened = -1;
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
	if (fd < 0 || ask(v->self, v->conn, guess, fd) < 0)
		v->unasked++;
}

/* Those that have a paired link which names this one's number, as this one names its. */
static void guess_pairs(struct viewer *v, const struct net_link *link)
{
	struct net_link *other;
	size_t at = 0;

	while (!resolved(v, link->peer.nsid) && (other = pairs_next(v->pairs, link, &at)))
		try_guess(v, other->net);
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

		if (id < 0 || nsid_entry(ns, id))
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

static void find_hidden(struct viewer *v, struct vec *out)
{
	for (size_t i = 0; i < v->self->nlinks; i++) {
		int32_t id = number_of(v->self->links[i]);
		struct net_nsid *entry = id < 0 ? NULL : nsid_entry(v->self, id);

		if (!entry || entry->to)
			continue;
		entry->to = hidden_new(v->net, v->self, v->conn, id);
		*(struct net_ns **)vec_add(out) = entry->to;
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
