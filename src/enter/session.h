/* SPDX-License-Identifier: MIT */
/* What front, helper and child share, and how they talk. Private to enter/. */
#ifndef NSVIEW_ENTER_SESSION_H
#define NSVIEW_ENTER_SESSION_H

#include <signal.h>
#include <stdint.h>
#include <sys/resource.h>
#include <nsview/buffer.h>
#include <nsview/enter_run.h>

struct pty;

enum report_kind {
	REPORT_FAILED, /* to the front: step, error, perhaps words; the sender ends */
	REPORT_MAPS,   /* to the front: the helper has a new user namespace; wants REPORT_GO */
	REPORT_WIRE,   /* ... and the other new ones, ino */
	REPORT_CHILD,  /* to the front: value is the pid of the child */
	REPORT_INSIDE, /* to the front: ino is where the child is; the last before exec */
	REPORT_GO,     /* from the front */
};

/* One message of the SOCK_SEQPACKET pair. */
struct report {
	int32_t kind;
	int32_t step;  /* index into the plan's steps, -1: none */
	int32_t error; /* -errno */
	int32_t value;
	int32_t status; /* exit status that the front ends with */
	uint64_t ino[NS_TYPES];
	char text[512]; /* words, "": the plan has them */
};

/* -errno; -EPIPE where the other side is gone. */
int report_send(int sock, const struct report *r);
/* 1, 0 at the end, or -errno. */
int report_receive(int sock, struct report *out);
/* Sends kind and waits for REPORT_GO; false where the front is gone or says otherwise. */
bool report_ask(int sock, struct report *r);

enum { CGROUPS_MAX = 32, RESOLV_FILES = 2 };

/* What of the target can be taken over; read before the join. */
struct likeness {
	bool read;
	uint64_t bounding;
	int no_new_privs; /* -1: not known */
	bool has_umask, has_oom;
	mode_t umask;
	int oom_score_adj;
	bool has_limit[RLIM_NLIMITS];
	struct rlimit limits[RLIM_NLIMITS];
	bool seccomp; /* it has a filter, which cannot be copied */
};

/*
 * All that is looked up before anything is joined: afterwards no file is opened by name but those
 * of the command itself.
 */
struct prepared {
	char **env;	   /* NULL-terminated, owned, as its strings */
	char *const *argv; /* borrowed, or shell */
	char *shell[2];
	char *path; /* PATH that argv[0] is searched in */
	int cgroups[CGROUPS_MAX];
	size_t ncgroups;
	struct likeness like;
	char *label; /* of --follow-context, what is written to label_file; NULL: none */
	const char *label_file;
	struct buffer resolv[RESOLV_FILES]; /* of --resolv=target */
	int anchor; /* what the child becomes first, see seal.c; -1: nothing */
};

struct session {
	const struct enter_job *job;
	struct prepared prepared;
	int sock;      /* our end; -1: the command takes our place */
	int life;      /* of the reaper: hung up when the front is gone; -1 */
	int status_fd; /* of the reaper: where it tells how the command fares; -1 */
	int exec_fd;   /* of the anchor: where it tells why the command is not run; -1 */
	int gate;      /* of the child: a byte once the front knows of it; -1 */
	pid_t parent;  /* who started us */
	uid_t euid;    /* of the front */
	sigset_t mask; /* as we were started with */
	/* ... and these two: SIGXFSZ is an error of write(2) to us, of SIGCHLD we have to hear. */
	void (*xfsz)(int), (*chld)(int);
	struct pty *pty;   /* NULL: the terminal is shared */
	bool foreign_root; /* the command finds other files than we do */
	bool joined;	   /* what several steps of the plan do at once is done */
	char detail[512];  /* words of the last failure, "" */
};

/* Fills in which namespaces we are in, 0 where it cannot be read. */
void report_namespaces(const struct session *s, struct report *r);

/* Words for the failure that the step returns; gives error back. */
int session_words(struct session *s, int error, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* What has to be looked up; prepared_release afterwards. */
int prepare(struct session *s, struct error *err);
void prepared_release(struct prepared *p);

/* The types that the command will have in other namespaces than we do. */
unsigned session_foreign(const struct enter_job *job);

/* --die-with-parent, without a gap: false where who started us has ended already. */
bool session_tie_to_parent(const struct session *s);

/* Runs the steps of the helper: 0, or -errno with the index of the failed one in *out_step. */
int helper_steps(struct session *s, int *out_step);
/* In the forked helper, which joins and clones. Never returns. */
_Noreturn void helper_main(struct session *s);
/* In the child: the rest of the steps, then exec. Returns only on failure: 125 to 127. */
int child_run(struct session *s, struct report *out_failure);

/* The front's own part. Returns the exit status. */
int front_run(struct session *s, struct error *err);

#endif
