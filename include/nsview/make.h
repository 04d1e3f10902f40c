/* SPDX-License-Identifier: MIT */
/*
 * What new namespaces need before a command can live in them: id maps, time offsets, mounts and
 * root, hostname, network ends, files that keep them. The order, and who calls:
 *
 *   front   make_prepare   before anything is forked; nothing of the host is changed
 *   helper  unshare(CLONE_NEWUSER) if asked for, then waits
 *   front   make_write_maps
 *   helper  unshare of the rest; make_younger; make_offsets
 *   front   make_wire      before the helper goes on
 *   helper  clones the child, which waits
 *   front   make_persist
 *   child   make_inside, then reaper_start (reaper.h) if it is the first of a pid namespace
 *   front   make_undo      only if any of it, or exec, has failed; make_free always
 *
 * Types are masks of 1 << enum ns_type. All return 0 or -errno with a sentence in err. Nothing here
 * loads NSS, a locale or any file of the new root.
 */
#ifndef NSVIEW_MAKE_H
#define NSVIEW_MAKE_H

#include <sys/types.h>
#include <nsview/enter.h>
#include <nsview/error.h>

struct make;

/*
 * Looks the wish over (what needs which namespace, maps, options, addresses), reads /etc/subuid and
 * /etc/subgid, finds newuidmap(1), keeps /proc open. Borrows wish and its strings until make_free.
 * -EINVAL for what contradicts itself, other errors for what is not there; with for_other only the
 * former, since another process has other means.
 *
 * Maps where none is asked for, with a new user namespace: who may map any id (CAP_SETUID and
 * CAP_SETGID) gets every id of the caller's own user namespace one for one; anybody else root
 * inside as themselves and, where newuidmap and /etc/subuid allow, further ids from 1 on, else root
 * only. --map-auto is the same for everybody and fails where there are no further ids.
 */
int make_prepare(const struct wish_make *wish, unsigned create, struct make **out,
		 struct error *err);
void make_free(struct make *m);
/* Only which wish needs which new namespace; touches nothing. -EINVAL with words. */
int make_check(const struct wish_make *wish, unsigned create, struct error *err);

/*
 * Writes setgroups, uid_map and gid_map of pid, which has just unshared its user namespace and must
 * be dumpable meanwhile (its /proc files belong to root otherwise). Nothing without a new user
 * namespace.
 */
int make_write_maps(struct make *m, pid_t pid, struct error *err);
/*
 * The uid, as we number it, of who runs the command: of uid inside, where that was asked for, else
 * of who it is by itself. -1: there is none, or no new user namespace.
 */
int64_t make_uid_outside(const struct make *m, bool asked, uid_t uid);
/* The uid inside of who runs the command by itself; without a new user namespace, our own. */
uid_t make_uid_inside(const struct make *m);
/*
 * In the helper, before unshare(CLONE_NEWUSER): gives up supplementary groups where the maps make
 * somebody else of who we are, since setgroups(2) may be denied afterwards.
 */
void make_leave_groups(const struct make *m);
/* What was given up in silence while maps were written, a sentence for -v, or NULL. Borrowed. */
const char *make_note(const struct make *m);

/*
 * In the helper, after unshare(CLONE_NEWNS). A mount namespace can be kept only in one that is
 * older, which kernels from 6.18 on judge by numbers that each CPU takes from a batch of its own:
 * makes it anew on one CPU after the other until it is the younger. Nothing without --persist.
 */
int make_younger(struct make *m, struct error *err);

/* time_namespaces(7): after unshare(CLONE_NEWTIME), before the first child. ERANGE is explained. */
int make_offsets(struct make *m, struct error *err);

/*
 * The veth pair: our end here, the other, called eth0, in the network namespace of pid, which has
 * that inode number; our end's address, and up. The inside end is set up by make_inside. Nothing
 * without --veth.
 */
int make_wire(struct make *m, pid_t pid, uint64_t netns_ino, struct error *err);

/*
 * In the child, first thing after the clone. Becomes root of a new user namespace that does not map
 * the caller; then propagation, mounts, root, hostname, lo and the end of the veth up. After it cwd
 * is "/" where the root was changed. PR_SET_PDEATHSIG may have been cleared: set it afterwards.
 *
 * With a new mount namespace: a new /proc if the pid namespace is new too and a new /sys if the
 * network namespace is (both may be said no to), /tmp on request. Mount points that are missing are
 * made, in the new root only. A --root in which /dev/null cannot be used gets a /dev of its own as
 * bubblewrap gives it: null zero full random urandom tty of the host, fd stdin stdout stderr, a
 * new devpts with ptmx, shm; anything else in its /dev is hidden.
 */
int make_inside(struct make *m, struct error *err);

/* --persist: one file per type in the directory, each held by a bind mount of pid's. */
int make_persist(struct make *m, pid_t pid, unsigned types, struct error *err);

/* Takes back what has been left on the host so far: the veth, persistent files. */
void make_undo(struct make *m);

/*
 * In the front, for unshare or clone that gave ENOSPC (EUSERS before 4.9): tries the types once
 * more, one after the other, in a child, and says which limit of which user namespace it is.
 * Returns -ENOSPC.
 */
int make_limit(unsigned create, struct error *err);

#endif
