/* SPDX-License-Identifier: MIT */
/*
 * Asks a namespace for its links, addresses, routes, rules and neighbours: one dump each, in a
 * table. What the records say is the parsers' business; whose sockets these are is inside.c's.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/fib_rules.h>
#include <linux/if_bridge.h>
#include <linux/net_namespace.h>

#include "parse.h"
#include "read.h"
#include "uapi.h"

/* Past this a dump is cut: something is wrong, or nobody would read it. */
enum { RECORDS_MAX = 2000000 };

/* A dump under way. */
struct dump {
	struct net_ns *net;
	struct vec records;
	const struct dump_spec *spec;
	uint32_t dropped;
};

struct dump_spec {
	enum net_part part;
	uint16_t type;
	uint8_t family;
	size_t extra;  /* of the family header, whose first byte is the family everywhere */
	size_t record; /* size */
	/* Parses into a record, which is dropped unless it gives 0. */
	int (*parse)(const struct nlmsghdr *nlh, struct arena *arena, void *out);
	void (*request)(struct nl_request *r);
	void (*keep)(struct net_ns *net, struct vec *records);
};

static int parse_link(const struct nlmsghdr *nlh, struct arena *arena, void *out)
{
	return link_parse(nlh, arena, out);
}

static int parse_addr(const struct nlmsghdr *nlh, struct arena *arena, void *out)
{
	return addr_parse(nlh, arena, out);
}

static int parse_route(const struct nlmsghdr *nlh, struct arena *arena, void *out)
{
	return route_parse(nlh, arena, out);
}

static int parse_rule(const struct nlmsghdr *nlh, struct arena *arena, void *out)
{
	return rule_parse(nlh, arena, out);
}

static int parse_neigh(const struct nlmsghdr *nlh, struct arena *arena, void *out)
{
	(void)arena;
	return neigh_parse(nlh, out);
}

static void keep_links(struct net_ns *net, struct vec *records)
{
	struct net_link *links = vec_keep(records, &net->arena);

	net->nlinks = records->n;
	net->links = arena_alloc(&net->arena, (net->nlinks + 1) * sizeof(struct net_link *));
	for (size_t i = 0; i < net->nlinks; i++) {
		links[i].net = net;
		net->links[i] = &links[i];
	}
}

static void keep_addrs(struct net_ns *net, struct vec *records)
{
	net->addrs = vec_keep(records, &net->arena);
	net->naddrs = records->n;
}

static void keep_routes(struct net_ns *net, struct vec *records)
{
	net->routes = vec_keep(records, &net->arena);
	net->nroutes = records->n;
}

static void keep_rules(struct net_ns *net, struct vec *records)
{
	net->rules = vec_keep(records, &net->arena);
	net->nrules = records->n;
}

/* Several dumps: of neighbours, and of what bridges have learned. */
static void keep_neighs(struct net_ns *net, struct vec *records)
{
	struct net_neigh *both =
		arena_alloc(&net->arena, (net->nneighs + records->n + 1) * sizeof(*both));

	if (net->nneighs)
		memcpy(both, net->neighs, net->nneighs * sizeof(*both));
	if (records->n)
		memcpy(both + net->nneighs, records->at, records->n * sizeof(*both));
	net->neighs = both;
	net->nneighs += records->n;
}

static const struct dump_spec link_dump = {
	NET_PART_LINKS,		 RTM_GETLINK, AF_UNSPEC, sizeof(struct ifinfomsg),
	sizeof(struct net_link), parse_link,  NULL,	 keep_links,
};
static const struct dump_spec addr_dump = {
	NET_PART_ADDRS,		 RTM_GETADDR, AF_UNSPEC, sizeof(struct ifaddrmsg),
	sizeof(struct net_addr), parse_addr,  NULL,	 keep_addrs,
};
static const struct dump_spec route_dump = {
	NET_PART_ROUTES,	  RTM_GETROUTE, AF_UNSPEC, sizeof(struct rtmsg),
	sizeof(struct net_route), parse_route,	NULL,	   keep_routes,
};
static const struct dump_spec rule_dump = {
	NET_PART_RULES,		 RTM_GETRULE, AF_UNSPEC, sizeof(struct fib_rule_hdr),
	sizeof(struct net_rule), parse_rule,  NULL,	 keep_rules,
};
/* For whom it answers in the name of others is told only to who asks for that. */
static void ask_proxies(struct nl_request *r)
{
	struct ndmsg *msg = mnl_nlmsg_get_payload(r->head);

	msg->ndm_flags = NTF_PROXY;
}

