/* SPDX-License-Identifier: MIT */
/*
 * The maps of a new user namespace (user_namespaces(7)): which ids, who has to write them, and
 * whether setgroups(2) has to be given up. Names of people come from the C library's user database,
 * in the front and only where /etc/subuid has something to say.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/procfile.h>

#include "make_internal.h"

const char *const make_id_names[2] = { "uid", "gid" };

enum {
	SUBID_BYTES = 1 << 20,
	RECORD_BYTES = 1 << 14,
	TOOL_BYTES = 4096,
	PATH_BYTES = 64,
	SHORT_BYTES = 64
};

/* What the caller is allowed to and has. */
struct means {
	bool any_id[2]; /* CAP_SETUID, CAP_SETGID */
	bool asked;	/* the wish says something about maps */
	struct id_block blocks[2][ID_BLOCKS_MAX];
	size_t nblocks[2];
	bool tools;
};

static int read_caps(const struct make *m, struct means *out, struct error *err)
{
	autobuffer text = BUFFER_INIT;
	struct proc_status status = { 0 };
	int ret = proc_read(m->proc, "self/status", SUBID_BYTES, &text);

	if (ret == 0)
		ret = proc_status_parse(text.data, text.len, &status);
	if (ret < 0 || !status.has_caps)
		return error_set(err, ret < 0 ? ret : -EINVAL,
				 "our own capabilities cannot be read");
	out->any_id[MAKE_UID] = status.cap_eff & 1ULL << CAP_SETUID;
	out->any_id[MAKE_GID] = status.cap_eff & 1ULL << CAP_SETGID;
	return 0;
}

static const char *login_name(char *room, size_t size, struct passwd *entry)
{
	struct passwd *found = NULL;

	return getpwuid_r(getuid(), entry, room, size, &found) == 0 && found ? found->pw_name
									     : NULL;
}

static void read_subids(const char *path, struct buffer *out)
{
	if (proc_read(AT_FDCWD, path, SUBID_BYTES, out) < 0)
		buffer_clear(out);
}

static bool find_tools(void)
{
	char path[TOOL_BYTES];

	return make_find_tool(MAKE_UID, path, sizeof(path)) == 0 &&
	       make_find_tool(MAKE_GID, path, sizeof(path)) == 0;
}

/* What may be had by newuidmap and newgidmap; both are about the person, also for gids. */
static void read_blocks(struct means *out)
{
	autobuffer uids = BUFFER_INIT;
	autobuffer gids = BUFFER_INIT;
	char room[RECORD_BYTES];
	struct passwd entry;
	const char *name;

	read_subids("/etc/subuid", &uids);
	read_subids("/etc/subgid", &gids);
	if (uids.len == 0 && gids.len == 0)
		return;
	name = login_name(room, sizeof(room), &entry);
	out->nblocks[MAKE_UID] = subid_parse(buffer_str(&uids), uids.len, name, getuid(),
					     out->blocks[MAKE_UID], ID_BLOCKS_MAX);
	out->nblocks[MAKE_GID] = subid_parse(buffer_str(&gids), gids.len, name, getuid(),
					     out->blocks[MAKE_GID], ID_BLOCKS_MAX);
}

static bool asks(const struct wish_make *w)
{
	return w->map_root || w->map_current || w->map_auto || w->has_map_user ||
	       w->has_map_group || w->nuid_maps > 0 || w->ngid_maps > 0;
}

static int single_of(const struct make *m, enum make_id_kind kind, struct id_wish *out,
		     struct error *err)
{
	const struct wish_make *w = m->wish;
	bool has_id = kind == MAKE_UID ? w->has_map_user : w->has_map_group;
	bool other = kind == MAKE_UID ? w->has_map_group : w->has_map_user;

	if (w->map_root + w->map_current + (w->has_map_user || w->has_map_group) > 1)
		return error_set(err, -EINVAL,
				 "--map-root, --map-current and --map-user or --map-group: one of "
				 "them only");
	out->has_single = true;
	if (has_id)
		out->single = kind == MAKE_UID ? w->map_user : w->map_group;
	else if (w->map_current || other)
		out->single = out->own;
	else if (w->map_root || w->map_auto || out->nmaps == 0)
		out->single = 0;
	else
		out->has_single = false;
	return 0;
}

