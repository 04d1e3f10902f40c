/* SPDX-License-Identifier: MIT */
/*
 * Why no more namespaces can be made: user.max_*_namespaces (namespaces(7)), whose limits of all
 * user namespaces above count too, or 32 levels of user or pid namespaces. The kernel says only
 * ENOSPC, so that each type is tried again where nothing stays of it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nsview/buffer.h>
#include <nsview/kern.h>
#include <nsview/procfile.h>

#include "make_internal.h"

enum { PATH_BYTES = 64, VALUE_BYTES = 64, NONE = NS_TYPES };

static bool is_full(enum ns_type type)
{
	int ret = kern_unshare(ns_types[type].clone_flag);

	return ret == -ENOSPC || ret == -EUSERS;
}

/* In a child: the first type of which there can be no more, as the exit status. */
static _Noreturn void try_each(unsigned create)
{
	if (create & 1U << NS_USER && is_full(NS_USER))
		_exit(NS_USER);
	for (int type = 0; type < NS_TYPES; type++) {
		if (type != NS_USER && create & 1U << type && is_full(type))
			_exit(type);
	}
	_exit(NONE);
}

static int find_full(unsigned create)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		try_each(create);
	if (pid <= 1)
		return NONE;
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return NONE;
	}
	return WIFEXITED(status) && WEXITSTATUS(status) < NS_TYPES ? WEXITSTATUS(status) : NONE;
}

static bool read_limit(enum ns_type type, struct buffer *out)
{
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), "/proc/sys/user/max_%s_namespaces", ns_types[type].name);
	if (proc_read(-1, path, VALUE_BYTES, out) < 0)
		return false;
	while (out->len > 0 && out->data[out->len - 1] == '\n')
		out->data[--out->len] = '\0';
	return out->len > 0;
}

int make_limit(unsigned create, struct error *err)
{
	int type = find_full(create);
	autobuffer limit = BUFFER_INIT;
	const struct ns_type_info *info = &ns_types[type == NONE ? NS_USER : type];
	const char *also = type == NS_USER || type == NS_PID
				   ? ", or they are 32 levels deep already"
			   : type == NS_MNT ? ", or fs.mount-max is reached"
					    : "";

	if (type == NONE)
		return error_set(err, -ENOSPC,
				 "no more namespaces can be made: a limit user.max_*_namespaces is "
				 "used up; `nsview who --leaked` shows what could go");
	if (!read_limit(type, &limit))
		buffer_text(&limit, "unknown");
	if (strcmp(buffer_str(&limit), "0") == 0)
		return error_set(
			err, -ENOSPC,
			"no %s namespaces can be made: user.max_%s_namespaces is 0 in this "
			"user namespace",
			info->title, info->name);
	return error_set(
		err, -ENOSPC,
		"no more %s namespaces can be made: user.max_%s_namespaces is used up, for "
		"this user (%s in this user namespace) or in a user namespace above%s; "
		"`nsview who --leaked` shows what could go",
		info->title, info->name, buffer_str(&limit), also);
}
