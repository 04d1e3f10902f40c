/* SPDX-License-Identifier: MIT */
/*
 * Collects. First all links are read, namespace by namespace (visit.c); then each is visited again
 * that must be asked there what a number means; the rest is pure. What may be joined only by way of
 * another user namespace is left to a child (child.c).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/cleanup.h>

#include "resolve.h"
#include "visit.h"

/* Most lead to the host and nowhere else: then one visit is enough. */
static void ask_of_host(const struct visit *v, struct net_ns *ns, struct inside *in)
{
	struct net_ns *host = v->net->list[0];

	if (v->host_fd >= 0 && ns != host && in->conn[INSIDE_ROUTE].socket)
		nsids_ask(ns, &in->conn[INSIDE_ROUTE], host, v->host_fd);
}

static void look_read(const struct visit *v, struct site *site)
{
	struct inside in;

	inside_open(&in, site->procfd, site->what, visit_deadline());
	net_ns_read(site->net, &in, site->what);
	if (site->what & NET_LINKS)
		ask_of_host(v, site->net, &in);
	inside_close(&in);
}

static void look_resolve(const struct visit *v, struct site *site)
{
	struct nl_conn conn;

	if (nl_open(&conn, NETLINK_ROUTE, visit_deadline()) == 0)
		nsids_resolve(v->net, site->net, &conn, v->pairs, &site->hidden);
	nl_close(&conn);
}

static void look_hidden(const struct visit *v, struct site *site)
{
	struct nl_conn conn;

	if (nl_open(&conn, NETLINK_ROUTE, visit_deadline()) == 0)
		hidden_ask(v->hidden, site->net, &conn, &site->same);
	nl_close(&conn);
}

/* The route socket stays, to ask for numbers later. */
static void keep_socket(struct net *net, struct net_ns *ns, struct inside *in)
{
	struct kept_socket *kept;

	if (!in->conn[INSIDE_ROUTE].socket)
		return;
	kept = vec_add(&net->index->kept);
	*kept = (struct kept_socket){ ns, in->conn[INSIDE_ROUTE] };
	in->conn[INSIDE_ROUTE] = (struct nl_conn){ 0 };
}

static int read_by_child(const struct visit *v, struct site *site)
{
	struct net *net = v->net;
	struct net_ns *ns = site->net;
	autoclose int user = ns->ns->owner ? scan_ns_open(net->scan, ns->ns->owner) : -EPERM;
	autoclose int fd = user < 0 ? user : scan_ns_open(net->scan, ns->ns);
	struct inside in;
	int ret;

	if (fd < 0)
		return fd;
	ret = inside_open_child(&in, scan_proc_fd(net->scan), user, fd, site->what,
				visit_deadline());
	if (ret == 0) {
		ns->entry = NET_ENTRY_JOINED;
		ns->by_owner = true;
		ns->entry_words = NULL;
		net_ns_read(ns, &in, site->what);
		if (site->what & NET_LINKS) {
			ask_of_host(v, ns, &in);
			keep_socket(net, ns, &in);
		}
	}
	inside_close(&in);
	return ret;
}

static void read_failed(const struct visit *v)
{
	for (size_t i = 0; i < v->n; i++) {
		struct site *site = &v->sites[i];
		int error = site->error;

		if (error == -EPERM && read_by_child(v, site) == 0)
			continue;
		if (error)
			net_ns_fail(site->net, site->what, error, site->net->entry_words);
	}
}

static void want_xfrm(const struct net *net, struct site *sites, size_t n)
{
	unsigned what = 0;
	int loaded;

	for (size_t i = 0; i < n; i++)
		what |= sites[i].what;
	loaded = what & NET_FILTER ? xfrm_is_loaded(scan_proc_fd(net->scan)) : 0;
	for (size_t i = 0; loaded && i < n; i++) {
		if (!(sites[i].what & NET_FILTER))
			continue;
		sites[i].what |= loaded > 0 ? NET_XFRM : 0;
		sites[i].net->policies_unread = loaded < 0;
	}
}