static int compose(const struct make *m, const struct means *means, enum make_id_kind kind,
		   struct make_ids *out, struct error *err)
{
	const struct wish_make *w = m->wish;
	struct id_wish wish = {
		.kind = make_id_names[kind],
		.own = out->own,
		.maps = kind == MAKE_UID ? w->uid_maps : w->gid_maps,
		.nmaps = kind == MAKE_UID ? w->nuid_maps : w->ngid_maps,
		.further = w->map_auto || (!means->asked && means->tools),
		.blocks = means->blocks[kind],
		.nblocks = means->nblocks[kind],
	};
	int ret = single_of(m, kind, &wish, err);

	if (ret == 0)
		ret = id_map_make(&wish, &out->map, err);
	if (ret < 0)
		return ret;
	out->tool = !means->any_id[kind] && !id_map_is_own(&out->map, out->own);
	wish.further = false;
	return means->asked ? 0 : id_map_make(&wish, &out->fallback, err);
}

static int identity(const struct make *m, enum make_id_kind kind, struct make_ids *out,
		    struct error *err)
{
	autobuffer text = BUFFER_INIT;
	char path[SHORT_BYTES];
	int ret;

	snprintf(path, sizeof(path), "self/%s_map", make_id_names[kind]);
	ret = proc_read(m->proc, path, SUBID_BYTES, &text);
	if (ret < 0)
		return error_set(err, ret, "cannot read our own %s map: %s", make_id_names[kind],
				 strerror(-ret));
	return id_map_identity(make_id_names[kind], buffer_str(&text), text.len, &out->map, err);
}

static int check_tools(const struct make *m, const struct means *means, struct error *err)
{
	const struct make_ids *ids = m->user.ids;

	for (int i = 0; i < 2; i++) {
		if (m->wish->map_auto && means->nblocks[i] == 0)
			return error_set(err, -ENOENT,
					 "--map-auto: /etc/sub%s has no ids for uid %u",
					 make_id_names[i], getuid());
		if (ids[i].tool && !means->tools)
			return error_set(
				err, -EPERM,
				"mapping %ss other than one's own takes newuidmap and "
				"newgidmap (package uidmap or shadow), which are not there, or "
				"CAP_SET%s",
				make_id_names[i], i == MAKE_UID ? "UID" : "GID");
	}
	return 0;
}

/*
 * A gid map may be written without CAP_SETGID only after setgroups was given up, since whoever
 * drops a group could get at what was denied to it; newgidmap has the capability.
 */
static int decide_setgroups(struct make *m, const struct means *means, struct error *err)
{
	const char *wish = m->wish->setgroups;
	bool need = !means->any_id[MAKE_GID] && !m->user.ids[MAKE_GID].tool;

	if (wish && strcmp(wish, "allow") != 0 && strcmp(wish, "deny") != 0)
		return error_set(err, -EINVAL, "--setgroups is allow or deny");
	if (wish && strcmp(wish, "allow") == 0 && need)
		return error_set(
			err, -EPERM,
			"--setgroups=allow: mapping one's own gid without CAP_SETGID takes "
			"setgroups denied (user_namespaces(7)); with a range from "
			"/etc/subgid it may stay allowed");
	m->user.deny_setgroups = need || (wish && strcmp(wish, "deny") == 0);
	return 0;
}

int make_prepare_user(struct make *m, struct error *err)
{
	struct means means = { .asked = asks(m->wish) };
	struct make_ids *ids = m->user.ids;
	int ret = read_caps(m, &means, err);

	if (ret < 0)
		return ret;
	ids[MAKE_UID].own = geteuid();
	ids[MAKE_GID].own = getegid();
	if (!means.asked && means.any_id[MAKE_UID] && means.any_id[MAKE_GID]) {
		for (int i = 0; ret == 0 && i < 2; i++)
			ret = identity(m, i, &ids[i], err);
		return ret < 0 ? ret : decide_setgroups(m, &means, err);
	}
	if (m->wish->map_auto || !means.asked)
		read_blocks(&means);
	/* Under no_new_privs a tool does not become what it has to be. */
	means.tools = find_tools() && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0;
	m->user.fallback = !means.asked;
	for (int i = 0; ret == 0 && i < 2; i++)
		ret = compose(m, &means, i, &ids[i], err);
	if (ret == 0)
		ret = check_tools(m, &means, err);
	return ret < 0 ? ret : decide_setgroups(m, &means, err);
}

