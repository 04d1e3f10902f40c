/* SPDX-License-Identifier: MIT */
/* Calls the rooms in order for commands about networks: targets, scan, networks, names. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/cleanup.h>
#include <nsview/net_picture.h>

#include "netview.h"

enum { AROUND_MAX = 64 };

/* "TARGET,N": cuts N off word, which is the caller's. */
static int parse_around(char *word, unsigned *out, struct error *err)
{
	char *comma = strrchr(word, ','), *end;
	long n;

	*out = 1;
	if (!comma)
		return 0;
	errno = 0;
	n = strtol(comma + 1, &end, 10);
	if (end == comma + 1 || *end || errno || n < 0 || n > AROUND_MAX)
		return error_set(err, -EINVAL,
				 "--around takes TARGET,N with N from 0 to %d, not \"%.64s\"",
				 AROUND_MAX, comma + 1);
	*comma = '\0';
	*out = (unsigned)n;
	return 0;
}

void netview_add_networks(struct selection *sel)
{
	for (size_t i = 0; i < sel->nprocesses; i++)
		if (sel->processes[i]->set->ns[NS_NET])
			selection_add_ns(sel, sel->processes[i]->set->ns[NS_NET]);
}

/* Why none is among what the targets stand for: one that could not be read is not none. */
static int no_network(const struct view *v, const struct selection *sel, const char *word,
		      struct error *err)
{
	const struct process *unread = view_unread(sel);

	if (unread)
		return error_set(err, unread->error,
				 "the network namespace of process %d could not be read: %s",
				 (int)unread->pid, view_unread_why(v, unread));
	for (size_t i = 0; i < sel->nprocesses; i++)
		if (sel->processes[i]->zombie)
			return error_set(err, -ESRCH,
					 "process %d has exited: it is in no network namespace any "
					 "more",
					 (int)sel->processes[i]->pid);
	return error_set(err, -ENOENT, "\"%.64s\" stands for no network namespace", word);
}

int netview_want_network(const struct view *v, const struct selection *sel, const char *word,
			 struct error *err)
{
	for (size_t i = 0; i < sel->nnamespaces; i++)
		if (sel->namespaces[i]->type == NS_NET)
			return 0;
	return no_network(v, sel, word, err);
}

/* Of what one looks around it is not known yet which others are near. */
static int collect(struct netview *n, unsigned what, struct error *err)
{
	const struct view *v = &n->view;
	bool all = !v->selected || n->around;

	return net_collect(v->scan, v->graph, what, all ? NULL : v->sel.namespaces,
			   v->sel.nnamespaces, &n->net, err);
}

static void choose(struct netview *n)
{
	const struct view *v = &n->view;

	n->chosen = calloc(n->net->n + v->sel.nnamespaces + 1, sizeof(struct net_ns *));
	if (!n->chosen)
		die("out of memory");
	for (size_t i = 0; i < n->net->n; i++) {
		const struct ns *ns = n->net->list[i]->ns;
		bool wanted = !v->selected;

		for (size_t k = 0; k < v->sel.nnamespaces && !wanted; k++)
			wanted = ns && v->sel.namespaces[k] == ns;
		if (wanted)
			n->chosen[n->nchosen++] = n->net->list[i];
	}
}

int netview_open(struct netview *n, const struct invocation *inv, const char *around, unsigned what,
		 struct error *err)
{
	autofree char *word = around ? strdup(around) : NULL;
	char *words[] = { word, NULL };
	int ret;

	*n = (struct netview){ .around = around != NULL };
	if (around && !word)
		die("out of memory");
	if (around && inv->nargs)
		return error_set(err, -EINVAL, "--around takes the place of targets");
	ret = around ? parse_around(word, &n->wires, err) : 0;
	if (ret == 0)
		ret = view_open(&n->view, inv, around ? words : inv->args, around ? 1 : inv->nargs,
				NEED_HOLDERS | NEED_SOCKETS | NEED_WAYS_IN, err);
	if (ret == 0)
		netview_add_networks(&n->view.sel);
	if (ret == 0 && n->view.selected)
		ret = netview_want_network(&n->view, &n->view.sel, around ? word : inv->args[0],
					   err);
	if (ret == 0)
		ret = collect(n, what, err);
	if (ret == 0)
		choose(n);
	return ret;
}

void netview_close(struct netview *n)
{
	free(n->chosen);
	net_free(n->net);
	view_close(&n->view);
}

static size_t holders_of(const struct net_ns *net, struct process **out)
{
	size_t n = 0;

	for (size_t i = 0; i < net->nsockets; i++)
		for (const struct net_holder *h = net->sockets[i].holders; h; h = h->next) {
			if (out)
				out[n] = h->process;
			n++;
		}
	return n;
}

