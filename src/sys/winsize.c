/* SPDX-License-Identifier: MIT */
/*
 * The size of a terminal, as its driver has it (TIOCGWINSZ). Knows nothing of COLUMNS or of what
 * a size that is not known should be taken for.
 */
#include <sys/ioctl.h>

#include <nsview/winsize.h>

unsigned winsize_columns(int fd)
{
	struct winsize size = { 0 };

	return ioctl(fd, TIOCGWINSZ, &size) < 0 ? 0 : size.ws_col;
}

void winsize_both(int fd, unsigned *out_rows, unsigned *out_columns)
{
	struct winsize size = { 0 };

	if (ioctl(fd, TIOCGWINSZ, &size) < 0)
		size = (struct winsize){ 0 };
	*out_rows = size.ws_row;
	*out_columns = size.ws_col;
}