static const struct dump_spec neigh_dumps[] = {
	{ NET_PART_NEIGH, RTM_GETNEIGH, AF_UNSPEC, sizeof(struct ndmsg), sizeof(struct net_neigh),
	  parse_neigh, NULL, keep_neighs },
	{ NET_PART_NEIGH, RTM_GETNEIGH, AF_UNSPEC, sizeof(struct ndmsg), sizeof(struct net_neigh),
	  parse_neigh, ask_proxies, keep_neighs },
	{ NET_PART_NEIGH, RTM_GETNEIGH, AF_BRIDGE, sizeof(struct ndmsg), sizeof(struct net_neigh),
	  parse_neigh, NULL, keep_neighs },
};
enum { NEIGH_DUMPS = sizeof(neigh_dumps) / sizeof(neigh_dumps[0]) };

static int take_record(const struct nlmsghdr *nlh, void *ctx)
{
	struct dump *d = ctx;
	void *record;
	int ret;

	if (d->records.n >= RECORDS_MAX) {
		d->dropped++;
		return 0;
	}
	record = vec_add(&d->records);
	ret = d->spec->parse(nlh, &d->net->arena, record);
	if (ret < 0)
		d->records.n--;
	return ret == -ENOENT ? 0 : ret;
}

static void forget_records(void *ctx)
{
	struct dump *d = ctx;

	d->records.n = 0;
	d->dropped = 0;
}

static void run_dump(struct net_ns *net, struct nl_conn *conn, const struct dump_spec *spec,
		     struct net_known *out)
{
	struct dump d = { .net = net, .records = { .size = spec->record }, .spec = spec };
	struct nl_request request;
	uint8_t *family = nl_begin(&request, spec->type, NLM_F_DUMP, spec->extra);

	*family = spec->family;
	if (spec->request)
		spec->request(&request);
	nl_dump(conn, &request, take_record, forget_records, &d, &net->arena, out);
	if (d.dropped) {
		out->missing += d.dropped;
		out->why = "there are too many";
	}
	if (fact_is_known(out->fact))
		spec->keep(net, &d.records);
	vec_release(&d.records);
}

static bool wanted(const struct net_ns *net, unsigned what, enum net_part part)
{
	return (what >> part & 1) && net->parts[part].fact.state == FACT_UNREAD;
}

static void read_part(struct net_ns *net, struct inside *in, unsigned what,
		      const struct dump_spec *spec)
{
	struct net_known *known = &net->parts[spec->part];

	if (!wanted(net, what, spec->part))
		return;
	if (in->error[INSIDE_ROUTE])
		known_fail(known, in->error[INSIDE_ROUTE], NULL, &net->arena);
	else
		run_dump(net, &in->conn[INSIDE_ROUTE], spec, known);
}

static bool has_bridge(const struct net_ns *net)
{
	for (size_t i = 0; i < net->nlinks; i++)
		if (net_link_is(net->links[i], "bridge"))
			return true;
	return false;
}

struct vlan_dump {
	struct net_ns *net;
};

static int take_vlans(const struct nlmsghdr *nlh, void *ctx)
{
	const struct vlan_dump *d = ctx;
	autovec vlans = VEC(struct net_vlan);
	uint32_t index = 0;
	int ret = vlans_parse(nlh, &vlans, &index);
	struct net_link *link = ret < 0 ? NULL : net_ns_link(d->net, index);

	if (link && vlans.n) {
		link->vlans = vec_keep(&vlans, &d->net->arena);
		link->nvlans = (uint32_t)vlans.n;
	}
	return ret;
}

static void forget_vlans(void *ctx)
{
	const struct vlan_dump *d = ctx;

	for (size_t i = 0; i < d->net->nlinks; i++)
		d->net->links[i]->nvlans = 0;
}

static void vlans_read(struct net_ns *net, struct inside *in)
{
	struct net_known *known = &net->parts[NET_PART_VLANS];
	struct vlan_dump d = { net };
	struct nl_request request;
	struct ifinfomsg *msg;

	if (!fact_is_known(net->parts[NET_PART_LINKS].fact)) {
		*known = net->parts[NET_PART_LINKS];
		return;
	}
	if (!has_bridge(net)) {
		known->fact = fact_none();
		return;
	}
	if (in->error[INSIDE_ROUTE]) {
		known_fail(known, in->error[INSIDE_ROUTE], NULL, &net->arena);
		return;
	}
	msg = nl_begin(&request, RTM_GETLINK, NLM_F_DUMP, sizeof(*msg));
	msg->ifi_family = AF_BRIDGE;
	nl_put_u32(&request, IFLA_EXT_MASK, RTEXT_FILTER_BRVLAN_COMPRESSED);
	nl_dump(&in->conn[INSIDE_ROUTE], &request, take_vlans, forget_vlans, &d, &net->arena,
		known);
}

/* One more dump of the same part. Where a kernel has no such thing, none of it is left out. */
static void add_known(struct net_known *known, const struct net_known *more)
{
	bool failed = !fact_is_known(more->fact) && more->fact.error != -EOPNOTSUPP;

	known->torn = known->torn || more->torn;
	known->missing += more->missing + failed;
	if (failed || more->torn || more->missing)
		known->why = more->why ? more->why : fact_why(more->fact);
}

