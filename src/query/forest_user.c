/* SPDX-License-Identifier: MIT */
/*
 * The tree by ownership: user namespaces nest, and each holds what it owns. Namespaces that tell
 * nothing more than another one, because they have the same members and owner, are folded into
 * that one's line. Knows owners, parents and members; does not know in which order a tree is
 * shown, nor how.
 */
#include <nsview/forest.h>

#include "forest_raw.h"

/* One entry for each namespace, by its position in the graph. */
struct user_tree {
	struct grove *gr;
	const struct ns **into; /* the namespace on whose line this one is told */
	long *node;		/* its raw node, -1 where it has none */
	long unseen;		/* the root for those whose owner is not known, -1 */
};

/* What the members of a namespace say about it. */
struct kinship {
	const struct ns *pidns;	 /* in which all of its members are */
	bool mixed;		 /* ... or they are not in one */
	uint32_t with[NS_TYPES]; /* pid: members that are known to have a namespace of that type */
};

/* The order of siblings: pid namespaces, then the others, user namespaces last. */
static const enum ns_type sibling_order[NS_TYPES] = {
	NS_PID, NS_CGROUP, NS_IPC, NS_MNT, NS_NET, NS_TIME, NS_UTS, NS_USER,
};

static bool may_fold(enum ns_type type)
{
	return type != NS_PID && type != NS_USER;
}

/* The host's namespaces are told on the line of the host's user namespace. */
static void fold_host(struct user_tree *u)
{
	const struct graph *g = u->gr->g;
	const struct ns *top = g->host[NS_USER];

	for (int type = 0; top && type < NS_TYPES; type++) {
		const struct ns *ns = g->host[type];

		if (ns && ns != top && (!ns->owner || ns->owner == top))
			u->into[grove_position(g, ns)] = top;
	}
}

static void kin_of_set(const struct graph *g, struct kinship *kin, const struct nsset *set)
{
	const struct ns *pidns = set->ns[NS_PID];

	for (int type = 0; type < NS_TYPES; type++) {
		const struct ns *ns = set->ns[type];
		struct kinship *k;

		if (!ns || !may_fold((enum ns_type)type))
			continue;
		k = &kin[grove_position(g, ns)];
		k->mixed = k->mixed || !pidns || (k->pidns && k->pidns != pidns);
		k->pidns = pidns;
		if (pidns)
			kin[grove_position(g, pidns)].with[type] += set->nprocs;
	}
}

/* Folds a namespace into the pid namespace that has the same members and the same owner. */
static void fold_kin(struct user_tree *u)
{
	const struct graph *g = u->gr->g;
	struct kinship *kin = arena_alloc(&u->gr->scratch, (g->nnamespaces + 1) * sizeof(*kin));

	for (size_t i = 0; i < g->nsets; i++)
		if (g->sets[i]->nprocs)
			kin_of_set(g, kin, g->sets[i]);
	for (size_t i = 0; i < g->nnamespaces; i++) {
		const struct ns *ns = g->namespaces[i], *pidns = kin[i].pidns;
		size_t at;

		if (!pidns || kin[i].mixed || u->into[i] || ns->nthreads)
			continue;
		at = grove_position(g, pidns);
		/* Zombies count in their pid namespace only, so nprocs cannot be compared. */
		if (!u->into[at] && ns->nprocs == kin[at].with[ns->type] &&
		    ns->owner == pidns->owner)
			u->into[i] = pidns;
	}
}

static void add_nodes(struct user_tree *u)
{
	const struct graph *g = u->gr->g;

	for (int rank = 0; rank < NS_TYPES; rank++)
		for (size_t i = 0; i < g->nnamespaces; i++) {
			const struct ns *ns = g->namespaces[i];

			if (ns->type != sibling_order[rank] || u->into[i])
				continue;
			u->node[i] = (long)u->gr->n;
			grove_add(u->gr, FOREST_NS)->node.ns = ns;
		}
}

