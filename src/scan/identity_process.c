/* SPDX-License-Identifier: MIT */
/*
 * Who a process belongs to where its cgroup does not tell: a supervisor among its next ancestors,
 * in whose mount namespace it must not be, and below bwrap flatpak's own file in its root
 * directory. Holds /proc/PID open, so that a reused PID cannot mix in. Starts nothing, and goes
 * near no file system that may hang.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <nsview/buffer.h>
#include <nsview/cleanup.h>
#include <nsview/identity.h>
#include <nsview/kern.h>
#include <nsview/procfile.h>

#include "identity_parts.h"

enum {
	FLATPAK_INFO_MAX = 64 * 1024,
	MOUNTINFO_MAX = 256 * 1024,
	CMDLINE_MAX = 128 * 1024,
	STAT_MAX = 4096,
	ANCESTORS = 8,
};

static int process_open(int procfd, pid_t pid)
{
	char name[16];
	int fd;

	snprintf(name, sizeof(name), "%d", (int)pid);
	fd = openat(procfd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* Whether two processes are known to be in one mount namespace. */
static bool same_mnt(int dirfd, const char *link, int other, const char *other_link)
{
	uint64_t one, two;

	return proc_ns_link(dirfd, link, &one) == 0 && proc_ns_link(other, other_link, &two) == 0 &&
	       one == two;
}

/* ---- flatpak ---- */

static bool mount_may_hang(struct span fstype)
{
	static const char *const local[] = { "tmpfs", "ext4", "xfs", "btrfs" };

	for (size_t i = 0; i < sizeof(local) / sizeof(local[0]); i++) {
		if (span_is(fstype, local[i]))
			return false;
	}
	return true;
}

/*
 * Whether the root directory and the file in it are on file systems that answer by themselves:
 * to look up a name on a network or FUSE mount whose server is gone never returns. All flatpaks
 * have a tmpfs there.
 */
static bool root_is_local(int pidfd)
{
	autobuffer text = BUFFER_INIT;
	struct span rest, line;
	struct mount_line mount;
	bool seen = false;

	if (proc_read(pidfd, "mountinfo", MOUNTINFO_MAX, &text) < 0 || text.len >= MOUNTINFO_MAX)
		return false;
	rest = (struct span){ text.data, text.len };
	while (proc_line_next(&rest, &line)) {
		if (proc_mount_line_parse(line, &mount) < 0)
			return false;
		if (!span_is(mount.point, "/") && !span_is(mount.point, "/.flatpak-info"))
			continue;
		if (mount_may_hang(mount.fstype))
			return false;
		seen = seen || span_is(mount.point, "/");
	}
	return seen;
}

/* The whole line "KEY=VALUE" in "[GROUP]"; len 0 where there is none. */
static struct span key_line(const struct buffer *text, const char *group, const char *key)
{
	struct span rest = { text->data, text->len }, line;
	bool inside = false;

	while (proc_line_next(&rest, &line)) {
		if (span_begins(line, "["))
			inside = span_is(line, group);
		else if (inside && span_begins(line, key))
			return line;
	}
	return (struct span){ NULL, 0 };
}

static struct span key_value(struct span line)
{
	const char *equals = line.len ? memchr(line.data, '=', line.len) : NULL;

	if (!equals)
		return (struct span){ NULL, 0 };
	return (struct span){ equals + 1, (size_t)(line.data + line.len - equals - 1) };
}

static bool flatpak_info_parse(struct arena *arena, pid_t pid, const struct buffer *text,
			       struct identity *out)
{
	struct span app = key_line(text, "[Application]", "name=");
	struct span instance = key_value(key_line(text, "[Instance]", "instance-id="));
	struct span name;
	char source[64];