static void neighs_read(struct net_ns *net, struct inside *in)
{
	struct net_known *known = &net->parts[NET_PART_NEIGH];

	if (in->error[INSIDE_ROUTE]) {
		known_fail(known, in->error[INSIDE_ROUTE], NULL, &net->arena);
		return;
	}
	run_dump(net, &in->conn[INSIDE_ROUTE], &neigh_dumps[0], known);
	for (int i = 1; i < NEIGH_DUMPS && fact_is_known(known->fact); i++) {
		struct net_known more = { 0 };

		run_dump(net, &in->conn[INSIDE_ROUTE], &neigh_dumps[i], &more);
		add_known(known, &more);
	}
}

void net_ns_fail(struct net_ns *net, unsigned what, int error, const char *words)
{
	for (int part = 0; part < NET_PARTS; part++)
		if (wanted(net, what, (enum net_part)part))
			known_fail(&net->parts[part], error, words, &net->arena);
}

/* A number that a link, or the kernel's own list, has for another namespace. */
static int take_nsid(const struct nlmsghdr *nlh, void *ctx)
{
	struct vec *ids = ctx;
	int32_t id = NSID_NONE;
	int ret = nsid_parse(nlh, &id);

	if (ret == 0 && id >= 0)
		((struct net_nsid *)vec_add(ids))->id = id;
	return ret;
}

static void forget_nsids(void *ctx)
{
	((struct vec *)ctx)->n = 0;
}

static int compare_nsid(const void *a, const void *b)
{
	const struct net_nsid *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

void nsids_keep(struct net_ns *net, struct vec *ids)
{
	size_t n = 0;

	if (ids->n > 1)
		qsort(ids->at, ids->n, sizeof(struct net_nsid), compare_nsid);
	net->nsids = vec_keep(ids, &net->arena);
	for (size_t i = 0; i < ids->n; i++)
		if (!n || net->nsids[n - 1].id != net->nsids[i].id)
			net->nsids[n++] = net->nsids[i];
	net->nnsids = n;
}

void nsids_read(struct net_ns *net, struct nl_conn *conn)
{
	autovec ids = VEC(struct net_nsid);
	struct net_known known = { 0 };
	struct nl_request request;

	nl_begin(&request, RTM_GETNSID, NLM_F_DUMP, sizeof(struct rtgenmsg));
	nl_dump(conn, &request, take_nsid, forget_nsids, &ids, &net->arena, &known);
	nsids_keep(net, &ids);
}

void addrs_read_nsid(struct net_ns *net, struct nl_conn *conn, int32_t nsid)
{
	static const uint8_t families[] = { AF_INET, AF_INET6 };
	struct dump d = { .net = net, .records = { .size = addr_dump.record }, .spec = &addr_dump };
	struct net_known *known = &net->parts[NET_PART_ADDRS];

	for (size_t i = 0; i < sizeof(families); i++) {
		struct vec kept = d.records;
		struct nl_request request;
		struct ifaddrmsg *msg;

		d.records = (struct vec){ .size = addr_dump.record };
		msg = nl_begin(&request, RTM_GETADDR, NLM_F_DUMP, sizeof(*msg));
		msg->ifa_family = families[i];
		nl_put_u32(&request, IFA_TARGET_NETNSID, (uint32_t)nsid);
		nl_dump(conn, &request, take_record, forget_records, &d, &net->arena, known);
		for (size_t k = 0; k < d.records.n; k++)
			*(struct net_addr *)vec_add(&kept) = ((struct net_addr *)d.records.at)[k];
		vec_release(&d.records);
		d.records = kept;
		if (!fact_is_known(known->fact))
			break;
	}
	if (fact_is_known(known->fact))
		keep_addrs(net, &d.records);
	vec_release(&d.records);
}

void net_ns_read(struct net_ns *net, struct inside *in, unsigned what)
{
	bool links = wanted(net, what, NET_PART_LINKS);

	read_part(net, in, what, &link_dump);
	net_ns_join(net);
	if (links && fact_is_known(net->parts[NET_PART_LINKS].fact))
		nsids_read(net, &in->conn[INSIDE_ROUTE]);
	if (links)
		wireguard_read(net, in);
	if (wanted(net, what, NET_PART_VLANS))
		vlans_read(net, in);
	read_part(net, in, what, &addr_dump);
	read_part(net, in, what, &route_dump);
	read_part(net, in, what, &rule_dump);
	if (wanted(net, what, NET_PART_NEIGH))
		neighs_read(net, in);
	if (wanted(net, what, NET_PART_SOCKETS))
		sockets_read(net, in);
	if (wanted(net, what, NET_PART_FILTER)) {
		xfrm_read(net, in);
		filter_read(net, in);
	}
	if (wanted(net, what, NET_PART_SYSCTL))
		sysctls_read(net, in);
	if (wanted(net, what, NET_PART_TC))
		tc_read(net, in);
	net_ns_join(net);
}
