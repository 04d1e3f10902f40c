/* SPDX-License-Identifier: MIT */
/* The size of a terminal. */
#ifndef NSVIEW_WINSIZE_H
#define NSVIEW_WINSIZE_H

/* Columns of the terminal behind fd (TIOCGWINSZ); 0 where it does not know, or is no terminal. */
unsigned winsize_columns(int fd);
/* Rows as well; each 0 where it does not know. */
void winsize_both(int fd, unsigned *out_rows, unsigned *out_columns);

#endif