	if (app.len == 0)
		app = key_line(text, "[Runtime]", "name=");
	name = key_value(app);
	if (name.len == 0 || name.data[0] == '\0')
		return false;
	snprintf(source, sizeof(source), "/proc/%d/root/.flatpak-info: ", (int)pid);
	*out = (struct identity){ .kind = "flatpak", .container = true };
	out->name = identity_text(arena, name);
	out->id = identity_text(arena, instance.len ? instance : name);
	out->evidence = identity_evidence(arena, source, app);
	return true;
}

static bool from_flatpak(struct arena *arena, int procfd, int pidfd, pid_t pid,
			 struct identity *out)
{
	autobuffer text = BUFFER_INIT;
	/* "root" is followed as the kernel's own link only, never as a link in a copy of /proc. */
	int follow = kern_is_procfs(pidfd) ? 0 : O_NOFOLLOW;
	autoclose int root = -1;

	if (same_mnt(pidfd, "ns/mnt", procfd, "self/ns/mnt") || !root_is_local(pidfd))
		return false;
	root = openat(pidfd, "root", O_PATH | O_DIRECTORY | O_CLOEXEC | follow);
	if (root < 0 || identity_read(root, ".flatpak-info", FLATPAK_INFO_MAX, &text) < 0)
		return false;
	return flatpak_info_parse(arena, pid, &text, out);
}

/* ---- supervisors ---- */

/* ppid, and comm borrowed from text. */
static int stat_read(int pidfd, struct buffer *text, struct proc_stat *out)
{
	int r = proc_read(pidfd, "stat", STAT_MAX, text);

	return r < 0 ? r : proc_stat_parse(text->data, text->len, out);
}

/* The quoted parts of a command line, with spaces between words and dots for what is left out. */
static void quotes_join(const struct supervisor *s, struct buffer *out)
{
	for (size_t i = 0; i < s->nquotes; i++) {
		const struct span *q = &s->quotes[i];
		size_t start;

		if (i > 0)
			buffer_text(out, q->data == q[-1].data + q[-1].len + 1 ? " " : " ... ");
		start = out->len;
		buffer_append(out, q->data, q->len);
		for (size_t at = start; at < out->len; at++) {
			if (out->data[at] == '\0')
				out->data[at] = ' ';
		}
	}
}

static void supervisor_claim(struct arena *arena, const struct supervisor *s, pid_t pid, int level,
			     struct identity *out)
{
	autobuffer text = BUFFER_INIT;
	char number[16], source[32];
	struct span id = s->id, name = s->name;

	snprintf(number, sizeof(number), "%d", (int)pid);
	snprintf(source, sizeof(source), "%s %s: ", level ? "ancestor" : "parent", number);
	if (id.len == 0)
		id = (struct span){ number, strlen(number) };
	*out = (struct identity){ .kind = s->kind, .container = true };
	out->id = identity_text(arena, id);
	out->name = name.len ? identity_text(arena, name) : identity_short(arena, id);
	quotes_join(s, &text);
	out->evidence = identity_evidence(arena, source, (struct span){ text.data, text.len });
}

/* A copy of /proc belongs to whoever made it, and tells nothing. */
static bool runs_as_root(int dirfd)
{
	struct stat st;

	return !kern_is_procfs(dirfd) || (fstat(dirfd, &st) == 0 && st.st_uid == 0);
}

/*
 * Anybody may call a program systemd-nspawn and give it words. Engines that only root can run are
 * believed of root only; the others claim for the user who runs them, see struct identity.
 */
static bool identity_needs_root(const char *kind)
{
	static const char *const kinds[] = { "machine", "docker", "k8s", "containerd" };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(kind, kinds[i]) == 0)
			return true;
	return false;
}

enum claim { PLAIN, SUPERVISOR_OF_OTHERS, CLAIMED };

