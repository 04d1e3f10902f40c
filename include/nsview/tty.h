/* SPDX-License-Identifier: MIT */
/*
 * Raw calls about terminals and pseudo-terminals. 0 or an fd (always close-on-exec), or -errno.
 * pty(7), ioctl_tty(2).
 */
#ifndef NSVIEW_TTY_H
#define NSVIEW_TTY_H

#include <sys/ioctl.h>

/*
 * A new master, not blocking. root is an O_PATH fd of the root directory below which dev/pts/ptmx
 * is looked for, -1: ours. No symbolic link is followed, and what is found is opened only if it is
 * the multiplexer of a devpts: else -ENODEV.
 */
int kern_pty_master(int root);
/* The slave of it, through the mount that the master was opened by: TIOCGPTPEER, 4.13. */
int kern_pty_slave(int master);
/* Makes a terminal the controlling one of the calling session leader. */
int kern_tty_control(int fd);

int kern_tty_size(int fd, struct winsize *out);
/* Sets it; the foreground process group gets SIGWINCH where it changes. */
int kern_tty_set_size(int fd, const struct winsize *size);
/*
 * A descriptor of our own for the terminal that fd is, not blocking, so that nobody who shares fd
 * sees a difference; fd -1: our controlling terminal.
 */
int kern_tty_reopen(int fd);

#endif
