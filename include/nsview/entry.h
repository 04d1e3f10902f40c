/* SPDX-License-Identifier: MIT */
/*
 * A target of `nsview enter`, opened: everything that leads into it is a file descriptor from here
 * on, so that a number that is taken again, or a path that is replaced, leads nowhere else.
 */
#ifndef NSVIEW_ENTRY_H
#define NSVIEW_ENTRY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <nsview/error.h>
#include <nsview/nstype.h>
#include <nsview/proctext.h>
#include <nsview/scan.h>

struct enter_target {
	pid_t pid;	      /* as our pid namespace numbers it; 0: no process */
	int proc;	      /* directory fd of /proc */
	int pidfd;	      /* -1: no process, or a kernel without (before 5.3) */
	int dir;	      /* O_PATH fd of /proc/PID, -1 */
	int root, wd;	      /* O_PATH fds of its root and working directory, -1 */
	int root_error;	      /* -errno that kept root or wd from us, else 0 */
	int ns_fds[NS_TYPES]; /* namespaces opened one by one, -1; they win over the process's */
};

/* All of it -1; opens /proc. -errno with words where there is none. */
int entry_init(struct enter_target *t, struct error *err);
void entry_release(struct enter_target *t);

/*
 * A process by its number, without a look at the rest of the host. Refused with a sentence of its
 * own each: no such process, a zombie, a kernel thread, one that may not be looked at.
 */
int entry_open_pid(struct enter_target *t, pid_t pid, struct error *err);
/* One that a scan found; -ESRCH where it is another by now. */
int entry_open_process(struct enter_target *t, const struct scan *s, const struct process *p,
		       struct error *err);
/* A namespace that a scan found. */
int entry_open_ns(struct enter_target *t, const struct scan *s, const struct ns *ns,
		  struct error *err);
/*
 * A namespace file. type: the type that it has to be, -1 for any. -EINVAL with words where it is
 * no namespace, or one of another type; -ENOENT where there is nothing.
 */
int entry_open_path(struct enter_target *t, const char *path, int type, struct error *err);
/* The network namespace of a socket, by the number of a descriptor of ours. */
int entry_open_socket(struct enter_target *t, int fd, struct error *err);
/* Takes over an fd of a namespace of that type. */
void entry_take(struct enter_target *t, enum ns_type type, int fd);

/*
 * Checks that the process, or else the one namespace, is still the one that was meant: life is the
 * start time of a process (clock ticks after boot, proc_pid_stat(5)), the kernel's id of a
 * namespace (see kern_ns_id). -ESRCH with words where it is another, -EINVAL where there are
 * several namespaces, else why it cannot be told.
 */
int entry_check_life(const struct enter_target *t, uint64_t life, struct error *err);

/* Whether the process has not ended. Without a process: yes. */
bool entry_alive(const struct enter_target *t);

/* Its root and working directory, O_PATH; into t, or why not into root_error. */
void entry_open_places(struct enter_target *t);

/*
 * Opens a file below a directory as a process whose root that is sees it, for reading; only a
 * regular file, and never anything outside of root, whatever links it holds. -errno.
 */
int entry_open_inside(int root, const char *path);

#endif
