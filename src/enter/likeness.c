/* SPDX-License-Identifier: MIT */
/*
 * --like-target and --follow-context: how confined the target is, read before the join, and taken
 * over as far as the kernel lets it. A seccomp filter cannot be read, so it cannot be copied.
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

enum { STATUS_MAX = 1 << 16, LABEL_MAX = 4096 };

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
	for (int i = 0; i < RLIM_NLIMITS; i++)
		out->has_limit[i] =
			prlimit(t->pid, (enum __rlimit_resource)i, NULL, &out->limits[i]) == 0;
	if (!out->has_limit[0])
		return error_set(err, -errno,
				 "--like-target: cannot read the limits of process %d: %s", t->pid,
				 errno == EPERM ? "its user is another, and CAP_SYS_RESOURCE is "
						  "missing in its user namespace"
						: strerror(errno));
	/* The number was used again for these. */
	if (!entry_alive(t))
		return error_set(err, -ESRCH, "process %d has ended meanwhile", t->pid);
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

/* The module whose label it is decides what is written, and where: LSM_ATTR, apparmor(7). */
static int read_one(struct session *s, const char *from, const char *to, const char *before)
{
	autobuffer text = BUFFER_INIT;
	autobuffer label = BUFFER_INIT;
	int ret = proc_read(s->job->target->dir, from, LABEL_MAX, &text);
	size_t len = text.len;

	if (ret < 0)
		return ret;
	while (len && (text.data[len - 1] == '\n' || text.data[len - 1] == '\0'))
		len--;
	/* "profile (enforce)" */
	if (len && text.data[len - 1] == ')')
		for (size_t i = len; i-- > 1;)
			if (text.data[i] == '(' && text.data[i - 1] == ' ') {
				len = i - 1;
				break;
			}
	if (!len)
		return -ENODATA;
	buffer_text(&label, before);
	buffer_append(&label, text.data, len);
	s->prepared.label = steal_ptr(label.data);
	s->prepared.label_file = to;
	return 0;
}

int label_read(struct session *s, struct error *err)
{
	int ret = -EOPNOTSUPP;

	if (access("/sys/module/apparmor/parameters/enabled", F_OK) == 0)
		ret = read_one(s, "attr/apparmor/current", "thread-self/attr/apparmor/exec",
			       "exec ");
	if (ret == -ENOENT)
		ret = read_one(s, "attr/current", "thread-self/attr/exec", "exec ");
	if (access("/sys/fs/selinux/enforce", F_OK) == 0)
		ret = read_one(s, "attr/current", "thread-self/attr/exec", "");
	if (ret == -EOPNOTSUPP) /* neither is active: there is nothing to follow */
		return 0;
	return ret < 0 ? error_set(err, ret,
				   "--follow-context: cannot read the label of process "
				   "%d: %s",
				   s->job->target->pid, strerror(-ret))
		       : 0;
}

int ids_context(struct session *s, const struct plan_step *step)
{
	const struct prepared *p = &s->prepared;
	autoclose int fd = -1;

	(void)step;
	if (!p->label)
		return 0;
	fd = openat(s->job->target->proc, p->label_file, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, p->label, strlen(p->label)) < 0)
		return -errno;
	return 0;
}