static long node_of(const struct user_tree *u, const struct ns *ns)
{
	return ns ? u->node[grove_position(u->gr->g, ns)] : -1;
}

/* The root for what cannot be placed is added last, and only where it is needed. */
static long unseen_root(struct user_tree *u, struct fact why)
{
	if (u->unseen < 0) {
		u->unseen = (long)u->gr->n;
		grove_add(u->gr, FOREST_UNSEEN)->node.why = why;
	}
	return u->unseen;
}

static long node_above(struct user_tree *u, const struct ns *ns)
{
	const struct ns *owner = ns->owner;
	struct fact why = ns->owner_fact;
	long parent = node_of(u, ns->parent);

	if (ns->type == NS_PID && parent >= 0 && ns->parent->owner == owner)
		return parent;
	if (ns->type == NS_USER && ns->parent)
		return parent;
	if (ns->type == NS_USER && !owner)
		why = ns->parent_fact;
	if (owner)
		return node_of(u, owner);
	return ns->initial || why.state == FACT_NONE ? -1 : unseen_root(u, why);
}

static void hang_nodes(struct user_tree *u)
{
	const size_t n = u->gr->n; /* without the root that may be added meanwhile */

	for (size_t i = 0; i < n; i++)
		u->gr->nodes[i].node.parent = node_above(u, u->gr->nodes[i].node.ns);
}

/* Gives each node the list of the namespaces that were folded into it: a counting sort. */
static void list_folded(struct user_tree *u)
{
	const struct graph *g = u->gr->g;
	const struct ns **list =
		arena_alloc(u->gr->keep, (g->nnamespaces + 1) * sizeof(struct ns *));
	size_t used = 0;

	for (size_t i = 0; i < g->nnamespaces; i++)
		if (u->into[i])
			u->gr->nodes[node_of(u, u->into[i])].node.nwith++;
	for (size_t i = 0; i < u->gr->n; i++) {
		struct forest_node *node = &u->gr->nodes[i].node;

		node->with = list + used;
		used += node->nwith;
		node->nwith = 0;
	}
	for (size_t i = 0; i < g->nnamespaces; i++)
		if (u->into[i]) {
			struct forest_node *node = &u->gr->nodes[node_of(u, u->into[i])].node;

			list[(size_t)(node->with - list) + node->nwith++] = g->namespaces[i];
		}
}

static void mark_namespace(struct user_tree *u, size_t at, enum forest_mark mark)
{
	/* A folded namespace keeps the line on which it is told, not what is below that line. */
	if (u->into[at])
		grove_mark(u->gr, node_of(u, u->into[at]), MARK_KEPT);
	else
		grove_mark(u->gr, u->node[at], mark);
}

static void mark_selected(struct user_tree *u)
{
	const struct grove *gr = u->gr;

	for (size_t i = 0; i < gr->g->nnamespaces; i++)
		if (gr->chosen[i])
			mark_namespace(u, i, MARK_BELOW);
	for (size_t i = 0; i < gr->sel->nprocesses; i++)
		for (int link = 0; link < NS_LINKS; link++) {
			const struct ns *ns = gr->sel->processes[i]->set->ns[link];

			if (ns)
				mark_namespace(u, grove_position(gr->g, ns), MARK_KEPT);
		}
}

void grow_by_user(struct grove *gr)
{
	const size_t n = gr->g->nnamespaces + 1;
	struct user_tree u = { .gr = gr, .unseen = -1 };

	u.into = arena_alloc(&gr->scratch, n * sizeof(struct ns *));
	u.node = arena_alloc(&gr->scratch, n * sizeof(*u.node));
	for (size_t i = 0; i < n; i++)
		u.node[i] = -1;
	grove_reserve(gr, n + 1);
	fold_host(&u);
	fold_kin(&u);
	add_nodes(&u);
	hang_nodes(&u);
	list_folded(&u);
	mark_selected(&u);
}
