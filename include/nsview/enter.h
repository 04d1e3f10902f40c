/* SPDX-License-Identifier: MIT */
/*
 * What a person wishes `nsview enter` to do, as plain values: nothing is opened, looked up or
 * tried here. cmd/enter fills it from the command line; plan.h says what it takes and whether it
 * can work; enter_run carries it out. Strings are borrowed from argv.
 */
#ifndef NSVIEW_ENTER_H
#define NSVIEW_ENTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <nsview/error.h>
#include <nsview/nstype.h>
#include <nsview/proctext.h>

enum enter_env { ENV_DEFAULT, ENV_HOST, ENV_TARGET, ENV_CLEAR };

/* Who the command runs as. */
struct wish_ids {
	bool has_uid, has_gid, has_groups;
	uid_t uid;
	gid_t gid;
	const gid_t *groups; /* --groups; owned by the wish */
	size_t ngroups;
	bool preserve_credentials;
	bool keep_caps;
	uint64_t cap_add, cap_drop; /* 1 << capability */
	bool no_new_privs;
	bool like_target;    /* bounding set, no_new_privs, rlimits, umask, oom_score_adj of it */
	bool follow_context; /* SELinux, AppArmor */
};

/* Where it runs and what it is given. */
struct wish_place {
	bool target_root, target_wd; /* -r, -w without an argument */
	const char *root, *wd;	     /* -r=DIR, -w=DIR */
	bool join_cgroup;
	bool target_resolv; /* --resolv=target */
	enum enter_env env;
	const char *const *setenv; /* NAME=VALUE, NULL-terminated; owned by the wish */
	unsigned preserve_fds;	   /* --preserve-fds=N: 3 to N + 2 */
};

/* One --mount=TYPE,... of a new mount namespace. */
struct wish_mount {
	enum { MOUNT_BIND, MOUNT_RBIND, MOUNT_TMPFS, MOUNT_OVERLAY, MOUNT_PROC, MOUNT_SYSFS } kind;
	const char *source, *target; /* target: inside the new root */
	const char *options;	     /* as mount(8) takes them, may be NULL */
	bool readonly;
};

/* What new namespaces look like inside. */
struct wish_make {
	bool map_root, map_current, map_auto;
	bool has_map_user, has_map_group;
	uid_t map_user;
	gid_t map_group;
	const struct id_range *uid_maps, *gid_maps; /* --map; owned by the wish */
	size_t nuid_maps, ngid_maps;
	const char *setgroups; /* "allow", "deny" or NULL */
	const char *hostname, *domainname;
	enum { TRISTATE_DEFAULT, TRISTATE_YES, TRISTATE_NO } mount_proc, mount_sys, mount_tmp;
	const struct wish_mount *mounts; /* in the order given; owned by the wish */
	size_t nmounts;
	const char *root;	   /* --root=DIR with a new mount namespace: pivot_root(2) */
	bool chroot;		   /* ... by chroot(2) instead */
	unsigned long propagation; /* MS_PRIVATE | MS_REC ...; 0: the default, private */
	bool has_monotonic, has_boottime;
	struct time_offset monotonic, boottime;
	bool veth;
	const char *veth_name;			/* of the host's end, NULL: chosen */
	const char *veth_addr, *veth_peer_addr; /* ADDR/LEN of the host's end, and inside */
	bool lo_off;
	bool as_pid_1;	     /* no reaper of ours */
	const char *persist; /* directory, one file per namespace */
	bool for_other;	     /* --as: what it takes is not to be asked of the running process */
};

/* How the session is held together. */
struct wish_session {
	bool share_tty, pty; /* neither: a pty where it matters, see enter_needs_pty */
	const char *pid_file;
	int info_fd;	/* -1: none */
	int kill_child; /* signal, 0: none */
	bool die_with_parent;
	bool no_fork; /* -F: the command takes our place, whatever it then lacks */
	bool verbose, quiet;
};

struct enter_wish {
	unsigned join;	 /* 1 << enum ns_type asked for by name */
	unsigned except; /* --except */
	unsigned create; /* --new */
	bool join_all;	 /* -a, or nothing was named and the target is a process */
	struct wish_ids ids;
	struct wish_place place;
	struct wish_make make;
	struct wish_session session;
	char *const *command; /* NULL-terminated; NULL: a shell */
};

/*
 * What --tools=host leaves out: the mount namespace, and that of PIDs unless it is asked for by
 * name, since whoever sees the command there and has rights like its own can trace it, and has all
 * of the host's files by it (/proc/PID/root).
 */
static inline unsigned enter_not_with_host_tools(const struct enter_wish *w)
{
	return 1U << NS_MNT | (1U << NS_PID & ~w->join);
}

/* enter's own exit statuses, as env(1) and timeout(1) have them. */
enum { ENTER_FAILED = 125, ENTER_NOT_EXECUTABLE = 126, ENTER_NOT_FOUND = 127 };

#endif
