/* SPDX-License-Identifier: MIT */
/*
 * Targets by what processes belong to: containers by name, kind and name, or id, and units. Reads
 * the identities in the graph and derives none. A name is chosen by whoever started the container:
 * two may share it, and it is escaped wherever a sentence repeats it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "target_internal.h"

/* How well a container fits what was typed; only the best fits count. */
enum fit { FIT_NONE, FIT_PREFIX, FIT_EXACT };

/* Shorter than this, an id prefix is too likely to be met by chance. */
enum { PREFIX_MIN = 2, SHORT_ID = 12 };

static const struct identity *identity_of(const struct process *p)
{
	return p->facts && fact_is_known(p->facts->identity_fact) ? p->facts->identity : NULL;
}

static bool identity_read(const struct process *p)
{
	return p->facts && (fact_is_known(p->facts->identity_fact) ||
			    p->facts->identity_fact.state == FACT_NONE);
}

static enum fit container_fit(const struct process *p, const char *text)
{
	const struct identity *id = identity_of(p);
	size_t kind, len = strlen(text);

	if (!id || !id->container)
		return FIT_NONE;
	kind = strlen(id->kind);
	if (strcmp(id->name, text) == 0 || strcmp(id->id, text) == 0)
		return FIT_EXACT;
	if (strncmp(id->kind, text, kind) == 0 && text[kind] == ':' &&
	    strcmp(id->name, text + kind + 1) == 0)
		return FIT_EXACT;
	return len >= PREFIX_MIN && strncmp(id->id, text, len) == 0 ? FIT_PREFIX : FIT_NONE;
}

static bool same_container(const struct identity *a, const struct identity *b)
{
	return a == b || (strcmp(a->kind, b->kind) == 0 && strcmp(a->id, b->id) == 0);
}

/* Different containers that fit equally well; one more than is shown tells that there are more. */
struct candidates {
	const struct identity *at[CANDIDATES_SHOWN + 1];
	size_t n;
	enum fit fit;
	bool by_user; /* all of them are */
};

static void candidates_add(struct candidates *c, const struct identity *id, enum fit fit)
{
	if (fit > c->fit || (fit == c->fit && c->by_user && id && !id->by_user))
		*c = (struct candidates){ .fit = fit, .by_user = id && id->by_user };
	if (fit == FIT_NONE || fit < c->fit || c->n > CANDIDATES_SHOWN)
		return;
	/* What a user's program says of itself cannot make a name of the host's ambiguous. */
	if (id->by_user && !c->by_user)
		return;
	for (size_t i = 0; i < c->n; i++)
		if (same_container(c->at[i], id))
			return;
	c->at[c->n++] = id;
}

static int ambiguous(const struct target *t, const struct candidates *c, struct error *err)
{
	autobuffer list = BUFFER_INIT;
	autobuffer shown = BUFFER_INIT;
	autobuffer id = BUFFER_INIT;

	for (size_t i = 0; i < c->n && i < CANDIDATES_SHOWN; i++) {
		buffer_clear(&id);
		buffer_append(&id, c->at[i]->id, strnlen(c->at[i]->id, SHORT_ID));
		buffer_printf(&list, "%s%s:%s", i ? ", " : "", c->at[i]->kind,
			      target_shown(&shown, c->at[i]->name));
		buffer_printf(&list, " (%s)", target_shown(&shown, buffer_str(&id)));
	}
	return error_set(err, -EEXIST, "%s may be any of %s%s", target_shown(&shown, t->word),
			 buffer_str(&list), c->n > CANDIDATES_SHOWN ? ", ..." : "");
}

static bool is_container(const struct identity *id)
{
	return id->container;
}

static const char *nearest_name(const struct graph *g, const char *text,
				bool (*fits)(const struct identity *id))
{
	const char **names = calloc(g->nprocesses + 1, sizeof(*names)), *nearest;
	size_t n = 0;

	if (!names)
		die("out of memory");
	for (size_t i = 0; i < g->nprocesses; i++) {
		const struct identity *id = identity_of(g->processes[i]);

		if (id && fits(id))
			names[n++] = id->name;
	}
	nearest = target_nearest(text, names);
	free(names);
	return nearest;
}

/* A container without a name: its engine gives none, or keeps it where only root reads. */
static bool is_nameless(const struct process *p)
{
	const struct identity *id = identity_of(p);
	size_t len = id ? strlen(id->name) : 0;

	return id && id->container && !id->name_source && strncmp(id->id, id->name, len) == 0 &&
	       id->id[len];
}

static int owner_missing(const struct graph *g, const struct target *t, const char *what,
			 bool (*fits)(const struct identity *id), struct error *err)
{
	autobuffer text = BUFFER_INIT;
	autobuffer shown = BUFFER_INIT;
	const char *nearest = nearest_name(g, t->text, fits);
	size_t unread = 0, nameless = 0;

	for (size_t i = 0; i < g->nprocesses; i++) {
		unread += !identity_read(g->processes[i]);
		nameless += is_nameless(g->processes[i]);
	}
	buffer_printf(&text, "there is no %s \"%s\"", what, target_shown(&shown, t->text));
	if (nearest)
		buffer_printf(&text, "; did you mean \"%s\"?", target_shown(&shown, nearest));
	if (unread)
		buffer_printf(&text, " (what %zu of %zu processes belong to is not known)", unread,
			      g->nprocesses);
	if (g->completeness.unread_names)
		buffer_text(&text,
			    " (without jansson, which cannot be loaded, a container is known "
			    "by its id alone)");
	else if (nameless && fits == is_container)
		buffer_text(&text, " (some are known by their id alone: nsview ps has them)");
	return error_set(err, -ENOENT, "%s", buffer_str(&text));
}

static bool is_unit(const struct identity *id)
{
	return strcmp(id->kind, "unit") == 0;
}

int target_resolve_ctr(const struct graph *g, const struct target *t, struct selection *sel,
		       struct error *err)
{
	struct candidates c = { .fit = FIT_NONE };
	size_t before = sel->nprocesses;

	for (size_t i = 0; i < g->nprocesses; i++)
		candidates_add(&c, identity_of(g->processes[i]),
			       container_fit(g->processes[i], t->text));
	if (!c.n)
		return owner_missing(g, t, "container", is_container, err);
	if (c.n > 1)
		return ambiguous(t, &c, err);
	for (size_t i = 0; i < g->nprocesses; i++) {
		const struct identity *id = identity_of(g->processes[i]);

		if (id && id->container && same_container(id, c.at[0]))
			selection_append_process(sel, g->processes[i], before);
	}
	return 0;
}

static bool unit_fits(const struct identity *id, const char *text)
{
	size_t len = strlen(text);

	return is_unit(id) && strncmp(id->name, text, len) == 0 &&
	       (!id->name[len] || strcmp(id->name + len, ".service") == 0);
}

int target_resolve_unit(const struct graph *g, const struct target *t, struct selection *sel,
			struct error *err)
{
	size_t before = sel->nprocesses;
	bool found = false;

	for (size_t i = 0; i < g->nprocesses; i++) {
		const struct identity *id = identity_of(g->processes[i]);

		if (!id || !unit_fits(id, t->text))
			continue;
		selection_append_process(sel, g->processes[i], before);
		found = true;
	}
	return found ? 0 : owner_missing(g, t, "unit", is_unit, err);
}
