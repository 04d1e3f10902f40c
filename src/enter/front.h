/* SPDX-License-Identifier: MIT */
/* The front's state while helper and command run. Private to enter/. */
#ifndef NSVIEW_ENTER_FRONT_H
#define NSVIEW_ENTER_FRONT_H

#include <nsview/pty.h>

#include "outcome.h"
#include "session.h"
#include "terminal.h"

struct front {
	struct session *s;   /* borrowed */
	struct error *err;   /* borrowed: why nothing ran */
	int sock;	     /* -1 once it has reached its end */
	int signals;	     /* signalfd */
	int status_fd;	     /* of the reaper, -1 */
	int life;	     /* the reaper's sign that we are there, -1 */
	int exec_fd;	     /* of the anchor, -1 */
	pid_t helper, child; /* 0: not there (any more) */
	bool failed;	     /* err has it, or status */
	int status;	     /* exit status where failed */
	int wait_status;     /* of the command */
	bool has_status;     /* ... as far as it is known */
	uint64_t ino[NS_TYPES];
	struct pid_file pid_file;
	struct terminal terminal;
	struct pty *pty;  /* NULL: the terminal is shared */
	sigset_t pending; /* to be forwarded once there is a child */
};

/*
 * What joins front and helper; index 0 is read from. The socket is of nsview's own processes, which
 * nobody inside can look into, and what comes by it is believed. Of the anchor, which is dumpable
 * as any program, the same cannot be said: it has a pipe of its own, on which only an errno counts.
 */
struct channels {
	int sock[2];   /* reports; the front's end is 0 */
	int life[2];   /* hung up when the front is gone; for the reaper */
	int status[2]; /* how the command fares, by the reaper */
	int exec[2];   /* why the command is not run, by the anchor */
};

/* front_start.c: starts the helper, and keeps the front's ends of the channels. */
int front_start(struct front *f);

/* front_signal.c: what arrives at the front, and the end by the command's own signal. */
int front_block(struct front *f);
int front_signals(struct front *f);
/* The command has stopped by sig: so does the front, until it is continued. */
void front_stopped(struct front *f, int sig);
/* What the pseudo-terminal says that the front shall do. */
void front_follow(struct front *f, enum pty_event event);
/* What came before there was a child to get it. */
void front_flush(struct front *f);
/* Ends the process as the wait status says, or returns the exit status that says the same. */
int front_end(struct front *f, int wait_status);

#endif
