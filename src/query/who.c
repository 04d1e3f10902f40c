/* SPDX-License-Identifier: MIT */
/*
 * The best short name for a namespace or a process. Knows the order of what names a thing: the
 * host, an identity, a name in the file system, a command line, and last what merely holds it.
 * Reads facts from the graph only; a name that was not read is not guessed.
 */
#include <string.h>

#include <nsview/who.h>

#include "internal.h"

static struct fact_text comm_of(const struct process *p)
{
	return p->facts ? p->facts->comm : (struct fact_text){ 0 };
}

static const struct identity *identity_of(const struct process *p)
{
	if (!p->facts || !fact_is_known(p->facts->identity_fact))
		return NULL;
	return p->facts->identity;
}

static void put_comm(const struct process *p, const char *before, const char *after,
		     struct buffer *out)
{
	struct fact_text comm = comm_of(p);

	if (!fact_is_known(comm.fact))
		return;
	buffer_text(out, before);
	buffer_append(out, comm.data, comm.len);
	buffer_text(out, after);
}

void who_identity(const struct identity *id, struct buffer *out)
{
	buffer_text(out, id->kind);
	buffer_char(out, ':');
	buffer_text(out, id->name);
}

void who_cmdline(struct fact_text cmdline, struct buffer *out)
{
	size_t len = cmdline.len, start = out->len;

	/* Programs that rewrite their title leave the rest of the area as NULs. */
	while (len && !cmdline.data[len - 1])
		len--;
	buffer_append(out, cmdline.data, len);
	for (size_t i = start; i < out->len; i++)
		if (!out->data[i])
			out->data[i] = ' ';
}

struct fact who_command(const struct process *p, struct buffer *out)
{
	struct fact_text comm = comm_of(p);
	struct fact_text cmdline = p->facts ? p->facts->cmdline : comm;
	size_t start = out->len;

	if (fact_is_known(cmdline.fact))
		who_cmdline(cmdline, out);
	if (out->len > start)
		return fact_known();
	if (!fact_is_known(comm.fact))
		return fact_is_known(cmdline.fact) || cmdline.fact.state == FACT_NONE
			       ? comm.fact
			       : cmdline.fact;
	/* Brackets only where it is known that there is no command line: kernel threads, zombies.
	 */
	if (fact_is_known(cmdline.fact) || cmdline.fact.state == FACT_NONE)
		put_comm(p, "[", "]", out);
	else
		put_comm(p, "", "", out);
	return fact_known();
}

static void put_command(const struct process *p, const char *before, struct buffer *out)
{
	autobuffer text = BUFFER_INIT;

	if (!fact_is_known(who_command(p, &text)))
		return;
	buffer_text(out, before);
	buffer_append(out, text.data, text.len);
}

struct fact who_process(const struct process *p, bool with_command, struct buffer *out)
{
	const struct identity *id = identity_of(p);

	if (!id)
		return who_command(p, out);
	who_identity(id, out);
	if (with_command)
		put_comm(p, " ", "", out);
	return fact_known();
}

const struct process *ns_subject(const struct ns *ns)
{
	return ns->lead ? ns->lead : ns->via;
}

const struct holder *ns_holder_of(const struct ns *ns, enum holder_kind kind)
{
	for (const struct holder *h = ns->holders; h; h = h->next)
		if (h->kind == kind)
			return h;
	return NULL;
}

const struct holder *ns_mount(const struct graph *g, const struct ns *ns)
{
	const struct holder *elsewhere = NULL;

	for (const struct holder *h = ns->holders; h; h = h->next) {
		if (h->kind != HOLD_MOUNT || h->reason != REASON_PLAIN || !h->path)
			continue;
		if (h->mnt && h->mnt == g->self[NS_MNT])
			return h;
		/* One that a process sees can be reached through it. */
		if (!elsewhere || (!elsewhere->process && h->process))
			elsewhere = h;
	}
	return elsewhere;
}

const char *ns_netns_name(const struct ns *ns)
{
	if (ns->type != NS_NET)
		return NULL;
	for (const struct holder *h = ns->holders; h; h = h->next) {
		const char *name = holder_netns_name(h);

		if (name)
			return name;
	}
	return NULL;
}

