/* SPDX-License-Identifier: MIT */
/*
 * What a parsed TARGET stands for in a graph: processes and namespaces by their numbers here, by
 * identity and by facts in the files beside it. Knows nothing that is not in the graph; where
 * something could not be read, a refusal says so, since the answer may hide there.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "target_internal.h"

typedef int (*resolver)(const struct graph *g, const struct target *t, struct selection *sel,
			struct error *err);

static int resolve_pid(const struct graph *g, const struct target *t, struct selection *sel,
		       struct error *err)
{
	struct process *p = t->num <= INT32_MAX ? graph_process(g, (pid_t)t->num) : NULL;

	if (!p && strcmp(t->text, "self") == 0)
		return error_set(err, -ENOENT, "self: the process of nsview is not in this view");
	if (!p)
		return error_set(err, -ENOENT, "there is no process %" PRIu64, t->num);
	selection_add_process(sel, p);
	return 0;
}

/* "net:[4026531840]", or the number alone where the type is not known. */
static const char *ns_name(char out[64], int type, uint64_t ino)
{
	if (type < 0)
		snprintf(out, 64, "%" PRIu64, ino);
	else
		snprintf(out, 64, "%s:[%" PRIu64 "]", ns_types[type].name, ino);
	return out;
}

/* The namespace of that type, any type for -1; -ENOENT with what there is instead. */
static int find_ns(const struct graph *g, int type, uint64_t ino, struct ns **out,
		   struct error *err)
{
	const struct ns *other;
	char name[64];

	*out = type < 0 ? graph_find_ino(g, ino) : graph_find(g, (enum ns_type)type, ino);
	if (*out)
		return 0;
	ns_name(name, type, ino);
	other = graph_find_ino(g, ino);
	if (other)
		return error_set(err, -ENOENT,
				 "there is no namespace %s: %" PRIu64 " is a %s namespace", name,
				 ino, ns_types[other->type].title);
	return error_set(err, -ENOENT, "there is no namespace %s", name);
}

static int resolve_ns(const struct graph *g, const struct target *t, struct selection *sel,
		      struct error *err)
{
	struct ns *ns;
	int rc = find_ns(g, t->type, t->num, &ns, err);

	if (!rc)
		selection_add_ns(sel, ns);
	return rc;
}

static int resolve_path(const struct graph *g, const struct target *t, struct selection *sel,
			struct error *err)
{
	autobuffer shown = BUFFER_INIT;
	struct ns *ns;
	int rc;

	if (!t->ns)
		return error_set(err, -ENOTSUP, "%s: a path says nothing without the host it is on",
				 target_shown(&shown, t->text));
	rc = find_ns(g, -1, t->ns, &ns, err);
	if (!rc)
		selection_add_ns(sel, ns);
	return rc;
}

static int resolve_mount(const struct graph *g, const struct target *t, struct selection *sel,
			 struct error *err)
{
	autobuffer shown = BUFFER_INIT;

	(void)g;
	(void)sel;
	return error_set(err, -ENOTSUP, "mount:%s: mounts are not part of a view",
			 target_shown(&shown, t->text));
}

/* How many levels p lives below the pid namespace, 0 for a member; -1 where it is elsewhere. */
static int level_below(const struct process *p, const struct ns *pidns)
{
	const struct ns *ns = p->set ? p->set->ns[NS_PID] : NULL;

	/* Bounded: a damaged snapshot may hold a ring of parents. */
	for (int level = 0; ns && level < PROC_LEVELS; level++, ns = ns->parent)
		if (ns == pidns)
			return level;
	return -1;
}

/* NSpid ends with the number in the process's own namespace and goes outwards from there. */
static bool is_inner_pid(const struct process_facts *facts, int level, uint64_t pid)
{
	return (uint32_t)level < facts->nspid_count &&
	       (uint64_t)facts->nspid[facts->nspid_count - 1 - (uint32_t)level] == pid;
}

/* Whether p may be in any pid namespace, since its links were kept from us. */
static bool hides_pidns(const struct process *p)
{
	return p->error && !(p->set && p->set->ns[NS_PID]);
}

static struct fact inner_why(const struct process *p, int level)
{
	static const struct fact unread = { FACT_UNREAD, 0 };

	if (level < 0)
		return fact_from_error(p->error);
	return p->facts ? p->facts->nspid_fact : unread;
}

static int inner_missing(const struct target *t, unsigned unread, struct fact why,
			 struct error *err)
{
	if (!unread)
		return error_set(err, -ENOENT,
				 "no process is number %" PRIu64 " inside pid:[%" PRIu64 "]",
				 t->num, t->ns);
	return error_set(err, -ENOENT,
			 "no process is known to be number %" PRIu64 " inside pid:[%" PRIu64
			 "] (not known of %u: %s)",
			 t->num, t->ns, unread, fact_why(why));
}

static int resolve_inner(const struct graph *g, const struct target *t, struct selection *sel,
			 struct error *err)
{
	struct fact why = { FACT_UNREAD, 0 };
	unsigned unread = 0;
	struct ns *pidns;
	int rc = find_ns(g, NS_PID, t->ns, &pidns, err);

	if (rc)
		return rc;
	for (size_t i = 0; i < g->nprocesses; i++) {
		struct process *p = g->processes[i];
		int level = level_below(p, pidns);

		if (level < 0 && !hides_pidns(p))
			continue;
		if (level < 0 || !p->facts || !fact_is_known(p->facts->nspid_fact)) {
			unread++;
			why = inner_why(p, level);
		} else if (is_inner_pid(p->facts, level, t->num)) {
			selection_add_process(sel, p);
			return 0;
		}
	}
	return inner_missing(t, unread, why, err);
}

int target_resolve(const struct graph *g, const struct target *t, struct selection *sel,
		   struct error *err)
{
	static const resolver resolvers[] = {
		[TARGET_PID] = resolve_pid,
		[TARGET_NS] = resolve_ns,
		[TARGET_INNER] = resolve_inner,
		[TARGET_PATH] = resolve_path,
		[TARGET_NETNS] = target_resolve_netns,
		[TARGET_CTR] = target_resolve_ctr,
		[TARGET_UNIT] = target_resolve_unit,
		[TARGET_MOUNT] = resolve_mount,
		[TARGET_UID] = target_resolve_uid,
		[TARGET_IFACE] = target_resolve_network,
		[TARGET_IP] = target_resolve_network,
		[TARGET_MAC] = target_resolve_network,
		[TARGET_PORT] = target_resolve_network,
	};

	return resolvers[t->kind](g, t, sel, err);
}