static void read_sites(struct net *net, struct site *sites, size_t n)
{
	autoclose int host =
		n > 1 && net->list[0]->ns ? scan_ns_open(net->scan, net->list[0]->ns) : -1;
	struct visit v = {
		.net = net, .sites = sites, .n = n, .keep = true, .host_fd = host, .look = look_read
	};

	want_xfrm(net, sites, n);
	for (size_t i = 0; i < n; i++)
		v.sysctls = v.sysctls || (sites[i].what & NET_SYSCTL);
	visit_all(&v);
	read_failed(&v);
}

static const struct kept_socket *find_kept(const struct net *net, const struct net_ns *ns)
{
	for (size_t i = 0; i < net->index->kept.n; i++) {
		const struct kept_socket *kept = &((struct kept_socket *)net->index->kept.at)[i];

		if (kept->net == ns)
			return kept;
	}
	return NULL;
}

static void append(struct vec *to, struct vec *from)
{
	for (size_t i = 0; i < from->n; i++)
		memcpy(vec_add(to), (char *)from->at + i * from->size, from->size);
	vec_release(from);
}

/* Those that no thread can enter are asked through the sockets that were kept of them. */
static void resolve_kept(struct net *net, const struct pairs *pairs, struct vec *hidden)
{
	for (size_t i = 0; i < net->index->kept.n; i++) {
		struct kept_socket *kept = &((struct kept_socket *)net->index->kept.at)[i];

		kept->route.deadline = visit_deadline();
		if (nsids_wanted(kept->net))
			nsids_resolve(net, kept->net, &kept->route, pairs, hidden);
	}
}

static void visit_some(struct visit *v, bool (*wanted)(const struct visit *v, struct net_ns *ns))
{
	const struct net *net = v->net;

	v->sites = calloc(net->n + 1, sizeof(*v->sites));
	if (!v->sites)
		die("out of memory");
	for (size_t i = 0; i < net->n; i++)
		if (wanted(v, net->list[i]) && !find_kept(net, net->list[i]))
			v->sites[v->n++] = (struct site){ .net = net->list[i],
							  .hidden = VEC(struct net_ns *),
							  .same = VEC(struct hidden_same) };
	visit_all(v);
}

static bool has_numbers(const struct visit *v, struct net_ns *ns)
{
	(void)v;
	return nsids_wanted(ns);
}

static bool sees_hidden(const struct visit *v, struct net_ns *ns)
{
	for (size_t i = 0; i < v->hidden->n; i++)
		if (((struct net_ns **)v->hidden->at)[i]->seen_by == ns)
			return true;
	return false;
}

/* One that several have a number for is one all the same, where the kernel says so. */
static void join_hidden(struct net *net, struct vec *hidden)
{
	struct visit v = { .net = net, .host_fd = -1, .hidden = hidden, .look = look_hidden };
	autovec same = VEC(struct hidden_same);

	if (hidden->n > 1) {
		visit_some(&v, sees_hidden);
		for (size_t i = 0; i < v.n; i++)
			append(&same, &v.sites[i].same);
		for (size_t i = 0; i < net->index->kept.n; i++) {
			struct kept_socket *kept = &((struct kept_socket *)net->index->kept.at)[i];

			hidden_ask(hidden, kept->net, &kept->route, &same);
		}
		free(v.sites);
	}
	hidden_join(net, hidden, &same);
}

static void resolve_all(struct net *net)
{
	struct pairs *pairs = pairs_new(net);
	struct visit v = { .net = net, .host_fd = -1, .pairs = pairs, .look = look_resolve };
	struct vec hidden = VEC(struct net_ns *);

	for (size_t i = 0; i < net->n; i++)
		if (nsids_wanted(net->list[i]))
			nsids_infer(net->list[i], pairs);
	visit_some(&v, has_numbers);
	for (size_t i = 0; i < v.n; i++)
		append(&hidden, &v.sites[i].hidden);
	resolve_kept(net, pairs, &hidden);
	join_hidden(net, &hidden);
	pairs_free(pairs);
	free(v.sites);
}

static unsigned unread_of(const struct net_ns *ns, unsigned what)
{
	unsigned unread = 0;

	for (int part = 0; part < NET_PARTS; part++)
		if ((what >> part & 1) && ns->parts[part].fact.state == FACT_UNREAD)
			unread |= 1U << part;
	return unread;
}

