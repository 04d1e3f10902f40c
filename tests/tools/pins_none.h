/* SPDX-License-Identifier: MIT */
/*
 * Cases of nspin that look as if they held a namespace, and do not. Knows how each is made, and
 * nothing of who is told about it.
 */
#ifndef NSVIEW_TESTS_PINS_NONE_H
#define NSVIEW_TESTS_PINS_NONE_H

#include "pins_hidden.h"
#include <mqueue.h>

static void no_zombie(struct pin *p, const char *type)
{
	make_zombie(p, task_start(do_unshare, &(int){ flag_of(type) }), type);
}

static void no_zombie_uts(struct pin *p)
{
	no_zombie(p, "uts");
}

static void no_zombie_ipc(struct pin *p)
{
	no_zombie(p, "ipc");
}

static void no_zombie_net(struct pin *p)
{
	no_zombie(p, "net");
}

static void no_zombie_mnt(struct pin *p)
{
	no_zombie(p, "mnt");
}

/* A message queue that outlives the namespace it was made in. */
static void open_mqueue(void *arg)
{
	(void)arg;
	must(unshare(CLONE_NEWIPC), "unshare");
	mqd_t queue = mq_open("/nspin", O_CREAT | O_RDWR, 0600, NULL);
	hand_over(must((int)queue, "mq_open"));
}

static void no_mqueue_fd(struct pin *p)
{
	make_handed(p, "ipc", 0, open_mqueue);
}

struct super {
	const char *fstype, *path;
	int flag;
};

static void mount_inside(void *arg)
{
	const struct super *s = arg;
	must(unshare(s->flag), "unshare");
	must(mount(s->fstype, s->path, s->fstype, 0, NULL), s->fstype);
}

static void no_super(struct pin *p, const char *fstype, const char *type)
{
	struct super s = { fstype, p->path, flag_of(type) };
	snprintf(p->path, sizeof(p->path), "%s/%s", directory, fstype);
	mkdir(p->path, 0700);
	pid_t pid = task_start(mount_inside, &s);
	note_ns_of(p, pid, type);
	task_end(pid);
}

static void no_mqueue_super(struct pin *p)
{
	no_super(p, "mqueue", "ipc");
}

static void no_sysfs_super(struct pin *p)
{
	no_super(p, "sysfs", "net");
}

static void enter_mount(void *arg)
{
	must(unshare(CLONE_NEWNS), "unshare");
	must(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), "private");
	must(mount("nspin", arg, "tmpfs", 0, NULL), "tmpfs");
	must(chdir(arg), "chdir");
}

/* The working directory of a task that has left the mount namespace in which it is mounted. */
static void leave_mount(void *arg)
{
	int home = must(open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC), "ns/mnt");
	enter_mount(arg);
	int here = must(open(".", O_PATH | O_CLOEXEC), ".");
	int was = must(open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC), "ns/mnt");
	*(uint64_t *)((char *)arg + 256) = ino_of(was);
	if (ioctl(was, NS_ID, (uint64_t *)((char *)arg + 264)) < 0)
		memset((char *)arg + 264, 0, 8);
	must(setns(home, CLONE_NEWNS), "setns");
	must(fchdir(here), "fchdir");
	close(here);
	close(was);
	close(home);
}

static void no_cwd(struct pin *p)
{
	char *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		err(1, "mmap");
	snprintf(p->path, sizeof(p->path), "%s/cwd", directory);
	mkdir(p->path, 0700);
	strcpy(shared, p->path);
	p->type = "mnt";
	p->child = task_start(leave_mount, shared);
	p->ino = *(uint64_t *)(void *)(shared + 256);
	p->id = *(uint64_t *)(void *)(shared + 264);
	munmap(shared, 4096);
}

static void release_dir(struct pin *p)
{
	umount(p->path);
	rmdir(p->path);
}

/* nsfs files cannot be mapped at all. */
static void no_mmap(struct pin *p)
{
	if (mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, p->ns, 0) != MAP_FAILED)
		errx(1, "an nsfs file was mapped");
	let_go(p);
}

/* One end of a wire is in the namespace, the other here: both go when the namespace does. */
static void no_veth(struct pin *p)
{
	char here[16], there[40];
	snprintf(here, sizeof(here), "nspin%d", getpid());
	snprintf(there, sizeof(there), "/proc/%d/fd/%d", getpid(), p->ns);
	pid_t pid = must(fork(), "fork");
	if (pid == 0) {
		execlp("ip", "ip", "link", "add", here, "type", "veth", "peer", "name", "inside",
		       "netns", there, (char *)NULL);
		_exit(127);
	}
	int status = 1;
	if (waitpid(pid, &status, 0) != pid || status != 0)
		errx(1, "ip link add failed");
	let_go(p);
}

static void map_user(void *arg)
{
	int procfd = must(open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC), "/proc");
	(void)arg;
	must(unshare(CLONE_NEWUSER), "unshare");
	must(lab_map_root(procfd, 0, 0), "uid_map");
	close(procfd);
}

struct mount_change {
	uint64_t set, clear, propagation, userns_fd;
};

/* The map of a user namespace is copied to the mount. */
static void no_idmapped(struct pin *p)
{
	snprintf(p->path, sizeof(p->path), "%s/idmapped", directory);
	mkdir(p->path, 0700);
	must(mount("nspin", p->path, "tmpfs", 0, NULL), "tmpfs");
	pid_t pid = task_start(map_user, NULL);
	note_ns_of(p, pid, "user");
	struct mount_change change = { .set = 0x00100000 /* MOUNT_ATTR_IDMAP */,
				       .userns_fd = (uint64_t)ns_of(pid, "user") };
	int tree = tree_of(p->path);
	must((int)syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH, &change, sizeof(change)),
	     "mount_setattr");
	close((int)change.userns_fd);
	task_end(pid);
	move_to(tree, p->path);
	close(tree);
}

static void release_stacked(struct pin *p)
{
	umount(p->path);
	release_dir(p);
}

#endif
