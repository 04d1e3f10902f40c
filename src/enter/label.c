/* SPDX-License-Identifier: MIT */
/*
 * --follow-context: the label that SELinux or AppArmor has given the target, read before the join,
 * and asked for the command, which gets it with exec. Knows how either writes one down; whether the
 * policy lets anybody have it is the kernel's to say.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/procfile.h>

#include "ids.h"

enum { LABEL_MAX = 4096 };

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

/* It may be built in and switched off. */
static bool apparmor_is_on(void)
{
	autoclose int fd = open("/sys/module/apparmor/parameters/enabled", O_RDONLY | O_CLOEXEC);
	char on = 'N';

	return fd >= 0 && read(fd, &on, 1) == 1 && on == 'Y';
}

int label_read(struct session *s, struct error *err)
{
	int ret = -EOPNOTSUPP;

	if (apparmor_is_on())
		ret = read_one(s, "attr/apparmor/current", "thread-self/attr/apparmor/exec",
			       "exec ");
	if (ret == -ENOENT)
		ret = read_one(s, "attr/current", "thread-self/attr/exec", "exec ");
	else if (ret == -EOPNOTSUPP && access("/sys/fs/selinux/enforce", F_OK) == 0)
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