/* The links of all, since every other part names links; and `what` of those listed. */
static struct site *sites_for(const struct net *net, struct net_ns *const *list, size_t n,
			      unsigned what, size_t *out_n)
{
	unsigned *wanted = calloc(net->n + 1, sizeof(*wanted));
	struct site *sites = calloc(net->n + 1, sizeof(*sites));

	if (!wanted || !sites)
		die("out of memory");
	for (size_t i = 0; i < n; i++)
		wanted[list[i]->at] = what;
	*out_n = 0;
	for (size_t i = 0; i < net->n; i++) {
		unsigned unread = unread_of(net->list[i], wanted[i] | NET_LINKS);

		if (unread && net->list[i]->ns)
			sites[(*out_n)++] = (struct site){ .net = net->list[i], .what = unread };
	}
	free(wanted);
	return sites;
}

/* true: links were among it. */
static bool read_unread(struct net *net, struct net_ns *const *list, size_t n, unsigned what)
{
	size_t nsites;
	struct site *sites = sites_for(net, list, n, what, &nsites);
	bool links = false;

	for (size_t i = 0; i < nsites; i++)
		links = links || (sites[i].what & NET_LINKS);
	if (nsites)
		read_sites(net, sites, nsites);
	free(sites);
	return links;
}

static bool has_tun(const struct net *net)
{
	for (size_t i = 0; i < net->n; i++)
		for (size_t k = 0; k < net->list[i]->nlinks; k++)
			if (net_link_is(net->list[i]->links[k], "tun"))
				return true;
	return false;
}

void net_read(struct net *net, struct net_ns *const *list, size_t n, unsigned what)
{
	bool links;

	if (!net->scan)
		return;
	links = read_unread(net, list, n, what);
	if (links) {
		resolve_all(net);
		net_ends_find(net);
	}
	if ((what & NET_SOCKETS) || (links && has_tun(net)))
		holders_find(net);
	if (what & NET_SOCKETS)
		holders_join(net);
	if (links)
		net_wires_make(net);
	net_fds_close(net);
}

/* One that nothing else leads to can be opened by its 64-bit id, where that is known (6.18). */
static void read_ids(struct scan *s, struct graph *g)
{
	for (size_t i = 0; i < g->nnamespaces; i++) {
		struct ns *ns = g->namespaces[i];

		if (ns->type == NS_NET && !ns->via && !ns->holders)
			scan_namespaces(s, g, &ns, 1, NEED_ID);
	}
}

static void list_namespaces(struct net *net)
{
	const struct graph *g = net->graph;
	/* Where the host is not in view, our own is what one starts from. */
	struct ns *host = g->host[NS_NET] ? g->host[NS_NET] : g->self[NS_NET];

	if (host)
		net_add(net, net_ns_new(net, host));
	for (size_t i = 0; i < g->nnamespaces; i++)
		if (g->namespaces[i]->type == NS_NET && g->namespaces[i] != host)
			net_add(net, net_ns_new(net, g->namespaces[i]));
	net_index_build(net);
}

static void read_only(struct net *net, unsigned what, struct ns *const *only, size_t n)
{
	struct net_ns **list = calloc(n + 1, sizeof(struct net_ns *));
	size_t count = 0;

	if (!list)
		die("out of memory");
	for (size_t i = 0; i < n; i++) {
		list[count] = net_find(net, only[i]);
		count += list[count] != NULL;
	}
	net_read(net, list, count, what);
	free(list);
}

int net_collect(struct scan *s, struct graph *g, unsigned what, struct ns *const *only, size_t n,
		struct net **out, struct error *err)
{
	struct net *net;

	if (scan_proc_fd(s) < 0)
		return error_set(err, -EOPNOTSUPP,
				 "the network can be read of a running host only, not of a copy of "
				 "its /proc");
	net = calloc(1, sizeof(*net));
	if (!net)
		die("out of memory");
	net->index = calloc(1, sizeof(*net->index));
	if (!net->index)
		die("out of memory");
	net->scan = s;
	net->graph = g;
	net->index->kept.size = sizeof(struct kept_socket);
	read_ids(s, g);
	list_namespaces(net);
	if (only)
		read_only(net, what, only, n);
	else
		net_read(net, net->list, net->n, what);
	*out = net;
	return 0;
}
