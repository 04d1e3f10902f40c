/* SPDX-License-Identifier: MIT */
/*
 * Who a cgroup belongs to by the state file that a low-level runtime keeps under the same name:
 * runc and crun give their cgroups no mark of their own. Looks at names only, reads no file.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include <nsview/buffer.h>
#include <nsview/cleanup.h>
#include <nsview/identity.h>

#include "identity_parts.h"

enum { COMPONENTS = 8 }; /* of a cgroup path that are looked up, from its end */

/*
 * Directories, as seen from the proc root, in which a runtime keeps a file for each container
 * that lives. A cgroup called as such a container is called is that container's.
 */
static const struct state {
	const char *kind; /* NULL: by the namespace of containerd */
	const char *dir, *file;
	bool space; /* containers lie one level deeper, below a namespace, as their cgroups do */
} states[] = {
	{ "runc", "../run/runc", "state.json", false },
	{ "crun", "../run/crun", "status", false },
	{ NULL, "../run/containerd/io.containerd.runtime.v2.task", "config.json", true },
};

/* The components of a path from its end; ones that cannot be ids end it. */
static bool component_before(struct span *path, struct span *out)
{
	while (path->len > 0 && path->data[path->len - 1] == '/')
		path->len--;
	*out = span_after_last(*path, '/');
	path->len -= out->len;
	return identity_id_valid(*out);
}

static void state_claim(struct arena *arena, const struct state *s, struct span line,
			const char *file, struct span space, struct span id, struct identity *out)
{
	autobuffer quote = BUFFER_INIT;

	*out = (struct identity){ .kind = s->kind, .container = true };
	if (!out->kind)
		out->kind = identity_containerd_kind(space);
	out->id = identity_text(arena, id);
	out->name = identity_short(arena, id);
	buffer_append(&quote, line.data, line.len);
	/* The directory as the host calls it, without the step up from the proc root. */
	buffer_printf(&quote, ", and %s/%s exists", s->dir + 2, file);
	out->evidence =
		identity_evidence(arena, "cgroup: ", (struct span){ quote.data, quote.len });
}

static bool from_state(struct arena *arena, int procfd, const struct state *s, struct span line,
		       struct span path, struct identity *out)
{
	autoclose int dir = openat(procfd, s->dir, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct span id, above = path;

	for (int i = 0; dir >= 0 && i < COMPONENTS && component_before(&above, &id); i++) {
		struct span rest = above, space = { NULL, 0 };
		autobuffer file = BUFFER_INIT;
		struct stat st;

		if (s->space && !component_before(&rest, &space))
			break;
		if (s->space)
			buffer_printf(&file, "%.*s/", (int)space.len, space.data);
		buffer_printf(&file, "%.*s/%s", (int)id.len, id.data, s->file);
		if (fstatat(dir, file.data, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode))
			continue;
		state_claim(arena, s, line, file.data, space, id, out);
		return true;
	}
	return false;
}

bool identity_from_state_file(struct arena *arena, int procfd, const char *text, size_t len,
			      struct identity *out)
{
	struct span path = identity_cgroup_path(text, len), line;
	const char *newline;

	if (path.len <= 1)
		return false;
	newline = memrchr(text, '\n', (size_t)(path.data - text));
	line.data = newline ? newline + 1 : text;
	line.len = (size_t)(path.data + path.len - line.data);
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		if (from_state(arena, procfd, &states[i], line, path, out))
			return true;
	}
	return false;
}