static struct fact who_host(const struct ns *ns, struct buffer *out)
{
	buffer_text(out, "host");
	if (ns->lead)
		put_comm(ns->lead, " (", ")", out);
	return fact_known();
}

/* A task that leads there: a member, a thread, or one that only has it for its children. */
static struct fact who_task(const struct ns *ns, struct buffer *out)
{
	const struct process *p = ns_subject(ns);
	struct fact fact;

	if (!ns->lead && (int)ns->via_link >= NS_TYPES) {
		buffer_text(out, "for children of ");
		buffer_uint(out, (uint64_t)p->pid);
		put_command(p, " ", out);
		return fact_known();
	}
	fact = who_process(p, true, out);
	if (!ns->lead && ns->via_tid && fact_is_known(fact)) {
		buffer_text(out, " (thread ");
		buffer_uint(out, (uint64_t)ns->via_tid);
		buffer_char(out, ')');
	}
	return fact;
}

static void put_descriptor(const struct holder *h, struct buffer *out)
{
	buffer_text(out, "pid ");
	buffer_uint(out, (uint64_t)h->process->pid);
	if (h->fd >= 0) {
		buffer_text(out, " fd ");
		buffer_uint(out, (uint64_t)h->fd);
	} else {
		buffer_text(out, " (shared memory)");
	}
	if (h->reason == REASON_UNMOUNTED)
		buffer_text(out, " (name deleted)");
}

/* A file system that belongs to it, as a procfs does; or what has no name. */
static struct fact who_other(const struct ns *ns, struct buffer *out)
{
	for (const struct holder *h = ns->holders; h; h = h->next) {
		if (h->reason == REASON_ORPHAN) {
			buffer_text(out, "a TCP connection of no process");
			return fact_known();
		}
		/* One without a path is mounted where nobody sees it. */
		if (h->kind != HOLD_MOUNT || !h->path)
			continue;
		buffer_text(out, h->reason == REASON_PROCFS ? "procfs " : "file system ");
		buffer_text(out, h->path);
		return fact_known();
	}
	return fact_none();
}

static struct fact who_count(const char *before, uint32_t n, struct buffer *out)
{
	buffer_text(out, before);
	buffer_uint(out, n);
	buffer_text(out, n == 1 ? " namespace" : " namespaces");
	return fact_known();
}

/* No task leads there. */
static struct fact who_holder(const struct graph *g, const struct ns *ns, struct buffer *out)
{
	static const enum holder_kind descriptors[] = { HOLD_FD, HOLD_SOCKET, HOLD_MEMORY,
							HOLD_INFLIGHT };
	const struct holder *h = ns_mount(g, ns);

	if (h) {
		buffer_text(out, h->path);
		if (!h->process && h->mnt && h->mnt != g->self[NS_MNT]) {
			buffer_text(out, " in mnt:[");
			buffer_uint(out, h->mnt->ino);
			buffer_char(out, ']');
		}
		return fact_known();
	}
	for (size_t i = 0; i < sizeof(descriptors) / sizeof(*descriptors); i++) {
		h = ns_holder_of(ns, descriptors[i]);
		if (h && h->process) {
			put_descriptor(h, out);
			return fact_known();
		}
	}
	if (ns->nowned)
		return who_count("owns ", ns->nowned, out);
	if (ns->nsubs)
		return who_count("parent of ", ns->nsubs, out);
	return who_other(ns, out);
}

struct fact who_namespace(const struct graph *g, const struct ns *ns, struct buffer *out)
{
	const struct process *p = ns_subject(ns);
	const struct identity *id = p ? identity_of(p) : NULL;
	const char *name;

	if (ns_is_host(g, ns))
		return who_host(ns, out);
	/* A container's name is worth more than that of its network, a login session's is not. */
	name = id && id->container ? NULL : ns_netns_name(ns);
	if (name) {
		buffer_text(out, "netns:");
		buffer_text(out, name);
		return fact_known();
	}
	return p ? who_task(ns, out) : who_holder(g, ns, out);
}
