/* SPDX-License-Identifier: MIT */
/*
 * Whose the pseudo-terminal is. Whoever runs the command has to be able to open it again by its
 * name, as /dev/stdin or /proc/self/fd/0: with open(2) it is the file's owner that counts, not who
 * holds it open already. The front may give it to anybody where it is root; else root of the joined
 * user namespace may, from inside, as long as it knows the file's uid and gid: user_namespaces(7).
 */
#include <unistd.h>

#include <sys/stat.h>

#include <nsview/make.h>

#include "pty_owner.h"

uid_t pty_owner(const struct session *s)
{
	const struct plan *plan = s->job->plan;
	const struct plan_map *map = &s->job->facts->target.uid_map;
	const unsigned user = 1U << NS_USER;
	int64_t uid = -1;

	if (plan->set_uid)
		uid = plan->uid;
	if (plan->create & user)
		uid = plan->join & user ? -1
					: make_uid_outside(s->job->make, plan->set_uid, plan->uid);
	else if (plan->join & user && plan->set_uid)
		/* A map of another user namespace than ours is read with our numbers outside. */
		uid = id_ranges_outside(map->ranges, map->n, plan->uid);
	return uid < 0 || uid == geteuid() ? (uid_t)-1 : (uid_t)uid;
}

void pty_give(const struct session *s)
{
	const struct plan *plan = s->job->plan;
	uid_t uid = plan->set_uid ? plan->uid : geteuid();
	struct stat st;

	for (int fd = 0; s->pty && fd <= 2; fd++)
		if (isatty(fd) && fstat(fd, &st) == 0 && st.st_uid != uid)
			(void)!fchown(fd, uid, (gid_t)-1);
}