static void read_holders(struct netview *n)
{
	struct process **list;
	size_t count = n->net->nwires, at = 0;

	for (size_t i = 0; i < n->nchosen; i++)
		count += holders_of(n->chosen[i], NULL);
	list = calloc(count + 1, sizeof(struct process *));
	if (!list)
		die("out of memory");
	for (size_t i = 0; i < n->nchosen; i++)
		at += holders_of(n->chosen[i], list + at);
	for (size_t i = 0; i < n->net->nwires; i++)
		if (n->net->wires[i].process)
			list[at++] = n->net->wires[i].process;
	view_read_processes(&n->view, list, at, NEED_COMM);
	free(list);
}

void netview_read_names(struct netview *n, unsigned needs)
{
	struct ns **list = calloc(n->net->n + 1, sizeof(struct ns *));
	size_t count = 0;

	if (!list)
		die("out of memory");
	for (size_t i = 0; i < n->net->n; i++)
		if (n->net->list[i]->ns)
			list[count++] = n->net->list[i]->ns;
	view_read_ns(&n->view, list, count,
		     NEED_COMM | NEED_CMDLINE | NEED_IDENTITY | (needs & NEEDS_OF_NS));
	free(list);
	read_holders(n);
}

int netview_attach(struct view *v, unsigned all, unsigned some, struct ns *const *list, size_t n,
		   struct error *err)
{
	struct netview own = { .view = *v };
	int ret = net_collect(v->scan, v->graph, all, NULL, 0, &own.net, err);

	if (ret < 0)
		return ret;
	own.chosen = calloc(n + 1, sizeof(struct net_ns *));
	if (!own.chosen)
		die("out of memory");
	for (size_t i = 0; i < n; i++) {
		own.chosen[own.nchosen] = net_find(own.net, list[i]);
		own.nchosen += own.chosen[own.nchosen] != NULL;
	}
	net_read(own.net, own.chosen, own.nchosen, some);
	netview_read_names(&own, 0);
	free(own.chosen);
	net_attach(own.net);
	return 0;
}

void netview_wiring(const struct netview *n, bool all, struct wiring *out)
{
	const struct view *v = &n->view;
	struct wiring_options opt = { .all = all };

	if (v->selected) {
		opt.around = v->sel.namespaces;
		opt.naround = v->sel.nnamespaces;
		opt.wires = n->around ? n->wires : 0;
	}
	opt.lanes_max = net_picture_lanes(v->term.width);
	wiring_build(n->net, &opt, out);
}

/* A table has what was chosen; in the picture the others are where wires lead. */
static size_t unread(const struct netview *n)
{
	struct net_ns *const *list = n->told ? n->chosen : n->net->list;
	size_t count = 0;

	for (size_t i = 0; i < (n->told ? n->nchosen : n->net->n); i++)
		count += list[i]->entry == NET_ENTRY_NONE;
	return count;
}

/* The first part of a table's that is not known, or not all of it; NULL where all is. */
static const struct net_known *unread_part(const struct net_ns *net, unsigned told)
{
	for (int part = 0; part < NET_PARTS; part++) {
		const struct net_known *known = &net->parts[part];

		if ((told >> part & 1) &&
		    (known->fact.state == FACT_DENIED || known->torn || known->missing))
			return known;
	}
	return NULL;
}

/* How many of those that were entered; of the first also what and why. */
static size_t partly_unread(const struct netview *n, const char **out_part, const char **out_why)
{
	size_t count = 0;

	for (size_t i = 0; i < n->nchosen; i++) {
		const struct net_ns *net = n->chosen[i];
		const struct net_known *known =
			net->entry == NET_ENTRY_NONE ? NULL : unread_part(net, n->told);

		if (known && !count++) {
			*out_part = net_part_names[known - net->parts];
			*out_why = known->why ? known->why : fact_why(known->fact);
		}
	}
	return count;
}

static size_t say_unread(const struct netview *n)
{
	const char *part = "", *why = "";
	size_t closed = unread(n), partly = partly_unread(n, &part, &why);

	if (closed && !n->view.inv->global.quiet)
		fprintf(stderr, "nsview: %zu network namespace%s could not be looked into\n",
			closed, closed == 1 ? "" : "s");
	if (partly && !n->view.inv->global.quiet)
		fprintf(stderr,
			"nsview: the %s of %zu network namespace%s could not be read, or not all: "
			"%s\n",
			part, partly, partly == 1 ? "" : "s", why);
	return closed + partly;
}

int netview_finish(struct netview *n, bool matched)
{
	int status = view_finish(&n->view, matched);
	bool hangs_on_it = n->view.inv->global.strict || status == EXIT_NO;

	return say_unread(n) && hangs_on_it ? EXIT_UNSURE : status;
}
