/* SPDX-License-Identifier: MIT */
/* The first process of a new pid namespace: reaps all, forwards signals, reports one command. */
#ifndef NSVIEW_REAPER_H
#define NSVIEW_REAPER_H

#include <signal.h>
#include <stdbool.h>

struct reaper {
	/*
	 * Written to, an int each as waitpid(2) gives it, whenever the command stops
	 * (WIFSTOPPED), goes on (WIFCONTINUED) or has ended. A pipe or a socket.
	 */
	int status_fd;
	/*
	 * The read end of a pipe whose write end only the front holds (or a pidfd of the front):
	 * readable or hung up means that the front is gone.
	 */
	int life_fd;
	/* Sent to the command then; 0 or SIGKILL: everything in the namespace ends at once. */
	int kill_child;
	sigset_t mask; /* the command's signal mask */
	/*
	 * What becomes the command, in PID 2 with the mask set. Where it executes something at
	 * once, it may do so in the caller's memory, as kern_clone_borrowed has it.
	 */
	int (*command)(void *arg);
	void *arg;
	bool executes;
};

/*
 * Starts the command; the caller stays PID 1, closes every descriptor but those two and never
 * returns, unless with -errno if it cannot start. It waits for all, forwards signals that a process
 * outside of the namespace sent (not those that a terminal made, which have reached the command
 * already), and ends when the command has ended, whereupon the kernel ends everything else in the
 * namespace: its exit status is the command's, or 128 + signal.
 */
int reaper_start(const struct reaper *r);

#endif
