/* SPDX-License-Identifier: MIT */
/*
 * `nsview enter --dry-run --as=WHO`: for whom it is foreseen. Of a process the facts are read; a
 * user nsview becomes, so that it finds what that user would find. Nothing but a dry run follows.
 */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/load_cap.h>

#include "enter.h"

enum { RECORD_BYTES = 1 << 14 };

/* Who is meant: uid and gid, and a name if there is one. */
struct user {
	uid_t uid;
	gid_t gid;
	const char *name;
	struct passwd entry;
	char room[RECORD_BYTES];
};

static bool is_number(const char *text)
{
	return *text && text[strspn(text, "0123456789")] == '\0';
}

/* "uid:1000", also one that nobody has, or a login name. */
static int find_user(const char *word, struct user *out, struct error *err)
{
	struct passwd *found = NULL;
	uint32_t uid;
	int ret = 0;

	if (strncmp(word, "uid:", 4) == 0) {
		ret = enter_parse_number("as=uid:", word + 4, UINT32_MAX - 1, &uid, err);
		if (ret < 0)
			return ret;
		out->uid = out->gid = uid;
		getpwuid_r(uid, &out->entry, out->room, sizeof(out->room), &found);
	} else {
		getpwnam_r(word, &out->entry, out->room, sizeof(out->room), &found);
		if (!found)
			return error_set(
				err, -ENOENT,
				"--as takes a process id, the name of a user or uid:NUMBER; "
				"there is no user \"%.64s\"",
				word);
	}
	if (found) {
		out->uid = found->pw_uid;
		out->gid = found->pw_gid;
		out->name = found->pw_name;
	}
	return 0;
}

/* Without the capabilities that outlive a change of ids where it is not root that changes them. */
static int drop_caps(void)
{
	cap_t none = cap_init();
	int ret = none && cap_set_proc(none) == 0 ? 0 : -errno;

	cap_free(none);
	return ret;
}

static int become(const struct user *u, struct error *err)
{
	int ret = u->name ? initgroups(u->name, u->gid) : setgroups(1, &u->gid);

	if (ret == 0)
		ret = setresgid(u->gid, u->gid, u->gid);
	if (ret == 0)
		ret = setresuid(u->uid, u->uid, u->uid);
	if (ret == 0)
		ret = drop_caps();
	if (ret < 0)
		return error_set(err, -errno, "--as: cannot become uid %u: %s", u->uid,
				 errno == EPERM	   ? "that takes CAP_SETUID and CAP_SETGID"
				 : errno == EINVAL ? "it, or its gid, is not mapped in our own "
						     "user namespace"
						   : strerror(errno));
	/* As any process that this user starts. */
	prctl(PR_SET_DUMPABLE, 1);
	return 0;
}

int enter_as(const char *word, pid_t *out_pid, struct error *err)
{
	struct user user = { 0 };
	uint32_t pid;
	int ret;

	if (is_number(word)) {
		ret = enter_parse_number("as", word, 1 << 22, &pid, err);
		*out_pid = (pid_t)pid;
		return ret == 0 && !pid ? error_set(err, -ESRCH, "there is no process 0") : ret;
	}
	ret = find_user(word, &user, err);
	if (ret < 0 || (user.uid == geteuid() && user.uid == getuid()))
		return ret;
	if (user.uid == 0)
		return error_set(err, -EPERM, "--as: only root can tell what root could do");
	return become(&user, err);
}
