/* SPDX-License-Identifier: MIT */
/*
 * The pages of `nsview show` as JSON: every column of `nsview ls` and of `nsview ps`, and beside
 * them what no column holds: chains, holders, members, threads. Reads the graph only.
 */
#include <errno.h>
#include <string.h>

#include <nsview/render.h>
#include <nsview/who.h>

#include "net_json.h"
#include "show.h"

enum { ANCESTORS_MAX = 64 /* twice what the kernel lets nest */ };

static void write_columns(struct json *j, const struct column_table *table, const struct row *row,
			  struct value *scratch)
{
	for (const struct column *c = table->columns; c->heading; c++)
		document_cell(j, c, row, scratch);
}

static void write_ns(struct json *j, const char *key, const struct ns *ns)
{
	json_begin_object(j, key);
	json_str(j, "type", ns_types[ns->type].name);
	json_uint(j, "ns", ns->ino);
	json_end_object(j);
}

static void write_ancestors(struct json *j, const struct ns *ns)
{
	json_begin_array(j, "ancestors");
	for (int n = 0; ns->parent && n < ANCESTORS_MAX; n++, ns = ns->parent)
		json_uint(j, NULL, ns->parent->ino);
	json_end_array(j);
}

static void write_optional(struct json *j, const char *key, long value, bool given)
{
	if (given)
		json_int(j, key, value);
	else
		json_none(j, key);
}

static void write_init_ended(struct json *j, const struct ns *ns)
{
	struct fact ended = ns->facts ? ns->facts->init_ended : (struct fact){ 0 };

	if (ns->type != NS_PID)
		json_none(j, "init_ended");
	else if (fact_is_known(ended) || ended.state == FACT_NONE)
		json_bool(j, "init_ended", fact_is_known(ended));
	else
		json_unknown(j, "init_ended", fact_why(ended));
}

static void write_holders(struct json *j, const struct ns *ns)
{
	json_begin_array(j, "holders");
	for (const struct holder *h = ns->holders; h; h = h->next) {
		json_begin_object(j, NULL);
		json_str(j, "kind", holder_names[h->kind]);
		if (holder_reason_names[h->reason])
			json_str(j, "reason", holder_reason_names[h->reason]);
		else
			json_none(j, "reason");
		write_optional(j, "pid", h->process ? h->process->pid : 0, h->process != NULL);
		write_optional(j, "tid", h->tid, h->tid != 0);
		write_optional(j, "fd", h->fd, h->fd >= 0);
		if (h->path)
			json_str(j, "path", h->path);
		else
			json_none(j, "path");
		if (h->mnt)
			json_uint(j, "mnt", h->mnt->ino);
		else
			json_none(j, "mnt");
		json_end_object(j);
	}
	json_end_array(j);
}

/* Of a mount namespace that no process is in. */
static void write_mounts(struct json *j, const struct ns *ns)
{
	struct fact_mounts mounts = ns->facts ? ns->facts->mounts : (struct fact_mounts){ 0 };

	if (ns->type != NS_MNT) {
		json_none(j, "mounts");
		return;
	}
	if (!fact_is_known(mounts.fact)) {
		json_unknown(j, "mounts", fact_why(mounts.fact));
		return;
	}
	json_begin_array(j, "mounts");
	for (uint32_t i = 0; i < mounts.count; i++) {
		json_begin_object(j, NULL);
		json_str(j, "point", mounts.list[i].point);
		json_str(j, "fstype", mounts.list[i].fstype);
		json_str(j, "source", mounts.list[i].source);
		json_end_object(j);
	}
	json_end_array(j);
}

static void write_members(struct json *j, const struct graph *g, const struct ns *ns)
{
	json_begin_array(j, "member_pids");
	for (size_t i = 0; i < g->nprocesses && ns->nprocs; i++)
		if (process_in(g->processes[i], ns))
			json_int(j, NULL, g->processes[i]->pid);
	json_end_array(j);
}

/* The members whose facts were read, as the page in words has them. */
static void write_first_members(struct json *j, const struct graph *g, const struct ns *ns,
				struct value *scratch)
{
	static const char *const keys[] = { "pid", "nspid", "comm", "identity", "command" };
	const struct process *p = NULL;

	json_begin_array(j, "members");
	for (unsigned n = 0; n < SHOW_MEMBERS && n < ns->nprocs; n++) {
		p = ns_next_member(g, ns, p);
		if (!p)
			break;
		json_begin_object(j, NULL);
		for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
			document_cell(j, column_find(&process_columns, keys[i], strlen(keys[i])),
				      &(struct row){ .graph = g, .process = p }, scratch);
		json_end_object(j);
	}
	json_end_array(j);
}

