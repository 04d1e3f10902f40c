/* SPDX-License-Identifier: MIT */
/*
 * What tc(8) has put on links: queueing disciplines, and how many filters each of them has. Filters
 * themselves are counted, not decoded: they may do anything with a packet. Reads only.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/pkt_sched.h>

#include "parse.h"
#include "read.h"
#include "uapi.h"

int qdisc_parse(const struct nlmsghdr *nlh, struct arena *arena, uint32_t *out_index,
		struct net_qdisc *out)
{
	const struct tcmsg *msg = nl_extra(nlh, sizeof(*msg));
	nl_attrs tb[TCA_MAX + 1];

	if (nlh->nlmsg_type != RTM_NEWQDISC)
		return -ENOENT;
	if (!msg || msg->tcm_ifindex <= 0)
		return -EPROTO;
	nl_attrs_get(nlh, sizeof(*msg), tb, TCA_MAX + 1);
	*out_index = (uint32_t)msg->tcm_ifindex;
	*out = (struct net_qdisc){ .kind = nl_text(tb[TCA_KIND], arena),
				   .handle = msg->tcm_handle,
				   .parent = msg->tcm_parent };
	return out->kind ? 0 : -EPROTO;
}

int tc_filter_parse(const struct nlmsghdr *nlh, struct arena *arena, const char **out_kind)
{
	const struct tcmsg *msg = nl_extra(nlh, sizeof(*msg));
	nl_attrs tb[TCA_MAX + 1];

	if (nlh->nlmsg_type != RTM_NEWTFILTER)
		return -ENOENT;
	if (!msg)
		return -EPROTO;
	nl_attrs_get(nlh, sizeof(*msg), tb, TCA_MAX + 1);
	/* One without options is the head of a list, which is no filter by itself. */
	*out_kind = tb[TCA_OPTIONS] ? nl_text(tb[TCA_KIND], arena) : NULL;
	return 0;
}

struct placed_qdisc {
	uint32_t index;
	struct net_qdisc qdisc;
};

struct tc_reading {
	struct net_ns *net;
	struct vec qdiscs;
	struct net_qdisc *at; /* whose filters are being read */
	bool out;
};

static int take_qdisc(const struct nlmsghdr *nlh, void *ctx)
{
	struct tc_reading *r = ctx;
	struct placed_qdisc one;
	int ret = qdisc_parse(nlh, &r->net->arena, &one.index, &one.qdisc);

	if (ret == 0)
		*(struct placed_qdisc *)vec_add(&r->qdiscs) = one;
	return ret;
}

static void forget_qdiscs(void *ctx)
{
	((struct tc_reading *)ctx)->qdiscs.n = 0;
}

static int take_filter(const struct nlmsghdr *nlh, void *ctx)
{
	struct tc_reading *r = ctx;
	const char *kind;
	int ret = tc_filter_parse(nlh, &r->net->arena, &kind);

	if (ret < 0 || !kind)
		return ret;
	if (r->out)
		r->at->out_filters++;
	else
		r->at->in_filters++;
	r->at->filter = r->at->filter ? r->at->filter : kind;
	return 0;
}

static void forget_filters(void *ctx)
{
	struct tc_reading *r = ctx;

	if (r->out)
		r->at->out_filters = 0;
	else
		r->at->in_filters = 0;
}

static bool is_at_both(const struct net_qdisc *q)
{
	return strcmp(q->kind, "clsact") == 0;
}

static bool is_ingress(const struct net_qdisc *q)
{
	return is_at_both(q) || strcmp(q->kind, "ingress") == 0;
}

static void count_filters(struct tc_reading *r, struct nl_conn *conn, uint32_t index, bool out,
			  struct net_known *known)
{
	uint32_t in_parent = TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS);
	struct net_known one = { 0 };
	struct nl_request request;
	struct tcmsg *msg = nl_begin(&request, RTM_GETTFILTER, NLM_F_DUMP, sizeof(*msg));

	msg->tcm_ifindex = (int)index;
	if (!is_ingress(r->at))
		msg->tcm_parent = r->at->handle;
	else if (is_at_both(r->at))
		msg->tcm_parent = out ? TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS) : in_parent;
	else
		msg->tcm_parent = TC_H_MAKE(TC_H_INGRESS, 0);
	r->out = out;
	nl_dump(conn, &request, take_filter, forget_filters, r, &r->net->arena, &one);
	known->torn = known->torn || one.torn;
	known->missing += one.missing;
	r->at->unread = r->at->unread || !fact_is_known(one.fact);
}

/* Only what was put there by somebody has filters: the kernel's own have no handle. */
static void read_filters(struct tc_reading *r, struct nl_conn *conn, struct net_known *known)
{
	for (size_t i = 0; i < r->qdiscs.n; i++) {
		struct placed_qdisc *one = &((struct placed_qdisc *)r->qdiscs.at)[i];

		if (!one->qdisc.handle)
			continue;
		r->at = &one->qdisc;
		if (is_ingress(r->at))
			count_filters(r, conn, one->index, false, known);
		if (!is_ingress(r->at) || is_at_both(r->at))
			count_filters(r, conn, one->index, true, known);
	}
}

/* The kernel lists them link by link. */
static void put_qdiscs(struct tc_reading *r)
{
	struct placed_qdisc *all = r->qdiscs.at;
	struct net_qdisc *kept =
		arena_alloc(&r->net->arena, (r->qdiscs.n + 1) * sizeof(struct net_qdisc));

	for (size_t i = 0, n; i < r->qdiscs.n; i += n) {
		struct net_link *link = net_ns_link(r->net, all[i].index);

		for (n = 0; i + n < r->qdiscs.n && all[i + n].index == all[i].index; n++)
			kept[i + n] = all[i + n].qdisc;
		if (!link)
			continue;
		link->qdiscs = &kept[i];
		link->nqdiscs = (uint32_t)n;
	}
}

void tc_read(struct net_ns *net, struct inside *in)
{
	struct tc_reading r = { .net = net, .qdiscs = VEC(struct placed_qdisc) };
	struct net_known *known = &net->parts[NET_PART_TC];
	struct nl_request request;

	if (in->error[INSIDE_ROUTE]) {
		known_fail(known, in->error[INSIDE_ROUTE], NULL, &net->arena);
		return;
	}
	nl_begin(&request, RTM_GETQDISC, NLM_F_DUMP, sizeof(struct tcmsg));
	nl_dump(&in->conn[INSIDE_ROUTE], &request, take_qdisc, forget_qdiscs, &r, &net->arena,
		known);
	if (fact_is_known(known->fact)) {
		read_filters(&r, &in->conn[INSIDE_ROUTE], known);
		put_qdiscs(&r);
	}
	vec_release(&r.qdiscs);
}
