/* SPDX-License-Identifier: MIT */
/*
 * A pseudo-terminal between the person's terminal and what runs inside, so that nobody inside ever
 * holds the person's own: not to push keystrokes into it (TIOCSTI), not to read on when the command
 * has ended. pty(7), ioctl_tty(2), credentials(7).
 *
 *   person's terminal  <->  front (relay)  <->  master | slave  <->  command
 *
 * The slave is the controlling terminal of a session of its own. Its leader is a small process of
 * ours, the keeper, on the outside: the command is born into that session, into a process group
 * that is not orphaned, so that Ctrl-Z and the stop of a background reader work as in a shell
 * (POSIX, 11.1.4). From such a stop the relay learns that somebody inside wants to read: in a
 * pipeline, or in the background, it reads nothing from the person's terminal until then, and
 * leaves it to the others that read it.
 *
 * Which devpts: the target's, where its root has one at dev/pts, so that ttyname(3) works inside;
 * else ours, and then ttyname(3) works inside wherever /dev/pts is still ours.
 */
#ifndef NSVIEW_PTY_H
#define NSVIEW_PTY_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <nsview/error.h>

struct pty;

/* What decides whether there is a pseudo-terminal. */
struct pty_case {
	bool share_tty, pty;		/* as asked for */
	bool terminal[3];		/* whether 0, 1, 2 are terminals */
	bool controlling;		/* whether the caller has a controlling terminal */
	bool user_differs, mnt_differs; /* joined or new: other than the caller's */
};
/*
 * Pure. --share-tty and --pty are obeyed; else one is needed where the user or mount namespace
 * differs and a terminal could be reached from inside: by 0, 1, 2 or as /dev/tty.
 */
bool enter_needs_pty(const struct pty_case *c);

struct pty_wish {
	bool terminal[3]; /* which of 0, 1, 2 are terminals, and become the slave; none of them:
			     all become it, if forced, and 0 and 1 are relayed as they are */
	bool forced;	  /* --pty */
	int root;	  /* O_PATH fd of the target's root, -1: our devpts. Borrowed. */
	uid_t owner;	  /* of the slave, as numbered outside; (uid_t)-1: left as it is */
};

/*
 * Makes the pair, with the settings and size of the person's terminal. Touches nothing of that
 * terminal yet. The caller frees *out.
 */
int pty_open(const struct pty_wish *wish, struct pty **out, struct error *err);

/*
 * fork(2) for the helper that will join: returns its pid in the front, whose child it is, and 0 in
 * the helper, where 0, 1, 2 are what the command shall have, the session and process group are
 * those of the slave, and nothing of p is open any more. The command is cloned from there and
 * changes neither its session nor its group. When it returns in the front, the person's terminal
 * is raw if this is an interactive session in the foreground.
 */
pid_t pty_fork(struct pty *p, struct error *err);

/* What the front shall do. */
enum pty_event {
	PTY_GO_ON,
	/* Stop itself with this session's stop, as the person's shell would see the command stop:
	   the terminal is as it was. Afterwards, pty_continued. */
	PTY_STOP_TOO,
};

enum { PTY_POLLS = 4 };
/* Fills PTY_POLLS entries (fd -1 where there is nothing to wait for). */
void pty_polls(const struct pty *p, struct pollfd fds[PTY_POLLS]);
/* Moves bytes after poll(2) has filled in revents; never blocks. */
enum pty_event pty_handle(struct pty *p, const struct pollfd fds[PTY_POLLS]);

/* The command was seen to stop by this signal (WUNTRACED). With PTY_GO_ON it was continued. */
enum pty_event pty_stopped(struct pty *p, pid_t command, int sig);
/*
 * After SIGCONT to the front: takes the terminal again if the front is in the foreground; with
 * PTY_GO_ON the caller sends SIGCONT to the command. With PTY_STOP_TOO the front was continued in
 * the background though it is interactive inside: it stops itself again.
 */
enum pty_event pty_continued(struct pty *p);
/* Whether the person's terminal is raw, and what is typed goes inside. */
bool pty_attached(const struct pty *p);
/* After SIGWINCH: the slave gets the new size, and the foreground inside SIGWINCH. */
void pty_resize(struct pty *p);

/* The command has ended: nothing is read from the person any more. */
void pty_end(struct pty *p);
/*
 * Whether all that was written inside before pty_end has reached the terminal; poll until then.
 * Ask it before pty_polls: it reads.
 */
bool pty_drained(struct pty *p);

/*
 * Puts the terminal back as it was, hangs up the slave, ends and reaps the keeper. Also where
 * nothing was forked; NULL is allowed.
 *
 * Signals: what the person's terminal makes (SI_KERNEL, before the terminal is raw) the front sends
 * to pty_group with killpg(3), since the command is in another session; what a process has sent to
 * the front goes to the command alone, which may be in a group of its own by then.
 */
void pty_free(struct pty *p);
/* The process group that the command was born into, as numbered outside; 0 before pty_fork. */
pid_t pty_group(const struct pty *p);

#endif
