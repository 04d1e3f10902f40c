/* SPDX-License-Identifier: MIT */
/*
 * Who a process belongs to, by the text of its cgroup file alone: which of its lines (v1, v2 and
 * hybrid hosts differ) tells most. What a path means is identity_path.c's. Allocates only when
 * something is claimed.
 */
#include <string.h>

#include <nsview/identity.h>

#include "identity_claim.h"
#include "identity_parts.h"

/* Lines in the order of trust: v2, then systemd's own hierarchy, then the controllers. */
enum { RANK_V2, RANK_SYSTEMD, RANK_CONTROLLER, RANKS };

static unsigned line_rank(const struct cgroup_line *line)
{
	if (line->hierarchy == 0 && line->controllers.len == 0)
		return RANK_V2;
	return span_is(line->controllers, "name=systemd") ? RANK_SYSTEMD : RANK_CONTROLLER;
}

/* The best claim so far, and the line that it stands on. */
struct best {
	struct claim claim;
	struct span line;
	unsigned rank;
};

/* The deeper nesting wins, since hierarchies may stop at different levels; then the line. */
static void best_keep(struct best *best, const struct claim *c, struct span line, unsigned rank)
{
	unsigned depth = best->claim.depth;

	if (!c->pattern)
		return;
	if (best->claim.pattern && (c->depth < depth || (c->depth == depth && rank >= best->rank)))
		return;
	best->claim = *c;
	best->line = line;
	best->rank = rank;
}

/* A line that can be used: parsed, not the root, and free of NUL. */
static bool line_next(struct span *rest, struct span *line, struct cgroup_line *out)
{
	while (proc_line_next(rest, line)) {
		if (line->len > 0 && !memchr(line->data, '\0', line->len) &&
		    proc_cgroup_line_parse(*line, out) == 0 && out->path.len > 1)
			return true;
	}
	return false;
}

bool identity_from_cgroup(struct arena *arena, const char *text, size_t len, struct identity *out)
{
	struct span rest = { text, len }, line, before = { NULL, 0 };
	struct best container = { 0 }, unit = { 0 };
	const struct best *best;
	struct cgroup_line parsed;

	while (line_next(&rest, &line, &parsed)) {
		struct claim of_container, of_unit;
		unsigned rank = line_rank(&parsed);

		/* The hierarchies of v1 mostly repeat one path. */
		if (rank == RANK_CONTROLLER && span_equal(before, parsed.path))
			continue;
		before = parsed.path;
		claim_by_path(parsed.path, &of_container, &of_unit);
		best_keep(&container, &of_container, line, rank);
		best_keep(&unit, &of_unit, line, rank);
	}
	best = container.claim.pattern ? &container : &unit;
	if (!best->claim.pattern)
		return false;
	claim_fill(arena, &best->claim, out);
	out->evidence = identity_evidence(arena, "cgroup: ", best->line);
	return true;
}

struct span identity_cgroup_path(const char *text, size_t len)
{
	struct span rest = { text, len }, line, best = { "/", 1 };
	struct cgroup_line parsed;
	unsigned best_rank = RANKS;

	while (line_next(&rest, &line, &parsed)) {
		unsigned rank = line_rank(&parsed);

		if (rank < best_rank ||
		    (rank == RANK_CONTROLLER && best_rank == rank && parsed.path.len > best.len)) {
			best = parsed.path;
			best_rank = rank;
		}
	}
	return best;
}