/* Whether the process behind parentfd supervises the one behind pidfd. */
static enum claim from_ancestor(struct arena *arena, int pidfd, int parentfd, pid_t parent,
				int level, struct identity *out)
{
	autobuffer stat_text = BUFFER_INIT;
	autobuffer cmdline = BUFFER_INIT;
	struct supervisor found;
	struct proc_stat stat;

	if (stat_read(parentfd, &stat_text, &stat) < 0 ||
	    proc_read(parentfd, "cmdline", CMDLINE_MAX, &cmdline) < 0)
		return SUPERVISOR_OF_OTHERS;
	if (cmdline.len == 0 ||
	    !identity_supervisor(stat.comm, (struct span){ cmdline.data, cmdline.len }, &found))
		return PLAIN;
	if (!runs_as_root(parentfd) && identity_needs_root(found.kind))
		return PLAIN;
	/* A supervisor also has helpers that stay outside, and itself as its first child. */
	if (same_mnt(pidfd, "ns/mnt", parentfd, "ns/mnt"))
		return SUPERVISOR_OF_OTHERS;
	supervisor_claim(arena, &found, parent, level, out);
	out->by_user = !runs_as_root(parentfd);
	return CLAIMED;
}

/* ---- what is known of ancestors ---- */

static void plain_put(struct ancestry *known, pid_t pid, pid_t ppid)
{
	known->plain[(size_t)pid % (sizeof(known->plain) / sizeof(*known->plain))] =
		(uint64_t)(uint32_t)pid << 32 | (uint32_t)ppid;
}

/* The parent of a process that supervises nobody, -1 where it is not known to be one. */
static pid_t plain_get(const struct ancestry *known, pid_t pid)
{
	uint64_t slot = known->plain[(size_t)pid % (sizeof(known->plain) / sizeof(*known->plain))];

	return slot >> 32 == (uint32_t)pid ? (pid_t)(uint32_t)slot : -1;
}

/* A number that was reused since can only hide a claim, never make one. */
static bool all_plain(const struct ancestry *known, pid_t ppid)
{
	for (int level = 0; level < ANCESTORS && ppid > 0; level++)
		ppid = plain_get(known, ppid);
	return ppid >= 0;
}

static bool from_ancestors(struct arena *arena, int procfd, int pidfd, struct ancestry *known,
			   struct identity *out)
{
	autoclose int childfd = fcntl(pidfd, F_DUPFD_CLOEXEC, 0);
	autobuffer text = BUFFER_INIT;
	struct proc_stat child, again;
	pid_t plain = 0; /* the child, where it is an ancestor that supervises nobody */

	for (int level = 0; level < ANCESTORS; level++) {
		autoclose int parentfd = -1;
		struct identity found;
		enum claim claim;

		if (stat_read(childfd, &text, &child) < 0)
			return false;
		if (plain)
			plain_put(known, plain, child.ppid);
		if (child.ppid <= 0 || (parentfd = process_open(procfd, child.ppid)) < 0)
			return false;
		claim = from_ancestor(arena, pidfd, parentfd, child.ppid, level, &found);
		/* Still its child: so the number was its parent's all the while, and not reused. */
		if (stat_read(childfd, &text, &again) < 0 || again.ppid != child.ppid)
			return false;
		if (claim == CLAIMED) {
			*out = found;
			return true;
		}
		plain = claim == PLAIN ? child.ppid : 0;
		close(childfd);
		childfd = steal_fd(&parentfd);
	}
	return false;
}

bool identity_from_process(struct arena *arena, int procfd, pid_t pid, pid_t ppid,
			   struct ancestry *known, struct identity *out)
{
	autoclose int pidfd = -1;
	struct identity flatpak;

	if (ppid >= 0 && all_plain(known, ppid))
		return false;
	pidfd = process_open(procfd, pid);
	if (pidfd < 0 || !from_ancestors(arena, procfd, pidfd, known, out))
		return false;
	/* flatpak runs everything below bwrap, and says more about it. */
	if (strcmp(out->kind, "bwrap") == 0 && from_flatpak(arena, procfd, pidfd, pid, &flatpak))
		*out = flatpak;
	return true;
}
