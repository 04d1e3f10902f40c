/* SPDX-License-Identifier: MIT */
/*
 * Which descriptors that nsview was started with stay open. Looks at them while none of nsview's
 * own is there: a number that nobody has opened would be one of those later.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <nsview/kern.h>

#include "enter.h"

/*
 * What is closed of 0, 1 and 2 is filled, and closed again by exec. To what fills 1 and 2 nothing
 * can be written: what --dry-run has to say is not lost in silence.
 */
static int fill_standard(struct error *err)
{
	for (int fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
			continue;
		if (open("/dev/null", (fd ? O_RDONLY : O_RDWR) | O_CLOEXEC) < 0)
			return error_set(err, -errno,
					 "descriptor %d is closed, and /dev/null cannot be opened "
					 "in its place: %s",
					 fd, strerror(errno));
	}
	return 0;
}

static int check_open(const char *option, int fd, struct error *err)
{
	return fd < 0 || fcntl(fd, F_GETFD) >= 0
		       ? 0
		       : error_set(err, -EBADF, "--%s=%d: no such descriptor is open", option, fd);
}

/* All from first on, but for these two; what they are is for us and not for the command. */
static int close_all_but(unsigned first, int low, int high)
{
	const int keep[] = { low < high ? low : high, low < high ? high : low };

	for (size_t i = 0; i < sizeof(keep) / sizeof(*keep); i++) {
		if (keep[i] < 0 || (unsigned)keep[i] < first)
			continue;
		kern_close_range(first, (unsigned)keep[i] - 1);
		fcntl(keep[i], F_SETFD, FD_CLOEXEC);
		first = (unsigned)keep[i] + 1;
	}
	return kern_close_range(first, UINT32_MAX);
}

int enter_descriptors(const struct enter_wish *w, const char *net_socket, struct error *err)
{
	uint32_t socket = 0;
	int ret = 0;

	if (net_socket)
		ret = enter_parse_number("net-socket", net_socket, INT32_MAX, &socket, err);
	if (ret == 0 && net_socket)
		ret = check_open("net-socket", (int)socket, err);
	if (ret == 0)
		ret = check_open("info-fd", w->session.info_fd, err);
	if (ret == 0)
		ret = fill_standard(err);
	if (ret < 0)
		return ret;
	ret = close_all_but(3 + w->place.preserve_fds, w->session.info_fd, (int)socket);
	return ret < 0 ? error_set(err, ret, "cannot close descriptors: %s", strerror(-ret)) : 0;
}
