/* SPDX-License-Identifier: MIT */
/*
 * Names of containers from the state files that engines leave on disk: one table of places by
 * kind, each with the reader of its format. Takes every file for hostile: regular ones only, at
 * most 4 MiB, ids checked before they become a part of a path, names limited in length. Does not
 * know the directories of rootless engines, which lie in the homes of their users.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nsview/buffer.h>
#include <nsview/cleanup.h>
#include <nsview/identity.h>
#include <nsview/procfile.h>

#include "identity_parts.h"
#include "load_jansson.h"

enum { STATE_MAX = 4 << 20, SPACES_MAX = 64 };

/* Appends a name that text gives for the container id; nothing where it gives none. */
typedef bool (*name_reader)(const struct buffer *text, const char *id, struct buffer *out_name);

struct place {
	const char *kind;
	const char *path; /* %I the id, %D Docker's data directory, %N each containerd namespace */
	name_reader read;
};

int identity_read(int dirfd, const char *path, size_t limit, struct buffer *out)
{
	struct stat st;
	int r;

	/* Looked at before it is opened, since to open a device can do something already. */
	if (fstatat(dirfd, path, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	r = proc_read(dirfd, path, limit + 1, out);
	if (r == 0 && out->len > limit)
		r = -EFBIG;
	return r;
}

/* ---- formats ---- */

/* Of those in JSON none is read before jansson is there. */

/* Integers as doubles: limits of 2^64 - 1 are usual, and would fail the whole file. */
static json_t *json_load(const struct buffer *text)
{
	return jansson.loadb(buffer_str(text), text->len, JSON_DECODE_INT_AS_REAL, NULL);
}

/* Nobody else refers to a document, so that json_decref, which wants the library linked, is this.
 */
static void json_free(json_t **doc)
{
	if (*doc)
		jansson.delete(*doc);
}
#define autojson __attribute__((cleanup(json_free)))

static bool string_append(const json_t *value, struct buffer *out)
{
	size_t len = jansson.string_length(value);

	if (!json_is_string(value) || len == 0)
		return false;
	buffer_append(out, jansson.string_value(value), len);
	return true;
}

/* config.v2.json: "/NAME" */
static bool docker_read(const struct buffer *text, const char *id, struct buffer *out_name)
{
	autojson json_t *doc = json_load(text);
	const char *name = jansson.string_value(jansson.object_get(doc, "Name"));

	(void)id;
	if (!name)
		return false;
	buffer_text(out_name, name[0] == '/' ? name + 1 : name);
	return out_name->len > 0;
}

/* containers.json of containers/storage: [{"id": ..., "names": [...]}] */
static bool storage_read(const struct buffer *text, const char *id, struct buffer *out_name)
{
	autojson json_t *doc = NULL;

	/* It lists all containers: not worth parsing where this one is not among them. */
	if (text->len == 0 || !memmem(text->data, text->len, id, strlen(id)))
		return false;
	doc = json_load(text);
	for (size_t i = 0; i < jansson.array_size(doc); i++) {
		const json_t *one = jansson.array_get(doc, i);
		const char *its = jansson.string_value(jansson.object_get(one, "id"));

		if (its && strcmp(its, id) == 0)
			return string_append(jansson.array_get(jansson.object_get(one, "names"), 0),
					     out_name);
	}
	return false;
}

/* An OCI config.json: what the manager above the runtime noted, as "namespace/pod/container". */
static bool annotations_read(const struct buffer *text, const char *id, struct buffer *out_name)
{
	static const char *const keys[][3] = {
		{ "io.kubernetes.cri.sandbox-namespace", "io.kubernetes.cri.sandbox-name",
		  "io.kubernetes.cri.container-name" },
		{ "io.kubernetes.pod.namespace", "io.kubernetes.pod.name",
		  "io.kubernetes.container.name" },
		{ "nerdctl/name", "", "" },
	};
	autojson json_t *doc = json_load(text);
	const json_t *annotations = jansson.object_get(doc, "annotations");

	(void)id;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (!string_append(jansson.object_get(annotations, keys[i][0]), out_name))
			continue;
		for (size_t part = 1; part < 3; part++) {
			const json_t *value = jansson.object_get(annotations, keys[i][part]);

			if (jansson.string_length(value) > 0)
				buffer_char(out_name, '/');
			string_append(value, out_name);
		}
		return true;
	}
	return false;
}

/* runc's and crun's own state: confirms that the id is a container; its id is its name. */
static bool runtime_read(const struct buffer *text, const char *id, struct buffer *out_name)
{
	autojson json_t *doc = json_load(text);
	const char *its = jansson.string_value(jansson.object_get(doc, "id"));

	if (!json_is_object(doc) || (its && strcmp(its, id) != 0))
		return false;
	buffer_text(out_name, id);
	return true;
}

/* machined: lines of KEY=VALUE */
static bool machine_read(const struct buffer *text, const char *id, struct buffer *out_name)
{
	struct span rest = { text->data, text->len }, line;

	(void)id;
	while (proc_line_next(&rest, &line)) {
		if (!span_begins(line, "NAME=") || line.len == 5)
			continue;
		buffer_append(out_name, line.data + 5, line.len - 5);
		return true;
	}
	return false;
}

#define STORAGE	       "/var/lib/containers/storage/"
#define STORAGE_RUN    "/run/containers/storage/"
#define TASKS	       "/io.containerd.runtime.v2.task/"
#define STORAGE_CONFIG "overlay-containers/%I/userdata/config.json"

/* Tried from the top. */
static const struct place places[] = {
	{ "docker", "%D/containers/%I/config.v2.json", docker_read },
	{ "podman", STORAGE "overlay-containers/containers.json", storage_read },
	{ "podman", STORAGE_RUN "overlay-containers/volatile-containers.json", storage_read },
	{ "podman", STORAGE "vfs-containers/containers.json", storage_read },
	{ "podman", STORAGE_RUN "vfs-containers/volatile-containers.json", storage_read },
	{ "podman", STORAGE STORAGE_CONFIG, annotations_read },
	{ "crio", STORAGE STORAGE_CONFIG, annotations_read },
	{ "crio", STORAGE_RUN STORAGE_CONFIG, annotations_read },
	{ "k8s", "/run/containerd" TASKS "k8s.io/%I/config.json", annotations_read },
	{ "k8s", "/run/k3s/containerd" TASKS "k8s.io/%I/config.json", annotations_read },
	{ "k8s", "/run/k0s/containerd" TASKS "k8s.io/%I/config.json", annotations_read },
	{ "k8s", STORAGE STORAGE_CONFIG, annotations_read },
	{ "k8s", STORAGE_RUN STORAGE_CONFIG, annotations_read },
	{ "k8s", "%D/containers/%I/config.v2.json", docker_read },
	{ "containerd", "/run/containerd" TASKS "%N/%I/config.json", annotations_read },
	{ "runc", "/run/runc/%I/state.json", runtime_read },
	{ "crun", "/run/crun/%I/status", runtime_read },
	{ "machine", "/run/systemd/machines/%I", machine_read },
};

/* ---- looking ---- */

struct search {
	struct arena *arena;
	const char *root;	   /* borrowed */
	struct identity *identity; /* borrowed */
	struct buffer path, text, name;
	int error;
};

/* Writes the path of a place, up to where `stop` begins, with `fill` for its %D or %N. */
static void path_write(struct search *s, const char *template, const char *stop, const char *fill)
{
	buffer_clear(&s->path);
	buffer_text(&s->path, s->root);
	for (const char *p = template; *p && p != stop; p++) {
		if (*p != '%') {
			buffer_char(&s->path, *p);
			continue;
		}
		p++;
		buffer_text(&s->path, *p == 'I' ? s->identity->id : fill);
	}
}

/* Reads the file at s->path; one in JSON only where somebody can parse it. */
static bool read_state(struct search *s, bool json)
{
	if (identity_read(AT_FDCWD, buffer_str(&s->path), STATE_MAX, &s->text) < 0)
		return false;
	if (json && jansson_load(NULL) < 0)
		s->error = -ELIBACC;
	return !json || !s->error;
}

static bool try_file(struct search *s, const struct place *place, const char *fill)
{
	path_write(s, place->path, NULL, fill);
	buffer_clear(&s->name);
	if (!read_state(s, place->read != machine_read) ||
	    !place->read(&s->text, s->identity->id, &s->name) || s->name.len == 0)
		return false;
	s->identity->name = identity_text(s->arena, (struct span){ s->name.data, s->name.len });
	s->identity->name_source = arena_copy(s->arena, s->path.data, s->path.len);
	return true;
}

static bool try_spaces(struct search *s, const struct place *place, const char *at)
{
	autodir DIR *dir = NULL;
	const struct dirent *entry;

	path_write(s, place->path, at, "");
	dir = opendir(buffer_str(&s->path));
	for (int n = 0; dir && n < SPACES_MAX && (entry = readdir(dir)); n++) {
		struct span space = { entry->d_name, strlen(entry->d_name) };

		if (identity_id_valid(space) && try_file(s, place, entry->d_name))
			return true;
	}
	return false;
}

/* The data directory that daemon.json sets ("graph" before Docker 17.05), else the default. */
static bool try_data(struct search *s, const struct place *place)
{
	static const char *const keys[] = { "data-root", "graph" };
	autojson json_t *doc = NULL;

	path_write(s, "/etc/docker/daemon.json", NULL, "");
	if (read_state(s, true))
		doc = json_load(&s->text);
	for (size_t i = 0; doc && i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *data = jansson.string_value(jansson.object_get(doc, keys[i]));

		if (data && data[0] == '/' && strlen(data) < PATH_MAX && try_file(s, place, data))
			return true;
	}
	return try_file(s, place, "/var/lib/docker");
}

static bool try_place(struct search *s, const struct place *place)
{
	const char *each = strstr(place->path, "%N");

	if (each)
		return try_spaces(s, place, each);
	return strstr(place->path, "%D") ? try_data(s, place) : try_file(s, place, "");
}

int identity_name_from_disk(struct arena *arena, const char *root, struct identity *id)
{
	struct search s = { .arena = arena, .root = root, .identity = id };

	if (!id->id || !identity_id_valid((struct span){ id->id, strlen(id->id) }))
		return 0;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (strcmp(places[i].kind, id->kind) == 0 && try_place(&s, &places[i]))
			break;
	}
	buffer_release(&s.path);
	buffer_release(&s.text);
	buffer_release(&s.name);
	return s.error;
}
