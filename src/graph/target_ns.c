/* SPDX-License-Identifier: MIT */
/*
 * Targets by facts of namespaces: a network namespace by the name that ip-netns(8) mounts it
 * under, user namespaces by a host uid that they map. Sees the mounts and maps that the graph
 * holds, and says where some of them are not known.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "target_internal.h"

/* Whether ns has that name; own: in the mount namespace of nsview, where ip(8) would look. */
static bool has_name(const struct graph *g, const struct ns *ns, const char *name, bool own)
{
	for (const struct holder *h = ns->holders; h; h = h->next) {
		const char *found = holder_netns_name(h);

		if (found && strcmp(found, name) == 0 &&
		    (!own || (h->mnt && h->mnt == g->self[NS_MNT])))
			return true;
	}
	return false;
}

/* Namespaces of that name. More than one of them: in different mount namespaces, or stacked. */
static size_t named(const struct graph *g, const char *name, bool own,
		    struct ns *out[CANDIDATES_SHOWN + 1])
{
	size_t n = 0;

	for (size_t i = 0; i < g->nnamespaces && n <= CANDIDATES_SHOWN; i++)
		if (g->namespaces[i]->type == NS_NET && has_name(g, g->namespaces[i], name, own))
			out[n++] = g->namespaces[i];
	return n;
}

static int netns_ambiguous(const struct target *t, struct ns *const *found, size_t n,
			   struct error *err)
{
	autobuffer list = BUFFER_INIT;
	autobuffer shown = BUFFER_INIT;

	for (size_t i = 0; i < n && i < CANDIDATES_SHOWN; i++)
		buffer_printf(&list, "%snet:[%" PRIu64 "]", i ? ", " : "", found[i]->ino);
	return error_set(err, -EEXIST, "%s may be any of %s%s", target_shown(&shown, t->word),
			 buffer_str(&list), n > CANDIDATES_SHOWN ? ", ..." : "");
}

static const char *nearest_name(const struct graph *g, const char *name)
{
	size_t n = 0;
	const char **names, *nearest;

	for (size_t i = 0; i < g->nnamespaces; i++)
		n += g->namespaces[i]->nholders;
	names = calloc(n + 1, sizeof(*names));
	if (!names)
		die("out of memory");
	n = 0;
	for (size_t i = 0; i < g->nnamespaces; i++) {
		const struct ns *ns = g->namespaces[i];

		for (const struct holder *h = ns->holders; h && ns->type == NS_NET; h = h->next)
			if (holder_netns_name(h))
				names[n++] = holder_netns_name(h);
	}
	nearest = target_nearest(name, names);
	free(names);
	return nearest;
}

static int netns_missing(const struct graph *g, const struct target *t, struct error *err)
{
	autobuffer text = BUFFER_INIT;
	autobuffer shown = BUFFER_INIT;
	const char *nearest = nearest_name(g, t->text);

	buffer_printf(&text, "there is no network namespace named \"%s\"",
		      target_shown(&shown, t->text));
	if (nearest)
		buffer_printf(&text, "; did you mean \"%s\"?", target_shown(&shown, nearest));
	if (g->completeness.unread_mounts)
		buffer_printf(&text, " (the mounts of %" PRIu32 " mount namespaces are not known)",
			      g->completeness.unread_mounts);
	return error_set(err, -ENOENT, "%s", buffer_str(&text));
}

int target_resolve_netns(const struct graph *g, const struct target *t, struct selection *sel,
			 struct error *err)
{
	struct ns *found[CANDIDATES_SHOWN + 1];
	size_t n = named(g, t->text, true, found);

	if (!n)
		n = named(g, t->text, false, found);
	if (!n)
		return netns_missing(g, t, err);
	if (n > 1)
		return netns_ambiguous(t, found, n, err);
	selection_add_ns(sel, found[0]);
	return 0;
}

static bool maps_uid(const struct ns *ns, uint32_t uid)
{
	const struct fact_ranges *map;

	if (!ns->facts || !fact_is_known(ns->facts->uid_map.fact))
		return false;
	map = &ns->facts->uid_map;
	return id_ranges_inside(map->ranges, map->count, uid) >= 0;
}

/* NONE is a map that was read and is empty. */
static bool map_read(const struct ns *ns)
{
	return ns->facts && (fact_is_known(ns->facts->uid_map.fact) ||
			     ns->facts->uid_map.fact.state == FACT_NONE);
}

/* Adds the initial namespaces that map it, or the others; how many. */
static size_t add_mapping(const struct graph *g, uint32_t uid, bool initial, struct selection *sel)
{
	size_t found = 0;

	for (size_t i = 0; i < g->nnamespaces; i++) {
		struct ns *ns = g->namespaces[i];

		if (ns->type != NS_USER || ns_is_host(g, ns) != initial || !maps_uid(ns, uid))
			continue;
		selection_add_ns(sel, ns);
		found++;
	}
	return found;
}

int target_resolve_uid(const struct graph *g, const struct target *t, struct selection *sel,
		       struct error *err)
{
	/* uid_parse takes no larger one. */
	uint32_t uid = (uint32_t)t->num;
	size_t unread = 0;

	/* The initial namespace maps every uid: that answers only when nothing else does. */
	if (add_mapping(g, uid, false, sel) || add_mapping(g, uid, true, sel))
		return 0;
	for (size_t i = 0; i < g->nnamespaces; i++)
		unread += g->namespaces[i]->type == NS_USER && !map_read(g->namespaces[i]);
	if (unread)
		return error_set(err, -ENOENT,
				 "no user namespace is known to map uid %" PRIu64
				 " (the maps of %zu are not known)",
				 t->num, unread);
	return error_set(err, -ENOENT, "no user namespace maps uid %" PRIu64, t->num);
}
