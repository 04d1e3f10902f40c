/* SPDX-License-Identifier: MIT */
/*
 * What is known of the caller and of a target before anything is joined or made: plain values,
 * filled by scan/entry_facts.c or by hand in tests, judged by plan.h. Two helpings: the basic ones
 * are all that a plan's steps need; the details are what it takes to foresee, or to explain, a
 * failure, and are read only then.
 */
#ifndef NSVIEW_PLAN_FACTS_H
#define NSVIEW_PLAN_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <nsview/error.h>
#include <nsview/nstype.h>
#include <nsview/proctext.h>

/* An index into users, or what there is instead of one. */
enum {
	USER_NEW = -3,	   /* one that this plan makes */
	USER_OUTSIDE = -1, /* neither the caller's user namespace nor below it */
	USER_UNREAD = -2,  /* not asked for, or it could not be told */
	USER_OWN = 0,	   /* users[0] is always the caller's */
};

/* A user namespace that matters: the caller's, or one below it. */
struct plan_user {
	uint64_t ino;
	int parent;  /* index; USER_OUTSIDE for the caller's own */
	uid_t owner; /* its creator, as the caller's user namespace numbers it */
};

enum { NO_ID = UINT32_MAX };

/* Whether something is so, or nobody could tell. */
enum plan_answer { ANSWER_UNKNOWN, ANSWER_NO, ANSWER_YES };

struct plan_caller {
	pid_t pid; /* whose these facts are; 0: of the running process itself */
	/* basic */
	uint64_t ino[NS_TYPES];	   /* 0: not known */
	uint64_t pid_for_children; /* differs from ino[NS_PID] after an unshare without a fork */
	bool is_init;		   /* pid 1 of its pid namespace, which may not CLONE_PARENT */
	/* details */
	uid_t ruid, euid;
	gid_t rgid, egid;
	uint64_t effective, permitted; /* capabilities, in users[USER_OWN] */
	uint64_t bounding;
	bool euid_mapped, egid_mapped; /* in its own user namespace */
	bool is_uid_0;		       /* euid as its own user namespace numbers it */
	bool chrooted;		       /* no new user namespace then; unshare(2) */
	int pid_owner, net_owner; /* the user namespaces that own these two of its namespaces */
};

struct plan_ns {
	uint64_t ino; /* 0: not known, see error */
	int error;    /* -errno of reading it, 0 */
	/* details */
	int owner; /* the user namespace that owns it; of a user namespace: itself */
	enum plan_answer is_below; /* pid: the caller's own or below it */
};

/* uid_map or gid_map, as the caller sees it. */
struct plan_map {
	struct id_range *ranges; /* owned by the facts */
	size_t n;
	bool known; /* without a process nobody can read it */
};

struct plan_target {
	pid_t pid;	 /* 0: no process, its namespaces were opened one by one */
	bool has_pidfd;	 /* and setns(2) is tried with it, 5.8 */
	unsigned opened; /* 1 << enum ns_type: namespaces that were opened by themselves */
	/* basic */
	struct plan_ns ns[NS_TYPES];
	/* basic too, but read only where another user namespace is joined */
	struct plan_map uid_map, gid_map;
	enum plan_answer may_setgroups;
	/* its effective ones as numbered inside; NO_ID: not mapped, or 0 is and nobody needs them
	 */
	uint32_t uid, gid;
	/* details */
	uint32_t uids[3], gids[3]; /* real, effective, saved */
	bool has_ids;
	uint64_t permitted;
	enum plan_answer dumpable; /* its owner may look at it: prctl(2), PR_SET_DUMPABLE */
	bool zombie, kernel_thread;
	int user; /* its user namespace: an index, as above */
};

/* Settings of the kernel; -1: it has no such setting, or it could not be read. */
struct plan_settings {
	int64_t max[NS_TYPES];	   /* /proc/sys/user/max_*_namespaces */
	int64_t userns_clone;	   /* kernel.unprivileged_userns_clone, of Debian */
	int64_t apparmor_restrict; /* kernel.apparmor_restrict_unprivileged_userns, of Ubuntu */
	bool root_map_asks;	   /* mapping uid 0 takes CAP_SETFCAP: 5.12, user_namespaces(7) */
};

struct plan_facts {
	struct plan_caller caller;
	struct plan_target target;
	struct plan_settings settings;
	bool has_target;
	bool detailed;		 /* the details are there */
	struct plan_user *users; /* owned */
	size_t nusers;
};

/* What the facts are read from; nothing of it is closed or kept. */
struct facts_source {
	int proc;	      /* directory fd of /proc */
	pid_t caller;	      /* 0: the running process; else foresee for who has its credentials */
	pid_t pid;	      /* the target's number, 0: none */
	int pidfd;	      /* -1: this kernel has none, or there is no process */
	int pid_dir;	      /* fd of its /proc/PID, -1 */
	int ns_fds[NS_TYPES]; /* -1 where no namespace was opened */
};

/*
 * The basic facts: up to twenty readlinks. A namespace that cannot be read is a fact too (error).
 * -ESRCH where the target is gone.
 */
int plan_facts_read(const struct facts_source *from, struct plan_facts *out, struct error *err);
/* Adds the details: who owns what, capabilities, settings. Never fails: what is not there is so. */
void plan_facts_detail(const struct facts_source *from, struct plan_facts *f);
void plan_facts_release(struct plan_facts *f);

/* Whether an id inside is mapped. */
enum plan_answer plan_map_has(const struct plan_map *map, uint32_t inside);

/* The index of a user namespace by its inode number, USER_OUTSIDE where there is none. */
int plan_facts_user(const struct plan_facts *f, uint64_t ino);

#endif
