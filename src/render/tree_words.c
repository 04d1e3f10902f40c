/* SPDX-License-Identifier: MIT */
/*
 * How the node of a tree reads. A namespace: its name, who it belongs to, then what only its type
 * has. A process: its pid, its command, then what makes it differ from the one above. Knows
 * nothing of branches and of the width of a line.
 */
#include <string.h>

#include <nsview/who.h>

#include "tree.h"

static void say_owner(struct words *w, const struct ns *ns)
{
	struct fact_num uid = { 0 };

	if (ns->initial)
		uid.fact = fact_known(); /* belongs to uid 0, user_namespaces(7) */
	else if (ns->facts)
		uid = ns->facts->owner_uid;
	buffer_text(w->out, ", uid ");
	words_user(w, uid);
}

static void say_map(struct words *w, const struct ns *ns)
{
	struct fact_ranges map = { 0 };

	if (ns->initial)
		return;
	if (ns->facts)
		map = ns->facts->uid_map;
	buffer_text(w->out, ", ");
	if (!fact_is_known(map.fact) && map.fact.state != FACT_NONE) {
		buffer_text(w->out, "map ");
		words_unknown(w, map.fact);
	} else if (!map.count) {
		buffer_text(w->out, "no uid map");
	} else {
		words_range(w, &map.ranges[0]);
		if (map.count > 1)
			buffer_printf(w->out, " and %u more", map.count - 1);
	}
}

static void say_no_process(struct words *w, const struct ns *ns)
{
	static const char *const held[HOLDER_KINDS] = {
		[HOLD_PROC] = "",
		[HOLD_THREAD] = "thread",
		[HOLD_CHILDREN] = "for children",
		[HOLD_MOUNT] = "mount",
		[HOLD_FD] = "fd",
		[HOLD_SOCKET] = "socket",
		[HOLD_MEMORY] = "shared memory",
		[HOLD_OWNER] = "owns others",
		[HOLD_PARENT] = "has children",
		[HOLD_INFLIGHT] = "in flight",
		[HOLD_KERNEL] = "holder not seen",
	};
	enum holder_kind kind = ns_held(ns);

	buffer_printf(w->out, "  (no process: %s", held[kind]);
	/* Where it has no other name, WHO is the path already. */
	if (kind == HOLD_MOUNT && ns->holders->path &&
	    (ns_netns_name(ns) || ns_is_host(w->graph, ns))) {
		buffer_char(w->out, ' ');
		words_escape(w, ns->holders->path, strlen(ns->holders->path));
	}
	buffer_char(w->out, ')');
}

static void say_members(struct words *w, const struct ns *ns, const char *before)
{
	if (!ns->nprocs) {
		say_no_process(w, ns);
		return;
	}
	buffer_text(w->out, before);
	words_count(w, ns->nprocs, "proc", "procs");
}

/* Its first process stands for a pid namespace: the pid here and inside, and what runs. */
static void say_pidns(struct words *w, const struct ns *ns, struct line *line)
{
	bool named;

	w->out = &line->middle;
	named = ns->lead && !ns_is_host(w->graph, ns) && words_identity(w, ns->lead);
	if (!named)
		words_who_ns(w, ns);
	w->out = &line->tail;
	if (ns->lead) {
		buffer_text(w->out, "  ");
		words_pids(w, ns->lead);
	}
	if (named) {
		buffer_text(w->out, "  ");
		words_comm(w, ns->lead);
	}
	say_members(w, ns, "  ");
}

static void say_ns(struct words *w, const struct forest_node *node, struct line *line)
{
	const struct ns *ns = node->ns;

	w->out = &line->head;
	words_ns(w, ns);
	buffer_char(w->out, ' ');
	if (ns->type == NS_PID) {
		say_pidns(w, ns, line);
		return;
	}
	w->out = &line->middle;
	words_who_ns(w, ns);
	w->out = &line->tail;
	if (ns->type == NS_USER) {
		say_owner(w, ns);
		say_map(w, ns);
	}
	say_members(w, ns, ns->type == NS_USER ? ", " : "  ");
}

static const struct identity *identity_of(const struct process *p)
{
	if (!p || !p->facts || !fact_is_known(p->facts->identity_fact))
		return NULL;
	return p->facts->identity;
}

bool tree_identity_changes(const struct forest *f, const struct forest_node *node)
{
	const struct process *above = node->parent < 0 ? NULL : f->nodes[node->parent].process;
	const struct identity *mine = identity_of(node->process), *its = identity_of(above);

	if (!mine || !its)
		return mine != NULL;
	return strcmp(mine->kind, its->kind) != 0 || strcmp(mine->name, its->name) != 0;
}

static void say_differs(struct words *w, unsigned differs)
{
	const char *before = "  +";

	for (int type = 0; type < NS_TYPES; type++)
		if (differs & 1u << type) {
			buffer_printf(w->out, "%s%s", before, ns_types[type].name);
			before = " +";
		}
}

static void say_process(struct words *w, const struct forest *f, enum tree_by by,
			const struct forest_node *node, struct line *line)
{
	const struct process *p = node->process;

	w->out = &line->head;
	if (by == TREE_PID)
		words_pids(w, p);
	else
		buffer_printf(w->out, "%d", (int)p->pid);
	buffer_char(w->out, ' ');
	w->out = &line->middle;
	words_command(w, p);
	w->out = &line->tail;
	if (tree_identity_changes(f, node)) {
		buffer_text(w->out, "  ");
		words_identity(w, p);
	}
	say_differs(w, node->differs);
	if (node->nprocs > 1)
		buffer_printf(w->out, "  (%u procs)", node->nprocs);
	if (p->zombie)
		buffer_text(w->out, "  (zombie)");
	if (p->error)
		buffer_printf(w->out, "  namespaces ? (%s)", fact_why(fact_from_error(p->error)));
}

void tree_say(struct words *w, const struct forest *f, enum tree_by by,
	      const struct forest_node *node, struct line *line)
{
	switch (node->kind) {
	case FOREST_NS:
		say_ns(w, node, line);
		break;
	case FOREST_PROCESS:
		say_process(w, f, by, node, line);
		break;
	case FOREST_UNSEEN:
		buffer_text(&line->head, by == TREE_USER ? "owner" : "parent");
		buffer_text(&line->head, " not visible");
		buffer_printf(&line->middle, " (%s)", fact_why(node->why));
		break;
	}
}
