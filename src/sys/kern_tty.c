/* SPDX-License-Identifier: MIT */
/*
 * Raw calls about terminals and pseudo-terminals. Knows how a multiplexer is opened without being
 * led astray by what a container has put in its place; what for, it does not know.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/tty.h>

#ifndef TIOCGPTPEER
#define TIOCGPTPEER _IO('T', 0x41) /* 4.13 */
#endif

enum { DEVPTS_MAGIC = 0x1cd1 /* linux/magic.h */ };

/* Opens what an O_PATH descriptor already stands for: the name is not looked up again. */
static int reopen(int path_fd, int flags)
{
	char name[32];
	int fd;

	snprintf(name, sizeof(name), "/proc/self/fd/%d", path_fd);
	fd = open(name, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int is_multiplexer(int path_fd)
{
	struct statfs fs;
	struct stat st;

	if (fstatfs(path_fd, &fs) < 0 || fstat(path_fd, &st) < 0)
		return -errno;
	return fs.f_type == DEVPTS_MAGIC && S_ISCHR(st.st_mode) && st.st_rdev == makedev(5, 2)
		       ? 0
		       : -ENODEV;
}

static int master_below(int root)
{
	enum { STEP = O_PATH | O_NOFOLLOW | O_CLOEXEC };
	autoclose int dev = openat(root, "dev", STEP | O_DIRECTORY);
	autoclose int pts = dev < 0 ? -1 : openat(dev, "pts", STEP | O_DIRECTORY);
	autoclose int ptmx = pts < 0 ? -1 : openat(pts, "ptmx", STEP);
	int ret;

	if (ptmx < 0)
		return -errno;
	ret = is_multiplexer(ptmx);
	return ret < 0 ? ret : reopen(ptmx, O_RDWR | O_NOCTTY | O_NONBLOCK);
}

int kern_pty_master(int root)
{
	int fd;

	if (root >= 0)
		return master_below(root);
	fd = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* Before TIOCGPTPEER there was only the name, which is right for our own devpts alone. */
static int slave_by_name(int master)
{
	unsigned number;
	char name[32];
	int fd;

	if (ioctl(master, TIOCGPTN, &number) < 0)
		return -errno;
	snprintf(name, sizeof(name), "/dev/pts/%u", number);
	fd = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int kern_pty_slave(int master)
{
	int unlock = 0, fd;

	if (ioctl(master, TIOCSPTLCK, &unlock) < 0)
		return -errno;
	fd = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 && (errno == ENOTTY || errno == EINVAL || errno == ENOSYS))
		return slave_by_name(master);
	return fd < 0 ? -errno : fd;
}

int kern_tty_control(int fd)
{
	return ioctl(fd, TIOCSCTTY, 0) < 0 ? -errno : 0;
}

int kern_tty_size(int fd, struct winsize *out)
{
	return ioctl(fd, TIOCGWINSZ, out) < 0 ? -errno : 0;
}

int kern_tty_set_size(int fd, const struct winsize *size)
{
	return ioctl(fd, TIOCSWINSZ, size) < 0 ? -errno : 0;
}

static bool same_terminal(int a, int b)
{
	unsigned number_a, number_b;

	return ioctl(a, TIOCGDEV, &number_a) == 0 && ioctl(b, TIOCGDEV, &number_b) == 0 &&
	       number_a == number_b;
}

int kern_tty_reopen(int fd)
{
	enum { HOW = O_RDWR | O_NOCTTY | O_NONBLOCK };
	/* /dev/tty also opens for those whom su(1) has left without rights to the device. */
	int own = open("/dev/tty", HOW | O_CLOEXEC);

	if (own >= 0 && (fd < 0 || same_terminal(own, fd)))
		return own;
	if (fd < 0)
		return -errno;
	if (own >= 0)
		close(own);
	return reopen(fd, HOW);
}