static void write_stray(void *ctx, const struct stray *stray)
{
	struct json *j = ctx;

	json_begin_object(j, NULL);
	json_int(j, "pid", stray->process->pid);
	write_optional(j, "tid", stray->tid, stray->tid != 0);
	json_str(j, "link", ns_links[stray->link].name);
	json_end_object(j);
}

static void write_owned(struct json *j, const struct graph *g, const struct ns *ns)
{
	unsigned counts[NS_TYPES];
	int error = g->completeness.ancestors_error;

	if (ns->type != NS_USER) {
		json_none(j, "owned_by_type");
		return;
	}
	if (error) { /* nobody could be asked for an owner */
		json_unknown(j, "owned_by_type", fact_why(fact_from_error(error)));
		return;
	}
	owned_by_type(g, ns, counts);
	json_begin_object(j, "owned_by_type");
	for (int type = 0; type < NS_TYPES; type++)
		json_uint(j, ns_types[type].name, counts[type]);
	json_end_object(j);
}

/* Of a network namespace, where its network was collected. */
static void write_network(struct json *j, const struct graph *g, const struct ns *ns)
{
	const struct net_ns *net = g->net ? net_find(g->net, ns) : NULL;

	if (net)
		net_json_ns(j, "network", g, net);
	else
		json_none(j, "network");
}

static void write_namespace(struct json *j, const struct graph *g, const struct ns *ns,
			    struct value *scratch)
{
	const char *name = ns_netns_name(ns);

	json_begin_object(j, NULL);
	write_columns(j, &ns_columns, &(struct row){ .graph = g, .ns = ns }, scratch);
	if (name)
		json_str(j, "netns_name", name);
	else
		json_none(j, "netns_name");
	write_ancestors(j, ns);
	write_owned(j, g, ns);
	write_holders(j, ns);
	write_mounts(j, ns);
	write_init_ended(j, ns);
	write_network(j, g, ns);
	write_members(j, g, ns);
	write_first_members(j, g, ns, scratch);
	json_begin_array(j, "threads");
	stray_threads(g, ns, write_stray, j);
	json_end_array(j);
	json_begin_array(j, "for_children_of");
	stray_children(g, ns, write_stray, j);
	json_end_array(j);
	json_end_object(j);
}

static void write_links(struct json *j, const struct graph *g, const struct process *p)
{
	json_begin_array(j, "links");
	for (int link = 0; link < NS_LINKS; link++) {
		const struct ns *ns = p->set->ns[link];

		json_begin_object(j, NULL);
		json_str(j, "link", ns_links[link].name);
		if (ns) {
			json_uint(j, "ns", ns->ino);
			json_bool(j, "host", ns_is_host(g, ns));
			json_uint(j, "nprocs", ns->nprocs);
		} else if (p->error) {
			json_unknown(j, "ns", fact_why(fact_from_error(p->error)));
		} else {
			json_none(j, "ns");
		}
		json_end_object(j);
	}
	json_end_array(j);
}

static void write_thread(struct json *j, const struct thread *t)
{
	json_begin_object(j, NULL);
	json_int(j, "tid", t->tid);
	for (int link = 0; link < NS_LINKS; link++)
		if (t->ns[link] && t->ns[link] != t->process->set->ns[link])
			write_ns(j, ns_links[link].name, t->ns[link]);
	json_end_object(j);
}

/* Where the name in the identity was found, if not in the evidence. */
static void write_name_source(struct json *j, const struct process *p)
{
	const struct process_facts *f = p->facts;
	const char *source = f && fact_is_known(f->identity_fact) ? f->identity->name_source : NULL;

	if (source)
		json_str(j, "name_source", source);
	else
		json_none(j, "name_source");
}

static void write_process(struct json *j, const struct graph *g, const struct process *p,
			  struct value *scratch)
{
	json_begin_object(j, NULL);
	write_columns(j, &process_columns, &(struct row){ .graph = g, .process = p }, scratch);
	write_name_source(j, p);
	json_bool(j, "zombie", p->zombie);
	write_links(j, g, p);
	json_begin_array(j, "threads_elsewhere");
	for (const struct thread *t = p->threads; t; t = t->next)
		write_thread(j, t);
	json_end_array(j);
	json_end_object(j);
}

int show_json(const struct term *t, const struct graph *g, struct ns *const *nss, size_t nns,
	      struct process *const *processes, size_t nprocesses)
{
	struct json j = { .out = t->out, .pretty = true };
	struct value scratch = VALUE_INIT;

	document_begin(&j, g);
	json_begin_array(&j, "namespaces");
	for (size_t i = 0; i < nns; i++)
		write_namespace(&j, g, nss[i], &scratch);
	json_end_array(&j);
	json_begin_array(&j, "processes");
	for (size_t i = 0; i < nprocesses; i++)
		write_process(&j, g, processes[i], &scratch);
	json_end_array(&j);
	document_end(&j);
	value_release(&scratch);
	return ferror(t->out) ? -EIO : 0;
}
