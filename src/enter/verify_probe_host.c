/* SPDX-License-Identifier: MIT */
/*
 * What is tried from inside on the host itself: its name, mounts, users, rights, devices, clocks.
 * Where a try that succeeds would change something for others (the name of a host), the namespace's
 * identity decides whether it is tried at all; what /proc calls it is read from the host's own.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <nsview/buffer.h>
#include <nsview/cleanup.h>
#include <nsview/procfile.h>
#include <nsview/proctext.h>

#include "verify_internal.h"

enum verify_result verify_same(const struct verify *v, enum ns_type type)
{
	uint64_t ino = verify_ino(v->proc, type);

	if (!ino || !v->ino[type])
		return VERIFY_UNSURE;
	return ino == v->ino[type] ? VERIFY_SHARED : VERIFY_ISOLATED;
}

/* In a namespace of strangers the name is theirs. */
void probe_hostname(const struct verify *v, struct finding *out)
{
	enum verify_result result = verify_same(v, NS_UTS);
	char before[65] = "", now[65] = "";

	gethostname(before, sizeof(before) - 1);
	if (result == VERIFY_SHARED) {
		verify_say(out, result, "the same namespace: not tried on %s", before);
	} else if (!(v->made >> NS_UTS & 1) || sethostname(v->nonce, strlen(v->nonce)) < 0) {
		verify_say(out, result, "a namespace of its own: here it is %s", before);
	} else {
		gethostname(now, sizeof(now) - 1);
		sethostname(before, strlen(before));
		verify_say(out, result, "changed to %s and back in here alone", now);
	}
}

/* A directory in which something can be made: "" if there is none. */
static void private_dir(const struct verify *v, char out[64])
{
	static const char *const places[] = { "/tmp", "/dev/shm", "/run", "/var/tmp", "" };

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		snprintf(out, 64, "%s/%s.XXXXXX", places[i], v->nonce);
		if (mkdtemp(out))
			return;
	}
	out[0] = '\0';
}

void probe_mount_out(const struct verify *v, struct finding *out)
{
	char dir[64], source[NONCE_MAX + 2];
	int error, seen;

	verify_inside_source(v, source);
	private_dir(v, dir);
	if (!dir[0]) {
		verify_say(out, VERIFY_UNSURE, "no directory could be made to mount something on");
		return;
	}
	error = mount(source, dir, "tmpfs", MS_NODEV | MS_NOSUID, "size=4k") < 0 ? errno : 0;
	if (error) {
		rmdir(dir);
		verify_say(out, error == EPERM ? VERIFY_ISOLATED : VERIFY_UNSURE,
			   "nothing can be mounted in here: %s", strerror(error));
		return;
	}
	seen = verify_ask(v, ASK_MOUNT_SEEN);
	umount2(dir, MNT_DETACH | UMOUNT_NOFOLLOW);
	rmdir(dir);
	if (seen < 0)
		verify_say(out, VERIFY_UNSURE, "the host's mounts: %s", strerror(-seen));
	else if (seen)
		verify_say(out, VERIFY_SHARED, "what was mounted in here is on the host too");
	else
		verify_say(out, VERIFY_ISOLATED, "what was mounted in here stayed in here");
}

/* Whether a tag like "master:7" or "shared:7" of a line here is a "shared:7" in there. */
static bool peer_among(struct span tags, const char *theirs)
{
	while (tags.len) {
		const char *space = memchr(tags.data, ' ', tags.len);
		size_t len = space ? (size_t)(space - tags.data) : tags.len;
		const char *colon = memchr(tags.data, ':', len);
		char wanted[40];

		if (colon && (tags.data[0] == 's' || tags.data[0] == 'm')) {
			snprintf(wanted, sizeof(wanted), " shared:%.*s ",
				 (int)(tags.data + len - colon - 1), colon + 1);
			if (strstr(theirs, wanted))
				return true;
		}
		tags.data += space ? len + 1 : len;
		tags.len -= space ? len + 1 : len;
	}
	return false;
}

/* Where nothing may be mounted on the host: whether anything could come in, by peer groups. */
static void mount_in_foreseen(const struct verify *v, struct finding *out, int error)
{
	const char *theirs = buffer_str(&v->host_mounts);
	autobuffer ours = BUFFER_INIT;
	struct mount_line mount;
	struct span rest;

	if (!*theirs ||
	    proc_read(v->proc, "thread-self/mountinfo", PROC_MOUNTINFO_MAX, &ours) < 0) {
		verify_say(out, VERIFY_UNSURE, "nothing may be mounted on the host: %s",
			   strerror(error));
		return;
	}
	rest = (struct span){ buffer_str(&ours), ours.len };
	while (proc_mount_next(&rest, &mount))
		if (peer_among(mount.tags, theirs)) {
			verify_say(out, VERIFY_SHARED, "not tried; mounts here follow the host's");
			return;
		}
	verify_say(out, VERIFY_ISOLATED, "not tried; no mount here follows one of the host's");
}

