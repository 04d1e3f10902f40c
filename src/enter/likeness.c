/* SPDX-License-Identifier: MIT */
/*
 * --like-target: how confined the target is, read before the join, and taken over as far as the
 * kernel lets it. A seccomp filter cannot be read, so it cannot be copied; of labels knows label.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/procfile.h>
#include <nsview/proctext.h>

#include "ids.h"

enum { STATUS_MAX = 1 << 16 };

/* "Umask:\t0022" of proc(5), 4.7 */
static void read_umask(const struct buffer *status, struct likeness *out)
{
	const char *at = strstr(buffer_str(status), "\nUmask:\t");

	out->has_umask = at != NULL;
	if (at)
		out->umask = (mode_t)strtoul(at + strlen("\nUmask:\t"), NULL, 8);
}

static void read_oom(const struct enter_target *t, struct likeness *out)
{
	autobuffer text = BUFFER_INIT;

	out->has_oom = proc_read(t->dir, "oom_score_adj", 64, &text) == 0 && text.len;
	if (out->has_oom)
		out->oom_score_adj = (int)strtol(buffer_str(&text), NULL, 10);
}

static const char *take_limit(const char *at, rlim_t *out)
{
	char *end;

	at += strspn(at, " ");
	if (strncmp(at, "unlimited", strlen("unlimited")) == 0) {
		*out = RLIM_INFINITY;
		return at + strlen("unlimited");
	}
	*out = strtoull(at, &end, 10);
	return end == at ? NULL : end;
}

/*
 * "Max open files            1024                 4096                 files" of proc(5), 2.6.24:
 * unlike prlimit(2) it asks for no capability where the target's user is another.
 */
static int read_limits(const struct enter_target *t, struct likeness *out)
{
	static const char *const names[RLIM_NLIMITS] = {
		[RLIMIT_CPU] = "\nMax cpu time ",
		[RLIMIT_FSIZE] = "\nMax file size ",
		[RLIMIT_DATA] = "\nMax data size ",
		[RLIMIT_STACK] = "\nMax stack size ",
		[RLIMIT_CORE] = "\nMax core file size ",
		[RLIMIT_RSS] = "\nMax resident set ",
		[RLIMIT_NPROC] = "\nMax processes ",
		[RLIMIT_NOFILE] = "\nMax open files ",
		[RLIMIT_MEMLOCK] = "\nMax locked memory ",
		[RLIMIT_AS] = "\nMax address space ",
		[RLIMIT_LOCKS] = "\nMax file locks ",
		[RLIMIT_SIGPENDING] = "\nMax pending signals ",
		[RLIMIT_MSGQUEUE] = "\nMax msgqueue size ",
		[RLIMIT_NICE] = "\nMax nice priority ",
		[RLIMIT_RTPRIO] = "\nMax realtime priority ",
		[RLIMIT_RTTIME] = "\nMax realtime timeout ",
	};
	autobuffer text = BUFFER_INIT;
	int ret = proc_read(t->dir, "limits", STATUS_MAX, &text);

	for (int i = 0; ret == 0 && i < RLIM_NLIMITS; i++) {
		const char *at = strstr(buffer_str(&text), names[i]);
		struct rlimit *limit = &out->limits[i];

		if (at)
			at = take_limit(at + strlen(names[i]), &limit->rlim_cur);
		out->has_limit[i] = at && take_limit(at, &limit->rlim_max);
		if (!out->has_limit[i])
			ret = -EBADMSG;
	}
	return ret;
}

int likeness_read(struct session *s, struct error *err)
{
	const struct enter_target *t = s->job->target;
	struct likeness *out = &s->prepared.like;
	autobuffer text = BUFFER_INIT;
	struct proc_status st = { 0 };
	int ret = proc_read(t->dir, "status", STATUS_MAX, &text);

	if (ret == 0)
		ret = proc_status_parse(buffer_str(&text), text.len, &st);
	if (ret < 0 || !st.has_caps)
		return error_set(err, ret < 0 ? ret : -EOPNOTSUPP,
				 "--like-target: cannot read what process %d is like: %s", t->pid,
				 strerror(ret < 0 ? -ret : EOPNOTSUPP));
	out->bounding = st.cap_bnd;
	out->no_new_privs = st.no_new_privs;
	out->seccomp = st.seccomp > 0;
	read_umask(&text, out);
	read_oom(t, out);
	ret = read_limits(t, out);
	if (ret < 0)
		return error_set(err, ret,
				 "--like-target: cannot read the limits of process %d: %s", t->pid,
				 strerror(-ret));
	out->read = true;
	return 0;
}

static rlim_t lower(rlim_t a, rlim_t b)
{
	return a < b ? a : b;
}

/* A hard limit above our own takes CAP_SYS_RESOURCE on the host; the nearest is our own. */
static int set_limit(enum __rlimit_resource which, const struct rlimit *want)
{
	struct rlimit own, limit = *want;

	if (setrlimit(which, &limit) == 0)
		return 0;
	if (errno != EPERM || getrlimit(which, &own) < 0)
		return -errno;
	limit.rlim_max = lower(limit.rlim_max, own.rlim_max);
	limit.rlim_cur = lower(limit.rlim_cur, limit.rlim_max);
	return setrlimit(which, &limit) < 0 ? -errno : 0;
}

static int set_oom(const struct session *s)
{
	autoclose int fd = openat(s->job->target->proc, "self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || dprintf(fd, "%d", s->prepared.like.oom_score_adj) < 0)
		return -errno;
	return 0;
}

int ids_limits(struct session *s, const struct plan_step *step)
{
	const struct likeness *like = &s->prepared.like;
	int ret = 0;

	(void)step;
	for (int i = 0; ret == 0 && i < RLIM_NLIMITS; i++)
		if (like->has_limit[i])
			ret = set_limit((enum __rlimit_resource)i, &like->limits[i]);
	if (like->has_umask)
		umask(like->umask);
	/* Lowering it takes a capability on the host; higher than the target is no harm. */
	if (ret == 0 && like->has_oom)
		set_oom(s);
	if (ret == 0 && like->no_new_privs == 1 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		ret = -errno;
	return ret;
}
