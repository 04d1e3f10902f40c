/* SPDX-License-Identifier: MIT */
/*
 * File systems that hang, for tests:
 *
 *   fusehang DIRECTORY AUTOMOUNT
 *
 * Mounts at DIRECTORY a FUSE whose every directory has whatever is looked for: files by names that
 * start with f, else directories; nothing of it may be cached. At AUTOMOUNT an autofs waits for a
 * daemon that does nothing. A task in a network namespace of its own has its root and working
 * directory in the first, and a file and a directory of each open. Then "ready PID" of that task
 * goes to stdout. When a line comes from stdin the server answers no more requests, and says
 * "hangs". It ends, and the file systems with it, when stdin does. Needs root, and a mount
 * namespace of its own.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { REQUEST_MAX = 1 << 16, FILE_BIT = 1 << 20 };

static int must(int ret, const char *what)
{
	if (ret < 0)
		err(1, "%s", what);
	return ret;
}

static void reply(int dev, uint64_t unique, int error, void *data, size_t len)
{
	struct fuse_out_header head = { .len = (uint32_t)(sizeof(head) + len),
					.error = error,
					.unique = unique };
	struct iovec parts[] = { { &head, sizeof(head) }, { data, len } };
	/* Interrupted requests are gone. */
	if (writev(dev, parts, len ? 2 : 1) < 0 && errno != ENOENT)
		err(1, "reply");
}

static struct fuse_attr attributes(uint64_t node)
{
	return (struct fuse_attr){ .ino = node,
				   .mode = node & FILE_BIT ? S_IFREG | 0755 : S_IFDIR | 0755,
				   .nlink = 1 };
}

/* The same name has the same number, since what is mounted there would be lost otherwise. */
static uint64_t node_of(uint64_t parent, const char *name)
{
	uint64_t node = parent;

	for (const char *c = name; *c; c++)
		node = (node ^ (unsigned char)*c) * 1099511628211U;
	return name[0] == 'f' ? node | FILE_BIT : node & ~(uint64_t)FILE_BIT;
}

static void reply_entry(int dev, const struct fuse_in_header *in, const char *name)
{
	struct fuse_entry_out out = { .nodeid = node_of(in->nodeid, name) };
	out.attr = attributes(out.nodeid);
	reply(dev, in->unique, 0, &out, sizeof(out));
}

static void answer(int dev, const struct fuse_in_header *in)
{
	struct fuse_init_out init = { .major = FUSE_KERNEL_VERSION,
				      .minor = FUSE_KERNEL_MINOR_VERSION,
				      .max_write = 4096 };
	struct fuse_attr_out attr = { .attr = attributes(in->nodeid) };
	struct fuse_open_out opened = { .fh = 1 };

	switch (in->opcode) {
	case FUSE_INIT:
		return reply(dev, in->unique, 0, &init, sizeof(init));
	case FUSE_LOOKUP:
		return reply_entry(dev, in, (const char *)(in + 1));
	case FUSE_GETATTR:
		return reply(dev, in->unique, 0, &attr, sizeof(attr));
	case FUSE_OPEN:
	case FUSE_OPENDIR:
		return reply(dev, in->unique, 0, &opened, sizeof(opened));
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
		return; /* wants no answer */
	default:
		return reply(dev, in->unique, -ENOSYS, NULL, 0);
	}
}

static void serve_one(int dev)
{
	static uint64_t room[REQUEST_MAX / sizeof(uint64_t)];
	ssize_t n = read(dev, room, sizeof(room));

	if (n >= (ssize_t)sizeof(struct fuse_in_header))
		answer(dev, (const struct fuse_in_header *)room);
}

/* Until fd has something to read. */
static void serve_until(int dev, int fd)
{
	struct pollfd polled[] = { { dev, POLLIN, 0 }, { fd, POLLIN, 0 } };

	while (poll(polled, 2, -1) > 0 && !polled[1].revents)
		serve_one(dev);
}

static int mount_fuse(const char *dir)
{
	char options[96];
	int dev = must(open("/dev/fuse", O_RDWR | O_CLOEXEC), "/dev/fuse");

	snprintf(options, sizeof(options), "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other",
		 dev);
	must(mount("fusehang", dir, "fuse", MS_NOSUID | MS_NODEV, options), "mount fuse");
	return dev;
}

/* Our own process group may look in without being made to wait. */
static void mount_autofs(const char *dir)
{
	char options[96];
	int ends[2];

	must(pipe2(ends, O_CLOEXEC), "pipe");
	snprintf(options, sizeof(options), "fd=%d,pgrp=%d,minproto=5,maxproto=5,direct", ends[1],
		 getpgrp());
	must(mount("fusehang", dir, "autofs", 0, options), "mount autofs");
}

static void open_directory(const char *path)
{
	must(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), path);
}

/* Has no descriptor of the server's: that would keep the file system. */
static _Noreturn void hold(const char *dir, const char *automount, int dev, int ready)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close(dev);
	must(unshare(CLONE_NEWNET), "unshare");
	open_directory(automount);
	must(chdir(dir), dir);
	must(open("file", O_RDONLY | O_CLOEXEC), "file");
	open_directory("directory");
	must(chroot("root"), "chroot");
	must(chdir("/"), "chdir");
	must(chdir("below"), "chdir");
	if (write(ready, "", 1) != 1)
		err(1, "ready");
	while (true)
		pause();
}

int main(int argc, char **argv)
{
	char line[16];
	int ready[2];

	if (argc != 3)
		errx(2, "usage: fusehang DIRECTORY AUTOMOUNT");
	must(setpgid(0, 0), "setpgid");
	mount_autofs(argv[2]);
	must(pipe2(ready, O_CLOEXEC), "pipe");
	int dev = mount_fuse(argv[1]);
	pid_t pid = must(fork(), "fork");
	if (pid == 0)
		hold(argv[1], argv[2], dev, ready[1]);
	close(ready[1]);
	serve_until(dev, ready[0]);
	if (read(ready[0], line, 1) != 1)
		errx(1, "the task could not do its part");
	printf("ready %d\n", pid);
	fflush(stdout);
	serve_until(dev, STDIN_FILENO);
	if (!fgets(line, sizeof(line), stdin))
		return 0;
	puts("hangs");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin))
		continue;
	return 0;
}