void probe_mount_in(const struct verify *v, struct finding *out)
{
	char source[NONCE_MAX + 2];
	int ret = verify_ask(v, ASK_MOUNT);

	if (ret == -EPERM || ret == -EACCES) {
		if (verify_same(v, NS_MNT) == VERIFY_SHARED)
			verify_say(out, VERIFY_SHARED, "the same namespace");
		else
			mount_in_foreseen(v, out, -ret);
		return;
	}
	verify_outside_source(v, source);
	if (ret == 0)
		ret = verify_mount_seen(v->proc, source);
	if (ret < 0)
		verify_say(out, VERIFY_UNSURE, "%s", strerror(-ret));
	else if (ret)
		verify_say(out, VERIFY_SHARED, "what was mounted on the host came in here");
	else
		verify_say(out, VERIFY_ISOLATED, "what was mounted on the host did not come in");
}

/* Which uid outside the first line of uid_map has for inside, as the host numbers it. */
static bool read_map(const struct verify *v, unsigned *out_inside, unsigned *out_outside,
		     unsigned *out_count)
{
	autobuffer text = BUFFER_INIT;

	return proc_read(v->proc, "thread-self/uid_map", VERIFY_FILE_MAX, &text) == 0 &&
	       /* NOLINTNEXTLINE(cert-err34-c): the kernel writes these numbers */
	       sscanf(buffer_str(&text), "%u %u %u", out_inside, out_outside, out_count) == 3;
}

/*
 * The file was opened through the host's /proc, but the numbers in it are as the one who opened it
 * sees them: from inside the user namespace the outer column is still that of the parent.
 */
void probe_uids(const struct verify *v, struct finding *out)
{
	unsigned inside, outside, count;
	enum verify_result result = verify_same(v, NS_USER);

	if (!read_map(v, &inside, &outside, &count))
		verify_say(out, result, "the uid map cannot be read");
	else if (result == VERIFY_ISOLATED && inside == outside && count > 1)
		verify_say(out, VERIFY_PARTLY,
			   "a namespace of its own, in which uid %u is uid %u of outside", inside,
			   outside);
	else
		verify_say(out, result, "uid %u in here is uid %u outside, %u in a row", inside,
			   outside, count);
}

void probe_capability(const struct verify *v, struct finding *out)
{
	bool may = verify_may_nice();

	if (may)
		verify_say(out, VERIFY_SHARED, "a priority of the host's could be raised");
	else if (v->can_nice)
		verify_say(out, VERIFY_ISOLATED, "refused, and outside it was granted");
	else
		verify_say(out, VERIFY_ISOLATED, "refused, as it is outside");
}

void probe_devices(const struct verify *v, struct finding *out)
{
	char dir[64], path[80];
	int error, fd;

	private_dir(v, dir);
	if (!dir[0]) {
		verify_say(out, VERIFY_UNSURE, "no directory could be made to make one in");
		return;
	}
	snprintf(path, sizeof(path), "%s/null", dir);
	error = mknod(path, S_IFCHR | 0600, makedev(1, 3)) < 0 ? errno : 0;
	fd = error ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	if (error)
		verify_say(out, VERIFY_ISOLATED, "not made: %s", strerror(error));
	else if (fd < 0)
		verify_say(out, VERIFY_ISOLATED, "made, but not opened: %s", strerror(errno));
	else
		verify_say(out, VERIFY_SHARED, "made like /dev/null, and opened");
	if (fd >= 0)
		close(fd);
	unlink(path);
	rmdir(dir);
}

static long whole(double seconds)
{
	return (long)(seconds < 0 ? seconds - 0.5 : seconds + 0.5);
}

void probe_clocks(const struct verify *v, struct finding *out)
{
	enum verify_result result = verify_same(v, NS_TIME);
	double monotonic, boottime;

	verify_clocks(&monotonic, &boottime);
	verify_say(out, result, "monotonic %+ld s, boottime %+ld s against the host's",
		   whole(v->monotonic - monotonic), whole(v->boottime - boottime));
}

/* The unified hierarchy's line, else the first. */
static void cgroup_path(int proc, char *out, size_t size)
{
	autobuffer text = BUFFER_INIT;
	struct cgroup_line cgroup;
	struct span rest, line;

	snprintf(out, size, "?");
	if (proc_read(proc, "thread-self/cgroup", VERIFY_FILE_MAX, &text) < 0)
		return;
	rest = (struct span){ buffer_str(&text), text.len };
	while (proc_line_next(&rest, &line))
		if (proc_cgroup_line_parse(line, &cgroup) == 0 &&
		    (out[0] == '?' || cgroup.hierarchy == 0))
			snprintf(out, size, "%.*s", (int)cgroup.path.len, cgroup.path.data);
}

void probe_cgroup(const struct verify *v, struct finding *out)
{
	char path[100];

	cgroup_path(v->proc, path, sizeof(path));
	verify_say(out, verify_same(v, NS_CGROUP), "here it is in %s", path);
}
