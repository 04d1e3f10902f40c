/* SPDX-License-Identifier: MIT */
/*
 * Where the command finds itself: the target's root and working directory, by descriptors that
 * were opened before the join, since setns(2) lands at the root of the mount namespace and not at
 * the target's. What is left outside of the root would be a way out, and is refused.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <nsview/escape.h>
#include <nsview/kern.h>

#include "inside.h"

static int path_words(struct session *s, const char *what, const char *path, int error)
{
	autobuffer shown = BUFFER_INIT;

	escape_text(&shown, path, strlen(path), ESCAPE_UTF8);
	return session_words(s, -error, "cannot make %s the %s directory: %s", buffer_str(&shown),
			     what, strerror(error));
}

int inside_root(struct session *s, const struct plan_step *step)
{
	const struct wish_place *place = &s->job->wish->place;

	(void)step;
	if (s->job->target->root >= 0 && (fchdir(s->job->target->root) < 0 || chroot(".") < 0))
		return -errno;
	if (!place->root)
		return 0;
	if (chdir(place->root) < 0)
		return path_words(s, "root", place->root, errno);
	return chroot(".") < 0 ? path_words(s, "root", place->root, errno) : 0;
}

static int enter_wd(struct session *s)
{
	const struct wish_place *place = &s->job->wish->place;

	if (place->wd)
		return chdir(place->wd) < 0 ? path_words(s, "working", place->wd, errno) : 0;
	if (s->job->target->wd >= 0 && fchdir(s->job->target->wd) < 0)
		return place->target_wd ? -errno : 1;
	return 0;
}

/* Where nobody asked for it, a directory that may not be entered or is outside gives way to "/". */
int inside_wd(struct session *s, const struct plan_step *step)
{
	const struct wish_place *place = &s->job->wish->place;
	bool asked = place->wd || place->target_wd;
	int ret = enter_wd(s);

	(void)step;
	if (ret < 0)
		return ret;
	if (ret == 0 && kern_cwd_is_reachable())
		return 0;
	if (asked)
		return session_words(s, -EXDEV,
				     "the working directory is outside of the root directory that "
				     "the command gets, and would be a way out of it");
	return chdir("/") < 0 ? -errno : 0;
}