int64_t make_uid_outside(const struct make *m, bool asked, uid_t uid)
{
	const struct make_ids *ids = &m->user.ids[MAKE_UID];

	if (!make_has(m, NS_USER) || ids->map.n == 0)
		return -1;
	if (asked)
		return id_map_outside(&ids->map, uid);
	return id_map_inside(&ids->map, ids->own) >= 0
		       ? (int64_t)ids->own
		       : id_map_outside(&ids->map, id_map_first(&ids->map));
}

uid_t make_uid_inside(const struct make *m)
{
	const struct make_ids *ids = &m->user.ids[MAKE_UID];
	int64_t uid = id_map_inside(&ids->map, ids->own);

	if (!make_has(m, NS_USER) || ids->map.n == 0)
		return geteuid();
	return uid < 0 ? id_map_first(&ids->map) : (uid_t)uid;
}

/* One write: the kernel takes a map once, and whole. */
static int write_file(const struct make *m, pid_t pid, const char *name, const char *text,
		      size_t len)
{
	char path[PATH_BYTES];
	autoclose int fd = -1;

	snprintf(path, sizeof(path), "%d/%s", pid, name);
	fd = openat(m->proc, path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	return write(fd, text, len) < 0 ? -errno : 0;
}

static int write_failed(int error, const char *name, struct error *err)
{
	return error_set(err, error, "cannot write %s of the new user namespace: %s%s", name,
			 strerror(-error),
			 error == -EPERM ? ": an id outside is not ours to map (CAP_SETUID and "
					   "CAP_SETGID, and for id 0 CAP_SETFCAP, in this user "
					   "namespace)"
			 : error == -EINVAL
				 ? ": an id outside has no meaning in this user namespace"
				 : "");
}

static int write_map(struct make *m, pid_t pid, enum make_id_kind kind, const struct id_map *map,
		     struct error *err)
{
	autobuffer text = BUFFER_INIT;
	char name[SHORT_BYTES];
	int ret;

	snprintf(name, sizeof(name), "%s_map", make_id_names[kind]);
	id_map_text(map, &text);
	ret = write_file(m, pid, name, buffer_str(&text), text.len);
	return ret < 0 ? write_failed(ret, name, err) : 0;
}

static int deny_setgroups(const struct make *m, pid_t pid, struct error *err)
{
	int ret = write_file(m, pid, "setgroups", "deny", strlen("deny"));

	return ret < 0 ? write_failed(ret, "setgroups", err) : 0;
}

/* Nobody asked for the ranges: what newuidmap refuses is given up, and noted. */
static int fall_back(struct make *m, pid_t pid, enum make_id_kind kind, struct error *why,
		     struct error *err)
{
	int ret = 0;

	if (!m->user.fallback)
		return error_set(err, why->code, "%s", why->text);
	snprintf(m->note, sizeof(m->note), "only root is mapped inside: %.180s", why->text);
	if (kind == MAKE_GID)
		ret = deny_setgroups(m, pid, err);
	return ret < 0 ? ret : write_map(m, pid, kind, &m->user.ids[kind].fallback, err);
}

int make_write_maps(struct make *m, pid_t pid, struct error *err)
{
	int ret = 0;

	if (!make_has(m, NS_USER))
		return 0;
	if (m->user.deny_setgroups)
		ret = deny_setgroups(m, pid, err);
	for (int kind = 0; ret == 0 && kind < 2; kind++) {
		struct error why = { 0 };

		if (!m->user.ids[kind].tool)
			ret = write_map(m, pid, kind, &m->user.ids[kind].map, err);
		else if (make_run_tool(m, kind, pid, &why) < 0)
			ret = fall_back(m, pid, kind, &why, err);
	}
	return ret;
}
